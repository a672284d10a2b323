//! `feedmill export`: every feed and page as a static file, for hosts that run no program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::outlet::{Outlet, Tally};
use super::progress::Progress;
use crate::catalog::Snapshot;
use crate::feed::{
    Address, Entries, Group, Pages, Place, build, list_formats, list_places, plan, write, write_opml,
};
use crate::http::Coding;
use crate::page::{FeedPage, list_assets, write_group};
use crate::watch::{DiskBodies, Doubts};

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

pub(super) fn run(named: Option<PathBuf>, export: &Export) -> anyhow::Result<ExitCode> {
    let config = super::load(named)?;
    if config.server.public_url.is_none() {
        tracing::warn!(
            "server.public_url is not set: the files name {} as where they are",
            config.server.public_url()
        );
    }
    let snapshot = super::read(&config)?;
    let entries = Entries::new(64 << 20, Arc::new(DiskBodies::new(Doubts::default())));
    let codings = [(Coding::Gzip, export.gzip), (Coding::Brotli, export.br)];
    let codings = codings.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(coding, _)| coding);
    let mut outlet = Outlet::open(&export.folder, codings.collect())?;
    let places = list_places(&snapshot);
    let progress = Progress::new("places", places.len());
    for place in places {
        for (path, body) in render(&snapshot, &entries, &place)? {
            outlet.write(&path, &body.into())?;
        }
        progress.advance();
    }
    progress.end();
    let summaries = entries.summaries(&snapshot.site);
    for group in Group::list_with_page(&snapshot) {
        let page = write_group(&snapshot, group, &summaries);
        outlet.write(&format!("{}index.html", group.path(&snapshot)), &page.into())?;
    }
    for asset in list_assets() {
        outlet.write(&asset.path, &asset.text.into())?;
    }
    outlet.write("/opml.xml", &write_opml(&snapshot)?.into())?;
    let Tally { written, kept, removed, left } = outlet.close()?;
    // A reader that closed its end has seen enough.
    let _ =
        writeln!(io::stdout(), "{written} files written, {kept} were as they should be, {removed} removed.");
    for (path, why) in &left {
        tracing::error!("{} was left alone: {why}.", path.display());
    }
    Ok(if left.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(super::UNUSABLE) })
}

/// The feed of a place in each format, and its page: paths and bytes, as they are served but for links to
/// hubs and to further pages, which no file can be.
fn render(snapshot: &Snapshot, entries: &Entries, place: &Place) -> anyhow::Result<Vec<(String, String)>> {
    let summaries = entries.summaries(&snapshot.site);
    let plan = |format| {
        let mut feed = plan(snapshot, Address::new(place.clone(), format), &summaries)?;
        feed.pages = Pages { number: 1, count: 1 };
        Some(feed)
    };
    let mut files = Vec::new();
    for format in list_formats(snapshot, place) {
        let feed = plan(*format).context("a feed that is listed has no first page")?;
        let mut document = build(snapshot, &feed, entries)
            .map_err(|_| anyhow::anyhow!("posts changed while they were exported. Run it again."))?;
        // A static host tells no hub.
        document.hubs.clear();
        if files.is_empty() {
            let page = FeedPage::new(snapshot, &feed).write(snapshot, &document, &summaries);
            files.push((format!("{}index.html", place.path(snapshot)), page));
        }
        files.push((feed.path, write(&document, *format)));
    }
    Ok(files)
}
