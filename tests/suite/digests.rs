//! Digests: one entry per calendar period in which posts arrived, with a clock that the tests set.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::bodies::DiskBodies;
use feedmill::catalog::Live;
use feedmill::http::{App, Request};
use feedmill::state::Store;
use feedmill::watch::read_once;

use crate::common::{TestHub, TestSite, parse_feed, parse_json, project, read_file};

const WEEKLY: &str = "[[feed]]\nname = \"weekly\"\ntitle = \"Every week\"\ndigest = \"week\"\n";
const FEED: &str = "/feeds/weekly/atom.xml";

/// A site in Berlin with a feed of digests.
fn site(more: &str) -> TestSite {
    let site = TestSite::plain(more);
    site.edit("feedmill.toml", |text| text.replace("[site]\n", "[site]\ntime_zone = \"Europe/Berlin\"\n"));
    site
}

/// A site with a post of each of three weeks.
fn site_of_weeks(more: &str) -> TestSite {
    let site = site(&format!("{WEEKLY}{more}"));
    site.post("a.md", "A", "2026-11-10T12:00:00Z", &["x"]);
    site.post("b.md", "B", "2026-11-22T22:59:59Z", &["x", "y"]);
    site.post("c.md", "C", "2026-11-22T23:00:00Z", &["y"]);
    site
}

/// An answer.
struct Answer {
    status: u16,
    text: String,
    etag: String,
}

impl Answer {
    fn titles(&self) -> Vec<String> {
        let entries = parse_feed(&self.text).entries.into_iter();
        entries.map(|entry| entry.title.expect("it has a title").content).collect()
    }

    fn entry(&self, number: usize) -> feed_rs::model::Entry {
        parse_feed(&self.text).entries.swap_remove(number)
    }

    fn html(&self) -> String {
        let content = self.entry(0).content.expect("it has content");
        content.body.expect("it has a text")
    }
}

/// The feeds of a site at a time. Posts have arrived when they were published.
struct Served(App);

impl Served {
    fn at(site: &TestSite, time: &str) -> Self {
        let config = feedmill::load(&site.path("feedmill.toml")).expect("a valid configuration");
        let now: DateTime<Utc> = time.parse().expect("a time");
        let (snapshot, _) = read_once(&config, now).expect("the folder is readable");
        let live = Live::default();
        live.publish(snapshot);
        Self(App::new(live, Arc::new(DiskBodies::default()), &config.server, Store::default()))
    }

    fn get(&self, path: &str) -> Answer {
        let answer = self.0.answer(&Request::get(path));
        Answer {
            status: answer.status.as_u16(),
            text: String::from_utf8(answer.body.to_vec()).expect("it is text"),
            etag: answer.header("etag").unwrap_or_default().to_owned(),
        }
    }
}

const WEEK_46: &str = "Every week: November 9, 2026 – November 15, 2026";
const WEEK_47: &str = "Every week: November 16, 2026 – November 22, 2026";
const WEEK_48: &str = "Every week: November 23, 2026 – November 29, 2026";

#[test]
fn a_digest_appears_exactly_when_its_period_ends_and_only_then_the_feed_changes() {
    let site = site_of_weeks("");
    let before = Served::at(&site, "2026-11-29T22:59:59Z").get(FEED);
    assert_eq!(before.titles(), [WEEK_47, WEEK_46], "C is of the week that begins at midnight in Berlin");
    let middle = Served::at(&site, "2026-11-24T00:00:00Z").get(FEED);
    assert_eq!((middle.etag, middle.text), (before.etag.clone(), before.text));
    let after = Served::at(&site, "2026-11-29T23:00:00Z").get(FEED);
    assert_eq!(after.titles(), [WEEK_48, WEEK_47, WEEK_46]);
    assert_ne!(after.etag, before.etag);
    // Weeks without posts have no digest.
    let later = Served::at(&site, "2027-03-01T00:00:00Z").get(FEED);
    assert_eq!((later.etag, later.text), (after.etag, after.text));
}

