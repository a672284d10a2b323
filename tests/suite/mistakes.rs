//! Mistakes in a configuration: each message says where, what and how to fix it, on less than a screen.

use crate::common::TestSite;

/// Lines of a terminal.
pub(super) const SCREEN: usize = 24;

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
fn settings_without_effect_on_digests_are_errors() {
    let report = |more: &str| {
        let text =
            format!("[site]\ntitle = \"T\"\n[[source]]\npath = \"p\"\n[[feed]]\nname = \"d\"\n{more}\n");
        feedmill::parse("feedmill.toml", &text).expect_err("it is invalid").to_string()
    };
    for (more, message) in [
        (
            "digest = \"weekly\"",
            "feedmill.toml:7:10: error: feed.digest cannot be \"weekly\". Did you mean `week`?",
        ),
        (
            "digest = \"day\"\norder = \"updated\"",
            "feedmill.toml:8:9: error: feed.order has no effect with `digest`",
        ),
        (
            "digest = \"day\"\nwindow = \"24h\"",
            "feedmill.toml:8:10: error: feed.window has no effect with `digest`",
        ),
        (
            "digest = \"day\"\nlimit = 51",
            "feedmill.toml:8:9: error: feed.limit is out of range. With `digest`",
        ),
        (
            "digest = \"day\"\nselect = { q = \"x\" }",
            "feedmill.toml:8:10: error: feed.select has words (`q`)",
        ),
    ] {
        let report = report(more);
        assert!(report.starts_with(message), "{report}");
    }
    let text = "[site]\ntitle = \"T\"\n[[source]]\npath = \"p\"\n[feeds]\ndigest = \"day\"\n";
    let error = feedmill::parse("feedmill.toml", text).expect_err("it is a key of a [[feed]]").to_string();
    assert!(error.contains("there is no key `feeds.digest`"), "{error}");
}
