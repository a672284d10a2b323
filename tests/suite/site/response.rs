//! What a server answers, and connections that are kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A response as it came over the wire.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("there is a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("there is a status");
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut response = Self { status, headers, body: bytes[end + 4..].to_vec() };
        if response.header("transfer-encoding") == Some("chunked") {
            response.body = join_chunks(&response.body);
        }
        response
    }

    /// What whoever listens at a port answers.
    pub(crate) fn ask(port: u16, method: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(super::server::PATIENCE)).expect("it can be set");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        Self::parse(&bytes)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The titles of the entries, read by another's parser.
    pub(crate) fn titles(&self) -> Vec<String> {
        let feed = self.feed();
        feed.entries
            .into_iter()
            .map(|entry| entry.title.map(|title| title.content).unwrap_or_default())
            .collect()
    }

    pub(crate) fn feed(&self) -> feed_rs::model::Feed {
        feed_rs::parser::parse(&self.body[..]).expect("it is a feed")
    }
}

/// RFC 9112 §7.1, without extensions and trailers.
fn join_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("a chunk has a size");
        let size = std::str::from_utf8(&rest[..end]).expect("it is in hexadecimal digits");
        let size = usize::from_str_radix(size, 16).expect("it is in hexadecimal digits");
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

/// A connection that many requests are sent over.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes and reads nothing.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("it is read");
    }

    /// Whether the server closes it without another byte.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0))
    }

    /// Sends a request and reads its answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Response {
        self.send(request);
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            assert!(self.stream.read_until(b'\n', &mut head).expect("it answers") > 0, "it hung up");
        }
        let mut response = Response::parse(&head);
        let length = response.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        response.body = vec![0; length];
        self.stream.read_exact(&mut response.body).expect("it is whole");
        response
    }
}
