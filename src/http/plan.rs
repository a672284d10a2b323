//! The plan of a response on one snapshot: its headers and fingerprint, and the thing to render. Nothing is rendered
//! to make it.

use std::sync::Arc;

use actix_web::http::StatusCode;

use super::answer::Answer;
use super::body::Body;
use super::cache_headers::Head;
use super::coding::Coding;
use super::conditional::{Conditions, now};
use crate::catalog::Snapshot;
use crate::feed::{Feed, Fingerprint, Group};
use crate::page::{EntryPage, FeedPage};
use crate::post::Post;

/// The headers and the fingerprint of the response to a target. It holds no posts: it is cached longer than they live.
#[derive(Debug)]
pub(super) struct Planned {
    /// The revision of the snapshot.
    revision: u64,
    fingerprint: Fingerprint,
    head: Head,
    /// The canonical path, if the target is a listed feed.
    listed: Option<Arc<str>>,
}

impl Planned {
    pub(super) fn new(snapshot: &Snapshot, fingerprint: Fingerprint, head: Head) -> Self {
        Self { revision: snapshot.revision, fingerprint, head, listed: None }
    }

    /// Sets the canonical path of a listed feed.
    #[must_use]
    pub(super) fn with_listed(self, path: Option<&str>) -> Self {
        Self { listed: path.map(Into::into), ..self }
    }

    /// Identifies the bytes of the body.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns true if it was made on this snapshot.
    pub(super) fn is_of(&self, snapshot: &Snapshot) -> bool {
        self.revision == snapshot.revision
    }

    /// Returns true for a feed document.
    pub(super) fn is_feed(&self) -> bool {
        self.head.is_feed()
    }

    /// The bytes that it takes in the cache, with its key.
    pub(super) fn weight(&self, target: &str) -> usize {
        let listed = self.listed.as_ref().map_or(0, |path| path.len());
        // The slot in the cache, and the overhead of the allocator.
        size_of::<Self>() + self.head.weight() + target.len() + listed + 192
    }

    /// Answers with 304 if the client already has the body, else with the result of `body`; `None` if the body must
    /// be made first.
    pub(super) fn answer(
        &self,
        conditions: &Conditions<'_>,
        coding: Coding,
        body: impl FnOnce() -> Option<Body>,
    ) -> Option<Answer> {
        let mut answer = self.head.answer(conditions, coding, now(), body)?;
        answer.feed.clone_from(&self.listed);
        Some(answer)
    }

    /// Answers HEAD with the head of a GET. Nothing is rendered: `Content-Length` is sent only if the body is already
    /// cached (RFC 9110 §9.3.2).
    pub(super) fn answer_head(
        &self,
        conditions: &Conditions<'_>,
        coding: Coding,
        cached: Option<Body>,
    ) -> Answer {
        let is_cached = cached.is_some();
        let answer = self.answer(conditions, coding, || Some(cached.unwrap_or_default()));
        let mut answer = answer.unwrap_or_else(Answer::failed);
        answer.has_length = is_cached || answer.status != StatusCode::OK;
        answer
    }
}

/// The thing that is rendered, selected on one snapshot.
#[derive(Debug)]
pub(super) enum Subject {
    /// A feed document.
    Feed(Box<Feed>),
    /// The page of a feed.
    FeedPage(Box<Feed>, Box<FeedPage>, PageUrl),
    /// The page of a group of feeds, and its filter.
    Group(Group, Option<Box<str>>),
    /// The page of an entry.
    Entry(Arc<Post>, Box<EntryPage>),
    /// The list of all feeds.
    Opml,
}

/// The URL at which the page of a feed is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageUrl {
    /// A URL of its own.
    Own,
    /// The URL of the feed, to a browser.
    Feed,
}

/// A request target that is resolved on a snapshot.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) planned: Arc<Planned>,
    /// The thing to render; `None` if the plan was cached and nothing was selected.
    pub(super) subject: Option<Subject>,
}

impl Resolved {
    pub(super) fn new(planned: Planned, subject: Subject) -> Self {
        Self { planned: Arc::new(planned), subject: Some(subject) }
    }
}
