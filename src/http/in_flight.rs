//! The memory of responses that are being sent, and the connections that share its limit.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::body::Body;
use crate::limits::RESPONSES_BYTES;

/// The smallest and largest piece of a file that is read to be sent.
const PIECE: RangeInclusive<usize> = (32 << 10)..=(128 << 10);

/// The bytes of bodies that wait for their readers, in addition to the cache. Clones share the count.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The number of open connections.
    connections: AtomicUsize,
    /// Bodies that wait for their readers, by memory address, each with the number of responses that send it.
    bodies: Mutex<HashMap<usize, (Body, usize)>>,
}

impl InFlight {
    /// The bytes that are held now.
    pub(super) fn bytes(&self) -> usize {
        // One clone is here, and one is in the cache if that still holds the body.
        let is_held_here = |body: &Body| body.count_clones() == 1;
        let bodies = self.shared.bodies.lock();
        bodies.values().filter(|(body, _)| is_held_here(body)).map(|(body, _)| body.len()).sum()
    }

    /// The bytes above the limit.
    pub(super) fn excess(&self) -> usize {
        self.bytes().saturating_sub(RESPONSES_BYTES)
    }

    /// Counts a connection that was opened.
    pub(super) fn open_connection(&self) {
        self.shared.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes a connection that was closed.
    pub(super) fn close_connection(&self) {
        self.shared.connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// The number of open connections.
    pub(super) fn count_connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// The size of a piece of a file: each connection's share of the limit.
    pub(super) fn choose_piece(&self) -> usize {
        choose_piece(self.count_connections())
    }

    /// Counts a body until the returned value is dropped. The caller keeps no clone, which would count as the cache's.
    pub(super) fn hold(&self, body: Body) -> Held {
        // While the body is held, no other body can have its memory address.
        let place = body.as_ptr() as usize;
        self.shared.bodies.lock().entry(place).or_insert((body, 0)).1 += 1;
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
        let first = in_flight.hold(shared.clone());
        let second = in_flight.hold(shared.clone());
        let third = in_flight.hold(own);
        assert_eq!(in_flight.bytes(), 50_000, "the cache has the first");
        drop(shared);
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
