//! Archive documents together with other features: compat paths, hubs, scheduled and expiring posts, invalid posts,
//! replicas, the commands.

use chrono::{TimeDelta, Utc};

use crate::common::{TestSite, copy_folder};

/// A site of `count` posts, dated from January 1, in documents of two.
fn site(count: usize, more: &str) -> TestSite {
    let site = TestSite::plain(&format!(
        "future = \"hold\"\n[feeds]\nlimit = 2\n[[feed]]\nname = \"new\"\norder = \"arrival\"\n{more}"
    ));
    for day in 1..=count {
        site.post(&format!("p{day}.md"), &format!("P{day}"), &format!("2024-01-0{day}"), &[]);
    }
    site
}

#[test]
fn a_feed_at_an_old_path_leads_to_the_same_archive() {
    let public = "[server]\npublic_url = \"https://feeds.example.org/x\"\n[paths]\ncompat = [\"hugo\"]\n";
    let site = site(5, public);
    let server = site.serve();
    let link = "<atom:link href=\"https://feeds.example.org/x/archive/2/rss.xml\" rel=\"prev-archive\"";
    for path in ["/index.xml", "/feed", "/rss.xml", "/x/rss.xml"] {
        assert!(server.get(path).text().contains(link), "{path}");
    }
    assert_eq!(server.get("/x/archive/2/rss.xml").text(), server.get("/archive/2/rss.xml").text());
    assert_eq!(site.run(&["export", "out"]).0, 0);
    assert!(site.read("out/index.xml").contains(link));
    for path in ["/archive/2/rss.xml", "/archive/1/feed.json", "/feeds/new/archive/1/atom.xml"] {
        assert_eq!(site.read(&format!("out{path}")), server.get(path).text(), "{path}");
        assert_eq!(site.run(&["render", path]).1, server.get(path).text(), "{path}");
    }
}

#[test]
fn it_is_asked_for_like_a_feed_and_has_no_hub() {
    let site = site(4, "[websub]\nhubs = [\"https://hub.example.org/\"]\n");
    let server = site.serve();
    let link = |path: &str| server.get(path).required("link").to_owned();
    assert!(link("/atom.xml").contains("rel=\"hub\"") && !link("/archive/1/atom.xml").contains("hub"));
    assert!(!server.get("/archive/1/atom.xml").text().contains("hub.example.org"));
    assert_eq!(server.ask("OPTIONS", "/archive/1/atom.xml", &[]).status, 204);
    let head = server.ask("HEAD", "/archive/1/atom.xml", &[]);
    let get = server.get("/archive/1/atom.xml");
    for name in ["etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"] {
        assert_eq!(head.required(name), get.required(name));
    }
    let since = [("If-Modified-Since", get.required("last-modified"))];
    assert_eq!(server.ask("GET", "/archive/1/atom.xml", &since).status, 304);
}

#[test]
fn a_scheduled_post_arrives_at_its_time() {
    let site = site(4, "");
    let soon = Utc::now() + TimeDelta::seconds(3);
    site.post("soon.md", "Soon", &soon.to_rfc3339(), &[]);
    let server = site.serve();
    site.post("old.md", "Old", "2011-01-01", &[]);
    server.wait_for_titles("/feeds/new/atom.xml", &["Old", "P4"]);
    let before = server.get("/archive/2/atom.xml").required("etag").to_owned();
    assert_eq!(server.get("/archive/3/atom.xml").status, 404);
    server.wait_for_titles("/feeds/new/atom.xml", &["Soon", "Old"]);
    assert_eq!(server.get("/archive/3/atom.xml").titles(), ["Soon", "Old"]);
    assert_ne!(server.get("/archive/2/atom.xml").required("etag"), before, "it links to its successor");
}

#[test]
fn an_expiring_post_leaves_its_document_and_is_not_cached_longer() {
    let site = site(4, "");
    let soon = (Utc::now() + TimeDelta::seconds(4)).to_rfc3339();
    site.write("posts/p1.md", &format!("---\ntitle: P1\ndate: 2024-01-01\nexpires: {soon}\n---\nText.\n"));
    let server = site.serve();
    let first = server.get("/archive/1/atom.xml");
    assert_eq!(first.titles(), ["P2", "P1"]);
    let age = first.required("cache-control").strip_prefix("public, max-age=");
    assert!(age.and_then(|age| age.parse().ok()).is_some_and(|age: u32| age <= 4), "{age:?}");
    assert_eq!(server.get("/archive/2/atom.xml").header("cache-control"), Some("public, max-age=86400"));
    // Each later document passes one post on.
    server.wait_for_titles("/archive/1/atom.xml", &["P3", "P2"]);
    assert_eq!(server.get("/archive/2/atom.xml").status, 404);
    assert!(server.get("/atom.xml").titles().contains(&"P4".to_owned()));
}

#[test]
fn an_invalid_post_stays_in_its_document() {
    let site = TestSite::observed("[feeds]\nlimit = 1\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    site.post("two.md", "Two", "2024-01-02", &[]);
    let server = site.serve();
    let before = server.get("/archive/1/rss.xml");
    assert_eq!(before.titles(), ["One"]);
    site.write("posts/one.md", "---\ntitle: [\n---\n");
    server.wait_for_problem("not YAML");
    let after = server.get("/archive/1/rss.xml");
    assert_eq!(after.text(), before.text());
}

#[test]
fn replicas_with_equal_arrivals_have_equal_etags() {
    let site = site(5, "[server]\npublic_url = \"https://feeds.example.org\"\n");
    let server = site.serve();
    site.post("old.md", "Old", "2011-01-01", &[]);
    site.post("older.md", "Older", "2010-01-01", &[]);
    server.wait_for("/feeds/new/atom.xml", |response| {
        let titles = response.titles();
        titles.contains(&"Old".to_owned()) && titles.contains(&"Older".to_owned())
    });
    server.wait_for_state();
    let paths = ["/atom.xml", "/feeds/new/rss.xml", "/feeds/new/rss.xml?page=2", "/archive/1/atom.xml"];
    let paths =
        [&paths[..], &["/archive/3/rss.xml", "/feeds/new/archive/3/feed.json", "/archive/2/"]].concat();
    let replica = TestSite::new();
    assert_eq!(server.stop("-TERM"), Some(0));
    copy_folder(&site.path(""), &replica.path(""));
    let [one, other] = [&site, &replica].map(TestSite::serve);
    for path in paths {
        let answers = [&one, &other].map(|server| server.get(path));
        assert_eq!(answers[0].status, 200, "{path}");
        assert_eq!(answers[0].required("etag"), answers[1].required("etag"), "{path}");
        assert_eq!(answers[0].text(), answers[1].text(), "{path}");
    }
}
