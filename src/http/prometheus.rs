//! `/metrics`: counters and gauges, in the text format of Prometheus.

use chrono::Utc;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::in_flight::InFlight;
use super::metrics::Metrics;
use super::process;
use crate::catalog::{Fault, Live};
use crate::config::Severity;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labelled {
    of: &'static str,
}

/// The sources of all metrics.
pub(super) struct Exposition<'a> {
    pub(super) live: &'a Live,
    pub(super) metrics: &'a Metrics,
    pub(super) in_flight: &'a InFlight,
    /// The name of each cache, and the bytes in it.
    pub(super) caches: [(&'static str, u64); 3],
    /// The number of dropped lines of the access log.
    pub(super) dropped: u64,
}

impl Exposition<'_> {
    /// Writes all metrics.
    pub(super) fn write(&self) -> String {
        let mut registry = Registry::with_prefix("feedmill");
        self.metrics.register(&mut registry, Utc::now().timestamp());
        let weights = Family::<Labelled, Gauge>::default();
        for (of, weight) in self.caches {
            weights.get_or_create(&Labelled { of }).set(weight as i64);
        }
        registry.register_with_unit("cache", "Memory of the caches", Unit::Bytes, weights);
        let in_flight = ConstGauge::new(self.in_flight.bytes() as i64);
        registry.register_with_unit("in_flight", "Responses that are being sent", Unit::Bytes, in_flight);
        registry.register(
            "access_log_dropped",
            "Lines of the access log that were dropped because the disk was too slow",
            ConstCounter::new(self.dropped),
        );
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        self.register_catalog(&mut registry);
        let mut process = Registry::default();
        process::register(&mut process);
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode_registry(&mut text, &registry);
        let _ = encode(&mut text, &process);
        text
    }

    fn register_catalog(&self, registry: &mut Registry) {
        let watching = self.live.watching();
        let (sent, failed) = self.live.pings().load();
        let pings = Family::<Labelled, Counter>::default();
        for (of, count) in [("sent", sent), ("failed", failed)] {
            pings.get_or_create(&Labelled { of }).inc_by(count);
        }
        registry.register("websub_pings", "Requests to hubs, by whether the hub accepted them", pings);
        if let Some((since, is_valid)) = watching.configuration {
            let age = (Utc::now() - since).to_std().unwrap_or_default().as_secs_f64();
            registry.register_with_unit(
                "config_age",
                "Age of the configuration in effect",
                Unit::Seconds,
                ConstGauge::new(age),
            );
            let valid = ConstGauge::new(i64::from(is_valid));
            registry.register("config_valid", "Whether the configuration file is valid", valid);
        }
        let Some(snapshot) = self.live.load() else { return };
        let age = (Utc::now() - snapshot.made).to_std().unwrap_or_default().as_secs_f64();
        let gauge = |value: usize| ConstGauge::new(value as i64);
        registry.register("posts", "Posts that feeds show", gauge(snapshot.count_visible()));
        registry.register(
            "revision",
            "Revision of the snapshot, which increases with every change",
            ConstGauge::new(snapshot.revision as i64),
        );
        let problems = Family::<Labelled, Gauge>::default();
        for (of, severity) in [("error", Severity::Error), ("warning", Severity::Warning)] {
            let count = snapshot.problems.iter().filter(|problem| problem.severity == severity).count();
            problems.get_or_create(&Labelled { of }).set(count as i64);
        }
        registry.register("problems", "Problems of posts and sites", problems);
        let seconds = Unit::Seconds;
        registry.register_with_unit(
            "snapshot_age",
            "Age of the snapshot that is served",
            seconds.clone(),
            ConstGauge::new(age),
        );
        let scan = ConstGauge::new(watching.scan.as_secs_f64());
        registry.register_with_unit("scan", "Time of the first scan", seconds.clone(), scan);
        let (count, took) = watching.reconciled;
        registry.register(
            "reconciles",
            "Reconciliations with the disk since the start",
            ConstCounter::new(count),
        );
        let took = ConstCounter::new(took.as_secs_f64());
        registry.register_with_unit("reconciling", "Time that reconciliations took", seconds, took);
        let faults = Family::<Labelled, Counter>::default();
        for (fault, count) in Fault::ALL.into_iter().zip(watching.faults) {
            faults.get_or_create(&Labelled { of: fault.name() }).inc_by(count);
        }
        registry.register("watch_faults", "Faults of watching that were recovered from", faults);
    }
}
