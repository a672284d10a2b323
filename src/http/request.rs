//! A request, independent of its connection.

use std::borrow::Cow;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
    UPGRADE_INSECURE_REQUESTS,
};

use super::coding::Coding;
use super::conditional::Conditions;
use super::errors::ErrorForm;

/// A request without its connection.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The method.
    pub method: &'r Method,
    /// The path and query as sent, percent-encoded.
    pub target: &'r str,
    /// The validators of the client's copy.
    pub conditions: Conditions<'r>,
    /// The content coding that the client prefers.
    pub coding: Coding,
    /// `Accept`.
    pub accept: Option<&'r str>,
    /// True if a person navigates here in a browser.
    pub navigates: bool,
    /// `Range`.
    pub range: Option<&'r str>,
    /// `If-Range`.
    pub if_range: Option<&'r str>,
}

impl<'r> Request<'r> {
    /// A plain GET.
    pub fn get(target: &'r str) -> Self {
        let (conditions, coding) = (Conditions::default(), Coding::Identity);
        Self {
            method: &Method::GET,
            target,
            conditions,
            coding,
            accept: None,
            navigates: false,
            range: None,
            if_range: None,
        }
    }

    /// Parses the headers of a request for a target.
    pub(super) fn new(request: &'r HttpRequest, target: &'r str) -> Self {
        let lines =
            |name: HeaderName| request.headers().get_all(name).filter_map(|value| value.to_str().ok());
        // A tag may contain any bytes (RFC 9110 §8.8.3); ours are ASCII.
        let tags = request.headers().get_all(IF_NONE_MATCH);
        let mut tags = tags.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let first = tags.next();
        // Several lines are one list (RFC 9110 §5.3).
        let if_none_match =
            first.map(|first| tags.fold(first, |list, line| Cow::Owned(format!("{list}, {line}"))));
        Self {
            method: request.method(),
            target,
            conditions: Conditions {
                if_none_match,
                if_modified_since: lines(IF_MODIFIED_SINCE).next().map(Cow::Borrowed),
            },
            coding: Coding::choose(lines(ACCEPT_ENCODING)),
            accept: lines(ACCEPT).next(),
            navigates: navigates(request),
            range: lines(RANGE).next(),
            if_range: lines(IF_RANGE).next(),
        }
    }

    /// Returns true for GET and HEAD.
    pub(super) fn reads(&self) -> bool {
        matches!(*self.method, Method::GET | Method::HEAD)
    }

    /// The form of an error response.
    pub(super) fn error_form(&self) -> ErrorForm {
        match self.navigates {
            _ if self.wants_problem() => ErrorForm::Problem,
            true => ErrorForm::Page,
            false => ErrorForm::Text,
        }
    }

    /// Returns true if the client accepts problem documents (RFC 9457).
    fn wants_problem(&self) -> bool {
        let accepted = self.accept.unwrap_or_default().split(',').map(|item| item.split(';').map(str::trim));
        accepted.into_iter().any(|mut parts| {
            let is_problem =
                parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/problem+json"));
            let is_refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
            is_problem && !parts.any(is_refused)
        })
    }
}

/// The path and query of a request; `None` if it names only a host, as CONNECT does (RFC 9112 §3.2).
pub(super) fn find_target(request: &HttpRequest) -> Option<&str> {
    let uri = request.uri();
    match uri.path_and_query() {
        Some(target) => Some(target.as_str()),
        None => uri.scheme().map(|_| "/"),
    }
}

/// Returns true if a person navigates to the URL in a browser. Fetch Metadata decides; browsers send them only to
/// https and to localhost. Without them, `Upgrade-Insecure-Requests` (§3.2.1) decides: browsers send it when they
/// navigate, feed readers never do.
fn navigates(request: &HttpRequest) -> bool {
    let first = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(destination) = first(HeaderName::from_static("sec-fetch-dest")) {
        return destination == "document";
    }
    let has_metadata = request.headers().keys().any(|name| name.as_str().starts_with("sec-fetch-"));
    let mut accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    !has_metadata
        && first(UPGRADE_INSECURE_REQUESTS) == Some("1")
        && accepted.any(|line| line.contains("text/html"))
}
