//! A request, independent of its connection.

use std::borrow::Cow;

use actix_http::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
    UPGRADE_INSECURE_REQUESTS,
};

use super::coding::{Coding, Codings};
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

    /// Parses the headers of a request for a target, in one pass.
    pub(super) fn new(head: &'r RequestHead, target: &'r str) -> Self {
        let mut request = Self { method: &head.method, ..Self::get(target) };
        let mut codings = Codings::default();
        let mut navigation = Navigation::default();
        for (name, value) in &head.headers {
            if *name == IF_NONE_MATCH {
                // A tag may contain any bytes (RFC 9110 §8.8.3); ours are ASCII. Several lines are one list (§5.3).
                let line =
                    value.to_str().map_or_else(|_| String::from_utf8_lossy(value.as_bytes()), Cow::Borrowed);
                let list = &mut request.conditions.if_none_match;
                *list = Some(match list.take() {
                    Some(first) => Cow::Owned(format!("{first}, {line}")),
                    None => line,
                });
                continue;
            }
            navigation.note(name);
            let Ok(text) = value.to_str() else { continue };
            match *name {
                IF_MODIFIED_SINCE => {
                    request.conditions.if_modified_since.get_or_insert(Cow::Borrowed(text));
                }
                ACCEPT_ENCODING => codings.add(text),
                ACCEPT => {
                    request.accept.get_or_insert(text);
                    navigation.accepts_html |= text.contains("text/html");
                }
                RANGE => {
                    request.range.get_or_insert(text);
                }
                IF_RANGE => {
                    request.if_range.get_or_insert(text);
                }
                UPGRADE_INSECURE_REQUESTS => navigation.upgrades |= text == "1",
                _ if *name == SEC_FETCH_DEST => {
                    navigation.destination.get_or_insert(text);
                }
                _ => {}
            }
        }
        Self { coding: codings.choose(), navigates: navigation.is_one(), ..request }
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
pub(super) fn find_target(request: &RequestHead) -> Option<&str> {
    match request.uri.path_and_query() {
        Some(target) => Some(target.as_str()),
        None => request.uri.scheme().map(|_| "/"),
    }
}

/// The header of Fetch Metadata that names the use of a response.
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The headers that show whether a person navigates to the URL in a browser.
#[derive(Debug, Default)]
struct Navigation<'r> {
    /// `Sec-Fetch-Dest`.
    destination: Option<&'r str>,
    /// True if there is any header of Fetch Metadata.
    has_metadata: bool,
    upgrades: bool,
    accepts_html: bool,
}

impl Navigation<'_> {
    fn note(&mut self, name: &HeaderName) {
        self.has_metadata |= name.as_str().starts_with("sec-fetch-");
    }

    /// Fetch Metadata decides; browsers send them only to https and to localhost. Without them,
    /// `Upgrade-Insecure-Requests` (§3.2.1) decides: browsers send it when they navigate, feed readers never do.
    fn is_one(&self) -> bool {
        match self.destination {
            Some(destination) => destination == "document",
            None => !self.has_metadata && self.upgrades && self.accepts_html,
        }
    }
}
