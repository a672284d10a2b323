//! Native file-system events, reduced to the paths to scan and when: at once, or after a debounce time.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher};

use super::signal::Signal;

/// The time at which a path must be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// At once: the file was closed.
    Now,
    /// After a debounce time: the file may still be written.
    Soon,
}

/// The effect of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EventEffect {
    /// True if a path is pending now.
    pub(super) matters: bool,
    /// Set if the site's settings may have changed and must be read again.
    pub(super) settings: Option<When>,
}

impl EventEffect {
    /// The effect of both.
    pub(super) fn and(self, other: Self) -> Self {
        let both = [self.settings, other.settings].into_iter().flatten();
        Self { matters: self.matters || other.matters, settings: both.min() }
    }
}

/// A watcher that watches no folder yet. Its callback only forwards events, with this `id`, except for those of
/// reads, which feedmill causes itself, one per file: a slow callback drops events when many arrive.
///
/// # Errors
/// The error of the system, for example that there are too many watchers.
pub(super) fn start(id: u64, signals: Sender<Signal>) -> notify::Result<RecommendedWatcher> {
    notify::recommended_watcher(move |event: notify::Result<Event>| {
        if !event.as_ref().is_ok_and(is_reading) {
            let _ = signals.send(Signal::Event(id, event));
        }
    })
}

/// Returns true if an event reports only that a file was read.
fn is_reading(event: &Event) -> bool {
    let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
    matches!(event.kind, EventKind::Access(_)) && event.kind != closed && !event.need_rescan()
}

/// Returns true if an event reports that its paths were removed or renamed.
pub(super) fn is_leaving(event: &Event) -> bool {
    matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
}

/// The paths that an event affects, and when to scan them; `None`: no file changed. Without a path, everything must
/// be scanned.
pub(super) fn read(event: Event) -> Option<(When, Vec<PathBuf>)> {
    if event.need_rescan() {
        return Some((When::Now, Vec::new()));
    }
    let when = match event.kind {
        _ if is_reading(&event) => return None,
        EventKind::Access(_) => When::Now,
        EventKind::Modify(ModifyKind::Name(_) | ModifyKind::Metadata(_)) | EventKind::Remove(_) => When::Now,
        // A new folder may be full already; a new or growing file will be closed.
        EventKind::Create(_) if event.paths.iter().any(|path| path.is_dir()) => When::Now,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Any | EventKind::Other => When::Soon,
    };
    Some((when, event.paths))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag, RemoveKind, RenameMode};

    use super::*;

    fn when(kind: EventKind) -> Option<When> {
        read(Event::new(kind).add_path("/nowhere/x.md".into())).map(|(when, _)| when)
    }

    #[test]
    fn only_changes_count_and_at_once_when_the_file_is_closed() {
        assert_eq!(when(EventKind::Access(AccessKind::Open(AccessMode::Read))), None);
        assert_eq!(when(EventKind::Access(AccessKind::Close(AccessMode::Read))), None);
        assert_eq!(when(EventKind::Access(AccessKind::Close(AccessMode::Write))), Some(When::Now));
        assert_eq!(when(EventKind::Modify(ModifyKind::Name(RenameMode::To))), Some(When::Now));
        assert_eq!(when(EventKind::Remove(RemoveKind::File)), Some(When::Now));
        assert_eq!(when(EventKind::Create(CreateKind::File)), Some(When::Soon));
        assert_eq!(when(EventKind::Modify(ModifyKind::Data(DataChange::Any))), Some(When::Soon));
    }

    #[test]
    fn dropped_events_cause_a_rescan_of_everything() {
        let dropped = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(read(dropped), Some((When::Now, Vec::new())));
    }
}
