//! Metrics of this process, as reported by the system, under the names that Prometheus clients share.

use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

/// The start time of the server.
static STARTED: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);

/// Clock ticks per second in `/proc` (`proc(5)`, `USER_HZ`): 100 on every Linux system.
const TICKS: f64 = 100.0;

/// Sets the start time to now.
pub(super) fn note_start() {
    LazyLock::force(&STARTED);
}

/// Registers the metrics that are known; a system without `/proc` provides fewer.
pub(super) fn register(registry: &mut Registry) {
    let started = STARTED.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut gauge = |name: &str, help: &str, unit: Option<Unit>, value: f64| match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, ConstGauge::new(value)),
        None => registry.register(name, help, ConstGauge::new(value)),
    };
    gauge("process_start_time", "When the server was started", Some(Unit::Seconds), started.as_secs_f64());
    if let Some(bytes) = read_resident() {
        gauge("process_resident_memory", "Resident memory", Some(Unit::Bytes), bytes);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        gauge("process_open_fds", "Open files and connections", None, count(files.count()));
    }
    if let Ok((most, _)) = rlimit::getrlimit(rlimit::Resource::NOFILE) {
        gauge("process_max_fds", "Files and connections that may be open", None, count(most));
    }
    if let Some(cpu) = read_cpu() {
        registry.register_with_unit(
            "process_cpu",
            "CPU time",
            Unit::Seconds,
            ConstCounter::new(cpu.as_secs_f64()),
        );
    }
}

/// A count as a value of a metric, at most `u32::MAX`.
fn count(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or(u32::MAX))
}

/// `VmRSS` of `proc_pid_status(5)`, in bytes.
fn read_resident() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// `utime` and `stime` of `proc_pid_stat(5)`.
fn read_cpu() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The process name before it may contain any characters.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(Duration::from_secs_f64(ticks / TICKS))
}
