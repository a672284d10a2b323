//! Hubs are told which feeds changed, once the change is served (W3C WebSub). A thread a hub: one that is
//! slow or away keeps nobody waiting.

mod hub;
mod ping;
mod queue;

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::catalog::Live;
use crate::feed::Entries;
use crate::state::Store;
use hub::Hub;

/// How long nothing has to happen: a newer snapshot ends it.
const LONG: Duration = Duration::from_secs(3600);

/// Tells every hub that the site has, now or after a reload, of what changes in `live`. What each was told
/// last is kept in `store`: a change while the server was down is told when it is up again.
///
/// # Errors
/// If the system gives no thread.
pub fn start(live: Live, entries: Arc<Entries>, store: Store) -> std::io::Result<()> {
    let watch = move || {
        let mut hubs: HashMap<String, JoinHandle<()>> = HashMap::new();
        let mut revision = 0;
        loop {
            let Some(snapshot) = live.wait_newer(revision, LONG) else { continue };
            revision = snapshot.revision;
            // One that is configured no more ends by itself.
            hubs.retain(|_, thread| !thread.is_finished());
            for url in &snapshot.site.hubs {
                if hubs.contains_key(url) {
                    continue;
                }
                let hub = Hub::new(url.clone(), live.clone(), Arc::clone(&entries), store.clone());
                match thread::Builder::new().name("hub".to_owned()).spawn(move || hub.run()) {
                    Ok(thread) => {
                        hubs.insert(url.clone(), thread);
                    }
                    Err(error) => tracing::warn!("the hub {url} is not told of changes: {error}"),
                }
            }
        }
    };
    thread::Builder::new().name("websub".to_owned()).spawn(watch)?;
    Ok(())
}
