//! `feedmill list`: lists every feed with its URL path, title, number of posts and newest date.

use std::process::ExitCode;
use std::sync::Arc;

use chrono::SecondsFormat;
use serde::Serialize;

use super::Output;
use super::input::Input;
use crate::bodies::DiskBodies;
use crate::catalog::Snapshot;
use crate::config::escape_controls;
use crate::feed::{Address, Entries, Place, list_places, plan};

#[derive(Debug, Serialize)]
struct Row {
    address: String,
    title: String,
    posts: usize,
    newest: Option<String>,
}

pub(super) fn run(input: &Input, format: Output) -> anyhow::Result<ExitCode> {
    let config = super::load(input)?;
    let snapshot = super::read(&config)?;
    let entries = Entries::new(8 << 20, Arc::new(DiskBodies::default()));
    let rows: Vec<Row> =
        list_places(&snapshot).into_iter().filter_map(|place| describe(&snapshot, &entries, place)).collect();
    let text = match format {
        Output::Json => serde_json::to_string_pretty(&rows)? + "\n",
        Output::Text => tabulate(&rows),
    };
    super::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn describe(snapshot: &Snapshot, entries: &Entries, place: Place) -> Option<Row> {
    let address = Address::of(snapshot, place)?;
    let feed = plan(snapshot, address, &entries.texts(&snapshot.site))?;
    let newest = match &feed.digests {
        Some(digests) => {
            let zone = snapshot.site.time_zone;
            digests.first().map(|digest| digest.period.end(zone).with_timezone(&zone))
        }
        None => feed.posts.first().map(|post| {
            let zone = snapshot.site.sources[usize::from(post.source)].time_zone;
            post.published.with_timezone(&zone)
        }),
    };
    let newest = newest.map(|newest| newest.to_rfc3339_opts(SecondsFormat::Secs, false));
    Some(Row { address: feed.path, title: feed.title, posts: feed.total, newest })
}

fn tabulate(rows: &[Row]) -> String {
    let widest = rows.iter().map(|row| row.address.len()).max().unwrap_or_default().min(60);
    let lines = rows.iter().map(|row| {
        // The date, without the time.
        let newest = row.newest.as_deref().and_then(|newest| newest.get(..10)).unwrap_or("–");
        format!("{:widest$}  {:>6}  {newest:10}  {}\n", row.address, row.posts, escape_controls(&row.title))
    });
    lines.collect()
}
