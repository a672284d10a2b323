//! The posts that are visible, and the times at which posts appear and disappear.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::posts::Slot;
use super::slot_set::SlotSet;
use crate::post::Post;

/// The number of posts of which a snapshot knows when they appear or disappear.
const SOONEST: usize = 1024;

/// The visible posts of the last snapshot, and all later times at which that changes.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    visible: SlotSet,
    due: BTreeSet<(DateTime<Utc>, Slot)>,
}

impl Schedule {
    /// Returns true if the last snapshot lists the post of a slot.
    pub(super) fn is_visible(&self, slot: Slot) -> bool {
        self.visible.contains(slot)
    }

    /// Drops the times of a post that is replaced or removed.
    pub(super) fn remove_times(&mut self, slot: Slot, post: &Post) {
        for due in list_times(post) {
            self.due.remove(&(due, slot));
        }
    }

    /// Takes the slots of posts whose time has come.
    pub(super) fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Slot> {
        let mut slots = Vec::new();
        while let Some((_, slot)) = self.due.first().copied().filter(|(due, _)| *due <= now) {
            self.due.pop_first();
            slots.push(slot);
        }
        slots
    }

    /// Schedules the post of a slot, as of `now`, unless it is rejected. Returns true if it is visible.
    pub(super) fn update(
        &mut self,
        slot: Slot,
        post: Option<&Post>,
        is_rejected: bool,
        now: DateTime<Utc>,
    ) -> bool {
        let times = post.into_iter().flat_map(list_times).filter(|due| *due > now);
        self.due.extend(times.map(|due| (due, slot)));
        let is_visible = !is_rejected && post.is_some_and(|post| post.is_visible(now));
        if is_visible {
            self.visible.insert(slot);
        } else {
            self.visible.remove(slot);
        }
        is_visible
    }

    /// The soonest times; `known` itself if it contains them already.
    pub(super) fn list_upcoming(&self, known: &Upcoming) -> Upcoming {
        let soonest = || self.due.iter().take(SOONEST);
        if soonest().eq(&*known.due) { known.clone() } else { Upcoming { due: soonest().copied().collect() } }
    }
}

/// The times at which a post appears and disappears, if it does so later.
pub(super) fn list_times(post: &Post) -> impl Iterator<Item = DateTime<Utc>> + use<> {
    [post.held.then_some(post.published), post.expires].into_iter().flatten()
}

/// The times at which posts appear and disappear, the soonest first. Only the soonest are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Upcoming {
    due: Arc<[(DateTime<Utc>, Slot)]>,
}

impl Upcoming {
    /// The soonest of these times that come after `now`.
    pub(super) fn of<'p>(posts: impl Iterator<Item = (Slot, &'p Post)>, now: DateTime<Utc>) -> Self {
        let times = posts.flat_map(|(slot, post)| list_times(post).map(move |due| (due, slot)));
        let mut due: Vec<_> = times.filter(|(due, _)| *due > now).collect();
        due.sort_unstable();
        due.truncate(SOONEST);
        Self { due: due.into() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (DateTime<Utc>, Slot)> {
        self.due.iter().copied()
    }

    /// The next time at which a post appears or disappears.
    pub(super) fn first(&self) -> Option<DateTime<Utc>> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The time from which other posts, which are not kept, may appear or disappear.
    pub(super) fn horizon(&self) -> Option<DateTime<Utc>> {
        self.due.get(SOONEST - 1).map(|(due, _)| *due)
    }
}
