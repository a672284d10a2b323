//! The writer's side of the catalog: changes in, the next snapshot out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::listing::{Edit, sort};
use super::posts::Slot;
use super::rivals::{Rivals, make_id, seniority};
use super::site::Site;
use super::snapshot::{Snapshot, TermKey};
use crate::config::Problem;
use crate::post::{Post, Term};

/// What happened to one file.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is a post, new or changed.
    Put(Box<Post>),
    /// It is no entry (any more); a problem says why if it was not meant so.
    Remove {
        /// Place of its source.
        source: u16,
        /// Its path, relative to the source's root.
        path: Arc<str>,
        /// What is wrong with it, if anything is.
        problem: Option<Problem>,
    },
    /// It can't be read as a post: what it last was stays.
    Break {
        /// Place of its source.
        source: u16,
        /// Its path, relative to the source's root.
        path: Arc<str>,
        /// Why it can't be read.
        problem: Problem,
    },
}

/// All posts, kept so that a change costs what it changes. One thread owns it.
#[derive(Debug)]
pub struct Catalog {
    current: Snapshot,
    by_path: HashMap<u64, Slot>,
    free: Vec<Slot>,
    /// Every slot's id as its file gives it, where the entry has another.
    own_ids: HashMap<Slot, Box<str>>,
    rivals: Rivals,
    listed: HashSet<Slot>,
    due: BTreeMap<DateTime<Utc>, Vec<Slot>>,
    interned: HashSet<Arc<Term>>,
    problems: BTreeMap<(u16, Arc<str>), Problem>,
}

impl Catalog {
    /// An empty catalog of a site.
    pub fn new(site: Arc<Site>) -> Self {
        Self {
            current: Snapshot::empty(site),
            by_path: HashMap::new(),
            free: Vec::new(),
            own_ids: HashMap::new(),
            rivals: Rivals::default(),
            listed: HashSet::new(),
            due: BTreeMap::new(),
            interned: HashSet::new(),
            problems: BTreeMap::new(),
        }
    }

    /// Takes changes in and gives the state after them, as of `now`. Posts whose time has come
    /// appear or disappear in it too.
    pub fn apply(&mut self, changes: Vec<Change>, now: DateTime<Utc>) -> Arc<Snapshot> {
        let before = self.current.clone();
        let mut touched: HashMap<Slot, Option<Arc<Post>>> = HashMap::with_capacity(changes.len());
        for change in changes {
            self.take_in(change, &mut touched);
        }
        self.take_due(now, &mut touched);
        self.settle_ids(&mut touched, now);
        self.relist(touched, &before, now);
        self.forget_unused();
        self.current.revision += 1;
        self.current.next_due = self.due.range(now..).map(|(due, _)| *due).find(|due| *due > now);
        self.current.problems = self.collect_problems();
        Arc::new(self.current.clone())
    }

    /// How many posts there are, visible or not.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Whether there is no post at all.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// Notes a change and remembers what stood in the lists before: `touched` maps a slot to its post
    /// as listed, if it was.
    fn take_in(&mut self, change: Change, touched: &mut HashMap<Slot, Option<Arc<Post>>>) {
        match change {
            Change::Put(post) => {
                let key = hash_path(post.source, &post.path);
                self.problems.remove(&(post.source, post.path.clone()));
                let slot = self
                    .by_path
                    .get(&key)
                    .copied()
                    .unwrap_or_else(|| self.free.pop().unwrap_or(self.by_path.len() as Slot));
                self.by_path.insert(key, slot);
                self.touch(slot, touched);
                let post = Arc::new(self.intern(*post));
                self.store(slot, Some(post));
            }
            Change::Remove { source, path, problem } => {
                if let Some(slot) = self.by_path.remove(&hash_path(source, &path)) {
                    self.touch(slot, touched);
                    self.store(slot, None);
                    self.free.push(slot);
                }
                match problem {
                    Some(problem) => self.problems.insert((source, path), problem),
                    None => self.problems.remove(&(source, path)),
                };
            }
            Change::Break { source, path, problem } => {
                if let Some(slot) = self.by_path.get(&hash_path(source, &path)).copied() {
                    self.touch(slot, touched);
                    if let Some(post) = self.current.posts.get(slot) {
                        let mut post = Post::clone(post);
                        post.broken = true;
                        post.id = self.own_ids.get(&slot).cloned().unwrap_or(post.id);
                        self.store(slot, Some(Arc::new(post)));
                    }
                }
                self.problems.insert((source, path), problem);
            }
        }
    }

    /// Remembers how a slot is listed and takes its claims back, before it changes.
    fn touch(&mut self, slot: Slot, touched: &mut HashMap<Slot, Option<Arc<Post>>>) {
        if touched.contains_key(&slot) {
            return;
        }
        let post = self.current.posts.get(slot).filter(|_| self.listed.contains(&slot)).cloned();
        touched.insert(slot, post);
    }

