//! One immutable state of all posts, as a request sees it from start to end.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::hits::{PostTexts, Versions};
use super::id_claims::OwnIds;
use super::lists::{Group, Lists};
use super::paths::{PathIndex, Paths};
use super::post_list::PostList;
use super::posts::Posts;
use super::schedule::Upcoming;
use super::select::{Page, Query, Selected};
use super::selection::Selection;
use super::site::Site;
use super::term_index::{TermEntry, TermIndex};
use super::terms::Terms;
use crate::config::Problem;
use crate::post::text::name_count;
use crate::post::{Post, SourceId, UniqueKey};

/// One state of the catalog. Cheap to keep: snapshots share what did not change.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Increases with every change.
    pub revision: u64,
    /// The site and its sources.
    pub site: Arc<Site>,
    /// All problems, in the order of files and lines.
    pub problems: Arc<[Problem]>,
    /// For each problem, the time since which it has been reported.
    pub since: Arc<[DateTime<Utc>]>,
    /// The time at which this snapshot was made.
    pub made: DateTime<Utc>,
    /// Indices of the sources whose posts were never read, because their folders are missing.
    pub awaited: Arc<[SourceId]>,
    /// The number of posts that claim the id of another post, and got another id.
    pub duplicates: usize,
    /// Hash of all visible posts with everything in them: equal for equal posts, on every machine.
    pub digest: u128,
    /// The next time at which the catalog makes another snapshot: a post appears or disappears, or a digest appears.
    pub next_due: Option<DateTime<Utc>>,
    pub(super) posts: Posts,
    pub(super) lists: Lists,
    pub(super) terms: Terms,
    pub(super) upcoming: Upcoming,
    /// The ids of posts as their files give them, where their entries have others.
    pub(super) own_ids: Arc<OwnIds>,
    pub(super) paths: Arc<Paths>,
}

impl Snapshot {
    /// The snapshot before any post is read.
    pub fn empty(site: Arc<Site>) -> Self {
        Self {
            revision: 0,
            problems: Arc::new([]),
            since: Arc::new([]),
            made: DateTime::UNIX_EPOCH,
            awaited: Arc::new([]),
            duplicates: 0,
            digest: 0,
            next_due: None,
            posts: Posts::default(),
            lists: Lists::new(site.sources.len()),
            terms: Terms::new(site.taxonomies.len()),
            upcoming: Upcoming::default(),
            own_ids: Arc::default(),
            paths: Arc::default(),
            site,
        }
    }

    /// All visible posts, the last published first: those of every language and section.
    pub fn visible(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.lists.all().iter().filter_map(|slot| self.posts.get(slot))
    }

    /// Posts that appear or disappear next, the soonest first. Only the soonest are known.
    pub fn upcoming(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.upcoming.iter().filter_map(|(_, slot)| self.posts.get(slot))
    }

    /// Every post of a source, visible or not, in no order.
    pub fn posts_of(&self, source: SourceId) -> impl Iterator<Item = &Arc<Post>> {
        self.posts.iter().map(|(_, post)| post).filter(move |post| post.source == source)
    }

    /// Every post of a source, visible or not, in no order, each as its file gave it.
    pub fn own_posts(&self, source: SourceId) -> impl Iterator<Item = Arc<Post>> {
        let posts = self.posts.iter().filter(move |(_, post)| post.source == source);
        posts.map(|(slot, post)| match self.own_ids.get(&slot) {
            Some(own) => Arc::new(Post { id: own.clone(), ..Post::clone(post) }),
            None => Arc::clone(post),
        })
    }

    /// Every post that is not listed because another post of its source has the same value under the key `unique`, with
    /// that other post. Reads all posts.
    pub fn list_repeated(&self) -> Vec<(&Arc<Post>, &Arc<Post>)> {
        let listed: HashMap<UniqueKey, &Arc<Post>> =
            self.visible().filter_map(|post| Some((post.unique?, post))).collect();
        let all = self.posts.iter().filter(|(_, post)| post.is_visible(self.made));
        all.filter_map(|(_, post)| {
            let first = *listed.get(&post.unique?)?;
            (!Arc::ptr_eq(first, post)).then_some((post, first))
        })
        .collect()
    }

