//! Errors as who asked can read them: a text, a problem for programs, or a page.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;

use super::answer::{Answer, Kind};
use super::app::App;
use super::cache_headers::POLICY;
use crate::page::write_error;

/// The form in which an error is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorForm {
    /// Plain text.
    Text,
    /// RFC 9457.
    Problem,
    /// A page for people.
    Page,
}

/// What the form of an error depends on.
const VARY: HeaderValue = HeaderValue::from_static("Accept, Sec-Fetch-Dest, Upgrade-Insecure-Requests");

impl App {
    /// An answer in the form that is wanted, if it is an error.
    #[must_use]
    pub(super) fn present(&self, answer: Answer, form: ErrorForm) -> Answer {
        if answer.kind != Kind::Error {
            return answer;
        }
        let snapshot = self.live.load();
        let base = snapshot.as_ref().map(|snapshot| snapshot.site.public_url.to_string()).unwrap_or_default();
        let text = String::from_utf8_lossy(&answer.body).trim_end().to_owned();
        let near: Vec<String> = answer.paths.iter().map(|path| format!("{base}{path}")).collect();
        let reason = answer.status.canonical_reason().unwrap_or_default();
        let is_about_url =
            matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::GONE);
        let (media_type, body) = match (form, &snapshot) {
            (ErrorForm::Problem, _) => {
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
            (ErrorForm::Page, Some(snapshot)) if is_about_url => {
                ("text/html; charset=utf-8", write_error(snapshot, reason, &text, &answer.paths))
            }
            _ => {
                let lines: String = near.iter().map(|url| format!("{url}\n")).collect();
                ("text/plain; charset=utf-8", format!("{text}\n{lines}"))
            }
        };
        let mut answer = answer.with(header::VARY, VARY);
        if media_type.starts_with("text/html") {
            answer = answer.with(header::CONTENT_SECURITY_POLICY, POLICY);
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
