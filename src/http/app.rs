//! Requests → answers: every request is decided at once, except what must be rendered, searched or opened.

use std::sync::Arc;

use actix_web::http::Method;

use super::answer::Answer;
use super::errors::ErrorForm;
use super::in_flight::InFlight;
use super::job::{Job, Progress};
use super::media::MediaRequest;
use super::metrics::Metrics;
use super::plan::Resolved;
use super::prometheus::Exposition;
use super::renderer::Renderer;
use super::request::Request;
use super::resolver::{Resolver, Target, Unplanned};
use super::status::write_status;
use super::target::{is_encoded_well, split, strip};
use super::worker::Worker;
use crate::catalog::{Live, Snapshot};
use crate::config;
use crate::feed::{Bodies, Entries, Found};
use crate::limits::TARGET_BYTES;
use crate::page::{UrlError, find_asset};
use crate::state::Store;

/// The decision about a request.
pub(super) enum Decision {
    /// The answer is ready.
    Respond(Answer),
    /// Something must be rendered or searched, on a thread that may block.
    Render(Box<Job>),
    /// A file must be opened, on a thread that may block.
    Open(Box<MediaRequest>),
}

/// The state from which requests are answered, shared by all threads.
pub struct App {
    live: Live,
    resolver: Arc<Resolver>,
    renderer: Arc<Renderer>,
    worker: Worker,
    bodies: Arc<dyn Bodies>,
    metrics: Arc<Metrics>,
    in_flight: InFlight,
    /// The path of the public URL. Health checks use it before there is a snapshot.
    public_path: String,
}

/// How the cache's bytes are divided among rendered bodies, the entries they are made of, and plans.
struct Shares {
    bodies: u64,
    entries: u64,
    plans: u64,
}

impl Shares {
    fn of(cache: u64) -> Self {
        let share = cache / 16;
        Self { bodies: share * 8, entries: share * 7, plans: share }
    }
}

impl App {
    /// Answers from `live` as `server` configures it, renders from `bodies`, and stores the times of changes in
    /// `store`.
    pub fn new(live: Live, bodies: Arc<dyn Bodies>, server: &config::Server, store: Store) -> Self {
        let shares = Shares::of(server.cache);
        let entries = Arc::new(Entries::new(shares.entries, Arc::clone(&bodies)));
        let metrics = Arc::<Metrics>::default();
        let resolver = Arc::new(Resolver::new(shares.plans, store));
        let renderer = Arc::new(Renderer::new(shares.bodies, entries, Arc::clone(&metrics)));
        Self {
            worker: Worker::new(live.clone(), Arc::clone(&resolver), Arc::clone(&renderer)),
            live,
            resolver,
            renderer,
            bodies,
            metrics,
            in_flight: InFlight::default(),
            public_path: server.public_url().path().to_owned(),
        }
    }

    /// The cache of entries.
    pub fn entries(&self) -> Arc<Entries> {
        Arc::clone(self.renderer.entries())
    }

    /// Sets the size of all caches together to `cache` bytes.
    pub fn resize(&self, cache: u64) {
        let shares = Shares::of(cache);
        self.renderer.resize(shares.bodies);
        self.renderer.entries().resize(shares.entries);
        self.resolver.resize(shares.plans);
    }

    /// The handle to the newest snapshot.
    pub(super) fn live(&self) -> &Live {
        &self.live
    }

    /// The worker, which selects, searches and renders.
    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    /// The counters of requests.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The responses that are being sent.
    pub(super) fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    /// All metrics, in the text format of Prometheus. `dropped` is the number of dropped lines of the access log.
    pub fn write_metrics(&self, dropped: u64) -> String {
        let exposition = Exposition {
            live: &self.live,
            metrics: &self.metrics,
            in_flight: &self.in_flight,
            caches: [
                ("renderings", self.renderer.weight()),
                ("entries", self.renderer.entries().weight()),
                ("plans", self.resolver.weight()),
            ],
            dropped,
        };
        exposition.write()
    }

    /// The state of the server as JSON.
    pub fn write_status(&self) -> String {
        write_status(&self.live)
    }

    /// Answers on this thread, which it may block.
    pub fn answer(&self, request: &Request<'_>) -> Answer {
        match self.decide(request) {
            Decision::Respond(answer) => answer,
            Decision::Render(job) => {
                let form = job.form;
                self.present(self.worker.run(*job), form)
            }
            Decision::Open(media) => self.present(self.open_media(&media).with_whole_file(), media.form),
        }
    }

