//! Responses that are being sent: the bytes they hold, and their transfer to a connection in pieces.

use std::collections::HashMap;
use std::io;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

use super::body::Body;
use super::connections::Answering;
use super::file_body::FileBody;
use crate::limits::RESPONSES_BYTES;

/// The smallest and largest piece in which a connection copies a response; it keeps a buffer for one piece. A body
/// that is not longer than a piece is copied at once and then released.
const PIECE: RangeInclusive<usize> = (32 << 10)..=(128 << 10);

/// The bytes that responses hold while they are sent, in addition to the cache. Clones share the count.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
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
        let bodies = self.bodies();
        let held = bodies.values().filter(|(body, _)| is_held_here(body)).map(|(body, _)| body.len());
        held.sum::<usize>() + self.shared.unsent.load(Ordering::Relaxed)
    }

    /// The bytes above the limit.
    pub(super) fn excess(&self) -> usize {
        self.bytes().saturating_sub(RESPONSES_BYTES)
    }

    /// Updates one connection's number of unsent bytes.
    pub(super) fn replace_unsent(&self, before: usize, now: usize) {
        if now > before {
            self.shared.unsent.fetch_add(now - before, Ordering::Relaxed);
        } else if before > now {
            self.shared.unsent.fetch_sub(before - now, Ordering::Relaxed);
        }
    }

    /// Makes the body of a response. It counts until it is sent or its connection is closed.
    pub(super) fn send(&self, body: &Body, answering: Option<Answering>) -> Outgoing {
        let piece =
            answering.as_ref().map_or(*PIECE.start(), |answering| answering.connection().choose_piece());
        let held = (body.len() > piece).then(|| Held::new(self.clone(), body));
        if let Some(answering) = &answering {
            answering.connection().hold(held.as_ref().map_or(0, |_| body.len()));
        }
        Outgoing { bytes: body.bytes(), file: None, piece, size: None, _held: held, _answering: answering }
    }

    /// Makes a file the body of a response. Only one piece at a time is in memory.
    pub(super) fn send_file(&self, file: Box<FileBody>, answering: Option<Answering>) -> Outgoing {
        let empty = self.send(&Body::default(), answering);
        Outgoing { size: Some(BodySize::Sized(file.length())), file: Some(file), ..empty }
    }

    fn bodies(&self) -> MutexGuard<'_, HashMap<usize, (Body, usize)>> {
        self.shared.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that a response holds.
struct Held {
    in_flight: InFlight,
    place: usize,
}

impl Held {
    fn new(in_flight: InFlight, body: &Body) -> Self {
        // While the body is held, no other body can have its memory address.
        let place = body.as_ptr() as usize;
        in_flight.bodies().entry(place).or_insert_with(|| (body.clone(), 0)).1 += 1;
        Self { in_flight, place }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut bodies = self.in_flight.bodies();
        let Some((_, responses)) = bodies.get_mut(&self.place) else { return };
        *responses -= 1;
        if *responses == 0 {
            bodies.remove(&self.place);
        }
    }
}

/// The size of a piece for this number of open connections: each one's share of the limit.
pub(super) fn choose_piece(connections: usize) -> usize {
    (RESPONSES_BYTES / connections.max(1)).clamp(*PIECE.start(), *PIECE.end())
}

/// The body of a response.
pub(super) struct Outgoing {
    bytes: Bytes,
    /// The file that is sent in place of `bytes`.
    file: Option<Box<FileBody>>,
    /// The number of bytes that are copied at a time.
    piece: usize,
    /// The size, if it is not the length of `bytes`.
    size: Option<BodySize>,
    _held: Option<Held>,
    _answering: Option<Answering>,
}

impl Outgoing {
    /// An empty body.
    pub(super) fn none() -> Self {
        Self { bytes: Bytes::new(), file: None, piece: 0, size: None, _held: None, _answering: None }
    }

    /// No body and no `Content-Length`: RFC 9110 §9.3.2 for HEAD.
    pub(super) fn of_unknown_length(answering: Option<Answering>) -> Self {
        Self { size: Some(BodySize::None), _answering: answering, ..Self::none() }
    }
}

impl MessageBody for Outgoing {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        self.size.unwrap_or(BodySize::Sized(self.bytes.len() as u64))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let piece = self.piece;
        if let Some(file) = &mut self.file {
            return file.poll_piece(context, piece);
        }
        let length = self.bytes.len().min(self.piece);
        Poll::Ready((length > 0).then(|| Ok(self.bytes.split_to(length))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_counts_once_for_all_its_responses_until_the_last_is_done_and_not_while_the_cache_has_it() {
        let in_flight = InFlight::default();
        let (shared, own) = (Body::to_keep(vec![1; 100_000]), Body::from(Bytes::from(vec![2; 50_000])));
        let first = in_flight.send(&shared, None);
        let second = in_flight.send(&shared, None);
        let third = in_flight.send(&own, None);
        let small = in_flight.send(&Bytes::from(vec![3; *PIECE.start()]).into(), None);
        assert_eq!(in_flight.bytes(), 50_000, "the cache has the first");
        drop(shared);
        assert_eq!(in_flight.bytes(), 150_000);
        drop((first, third, small));
        assert_eq!(in_flight.bytes(), 100_000);
        drop(second);
        assert_eq!((in_flight.bytes(), in_flight.bodies().len()), (0, 0));
    }

    #[test]
    fn pieces_are_smaller_when_many_connections_are_open() {
        assert_eq!([0, 1, 64].map(choose_piece), [128 << 10; 3]);
        assert_eq!(choose_piece(128), 64 << 10);
        assert_eq!([512, 100_000].map(choose_piece), [32 << 10; 2]);
    }

    #[test]
    fn a_body_goes_out_in_pieces() {
        let body: Vec<u8> = (0..PIECE.start() * 2 + 10).map(|n| n as u8).collect();
        let mut outgoing = InFlight::default().send(&Bytes::from(body.clone()).into(), None);
        assert_eq!(outgoing.size(), BodySize::Sized(body.len() as u64));
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut pieces = Vec::new();
        while let Poll::Ready(Some(Ok(piece))) = Pin::new(&mut outgoing).poll_next(&mut context) {
            assert!(PIECE.contains(&piece.len()) || piece.len() == 10);
            pieces.extend_from_slice(&piece);
        }
        assert_eq!(pieces, body);
    }
}
