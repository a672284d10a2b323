//! The headers that describe a body: validators, and how long caches may keep it.

use std::cell::RefCell;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};

use super::answer::{Answer, Kind};
use super::body::Body;
use super::cache_policy::{CachePolicy, make_header_value};
use super::coding::{ALL, Coding};
use super::conditional::{Conditions, Validators, write_date};
use crate::feed::Fingerprint;

/// The validators and the lifetime of a body, already formatted as headers.
#[derive(Debug)]
pub(super) struct Head {
    kind: Kind,
    media_type: HeaderValue,
    /// A strong entity tag for each coding.
    etags: [HeaderValue; ALL.len()],
    /// The time of the last change, in Unix seconds; may be in the future.
    modified: i64,
    modified_header: HeaderValue,
    cache_policy: CachePolicy,
    /// The `Content-Security-Policy` of a page.
    security_policy: HeaderValue,
    /// The `Link` header of a feed: `rel="self"` and `rel="hub"`.
    link: HeaderValue,
}

/// The targets of a feed's `Link` header.
pub(super) struct Links<'l> {
    /// The canonical URL of the feed.
    pub(super) own: &'l str,
    /// The URLs of its hubs.
    pub(super) hubs: &'l [String],
}

impl Links<'_> {
    /// Writes the header (RFC 8288, W3C WebSub §4).
    fn write(&self) -> String {
        let hubs = self.hubs.iter().map(|hub| format!(", <{hub}>; rel=\"hub\""));
        format!("<{}>; rel=\"self\"{}", self.own, hubs.collect::<String>())
    }
}

const VARY: HeaderValue =
    HeaderValue::from_static("Accept-Encoding, Sec-Fetch-Dest, Upgrade-Insecure-Requests");
const VARY_BY_CODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
/// Pages run and load only what this server serves. Images of posts are allowed from everywhere.
pub(super) const SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http:; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);
/// The page of an entry shows images, audio and video from everywhere.
const SECURITY_POLICY_OF_ENTRY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src http: https: data:; \
     media-src http: https: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
const ANY: HeaderValue = HeaderValue::from_static("*");
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Last-Modified, Link");

fn make_etags(fingerprint: Fingerprint) -> [HeaderValue; ALL.len()] {
    ALL.map(|coding| make_header_value(format!("\"{fingerprint}{}\"", coding.suffix())))
}

impl Head {
    /// Makes the headers of a feed that last changed at `modified`.
    pub(super) fn of_feed(
        fingerprint: Fingerprint,
        media_type: &'static str,
        links: Links<'_>,
        modified: i64,
        cache_policy: CachePolicy,
    ) -> Self {
        Self {
            kind: Kind::Feed,
            media_type: HeaderValue::from_static(media_type),
            etags: make_etags(fingerprint),
            modified,
            modified_header: make_header_value(write_date(modified)),
            cache_policy,
            security_policy: SECURITY_POLICY,
            link: make_header_value(links.write()),
        }
    }

    /// Makes the headers of the list of feeds.
    pub(super) fn of_opml(fingerprint: Fingerprint, modified: i64) -> Self {
        let media_type = HeaderValue::from_static("text/x-opml; charset=utf-8");
        Self::asked_again(Kind::Opml, media_type, fingerprint, modified)
    }

    /// Makes the headers of a page at a URL of its own.
    pub(super) fn of_page(fingerprint: Fingerprint, modified: i64) -> Self {
        let media_type = HeaderValue::from_static("text/html; charset=utf-8");
        Self::asked_again(Kind::Page, media_type, fingerprint, modified)
    }

    /// Makes the headers of the page of an entry.
    pub(super) fn of_entry_page(fingerprint: Fingerprint, modified: i64) -> Self {
        Self { security_policy: SECURITY_POLICY_OF_ENTRY, ..Self::of_page(fingerprint, modified) }
    }

    /// Makes the headers of a page that is served at the URL of its feed. Many caches ignore the headers that mark a
    /// navigation, so no cache may keep it: it could send the page to a feed reader.
    pub(super) fn of_page_in_place(fingerprint: Fingerprint) -> Self {
        Self { cache_policy: CachePolicy::Private, ..Self::of_page(fingerprint, 0) }
    }

