//! Mistakes in posts: each message says where, what and how to fix it, on less than a screen.

use crate::common::TestSite;
use crate::mistakes::SCREEN;

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
