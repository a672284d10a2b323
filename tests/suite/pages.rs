//! Pages for people, as they are asked for. How they look is tested in a browser: `tests/browser`.

use crate::common::{Server, TestSite};

const NAVIGATION: (&str, &str) = ("Sec-Fetch-Dest", "document");

fn title(server: &Server, path: &str) -> String {
    let page = server.get(path);
    assert_eq!(page.status, 200, "{path}");
    let text = page.text();
    let inner = text.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    inner.expect("a page has a title").to_owned()
}

#[test]
fn every_address_without_a_file_is_a_page() {
    let site = TestSite::plain("[[feed]]\nname = \"both\"\ntitle = \"Both of them\"\n");
    site.post("one.md", "One", "2024-01-01", &["C++", "a/b"]);
    let server = site.serve();
    for (path, wanted) in [
        ("/", "Tests &amp; more"),
        ("/tags/", "Tests &amp; more: Tags"),
        ("/tags/C%2B%2B/", "Tests &amp; more: C++"),
        ("/tags/a/b/", "Tests &amp; more: a/b"),
        ("/categories/", "Tests &amp; more: Categories"),
        ("/feeds/", "Tests &amp; more: Feeds"),
        ("/feeds/both/", "Both of them"),
        ("/sources/posts/", "Tests &amp; more: posts"),
        ("/tags/c++/?limit=1", "Tests &amp; more: C++"),
    ] {
        assert_eq!(title(&server, path), wanted, "{path}");
    }
    for path in ["/sources/", "/languages/", "/tags/nobody/", "/feeds/none/", "/nothing/", "/tags/%2F"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_page_without_its_last_slash_is_one_step_away() {
    let site = TestSite::of_two();
    let server = site.serve();
    for (path, wanted) in [
        ("/tags", "/tags/"),
        ("/tags/rust", "/tags/rust/"),
        ("/tags/RUST?limit=1", "/tags/rust/?limit=1"),
        ("/tags/a/b", "/tags/a/b/"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, Some(wanted)), "{path}");
    }
    assert_eq!(server.get("//example.com").status, 404);
}

#[test]
fn a_page_is_asked_for_again_each_time_and_costs_no_more_than_that() {
    let site = TestSite::of_two();
    let server = site.serve();
    for path in ["/", "/tags/", "/tags/rust/"] {
        let page = server.get(path);
        let header = |name| page.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("vary"), "Accept-Encoding");
        assert!(header("content-security-policy").starts_with("default-src 'none';"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        let again = server.ask("GET", path, &[("If-None-Match", &header("etag"))]);
        assert_eq!((again.status, again.header("etag")), (304, page.header("etag")));
        // A browser that navigates to a page is answered as everybody is.
        let visit = server.ask("GET", path, &[NAVIGATION, ("If-None-Match", &header("etag"))]);
        assert_eq!(visit.status, 304);
        let packed = server.ask("GET", path, &[("Accept-Encoding", "br")]);
        assert_eq!(packed.header("content-encoding"), Some("br"));
        assert_eq!(server.ask("OPTIONS", path, &[]).status, 405);
    }
}

#[test]
fn a_browser_that_opens_a_feed_gets_its_page_which_no_cache_stores() {
    let site = TestSite::of_two();
    let server = site.serve();
    let page = server.get("/tags/rust/");
    for path in ["/tags/rust/atom.xml", "/tags/rust/rss.xml", "/tags/rust/feed.json"] {
        let feed = server.get(path);
        let etag = feed.required("etag").to_owned();
        let shown = server.ask("GET", path, &[NAVIGATION, ("If-None-Match", &etag)]);
        assert_eq!((shown.status, shown.text()), (200, page.text()));
        assert_eq!(shown.header("cache-control"), Some("private, no-store"));
        assert_eq!((shown.header("etag"), shown.header("last-modified")), (None, None));
        assert_eq!(shown.header("vary"), Some("Accept-Encoding, Sec-Fetch-Dest, Upgrade-Insecure-Requests"));
        assert_eq!(feed.header("vary"), shown.header("vary"));
        assert!(shown.header("content-security-policy").is_some());
        assert_eq!(shown.header("access-control-allow-origin"), None);
        for (target, dest) in [
            (path.to_owned(), "empty"),
            (path.to_owned(), "iframe"),
            (format!("{path}?view=source"), "document"),
            (format!("{path}?vie%77=source"), "document"),
        ] {
            let same = server.ask("GET", &target, &[("Sec-Fetch-Dest", dest)]);
            assert_eq!((same.status, same.text()), (200, feed.text()), "{target} {dest}");
            assert_eq!(same.header("etag"), feed.header("etag"));
        }
    }
    // What is no feed stays what it is.
    assert!(server.ask("GET", "/opml.xml", &[NAVIGATION]).text().starts_with("<?xml"));
}

#[test]
fn only_browsers_that_navigate_get_the_page_of_a_feed_also_without_https() {
    const HTML: (&str, &str) =
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8");
    const UPGRADE: (&str, &str) = ("Upgrade-Insecure-Requests", "1");
    let site = TestSite::of_two();
    let server = site.serve();
    for (headers, is_page) in [
        // Chromium and Firefox to plain http in a LAN.
        (&[HTML, UPGRADE][..], true),
        // The same to https and to this machine.
        (&[HTML, UPGRADE, ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")], true),
        (&[("Sec-Fetch-Dest", "document")], true),
        // A browser that loads it into a frame, a script of a page, a reader in a browser.
        (&[HTML, UPGRADE, ("Sec-Fetch-Dest", "iframe")], false),
        (&[HTML, UPGRADE, ("Sec-Fetch-Mode", "cors")], false),
        (&[("Accept", "*/*"), UPGRADE], false),
        // Readers that accept HTML too.
        (&[HTML], false),
        (&[HTML, ("Upgrade-Insecure-Requests", "0")], false),
        (&[("Accept", "application/rss+xml, application/xml;q=0.9, text/html;q=0.1")], false),
        (&[], false),
    ] {
        let response = server.ask("GET", "/rss.xml", headers);
        let kind = response.required("content-type");
        assert_eq!((response.status, kind.starts_with("text/html")), (200, is_page), "{headers:?}");
    }
}

#[test]
fn a_page_changes_with_what_it_shows_and_with_nothing_else() {
    let site = TestSite::of_two();
    let server = site.serve();
    let etag = |path: &str| server.get(path).required("etag").to_owned();
    let (rust, other, tags) = (etag("/tags/rust/"), etag("/tags/c++/"), etag("/tags/"));
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["Rust"]);
    server.wait_for("/tags/rust/", |page| page.text().contains("Three"));
    assert_ne!(etag("/tags/rust/"), rust);
    assert_eq!(etag("/tags/c++/"), other);
    assert_ne!(etag("/tags/"), tags);
}

#[test]
fn a_term_that_lost_its_last_post_keeps_its_page() {
    let site = TestSite::of_two();
    let server = site.serve();
    assert_eq!(server.get("/tags/rust/atom.xml").status, 200);
    site.remove("posts/2024-01-02-two.md");
    server.wait_for_titles("/tags/rust/atom.xml", &[]);
    assert!(server.get("/tags/rust/").text().contains("There are no posts yet."));
    assert!(!server.get("/tags/").text().contains("/tags/rust/"));
}

#[test]
fn pages_stand_below_the_path_of_the_public_address() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org/f\"\n");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let server = site.serve();
    for path in ["/f/tags/rust/", "/tags/rust/"] {
        let text = server.get(path).text();
        for wanted in [
            "<link rel=\"canonical\" href=\"https://feeds.example.org/f/tags/rust/\">",
            "value=\"https://feeds.example.org/f/tags/rust/atom.xml\"",
            "<a href=\"/f/tags/\">",
            "https://www.newsblur.com/?url=https%3A%2F%2Ffeeds%2Eexample%2Eorg%2Ff%2Ftags%2Frust%2Frss%2Exml",
        ] {
            assert!(text.contains(wanted), "{path} lacks {wanted}: {text}");
        }
        for asset in text.split('"').filter(|part| part.starts_with("/f/feedmill-")) {
            let answer = server.get(asset);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        }
    }
    assert_eq!(server.get("/f/tags/rust").header("location"), Some("/f/tags/rust/"));
}

#[test]
fn a_system_that_asks_for_its_feed_at_the_root_still_gets_it() {
    let site = TestSite::plain("[paths]\ncompat = [\"wordpress\"]\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    assert_eq!(server.get("/?feed=atom").titles(), ["One"]);
    assert_eq!(title(&server, "/"), "Tests &amp; more");
}

#[test]
fn nothing_in_a_post_becomes_markup_of_a_page() {
    let site = TestSite::plain("");
    site.write(
        "posts/x.md",
        "---\ntitle: 'a &lt;script&gt;alert(1)&lt;/script&gt; \"b\"'\ndate: 2024-01-01\n\
         tags: ['<script>', '\"><img src=x onerror=alert(1)>']\nauthor: '</title><script>'\n\
         from: 'javascript:alert(1)'\nsummary: '<script>alert(2)</script>'\n---\nText.\n",
    );
    let server = site.serve();
    for path in ["/", "/tags/", "/tags/%3Cscript%3E/", "/authors/", "/?q=%3Cscript%3E"] {
        let text = server.get(path).text();
        assert_eq!(text.matches("<script").count(), 1, "{path}: {text}");
        assert_eq!(text.matches("<img").count(), 1, "the mark of the site: {path}: {text}");
        assert!(!text.contains("href=\"javascript:"), "{path}: {text}");
    }
}

#[test]
fn the_page_of_a_named_feed_lists_its_conditions() {
    let more = "[[feed]]\nname = \"x\"\ntitle = \"X\"\ndescription = \"Of X.\"\nlimit = 5\ncontent = \"summary\"\n\
                order = \"updated\"\nselect = { tags = [\"rust\"], any_tags = [\"a/b\", \"c++\"], \
                not_categories = [\"news\"], authors = [\"Ann\"], sources = [\"posts\"], q = \"actix web\" }\n";
    let site = TestSite::plain(more);
    site.post("one.md", "One", "2024-01-01", &["Rust", "C++"]);
    let server = site.serve();
    let text = server.get("/feeds/x/").text();
    let start = text.find("<dl class=\"conditions\">").expect("the page lists the conditions");
    let list = &text[start..start + text[start..].find("</dl>").expect("an end tag")];
    assert_eq!(
        read_text(list),
        "All of Tags Rust Authors ann Any of Tags a/b Tags C++ None of Categories news Sources posts \
         Words “actix” “web”"
            .replace("Words", "With the words")
    );
    assert!(
        text.contains(">Of X.</p>") && text.contains("Last updated first") && text.contains("A summary"),
        "{text}"
    );
}

/// The text of HTML without its markup, with single spaces.
fn read_text(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_terms_of_a_post_in_another_language_lead_to_feeds_that_hold_it() {
    let site = TestSite::new();
    site.write(
        "hugo.toml",
        "baseURL = \"https://example.org/\"\ntitle = \"T\"\ndefaultContentLanguage = \"en\"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n",
    );
    site.write("content/posts/a.md", "+++\ntitle = \"A\"\ndate = 2024-01-01\ntags = [\"x\"]\n+++\n");
    site.write("content/posts/a.de.md", "+++\ntitle = \"Ah\"\ndate = 2024-01-01\ntags = [\"x\"]\n+++\n");
    let server = site.start(&["serve", ".", "--listen", "127.0.0.1:0"]);
    let page = server.wait_for("/languages/de/", |page| page.status == 200).text();
    assert!(page.contains("href=\"/tags/x/?languages=de\""), "{page}");
    assert!(server.get("/tags/x/?languages=de").text().contains(">Ah</a>"));
}

#[test]
fn an_alias_of_a_page_is_answered_in_place() {
    let site = TestSite::plain(
        "[paths]\naliases = { \"/tags/rust/\" = \"/tags/rust\", \"/q\" = \"/tags/rust?limit=1\", \"/r\" = \"/tags/rust/\" }\n",
    );
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    site.post("two.md", "Two", "2024-01-02", &["Rust"]);
    let server = site.serve();
    for (path, posts) in [("/tags/rust/", 2), ("/q", 1), ("/r", 2)] {
        let page = server.get(path);
        assert_eq!((page.status, page.text().matches("<article").count()), (200, posts), "{path}");
    }
    assert!(!site.run(&["check"]).1.contains("where there is no feed"));
}

#[test]
fn the_form_of_the_front_page_composes_a_feed_without_scripts() {
    let site = TestSite::plain("");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    site.post("two.md", "Two", "2024-01-02", &["Web design"]);
    site.post("three.md", "Three", "2024-01-03", &["C++"]);
    let server = site.serve();
    let front = server.get("/").text();
    for field in ["any_tags", "tags", "not_tags", "q", "order", "content", "limit", "format"] {
        assert!(front.contains(&format!("name=\"{field}\"")), "{field}: {front}");
    }
    assert!(front.contains("<option value=\"Web design\">"), "{front}");
    for (sent, titles, url) in [
        // Empty fields ask for nothing, and a form writes `+` for a space.
        (
            "any_tags=rust&any_tags=Web+design&tags=&not_tags=&q=&order=published&limit=20&format=rss",
            &["Two", "One"][..],
            "/rss.xml?any_tags=rust&amp;any_tags=web-design",
        ),
        ("tags=Web+design", &["Two"], "/atom.xml?tags=web-design"),
        // What exists with a `+` in its name is found by it too.
        ("not_tags=c++&limit=1&format=json", &["Two"], "/feed.json?limit=1&amp;not_tags=c%2B%2B"),
        ("tags=+&q=+&format=none", &["Three", "Two", "One"], "/atom.xml"),
    ] {
        let page = server.get(&format!("/?{sent}"));
        let text = page.text();
        assert_eq!(page.status, 200, "{sent}: {text}");
        let found: Vec<&str> = ["Three", "Two", "One"]
            .into_iter()
            .filter(|title| text.contains(&format!(">{title}</a>")))
            .collect();
        assert_eq!(found, titles, "{sent}");
        let chosen = text.split(" checked").next().and_then(|before| before.rsplit("value=\"").next());
        let format = chosen
            .and_then(|value| value.split('"').next())
            .filter(|value| ["rss", "atom", "json"].contains(value));
        let boxes: Vec<&str> =
            text.split("data-url=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(boxes.iter().any(|found| found.ends_with(url)), "{sent}: {boxes:?}");
        if let Some(format) = format {
            let shown = text.find(&format!("id=\"format-{format}\"")).expect("the page offers the format");
            assert!(text[shown..].split('>').next().is_some_and(|tag| tag.contains("checked")), "{sent}");
            assert!(
                url.contains(&format!("{}.", if format == "json" { "feed" } else { format })),
                "{sent} shows {format}"
            );
        }
    }
    // Feeds are as strict as ever.
    assert_eq!(server.get("/atom.xml?tags=").status, 400);
    assert_eq!(server.get("/?limit=0").status, 400);
}

#[test]
fn a_feed_leads_to_the_form_with_its_conditions() {
    let site = TestSite::plain("[[feed]]\nname = \"x\"\nselect = { any_tags = [\"rust\", \"go\"] }\n");
    site.post("one.md", "One", "2024-01-01", &["Rust", "Go"]);
    let server = site.serve();
    for (path, wanted) in [
        ("/tags/rust/", "/?tags=rust"),
        ("/tags/rust/?not_tags=go", "/?not_tags=go&amp;tags=rust"),
        ("/feeds/x/", "/?any_tags=go&amp;any_tags=rust"),
    ] {
        let text = server.get(path).text();
        assert!(text.contains(&format!("href=\"{wanted}\"")), "{path}: {text}");
    }
}

#[test]
fn a_long_list_has_a_filter_that_works_without_scripts() {
    let site = TestSite::plain("");
    let tags: Vec<String> = (0..40).map(|number| format!("Tag {number}")).collect();
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    site.post("one.md", "One", "2024-01-01", &tags);
    let server = site.serve();
    let count = |path: &str| server.get(path).text().matches("href=\"/tags/tag-").count();
    assert_eq!(count("/tags/"), 40);
    assert_eq!(count("/tags/?filter="), 40);
    assert_eq!(count("/tags/?filter=tAG+3"), 11);
    assert_eq!(count("/tags/?filter=nothing"), 0);
    let [all, some] = ["/tags/", "/tags/?filter=3"].map(|path| server.get(path));
    assert_ne!(all.header("etag"), some.header("etag"));
    assert!(!server.get("/authors/").text().contains("name=\"filter\""), "a short list has none");
}

#[test]
fn entries_have_pictures_microformats_and_the_language_of_their_script() {
    let site = TestSite::plain("");
    site.write(
        "feedmill.toml",
        &format!(
            "{}\n",
            site.read("feedmill.toml")
                .replace("[site]", "[site]\nlanguage = \"en\"\nlogo = \"/logo.png\"\nicon = \"/icon.png\"")
        ),
    );
    site.write(
        "posts/one.md",
        "---\ntitle: 关于订阅\ndate: 2024-01-02\nimage: /pictures/one.png\ntags: [技术]\nauthor: Ann\n---\n正文。\n",
    );
    site.write("posts/two.md", "---\ntitle: Two\ndate: 2024-01-01\n---\nText.\n");
    let server = site.serve();
    let text = server.get("/").text();
    for wanted in [
        "<body class=\"h-feed\">",
        "<img class=\"u-featured\" src=\"https://example.org/pictures/one.png\"",
        "<h3 lang=\"zh\"><a class=\"u-url p-name\"",
        "<h3><a class=\"u-url p-name\" href=\"https://example.org/blog/two/\"",
        "<time dir=\"auto\" class=\"dt-published\" datetime=\"2024-01-02T00:00:00+00:00\">January 2, 2024</time>",
        "<span class=\"p-author h-card\">",
        "<a class=\"p-category\" href=\"/tags/%E6%8A%80%E6%9C%AF/\"",
        "<img class=\"logo\" src=\"https://example.org/blog/logo.png\" alt=\"\"",
        "<link rel=\"icon\" href=\"https://example.org/blog/icon.png\">",
        "<meta property=\"og:title\" content=\"Tests &amp; more\">",
        "<meta property=\"og:image\" content=\"https://example.org/pictures/one.png\">",
        "<meta property=\"og:url\" content=\"http://",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    // What is shown is decoded, what is copied is not.
    let tag = server.get("/tags/%E6%8A%80%E6%9C%AF/").text();
    assert!(tag.contains("/tags/技术/rss.xml\" data-url=\"http://"), "{tag}");
    assert!(tag.contains("/tags/%E6%8A%80%E6%9C%AF/rss.xml\""), "{tag}");
}

#[test]
fn the_plot_counts_posts_by_months_of_the_site_and_says_so_in_words() {
    // It is of a year at least.
    let site = TestSite::plain("");
    site.write(
        "feedmill.toml",
        &site.read("feedmill.toml").replace("[site]", "[site]\ntime_zone = \"Asia/Shanghai\""),
    );
    for (name, date) in [
        ("a", "2024-01-31T17:00:00Z"),
        ("b", "2024-02-10T00:00:00Z"),
        ("c", "2024-04-01T00:00:00Z"),
        ("d", "2023-12-31T10:00:00Z"),
    ] {
        site.post(&format!("{name}.md"), name, date, &["x"]);
    }
    let server = site.serve();
    let text = server.get("/tags/x/").text();
    let wanted =
        "aria-label=\"Posts per month from May 2023 to April 2024. The most, 2 posts, in February 2024.\"";
    assert!(text.contains(wanted), "{text}");
    for bar in [
        "May 2023: 0 posts<",
        "December 2023: 1 post<",
        "January 2024: 0 posts<",
        "February 2024: 2 posts<",
        "April 2024: 1 post<",
    ] {
        assert!(text.contains(bar), "{bar}: {text}");
    }
    assert!(!server.get("/tags/x/?q=a").text().contains("<svg"), "a search would have to read every post");
}

#[test]
fn a_search_shows_posts_before_the_url_of_its_feed() {
    let site = TestSite::plain("");
    site.post("one.md", "One", "2024-01-01", &["x"]);
    let server = site.serve();
    let find = |path: &str, text: &str| {
        let page = server.get(path).text();
        page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"))
    };
    for (path, is_search) in [("/?q=one", true), ("/", false), ("/?q=one&tags=x", false)] {
        assert_eq!(find(path, "<article") < find(path, "id=\"subscribe\""), is_search, "{path}");
        let page = server.get(path).text();
        assert_eq!(page.contains("href=\"#subscribe\""), is_search, "{path}: {page}");
    }
}

#[test]
fn further_pages_are_short() {
    let site = TestSite::plain("[feeds]\nlimit = 1\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    site.post("two.md", "Two", "2024-01-02", &[]);
    let server = site.serve();
    let [first, second] = ["/", "/?page=2"].map(|path| server.get(path).text());
    assert!(first.contains("data-url") && first.contains("<details"), "{first}");
    assert!(!second.contains("data-url") && !second.contains("<details"), "{second}");
    assert!(second.contains("/rss.xml\"") && second.contains("Page 2 of 2"), "{second}");
}
