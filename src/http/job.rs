//! A request whose answer needs a rendering or a search, on a thread that may block.

use actix_web::http::Method;

use super::answer::Answer;
use super::coding::Coding;
use super::conditional::Conditions;
use super::errors::ErrorForm;
use super::plan::Resolved;
use super::request::Request;
use super::resolver::Target;
use crate::catalog::Snapshot;
use crate::feed::Found;

/// A request, with the steps that are already done.
pub(super) struct Job {
    target: String,
    navigates: bool,
    pub(super) is_head: bool,
    pub(super) coding: Coding,
    pub(super) conditions: Conditions<'static>,
    pub(super) form: ErrorForm,
    /// The progress, and the revision of its snapshot.
    progress: Option<(u64, Progress)>,
}

/// The result of the steps that are done.
#[derive(Debug)]
pub(super) enum Progress {
    /// The path and the query are resolved. Selecting what is there needs a thread that may block.
    Found(Found),
    /// The response is planned.
    Resolved(Resolved),
}

/// The key of equal jobs: target, coding, whether a browser navigates, and whether the method is HEAD.
pub(super) type JobKey = (String, Coding, bool, bool);

/// The result of one attempt at a job.
pub(super) enum Attempt {
    /// The answer.
    Done(Answer),
    /// A file changed since the snapshot of this revision.
    Stale(u64, Job),
}

impl Job {
    pub(super) fn new(request: &Request<'_>, snapshot: &Snapshot, progress: Progress) -> Self {
        Self {
            target: request.target.to_owned(),
            navigates: request.navigates,
            is_head: *request.method == Method::HEAD,
            coding: request.coding,
            conditions: request.conditions.to_owned(),
            form: request.error_form(),
            progress: Some((snapshot.revision, progress)),
        }
    }

    pub(super) fn key(&self) -> JobKey {
        (self.target.clone(), self.coding, self.navigates, self.is_head)
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { text: &self.target, navigates: self.navigates }
    }

    /// Takes the progress, if it was made on this snapshot.
    pub(super) fn take_progress(&mut self, snapshot: &Snapshot) -> Option<Progress> {
        let (revision, progress) = self.progress.take()?;
        (revision == snapshot.revision).then_some(progress)
    }

    /// Keeps a plan, whose body could not be made, for the next attempt.
    #[must_use]
    pub(super) fn with_plan(self, snapshot: &Snapshot, resolved: Resolved) -> Self {
        Self { progress: Some((snapshot.revision, Progress::Resolved(resolved))), ..self }
    }
}
