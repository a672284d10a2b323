//! Reloads feedmill.toml while the server runs: a valid file takes effect as a whole, an invalid one changes nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use notify::Event;

use super::events::{self, When};
use super::poll_timer::PollTimer;
use super::signal::Signal;
use super::watcher::FolderWatcher;
use crate::config::{Config, Problem, Severity};

/// Seconds between polls of the file in addition to events.
const SWEEP: u32 = 60;

/// The time after which a file that cannot be used is read again.
const RETRY: Duration = Duration::from_secs(2);

/// The time that a file which became invalid has to become valid again before it is reported: some editors truncate a
/// file and then write it.
const QUIET: Duration = Duration::from_millis(500);

/// The functions that read the configuration again and apply a new one to the rest of the program.
#[derive(Clone)]
pub struct Reload {
    /// Reads the configuration as at the start: with the options of the command line.
    pub read: Arc<dyn Fn() -> Result<Config, Vec<Problem>> + Send + Sync>,
    /// Called with each configuration that takes effect.
    pub took_effect: Arc<dyn Fn(&Config) + Send + Sync>,
}

/// The configuration that is in effect.
pub(super) struct Configuration {
    /// The configuration in effect. Keys that take effect only at the start keep their values from then.
    current: Config,
    /// The configuration as it was read at the start.
    first: Config,
    reload: Reload,
    watches: FolderWatcher,
    timer: PollTimer,
    /// Problems of the file as it is now, and keys that need a restart.
    problems: Vec<Problem>,
    /// Keys that need a restart, of a configuration that was read and has not taken effect yet.
    waiting: Vec<Problem>,
    refusals: usize,
    /// The time at which a file that became invalid is reported.
    report_at: Option<Instant>,
    /// The time at which the current configuration took effect.
    since: DateTime<Utc>,
}

impl Configuration {
    /// Watches the file of the configuration that was read `first` and is `current` now.
    pub(super) fn follow(first: Config, current: Config, reload: Reload, signals: Sender<Signal>) -> Self {
        // Polling finds changes for which no event arrives.
        let watches = FolderWatcher::start(FolderWatcher::next_id(), signals).unwrap_or_else(|error| {
            tracing::warn!("the configuration cannot be watched, so it is polled every {SWEEP} s: {error}");
            FolderWatcher::default()
        });
        let timer = PollTimer::new(current.file.is_some().then_some(SWEEP));
        let mut configuration = Self {
            current,
            first,
            reload,
            watches,
            timer,
            problems: Vec::new(),
            waiting: Vec::new(),
            refusals: 0,
            report_at: None,
            since: Utc::now(),
        };
        configuration.watch();
        configuration
    }

    fn watch(&mut self) {
        if let Some(file) = self.current.file.as_ref().and_then(|file| std::path::absolute(file).ok()) {
            self.watches.begin();
            self.watches.anchor(&file, "");
            if let (Some(css), Some(folder)) = (&self.current.pages.css, file.parent()) {
                self.watches.anchor(&folder.join(css), "");
            }
            self.watches.end();
        }
    }

    /// The configuration in effect.
    pub(super) fn current(&self) -> &Config {
        &self.current
    }

