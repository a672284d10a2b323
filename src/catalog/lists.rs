//! The sorted lists of a snapshot: of all posts, and by source, language and section.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::posts::{Posts, Slot};
use super::site::Site;
use super::sorted_list::{Edit, compare_changes};
use crate::post::{Listed, Post, SourceId};

/// The lists of visible posts. Snapshots share the lists that no post left or joined.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    /// The posts of the main feed: those in each source's default language.
    main: Arc<Vec<Slot>>,
    /// Every visible post.
    all: Arc<Vec<Slot>>,
    /// Every visible post, the last changed first. Both lists, and `main`, are shared while they are equal.
    by_change: Arc<Vec<Slot>>,
    by_source: Vec<Arc<Vec<Slot>>>,
    groups: BTreeMap<Group, Arc<Vec<Slot>>>,
}

/// Posts that are listed together, in addition to sources and terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    /// The posts in one language of a multilingual site, by its code.
    Language(Arc<str>),
    /// The posts of a section, by the index of its source and its name.
    Section(SourceId, Arc<str>),
}

impl Lists {
    /// Empty lists for a number of sources.
    pub(super) fn new(sources: usize) -> Self {
        let none: Arc<Vec<Slot>> = Arc::default();
        Self {
            main: Arc::clone(&none),
            all: Arc::clone(&none),
            by_change: none,
            by_source: vec![Arc::default(); sources],
            groups: BTreeMap::new(),
        }
    }

    /// The posts of the main feed, the last published first.
    pub(super) fn main(&self) -> &[Slot] {
        &self.main
    }

    /// Every visible post, the last published first.
    pub(super) fn all(&self) -> &[Slot] {
        &self.all
    }

    /// Every visible post, the last changed first.
    pub(super) fn by_change(&self) -> &[Slot] {
        &self.by_change
    }

    /// Returns true if the main feed contains every visible post.
    pub(super) fn is_main_all(&self) -> bool {
        Arc::ptr_eq(&self.main, &self.all)
    }

    /// Returns true if the order by change is the order by publication.
    pub(super) fn is_by_change_all(&self) -> bool {
        Arc::ptr_eq(&self.by_change, &self.all)
    }

    /// The posts in the feed of a source.
    pub(super) fn of_source(&self, source: SourceId) -> &[Slot] {
        self.by_source.get(usize::from(source)).map_or(&[], |list| &list[..])
    }

    /// The posts of a group; none if it is unknown.
    pub(super) fn of_group(&self, group: &Group) -> &[Slot] {
        self.groups.get(group).map_or(&[], |list| &list[..])
    }

    /// Every group that has or had posts, with its posts.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&Group, &[Slot])> {
        self.groups.iter().map(|(group, list)| (group, &list[..]))
    }

    /// Returns true if a section or one below it has or had posts.
    pub(super) fn has_section(&self, source: SourceId, name: &str) -> bool {
        // A folder that contains only sections is itself a section.
        let below = format!("{name}/");
        let first = self.groups.range(Group::Section(source, below.as_str().into())..).next();
        let has_below = first.is_some_and(|(group, _)| {
            matches!(group, Group::Section(own, found) if *own == source && found.starts_with(&below))
        });
        has_below || self.groups.contains_key(&Group::Section(source, name.into()))
    }

    /// Merges an edit into every list that it concerns. `before` contains the posts that the lists are sorted by.
    pub(super) fn apply(&mut self, edit: &Edit<'_>, before: &Posts, site: &Site) {
        self.edit_all(edit, before);
        let groups = |post: &Post| {
            let language = site.language_of(post).map(|code| Group::Language(code.into()));
            let section = post.section.as_ref().map(|name| Group::Section(post.source, Arc::clone(name)));
            [language, section].into_iter().flatten()
        };
        for (group, mut edit) in edit.distribute(groups) {
            if matches!(group, Group::Language(_)) {
                edit = edit.retain(|post| post.listed == Listed::Everywhere);
            }
            let list = self.groups.entry(group).or_default();
            *list = Arc::new(edit.apply(list, before));
        }
        // All other feeds contain posts in each source's default language.
        let edit = edit.retain(is_in_main);
        if !self.is_main_all() {
            self.main = Arc::new(edit.apply(&self.main, before));
        }
        for (source, edit) in edit.distribute(|post| [post.source]) {
            let list = &mut self.by_source[usize::from(source)];
            *list = Arc::new(edit.apply(list, before));
        }
    }

    /// Updates the lists of all posts. They are one list as long as every post is in its source's default language
    /// and listed everywhere, and no post has a date of change.
    fn edit_all(&mut self, edit: &Edit<'_>, before: &Posts) {
        let is_one = self.is_main_all() && edit.all(is_in_main);
        let is_unchanged = self.is_by_change_all() && edit.all(|post| post.updated.is_none());
        self.all = Arc::new(edit.apply(&self.all, before));
        if is_one {
            self.main = Arc::clone(&self.all);
        }
        if is_unchanged {
            self.by_change = Arc::clone(&self.all);
        } else {
            let mut edit = edit.clone();
            edit.sort(compare_changes);
            self.by_change = Arc::new(edit.apply_by(compare_changes, &self.by_change, before));
        }
    }
}

fn is_in_main(post: &Post) -> bool {
    post.language == 0 && post.listed == Listed::Everywhere
}
