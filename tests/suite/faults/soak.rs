//! Everything at once for a while: edits, faults, reloads, pollers in every coding, bursts of costly requests.
//!
//! A short one is part of the suite. The long one runs for ten minutes, or as many seconds as
//! `$FEEDMILL_SOAK_SECONDS` says: `cargo test --release --test suite -- --ignored soak_for_long`. It draws what it does
//! from the number in `$FEEDMILL_SEED`, which it prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::git;
use super::soak_pollers::{Seen, poll};
use crate::common::{Server, TestSite, parse_json, wait_until};

pub(super) const TAGS: u64 = 40;

/// The cache (`server.cache` as it is without a configuration), and what may be resident in addition to what was
/// at the start.
const CACHE: u64 = 64 << 20;
const GROWTH: u64 = CACHE / 2 * 3;

/// xorshift64*: the same numbers for the same seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % sides
    }
}

pub(super) fn read_number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

pub(super) fn place(number: u64) -> String {
    format!("posts/{:02}/{number}.md", number % 37)
}

pub(super) fn write_post(dice: &mut Dice, number: u64) -> String {
    let (day, month, year) = (1 + dice.roll(28), 1 + dice.roll(12), 2000 + dice.roll(25));
    let tags: BTreeSet<u64> = (0..dice.roll(4)).map(|_| dice.roll(TAGS)).collect();
    let tags: Vec<String> = tags.into_iter().map(|tag| format!("t{tag}")).collect();
    let text = "Word after word. ".repeat(1 + dice.roll(200) as usize);
    let (tags, roll) = (tags.join(", "), dice.roll(1 << 32));
    format!(
        "---\ntitle: Post {number} of {roll}\ndate: {year}-{month:02}-{day:02}\ntags: [{tags}]\n---\n{text}\n"
    )
}

/// One thing that happens to a folder.
fn act(site: &TestSite, server: &Server, dice: &mut Dice, config: &str, posts: u64) -> &'static str {
    let number = dice.roll(posts);
    let path = site.path(&place(number));
    match dice.roll(100) {
        0..=44 => {
            site.write(&place(number), &write_post(dice, number));
            "edit"
        }
        45..=54 => {
            // As editors save: a file next to it, renamed into place.
            site.write("posts/.save.tmp", &write_post(dice, number));
            let _ = fs::create_dir_all(path.parent().expect("a post is in a folder"));
            fs::rename(site.path("posts/.save.tmp"), &path).expect("the post can be replaced");
            "save by rename"
        }
        55..=64 => {
            let _ = fs::remove_file(&path);
            "delete"
        }
        65..=74 => {
            let _ = fs::create_dir_all(site.path("posts/moved"));
            let _ = fs::rename(&path, site.path(&format!("posts/moved/{number}.md")));
            "rename"
        }
        75..=79 => {
            site.write(&place(number), "---\ntitle: [broken\n");
            "break"
        }
        80..=83 => {
            let (from, to) = (dice.roll(37), dice.roll(1000));
            let _ = fs::rename(site.path(&format!("posts/{from:02}")), site.path(&format!("posts/d{to}")));
            "rename of a folder"
        }
        84..=85 => {
            git(site, &["checkout", "-qf", if dice.roll(2) == 0 { "one" } else { "two" }]);
            "checkout"
        }
        86 => {
            git(site, &["clean", "-qfd"]);
            "clean"
        }
        87..=89 => {
            let limit = 5 + dice.roll(30);
            site.write("feedmill.toml", &format!("{config}limit = {limit}\n"));
            "reload"
        }
        90 => {
            site.write("feedmill.toml", "[site\n");
            "bad reload"
        }
        91..=92 => {
            server.signal("-HUP");
            "hangup"
        }
        93 => {
            site.rename("posts", "away");
            std::thread::sleep(Duration::from_millis(dice.roll(300)));
            site.rename("away", "posts");
            "root away and back"
        }
        94..=95 => {
            burst(server, dice);
            "burst"
        }
        _ => {
            std::thread::sleep(Duration::from_millis(dice.roll(50)));
            "rest"
        }
    }
}

/// Many costly requests at once, half of which are not read.
fn burst(server: &Server, dice: &mut Dice) {
    let start = dice.roll(1 << 32);
    let ask = |number: u64| {
        let mut stream = server.open();
        let target = format!("/rss.xml?limit=500&not_tags=u{}", start + number);
        write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .expect("the server reads the request");
        stream
    };
    let streams: Vec<_> = (0..50).map(ask).collect();
    for mut stream in streams.into_iter().take(25) {
        let mut bytes = Vec::new();
        // A slow reader is disconnected when others need the memory.
        let _ = stream.read_to_end(&mut bytes);
    }
}

#[test]
fn soak_for_some_seconds() {
    soak(500, 8);
}

#[test]
#[ignore = "takes ten minutes"]
fn soak_for_long() {
    soak(10_000, read_number("FEEDMILL_SOAK_SECONDS", 600));
}

