//! The open connections of a server, and which of them are closed so that the others are answered.

use std::cmp::Reverse;
use std::io;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use actix_web::rt::net::{TcpStream, UnixStream};
use parking_lot::Mutex;
use socket2::{SockRef, Socket};

use super::connection::{Connection, Moment};
use super::in_flight::InFlight;
use crate::limits::{CONNECTIONS_PER_WORKER, UNREAD_RESPONSE_SECONDS};

/// The interval at which all connections are checked.
const ROUND: Duration = Duration::from_secs(1);

/// The number of files that are open in addition to connections.
const OTHER_FILES: u64 = 512;

/// Bytes of a response that the kernel buffers before it can send them. More would waste memory.
const UNSENT_BYTES: u32 = 128 << 10;

/// The open connections of a server. Clones share them.
#[derive(Clone)]
pub(super) struct Connections {
    shared: Arc<Shared>,
}

struct Shared {
    open: Mutex<Vec<Weak<Connection>>>,
    /// The largest number of open connections.
    limit: usize,
    in_flight: InFlight,
}

impl Shared {
    /// Lists the open connections and removes closed ones.
    fn list(&self) -> Vec<Arc<Connection>> {
        let mut open = self.open.lock();
        let mut found = Vec::with_capacity(open.len());
        open.retain(|connection| {
            let connection = Weak::upgrade(connection);
            found.extend(connection.iter().cloned());
            connection.is_some()
        });
        found
    }
}

impl Connections {
    /// At most `limit` connections, watched by a thread of their own while the server runs. Bodies that
    /// wait for their readers count as `in_flight`.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub(super) fn watched(limit: usize, in_flight: InFlight) -> io::Result<Self> {
        let connections = Self::new(limit, in_flight);
        let shared = Arc::downgrade(&connections.shared);
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            while let Some(shared) = shared.upgrade() {
                let connections = Self { shared };
                connections.close_late(Moment::now());
                connections.disconnect_slow(Moment::now());
                drop(connections);
                thread::sleep(ROUND);
            }
        })?;
        Ok(connections)
    }

    fn new(limit: usize, in_flight: InFlight) -> Self {
        Self { shared: Arc::new(Shared { open: Mutex::default(), limit, in_flight }) }
    }

    /// Adds a TCP connection.
    ///
    /// # Errors
    /// If there is no second handle, through which it could be closed.
    pub(super) fn add_tcp(&self, stream: &TcpStream) -> io::Result<Arc<Connection>> {
        let socket = SockRef::from(stream);
        // No part of a response waits for the acknowledgement of the one before.
        let _ = socket.set_tcp_nodelay(true);
        // A system without these options closes the connection on the timer, and uses more memory.
        let _ = socket.set_tcp_user_timeout(Some(Duration::from_secs(UNREAD_RESPONSE_SECONDS)));
        let _ = socket.set_tcp_notsent_lowat(UNSENT_BYTES);
        self.add(socket.try_clone())
    }

    /// Adds a connection over a Unix socket.
    ///
    /// # Errors
    /// If there is no second handle, through which it could be closed.
    pub(super) fn add_unix(&self, stream: &UnixStream) -> io::Result<Arc<Connection>> {
        self.add(SockRef::from(stream).try_clone())
    }

    fn add(&self, socket: io::Result<Socket>) -> io::Result<Arc<Connection>> {
        if self.shared.in_flight.count_connections() >= self.shared.limit {
            self.close_idle(Moment::now());
        }
        let connection = Arc::new(Connection::new(socket?, self.shared.in_flight.clone()));
        self.shared.open.lock().push(Arc::downgrade(&connection));
        Ok(connection)
    }

    /// Closes connections whose time limit has passed.
    fn close_late(&self, now: Moment) {
        self.shared.list().iter().filter(|connection| connection.is_late(now)).for_each(|late| late.close());
    }

    /// Closes the connections that have been idle the longest, to admit a new one: a few at a time, so that not every
    /// new connection scans all. If none is idle, closes the slowest reader.
    fn close_idle(&self, now: Moment) {
        let mut open = self.shared.list();
        open.retain(|connection| !connection.is_closing());
        if open.len() < self.shared.limit {
            return;
        }
        let few = 1 + self.shared.limit / 64;
        let mut idle: Vec<_> = open.iter().filter(|connection| !connection.is_answering()).collect();
        idle.sort_by_key(|connection| connection.idle_since());
        if idle.is_empty() {
            let slow = open.iter().filter(|connection| connection.weight() > 0);
            idle =
                slow.min_by_key(|connection| connection.speed(now).unwrap_or(u64::MAX)).into_iter().collect();
        }
        idle.iter().take(few).for_each(|connection| connection.close());
    }

    /// Returns true if there is memory for another response; if not, disconnects the slowest readers.
    pub(super) fn have_memory(&self) -> bool {
        self.shared.in_flight.excess() == 0 || {
            self.disconnect_slow(Moment::now());
            false
        }
    }

    /// Disconnects the slowest readers until the bytes that all responses hold are within the limit.
    fn disconnect_slow(&self, now: Moment) {
        let mut excess = self.shared.in_flight.excess();
        if excess == 0 {
            return;
        }
        let (closing, mut open): (Vec<_>, Vec<_>) =
            self.shared.list().into_iter().partition(|connection| connection.is_closing());
        // Their memory is about to be free.
        excess = excess.saturating_sub(closing.iter().map(|connection| connection.weight()).sum());
        open.retain(|connection| connection.weight() > 0 && connection.speed(now).is_some());
        open.sort_by_key(|connection| (connection.speed(now), Reverse(connection.weight())));
        for connection in open {
            if excess == 0 {
                break;
            }
            excess = excess.saturating_sub(connection.weight());
            connection.close();
        }
    }
}

