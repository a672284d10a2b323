//! What is said of a body with every answer: validators, and how long it may be kept.

use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};

use super::answer::{Answer, Kind};
use super::coding::Coding;
use super::conditional::{Conditions, Validators, write_date};
use super::plans::{Planned, Subject};
use crate::feed::{Fingerprint, media_type};

/// The validators and the lifetime of one answer.
pub(super) struct Head<'p> {
    pub(super) planned: &'p Planned,
    pub(super) coding: Coding,
    /// When it changed last, in Unix seconds; may lie ahead of the clock.
    pub(super) modified: i64,
    /// Seconds a cache may keep a feed.
    pub(super) max_age: u32,
    /// The clock, in Unix seconds.
    pub(super) now: i64,
}

const VARY: HeaderValue = HeaderValue::from_static("Accept-Encoding, Sec-Fetch-Dest");
const OPML: HeaderValue = HeaderValue::from_static("text/x-opml; charset=utf-8");

/// A strong entity tag of a body in one coding.
fn make_etag(fingerprint: Fingerprint, coding: Coding) -> String {
    let mut etag = String::with_capacity(40);
    // Writing into a String can't fail.
    let _ = write!(etag, "\"{fingerprint}{}\"", coding.suffix());
    etag
}

impl Head<'_> {
    /// Answers with 304 if the client has the body already, else with what `body` gives; `None`: that has
    /// to be made first.
    pub(super) fn answer(
        &self,
        conditions: &Conditions,
        body: impl FnOnce() -> Option<Bytes>,
    ) -> Option<Answer> {
        let etag = make_etag(self.planned.fingerprint, self.coding);
        if conditions.are_current(Validators { etag: &etag, modified: self.modified }, self.now) {
            // RFC 9110 §15.4.5: what a 200 would have said of the validators and of caching.
            return Some(self.write(StatusCode::NOT_MODIFIED, &etag, Bytes::new()));
        }
        let answer = self.write(StatusCode::OK, &etag, body()?);
        let media_type = match &self.planned.subject {
            Subject::Feed(address) => HeaderValue::from_static(media_type(address.format)),
            Subject::Opml => OPML,
        };
        let answer = answer.with(header::CONTENT_TYPE, media_type);
        Some(match self.coding {
            Coding::Identity => answer,
            coding => answer.with(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name())),
        })
    }

    fn write(&self, status: StatusCode, etag: &str, body: Bytes) -> Answer {
        // Hexadecimal digits, dates and numbers can always be sent.
        let value = |text: &str| HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""));
        let kind = match &self.planned.subject {
            Subject::Feed(_) => Kind::Feed,
            Subject::Opml => Kind::Opml,
        };
        let mut answer = Answer::new(kind, status, body);
        answer.feed.clone_from(&self.planned.listed);
        // One clock for both: nothing changed after its answer was made (RFC 9110 §8.8.2.1).
        let answer = answer
            .with(header::DATE, value(&write_date(self.now)))
            .with(header::ETAG, value(etag))
            .with(header::VARY, VARY);
        let Some(link) = &self.planned.link else {
            return answer.with(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        };
        answer
            .with(header::LAST_MODIFIED, value(&write_date(self.modified.min(self.now))))
            .with(header::CACHE_CONTROL, value(&self.lifetime()))
            .with(header::LINK, link.clone())
            .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
            .with(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("ETag, Last-Modified, Link"),
            )
    }

    /// How long a feed may be kept: never past its next post that appears or expires.
    fn lifetime(&self) -> String {
        let max_age = i64::from(self.max_age);
        let until = self.planned.due.map(|due| seconds_until(due, self.now));
        match until.filter(|until| *until < max_age) {
            Some(until) => format!("public, max-age={until}, stale-if-error=86400"),
            None => format!("public, max-age={max_age}, stale-while-revalidate=60, stale-if-error=86400"),
        }
    }
}

fn seconds_until(due: DateTime<Utc>, now: i64) -> i64 {
    (due.timestamp() - now).max(0)
}
