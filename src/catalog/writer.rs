//! The writer's side of the catalog: changes in, the next snapshot out.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use super::arrival_records::Fact;
use super::arrivals::Arrivals;
use super::change::Change;
use super::claims::Holder;
use super::id_claims::IdClaims;
use super::link_index::LinkIndex;
use super::posts::{Slot, sum_hashes};
use super::problems::Problems;
use super::schedule::{Schedule, list_times};
use super::site::Site;
use super::slots::Slots;
use super::snapshot::Snapshot;
use super::sorted_list::{Edit, compare};
use super::terms::Terms;
use super::unique_claims::UniqueClaims;
use super::url_claims::UrlClaims;
use crate::config::Problem;
use crate::post::links::Link;
use crate::post::{Post, SourceId, Stamp, Text};

/// All posts, organised so that the cost of a change depends on its size. One thread owns the catalog.
#[derive(Debug)]
pub struct Catalog {
    current: Snapshot,
    slots: Slots,
    arrivals: Arrivals,
    ids: IdClaims,
    urls: UrlClaims,
    uniques: UniqueClaims,
    links: LinkIndex,
    schedule: Schedule,
    problems: Problems,
    /// True if the problems of the current snapshot are not those of this catalog.
    is_unreported: bool,
}

/// The posts that one batch of changes touches, by slot: each as it was listed before, if it was.
pub(super) type Touched = FxHashMap<Slot, Option<Arc<Post>>>;

impl Catalog {
    /// An empty catalog of a site.
    pub fn new(site: Arc<Site>) -> Self {
        Self {
            current: Snapshot::empty(site),
            slots: Slots::default(),
            arrivals: Arrivals::default(),
            ids: IdClaims::default(),
            urls: UrlClaims::default(),
            uniques: UniqueClaims::default(),
            links: LinkIndex::default(),
            schedule: Schedule::default(),
            problems: Problems::default(),
            is_unreported: true,
        }
    }

    /// Continues after the snapshot of another catalog: revisions keep increasing, and problems keep the time since
    /// which they are reported. If the catalog `expects_posts`, those of the other one keep their arrivals.
    #[must_use]
    pub fn after(mut self, other: &Snapshot, expects_posts: bool) -> Self {
        self.arrivals.continue_after(other, &self.current.site, expects_posts);
        self.current.revision = other.revision;
        (self.current.problems, self.current.since) = (Arc::clone(&other.problems), Arc::clone(&other.since));
        self
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.current.site
    }

    /// Replaces the site with one that has the same sources and taxonomies.
    pub fn set_site(&mut self, site: Arc<Site>) {
        self.current.site = site;
        self.is_unreported = true;
    }

    /// Sets the problems that are not those of posts: of the configuration and of folders. Returns true if they
    /// changed.
    pub fn set_problems(&mut self, problems: Vec<Problem>) -> bool {
        self.problems.set_site_problems(problems)
    }

    /// Sets the indices of the sources whose posts are still awaited. Returns true if they changed.
    pub fn set_awaited(&mut self, awaited: &[SourceId]) -> bool {
        let has_effect = *self.current.awaited != *awaited;
        if has_effect {
            self.ids.check_holders();
        }
        self.current.awaited = awaited.into();
        has_effect
    }

    /// Restores the holders of ids from an earlier run. A holder keeps its id as long as it claims it.
    pub fn remember(&mut self, holders: impl IntoIterator<Item = (Box<str>, Holder)>) {
        self.ids.restore(holders);
    }

    /// Takes the changes of holders of ids since the last call; `None`: the id is no longer contested.
    pub fn take_holders(&mut self) -> Vec<(Box<str>, Option<Holder>)> {
        let Self { current, slots, ids, .. } = self;
        let exists = |holder: &Holder| {
            let source = current.site.sources.iter().position(|source| *source.name == *holder.source);
            source.is_some_and(|place| {
                let id = SourceId::new(place);
                // A holder in an awaited source may still appear.
                current.awaited.contains(&id) || slots.get(id, &holder.path).is_some()
            })
        };
        ids.take_changes(exists)
    }

    /// The arrivals of posts, which are stored.
    pub fn arrivals(&mut self) -> &mut Arrivals {
        &mut self.arrivals
    }

    /// Takes over a fact of a ledger, if it is about a source of the site.
    pub fn know(&mut self, fact: &Fact<'_>) {
        let Self { current, arrivals, .. } = self;
        let mut ids = current.site.source_ids();
        if let Some(id) = ids.find(|id| current.site.source(*id).name == fact.source) {
            arrivals.know(id, fact);
        }
    }

    /// Recognises posts by their paths from now on, as a ledger does.
    pub fn recognise_by_path(&mut self) {
        self.arrivals.recognise_by_path();
    }

