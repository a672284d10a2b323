//! The texts that are one typing error away from another.

/// Letters that may be missing or mistyped; in other scripts a letter may be superfluous or in the wrong place.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789-.+#";

/// Calls `each` with every text that is one typing error away: a letter superfluous, transposed, mistyped or missing.
pub(super) fn for_each_error(text: &[char], mut each: impl FnMut(&str)) {
    let mut tried = String::new();
    let mut take = |before: &[char], between: &[char], after: &[char]| {
        tried.clear();
        tried.extend(before.iter().chain(between).chain(after));
        each(&tried);
    };
    for at in 0..=text.len() {
        let (before, after) = text.split_at(at);
        for letter in LETTERS.chars() {
            take(before, &[letter], after);
        }
        let Some((first, rest)) = after.split_first() else { continue };
        take(before, &[], rest);
        for letter in LETTERS.chars() {
            take(before, &[letter], rest);
        }
        if let Some((second, rest)) = rest.split_first() {
            take(before, &[*second, *first], rest);
        }
    }
}
