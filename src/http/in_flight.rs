//! The memory of responses that are being sent, and the connections that share its limit.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::body::Body;
use crate::limits::RESPONSES_BYTES;

/// The smallest and largest piece in which a connection copies a response; it keeps a buffer for one piece. A body
/// that is not longer than a piece is copied at once and then released.
pub(super) const PIECE: RangeInclusive<usize> = (32 << 10)..=(128 << 10);

/// The bytes that responses hold while they are sent, in addition to the cache. Clones share the count.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The number of open connections.
    connections: AtomicUsize,
    /// Bytes that connections have copied but not yet sent.
    unsent: AtomicUsize,
    /// Bodies that are being sent, by memory address, each with the number of responses that send it.
    bodies: Mutex<HashMap<usize, (Body, usize)>>,
}

impl InFlight {
    /// The bytes that are held now.
    pub(super) fn bytes(&self) -> usize {
        // One clone is here, and one is in the cache if that still holds the body.
        let is_held_here = |body: &Body| body.count_clones() == 1;
        let bodies = self.shared.bodies.lock();
        let held = bodies.values().filter(|(body, _)| is_held_here(body)).map(|(body, _)| body.len());
        held.sum::<usize>() + self.shared.unsent.load(Ordering::Relaxed)
    }

    /// The bytes above the limit.
    pub(super) fn excess(&self) -> usize {
        self.bytes().saturating_sub(RESPONSES_BYTES)
    }

    /// Counts a connection that was opened.
    pub(super) fn open_connection(&self) {
        self.shared.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes a connection that was closed with this number of unsent bytes.
    pub(super) fn close_connection(&self, unsent: usize) {
        self.replace_unsent(unsent, 0);
        self.shared.connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// The number of open connections.
    pub(super) fn count_connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// The size of a piece: each connection's share of the limit.
    pub(super) fn choose_piece(&self) -> usize {
        choose_piece(self.count_connections())
    }

    /// Updates one connection's number of unsent bytes.
    pub(super) fn replace_unsent(&self, before: usize, now: usize) {
        if now > before {
            self.shared.unsent.fetch_add(now - before, Ordering::Relaxed);
        } else if before > now {
            self.shared.unsent.fetch_sub(before - now, Ordering::Relaxed);
        }
    }

    /// Counts a body until the returned value is dropped.
    pub(super) fn hold(&self, body: &Body) -> Held {
        // While the body is held, no other body can have its memory address.
        let place = body.as_ptr() as usize;
        self.shared.bodies.lock().entry(place).or_insert_with(|| (body.clone(), 0)).1 += 1;
        Held { in_flight: self.clone(), place }
    }
}

/// A body that a response holds.
pub(super) struct Held {
    in_flight: InFlight,
    place: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut bodies = self.in_flight.shared.bodies.lock();
        let Some((_, responses)) = bodies.get_mut(&self.place) else { return };
        *responses -= 1;
        if *responses == 0 {
            bodies.remove(&self.place);
        }
    }
}

fn choose_piece(connections: usize) -> usize {
    (RESPONSES_BYTES / connections.max(1)).clamp(*PIECE.start(), *PIECE.end())
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;

    use super::*;

    #[test]
    fn a_body_counts_once_for_all_its_responses_until_the_last_is_done_and_not_while_the_cache_has_it() {
        let in_flight = InFlight::default();
        let (shared, own) = (Body::to_keep(vec![1; 100_000]), Body::from(Bytes::from(vec![2; 50_000])));
        let first = in_flight.hold(&shared);
        let second = in_flight.hold(&shared);
        let third = in_flight.hold(&own);
        assert_eq!(in_flight.bytes(), 50_000, "the cache has the first");
        drop((shared, own));
        assert_eq!(in_flight.bytes(), 150_000);
        drop((first, third));
        assert_eq!(in_flight.bytes(), 100_000);
        drop(second);
        assert_eq!((in_flight.bytes(), in_flight.shared.bodies.lock().len()), (0, 0));
    }

    #[test]
    fn pieces_are_smaller_when_many_connections_are_open() {
        assert_eq!([0, 1, 64].map(choose_piece), [128 << 10; 3]);
        assert_eq!(choose_piece(128), 64 << 10);
        assert_eq!([512, 100_000].map(choose_piece), [32 << 10; 2]);
    }
}
