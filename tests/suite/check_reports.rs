//! The report of `check`: equal problems are grouped, and it ends with what is not published and why.

use crate::common::TestSite;

#[test]
fn of_equal_problems_the_first_five_are_shown() {
    let folder = TestSite::plain("");
    for number in 10..70 {
        folder.write(
            &format!("posts/{number}.md"),
            &format!("---\ntitle: P{number}\ndate: 2024-01-01\n---\n![x](gone{number}.png)\n"),
        );
    }
    let count = |text: &str| text.matches("is linked to and does not exist").count();
    let (_, shown, _) = folder.run(&["check"]);
    // And once among the kinds.
    assert_eq!(count(&shown), 6, "{shown}");
    assert!(shown.contains("… 55 more like it (--all shows them)"), "{shown}");
    assert_eq!(count(&folder.run(&["check", "--all"]).1), 61);
    let (_, json, _) = folder.run(&["check", "--format", "json"]);
    assert_eq!(count(&json), 60, "programs get all");
    let (status, annotated, _) = folder.run(&["check", "--format", "github", "--strict"]);
    assert!(
        annotated
            .starts_with("::warning file=posts/10.md,line=5,col=6,title=feedmill::\"gone10.png\" is linked"),
        "{annotated}"
    );
    assert_eq!((status, annotated.matches("::warning ").count()), (1, 5), "{annotated}");
}

#[test]
fn a_workflow_command_ends_where_its_problem_does() {
    let folder = TestSite::plain("");
    folder.write("posts/a,b:c%.md", "---\ntitle: [\n---\n");
    let (_, shown, _) = folder.run(&["check", "--format", "github"]);
    assert!(shown.starts_with("::error file=posts/a%2Cb%3Ac%25.md,line="), "{shown}");
}

#[test]
fn the_summary_counts_what_is_not_published_and_why() {
    let folder = TestSite::new();
    folder.write("blog/_config.yml", "title: T\nurl: https://example.org\n");
    folder.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"blog\"\nfuture = \"hold\"\n");
    for (name, front) in [
        ("_posts/2024-01-01-shown.md", ""),
        ("_posts/2024-01-02-draft.md", "draft: true\n"),
        ("_drafts/2024-01-03-other.md", ""),
        ("_posts/2024-01-04-off.md", "published: false\n"),
        ("_posts/2024-01-05-not-here.md", "feedmill: false\n"),
        ("_posts/2999-01-01-later.md", ""),
        ("_posts/2024-01-06-broken.md", "tags: [\n"),
        ("_posts/more/undated.md", ""),
        ("about.md", ""),
        ("_posts/2024-01-07-one.md", "guid: urn:x:1\n"),
        ("_posts/2024-01-08-two.md", "guid: urn:x:1\n"),
    ] {
        folder.write(&format!("blog/{name}"), &format!("---\ntitle: T{}\n{front}---\nText.\n", name.len()));
    }
    let (_, shown, _) = folder.run(&["check"]);
    assert!(
        shown.contains(
            "3 posts can be served; 1 of them had the id of another post and got one of their own.\n\
             Not published: 1 until its date, 2 drafts, 1 with `published: false`, \
             1 excluded by a key of the front matter, 1 not named like a post, 1 with errors.\n"
        ),
        "{shown}"
    );
}

#[test]
fn pages_without_a_date_do_not_fail_a_strict_check() {
    let folder = TestSite::new();
    folder.write("blog/hugo.toml", "title = \"T\"\nbaseURL = \"https://example.org/\"\n");
    folder.write("blog/content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\nText.\n");
    folder.write("blog/content/about.md", "---\ntitle: About\n---\nText.\n");
    folder.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"blog\"\n");
    let (status, shown, _) = folder.run(&["check", "--strict"]);
    assert!(
        shown.contains("about.md:1:1: warning: the file has no date") && shown.contains("1 without a date")
    );
    assert_eq!(status, 0, "{shown}");
}
