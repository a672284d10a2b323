//! feedmill.toml, followed while the server runs: a good one takes effect whole, a bad one changes nothing.

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

/// Seconds between looks at the file beside events.
const SWEEP: u32 = 60;

/// How soon a file that can't be used is looked at again.
const AGAIN: Duration = Duration::from_secs(2);

/// How a configuration is had again, and who else has to know of a new one.
#[derive(Clone)]
pub struct Reload {
    /// Reads it as it was read at the start: with what the command line says beside it.
    pub read: Arc<dyn Fn() -> Result<Config, Vec<Problem>> + Send + Sync>,
    /// Told of each one that takes effect.
    pub took_effect: Arc<dyn Fn(&Config) + Send + Sync>,
}

/// The configuration that is in effect.
pub(super) struct Configuration {
    /// It, with what takes effect only at the start as it was then.
    pub(super) current: Config,
    /// What was read at the start.
    first: Config,
    reload: Reload,
    watches: FolderWatcher,
    rhythm: PollTimer,
    /// What is wrong with the file as it is now, or waits for a restart.
    pub(super) problems: Vec<Problem>,
    /// The same of a configuration that was read and did not take effect yet.
    waiting: Vec<Problem>,
    refusals: usize,
    /// Since when the current one is in effect.
    since: DateTime<Utc>,
}

impl Configuration {
    /// The configuration that was `read` at the start and is `current`; watched from now on.
    pub(super) fn follow(first: Config, current: Config, reload: Reload, signals: Sender<Signal>) -> Self {
        // It is swept too: what is not heard of is found.
        let watches = FolderWatcher::start(FolderWatcher::next_id(), signals).unwrap_or_else(|error| {
            tracing::warn!("the configuration can't be watched, it is looked at every {SWEEP} s: {error}");
            FolderWatcher::default()
        });
        let rhythm = PollTimer::new(current.file.is_some().then_some(SWEEP));
        let mut configuration = Self {
            current,
            first,
            reload,
            watches,
            rhythm,
            problems: Vec::new(),
            waiting: Vec::new(),
            refusals: 0,
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

    /// Whether a signal comes from its watches.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.watches.has_id(id)
    }

    /// Whether the file may be another after an event, and when it should be looked at.
    pub(super) fn on_event(&mut self, event: notify::Result<Event>) -> Option<When> {
        let Ok(event) = event else { return Some(When::Now) };
        let (when, paths) = events::read(event)?;
        let is_led = |path: &PathBuf| !self.watches.list_led(path).is_empty();
        (paths.is_empty() || paths.iter().any(is_led)).then_some(when)
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.rhythm.next
    }

    /// Whether it is time to look at the file without an event.
    pub(super) fn is_swept(&mut self, now: Instant) -> bool {
        let is_due = self.rhythm.is_due(now);
        if is_due {
            self.rhythm.restart();
        }
        is_due
    }

    /// Reads the file again; gives what it says if that is another configuration. `None`: it says the same,
    /// or can't be used, which is told.
    pub(super) fn read_again(&mut self) -> Option<Config> {
        self.current.file.as_ref()?;
        self.watch();
        match (self.reload.read)() {
            Ok(new) => {
                let (new, waiting) = self.keep_until_restart(new);
                if new != self.current {
                    self.waiting = waiting;
                    return Some(new);
                }
                self.report(waiting);
                None
            }
            Err(problems) => {
                self.refuse(problems);
                None
            }
        }
    }

    /// Tells why the file as it is now changes nothing.
    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        if self.problems != problems {
            tracing::error!("the configuration stays as it was until this is fixed:");
            self.refusals += 1;
        }
        self.report(problems);
        // What it does not fit may change without an event.
        self.rhythm.schedule_within(Some(AGAIN));
    }

    /// Since when the configuration is in effect, and whether its file can be used as it is now.
    pub(super) fn describe(&self) -> (DateTime<Utc>, bool) {
        (self.since, self.problems.iter().all(|problem| problem.severity != Severity::Error))
    }

    /// How often a file was refused since this was asked last.
    pub(super) fn take_refusals(&mut self) -> usize {
        std::mem::take(&mut self.refusals)
    }

    fn report(&mut self, problems: Vec<Problem>) {
        problems.iter().filter(|problem| !self.problems.contains(problem)).for_each(Problem::log);
        self.problems = problems;
    }

    /// Puts a configuration in place of the one before.
    pub(super) fn take(&mut self, config: Config) {
        tracing::info!("{} is followed: the new configuration is in effect", config.name());
        for warning in config.warnings.iter().filter(|warning| !self.current.warnings.contains(warning)) {
            warning.log();
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.report(waiting);
        self.current = config;
        self.since = Utc::now();
        (self.reload.took_effect)(&self.current);
    }

    /// What takes effect at a start only stays as it is, and is told of where it is written otherwise.
    fn keep_until_restart(&self, mut new: Config) -> (Config, Vec<Problem>) {
        let first = &self.first;
        let differing = [
            ("server.listen", new.server.listen != first.server.listen),
            ("server.admin_listen", new.server.admin_listen != first.server.admin_listen),
            ("server.workers", new.server.workers != first.server.workers),
            ("state.path", new.state != first.state),
        ];
        let current = &self.current;
        new.server.listen.clone_from(&current.server.listen);
        new.server.admin_listen.clone_from(&current.server.admin_listen);
        new.server.workers = current.server.workers;
        new.state.clone_from(&current.state);
        let describe = |(key, differs): (&str, bool)| {
            let message = format!("`{key}` takes effect at a start only. Restart feedmill.");
            differs.then(|| Problem::warning(new.name(), message).at(new.find_key(key)))
        };
        let waiting = differing.into_iter().filter_map(describe).collect();
        (new, waiting)
    }
}

/// Whether posts are read alike by two configurations: other differences only show in feeds.
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
