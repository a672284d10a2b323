//! What a supervisor is told: `sd_notify(3)`, where `$NOTIFY_SOCKET` asks for it.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::thread;
use std::time::Duration;

use crate::catalog::Live;

/// How long a state is waited for before it is asked for again whether anybody still waits.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Tells the supervisor, if there is one, when every source was read for the first time.
pub(super) fn notify_ready(live: Live) {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return;
    }
    let wait = move || {
        let mut revision = 0;
        loop {
            if let Some(snapshot) = live.wait_newer(revision, PATIENCE) {
                if snapshot.awaited.is_empty() {
                    return notify("READY=1\n");
                }
                revision = snapshot.revision;
                notify("STATUS=Waiting for a folder of posts\n");
            }
        }
    };
    // Without a thread it is never told, and the log says why the start took too long.
    if let Err(error) = thread::Builder::new().name("supervisor".to_owned()).spawn(wait) {
        tracing::warn!("the supervisor is not told: {error}");
    }
}

/// Tells the supervisor that the server stops.
pub(super) fn notify_stopping() {
    notify("STOPPING=1\n");
}

fn notify(state: &str) {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET").and_then(|path| path.into_string().ok()) else {
        return;
    };
    let address = match path.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&path),
    };
    let sent = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = sent {
        tracing::warn!("the supervisor can't be told: {error}");
    }
}
