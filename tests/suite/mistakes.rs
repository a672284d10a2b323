//! The mistakes that people make: each message says where, what and how to fix it, on less than a screen.

use crate::common::TestSite;

/// Lines of a terminal.
const SCREEN: usize = 24;

/// A configuration that is right, up to where a mistake follows.
const RIGHT: &str = "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[[source]]\npath = \"posts\"\n";

/// Checks that each configuration is reported at a place, with what is wrong and how to fix it.
fn check_each<const N: usize>(cases: [(String, &str, &str, &str); N]) {
    let mut failures = Vec::new();
    for (text, place, what, how) in cases {
        let folder = TestSite::plain("");
        folder.post("2024-01-01-a.md", "A", "2024-01-01", &[]);
        folder.write("more/posts/b.md", "---\ntitle: B\ndate: 2024-01-01\n---\n");
        folder.write("feedmill.toml", &text);
        let (status, shown, errors) = folder.run(&["check"]);
        let all = format!("{shown}{errors}");
        let place = format!("feedmill.toml:{place}");
        let line = all.lines().find(|line| line.starts_with(&place)).unwrap_or_default();
        if !line.contains(what) || !line.contains(how) {
            failures.push(format!("wanted at {place}: {what}, {how}\n{text}\n{all}"));
        }
        assert!(matches!(status, 1 | 2), "{status}: {all}");
        assert!(all.lines().count() < SCREEN && all.lines().all(|line| line.len() < 400), "{all}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_mistake_in_a_configuration_says_where_what_and_how_to_fix_it() {
    let source = "[[source]]\npath = \"posts\"\n";
    let site = |line: &str| format!("[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n{line}\n{source}");
    let after = |lines: &str| format!("{RIGHT}{lines}");
    let first = |lines: &str| format!("{lines}{RIGHT}");
    check_each([
        (after("dilect = \"plain\"\n"), "6:1", "no key `source.dilect`", "Did you mean `dialect`?"),
        (
            after("[feed]\nlimit = 5\n"),
            "6:1",
            "feed is a table",
            "Write [feeds] for the settings of all feeds",
        ),
        (after("[[sources]]\npath = \"x\"\n"), "6:3", "no key `sources`", "Did you mean `source`?"),
        (
            "[site]\ntitle = \"T\"\n[source]\npath = \"x\"\n".to_owned(),
            "3:1",
            "source is a table",
            "two brackets",
        ),
        (after("[[source]]\npath = \"nope\"\n"), "7:8", "there is no folder", "fix source.path"),
        (
            after("[[source]]\npath = \"more/posts\"\n"),
            "7:8",
            "two sources are named \"posts\"",
            "Write a `name` for one of them",
        ),
        (
            after("name = \"a\"\n[[source]]\nname = \"a\"\npath = \"more/posts\"\n"),
            "7:1",
            "the name \"a\" a second time",
            "Give each source a name of its own",
        ),
        (
            site("language = \"english\""),
            "4:12",
            "is not a language tag: \"english\"",
            "Did you mean \"en\"?",
        ),
        (site("time_zone = \"Berlin\""), "4:13", "\"Berlin\"", "\"Europe/Berlin\""),
        (
            after("permalink = \"/:yaer/:titel/\"\n"),
            "6:13",
            "unknown placeholders `:titel`, `:yaer`",
            "Did you mean `:title`, `:year`?",
        ),
        (after("id = {site}\n"), "6:", "this is not TOML", "this is not TOML"),
        (first("title = \"unclosed\n"), "1:", "this is not TOML", "this is not TOML"),
        ("site:\n  title: T\nsource:\n  path: posts\n".to_owned(), "1:1", "this is YAML", "Write TOML"),
        ("{\n  \"site\": {\"title\": \"T\"}\n}\n".to_owned(), "1:1", "this is JSON", "Write TOML"),
        (after("[server]\nport = 8080\n"), "7:1", "no key `server.port`", "Did you mean `listen`?"),
        (site("base_url = \"https://x.org\""), "4:1", "no key `site.base_url`", "Did you mean `url`?"),
        (after("[paths]\ncompat = [\"jekyll\"]\n"), "7:11", "\"jekyll\"", "Did you mean `jekyll-feed`?"),
        (site("author = \"Ada\""), "4:10", "site.author is a string", "author = { name = \"Ada\" }"),
        (
            after("[server]\nlisten = \"127.0.0.1:81\"\nadmin_listen = \"127.0.0.1:81\"\n"),
            "8:16",
            "uses the port of server.listen",
            "Write another one",
        ),
        (
            after("[server]\nlisten = \"0.0.0.0:81\"\nadmin_listen = \"127.0.0.1:81\"\n"),
            "8:16",
            "uses the port of server.listen",
            "Write another one",
        ),
        ("[site]\n[[source]]\npath = \"posts\"\n".to_owned(), "1:1", "needs a title", "Write title = "),
        (after("[[feed]]\nlimit = 3\n"), "6:1", "needs a name", "Write name = "),
        (after("[feeds]\nlimit = 0\n"), "7:9", "out of range", "from 1 to 500"),
        (
            after("[[feed]]\nname = \"x\"\nselect = { tags = \"rust\" }\n"),
            "8:19",
            "feed.select.tags is a string",
            "Write an array: [\"rust\"]",
        ),
    ]);
}

#[test]
fn each_mistake_in_origins_footers_and_unique_keys_says_where_what_and_how_to_fix_it() {
    let after = |lines: &str| format!("{RIGHT}{lines}");
    check_each([
        (after("unique = \"\"\n"), "6:10", "source.unique is empty", "Write a front-matter key"),
        (
            after("[feeds]\nfooter = \"<p>{orignal}</p>\"\n"),
            "7:10",
            "feeds.footer has an unknown placeholder {orignal}",
            "Did you mean `original`?",
        ),
        (after("[origin]\nhost = \"a.example\"\n"), "6:1", "origin is a table", "with two brackets"),
        (
            after("[[origin]]\nname = \"A\"\n"),
            "6:1",
            "origin needs a host",
            "Write host = \"www.example.org\"",
        ),
        (after("[[origin]]\nhost = \"a.example\"\n"), "6:1", "needs a name", "Write name = \"Example News\""),
        (
            after("[[origin]]\nhost = \"https://a.example/\"\nname = \"A\"\n"),
            "7:8",
            "is not a host: \"https://a.example/\"",
            "without scheme and path",
        ),
        (
            after("[[origin]]\nhost = \"a.example\"\nname = \" \"\n"),
            "8:8",
            "origin.name is empty",
            "Write name = ",
        ),
        (
            after("[[origin]]\nhost = \"a.example\"\nname = \"A\"\nfeed = \"rss.xml\"\n"),
            "9:8",
            "origin.feed is not a URL",
            "Write a URL like",
        ),
        (
            after("[[origin]]\nhost = \"a.example\"\nname = \"A\"\nlicense = \"CC BY 4.0\"\n"),
            "9:11",
            "origin.license contains characters that no URL contains",
            "Percent-encode them",
        ),
        (
            after(
                "[[origin]]\nhost = \"a.example\"\nname = \"A\"\n[[origin]]\nhost = \"www.a.example\"\nname = \"B\"\n",
            ),
            "9:1",
            "the host \"a.example\" a second time",
            "Write each host once",
        ),
        (
            after("[[origin]]\nhost = \"a.example\"\nname = \"A\"\nlicence = \"https://a.example/\"\n"),
            "9:1",
            "no key `origin.licence`",
            "Did you mean `license`?",
        ),
    ]);
}

#[test]
fn what_a_configuration_asks_for_without_effect_is_a_warning_at_its_place() {
    let folder = TestSite::plain(
        "[[feed]]\nname = \"r\"\nselect = { tags = [\"rsut\"] }\n[paths.aliases]\n'/old' = '/nope.xml'\n\
         [server]\nlisten = \"0.0.0.0:8080\"\n",
    );
    folder.post("2024-01-01-a.md", "A", "2024-01-01", &["Rust"]);
    let (status, shown, _) = folder.run(&["check"]);
    for (place, what, how) in [
        ("9:8", "the feed \"r\" has no post", "Did you mean \"rust\"?"),
        ("12:1", "the alias \"/old\" leads to \"/nope.xml\"", "feedmill list"),
        ("14:10", "cannot be reached by readers", "Write server.public_url"),
    ] {
        let place = format!("feedmill.toml:{place}: warning: ");
        let line = shown.lines().find(|line| line.starts_with(&place)).unwrap_or_default();
        assert!(line.contains(what) && line.contains(how), "{place}{what} {how}\n{shown}");
    }
    assert_eq!(status, 0);
}

#[test]
fn a_folder_without_a_configuration_is_named_without_line_and_column() {
    let folder = TestSite::new();
    let (status, _, errors) = folder.run(&["serve", "nope"]);
    assert_eq!(status, 2);
    assert!(errors.contains("nope") && !errors.contains(":1:1"), "{errors}");
}

#[test]
fn each_mistake_in_a_post_says_where_what_and_how_to_fix_it() {
    let post = |front: &str, body: &str| format!("---\ntitle: T\ndate: 2024-01-01\n{front}---\n{body}\n");
    let dated = |date: &str| format!("---\ntitle: T\ndate: {date}\n---\n");
    let mut failures = Vec::new();
    for (text, place, what, how) in [
        (dated("2024-13-45"), "3:7", "\"2024-13-45\"", "no such month"),
        ("---\ntitle: T\n\ttags: x\n---\n".to_owned(), "3:", "not YAML", "Indent with spaces"),
        ("---\ntitle: a: b\n---\n".to_owned(), "2:", "not YAML", "between quotes"),
        ("---\ntitle: @handle\n---\n".to_owned(), "2:", "not YAML", "between quotes"),
        ("---\ntitle: T\n".to_owned(), "1:1", "never closed", "Write a line `---`"),
        ("---\ntitle: \"T\ndate: 2024-01-01\n---\n".to_owned(), "2:8", "quote", "is never closed"),
        (String::new(), "1:1", "empty", "Write a post into it"),
        (
            "+++\ntitle = \"T\"\n+++\nBody\n".to_owned(),
            "1:1",
            "does not read TOML",
            "YAML between two lines `---`",
        ),
        (
            post("", "Text.\n\n{% highlight rust %}\nlet a = 1;"),
            "7:1",
            "`{% highlight %}` is never closed",
            "Write `{% endhighlight %}`",
        ),
        (post("", "{% if page.x %}\nText."), "5:1", "`{% if %}` is never closed", "Write `{% endif %}`"),
        (post("tags: {a: b}\n", ""), "4:7", "`tags` is a map", "Write a list: tags: [one, two]"),
        (post("title: Again\n", ""), "4:8", "`title` is written twice", "Remove one of them"),
        (post("", "See [x]({% link nope.md %})."), "5:17", "there is no file \"nope.md\"", "Fix the path"),
        (
            post("", "See [x]({% post_url 2020-01-01-no %})."),
            "5:21",
            "no post \"2020-01-01-no\"",
            "Fix its name",
        ),
        (post("layout: “post”\n", ""), "4:9", "typographic quotes", "Write straight ones"),
        (post("tags:\n  - “rust”\n", ""), "5:5", "typographic quotes", "Write straight ones"),
        (post("tags: [rust, web\n", ""), "4:7", "the front matter is not YAML", "between quotes"),
        (post("tags: [“rust”, web]\n", ""), "4:8", "typographic quotes", "Write straight ones"),
        (post("lang: english\n", ""), "4:7", "not a language tag: \"english\"", "Did you mean \"en\"?"),
    ] {
        let folder = jekyll();
        folder.write("site/_posts/2024-01-02-mistake.md", &text);
        let (_, shown, errors) = folder.run(&["check"]);
        assert_eq!(errors, "", "{text}");
        let place = format!("site/_posts/2024-01-02-mistake.md:{place}");
        let line = shown.lines().find(|line| line.starts_with(&place)).unwrap_or_default();
        if !line.contains(what) || !line.contains(how) {
            failures.push(format!("wanted at {place}: {what}, {how}\n{text}\n{shown}"));
        }
        assert!(shown.lines().count() < SCREEN, "{shown}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A site of Jekyll with one post.
fn jekyll() -> TestSite {
    let folder = TestSite::new();
    folder.write("site/_config.yml", "title: T\nurl: https://example.org\n");
    folder.write("site/about.md", "---\n---\n");
    folder.write("site/_posts/2024-01-01-a.md", "---\ntitle: “A” it is\n---\n[x]({% link about.md %})\n");
    folder.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"site\"\n");
    folder
}

#[test]
fn a_site_without_a_mistake_has_no_problem() {
    let (status, shown, _) = jekyll().run(&["check", "--strict"]);
    assert_eq!((status, &*shown), (0, "0 errors, 0 warnings in 0 files; 1 post can be served.\n"));
}

#[test]
fn other_mistakes_with_files_are_named_as_well() {
    let folder = jekyll();
    folder.write_bytes("site/_posts/2024-01-03-latin.md", b"---\ntitle: Caf\xe9\n---\n");
    folder.write_bytes("site/_posts/2024-01-04-binary.md", &vec![0; 100_000]);
    folder.link("site/_posts/2024-01-05-link.md", "nowhere");
    let wide = format!("---\ntitle: W\n---\n{}![x](gone.png){}", "x ".repeat(200_000), " y".repeat(200_000));
    folder.write("site/_posts/2024-01-06-wide.md", &wide);
    let (status, shown, _) = folder.run(&["check"]);
    for what in
        ["2024-01-03-latin.md:2:11: error: ", "2024-01-04-binary.md:", "2024-01-05-link.md:1:1: error: "]
    {
        assert!(shown.contains(what), "{what}\n{shown}");
    }
    assert!(shown.contains("gone.png") && status == 1);
    assert!(shown.len() < 3000 && !shown.contains("\\u{0}"), "{} bytes", shown.len());
}

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
