//! Counters of requests and renderings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_http::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, USER_AGENT, X_FORWARDED_FOR};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::answer::{Answer, Kind};
use super::conditional::now;
use super::latency::Latency;
use super::subscribers::{Reader, Subscribers};

/// The counters of one server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Requests by kind and status.
    requests: [[AtomicU64; STATUSES.len()]; Kind::ALL.len()],
    hits: Counter,
    renders: Counter,
    /// Seconds.
    rendering: Counter<f64, AtomicU64>,
    latency: Latency,
    subscribers: Subscribers,
}

/// The statuses that are counted; any other counts as the last.
const STATUSES: [u16; 15] = [200, 304, 206, 204, 301, 404, 400, 405, 410, 414, 416, 421, 503, 500, 0];

/// The labels of requests.
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
    /// Counts a request and its answer.
    pub(super) fn count(&self, request: &RequestHead, answer: &Answer, took: Duration) {
        self.latency.record(took);
        let status = answer.status.as_u16();
        let place = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len() - 1);
        self.requests[answer.kind as usize][place].fetch_add(1, Ordering::Relaxed);
        let is_read = matches!(answer.status, StatusCode::OK | StatusCode::NOT_MODIFIED);
        if let Some(feed) = answer.feed.as_ref().filter(|_| is_read) {
            self.count_reader(request, feed);
        }
    }

    fn count_reader(&self, request: &RequestHead, feed: &Arc<str>) {
        let header =
            |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        let forwarded = header(X_FORWARDED_FOR);
        // Behind a proxy this header identifies the client; without a proxy it is one more property of the client.
        let address = match request.peer_addr.map(|peer| peer.ip()) {
            _ if !forwarded.is_empty() => Reader::Forwarded(forwarded),
            Some(address) => Reader::Direct(address),
            None => Reader::Forwarded(&[]),
        };
        self.subscribers.note(feed, header(USER_AGENT), address, now());
    }

    /// Counts a body that was in the cache.
    pub(super) fn count_hit(&self) {
        self.hits.inc();
    }

    pub(super) fn count_render(&self, took: Duration) {
        self.renders.inc();
        self.rendering.inc_by(took.as_secs_f64());
    }

    /// Registers all counters, as of `now` in Unix seconds.
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
        registry.register("requests", "Requests by kind and by the status of the response", requests);
        registry.register_with_unit(
            "request_duration",
            "Time from the head of a request to its response, without sending it",
            Unit::Seconds,
            self.latency.load(),
        );
        registry.register("cache_hits", "Bodies that were in the cache", self.hits.clone());
        registry.register(
            "renders",
            "Bodies that were rendered because the cache did not have them",
            self.renders.clone(),
        );
        registry.register_with_unit(
            "rendering",
            "Time that rendering took",
            Unit::Seconds,
            self.rendering.clone(),
        );
        let (reported, readers) = self.subscribers.list(now);
        for (name, help, counts) in [
            ("feed_subscribers", "Subscribers by feed, as aggregators report them", reported),
            (
                "feed_readers",
                "Readers that requested the feed themselves since midnight UTC, by feed",
                readers,
            ),
        ] {
            let family = Family::<OfFeed, Gauge>::default();
            for (feed, count) in counts {
                family.get_or_create(&OfFeed { feed: feed.to_string() }).set(count as i64);
            }
            registry.register(name, help, family);
        }
    }
}
