//! What is stored of a snapshot, and the snapshot that is made of it at the next start. The catalog that published it is
//! made again from the posts when they were compared with the disk.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::arrivals::arrived_as_published;
use super::id_claims::OwnIds;
use super::posts::{Posts, Slot, hash_post};
use super::schedule::Upcoming;
use super::site::Site;
use super::snapshot::Snapshot;
use super::sorted_list::{Edit, Move, compare};
use crate::config::Problem;
use crate::post::{Post, SourceId};

/// A post as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'s> {
    /// The post as it is listed.
    pub post: &'s Post,
    /// The id as the file gives it, if its entry has another.
    pub own_id: Option<&'s str>,
    /// True if the snapshot lists it.
    pub is_visible: bool,
}

/// A snapshot as it was stored.
#[derive(Debug, Default)]
pub struct Restored {
    /// The number of the snapshot.
    pub revision: u64,
    /// The time at which it was made.
    pub made: DateTime<Utc>,
    /// Its problems, each with the time since which it has been reported.
    pub problems: Vec<(Problem, DateTime<Utc>)>,
    /// The number of posts that claimed the id of another post.
    pub duplicates: usize,
    /// The sources whose posts were stored, in order.
    pub sources: Vec<RestoredSource>,
}

/// The posts of one source as they were stored.
#[derive(Debug, Default)]
pub struct RestoredSource {
    /// The index of the source.
    pub id: SourceId,
    /// The posts that were listed, in the order of feeds.
    pub visible: Vec<Arc<Post>>,
    /// The other posts, in no order.
    pub hidden: Vec<Arc<Post>>,
    /// By their paths: the ids of posts as their files give them, where their entries have others.
    pub own_ids: HashMap<Arc<str>, Box<str>>,
    /// The sum of the hashes of the visible posts.
    pub digest: u128,
}

impl Snapshot {
    /// Every post with what only the catalog knows of it: the visible ones in the order of feeds, then the others.
    pub fn stored(&self) -> impl Iterator<Item = Stored<'_>> {
        let mut is_visible = Vec::new();
        for slot in self.lists.all().iter() {
            let place = slot as usize;
            if place >= is_visible.len() {
                is_visible.resize(place + 1, false);
            }
            is_visible[place] = true;
        }
        let hidden = self.posts.iter().filter(move |(slot, _)| is_visible.get(*slot as usize) != Some(&true));
        let visible = self.lists.all().iter().filter_map(|slot| Some((slot, self.posts.get(slot)?)));
        let all = visible.map(|post| (post, true)).chain(hidden.map(|post| (post, false)));
        all.map(|((slot, post), is_visible)| Stored {
            post,
            own_id: self.own_ids.get(&slot).map(|id| &**id),
            is_visible,
        })
    }

    /// The hash of a post in [`Self::digest`], which is the sum of these.
    pub fn hash_in_digest(post: &Post) -> u128 {
        hash_post(post)
    }
}

impl Restored {
    /// Makes the snapshot again, as of `now`: posts that have expired since are not listed, and posts that became due
    /// since are listed when their ids are resolved, with the next snapshot. The posts of sources that were not stored
    /// are awaited.
    pub fn into_snapshot(self, site: Arc<Site>, now: DateTime<Utc>) -> Snapshot {
        let Self { revision, made, problems, duplicates, sources } = self;
        let is_stored = |id: &SourceId| sources.iter().any(|source| source.id == *id);
        let awaited = site.source_ids().filter(|id| !is_stored(id)).collect();
        let digest = sources.iter().map(|source| source.digest).fold(0, u128::wrapping_add);
        let (mut all, mut visible): (Vec<Arc<Post>>, Vec<Slot>) = (Vec::new(), Vec::new());
        let mut own_ids = OwnIds::default();
        for source in sources {
            visible.extend((all.len()..all.len() + source.visible.len()).map(|slot| slot as Slot));
            for post in source.visible.into_iter().chain(source.hidden) {
                let own = if source.own_ids.is_empty() { None } else { source.own_ids.get(&post.path) };
                own_ids.extend(own.map(|id| (all.len() as Slot, id.clone())));
                all.push(post);
            }
        }
        let upcoming = Upcoming::of((0..).zip(all.iter().map(|post| &**post)), made);
        let posts = Posts::fill(all.into_iter());
        let mut snapshot = Snapshot {
            revision,
            made,
            awaited,
            duplicates,
            digest,
            upcoming,
            own_ids: Arc::new(own_ids),
            posts,
            ..Snapshot::empty(site)
        };
        (snapshot.problems, snapshot.since) = split(problems);
        snapshot.next_due = snapshot.find_next_due();
        snapshot.list(&visible, now);
        snapshot
    }
}

fn split(problems: Vec<(Problem, DateTime<Utc>)>) -> (Arc<[Problem]>, Arc<[DateTime<Utc>]>) {
    let (problems, since): (Vec<_>, Vec<_>) = problems.into_iter().unzip();
    (problems.into(), since.into())
}

impl Snapshot {
    /// Builds the lists of these posts, those of each source in order, without those that have expired.
    fn list(&mut self, visible: &[Slot], now: DateTime<Utc>) {
        let Self { site, posts, lists, terms, digest, .. } = self;
        let moves = visible.iter().filter_map(|slot| Some((*slot, &**posts.get(*slot)?)));
        let (listed, expired): (Vec<Move<'_>>, Vec<Move<'_>>) =
            moves.partition(|(_, post)| post.is_visible(now));
        for (_, post) in expired {
            *digest = digest.wrapping_sub(hash_post(post));
        }
        let is_by_publication = listed.iter().all(|(_, post)| arrived_as_published(post));
        let mut edit = Edit { leaving: Vec::new(), joining: listed, is_by_publication };
        // The posts of each source are sorted already.
        edit.joining.sort_by(|(_, one), (_, other)| compare(one, other));
        let none = Posts::default();
        lists.apply(&edit, &none, posts, site);
        terms.apply(&edit, &none, posts, site);
    }
}
