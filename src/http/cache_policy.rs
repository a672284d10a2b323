//! Cache policies: every value of `Cache-Control` that this server sends.

use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};

/// How long caches may keep a response.
#[derive(Debug)]
pub(super) enum CachePolicy {
    /// Not at all: the next response may be different.
    NoStore,
    /// Not at all: other clients get something else at this URL.
    Private,
    /// Until it is used: caches must revalidate it each time.
    Revalidate,
    /// A minute: a redirect, or an error that lasts until the site is changed.
    Minute,
    /// A day: the requests that scripts of other sites may make.
    Day,
    /// A day, but never past the time when one of its posts disappears: an archive document.
    Archive(Option<DateTime<Utc>>),
    /// Always: its URL changes with its content.
    Immutable,
    /// A number of seconds: a media file.
    Seconds(u32),
    /// As long as a feed.
    Feed(FeedLifetime),
}

/// The seconds of a day.
const DAY: i64 = 86_400;

impl CachePolicy {
    /// The header, at `now` in Unix seconds.
    pub(super) fn header(&self, now: i64) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::NoStore => "no-store",
            Self::Private => "private, no-store",
            Self::Revalidate => "no-cache",
            Self::Minute => "public, max-age=60",
            Self::Day | Self::Archive(None) => "public, max-age=86400",
            Self::Archive(Some(due)) => {
                let seconds = (due.timestamp() - now).clamp(0, DAY);
                return make_header_value(format!("public, max-age={seconds}"));
            }
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Seconds(seconds) => return make_header_value(format!("public, max-age={seconds}")),
            Self::Feed(lifetime) => return lifetime.header(now),
        })
    }
}

/// How long a feed may be kept, and by which caches. It is never kept past the time when one of its posts appears or
/// disappears.
#[derive(Debug)]
pub(super) struct FeedLifetime {
    /// The number of seconds, if no post appears or disappears meanwhile.
    max_age: u32,
    /// When the next post appears or disappears.
    due: Option<DateTime<Utc>>,
    /// True if shared caches may answer without revalidation. A hub behind such a cache must see the change that it
    /// was notified of.
    is_shared: bool,
    /// The header with `max_age`.
    usual: HeaderValue,
}

impl FeedLifetime {
    pub(super) fn new(max_age: u32, due: Option<DateTime<Utc>>, is_shared: bool) -> Self {
        let usual = HeaderValue::from_static("");
        let lifetime = Self { max_age, due, is_shared, usual };
        Self { usual: lifetime.write(max_age), ..lifetime }
    }

    /// The bytes of heap memory of the header.
    pub(super) fn weight(&self) -> usize {
        self.usual.len()
    }

    fn header(&self, now: i64) -> HeaderValue {
        let until = self.due.map(|due| (due.timestamp() - now).max(0));
        match until.filter(|until| *until < i64::from(self.max_age)) {
            Some(until) => self.write(until as u32),
            None => self.usual.clone(),
        }
    }

    fn write(&self, seconds: u32) -> HeaderValue {
        let shared = if self.is_shared { "" } else { ", s-maxage=0" };
        let stale =
            if self.is_shared && seconds == self.max_age { ", stale-while-revalidate=60" } else { "" };
        make_header_value(format!("public, max-age={seconds}{shared}{stale}, stale-if-error=86400"))
    }
}

/// Makes a header value of text without control characters, which is always valid.
pub(super) fn make_header_value(text: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(text)).unwrap_or_else(|_| HeaderValue::from_static(""))
}
