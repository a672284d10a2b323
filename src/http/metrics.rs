//! What is counted while requests are answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::answer::{Answer, Kind};
use super::latency::Latency;
use super::subscribers::Subscribers;

/// Counters of one server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// By kind and status: the few that there are.
    requests: [[AtomicU64; STATUSES.len()]; Kind::ALL.len()],
    hits: AtomicU64,
    renders: AtomicU64,
    rendering: Mutex<Duration>,
    pub(super) latency: Latency,
    pub(super) subscribers: Subscribers,
}

/// Every status that is answered; what is none of them counts as the last.
const STATUSES: [u16; 12] = [200, 304, 204, 301, 404, 400, 405, 410, 414, 503, 500, 0];

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

    /// Registers everything that was counted, as of `now` in Unix seconds.
    pub(super) fn register(&self, registry: &mut Registry, now: i64) {
        let requests = Family::<Requested, Counter>::default();
        for (kind, counts) in Kind::ALL.into_iter().zip(&self.requests) {
            for (status, count) in STATUSES.into_iter().zip(counts) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    requests.get_or_create(&Requested { kind, status }).inc_by(count);
                }
            }
        }
        registry.register("requests", "Requests by what they asked for and how they were answered", requests);
        registry.register_with_unit(
            "request_duration",
            "Time from the head of a request to its response, without sending it",
            Unit::Seconds,
            self.latency.load(),
        );
        let hits = ConstCounter::new(self.hits.load(Ordering::Relaxed));
        registry.register("cache_hits", "Bodies that were kept from before", hits);
        let renders = ConstCounter::new(self.renders.load(Ordering::Relaxed));
        registry.register(
            "renders",
            "Bodies that were rendered because nobody asked for them before",
            renders,
        );
        let rendering = self.rendering.lock().unwrap_or_else(PoisonError::into_inner).as_secs_f64();
        registry.register_with_unit(
            "rendering",
            "Time that rendering took",
            Unit::Seconds,
            ConstCounter::new(rendering),
        );
        let (reported, readers) = self.subscribers.list(now);
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
    }
}
