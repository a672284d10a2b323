//! Searches of texts for the words of a query, one post after the other.

use super::fold::fold_for_search;
use super::query::{Condition, Words};
use super::split::{Unit, split};

/// A search for words, prepared once for any number of posts.
#[derive(Debug)]
pub struct Search<'w> {
    conditions: Vec<Wanted<'w>>,
}

/// A condition, and whether a text of the current post meets it.
#[derive(Debug)]
struct Wanted<'w> {
    condition: &'w Condition,
    units: Box<[Unit<'w>]>,
    is_met: bool,
}

impl<'w> Search<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        let want = |condition: &'w Condition| Wanted {
            condition,
            units: condition.units().collect(),
            is_met: false,
        };
        Self { conditions: words.conditions().iter().map(want).collect() }
    }

    /// Begins with the title of another post.
    pub fn start(&mut self, title: &str) {
        self.conditions.iter_mut().for_each(|wanted| wanted.is_met = false);
        self.check(title, true);
    }

    /// Adds another text of the post.
    pub fn add(&mut self, text: &str) {
        self.check(text, false);
    }

    /// Returns true if the post meets every condition, as far as its texts were added.
    pub fn matches(&self) -> bool {
        self.conditions.iter().all(|wanted| wanted.is_met != wanted.condition.is_excluded)
    }

    /// Returns true if no further text can change the result.
    pub fn is_decided(&self) -> bool {
        let is_excluded = |wanted: &Wanted<'_>| wanted.condition.is_excluded && wanted.is_met;
        self.conditions.iter().any(is_excluded) || self.conditions.iter().all(|wanted| wanted.is_met)
    }

    fn check(&mut self, text: &str, is_title: bool) {
        let is_open = |wanted: &Wanted<'_>| !wanted.is_met && (is_title || !wanted.condition.in_title);
        if !self.conditions.iter().any(is_open) {
            return;
        }
        let folded = fold_for_search(text);
        // Most texts do not have most words, whatever is around them.
        let occurs = |wanted: &Wanted<'_>| wanted.units.iter().all(|unit| folded.contains(unit.text));
        let mut open =
            self.conditions.iter_mut().filter(|wanted| is_open(wanted) && occurs(wanted)).peekable();
        if open.peek().is_some() {
            let units: Vec<Unit<'_>> = split(&folded).collect();
            open.for_each(|wanted| wanted.is_met = wanted.occurs_in(&units));
        }
    }
}

impl Wanted<'_> {
    fn occurs_in(&self, units: &[Unit<'_>]) -> bool {
        let last = self.units.len().saturating_sub(1);
        let is_unit = |(place, (wanted, unit)): (usize, (&Unit<'_>, &Unit<'_>))| {
            let is_prefix = self.condition.is_prefix && place == last && !unit.is_character;
            let is_text =
                if is_prefix { unit.text.starts_with(wanted.text) } else { unit.text == wanted.text };
            is_text && (unit.is_joined || !wanted.is_joined)
        };
        units.windows(self.units.len()).any(|units| self.units.iter().zip(units).enumerate().all(is_unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first text is a title.
    fn finds(query: &str, texts: &[&str]) -> bool {
        let words = Words::parse(query).expect("it is a query");
        let mut search = words.search();
        // A post before it has no effect.
        search.start("rust 联合早报 c");
        let (title, others) = texts.split_first().expect("there is a title");
        search.start(title);
        for text in others {
            search.add(text);
        }
        search.matches()
    }

    #[test]
    fn every_word_must_occur_in_one_of_the_texts() {
        for (query, texts, expected) in [
            ("rust", vec!["Rust in practice"], true),
            ("rust", vec!["trust and rusty"], false),
            ("RUST async", vec!["rust", "x", "Async, at last"], true),
            ("rust async", vec!["rust"], false),
            ("c++", vec!["Notes on C++."], true),
            ("c", vec!["Notes on C++."], false),
            ("cafe", vec!["CAFE\u{301}"], true),
            ("ab", vec!["cab ab"], true),
            ("rust*", vec!["x", "Rusty nails"], true),
            ("ust*", vec!["Rust"], false),
            ("title:rust", vec!["x", "Rust"], false),
            ("title:rust", vec!["Rust"], true),
            ("rust -news", vec!["rust", "old news"], false),
            ("rust -title:news", vec!["rust", "old news"], true),
            ("rust -\"old news\"", vec!["rust", "news, old"], true),
            ("\"web server\"", vec!["A web-server"], true),
            ("\"web server\"", vec!["web", "server"], false),
            ("\"web server\"", vec!["web or server"], false),
        ] {
            assert_eq!(finds(query, &texts), expected, "{query} in {texts:?}");
        }
    }

    #[test]
    fn a_run_of_characters_is_found_where_they_follow_each_other_in_either_form() {
        for (query, text, expected) in [
            ("早报", "联合早报网", true),
            ("早報", "联合早报网", true),
            ("联合早报", "聯合早報網", true),
            ("合", "联合", true),
            ("联报", "联合早报", false),
            ("联合", "联 合", false),
            ("\"联合 早报\"", "联合早报", true),
            ("\"联合 早报\"", "联合，早报", true),
            ("\"联合 早报\"", "联合的早报", false),
            ("port", "港port口", true),
            ("\"港 port 口\"", "港port口", true),
            ("สวัส", "สวัสดีครับ", true),
            ("かな", "ひらがな", false),
            ("がな", "ひらか\u{3099}な", true),
        ] {
            assert_eq!(finds(query, &["", text]), expected, "{query} in {text}");
        }
    }

    #[test]
    fn a_search_is_decided_when_no_text_can_change_it() {
        let words = Words::parse("a b -c").expect("it is a query");
        let mut search = words.search();
        search.start("a b");
        assert!(search.matches() && !search.is_decided(), "another text may have c");
        search.start("c");
        assert!(!search.matches() && search.is_decided());
        let words = Words::parse("a b").expect("it is a query");
        let mut search = words.search();
        search.start("a b");
        assert!(search.matches() && search.is_decided());
    }

    proptest::proptest! {
        #[test]
        fn every_word_of_a_text_is_found_in_it(text in "\\PC{1,30}") {
            let text = text.replace(['"', '-', '*', ':'], " ");
            if let Ok(words) = Words::parse(&text) {
                let mut search = words.search();
                search.start(&text);
                proptest::prop_assert!(search.matches());
            }
        }
    }
}
