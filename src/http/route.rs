//! Request routing: every request is decided at once, except what must be rendered, searched or opened.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{Method, StatusCode};

use super::answer::Answer;
use super::app::App;
use super::body::Body;
use super::coding::Coding;
use super::conditional::{Conditions, now};
use super::errors::ErrorForm;
use super::media::{MediaPath, MediaRequest};
use super::plan_cache::{Planned, Shown, Subject};
use super::planning::Unplanned;
use super::request::Request;
use super::target::{is_encoded_well, split, strip};
use crate::catalog::{Snapshot, Summaries};
use crate::config::Embeds;
use crate::feed::{Address, EntrySummaries, Feed, Found, Unread, build, plan, write, write_opml};
use crate::limits::TARGET_BYTES;
use crate::page::{EntryPage, FeedPage, find_asset, write_group};
use crate::post::Post;

/// How long a rendering waits for the snapshot with a changed file.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// An answer, or the work that makes it.
pub enum Step {
    /// The answer is ready.
    Done(Answer),
    /// Something must be rendered or searched, on a thread that may block.
    Work(Box<Work>),
    /// A file must be opened, on a thread that may block.
    Media(Box<MediaRequest>),
}

/// The reason why a request cannot be answered at once.
enum Deferred {
    Work,
    Media(MediaPath),
}

/// A request that must be rendered or searched.
pub struct Work {
    target: String,
    coding: Coding,
    conditions: Conditions<'static>,
    pub(super) form: ErrorForm,
    navigates: bool,
    is_head: bool,
}

/// The key of equal work: target, coding, whether a browser navigates, and whether the method is HEAD.
pub(super) type WorkKey = (String, Coding, bool, bool);

impl Work {
    pub(super) fn key(&self) -> WorkKey {
        (self.target.clone(), self.coding, self.navigates, self.is_head)
    }
}

/// The result of one attempt at the work.
pub(super) enum Attempt {
    /// The answer.
    Done(Answer),
    /// A file changed since the snapshot of this revision.
    Stale(u64),
}

impl App {
    /// Decides a request. Never blocks.
    pub fn step(&self, request: &Request<'_>) -> Step {
        match self.decide(request) {
            Ok(answer) => Step::Done(self.present(answer, request.error_form())),
            Err(Deferred::Media(wanted)) => Step::Media(Box::new(MediaRequest::new(wanted, request))),
            Err(Deferred::Work) => Step::Work(Box::new(Work {
                target: request.target.to_owned(),
                coding: request.coding,
                conditions: request.conditions.to_owned(),
                form: request.error_form(),
                navigates: request.navigates,
                is_head: *request.method == Method::HEAD,
            })),
        }
    }

    /// Answers a request, if that needs no work.
    fn decide(&self, request: &Request<'_>) -> Result<Answer, Deferred> {
        let is_asked = matches!(*request.method, Method::GET | Method::HEAD);
        if !is_asked && *request.method != Method::OPTIONS {
            return Ok(Answer::wrong_method());
        }
        let (path, query) = split(request.target);
        if path.len() > TARGET_BYTES || query.is_some_and(|query| query.len() > TARGET_BYTES) {
            return Ok(Answer::too_long());
        }
        if !is_encoded_well(request.target) {
            return Ok(Answer::bad_request("The URL is not percent-encoded UTF-8."));
        }
        let snapshot = self.live.load();
        let public_path = snapshot.as_ref().map_or(&*self.public_path, |s| s.site.public_url.path());
        match (strip(path, public_path).unwrap_or(path), &snapshot) {
            ("/healthz" | "/readyz", _) if !is_asked => return Ok(Answer::wrong_method_of_page()),
            ("/healthz", _) => return Ok(Answer::well("ok")),
            ("/readyz", Some(snapshot)) if snapshot.awaited.is_empty() && self.live.is_current() => {
                return Ok(Answer::well("ready"));
            }
            ("/readyz", Some(_)) => return Ok(Answer::not_ready()),
            (path, _) => {
                if let Some(asset) = find_asset(snapshot.as_deref(), path) {
                    return Ok(if is_asked { Answer::asset(&asset) } else { Answer::wrong_method_of_page() });
                }
            }
        }
        let Some(snapshot) = snapshot else { return Ok(Answer::not_ready()) };
        let planned = match self.plan(&snapshot, request.target, request.navigates, None) {
            Ok(planned) => planned,
            Err(Unplanned::Answer(answer)) => return Ok(answer),
            Err(Unplanned::Media(wanted)) if is_asked => return Err(Deferred::Media(wanted)),
            Err(Unplanned::Media(_)) => return Ok(Answer::wrong_method_of_page()),
            Err(Unplanned::Takes) if is_asked => return Err(Deferred::Work),
            // Scripts of other sites may read only feeds.
            Err(Unplanned::Takes) => {
                let is_feed = matches!(self.find(&snapshot, request.target), Ok(Found::Feed(_)));
                return Ok(if is_feed { Answer::options() } else { Answer::wrong_method_of_page() });
            }
        };
        if !is_asked {
            return Ok(if planned.subject.is_feed() {
                Answer::options()
            } else {
                Answer::wrong_method_of_page()
            });
        }
        if *request.method == Method::HEAD {
            return Ok(self.answer_head(&planned, &request.conditions, request.coding));
        }
        let body =
            || self.renderings.get(planned.fingerprint, request.coding).inspect(|_| self.metrics.count_hit());
        answer_with(&planned, &request.conditions, request.coding, body).ok_or(Deferred::Work)
    }

