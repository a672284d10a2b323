//! `[[source]]`: one folder of posts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use serde_json::Value;

use super::dialect_name::DialectName;
use super::ids::Ids;
use super::reader::{At, FromToml, Within, describe_table};
use super::schema;
use super::values::{BaseUrl, Glob};

/// One `[[source]]`. A value that is `None` comes from the site's own configuration or the dialect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// Name in URL paths; default: the name of the site's folder.
    pub name: Option<String>,
    /// The folder of posts, or of the whole site; relative to the configuration file.
    pub path: PathBuf,
    /// Line and column of the path in the file: whether the folder exists is checked later.
    pub path_place: (u32, u32),
    /// The generator whose rules the posts follow; `None`: detected.
    pub dialect: Option<DialectName>,
    /// The base URL of entry links.
    pub url: Option<BaseUrl>,
    /// The base URL of ids, instead of `url`.
    pub id_base: Option<BaseUrl>,
    /// The rule for ids.
    pub id: Ids,
    /// URL pattern in the dialect's own language.
    pub permalink: Option<String>,
    /// Line and column of the pattern in the file: it is checked when the dialect is known.
    pub permalink_place: (u32, u32),
    /// The target of entry links.
    pub link: Link,
    /// The front-matter key of a value that only one entry has.
    pub unique: Option<String>,
    /// True if images of the site itself get their width and height.
    pub image_sizes: bool,
    /// Globs of files that are posts; `None`: those of the dialect.
    pub include: Option<Vec<Glob>>,
    /// Globs of files that are not posts.
    pub exclude: Vec<Glob>,
    /// True if drafts are posts.
    pub drafts: Option<bool>,
    /// The handling of posts dated in the future; `None`: as the dialect or its site says.
    pub future: Option<Future>,
    /// Time zone for dates without an offset.
    pub time_zone: Option<Tz>,
    /// The method that detects changes.
    pub watch: Watch,
    /// Seconds between polls where there are no events.
    pub poll: Option<u32>,
    /// Seconds between rescans in addition to events; 0: none.
    pub sweep: Option<u32>,
    /// The site's own shortcodes: names and their HTML.
    pub shortcodes: BTreeMap<String, String>,
}

/// The target of the links of a source's entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Link {
    /// The permalink where the URL of the site is known, else the page of the entry.
    #[default]
    Auto,
    /// The permalink.
    Permalink,
    /// The page of the entry on this server.
    Page,
    /// The URL under this front-matter key where a post has one, else as with `Auto`.
    Key(String),
}

impl FromToml for Link {
    fn describe() -> Value {
        schema::text()
    }

    fn read(at: At<'_>) -> Option<Self> {
        Some(match &*String::read(at)? {
            "permalink" => Self::Permalink,
            "page" => Self::Page,
            key => Self::Key(key.to_owned()),
        })
    }
}

/// The handling of a post dated in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Future {
    /// The post appears at its time.
    Hold,
    /// The post appears at once.
    Show,
}

/// The method that detects changes of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watch {
    /// Native events where they work, else polling.
    #[default]
    Auto,
    /// Native events only.
    Native,
    /// Polling every few seconds.
    Poll,
    /// Not at all.
    Off,
}

pub(super) fn read_all(at: At<'_>) -> Option<Vec<Source>> {
    if at.is_table() {
        return at.error("is a table. Write [[source]], with two brackets: there may be several.");
    }
    if at.items()?.next().is_none() {
        return at.error("is empty. Write [[source]] and below it path = \"…\".");
    }
    let read: Vec<(At<'_>, Source)> = at.items()?.filter_map(|item| Some((item, read(item)?))).collect();
    for (i, (item, source)) in read.iter().enumerate() {
        let Some(name) = &source.name else { continue };
        if read[..i].iter().any(|(_, earlier)| earlier.name.as_ref() == Some(name)) {
            item.error::<()>(format!(
                "has the name {name:?} a second time. Give each source a name of its own."
            ));
        }
    }
    let sources = read.into_iter().map(|(_, source)| source).collect();
    Some(sources)
}

/// The JSON Schema of all `[[source]]` tables.
pub(super) fn describe_all() -> Value {
    schema::filled_list(describe_table("source", read))
}

fn read(at: At<'_>) -> Option<Source> {
    let mut table = at.table()?;
    let source = Source {
        name: table.read("name", schema::name, read_name),
        path_place: table.read("path", schema::filled_text, |at| Some(at.place())).unwrap_or((1, 1)),
        path: table.read("path", schema::filled_text, read_path).unwrap_or_default(),
        dialect: table.word("dialect", &DialectName::words()).flatten(),
        url: table.get("url"),
        id_base: table.get("id_base"),
        id: table.get("id").unwrap_or_default(),
        permalink_place: table.read("permalink", schema::text, |at| Some(at.place())).unwrap_or((1, 1)),
        permalink: table.get("permalink"),
        link: table.get("link").unwrap_or_default(),
        unique: table.read("unique", schema::filled_text, read_key),
        image_sizes: table.get("image_sizes").unwrap_or_default(),
        include: table.get("include"),
        exclude: table.get("exclude").unwrap_or_default(),
        drafts: table.get("drafts"),
        future: table
            .word("future", &[("auto", None), ("hold", Some(Future::Hold)), ("show", Some(Future::Show))])
            .flatten(),
        time_zone: table.get("time_zone"),
        watch: table
            .word(
                "watch",
                &[
                    ("auto", Watch::Auto),
                    ("native", Watch::Native),
                    ("poll", Watch::Poll),
                    ("off", Watch::Off),
                ],
            )
            .unwrap_or_default(),
        poll: table.get("poll").map(|Within::<1, 86_400>(n)| n as u32),
        sweep: table.get("sweep").map(|Within::<0, 86_400>(n)| n as u32),
        shortcodes: table
            .read("shortcodes", || schema::named(&[], schema::text()), read_shortcodes)
            .unwrap_or_default(),
    };
    if !table.requires("path") {
        at.error::<()>("needs a path. Write path = \"../posts\".");
    }
    table.refuse_unknown();
    Some(source)
}

fn read_path(at: At<'_>) -> Option<PathBuf> {
    let path = String::read(at)?;
    if path.is_empty() { at.error("is empty. Write path = \"../posts\".") } else { Some(path.into()) }
}

fn read_key(at: At<'_>) -> Option<String> {
    let key = String::read(at)?;
    if key.trim().is_empty() {
        return at.error("is empty. Write a front-matter key, like unique = \"from\".");
    }
    Some(key)
}

/// Reads a name that is part of URL paths.
pub(super) fn read_name(at: At<'_>) -> Option<String> {
    let name = String::read(at)?;
    let is_path = matches!(name.trim(), "" | "." | "..") || name.contains('/');
    if is_path || name.chars().any(char::is_control) {
        return at.error(format!("cannot be part of a URL: {name:?}. Write a name without `/`."));
    }
    Some(name)
}

fn read_shortcodes(at: At<'_>) -> Option<BTreeMap<String, String>> {
    let table = at.table()?;
    let mut shortcodes = BTreeMap::new();
    for (key, _, value) in table.entries() {
        let name = format!("{}.{key}", at.name);
        let html = String::read(At { value, name: &name, faults: at.faults });
        shortcodes.insert(key.to_owned(), html.unwrap_or_default());
    }
    Some(shortcodes)
}
