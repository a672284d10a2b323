//! What pages show: conditions, forms, entries, and how much of a long list.

use crate::common::TestSite;

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
    // A term is shown where it was entered, although a single alternative is a required term.
    for (sent, field) in [
        ("tags=rust", "tags"),
        ("any_tags=rust", "any_tags"),
        ("not_tags=rust", "not_tags"),
        ("tags=rust&any_tags=rust", "tags"),
        ("any_tags=rust&any_tags=Rust", "any_tags"),
    ] {
        let text = server.get(&format!("/?{sent}")).text();
        let shown: Vec<&str> = ["tags", "any_tags", "not_tags"]
            .into_iter()
            .filter(|field| {
                text.contains(&format!("<input type=\"checkbox\" name=\"{field}\" value=\"rust\""))
            })
            .collect();
        assert_eq!(shown, [field], "{sent}");
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
    let more = "[site]\nlanguage = \"en\"\nlogo = \"/logo.png\"\nicon = \"/icon.png\"";
    site.edit("feedmill.toml", |text| text.replace("[site]", more));
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
    site.edit("feedmill.toml", |text| text.replace("[site]", "[site]\ntime_zone = \"Asia/Shanghai\""));
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
