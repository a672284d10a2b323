//! The problems of a catalog: those of single files, and those between posts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::id_claims::IdClaims;
use super::link_index::LinkIndex;
use super::posts::Slot;
use super::snapshot::Snapshot;
use super::url_claims::UrlClaims;
use crate::config::Problem;
use crate::post::SourceId;
use crate::post::links::Link;

/// The problems of files, and those of the configuration and of folders.
#[derive(Debug, Default)]
pub(super) struct Problems {
    by_file: BTreeMap<(SourceId, Arc<str>), Problem>,
    of_site: Vec<Problem>,
    /// True if they changed since the last call of [`Self::take_changed`].
    has_changed: bool,
}

impl Problems {
    /// The problem of a file.
    pub(super) fn get(&self, source: SourceId, path: &Arc<str>) -> Option<&Problem> {
        if self.by_file.is_empty() { None } else { self.by_file.get(&(source, Arc::clone(path))) }
    }

    /// Sets the problem of a file, or removes it.
    pub(super) fn set(&mut self, source: SourceId, path: &Arc<str>, problem: Option<Problem>) {
        if self.get(source, path) == problem.as_ref() {
            return;
        }
        let file = (source, Arc::clone(path));
        match problem {
            Some(problem) => drop(self.by_file.insert(file, problem)),
            None => drop(self.by_file.remove(&file)),
        }
        self.has_changed = true;
    }

    /// Sets the problems that are not those of files. Returns true if they changed.
    pub(super) fn set_site_problems(&mut self, problems: Vec<Problem>) -> bool {
        let has_effect = self.of_site != problems;
        self.of_site = problems;
        self.has_changed |= has_effect;
        has_effect
    }

    /// Returns true if they changed since the last call.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    /// Sets the problems of a snapshot. One that was reported before keeps its time.
    pub(super) fn report(
        &self,
        current: &mut Snapshot,
        (ids, urls, links): (&IdClaims, &UrlClaims, &LinkIndex),
        now: DateTime<Utc>,
    ) {
        let problems = self.collect(current, ids, urls, links);
        if *problems == *current.problems {
            return;
        }
        let known = current.problems.iter().zip(current.since.iter().copied());
        let before: BTreeMap<&Problem, DateTime<Utc>> = known.collect();
        let since = problems.iter().map(|problem| before.get(problem).copied().unwrap_or(now)).collect();
        (current.problems, current.since) = (problems.into(), since);
    }

    /// These problems and those between the posts of a snapshot, in the order of files and lines.
    fn collect(
        &self,
        current: &Snapshot,
        ids: &IdClaims,
        urls: &UrlClaims,
        links: &LinkIndex,
    ) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.by_file.values().chain(&self.of_site).cloned().collect();
        problems.extend(find_id_conflicts(current, ids));
        problems.extend(find_url_conflicts(current, ids, urls));
        problems.extend(find_broken_links(current, links));
        problems.extend(find_shared_slugs(current));
        problems.sort();
        problems
    }
}

fn name_file(current: &Snapshot, slot: Slot) -> Option<String> {
    let post = current.posts.get(slot)?;
    Some(current.site.source(post.source).name_file(&post.path))
}

/// The part of a message that says that two posts share an id or a URL.
pub const SHARED: &str = " is also used by ";

/// The problem of a post that shares a property with another post.
fn describe_conflict(
    current: &Snapshot,
    (slot, holder): (Slot, Slot),
    property: &str,
    advice: &str,
) -> Option<Problem> {
    let (file, other) = (name_file(current, slot)?, name_file(current, holder)?);
    let message = format!("the {property}{SHARED}{other}. Give one of them another {advice}.");
    Some(Problem::warning(file, message))
}

fn find_id_conflicts(current: &Snapshot, ids: &IdClaims) -> impl Iterator<Item = Problem> {
    ids.conflicts().filter_map(move |(slot, holder, id)| {
        describe_conflict(current, (slot, holder), &format!("id {id}"), "URL or `guid`")
    })
}

fn find_url_conflicts(current: &Snapshot, ids: &IdClaims, urls: &UrlClaims) -> impl Iterator<Item = Problem> {
    urls.conflicts(&current.posts).filter_map(move |(slot, holder)| {
        let (post, other) = (current.posts.get(slot)?, current.posts.get(holder)?);
        // Equal ids are reported already, and entries that link to their own pages have different URLs.
        let is_reported = ids.own_id(slot, post) == ids.own_id(holder, other)
            || current.site.source(post.source).links_to_pages;
        let url = format!("URL {}", post.address);
        describe_conflict(current, (slot, holder), &url, "URL").filter(|_| !is_reported)
    })
}

fn find_broken_links(current: &Snapshot, links: &LinkIndex) -> impl Iterator<Item = Problem> {
    links.broken().filter_map(move |slot| {
        let link = current.posts.get(slot)?.links.iter().find(|link: &&Link| link.is_broken())?;
        let message = format!(
            "there is no post {:?} to link to: the link is left out of the entry. Fix its name, or write that post.",
            link.name()
        );
        Some(Problem::warning(name_file(current, slot)?, message).at(link.place))
    })
}

fn find_shared_slugs(current: &Snapshot) -> impl Iterator<Item = Problem> {
    current.site.taxonomies.iter().enumerate().flat_map(move |(place, taxonomy)| {
        current.terms(place).collisions().map(move |(slug, terms)| {
            let spellings: Vec<String> = terms.iter().map(|t| format!("{:?}", t.spelling.spelling)).collect();
            let owner = spellings.first().cloned().unwrap_or_default();
            let message = format!(
                "the {} {} share the slug {slug}: it resolves to {owner}. Use more distinct spellings.",
                taxonomy.name,
                spellings.join(" and ")
            );
            Problem::warning(format!("/{}/{slug}/", taxonomy.name), message)
        })
    })
}
