//! What is counted while requests are answered, as Prometheus reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use super::answer::{Answer, Kind};
use super::route::App;
use super::subscribers::Subscribers;
use crate::config::Severity;

/// Counters of one server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// By kind and status: the few that there are.
    requests: [[AtomicU64; STATUSES.len()]; Kind::ALL.len()],
    hits: AtomicU64,
    renders: AtomicU64,
    rendering: Mutex<Duration>,
    pub(super) subscribers: Subscribers,
}

/// Every status that is answered; what is none of them counts as the last.
const STATUSES: [u16; 11] = [200, 304, 204, 404, 400, 405, 410, 414, 503, 500, 0];

/// What requests are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Requested {
    kind: Kind,
    status: u16,
}

impl EncodeLabelValue for Kind {
    fn encode(
        &self,
        encoder: &mut prometheus_client::encoding::LabelValueEncoder<'_>,
    ) -> Result<(), std::fmt::Error> {
        EncodeLabelValue::encode(&self.name(), encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labelled {
    of: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFeed {
    feed: String,
}

impl Metrics {
    pub(super) fn count(&self, answer: &Answer) {
        let status = answer.status.as_u16();
        let place = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len() - 1);
        self.requests[answer.kind as usize][place].fetch_add(1, Ordering::Relaxed);
    }

    /// A body was kept from before.
    pub(super) fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_render(&self, took: Duration) {
        self.renders.fetch_add(1, Ordering::Relaxed);
        *self.rendering.lock().unwrap_or_else(PoisonError::into_inner) += took;
    }
}

impl App {
    /// Everything there is to measure, in the text format of Prometheus.
    pub fn write_metrics(&self) -> String {
        let mut registry = Registry::with_prefix("feedmill");
        let metrics = &self.metrics;
        let requests = Family::<Requested, Counter>::default();
        for (kind, counts) in Kind::ALL.into_iter().zip(&metrics.requests) {
            for (status, count) in STATUSES.into_iter().zip(counts) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    requests.get_or_create(&Requested { kind, status }).inc_by(count);
                }
            }
        }
        registry.register("requests", "Requests by what they asked for and how they were answered", requests);
        let hits = ConstCounter::new(metrics.hits.load(Ordering::Relaxed));
        registry.register("cache_hits", "Bodies that were kept from before", hits);
        let renders = ConstCounter::new(metrics.renders.load(Ordering::Relaxed));
        registry.register(
            "renders",
            "Bodies that were rendered because nobody asked for them before",
            renders,
        );
        let rendering = metrics.rendering.lock().unwrap_or_else(PoisonError::into_inner).as_secs_f64();
        registry.register_with_unit(
            "rendering",
            "Time that rendering took",
            Unit::Seconds,
            ConstCounter::new(rendering),
        );
        let weights = Family::<Labelled, Gauge>::default();
        for (of, weight) in [
            ("renderings", self.renderings.weight()),
            ("entries", self.entries.weight()),
            ("plans", self.plans.weight()),
        ] {
            weights.get_or_create(&Labelled { of }).set(weight as i64);
        }
        registry.register_with_unit("cache", "What is kept", Unit::Bytes, weights);
        self.register_catalog(&mut registry);
        let (reported, readers) = metrics.subscribers.list(Utc::now().timestamp());
        for (name, help, counts) in [
            ("feed_subscribers", "Subscribers by feed, as aggregators report them", reported),
            ("feed_readers", "Readers that asked by themselves since midnight UTC, by feed", readers),
        ] {
            let family = Family::<OfFeed, Gauge>::default();
            for (feed, count) in counts {
                family.get_or_create(&OfFeed { feed: feed.to_string() }).set(count as i64);
            }
            registry.register(name, help, family);
        }
        let mut text = String::new();
        // Writing into a String can't fail.
        let _ = encode(&mut text, &registry);
        text
    }

    fn register_catalog(&self, registry: &mut Registry) {
        let watching = self.live.watching();
        let Some(snapshot) = self.live.load() else { return };
        let age = (Utc::now() - snapshot.made).to_std().unwrap_or_default().as_secs_f64();
        let gauge = |value: usize| ConstGauge::new(value as i64);
        registry.register("posts", "Posts that feeds show", gauge(snapshot.count()));
        registry.register(
            "revision",
            "Counts up with every change",
            ConstGauge::new(snapshot.revision as i64),
        );
        let problems = Family::<Labelled, Gauge>::default();
        for (of, severity) in [("error", Severity::Error), ("warning", Severity::Warning)] {
            let count = snapshot.problems.iter().filter(|problem| problem.severity == severity).count();
            problems.get_or_create(&Labelled { of }).set(count as i64);
        }
        registry.register("problems", "What is wrong with posts and sites", problems);
        let seconds = Unit::Seconds;
        registry.register_with_unit(
            "snapshot_age",
            "Age of what is served",
            seconds.clone(),
            ConstGauge::new(age),
        );
        let scan = ConstGauge::new(watching.scan.as_secs_f64());
        registry.register_with_unit("scan", "Time to read everything at the start", seconds.clone(), scan);
        let (count, took) = watching.reconciled;
        registry.register("reconciles", "Looks at the disk since the start", ConstCounter::new(count));
        let took = ConstCounter::new(took.as_secs_f64());
        registry.register_with_unit("reconciling", "Time that these looks took", seconds, took);
        let overflows = ConstCounter::new(watching.overflows);
        registry.register(
            "overflows",
            "Times that events were lost, so that everything was looked at",
            overflows,
        );
    }
}
