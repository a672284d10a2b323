//! Suggestions for unknown names.

/// Other programs' names of keys and values, and feedmill's names.
const SYNONYMS: &[(&str, &str)] = &[
    ("address", "listen"),
    ("base_url", "url"),
    ("baseurl", "url"),
    ("bind", "listen"),
    ("folder", "path"),
    ("host", "listen"),
    ("lang", "language"),
    ("name", "title"),
    ("port", "listen"),
    ("tag", "tags"),
];

/// The known word that is nearest to the written one: it differs in a few letters, begins with it, or is what other
/// programs mean by it.
pub fn find_nearest<'w>(written: &str, known: &[&'w str]) -> Option<&'w str> {
    let written = written.to_lowercase();
    let near = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&written, &word.to_lowercase()), *word))
        .min()
        // Some word is always near to a short one.
        .filter(|(distance, word)| *distance <= 2.max(word.len() / 3).min((written.len() / 2).max(1)));
    let begins = || known.iter().find(|word| written.len() >= 3 && word.starts_with(&written)).copied();
    let meant = SYNONYMS.iter().find(|(other, _)| *other == written).map(|(_, own)| *own);
    let synonym = known.iter().find(|word| meant == Some(word)).copied();
    synonym.or(near.map(|(_, word)| word)).or_else(begins)
}

/// "Did you mean …?" where a known word is near, else the list of all.
pub(super) fn advise(written: &str, known: &[&str]) -> String {
    match find_nearest(written, known) {
        Some(word) => format!("Did you mean `{word}`?"),
        None => format!("Known here: {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_what_was_meant() {
        for (written, known, meant) in [
            ("dilect", &["dialect", "drafts"][..], Some("dialect")),
            ("jekyll", &["jekyll-feed", "hugo"], Some("jekyll-feed")),
            ("port", &["listen", "workers", "cache"], Some("listen")),
            ("base_url", &["title", "url"], Some("url")),
            ("yaer", &["year", "month", "day"], Some("year")),
            ("Titel", &["title", "year"], Some("title")),
            ("x", &["id", "url"], None),
            ("bad", &["id", "path"], None),
            ("nonsense", &["title", "url"], None),
        ] {
            assert_eq!(find_nearest(written, known), meant, "{written}");
        }
    }
}
