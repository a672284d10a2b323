//! Native file-system events, brought down to "look there": now, or when it is quiet.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher};

use super::signal::Signal;

/// When a path should be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Its writer is done with it.
    Now,
    /// Its writer may still be at it.
    Soon,
}

/// A watcher of no folder yet, whose events bear `id`. The callback only passes them on, but for those that
/// reading our own files raises, one a file: work in it loses events when many come.
///
/// # Errors
/// What the system says, for example that there are too many watchers.
pub(super) fn start(id: u64, signals: Sender<Signal>) -> notify::Result<RecommendedWatcher> {
    notify::recommended_watcher(move |event: notify::Result<Event>| {
        if !event.as_ref().is_ok_and(is_reading) {
            let _ = signals.send(Signal::Event(id, event));
        }
    })
}

/// Whether an event says only that somebody read a file.
fn is_reading(event: &Event) -> bool {
    let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
    matches!(event.kind, EventKind::Access(_)) && event.kind != closed && !event.need_rescan()
}

/// Whether an event says that what it names is not where it was any more.
pub(super) fn is_leaving(event: &Event) -> bool {
    matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
}

/// What an event says of which paths; `None`: nothing happened to a file. No path at all: look at
/// everything.
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
    fn only_what_changed_a_file_is_looked_at_and_at_once_when_its_writer_is_done() {
        assert_eq!(when(EventKind::Access(AccessKind::Open(AccessMode::Read))), None);
        assert_eq!(when(EventKind::Access(AccessKind::Close(AccessMode::Read))), None);
        assert_eq!(when(EventKind::Access(AccessKind::Close(AccessMode::Write))), Some(When::Now));
        assert_eq!(when(EventKind::Modify(ModifyKind::Name(RenameMode::To))), Some(When::Now));
        assert_eq!(when(EventKind::Remove(RemoveKind::File)), Some(When::Now));
        assert_eq!(when(EventKind::Create(CreateKind::File)), Some(When::Soon));
        assert_eq!(when(EventKind::Modify(ModifyKind::Data(DataChange::Any))), Some(When::Soon));
    }

    #[test]
    fn lost_events_mean_everything_is_looked_at() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(read(lost), Some((When::Now, Vec::new())));
    }
}
