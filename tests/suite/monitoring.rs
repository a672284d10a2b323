//! The dashboard and the alert rules that are shipped name metrics that the server has.

use std::collections::BTreeSet;
use std::process::Command;

use crate::common::{Server, TestSite, wait_until};

const DASHBOARD: &str = include_str!("../../packaging/monitoring/grafana-dashboard.json");
const RULES: &str = include_str!("../../packaging/monitoring/feedmill.rules.yml");

/// The names of metrics in a text: what follows a metric's name is a selector, a range or the end of a word.
fn list_metrics(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| {
            let rest = word.strip_prefix("feedmill_").or_else(|| word.strip_prefix("process_"));
            rest.is_some_and(|rest| !rest.is_empty())
        })
        .collect()
}

/// Metrics once something was asked for, in every way that is counted.
fn measure(server: &Server) -> String {
    server.ask("GET", "/atom.xml", &[("User-Agent", "Aggregator/1.0 (3 subscribers)")]);
    server.ask("GET", "/atom.xml", &[("User-Agent", "Reader/1.0")]);
    server.admin("/metrics")
}

#[test]
fn every_metric_of_the_dashboard_and_the_rules_exists() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    let metrics = measure(&server);
    let known: BTreeSet<&str> = metrics
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let dashboard = list_metrics(DASHBOARD);
    let rules = list_metrics(RULES);
    assert!(dashboard.len() > 15 && rules.len() > 7, "{dashboard:?} {rules:?}");
    for name in dashboard.union(&rules) {
        assert!(known.contains(name), "{name} is not among\n{metrics}");
    }
    for labelled in [
        "feedmill_build_info{version=\"",
        "feedmill_problems{of=\"error\"} 0",
        "feedmill_watch_faults_total{of=\"panic\"} 0",
        "feedmill_websub_pings_total{of=\"failed\"} 0",
        "feedmill_config_valid 1",
        "feedmill_request_duration_seconds_bucket{le=\"+Inf\"} ",
        "status=\"200\"",
    ] {
        assert!(metrics.contains(labelled), "{labelled} is not in\n{metrics}");
    }
    assert_eq!(metrics.matches("# EOF").count(), 1);
    assert!(metrics.ends_with("# EOF\n"));
}

#[test]
fn a_configuration_that_can_not_be_used_shows_in_the_metrics() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    let good = site.read("feedmill.toml");
    for (text, shown) in [("[site]\n", "feedmill_config_valid 0"), (&*good, "feedmill_config_valid 1")] {
        site.write("feedmill.toml", text);
        wait_until(|| measure(&server).contains(shown).then_some(()), || format!("no {shown}"));
    }
}

#[test]
#[ignore = "needs promtool"]
fn prometheus_takes_the_rules_and_the_scrape_example() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/monitoring");
    for args in [["check", "rules", "feedmill.rules.yml"], ["check", "config", "prometheus.yml"]] {
        let done = Command::new("promtool")
            .args(args)
            .current_dir(folder)
            .output()
            .expect("the program is installed");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
