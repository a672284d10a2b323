//! URLs and queries that are almost right: each gets a response that helps.

use crate::common::{Server, TestSite};

const MORE: &str = "\
[[feed]]
name = \"Code Stuff\"
select = { tags = [\"rust\"] }
[paths]
aliases = { \"/Old/Feed.xml\" = \"/atom.xml\" }
";

fn site() -> TestSite {
    let site = TestSite::plain(MORE);
    site.post("one.md", "One", "2024-01-01", &["Rust", "Self Hosted"]);
    site.post("two.md", "Two", "2024-01-02", &["Linux", "Rust"]);
    site.post("three.md", "Three", "2024-01-03", &["联合早报", "c++", "<b>"]);
    site.write("posts/four.md", "---\ntitle: Four\ndate: 2024-01-04\ncategories: [Tech]\nauthor: Ada\n---\n");
    site
}

const NAVIGATION: (&str, &str) = ("Sec-Fetch-Dest", "document");

#[test]
fn a_path_that_differs_only_in_case_and_slashes_is_redirected_with_its_query() {
    let server = site().serve();
    for (path, target) in [
        ("/ATOM.XML", "/atom.xml"),
        ("/atom.xml/", "/atom.xml"),
        ("//atom.xml", "/atom.xml"),
        ("///Atom.xml//?limit=1&x=%2F", "/atom.xml?limit=1&x=%2F"),
        ("/Tags/rust/", "/tags/rust/"),
        ("/TAGS", "/tags/"),
        ("/tags//rust//ATOM.xml", "/tags/rust/atom.xml"),
        ("/tags/rust/rss.xml/", "/tags/rust/rss.xml"),
        ("/Feeds/Code%20Stuff/Atom.xml", "/feeds/Code%20Stuff/atom.xml"),
        ("/opml.XML", "/opml.xml"),
        ("/old/feed.XML", "/Old/Feed.xml"),
        ("/Feed.xml", "/feed.xml"),
        ("/tags/rust?limit=1", "/tags/rust/?limit=1"),
    ] {
        let moved = server.get(path);
        assert_eq!((moved.status, moved.header("location")), (301, Some(target)), "{path}");
        assert_eq!(server.get(target).status, 200, "{target}");
    }
    // A term in any case is served in place.
    assert_eq!(server.get("/tags/RUST/atom.xml").status, 200);
}

#[test]
fn no_redirect_leads_to_another_host() {
    let server = site().serve();
    for path in [
        "//evil.example",
        "//evil.example/",
        "//evil.example/atom.xml",
        "///evil.example/tags/rust/",
        "/\\evil.example",
        "/\\evil.example/atom.xml/",
        "//evil.example/..//atom.xml",
        "/%2Fevil.example/atom.xml",
        "/%5Cevil.example",
        "//tags/rust",
        "/\\tags/rust",
    ] {
        let response = server.get(path);
        let target = response.header("location").unwrap_or("/");
        assert!(
            target.starts_with('/') && !target.starts_with("//") && !target.contains('\\'),
            "{path}: {target}"
        );
        assert!(!target.contains("evil"), "{path}: {target}");
    }
}

#[test]
fn a_404_names_the_nearest_feeds() {
    let server = site().serve();
    for (path, near) in [
        ("/tag/rust/atom.xml", &["/tags/rust/atom.xml"][..]),
        ("/tag/rust/", &["/tags/rust/"]),
        ("/tags/rst/", &["/tags/rust/"]),
        ("/tags/rsut/rss.xml", &["/tags/rust/rss.xml"]),
        ("/tags/selfhosted/", &["/tags/self-hosted/"]),
        ("/tags/rustt/", &["/tags/rust/"]),
        ("/tags/rust/feed.xml", &["/tags/rust/rss.xml", "/tags/rust/atom.xml", "/tags/rust/feed.json"]),
        ("/tags/rust/index.xml", &["/tags/rust/rss.xml", "/tags/rust/atom.xml", "/tags/rust/feed.json"]),
        ("/blog/tags/rust/atom.xml", &["/tags/rust/atom.xml"]),
        ("/category/tech/", &["/categories/tech/"]),
        ("/author/ada/feed/", &["/authors/ada/rss.xml", "/authors/ada/atom.xml", "/authors/ada/feed.json"]),
        (
            "/tags/%E8%81%94%E5%90%88%E6%97%A9%E6%8A%A5%E6%8A%A5/",
            &["/tags/%E8%81%94%E5%90%88%E6%97%A9%E6%8A%A5/"],
        ),
        ("/feeds/code-stuf/atom.xml", &["/feeds/Code%20Stuff/atom.xml"]),
        ("/rust/", &["/tags/rust/"]),
        ("/rust.xml/feed.xml", &["/rss.xml", "/atom.xml", "/feed.json"]),
        ("/tags/nope/", &["/tags/"]),
        ("/blog/index.xml", &["/rss.xml", "/atom.xml", "/feed.json"]),
        ("/atom.xm", &["/atom.xml"]),
        ("/something/else/", &[]),
    ] {
        let response = server.get(path);
        let text = response.text();
        assert_eq!(
            (response.status, response.header("cache-control")),
            (404, Some("public, max-age=60")),
            "{path}"
        );
        let base = server.base();
        let named: Vec<&str> = text.lines().skip(1).filter_map(|line| line.strip_prefix(&*base)).collect();
        assert_eq!(named, near, "{path}: {text}");
        for path in near {
            assert_eq!(server.get(path).status, 200, "{path}");
        }
    }
}

#[test]
fn a_404_below_a_language_names_the_feeds_of_that_language() {
    let site = TestSite::new();
    let languages = "defaultContentLanguage = 'en'\n[languages.en]\n[languages.fr]\n";
    site.write("hugo.toml", &format!("baseURL = 'https://x.example/'\ntitle = 'T'\n{languages}"));
    for name in ["a.md", "a.fr.md"] {
        site.write(&format!("content/posts/{name}"), "---\ntitle: A\ndate: 2024-01-01\ntags: [web]\n---\n");
    }
    let server = site.start(&["serve", ".", "--listen", "127.0.0.1:0"]);
    server.wait_for("/atom.xml", |feed| feed.status == 200);
    server.wait_for_log("2 posts (1 in the main feed, 1 in /languages/fr/), 1 tag");
    let all = |folder: &str, query: &str| {
        ["rss.xml", "atom.xml", "feed.json"].map(|file| format!("{folder}{file}{query}")).to_vec()
    };
    for (path, near) in [
        ("/fr/index.xml", all("/languages/fr/", "")),
        ("/fr/posts/index.xml", all("/languages/fr/", "")),
        ("/fr/tags/web/index.xml", all("/tags/web/", "?languages=fr")),
        ("/blog/FR/tag/web/atom.xml", vec!["/tags/web/atom.xml?languages=fr".to_owned()]),
        ("/fr/tags/web/", vec!["/tags/web/?languages=fr".to_owned()]),
        ("/fr/posts/", vec!["/languages/fr/".to_owned()]),
        ("/en/tags/web/index.xml", all("/tags/web/", "")),
        ("/tags/web/index.xml", all("/tags/web/", "")),
    ] {
        let text = server.get(path).text();
        let base = server.base();
        let named: Vec<&str> = text.lines().skip(1).filter_map(|line| line.strip_prefix(&*base)).collect();
        assert_eq!(named, near, "{path}: {text}");
        for path in near {
            assert_eq!(server.get(&path).status, 200, "{path}");
        }
    }
}

#[test]
fn an_error_is_a_text_a_problem_or_a_page() {
    let server = site().serve();
    let path = "/tags/rst/";
    let vary = Some("Accept, Sec-Fetch-Dest, Upgrade-Insecure-Requests");
    let text = server.get(path);
    assert_eq!((text.header("content-type"), text.header("vary")), (Some("text/plain; charset=utf-8"), vary));
    let problem = server.ask("GET", path, &[("Accept", "application/problem+json")]);
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    let json = problem.json();
    assert_eq!(json["suggestions"][0], format!("{}/tags/rust/", server.base()));
    let page = server.ask("GET", path, &[NAVIGATION]);
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert_eq!(page.header("vary"), vary);
    assert!(
        page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'"))
    );
    assert!(page.text().contains("<a href=\"/tags/rust/\">"), "{}", page.text());
    let page = server.ask("GET", "/atom.xml?limit=0", &[NAVIGATION]);
    assert_eq!((page.status, page.header("cache-control")), (400, Some("no-store")));
    assert!(
        page.text().contains("<html") && page.text().contains("a number from 1 to 500"),
        "{}",
        page.text()
    );
    // A text is in English and a page in the language of the site.
    let site = TestSite::plain("[pages]\nlanguage = \"zh-CN\"\n");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let chinese = site.serve();
    for (path, text, sentence) in [
        (
            "/atom.xml?limit=0",
            "limit cannot be “0”. Write a number from 1 to 500.",
            "参数 limit 不能是“0”。请填写 1 到 500 之间的数字。",
        ),
        ("/?tag=rust", "There is no parameter tag. Did you mean tags?", "没有参数 tag。您要找的是 tags 吗？"),
        (
            "/atom.xml?page=9",
            "This feed has no page 9: the last one is page 1.",
            "此订阅源没有第 9 页，最后一页是第 1 页。",
        ),
        ("/x%ff", "The URL is not percent-encoded UTF-8.", "网址不是百分号编码的 UTF-8。"),
        (
            "/media/posts/x.png",
            "There is no media file of an entry at this URL.",
            "此网址没有文章的媒体文件。",
        ),
    ] {
        assert_eq!(chinese.get(path).text().lines().next(), Some(text), "{path}");
        let page = chinese.ask("GET", path, &[NAVIGATION]).text();
        assert!(page.contains(&format!("<p class=\"description\">{sentence}</p>")), "{path}: {page}");
        assert!(!page.contains("lang=\"en\""), "{path}: {page}");
    }
    for path in [
        "/%3Cscript%3Ealert(1)%3C/script%3E/",
        "/tag/%3Cb%3E/",
        "/atom.xml?tag=%3Cscript%3E",
        "/atom.xml?limit=%3Cscript%3E",
    ] {
        let text = server.ask("GET", path, &[NAVIGATION]).text();
        assert!(
            text.contains("<html") && !text.contains("<script>") && !text.contains("<b>"),
            "{path}: {text}"
        );
    }
}

#[test]
fn a_page_past_the_last_says_which_is_the_last() {
    let server = site().serve();
    for (path, last) in [
        ("/atom.xml?page=99", "/atom.xml"),
        ("/tags/rust/rss.xml?limit=1&page=99", "/tags/rust/rss.xml?limit=1&page=2"),
        ("/atom.xml?q=one&limit=1&page=3", "/atom.xml?limit=1&q=one"),
    ] {
        let response = server.get(path);
        assert_eq!(response.status, 404, "{path}");
        let text = response.text();
        assert!(text.contains("last one is page"), "{text}");
        assert_eq!(text.lines().nth(1), Some(&*format!("{}{last}", server.base())), "{text}");
    }
}

fn refused(server: &Server, query: &str) -> String {
    let response = server.get(&format!("/atom.xml?{query}"));
    assert_eq!(response.status, 400, "{query}: {}", response.text());
    response.text()
}

#[test]
fn a_parameter_that_is_almost_known_is_400_with_what_was_meant() {
    let server = site().serve();
    for (query, meant) in [
        ("tag=rust", "tags"),
        ("Tags=rust", "tags"),
        ("tgas=rust", "tags"),
        ("category=tech", "categories"),
        ("author=ada", "authors"),
        ("not_tag=rust", "not_tags"),
        ("any_tag=rust", "any_tags"),
        ("source=posts", "sources"),
        ("language=en", "languages"),
        ("search=x", "q"),
        ("query=x", "q"),
        ("limits=5", "limit"),
        ("pages=2", "page"),
        ("t%61g=rust", "tags"),
    ] {
        let text = refused(&server, query);
        assert!(text.contains(&format!("Did you mean {meant}?")), "{query}: {text}");
    }
    for query in ["utm_source=x&utm_campaign=tags", "fbclid=1", "s=1", "p=1", "ref=x", "v=2", "cache=bust"] {
        assert_eq!(server.get(&format!("/atom.xml?{query}")).status, 200, "{query}");
    }
}

#[test]
fn a_list_in_one_value_is_400_and_says_how_to_repeat_the_parameter() {
    let site = site();
    site.post("five.md", "Five", "2024-01-05", &["a,b", "a", "b"]);
    let server = site.serve();
    for (query, advice) in [
        ("tags=rust,linux", "tags=rust&tags=linux"),
        ("tags=rust%7Clinux", "any_tags=rust&any_tags=linux"),
        ("any_tags=rust,%20c%2B%2B", "any_tags=rust&any_tags=c%2B%2B"),
        ("not_tags=rust,linux", "not_tags=rust&not_tags=linux"),
        ("sources=posts,posts", "sources=posts&sources=posts"),
        ("languages=en,fr", "languages=en&languages=fr"),
    ] {
        let text = refused(&server, query);
        assert!(text.contains(advice), "{query}: {text}");
    }
    // A term that has a comma, and one that no post uses.
    for query in ["tags=a,b", "tags=rust,nope", "tags=rust,"] {
        assert_eq!(server.get(&format!("/atom.xml?{query}")).status, 200, "{query}");
    }
}

#[test]
fn a_named_feed_is_found_by_its_slug() {
    let server = site().serve();
    let link = format!("<{}/feeds/Code%20Stuff/atom.xml>; rel=\"self\"", server.base());
    for path in ["/feeds/code-stuff/atom.xml", "/feeds/Code-Stuff/atom.xml", "/feeds/Code%20Stuff/atom.xml"] {
        let response = server.get(path);
        assert_eq!((response.status, response.header("link")), (200, Some(&*link)), "{path}");
    }
    assert_eq!(server.get("/feeds/code-stuff/").status, 200);
}

#[test]
fn wordpress_queries_select_or_are_refused() {
    let site = TestSite::plain("[paths]\ncompat = [\"wordpress\"]\n");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    site.write(
        "posts/two.md",
        "---\ntitle: Two\ndate: 2024-01-02\ncategories: [Tech]\nauthor: Ada B\ntags: [Rust]\n---\n",
    );
    let server = site.serve();
    for (query, titles, own) in [
        ("feed=rss2", &["Two", "One"][..], "/rss.xml"),
        ("feed=rss2&tag=rust", &["Two", "One"], "/tags/rust/rss.xml"),
        ("tag=rust&feed=atom", &["Two", "One"], "/tags/rust/atom.xml"),
        ("category_name=tech&feed=rss2", &["Two"], "/categories/tech/rss.xml"),
        ("category_name=top/tech&feed=rss2", &["Two"], "/categories/tech/rss.xml"),
        ("feed=rss2&author_name=ada-b&tag=rust", &["Two"], "/authors/ada-b/rss.xml?tags=rust"),
        ("feed=rss2&s=one", &["One"], "/rss.xml?q=one"),
        ("feed=rss2&tags=rust&categories=tech", &["Two"], "/rss.xml?categories=tech&tags=rust"),
    ] {
        let response = server.get(&format!("/?{query}"));
        assert_eq!(
            (response.status, response.titles()),
            (200, titles.iter().map(|t| (*t).to_owned()).collect()),
            "{query}"
        );
        let link = format!("<{}{own}>; rel=\"self\"", server.base());
        assert_eq!(response.header("link"), Some(&*link), "{query}");
    }
    for (query, why) in [
        ("cat=3&feed=rss2", "category_name="),
        ("feed=rss2&tag_id=3", "tag="),
        ("feed=rss2&author=3", "author_name="),
        ("feed=rss2&tag=nope", "No post has the value “nope” of tag"),
        ("tag=rust", "Did you mean tags?"),
    ] {
        let response = server.get(&format!("/?{query}"));
        assert_eq!(response.status, 400, "{query}");
        assert!(response.text().contains(why), "{query}: {}", response.text());
    }
}
