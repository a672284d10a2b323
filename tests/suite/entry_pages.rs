//! Pages of entries: a folder without a website is complete, and a site has previews.

use crate::common::{Response, Server, TestSite};

/// A folder of notes without a website, in a folder of its own.
fn notes() -> TestSite {
    let site = TestSite::new();
    site.write(
        "notes/one.md",
        "---\ntitle: One <b>\ndate: 2024-01-01\ntags: [C++, Rust]\nimage: pic.png\n---\n\
         ![x](pic.png) [two](sub/two.md#part) [by URL](/sub/two/) [gone](nope.md) [up](#top)[^1]\n\n[^1]: Note\n",
    );
    site.write(
        "notes/sub/two.md",
        "---\ntitle: Two\ndate: 2024-01-02\nauthor: { name: Ada, url: 'https://ada.example/' }\n---\n\
         ![x](../pic.png) [one](../one.md) <script>alert(1)</script> <img src=x.png onerror=alert(1)>\n",
    );
    site.write("notes/pic.png", "png");
    site
}

fn serve(site: &TestSite) -> Server {
    site.start(&["serve", "notes", "--listen", "127.0.0.1:0"]).ready()
}

/// The links of a feed's entries.
fn links(feed: &Response) -> Vec<String> {
    feed.feed().entries.iter().map(|entry| entry.links[0].href.clone()).collect()
}

