//! Feed addresses of other systems, answered in place: subscribers need not move.

use percent_encoding::percent_decode_str;

use super::address::{Address, Place, hugo_base};
use crate::catalog::Snapshot;
use crate::config::{Compat, Dialect, Format};
use crate::post::site::FeedNames;
use crate::post::source::{AUTHORS, CATEGORIES, TAGS};

/// The feed that a path, percent-encoded, and a query ask for by the customs of the configured systems.
pub(super) fn find(snapshot: &Snapshot, path: &str, query: Option<&str>) -> Option<Address> {
    let path = path.strip_prefix('/')?;
    let site = &snapshot.site;
    let found = site.compat.iter().find_map(|compat| {
        let asked = Asked { snapshot, path };
        match compat {
            Compat::JekyllFeed => asked.of_jekyll(),
            Compat::Hugo => asked.of_hugo(),
            Compat::Zola => asked.of_zola(),
            Compat::Hexo => asked.main(names_of(snapshot, Dialect::Hexo), HEXO),
            Compat::Pelican => asked.of_pelican(),
            Compat::Wordpress => asked.of_wordpress(query),
            Compat::Ghost => asked.of_ghost(),
            Compat::Nikola => asked.of_nikola(),
        }
    });
    found.filter(|address| site.feeds.formats.contains(&address.format))
}

const JEKYLL: &[(&str, Format)] = &[("feed.xml", Format::Atom)];
const ZOLA: &[(&str, Format)] = &[("atom.xml", Format::Atom), ("rss.xml", Format::Rss)];
const HEXO: &[(&str, Format)] = &[("atom.xml", Format::Atom), ("rss2.xml", Format::Rss)];

/// The names that the first source of a dialect gives its feeds.
fn names_of(snapshot: &Snapshot, dialect: Dialect) -> Option<&FeedNames> {
    let mut sources = snapshot.site.sources.iter();
    sources.find(|source| source.rules.dialect == dialect).map(|source| &source.site.feed_names)
}

/// A path that is asked for, without the `/` before it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    snapshot: &'a Snapshot,
    path: &'a str,
}

