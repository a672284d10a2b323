//! An open connection: its activity, and the memory that its response takes.

use std::net::Shutdown;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::body::Body;
use super::in_flight::{Held, InFlight};
use crate::limits::{IDLE_CONNECTION_SECONDS, REQUEST_HEAD_SECONDS, SILENT_CONNECTION_SECONDS};

/// How long a reader reads before its speed is measured.
pub(super) const MEASURED_TIME: Duration = Duration::from_secs(2);

/// A moment of a monotonic clock, in milliseconds from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    pub(super) fn now() -> Self {
        Instant::now().into()
    }

    fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    #[cfg(test)]
    pub(super) fn after(self, time: Duration) -> Self {
        Self(self.0 + time.as_millis() as u64)
    }
}

impl From<Instant> for Moment {
    fn from(instant: Instant) -> Self {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        Self(instant.saturating_duration_since(*START).as_millis() as u64 + 1)
    }
}

/// A moment that threads share; 0 if there is none.
struct SharedMoment(AtomicU64);

impl SharedMoment {
    fn now() -> Self {
        Self(Moment::now().0.into())
    }

    fn get(&self) -> Option<Moment> {
        Some(self.0.load(Ordering::Relaxed)).filter(|moment| *moment != 0).map(Moment)
    }

    fn set(&self, moment: Moment) {
        self.0.store(moment.0, Ordering::Relaxed);
    }

    fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// An open connection.
pub(super) struct Connection {
    socket: Socket,
    in_flight: InFlight,
    /// When its last request began, or when it was opened.
    asked: SharedMoment,
    /// When its last response was sent, or when it was opened.
    idle_since: SharedMoment,
    /// When the first byte of an incomplete request head came.
    head_since: SharedMoment,
    /// True while a request is being answered.
    is_answering: AtomicBool,
    is_closing: AtomicBool,
    /// When it began to wait for a client that does not read a body at once.
    waiting_since: SharedMoment,
    /// The bytes of that body.
    held: AtomicUsize,
    /// The bytes that were sent since then.
    sent: AtomicUsize,
}

impl Connection {
    pub(super) fn new(socket: Socket, in_flight: InFlight) -> Self {
        in_flight.open_connection();
        Self {
            socket,
            in_flight,
            asked: SharedMoment::now(),
            idle_since: SharedMoment::now(),
            head_since: SharedMoment(0.into()),
            is_answering: false.into(),
            is_closing: false.into(),
            waiting_since: SharedMoment(0.into()),
            held: 0.into(),
            sent: 0.into(),
        }
    }

    /// Marks the start of a request.
    pub(super) fn begin(&self, started: Instant) {
        self.asked.set(started.into());
        self.head_since.clear();
        self.is_answering.store(true, Ordering::Relaxed);
    }

    /// Marks that the response was sent.
    pub(super) fn end(&self) {
        self.held.store(0, Ordering::Relaxed);
        self.idle_since.set(Moment::now());
        self.is_answering.store(false, Ordering::Relaxed);
    }

    /// Marks that a part of a head was received.
    pub(super) fn note_head(&self) {
        if self.head_since.get().is_none() {
            self.head_since.set(Moment::now());
        }
    }

    /// Counts a body that the client does not read at once until the returned value is dropped.
    pub(super) fn hold(&self, body: Body) -> Held {
        self.waiting_since.set(Moment::now());
        self.sent.store(0, Ordering::Relaxed);
        self.held.store(body.len(), Ordering::Relaxed);
        self.in_flight.hold(body)
    }

    /// Adds bytes that were sent.
    pub(super) fn note_sent(&self, sent: usize) {
        self.sent.fetch_add(sent, Ordering::Relaxed);
    }

    /// The size of a piece of a file.
    pub(super) fn choose_piece(&self) -> usize {
        self.in_flight.choose_piece()
    }

    /// The bytes of memory that its response takes.
    pub(super) fn weight(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// The bytes that the client reads per second; `None` if it has not been reading for long enough.
    pub(super) fn speed(&self, now: Moment) -> Option<u64> {
        let took = now.since(self.waiting_since.get()?);
        (took >= MEASURED_TIME)
            .then(|| self.sent.load(Ordering::Relaxed) as u64 * 1000 / took.as_millis() as u64)
    }

    /// Returns true if a time limit has passed.
    pub(super) fn is_late(&self, now: Moment) -> bool {
        let is_over = |since: &SharedMoment, seconds: u64| {
            since.get().is_some_and(|since| now.since(since) > Duration::from_secs(seconds))
        };
        is_over(&self.head_since, REQUEST_HEAD_SECONDS)
            || is_over(&self.asked, SILENT_CONNECTION_SECONDS)
            || !self.is_answering() && is_over(&self.idle_since, IDLE_CONNECTION_SECONDS)
    }

    /// Returns true while a request is being answered.
    pub(super) fn is_answering(&self) -> bool {
        self.is_answering.load(Ordering::Relaxed)
    }

    /// When its last response was sent, or when it was opened.
    pub(super) fn idle_since(&self) -> Option<Moment> {
        self.idle_since.get()
    }

    /// Returns true if it was closed here.
    pub(super) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    /// Closes it.
    pub(super) fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        // An error means that the socket is already closed.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.in_flight.close_connection();
    }
}
