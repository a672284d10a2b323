//! A feed before anything is rendered: which posts it holds and what its bytes will depend on.

use std::sync::Arc;

use super::address::{Address, Place};
use super::fingerprint::{Fingerprint, hash_site};
use crate::catalog::{FeedSettings, Selection, Snapshot, TermKey};
use crate::config::BaseUrl;
use crate::post::site::LanguageInfo;
use crate::post::{Post, Source};

/// A selection with a title and an address, and the posts it holds now.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Where it is found.
    pub address: Address,
    /// Its canonical path, encoded, without the path of the public address.
    pub path: String,
    /// Its title.
    pub title: String,
    /// How it is made.
    pub settings: FeedSettings,
    /// Its newest posts.
    pub posts: Vec<Arc<Post>>,
}

/// Plans the feed at an address. Costs a selection, no rendering.
pub fn plan(snapshot: &Snapshot, address: Address) -> Feed {
    let settings = snapshot.site.feeds.clone();
    let selection = Selection { order: settings.order, ..select(&address.place) };
    Feed {
        path: address.path(snapshot),
        title: make_title(snapshot, &address.place),
        posts: snapshot.select(&selection, settings.limit),
        settings,
        address,
    }
}

/// The posts that a place is about.
pub fn select(place: &Place) -> Selection {
    match place {
        Place::All => Selection::default(),
        Place::Source(source) => Selection { sources: vec![*source], ..Selection::default() },
        Place::Language(code) => Selection { language: Some(code.clone()), ..Selection::default() },
        Place::Section(source, path) => {
            Selection { section: Some((*source, path.clone())), ..Selection::default() }
        }
        Place::Term { taxonomy, folded, language } => Selection {
            terms: vec![TermKey { taxonomy: *taxonomy, folded: folded.clone() }],
            language: language.clone(),
            ..Selection::default()
        },
    }
}

fn make_title(snapshot: &Snapshot, place: &Place) -> String {
    let site = &snapshot.site;
    match place {
        Place::All => site.title.clone(),
        Place::Source(source) => format!("{}: {}", site.title, site.sources[usize::from(*source)].name),
        Place::Language(code) => {
            let own = find_language(snapshot, code).and_then(|info| info.title.clone());
            own.unwrap_or_else(|| format!("{}: {code}", site.title))
        }
        Place::Section(_, path) => format!("{}: {path}", site.title),
        Place::Term { taxonomy, folded, language } => {
            let index = match language {
                Some(code) => snapshot.terms_in(code, usize::from(*taxonomy)),
                None => Some(snapshot.terms(usize::from(*taxonomy))),
            };
            let entry = index.and_then(|index| index.get(folded));
            let spelling = entry.map_or(&**folded, |entry| &*entry.spelling.spelling);
            fill_title(&site.taxonomies[usize::from(*taxonomy)].title, &site.title, spelling)
        }
    }
}

/// What the first site that has a language says of it.
fn find_language<'a>(snapshot: &'a Snapshot, code: &str) -> Option<&'a LanguageInfo> {
    snapshot.site.sources.iter().find_map(|source| {
        let place = source.site.languages.iter().position(|known| known == code)?;
        source.site.language_info.get(place)
    })
}

/// Puts site and term into a pattern, each once: what they hold themselves is no pattern.
fn fill_title(pattern: &str, site: &str, term: &str) -> String {
    let mut title = String::with_capacity(pattern.len() + site.len() + term.len());
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        title.push_str(&rest[..open]);
        rest = &rest[open..];
        let known = [("{site}", site), ("{term}", term)].into_iter().find(|(mark, _)| rest.starts_with(mark));
        let (mark, value) = known.unwrap_or(("{", "{"));
        title.push_str(value);
        rest = &rest[mark.len()..];
    }
    title + rest
}

impl Feed {
    /// Its address as readers know it.
    pub fn url(&self, snapshot: &Snapshot) -> String {
        format!("{}{}", snapshot.site.public_url, self.path)
    }

    /// The source it is the feed of, where it is that of one.
    pub fn source<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Arc<Source>> {
        match (&self.address.place, &snapshot.site.sources[..]) {
            (Place::Source(source), sources) => sources.get(usize::from(*source)),
            (_, [only]) => Some(only),
            _ => None,
        }
    }

    /// The language it is in, if it is known.
    pub fn language<'a>(&'a self, snapshot: &'a Snapshot) -> Option<&'a str> {
        match &self.address.place {
            Place::Language(code) | Place::Term { language: Some(code), .. } => {
                Some(find_language(snapshot, code).and_then(|info| info.tag.as_deref()).unwrap_or(code))
            }
            _ => snapshot.site.language.as_deref(),
        }
    }

    /// The pages it links to.
    pub fn home<'a>(&self, snapshot: &'a Snapshot) -> &'a BaseUrl {
        match self.address.place {
            Place::Source(source) => &snapshot.site.sources[usize::from(source)].url,
            _ => &snapshot.site.url,
        }
    }

    /// What identifies it for ever: a `tag:` URI (RFC 4151) of its canonical path on the id base.
    pub fn id(&self, snapshot: &Snapshot) -> String {
        let base = self.source(snapshot).and_then(|source| source.id_base.as_ref());
        let base = base.unwrap_or(&snapshot.site.url);
        format!("tag:{},2026:{}{}", base.host(), base.path(), self.path)
    }

    /// Hash of all that decides its bytes: equal on every machine with the same files.
    pub fn fingerprint(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = hash_site(snapshot);
        hash.add(&self.path);
        hash.add(&self.title);
        hash.add(&format!("{:?}", self.settings));
        for post in &self.posts {
            hash.add_post(post);
        }
        hash.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::fill_title;

    #[test]
    fn titles_are_filled_once() {
        assert_eq!(
            fill_title("{site} — tagged {term}", "S {term}", "T {site}"),
            "S {term} — tagged T {site}"
        );
        assert_eq!(fill_title("{ {x} {term", "S", "T"), "{ {x} {term");
    }
}
