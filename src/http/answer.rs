//! An answer before it becomes a response: what the server and the command line both give.

use actix_web::http::StatusCode;
use actix_web::web::Bytes;

/// Status, headers and body.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Headers in the order they are sent, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty where the status has none.
    pub body: Bytes,
}

impl Answer {
    /// A short plain text for a person, with how long it may be kept.
    fn text(status: StatusCode, cache: &str, text: &str) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type", "text/plain; charset=utf-8".to_owned()),
                ("cache-control", cache.to_owned()),
                ("x-content-type-options", "nosniff".to_owned()),
            ],
            body: Bytes::from(format!("{text}\n")),
        }
    }

    /// 200 for programs that ask how the server is.
    pub(super) fn well(text: &str) -> Self {
        Self::text(StatusCode::OK, "no-store", text)
    }

    /// 400: the address can't be read.
    pub(super) fn bad_request(text: &str) -> Self {
        Self::text(StatusCode::BAD_REQUEST, "no-store", text)
    }

    /// 404: there is no such feed.
    pub(super) fn not_found() -> Self {
        let text = "There is no feed at this address. The feed of all posts is /atom.xml.";
        Self::text(StatusCode::NOT_FOUND, "public, max-age=60", text)
    }

    /// 405 with the methods that are understood.
    pub(super) fn wrong_method() -> Self {
        let mut answer = Self::text(StatusCode::METHOD_NOT_ALLOWED, "no-store", "Ask with GET or HEAD.");
        answer.headers.push(("allow", "GET, HEAD".to_owned()));
        answer
    }

    /// 503 while there is nothing complete to answer with.
    pub(super) fn not_ready() -> Self {
        let text = "The posts are still being read. Try again in a moment.";
        let mut answer = Self::text(StatusCode::SERVICE_UNAVAILABLE, "no-store", text);
        answer.headers.push(("retry-after", "1".to_owned()));
        answer
    }

    /// 500, told without details of the server.
    pub(super) fn failed() -> Self {
        Self::text(StatusCode::INTERNAL_SERVER_ERROR, "no-store", "The server failed. Try again later.")
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
