//! `feedmill export`: every feed as a static file, for hosts that run no program.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, process};

use actix_web::web::Bytes;
use anyhow::Context;
use clap::Args;
use percent_encoding::percent_decode_str;

use crate::catalog::Snapshot;
use crate::feed::{
    Address, Entries, Pages, Place, build, list_formats, list_places, plan, write, write_opml,
};
use crate::http::Coding;
use crate::watch::{DiskBodies, Doubts};

/// What was written before, a path a line: only that is ever removed.
const LIST: &str = ".feedmill-export";

/// The arguments of `export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Where to write; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write a .gz beside each file, for static modules of servers
    #[arg(long)]
    gzip: bool,
    /// Write a .br beside each file
    #[arg(long)]
    br: bool,
}

/// What was done.
#[derive(Debug, Default)]
struct Tally {
    written: usize,
    kept: usize,
    removed: usize,
}

pub(super) fn run(named: Option<PathBuf>, export: &Export) -> anyhow::Result<ExitCode> {
    let config = super::load(named)?;
    let snapshot = super::read(&config)?;
    let entries = Entries::new(64 << 20, Arc::new(DiskBodies::new(Doubts::default())));
    fs::create_dir_all(&export.folder)
        .with_context(|| format!("the folder {} can't be made", export.folder.display()))?;
    let feeds: Vec<Address> =
        list_places(&snapshot).into_iter().flat_map(|place| list_addresses(&snapshot, place)).collect();
    let (mut tally, mut done) = (Tally::default(), BTreeSet::new());
    let shows_progress = io::stderr().is_terminal();
    for (number, address) in feeds.iter().enumerate() {
        let (path, body) = render(&snapshot, &entries, address)?;
        write_all(export, &path, &body.into(), &mut tally, &mut done)?;
        if shows_progress {
            eprint!("\r{} of {} feeds", number + 1, feeds.len());
        }
    }
    write_all(export, "/opml.xml", &write_opml(&snapshot)?.into(), &mut tally, &mut done)?;
    if shows_progress {
        eprintln!();
    }
    clear(&export.folder, &done, &mut tally)?;
    let Tally { written, kept, removed } = tally;
    // A reader that closed its end has seen enough.
    let _ =
        writeln!(io::stdout(), "{written} files written, {kept} were as they should be, {removed} removed.");
    Ok(ExitCode::SUCCESS)
}

fn list_addresses(snapshot: &Snapshot, place: Place) -> Vec<Address> {
    let formats = list_formats(snapshot, &place);
    formats.iter().map(|format| Address::new(place.clone(), *format)).collect()
}

/// The path of a feed and its bytes, as they are served but for links to pages that no file can be.
fn render(snapshot: &Snapshot, entries: &Entries, address: &Address) -> anyhow::Result<(String, String)> {
    let feed = plan(snapshot, address.clone(), &entries.summaries(&snapshot.site));
    let mut feed = feed.context("a feed that is listed has no first page")?;
    feed.pages = Pages { number: 1, count: 1 };
    let document = build(snapshot, &feed, entries)
        .map_err(|_| anyhow::anyhow!("posts changed while they were exported. Run it again."))?;
    Ok((feed.path, write(&document, address.format)))
}

/// Writes a file, and the same in other codings beside it.
fn write_all(
    export: &Export,
    path: &str,
    body: &Bytes,
    tally: &mut Tally,
    done: &mut BTreeSet<PathBuf>,
) -> anyhow::Result<()> {
    let relative = locate(path)?;
    let codings = [
        (Coding::Identity, "", true),
        (Coding::Gzip, ".gz", export.gzip),
        (Coding::Brotli, ".br", export.br),
    ];
    for (coding, ending, _) in codings.into_iter().filter(|(_, _, is_wanted)| *is_wanted) {
        let mut name = relative.clone().into_os_string();
        name.push(ending);
        let target = export.folder.join(&name);
        let is_written = write_if_other(&target, &coding.encode(body)?)
            .with_context(|| format!("{} can't be written", target.display()))?;
        if is_written {
            tally.written += 1;
        } else {
            tally.kept += 1;
        }
        done.insert(name.into());
    }
    Ok(())
}

/// A feed's path as that of a file, with its segments decoded: it never leads out of the folder.
fn locate(path: &str) -> anyhow::Result<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().context("a path is not UTF-8")?;
    let relative = PathBuf::from(decoded.trim_start_matches('/'));
    anyhow::ensure!(is_inside(&relative), "the feed {path} has no name that a file can have");
    Ok(relative)
}

fn is_inside(relative: &Path) -> bool {
    relative.components().all(|component| matches!(component, Component::Normal(_)))
        && relative.components().next().is_some()
}

/// Writes a file whole or not at all, if it is not so already. Says whether it was written.
fn write_if_other(target: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::read(target).is_ok_and(|known| known == bytes) {
        return Ok(false);
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let aside = folder.join(format!(".feedmill-{}.tmp", process::id()));
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, target));
    if written.is_err() {
        // It may never have been made.
        let _ = fs::remove_file(&aside);
    }
    written.map(|()| true)
}

/// Removes what was written before and is no feed any more, and remembers what was written now.
fn clear(folder: &Path, done: &BTreeSet<PathBuf>, tally: &mut Tally) -> anyhow::Result<()> {
    let list = folder.join(LIST);
    let before = fs::read_to_string(&list).unwrap_or_default();
    for path in before.lines().map(PathBuf::from).filter(|path| is_inside(path) && !done.contains(path)) {
        let target = folder.join(&path);
        if fs::remove_file(&target).is_ok() {
            tally.removed += 1;
            // Folders that are empty now go too, up to the one that is exported to.
            for above in path.ancestors().skip(1).filter(|above| above.components().next().is_some()) {
                if fs::remove_dir(folder.join(above)).is_err() {
                    break;
                }
            }
        }
    }
    let lines: String = done.iter().map(|path| format!("{}\n", path.display())).collect();
    write_if_other(&list, lines.as_bytes())
        .with_context(|| format!("{} can't be written", list.display()))?;
    Ok(())
}
