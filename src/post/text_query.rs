//! Queries of words: whole words, except in scripts that are written without spaces.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::term::fold;

/// Words that must all be found: folded, each once, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words(Box<[Box<str>]>);

impl Words {
    /// The words of a text, divided by white space; `None` if there are none.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let mut words: Vec<Box<str>> = folded.split(' ').filter(|w| !w.is_empty()).map(Into::into).collect();
        words.sort_unstable();
        words.dedup();
        (!words.is_empty()).then(|| Self(words.into()))
    }

    /// These words and those of another query.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut words: Vec<Box<str>> = self.0.iter().chain(&other.0).cloned().collect();
        words.sort_unstable();
        words.dedup();
        Self(words.into())
    }

    /// The words that another query does not have; `None` if there are none.
    pub fn beyond(&self, other: &Self) -> Option<Self> {
        let words: Box<[Box<str>]> = self.0.iter().filter(|word| !other.0.contains(word)).cloned().collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// The words, with spaces between them.
    pub fn join(&self) -> String {
        self.0.join(" ")
    }

    /// The words, each in quotation marks: they are not a phrase, and their order has no meaning.
    pub fn quote(&self) -> String {
        self.0.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(" ")
    }

    /// The number of words.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The number of bytes of the longest word.
    pub fn longest(&self) -> usize {
        self.0.iter().map(|word| word.len()).max().unwrap_or_default()
    }

    /// Prepares one search for these words through many texts.
    pub fn search(&self) -> Search<'_> {
        Search { finders: self.0.iter().map(|word| Finder::new(&**word)).collect(), folded: String::new() }
    }
}

/// A search for words, prepared once for any number of texts.
#[derive(Debug)]
pub struct Search<'w> {
    finders: Vec<Finder<'w>>,
    /// The texts of one post, folded, one per line.
    folded: String,
}

impl Search<'_> {
    /// Returns true if every word occurs in a title, in a folded term, or in a summary. The summary is requested only
    /// if a word is missing from the rest, and the first word missing from both ends the search.
    pub fn matches<'t>(
        &mut self,
        title: &str,
        terms: impl Iterator<Item = &'t str>,
        summary: impl FnOnce() -> Cow<'t, str>,
    ) -> bool {
        self.folded.clear();
        self.folded.push_str(&fold(title));
        for term in terms {
            // No folded text contains a line break: no word matches across two texts.
            self.folded.push('\n');
            self.folded.push_str(term);
        }
        let Some(missing) = self.finders.iter().position(|word| !occurs(word, &self.folded)) else {
            return true;
        };
        let summary = fold(&summary());
        let mut rest = self.finders[missing..].iter();
        rest.all(|word| occurs(word, &summary) || occurs(word, &self.folded))
    }
}

/// Returns true if a word occurs in a folded text: not as a part of a longer word, unless its script has no spaces
/// between words.
fn occurs(word: &Finder<'_>, text: &str) -> bool {
    // A needle that is valid UTF-8 matches only whole characters.
    let inner = std::str::from_utf8(word.needle()).unwrap_or_default();
    let joins = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
        (Some(inner), Some(outer)) => is_spaced(inner) && is_spaced(outer),
        _ => false,
    };
    word.find_iter(text.as_bytes()).any(|at| {
        let before = joins(inner.chars().next(), text[..at].chars().next_back());
        let after = joins(inner.chars().next_back(), text[at + inner.len()..].chars().next());
        !before && !after
    })
}

/// Returns true if a character is part of words that spaces divide.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Returns true for scripts without spaces between words, or with optional endings of words: Han, Kana, Hangul, Thai,
/// Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first text is a title, the last one a summary, those between them terms.
    fn found(words: &str, texts: &[&str]) -> bool {
        let (title, texts) = texts.split_first().expect("there is a text");
        let (summary, terms) = texts.split_last().unwrap_or((&"", &[]));
        let terms: Vec<String> = terms.iter().map(|term| fold(term)).collect();
        let words = Words::parse(words).expect("there is a word");
        words.search().matches(title, terms.iter().map(|term| &**term), || (*summary).into())
    }

    #[test]
    fn words_are_whole_and_folded_and_all_of_them_are_required() {
        for (words, texts, expected) in [
            ("rust", vec!["Rust in practice"], true),
            ("rust", vec!["trust and rusty"], false),
            ("RUST async", vec!["rust", "x", "Async, at last"], true),
            ("rust async", vec!["rust"], false),
            ("c++", vec!["Notes on C++."], true),
            ("c", vec!["Notes on C++."], true),
            (".net", vec!["asp.NET"], true),
            ("早报", vec!["联合早报网"], true),
            ("port", vec!["港port口"], true),
            ("개발", vec!["개발자를 위한"], true),
            ("cafe\u{301}", vec!["CAFÉ"], true),
            ("ab", vec!["cab ab"], true),
        ] {
            assert_eq!(found(words, &texts), expected, "{words} in {texts:?}");
        }
        assert_eq!(Words::parse(" \t"), None);
    }

    #[test]
    fn a_summary_is_requested_only_for_a_word_that_is_missing_and_once() {
        let words = Words::parse("a b c").expect("there are words");
        let mut search = words.search();
        let mut requested = 0;
        for (title, summary, expected, total) in
            [("a b c", "", true, 0), ("x", "y", false, 1), ("b", "a c", true, 2), ("a", "b", false, 3)]
        {
            let found = search.matches(title, std::iter::empty(), || {
                requested += 1;
                summary.into()
            });
            assert_eq!((found, requested), (expected, total), "{title}, {summary}");
        }
        // The previous texts are cleared.
        assert!(!search.matches("c", ["b"].into_iter(), || "".into()));
    }

    proptest::proptest! {
        #[test]
        fn a_word_of_a_text_is_found_in_it(text in "\\PC{1,30}") {
            if let Some(words) = Words::parse(&text) {
                proptest::prop_assert!(words.search().matches(&text, std::iter::empty(), || "".into()));
            }
        }
    }
}
