//! An answer: status, headers and body, independent of how it is sent.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;

use super::body::Body;
use super::cache_policy::CachePolicy;
use super::conditional::now;
use super::file_body::FileBody;
use crate::page::{Asset, UrlError};

/// Status, headers and body.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers in the order they are sent.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; empty if the status has none.
    pub body: Body,
    /// True if the length of the body is known. A body is not rendered only to find its length.
    pub(super) has_length: bool,
    /// The subject of the answer.
    pub(super) kind: Kind,
    /// The canonical path of the feed, if it is a listed feed.
    pub(super) feed: Option<Arc<str>>,
    /// The file that is sent in place of the body.
    pub(super) file: Option<Box<FileBody>>,
    /// For an error of the URL: the error, and the paths that were probably meant.
    pub(super) url_error: Option<Box<(UrlError, Vec<String>)>>,
}

/// The subject of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A feed, in any format.
    Feed,
    /// A page for people, or an asset of pages.
    Page,
    /// The list of all feeds.
    Opml,
    /// A media file of an entry.
    Media,
    /// Liveness and readiness.
    Health,
    /// An error.
    Error,
}

impl Kind {
    /// Every kind, in order.
    pub(super) const ALL: [Self; 6] =
        [Self::Feed, Self::Page, Self::Opml, Self::Media, Self::Health, Self::Error];

    /// The name in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Opml => "opml",
            Self::Media => "media",
            Self::Health => "health",
            Self::Error => "error",
        }
    }
}

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

impl Answer {
    /// An answer without headers.
    pub(super) fn new(kind: Kind, status: StatusCode, body: impl Into<Body>) -> Self {
        let body = body.into();
        Self {
            status,
            headers: Vec::with_capacity(12),
            body,
            has_length: true,
            kind,
            feed: None,
            file: None,
            url_error: None,
        }
    }

    /// Adds `X-Content-Type-Options`: clients must not guess another type.
    #[must_use]
    pub(super) fn with_nosniff(self) -> Self {
        self.with(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF)
    }

    /// Adds a header.
    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds `Cache-Control`.
    #[must_use]
    pub(super) fn with_cache_policy(self, policy: &CachePolicy) -> Self {
        self.with(header::CACHE_CONTROL, policy.header(now()))
    }