/// The number of connections that one of `workers` can hold: a connection takes two of the files that this process
/// can open.
pub(super) fn count_affordable(workers: usize) -> usize {
    let files = rlimit::increase_nofile_limit(1 << 20).unwrap_or(1024);
    let each = files.saturating_sub(OTHER_FILES) / 2 / workers.max(1) as u64;
    each.clamp(32, CONNECTIONS_PER_WORKER) as usize
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    use actix_web::web::Bytes;

    use super::super::body::Body;
    use super::super::connection::MEASURED_TIME;
    use super::*;
    use crate::limits::{
        IDLE_CONNECTION_SECONDS, REQUEST_HEAD_SECONDS, RESPONSES_BYTES, SILENT_CONNECTION_SECONDS,
    };

    struct Listening(TcpListener);

    impl Listening {
        fn new() -> Self {
            Self(TcpListener::bind("127.0.0.1:0").expect("there is a port"))
        }

        /// The client's end, and the server's connection.
        fn connect(&self, connections: &Connections) -> (TcpStream, Arc<Connection>) {
            let address = self.0.local_addr().expect("it has one");
            let client = TcpStream::connect(address).expect("it listens");
            let (server, _) = self.0.accept().expect("a client connects");
            (client, connections.add(Ok(server.into())).expect("it has a handle"))
        }
    }

    fn is_closed(client: &mut TcpStream) -> bool {
        client.set_nonblocking(true).expect("it can be");
        matches!(client.read(&mut [0]), Ok(0))
    }

    #[test]
    fn a_head_has_ten_seconds_an_idle_connection_75_and_any_connection_five_minutes() {
        let (listening, connections) = (Listening::new(), Connections::new(9, InFlight::default()));
        let (mut half, one) = listening.connect(&connections);
        let (mut whole, two) = listening.connect(&connections);
        one.note_head();
        two.note_head();
        two.begin(Instant::now());
        let after = |seconds| Moment::now().after(Duration::from_secs(seconds));
        connections.close_late(after(REQUEST_HEAD_SECONDS - 1));
        assert!(!is_closed(&mut half));
        connections.close_late(after(REQUEST_HEAD_SECONDS + 1));
        assert!(is_closed(&mut half) && !is_closed(&mut whole));
        connections.close_late(after(IDLE_CONNECTION_SECONDS + 1));
        assert!(!is_closed(&mut whole), "it is being answered");
        let (mut idle, three) = listening.connect(&connections);
        three.begin(Instant::now());
        three.end();
        connections.close_late(after(IDLE_CONNECTION_SECONDS + 1));
        assert!(is_closed(&mut idle) && !is_closed(&mut whole));
        connections.close_late(after(SILENT_CONNECTION_SECONDS + 1));
        assert!(is_closed(&mut whole));
    }

    #[test]
    fn at_the_limit_the_longest_idle_connection_is_closed_for_a_new_one() {
        let (listening, connections) = (Listening::new(), Connections::new(3, InFlight::default()));
        let mut open: Vec<_> = (0..3).map(|_| listening.connect(&connections)).collect();
        // The first is being answered, the second was idle the shortest.
        open[0].1.begin(Instant::now());
        while Some(Moment::now()) <= open[2].1.idle_since() {}
        open[1].1.begin(Instant::now());
        open[1].1.end();
        let fourth = listening.connect(&connections);
        let closed: Vec<bool> = open.iter_mut().map(|(client, _)| is_closed(client)).collect();
        assert_eq!(closed, [false, false, true]);
        assert_eq!(connections.shared.in_flight.count_connections(), 4, "it is closed, not gone yet");
        drop((open, fourth));
        assert_eq!(connections.shared.in_flight.count_connections(), 0);
    }

    #[test]
    fn the_slowest_readers_are_disconnected_when_responses_hold_too_much() {
        let in_flight = InFlight::default();
        let (listening, connections) = (Listening::new(), Connections::new(9, in_flight.clone()));
        let mut open: Vec<_> = (0..3).map(|_| listening.connect(&connections)).collect();
        let bodies = [1, 2, 3].map(|byte| Body::from(Bytes::from(vec![byte; RESPONSES_BYTES / 2 - 1])));
        let hold = |((_, connection), body): (&(_, Arc<Connection>), Body)| connection.hold(body);
        let held: Vec<_> = open.iter().zip(bodies).map(hold).collect();
        for ((_, connection), sent) in open.iter().zip([50_000, 10, 90_000]) {
            connection.note_sent(sent);
        }
        assert!(in_flight.excess() > 0);
        connections.disconnect_slow(Moment::now());
        assert!(!open.iter_mut().any(|(client, _)| is_closed(client)), "none had the time to read");
        connections.disconnect_slow(Moment::now().after(MEASURED_TIME));
        let closed: Vec<bool> = open.iter_mut().map(|(client, _)| is_closed(client)).collect();
        assert_eq!(closed, [false, true, false], "the slowest, and no more than needed");
        connections.disconnect_slow(Moment::now().after(MEASURED_TIME));
        assert!(!is_closed(&mut open[0].0), "it is about to be free");
        drop((open, held));
        assert_eq!(in_flight.bytes(), 0);
    }
}
