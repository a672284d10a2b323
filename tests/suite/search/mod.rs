//! Searches for words in every text of every post, by the index and without it.

mod consistency;
mod faults;

use std::sync::Arc;

use crate::common::{Server, TestSite};

/// A site of posts in many scripts, with the status of the index.
fn site(more: &str) -> TestSite {
    let site = TestSite::observed(&format!(
        "[[feed]]\nname = \"sea\"\nselect = {{ q = \"harbour -storm\" }}\narchive = 2\nlimit = 2\n{more}"
    ));
    for (number, (title, text)) in [
        ("Alpha", "The **harbour** of Hamburg[^1].\n\n[^1]: A footnote about tides."),
        ("Beta", "A storm in the harbour."),
        ("聯合早報", "繁體中文的文章，討論臺灣的港口。"),
        ("Gamma", "联合早报：简体中文的文章，讨论台湾的港口。"),
        ("Delta", "สวัสดีครับ ภาษาไทย and <b>har</b>bour lights"),
        ("ひらがな", "カタカナと漢字。C++ and C#."),
        ("Epsilon", "Café, naïve; Straße. ﻿مرحبا بالعالم. नमस्ते दुनिया. 한국어 검색. The HARBOUR."),
    ]
    .into_iter()
    .enumerate()
    {
        let post = format!(
            "---\ntitle: {title}\ndate: 2024-01-0{}\nguid: p{number}\ntags: [tag-{number}]\n---\n{text}\n",
            number + 1
        );
        site.write(&format!("posts/{number}.md"), &post);
    }
    site
}

/// Waits until the index has all posts.
fn wait_for_index(server: &Server) {
    server.wait_for_status(|status| status["search"]["state"] == "ready");
}

/// The numbers of the posts of a feed, in its order.
fn find(server: &Server, path: &str) -> String {
    let response = server.get(path);
    assert_eq!(response.status, 200, "{path}: {}", response.text());
    response.feed().entries.iter().map(|entry| entry.id.trim_start_matches('p')).collect()
}

/// Queries of the site, with the posts that they find.
const QUERIES: [(&str, &str); 18] = [
    ("harbour", "6410"),
    ("harbour+-storm", "640"),
    ("%22storm+in+the+harbour%22", "1"),
    ("%22harbour+storm%22", ""),
    ("footnote", "0"),
    ("hamburg", "0"),
    ("tag-3", "3"),
    ("%E6%B8%AF%E5%8F%A3", "32"),
    ("%E8%87%BA%E7%81%A3", "32"),
    ("%E6%97%A9%E6%8A%A5", "32"),
    ("title:%E6%97%A9%E6%8A%A5", "2"),
    ("%E6%B8%AF", "32"),
    ("%E0%B8%A0%E0%B8%B2%E0%B8%A9%E0%B8%B2", "4"),
    ("%E3%82%BF%E3%82%AB", "5"),
    ("c%2B%2B+c%23", "5"),
    ("strasse+cafe", "6"),
    ("%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87", "6"),
    ("ligh*", "4"),
];

#[test]
fn every_word_of_every_post_is_found_in_every_script_and_a_save_at_once() {
    let server = site("").serve();
    // The index may not be complete yet: the result is the same.
    for (query, found) in QUERIES {
        assert_eq!(find(&server, &format!("/atom.xml?q={query}")), found, "{query}");
    }
    wait_for_index(&server);
    for (query, found) in QUERIES {
        assert_eq!(find(&server, &format!("/atom.xml?limit=9&q={query}")), found, "{query}");
    }
    assert_eq!(server.status()["search"], serde_json::json!({ "state": "ready", "indexed": 7, "posts": 7 }));
}

#[test]
fn a_search_is_a_feed_with_pages_archives_and_a_validator_that_follows_saves() {
    let site = site("");
    let server = site.serve();
    wait_for_index(&server);
    assert_eq!(find(&server, "/feeds/sea/atom.xml"), "64");
    assert_eq!(find(&server, "/feeds/sea/atom.xml?page=2"), "0");
    assert_eq!(find(&server, "/feeds/sea/archive/1/atom.xml"), "40");
    assert_eq!(server.get("/feeds/sea/archive/2/atom.xml").status, 404);
    let etag = server.get("/feeds/sea/atom.xml").required("etag").to_owned();
    let is_unchanged = || server.ask("GET", "/feeds/sea/atom.xml", &[("If-None-Match", &etag)]).status == 304;
    assert!(is_unchanged());
    site.edit("posts/3.md", |text| text.replace("港口", "港口 words"));
    assert_eq!(server.wait_for("/atom.xml?q=words", |response| response.titles() == ["Gamma"]).status, 200);
    assert!(is_unchanged(), "the post is not in this feed");
    site.edit("posts/3.md", |text| text.replace("words", "harbour"));
    server.wait_for_titles("/feeds/sea/atom.xml", &["Epsilon", "Delta"]);
    server.wait_for_titles("/feeds/sea/atom.xml?page=2", &["Gamma", "Alpha"]);
    assert!(!is_unchanged() || find(&server, "/feeds/sea/archive/2/atom.xml").len() == 2);
    site.remove("posts/6.md");
    server.wait_for_titles("/feeds/sea/atom.xml", &["Delta", "Gamma"]);
}

