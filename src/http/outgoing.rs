//! The bodies of responses, and their transfer to a connection in pieces.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

use super::answer::Answer;
use super::connection::{Answering, Connection};
use super::file_body::FileBody;
use super::in_flight::{Held, InFlight, PIECE};

/// The body of a response.
pub(super) struct Outgoing {
    bytes: Bytes,
    /// The file that is sent in place of `bytes`.
    file: Option<Box<FileBody>>,
    /// The number of bytes that are copied at a time.
    piece: usize,
    size: BodySize,
    _held: Option<Held>,
    _answering: Option<Answering>,
}

impl Outgoing {
    /// Makes the body of a response. It counts as `in_flight` until it is sent or its connection is closed.
    fn new(answer: &mut Answer, in_flight: &InFlight, answering: Option<Answering>) -> Self {
        let (body, file) = (std::mem::take(&mut answer.body), answer.file.take());
        let connection = answering.as_ref().map(Answering::connection);
        let piece = connection.map_or(*PIECE.start(), Connection::choose_piece);
        let size = match &file {
            // Only one piece of a file at a time is in memory.
            Some(file) => BodySize::Sized(file.length()),
            None if answer.has_length => BodySize::Sized(body.len() as u64),
            // Neither a body nor `Content-Length`: RFC 9110 §9.3.2 for HEAD.
            None => BodySize::None,
        };
        let held = (body.len() > piece).then(|| in_flight.hold(&body));
        if let Some(connection) = connection {
            connection.hold(held.as_ref().map_or(0, |_| body.len()));
        }
        Self { bytes: body.bytes(), file, piece, size, _held: held, _answering: answering }
    }
}

impl MessageBody for Outgoing {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let piece = self.piece;
        if let Some(file) = &mut self.file {
            return file.poll_piece(context, piece);
        }
        let length = self.bytes.len().min(piece);
        Poll::Ready((length > 0).then(|| Ok(self.bytes.split_to(length))))
    }
}

/// Makes the response of an answer.
pub(super) fn respond(
    mut answer: Answer,
    in_flight: &InFlight,
    answering: Option<Answering>,
) -> HttpResponse<Outgoing> {
    // Without a policy, caches would guess one (RFC 9111 §4.2.2).
    debug_assert!(answer.header("cache-control").is_some(), "every answer has a cache policy");
    let body = Outgoing::new(&mut answer, in_flight, answering);
    let mut response = HttpResponse::with_body(answer.status, body);
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;

    use super::super::answer::Kind;
    use super::*;

    #[test]
    fn a_body_goes_out_in_pieces_and_counts_while_more_than_one_is_left() {
        let in_flight = InFlight::default();
        let send = |length: usize| {
            let body: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let mut answer = Answer::new(Kind::Feed, StatusCode::OK, Bytes::from(body.clone()));
            (body, Outgoing::new(&mut answer, &in_flight, None))
        };
        let (_, small) = send(*PIECE.start());
        assert_eq!(in_flight.bytes(), 0, "it is copied at once");
        let (body, mut outgoing) = send(PIECE.start() * 2 + 10);
        assert_eq!(in_flight.bytes(), body.len());
        assert_eq!(outgoing.size(), BodySize::Sized(body.len() as u64));
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut pieces = Vec::new();
        while let Poll::Ready(Some(Ok(piece))) = Pin::new(&mut outgoing).poll_next(&mut context) {
            assert!(PIECE.contains(&piece.len()) || piece.len() == 10);
            pieces.extend_from_slice(&piece);
        }
        assert_eq!(pieces, body);
        drop((small, outgoing));
        assert_eq!(in_flight.bytes(), 0);
    }
}
