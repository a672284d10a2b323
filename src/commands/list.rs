//! `feedmill list`: every feed with its address, title, number of posts and newest date.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use super::Output;
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::feed::{Address, Place, list_places, plan, select};
use crate::watch;

#[derive(Debug, Serialize)]
struct Row {
    address: String,
    title: String,
    posts: usize,
    newest: Option<String>,
}

pub(super) fn run(named: Option<PathBuf>, format: Output) -> anyhow::Result<ExitCode> {
    let config = super::load(named)?;
    let (snapshot, discovery) =
        watch::read_once(&config, Utc::now()).map_err(|problems| super::unusable(&config, problems))?;
    for problem in discovery.problems.iter().chain(&*snapshot.problems) {
        tracing::warn!("{problem}");
    }
    let rows: Vec<Row> = list_places(&snapshot).into_iter().map(|place| describe(&snapshot, place)).collect();
    let text = match format {
        Output::Json => serde_json::to_string_pretty(&rows)? + "\n",
        Output::Text => tabulate(&rows),
    };
    // A reader that closed its end has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn describe(snapshot: &Snapshot, place: Place) -> Row {
    let format = snapshot.site.feeds.formats.iter().find(|format| **format == Format::Atom);
    let format = *format.or(snapshot.site.feeds.formats.first()).unwrap_or(&Format::Atom);
    let posts = snapshot.count_selected(&select(&place));
    let feed = plan(snapshot, Address::new(place, format));
    let newest = feed.posts.first().map(|post| {
        let zone = snapshot.site.sources[usize::from(post.source)].time_zone;
        post.published.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
    });
    Row { address: feed.path, title: feed.title, posts, newest }
}

fn tabulate(rows: &[Row]) -> String {
    let widest = rows.iter().map(|row| row.address.len()).max().unwrap_or_default().min(60);
    let lines = rows.iter().map(|row| {
        let newest = row.newest.as_deref().unwrap_or("–");
        format!("{:widest$}  {:>6}  {newest:25}  {}\n", row.address, row.posts, row.title)
    });
    lines.collect()
}
