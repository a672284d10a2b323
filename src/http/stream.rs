//! A stream that counts the bytes it receives and sends on its connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::Connection;

/// A stream of a watched connection.
pub(super) struct Watched<S> {
    stream: S,
    /// `None` if the system gave no handle to close it with.
    connection: Option<Arc<Connection>>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, connection: Option<Arc<Connection>>) -> Self {
        Self { stream, connection }
    }

    /// The connection, if it is watched.
    pub(super) fn connection(&self) -> Option<&Arc<Connection>> {
        self.connection.as_ref()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(connection) = self.connection.as_ref().filter(|_| buffer.filled().len() > before) {
            connection.note_received();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Some(connection) = &self.connection {
            match &polled {
                Poll::Ready(Ok(written)) => connection.note_sent(*written, bytes.len() - written),
                Poll::Pending => connection.note_sent(0, bytes.len()),
                Poll::Ready(Err(_)) => {}
            }
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
