//! Changes and problems in the log: one line each while they are few, else a count.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::catalog::{Catalog, Change};
use crate::config::{Problem, Severity};
use crate::post::SourceId;
use crate::post::text::name_count;

/// Up to this many changes at once, or within [`WINDOW`], are logged one by one; more are counted.
const MANY: usize = 10;

/// The same limit for problems: one screen of them.
const MANY_PROBLEMS: usize = 20;

/// Of problems with the same message, as many are logged with their places.
const ALIKE: usize = 3;

/// The time for which changes are counted before the count is logged.
const WINDOW: Duration = Duration::from_secs(1);

/// Bounds how often something is logged line by line.
#[derive(Debug, Default)]
struct Rate {
    since: Option<Instant>,
    count: usize,
}

impl Rate {
    /// Returns true if this many more lines may be logged now.
    fn admits(&mut self, lines: usize, most: usize, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            *self = Self { since: Some(now), count: 0 };
        }
        self.count = self.count.saturating_add(lines);
        self.count <= most
    }

    /// Keeps a burst from being logged line by line again in the next window.
    fn prolong(&mut self, now: Instant) {
        *self = Self { since: Some(now), count: usize::MAX };
    }
}

/// Changes that were not logged one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    changed: usize,
    removed: usize,
}

impl Counts {
    fn describe(self) -> String {
        let parts = [(self.changed, "changed"), (self.removed, "removed")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        format!("many files at once: {}", parts.join(", "))
    }
}

/// Logs changes and problems, and counts them in bursts.
#[derive(Debug, Default)]
pub(super) struct ChangeLog {
    changes: Rate,
    counts: Counts,
    problems: Rate,
    /// The number of problems that were not logged one by one, and the number of errors among them.
    unlogged: (usize, usize),
    due: Option<Instant>,
}

/// One batch of changes as it is logged.
pub(super) struct Batch {
    lines: Vec<String>,
    counts: Counts,
}

impl Batch {
    /// Describes changes before the catalog applies them.
    pub(super) fn of(changes: &[Change], catalog: &Catalog) -> Self {
        let site = catalog.site();
        let name = |source: SourceId, path: &str| site.sources[usize::from(source)].name_file(path);
        let mut batch = Self { lines: Vec::new(), counts: Counts::default() };
        for change in changes {
            let line = match change {
                Change::Put(post, _) => {
                    batch.counts.changed += 1;
                    format!("changed {}: {}", name(post.source, &post.path), post.title)
                }
                Change::Remove { source, path, .. } => {
                    if catalog.find(*source, path).is_none() {
                        continue;
                    }
                    batch.counts.removed += 1;
                    format!("removed {}", name(*source, path))
                }
                // The problem is logged.
                Change::Keep(_) | Change::Break { .. } | Change::Media { .. } => continue,
            };
            if batch.lines.len() <= MANY {
                batch.lines.push(line);
            }
        }
        batch
    }
}

impl ChangeLog {
    /// Logs a batch, or counts it if there are too many.
    pub(super) fn write(&mut self, batch: Batch, now: Instant) {
        if batch.lines.is_empty() {
            return;
        }
        if self.counts == Counts::default() && self.changes.admits(batch.lines.len(), MANY, now) {
            batch.lines.iter().for_each(|line| tracing::info!("{line}"));
            return;
        }
        let Counts { changed, removed } = batch.counts;
        self.counts.changed += changed;
        self.counts.removed += removed;
        self.due.get_or_insert(now + WINDOW);
    }

    /// Logs new problems, or counts them if there are too many.
    pub(super) fn report<'p>(&mut self, new: impl Iterator<Item = &'p Problem>, now: Instant) {
        let new: Vec<&Problem> = new.collect();
        let first = list_first(&new);
        if self.unlogged.0 == 0 && self.problems.admits(first.len(), MANY_PROBLEMS, now) {
            first.iter().copied().for_each(Problem::log);
            if let more @ 1.. = new.len() - first.len() {
                tracing::warn!("{more} more like these: run feedmill check");
            }
            return;
        }
        self.unlogged.0 += new.len();
        self.unlogged.1 += new.iter().filter(|problem| problem.severity == Severity::Error).count();
        if self.unlogged.0 > 0 {
            self.due.get_or_insert(now + WINDOW);
        }
    }

    /// The time at which counts are to be logged.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.due
    }

    /// Logs counts that are due.
    pub(super) fn flush(&mut self, now: Instant) {
        if self.due.is_none_or(|due| due > now) {
            return;
        }
        self.due = None;
        let counts = std::mem::take(&mut self.counts);
        if counts != Counts::default() {
            tracing::info!("{}", counts.describe());
            self.changes.prolong(now);
        }
        let (problems, errors) = std::mem::take(&mut self.unlogged);
        if problems > 0 {
            let count = name_count(problems, "new problem");
            match errors {
                0 => tracing::warn!("{count}: run feedmill check"),
                _ => tracing::error!("{count} ({}): run feedmill check", name_count(errors, "error")),
            }
            self.problems.prolong(now);
        }
    }
}

/// The first few problems of each message.
fn list_first<'p>(problems: &[&'p Problem]) -> Vec<&'p Problem> {
    let mut counts: HashMap<&'p str, usize> = HashMap::new();
    let is_first = |problem: &&'p Problem| {
        let count = counts.entry(&problem.message).or_default();
        *count += 1;
        *count <= ALIKE
    };
    problems.iter().copied().filter(is_first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_problems_the_first_are_logged() {
        let problem = |number: u32, message: &str| Problem::warning("a.md", message).at((number, 1));
        let problems: Vec<Problem> =
            (1..=60).map(|number| problem(number, "equal")).chain([problem(61, "other")]).collect();
        let lines = list_first(&problems.iter().collect::<Vec<_>>());
        let lines: Vec<u32> = lines.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 2, 3, 61]);
    }

    #[test]
    fn a_burst_is_one_line_per_second() {
        let (mut log, start) = (ChangeLog::default(), Instant::now());
        let gone = || Batch {
            lines: vec!["removed a".to_owned()],
            counts: Counts { removed: 1, ..Counts::default() },
        };
        let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        for number in 0..1000 {
            log.write(gone(), at(number));
        }
        assert_eq!(log.counts.removed, 1000 - MANY);
        assert_eq!(log.next_due(), Some(at(MANY as u64) + WINDOW));
        assert_eq!(log.counts.describe(), "many files at once: 990 removed");
        log.flush(at(1100));
        log.write(gone(), at(1200));
        assert_eq!(log.counts.removed, 1, "the burst goes on");
        log.flush(at(2500));
        log.write(gone(), at(9000));
        assert_eq!((log.counts, log.next_due()), (Counts::default(), None), "it is over");
    }
}
