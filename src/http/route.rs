//! What a request means: health, a feed, the list of feeds, or nothing. Everything but rendering and
//! searching is decided here at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::coding::Coding;
use super::conditional::{Conditions, now};
use super::head::Head;
use super::metrics::Metrics;
use super::modified::Modified;
use super::plans::{Planned, Plans, Subject};
use super::renderings::Renderings;
use super::target::{decode_unreserved, is_encoded_well, split, strip};
use crate::catalog::{Live, NoSummaries, Snapshot, Summaries};
use crate::config;
use crate::feed::{
    self, Address, BadQuery, Bodies, Entries, Feed, Fingerprint, Found, Query, Unread, build, media_type,
    plan, write, write_opml,
};
use crate::state::Store;

/// How long a rendering waits for the snapshot that a changed file is on its way to.
const PATIENCE: Duration = Duration::from_secs(1);

/// The longest path and the longest query, in bytes.
const LONGEST: usize = 8 << 10;

/// What a request asks, without its connection.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The method.
    pub method: &'r Method,
    /// Path and query as sent, percent-encoded.
    pub target: &'r str,
    /// What the client says it has.
    pub conditions: Conditions<'r>,
    /// The coding it likes best.
    pub coding: Coding,
    /// `Accept`.
    pub accept: Option<&'r str>,
}

impl<'r> Request<'r> {
    /// A plain GET.
    pub fn get(target: &'r str) -> Self {
        let (conditions, coding) = (Conditions::default(), Coding::Identity);
        Self { method: &Method::GET, target, conditions, coding, accept: None }
    }

    fn wants_problem(&self) -> bool {
        let accepted = self.accept.unwrap_or_default().split(',').map(|item| item.split(';').map(str::trim));
        accepted.into_iter().any(|mut parts| {
            let is_problem =
                parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/problem+json"));
            let is_refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
            is_problem && !parts.any(is_refused)
        })
    }
}

/// Everything requests are answered from.
pub struct App {
    pub(super) live: Live,
    pub(super) renderings: Renderings,
    pub(super) entries: Arc<Entries>,
    pub(super) plans: Plans,
    pub(super) metrics: Metrics,
    modified: Modified,
    /// The path of the public address: health is asked for under it before there is a snapshot.
    public_path: String,
}

/// What is kept shares the cache, in bytes: bodies, the entries they are made of, and plans.
struct Shares {
    renderings: u64,
    entries: u64,
    plans: u64,
}

impl Shares {
    fn of(cache: u64) -> Self {
        let share = cache / 16;
        Self { renderings: share * 8, entries: share * 7, plans: share }
    }
}

/// An answer, or what it takes to make it.
pub enum Step {
    /// Nothing had to be made.
    Done(Answer),
    /// Something must be rendered or searched: a matter for a thread that may block.
    Work(Box<Work>),
}

/// A request that takes work.
pub struct Work {
    target: String,
    coding: Coding,
    conditions: Conditions<'static>,
    wants_problem: bool,
}

/// Why there is no plan.
enum Unplanned {
    /// This is answered instead.
    Answer(Answer),
    /// It takes a thread that may block.
    Takes,
}

impl From<BadQuery> for Unplanned {
    fn from(error: BadQuery) -> Self {
        Self::Answer(Answer::bad_request(&error.to_string()))
    }
}

impl App {
    /// Answers from `live` as `server` says, with what it renders from `bodies`; times of changes are kept
    /// in `store`.
    pub fn new(live: Live, bodies: Arc<dyn Bodies>, server: &config::Server, store: Store) -> Self {
        let Shares { renderings, entries, plans } = Shares::of(server.cache);
        Self {
            live,
            renderings: Renderings::new(renderings),
            entries: Arc::new(Entries::new(entries, bodies)),
            plans: Plans::new(plans),
            metrics: Metrics::default(),
            modified: Modified::new(store),
            public_path: server.public_url().path().to_owned(),
        }
    }

    /// The entries that answers are made of.
    pub fn entries(&self) -> Arc<Entries> {
        Arc::clone(&self.entries)
    }

    /// Lets what is kept take `cache` bytes from now on.
    pub fn resize(&self, cache: u64) {
        let Shares { renderings, entries, plans } = Shares::of(cache);
        self.renderings.resize(renderings);
        self.entries.resize(entries);
        self.plans.resize(plans);
    }

    /// Decides a request. Never blocks.
    pub fn step(&self, request: &Request<'_>) -> Step {
        match self.decide(request) {
            Ok(answer) => Step::Done(answer.negotiated(request.wants_problem())),
            Err(()) => Step::Work(Box::new(Work {
                target: request.target.to_owned(),
                coding: request.coding,
                conditions: request.conditions.to_owned(),
                wants_problem: request.wants_problem(),
            })),
        }
    }

