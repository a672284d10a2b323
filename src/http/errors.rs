//! Error responses in the form the client wants: plain text, a problem document for programs, or a page.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;

use super::answer::Answer;
use super::cache_headers::SECURITY_POLICY;
use crate::catalog::Snapshot;

/// The form of an error response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorForm {
    /// Plain text.
    Text,
    /// A problem document (RFC 9457).
    Problem,
    /// A page for people.
    Page,
}

/// The request headers that decide the form of an error.
const VARY: HeaderValue = HeaderValue::from_static("Accept, Sec-Fetch-Dest, Upgrade-Insecure-Requests");

impl ErrorForm {
    /// Converts an error to this form.
    #[must_use]
    pub(super) fn present(self, mut answer: Answer, snapshot: Option<&Snapshot>) -> Answer {
        let base = snapshot.map(|snapshot| snapshot.site.public_url.to_string()).unwrap_or_default();
        let text = String::from_utf8_lossy(&answer.body).trim_end().to_owned();
        let url_error = answer.url_error.take();
        let paths = url_error.as_ref().map_or(&[][..], |error| &error.1);
        let near: Vec<String> = paths.iter().map(|path| format!("{base}{path}")).collect();
        let reason = answer.status.canonical_reason().unwrap_or_default();
        let (media_type, body) = match (self, snapshot, &url_error) {
            (Self::Problem, ..) => {
                let mut problem = serde_json::json!({
                    "title": reason,
                    "status": answer.status.as_u16(),
                    "detail": text,
                });
                if !near.is_empty() {
                    problem["suggestions"] = near.into();
                }
                ("application/problem+json", format!("{problem}\n"))
            }
            (Self::Page, Some(snapshot), Some(error)) => {
                ("text/html; charset=utf-8", error.0.write_page(snapshot, paths))
            }
            _ => {
                let lines: String = near.iter().map(|url| format!("{url}\n")).collect();
                ("text/plain; charset=utf-8", format!("{text}\n{lines}"))
            }
        };
        let mut answer = answer.with(header::VARY, VARY);
        if media_type.starts_with("text/html") {
            answer = answer.with(header::CONTENT_SECURITY_POLICY, SECURITY_POLICY);
        }
        answer.body = Bytes::from(body).into();
        for (name, value) in &mut answer.headers {
            if *name == header::CONTENT_TYPE {
                *value = HeaderValue::from_static(media_type);
            }
        }
        answer
    }
}
