//! Jekyll's slugs.

use crate::post::text::is_word_character;

/// The characters that `slugify` keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Letters, marks and decimal digits.
    Default,
    /// These and `._~!$&'()+,;=@`.
    Pretty,
}

/// `jekyll 4.4 Utils.slugify`: each run of characters that are not kept becomes one `-`.
pub(super) fn slugify(text: &str, mode: Mode, cased: bool) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if is_kept(c, mode) {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    let slug = slug.strip_suffix('-').unwrap_or(slug);
    if cased { slug.to_owned() } else { slug.to_lowercase() }
}

fn is_kept(c: char, mode: Mode) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || (mode == Mode::Pretty && "._~!$&'()+,;=@".contains(c));
    }
    is_word_character(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_jekylls() {
        for (text, pretty, default) in [
            ("under_score--dashes-", "under_score-dashes", "under-score-dashes"),
            ("it's (odd)~!$+,;=@", "it's-(odd)~!$+,;=@", "it-s-odd"),
            ("Ünï 中文", "Ünï-中文", "ünï-中文"),
            ("😀", "", ""),
            ("percent%20#hash?", "percent-20-hash", "percent-20-hash"),
        ] {
            assert_eq!(slugify(text, Mode::Pretty, true), pretty);
            assert_eq!(slugify(text, Mode::Default, false), default);
        }
    }
}
