//! The words of code and documentation: plain English, as CONTRIBUTING.md lists it.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that are not used, each with a better one.
const REJECTED: [(&str, &str); 19] = [
    ("told", "report, log or notify, with the receiver"),
    ("tell", "report, log or notify, with the receiver"),
    ("tells", "report, log or notify, with the receiver"),
    ("telling", "report, log or notify, with the receiver"),
    ("mend", "fix"),
    ("mends", "fix"),
    ("mended", "fixed"),
    ("nobody", "the actor, as in \"unknown shortcode\""),
    ("somebody", "the actor"),
    ("anybody", "the actor"),
    ("beside", "next to, or in addition to"),
    ("anew", "again"),
    ("but for", "except"),
    ("what becomes of", "how it is handled"),
    ("look at", "read, stat or scan"),
    ("looked at", "read, stat or scan"),
    ("hear of", "receive an event"),
    ("heard of", "receive an event"),
    ("one a core", "one per core"),
];

fn list_files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    let files = paths.flat_map(|path| if path.is_dir() { list_files(&path, extensions) } else { vec![path] });
    let has_extension =
        |path: &PathBuf| path.extension().is_some_and(|own| extensions.iter().any(|known| own == *known));
    files.filter(has_extension).collect()
}

/// The byte offset of a phrase that is not part of a longer word.
fn find_phrase(line: &str, phrase: &str) -> Option<usize> {
    let is_end = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '/');
    line.match_indices(phrase).map(|(at, _)| at).find(|at| {
        is_end(line[..*at].chars().next_back()) && is_end(line[at + phrase.len()..].chars().next())
    })
}

#[test]
fn code_and_documentation_use_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = list_files(&root.join("src"), &["rs", "ftl"]);
    files.extend(list_files(&root.join("docs"), &["md"]));
    files.extend(list_files(&root.join("config"), &["toml"]));
    files.extend(list_files(&root.join("packaging"), &["conf", "service", "socket", "yml"]));
    let others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "Dockerfile", "packaging/Caddyfile"];
    files.extend(others.map(|name| root.join(name)));
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("the file is text");
        for (line, number) in text.lines().zip(1..) {
            let lower = line.to_lowercase();
            for (word, better) in REJECTED {
                if find_phrase(&lower, word).is_some() {
                    found.push(format!("{}:{number}: {word:?}: write {better}", file.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