    fn asked_again(kind: Kind, media_type: HeaderValue, fingerprint: Fingerprint, modified: i64) -> Self {
        Self {
            kind,
            media_type,
            etags: make_etags(fingerprint),
            modified,
            modified_header: make_header_value(write_date(modified)),
            cache_policy: CachePolicy::Revalidate,
            security_policy: SECURITY_POLICY,
            link: HeaderValue::from_static(""),
        }
    }

    /// Returns true for a feed document.
    pub(super) fn is_feed(&self) -> bool {
        self.kind == Kind::Feed
    }

    /// The bytes of heap memory.
    pub(super) fn weight(&self) -> usize {
        let lifetime = match &self.cache_policy {
            CachePolicy::Feed(lifetime) => Some(lifetime.weight()),
            _ => None,
        };
        let texts = self.etags.iter().chain([&self.modified_header, &self.link]);
        // Each value is on the heap, with the overhead of the allocator and of its owner.
        texts.map(HeaderValue::len).chain(lifetime).map(|bytes| bytes + 48).sum()
    }

    /// Answers with 304 if the client already has the body, else with the result of `body`; `None` if the body must
    /// be made first. `now` is the current time in Unix seconds.
    pub(super) fn answer(
        &self,
        conditions: &Conditions<'_>,
        coding: Coding,
        now: i64,
        body: impl FnOnce() -> Option<Body>,
    ) -> Option<Answer> {
        let etag = &self.etags[coding as usize];
        if matches!(self.cache_policy, CachePolicy::Private) {
            return Some(self.write_in_place(coding, now, body()?));
        }
        let validators = Validators { etag: etag.to_str().unwrap_or_default(), modified: self.modified };
        if conditions.are_current(validators, now) {
            // RFC 9110 §15.4.5: the validators and caching headers that a 200 would have had.
            return Some(self.write(StatusCode::NOT_MODIFIED, etag, now, Body::default()));
        }
        Some(self.describe_body(self.write(StatusCode::OK, etag, now, body()?), coding))
    }

    /// Adds the headers that describe a body.
    fn describe_body(&self, answer: Answer, coding: Coding) -> Answer {
        let answer = answer.with(header::CONTENT_TYPE, self.media_type.clone()).with_nosniff();
        let answer = match coding {
            Coding::Identity => answer,
            coding => answer.with(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name())),
        };
        match self.kind {
            Kind::Feed => answer
                .with(header::LINK, self.link.clone())
                .with(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED),
            Kind::Page => answer.with(header::CONTENT_SECURITY_POLICY, self.security_policy.clone()),
            _ => answer,
        }
    }

    fn write_in_place(&self, coding: Coding, now: i64, body: Body) -> Answer {
        let answer = Answer::new(self.kind, StatusCode::OK, body)
            .with(header::DATE, write_now(now))
            .with(header::VARY, VARY)
            .with(header::CACHE_CONTROL, self.cache_policy.header(now));
        self.describe_body(answer, coding)
    }

    fn write(&self, status: StatusCode, etag: &HeaderValue, now: i64, body: Body) -> Answer {
        // `Date` and `Last-Modified` use one clock: nothing changed after its answer was made (RFC 9110 §8.8.2.1).
        let modified = if self.modified > now { write_now(now) } else { self.modified_header.clone() };
        let answer = Answer::new(self.kind, status, body)
            .with(header::DATE, write_now(now))
            .with(header::ETAG, etag.clone())
            .with(header::LAST_MODIFIED, modified)
            .with(header::VARY, if self.kind == Kind::Page { VARY_BY_CODING } else { VARY })
            .with(header::CACHE_CONTROL, self.cache_policy.header(now));
        match self.kind {
            Kind::Feed => answer.with(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY),
            _ => answer,
        }
    }
}

/// The current time as a header, formatted once per second and thread.
pub(super) fn write_now(now: i64) -> HeaderValue {
    thread_local! {
        static WRITTEN: RefCell<(i64, HeaderValue)> = const { RefCell::new((0, HeaderValue::from_static(""))) };
    }
    WRITTEN.with_borrow_mut(|written| {
        if written.0 != now {
            *written = (now, make_header_value(write_date(now)));
        }
        written.1.clone()
    })
}