    /// Puts a post into its slot and keeps the calendar; its claim on an id is settled later.
    fn store(&mut self, slot: Slot, post: Option<Arc<Post>>) {
        if let Some(old) = self.current.posts.get(slot) {
            let own = self.own_ids.get(&slot).unwrap_or(&old.id);
            self.rivals.release(own, slot);
            for due in [old.held.then_some(old.published), old.expires].into_iter().flatten() {
                if let Some(slots) = self.due.get_mut(&due) {
                    slots.retain(|other| *other != slot);
                    if slots.is_empty() {
                        self.due.remove(&due);
                    }
                }
            }
        }
        self.own_ids.remove(&slot);
        self.current.posts.set(slot, post);
    }

    /// Gives equal terms one place in memory, and drops those that have no feed.
    fn intern(&mut self, mut post: Post) -> Post {
        let site = Arc::clone(&self.current.site);
        let lists = |term: &Arc<Term>| {
            site.taxonomies.get(usize::from(term.taxonomy)).is_some_and(|t| t.lists(&term.folded))
        };
        let terms = post.terms.iter().filter(|term| lists(term)).map(|term| match self.interned.get(term) {
            Some(known) => Arc::clone(known),
            None => {
                self.interned.insert(Arc::clone(term));
                Arc::clone(term)
            }
        });
        post.terms = terms.collect();
        post
    }

    /// Posts whose time came since the last state are touched like changed ones.
    fn take_due(&mut self, now: DateTime<Utc>, touched: &mut HashMap<Slot, Option<Arc<Post>>>) {
        let come: Vec<DateTime<Utc>> = self.due.range(..=now).map(|(due, _)| *due).collect();
        for due in come {
            for slot in self.due.remove(&due).unwrap_or_default() {
                self.touch(slot, touched);
            }
        }
    }

    /// Decides who holds each id that a touched post has or had, among visible posts.
    fn settle_ids(&mut self, touched: &mut HashMap<Slot, Option<Arc<Post>>>, now: DateTime<Utc>) {
        let mut contested: HashSet<Box<str>> = HashSet::new();
        for (slot, listed) in touched.iter() {
            // A post that lost its id, or left, may leave it to a rival.
            if let Some(old) = listed {
                let own = old.id.split_once('#').map_or(&*old.id, |(own, _)| own);
                contested.extend([old.id.clone(), own.into()]);
            }
            let Some(post) = self.current.posts.get(*slot) else { continue };
            let own = self.own_ids.get(slot).unwrap_or(&post.id).clone();
            self.rivals.release(&own, *slot);
            if post.is_visible(now) {
                self.rivals.claim(&own, *slot);
            }
            contested.insert(own);
        }
        for id in contested {
            self.settle_id(&id, touched);
        }
    }

    fn settle_id(&mut self, id: &str, touched: &mut HashMap<Slot, Option<Arc<Post>>>) {
        let others = self.rivals.others(id).to_vec();
        let holder = self.rivals.holder(id);
        if others.is_empty() {
            if let Some(holder) = holder {
                self.give_id(holder, id, id.into(), touched);
            }
            return;
        }
        let all: Vec<Slot> = others.into_iter().chain(holder).collect();
        let posts: HashMap<Slot, Arc<Post>> =
            all.iter().filter_map(|slot| Some((*slot, self.current.posts.get(*slot)?.clone()))).collect();
        // Who held the id in the last state keeps it: its subscribers know it by that.
        let held = |slot: &Slot| {
            let listed = self
                .listed
                .contains(slot)
                .then(|| touched.get(slot).cloned().flatten().or_else(|| posts.get(slot).cloned()));
            listed.flatten().is_some_and(|post| *post.id == *id)
        };
        let first = all
            .iter()
            .copied()
            .find(held)
            .or_else(|| posts.iter().min_by_key(|(_, post)| seniority(post)).map(|(slot, _)| *slot));
        let Some(first) = first else { return };
        self.rivals.set_holder(id, first);
        let losers: Vec<&Post> =
            posts.iter().filter(|(slot, _)| **slot != first).map(|(_, post)| &**post).collect();
        for slot in all {
            let Some(post) = posts.get(&slot) else { continue };
            let source = &self.current.site.sources[usize::from(post.source)].name;
            let given = if slot == first { id.into() } else { make_id(id, post, source, &losers).into() };
            self.give_id(slot, id, given, touched);
        }
    }

    /// Lets a post be known by an id, which may not be its own.
    fn give_id(
        &mut self,
        slot: Slot,
        own: &str,
        given: Box<str>,
        touched: &mut HashMap<Slot, Option<Arc<Post>>>,
    ) {
        let Some(post) = self.current.posts.get(slot).filter(|post| post.id != given).cloned() else {
            return;
        };
        self.touch(slot, touched);
        if *given == *own {
            self.own_ids.remove(&slot);
        } else {
            self.own_ids.insert(slot, own.into());
        }
        self.current.posts.set(slot, Some(Arc::new(Post { id: given, ..Post::clone(&post) })));
    }