impl Asked<'_> {
    /// The main feed, by the site's own names for it, else by the usual ones.
    fn main(self, names: Option<&FeedNames>, usual: &[(&str, Format)]) -> Option<Address> {
        let own = names.map(|names| &names.main).filter(|main| !main.is_empty());
        let decoded = percent_decode_str(self.path).decode_utf8().ok()?;
        let format = match own {
            Some(own) => own.iter().find(|(name, _)| *name == decoded)?.1,
            None => usual.iter().find(|(name, _)| *name == decoded)?.1,
        };
        Some(Address { place: Place::All, format })
    }

    fn term(self, taxonomy: usize, name: &str, format: Format) -> Option<Address> {
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let term = self.snapshot.find_term(taxonomy, &name)?;
        let place = Place::Term { taxonomy: taxonomy as u8, folded: term.folded.as_ref().into() };
        Some(Address { place, format })
    }

    /// A feed that lies in a folder: of a term, a language or a section.
    fn folder(self, folder: &str, format: Format) -> Option<Address> {
        if let Some((kind, name)) = folder.split_once('/') {
            let kind = percent_decode_str(kind).decode_utf8().ok()?;
            let taxonomies = &self.snapshot.site.taxonomies;
            let taxonomy = taxonomies.iter().position(|taxonomy| taxonomy.name == kind);
            let slug = |t: &crate::catalog::Taxonomy| slug::slugify(&t.name) == *kind;
            let taxonomy = taxonomy.or_else(|| taxonomies.iter().position(slug));
            if let Some(found) = taxonomy.and_then(|taxonomy| self.term(taxonomy, name, format)) {
                return Some(found);
            }
        }
        let name = percent_decode_str(folder).decode_utf8().ok()?;
        self.language(&name, format).or_else(|| {
            let source = self.snapshot.find_section(&name)?;
            Some(Address { place: Place::Section(source, (*name).into()), format })
        })
    }

    fn language(self, name: &str, format: Format) -> Option<Address> {
        let (code, _) = self.snapshot.languages().find(|(code, _)| code.eq_ignore_ascii_case(name))?;
        Some(Address { place: Place::Language(code.into()), format })
    }

    fn of_jekyll(self) -> Option<Address> {
        let names = names_of(self.snapshot, Dialect::Jekyll);
        if let Some(main) = self.main(names, JEKYLL) {
            return Some(main);
        }
        let stem = self.path.strip_suffix(".xml")?;
        let tags = names.and_then(|names| names.tags.as_deref()).unwrap_or("feed/by_tag/");
        if let Some(tag) = stem.strip_prefix(tags) {
            return self.term(TAGS, tag.trim_start_matches('/'), Format::Atom);
        }
        self.term(CATEGORIES, stem.strip_prefix("feed/")?, Format::Atom)
    }

    fn of_hugo(self) -> Option<Address> {
        let base = names_of(self.snapshot, Dialect::Hugo).map_or("index", hugo_base);
        let folder = self.path.strip_suffix(".xml")?.strip_suffix(base)?;
        match folder.strip_suffix('/') {
            None if folder.is_empty() => Some(Address { place: Place::All, format: Format::Rss }),
            None => None,
            Some(folder) => self.folder(folder, Format::Rss),
        }
    }

    fn of_zola(self) -> Option<Address> {
        let names = names_of(self.snapshot, Dialect::Zola);
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let main = Asked { path: file, ..self }.main(names, ZOLA)?;
        if folder.is_empty() { Some(main) } else { self.folder(folder, main.format) }
    }

    fn of_pelican(self) -> Option<Address> {
        let file = self.path.strip_prefix("feeds/")?;
        let formats = [(".atom.xml", Format::Atom), (".rss.xml", Format::Rss)];
        let (name, format) =
            formats.iter().find_map(|(end, format)| Some((file.strip_suffix(end)?, *format)))?;
        if name == "all" {
            return Some(Address { place: Place::All, format });
        }
        let language = name.strip_prefix("all-").and_then(|code| self.language(code, format));
        let category = || self.term(CATEGORIES, name, format);
        language.or_else(category).or_else(|| self.term(AUTHORS, name, format))
    }

    /// `feed/` is RSS, `feed/atom/` Atom, below everything that has a feed.
    fn of_wordpress(self, query: Option<&str>) -> Option<Address> {
        if self.path.is_empty() {
            let feed = query?.split('&').find_map(|pair| pair.strip_prefix("feed="))?;
            let format = match feed {
                "rss2" | "rss" | "feed" => Format::Rss,
                "atom" => Format::Atom,
                _ => return None,
            };
            return Some(Address { place: Place::All, format });
        }
        let path = self.path.trim_end_matches('/');
        let (path, format) = match path.strip_suffix("/atom") {
            Some(path) => (path, Format::Atom),
            None => (path.strip_suffix("/rss2").unwrap_or(path), Format::Rss),
        };
        if path == "feed" {
            return Some(Address { place: Place::All, format });
        }
        let (kind, name) = path.strip_suffix("/feed")?.split_once('/')?;
        let taxonomy = match kind {
            "tag" => TAGS,
            "category" => CATEGORIES,
            "author" => AUTHORS,
            _ => return None,
        };
        // Categories below others stand behind them.
        let last = || self.term(taxonomy, name.rsplit_once('/')?.1, format);
        self.term(taxonomy, name, format).or_else(last)
    }

    fn of_ghost(self) -> Option<Address> {
        let path = self.path.trim_end_matches('/');
        if path == "rss" {
            return Some(Address { place: Place::All, format: Format::Rss });
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
            "rss.xml" => return Some(Address { place: Place::All, format: Format::Rss }),
            "feed.atom" => return Some(Address { place: Place::All, format: Format::Atom }),
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