    /// The number of posts in the main feed: visible, in each source's default language, and listed everywhere.
    pub fn count_main(&self) -> usize {
        self.lists.main().len()
    }

    /// The number of visible posts, in every language.
    pub fn count_visible(&self) -> usize {
        self.lists.all().len()
    }

    /// The terms of the taxonomy at an index of the site's list.
    pub fn terms(&self, taxonomy: usize) -> &TermIndex {
        &self.terms.main()[taxonomy]
    }

    /// The terms of a taxonomy that may differ from an earlier snapshot of the same site: in their URL path, in their
    /// spelling, or in their posts. They include terms whose last post was removed. Costs what changed.
    pub fn changed_terms(&self, before: &Self, taxonomy: usize) -> Vec<&Arc<TermEntry>> {
        self.terms(taxonomy).list_changed(before.terms(taxonomy))
    }

    /// The terms of a taxonomy for posts in one language, by its code.
    pub fn terms_in(&self, code: &str, taxonomy: usize) -> Option<&TermIndex> {
        self.terms.in_language(code, taxonomy)
    }

    /// The number of visible posts that the feed of a source contains.
    pub fn count_source(&self, source: SourceId) -> usize {
        self.lists.of_source(source).map_or(0, PostList::len)
    }

    /// Every language of a multilingual site, with the number of its posts.
    pub fn languages(&self) -> impl Iterator<Item = (&str, usize)> {
        self.lists.groups().filter_map(|(group, posts)| match group {
            Group::Language(code) => Some((&**code, posts.len())),
            Group::Section(..) => None,
        })
    }

    /// The languages that are no source's default, with the numbers of their posts. Only feeds that name them contain
    /// these posts.
    pub fn other_languages(&self) -> impl Iterator<Item = (&str, usize)> {
        let sources = self.site.sources.iter();
        let defaults: Vec<&str> =
            sources.filter_map(|source| source.site.languages.first()).map(String::as_str).collect();
        self.languages().filter(move |(code, _)| !defaults.contains(code))
    }

    /// The number of posts, for people: in total and, if some are only in feeds of their language, per feed.
    pub fn describe_posts(&self) -> String {
        let main = self.count_main();
        let others: Vec<_> = self.other_languages().filter(|(_, posts)| *posts > 0).collect();
        let total = name_count(main + others.iter().map(|(_, posts)| posts).sum::<usize>(), "post");
        let feeds: String =
            others.iter().map(|(code, posts)| format!(", {posts} in /languages/{code}/")).collect();
        if feeds.is_empty() { total } else { format!("{total} ({main} in the main feed{feeds})") }
    }

    /// The names of the sections that have posts.
    pub fn list_sections(&self) -> impl Iterator<Item = &str> {
        self.lists.groups().filter_map(|(group, _)| match group {
            Group::Section(_, name) => Some(&**name),
            Group::Language(_) => None,
        })
    }

    /// The index of the first source that has a section of this name.
    pub fn find_section(&self, name: &str) -> Option<SourceId> {
        let is_known = |id: SourceId| {
            let sections = &self.site.source(id).site.sections;
            // The folder of a taxonomy contains only descriptions of its terms.
            let first = name.split('/').next().unwrap_or_default();
            sections.iter().any(|section| section.name == name)
                && !self.site.taxonomies.iter().any(|taxonomy| taxonomy.name == first)
        };
        let mut sources = self.site.source_ids();
        sources.find(|id| self.lists.has_section(*id, name) || is_known(*id))
    }

    /// Resolves a text to a term, with or without a feed, and to the index that contains it: that of each source's
    /// default language, else that of another language.
    pub fn resolve_term(&self, taxonomy: usize, text: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        self.terms.all(taxonomy).find_map(|index| Some((index, index.find(text)?)))
    }

    /// Resolves a text in a URL path to a term that has a feed.
    pub fn find_term(&self, taxonomy: usize, text: &str) -> Option<&Arc<TermEntry>> {
        let (_, found) = self.resolve_term(taxonomy, text)?;
        self.site.taxonomies[taxonomy].lists(&found.folded).then_some(found)
    }

