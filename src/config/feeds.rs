//! `[feeds]` and `[[feed]]`: the settings of all feeds, and the named feeds.

use serde_json::Value;

use super::digest::DigestPeriod;
use super::footer::Footer;
use super::reader::{At, FromToml, Table, Within, describe_table, read_word};
use super::schema;
use super::select::{self, Select};
use super::source::read_name;
use super::window::Window;
use crate::limits::DIGESTS;

/// `[feeds]`, and the same keys of a `[[feed]]`; `None`: not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedOptions {
    /// Entries per page, 1 to 500.
    pub limit: Option<usize>,
    /// The time before the newest post whose posts are all on the first page.
    pub window: Option<Window>,
    /// Entries per archive document; 0: there are none.
    pub archive: Option<usize>,
    /// The part of a post that an entry contains.
    pub content: Option<Content>,
    /// The date that posts are sorted by.
    pub order: Option<Order>,
    /// Formats that exist; never empty.
    pub formats: Option<Vec<Format>>,
    /// The handling of embedded media.
    pub embeds: Option<Embeds>,
    /// HTML at the end of entries.
    pub footer: Option<Footer>,
    /// True if RSS contains the Markdown of posts too.
    pub markdown: Option<bool>,
}

/// The part of a post that an entry contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Content {
    /// The whole text and a summary.
    #[default]
    Full,
    /// A summary.
    Summary,
    /// Title and link.
    None,
}

/// The date that posts are sorted by, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// By the date of publication.
    #[default]
    Published,
    /// By the date of the last update.
    Updated,
    /// By the time at which posts first became visible.
    Arrival,
}

impl Order {
    /// Every order, by its name.
    pub const WORDS: &[(&'static str, Self)] =
        &[("published", Self::Published), ("updated", Self::Updated), ("arrival", Self::Arrival)];
}

/// A format feeds are rendered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Every format, in the order they are offered.
    pub const ALL: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

    const WORDS: [(&str, Format); 3] = [("rss", Format::Rss), ("atom", Format::Atom), ("json", Format::Json)];

    /// Its name in configurations and forms: `rss`, `atom`, `json`.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// The handling of iframes, video embeds and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Embeds {
    /// Embeds become a link.
    #[default]
    Link,
    /// Embeds stay.
    Keep,
}

/// A `[[feed]]`: a selection with a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedFeed {
    /// Name in its URL path.
    pub name: String,
    /// Line and column of the name in the file.
    pub name_place: (u32, u32),
    /// Title; default: the name.
    pub title: Option<String>,
    /// Subtitle.
    pub description: Option<String>,
    /// Its selection.
    pub select: Select,
    /// The period of which it makes one entry; `None`: an entry is a post.
    pub digest: Option<DigestPeriod>,
    /// Settings that replace those of `[feeds]`.
    pub options: FeedOptions,
}

pub(super) fn read_defaults(at: At<'_>) -> Option<FeedOptions> {
    let mut table = at.table()?;
    let options = read_options(&mut table);
    table.refuse_unknown();
    Some(options)
}

fn read_options(table: &mut Table<'_>) -> FeedOptions {
    FeedOptions {
        limit: table.get("limit").map(|Within::<1, 500>(n)| n as usize),
        window: table.get("window"),
        archive: table.get("archive").map(|Within::<0, 500>(n)| n as usize),
        content: table.word(
            "content",
            &[("full", Content::Full), ("summary", Content::Summary), ("none", Content::None)],
        ),
        order: table.word("order", Order::WORDS),
        formats: table.read(
            "formats",
            || schema::filled_list(Format::describe()),
            |at| {
                let formats: Vec<Format> = Vec::read(at)?;
                if formats.is_empty() {
                    return at.error("is empty. Write at least one of \"rss\", \"atom\", \"json\".");
                }
                Some(formats)
            },
        ),
        embeds: table.word("embeds", &[("link", Embeds::Link), ("keep", Embeds::Keep)]),
        footer: table.get("footer"),
        markdown: table.get("markdown"),
    }
}

impl FromToml for Format {
    fn read(at: At<'_>) -> Option<Self> {
        read_word(at, &Self::WORDS)
    }

    fn describe() -> Value {
        schema::words(&Self::WORDS)
    }
}

/// Reads every `[[feed]]`; `taxonomies` and `sources` are the names its conditions may use.
pub(super) fn read_named(at: At<'_>, taxonomies: &[String], sources: &[String]) -> Option<Vec<NamedFeed>> {
    if at.is_table() {
        return at.error(
            "is a table. Write [feeds] for the settings of all feeds; write [[feed]], with two brackets, for one \
             with a name and a selection of its own.",
        );
    }
    let mut feeds: Vec<NamedFeed> = Vec::new();
    for item in at.items()? {
        let Some(feed) = read_one(item, taxonomies, sources) else { continue };
        if !feed.name.is_empty() && feeds.iter().any(|earlier| earlier.name == feed.name) {
            item.error::<()>(format!(
                "has the name {:?} a second time. Give each feed a name of its own.",
                feed.name
            ));
        }
        feeds.push(feed);
    }
    Some(feeds)
}

/// The JSON Schema of one `[[feed]]`.
pub(super) fn describe_one() -> Value {
    describe_table("feed", |at| read_one(at, &[], &[]))
}

fn read_one(at: At<'_>, taxonomies: &[String], sources: &[String]) -> Option<NamedFeed> {
    let mut table = at.table()?;
    let feed = NamedFeed {
        name_place: table.read("name", schema::name, |at| Some(at.place())).unwrap_or((1, 1)),
        name: table.read("name", schema::name, read_name).unwrap_or_default(),
        title: table.get("title"),
        description: table.get("description"),
        select: table
            .read("select", select::describe, |at| select::read(at, taxonomies, sources))
            .unwrap_or_default(),
        digest: table.word("digest", DigestPeriod::WORDS),
        options: read_options(&mut table),
    };
    if feed.digest.is_some() {
        refuse_with_digest(&mut table, &feed);
    }
    if !table.requires("name") {
        at.error::<()>("needs a name. Write name = \"…\": its URL path is /feeds/{name}/atom.xml.");
    }
    table.refuse_unknown();
    Some(feed)
}

/// Reports the settings that a feed of digests cannot have.
fn refuse_with_digest(table: &mut Table<'_>, feed: &NamedFeed) {
    let mut refuse = |key, why: &str| table.read::<()>(key, Value::default, |at| at.error(why));
    if feed.options.order.is_some() {
        refuse("order", "has no effect with `digest`: posts are in the order of their arrival. Remove it.");
    }
    if feed.options.window.is_some() {
        refuse("window", "has no effect with `digest`: an entry has the posts of its period. Remove it.");
    }
    if feed.select.q.is_some() {
        refuse(
            "select",
            "has words (`q`), which a feed with `digest` cannot have. Select posts by their terms.",
        );
    }
    for (key, size) in [("limit", feed.options.limit), ("archive", feed.options.archive)] {
        if size.is_some_and(|size| size > DIGESTS) {
            refuse(
                key,
                &format!("is out of range. With `digest`, write a number of digests up to {DIGESTS}."),
            );
        }
    }
}
