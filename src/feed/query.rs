//! Queries of feeds: `?tags=rust&not_categories=news&limit=50`, and their canonical form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::catalog::{FeedSettings, Selection, Snapshot, TermKey};
use crate::config::{Content, DateOrTime, Order, Window};
use crate::post::term::{fold, make_slug};

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Conditions in addition to those of the feed.
    pub conditions: Selection,
    /// Entries per page, 1 to 500.
    pub limit: Option<usize>,
    /// The time before the newest post whose posts are all on the first page.
    pub window: Option<Window>,
    /// The part of a post that an entry contains.
    pub content: Option<Content>,
    /// The order of entries.
    pub order: Option<Order>,
    /// The page number, from 1; 0 if none is requested.
    pub page: usize,
    /// Taxonomies of which the only required term was sent as an alternative (`any_tags=rust`). It is not a part of
    /// the canonical form: a form shows the term where it was entered.
    pub alternatives: Vec<u8>,
}

/// All characters except the unreserved ones (RFC 3986 §2.3), which are not percent-encoded in a value.
pub(super) const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Query {
    /// Combines this query with another: conditions are added, all other parameters of `other` replace this query's.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            conditions: self.conditions.and(&other.conditions),
            limit: other.limit.or(self.limit),
            window: other.window.or(self.window),
            content: other.content.or(self.content),
            order: other.order.or(self.order),
            page: if other.page == 0 { self.page } else { other.page },
            alternatives: other.alternatives,
        }
    }

    /// Returns true if the query has no parameters.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Removes parameters that a feed with these conditions and settings implies.
    #[must_use]
    pub fn beyond(mut self, base: &Selection, settings: &FeedSettings) -> Self {
        self.conditions.drop_implied(base);
        self.limit = self.limit.filter(|limit| *limit != settings.limit);
        self.window = self.window.filter(|window| Some(*window) != settings.window);
        self.content = self.content.filter(|content| *content != settings.content);
        self.order = self.order.filter(|order| *order != settings.order);
        self.page = if self.page == 1 { 0 } else { self.page };
        let is_required = |taxonomy: &u8| self.conditions.all.iter().any(|key| key.taxonomy == *taxonomy);
        self.alternatives.retain(is_required);
        self
    }

    /// The canonical form, encoded, without `?`: sorted names and values, terms as slugs.
    pub fn write(&self, snapshot: &Snapshot) -> String {
        let site = &snapshot.site;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |parameter: &str, value: String| pairs.push((parameter.to_owned(), value));
        let Selection { all, any, not, sources, languages, words, period, .. } = &self.conditions;
        for (prefix, keys) in [("", all), ("not_", not)] {
            for key in keys {
                add(&format!("{prefix}{}", name_of(snapshot, key)), slug_of(snapshot, key));
            }
        }
        for key in any.iter().flatten() {
            add(&format!("any_{}", name_of(snapshot, key)), slug_of(snapshot, key));
        }
        for source in sources.iter().flatten() {
            add("sources", site.source(*source).name.clone());
        }
        for code in languages.iter().flatten() {
            add("languages", code.to_string());
        }
        if let Some(words) = words {
            add("q", words.join());
        }
        for (parameter, limit) in [("since", period.since), ("until", period.until)] {
            if let Some(limit) = limit {
                add(parameter, DateOrTime::shorten(limit, site.time_zone).to_string());
            }
        }
        if let Some(limit) = self.limit {
            add("limit", limit.to_string());
        }
        if let Some(window) = self.window {
            add("window", window.to_string());
        }
        if let Some(content) = self.content {
            add("content", write_keyword(CONTENT, content));
        }
        if let Some(order) = self.order {
            add("order", write_keyword(Order::WORDS, order));
        }
        if self.page > 1 {
            add("page", self.page.to_string());
        }
        pairs.sort();
        let encode = |text: &str| utf8_percent_encode(text, VALUE).to_string();
        let pairs = pairs.iter().map(|(parameter, value)| format!("{}={}", encode(parameter), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

pub(super) const CONTENT: &[(&str, Content)] =
    &[("full", Content::Full), ("summary", Content::Summary), ("none", Content::None)];

fn write_keyword<T: PartialEq>(keywords: &[(&str, T)], value: T) -> String {
    keywords.iter().find(|(_, known)| *known == value).map_or("", |(keyword, _)| keyword).to_owned()
}

fn name_of<'s>(snapshot: &'s Snapshot, key: &TermKey) -> &'s str {
    &snapshot.site.taxonomies[usize::from(key.taxonomy)].name
}

/// The slug of a term, also of a term that no post uses.
pub fn slug_of(snapshot: &Snapshot, key: &TermKey) -> String {
    let known = snapshot.get_term(usize::from(key.taxonomy), &key.folded);
    known.map_or_else(|| make_slug(&key.folded), |(index, entry)| index.slug_of(entry))
}

/// Finds a term by spelling or slug; for a term that no post uses, the key has its slug.
pub(super) fn find_key(snapshot: &Snapshot, taxonomy: usize, text: &str) -> TermKey {
    let found = snapshot.resolve_term(taxonomy, text);
    let folded = found.map_or_else(|| make_slug(&fold(text)).into(), |(_, term)| Box::from(&*term.folded));
    TermKey { taxonomy: taxonomy as u8, folded }
}

/// The code of a language as a site writes it; in lower case if no site has it.
pub(super) fn find_code(snapshot: &Snapshot, text: &str) -> Box<str> {
    let mut known = snapshot.languages().map(|(code, _)| code);
    let known = known.find(|code| code.eq_ignore_ascii_case(text));
    known.map_or_else(|| text.to_ascii_lowercase(), str::to_owned).into()
}