    /// Does a request's work and answers with the result. Blocks the thread.
    pub fn work(&self, work: &Work) -> Answer {
        self.present(self.make(work), work.form)
    }

    fn make(&self, work: &Work) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let revision = match self.attempt(work) {
                Attempt::Done(answer) => return answer,
                Attempt::Stale(revision) => revision,
            };
            // A file changed since this snapshot: a newer snapshot will follow.
            let patience = deadline.saturating_duration_since(Instant::now());
            if self.live.wait_newer(revision, patience).is_none() {
                return self.make_from_last_good(work).unwrap_or_else(Answer::not_ready);
            }
        }
    }

    /// Does a request's work on the current snapshot.
    pub(super) fn attempt(&self, work: &Work) -> Attempt {
        let Some(snapshot) = self.live.load() else { return Attempt::Done(Answer::not_ready()) };
        let summaries = self.entries.summaries(&snapshot.site);
        let planned = match self.plan(&snapshot, &work.target, work.navigates, Some(&summaries)) {
            Ok(planned) => planned,
            Err(Unplanned::Answer(answer)) => return Attempt::Done(answer),
            Err(Unplanned::Takes | Unplanned::Media(_)) => return Attempt::Done(Answer::failed()),
        };
        // A search without all summaries would select the wrong posts.
        if let Some(failure) = summaries.failure() {
            return self.give_up(work, &snapshot, failure);
        }
        if work.is_head {
            return Attempt::Done(self.answer_head(&planned, &work.conditions, work.coding));
        }
        let render = || self.render(&snapshot, &planned.subject, &summaries);
        let mut failure = None;
        let body = || {
            let made = self.renderings.get_or_make(planned.fingerprint, work.coding, &render);
            made.map_err(|error| failure = Some(error)).ok()
        };
        match answer_with(&planned, &work.conditions, work.coding, body) {
            Some(answer) => Attempt::Done(answer),
            None => self.give_up(work, &snapshot, failure.unwrap_or(Unread::Changed)),
        }
    }

    /// Handles files that are not as the snapshot knows them.
    fn give_up(&self, work: &Work, snapshot: &Snapshot, failure: Unread) -> Attempt {
        match failure {
            Unread::Changed => Attempt::Stale(snapshot.revision),
            // No newer snapshot will follow: do not wait for one.
            Unread::Unanswered => {
                Attempt::Done(self.make_from_last_good(work).unwrap_or_else(Answer::not_ready))
            }
        }
    }

    /// Answers HEAD with the head of a GET. Nothing is rendered: `Content-Length` is sent only if the body is already
    /// cached (RFC 9110 §9.3.2).
    fn answer_head(&self, planned: &Planned, conditions: &Conditions<'_>, coding: Coding) -> Answer {
        let body = self.renderings.get(planned.fingerprint, coding);
        let is_made = body.is_some();
        let answer = answer_with(planned, conditions, coding, || Some(body.unwrap_or_default()));
        let mut answer = answer.unwrap_or_else(Answer::failed);
        answer.has_length = is_made || answer.status != StatusCode::OK;
        answer
    }

    /// Answers with the last known good version of each post whose file is not as the snapshot knows it.
    pub(super) fn make_from_last_good(&self, work: &Work) -> Option<Answer> {
        let snapshot = &*self.live.load()?;
        let summaries = self.entries.summaries(&snapshot.site);
        let planned = self.plan(snapshot, &work.target, work.navigates, Some(&summaries)).ok()?;
        let (address, shown) = match &planned.subject {
            Subject::Feed(address, shown) => (address, shown),
            Subject::Entry(source, name) => {
                let mut posts = [Arc::clone(snapshot.find_page(*source, name)?)];
                self.entries.settle(&snapshot.site, &mut posts, Embeds::Link);
                let body = self.write_entry(snapshot, &posts[0]).ok()?;
                let fingerprint = EntryPage::new(snapshot, &posts[0]).fingerprint();
                let planned = self.plan_page_of(snapshot, fingerprint, *source, name);
                return answer_with(&planned, &work.conditions, Coding::Identity, || {
                    Some(Body::to_keep(body))
                });
            }
            _ => return None,
        };
        let mut feed = plan(snapshot, Address::clone(address), &summaries)?;
        self.entries.settle(&snapshot.site, &mut feed.posts, feed.settings.embeds);
        let planned = self.plan_feed(snapshot, feed.clone(), *shown);
        let render = || self.write(snapshot, &feed, *shown, &summaries);
        let body = || self.renderings.get_or_make(planned.fingerprint, work.coding, &render).ok();
        answer_with(&planned, &work.conditions, work.coding, body)
    }

    /// Answers on this thread, which it may block.
    pub fn answer(&self, request: &Request<'_>) -> Answer {
        match self.step(request) {
            Step::Done(answer) => answer,
            Step::Work(work) => self.work(&work),
            Step::Media(media) => self.present(self.open_media(&media).with_whole_file(), media.form),
        }
    }

    fn render(
        &self,
        snapshot: &Snapshot,
        subject: &Subject,
        summaries: &EntrySummaries<'_>,
    ) -> Result<Vec<u8>, Unread> {
        let body = match subject {
            Subject::Feed(address, shown) => {
                // The feed was already planned on this snapshot.
                let feed = plan(snapshot, Address::clone(address), summaries).ok_or(Unread::Changed)?;
                self.write(snapshot, &feed, *shown, summaries)?
            }
            Subject::Entry(source, name) => {
                let post = snapshot.find_page(*source, name).ok_or(Unread::Changed)?;
                self.write_entry(snapshot, post)?
            }
            Subject::Group(group, filter) => {
                write_group(snapshot, *group, filter.as_deref(), summaries).into()
            }
            Subject::Opml => write_opml(snapshot).map_err(|_| Unread::Changed)?,
        };
        // Without all summaries the body would not match its fingerprint.
        summaries.failure().map_or(Ok(body), Err)
    }

    fn write_entry(&self, snapshot: &Snapshot, post: &Post) -> Result<Vec<u8>, Unread> {
        let started = Instant::now();
        let entry = self.entries.get(&snapshot.site, post, Embeds::Link)?;
        let page = EntryPage::new(snapshot, post).write(snapshot, &entry);
        self.metrics.count_render(started.elapsed());
        Ok(page.into())
    }

    fn write(
        &self,
        snapshot: &Snapshot,
        feed: &Feed,
        shown: Shown,
        summaries: &dyn Summaries,
    ) -> Result<Vec<u8>, Unread> {
        let started = Instant::now();
        let document = build(snapshot, feed, &self.entries)?;
        let body = match shown {
            Shown::Feed => write(&document, feed.address.format).into(),
            Shown::Page | Shown::InPlace => {
                FeedPage::new(snapshot, feed).write(snapshot, &document, summaries).into()
            }
        };
        self.metrics.count_render(started.elapsed());
        Ok(body)
    }
}

/// Answers from a plan; `None` if its body must be made first.
fn answer_with(
    planned: &Planned,
    conditions: &Conditions<'_>,
    coding: Coding,
    body: impl FnOnce() -> Option<Body>,
) -> Option<Answer> {
    let mut answer = planned.head.answer(conditions, coding, now(), body)?;
    answer.feed.clone_from(&planned.listed);
    Some(answer)
}
