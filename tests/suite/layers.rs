//! The layers of the code: imports point down, and libraries stay in their layers.

use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom.
const LAYERS: [&str; 16] = [
    "commands", "lint", "http", "watch", "bodies", "websub", "state", "page", "feed", "site", "catalog",
    "post", "body", "config", "file", "limits",
];

/// Crates that only some layers may use.
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
    let entries = fs::read_dir(folder)
        .expect("the folder is readable")
        .map(|entry| entry.expect("the folder is readable").path());
    entries.flat_map(|path| if path.is_dir() { list_sources(&path) } else { vec![path] }).collect()
}

/// Every file of a layer with its code, without comments.
fn read_layer(layer: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer);
    let files = if folder.is_dir() { list_sources(&folder) } else { vec![folder.with_extension("rs")] };
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| {
        let text = fs::read_to_string(&file).expect("the file is text");
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (file, code.join("\n"))
    })
    .collect()
}

#[test]
fn imports_point_down() {
    for (place, layer) in LAYERS.iter().enumerate() {
        for (file, code) in read_layer(layer) {
            for above in &LAYERS[..place] {
                assert!(!code.contains(&format!("crate::{above}")), "{} imports {above}", file.display());
            }
            // Neither of the two imports the other: what they share lies below them.
            let (is_above, file) = (["lint", "http", "watch", "bodies"].contains(layer), file.display());
            assert!(*layer != "http" || !code.contains("crate::watch"), "{file} imports watch");
            assert!(*layer != "lint" || !code.contains("crate::http"), "{file} imports http");
            assert!(!is_above || !code.contains("crate::websub"), "{file} imports websub");
        }
    }
}

#[test]
fn each_library_stays_in_its_layers() {
    for layer in LAYERS {
        for (file, code) in read_layer(layer) {
            for (library, layers) in GUARDED {
                let known = code.contains(&format!("{library}::"));
                assert!(!known || layers.contains(&layer), "{} uses {library}", file.display());
            }
        }
    }
}

#[test]
fn layers_below_watch_take_the_time_as_an_argument() {
    for layer in ["lint", "bodies", "site", "catalog", "post", "body", "feed", "page", "config"] {
        for (file, code) in read_layer(layer) {
            for clock in ["Utc::now", "SystemTime::now", "Local::now"] {
                assert!(!code.contains(clock), "{} reads {clock}", file.display());
            }
        }
    }
}

#[test]
fn every_file_has_one_subject_and_says_it_in_its_first_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in list_sources(&root) {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&file).expect("the file is text");
            assert!(text.starts_with("//! "), "{} does not", file.display());
            let lines = text.lines().count();
            assert!(lines <= 400, "{} has {lines} lines: more than one subject?", file.display());
        }
    }
}
