//! One hub: what it was reported, what it is to be reported, and the telling.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Instant;

use ureq::Agent;

use super::LONG;
use super::changes::{Changed, describe_lost};
use super::ping::{Outcome, make_agent, ping};
use super::queue::Queue;
use crate::catalog::{Live, Snapshot};
use crate::state::{Seen, Store};

/// What a hub's thread is reported.
pub(super) enum HubMessage {
    /// Every feed that is listed, and the snapshot they are of: the first word, and after a change of the site.
    Everything(Arc<[Changed]>, Arc<Snapshot>),
    /// Feeds that may have changed.
    Changed(Arc<[Changed]>),
}

/// A hub and all that its thread works with.
pub(super) struct Hub {
    url: String,
    store: Store,
    /// Where pings are counted.
    live: Live,
    agent: Agent,
    queue: Queue,
    /// Whether it was begun with.
    has_begun: bool,
    /// Whether it refused what it was reported last.
    refuses: bool,
}

impl Hub {
    /// Starts the thread of a hub. It ends when nobody can speak to it any more.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn start(url: String, store: Store, live: Live) -> io::Result<Sender<HubMessage>> {
        let (sender, words) = mpsc::channel();
        let agent = make_agent();
        let queue = Queue::default();
        let hub = Self { url, store, live, agent, queue, has_begun: false, refuses: false };
        thread::Builder::new().name("hub".to_owned()).spawn(move || hub.run(&words))?;
        Ok(sender)
    }

    fn run(mut self, words: &Receiver<HubMessage>) {
        loop {
            let due = self.queue.next_due();
            let patience = due.map_or(LONG, |due| due.saturating_duration_since(Instant::now()));
            match words.recv_timeout(patience) {
                Ok(word) => self.receive(word),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // What is newer comes first: a slow hub is reported of a feed as it is, not of each way it was.
            while let Ok(word) = words.try_recv() {
                self.receive(word);
            }
            self.notify();
        }
    }

    fn receive(&mut self, word: HubMessage) {
        match word {
            HubMessage::Changed(feeds) => feeds.iter().for_each(|feed| self.compare(feed)),
            HubMessage::Everything(feeds, snapshot) => self.begin(&feeds, &snapshot),
        }
    }

    /// Compares what there is with what it was reported, perhaps by a server that ran before this one.
    fn begin(&mut self, feeds: &[Changed], snapshot: &Snapshot) {
        let prefix = self.key("");
        let reported = self.store.list(&prefix);
        for feed in feeds {
            if reported.is_empty() {
                // A hub that is reported for the first time begins with what there is.
                self.remember(feed, snapshot.made.timestamp());
            } else {
                self.compare(feed);
            }
        }
        let listed: HashSet<&str> = feeds.iter().map(|feed| feed.path.as_str()).collect();
        let gone =
            reported.iter().filter_map(|key| key.strip_prefix(&prefix)).filter(|path| !listed.contains(path));
        let lost: Vec<Changed> = gone.filter_map(|path| describe_lost(snapshot, &self.store, path)).collect();
        for feed in &lost {
            self.compare(feed);
        }
        if !std::mem::replace(&mut self.has_begun, true) {
            tracing::info!("the hub {} is reported of every change from now on", self.url);
        }
    }

    fn compare(&mut self, feed: &Changed) {
        let reported = self.store.get(&self.key(&feed.path));
        if reported.is_some_and(|seen| seen.fingerprint == feed.fingerprint.0) {
            self.queue.requeue(&feed.path);
        } else {
            self.queue.add(feed.clone(), Instant::now());
        }
    }

    /// Tells it what is due, as much as goes into one request.
    fn notify(&mut self) {
        let due = self.queue.list_due(Instant::now());
        if due.is_empty() {
            return;
        }
        let urls: Vec<&str> = due.iter().flat_map(|feed| &feed.urls).map(String::as_str).collect();
        let outcome = ping(&self.agent, &self.url, &urls);
        self.live.pings().count(matches!(outcome, Outcome::Taken { .. }));
        let (url, now) = (&self.url, Instant::now());
        match outcome {
            Outcome::Taken { moved } => {
                self.refuses = false;
                self.remember_all(&due);
                tracing::debug!("reported the hub {url} of {} changed feeds", due.len());
                if self.queue.settle(&due, now) {
                    tracing::info!("the hub {url} takes changes again");
                }
                if let Some(moved) = moved {
                    tracing::warn!("the hub {url} has moved to {moved}. Write that in websub.hubs.");
                }
            }
            // One of them may be what it does not like.
            Outcome::Refused(_) if due.len() > 1 => self.queue.enter_backoff(),
            Outcome::Refused(why) => {
                let feed = &due[0].path;
                if !self.refuses {
                    tracing::warn!(
                        "the hub {url} refuses to be reported of {feed}: {why}. Look at websub.hubs and server.public_url."
                    );
                }
                if self.queue.refuse(feed, now) {
                    self.remember_all(&due);
                }
                // It refuses whatever it is reported: it is left alone for a while.
                if std::mem::replace(&mut self.refuses, true) {
                    self.queue.back_off(None, now);
                }
            }
            Outcome::Failed(why, wait) => {
                if self.queue.back_off(wait, now) {
                    tracing::warn!("the hub {url} can't be reported of changes: {why}. It is tried again.");
                }
            }
        }
    }

    fn remember_all(&self, feeds: &[Changed]) {
        let now = chrono::Utc::now().timestamp();
        for feed in feeds {
            self.remember(feed, now);
        }
    }

    fn remember(&self, feed: &Changed, since: i64) {
        let fingerprint = feed.fingerprint.0;
        self.store.update(&self.key(&feed.path), |_| Seen { fingerprint, since });
    }

    /// What it was reported of a feed is known by; no path of a feed looks like it.
    fn key(&self, path: &str) -> String {
        format!("hub {} {path}", self.url)
    }
}
