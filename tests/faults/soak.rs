//! Everything at once for a while: `cargo test --release --test faults -- --ignored soak`.
//!
//! It runs for ten minutes, or as many seconds as `$FEEDMILL_SOAK` says, and draws what it does from the
//! number in `$FEEDMILL_SEED`, which it tells.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::git;
use crate::site::{Server, TestSite};

const POSTS: u64 = 10_000;
const TAGS: u64 = 40;

/// xorshift64*: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % sides
    }
}

fn read_number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn place(number: u64) -> String {
    format!("posts/{:02}/{number}.md", number % 37)
}

fn write_post(dice: &mut Dice, number: u64) -> String {
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
fn act(site: &TestSite, server: &Server, dice: &mut Dice, config: &str) -> &'static str {
    let number = dice.roll(POSTS);
    let path = site.path(&place(number));
    match dice.roll(100) {
        0..=44 => {
            site.write(&place(number), &write_post(dice, number));
            "edit"
        }
        45..=54 => {
            // As editors save: a file beside it, renamed into place.
            site.write("posts/.save.tmp", &write_post(dice, number));
            let _ = fs::create_dir_all(path.parent().expect("it has one"));
            fs::rename(site.path("posts/.save.tmp"), &path).expect("it can be replaced");
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
            site.write("feedmill.toml", &format!("{config}[feeds]\nlimit = {limit}\n"));
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
            fs::rename(site.path("posts"), site.path("away")).expect("it is there");
            std::thread::sleep(Duration::from_millis(dice.roll(300)));
            fs::rename(site.path("away"), site.path("posts")).expect("it is there");
            "root away and back"
        }
        _ => {
            std::thread::sleep(Duration::from_millis(dice.roll(50)));
            "rest"
        }
    }
}

/// Reads feeds like an aggregator until it is told to stop: every answer is whole and fits its tag.
fn poll(server: &Server, stop: &AtomicBool, answers: &AtomicUsize, mut dice: Dice) {
    let mut known: std::collections::HashMap<String, (String, Vec<u8>)> = std::collections::HashMap::new();
    while !stop.load(Ordering::Relaxed) {
        let path = match dice.roll(4) {
            0 => "/atom.xml".to_owned(),
            1 => format!("/tags/t{}/rss.xml", dice.roll(TAGS)),
            2 => format!("/feed.json?tags=t{}&limit=3", dice.roll(TAGS)),
            _ => "/opml.xml".to_owned(),
        };
        let before = known.get(&path).cloned();
        let headers: Vec<(&str, &str)> =
            before.as_ref().map(|(etag, _)| ("If-None-Match", etag.as_str())).into_iter().collect();
        let response = server.ask("GET", &path, &headers);
        answers.fetch_add(1, Ordering::Relaxed);
        match response.status {
            304 => assert!(before.is_some()),
            200 => {
                assert!(!response.body.is_empty(), "{path}");
                if path != "/opml.xml" {
                    response.feed();
                }
                if path == "/atom.xml" {
                    assert!(!response.titles().is_empty(), "the main feed is never empty");
                }
                let etag = response.header("etag").expect("it has one").to_owned();
                if let Some((_, body)) = before.filter(|(known, _)| *known == etag) {
                    assert_eq!(body, response.body, "one tag, two bodies: {path}");
                }
                known.insert(path, (etag, response.body));
            }
            // A term that lost its last post, or never had one.
            404 => assert!(path.starts_with("/tags/"), "{path}"),
            other => panic!("{path}: {other} {}", response.text()),
        }
    }
}

#[test]
#[ignore = "takes ten minutes"]
fn soak() {
    let seconds = read_number("FEEDMILL_SOAK", 600);
    let seed = read_number("FEEDMILL_SEED", u64::from(std::process::id()) * 7919 + 1);
    eprintln!("seed {seed}, {seconds} s");
    let mut dice = Dice(seed | 1);
    let site = TestSite::observed("sweep = 5\n");
    let config = fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    git(&site, &["init", "-q", "-b", "one"]);
    for branch in ["one", "two"] {
        for number in 0..POSTS {
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
    let server = site.start(&start);
    server.wait_for("/readyz", |response| response.status == 200);
    let (stop, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (mut counts, started) = (std::collections::BTreeMap::new(), Instant::now());
    std::thread::scope(|scope| {
        let pollers: Vec<_> = (0..3)
            .map(|number| {
                let (server, stop, answers) = (&server, &stop, &answers);
                scope.spawn(move || poll(server, stop, answers, Dice(seed.wrapping_add(number) | 1)))
            })
            .collect();
        while started.elapsed().as_secs() < seconds
            && !pollers.iter().any(std::thread::ScopedJoinHandle::is_finished)
        {
            *counts.entry(act(&site, &server, &mut dice, &config)).or_insert(0_usize) += 1;
            std::thread::sleep(Duration::from_millis(dice.roll(20)));
        }
        stop.store(true, Ordering::Relaxed);
        for poller in pollers {
            poller.join().expect("every answer was as it should be");
        }
    });
    site.write("feedmill.toml", &config);
    // What is broken keeps what only this server saw: it is mended before both are compared.
    for path in list_posts(&site) {
        let is_broken = |text: String| text == "---\ntitle: [broken\n";
        if fs::read_to_string(site.path(&path)).is_ok_and(is_broken) {
            site.write(&path, &write_post(&mut dice, 0));
        }
    }
    server.wait_for_no_problem();
    compare(&site, &server, &start);
    let revision = server.revision();
    eprintln!("{counts:?}, {} answers, revision {revision}", answers.load(Ordering::Relaxed));
}

fn list_posts(site: &TestSite) -> Vec<String> {
    let folders = fs::read_dir(site.path("posts")).expect("it is there").flatten();
    let folders = folders.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let root = site.path("");
    let name = |entry: fs::DirEntry| {
        entry.path().strip_prefix(&root).expect("it lies below").to_string_lossy().into_owned()
    };
    files.map(name).collect()
}

/// Every feed in every format is the same, byte for byte, as that of a server that has just read the folder.
fn compare(site: &TestSite, server: &Server, start: &[&str]) {
    let fresh = site.start(start);
    fresh.wait_for("/readyz", |response| response.status == 200);
    let posts = fresh.status()["sources"][0]["posts"].clone();
    server.wait_for_status(|status| status["sources"][0]["posts"] == posts);
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
