//! Open connections: the activity of each, and which are closed so that the others are answered.

use std::cmp::Reverse;
use std::io;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use actix_web::rt::net::{TcpStream, UnixStream};
use socket2::{SockRef, Socket};

use super::in_flight::{InFlight, choose_piece};
use super::stream::Watched;
use crate::limits::{
    CONNECTIONS_PER_WORKER, REQUEST_HEAD_SECONDS, SILENT_CONNECTION_SECONDS, UNREAD_RESPONSE_SECONDS,
};

/// The interval at which all connections are checked.
const ROUND: Duration = Duration::from_secs(1);

/// The number of files that are open in addition to connections.
const OTHER_FILES: u64 = 512;

/// Bytes of a response that the kernel buffers before it can send them. More would waste memory.
const UNSENT_BYTES: u32 = 128 << 10;

/// Milliseconds before the speed of a reader is measured.
const SLOW: u64 = 2000;

/// Milliseconds on a monotonic clock; at least 1.
fn clock() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_millis() as u64 + 1
}

/// An open connection. Times are in milliseconds of [`clock`].
pub(super) struct Connection {
    socket: Socket,
    shared: Arc<Shared>,
    /// The time of its last request, or of its opening.
    asked: AtomicU64,
    /// The time when its last response was handed to the stream, or of its opening.
    idle_since: AtomicU64,
    /// The time when the first byte of an incomplete request head came; 0 if there is none.
    head_since: AtomicU64,
    /// True while a request is being answered.
    is_answering: AtomicBool,
    is_closing: AtomicBool,
    /// The time when its last response was ready to be sent.
    sending_since: AtomicU64,
    /// The counted bytes of the body that is being sent.
    held: AtomicUsize,
    /// Bytes that wait because the client reads too slowly.
    unsent: AtomicUsize,
    /// The bytes sent of its last response.
    sent: AtomicUsize,
}

impl Connection {
    fn new(socket: Socket, shared: Arc<Shared>, now: u64) -> Self {
        shared.count.fetch_add(1, Ordering::Relaxed);
        Self {
            socket,
            shared,
            asked: now.into(),
            idle_since: now.into(),
            head_since: 0.into(),
            is_answering: false.into(),
            is_closing: false.into(),
            sending_since: now.into(),
            held: 0.into(),
            unsent: 0.into(),
            sent: 0.into(),
        }
    }

