//! Does jobs on threads that may block: selects, searches and renders.

use std::sync::Arc;

use super::answer::Answer;
use super::job::{Attempt, Job, Progress};
use super::plan::{Resolved, Subject};
use super::renderer::Renderer;
use super::resolver::{Resolver, Unplanned};
use crate::catalog::{Live, Snapshot};
use crate::config::Embeds;
use crate::feed::{EntryTexts, Unread};

/// Does jobs. All its functions block the thread.
pub(super) struct Worker {
    live: Live,
    resolver: Arc<Resolver>,
    renderer: Arc<Renderer>,
}

impl Worker {
    pub(super) fn new(live: Live, resolver: Arc<Resolver>, renderer: Arc<Renderer>) -> Self {
        Self { live, resolver, renderer }
    }

    /// Does a job and answers with the result, without waiting for a newer snapshot.
    pub(super) fn run(&self, job: Job) -> Answer {
        match self.attempt(job) {
            Attempt::Done(answer) => answer,
            Attempt::Stale(_, job) => self.answer_from_last_good(job),
        }
    }

    /// Does a job on the current snapshot.
    pub(super) fn attempt(&self, mut job: Job) -> Attempt {
        let Some(snapshot) = self.live.load() else { return Attempt::Done(Answer::not_ready()) };
        let texts = self.renderer.entries().texts(&snapshot.site);
        let resolved = self.resolve(&snapshot, &mut job, &texts);
        // A search without all texts would select the wrong posts, or miss a page that exists. It is not kept: the
        // next attempt searches again.
        if let Some(failure) = texts.failure() {
            return self.give_up(job, &snapshot, failure);
        }
        let resolved = match resolved {
            Ok(resolved) => resolved,
            Err(answer) => return Attempt::Done(answer),
        };
        let (planned, conditions, coding) = (&resolved.planned, &job.conditions, job.coding);
        if job.is_head {
            let cached = self.renderer.get(planned.fingerprint(), coding);
            return Attempt::Done(planned.answer_head(conditions, coding, cached));
        }
        let render = || {
            let selected;
            let subject = match &resolved.subject {
                Some(subject) => subject,
                None => {
                    let again = self.resolver.select(&snapshot, job.target(), Some(&texts));
                    selected = again.ok().and_then(|resolved| resolved.subject).ok_or(Unread::Changed)?;
                    &selected
                }
            };
            // Without all texts the body would not match its fingerprint.
            texts.failure().map_or_else(|| self.renderer.render(&snapshot, subject), Err)
        };
        let mut failure = Unread::Changed;
        let body = || {
            let body = self.renderer.get_or_make(planned.fingerprint(), coding, &render);
            body.map_err(|error| failure = error).ok()
        };
        match planned.answer(conditions, coding, body) {
            Some(answer) => Attempt::Done(answer),
            None => self.give_up(job.with_plan(&snapshot, resolved), &snapshot, failure),
        }
    }

    /// Resolves a job's target, unless that is already done on this snapshot.
    fn resolve(
        &self,
        snapshot: &Snapshot,
        job: &mut Job,
        texts: &EntryTexts<'_>,
    ) -> Result<Resolved, Answer> {
        let resolved = match job.take_progress(snapshot) {
            Some(Progress::Resolved(resolved)) => return Ok(resolved),
            Some(Progress::Found(found)) => self.resolver.plan(snapshot, job.target(), found, Some(texts)),
            None => self.resolver.resolve(snapshot, job.target(), Some(texts)),
        };
        resolved.map_err(|unplanned| match unplanned {
            Unplanned::Answer(answer) => answer,
            Unplanned::Blocks(_) | Unplanned::Media(_) => Answer::failed(),
        })
    }

    /// Handles files that are not as the snapshot knows them.
    fn give_up(&self, job: Job, snapshot: &Snapshot, failure: Unread) -> Attempt {
        match failure {
            Unread::Changed => Attempt::Stale(snapshot.revision, job),
            // No newer snapshot will follow: do not wait for one.
            Unread::Unanswered => Attempt::Done(self.answer_from_last_good(job)),
            Unread::Unindexed => Attempt::Done(Answer::not_indexed()),
        }
    }

    /// Answers with the last known good version of each post whose file is not as the snapshot knows it.
    pub(super) fn answer_from_last_good(&self, job: Job) -> Answer {
        self.try_last_good(job).unwrap_or_else(Answer::not_ready)
    }

    fn try_last_good(&self, mut job: Job) -> Option<Answer> {
        let snapshot = &*self.live.load()?;
        let (site, entries) = (&snapshot.site, self.renderer.entries());
        let texts = entries.texts(site);
        let resolved = self.resolve(snapshot, &mut job, &texts).ok()?;
        if texts.failure() == Some(Unread::Unindexed) {
            return Some(Answer::not_indexed());
        }
        let subject = match resolved.subject {
            Some(subject) => subject,
            None => self.resolver.select(snapshot, job.target(), Some(&texts)).ok()?.subject?,
        };
        let resolved = match subject {
            Subject::Feed(mut feed) => {
                entries.settle(site, &mut feed.posts, feed.settings.embeds);
                self.resolver.plan_feed(snapshot, feed)
            }
            Subject::FeedPage(mut feed, _, url) => {
                entries.settle(site, &mut feed.posts, feed.settings.embeds);
                self.resolver.plan_feed_page(snapshot, *feed, url)
            }
            Subject::Entry(post, _) => {
                let mut posts = [post];
                entries.settle(site, &mut posts, Embeds::Link);
                let [post] = posts;
                self.resolver.plan_entry(snapshot, post)
            }
            Subject::Group(..) | Subject::Opml => return None,
        };
        let render = || {
            let subject = resolved.subject.as_ref().ok_or(Unread::Changed)?;
            self.renderer.render(snapshot, subject)
        };
        let planned = &resolved.planned;
        let body = || self.renderer.get_or_make(planned.fingerprint(), job.coding, &render).ok();
        planned.answer(&job.conditions, job.coding, body)
    }
}
