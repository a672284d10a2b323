//! Traditional Chinese characters → simplified ones, one by one.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Pairs of characters, from OpenCC.
const TABLE: &str = include_str!("simplified.txt");

static FORMS: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let pair = |pair: &str| {
        let mut characters = pair.chars();
        characters.next().zip(characters.next())
    };
    rows.flat_map(|row| row.split(' ').filter_map(pair)).collect()
});

/// The simplified form of a character; other characters are returned unchanged.
pub(super) fn simplify(c: char) -> char {
    if c < '\u{3400}' { c } else { FORMS.get(&c).copied().unwrap_or(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_has_one_form_that_is_not_simplified_further() {
        assert!(FORMS.len() > 3000, "{}", FORMS.len());
        for (old, form) in &*FORMS {
            assert_eq!(simplify(*form), *form, "{old}");
        }
        let simplified: String = "聯合早報網：廣東話，後來".chars().map(simplify).collect();
        assert_eq!(simplified, "联合早报网：广东话，后来");
    }
}
