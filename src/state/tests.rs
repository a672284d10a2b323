//! The state on disk: its limits, its permissions, and files of earlier versions.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chrono::DateTime;

use super::disk::Disk;
use super::*;
use crate::post::Arrival;

fn seen(number: usize) -> Seen {
    Seen { fingerprint: number as u128, since: number as i64 }
}

fn path(number: usize) -> Box<str> {
    format!("/tags/{number}/atom.xml").into()
}

#[test]
fn the_feeds_that_changed_least_recently_are_dropped_when_there_are_too_many() {
    let mut feeds: Table<Seen> = (0..STATE_FEEDS - 1).map(|number| (path(number), seen(number))).collect();
    assert_eq!(feeds.drop_oldest(STATE_FEEDS / 2).len(), 0);
    feeds.set(path(STATE_FEEDS), Some(seen(STATE_FEEDS)));
    let dropped = feeds.drop_oldest(STATE_FEEDS / 2);
    assert_eq!((dropped.len(), feeds.len()), (STATE_FEEDS / 2, STATE_FEEDS / 2));
    assert!(feeds.get(&path(STATE_FEEDS)).is_some() && feeds.get(&path(0)).is_none());
}

#[test]
fn removed_values_are_removed_from_the_disk() {
    let folder = tempfile::tempdir().expect("there is space");
    let disk = Disk::open(folder.path()).expect("it is new");
    let feeds = (0..3).map(|number| (path(number), seen(number))).collect();
    disk.write(&Contents { feeds, ..Contents::default() }).expect("there is space");
    let mut removed = Contents::default();
    removed.feeds.set(path(0), None);
    removed.feeds.set(path(2), None);
    disk.write(&removed).expect("there is space");
    let stored = disk.load().expect("it is whole");
    assert_eq!(stored.feeds.iter().collect::<Vec<_>>(), [(&path(1), &seen(1))]);
}

#[test]
fn a_removed_value_takes_no_memory_once_it_is_removed_from_the_disk() {
    let folder = tempfile::tempdir().expect("there is space");
    let arrived = Arrived { at: Arrival::at(DateTime::UNIX_EPOCH), bytes: 1, gone: None };
    for store in [Store::open(folder.path().to_owned()), Store::default()] {
        store.remember_arrivals((0..9).map(|key| (key, Some(arrived))).collect());
        store.flush(Duration::from_secs(60));
        store.remember_arrivals((0..8).map(|key| (key, None)).collect());
        store.flush(Duration::from_secs(60));
        assert_eq!((store.arrivals(), store.contents().arrivals.len()), (vec![(8, arrived)], 1));
    }
}

#[test]
fn only_the_owner_reads_the_state() {
    let folder = tempfile::tempdir().expect("there is space");
    let state = folder.path().join("state");
    Disk::open(&state).expect("it is new");
    for (path, mode) in [(state.clone(), 0o700), (state.join("state.redb"), 0o600)] {
        let metadata = std::fs::metadata(&path).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{}", path.display());
    }
}

/// A state in which the feeds that hubs were notified of are among all feeds, as the packed file was written.
fn write_earlier_state(folder: &Path) {
    let packed = include_bytes!("../../tests/fixtures/state/hubs-in-feeds.redb.gz");
    let mut state = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut state).expect("it is packed");
    std::fs::write(folder.join("state.redb"), state).expect("there is space");
}

const HUB: &str = "https://hub.example/";

#[test]
fn everything_that_an_earlier_version_stored_is_known() {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("there is space"));
    let [first, second] = folders.each_ref().map(tempfile::TempDir::path);
    write_earlier_state(first);
    // The first start moves the feeds that hubs were notified of; the second finds them moved.
    for folder in [first, second] {
        let store = Store::open(folder.to_owned());
        let [main, tag, main_notified, tag_notified] = [(1, 100), (2, 200), (3, 300), (4, 400)]
            .map(|(fingerprint, since)| Some(Seen { fingerprint, since }));
        assert_eq!((store.get("/"), store.get("/tags/rust/")), (main, tag));
        let notified = (store.notified(HUB, "/"), store.notified(HUB, "/tags/rust/"));
        assert_eq!(notified, (main_notified, tag_notified));
        let mut paths = store.list_notified(HUB);
        paths.sort();
        assert_eq!(paths, ["/", "/tags/rust/"]);
        assert_eq!((store.first_seen("blog", ""), store.first_seen("blog", "a.md")), (Some(500), Some(600)));
        assert_eq!(store.holders(), [("same".into(), "blog".into(), "a.md".into())]);
        let root = store.root("/srv/blog").expect("it is known");
        assert_eq!((root.device, root.landmarks), (7, vec!["a.md".to_owned(), "b/c.md".to_owned()]));
        if folder == first {
            std::fs::copy(first.join("state.redb"), second.join("state.redb")).expect("there is space");
            let moved = Disk::open(second).expect("it is whole").load().expect("it is whole");
            assert!(moved.feeds.iter().all(|(path, _)| path.starts_with('/')));
            assert_eq!((moved.feeds.len(), moved.notified.len()), (2, 2));
        }
    }
}

#[test]
fn the_later_notification_counts_whichever_version_stored_it() {
    let main = Seen { fingerprint: 3, since: 300 };
    for (stored, known) in [(seen(900), seen(900)), (seen(9), main)] {
        let folder = tempfile::tempdir().expect("there is space");
        write_earlier_state(folder.path());
        let mut own = Contents::default();
        own.notified.set(make_key(HUB, "/"), Some(stored));
        Disk::open(folder.path()).expect("it is whole").write(&own).expect("there is space");
        assert_eq!(Store::open(folder.path().to_owned()).notified(HUB, "/"), Some(known));
    }
}