    /// The answer, if nothing has to be made for it.
    fn decide(&self, request: &Request<'_>) -> Result<Answer, ()> {
        let is_asked = matches!(*request.method, Method::GET | Method::HEAD);
        if !is_asked && *request.method != Method::OPTIONS {
            return Ok(Answer::wrong_method());
        }
        let (path, query) = split(request.target);
        if path.len() > LONGEST || query.is_some_and(|query| query.len() > LONGEST) {
            return Ok(Answer::too_long());
        }
        if !is_encoded_well(request.target) {
            return Ok(Answer::bad_request("The address is not percent-encoded UTF-8."));
        }
        let snapshot = self.live.load();
        let public_path = snapshot.as_ref().map_or(&*self.public_path, |s| s.site.public_url.path());
        match (strip(path, public_path).unwrap_or(path), &snapshot) {
            ("/healthz" | "/readyz", _) if !is_asked => return Ok(Answer::wrong_method()),
            ("/healthz", _) => return Ok(Answer::well("ok")),
            ("/readyz", Some(snapshot)) if snapshot.awaited.is_empty() => return Ok(Answer::well("ready")),
            ("/readyz", Some(_)) => return Ok(Answer::not_ready()),
            _ => {}
        }
        let Some(snapshot) = snapshot else { return Ok(Answer::not_ready()) };
        let planned = match self.plan(&snapshot, request.target, None) {
            Ok(planned) => planned,
            Err(Unplanned::Answer(answer)) => return Ok(answer),
            Err(Unplanned::Takes) if is_asked => return Err(()),
            Err(Unplanned::Takes) => return Ok(Answer::options()),
        };
        if !is_asked {
            return Ok(Answer::options());
        }
        let body =
            || self.renderings.get(planned.fingerprint, request.coding).inspect(|_| self.metrics.count_hit());
        answer_with(&planned, &request.conditions, request.coding, body).ok_or(())
    }

    /// Makes what a request needs and answers with it. Blocks the thread.
    pub fn work(&self, work: &Work) -> Answer {
        self.make(work).negotiated(work.wants_problem)
    }

