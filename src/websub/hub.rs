//! One hub: the changes it was notified of, those it is still to be notified of, and the requests.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Instant;

use ureq::Agent;

use super::LONG;
use super::changes::{Changed, describe_dropped};
use super::ping::{Outcome, make_agent, ping};
use super::queue::Queue;
use crate::catalog::{Live, Snapshot};
use crate::state::{Seen, Store};

/// A message to the thread of a hub.
pub(super) enum HubMessage {
    /// All listed feeds, and their snapshot: the first message, and the one after a change of the site.
    Everything(Arc<[Changed]>, Arc<Snapshot>),
    /// Feeds that may have changed.
    Changed(Arc<[Changed]>),
}

/// A hub, and the state of its thread.
pub(super) struct Hub {
    url: String,
    store: Store,
    /// Counts the pings.
    live: Live,
    agent: Agent,
    queue: Queue,
    /// True after the first message.
    has_begun: bool,
    /// True if the hub rejected the last notification.
    refuses: bool,
}

impl Hub {
    /// Starts the thread of a hub. It ends when the sender is dropped.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub(super) fn start(url: String, store: Store, live: Live) -> io::Result<Sender<HubMessage>> {
        let (sender, messages) = mpsc::channel();
        let agent = make_agent();
        let queue = Queue::default();
        let hub = Self { url, store, live, agent, queue, has_begun: false, refuses: false };
        thread::Builder::new().name("hub".to_owned()).spawn(move || hub.run(&messages))?;
        Ok(sender)
    }

    fn run(mut self, messages: &Receiver<HubMessage>) {
        loop {
            let due = self.queue.next_due();
            let timeout = due.map_or(LONG, |due| due.saturating_duration_since(Instant::now()));
            match messages.recv_timeout(timeout) {
                Ok(message) => self.receive(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // All messages are received first: a slow hub gets the current state of a feed, not each earlier one.
            while let Ok(message) = messages.try_recv() {
                self.receive(message);
            }
            self.notify();
        }
    }

    fn receive(&mut self, message: HubMessage) {
        match message {
            HubMessage::Changed(feeds) => feeds.iter().for_each(|feed| self.compare(feed)),
            HubMessage::Everything(feeds, snapshot) => self.begin(&feeds, &snapshot),
        }
    }

    /// Compares all feeds with those that the hub was notified of, perhaps by an earlier run of the server.
    fn begin(&mut self, feeds: &[Changed], snapshot: &Snapshot) {
        let reported = self.store.list_notified(&self.url);
        for feed in feeds {
            if reported.is_empty() {
                // A new hub starts with the current feeds.
                self.remember(feed, snapshot.made.timestamp());
            } else {
                self.compare(feed);
            }
        }
        let listed: HashSet<&str> = feeds.iter().map(|feed| feed.path.as_str()).collect();
        let unlisted = reported.iter().filter(|path| !listed.contains(path.as_str()));
        let dropped: Vec<Changed> =
            unlisted.filter_map(|path| describe_dropped(snapshot, &self.store, path)).collect();
        for feed in &dropped {
            self.compare(feed);
        }
        if !std::mem::replace(&mut self.has_begun, true) {
            tracing::info!("the hub {} is notified of every change from now on", self.url);
        }
    }

    fn compare(&mut self, feed: &Changed) {
        let reported = self.store.notified(&self.url, &feed.path);
        if reported.is_some_and(|seen| seen.fingerprint == feed.fingerprint.0) {
            self.queue.drop_unchanged(&feed.path);
        } else {
            self.queue.add(feed.clone(), Instant::now());
        }
    }

    /// Notifies the hub of the feeds that are due, as many as fit in one request.
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
                tracing::debug!("notified the hub {url} of {} changed feeds", due.len());
                if self.queue.settle(&due, now) {
                    tracing::info!("the hub {url} accepts notifications again");
                }
                if let Some(moved) = moved {
                    tracing::warn!("the hub {url} has moved to {moved}. Write that in websub.hubs.");
                }
            }
            // The hub may reject only one of them.
            Outcome::Refused(_) if due.len() > 1 => self.queue.send_one_at_a_time(),
            Outcome::Refused(why) => {
                let feed = &due[0].path;
                if !self.refuses {
                    tracing::warn!(
                        "the hub {url} rejects the notification of {feed}: {why}. Check websub.hubs and server.public_url."
                    );
                }
                if self.queue.refuse(feed, now) {
                    self.remember_all(&due);
                }
                // It rejects every notification: it gets none for a while.
                if std::mem::replace(&mut self.refuses, true) {
                    self.queue.back_off(None, now);
                }
            }
            Outcome::Failed(why, wait) => {
                if self.queue.back_off(wait, now) {
                    tracing::warn!("the hub {url} cannot be notified of changes: {why}. Retrying later.");
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
        self.store.remember_notified(&self.url, &feed.path, Seen { fingerprint, since });
    }
}
