//! `[paths]`: addresses that readers know from before.

use serde_json::Value;

use super::reader::{At, FromToml, read_word};
use super::schema;
use super::values::LocalPath;

/// `[paths]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// Systems whose feed addresses answer too.
    pub compat: Vec<Compat>,
    /// An old address and the one that answers for it.
    pub aliases: Vec<(LocalPath, LocalPath)>,
    /// Addresses that are answered with 410.
    pub gone: Vec<LocalPath>,
}

/// A system whose feed addresses are answered.
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
    let paths = Paths {
        compat: table.get("compat").unwrap_or_default(),
        aliases: table
            .read("aliases", || schema::named_like("^/[^#\\s]*$", &[], LocalPath::describe()), read_aliases)
            .unwrap_or_default(),
        gone: table.get("gone").unwrap_or_default(),
    };
    table.refuse_unknown();
    Some(paths)
}

fn read_aliases(at: At<'_>) -> Option<Vec<(LocalPath, LocalPath)>> {
    let mut aliases = Vec::new();
    for (key, span, value) in at.table()?.entries() {
        if !LocalPath::is_path(key) {
            at.faults.error(
                span,
                format!("no address of this server: {key:?}. Write one like \"/old-feed.xml\"."),
            );
        }
        let name = format!("{}.{key:?}", at.name);
        if let Some(target) = LocalPath::read(At { value, name: &name, faults: at.faults }) {
            aliases.push((LocalPath(key.to_owned()), target));
        }
    }
    Some(aliases)
}
