//! The problems of a catalog: those of single posts, and those between posts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::posts::Slot;
use super::writer::Catalog;
use crate::config::Problem;
use crate::post::Post;

impl Catalog {
    /// Updates the reported problems. A problem that was reported before keeps its time.
    pub(super) fn report(&mut self, now: DateTime<Utc>) {
        self.current.duplicates = self.rivals.rejected().count();
        let problems = self.collect_problems();
        if *problems == *self.current.problems {
            return;
        }
        let before: BTreeMap<&Problem, DateTime<Utc>> =
            self.current.problems.iter().zip(self.current.since.iter().copied()).collect();
        let since = problems.iter().map(|problem| before.get(problem).copied().unwrap_or(now)).collect();
        (self.current.problems, self.current.since) = (problems, since);
    }

    /// Collects all problems, in the order of files and lines.
    fn collect_problems(&self) -> Arc<[Problem]> {
        let mut problems: Vec<Problem> = self.problems.values().chain(&self.site_problems).cloned().collect();
        let name = |post: &Post| self.current.site.sources[usize::from(post.source)].name_file(&post.path);
        let describe = |slot: Slot, holder: Option<Slot>, what: String, advice: &str| {
            let post = self.current.posts.get(slot)?;
            let holder = holder.and_then(|holder| self.current.posts.get(holder))?;
            let message =
                format!("the {what} is also used by {}. Give one of them another {advice}.", name(holder));
            Some(Problem::warning(name(post), message))
        };
        problems.extend(self.rivals.rejected().filter_map(|slot| {
            let own = self.own_ids.get(&slot)?;
            describe(slot, self.rivals.holder(own), format!("id {own}"), "URL or `guid`")
        }));
        problems.extend(self.addresses.rejected().filter_map(|slot| {
            let post = self.current.posts.get(slot)?;
            let holder = self.addresses.holder(&post.address)?;
            let own = |slot: Slot| self.own_ids.get(&slot).or(self.current.posts.get(slot).map(|p| &p.id));
            // Equal ids are reported already, and entries that link to their own pages have different URLs.
            let reported = own(slot) == own(holder)
                || self.current.site.sources[usize::from(post.source)].links_to_pages;
            let what = format!("URL {}", post.address);
            describe(slot, Some(holder), what, "URL").filter(|_| !reported)
        }));
        problems.extend(self.lost.iter().filter_map(|slot| {
            let post = self.current.posts.get(*slot)?;
            let link = post.links.iter().find(|link| link.is_broken())?;
            let message = format!(
                "there is no post {:?} to link to: the link is left out of the entry. Fix its name, or write that post.",
                link.name()
            );
            Some(Problem::warning(name(post), message).at(link.place))
        }));
        for (place, taxonomy) in self.current.site.taxonomies.iter().enumerate() {
            problems.extend(self.current.terms[place].collisions().map(|(slug, terms)| {
                let spellings: Vec<String> =
                    terms.iter().map(|t| format!("{:?}", t.spelling.spelling)).collect();
                let owner = spellings.first().cloned().unwrap_or_default();
                let message = format!(
                    "the {} {} share the slug {slug}: it resolves to {owner}. Use more distinct spellings.",
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
