//! Queries of feeds: `?tags=rust&not_categories=news&limit=50`, read, and written in one canonical form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::near::is_near;
use crate::catalog::{FeedSettings, Selection, Snapshot, TermKey};
use crate::config::{Content, Language, Order};
use crate::limits::{SEARCH_WORD_BYTES, SEARCH_WORDS};
use crate::post::term::{fold, make_slug};
use crate::post::text_query::Words;

/// What a query asks for beside its address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Conditions that its feed does not have.
    pub conditions: Selection,
    /// Entries a page, 1 to 500.
    pub limit: Option<usize>,
    /// How much of a post an entry holds.
    pub content: Option<Content>,
    /// What comes first.
    pub order: Option<Order>,
    /// Which page, from 1; 0 where none is asked for.
    pub page: usize,
}

/// Why a query can't be answered: a known word has a value that can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadQuery(pub(super) String);

/// What stands for itself in a query's value; all else is percent-encoded: RFC 3986 §2.3.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Most entries of a page.
const MOST: usize = 500;

/// Parameters in addition to those of taxonomies.
const FIXED: [&str; 8] = ["q", "limit", "content", "order", "page", "view", "sources", "languages"];

/// How a query says a condition on terms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    All,
    Any,
    Not,
}

impl Query {
    /// Reads a query, as sent. Words that mean nothing here are passed over.
    ///
    /// # Errors
    /// [`BadQuery`] with a sentence for the person who asked.
    pub fn parse(snapshot: &Snapshot, text: &str) -> Result<Self, BadQuery> {
        let mut reader = Reader { snapshot, query: Self::default(), seen: Vec::new() };
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (word, value) = pair.split_once('=').unwrap_or((pair, ""));
            reader.read(&decode(word)?, value)?;
        }
        reader.query.conditions.normalise();
        Ok(reader.query)
    }

    /// This query and another: conditions stand side by side, all else of the other replaces.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            conditions: self.conditions.and(&other.conditions),
            limit: other.limit.or(self.limit),
            content: other.content.or(self.content),
            order: other.order.or(self.order),
            page: if other.page == 0 { self.page } else { other.page },
        }
    }

    /// Whether every word of a query, as sent, means something to feeds.
    pub fn knows_all(snapshot: &Snapshot, text: &str) -> bool {
        let words = text.split('&').filter_map(|pair| pair.split('=').next());
        words.filter(|word| !word.is_empty()).all(|word| {
            let name = word.strip_prefix("any_").or_else(|| word.strip_prefix("not_")).unwrap_or(word);
            FIXED.contains(&word) || snapshot.site.taxonomies.iter().any(|taxonomy| taxonomy.name == name)
        })
    }

    /// Whether a query, as sent, asks for the feed itself, whoever asks.
    pub fn asks_for_source(text: &str) -> bool {
        text.split('&')
            .filter_map(|pair| pair.split('=').next())
            .any(|word| decode(word).is_ok_and(|word| word == "view"))
    }

    /// Whether nothing is asked for but the feed itself.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Leaves out what a feed with these conditions and settings does by itself.
    #[must_use]
    pub fn beyond(mut self, base: &Selection, settings: &FeedSettings) -> Self {
        self.conditions.drop_implied(base);
        self.limit = self.limit.filter(|limit| *limit != settings.limit);
        self.content = self.content.filter(|content| *content != settings.content);
        self.order = self.order.filter(|order| *order != settings.order);
        self.page = if self.page == 1 { 0 } else { self.page };
        self
    }

    /// The canonical form, encoded, without `?`: words and values in order, terms as slugs.
    pub fn write(&self, snapshot: &Snapshot) -> String {
        let site = &snapshot.site;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |word: &str, value: String| pairs.push((word.to_owned(), value));
        let Selection { all, any, not, sources, languages, words, .. } = &self.conditions;
        for (prefix, keys) in [("", all), ("not_", not)] {
            for key in keys {
                add(&format!("{prefix}{}", name_of(snapshot, key)), slug_of(snapshot, key));
            }
        }
        for key in any.iter().flatten() {
            add(&format!("any_{}", name_of(snapshot, key)), slug_of(snapshot, key));
        }
        for source in sources.iter().flatten() {
            add("sources", site.sources[usize::from(*source)].name.clone());
        }
        for code in languages.iter().flatten() {
            add("languages", code.to_string());
        }
        if let Some(words) = words {
            add("q", words.join());
        }
        if let Some(limit) = self.limit {
            add("limit", limit.to_string());
        }
        if let Some(content) = self.content {
            add("content", write_word(CONTENT, content));
        }
        if let Some(order) = self.order {
            add("order", write_word(ORDER, order));
        }
        if self.page > 1 {
            add("page", self.page.to_string());
        }
        pairs.sort();
        let encode = |text: &str| utf8_percent_encode(text, VALUE).to_string();
        let pairs = pairs.iter().map(|(word, value)| format!("{}={}", encode(word), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

const CONTENT: &[(&str, Content)] =
    &[("full", Content::Full), ("summary", Content::Summary), ("none", Content::None)];
const ORDER: &[(&str, Order)] = &[("published", Order::Published), ("updated", Order::Updated)];

fn write_word<T: PartialEq>(words: &[(&str, T)], value: T) -> String {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word).to_owned()
}

fn name_of<'s>(snapshot: &'s Snapshot, key: &TermKey) -> &'s str {
    &snapshot.site.taxonomies[usize::from(key.taxonomy)].name
}

