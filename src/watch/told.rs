//! What the log says of problems and changes: each by itself while they are few, else how many there are.

use std::time::{Duration, Instant};

use crate::catalog::{Catalog, Change};
use crate::config::{Problem, Severity};

/// So many changes at once, or within [`WINDOW`], are logged one by one; of more there is a count.
const MANY: usize = 10;

/// The same of problems: a screen of them.
const MANY_PROBLEMS: usize = 20;

/// How long what is counted is gathered.
const WINDOW: Duration = Duration::from_secs(1);

/// One line a problem. The level of the line is its severity.
pub(super) fn tell(problem: &Problem) {
    match problem.severity {
        Severity::Error => tracing::error!("{}", problem.without_severity()),
        Severity::Warning => tracing::warn!("{}", problem.without_severity()),
    }
}

/// `1 post`, `2 posts`.
pub(super) fn name_count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Bounds how often something is logged line by line.
#[derive(Debug, Default)]
struct Rate {
    since: Option<Instant>,
    count: usize,
}

impl Rate {
    /// Whether so many more lines may be logged now.
    fn admits(&mut self, lines: usize, most: usize, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            *self = Self { since: Some(now), count: 0 };
        }
        self.count = self.count.saturating_add(lines);
        self.count <= most
    }

    /// Keeps a storm from being logged line by line again in the next window.
    fn prolong(&mut self, now: Instant) {
        *self = Self { since: Some(now), count: usize::MAX };
    }
}

/// Changes that were not logged one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    changed: usize,
    removed: usize,
    broken: usize,
}

impl Counts {
    fn describe(self) -> String {
        let parts = [(self.changed, "changed"), (self.removed, "removed"), (self.broken, "with errors")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        format!("many files at once: {}", parts.join(", "))
    }
}

/// What the log says of changes and problems.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
    changes: Rate,
    counts: Counts,
    problems: Rate,
    /// Problems that were not logged one by one, and how many of them are errors.
    unlogged: (usize, usize),
    due: Option<Instant>,
}

/// What there is to log of one batch of changes.
pub(super) struct Entry {
    lines: Vec<String>,
    counts: Counts,
}

impl Entry {
    /// What a batch of changes says, before the catalog takes it in.
    pub(super) fn of(changes: &[Change], catalog: &Catalog) -> Self {
        let site = catalog.site();
        let name = |source: u16, path: &str| site.sources[usize::from(source)].name_file(path);
        let mut entry = Self { lines: Vec::new(), counts: Counts::default() };
        for change in changes {
            let line = match change {
                Change::Put(post, _) => {
                    entry.counts.changed += 1;
                    format!("changed {}: {}", name(post.source, &post.path), post.title)
                }
                Change::Remove { source, path, .. } => {
                    if catalog.find(*source, path).is_none() {
                        continue;
                    }
                    entry.counts.removed += 1;
                    format!("gone {}", name(*source, path))
                }
                Change::Break { source, path, .. } => {
                    entry.counts.broken += 1;
                    format!("broken {}", name(*source, path))
                }
            };
            if entry.lines.len() <= MANY {
                entry.lines.push(line);
            }
        }
        entry
    }
}

impl Chronicle {
    /// Logs a batch, or counts it if there are too many.
    pub(super) fn write(&mut self, entry: Entry, now: Instant) {
        if self.counts == Counts::default() && self.changes.admits(entry.lines.len(), MANY, now) {
            entry.lines.iter().for_each(|line| tracing::info!("{line}"));
            return;
        }
        let Counts { changed, removed, broken } = entry.counts;
        self.counts.changed += changed;
        self.counts.removed += removed;
        self.counts.broken += broken;
        self.due.get_or_insert(now + WINDOW);
    }

    /// Logs new problems, or counts them if there are too many.
    pub(super) fn report<'p>(&mut self, new: impl Iterator<Item = &'p Problem>, now: Instant) {
        let new: Vec<&Problem> = new.collect();
        if self.unlogged.0 == 0 && self.problems.admits(new.len(), MANY_PROBLEMS, now) {
            new.into_iter().for_each(tell);
            return;
        }
        self.unlogged.0 += new.len();
        self.unlogged.1 += new.iter().filter(|problem| problem.severity == Severity::Error).count();
        if self.unlogged.0 > 0 {
            self.due.get_or_insert(now + WINDOW);
        }
    }

    /// When counts are to be logged.
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
            tracing::warn!("{count}, {} among them: run feedmill check", name_count(errors, "error"));
            self.problems.prolong(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_one_line_a_second() {
        let (mut chronicle, start) = (Chronicle::default(), Instant::now());
        let gone =
            || Entry { lines: vec!["gone a".to_owned()], counts: Counts { removed: 1, ..Counts::default() } };
        let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        for number in 0..1000 {
            chronicle.write(gone(), at(number));
        }
        assert_eq!(chronicle.counts.removed, 1000 - MANY);
        assert_eq!(chronicle.next_due(), Some(at(MANY as u64) + WINDOW));
        assert_eq!(chronicle.counts.describe(), "many files at once: 990 removed");
        chronicle.flush(at(1100));
        chronicle.write(gone(), at(1200));
        assert_eq!(chronicle.counts.removed, 1, "the storm goes on");
        chronicle.flush(at(2500));
        chronicle.write(gone(), at(9000));
        assert_eq!((chronicle.counts, chronicle.next_due()), (Counts::default(), None), "it is over");
    }
}
