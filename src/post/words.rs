//! Words that are searched for: whole words, but within scripts that are written without spaces.

use std::borrow::Cow;

use super::term::fold;

/// Words that must all be found, folded, each once, in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words(Box<[Box<str>]>);

impl Words {
    /// The words of a text, divided by white space; `None`: there is none.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let mut words: Vec<Box<str>> = folded.split(' ').filter(|w| !w.is_empty()).map(Into::into).collect();
        words.sort_unstable();
        words.dedup();
        (!words.is_empty()).then(|| Self(words.into()))
    }

    /// These words and those of another.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut words: Vec<Box<str>> = self.0.iter().chain(&other.0).cloned().collect();
        words.sort_unstable();
        words.dedup();
        Self(words.into())
    }

    /// Those of these words that another does not have.
    pub fn beyond(&self, other: &Self) -> Option<Self> {
        let words: Box<[Box<str>]> = self.0.iter().filter(|word| !other.0.contains(word)).cloned().collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// The words, with spaces between them.
    pub fn join(&self) -> String {
        self.0.join(" ")
    }

    /// Whether each word stands in one of some texts, or in a last one, which is asked for only if a word
    /// is left.
    pub fn all_stand_in<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        last: impl FnOnce() -> Cow<'t, str>,
    ) -> bool {
        let mut left: Vec<&str> = self.0.iter().map(|word| &**word).collect();
        let mut look = |text: &str| {
            let folded = fold(text);
            left.retain(|word| !stands_in(word, &folded));
            left.is_empty()
        };
        for text in texts {
            if look(text) {
                return true;
            }
        }
        look(&last())
    }
}

/// Whether a word stands in a folded text: not as a part of a longer word, unless its script has no
/// spaces between words.
fn stands_in(word: &str, text: &str) -> bool {
    let joins = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
        (Some(inner), Some(outer)) => is_spaced(inner) && is_spaced(outer),
        _ => false,
    };
    text.match_indices(word).any(|(at, _)| {
        let before = joins(word.chars().next(), text[..at].chars().next_back());
        let after = joins(word.chars().next_back(), text[at + word.len()..].chars().next());
        !before && !after
    })
}

/// Whether a character is part of words that spaces divide.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Scripts without spaces between words, or with endings that a word may have or not: Han, Kana, Hangul,
/// Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str, texts: &[&str]) -> bool {
        let (last, texts) = texts.split_last().expect("there is a text");
        let words = Words::parse(words).expect("there is a word");
        words.all_stand_in(texts.iter().copied(), || (*last).into())
    }

    #[test]
    fn words_are_whole_and_folded_and_all_of_them_are_wanted() {
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

    proptest::proptest! {
        #[test]
        fn a_word_of_a_text_is_found_in_it(text in "\\PC{1,30}") {
            if let Some(words) = Words::parse(&text) {
                proptest::prop_assert!(words.all_stand_in([&*text].into_iter(), || "".into()));
            }
        }
    }
}
