//! Terms: the folding of their spellings, and their slugs in URLs.

use std::sync::Arc;

use caseless::Caseless;
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

use super::model::Term;

/// Terms and section names in use, each stored once: posts share them.
#[derive(Debug, Default)]
pub struct Interner {
    terms: FxHashSet<Arc<Term>>,
    names: FxHashSet<Arc<str>>,
    /// Number of terms after those without a post were last removed.
    kept: usize,
}

impl Interner {
    /// Replaces the name of a section with the shared copy of an equal name.
    pub fn share_name(&mut self, name: &mut Arc<str>) {
        match self.names.get(name) {
            Some(known) => *name = Arc::clone(known),
            None => {
                self.names.insert(Arc::clone(name));
            }
        }
    }

    /// Replaces terms with the shared copies of equal terms.
    pub fn share(&mut self, terms: &mut [Arc<Term>]) {
        for term in terms {
            match self.terms.get(term) {
                Some(known) => *term = Arc::clone(known),
                None => {
                    self.terms.insert(Arc::clone(term));
                }
            }
        }
        if self.terms.len() > 2 * self.kept + 1024 {
            self.terms.retain(|term| Arc::strong_count(term) > 1);
            self.kept = self.terms.len();
        }
    }
}

/// The maximum number of bytes of a segment of a slug: file systems allow 255 for a name.
const MAX_SEGMENT_BYTES: usize = 200;

/// The maximum number of bytes of a slug: percent-encoding makes three of one, and the URL has at most
/// [`URL_BYTES`](crate::limits::URL_BYTES).
const MAX_SLUG_BYTES: usize = 600;

/// The common form of all spellings of a term: NFC, white space trimmed and collapsed, case folded.
pub fn fold(spelling: &str) -> String {
    let mut folded = String::with_capacity(spelling.len());
    for word in spelling.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else if word.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}')) {
            // Han characters have neither case nor compositions.
            folded.push_str(word);
        } else {
            // Case folding may undo the composition, so the result is composed again.
            folded.extend(word.nfc().default_case_fold().nfc());
        }
    }
    folded
}

/// The slug of a folded spelling, not yet encoded. Its segments are safe as segments of a path.
pub fn make_slug(folded: &str) -> String {
    let printed = folded.chars().filter(|c| !c.is_control()).map(|c| if c == ' ' { '-' } else { c });
    // Characters that a control character separated may compose now.
    make_segments(&printed.nfc().collect::<String>())
}

/// The paths, not yet encoded, of a term whose slug belongs to another term, the best first: its folded spelling with
/// segments that are as safe as those of slugs, then the same with one hash, and with two.
pub fn list_fallbacks(folded: &str) -> [String; 3] {
    let printed: String = folded.chars().filter(|c| !c.is_control()).collect();
    // White space that a control character separated is one space now.
    let plain = make_segments(&fold(&printed));
    let hashed = format!("{plain}~{:08x}", xxh3_64(folded.as_bytes()) as u32);
    let again = format!("{hashed}~{:08x}", xxh3_64(hashed.as_bytes()) as u32);
    [plain, hashed, again]
}

/// Makes the segments of a path safe and limits their length.
fn make_segments(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "" | "." | ".." => format!("~{segment}"),
        _ => shorten(segment, MAX_SEGMENT_BYTES),
    });
    shorten(&segments.collect::<Vec<_>>().join("/"), MAX_SLUG_BYTES)
}

/// Cuts a text with more than `longest` bytes and appends its hash.
fn shorten(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let end = (0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let cut = text[..end].trim_end_matches('/');
    format!("{cut}~{:08x}", xxh3_64(text.as_bytes()) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_term_fold_to_one() {
        for (one, other) in [
            ("Rust", "rust"),
            ("  self   hosted ", "Self Hosted"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
            ("联合早报", "联合早报"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("c"), fold("c++"));
        assert_ne!(fold("a-b"), fold("a b"));
    }

    #[test]
    fn slugs_keep_punctuation_and_are_safe_segments() {
        for (term, slug) in [
            ("C++", "c++"),
            ("C#", "c#"),
            (".NET", ".net"),
            ("a/b testing", "a/b-testing"),
            ("联合早报", "联合早报"),
            ("..", "~.."),
            ("a/../b", "a/~../b"),
            ("/", "~/~"),
            ("a\u{7}b", "ab"),
            ("\u{7}", "~"),
        ] {
            assert_eq!(make_slug(&fold(term)), slug, "{term:?}");
        }
        let long = make_slug(&"联".repeat(100));
        assert!(long.starts_with(&"联".repeat(66)) && long.len() == 198 + 9, "{long}");
        let deep = make_slug(&"联合/".repeat(1000));
        assert!(deep.len() <= MAX_SLUG_BYTES + 9 && !deep.contains("/~"), "{deep}");
    }

    proptest::proptest! {
        #[test]
        fn folding_is_stable_and_slugs_never_climb(spelling in "(\\PC|[/. ~\u{1}\u{7f}\u{85}-]){0,30}") {
            let folded = fold(&spelling);
            proptest::prop_assert_eq!(fold(&folded), folded.clone());
            let slug = make_slug(&folded);
            for path in list_fallbacks(&folded).iter().chain([&slug]) {
                proptest::prop_assert!(path.split('/').all(|s| !matches!(s, "" | "." | "..")), "{path:?}");
                proptest::prop_assert!(!path.contains(char::is_control), "{path:?}");
                // A request for the path finds the term by folding the path.
                proptest::prop_assert_eq!(&fold(path), path);
            }
        }
    }
}