/// A term's slug, also of one that no post uses.
pub fn slug_of(snapshot: &Snapshot, key: &TermKey) -> String {
    let known = snapshot.get_term(usize::from(key.taxonomy), &key.folded);
    known.map_or_else(|| make_slug(&key.folded), |(index, entry)| index.slug_of(entry))
}

/// The term that a text means, by spelling or slug; one that nobody uses is its slug.
pub(super) fn find_key(snapshot: &Snapshot, taxonomy: usize, text: &str) -> TermKey {
    let found = snapshot.resolve_term(taxonomy, text);
    let folded = found.map_or_else(|| make_slug(&fold(text)).into(), |(_, term)| Box::from(&*term.folded));
    TermKey { taxonomy: taxonomy as u8, folded }
}

/// The code of a language as a site writes it; one that no site has is in lower case.
pub(super) fn find_code(snapshot: &Snapshot, text: &str) -> Box<str> {
    let mut known = snapshot.languages().map(|(code, _)| code);
    let known = known.find(|code| code.eq_ignore_ascii_case(text));
    known.map_or_else(|| text.to_ascii_lowercase(), str::to_owned).into()
}

fn decode(text: &str) -> Result<String, BadQuery> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| BadQuery("The query is not percent-encoded UTF-8.".to_owned()))
}

struct Reader<'s> {
    snapshot: &'s Snapshot,
    query: Query,
    /// Words that take one value and have it.
    seen: Vec<&'static str>,
}

impl Reader<'_> {
    fn read(&mut self, word: &str, value: &str) -> Result<(), BadQuery> {
        match word {
            "q" => {
                let value = decode(&value.replace('+', " "))?;
                self.once("q")?;
                let words = Words::parse(&value).ok_or_else(|| empty(word))?;
                if words.count() > SEARCH_WORDS || words.longest() > SEARCH_WORD_BYTES {
                    return Err(BadQuery(format!(
                        "`q` can have {SEARCH_WORDS} words of {SEARCH_WORD_BYTES} bytes each. Search for fewer or shorter words."
                    )));
                }
                self.query.conditions.words = Some(words);
            }
            "limit" => {
                self.once("limit")?;
                self.query.limit = Some(read_number(word, value, MOST)?);
            }
            "page" => {
                self.once("page")?;
                self.query.page = read_number(word, value, u32::MAX as usize)?;
            }
            "content" => {
                self.once("content")?;
                self.query.content = Some(read_word(word, value, CONTENT)?);
            }
            "order" => {
                self.once("order")?;
                self.query.order = Some(read_word(word, value, ORDER)?);
            }
            "view" => {
                self.once("view")?;
                read_word(word, value, &[("source", ())])?;
            }
            "sources" => {
                let value = read_text(word, value)?;
                let place = self.snapshot.site.find_source(&value);
                refuse_list(word, &value, |name| self.snapshot.site.find_source(name).is_some())?;
                let place =
                    place.ok_or_else(|| BadQuery(format!("There is no source {}.", shorten(&value))))?;
                self.query.conditions.sources.get_or_insert_default().push(place);
            }
            "languages" => {
                let value = read_text(word, value)?;
                refuse_list(word, &value, Language::is_tag)?;
                if !Language::is_tag(&value) {
                    return Err(BadQuery(format!("{} is no code of a language.", shorten(&value))));
                }
                let code = find_code(self.snapshot, &value);
                self.query.conditions.languages.get_or_insert_default().push(code);
            }
            _ => self.read_term(word, value)?,
        }
        Ok(())
    }

    fn read_term(&mut self, word: &str, value: &str) -> Result<(), BadQuery> {
        let (group, name) = match (word.strip_prefix("any_"), word.strip_prefix("not_")) {
            (Some(name), _) => (Group::Any, name),
            (_, Some(name)) => (Group::Not, name),
            _ => (Group::All, word),
        };
        let taxonomies = &self.snapshot.site.taxonomies;
        let Some(taxonomy) = taxonomies.iter().position(|taxonomy| taxonomy.name == name) else {
            if let Some(known) = self.find_near(word) {
                return Err(BadQuery(format!(
                    "There is no parameter {}. Did you mean {known}?",
                    shorten(word)
                )));
            }
            return decode(value).map(drop);
        };
        let value = read_text(word, value)?;
        let is_used = |term: &str| {
            self.snapshot.resolve_term(taxonomy, term).is_some_and(|(_, entry)| !entry.slots.is_empty())
        };
        refuse_list(word, &value, is_used)?;
        let key = find_key(self.snapshot, taxonomy, &value);
        let Selection { all, any, not, .. } = &mut self.query.conditions;
        match group {
            Group::All => all.push(key),
            Group::Not => not.push(key),
            Group::Any => match any.iter_mut().find(|group| group[0].taxonomy == key.taxonomy) {
                Some(group) => group.push(key),
                None => any.push(vec![key]),
            },
        }
        Ok(())
    }

    /// The known parameter that an unknown one is almost.
    fn find_near(&self, word: &str) -> Option<String> {
        if ["search", "query"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return Some("q".to_owned());
        }
        let names = self.snapshot.site.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
        let of_terms = names.flat_map(|name| ["", "any_", "not_"].map(|prefix| format!("{prefix}{name}")));
        let mut known = FIXED.iter().map(|word| (*word).to_owned()).chain(of_terms);
        known.find(|known| is_near(word, known))
    }

    fn once(&mut self, word: &'static str) -> Result<(), BadQuery> {
        if self.seen.contains(&word) {
            return Err(BadQuery(format!("`{word}` takes one value and is given twice.")));
        }
        self.seen.push(word);
        Ok(())
    }
}