    fn make(&self, work: &Work) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        let Some(mut snapshot) = self.live.load() else { return Answer::not_ready() };
        loop {
            let summaries = self.entries.summaries(&snapshot.site);
            let planned = match self.plan(&snapshot, &work.target, Some(&summaries)) {
                Ok(planned) => planned,
                Err(Unplanned::Answer(answer)) => return answer,
                Err(Unplanned::Takes) => return Answer::failed(),
            };
            let render = || self.render(&snapshot, &planned.subject, &summaries);
            let body = || self.renderings.get_or_make(planned.fingerprint, work.coding, &render).ok();
            if let Some(answer) = answer_with(&planned, &work.conditions, work.coding, body) {
                return answer;
            }
            // A file is not what this snapshot knows: the next one is on its way.
            let patience = deadline.saturating_duration_since(Instant::now());
            drop(summaries);
            match self.live.wait_newer(snapshot.revision, patience) {
                Some(newer) => snapshot = newer,
                None => return self.make_of_what_is_kept(work).unwrap_or_else(Answer::not_ready),
            }
        }
    }

    /// The answer with the last good version of each post whose file is not what the snapshot knows.
    fn make_of_what_is_kept(&self, work: &Work) -> Option<Answer> {
        let snapshot = &*self.live.load()?;
        let summaries = self.entries.summaries(&snapshot.site);
        let planned = self.plan(snapshot, &work.target, Some(&summaries)).ok()?;
        let Subject::Feed(address) = &planned.subject else { return None };
        let mut feed = plan(snapshot, Address::clone(address), &summaries)?;
        self.entries.settle(&snapshot.site, &mut feed.posts, feed.settings.embeds);
        let planned = self.plan_feed(snapshot, feed.clone());
        let render = || self.write(snapshot, &feed);
        let body = || self.renderings.get_or_make(planned.fingerprint, work.coding, &render).ok();
        answer_with(&planned, &work.conditions, work.coding, body)
    }

    /// Answers on this thread, whatever it takes.
    pub fn answer(&self, request: &Request<'_>) -> Answer {
        match self.step(request) {
            Step::Done(answer) => answer,
            Step::Work(work) => self.work(&work),
        }
    }

    fn render(
        &self,
        snapshot: &Snapshot,
        subject: &Subject,
        summaries: &dyn Summaries,
    ) -> Result<Bytes, Unread> {
        match subject {
            Subject::Feed(address) => {
                // It was planned on this very snapshot.
                let feed = plan(snapshot, Address::clone(address), summaries).ok_or(Unread::Changed)?;
                self.write(snapshot, &feed)
            }
            Subject::Opml => Ok(write_opml(snapshot).map_err(|_| Unread::Changed)?.into()),
        }
    }

    fn write(&self, snapshot: &Snapshot, feed: &Feed) -> Result<Bytes, Unread> {
        let started = Instant::now();
        let body = write(&build(snapshot, feed, &self.entries)?, feed.address.format).into();
        self.metrics.count_render(started.elapsed());
        Ok(body)
    }

    /// What a target leads to on a snapshot. Without `summaries` nothing is searched.
    fn plan(
        &self,
        snapshot: &Snapshot,
        target: &str,
        summaries: Option<&dyn Summaries>,
    ) -> Result<Arc<Planned>, Unplanned> {
        if let Some(planned) = self.plans.get(target, snapshot.revision) {
            return Ok(planned);
        }
        let planned = Arc::new(match self.find(snapshot, target)? {
            Found::Gone => return Err(Unplanned::Answer(Answer::gone())),
            // Without the terms of a source that is still to come it would be a list of fewer feeds.
            Found::Opml if !snapshot.awaited.is_empty() => {
                return Err(Unplanned::Answer(Answer::not_ready()));
            }
            Found::Opml if summaries.is_none() => return Err(Unplanned::Takes),
            Found::Opml => self.plan_opml(snapshot),
            Found::Feed(address) => {
                let searches = feed::searches(snapshot, &address);
                let feed = match summaries {
                    None if searches => return Err(Unplanned::Takes),
                    None => plan(snapshot, *address, &NoSummaries),
                    Some(summaries) => plan(snapshot, *address, summaries),
                };
                let feed = feed.ok_or_else(|| Unplanned::Answer(miss(snapshot)))?;
                if feed.awaits_posts(snapshot) {
                    return Err(Unplanned::Answer(Answer::not_ready()));
                }
                self.plan_feed(snapshot, feed)
            }
        });
        // Words that mean nothing must not fill it.
        if split(target).1.is_none_or(|query| Query::knows_all(snapshot, query)) {
            self.plans.keep(target, &planned);
        }
        Ok(planned)
    }

    /// What a target asks for, with or without the path of the public address.
    fn find(&self, snapshot: &Snapshot, target: &str) -> Result<Found, Unplanned> {
        let (path, query) = split(target);
        let path = &*decode_unreserved(path);
        let inner = strip(path, snapshot.site.public_url.path());
        for path in inner.into_iter().chain([path]) {
            if let Some(found) = feed::find(snapshot, path, query)? {
                return Ok(found);
            }
        }
        // A term that lost its last post before this server started is an empty feed.
        let lost = Address::find_lost(snapshot, inner.unwrap_or(path));
        let lost = lost.filter(|address| self.modified.knows(&address.path(snapshot)));
        match lost {
            Some(address) => Ok(Found::Feed(Box::new(feed::ask(snapshot, address, query)?))),
            None => Err(Unplanned::Answer(miss(snapshot))),
        }
    }

    fn plan_feed(&self, snapshot: &Snapshot, feed: Feed) -> Planned {
        let fingerprint = feed.fingerprint(snapshot);
        let listed = feed.is_listed().then_some(feed.path.as_str());
        // Nothing that is served now was served before this state was made.
        let changed = snapshot.made.timestamp();
        let modified = match listed {
            Some(path) => self.modified.since(Some(path), fingerprint, changed),
            None => self.modified.since(None, Fingerprint::of_everything(snapshot), changed),
        };
        let due = feed.next_due(snapshot, DateTime::<Utc>::MAX_UTC);
        let (kind, lifetime) = (media_type(feed.address.format), (snapshot.site.max_age, due));
        Planned {
            revision: snapshot.revision,
            fingerprint,
            head: Head::of_feed(fingerprint, kind, &feed.url(snapshot), modified, lifetime),
            listed: listed.map(Into::into),
            subject: Subject::Feed(Box::new(feed.address)),
        }
    }

    /// The list of feeds: it changes with the site and with any post.
    fn plan_opml(&self, snapshot: &Snapshot) -> Planned {
        let fingerprint = Fingerprint::of_listing(snapshot);
        let modified = self.modified.since(Some("/opml.xml"), fingerprint, snapshot.made.timestamp());
        Planned {
            revision: snapshot.revision,
            subject: Subject::Opml,
            fingerprint,
            head: Head::of_opml(fingerprint, modified),
            listed: None,
        }
    }
}

/// Answers for what was planned; `None`: its body has to be made first.
fn answer_with(
    planned: &Planned,
    conditions: &Conditions<'_>,
    coding: Coding,
    body: impl FnOnce() -> Option<Bytes>,
) -> Option<Answer> {
    let mut answer = planned.head.answer(conditions, coding, now(), body)?;
    answer.feed.clone_from(&planned.listed);
    Some(answer)
}

/// What there is no feed for may be one of a source that is still to come.
fn miss(snapshot: &Snapshot) -> Answer {
    if snapshot.awaited.is_empty() { Answer::not_found() } else { Answer::not_ready() }
}