#[test]
fn a_post_belongs_to_the_digest_of_its_arrival_whatever_its_date() {
    let site = site_of_weeks("");
    let server = site.serve_at("2026-12-03T12:00:00Z");
    let before = server.get(FEED);
    assert_eq!(before.titles(), [WEEK_48, WEEK_47, WEEK_46]);
    site.post("old.md", "Old", "2015-01-01", &[]);
    server.wait_for("/rss.xml", |response| response.titles().len() == 4);
    site.post("late.md", "Late", "2026-11-18", &[]);
    server.wait_for("/rss.xml", |response| response.titles().len() == 5);
    assert_eq!(
        server.get(FEED).header("etag"),
        before.header("etag"),
        "a digest that was served gets no post"
    );
    assert_eq!(server.stop("-KILL"), None);
    let server = site.serve_at("2026-12-07T12:00:00Z");
    let after = server.get(FEED);
    assert_eq!(after.titles()[0], "Every week: November 30, 2026 – December 6, 2026");
    let text = after.text();
    assert!(text.contains("Body of Late.") && text.contains("Body of Old."), "{text}");
    // The page of the period shows what the digest counts.
    let link = after.feed().entries[0].links[0].href.clone();
    let path = link.strip_prefix(&server.base()).expect("a URL of this server");
    assert_eq!(path, "/feeds/weekly/?since=2026-11-30&until=2026-12-07");
    let page = server.get(path).text();
    assert!(page.contains(">Old<") && page.contains(">Late<") && !page.contains(">C<"), "{page}");
    assert!(page.contains("<dt>Arrived from</dt>"), "{page}");
    let posts = server.get(&path.replace("weekly/?", "weekly/atom.xml?"));
    assert_eq!(posts.titles(), ["Late", "Old"]);
    // In another feed these are limits of publication.
    assert_eq!(server.get("/atom.xml?since=2026-11-30").titles(), [] as [&str; 0]);
}

#[test]
fn a_digest_keeps_its_id_and_changes_only_with_its_posts() {
    let site = site_of_weeks("");
    let first = Served::at(&site, "2026-11-25T00:00:00Z").get(FEED);
    let id = "tag:example.org,2026:/blog/feeds/weekly/2026-W47";
    let entry = first.entry(0);
    assert_eq!(entry.id, id);
    assert_eq!(entry.updated.expect("it has a date").to_rfc3339(), "2026-11-22T23:00:00+00:00");
    // A post of another week changes no digest, nor does a new place or the order of the folder.
    site.post("c.md", "Cc", "2026-11-22T23:00:00Z", &["y"]);
    assert_eq!(Served::at(&site, "2026-11-25T00:00:00Z").get(FEED).etag, first.etag);
    site.write(
        "posts/b.md",
        "---\ntitle: B2\ndate: 2026-11-22T22:59:59Z\nupdated: 2026-11-26T09:00:00Z\n---\nNew.\n",
    );
    let edited = Served::at(&site, "2026-11-26T10:00:00Z").get(FEED);
    assert!(edited.etag != first.etag && edited.html().contains("New."));
    assert_eq!(edited.entry(0).id, id);
    assert_eq!(edited.entry(0).updated.expect("it has a date").to_rfc3339(), "2026-11-26T09:00:00+00:00");
    assert_eq!(edited.entry(1), first.entry(1));
    // Without its last post, a period is empty.
    site.remove("posts/b.md");
    assert_eq!(Served::at(&site, "2026-11-26T11:00:00Z").get(FEED).titles(), [WEEK_46]);
}

#[test]
fn documents_of_digests_are_whole_in_every_format() {
    let site = site(
        "[[feed]]\nname = \"monthly\"\ntitle = \"Monatlich\"\ndigest = \"month\"\n[feeds]\n\
         footer = \"<p>Aus {origin}</p>\"\n[[origin]]\nhost = \"news.example\"\nname = \"Nachrichten & mehr\"\n",
    );
    site.edit("feedmill.toml", |text| text.replace("[site]\n", "[site]\nlanguage = \"de\"\n"));
    let with = |name: &str, more: &str, body: &str| {
        site.write(&format!("posts/{name}"), &format!("---\n{more}\n---\n{body}\n"));
    };
    with(
        "a.md",
        "title: A < B\ndate: 2026-03-01T08:00:00Z\nfrom: https://news.example/a?b&c",
        "Text of *A*.",
    );
    with("b.md", "title: B\ndate: 2026-03-31T21:59:59Z\nfrom: https://www.other.example/b\nlang: ar", "نص");
    with("c.md", "title: C\ndate: 2026-03-31T22:00:00Z", "April.");
    let served = Served::at(&site, "2026-04-02T00:00:00Z");
    let document = ["atom.xml", "rss.xml", "feed.json"].map(|file| {
        let text = served.get(&format!("/feeds/monthly/{file}")).text;
        text.replace(&read_version(), "VERSION")
    });
    insta::assert_snapshot!(document.join("\n"));
}

/// The version of the program, which documents contain.
fn read_version() -> String {
    let text = read_file(project("Cargo.toml"));
    let line = text.lines().find(|line| line.starts_with("version")).expect("it has a version");
    line.split('"').nth(1).expect("it is in quotes").to_owned()
}