    /// Marks the start of a request.
    pub(super) fn begin(self: &Arc<Self>) -> Answering {
        self.asked.store(clock(), Ordering::Relaxed);
        self.head_since.store(0, Ordering::Relaxed);
        self.is_answering.store(true, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    /// Marks that bytes came in. Between two requests they begin the head of the next.
    pub(super) fn note_received(&self) {
        if !self.is_answering.load(Ordering::Relaxed) && self.head_since.load(Ordering::Relaxed) == 0 {
            self.head_since.store(clock(), Ordering::Relaxed);
        }
    }

    /// Adds bytes that were sent, and replaces the number of unsent ones.
    pub(super) fn note_sent(&self, sent: usize, unsent: usize) {
        self.sent.fetch_add(sent, Ordering::Relaxed);
        let before = self.unsent.swap(unsent, Ordering::Relaxed);
        self.shared.in_flight.replace_unsent(before, unsent);
    }

    /// The number of bytes of a response that it copies at a time.
    pub(super) fn choose_piece(&self) -> usize {
        choose_piece(self.shared.count.load(Ordering::Relaxed))
    }

    /// Marks that a response with this number of counted bytes is ready to be sent.
    pub(super) fn hold(&self, length: usize) {
        self.sending_since.store(clock(), Ordering::Relaxed);
        self.sent.store(0, Ordering::Relaxed);
        self.held.store(length, Ordering::Relaxed);
    }

    /// The bytes of memory that its response takes.
    fn weight(&self) -> usize {
        self.held.load(Ordering::Relaxed) + self.unsent.load(Ordering::Relaxed)
    }

    /// The bytes that the client reads per second; `None` if it has not been reading for long enough.
    fn speed(&self, now: u64) -> Option<u64> {
        let took = now.saturating_sub(self.sending_since.load(Ordering::Relaxed));
        (took >= SLOW).then(|| self.sent.load(Ordering::Relaxed) as u64 * 1000 / took)
    }

    fn is_late(&self, now: u64) -> bool {
        let is_over = |since: &AtomicU64, seconds: u64| {
            let since = since.load(Ordering::Relaxed);
            since != 0 && now.saturating_sub(since) > seconds * 1000
        };
        is_over(&self.head_since, REQUEST_HEAD_SECONDS) || is_over(&self.asked, SILENT_CONNECTION_SECONDS)
    }

    fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        // An error means that the socket is already closed.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.in_flight.replace_unsent(*self.unsent.get_mut(), 0);
        self.shared.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request that is being answered, until its response is handed to the stream.
pub(super) struct Answering(Arc<Connection>);

impl Answering {
    pub(super) fn connection(&self) -> &Connection {
        &self.0
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.held.store(0, Ordering::Relaxed);
        self.0.idle_since.store(clock(), Ordering::Relaxed);
        self.0.is_answering.store(false, Ordering::Relaxed);
    }
}

/// The open connections of a server. Clones share them.
#[derive(Clone)]
pub(super) struct Connections {
    shared: Arc<Shared>,
}

struct Shared {
    open: Mutex<Vec<Weak<Connection>>>,
    /// The number of open connections.
    count: AtomicUsize,
    /// The largest number of open connections.
    limit: usize,
    in_flight: InFlight,
}

impl Shared {
    /// Lists the open connections and removes closed ones.
    fn list(&self) -> Vec<Arc<Connection>> {
        let mut open: MutexGuard<'_, _> = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::with_capacity(open.len());
        open.retain(|connection| {
            let connection = Weak::upgrade(connection);
            found.extend(connection.iter().cloned());
            connection.is_some()
        });
        drop(open);
        found
    }
}

impl Connections {
    /// At most `limit` connections, watched by a thread of their own while the server runs. Their unsent bytes count
    /// as `in_flight`.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub(super) fn watched(limit: usize, in_flight: InFlight) -> io::Result<Self> {
        let connections = Self::new(limit, in_flight);
        let shared = Arc::downgrade(&connections.shared);
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            while let Some(shared) = shared.upgrade() {
                let connections = Self { shared };
                connections.close_late(clock());
                connections.disconnect_slow(clock());
                drop(connections);
                thread::sleep(ROUND);
            }
        })?;
        Ok(connections)
    }

    fn new(limit: usize, in_flight: InFlight) -> Self {
        let (open, count) = (Mutex::default(), AtomicUsize::default());
        Self { shared: Arc::new(Shared { open, count, limit, in_flight }) }
    }

    /// Adds a TCP connection.
    pub(super) fn take_tcp(&self, stream: TcpStream) -> Watched<TcpStream> {
        let socket = SockRef::from(&stream);
        // Bodies are sent in pieces, and no piece waits for the acknowledgement of the one before.
        let _ = socket.set_tcp_nodelay(true);
        // A system without these options closes the connection on the timer, and uses more memory.
        let _ = socket.set_tcp_user_timeout(Some(Duration::from_secs(UNREAD_RESPONSE_SECONDS)));
        let _ = socket.set_tcp_notsent_lowat(UNSENT_BYTES);
        let connection = self.add(socket.try_clone());
        Watched::new(stream, connection)
    }

    /// Adds a connection over a Unix socket.
    pub(super) fn take_unix(&self, stream: UnixStream) -> Watched<UnixStream> {
        let connection = self.add(SockRef::from(&stream).try_clone());
        Watched::new(stream, connection)
    }

    /// Adds a connection; `None` without a second handle, through which it could be closed.
    fn add(&self, socket: io::Result<Socket>) -> Option<Arc<Connection>> {
        if self.shared.count.load(Ordering::Relaxed) >= self.shared.limit {
            self.close_idle(clock());
        }
        let connection = Arc::new(Connection::new(socket.ok()?, Arc::clone(&self.shared), clock()));
        let mut open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(Arc::downgrade(&connection));
        Some(connection)
    }

    /// Closes connections whose time limit has passed.
    fn close_late(&self, now: u64) {
        self.shared.list().iter().filter(|connection| connection.is_late(now)).for_each(|late| late.close());
    }

