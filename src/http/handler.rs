//! The handler of every request from readers: decides, waits for what must be rendered, counts and logs.

use std::sync::Arc;
use std::time::Instant;

use actix_http::RequestHead;

use super::access::AccessLog;
use super::answer::Answer;
use super::app::{App, Decision};
use super::connections::Connections;
use super::media_gate::MediaGate;
use super::request::{Request, find_target};
use super::work_queue::{Turn, WorkQueue};

/// Answers requests. All connections share it.
pub(super) struct Handler {
    app: Arc<App>,
    connections: Connections,
    queue: WorkQueue,
    media: MediaGate,
    access: Arc<AccessLog>,
}

impl Handler {
    pub(super) fn new(app: Arc<App>, connections: Connections, access: Arc<AccessLog>) -> Self {
        Self { app, connections, queue: WorkQueue::default(), media: MediaGate::default(), access }
    }

    /// The connections whose requests it answers.
    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Answers a request that came at `started`.
    pub(super) async fn answer(&self, request: &RequestHead, started: Instant) -> Answer {
        let answer = match find_target(request) {
            Some(target) => {
                let asked = Request::new(request, target);
                match self.app.decide(&asked) {
                    Decision::Respond(answer) => answer,
                    // Few requests wait: the others do not reserve memory for it.
                    later => Box::pin(self.wait(later, &asked)).await,
                }
            }
            None => Answer::no_path(),
        };
        let took = started.elapsed();
        self.app.metrics().count(request, &answer, took);
        self.access.log(request, &answer, took);
        answer
    }

    /// Waits for what a request needs, and answers it.
    async fn wait(&self, decision: Decision, request: &Request<'_>) -> Answer {
        let job = match decision {
            Decision::Respond(answer) => return answer,
            Decision::Open(request) => return self.media.answer(&self.app, *request).await,
            Decision::Render(job) => job,
        };
        let mut done = match self.queue.join(job.key()) {
            Turn::First(_making) => return self.queue.run(&self.app, &self.connections, *job).await,
            Turn::Wait(done) => done,
        };
        drop(job);
        // The sender is dropped when the other request is done: that is an error here.
        let _ = done.changed().await;
        match self.app.decide(request) {
            Decision::Respond(answer) => answer,
            Decision::Open(request) => self.media.answer(&self.app, *request).await,
            Decision::Render(job) => self.queue.run(&self.app, &self.connections, *job).await,
        }
    }
}
