//! Terms: which spellings are one term, and the slug it has in addresses.

use std::sync::Arc;

use caseless::Caseless;
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

use super::Term;

/// Terms in use, each once: posts share them.
#[derive(Debug, Default)]
pub struct Interner {
    terms: FxHashSet<Arc<Term>>,
    names: FxHashSet<Arc<str>>,
    /// How many there were when those without a post were last let go.
    kept: usize,
}

impl Interner {
    /// Lets equal names of sections be one in memory.
    pub fn share_name(&mut self, name: &mut Arc<str>) {
        match self.names.get(name) {
            Some(known) => *name = Arc::clone(known),
            None => {
                self.names.insert(Arc::clone(name));
            }
        }
    }

    /// Lets equal terms be one in memory.
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

/// Bytes of a slug, at most.
const LONGEST: usize = 200;

/// What all spellings of a term have in common: NFC, white space trimmed and collapsed, case folded.
pub fn fold(spelling: &str) -> String {
    let mut folded = String::with_capacity(spelling.len());
    for word in spelling.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            // Folding may undo the composition, so it is composed again.
            folded.extend(word.nfc().default_case_fold().nfc());
        }
    }
    folded
}

/// The slug of a folded spelling, not yet encoded. Segments are safe as segments of a path.
pub fn make_slug(folded: &str) -> String {
    let printed = folded.chars().filter(|c| !c.is_control()).map(|c| if c == ' ' { '-' } else { c });
    // What a control character kept apart may compose now.
    let spaced: String = printed.nfc().collect();
    let segments: Vec<String> = spaced
        .split('/')
        .map(
            |segment| {
                if matches!(segment, "" | "." | "..") { format!("~{segment}") } else { segment.to_owned() }
            },
        )
        .map(shorten)
        .collect();
    segments.join("/")
}

/// A segment over 200 bytes is cut and told apart from others by its hash.
fn shorten(segment: String) -> String {
    if segment.len() <= LONGEST {
        return segment;
    }
    let end = (0..=LONGEST).rev().find(|end| segment.is_char_boundary(*end)).unwrap_or_default();
    format!("{}~{:08x}", &segment[..end], xxh3_64(segment.as_bytes()) as u32)
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
    fn slugs_keep_every_sign_and_are_safe_segments() {
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
    }

    proptest::proptest! {
        #[test]
        fn folding_is_stable_and_slugs_never_climb(spelling in "\\PC{0,30}") {
            let folded = fold(&spelling);
            proptest::prop_assert_eq!(fold(&folded), folded.clone());
            let slug = make_slug(&folded);
            proptest::prop_assert!(slug.split('/').all(|s| !matches!(s, "" | "." | "..")));
        }
    }
}