#[test]
fn without_the_index_titles_terms_and_summaries_are_searched() {
    let server = site("[search]\nindex = false\n").serve();
    for (query, found) in [("harbour", "6410"), ("footnote", ""), ("tag-3", "3"), ("title:gamma", "3")] {
        assert_eq!(find(&server, &format!("/atom.xml?q={query}")), found, "{query}");
    }
    assert_eq!(server.status()["search"]["state"], "off");
    assert_eq!(server.get("/feeds/sea/archive/1/atom.xml").status, 404, "it finds only the newest posts");
}

#[test]
fn commands_find_the_same_posts_as_the_server() {
    let site = site("");
    let server = site.serve();
    wait_for_index(&server);
    let (status, listed, _) = site.run(&["list"]);
    assert_eq!(status, 0);
    assert!(listed.lines().any(|line| line.starts_with("/feeds/sea/") && line.contains(" 3 ")), "{listed}");
    let (_, explained, _) = site.run(&["explain", "posts/0.md"]);
    assert!(explained.contains("/feeds/sea/atom.xml  (number 3 of 3)"), "{explained}");
    let (status, rendered, _) = site.run(&["render", "/atom.xml?q=footnote"]);
    assert_eq!((status, rendered.matches("<entry").count()), (0, 1), "{rendered}");
}

#[test]
fn the_index_is_used_again_after_a_restart_and_all_hits_count() {
    let site = site("");
    for number in 0..1200 {
        let title = format!("Many {number}");
        site.post(&format!("many/{number:04}.md"), &title, "2023-01-01", &[]);
    }
    let server = site.serve();
    wait_for_index(&server);
    let total = |server: &Server| {
        let feed = server.get("/feed.json?limit=500&page=3&q=many").json();
        feed["items"].as_array().map(Vec::len)
    };
    assert_eq!(total(&server), Some(200));
    server.stop("-TERM");
    let segments = || {
        let files = std::fs::read_dir(site.path(".feedmill/search")).expect("the index has a folder");
        let names = files.map(|file| file.expect("it can be read").file_name());
        let mut names: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".term")).collect();
        names.sort();
        names
    };
    let before = segments();
    site.post("more.md", "More many", "2023-01-02", &[]);
    let server = site.serve();
    wait_for_index(&server);
    server.wait_for("/feed.json?limit=500&page=3&q=many", |response| response.status == 200);
    assert_eq!(total(&server), Some(201));
    server.wait_for_status(|status| status["search"]["indexed"] == 1208);
    let after = segments();
    assert!(before.iter().all(|name| after.contains(name)), "{before:?} are kept in {after:?}");
}

#[test]
fn while_the_index_is_built_for_the_first_time_searches_are_503_and_other_feeds_are_served() {
    let site = site("");
    let text = "A sentence of several words about many things. ".repeat(40);
    for number in 0..3000 {
        let post = format!("---\ntitle: Many {number}\ndate: 2023-01-01\n---\n{text}\n");
        site.write(&format!("posts/many/{number}.md"), &post);
    }
    let server = site.serve();
    let response = server.get("/feed.json?q=sentence");
    assert_eq!(response.status, 503, "{}", response.text());
    assert_eq!((response.required("retry-after"), response.required("cache-control")), ("5", "no-store"));
    for path in ["/feed.json", "/", "/feeds/", "/tags/tag-1/rss.xml"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    // A selection of a few posts is read.
    assert_eq!(find(&server, "/atom.xml?q=harbour&tags=tag-0"), "0");
    let status = server.status();
    assert_eq!(status["search"]["state"], "building", "{status}");
    wait_for_index(&server);
    let feed = server.get("/feed.json?q=sentence&limit=500&page=6").json();
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(500));
    server.wait_for_log("the search index has 3007 posts");
}

/// The index of the snapshot that files make, and the same without an index.
#[test]
fn the_index_finds_what_reading_every_post_finds() {
    use feedmill::bodies::DiskBodies;
    use feedmill::catalog::{IndexState, Live};
    use feedmill::feed::{Entries, Found, plan, resolve};
    let site = site("");
    let config = feedmill::config::load(&site.path("feedmill.toml")).expect("the configuration is valid");
    let (snapshot, _) =
        feedmill::watch::read_once(&config, chrono::Utc::now()).expect("the sources can be read");
    let entries = || Arc::new(Entries::new(1 << 20, Arc::new(DiskBodies::default())));
    let (indexed, read, live) = (entries(), entries(), Live::default());
    live.publish(Arc::clone(&snapshot));
    feedmill::search::start(live.clone(), &indexed, None).expect("a thread can be started");
    crate::common::wait_until(
        || (live.indexing().state == IndexState::Ready).then_some(()),
        || format!("{:?}", live.indexing()),
    );
    for (query, found) in QUERIES {
        for entries in [&indexed, &read, &read] {
            let address = match resolve(&snapshot, "/atom.xml", Some(&format!("q={query}"))) {
                Ok(Some(Found::Feed(address))) => *address,
                other => panic!("{query}: {other:?}"),
            };
            let texts = entries.texts(&snapshot.site);
            let feed = plan(&snapshot, address, &texts).expect("it has a first page");
            let ids: String = feed.posts.iter().map(|post| post.id.trim_start_matches('p')).collect();
            assert_eq!((&*ids, texts.failure()), (found, None), "{query}");
        }
    }
}