    /// Closes the connections that have been idle the longest, to admit a new one: a few at a time, so that not every
    /// new connection scans all. If none is idle, closes the slowest reader.
    fn close_idle(&self, now: u64) {
        let mut open = self.shared.list();
        open.retain(|connection| !connection.is_closing.load(Ordering::Relaxed));
        if open.len() < self.shared.limit {
            return;
        }
        let few = 1 + self.shared.limit / 64;
        let is_idle = |connection: &&Arc<Connection>| !connection.is_answering.load(Ordering::Relaxed);
        let mut idle: Vec<_> = open.iter().filter(is_idle).collect();
        idle.sort_by_key(|connection| connection.idle_since.load(Ordering::Relaxed));
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
            self.disconnect_slow(clock());
            false
        }
    }

    /// Disconnects the slowest readers until the bytes that all responses hold are within the limit.
    fn disconnect_slow(&self, now: u64) {
        let mut excess = self.shared.in_flight.excess();
        if excess == 0 {
            return;
        }
        let (closing, mut open): (Vec<_>, Vec<_>) =
            self.shared.list().into_iter().partition(|it| it.is_closing.load(Ordering::Relaxed));
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

    use super::*;
    use crate::limits::RESPONSES_BYTES;

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
    fn a_head_has_ten_seconds_from_its_first_byte_and_any_connection_five_minutes() {
        let (listening, connections) = (Listening::new(), Connections::new(9, InFlight::default()));
        let (mut half, one) = listening.connect(&connections);
        let (mut whole, two) = listening.connect(&connections);
        one.note_received();
        two.note_received();
        // Bytes that come during a response do not begin a head.
        let answering = two.begin();
        two.note_received();
        drop(answering);
        let now = clock();
        connections.close_late(now + REQUEST_HEAD_SECONDS * 1000 - 1000);
        assert!(!is_closed(&mut half));
        connections.close_late(now + REQUEST_HEAD_SECONDS * 1000 + 1000);
        assert!(is_closed(&mut half) && !is_closed(&mut whole));
        connections.close_late(now + SILENT_CONNECTION_SECONDS * 1000 + 1000);
        assert!(is_closed(&mut whole));
    }

    #[test]
    fn at_the_limit_the_longest_idle_connection_is_closed_for_a_new_one() {
        let (listening, connections) = (Listening::new(), Connections::new(3, InFlight::default()));
        let mut open: Vec<_> = (0..3).map(|_| listening.connect(&connections)).collect();
        // The first is being answered, the second was idle the shortest.
        let answering = open[0].1.begin();
        open[1].1.idle_since.store(clock() + 10, Ordering::Relaxed);
        let fourth = listening.connect(&connections);
        let closed: Vec<bool> = open.iter_mut().map(|(client, _)| is_closed(client)).collect();
        assert_eq!(closed, [false, false, true]);
        assert_eq!(connections.shared.count.load(Ordering::Relaxed), 4, "it is closed, not gone yet");
        drop((open, fourth, answering));
        assert_eq!(connections.shared.count.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_slowest_readers_are_disconnected_when_responses_hold_too_much() {
        let in_flight = InFlight::default();
        let (listening, connections) = (Listening::new(), Connections::new(9, in_flight.clone()));
        let mut open: Vec<_> = (0..3).map(|_| listening.connect(&connections)).collect();
        let answering: Vec<_> = open.iter().map(|(_, connection)| connection.begin()).collect();
        for ((_, connection), sent) in open.iter().zip([50_000, 10, 90_000]) {
            connection.note_sent(sent, RESPONSES_BYTES / 2 - 1);
        }
        assert!(in_flight.excess() > 0);
        connections.disconnect_slow(clock());
        assert!(!open.iter_mut().any(|(client, _)| is_closed(client)), "none had the time to read");
        connections.disconnect_slow(clock() + SLOW);
        let closed: Vec<bool> = open.iter_mut().map(|(client, _)| is_closed(client)).collect();
        assert_eq!(closed, [false, true, false], "the slowest, and no more than needed");
        connections.disconnect_slow(clock() + SLOW);
        assert!(!is_closed(&mut open[0].0), "it is about to be free");
        drop((open, answering));
        assert_eq!(in_flight.bytes(), 0);
    }
}
