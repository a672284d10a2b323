//! Queries of words: `rust "web server" -news async* title:actix`, in one canonical form.

use super::fold::fold_for_search;
use super::search::Search;
use super::split::{Unit, split};
use crate::limits::{SEARCH_WORD_BYTES, SEARCH_WORDS};

/// The prefix of a word that is searched for only in titles.
const TITLE: &str = "title:";

/// A condition on the texts of a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// True if no post may meet it.
    pub is_excluded: bool,
    /// True if only the title counts.
    pub in_title: bool,
    /// True if the last word is the beginning of one.
    pub is_prefix: bool,
    /// The units, folded, with a space between two that need not be joined.
    text: Box<str>,
}

/// Conditions that must all be met: each once, sorted. At least one of them is not an exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words(Box<[Condition]>);

/// The reason why a text is not a query of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    /// It has no word.
    #[error("it has no word")]
    None,
    /// It has too many words, or one is too long.
    #[error("it has more than {SEARCH_WORDS} words, or one of more than {SEARCH_WORD_BYTES} bytes")]
    TooLong,
    /// It only excludes.
    #[error("it only excludes words")]
    OnlyExclusions,
}

impl Condition {
    /// A condition on units that follow each other; `None` if there are none.
    fn new<'t>(units: impl Iterator<Item = Unit<'t>>) -> Option<Self> {
        let mut text = String::new();
        for unit in units {
            if !text.is_empty() && !unit.is_joined {
                text.push(' ');
            }
            text.push_str(unit.text);
        }
        let condition =
            Self { is_excluded: false, in_title: false, is_prefix: false, text: text.into_boxed_str() };
        (!condition.text.is_empty()).then_some(condition)
    }

    /// The units, which must follow each other.
    pub fn units(&self) -> impl Iterator<Item = Unit<'_>> {
        split(&self.text)
    }

    /// The condition as in a query.
    fn write(&self) -> String {
        let Self { in_title, is_prefix, text, .. } = self;
        let text = if *in_title || *is_prefix {
            // These have no form in quotation marks. A word of a text can look like a restriction.
            let mark = if *in_title || !text.starts_with(TITLE) { "" } else { "|" };
            format!("{mark}{}", text.replace(' ', "|"))
        } else if self.count_words() > 1 || text.starts_with(TITLE) {
            format!("\"{text}\"")
        } else {
            text.to_string()
        };
        let [excluded, title, prefix] = self.signs();
        format!("{excluded}{title}{text}{prefix}")
    }

    /// The signs before and after the text.
    fn signs(&self) -> [&'static str; 3] {
        [(self.is_excluded, "-"), (self.in_title, TITLE), (self.is_prefix, "*")]
            .map(|(holds, sign)| if holds { sign } else { "" })
    }

    /// The number of words; a run of characters counts as one.
    fn count_words(&self) -> usize {
        self.units().filter(|unit| !unit.is_joined).count()
    }

    /// The number of bytes of the longest word or run of characters.
    fn longest_word(&self) -> usize {
        self.text.split(' ').map(str::len).max().unwrap_or_default()
    }
}

impl Words {
    /// Parses a query.
    ///
    /// # Errors
    /// [`BadWords`] if it has no conditions, too many, or only exclusions.
    pub fn parse(text: &str) -> Result<Self, BadWords> {
        let mut conditions = parse(&fold_for_search(text));
        conditions.sort_unstable();
        conditions.dedup();
        if conditions.is_empty() {
            return Err(BadWords::None);
        }
        let count: usize = conditions.iter().map(Condition::count_words).sum();
        if count > SEARCH_WORDS || conditions.iter().any(|it| it.longest_word() > SEARCH_WORD_BYTES) {
            return Err(BadWords::TooLong);
        }
        if conditions.iter().all(|condition| condition.is_excluded) {
            return Err(BadWords::OnlyExclusions);
        }
        Ok(Self(conditions.into()))
    }

    /// These conditions and those of another query.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut conditions: Vec<Condition> = self.0.iter().chain(&other.0).cloned().collect();
        conditions.sort_unstable();
        conditions.dedup();
        Self(conditions.into())
    }

    /// The conditions that another query does not have; `None` if there are none. Exclusions alone are not a query: then
    /// it has all conditions.
    pub fn beyond(&self, other: &Self) -> Option<Self> {
        let own: Vec<Condition> =
            self.0.iter().filter(|condition| !other.0.contains(condition)).cloned().collect();
        match own.iter().any(|condition| !condition.is_excluded) {
            true => Some(Self(own.into())),
            false if own.is_empty() => None,
            false => Some(self.clone()),
        }
    }

    /// The conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.0
    }

    /// The canonical query.
    pub fn join(&self) -> String {
        self.0.iter().map(Condition::write).collect::<Vec<_>>().join(" ")
    }

    /// The conditions, with quotation marks around each word and phrase: together they are not a phrase, and their order
    /// has no meaning.
    pub fn quote(&self) -> String {
        let quote = |condition: &Condition| {
            let ([excluded, title, prefix], text) = (condition.signs(), &condition.text);
            format!("{excluded}{title}“{text}{prefix}”")
        };
        self.0.iter().map(quote).collect::<Vec<_>>().join(" ")
    }

    /// Prepares one search for these words through many texts.
    pub fn search(&self) -> Search<'_> {
        Search::new(self)
    }
}

