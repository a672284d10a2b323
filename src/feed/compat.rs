//! Feed paths of other systems, which are answered in place: subscribers need not change their URLs.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::address::{Address, Place, settings_of};
use crate::catalog::{Snapshot, TermEntry, TermIndex};
use crate::config::{Compat, Format};
use crate::post::address::encode_path;
use crate::post::site::{FeedNames, LanguageInfo};
use crate::post::source::{AUTHORS, CATEGORIES, TAGS};
use crate::post::{Source, SourceId};

/// Resolves a percent-encoded path by the conventions of the configured systems.
pub(super) fn find(snapshot: &Snapshot, path: &str) -> Option<Address> {
    let path = path.strip_prefix('/')?;
    let site = &snapshot.site;
    let found = site.paths.compat.iter().find_map(|compat| {
        let requested = RequestedPath { snapshot, path };
        match compat {
            Compat::JekyllFeed => requested.of_jekyll(),
            Compat::Hugo => requested.of_hugo(),
            Compat::Zola => requested.of_zola(),
            Compat::Hexo => requested.main(names_of(snapshot, Compat::Hexo), HEXO),
            Compat::Pelican => requested.of_pelican(),
            Compat::Wordpress => requested.of_wordpress(),
            Compat::Ghost => requested.of_ghost(),
            Compat::Nikola => requested.of_nikola(),
        }
    });
    found.filter(|address| settings_of(snapshot, &address.place).formats.contains(&address.format))
}

const JEKYLL: &[(&str, Format)] = &[("feed.xml", Format::Atom)];
const ZOLA: &[(&str, Format)] = &[("atom.xml", Format::Atom), ("rss.xml", Format::Rss)];
const HEXO: &[(&str, Format)] = &[("atom.xml", Format::Atom), ("rss2.xml", Format::Rss)];

/// The names that the first source of a system gives its feeds.
fn names_of(snapshot: &Snapshot, compat: Compat) -> Option<&FeedNames> {
    let mut sources = snapshot.site.sources.iter();
    sources.find(|source| source.dialect.spec().compat == Some(compat)).map(|source| &source.site.feed_names)
}

/// Finds a term by its spelling or a slug, else by the slug that most systems would give it: ASCII letters and
/// digits.
fn find_term<'s>(
    snapshot: &'s Snapshot,
    index: &'s TermIndex,
    taxonomy: usize,
    name: &str,
) -> Option<&'s Arc<TermEntry>> {
    let found = index.find(name).or_else(|| index.find_plain(name))?;
    snapshot.site.taxonomies[taxonomy].lists(&found.folded).then_some(found)
}

/// Returns true if a generator's slug can be published: it has no `.`, `..` or empty segments and no control
/// characters.
fn is_safe(slug: &str) -> bool {
    !slug.contains(char::is_control) && slug.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

/// Makes the address of a feed whose canonical path is not one of feedmill's.
fn make_own(place: Place, path: &str, format: Format) -> Address {
    Address { own: Some(format!("/{}", encode_path(path)).into()), ..Address::new(place, format) }
}

/// The settings of a non-default language, from the first site of a system that has it.
fn find_language<'s>(snapshot: &'s Snapshot, compat: Compat, code: &str) -> Option<&'s LanguageInfo> {
    let mut sources =
        snapshot.site.sources.iter().filter(|source| source.dialect.spec().compat == Some(compat));
    sources.find_map(|source| {
        let place = source.site.languages.iter().skip(1).position(|known| known == code)?;
        source.site.language_info.get(place + 1)
    })
}

/// A requested path, without the leading `/`.
#[derive(Clone, Copy)]
struct RequestedPath<'a> {
    snapshot: &'a Snapshot,
    path: &'a str,
}

