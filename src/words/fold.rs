//! Folding: texts that differ only in what a search ignores become equal.

use std::ops::Range;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::simplified::simplify;

/// Folds a text for searches: compatibility forms (NFKC) and case (Unicode full case folding), diacritics of Latin, Greek
/// and Cyrillic letters, and traditional Chinese characters.
pub fn fold_for_search(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let Some(complex) = rest.find(|c| !is_simple(c)) else {
            push_simple(rest, &mut folded);
            break;
        };
        // A combining mark joins the character before it.
        let start = rest[..complex].char_indices().next_back().map_or(0, |(at, _)| at);
        let length = rest[complex..].find(is_simple).map_or(rest.len(), |length| complex + length);
        push_simple(&rest[..start], &mut folded);
        push_complex(&rest[start..length], &mut folded);
        rest = &rest[length..];
    }
    folded
}

/// Returns true for a character that normalisation leaves as it is, whatever is before it. Its folded form, if it has
/// another one, is one character.
fn is_simple(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}'
        | '\u{4e00}'..='\u{9fff}')
}

fn push_simple(text: &str, folded: &mut String) {
    let fold = |c: char| if c.is_ascii() { c.to_ascii_lowercase() } else { simplify(c) };
    folded.extend(text.chars().map(fold));
}

fn push_complex(text: &str, folded: &mut String) {
    let mut drops_marks = false;
    let keep = |c: &char| {
        if c.general_category_group() == GeneralCategoryGroup::Mark {
            return !drops_marks;
        }
        drops_marks = has_optional_marks(*c);
        true
    };
    let decomposed = text.nfkd().default_case_fold().nfkd().filter(keep);
    // Converters of Markdown write the typographic apostrophe, people type the other one.
    folded.extend(decomposed.nfc().map(|c| if c == '\u{2019}' { '\'' } else { simplify(c) }));
}

/// Returns true for a letter whose diacritics are ignored: Latin, Greek, Cyrillic.
fn has_optional_marks(c: char) -> bool {
    const SCRIPTS: [Range<char>; 9] = [
        'A'..'[',
        'a'..'{',
        '\u{c0}'..'\u{250}',
        '\u{250}'..'\u{2b0}',
        '\u{370}'..'\u{530}',
        '\u{1c80}'..'\u{1c90}',
        '\u{1d00}'..'\u{2000}',
        '\u{2c60}'..'\u{2c80}',
        '\u{a640}'..'\u{a800}',
    ];
    SCRIPTS.iter().any(|script| script.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_compatibility_forms_diacritics_and_traditional_characters_are_folded() {
        for (text, folded) in [
            ("Straße ＲＵＳＴ ﬁn ①", "strasse rust fin 1"),
            ("CAFÉ cafe\u{301} naïve Żółć", "cafe cafe naive zołc"),
            ("Ελλάς ΆΞΙΟΣ ᾳ", "ελλασ αξιοσ αι"),
            ("it\u{2019}s", "it's"),
            ("Ёлка й Ѓ İstanbul", "елка и г istanbul"),
            ("臺灣 繁體中文 简体中文", "台湾 繁体中文 简体中文"),
            // Marks of other scripts make other letters.
            ("が か\u{3099} ｶﾞ ガ", "が が ガ ガ"),
            ("हिन्दी שָׁלוֹם กำ", "हिन्दी שָׁלוֹם ก\u{e4d}า"),
            ("漢\u{fe00}字", "汉\u{fe00}字"),
        ] {
            assert_eq!(fold_for_search(text), fold_for_search(folded), "{text}");
            let expected: String = folded.nfc().collect();
            assert_eq!(fold_for_search(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_folded_text_stays_as_it_is(text in "\\PC{0,40}") {
            let folded = fold_for_search(&text);
            proptest::prop_assert_eq!(fold_for_search(&folded), folded);
        }

        #[test]
        fn pieces_between_simple_characters_are_folded_alone(one in "\\PC{0,9}", other in "\\PC{0,9}") {
            let whole = fold_for_search(&format!("{one} {other}"));
            proptest::prop_assert_eq!(whole, format!("{} {}", fold_for_search(&one), fold_for_search(&other)));
        }
    }
}
