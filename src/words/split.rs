//! A folded text → its units: words, and the single characters of scripts that are written without spaces.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup as CategoryGroup, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use crate::limits::SEARCH_WORD_BYTES;

/// A word, or a character of a script without spaces between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit<'t> {
    /// The text. A longer word than a query can have is cut to a length that no query has.
    pub text: &'t str,
    /// The offset in the folded text.
    pub at: usize,
    /// True for a character.
    pub is_character: bool,
    /// True for a character that follows another one directly.
    pub is_joined: bool,
}

/// The units of a folded text.
pub fn split(folded: &str) -> impl Iterator<Item = Unit<'_>> {
    Pieces { text: folded, at: 0 }.flat_map(|(at, piece)| {
        let is_run = piece.starts_with(is_unspaced);
        let (run, words) = if is_run { (piece, "") } else { ("", piece) };
        let characters = run.char_indices().map(move |(place, c)| Unit {
            text: &run[place..place + c.len_utf8()],
            at: at + place,
            is_character: true,
            is_joined: place > 0,
        });
        let words = words.unicode_word_indices().map(move |(place, word)| {
            // A mark that is a letter is one word with the punctuation or the space before it.
            let place = place + word.find(begins_word).unwrap_or_default();
            let word = cut(extend(piece, place, place + word.trim_start_matches(|c| !begins_word(c)).len()));
            Unit { text: word, at: at + place, is_character: false, is_joined: false }
        });
        characters.chain(words)
    })
}

/// Returns true for a character of a script without spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    let has_script = matches!(c,
        '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{303b}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' | '\u{f900}'..='\u{faff}'
        | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}');
    let is_part =
        |group| matches!(group, CategoryGroup::Letter | CategoryGroup::Mark | CategoryGroup::Number);
    has_script && is_part(c.general_category_group())
}

/// Divides a text into runs of characters without spaces and the pieces between them.
struct Pieces<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let is_run = is_unspaced(rest.chars().next()?);
        let length = rest.find(|c: char| is_unspaced(c) != is_run).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        Some((start, &rest[..length]))
    }
}

/// Returns true for a character that can be the first one of a word.
fn begins_word(c: char) -> bool {
    c.is_alphanumeric() || c.general_category() == GeneralCategory::ConnectorPunctuation
}

/// The word between two offsets with the `+` and `#` that follow it directly: `c++`, `c#`.
fn extend(piece: &str, at: usize, end: usize) -> &str {
    let more = piece[end..].bytes().take_while(|byte| matches!(byte, b'+' | b'#')).count();
    &piece[at..end + more]
}

/// A word of at most a few bytes more than a query can have: then it is equal to none.
fn cut(word: &str) -> &str {
    if word.len() <= SEARCH_WORD_BYTES {
        return word;
    }
    let is_end = |at: &usize| word.is_char_boundary(*at);
    let end = (SEARCH_WORD_BYTES + 1..word.len()).find(is_end).unwrap_or(word.len());
    &word[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::fold_for_search;

    /// The units of a text, those that are joined after a `~`.
    fn list(text: &str) -> String {
        let folded = fold_for_search(text);
        let units =
            split(&folded).map(|unit| format!("{}{}", if unit.is_joined { "~" } else { "" }, unit.text));
        units.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_those_of_unicode_and_scripts_without_spaces_are_split_into_characters() {
        for (text, units) in [
            (
                "The quick (“brown”) fox can’t jump 32.3 feet, right?",
                "the quick brown fox can't jump 32.3 feet right",
            ),
            ("C++, C# and F#; a+b", "c++ c# and f# a+ b"),
            ("asp.NET snake_case well-known", "asp.net snake_case well known"),
            ("联合早报，Rust语言", "联 ~合 ~早 ~报 rust 语 ~言"),
            ("ひらカタ 々〇ー", "ひ ~ら ~カ ~タ 々 ~〇 ~ー"),
            (
                "ສະບາຍ ខ្មែរ မြန်မာ",
                "ສ ~ະ ~ບ ~າ ~ຍ ខ ~\u{17d2} ~ម ~\u{17c2} ~រ မ ~\u{103c} ~န ~\u{103a} ~မ ~\u{102c}",
            ),
            ("개발자를 위한", "개발자를 위한"),
            ("नमस्ते दुनिया", "नमस्ते दुनिया"),
            ("中・文 — …", "中 文"),
        ] {
            assert_eq!(list(text), units, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_longer_than_a_query_can_have_is_equal_to_none() {
        let long = "é".repeat(200);
        let folded = fold_for_search(&long.replace('é', "ж"));
        let units: Vec<Unit<'_>> = split(&folded).collect();
        assert_eq!(units.len(), 1);
        assert!((SEARCH_WORD_BYTES + 1..SEARCH_WORD_BYTES + 4).contains(&units[0].text.len()));
    }

    proptest::proptest! {
        #[test]
        fn units_are_where_they_say_and_in_order(text in "\\PC{0,40}") {
            let folded = fold_for_search(&text);
            let mut end = 0;
            for unit in split(&folded) {
                proptest::prop_assert!(unit.at >= end && folded[unit.at..].starts_with(unit.text));
                proptest::prop_assert!(!unit.is_joined || unit.at == end);
                end = unit.at + unit.text.len();
            }
        }
    }
}