#[test]
fn entries_of_a_folder_without_a_website_link_to_pages_of_their_own() {
    let site = notes();
    let server = serve(&site);
    let base = server.base();
    for feed in ["/atom.xml", "/rss.xml"] {
        let feed = server.get(feed);
        assert_eq!(
            links(&feed),
            [format!("{base}/entries/notes/sub/two/"), format!("{base}/entries/notes/one/")]
        );
        assert!(!feed.text().contains("http://localhost/"), "{}", feed.text());
    }
    let page = server.get("/entries/notes/one/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    for expected in [
        "<div class=\"columns h-entry\"><article class=\"entry\"",
        // The step to a subscription.
        "<a class=\"primary\" href=\"/#subscribe\">Subscribe</a>",
        "<h1 class=\"p-name\">One &lt;b&gt;</h1>",
        "datetime=\"2024-01-01T00:00:00+00:00\"",
        "<img src=\"/media/notes/pic.png\" alt=\"x\">",
        "<a href=\"/entries/notes/sub/two/#part\">two</a>",
        "<a href=\"/entries/notes/sub/two/\">by URL</a>",
        "<a href=\"/entries/notes/one/#top\">up</a>",
        // A footnote and what leads to it and back.
        "id=\"fn-1\"",
        "href=\"/entries/notes/one/#fn-1\"",
        "href=\"/tags/c++/\"",
        &format!("<link rel=\"canonical\" href=\"{base}/entries/notes/one/\">"),
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(
        !text.contains("noindex") && !text.contains("nope.md") && !text.contains("http://localhost/"),
        "{text}"
    );
    let text = server.get("/entries/notes/sub/two/").text();
    assert!(text.contains("p-author h-card") && !text.contains("alert("), "{text}");
    // The feed's page leads there under whatever name it is reached by.
    assert!(
        server.get("/").text().contains("href=\"/entries/notes/one/\">One"),
        "{}",
        server.get("/").text()
    );
}

#[test]
fn a_page_is_validated_and_changes_with_its_post_alone() {
    let site = notes();
    let server = serve(&site);
    let etag = |path: &str| server.get(path).required("etag").to_owned();
    let (one, two) = (etag("/entries/notes/one/"), etag("/entries/notes/sub/two/"));
    let again = server.ask("GET", "/entries/notes/one/", &[("If-None-Match", &one)]);
    assert_eq!((again.status, again.header("cache-control")), (304, Some("no-cache")));
    assert_eq!(server.ask("OPTIONS", "/entries/notes/one/", &[]).status, 405);
    site.write("notes/three.md", "---\ntitle: Three\ndate: 2024-01-03\n---\n");
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One <b>"]);
    assert_eq!(etag("/entries/notes/one/"), one);
    // A post that a body refers to is renamed: it has another page.
    site.rename("notes/sub/two.md", "notes/sub/other.md");
    server.wait_for("/entries/notes/sub/other/", |page| page.status == 200);
    assert_eq!(server.get("/entries/notes/sub/two/").status, 404);
    assert_ne!(etag("/entries/notes/one/"), one);
    assert_ne!(etag("/entries/notes/sub/other/"), two);
    // The URL of this server is part of what a feed and a page are made from.
    let args = ["serve", "notes", "--listen", "127.0.0.1:0", "--public-url"];
    let tags = ["https://a.example", "https://b.example/feeds"].map(|url| {
        let server = site.start(&[&args[..], &[url]].concat()).ready();
        let feed = server.get("/rss.xml");
        assert!(feed.text().contains(&format!("{url}/media/notes/pic.png")), "{}", feed.text());
        feed.required("etag").to_owned()
    });
    assert_ne!(tags[0], tags[1]);
}

#[test]
fn only_visible_posts_have_pages() {
    let site = notes();
    site.write("notes/draft.md", "---\ntitle: D\ndate: 2024-01-01\ndraft: true\n---\n![x](secret.png)\n");
    site.write("notes/later.md", "---\ntitle: L\ndate: 2999-01-01\n---\n![x](later.png)\n");
    site.write(
        "notes/hidden.md",
        "---\ntitle: H\ndate: 2024-01-01\nfeedmill: false\n---\n![x](secret.png)\n",
    );
    site.write("notes/secret.png", "png");
    site.write("notes/later.png", "png");
    let server = serve(&site);
    for path in [
        "/entries/notes/draft/",
        "/entries/notes/later/",
        "/entries/notes/hidden/",
        "/entries/notes/feedmill/",
        "/entries/nope/one/",
        "/entries/notes/",
        "/entries/notes/../one/",
        "/media/notes/secret.png",
        "/media/notes/later.png",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    // Case, a slash at the end and doubled slashes lead to the page.
    for path in ["/entries/notes/one", "/Entries/notes/ONE/", "//entries/notes//one/", "/entries/NOTES/one/"]
    {
        let moved = server.get(path);
        assert_eq!(moved.status, 301, "{path}");
        let mut target = moved.required("location").to_owned();
        if target != "/entries/notes/one/" {
            target = server.get(&target).required("location").to_owned();
        }
        assert_eq!(target, "/entries/notes/one/", "{path}");
    }
    site.remove("notes/one.md");
    server.wait_for("/entries/notes/one/", |page| page.status == 404);
}

#[test]
fn the_page_of_an_entry_of_a_website_is_a_preview() {
    let site = TestSite::of_two();
    site.write("posts/three.md", "---\ntitle: Three\ndate: 2024-01-03\n---\n![x](pic.png)\n");
    site.write("posts/pic.png", "png");
    let server = site.serve();
    let text = server.get("/entries/posts/2024-01-01-one/").text();
    for expected in [
        "<link rel=\"canonical\" href=\"https://example.org/blog/2024-01-01-one/\">",
        "<meta name=\"robots\" content=\"noindex\">",
        "Body of One.",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(server.get("/").text().contains("href=\"/entries/posts/2024-01-01-one/\""));
    let feed = server.get("/atom.xml");
    assert!(!feed.text().contains("/entries/") && !feed.text().contains("/media/"), "{}", feed.text());
    assert_eq!(server.get("/media/posts/pic.png").status, 404);
}

#[test]
fn entries_of_a_website_link_to_pages_if_the_configuration_says_so() {
    let site = TestSite::plain("link = \"page\"\n");
    site.write("posts/one.md", "---\ntitle: One\ndate: 2024-01-01\n---\n[home](/about/) ![x](pic.png)\n");
    site.write("posts/pic.png", "png");
    let server = site.serve();
    let base = server.base();
    let feed = server.get("/atom.xml");
    assert_eq!(links(&feed), [format!("{base}/entries/posts/one/")]);
    let text = feed.text();
    assert!(text.contains(&format!("{base}/media/posts/pic.png")), "{text}");
    // What is only on the website stays there; ids do not change.
    assert!(text.contains("https://example.org/about/"), "{text}");
    assert_eq!(server.get("/media/posts/pic.png").status, 200);
    assert!(!server.get("/entries/posts/one/").text().contains("noindex"));
}

#[test]
fn a_generators_site_without_a_url_refers_to_its_pages_and_files() {
    let site = TestSite::new();
    site.write("notes/_config.yml", "title: No URL\nbaseurl: /blog\n");
    site.write(
        "notes/_posts/2024-01-02-two.md",
        "---\ntitle: Two\nimage: /assets/cover.jpg\n---\n[one]({% post_url 2024-01-01-one %}) \
         [again]({{ site.baseurl }}/2024/01/01/one.html) ![x]({{ '/assets/a b.png' | relative_url }}) [about](/blog/about/)\n",
    );
    site.write(
        "notes/_posts/2024-01-01-one.md",
        "---\ntitle: One\nfrom: https://else.example/\n---\nText.\n",
    );
    site.write("notes/assets/a b.png", "png");
    site.write("notes/assets/cover.jpg", "jpg");
    let server = serve(&site);
    let text = server.get("/rss.xml").text();
    let base = server.base();
    for expected in [
        &format!("<link>{base}/entries/notes/_posts/2024-01-02-two/</link>"),
        &format!("href=\"{base}/entries/notes/_posts/2024-01-01-one/\">one"),
        &format!("href=\"{base}/entries/notes/_posts/2024-01-01-one/\">again"),
        &format!("src=\"{base}/media/notes/assets/a%20b.png\""),
    ] {
        let escaped = expected.replace('"', "&quot;").replace('>', "&gt;");
        assert!(text.contains(&**expected) || text.contains(&escaped), "{expected}: {text}");
    }
    assert!(text.contains(&format!("{base}/media/notes/assets/cover.jpg")), "{text}");
    assert_eq!(server.get("/media/notes/assets/a%20b.png").status, 200);
    assert_eq!(server.get("/media/notes/assets/cover.jpg").header("content-type"), Some("image/jpeg"));
}

#[test]
fn check_reports_media_files_that_are_missing() {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"notes\"\n");
    site.write(
        "notes/a.md",
        "---\ntitle: A\ndate: 2024-01-01\n---\n![x](sub/there.png) ![y](sub/gone.png)\n",
    );
    site.write("notes/sub/there.png", "png");
    let (_, out, _) = site.run(&["check"]);
    assert!(out.contains("gone.png") && !out.contains("\"sub/there.png\" is linked"), "{out}");
}

#[test]
fn pages_and_media_files_are_exported_where_entries_link_to_them() {
    let site = notes();
    site.write("notes/unused.png", "png");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"notes\"\n");
    let (code, _, errors) = site.run(&["export", "out"]);
    assert_eq!(code, 0, "{errors}");
    let page = site.read("out/entries/notes/sub/two/index.html");
    assert!(page.contains("h-entry"), "{page}");
    assert_eq!(std::fs::read(site.path("out/media/notes/pic.png")).expect("the picture is exported"), b"png");
    assert!(!site.path("out/media/notes/unused.png").exists());
    let (_, tally, _) = site.run(&["export", "out"]);
    assert!(tally.starts_with("0 files written"), "{tally}");

    let other = TestSite::of_two();
    let (code, _, errors) = other.run(&["export", "out"]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        other.path("out/entries/posts/2024-01-01-one/index.html").exists(),
        "pages of feeds link to previews"
    );
    assert!(!other.path("out/media").exists(), "the site has its media files");
}

#[test]
fn the_page_of_a_translated_post_leads_only_to_feeds_that_contain_it() {
    let site = TestSite::new();
    site.write(
        "hugo.toml",
        "baseURL = 'https://x.example/'\ndefaultContentLanguage = 'en'\n[languages.en]\n[languages.fr]\n",
    );
    site.write("content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\ntags: [web]\n---\nText.\n");
    site.write("content/posts/a.fr.md", "---\ntitle: Un\ndate: 2024-01-01\ntags: [web]\n---\nTexte.\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\nname = \"s\"\npath = \".\"\n");
    let server = site.serve();
    let list_feeds = |path: &str| -> Vec<String> {
        let text = server.get(path).text();
        let (_, feeds) = text.split_once("id=\"feeds\"").expect("the page lists feeds");
        let (feeds, _) = feeds.split_once("</main>").expect("an end tag");
        let links = feeds.split(" href=\"").skip(1);
        let paths = links.filter_map(|rest| rest.split('"').next());
        paths.filter(|path| !path.ends_with("#subscribe")).map(str::to_owned).collect()
    };
    assert_eq!(list_feeds("/entries/s/content/posts/a/"), ["/", "/languages/en/", "/tags/web/"]);
    let feeds = list_feeds("/entries/s/content/posts/a.fr/");
    assert_eq!(feeds, ["/languages/fr/", "/tags/web/?languages=fr"]);
    for feed in feeds {
        assert!(server.get(&feed).text().contains("Un"), "{feed}");
    }
}