#[test]
fn the_content_of_a_digest_is_that_of_its_posts_and_the_rest_is_one_link_away() {
    let site = site(
        "[[feed]]\nname = \"full\"\ndigest = \"day\"\n[[feed]]\nname = \"short\"\ndigest = \"day\"\ncontent = \"summary\"\n\
         [[feed]]\nname = \"none\"\ndigest = \"day\"\ncontent = \"none\"\n",
    );
    for number in 0..120 {
        let date = format!("2026-03-01T{:02}:{:02}:00Z", 8 + number / 60, number % 60);
        let text = format!("---\ntitle: T{number}\ndate: {date}\n---\nFirst {number}.\n\nSecond {number}.\n");
        site.write(&format!("posts/{number}.md"), &text);
    }
    let served = Served::at(&site, "2026-03-02T00:00:00Z");
    let html = |name: &str| served.get(&format!("/feeds/{name}/rss.xml")).html();
    let (full, short, none) = (html("full"), html("short"), html("none"));
    let count = |html: &str, what: &str| html.matches(what).count();
    assert_eq!([count(&full, "<h2>"), count(&full, "Second")], [100, 100]);
    assert!(full.contains(">T119<") && !full.contains(">T19<"), "those that arrived last");
    assert_eq!([count(&short, "<h2>"), count(&short, "First"), count(&short, "Second")], [120, 120, 0]);
    assert_eq!([count(&none, "<h2>"), count(&none, "First")], [120, 0]);
    assert!(
        full.ends_with("?since=2026-03-01&amp;until=2026-03-02\">All posts of this period (120)</a></p>")
    );
    let page = served.get("/feeds/full/atom.xml?since=2026-03-01&until=2026-03-02&limit=500");
    assert_eq!(page.titles().len(), 120);
}

#[test]
fn digests_are_paged_and_archived_like_posts() {
    let site = site("[[feed]]\nname = \"daily\"\ndigest = \"day\"\nlimit = 2\narchive = 3\n");
    for day in 1..=8 {
        for hour in [8, 20] {
            let (name, date) = (format!("{day}-{hour}.md"), format!("2026-03-0{day}T{hour:02}:00:00Z"));
            site.post(&name, &name, &date, &["even", "odd"][day % 2..=day % 2]);
        }
    }
    let served = Served::at(&site, "2026-03-08T12:00:00Z");
    let days = |path: &str| -> Vec<String> {
        let titles = served.get(path).titles().into_iter();
        titles.map(|title| title.replace("daily: March ", "").replace(", 2026", "")).collect()
    };
    let feed = "/feeds/daily/rss.xml";
    assert_eq!(days(feed), ["7", "6"], "the eighth has not ended");
    assert_eq!(days("/feeds/daily/rss.xml?page=2"), ["5", "4"]);
    assert_eq!(days("/feeds/daily/rss.xml?page=4"), ["1"]);
    assert_eq!(served.get("/feeds/daily/rss.xml?page=5").status, 404);
    assert_eq!(days("/feeds/daily/rss.xml?limit=3&page=2"), ["4", "3", "2"]);
    assert_eq!(days("/feeds/daily/archive/1/rss.xml"), ["3", "2", "1"]);
    assert_eq!(days("/feeds/daily/archive/2/rss.xml"), ["6", "5", "4"]);
    assert_eq!(served.get("/feeds/daily/archive/3/rss.xml").status, 404);
    let archive = served.get("/feeds/daily/archive/2/rss.xml").etag;
    assert_eq!(Served::at(&site, "2026-03-09T12:00:00Z").get("/feeds/daily/archive/2/rss.xml").etag, archive);
    assert!(served.get(feed).text.contains("/feeds/daily/archive/2/rss.xml\" rel=\"prev-archive\""));
    // A query narrows the posts, and a digest without any is none. Its id is another one.
    let odd = served.get("/feeds/daily/atom.xml?tags=odd");
    assert_eq!(odd.titles().len(), 2);
    assert_eq!(odd.entry(0).id, "tag:example.org,2026:/blog/feeds/daily/2026-03-07?tags=odd");
    let link = &odd.entry(0).links[0].href;
    assert!(link.ends_with("/feeds/daily/?since=2026-03-07&tags=odd&until=2026-03-08"), "{link}");
    // Parameters without effect are not part of the URL.
    let plain = served.get("/feeds/daily/atom.xml");
    assert_eq!(served.get("/feeds/daily/atom.xml?order=updated&window=24h").etag, plain.etag);
    assert_eq!(days("/feeds/daily/rss.xml?q=7"), ["7-20.md", "7-8.md"], "words find posts");
}

#[test]
fn a_page_shows_the_digests_of_its_feed() {
    let site = site_of_weeks("");
    let page = Served::at(&site, "2026-11-25T00:00:00Z").get("/feeds/weekly/").text;
    assert!(page.contains("2 digests") && page.contains(WEEK_47), "{page}");
    assert!(page.contains("href=\"/feeds/weekly/?since=2026-11-16&amp;until=2026-11-23\""), "{page}");
    let site = site_of_weeks("[pages]\nenabled = false\n");
    let feed = Served::at(&site, "2026-11-25T00:00:00Z").get(FEED);
    let link = feed.entry(0).links[0].href.clone();
    assert!(link.ends_with("/feeds/weekly/atom.xml?since=2026-11-16&until=2026-11-23"), "{link}");
}