impl RequestedPath<'_> {
    /// Resolves a name of the main feed: the site's own names, else the system's usual ones.
    fn main(self, names: Option<&FeedNames>, usual: &[(&str, Format)]) -> Option<Address> {
        let own = names.map(|names| &names.main).filter(|main| !main.is_empty());
        let decoded = percent_decode_str(self.path).decode_utf8().ok()?;
        let format = match own {
            Some(own) => own.iter().find(|(name, _)| *name == decoded)?.1,
            None => usual.iter().find(|(name, _)| *name == decoded)?.1,
        };
        Some(Address::new(Place::All, format))
    }

    fn term(self, taxonomy: usize, name: &str, format: Format) -> Option<Address> {
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let term = find_term(self.snapshot, self.snapshot.terms(taxonomy), taxonomy, &name)?;
        let (taxonomy, folded) = (taxonomy as u8, term.folded.as_ref().into());
        Some(Address::new(Place::Term { taxonomy, folded, language: None }, format))
    }

    /// Resolves a folder of a generator: the feed of a term, a language or a section.
    fn folder(self, compat: Compat, folder: &str, file: &str, format: Format) -> Option<Address> {
        let folder = percent_decode_str(folder).decode_utf8().ok()?;
        let sources = &self.snapshot.site.sources;
        let own = sources.iter().filter(|source| source.dialect.spec().compat == Some(compat));
        // For sites of other systems, the usual term folders of this one apply.
        let others = sources.iter().filter(|source| source.dialect.spec().compat != Some(compat));
        let found = own.chain(others).find_map(|source| self.term_of(source, &folder, file, format));
        found.or_else(|| self.language(&folder, format)).or_else(|| self.section(&folder, file, format))
    }

    /// Resolves the feed of a term of a source, in any of its languages.
    fn term_of(self, source: &Source, folder: &str, file: &str, format: Format) -> Option<Address> {
        let places = 0..source.site.languages.len().max(1);
        let all = places
            .flat_map(|language| (0..source.taxonomies.len()).map(move |taxonomy| (language, taxonomy)));
        for (language, taxonomy) in all {
            let root = source.dialect.term_root(source.settings(), taxonomy, language);
            let below = if root.is_empty() { Some(folder) } else { folder.strip_prefix(&root) };
            let Some(name) = below.and_then(|below| below.strip_prefix('/')) else { continue };
            let code = source.site.languages.get(language).filter(|_| language > 0);
            let Some(code) = code else {
                match find_term(self.snapshot, self.snapshot.terms(taxonomy), taxonomy, name) {
                    Some(term) => {
                        let folded = term.folded.as_ref().into();
                        let place = Place::Term { taxonomy: taxonomy as u8, folded, language: None };
                        return Some(Address::new(place, format));
                    }
                    None => continue,
                }
            };
            let index = self.snapshot.terms_in(code, taxonomy);
            if let Some(term) = index.and_then(|index| find_term(self.snapshot, index, taxonomy, name)) {
                let slug =
                    source.dialect.term_slug(source.settings(), taxonomy, language, &term.spelling.spelling);
                let slug =
                    if is_safe(&slug) { slug } else { index.map_or(slug, |index| index.slug_of(term)) };
                let folded = term.folded.as_ref().into();
                let language = Some(code.as_str().into());
                let place = Place::Term { taxonomy: taxonomy as u8, folded, language };
                return Some(make_own(place, &format!("{root}/{slug}/{file}"), format));
            }
        }
        None
    }

    /// Resolves the feed of a section. In the default language, the language code may precede it.
    fn section(self, folder: &str, file: &str, format: Format) -> Option<Address> {
        let find = |name: &str| Some((self.snapshot.find_section(name)?, name.to_owned()));
        let in_default = || {
            let (code, below) = folder.split_once('/')?;
            let has_folder = |source: &&Arc<Source>| {
                source.dialect.default_prefix().is_some_and(|own| own.eq_ignore_ascii_case(code))
            };
            self.snapshot.site.sources.iter().find(has_folder).and_then(|_| find(below))
        };
        let (source, name) = find(folder).or_else(in_default)?;
        Some(make_own(Place::Section(source, name.into()), &format!("{folder}/{file}"), format))
    }

    fn language(self, name: &str, format: Format) -> Option<Address> {
        let (code, _) = self.snapshot.languages().find(|(code, _)| code.eq_ignore_ascii_case(name))?;
        Some(Address::new(Place::Language(code.into()), format))
    }

    fn of_jekyll(self) -> Option<Address> {
        let names = names_of(self.snapshot, Compat::JekyllFeed);
        if let Some(main) = self.main(names, JEKYLL) {
            return Some(main);
        }
        if let Some(found) = self.collection() {
            return Some(found);
        }
        let stem = self.path.strip_suffix(".xml")?;
        let tags = names.and_then(|names| names.tags.as_deref()).unwrap_or("feed/by_tag/");
        if let Some(tag) = stem.strip_prefix(tags) {
            return self.term(TAGS, tag.trim_start_matches('/'), Format::Atom);
        }
        self.term(CATEGORIES, stem.strip_prefix("feed/")?, Format::Atom)
    }

    /// Resolves the feed of a collection (documents in addition to the posts).
    fn collection(self) -> Option<Address> {
        let path = percent_decode_str(self.path).decode_utf8().ok()?;
        self.snapshot.site.sources.iter().enumerate().find_map(|(number, source)| {
            let collections = &source.site.feed_names.collections;
            let (_, name) = collections.iter().find(|(feed, _)| *feed == path)?;
            let place = Place::Section(SourceId::new(number), name.as_str().into());
            Some(make_own(place, &path, Format::Atom))
        })
    }

    fn of_hugo(self) -> Option<Address> {
        let base = names_of(self.snapshot, Compat::Hugo).and_then(|names| names.base.as_deref());
        let base = base.unwrap_or("index");
        let folder = self.path.strip_suffix(".xml")?.strip_suffix(base)?;
        match folder.strip_suffix('/') {
            None if folder.is_empty() => Some(Address::new(Place::All, Format::Rss)),
            None => None,
            Some(folder) => self.folder(Compat::Hugo, folder, &format!("{base}.xml"), Format::Rss),
        }
    }

    fn of_zola(self) -> Option<Address> {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let requested = RequestedPath { path: file, ..self };
        let code = folder.split('/').next().unwrap_or_default();
        let main = match find_language(self.snapshot, Compat::Zola, code) {
            Some(info) => requested
                .main(Some(&FeedNames { main: info.feed_names.clone(), ..FeedNames::default() }), ZOLA)?,
            None => requested.main(names_of(self.snapshot, Compat::Zola), ZOLA)?,
        };
        if folder.is_empty() { Some(main) } else { self.folder(Compat::Zola, folder, file, main.format) }
    }

    fn of_pelican(self) -> Option<Address> {
        let file = self.path.strip_prefix("feeds/")?;
        let formats = [(".atom.xml", Format::Atom), (".rss.xml", Format::Rss)];
        let (name, format) =
            formats.iter().find_map(|(end, format)| Some((file.strip_suffix(end)?, *format)))?;
        if name == "all" {
            return Some(Address::new(Place::All, format));
        }
        let language = name.strip_prefix("all-").and_then(|code| self.language(code, format));
        let category = || self.term(CATEGORIES, name, format);
        language.or_else(category).or_else(|| self.term(AUTHORS, name, format))
    }

    /// `feed/` is RSS and `feed/atom/` is Atom, below everything that has a feed.
    fn of_wordpress(self) -> Option<Address> {
        let path = self.path.trim_end_matches('/');
        let (path, format) = match path.strip_suffix("/atom") {
            Some(path) => (path, Format::Atom),
            None => (path.strip_suffix("/rss2").unwrap_or(path), Format::Rss),
        };
        if path == "feed" {
            return Some(Address::new(Place::All, format));
        }
        let (kind, name) = path.strip_suffix("/feed")?.split_once('/')?;
        let taxonomy = match kind {
            "tag" => TAGS,
            "category" => CATEGORIES,
            "author" => AUTHORS,
            _ => return None,
        };
        // A subcategory follows its parent.
        let last = || self.term(taxonomy, name.rsplit_once('/')?.1, format);
        self.term(taxonomy, name, format).or_else(last)
    }

    fn of_ghost(self) -> Option<Address> {
        let path = self.path.trim_end_matches('/');
        if path == "rss" {
            return Some(Address::new(Place::All, Format::Rss));
        }
        let (kind, name) = path.strip_suffix("/rss")?.split_once('/')?;
        let taxonomy = match kind {
            "tag" => TAGS,
            "author" => AUTHORS,
            _ => return None,
        };
        self.term(taxonomy, name, Format::Rss)
    }

    fn of_nikola(self) -> Option<Address> {
        match self.path {
            "rss.xml" => return Some(Address::new(Place::All, Format::Rss)),
            "feed.atom" => return Some(Address::new(Place::All, Format::Atom)),
            _ => {}
        }
        let (kind, name) = self.path.strip_suffix(".xml")?.split_once('/')?;
        match kind {
            "categories" => {
                let category =
                    name.strip_prefix("cat_").and_then(|name| self.term(CATEGORIES, name, Format::Rss));
                category.or_else(|| self.term(TAGS, name, Format::Rss))
            }
            "authors" => self.term(AUTHORS, name, Format::Rss),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn slugs_of_generators_are_published_if_they_are_safe() {
        assert!(["rust", "a/b", "c++", ".net", "..."].iter().all(|slug| is_safe(slug)));
        assert!(!["", ".", "..", "a/../b", "a//b", "/a", "a\u{7}"].iter().any(|slug| is_safe(slug)));
    }
}