    /// Problems of the file as it is now, and keys that need a restart.
    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns true if events with this id come from its watcher.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.watches.has_id(id)
    }

    /// Returns when the file must be read after an event; `None` if the event does not affect it.
    pub(super) fn on_event(&mut self, event: notify::Result<Event>) -> Option<When> {
        let Ok(event) = event else { return Some(When::Now) };
        let (when, paths) = events::read(event)?;
        let is_relevant = |path: &PathBuf| !self.watches.list_affected(path).is_empty();
        (paths.is_empty() || paths.iter().any(is_relevant)).then_some(when)
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.timer.next_due()
    }

    /// Returns true if it is time to read the file without an event, and restarts the timer.
    pub(super) fn sweep(&mut self, now: Instant) -> bool {
        let is_due = self.timer.is_due(now);
        if is_due {
            self.timer.restart();
        }
        is_due
    }

    /// Reads the file again and returns its configuration if it differs. `None`: it is the same, or cannot be used,
    /// which is reported.
    pub(super) fn read_again(&mut self) -> Option<Config> {
        self.current.file.as_ref()?;
        self.watch();
        match (self.reload.read)() {
            Ok(new) => {
                self.report_at = None;
                let (new, waiting) = self.keep_until_restart(new);
                if new != self.current {
                    self.waiting = waiting;
                    return Some(new);
                }
                if self.problems.iter().any(|problem| problem.severity == Severity::Error) {
                    tracing::info!("the configuration is valid again");
                }
                self.report(waiting);
                None
            }
            Err(problems) => {
                if self.stays_invalid(&problems, Instant::now()) {
                    self.refuse(problems);
                }
                None
            }
        }
    }

    /// Returns true if a file with these problems is reported: it had them before, or was invalid for a while.
    fn stays_invalid(&mut self, problems: &[Problem], now: Instant) -> bool {
        let until = *self.report_at.get_or_insert(now + QUIET);
        if self.problems != problems && now < until {
            self.timer.schedule_within(Some(until - now));
            return false;
        }
        self.report_at = None;
        true
    }

    /// Reports why the file as it is now has no effect.
    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        if self.problems != problems {
            tracing::error!("the configuration stays as it was until this is fixed:");
            self.refusals += 1;
        }
        self.report(problems);
        // The sites that it does not fit may change without an event.
        self.timer.schedule_within(Some(RETRY));
    }

    /// The time at which the configuration took effect, and true if its file can be used as it is now.
    pub(super) fn describe(&self) -> (DateTime<Utc>, bool) {
        (self.since, self.problems.iter().all(|problem| problem.severity != Severity::Error))
    }

    /// The number of rejected files since the last call.
    pub(super) fn take_refusals(&mut self) -> usize {
        std::mem::take(&mut self.refusals)
    }

    fn report(&mut self, problems: Vec<Problem>) {
        problems.iter().filter(|problem| !self.problems.contains(problem)).for_each(Problem::log);
        self.problems = problems;
    }

    /// Replaces the configuration with a new one.
    pub(super) fn take(&mut self, config: Config) {
        tracing::info!("{}: the new configuration is in effect", config.name());
        for warning in config.warnings.iter().filter(|warning| !self.current.warnings.contains(warning)) {
            warning.log();
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.report(waiting);
        self.current = config;
        self.since = Utc::now();
        (self.reload.took_effect)(&self.current);
    }

    /// Keeps the values of keys that take effect only at the start, and reports those that differ.
    fn keep_until_restart(&self, mut new: Config) -> (Config, Vec<Problem>) {
        let first = &self.first;
        let differing = [
            ("server.listen", new.server.listen != first.server.listen),
            ("server.admin_listen", new.server.admin_listen != first.server.admin_listen),
            ("server.workers", new.server.workers != first.server.workers),
            ("state.path", new.state != first.state),
            ("ledger.path", new.ledger != first.ledger),
        ];
        let current = &self.current;
        new.server.listen.clone_from(&current.server.listen);
        new.server.admin_listen.clone_from(&current.server.admin_listen);
        new.server.workers = current.server.workers;
        new.state.clone_from(&current.state);
        new.ledger.clone_from(&current.ledger);
        let describe = |(key, differs): (&str, bool)| {
            let message = format!("`{key}` takes effect only at the start. Restart feedmill.");
            differs.then(|| Problem::warning(new.name(), message).at(new.find_key(key)))
        };
        let waiting = differing.into_iter().filter_map(describe).collect();
        (new, waiting)
    }
}

/// Returns true if posts are read alike with two configurations: other differences affect only feeds.
pub(super) fn reads_alike(one: &Config, other: &Config) -> bool {
    let reading = |config: &Config| {
        (
            config.sources.clone(),
            config.taxonomies.clone(),
            config.site.url.clone(),
            config.site.time_zone,
            config.machine_zone,
        )
    };
    reading(one) == reading(other)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::{Error, load};

    #[test]
    fn a_file_that_is_invalid_for_a_moment_is_not_reported() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("feedmill.toml");
        let write = |text: &str| fs::write(&path, text).expect("the folder is writable");
        let valid = "[site]\ntitle = \"Old\"\n[[source]]\npath = \".\"\n";
        write(valid);
        let config = load(&path).expect("it is valid");
        let file = path.clone();
        let read = move || match load(&file) {
            Err(Error::Invalid(faulty)) => Err(faulty.problems),
            other => Ok(other.expect("it can be read")),
        };
        let reload = Reload { read: Arc::new(read), took_effect: Arc::new(|_| ()) };
        let (signals, _) = std::sync::mpsc::channel();
        let mut configuration = Configuration::follow(config.clone(), config, reload, signals);
        write("");
        assert!(configuration.read_again().is_none() && configuration.problems().is_empty());
        let due = configuration.next_due().expect("it is read again without an event");
        assert!(due <= Instant::now() + QUIET);
        write(&valid.replace("Old", "New"));
        let new = configuration.read_again().expect("it is valid");
        assert_eq!((new.site.title.as_deref(), configuration.take_refusals()), (Some("New"), 0));
        // A file that stays invalid is reported.
        write("");
        assert!(configuration.read_again().is_none() && configuration.problems().is_empty());
        configuration.report_at = Some(Instant::now());
        assert!(configuration.read_again().is_none() && !configuration.problems().is_empty());
        assert_eq!(configuration.take_refusals(), 1);
    }
}
