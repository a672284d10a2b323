//! Notifies hubs of changed feeds, once the change is served (W3C WebSub). One thread finds the changes, and one
//! thread per hub sends them: a hub that is slow or unavailable does not delay the others.

mod changes;
mod hub;
mod ping;
mod queue;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::catalog::{Live, Snapshot};
use crate::feed::Entries;
use crate::state::Store;
use changes::{Changed, find_changed, list_all, may_all_have_changed};
use hub::{Hub, HubMessage};

/// The longest wait for a newer snapshot, or for a message to a hub's thread.
const LONG: Duration = Duration::from_secs(3600);

/// The time for which changes are collected before hubs are notified.
const GATHER: Duration = Duration::from_millis(200);

/// Notifies every hub of the site, now or after a reload, of the changes in `live`. The last notification of each
/// feed is kept in `store`: after a restart, hubs are notified of the changes made while the server was down.
///
/// # Errors
/// If the thread cannot be started.
pub fn start(live: Live, entries: Arc<Entries>, store: Store) -> std::io::Result<()> {
    let publisher = Publisher { entries, store, live, hubs: HashMap::new(), before: None };
    thread::Builder::new().name("websub".to_owned()).spawn(move || publisher.follow())?;
    Ok(())
}

/// Finds what changed, for all hubs at once.
struct Publisher {
    entries: Arc<Entries>,
    store: Store,
    live: Live,
    /// The threads of the hubs, by URL.
    hubs: HashMap<String, Sender<HubMessage>>,
    /// The snapshot that was compared last; what it shares with the next one has not changed.
    before: Option<Arc<Snapshot>>,
}

impl Publisher {
    fn follow(mut self) {
        loop {
            let revision = self.before.as_ref().map_or(0, |before| before.revision);
            if self.live.wait_newer(revision, LONG).is_none() {
                continue;
            }
            if self.before.is_some() {
                thread::sleep(GATHER);
            }
            if let Some(snapshot) = self.live.load() {
                self.notify_hubs(&snapshot);
                self.before = Some(snapshot);
            }
        }
    }

    fn notify_hubs(&mut self, snapshot: &Arc<Snapshot>) {
        let hubs = &snapshot.site.hubs;
        // The thread of a hub that is no longer configured ends when its sender is dropped.
        self.hubs.retain(|url, _| hubs.contains(url));
        if hubs.is_empty() {
            return;
        }
        let is_unsure = self.before.as_ref().is_none_or(|before| may_all_have_changed(before, snapshot));
        let has_new = hubs.iter().any(|url| !self.hubs.contains_key(url));
        let all = if is_unsure || has_new { list_all(snapshot, &self.entries) } else { Vec::new() };
        let all: Arc<[Changed]> = all.into();
        let everything = || HubMessage::Everything(Arc::clone(&all), Arc::clone(snapshot));
        if is_unsure {
            self.hubs.retain(|_, hub| hub.send(everything()).is_ok());
        } else if let Some(before) = &self.before {
            let changed: Arc<[Changed]> = find_changed(before, snapshot, &self.entries).into();
            self.hubs.retain(|_, hub| hub.send(HubMessage::Changed(Arc::clone(&changed))).is_ok());
        }
        let new: Vec<&String> = hubs.iter().filter(|url| !self.hubs.contains_key(*url)).collect();
        for url in new {
            match Hub::start(url.clone(), self.store.clone(), self.live.clone()) {
                Ok(hub) => {
                    // Its thread waits for the first message.
                    let _ = hub.send(everything());
                    self.hubs.insert(url.clone(), hub);
                }
                Err(error) => tracing::warn!("the hub {url} is not notified of changes: {error}"),
            }
        }
    }
}
