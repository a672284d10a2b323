//! One hub: what it was told, what it is to be told, and the telling.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;

use super::LONG;
use super::ping::{Outcome, make_agent, ping};
use super::queue::{Changed, Queue};
use crate::catalog::{Live, Snapshot};
use crate::feed::{Address, Entries, Feed, Place, list_places, plan};
use crate::state::{Seen, Store};

/// How long changes are gathered before they are told.
const GATHER: Duration = Duration::from_millis(200);

/// A hub and all that its thread works with.
pub(super) struct Hub {
    url: String,
    live: Live,
    entries: Arc<Entries>,
    store: Store,
    agent: Agent,
    queue: Queue,
    /// Feeds of terms that were listed last, by their paths: one that loses its last post changes too.
    terms: HashMap<String, Place>,
}

impl Hub {
    /// A hub that is told of what changes in `live`.
    pub(super) fn new(url: String, live: Live, entries: Arc<Entries>, store: Store) -> Self {
        let (queue, terms) = (Queue::default(), HashMap::new());
        Self { url, live, entries, store, agent: make_agent(), queue, terms }
    }

    /// Tells it of changes until it is configured no more.
    pub(super) fn run(mut self) {
        let mut revision = 0;
        loop {
            let due = self.queue.next_due();
            let patience = due.map_or(LONG, |due| due.saturating_duration_since(Instant::now()));
            if self.live.wait_newer(revision, patience).is_some() {
                let is_first = revision == 0;
                if !is_first {
                    thread::sleep(GATHER);
                }
                let Some(snapshot) = self.live.load() else { continue };
                if !snapshot.site.hubs.contains(&self.url) {
                    return;
                }
                revision = snapshot.revision;
                self.find_changes(&snapshot, is_first);
                if is_first {
                    tracing::info!("the hub {} is told of every change from now on", self.url);
                }
            }
            self.tell();
        }
    }

    /// Looks which feeds are others than the hub knows. Costs a selection and a hash for each that is listed.
    fn find_changes(&mut self, snapshot: &Snapshot, is_first: bool) {
        let places = list_places(snapshot);
        let is_term = |place: &&Place| matches!(place, Place::Term { .. });
        let terms = places.iter().filter(is_term).map(|place| (place.path(snapshot), place.clone()));
        let before = std::mem::replace(&mut self.terms, terms.collect());
        // Which taxonomy a place is of holds only on the site it was found on.
        let left = before
            .into_iter()
            .filter(|(path, place)| !self.terms.contains_key(path) && place.path(snapshot) == *path);
        let left: Vec<Place> = left.map(|(_, place)| place).collect();
        for place in places.into_iter().chain(left) {
            let summaries = self.entries.summaries(&snapshot.site);
            let address = Address::of(snapshot, place.clone());
            let feed = address.and_then(|address| plan(snapshot, address, &summaries));
            if let Some(feed) = feed.filter(|feed| !feed.awaits_posts(snapshot)) {
                drop(summaries);
                self.compare(snapshot, &place, &feed, is_first);
            }
        }
    }

    fn compare(&mut self, snapshot: &Snapshot, place: &Place, feed: &Feed, is_first: bool) {
        let (path, fingerprint) = (place.path(snapshot), feed.fingerprint(snapshot));
        match self.store.get(&self.key(&path)) {
            Some(seen) if seen.fingerprint == fingerprint.0 => {}
            // A hub that is told for the first time begins with what there is.
            None if is_first => self.remember(&path, fingerprint.0, snapshot.made.timestamp()),
            _ => {
                let urls = feed.formats(snapshot).into_iter().map(|(_, url)| url).collect();
                self.queue.add(path, Changed { urls, fingerprint }, Instant::now());
            }
        }
    }

    /// Tells it what is due.
    fn tell(&mut self) {
        loop {
            let due = self.queue.list_due(Instant::now());
            if due.is_empty() {
                return;
            }
            let urls = due.iter().flat_map(|(_, changed)| &changed.urls).map(String::as_str);
            let outcome = ping(&self.agent, &self.url, urls);
            match outcome {
                Outcome::Taken => {
                    let now = chrono::Utc::now().timestamp();
                    for (path, changed) in &due {
                        self.remember(path, changed.fingerprint.0, now);
                    }
                    tracing::debug!("told the hub {} of {} changed feeds", self.url, due.len());
                    if self.queue.settle(&due, Instant::now()) {
                        tracing::info!("the hub {} takes changes again", self.url);
                    }
                }
                Outcome::Refused(why) => {
                    tracing::warn!(
                        "the hub {} refuses to be told of changes: {why}. Look at websub.hubs.",
                        self.url
                    );
                    self.queue.give_up(&due);
                }
                Outcome::Failed(why, wait) => {
                    if self.queue.back_off(wait, Instant::now()) {
                        tracing::warn!(
                            "the hub {} can't be told of changes: {why}. It is tried again.",
                            self.url
                        );
                    }
                }
            }
        }
    }

    fn remember(&self, path: &str, fingerprint: u128, since: i64) {
        self.store.update(&self.key(path), |_| Seen { fingerprint, since });
    }

    /// What it was told of a feed is known by; no path of a feed looks like it.
    fn key(&self, path: &str) -> String {
        format!("hub {} {path}", self.url)
    }
}
