//! `[paths]`: URL paths that readers know from an earlier system.

use serde_json::Value;

use super::reader::{At, FromToml, read_word};
use super::schema;
use super::values::LocalPath;

/// `[paths]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// Systems whose feed paths are served too.
    pub compat: Vec<Compat>,
    /// Old paths, and the paths that are served in their place.
    pub aliases: Vec<(LocalPath, LocalPath)>,
    /// Line and column of each alias in the file, in the same order.
    pub alias_places: Vec<(u32, u32)>,
    /// Paths that are answered with 410.
    pub gone: Vec<LocalPath>,
}

/// A system whose feed paths are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the system of that name")]
pub enum Compat {
    JekyllFeed,
    Hugo,
    Zola,
    Hexo,
    Pelican,
    Wordpress,
    Ghost,
    Nikola,
}

impl Compat {
    const WORDS: [(&str, Self); 8] = [
        ("jekyll-feed", Self::JekyllFeed),
        ("hugo", Self::Hugo),
        ("zola", Self::Zola),
        ("hexo", Self::Hexo),
        ("pelican", Self::Pelican),
        ("wordpress", Self::Wordpress),
        ("ghost", Self::Ghost),
        ("nikola", Self::Nikola),
    ];

    /// The name as written in the configuration.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, compat)| *compat == self).map_or("", |(name, _)| name)
    }
}

impl FromToml for Compat {
    fn read(at: At<'_>) -> Option<Self> {
        read_word(at, &Self::WORDS)
    }

    fn describe() -> Value {
        schema::words(&Self::WORDS)
    }
}

pub(super) fn read(at: At<'_>) -> Option<Paths> {
    let mut table = at.table()?;
    let compat = table.get("compat").unwrap_or_default();
    let describe = || schema::named_like("^/[^#\\s]*$", &[], LocalPath::describe());
    let aliases = table.read("aliases", describe, read_aliases).unwrap_or_default();
    let (aliases, alias_places) = aliases.into_iter().unzip();
    let paths = Paths { compat, aliases, alias_places, gone: table.get("gone").unwrap_or_default() };
    table.refuse_unknown();
    Some(paths)
}

/// An alias, its target, and its line and column.
type Placed = ((LocalPath, LocalPath), (u32, u32));

fn read_aliases(at: At<'_>) -> Option<Vec<Placed>> {
    let mut aliases = Vec::new();
    for (key, span, value) in at.table()?.entries() {
        if !LocalPath::is_path(key) {
            at.faults.error(
                span.clone(),
                format!("{key:?} is not a path of this server. Write one like \"/old-feed.xml\"."),
            );
        }
        let name = format!("{}.{key:?}", at.name);
        if let Some(target) = LocalPath::read(At { value, name: &name, faults: at.faults }) {
            aliases.push(((LocalPath(key.to_owned()), target), at.faults.place(span)));
        }
    }
    Some(aliases)
}
