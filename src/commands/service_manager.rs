//! Notification of the service manager: `sd_notify(3)`, if `$NOTIFY_SOCKET` is set.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::thread;
use std::time::Duration;

use crate::catalog::Live;

/// The longest wait for a new snapshot before the next one begins.
const WAIT_TIMEOUT: Duration = Duration::from_secs(3600);

/// Notifies the service manager, if there is one, when every source has been read for the first time.
pub(super) fn notify_ready(live: Live) {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return;
    }
    let wait = move || {
        let mut revision = 0;
        loop {
            if let Some(snapshot) = live.wait_newer(revision, WAIT_TIMEOUT) {
                if snapshot.awaited.is_empty() {
                    return notify("READY=1\n");
                }
                revision = snapshot.revision;
                notify("STATUS=Waiting for a folder of posts\n");
            }
        }
    };
    // Without the thread the start times out; the log then shows the cause.
    if let Err(error) = thread::Builder::new().name("supervisor".to_owned()).spawn(wait) {
        tracing::warn!("the service manager is not notified: {error}");
    }
}

/// Notifies the service manager that the server stops.
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
        tracing::warn!("the service manager cannot be notified: {error}");
    }
}