/// Parses a folded query.
fn parse(text: &str) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let excluding = rest.strip_prefix('-');
        let is_excluded = excluding.is_some();
        let start = excluding.unwrap_or(rest);
        let parsed = if let Some(phrase) = start.strip_prefix('"') {
            let (phrase, after) = phrase.split_once('"').unwrap_or((phrase, ""));
            rest = after;
            Condition::new(split(phrase)).into_iter().collect()
        } else {
            let end = start.find(|c: char| c == '"' || c.is_whitespace()).unwrap_or(start.len());
            rest = &start[end..];
            parse_words(&start[..end], is_excluded)
        };
        conditions.extend(parsed.into_iter().map(|condition| Condition { is_excluded, ..condition }));
        rest = rest.trim_start();
    }
    conditions
}

/// Parses a part of a query between spaces. Words that are excluded together follow each other.
fn parse_words(text: &str, is_excluded: bool) -> Vec<Condition> {
    let restricted = text.strip_prefix(TITLE).filter(|text| split(text).next().is_some());
    let text = restricted.unwrap_or(text);
    let units: Vec<Unit<'_>> = split(text).collect();
    let mut conditions: Vec<Condition> = if is_excluded {
        Condition::new(units.iter().copied()).into_iter().collect()
    } else {
        let words = units.chunk_by(|_, next| next.is_joined);
        words.filter_map(|word| Condition::new(word.iter().copied())).collect()
    };
    let ends_in_prefix = |last: &Unit<'_>| !last.is_character && &text[last.at + last.text.len()..] == "*";
    if units.last().is_some_and(ends_in_prefix)
        && let Some(last) = conditions.last_mut()
    {
        last.is_prefix = true;
    }
    let restrict = |condition| Condition { in_title: restricted.is_some(), ..condition };
    conditions.into_iter().map(restrict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String, BadWords> {
        Words::parse(text).map(|words| words.join())
    }

    #[test]
    fn equal_queries_have_one_canonical_form() {
        for (text, expected) in [
            ("Rust async RUST", "async rust"),
            ("\"Web Server\" -\"old News\" -x", "\"web server\" -\"old news\" -x"),
            ("async* title:Actix -title:News", "async* title:actix -title:news"),
            ("-title:well-known* a", "a -title:well|known*"),
            ("unbalanced \"to the end", "\"to the end\" unbalanced"),
            ("\"one\"", "one"),
            ("c++ C# -F#", "c# c++ -f#"),
            ("聯合 早報 \"聯合 早報\"", "早报 联合 \"联合 早报\""),
            ("港port口", "port 口 港"),
            ("-well-known a", "a -\"well known\""),
            ("well-known", "known well"),
            ("中文* title:中文", "中文 title:中文"),
            ("(rust) OR -- title: AND", "and or rust title"),
            ("\"title:x\"", "\"title:x\""),
            ("foo\"bar baz\"qux", "\"bar baz\" foo qux"),
        ] {
            assert_eq!(canonical(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn queries_without_words_with_too_many_and_of_exclusions_alone_are_rejected() {
        assert_eq!(canonical(" \t… \"\" - *"), Err(BadWords::None));
        assert_eq!(canonical("-a -\"b c\""), Err(BadWords::OnlyExclusions));
        let words = |count: usize| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        assert!(canonical(&words(SEARCH_WORDS)).is_ok());
        assert_eq!(canonical(&words(SEARCH_WORDS + 1)), Err(BadWords::TooLong));
        assert_eq!(canonical(&format!("\"{}\"", words(SEARCH_WORDS + 1))), Err(BadWords::TooLong));
        assert!(canonical(&"x".repeat(SEARCH_WORD_BYTES)).is_ok());
        assert_eq!(canonical(&"x".repeat(SEARCH_WORD_BYTES + 1)), Err(BadWords::TooLong));
        assert_eq!(canonical(&"字".repeat(SEARCH_WORD_BYTES)), Err(BadWords::TooLong));
    }

    #[test]
    fn what_is_beyond_another_query_is_a_query() {
        let parse = |text| Words::parse(text).expect("it is a query");
        assert_eq!(parse("a b -c").beyond(&parse("a -c")), Some(parse("b")));
        assert_eq!(parse("a").beyond(&parse("a b")), None);
        assert_eq!(parse("a -c").beyond(&parse("a")), Some(parse("a -c")));
        assert_eq!(parse("a b").and(&parse("b -c")), parse("-c a b"));
    }

    proptest::proptest! {
        #[test]
        fn the_canonical_form_is_the_same_query(text in "[-a-c\"*:# +中文ไทยé(]{0,20}|\\PC{0,20}|(title:|-|\")?[a中]{1,3}:title:x\\*?") {
            if let Ok(words) = Words::parse(&text) {
                proptest::prop_assert_eq!(Words::parse(&words.join()), Ok(words));
            }
        }
    }
}