#[test]
fn commands_know_digests() {
    let site = site_of_weeks("");
    // Every week of these posts has ended or not, whatever the time is: those of 2024 have.
    for (file, date) in [("a.md", "2024-01-01"), ("b.md", "2024-01-02"), ("c.md", "2024-01-09")] {
        site.post(file, file, date, &[]);
    }
    let (_, list, _) = site.run(&["list", "--format", "json"]);
    let list = parse_json(&list);
    let rows = list.as_array().expect("a list").iter();
    let row = rows.clone().find(|row| row["address"] == FEED).expect("it is listed");
    assert_eq!((row["posts"].as_u64(), row["newest"].as_str()), (Some(2), Some("2024-01-15T00:00:00+01:00")));
    let (_, explained, _) = site.run(&["explain", "posts/b.md"]);
    assert!(explained.contains("  /feeds/weekly/atom.xml  (in the digest 2024-W01)\n"), "{explained}");
    let (_, rendered, _) = site.run(&["render", "/feeds/weekly/feed.json"]);
    assert_eq!(parse_json(&rendered)["items"].as_array().map(Vec::len), Some(2));
    let (status, _, errors) = site.run(&["export", "out"]);
    assert_eq!(status, 0, "{errors}");
    let exported = site.read("out/feeds/weekly/feed.json");
    assert_eq!(parse_json(&exported)["items"], parse_json(&rendered)["items"]);
    assert!(site.read("out/feeds/weekly/index.html").contains("2 digests"));
    let (status, _, errors) = site.run(&["compare", "out/rss.xml", "--with", FEED]);
    assert!(status == 2 && errors.contains("has digests, which are not compared"), "{errors}");
    // A feed whose first period has not ended is not reported as empty.
    site.edit("feedmill.toml", |text| text.replace("\"week\"", "\"month\""));
    site.post("a.md", "A", &Utc::now().to_rfc3339(), &[]);
    site.remove("posts/b.md");
    site.remove("posts/c.md");
    let (_, report, _) = site.run(&["check"]);
    assert!(!report.contains("has no post"), "{report}");
}

#[test]
fn a_feed_becomes_one_of_digests_while_the_server_runs() {
    let site = site("[[feed]]\nname = \"posts\"\n");
    site.post("a.md", "A", "2024-01-01", &[]);
    site.post("b.md", "B", "2024-02-01", &[]);
    let server = site.serve();
    server.wait_for_titles("/feeds/posts/atom.xml", &["B", "A"]);
    site.edit("feedmill.toml", |text| format!("{text}digest = \"month\"\n"));
    let digests = ["posts: February 2024", "posts: January 2024"];
    let feed = server.wait_for_titles("/feeds/posts/atom.xml", &digests);
    let known = [("if-none-match", feed.required("etag"))];
    assert_eq!(server.ask("GET", "/feeds/posts/atom.xml", &known).status, 304);
    let head = server.ask("HEAD", "/feeds/posts/rss.xml", &[]);
    assert!(head.status == 200 && head.header("etag").is_some());
    assert_eq!(server.ask("OPTIONS", "/feeds/posts/rss.xml", &[]).status, 204);
    let list = server.get("/opml.xml").text();
    assert!(
        list.contains("/feeds/posts/atom.xml") && server.get("/").text().contains("/feeds/posts/"),
        "{list}"
    );
}

#[test]
fn a_running_server_serves_a_digest_when_its_period_ends_and_notifies_hubs() {
    let hub = TestHub::start(&[]);
    let site = site_of_weeks(&format!("[websub]\nhubs = [\"{}\"]\n", hub.url));
    // Seconds before Monday in Berlin.
    let server = site.serve_at("2026-11-29T22:59:45Z");
    server.wait_for_log("of every change from now on");
    let before = server.get(FEED);
    assert_eq!(before.titles(), [WEEK_47, WEEK_46]);
    let lifetime = before.required("cache-control");
    assert!((0..=15).any(|left| lifetime.starts_with(&format!("public, max-age={left}, "))), "{lifetime}");
    let after = server.wait_for_titles(FEED, &[WEEK_48, WEEK_47, WEEK_46]);
    assert!(before.header("etag") != after.header("etag"));
    assert_eq!(after.required("last-modified"), "Sun, 29 Nov 2026 23:00:00 GMT");
    server.wait_for_log("a calendar period has ended");
    let notified = hub.wait();
    assert!(notified.len() == 3 && notified.iter().all(|url| url.contains("/feeds/weekly/")), "{notified:?}");
}
