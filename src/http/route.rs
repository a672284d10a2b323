//! What an address means: health, a feed, or nothing. Everything but rendering is decided here at once.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

use super::answer::Answer;
use super::conditional::{Conditions, Validators, now, write_date};
use super::modified::Modified;
use super::renderings::{Rendered, Renderings};
use crate::catalog::{Live, Snapshot};
use crate::config;
use crate::feed::{self, Address, Bodies, Feed, Fingerprint, media_type, plan};

/// What a request asks, without its connection.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path as sent, percent-encoded.
    pub path: String,
    /// What follows the `?`, as sent.
    pub query: Option<String>,
    /// What the client says it has.
    pub conditions: Conditions,
}

/// Everything requests are answered from.
pub struct App {
    live: Live,
    renderings: Renderings,
    modified: Modified,
    /// The path of the public address: health is asked for under it before there is a snapshot.
    public_path: String,
}

/// An answer, or what it takes to make it.
pub enum Step {
    /// Nothing had to be made.
    Done(Answer),
    /// A feed must be rendered: a matter for a thread that may block.
    Render(Box<Rendering>),
}

/// A feed to render.
pub struct Rendering {
    snapshot: Arc<Snapshot>,
    address: Address,
    request: Request,
}

impl App {
    /// Answers from `live` as `server` says, with what it renders from `bodies`.
    pub fn new(live: Live, bodies: Arc<dyn Bodies>, server: &config::Server) -> Self {
        Self {
            live,
            renderings: Renderings::new(server.cache, bodies),
            modified: Modified::default(),
            public_path: server.public_url().path().to_owned(),
        }
    }

    /// Decides a request. Never blocks.
    pub fn step(&self, request: Request) -> Step {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Step::Done(Answer::wrong_method());
        }
        if !is_encoded_well(&request.path) {
            return Step::Done(Answer::bad_request("The address is not percent-encoded UTF-8."));
        }
        let snapshot = self.live.load();
        let public_path = snapshot.as_ref().map_or(&*self.public_path, |s| s.site.public_url.path());
        let inner = request.path.strip_prefix(public_path).filter(|rest| rest.starts_with('/'));
        match (inner.unwrap_or(&request.path), &snapshot) {
            ("/healthz", _) => return Step::Done(Answer::well("ok")),
            ("/readyz", Some(_)) => return Step::Done(Answer::well("ready")),
            _ => {}
        }
        let Some(snapshot) = snapshot else { return Step::Done(Answer::not_ready()) };
        let find = |path: &str| feed::find(&snapshot, path, request.query.as_deref());
        let Some(address) = inner.and_then(find).or_else(|| find(&request.path)) else {
            return Step::Done(Answer::not_found());
        };
        let feed = plan(&snapshot, address);
        let fingerprint = feed.fingerprint(&snapshot);
        let head = self.head(&snapshot, &feed, fingerprint, Utc::now());
        if head.is_current(&request.conditions) {
            return Step::Done(head.not_modified());
        }
        match self.renderings.get(fingerprint) {
            Some(bytes) => Step::Done(head.ok(bytes)),
            None => Step::Render(Box::new(Rendering { snapshot, address: feed.address, request })),
        }
    }

    /// Renders a feed and answers with it. Blocks the thread.
    pub fn render(&self, rendering: Rendering) -> Answer {
        let Rendering { snapshot, address, request } = rendering;
        let Some(Rendered { snapshot, feed, fingerprint, bytes }) =
            self.renderings.render(&self.live, snapshot, &address)
        else {
            return Answer::not_ready();
        };
        let head = self.head(&snapshot, &feed, fingerprint, Utc::now());
        if head.is_current(&request.conditions) { head.not_modified() } else { head.ok(bytes) }
    }

    /// Answers on this thread, whatever it takes.
    pub fn answer(&self, request: Request) -> Answer {
        match self.step(request) {
            Step::Done(answer) => answer,
            Step::Render(rendering) => self.render(*rendering),
        }
    }

    fn head(&self, snapshot: &Snapshot, feed: &Feed, fingerprint: Fingerprint, now: DateTime<Utc>) -> Head {
        Head {
            etag: format!("\"{fingerprint}\""),
            modified: self.modified.since(&feed.path, fingerprint, now.timestamp()),
            cache: cache_control(snapshot, now),
            media_type: media_type(feed.address.format),
            link: format!("<{}>; rel=\"self\"", feed.url(snapshot)),
        }
    }
}

/// How long a feed may be kept: never past the next post that appears or expires.
fn cache_control(snapshot: &Snapshot, now: DateTime<Utc>) -> String {
    let max_age = i64::from(snapshot.site.max_age);
    let until_due = snapshot.next_due.map(|due| (due - now).num_seconds().max(0));
    match until_due.filter(|until| *until < max_age) {
        Some(until) => format!("public, max-age={until}, stale-if-error=86400"),
        None => format!("public, max-age={max_age}, stale-while-revalidate=60, stale-if-error=86400"),
    }
}

/// What is said of a feed with every answer.
struct Head {
    etag: String,
    modified: i64,
    cache: String,
    media_type: &'static str,
    link: String,
}

impl Head {
    fn is_current(&self, conditions: &Conditions) -> bool {
        conditions.are_current(Validators { etag: &self.etag, modified: self.modified }, now())
    }

    fn ok(self, body: Bytes) -> Answer {
        let media_type = self.media_type;
        let mut answer = self.answer(StatusCode::OK, body);
        answer.headers.push(("content-type", media_type.to_owned()));
        answer
    }

    /// RFC 9110 §15.4.5: what a 200 would have said of the validators and of caching.
    fn not_modified(self) -> Answer {
        self.answer(StatusCode::NOT_MODIFIED, Bytes::new())
    }

    fn answer(self, status: StatusCode, body: Bytes) -> Answer {
        let now = now();
        let headers = vec![
            // One clock for both: no feed changed after its answer was made (RFC 9110 §8.8.2.1).
            ("date", write_date(now)),
            ("etag", self.etag),
            ("last-modified", write_date(self.modified.min(now))),
            ("cache-control", self.cache),
            ("link", self.link),
            ("x-content-type-options", "nosniff".to_owned()),
            ("access-control-allow-origin", "*".to_owned()),
            ("access-control-expose-headers", "ETag, Last-Modified, Link".to_owned()),
        ];
        Answer { status, headers, body }
    }
}

/// Whether every `%` begins an escape and the whole is UTF-8.
fn is_encoded_well(path: &str) -> bool {
    let escapes = path
        .split('%')
        .skip(1)
        .all(|rest| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)));
    escapes && percent_decode_str(path).decode_utf8().is_ok()
}
