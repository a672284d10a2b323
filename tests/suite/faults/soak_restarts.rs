//! A server that is stopped and started at random while its posts change, and in the end equals one that reads every
//! file.
//!
//! A short one is part of the suite. The long one runs for ten minutes, or as many seconds as `$FEEDMILL_SOAK_SECONDS`
//! says: `cargo test --release --test suite -- --ignored restarts_for_long`. `$FEEDMILL_SEED` repeats one.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use super::soak::{Dice, TAGS, compare, place, read_number, write_post};
use crate::common::TestSite;

const START: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];

#[test]
fn restarts_for_some_seconds() {
    soak(200, 8);
}

#[test]
#[ignore = "takes ten minutes"]
fn restarts_for_long() {
    soak(5000, read_number("FEEDMILL_SOAK_SECONDS", 600));
}

/// One change of the folder.
fn act(site: &TestSite, dice: &mut Dice, posts: u64) -> &'static str {
    let number = dice.roll(posts);
    let path = site.path(&place(number));
    match dice.roll(10) {
        0..=4 => {
            site.write(&place(number), &write_post(dice, number));
            "edit"
        }
        5 => {
            let _ = fs::remove_file(&path);
            "delete"
        }
        6 => {
            let _ = fs::create_dir_all(site.path("posts/moved"));
            let _ = fs::rename(&path, site.path(&format!("posts/moved/{number}.md")));
            "rename"
        }
        7 => {
            let (from, to) = (dice.roll(37), dice.roll(37));
            let _ = fs::rename(site.path(&format!("posts/{from:02}")), site.path(&format!("posts/d{to}")));
            "rename of a folder"
        }
        8 => {
            // Metadata without another content.
            let text = fs::read(&path);
            let _ = text.and_then(|text| fs::write(&path, text));
            "touch"
        }
        _ => {
            std::thread::sleep(Duration::from_millis(dice.roll(20)));
            "rest"
        }
    }
}

fn soak(posts: u64, seconds: u64) {
    let seed = read_number("FEEDMILL_SEED", u64::from(std::process::id()) * 7919 + 1);
    eprintln!("seed {seed}, {seconds} s");
    let mut dice = Dice(seed | 1);
    // A server that reads every file does not know when posts arrived.
    let site = TestSite::observed("[feeds]\narchive = 0\n");
    for number in 0..posts {
        site.write(&place(number), &write_post(&mut dice, number));
    }
    let (started, mut counts, mut restarts) = (Instant::now(), BTreeMap::new(), 0);
    while started.elapsed().as_secs() < seconds || restarts < 4 {
        let mut server = site.start(&START).ready();
        if restarts > 0 {
            server.wait_for_log("served as of");
        }
        for _ in 0..dice.roll(40) {
            *counts.entry(act(&site, &mut dice, posts)).or_insert(0_usize) += 1;
        }
        match dice.roll(3) {
            // What was not written yet is read again.
            0 if restarts > 0 => server.kill(),
            _ => assert_eq!(server.stop("-TERM"), Some(0)),
        }
        for _ in 0..dice.roll(40) {
            *counts.entry(act(&site, &mut dice, posts)).or_insert(0_usize) += 1;
        }
        restarts += 1;
    }
    let server = site.start(&START).ready();
    server.wait_for_log("served as of");
    assert_eq!(TAGS, 40, "the tags that are compared");
    eprintln!("{counts:?}, {restarts} restarts");
    compare(&site, &server, &START);
}