/// Refuses a value that no post uses and that divides into values that posts use: a subscriber would get an empty
/// feed.
fn refuse_list(word: &str, value: &str, is_used: impl Fn(&str) -> bool) -> Result<(), BadQuery> {
    const MOST: usize = 32;
    if !value.contains([',', '|']) || is_used(value) {
        return Ok(());
    }
    let parts = value.split([',', '|']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.take(MOST).collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_used(part)) {
        return Ok(());
    }
    let repeat = |word: &str| {
        let pairs = parts.iter().map(|part| format!("{word}={}", utf8_percent_encode(part, VALUE)));
        pairs.collect::<Vec<_>>().join("&")
    };
    let is_plain = !word.starts_with("any_") && !word.starts_with("not_");
    let any = if is_plain && !matches!(word, "sources" | "languages") {
        format!(" For posts with any of them: {}.", repeat(&format!("any_{word}")))
    } else {
        String::new()
    };
    Err(BadQuery(format!(
        "No post has the value {} of {word}. Repeat the parameter for each value: {}.{any}",
        shorten(value),
        repeat(word)
    )))
}

fn empty(word: &str) -> BadQuery {
    BadQuery(format!("{} has no value. Give it one, or leave it out.", shorten(word)))
}

fn read_text(word: &str, value: &str) -> Result<String, BadQuery> {
    let value = decode(value)?;
    if value.trim().is_empty() { Err(empty(word)) } else { Ok(value) }
}

fn read_number(word: &str, value: &str, most: usize) -> Result<usize, BadQuery> {
    let value = read_text(word, value)?;
    let number = value.parse().ok().filter(|_| value.bytes().all(|b| b.is_ascii_digit()));
    number.filter(|number| (1..=most).contains(number)).ok_or_else(|| {
        let wanted = if most == MOST { format!("a number from 1 to {MOST}") } else { "1 or more".to_owned() };
        BadQuery(format!("`{word}` can't be {}. Write {wanted}.", shorten(&value)))
    })
}

fn read_word<T: Copy>(word: &str, value: &str, words: &[(&str, T)]) -> Result<T, BadQuery> {
    let value = read_text(word, value)?;
    words.iter().find(|(known, _)| *known == value).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        BadQuery(format!("`{word}` can't be {}. Write {}.", shorten(&value), known.join(" or ")))
    })
}

/// A value as an answer repeats it: short, and in one line.
fn shorten(value: &str) -> String {
    let shown: String = value.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{shown}\"")
}
