//! Terms that are written in several ways: some are one feed, some are two that should be one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::locate::{find_place, read_text};
use crate::catalog::Snapshot;
use crate::config::Problem;
use crate::post::Post;
use crate::post::term::make_slug;

/// A spelling of a term: the number of posts that use it, and one of them.
struct Spelling<'s> {
    written: &'s str,
    folded: &'s str,
    count: usize,
    post: &'s Post,
}

/// Terms that differ only in their spelling, as warnings: each at a post with the less usual spelling.
pub(super) fn list_spellings(snapshot: &Snapshot) -> Vec<Problem> {
    let mut found = Vec::new();
    let posts: Vec<&Post> = (snapshot.site.source_ids())
        .flat_map(|source| snapshot.posts_of(source).map(|post| &**post))
        .collect();
    for (taxonomy, name) in snapshot.site.taxonomies.iter().map(|taxonomy| &taxonomy.name).enumerate() {
        // Spellings that look alike, by their simplified form. Each language has its own terms and feeds.
        let mut alike: BTreeMap<(u8, String), BTreeMap<&str, Spelling<'_>>> = BTreeMap::new();
        for post in &posts {
            for term in post.terms.iter().filter(|term| usize::from(term.taxonomy) == taxonomy) {
                let (written, folded) = (&*term.spelling, &*term.folded);
                let group = alike.entry((post.language, simplify(folded))).or_default();
                let spelling = group.entry(written).or_insert(Spelling { written, folded, count: 0, post });
                spelling.count += 1;
                // The report is the same in whatever order the disk lists the files.
                if (post.source, &post.path) < (spelling.post.source, &spelling.post.path) {
                    spelling.post = post;
                }
            }
        }
        for group in alike.into_values().filter(|group| group.len() > 1) {
            let mut spellings: Vec<Spelling<'_>> = group.into_values().collect();
            let shows = |spelling: &Spelling<'_>| {
                let known = snapshot.get_term(taxonomy, spelling.folded);
                known.is_some_and(|(_, entry)| *entry.spelling.spelling == *spelling.written)
            };
            // The usual spelling is the most used one; of equals, the one that feeds show.
            spellings
                .sort_by_cached_key(|spelling| (Reverse(spelling.count), !shows(spelling), spelling.written));
            let usual = &spellings[0];
            // Two terms with one slug are reported already.
            let is_reported = |other: &Spelling<'_>| {
                usual.folded != other.folded && make_slug(usual.folded) == make_slug(other.folded)
            };
            let others = spellings[1..].iter().filter(|other| !is_reported(other));
            found.extend(others.map(|other| describe(snapshot, name, usual, other)));
        }
    }
    found
}

fn describe(snapshot: &Snapshot, taxonomy: &str, usual: &Spelling<'_>, other: &Spelling<'_>) -> Problem {
    let source = &snapshot.site.sources[usize::from(other.post.source)];
    let feeds =
        if usual.folded == other.folded { "one feed holds both" } else { "each has a feed of its own" };
    let count = match other.count {
        1 => String::new(),
        count => format!(" here and in {} more", count - 1),
    };
    let message = format!(
        "under {taxonomy} {:?} is written{count}, and {:?} in {}: {feeds}. Write one of the two everywhere.",
        other.written,
        usual.written,
        match usual.count {
            1 if std::ptr::eq(usual.post, other.post) => "the same post".to_owned(),
            1 => "another post".to_owned(),
            count => format!("{count} posts"),
        },
    );
    let place = find_place(&read_text(source, other.post), Some(taxonomy), other.written);
    Problem::warning(source.name_file(&other.post.path), message).at(place)
}

/// A term without spaces and hyphens, except between digits, and without accents of Latin and Greek letters, in which
/// spellings differ. In other scripts a mark makes another letter. Symbols stay: `c++` is not `c#`.
fn simplify(folded: &str) -> String {
    let letters: Vec<char> = folded.nfkd().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let (mut simple, mut base) = (String::new(), ' ');
    for (at, letter) in letters.iter().copied().enumerate() {
        if is_combining_mark(letter) {
            if matches!(base, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}') {
                continue;
            }
        } else {
            base = letter;
            let is_between_digits = is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
            if " -_'’".contains(letter) && !is_between_digits {
                continue;
            }
        }
        simple.push(letter);
    }
    simple
}

#[cfg(test)]
mod tests {
    use super::simplify;

    #[test]
    fn spellings_differ_in_spaces_hyphens_and_accents() {
        assert_eq!(simplify("self-hosted"), simplify("selfhosted"));
        assert_eq!(simplify("café au lait"), simplify("cafe_au-lait"));
        assert_eq!(simplify("ναός"), simplify("ναος"));
        for (one, other) in [
            ("c++", "c#"),
            ("c", "c++"),
            (".net", "net"),
            ("a/b", "ab"),
            ("1.0", "10"),
            ("1-1", "11"),
            ("ハート", "バード"),
            ("パス", "バス"),
            ("दिल", "दाल"),
            ("герой", "герои"),
            ("ป่า", "ปา"),
        ] {
            assert_ne!(simplify(one), simplify(other));
        }
    }
}
