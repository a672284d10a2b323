//! The house keeps its order: imports point down, and rooms below the ground know no server.

use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom.
const ROOMS: [&str; 13] = [
    "commands", "http", "watch", "websub", "state", "page", "feed", "catalog", "post", "body", "config",
    "file", "limits",
];

/// Crates that only some rooms may know.
const GUARDED: [(&str, &[&str]); 12] = [
    ("actix_web", &["commands", "http"]),
    ("tokio", &["commands", "http"]),
    ("notify", &["watch"]),
    ("redb", &["state"]),
    ("anyhow", &["commands"]),
    ("clap", &["commands"]),
    ("serde_yaml", &["post"]),
    ("comrak", &["body"]),
    ("maud", &["page"]),
    ("fluent_bundle", &["page"]),
    ("icu_datetime", &["page"]),
    ("ureq", &["websub"]),
];

fn list_sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it is there").path());
    entries.flat_map(|path| if path.is_dir() { list_sources(&path) } else { vec![path] }).collect()
}

/// Every file of a room with its code, comments left out.
fn read_room(room: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let files = if folder.is_dir() { list_sources(&folder) } else { vec![folder.with_extension("rs")] };
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| {
        let text = fs::read_to_string(&file).expect("it is text");
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (file, code.join("\n"))
    })
    .collect()
}

#[test]
fn imports_point_down() {
    for (place, room) in ROOMS.iter().enumerate() {
        for (file, code) in read_room(room) {
            for above in &ROOMS[..place] {
                assert!(!code.contains(&format!("crate::{above}")), "{} knows {above}", file.display());
            }
            // Neither of the two knows the other: what they share lies below them.
            let (is_above, file) = (["http", "watch"].contains(room), file.display());
            assert!(*room != "http" || !code.contains("crate::watch"), "{file} knows watch");
            assert!(!is_above || !code.contains("crate::websub"), "{file} knows websub");
        }
    }
}

#[test]
fn each_library_stays_in_its_rooms() {
    for room in ROOMS {
        for (file, code) in read_room(room) {
            for (library, rooms) in GUARDED {
                let known = code.contains(&format!("{library}::"));
                assert!(!known || rooms.contains(&room), "{} knows {library}", file.display());
            }
        }
    }
}

#[test]
fn what_is_below_the_watch_knows_no_clock() {
    for room in ["catalog", "post", "body", "feed", "page", "config"] {
        for (file, code) in read_room(room) {
            for clock in ["Utc::now", "SystemTime::now", "Local::now"] {
                assert!(!code.contains(clock), "{} asks {clock}", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_in_its_first_line_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in list_sources(&root) {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&file).expect("it is text");
            assert!(text.starts_with("//! "), "{} does not", file.display());
            let lines = text.lines().count();
            assert!(lines <= 400, "{} has {lines} lines: more than one subject?", file.display());
        }
    }
}