    /// Brings every list up to date with the touched posts.
    fn relist(&mut self, touched: HashMap<Slot, Option<Arc<Post>>>, before: &Snapshot, now: DateTime<Utc>) {
        let mut edit = Edit::default();
        for (slot, old) in touched {
            let post = self.current.posts.get(slot).cloned();
            if let Some(post) = &post {
                for due in [post.held.then_some(post.published), post.expires].into_iter().flatten() {
                    let slots = self.due.entry(due).or_default();
                    if due > now && !slots.contains(&slot) {
                        slots.push(slot);
                    }
                    if slots.is_empty() {
                        self.due.remove(&due);
                    }
                }
            }
            let visible = post.filter(|post| post.is_visible(now));
            match &visible {
                Some(_) => self.listed.insert(slot),
                None => self.listed.remove(&slot),
            };
            edit.leaving.extend(old.map(|post| (slot, post)));
            edit.joining.extend(visible.map(|post| (slot, post)));
        }
        sort(&mut edit.leaving);
        sort(&mut edit.joining);
        self.apply_edit(&edit, before);
    }

    fn apply_edit(&mut self, edit: &Edit, before: &Snapshot) {
        if edit.is_empty() {
            return;
        }
        self.current.newest = Arc::new(edit.apply(&self.current.newest, &before.posts));
        let mut by_source: HashMap<u16, Edit> = HashMap::new();
        let mut by_term: HashMap<TermKey, Edit> = HashMap::new();
        for (side, posts) in [(0, &edit.leaving), (1, &edit.joining)] {
            for (slot, post) in posts {
                let source = by_source.entry(post.source).or_default();
                push(source, side, *slot, post);
                for (place, term) in post.terms.iter().enumerate() {
                    // Two spellings of one term are one place in its list.
                    let same =
                        |other: &Arc<Term>| other.taxonomy == term.taxonomy && other.folded == term.folded;
                    if post.terms[..place].iter().any(same) {
                        continue;
                    }
                    let key = TermKey { taxonomy: term.taxonomy, folded: term.folded.clone() };
                    push(by_term.entry(key).or_default(), side, *slot, post);
                }
            }
        }
        for (source, edit) in by_source {
            let list = &mut self.current.by_source[usize::from(source)];
            *list = Arc::new(edit.apply(list, &before.posts));
        }
        for (key, edit) in by_term {
            let source = edit.joining.first().or(edit.leaving.first()).map_or(0, |(_, post)| post.source);
            let term_slug = self.current.site.sources[usize::from(source)].rules.term_slug;
            let index = Arc::make_mut(&mut self.current.terms[usize::from(key.taxonomy)]);
            index.edit(&key.folded, &edit, key.taxonomy, &before.posts, &self.current.posts, term_slug);
        }
    }

    /// Lets go of terms that no post has any more, from time to time.
    fn forget_unused(&mut self) {
        if self.interned.len() > 1024 && self.current.revision.is_multiple_of(256) {
            self.interned.retain(|term| Arc::strong_count(term) > 1);
        }
    }

    fn collect_problems(&self) -> Arc<[Problem]> {
        let mut problems: Vec<Problem> = self.problems.values().cloned().collect();
        for slot in self.rivals.losers() {
            let (Some(post), Some(own)) = (self.current.posts.get(slot), self.own_ids.get(&slot)) else {
                continue;
            };
            let holder = self.rivals.holder(own).and_then(|holder| self.current.posts.get(holder));
            let name =
                |post: &Post| self.current.site.sources[usize::from(post.source)].name_file(&post.path);
            let message = format!(
                "the id {own} is that of {} too. Give one of them another address or `guid`.",
                holder.map_or_else(String::new, |holder| name(holder))
            );
            problems.push(Problem::warning(name(post), message));
        }
        for (place, taxonomy) in self.current.site.taxonomies.iter().enumerate() {
            problems.extend(self.current.terms[place].collisions().map(|(slug, terms)| {
                let spellings: Vec<String> =
                    terms.iter().map(|t| format!("{:?}", t.spelling.spelling)).collect();
                let owner = spellings.first().cloned().unwrap_or_default();
                let message = format!(
                    "the {} {} share the slug {slug}: it leads to {owner}. Spell them further apart.",
                    taxonomy.name,
                    spellings.join(" and ")
                );
                Problem::warning(format!("/{}/{slug}/", taxonomy.name), message)
            }));
        }
        problems.sort();
        problems.into()
    }
}

fn push(edit: &mut Edit, side: usize, slot: Slot, post: &Arc<Post>) {
    let list = if side == 0 { &mut edit.leaving } else { &mut edit.joining };
    list.push((slot, Arc::clone(post)));
}

fn hash_path(source: u16, path: &str) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&source.to_le_bytes());
    hasher.update(path.as_bytes());
    hasher.digest()
}
