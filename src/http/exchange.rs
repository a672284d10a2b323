//! HTTP/1.1 on one connection: requests are parsed by the codec of `actix_http` and answered one after the other.
//! Bodies are sent from where they are; no layer copies them.

use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_codec::{AsyncRead, AsyncWrite, Decoder, poll_read_buf};
use actix_http::error::ParseError;
use actix_http::h1::{Codec, Message, MessageType};
use actix_http::{Request, RequestHead, ServiceConfig};
use actix_server::GracefulShutdownSignal;
use actix_web::http::Method;
use actix_web::web::BytesMut;

use super::answer::Answer;
use super::body::Body;
use super::connection::Connection;
use super::file_body::FileBody;
use super::handler::Handler;
use super::response_head::{Persistence, write_head};

/// The bytes that are read at once, and the free bytes below which a buffer is enlarged.
const READ_BYTES: usize = 4 << 10;
const FREE_BYTES: usize = 1 << 10;

/// The largest buffer that an idle connection keeps, in bytes.
const MOST_KEPT: usize = 16 << 10;

/// The number of reads in which a client that was refused can end its request.
const LAST_READS: usize = 128;

/// One connection: its requests and their responses.
pub(super) struct Exchange<S> {
    stream: S,
    peer: Option<SocketAddr>,
    connection: Arc<Connection>,
    codec: Codec,
    /// Bytes that came and are not parsed.
    received: BytesMut,
    /// The head of the response.
    head: Vec<u8>,
    /// Ends when the server begins to stop; `None` afterwards.
    running: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Exchange<S> {
    pub(super) fn new(
        stream: S,
        peer: Option<SocketAddr>,
        connection: Arc<Connection>,
        (config, stop): (ServiceConfig, GracefulShutdownSignal),
    ) -> Self {
        Self {
            stream,
            peer,
            connection,
            codec: Codec::new(config),
            received: BytesMut::new(),
            head: Vec::with_capacity(1 << 10),
            running: Some(Box::pin(async move { stop.notified().await })),
        }
    }

    /// Answers requests until a side closes the connection or the server stops.
    ///
    /// # Errors
    /// An error of the connection.
    pub(super) async fn run(mut self, handler: Arc<Handler>) -> io::Result<()> {
        loop {
            let mut request = match self.read_message().await {
                Ok(Some(Message::Item(request))) => request,
                // A request with a body is the last one: no part of it is read here.
                Ok(Some(Message::Chunk(_)) | None) => return Ok(()),
                Err(ParseError::Io(error)) => return Err(error),
                Err(ParseError::TooLarge) => return self.refuse(Answer::too_large_head()).await,
                Err(_) => return self.refuse(Answer::not_http()).await,
            };
            request.head_mut().peer_addr = self.peer;
            let started = Instant::now();
            self.connection.begin(started);
            let answer = handler.answer(request.head(), started).await;
            // A body that was announced may never be sent, as no 100 (Continue) asks for it (RFC 9110 §10.1.1).
            let has_body = self.codec.message_type() != MessageType::None;
            let is_last = has_body || !self.codec.keep_alive() || self.running.is_none();
            self.send(request.head(), answer, is_last).await?;
            self.connection.end();
            if has_body {
                return self.linger().await;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Reads the next part of a request; `None` at the end of the connection.
    async fn read_message(&mut self) -> Result<Option<Message<Request>>, ParseError> {
        loop {
            if !self.received.is_empty() {
                if let Some(message) = self.codec.decode(&mut self.received)? {
                    return Ok(Some(message));
                }
                self.connection.note_head();
            }
            if self.read_some().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Reads bytes; none at the end of the connection, or after the server began to stop.
    async fn read_some(&mut self) -> io::Result<usize> {
        if self.received.is_empty() && self.received.capacity() > MOST_KEPT {
            self.received = BytesMut::new();
        }
        if self.received.capacity() - self.received.len() < FREE_BYTES {
            self.received.reserve(READ_BYTES);
        }
        poll_fn(|context| match poll_read_buf(Pin::new(&mut self.stream), context, &mut self.received) {
            Poll::Pending if self.is_stopping(context) => Poll::Ready(Ok(0)),
            polled => polled,
        })
        .await
    }

    /// Returns true if the server has begun to stop; if not, wakes the task when it does.
    fn is_stopping(&mut self, context: &mut Context<'_>) -> bool {
        if self.running.as_mut().is_some_and(|running| running.as_mut().poll(context).is_ready()) {
            self.running = None;
        }
        self.running.is_none()
    }

    /// Sends the response to a request.
    async fn send(&mut self, request: &RequestHead, mut answer: Answer, is_last: bool) -> io::Result<()> {
        write_head(&mut self.head, &answer, Persistence::new(request.version, is_last));
        let file = answer.file.take();
        let body = if request.method == Method::HEAD { Body::default() } else { answer.body };
        self.write(true, body).await?;
        match file {
            Some(file) => self.send_file(*file).await,
            None => Ok(()),
        }
    }

    /// Sends a file. Only one piece of it at a time is in memory.
    async fn send_file(&mut self, mut file: FileBody) -> io::Result<()> {
        let length = self.connection.choose_piece();
        while let Some(piece) = poll_fn(|context| file.poll_piece(context, length)).await {
            self.write(false, Body::from(piece?)).await?;
        }
        Ok(())
    }

    /// Writes a body, with the head before it if `with_head`. A body that the client does not read at once counts as
    /// in flight until it is written.
    async fn write(&mut self, with_head: bool, body: Body) -> io::Result<()> {
        let head = if with_head { &*self.head } else { &[] };
        let bytes = body.bytes();
        let mut parts = [IoSlice::new(head), IoSlice::new(&bytes)];
        let mut left = if bytes.is_empty() { &mut parts[..1] } else { &mut parts[..] };
        IoSlice::advance_slices(&mut left, 0);
        let (mut body, mut held) = (Some(body), None);
        while !left.is_empty() {
            let written = poll_fn(|context| {
                let stream = Pin::new(&mut self.stream);
                let polled = match &*left {
                    [part] => stream.poll_write(context, part),
                    parts => stream.poll_write_vectored(context, parts),
                };
                if polled.is_pending() && held.is_none() {
                    held = body.take().map(|body| self.connection.hold(body));
                }
                polled
            });
            match written.await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => {
                    self.connection.note_sent(written);
                    IoSlice::advance_slices(&mut left, written);
                }
            }
        }
        Ok(())
    }

    /// Answers what is not a request, and ends the connection.
    async fn refuse(&mut self, answer: Answer) -> io::Result<()> {
        write_head(&mut self.head, &answer, Persistence::Close);
        self.write(true, answer.body).await?;
        self.linger().await
    }

    /// Ends the connection after a request that is not read to its end. If it were closed with unread bytes, the
    /// system would reset it, and the client might not receive the response (RFC 9112 §9.6).
    async fn linger(&mut self) -> io::Result<()> {
        poll_fn(|context| Pin::new(&mut self.stream).poll_shutdown(context)).await?;
        for _ in 0..LAST_READS {
            self.received.clear();
            if self.read_some().await? == 0 {
                break;
            }
            self.connection.note_head();
        }
        Ok(())
    }
}
