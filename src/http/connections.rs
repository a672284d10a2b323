//! Connections that stay open and ask nothing: they are closed, so that they keep nobody else out.

use std::any::Any;
use std::io;
use std::net::Shutdown;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::{TcpStream, UnixStream};
use socket2::{SockRef, Socket};

use super::conditional::now;

/// Seconds without a request after which a connection is closed, whatever else comes or goes over it. The
/// slowest reader of a long feed needs less.
const SILENT: i64 = 300;

/// How long what was sent may stay unread.
const UNREAD: Duration = Duration::from_secs(60);

/// How often is looked.
const ROUND: Duration = Duration::from_secs(15);

/// Files that are open beside connections.
const OTHER_FILES: u64 = 512;

/// An open connection.
pub(super) struct Connection {
    socket: Socket,
    /// When its last request came, in Unix seconds.
    asked: AtomicI64,
}

impl Connection {
    /// Takes note of a request.
    pub(super) fn touch(&self, now: i64) {
        self.asked.store(now, Ordering::Relaxed);
    }
}

/// Every open connection of a server.
#[derive(Clone, Default)]
pub(super) struct Connections {
    open: Arc<Mutex<Vec<Weak<Connection>>>>,
}

impl Connections {
    /// Those of a server, watched by a thread of their own as long as it runs.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn watched() -> io::Result<Self> {
        let connections = Self::default();
        let open = Arc::downgrade(&connections.open);
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            while let Some(open) = open.upgrade() {
                close_silent(&open, now());
                drop(open);
                thread::sleep(ROUND);
            }
        })?;
        Ok(connections)
    }

    /// Takes a new connection in; `data` is what its requests see.
    pub(super) fn take_in(&self, connection: &dyn Any, data: &mut Extensions) {
        let socket = if let Some(stream) = connection.downcast_ref::<TcpStream>() {
            let socket = SockRef::from(stream);
            // Bodies go in pieces, and none waits for the one before to be confirmed.
            let _ = socket.set_tcp_nodelay(true);
            // A system that does not know this closes it by the clock.
            let _ = socket.set_tcp_user_timeout(Some(UNREAD));
            socket.try_clone()
        } else if let Some(stream) = connection.downcast_ref::<UnixStream>() {
            SockRef::from(stream).try_clone()
        } else {
            return;
        };
        // Without a handle of its own it can only be left to itself.
        let Ok(socket) = socket else { return };
        let connection = Arc::new(Connection { socket, asked: AtomicI64::new(now()) });
        self.open.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&connection));
        data.insert(connection);
    }
}

/// Closes connections that were silent for too long, and forgets those that are gone.
fn close_silent(open: &Mutex<Vec<Weak<Connection>>>, now: i64) {
    open.lock().unwrap_or_else(PoisonError::into_inner).retain(|connection| {
        let Some(connection) = connection.upgrade() else { return false };
        if now - connection.asked.load(Ordering::Relaxed) > SILENT {
            // One that is closed already needs no closing.
            let _ = connection.socket.shutdown(Shutdown::Both);
        }
        true
    });
}

/// Connections that one of some workers may have at the same time: two files each, of all that this process
/// may open.
pub(super) fn count_affordable(workers: usize) -> usize {
    let files = rlimit::increase_nofile_limit(1 << 20).unwrap_or(1024);
    let each = files.saturating_sub(OTHER_FILES) / 2 / workers.max(1) as u64;
    each.clamp(32, 16_384) as usize
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn silent_connections_are_closed_and_others_are_not() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let connect = || {
            let client = TcpStream::connect(listener.local_addr().expect("it has one")).expect("it listens");
            let (server, _) = listener.accept().expect("somebody connects");
            (client, Arc::new(Connection { socket: server.into(), asked: AtomicI64::new(1000) }))
        };
        let (mut silent, one) = connect();
        let (asking, other) = connect();
        let (_, gone) = connect();
        other.touch(1000 + SILENT);
        let open = Mutex::new([&one, &other, &gone].map(Arc::downgrade).to_vec());
        drop(gone);
        close_silent(&open, 1001 + SILENT);
        assert_eq!(open.lock().expect("nobody panics").len(), 2);
        assert_eq!(silent.read(&mut [0]).expect("it is closed"), 0);
        asking.set_nonblocking(true).expect("it can be");
        assert!((&asking).read(&mut [0]).is_err(), "nothing came, and it is open");
    }
}