    /// Decides a request. Never blocks.
    pub(super) fn decide(&self, request: &Request<'_>) -> Decision {
        match self.route(request) {
            Decision::Respond(answer) => Decision::Respond(self.present(answer, request.error_form())),
            later => later,
        }
    }

    fn route(&self, request: &Request<'_>) -> Decision {
        let snapshot = self.live.load();
        if let Some(answer) = reject(request).or_else(|| self.answer_fixed(request, snapshot.as_deref())) {
            return Decision::Respond(answer);
        }
        let Some(snapshot) = snapshot else { return Decision::Respond(Answer::not_ready()) };
        let target = Target { text: request.target, navigates: request.navigates };
        let resolved = self.resolver.resolve(&snapshot, target, None);
        if *request.method == Method::OPTIONS {
            return Decision::Respond(answer_options(resolved));
        }
        let resolved = match resolved {
            Ok(resolved) => resolved,
            Err(Unplanned::Answer(answer)) => return Decision::Respond(answer),
            Err(Unplanned::Media(path)) => return Decision::Open(Box::new(MediaRequest::new(path, request))),
            Err(Unplanned::Blocks(found)) => {
                return Decision::Render(Box::new(Job::new(request, &snapshot, Progress::Found(found))));
            }
        };
        let cached = || self.renderer.get(resolved.planned.fingerprint(), request.coding);
        if *request.method == Method::HEAD {
            let answer = resolved.planned.answer_head(&request.conditions, request.coding, cached());
            return Decision::Respond(answer);
        }
        let body = || cached().inspect(|_| self.metrics.count_hit());
        match resolved.planned.answer(&request.conditions, request.coding, body) {
            Some(answer) => Decision::Respond(answer),
            None => Decision::Render(Box::new(Job::new(request, &snapshot, Progress::Resolved(resolved)))),
        }
    }

    /// Answers health checks and requests for assets of pages.
    fn answer_fixed(&self, request: &Request<'_>, snapshot: Option<&Snapshot>) -> Option<Answer> {
        let path = split(request.target).0;
        let public_path = snapshot.map_or(&*self.public_path, |snapshot| snapshot.site.public_url.path());
        let path = strip(path, public_path).unwrap_or(path);
        let is_ready = |snapshot: &Snapshot| snapshot.awaited.is_empty() && self.live.is_current();
        let answer = match path {
            "/healthz" => Answer::well("ok"),
            "/readyz" if snapshot.is_some_and(is_ready) => Answer::well("ready"),
            "/readyz" => Answer::not_ready(),
            _ => find_asset(snapshot, path).map(|asset| Answer::asset(&asset))?,
        };
        Some(if request.reads() { answer } else { Answer::wrong_method_of_page() })
    }

    /// Answers with a media file, if a visible entry refers to it. Blocks the thread.
    pub(super) fn open_media(&self, request: &MediaRequest) -> Answer {
        request.open(self.live.load().as_deref(), &*self.bodies)
    }

    /// Converts an error to the form that the client wants; returns other answers unchanged.
    #[must_use]
    pub(super) fn present(&self, answer: Answer, form: ErrorForm) -> Answer {
        if answer.is_error() { form.present(answer, self.live.load().as_deref()) } else { answer }
    }
}

/// Rejects a request that no snapshot could answer.
fn reject(request: &Request<'_>) -> Option<Answer> {
    if !request.reads() && *request.method != Method::OPTIONS {
        return Some(Answer::wrong_method());
    }
    let (path, query) = split(request.target);
    if path.len() > TARGET_BYTES || query.is_some_and(|query| query.len() > TARGET_BYTES) {
        return Some(Answer::too_long());
    }
    if !is_encoded_well(request.target) {
        return Some(Answer::of_url_error(UrlError::Encoding, Vec::new()));
    }
    None
}

/// Answers OPTIONS. Scripts of other sites may read only feeds.
fn answer_options(resolved: Result<Resolved, Unplanned>) -> Answer {
    match resolved {
        Ok(resolved) if resolved.planned.is_feed() => Answer::options(),
        Err(Unplanned::Blocks(Found::Feed(_))) => Answer::options(),
        Err(Unplanned::Answer(answer)) => answer,
        Ok(_) | Err(Unplanned::Blocks(_) | Unplanned::Media(_)) => Answer::wrong_method_of_page(),
    }
}
