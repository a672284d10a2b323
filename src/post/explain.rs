//! The origin of each part of a post's metadata, found by varying one part of the file after the other.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

use super::dialect::Permalink;
use super::front_matter::{self, FrontMatter};
use super::index::SourceId;
use super::model::Post;
use super::parse::{self, File, Outcome};
use super::source::Source;
use super::value::Value;
use super::{date, fill, pages};
use crate::config::Problem;

/// The outcome of parsing a file, and its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The outcome of parsing the file.
    pub outcome: Outcome,
    /// The metadata; empty if the file is not a post.
    pub facts: Vec<Fact>,
    /// The causes that keep the post out of feeds; empty if there are none.
    pub hidden_by: Vec<Cause>,
}

/// One part of a post's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Name of the part: `title`, `link`, a taxonomy's name, ….
    pub name: String,
    /// Value of the part.
    pub value: String,
    /// The causes on which the value depends.
    pub causes: Vec<Cause>,
}

/// An input on which a part of a post's metadata depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A key of the front matter.
    Key {
        /// Name of the key.
        name: String,
        /// Line of the key in the file, from 1.
        line: u32,
    },
    /// Front matter that the site gives files by their path.
    Defaults,
    /// The body: its first heading or other text.
    Body,
    /// The name of the file.
    FileName,
    /// The name of the folder of a post that is a folder.
    FolderName,
    /// The pattern of permalinks of the site or the configuration.
    Permalink,
    /// The folders of the file.
    Path,
    /// The absence of front matter.
    NoFrontMatter,
    /// The time at which the file was first seen, if it contains no date.
    FirstSeen,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { name, line } => write!(f, "`{name}` in line {line}"),
            Self::Defaults => f.write_str("the site's defaults for its folder"),
            Self::Body => f.write_str("the body"),
            Self::FileName => f.write_str("the file name"),
            Self::FolderName => f.write_str("the folder name"),
            Self::Permalink => f.write_str("the site's permalink pattern"),
            Self::Path => f.write_str("the folder of the file"),
            Self::NoFrontMatter => f.write_str("the rule that a post has front matter"),
            Self::FirstSeen => f.write_str("the time of the file"),
        }
    }
}

/// Explains a file. The file is parsed again for each key of its front matter, once or twice.
///
/// # Errors
/// The problem of a file that is not text or whose front matter cannot be parsed.
pub fn explain(source: &Source, id: SourceId, file: File<'_>) -> Result<Explanation, Problem> {
    let outcome = parse::parse(source, id, file);
    if let Outcome::Broken(problem) = outcome {
        return Err(*problem);
    }
    let name = || source.name_file(file.path);
    let text = source.decode(file.bytes).map_err(|e| Problem::error(name(), e.message).at(e.place))?;
    let front = front_matter::read(&text, source.dialect.spec().fences)
        .map_err(|fault| Problem::error(name(), fault.message).at(fault.place))?;
    let parts = Parts { source, id, file, text: &text, front: &front };
    let hidden_by = if outcome == Outcome::Hidden { parts.find_hiding() } else { Vec::new() };
    let facts = match &outcome {
        Outcome::Post(post, _) => parts.list_facts(post),
        _ => Vec::new(),
    };
    Ok(Explanation { outcome, facts, hidden_by })
}

/// The keys that can make an id or a URL, in order of precedence.
const KEYS: [&str; 7] = ["guid", "id", "permalink", "url", "path", "slug", "title"];

/// Line and column of the key of a file's front matter that makes its `id` or `link`; `None` if none does.
pub fn find_place_of(source: &Source, id: SourceId, file: File<'_>, part: &str) -> Option<(u32, u32)> {
    let explanation = explain(source, id, file).ok()?;
    let fact = explanation.facts.into_iter().find(|fact| fact.name == part)?;
    let is_cause = |key: &&str| {
        let is_key =
            |cause: &Cause| matches!(cause, Cause::Key { name, .. } if name.eq_ignore_ascii_case(key));
        fact.causes.iter().any(is_key)
    };
    let key = KEYS.into_iter().find(is_cause)?;
    let text = source.decode(file.bytes).ok()?;
    let front = front_matter::read(&text, source.dialect.spec().fences).ok()?;
    Some(front.place(key))
}

/// A file and the parts that can be varied in it.
struct Parts<'a> {
    source: &'a Source,
    id: SourceId,
    file: File<'a>,
    text: &'a str,
    front: &'a FrontMatter<'a>,
}

/// A way to vary one part of a file. One is not enough: a value may equal the one that applies without the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variation {
    Without,
    Other,
}

