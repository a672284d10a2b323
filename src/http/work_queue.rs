//! The queue of renderings and searches: a few run at the same time, some wait, the rest are rejected. Cached
//! responses never enter it.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use actix_web::web;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::answer::Answer;
use super::app::App;
use super::connections::Connections;
use super::job::{Attempt, Job, JobKey};
use super::worker::Worker;
use crate::limits::{RENDERINGS_PER_CORE, WAITING_PER_CORE};

/// The number and the length of a request's waits for slow readers to be disconnected.
const MEMORY_ROUNDS: usize = 10;
const MEMORY_ROUND: Duration = Duration::from_millis(50);

/// How long a rendering waits for the snapshot with a changed file.
const PATIENCE: Duration = Duration::from_secs(1);

/// The interval at which a request that waits for a newer snapshot checks for it.
const SNAPSHOT_ROUND: Duration = Duration::from_millis(5);

/// The queue in which requests wait for a rendering or search.
pub(super) struct WorkQueue {
    /// One permit for each running job.
    running: Arc<Semaphore>,
    /// One permit for each job that runs or waits.
    admitted: Arc<Semaphore>,
    /// The jobs in progress. A receiver closes when its job is done.
    made: Mutex<HashMap<JobKey, watch::Receiver<()>>>,
}

/// The role of a request: it does the work, or waits for another request that does.
pub(super) enum Turn<'q> {
    /// This request does the work. The others wait until this value is dropped.
    First(Making<'q>),
    /// Another request does the work. The receiver closes when it is done.
    Wait(watch::Receiver<()>),
}

/// A job in progress.
pub(super) struct Making<'q> {
    queue: &'q WorkQueue,
    key: JobKey,
    /// Closes the receivers when it is dropped.
    _done: watch::Sender<()>,
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.queue.made.lock().remove(&self.key);
    }
}

impl Default for WorkQueue {
    fn default() -> Self {
        Self::new(thread::available_parallelism().map_or(1, NonZero::get))
    }
}

impl WorkQueue {
    fn new(cores: usize) -> Self {
        let running = cores * RENDERINGS_PER_CORE;
        Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + cores * WAITING_PER_CORE)),
            made: Mutex::default(),
        }
    }

    /// Joins the work for `key`: the first request does it, the others wait.
    pub(super) fn join(&self, key: JobKey) -> Turn<'_> {
        let mut made = self.made.lock();
        if let Some(done) = made.get(&key) {
            return Turn::Wait(done.clone());
        }
        let (sender, receiver) = watch::channel(());
        made.insert(key.clone(), receiver);
        Turn::First(Making { queue: self, key, _done: sender })
    }

    /// Does a job when its turn comes, and answers with the result.
    pub(super) async fn run(&self, app: &Arc<App>, connections: &Connections, job: Job) -> Answer {
        let form = job.form;
        let answer = match self.admit() {
            Some(admitted) => self.make(app, connections, job, &Arc::new(admitted)).await,
            None => Answer::busy(),
        };
        app.present(answer, form)
    }

    /// Admits a request; `None` if too many run or wait.
    fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.admitted).try_acquire_owned().ok()
    }

    async fn make(
        &self,
        app: &Arc<App>,
        connections: &Connections,
        mut job: Job,
        admitted: &Arc<OwnedSemaphorePermit>,
    ) -> Answer {
        let mut deadline = None;
        loop {
            let Some(running) = self.start(connections).await else { return Answer::busy() };
            let revision;
            (revision, job) = match block(app, job, (running, Arc::clone(admitted)), Worker::attempt).await {
                Some(Attempt::Done(answer)) => return answer,
                Some(Attempt::Stale(revision, job)) => (revision, job),
                None => return Answer::failed(),
            };
            // A file changed since this snapshot: a newer snapshot will follow. Waiting for it needs no thread.
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
            if !wait_newer(app, revision, deadline).await {
                let Some(running) = self.start(connections).await else { return Answer::busy() };
                let places = (running, Arc::clone(admitted));
                let answer = block(app, job, places, Worker::answer_from_last_good).await;
                return answer.unwrap_or_else(Answer::failed);
            }
        }
    }

    /// Waits until another job may run and there is memory for its response; `None` if there is no memory for some
    /// time.
    async fn start(&self, connections: &Connections) -> Option<OwnedSemaphorePermit> {
        for _ in 0..MEMORY_ROUNDS {
            let running = Arc::clone(&self.running).acquire_owned().await.ok()?;
            if connections.have_memory() {
                return Some(running);
            }
            drop(running);
            sleep(MEMORY_ROUND).await;
        }
        None
    }
}

/// Waits for a snapshot newer than `revision` without blocking a thread. Returns true if it came in time.
async fn wait_newer(app: &App, revision: u64, deadline: Instant) -> bool {
    loop {
        if app.live().load().is_some_and(|snapshot| snapshot.revision > revision) {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        sleep(SNAPSHOT_ROUND).await;
    }
}

/// Runs one step of a job on a blocking thread; `None` if it panicked.
async fn block<T: Send + 'static>(
    app: &Arc<App>,
    job: Job,
    places: (OwnedSemaphorePermit, Arc<OwnedSemaphorePermit>),
    run: fn(&Worker, Job) -> T,
) -> Option<T> {
    let app = Arc::clone(app);
    // A client that disconnects ends the wait, not the job: the job keeps its permits until it is done.
    web::block(move || {
        let _places = places;
        run(app.worker(), job)
    })
    .await
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::coding::Coding;

    #[test]
    fn a_bounded_number_of_requests_runs_a_bounded_number_waits_and_others_are_rejected() {
        let queue = WorkQueue::new(2);
        assert_eq!(queue.running.available_permits(), 2 * RENDERINGS_PER_CORE);
        let mut admitted: Vec<_> = std::iter::from_fn(|| queue.admit()).collect();
        assert_eq!(admitted.len(), 2 * (RENDERINGS_PER_CORE + WAITING_PER_CORE));
        admitted.pop();
        assert!(queue.admit().is_some(), "one is done");
    }

    #[test]
    fn one_of_the_requests_for_the_same_work_does_it_and_the_others_wait_until_it_is_done() {
        let queue = WorkQueue::new(1);
        let key = |target: &str| (target.to_owned(), Coding::Gzip, false, false);
        let Turn::First(first) = queue.join(key("/rss.xml")) else { panic!("no other makes it") };
        let Turn::Wait(done) = queue.join(key("/rss.xml")) else { panic!("the first makes it") };
        assert!(matches!(queue.join(key("/atom.xml")), Turn::First(_)), "it is something else");
        assert!(done.has_changed().is_ok(), "it is not done");
        drop(first);
        assert!(done.has_changed().is_err(), "it is done");
        assert!(matches!(queue.join(key("/rss.xml")), Turn::First(_)));
    }
}
