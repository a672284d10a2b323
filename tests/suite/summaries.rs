//! Entries that hold only a summary.

use crate::common::TestSite;

#[test]
fn entries_hold_only_summaries_where_the_site_says_so() {
    let site = TestSite::new();
    site.write("_posts/2024-01-01-one.md", "---\ntitle: One\n---\nFirst.\n\nSecond.\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    for (said, whole) in [("true", false), ("false", true)] {
        site.write("_config.yml", &format!("url: https://example.org\nfeed:\n  excerpt_only: {said}\n"));
        let (_, atom, errors) = site.run(&["render", "/atom.xml"]);
        assert!(atom.contains("First."), "{atom}{errors}");
        assert_eq!(atom.contains("Second."), whole, "{said}: {atom}");
    }
    // What feedmill.toml says beats it.
    site.write("_config.yml", "url: https://example.org\nfeed:\n  excerpt_only: true\n");
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"T\"\n[feeds]\ncontent = \"full\"\n[[source]]\npath = \".\"\n",
    );
    assert!(site.run(&["render", "/atom.xml"]).1.contains("Second."));
}

/// `jekyll-feed 0.17 feed.xml`: `post.feed.excerpt_only | default: site.feed.excerpt_only`.
#[test]
fn entries_hold_only_summaries_where_a_post_or_its_defaults_say_so() {
    let site = TestSite::new();
    let post = |path: &str, keys: &str| {
        site.write(path, &format!("---\ntitle: {path}\n{keys}---\nFirst.\n\nRest of {path}.\n"));
    };
    post("_posts/2024-01-01-a.md", "");
    post("_posts/2024-01-02-b.md", "feed: {excerpt_only: true}\n");
    post("_posts/2024-01-03-c.md", "feed: {excerpt_only: false}\n");
    post("short/_posts/2024-01-04-d.md", "feed: {other: 1}\n");
    let defaults = "defaults: [{scope: {path: short}, values: {feed: {excerpt_only: true}}}]\n";
    site.write("_config.yml", &format!("url: https://example.org\n{defaults}"));
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    let (_, atom, errors) = site.run(&["render", "/atom.xml"]);
    let whole: Vec<bool> = ["a.md", "b.md", "c.md", "d.md"]
        .into_iter()
        .map(|name| atom.contains(&format!("-{name}.&lt;/p&gt;")) || atom.contains(&format!("-{name}.</p>")))
        .collect();
    assert_eq!(whole, [true, false, true, false], "{atom}{errors}");
    assert_eq!(atom.matches("First.").count(), 6, "each has its summary: {atom}");
}

#[test]
fn an_entry_holds_only_its_summary_where_its_post_says_so() {
    let site = TestSite::new();
    site.write("_config.yml", "url: https://example.org\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    for (said, whole) in [("true", false), ("false", true), ("", true)] {
        let front = format!("title: One\nfeed:\n  excerpt_only: {said}");
        site.write("_posts/2024-01-01-one.md", &format!("---\n{front}\n---\nFirst.\n\nSecond.\n"));
        for path in ["/atom.xml", "/rss.xml", "/feed.json"] {
            let (_, feed, errors) = site.run(&["render", path]);
            assert!(feed.contains("First."), "{feed}{errors}");
            assert_eq!(feed.contains("Second."), whole, "{said}: {feed}");
        }
    }
}
