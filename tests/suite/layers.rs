//! The layers of the code: imports point down, and libraries stay in their layers.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom.
const LAYERS: [&str; 22] = [
    "commands", "feeds", "lint", "http", "watch", "bodies", "websub", "search", "warm", "state", "ledger",
    "page", "feed", "texts", "site", "catalog", "post", "body", "config", "words", "file", "limits",
];

/// Crates that only some layers may use.
const GUARDED: [(&str, &[&str]); 14] = [
    ("actix_web", &["commands", "http"]),
    ("tokio", &["commands", "http"]),
    ("notify", &["watch"]),
    ("redb", &["state"]),
    ("anyhow", &["commands"]),
    ("clap", &["commands"]),
    ("serde_yaml", &["post"]),
    ("comrak", &["body"]),
    ("maud", &["page"]),
    ("fluent_bundle", &["texts"]),
    ("icu_datetime", &["texts"]),
    ("ureq", &["websub"]),
    ("postcard", &["warm"]),
    ("tantivy", &["search"]),
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

/// The files and folders of `post`, from bottom to top. `mod.rs` only exports them.
const PARTS_OF_POST: [&str; 35] = [
    "address",
    "unique",
    "index",
    "value",
    "file_path",
    "taxonomies",
    "media_types",
    "text",
    "time_zone",
    "date",
    "authors",
    "parse_value",
    "js_literal",
    "yaml",
    "config_file",
    "settings_reader",
    "defaults",
    "front_matter",
    "site",
    "dialect",
    "link",
    "arrival",
    "model",
    "term",
    "source",
    "pages",
    "fill",
    "details",
    "ids",
    "link_names",
    "links",
    "parse",
    "unpublished",
    "lint",
    "explain",
];

/// The files that all dialects share, from bottom to top.
const PARTS_OF_DIALECTS: [&str; 12] = [
    "comparable",
    "content_folder",
    "detection",
    "pattern",
    "feed_templates",
    "spec",
    "reading",
    "dates",
    "links",
    "plain_rules",
    "interface",
    "permalink",
];

const DIALECTS: [&str; 7] = ["eleventy", "hexo", "hugo", "jekyll", "obsidian", "plain", "zola"];

/// The first names of the paths that a file imports from a module: `use module::{a, b::{c, d}}` → `a`, `b`.
fn list_imports<'c>(code: &'c str, module: &str) -> Vec<&'c str> {
    let name_of = |path: &'c str| {
        let path = path.trim_start();
        &path[..path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len())]
    };
    let mut names = Vec::new();
    for (at, start) in code.match_indices(&format!("use {module}::")) {
        let path = code[at + start.len()..].split(';').next().unwrap_or_default();
        let Some(list) = path.strip_prefix('{') else {
            names.push(name_of(path));
            continue;
        };
        let mut depth = 0_i32;
        let items = list.split_inclusive(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        names.extend(items.map(name_of).filter(|name| !name.is_empty()));
    }
    names
}

/// The code of a file without its unit tests.
fn drop_tests(code: &str) -> &str {
    code.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Checks that each part of a folder imports only parts that are before it in the list.
fn check_parts(folder: &str, parts: &[&str]) {
    for (place, part) in parts.iter().enumerate() {
        let files = read_layer(&format!("{folder}/{part}"));
        assert!(!files.is_empty(), "{folder}/{part}");
        for (file, code) in files.iter().filter(|(file, _)| !file.ends_with("tests.rs")) {
            let code = drop_tests(code);
            let is_own = file.file_stem().is_some_and(|stem| *stem == **part);
            let is_own = is_own || file.ends_with(format!("{folder}/{part}/mod.rs"));
            let mut imports = list_imports(code, &format!("crate::{}", folder.replace('/', "::")));
            imports.extend(if is_own { list_imports(code, "super") } else { Vec::new() });
            for import in imports {
                let is_below = parts.iter().position(|known| *known == import).is_some_and(|at| at <= place);
                assert!(is_below, "{} imports {import}", file.display());
            }
        }
    }
}

#[test]
fn parts_of_post_import_only_parts_below_them() {
    check_parts("post", &PARTS_OF_POST);
    check_parts("post/dialect", &PARTS_OF_DIALECTS);
    let listed: BTreeSet<PathBuf> = PARTS_OF_POST
        .iter()
        .flat_map(|part| read_layer(&format!("post/{part}")))
        .map(|(file, _)| file)
        .collect();
    for (file, _) in read_layer("post") {
        let is_facade = file.ends_with("post/mod.rs");
        assert!(is_facade || listed.contains(&file), "{} is in no part", file.display());
    }
}

#[test]
fn no_dialect_knows_another() {
    for (file, code) in read_layer("post/dialect") {
        let is_list = ["mod.rs", "registry.rs", "tests.rs"]
            .iter()
            .any(|name| file.ends_with(Path::new("dialect").join(name)));
        let own = DIALECTS.iter().find(|name| {
            file.components().any(|part| part.as_os_str() == **name) || file.ends_with(format!("{name}.rs"))
        });
        for other in DIALECTS.iter().filter(|other| !is_list && Some(*other) != own) {
            let paths = [format!("dialect::{other}::"), format!("super::{other}::"), format!(" {other}::")];
            let is_known = paths.iter().any(|path| drop_tests(&code).contains(path));
            assert!(!is_known, "{} knows {other}", file.display());
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
    for layer in ["lint", "bodies", "site", "catalog", "post", "body", "feed", "page", "texts", "config"] {
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
