//! A stored catalog is restored as it was, and never as anything else, whatever happens to its bytes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::Keeper;
use super::decode::{self, Decoded};
use super::encode;
use super::layout::{BUILD, Error, Head, ReadAt, make_trailer, read_head, to_time};
use super::record::{Record, Table};
use crate::catalog::tests::{at, post, put, site};
use crate::catalog::{Catalog, Live, Site, Snapshot};
use crate::config::Problem;
use crate::limits::CATALOG_PART_BYTES;
use crate::post::links::{Link, Linked};
use crate::post::{Listed, Media, Picture, Post, SourceId, Stamp, Text, UniqueKey};

impl ReadAt for &[u8] {
    fn length(&self) -> std::io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<()> {
        let end = offset as usize + buffer.len();
        buffer.copy_from_slice(self.get(offset as usize..end).ok_or(std::io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// A site whose sources have different settings.
fn make_site() -> Arc<Site> {
    let mut site = Site::clone(&site());
    for (number, source) in site.sources.iter_mut().enumerate() {
        Arc::make_mut(source).settings_hash = 7 + number as u128;
    }
    Arc::new(site)
}

/// A snapshot with everything that a post can have.
fn make_snapshot(site: &Arc<Site>) -> Arc<Snapshot> {
    let link = |target: Option<Linked>| Link {
        reference: "u:x".into(),
        target: target.map(Box::new),
        place: (3, 4),
    };
    let full = Post {
        section: Some("news".into()),
        listed: Listed::Locally,
        updated: DateTime::from_timestamp(12, 345),
        expires: Some(at(5000)),
        unique: UniqueKey::from_number(u64::MAX - 7),
        media: Some(Box::new(Media { path: "a.mp3".into(), size: Some(9) })),
        pictures: [Picture { path: "a.png".into(), size: Some((3, 2)), stamp: Stamp(7) }].into(),
        links: [link(None)].into(),
        bytes_hash: u128::MAX - 5,
        stamp: Stamp(u64::MAX - 3),
        ..post(0, "full", "other id", 11, &["Rust", "C++"])
    };
    let late = post(0, "late", "late", 2000, &["rust"]);
    let mut catalog = Catalog::new(Arc::clone(site));
    catalog.set_problems(vec![Problem::warning("x", "y").at((3, 4))]);
    let mut posts =
        vec![full, late, post(1, "b", "id-1", 30, &["rust"]), post(1, "c", "id-1", 20, &["Rust"])];
    posts
        .extend((0..40).map(|number| post(0, &format!("n{number}"), &format!("n{number}"), number, &["go"])));
    catalog.apply(posts.into_iter().map(put).collect(), at(100))
}

fn store(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::write(snapshot, &mut bytes).expect("memory has no faults");
    bytes
}

fn read(bytes: &[u8], site: &Arc<Site>, now: DateTime<Utc>) -> Result<(Snapshot, usize), Error> {
    let Decoded { restored, rejected } = decode::read(&bytes, site, now)?;
    Ok((restored.into_snapshot(Arc::clone(site), now), rejected.len()))
}

/// The posts of a source as they are listed and as their files gave them.
fn list(snapshot: &Snapshot, source: usize) -> (Vec<Arc<Post>>, Vec<Arc<Post>>) {
    let id = SourceId::new(source);
    let listed = snapshot.visible().filter(|post| post.source == id).cloned().collect();
    let mut own: Vec<Arc<Post>> = snapshot.own_posts(id).collect();
    own.sort_by(|one, other| one.path.cmp(&other.path));
    (listed, own)
}

fn describe_terms(snapshot: &Snapshot) -> Vec<String> {
    let entries = snapshot.terms(0).list().into_iter();
    entries.map(|entry| format!("{} {:?} {}", entry.folded, entry.spelling, entry.posts.len())).collect()
}

#[test]
fn a_catalog_is_restored_as_it_was() {
    let site = make_site();
    let snapshot = make_snapshot(&site);
    let (restored, rejected) = read(&store(&snapshot), &site, at(200)).expect("it is whole");
    assert_eq!((rejected, restored.awaited.len()), (0, 0));
    for source in [0, 1] {
        assert_eq!(list(&restored, source), list(&snapshot, source));
    }
    let stamp = |snapshot: &Snapshot| list(snapshot, 0).1.iter().map(|post| post.stamp.0).max();
    assert_eq!(stamp(&restored), Some(u64::MAX - 3));
    assert_eq!(describe_terms(&restored), describe_terms(&snapshot));
    assert_eq!((&restored.problems, &restored.since), (&snapshot.problems, &snapshot.since));
    assert_eq!(restored.digest, snapshot.digest);
    assert_eq!(restored.duplicates, 1);
    assert_eq!((restored.next_due, restored.made, restored.revision), (Some(at(2000)), at(100), 1));
}

#[test]
fn posts_that_expired_since_are_not_listed_and_those_that_became_due_wait_for_their_ids() {
    let site = make_site();
    let snapshot = make_snapshot(&site);
    let (restored, _) = read(&store(&snapshot), &site, at(6000)).expect("it is whole");
    let paths =
        |snapshot: &Snapshot| snapshot.visible().map(|post| post.path.to_string()).collect::<Vec<_>>();
    let mut wanted = paths(&snapshot);
    wanted.retain(|path| path != "full");
    assert_eq!(paths(&restored), wanted);
    assert_eq!(restored.next_due, Some(at(2000)), "the writer knows that it is due");
    let mut catalog = Catalog::new(site);
    let posts = list(&snapshot, 0).1.into_iter().chain(list(&snapshot, 1).1);
    let kept = posts.filter(|post| *post.path != *"full" && *post.path != *"late");
    let snapshot = catalog.apply(kept.map(crate::catalog::Change::Keep).collect(), at(100));
    assert_eq!(restored.digest, snapshot.digest);
}

#[test]
fn a_text_that_was_kept_in_memory_is_unavailable_after_a_restart() {
    let site = make_site();
    let kept = Post { text: Text::LastKnownGood, ..post(0, "x", "x", 1, &[]) };
    let snapshot = Catalog::new(Arc::clone(&site)).apply(vec![put(kept)], at(100));
    let (restored, _) = read(&store(&snapshot), &site, at(200)).expect("it is whole");
    assert_eq!(restored.visible().map(|post| post.text).collect::<Vec<_>>(), [Text::Unavailable]);
}

#[test]
fn a_source_with_other_settings_or_a_damaged_part_is_rejected_alone() {
    let site = make_site();
    let snapshot = make_snapshot(&site);
    let bytes = store(&snapshot);
    let mut other = Site::clone(&site);
    Arc::make_mut(&mut other.sources[0]).settings_hash = 1;
    let (restored, rejected) = read(&bytes, &Arc::new(other), at(200)).expect("one is usable");
    assert_eq!((rejected, &*restored.awaited), (1, &[SourceId::new(0)][..]));
    assert_eq!(list(&restored, 1), list(&snapshot, 1));
    // The first bytes are a block of the first source that has posts.
    let mut damaged = bytes.clone();
    damaged[3] ^= 1;
    let (restored, rejected) = read(&damaged, &site, at(200)).expect("one is usable");
    assert_eq!((rejected, restored.awaited.len()), (1, 1));
}

#[test]
fn a_source_in_another_place_keeps_its_posts_and_the_digest_is_that_of_its_new_place() {
    let site = make_site();
    let snapshot = make_snapshot(&site);
    let mut swapped = Site::clone(&site);
    swapped.sources.swap(0, 1);
    let swapped = Arc::new(swapped);
    let (restored, rejected) = read(&store(&snapshot), &swapped, at(200)).expect("it is whole");
    assert_eq!(rejected, 0);
    let posts: Vec<_> =
        restored.visible().map(|post| crate::catalog::Change::Keep(Arc::clone(post))).collect();
    assert_eq!(restored.digest, Catalog::new(swapped).apply(posts, at(200)).digest);
}

#[test]
fn the_file_of_another_build_or_of_a_later_time_is_rejected() {
    let site = make_site();
    let bytes = store(&make_snapshot(&site));
    assert!(matches!(read(&bytes, &site, at(99)), Err(Error::FromFuture(_))));
    let head = read_head(&bytes.as_slice(), *BUILD).expect("it is whole");
    let start = bytes.len() - 56 - head.len();
    let mut other = bytes[..start + head.len()].to_vec();
    other.extend(make_trailer(start as u64, &head, *BUILD ^ 1));
    assert!(matches!(read(&other, &site, at(200)), Err(Error::OtherBuild)));
}

#[test]
fn no_length_in_the_file_is_believed() {
    let site = make_site();
    for (offset, length) in [(0, u64::MAX), (u64::MAX, 8), (0, CATALOG_PART_BYTES + 1), (1 << 40, 8)] {
        let mut bytes = vec![0; 100];
        // A head that names a part outside of the file.
        let source =
            (7_u128, 0_u16, 0_u128, (offset, length, [0_u8; 16]), [0_u8; 0].to_vec(), [0_u8; 0].to_vec());
        let head = postcard::to_allocvec(&(1_u64, to_time(at(1)), [0_u8; 0].to_vec(), 0_u64, vec![source]));
        let head = head.expect("memory has no faults");
        postcard::from_bytes::<Head<'_>>(&head).expect("it is a head");
        let trailer = make_trailer(100, &head, *BUILD);
        bytes.extend(head);
        bytes.extend(trailer);
        let (restored, rejected) = read(&bytes, &site, at(200)).expect("the head is valid");
        assert_eq!((rejected, restored.visible().count()), (2, 0));
    }
}

#[test]
fn a_file_is_private_and_replaced_as_a_whole() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (site, live) = (make_site(), Live::default());
    let victim = folder.path().join("victim");
    fs::write(&victim, "text").expect("there is space");
    std::os::unix::fs::symlink(&victim, folder.path().join("catalog.new")).expect("it can be created");
    live.publish(make_snapshot(&site));
    let keeper = Keeper::new(folder.path(), live, || true);
    keeper.finish(std::time::Duration::from_secs(60));
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("it is readable").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(folder.path()), ["catalog", "victim"]);
    assert_eq!(fs::read(&victim).expect("it is there"), b"text");
    let mode = fs::metadata(folder.path().join("catalog")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(keeper.load(&site, Utc::now()).is_some());
    assert!(keeper.load(&site, at(100) - TimeDelta::seconds(1)).is_none(), "the clock went back");
}

proptest! {
    /// Whatever happens to the bytes, each source is restored exactly as it was, or not at all.
    #[test]
    fn damage_never_changes_a_post(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 1_u8..), 0..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        extra in proptest::collection::vec(any::<u8>(), 0..3),
    ) {
        let site = make_site();
        let snapshot = make_snapshot(&site);
        let mut bytes = store(&snapshot);
        for (place, mask) in &flips {
            let place = place.index(bytes.len());
            bytes[place] ^= mask;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bytes.extend(extra);
        if let Ok((restored, _)) = read(&bytes, &site, at(200)) {
            for source in [0, 1] {
                if !restored.awaited.contains(&SourceId::new(source)) {
                    prop_assert_eq!(list(&restored, source), list(&snapshot, source));
                }
            }
        }
    }

    /// Decoders do not rely on checksums: any bytes give an error or values.
    #[test]
    fn decoders_survive_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = postcard::from_bytes::<Head<'_>>(&bytes);
        let table = Table::decode(&bytes, 3).or_else(|_| Table::decode(&[0, 0], 3)).expect("it is empty");
        if let Ok((record, _)) = postcard::take_from_bytes::<Record<'_>>(&bytes) {
            let _ = record.to_post(SourceId::new(0), &table);
        }
    }
}