    /// The term with exactly this folded spelling, and the index that contains it.
    pub fn get_term(&self, taxonomy: usize, folded: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        self.terms.all(taxonomy).find_map(|index| Some((index, index.get(folded)?)))
    }

    /// The newest posts of a selection without search words, at most `limit`.
    pub fn select(&self, selection: &Selection, limit: usize) -> Vec<Arc<Post>> {
        let query = self.query(selection);
        query.collect(&query.find(), 0..limit)
    }

    /// The number of posts in a selection.
    pub fn count_selected(&self, selection: &Selection, texts: &dyn PostTexts) -> usize {
        self.query(selection).find_words(texts).len()
    }

    /// Every post by its slot.
    pub fn versions(&self) -> Versions {
        Versions(self.posts.clone())
    }

    /// The posts of a selection in a range of positions.
    pub fn select_page(
        &self,
        selection: &Selection,
        places: Range<usize>,
        texts: &dyn PostTexts,
    ) -> Selected {
        self.query(selection).page(places, texts)
    }

    /// The posts of a page of a selection. The first one has those that arrived last too: as many as `arrivals` returns
    /// for the number of all posts.
    pub fn select_numbered(
        &self,
        selection: &Selection,
        page: Page,
        arrivals: impl Fn(usize) -> usize,
        texts: &dyn PostTexts,
    ) -> Selected {
        self.query(selection).numbered(page, arrivals, texts)
    }

    pub(super) fn query<'q>(&self, selection: &'q Selection) -> Query<'_, 'q> {
        let Self { posts, lists, terms, .. } = self;
        Query { posts, lists, terms, selection }
    }

    /// The next time before `until` at which a post of a selection appears or disappears. Search words are not
    /// checked.
    pub fn next_due_of(&self, selection: &Selection, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut soon = self.upcoming.iter().take_while(|(due, _)| *due < until);
        let may_match = |slot| self.posts.get(slot).is_none_or(|post| selection.matches(&self.site, post));
        let own = soon.find(|(_, slot)| may_match(*slot)).map(|(due, _)| due);
        // Posts after the soonest ones are unknown: they may belong to this selection.
        own.or_else(|| self.upcoming.horizon().filter(|due| *due < until))
    }

    /// The next time at which a post appears or disappears.
    pub fn next_post(&self) -> Option<DateTime<Utc>> {
        self.upcoming.first()
    }

    pub(super) fn find_next_due(&self) -> Option<DateTime<Utc>> {
        self.next_post().into_iter().chain(self.site.next_digest(self.made)).min()
    }

    /// Returns true if a selection may contain posts of an awaited source.
    pub fn awaits(&self, selection: &Selection) -> bool {
        self.awaited.iter().any(|source| selection.may_contain(*source))
    }

    /// Returns true if the index for [`Snapshot::find_page`] and [`Snapshot::shows_media`] is already built.
    pub fn has_paths(&self) -> bool {
        self.paths.is_built()
    }

    /// The visible post of a source whose page has this name. The exact name takes precedence over one that differs
    /// in case.
    pub fn find_page(&self, source: SourceId, name: &str) -> Option<&Arc<Post>> {
        self.paths().find_page(&self.posts, source, name)
    }

    /// Returns true if a visible entry of a source shows or links to the media file at a path below the site's URL.
    pub fn shows_media(&self, source: SourceId, path: &str) -> bool {
        self.paths().shows_media(source, path)
    }

    fn paths(&self) -> &PathIndex {
        self.paths.index(&self.site, &self.posts, self.lists.all())
    }

    /// Every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn parts(&self) -> std::collections::BTreeMap<usize, usize> {
        let mut parts = std::collections::BTreeMap::new();
        let mut add = |address, size| parts.extend([(address, size)]);
        self.posts.visit_parts(&mut add);
        self.lists.visit_parts(&mut add);
        self.terms.visit_parts(&mut add);
        self.paths.visit_parts(&mut add);
        parts
    }
}
