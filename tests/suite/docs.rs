//! Every command and every configuration in the documents is run, on sites like those they speak of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{TestSite, copy_folder, fixture, read_file};

/// A fenced block of a document.
struct Block {
    language: String,
    text: String,
    /// The heading above it.
    section: String,
    line: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn list_documents() -> Vec<PathBuf> {
    let markdown = |folder: &Path| {
        let entries =
            fs::read_dir(folder).expect("the folder is readable").flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect::<Vec<_>>()
    };
    let mut documents = markdown(root());
    documents.extend(markdown(&root().join("docs")));
    documents.sort();
    documents
}

fn read_blocks(document: &Path) -> Vec<Block> {
    let text = fs::read_to_string(document).expect("the file is text");
    let (mut blocks, mut section) = (Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                let language = language.trim().to_owned();
                assert!(
                    !language.is_empty(),
                    "{}:{}: a block of no language",
                    document.display(),
                    number + 1
                );
                open =
                    Some(Block { language, text: String::new(), section: section.clone(), line: number + 1 });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.extend([line, "\n"]),
            (None, None) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    heading.clone_into(&mut section);
                }
            }
        }
    }
    assert!(open.is_none(), "{}: a block is never closed", document.display());
    blocks
}

/// Stands for programs that need rights or a network: fails if a file of ours that it is given is not there.
const STUB: &str = r#"#!/bin/sh
for word; do
  case $word in
    packaging/*|config/*|feedmill.toml|Dockerfile) [ -e "$word" ] || { echo "$0: there is no $word" >&2; exit 1; } ;;
  esac
done
"#;

/// Stands for cargo: what it would build is there already.
const CARGO: &str = r#"#!/bin/sh
case "$1" in
  run) while [ "$1" != -- ] && [ $# -gt 0 ]; do shift; done; [ $# -gt 0 ] && shift; exec feedmill "$@" ;;
  test|build|install|deb|fmt|clippy|bench|fuzz|deny|machete|+nightly) ;;
  *) echo "cargo $1 is not known to the test" >&2; exit 1 ;;
esac
"#;

/// The program; a server goes on in the background once it serves.
const FEEDMILL: &str = r#"#!/bin/sh
case "$1" in
  ''|serve) ;;
  # The sites of the tests have faults on purpose: finding them is no failure.
  check) "$PROGRAM" "$@" > /dev/null; [ $? -le 1 ]; exit ;;
  *) exec "$PROGRAM" "$@" ;;
esac
# One that runs already is stopped, as who types this would.
[ -e "$HOME/.server" ] && kill "$(cat "$HOME/.server")" && sleep 0.1
log=$(mktemp)
"$PROGRAM" "$@" 2> "$log" > /dev/null &
echo $! > "$HOME/.server"
while ! grep -q 'serving http' "$log"; do
  kill -0 $! 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.02
done
"#;

/// Runs the commands of one section, in order, in a home of its own and on a network of its own.
fn run_section(document: &Path, section: &str, blocks: &[&Block]) {
    let place = TestSite::new();
    let (home, here, bin) = (place.path("home"), place.path("feedmill"), place.path("bin"));
    for folder in [&home, &here, &bin] {
        fs::create_dir_all(folder).expect("the file can be written");
    }
    let write_program = |name: &str, text: &str| {
        let path = bin.join(name);
        fs::write(&path, text).expect("the file can be written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(path, mode).expect("a URL of this server");
    };
    for name in ["docker", "sudo", "npm"] {
        write_program(name, STUB);
    }
    // It only reads: where it is there, it is asked itself.
    if Command::new("caddy").arg("version").output().is_err() {
        write_program("caddy", STUB);
    }
    write_program("cargo", CARGO);
    write_program("feedmill", FEEDMILL);
    fs::create_dir(here.join("fuzz")).expect("the file can be written");
    fs::copy(bin.join("docker"), here.join("fuzz/run")).expect("the file can be written");
    for name in ["config", "packaging"] {
        copy_folder(&root().join(name), &here.join(name));
    }
    fs::copy(root().join("Dockerfile"), here.join("Dockerfile")).expect("the file can be written");
    let dialect = section.to_lowercase();
    let golden = fixture(&format!("golden/{dialect}/site"));
    let plain = root().join("config/posts");
    copy_folder(if golden.is_dir() { &golden } else { &plain }, &home.join("blog"));
    place.write("home/vault/.obsidian/app.json", "{}");
    place.write("home/vault/2026-11-01 A note.md", "---\ntags: [x]\n---\nSee [[Another note]]. #inline\n");
    let commands = blocks.iter().map(|block| {
        let name = format!("line-{}.sh", block.line);
        place.write(&name, &block.text);
        format!("bash -e '{}' || exit 1\n", place.path(&name).display())
    });
    place.write("all.sh", &commands.collect::<String>());
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    // Without `ip` there is no loopback on a network of one's own: then the machine's has to be free.
    let (spaces, script) = match Command::new("ip").arg("-V").output() {
        Ok(_) => ("-rnp", "ip link set lo up; cd \"$1\"; bash \"$2\""),
        Err(_) => ("-rp", "cd \"$1\"; bash \"$2\""),
    };
    let output = Command::new("unshare")
        .args([spaces, "--fork", "--kill-child", "sh", "-c", script, "sh"])
        .arg(&here)
        .arg(place.path("all.sh"))
        .env("PATH", path)
        .env("HOME", &home)
        .env("PROGRAM", env!("CARGO_BIN_EXE_feedmill"))
        .env_remove("FEEDMILL_CONFIG")
        .env_remove("STATE_DIRECTORY")
        .env_remove("XDG_STATE_HOME")
        .output()
        .expect("the program is installed");
    let shown =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {section}:\n{shown}", document.display());
}

#[test]
fn every_command_runs() {
    let mut count = 0;
    for document in list_documents() {
        let blocks = read_blocks(&document);
        let mut sections: BTreeMap<&str, Vec<&Block>> = BTreeMap::new();
        for block in blocks.iter().filter(|block| block.language == "sh") {
            sections.entry(&block.section).or_default().push(block);
            count += 1;
        }
        for (section, blocks) in sections {
            run_section(&document, section, &blocks);
        }
    }
    assert!(count > 20, "{count} blocks were found");
}

#[test]
fn every_configuration_is_taken() {
    let mut count = 0;
    for document in list_documents() {
        let mut before = String::new();
        for block in read_blocks(&document).iter().filter(|block| block.language == "toml") {
            let begins = block.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
            // One that begins with no table goes on where the one before ended.
            let mut text = match begins {
                Some(line) if line.starts_with('[') => block.text.clone(),
                _ => format!("{before}\n{}", block.text),
            };
            for (table, least) in [
                ("[site]", "[site]\ntitle = \"T\"\n"),
                ("[[source]]", "[[source]]\nname = \"opinion\"\npath = \"p\"\n"),
            ] {
                if !text.contains(table) {
                    text = format!("{least}{text}");
                }
            }
            if let Err(error) = feedmill::config::parse("feedmill.toml", &text) {
                panic!("{}:{}: {error}", document.display(), block.line);
            }
            before.clone_from(&block.text);
            count += 1;
        }
    }
    assert!(count > 10, "{count} blocks were found");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in list_documents() {
        let text = read_file(&document);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = document.parent().expect("a file is in a folder").join(file);
            let path = if file.is_empty() { document.clone() } else { path };
            assert!(path.exists(), "{}: there is no {target}", document.display());
            if !anchor.is_empty() {
                let headings = read_file(&path);
                let anchors = headings.lines().filter(|line| line.starts_with('#')).map(|line| {
                    let heading = line.trim_start_matches('#').trim().to_lowercase();
                    heading
                        .chars()
                        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                        .collect::<String>()
                        .replace(' ', "-")
                });
                assert!(
                    anchors.into_iter().any(|known| known == anchor),
                    "{}: there is no {target}",
                    document.display()
                );
            }
        }
    }
}

#[test]
fn every_benchmark_is_described() {
    let text = read_file(root().join("benches/README.md"));
    for entry in fs::read_dir(root().join("benches")).expect("the folder is readable").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let command = match path.extension() {
            Some(extension) if extension == "rs" => {
                format!("cargo bench --bench {}", name.trim_end_matches(".rs"))
            }
            // What all of them share, and the list itself.
            _ if matches!(&*name, "common.py" | "README.md") => continue,
            _ => format!("benches/{name}"),
        };
        assert!(text.contains(&command), "benches/README.md lacks {command}");
    }
}

#[test]
fn the_unit_of_systemd_may_write_to_the_folders_of_the_recipes() {
    let (recipes, unit) =
        (read_file(root().join("docs/recipes.md")), read_file(root().join("packaging/feedmill.service")));
    for (folder, key) in [("/var/log/feedmill/", "LogsDirectory"), ("/var/lib/feedmill", "StateDirectory")] {
        assert!(recipes.contains(folder), "{folder}");
        assert!(unit.lines().any(|line| line == format!("{key}=feedmill")), "{key}");
    }
}
