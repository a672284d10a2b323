//! `[pages]`: language, style sheet, footer, and no pages at all.

use crate::common::TestSite;

const NAVIGATION: (&str, &str) = ("Sec-Fetch-Dest", "document");

/// A site in a language, with `more` at the end of its configuration.
fn site_in(language: &str, more: &str) -> TestSite {
    let site = TestSite::plain(more);
    site.edit("feedmill.toml", |text| text.replace("[site]", &format!("[site]\nlanguage = {language:?}")));
    site.post("one.md", "One", "2024-03-05", &["Rust"]);
    site
}

#[test]
fn pages_are_in_the_language_and_direction_of_the_site() {
    for (language, more, start, words) in [
        ("en", "", "<html lang=\"en\" dir=\"ltr\">", ["Newest posts", "1 post<", "March 5, 2024"]),
        (
            "de-AT",
            "",
            "<html lang=\"de-AT\" dir=\"ltr\">",
            ["Neueste Beiträge", "1 Beitrag<", "5. März 2024"],
        ),
        ("zh-CN", "", "<html lang=\"zh-CN\" dir=\"ltr\">", ["最新文章", "1 篇文章<", "2024年3月5日"]),
        ("ar", "", "<html lang=\"ar\" dir=\"rtl\">", ["أحدث المقالات", "مقالة واحدة<", "مارس"]),
        ("he", "", "<html lang=\"he\" dir=\"rtl\">", ["רשומות חדשות", "רשומה אחת<", "5 במרץ 2024"]),
        // There are no Swedish texts.
        (
            "sv",
            "",
            "<html lang=\"en\" dir=\"ltr\">",
            ["Newest posts", "<h1 class=\"p-name\" lang=\"sv\"", "1 post<"],
        ),
        (
            "en",
            "[pages]\nlanguage = \"fr\"\n",
            "<html lang=\"fr\" dir=\"ltr\">",
            ["Derniers articles", "<h3 lang=\"en\">", "5 mars 2024"],
        ),
    ] {
        let server = site_in(language, more).serve();
        let text = server.get("/").text();
        assert!(text.contains(start), "{language}: {text}");
        for word in words {
            assert!(text.contains(word), "{language} {word}: {text}");
        }
        assert!(server.get("/tags/").text().contains(start), "{language}");
    }
}

#[test]
fn the_owners_style_sheet_is_added_after_feedmills_and_followed() {
    let site = TestSite::plain("[pages]\ncss = \"own.css\"\n");
    site.write("own.css", "h1 { color: red }");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let server = site.serve();
    let find = |text: &str| -> Vec<String> {
        let links = text.split("<link rel=\"stylesheet\" href=\"").skip(1);
        links.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let page = server.get("/tags/");
    let entry = server.get("/entries/posts/one/");
    let sheets = find(&page.text());
    assert_eq!(sheets.len(), 2);
    let own = server.get(&sheets[1]);
    assert_eq!((own.status, own.text().as_str()), (200, "h1 { color: red }"));
    assert_eq!(own.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(own.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let feed = server.get("/atom.xml").header("etag").map(str::to_owned);
    site.write("own.css", "h1 { color: blue }");
    let changed = server.wait_for("/tags/", |page| find(&page.text())[1] != sheets[1]);
    assert_ne!(changed.header("etag"), page.header("etag"));
    let changed_entry = server.get("/entries/posts/one/");
    assert_eq!(find(&changed_entry.text()), find(&changed.text()));
    assert_ne!(changed_entry.header("etag"), entry.header("etag"));
    assert_eq!(server.get(&find(&changed.text())[1]).text(), "h1 { color: blue }");
    assert_eq!(server.get("/atom.xml").header("etag").map(str::to_owned), feed, "feeds do not depend on it");
}

#[test]
fn a_style_sheet_that_is_missing_is_an_error_at_its_place() {
    let site = TestSite::plain("[pages]\ncss = \"own.css\"\n");
    let (status, _, errors) = site.run(&["check"]);
    assert_eq!(status, 2, "{errors}");
    assert!(errors.contains("feedmill.toml:9:7: error: pages.css: own.css cannot be read"), "{errors}");
}

#[test]
fn the_owners_footer_is_sanitised() {
    let more = "[pages]\nfooter = \"<p onclick='x()'><a href='/imprint/'>Imprint</a><script>x()</script>\"\n";
    let site = TestSite::plain(more);
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let server = site.serve();
    for path in ["/", "/tags/", "/tags/rust/"] {
        let text = server.get(path).text();
        assert!(
            text.contains("<div class=\"own\"><p><a href=\"/imprint/\">Imprint</a></p></div>"),
            "{path}: {text}"
        );
    }
    let before = server.get("/tags/rust/").header("etag").map(str::to_owned);
    site.edit("feedmill.toml", |text| text.replace(">Imprint<", ">Legal<"));
    let after = server.wait_for("/tags/rust/", |page| page.text().contains("Legal"));
    assert_ne!(after.header("etag").map(str::to_owned), before);
}

#[test]
fn without_pages_the_root_is_the_main_feed() {
    let site = TestSite::plain("[pages]\nenabled = false\n");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let server = site.serve();
    let root = server.get("/");
    assert_eq!(root.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert_eq!(root.titles(), ["One"]);
    for path in ["/tags/", "/tags/rust/", "/tags/rust"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    let visit = server.ask("GET", "/tags/rust/atom.xml", &[NAVIGATION]);
    assert_eq!(visit.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert!(!server.get("/opml.xml").text().contains("htmlUrl"));
    let (status, _, errors) = site.run(&["export", "out"]);
    assert_eq!(status, 0, "{errors}");
    assert!(site.path("out/atom.xml").exists() && !site.path("out/index.html").exists());
}
