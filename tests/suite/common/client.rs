//! A client of HTTP: responses, and raw connections for requests that no well-behaved client sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::PATIENCE;

/// Sends nothing that a test did not ask for, and has each response as it is.
static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder().user_agent("").accept("").http_status_as_error(false);
    let config = config.max_redirects(0).proxy(None).timeout_per_read(Some(PATIENCE));
    // Each request has a connection of its own: what one test does to a server is independent of what was before.
    config.max_idle_connections(0).max_response_header_size(1 << 20).build().into()
});

/// A response, with its body as it came.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Sends a request to any server.
pub(crate) fn ask(method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
    let request = Request::builder().method(method).uri(url);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(()).unwrap_or_else(|error| panic!("{method} {url} is a request: {error}"));
    let response = AGENT.run(request).unwrap_or_else(|error| panic!("{method} {url} is answered: {error}"));
    let (head, mut body) = response.into_parts();
    let body = body.with_config().limit(1 << 30).read_to_vec();
    let body = body.unwrap_or_else(|error| panic!("the body of {url} is complete: {error}"));
    Response { status: head.status.as_u16(), headers: head.headers, body }
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.headers.get(name)?.as_bytes()).ok()
    }

    /// A header that the response must have.
    pub(crate) fn required(&self, name: &str) -> &str {
        self.header(name).unwrap_or_else(|| panic!("{} without {name}: {:?}", self.status, self.headers))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        super::parse_json(&self.text())
    }

    /// The feed, as another program parses it.
    pub(crate) fn feed(&self) -> feed_rs::model::Feed {
        super::parse_feed(&self.text())
    }

    /// The titles of the entries.
    pub(crate) fn titles(&self) -> Vec<String> {
        let title = |entry: feed_rs::model::Entry| entry.title.map(|title| title.content);
        self.feed().entries.into_iter().map(|entry| title(entry).unwrap_or_default()).collect()
    }
}

/// A connection over which a test sends bytes of its own, and as many requests as it likes.
pub(crate) struct Connection<S = TcpStream> {
    stream: BufReader<S>,
}

impl<S: Read + Write> Connection<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes and reads nothing.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the server reads the request");
    }

    /// Sends a GET without further headers, and reads its response.
    pub(crate) fn get(&mut self, path: &str) -> Response {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes())
    }

    /// Sends a request and reads its response.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Response {
        self.try_ask(request).expect("the server answers")
    }

    /// The same; `None` if the server closes the connection. The length of the body must be in the head.
    pub(crate) fn try_ask(&mut self, request: &[u8]) -> Option<Response> {
        self.stream.get_mut().write_all(request).ok()?;
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line: &String| !line.is_empty()) {
            let mut line = String::new();
            self.stream.read_line(&mut line).ok().filter(|length| *length > 0)?;
            lines.push(line.trim_end().to_owned());
        }
        let status = lines[0].split(' ').nth(1).and_then(|status| status.parse().ok());
        let headers = lines.iter().filter_map(|line| line.split_once(": "));
        let headers: HeaderMap = headers
            .filter_map(|(name, value)| {
                Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
            })
            .collect();
        let length = headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut body).ok()?;
        Some(Response { status: status.expect("a status line"), headers, body })
    }

    /// Whether the server closes it without another byte.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0))
    }
}