    /// Applies changes and returns the snapshot after them, as of `now`. Posts whose time has come appear or
    /// disappear in it too.
    pub fn apply(&mut self, changes: Vec<Change>, now: DateTime<Utc>) -> Arc<Snapshot> {
        let before = self.current.clone();
        self.arrivals.begin(now);
        let mut touched = Touched::default();
        for change in changes {
            self.apply_change(change, &mut touched);
        }
        self.resolve_links(&mut touched);
        self.touch_due(now, &mut touched);
        for (slot, at) in self.arrivals.take_copies(&self.current) {
            self.touch(slot, &mut touched);
            self.current.posts.change(slot, |post| post.arrived = Some(at));
        }
        let recognised = self.arrivals.recognise(&touched, &mut self.current);
        self.resolve_uniques(now, &mut touched);
        self.resolve_ids(now, &mut touched);
        self.arrivals.record(&touched, &recognised, &self.current);
        self.update_lists(&touched, &before, now);
        self.report(&before.terms, now);
        let current = &mut self.current;
        current.revision += 1;
        current.made = now;
        current.upcoming = self.schedule.list_upcoming(&current.upcoming);
        current.own_ids = self.ids.own_ids();
        current.next_due = current.find_next_due();
        Arc::new(current.clone())
    }

    /// Returns true if a change has an effect: a file that was only touched, or read twice, has none.
    pub fn has_effect(&self, change: &Change) -> bool {
        match change {
            Change::Put(post, problem) => {
                self.problems.get(post.source, &post.path) != problem.as_deref() || !self.is_known(post)
            }
            Change::Remove { source, path, problem } => {
                self.slots.get(*source, path).is_some()
                    || self.problems.get(*source, path) != problem.as_deref()
            }
            Change::Break { source, path, problem, .. } => {
                let is_reported = problem.is_none() || self.problems.get(*source, path) == problem.as_deref();
                !is_reported || self.find(*source, path).is_some_and(|post| post.text == Text::InFile)
            }
            Change::Keep(_) | Change::Media { .. } => true,
        }
    }

    /// Returns true if a post is known exactly as its file gives it.
    fn is_known(&self, post: &Post) -> bool {
        let Some((slot, known)) = self.find_slot(post.source, &post.path) else { return false };
        let own = self.ids.own_id(slot, known);
        // The catalog resolves the targets of links.
        let links = known.links.iter().map(|link| Link { target: None, ..link.clone() }).collect();
        *own == *post.id
            && *post == Post { id: own.into(), links, arrived: post.arrived, ..Post::clone(known) }
    }

    /// The post at a path of a source, visible or not, as its file gave it.
    pub fn find(&self, source: SourceId, path: &str) -> Option<Post> {
        let (slot, post) = self.find_slot(source, path)?;
        Some(Post { id: self.ids.own_id(slot, post).into(), ..Post::clone(post) })
    }

    fn find_slot(&self, source: SourceId, path: &str) -> Option<(Slot, &Arc<Post>)> {
        let slot = self.slots.get(source, path)?;
        Some((slot, self.current.posts.get(slot)?))
    }

    fn apply_change(&mut self, change: Change, touched: &mut Touched) {
        match change {
            Change::Put(post, problem) => {
                self.problems.set(post.source, &post.path, problem.map(|problem| *problem));
                let slot = self.slots.assign(post.source, &post.path);
                self.replace(slot, Some(Arc::from(post)), touched);
            }
            Change::Keep(post) => {
                let slot = self.slots.assign(post.source, &post.path);
                self.replace(slot, Some(post), touched);
            }
            Change::Remove { source, path, problem } => {
                if let Some(slot) = self.slots.release(source, &path) {
                    self.replace(slot, None, touched);
                }
                self.problems.set(source, &path, problem.map(|problem| *problem));
            }
            Change::Break { source, path, problem, kept } => {
                let slot = self.slots.get(source, &path);
                let known = self.find(source, &path).filter(|post| post.text == Text::InFile);
                if let (Some(slot), Some(post)) = (slot, known) {
                    let text = if kept { Text::LastKnownGood } else { Text::Unavailable };
                    let post = Post { text, stamp: Stamp::default(), ..post };
                    self.replace(slot, Some(Arc::new(post)), touched);
                }
                if let Some(problem) = problem {
                    self.problems.set(source, &path, Some(*problem));
                }
            }
            Change::Media { source, path, exists } => self.links.set_media(source, &path, exists),
        }
    }

    /// Records how a slot is listed, before it changes.
    fn touch(&self, slot: Slot, touched: &mut Touched) {
        let listed = || self.current.posts.get(slot).filter(|_| self.schedule.is_visible(slot)).cloned();
        touched.entry(slot).or_insert_with(listed);
    }