fn soak(posts: u64, seconds: u64) {
    let seed = read_number("FEEDMILL_SEED", u64::from(std::process::id()) * 7919 + 1);
    eprintln!("seed {seed}, {seconds} s");
    let mut dice = Dice(seed | 1);
    let site = TestSite::observed("sweep = 5\n[[source]]\nname = \"counter\"\npath = \"counter\"\n");
    // A server that has just read the folder does not know when posts arrived.
    let config = site.read("feedmill.toml") + "[feeds]\narchive = 0\n";
    site.write("feedmill.toml", &config);
    write_count(&site, 0);
    git(&site, &["init", "-q", "-b", "one"]);
    for branch in ["one", "two"] {
        for number in 0..posts {
            if branch == "one" || dice.roll(3) == 0 {
                site.write(&place(number), &write_post(&mut dice, number));
            }
        }
        if branch == "two" {
            git(&site, &["checkout", "-qb", "two"]);
        }
        git(&site, &["add", "-A"]);
        git(&site, &["commit", "-qm", branch]);
    }
    let start = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];
    let server = site.start(&start).ready();
    let (stop, seen) = (AtomicBool::new(false), Seen::default());
    let (mut counts, started) = (BTreeMap::new(), Instant::now());
    let base = server.memory("VmRSS");
    // The highest value is forgotten: the first reading of all posts is not what is measured.
    fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").expect("the process is of this user");
    std::thread::scope(|scope| {
        let pollers: Vec<_> = ["identity", "gzip", "br", "zstd", "identity"]
            .into_iter()
            .zip(0..)
            .map(|(coding, number)| {
                let (server, stop, seen) = (&server, &stop, &seen);
                scope.spawn(move || poll(server, stop, seen, coding, Dice(seed.wrapping_add(number) | 1)))
            })
            .collect();
        let mut count = 0;
        // On a slow machine it goes on until what is checked at the end was seen.
        let is_short = || {
            let (elapsed, is_seen) = (started.elapsed().as_secs(), seen.count.load(Ordering::SeqCst) > 0);
            elapsed < seconds || (!is_seen && elapsed < 10 * seconds)
        };
        while is_short() && !pollers.iter().any(std::thread::ScopedJoinHandle::is_finished) {
            *counts.entry(act(&site, &server, &mut dice, &config, posts)).or_insert(0_usize) += 1;
            count += 1;
            write_count(&site, count);
            std::thread::sleep(Duration::from_millis(dice.roll(20)));
        }
        stop.store(true, Ordering::Relaxed);
        for poller in pollers {
            poller.join().expect("every answer was as it should be");
        }
    });
    let most = server.memory("VmHWM");
    site.write("feedmill.toml", &config);
    // What is broken keeps what only this server saw: it is fixed before both are compared.
    for path in list_posts(&site) {
        let is_broken = |text: String| text == "---\ntitle: [broken\n";
        if fs::read_to_string(site.path(&path)).is_ok_and(is_broken) {
            site.write(&path, &write_post(&mut dice, 0));
        }
    }
    server.wait_for_no_problem();
    compare(&site, &server, &start);
    let (answers, refused) = (seen.answers.into_inner(), seen.refused.into_inner());
    eprintln!(
        "{counts:?}, {answers} answers, {refused} refused, revision {}, {} MiB at first, {} MiB at most",
        server.revision(),
        base >> 20,
        most >> 20
    );
    assert!(seen.count.into_inner() > 0, "the count was seen");
    assert!(most <= base + GROWTH, "{} MiB after {} MiB", most >> 20, base >> 20);
}

/// A post whose title only ever counts up.
fn write_count(site: &TestSite, count: u64) {
    // By rename: it is never half written.
    let text = format!("---\ntitle: \"{count}\"\ndate: 2024-01-01\n---\nText.\n");
    site.write("counter.tmp", &text);
    let _ = fs::create_dir_all(site.path("counter"));
    site.rename("counter.tmp", "counter/count.md");
}

fn list_posts(site: &TestSite) -> Vec<String> {
    let folders = fs::read_dir(site.path("posts")).expect("the folder is readable").flatten();
    let folders = folders.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let root = site.path("");
    let name = |entry: fs::DirEntry| {
        entry.path().strip_prefix(&root).expect("the file is below the root").to_string_lossy().into_owned()
    };
    files.map(name).collect()
}

/// The ids of all posts.
fn list_ids(server: &Server) -> BTreeSet<String> {
    let pages = (1..).map(|page| server.get(&format!("/feed.json?limit=500&page={page}")));
    let feeds = pages.take_while(|page| page.status == 200).map(|page| parse_json(&page.text()));
    let ids = |feed: Value| {
        let items = feed["items"].as_array().cloned().unwrap_or_default();
        items.into_iter().map(|item| item["id"].to_string()).collect::<Vec<_>>()
    };
    feeds.flat_map(ids).collect()
}

/// Every feed in every format is the same, byte for byte, as that of a server that has just read the folder.
pub(super) fn compare(site: &TestSite, server: &Server, start: &[&str]) {
    // It shares the folder of the state with the other server, so that it reads every file.
    let fresh = site.start(start).ready();
    let wanted = list_ids(&fresh);
    let differs = || list_ids(server).symmetric_difference(&wanted).cloned().collect::<Vec<_>>();
    wait_until(
        || differs().is_empty().then_some(()),
        || format!("{:?}\n{:#}\n{:#}\n{}", differs(), server.status(), fresh.status(), fresh.log()),
    );
    let mut places = vec![String::new(), "/sources/posts".to_owned()];
    places.extend((0..TAGS).map(|tag| format!("/tags/t{tag}")));
    for place in places {
        for format in ["rss.xml", "atom.xml", "feed.json", "atom.xml?page=2", "feed.json?limit=500"] {
            let path = format!("{place}/{format}");
            let wanted = fresh.get(&path);
            server.wait_for(&path, |response| {
                (response.status, &response.body, response.header("etag"))
                    == (wanted.status, &wanted.body, wanted.header("etag"))
            });
        }
    }
    assert_eq!(server.get("/opml.xml").body, fresh.get("/opml.xml").body);
}
