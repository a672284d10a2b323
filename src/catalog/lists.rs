//! The sorted lists of a snapshot: of all posts, and by source, language and section.

use std::sync::Arc;

use super::post_list::PostList;
use super::posts::Posts;
use super::shared_vec::SharedVec;
use super::site::Site;
use super::slot_set::SlotSet;
use super::sorted_list::{Edit, compare_changes};
use crate::post::{Listed, Post, SourceId};

/// The lists of visible posts. Snapshots share the lists that no post left or joined.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    /// The posts of the main feed: those in each source's default language.
    main: Arc<PostList>,
    /// Every visible post.
    all: Arc<PostList>,
    /// Every visible post, the last changed first. Both lists, and `main`, are shared while they are equal.
    by_change: Arc<PostList>,
    /// The feed of each source.
    by_source: Vec<Arc<PostList>>,
    /// Every visible post of each source.
    sources: Vec<SlotSet>,
    /// The posts of each group, in the order of the groups.
    groups: SharedVec<(Group, Arc<PostList>)>,
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
        let none: Arc<PostList> = Arc::default();
        Self {
            main: Arc::clone(&none),
            all: Arc::clone(&none),
            by_change: Arc::clone(&none),
            by_source: vec![none; sources],
            sources: vec![SlotSet::default(); sources],
            groups: SharedVec::default(),
        }
    }

    /// The posts of the main feed, the last published first.
    pub(super) fn main(&self) -> &PostList {
        &self.main
    }

    /// Every visible post, the last published first.
    pub(super) fn all(&self) -> &PostList {
        &self.all
    }

    /// Every visible post, the last changed first.
    pub(super) fn by_change(&self) -> &PostList {
        &self.by_change
    }

    /// Returns true if the main feed contains every visible post.
    fn is_main_all(&self) -> bool {
        Arc::ptr_eq(&self.main, &self.all)
    }

    /// Returns true if the order by change is the order by publication.
    pub(super) fn is_by_change_all(&self) -> bool {
        Arc::ptr_eq(&self.by_change, &self.all)
    }

    /// The posts in the feed of a source.
    pub(super) fn of_source(&self, source: SourceId) -> Option<&PostList> {
        self.by_source.get(usize::from(source)).map(|list| &**list)
    }

    /// Every visible post of a source.
    pub(super) fn set_of_source(&self, source: SourceId) -> Option<&SlotSet> {
        self.sources.get(usize::from(source))
    }

    /// The posts of a group; `None` if it is unknown.
    pub(super) fn of_group(&self, group: &Group) -> Option<&PostList> {
        let (found, list) = self.groups.get(self.place_of(group))?;
        (found == group).then_some(list)
    }

    /// Every group that has or had posts, with its posts.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&Group, &PostList)> {
        self.groups.iter().map(|(group, list)| (group, &**list))
    }

    /// The place of a group among the groups, or where it would be.
    fn place_of(&self, group: &Group) -> usize {
        self.groups.partition_point(|(known, _)| known < group)
    }

    /// Returns true if a section or one below it has or had posts.
    pub(super) fn has_section(&self, source: SourceId, name: &str) -> bool {
        // A folder that contains only sections is itself a section.
        let below = format!("{name}/");
        let first = self.groups.get(self.place_of(&Group::Section(source, below.as_str().into())));
        let has_below = first.is_some_and(|(group, _)| {
            matches!(group, Group::Section(own, found) if *own == source && found.starts_with(&below))
        });
        has_below || self.of_group(&Group::Section(source, name.into())).is_some()
    }

    /// Merges an edit into every list that it concerns. `before` and `after` are the posts before and after it.
    pub(super) fn apply(&mut self, edit: &Edit<'_>, before: &Posts, after: &Posts, site: &Site) {
        self.edit_all(edit, before, after);
        let groups = |post: &Post| {
            let language = site.language_of(post).map(|code| Group::Language(code.into()));
            let section = post.section.as_ref().map(|name| Group::Section(post.source, Arc::clone(name)));
            [language, section].into_iter().flatten()
        };
        for (group, mut edit) in edit.distribute(groups) {
            if matches!(group, Group::Language(_)) {
                edit = edit.retain(|post| post.listed == Listed::Everywhere);
            }
            let at = self.place_of(&group);
            let known = self.groups.get(at).filter(|(known, _)| *known == group);
            let list = known.map(|(_, list)| Arc::clone(list));
            if list.is_some() {
                self.groups.remove(at);
            }
            let list = list.unwrap_or_default().edited(&edit, before, after);
            self.groups.insert(at, (group, Arc::new(list)));
        }
        for (slot, post) in &edit.leaving {
            self.sources[usize::from(post.source)].remove(*slot);
        }
        for (slot, post) in &edit.joining {
            self.sources[usize::from(post.source)].insert(*slot);
        }
        // All other feeds contain posts in each source's default language.
        let edit = edit.retain(is_in_main);
        if !self.is_main_all() {
            self.main = Arc::new(self.main.edited(&edit, before, after));
        }
        for (source, edit) in edit.distribute(|post| [post.source]) {
            let list = &mut self.by_source[usize::from(source)];
            *list = Arc::new(list.edited(&edit, before, after));
        }
    }

    /// Updates the lists of all posts. They are one list as long as every post is in its source's default language
    /// and listed everywhere, and no post has a date of change.
    fn edit_all(&mut self, edit: &Edit<'_>, before: &Posts, after: &Posts) {
        let is_one = self.is_main_all() && edit.all(is_in_main);
        let is_unchanged = self.is_by_change_all() && edit.all(|post| post.updated.is_none());
        self.all = Arc::new(self.all.edited(edit, before, after));
        if is_one {
            self.main = Arc::clone(&self.all);
        }
        if is_unchanged {
            self.by_change = Arc::clone(&self.all);
        } else {
            let mut edit = edit.clone();
            edit.sort(compare_changes);
            self.by_change = Arc::new(self.by_change.edited_by(&edit, compare_changes, before));
        }
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        let lists = [&self.main, &self.all, &self.by_change].into_iter().chain(&self.by_source);
        lists.for_each(|list| list.visit_parts(each));
        self.sources.iter().for_each(|set| set.visit_parts(each));
        self.groups.visit_parts(each);
        self.groups().for_each(|(_, list)| list.visit_parts(each));
    }
}

fn is_in_main(post: &Post) -> bool {
    post.language == 0 && post.listed == Listed::Everywhere
}
