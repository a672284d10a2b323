//! The paths, in addition to the canonical ones, at which feeds are served: aliases and the paths of other systems.

use std::collections::BTreeSet;

use super::address::{Address, Place};
use super::group::list_places;
use super::resolve::{Found, resolve};
use crate::catalog::{Snapshot, TermKey};
use crate::config::Compat;
use crate::feed::spell_term;
use crate::post::Source;
use crate::post::address::encode_path;
use crate::post::source::{AUTHORS, CATEGORIES, TAGS};

/// Aliases and compat paths, encoded, that lead to feeds, each with its feed. Paths with a query are left out, since
/// a file cannot have one.
pub fn list_other_paths(snapshot: &Snapshot) -> Vec<(String, Address)> {
    let aliases = snapshot.site.paths.aliases.iter().map(|(old, _)| old.0.clone());
    let places = list_places(snapshot);
    let compat = snapshot.site.paths.compat.iter();
    let candidates = compat.flat_map(|compat| list_candidates(snapshot, *compat, &places));
    let paths: BTreeSet<String> = aliases.chain(candidates).filter(|path| !path.contains('?')).collect();
    let is_own = |address: &Address, path: &str| address.path(snapshot) == *path && address.own.is_none();
    let found = paths.into_iter().filter_map(|path| match resolve(snapshot, &path, None) {
        // The server's own path resolution decides.
        Ok(Some(Found::Feed(address))) if !is_own(&address, &path) => Some((path, *address)),
        _ => None,
    });
    found.collect()
}

/// The paths at which a system may have its feeds.
fn list_candidates(snapshot: &Snapshot, compat: Compat, places: &[Place]) -> Vec<String> {
    let sources = || snapshot.site.sources.iter();
    let names = sources()
        .find(|source| source.dialect.spec().compat == Some(compat))
        .map(|source| &source.site.feed_names);
    let mains = |usual: &[&str]| -> Vec<String> {
        let own = names.map(|names| &names.main).filter(|main| !main.is_empty());
        match own {
            Some(own) => own.iter().map(|(name, _)| name.clone()).collect(),
            None => usual.iter().map(|name| (*name).to_owned()).collect(),
        }
    };
    let terms = |taxonomy: usize| list_slugs(snapshot, places, taxonomy);
    let each = |taxonomy, write: &dyn Fn(&str) -> String| -> Vec<String> {
        terms(taxonomy).iter().map(|slug| write(slug)).collect()
    };
    let codes = || snapshot.languages().map(|(code, _)| code.to_owned());
    let paths: Vec<String> = match compat {
        Compat::JekyllFeed => {
            let tags = names.and_then(|names| names.tags.clone());
            let tags = tags.unwrap_or_else(|| "feed/by_tag/".to_owned());
            let collections = sources().flat_map(|source| &source.site.feed_names.collections);
            let mut paths = mains(&["feed.xml"]);
            paths.extend(collections.map(|(feed, _)| feed.clone()));
            paths.extend(each(TAGS, &|slug| format!("{}/{slug}.xml", tags.trim_end_matches('/'))));
            paths.extend(each(CATEGORIES, &|slug| format!("feed/{slug}.xml")));
            paths
        }
        Compat::Hugo => {
            let base = names.and_then(|names| names.base.clone());
            let file = format!("{}.xml", base.unwrap_or_else(|| "index".to_owned()));
            list_folders(snapshot, places, compat).into_iter().map(|folder| folder + &file).collect()
        }
        Compat::Zola => {
            let files = mains(&["atom.xml", "rss.xml"]);
            let folders = list_folders(snapshot, places, compat).into_iter();
            folders.flat_map(|folder| files.iter().map(move |file| format!("{folder}{file}"))).collect()
        }
        Compat::Hexo => mains(&["atom.xml", "rss2.xml"]),
        Compat::Pelican => {
            let mut names = vec!["all".to_owned()];
            names.extend(codes().map(|code| format!("all-{code}")));
            names.extend(terms(CATEGORIES).into_iter().chain(terms(AUTHORS)));
            let files = |name: String| [".atom.xml", ".rss.xml"].map(|end| format!("feeds/{name}{end}"));
            names.into_iter().flat_map(files).collect()
        }
        Compat::Wordpress => {
            let mut folders = vec![String::new()];
            for (taxonomy, kind) in [(TAGS, "tag"), (CATEGORIES, "category"), (AUTHORS, "author")] {
                folders.extend(each(taxonomy, &|slug| format!("{kind}/{slug}/")));
            }
            folders
                .into_iter()
                .flat_map(|folder| ["feed/", "feed/atom/"].map(|end| format!("{folder}{end}")))
                .collect()
        }
        Compat::Ghost => {
            let mut paths = vec!["rss/".to_owned()];
            for (taxonomy, kind) in [(TAGS, "tag"), (AUTHORS, "author")] {
                paths.extend(each(taxonomy, &|slug| format!("{kind}/{slug}/rss/")));
            }
            paths
        }
        Compat::Nikola => {
            let mut paths = vec!["rss.xml".to_owned(), "feed.atom".to_owned()];
            paths.extend(each(TAGS, &|slug| format!("categories/{slug}.xml")));
            paths.extend(each(CATEGORIES, &|slug| format!("categories/cat_{slug}.xml")));
            paths.extend(each(AUTHORS, &|slug| format!("authors/{slug}.xml")));
            paths
        }
    };
    paths.iter().map(|path| format!("/{}", encode_path(path.trim_start_matches('/')))).collect()
}

/// The slugs of the listed terms of a taxonomy: feedmill's own, and those of the sites' generators.
fn list_slugs(snapshot: &Snapshot, places: &[Place], taxonomy: usize) -> BTreeSet<String> {
    let mut slugs = BTreeSet::new();
    for place in places {
        let Place::Term { taxonomy: own, folded, .. } = place else { continue };
        if usize::from(*own) != taxonomy {
            continue;
        }
        if let Some((index, entry)) = snapshot.get_term(taxonomy, folded) {
            slugs.insert(index.slug_of(entry));
        }
        let spelling = spell_term(snapshot, &TermKey { taxonomy: *own, folded: folded.clone() });
        let sources = snapshot.site.sources.iter();
        slugs.extend(
            sources.map(|source| source.dialect.term_slug(source.settings(), taxonomy, 0, &spelling)),
        );
    }
    slugs
}

/// The folders in which a generator has feeds: the root, terms, sections, languages. Each is empty or ends with `/`.
fn list_folders(snapshot: &Snapshot, places: &[Place], compat: Compat) -> BTreeSet<String> {
    let mut folders = BTreeSet::from([String::new()]);
    folders.extend(snapshot.languages().map(|(code, _)| format!("{code}/")));
    folders.extend(snapshot.list_sections().map(|section| format!("{section}/")));
    let taxonomies = 0..snapshot.site.taxonomies.len();
    for taxonomy in taxonomies {
        let slugs = list_slugs(snapshot, places, taxonomy);
        for source in &snapshot.site.sources {
            for root in list_roots(source, compat, taxonomy) {
                folders.extend(slugs.iter().map(|slug| format!("{root}{slug}/")));
            }
        }
    }
    folders
}

/// The folders of a taxonomy in each language of a source, with a `/` at the end.
fn list_roots(source: &Source, compat: Compat, taxonomy: usize) -> Vec<String> {
    let languages =
        if source.dialect.spec().compat == Some(compat) { source.site.languages.len().max(1) } else { 1 };
    let root = |language| source.dialect.term_root(source.settings(), taxonomy, language);
    (0..languages).map(root).map(|root| if root.is_empty() { root } else { root + "/" }).collect()
}