    /// A short plain text for a person.
    fn text(kind: Kind, status: StatusCode, policy: &CachePolicy, text: &str) -> Self {
        Self::new(kind, status, Bytes::from(format!("{text}\n")))
            .with(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))
            .with_nosniff()
            .with_cache_policy(policy)
    }

    /// An error that no cache may keep.
    fn error(status: StatusCode, text: &str) -> Self {
        Self::text(Kind::Error, status, &CachePolicy::NoStore, text)
    }

    /// 200 for health checks.
    pub(super) fn well(text: &str) -> Self {
        Self::text(Kind::Health, StatusCode::OK, &CachePolicy::NoStore, text)
    }

    /// 200 with an asset of pages. Its name changes with its content.
    pub(super) fn asset(asset: &Asset<'_>) -> Self {
        Self::new(Kind::Page, StatusCode::OK, Bytes::copy_from_slice(asset.text.as_bytes()))
            .with(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type))
            .with_nosniff()
            .with_cache_policy(&CachePolicy::Immutable)
    }

    /// 301 to another path of this server.
    pub(super) fn moved(target: &str) -> Self {
        let location = HeaderValue::from_str(target).unwrap_or(HeaderValue::from_static("/"));
        Self::text(Kind::Page, StatusCode::MOVED_PERMANENTLY, &CachePolicy::Minute, target)
            .with(header::LOCATION, location)
    }

    /// 400: the request target is not a URL path.
    pub(super) fn no_path() -> Self {
        Self::error(StatusCode::BAD_REQUEST, "The request target does not begin with a slash.")
    }

    /// 400: the request is invalid (RFC 9112 §3).
    pub(super) fn not_http() -> Self {
        Self::error(StatusCode::BAD_REQUEST, "The request is not HTTP/1.1.")
    }

    /// 400, 404 or 410: there is nothing at a URL, and `paths` are near it.
    pub(super) fn of_url_error(error: impl Into<UrlError>, paths: Vec<String>) -> Self {
        let error = error.into();
        let (status, policy) = match error {
            UrlError::Encoding | UrlError::Query(_) => (StatusCode::BAD_REQUEST, CachePolicy::NoStore),
            UrlError::NotFound | UrlError::NoPage { .. } | UrlError::NoMedia => {
                (StatusCode::NOT_FOUND, CachePolicy::Minute)
            }
            UrlError::Gone => (StatusCode::GONE, CachePolicy::Minute),
        };
        let advice = match error {
            UrlError::NotFound if paths.is_empty() => " The front page and opml.xml list all feeds.",
            UrlError::NotFound => " Did you mean one of these?",
            _ => "",
        };
        let answer = Self::text(Kind::Error, status, &policy, &format!("{error}{advice}"));
        Self { url_error: Some(Box::new((error, paths))), ..answer }
    }

    /// 416: the file is shorter.
    pub(super) fn no_such_range() -> Self {
        Self::error(StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such bytes.")
    }

    /// 414: the path or the query is too long.
    pub(super) fn too_long() -> Self {
        Self::error(StatusCode::URI_TOO_LONG, "The URL is too long: a path or a query has at most 8 KiB.")
    }

    /// 431: the head of the request is too large.
    pub(super) fn too_large_head() -> Self {
        Self::error(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too large.")
    }

    /// 405 with the methods that a feed allows.
    pub(super) fn wrong_method() -> Self {
        Self::error(StatusCode::METHOD_NOT_ALLOWED, "Use GET or HEAD.").with(header::ALLOW, METHODS)
    }

    /// 405 for pages and everything else that is not a feed: scripts of other sites may not read it, so OPTIONS is
    /// not allowed either.
    pub(super) fn wrong_method_of_page() -> Self {
        Self::error(StatusCode::METHOD_NOT_ALLOWED, "Use GET or HEAD.")
            .with(header::ALLOW, HeaderValue::from_static("GET, HEAD"))
    }

    /// 204: the requests that scripts of other sites may make for a feed (Fetch Standard, CORS preflight).
    pub(super) fn options() -> Self {
        let allowed = HeaderValue::from_static("If-None-Match, If-Modified-Since");
        Self::new(Kind::Feed, StatusCode::NO_CONTENT, Bytes::new())
            .with(header::ALLOW, METHODS)
            .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
            .with(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD"))
            .with(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed)
            .with(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"))
            .with_cache_policy(&CachePolicy::Day)
    }

    /// 503 until all posts have been read.
    pub(super) fn not_ready() -> Self {
        let text = "Not all posts have been read yet. Try again in a moment.";
        Self::error(StatusCode::SERVICE_UNAVAILABLE, text)
            .with(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// 503 while the search index does not have all posts.
    pub(super) fn not_indexed() -> Self {
        let text = "The search index is being built. Try again in a few seconds.";
        Self::error(StatusCode::SERVICE_UNAVAILABLE, text)
            .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// 503 while there are more requests than this machine can serve.
    pub(super) fn busy() -> Self {
        let text = "The server is busy. Try again in a few seconds.";
        Self::error(StatusCode::SERVICE_UNAVAILABLE, text)
            .with(header::RETRY_AFTER, HeaderValue::from_static("2"))
    }

    /// 421: the request was sent to a host name that is not this server's (RFC 9110 §15.5.20).
    pub(super) fn misdirected() -> Self {
        let text = "Metrics and status are served only under an IP address, localhost or the host of \
                    server.admin_listen. A proxy in front of them must send one of these as Host.";
        Self::error(StatusCode::MISDIRECTED_REQUEST, text)
    }

    /// 200 with metrics or status.
    pub(super) fn admin(media_type: &'static str, text: String) -> Self {
        Self::new(Kind::Health, StatusCode::OK, Bytes::from(text))
            .with(header::CONTENT_TYPE, HeaderValue::from_static(media_type))
            .with_cache_policy(&CachePolicy::NoStore)
    }

    /// 404 on the admin port.
    pub(super) fn not_administered() -> Self {
        Self::error(StatusCode::NOT_FOUND, "Available: /metrics and /status.json.")
    }

    /// 500, without details of the server.
    pub(super) fn failed() -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, "The server failed. Try again later.")
    }

    /// Reads the whole file into the body, for callers that do not send in pieces.
    #[must_use]
    pub(super) fn with_whole_file(mut self) -> Self {
        match self.file.take().map(|file| file.read()).transpose() {
            Ok(bytes) => self.body = bytes.map(Body::from).unwrap_or(self.body),
            Err(_) => return Self::failed(),
        }
        self
    }

    /// Returns true for an error.
    pub(super) fn is_error(&self) -> bool {
        self.kind == Kind::Error
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.as_str() == name);
        found.and_then(|(_, value)| value.to_str().ok())
    }
}

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