impl Parts<'_> {
    /// The file with one part varied.
    fn vary(&self, cause: &Cause, variation: Variation) -> Option<Outcome> {
        let mut front = self.front.clone();
        let mut file = self.file;
        let other_path;
        let mut other_source = None;
        match (cause, variation) {
            (Cause::Key { name, .. }, Variation::Without) => front.fields.remove(name),
            (Cause::Key { name, .. }, Variation::Other) => {
                let other = make_other(front.get(name)?);
                front.fields.insert(name.clone(), other);
            }
            (Cause::Body, Variation::Without) => front.body = "",
            // Its first heading may equal the file name.
            (Cause::Body, Variation::Other) => front.body = "# z\n\nz\n",
            (Cause::FirstSeen, _) => file.modified = DateTime::UNIX_EPOCH,
            (Cause::FileName | Cause::FolderName, _) => {
                other_path = rename(file.path, *cause == Cause::FolderName, variation);
                file.path = &other_path;
            }
            (Cause::Permalink, _) => {
                let permalink = Permalink::default_of(&*self.source.dialect);
                other_source = Some(Source { permalink, ..self.source.clone() });
            }
            (Cause::Defaults | Cause::Path | Cause::NoFrontMatter, _) => {}
        }
        let source = other_source.as_ref().unwrap_or(self.source);
        fill::complete(source, file.path, &mut front);
        if *cause != Cause::Defaults {
            fill::fill_site_defaults(source, file.path, &mut front);
        }
        parse::interpret(source, self.id, file, self.text, &front).ok()
    }

    fn list_causes(&self) -> Vec<Cause> {
        let keys = self.front.fields.iter().map(|(name, _)| Cause::Key {
            name: name.to_owned(),
            line: self.front.place(&name.to_lowercase()).0,
        });
        let file = self.file.path.rsplit('/').next().unwrap_or_default();
        let is_leaf = self.source.dialect.is_leaf(&self.source.site, file);
        let name = if is_leaf { Cause::FolderName } else { Cause::FileName };
        keys.chain([Cause::Defaults, Cause::Body, name, Cause::Permalink, Cause::FirstSeen]).collect()
    }

    /// The causes that keep a hidden post out of feeds.
    fn find_hiding(&self) -> Vec<Cause> {
        let shows = |cause: &Cause| {
            self.vary(cause, Variation::Without).is_some_and(|outcome| outcome != Outcome::Hidden)
        };
        let found: Vec<Cause> = self.list_causes().into_iter().filter(shows).collect();
        match found.is_empty() {
            true if !self.front.exists => vec![Cause::NoFrontMatter],
            true => vec![Cause::Path],
            false => found,
        }
    }

    fn list_facts(&self, post: &Post) -> Vec<Fact> {
        let names: Vec<&str> = self.source.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()).collect();
        let values = |post: &Post| list_values(post, self.source, &names);
        let mut facts: Vec<Fact> = values(post)
            .into_iter()
            .map(|(name, value)| Fact { name: name.to_owned(), value, causes: Vec::new() })
            .collect();
        for cause in self.list_causes() {
            let outcomes =
                [Variation::Without, Variation::Other].map(|variation| self.vary(&cause, variation));
            let others = outcomes.map(|outcome| match outcome {
                Some(Outcome::Post(other, _)) => Some(values(&other)),
                _ => None,
            });
            for (place, fact) in facts.iter_mut().enumerate() {
                let is_other = |other: &Vec<(&str, String)>| other[place].1 != fact.value;
                // Without its date, a file may not be a post.
                let is_date = others[0].is_none() && fact.name == "published";
                if is_date || others.iter().flatten().any(is_other) {
                    fact.causes.push(cause.clone());
                }
            }
        }
        let from_path = facts.iter_mut().filter(|fact| !fact.value.is_empty() && fact.causes.is_empty());
        from_path.for_each(|fact| fact.causes.push(Cause::Path));
        facts
    }
}

/// A path with another name: with other letters, or with other digits, such as those of a date.
fn rename(path: &str, is_folder: bool, variation: Variation) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let rename = |name: &str| -> String {
        let other = |c: char| match variation {
            Variation::Without if c.is_alphabetic() => 'z',
            Variation::Other if c.is_ascii_digit() => '1',
            _ => c,
        };
        name.chars().map(other).collect()
    };
    match folder.rsplit_once('/').filter(|_| is_folder) {
        Some((above, name)) => format!("{above}/{}/{file}", rename(name)),
        None if folder.is_empty() => format!("{}.{extension}", rename(stem)),
        None => format!("{folder}/{}.{extension}", rename(stem)),
    }
}

/// A different value of the same kind.
fn make_other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(!value),
        Value::Int(number) => Value::Int(number.wrapping_add(86_400)),
        Value::List(items) => Value::List(items.iter().map(make_other).collect()),
        Value::Text(text) if date::read(text).is_ok() => Value::Text("1999-01-02T03:04:05Z".to_owned()),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Null | Value::Float(_) | Value::Map(_) => value.clone(),
    }
}

/// The metadata of a post by name, always in the same order.
fn list_values<'n>(post: &Post, source: &Source, taxonomies: &[&'n str]) -> Vec<(&'n str, String)> {
    let zone = source.time_zone;
    let date = |date: DateTime<Utc>| date.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true);
    let maybe = |instant: Option<DateTime<Utc>>| instant.map(date).unwrap_or_default();
    let mut values = vec![
        ("title", post.title.to_string()),
        ("link", pages::entry_url(source, post)),
        ("id", post.id.to_string()),
        ("published", date(post.published)),
        ("updated", maybe(post.updated)),
        ("expires", maybe(post.expires)),
    ];
    values.extend(taxonomies.iter().enumerate().map(|(place, name)| {
        let terms = post.terms.iter().filter(|term| usize::from(term.taxonomy) == place);
        let spellings: Vec<&str> = terms.map(|term| &*term.spelling).collect();
        (*name, spellings.join(", "))
    }));
    values
}