    /// Puts a post into its slot. It claims its id later. With the id or the bytes of the old one, it is the same post.
    fn replace(&mut self, slot: Slot, mut post: Option<Arc<Post>>, touched: &mut Touched) {
        self.touch(slot, touched);
        let Snapshot { site, posts, .. } = &mut self.current;
        let old = posts.get(slot).cloned();
        if let Some(old) = &old {
            let own_id = self.ids.own_id(slot, old);
            let is_same = |new: &Post| {
                *new.id == *own_id
                    || new.bytes_hash == old.bytes_hash
                    || self.arrivals.are_recognised_by_path()
            };
            match post.as_mut().filter(|new| is_same(new)) {
                Some(post) => Arc::make_mut(post).arrived = old.arrived,
                None => self.arrivals.leave(&site.source(old.source).name, old),
            }
            self.ids.remove(site, slot, old);
            self.urls.release(slot, old);
            self.uniques.release(slot, old);
            self.schedule.remove_times(slot, old);
        }
        if let Some(post) = &post {
            self.urls.claim(slot, post);
        }
        if let Some(any) = old.as_ref().or(post.as_ref()) {
            let source = site.source(any.source);
            self.links.replace(source, slot, (old.as_deref(), post.as_deref()), posts);
        }
        posts.set(slot, post);
    }

    /// Resolves links again. Posts whose links got other targets are touched.
    fn resolve_links(&mut self, touched: &mut Touched) {
        for slot in self.links.take_affected() {
            let Snapshot { site, posts, .. } = &self.current;
            let Some(post) = posts.get(slot) else { continue };
            if let Some(links) = self.links.resolve(site, slot, post, posts) {
                let post = Post { links, ..Post::clone(post) };
                self.touch(slot, touched);
                self.current.posts.set(slot, Some(Arc::new(post)));
            }
        }
    }

    /// Touches posts whose time came since the last snapshot, and those that appeared or disappeared too early because
    /// the clock was ahead, which is now corrected.
    fn touch_due(&mut self, now: DateTime<Utc>, touched: &mut Touched) {
        let last = self.current.made;
        if now < last {
            for slot in self.slots.iter() {
                let post = self.current.posts.get(slot);
                if post.into_iter().flat_map(|post| list_times(post)).any(|due| due > now && due <= last) {
                    self.touch(slot, touched);
                }
            }
        }
        for slot in self.schedule.take_due(now) {
            self.touch(slot, touched);
        }
    }

    /// Every touched post claims its value of the key `unique`. Posts that claim a value with it are touched.
    fn resolve_uniques(&mut self, now: DateTime<Utc>, touched: &mut Touched) {
        for slot in self.uniques.update(touched.keys().copied(), &self.current, now) {
            self.touch(slot, touched);
        }
    }

    /// Every touched post claims its id, and the contested ids are given to their holders.
    fn resolve_ids(&mut self, now: DateTime<Utc>, touched: &mut Touched) {
        for slot in touched.keys() {
            if let Some(post) = self.current.posts.get(*slot) {
                let is_listed = post.is_visible(now) && !self.uniques.rejects(*slot, post);
                self.ids.update(*slot, post, is_listed);
            }
        }
        while let Some(id) = self.ids.take_unresolved() {
            let Self { current, schedule, ids, .. } = self;
            let listed = |slot: Slot| match touched.get(&slot) {
                Some(before) => before.as_ref(),
                None => current.posts.get(slot).filter(|_| schedule.is_visible(slot)),
            };
            for (slot, post) in ids.resolve(&id, current, listed) {
                self.touch(slot, touched);
                self.current.posts.set(slot, Some(Arc::new(post)));
            }
        }
    }

    /// Updates the schedule and the lists with the touched posts.
    fn update_lists(&mut self, touched: &Touched, before: &Snapshot, now: DateTime<Utc>) {
        let Snapshot { site, posts, lists, terms, digest, paths, .. } = &mut self.current;
        let mut edit = Edit::default();
        for (slot, old) in touched {
            edit.leaving.extend(old.as_deref().map(|post| (*slot, post)));
            let post = posts.get(*slot).map(|post| &**post);
            let is_rejected = post.is_some_and(|post| self.uniques.rejects(*slot, post));
            if self.schedule.update(*slot, post, is_rejected, now) {
                edit.joining.extend(post.map(|post| (*slot, post)));
            }
        }
        if edit.leaving.is_empty() && edit.joining.is_empty() {
            return;
        }
        *digest = digest.wrapping_sub(sum_hashes(&edit.leaving)).wrapping_add(sum_hashes(&edit.joining));
        edit.is_by_publication = self.arrivals.are_all_published();
        edit.sort(compare);
        lists.apply(&edit, &before.posts, posts, site);
        terms.apply(&edit, &before.posts, posts, site);
        *paths = Arc::new(paths.edited(&edit, &before.posts, (site, posts, lists.all())));
    }

    /// Updates the reported problems, if anything changed that has one. `before` are the terms of the last snapshot.
    fn report(&mut self, before: &Terms, now: DateTime<Utc>) {
        let conflicts = self.ids.take_changed();
        let others = [self.problems.take_changed(), self.urls.take_changed(), self.links.take_changed()];
        let slugs = !self.current.terms.has_same_slugs(before);
        let is_unreported = std::mem::take(&mut self.is_unreported);
        if !(conflicts || slugs || is_unreported || others.contains(&true)) {
            return;
        }
        self.current.duplicates = self.ids.count_conflicts();
        self.problems.report(&mut self.current, (&self.ids, &self.urls, &self.links), now);
    }
}
