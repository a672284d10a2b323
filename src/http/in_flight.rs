//! Responses on their way: how many bytes they hold, and how they are handed to a connection in pieces.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

use super::connections::Answering;
use crate::limits::RESPONSES_BYTES;

/// A connection copies a response in pieces of this size: that is what each slow reader costs of its own. A
/// body that is not longer is copied at once and held no further.
const PIECE: usize = 32 << 10;

/// Bytes held by responses that are being sent. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    bytes: AtomicUsize,
    /// How many responses send a body, by its place in memory: one that many share is held once.
    bodies: Mutex<HashMap<usize, usize>>,
}

impl InFlight {
    /// Bytes that are held now.
    pub(super) fn bytes(&self) -> usize {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// By how much they exceed what they may be.
    pub(super) fn excess(&self) -> usize {
        (self.bytes() + 1).saturating_sub(RESPONSES_BYTES)
    }

    /// Replaces a number of bytes that was counted by another.
    pub(super) fn replace(&self, before: usize, now: usize) {
        if now > before {
            self.shared.bytes.fetch_add(now - before, Ordering::Relaxed);
        } else if before > now {
            self.shared.bytes.fetch_sub(before - now, Ordering::Relaxed);
        }
    }

    /// The body of a response, counted until it is sent or its connection is closed.
    pub(super) fn send(&self, bytes: Bytes, answering: Option<Answering>) -> Outgoing {
        let held = (bytes.len() > PIECE).then(|| Held::new(self.clone(), bytes.clone()));
        if let (Some(held), Some(answering)) = (&held, &answering) {
            answering.connection().hold(held.bytes.len());
        }
        Outgoing { bytes, size: None, _held: held, _answering: answering }
    }

    fn bodies(&self) -> std::sync::MutexGuard<'_, HashMap<usize, usize>> {
        self.shared.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that a response holds.
struct Held {
    in_flight: InFlight,
    /// Keeps its place in memory from being given to another.
    bytes: Bytes,
}

impl Held {
    fn new(in_flight: InFlight, bytes: Bytes) -> Self {
        let mut bodies = in_flight.bodies();
        let holders = bodies.entry(bytes.as_ptr() as usize).or_default();
        *holders += 1;
        if *holders == 1 {
            in_flight.replace(0, bytes.len());
        }
        drop(bodies);
        Self { in_flight, bytes }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let place = self.bytes.as_ptr() as usize;
        let mut bodies = self.in_flight.bodies();
        let Some(holders) = bodies.get_mut(&place) else { return };
        *holders -= 1;
        if *holders == 0 {
            bodies.remove(&place);
            self.in_flight.replace(self.bytes.len(), 0);
        }
    }
}

/// The body of a response.
pub(super) struct Outgoing {
    bytes: Bytes,
    /// Its size, if that is not the number of its bytes.
    size: Option<BodySize>,
    _held: Option<Held>,
    _answering: Option<Answering>,
}

impl Outgoing {
    /// An empty body.
    pub(super) fn none() -> Self {
        Self { bytes: Bytes::new(), size: None, _held: None, _answering: None }
    }

    /// No body, and nothing said of its length: RFC 9110 §9.3.2 for HEAD.
    pub(super) fn of_unknown_length(answering: Option<Answering>) -> Self {
        Self { bytes: Bytes::new(), size: Some(BodySize::None), _held: None, _answering: answering }
    }
}

impl MessageBody for Outgoing {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.size.unwrap_or(BodySize::Sized(self.bytes.len() as u64))
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let length = self.bytes.len().min(PIECE);
        Poll::Ready((length > 0).then(|| Ok(self.bytes.split_to(length))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_counted_once_however_many_send_it_until_the_last_is_done() {
        let in_flight = InFlight::default();
        let (shared, own) = (Bytes::from(vec![1; 100_000]), Bytes::from(vec![2; 50_000]));
        let first = in_flight.send(shared.clone(), None);
        let second = in_flight.send(shared, None);
        let third = in_flight.send(own, None);
        let small = in_flight.send(Bytes::from(vec![3; PIECE]), None);
        assert_eq!(in_flight.bytes(), 150_000);
        drop((first, third, small));
        assert_eq!(in_flight.bytes(), 100_000);
        drop(second);
        assert_eq!((in_flight.bytes(), in_flight.bodies().len()), (0, 0));
    }

    #[test]
    fn a_body_goes_out_in_pieces() {
        let body: Vec<u8> = (0..PIECE * 2 + 10).map(|n| n as u8).collect();
        let mut outgoing = InFlight::default().send(Bytes::from(body.clone()), None);
        assert_eq!(outgoing.size(), BodySize::Sized(body.len() as u64));
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut pieces = Vec::new();
        while let Poll::Ready(Some(Ok(piece))) = Pin::new(&mut outgoing).poll_next(&mut context) {
            assert!(piece.len() <= PIECE);
            pieces.extend_from_slice(&piece);
        }
        assert_eq!(pieces, body);
    }
}
