//! The pairs of opening and closing tags in a text.

use rustc_hash::FxHashMap;

use super::{is_verbatim, read_tag};
use crate::body::budget::Budget;
use crate::body::syntax::scanner::NextMatch;
use crate::body::syntax::tags;

/// The pairs of tags, by the place of the opening tag.
pub(super) struct Pairs {
    /// The place of the closing tag, and the place after it.
    pub(super) closed: FxHashMap<usize, (usize, usize)>,
    /// The places of the tags that divide a condition, a choice or a loop.
    pub(super) dividers: FxHashMap<usize, Vec<usize>>,
}

impl Pairs {
    /// Finds the pairs in one walk over a text.
    fn find(text: &str, budget: &Budget) -> Self {
        let mut pairs = FxHashMap::default();
        let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let (mut dividers, mut divided): (FxHashMap<usize, Vec<usize>>, Vec<usize>) = Default::default();
        let mut unclosed: Vec<&str> = Vec::new();
        let closers = NextMatch::new(text, "%}", budget);
        let mut at = 0;
        while let Some(here) = text[at..].find("{%").map(|found| at + found) {
            let Some(tag) = read_tag(text, here, &closers) else {
                at = here + 2;
                continue;
            };
            at = here + tag.length;
            let holds_no_tags = is_verbatim(tag.name) || tag.name == "comment" || tags::is_code(tag.name);
            if holds_no_tags && !unclosed.contains(&tag.name) {
                match find_close(text, at, tag.name, budget) {
                    Some((inner, end)) => {
                        pairs.insert(here, (inner, end));
                        at = end;
                    }
                    None => unclosed.push(tag.name),
                }
            } else if let Some(name) = tag.name.strip_prefix("end") {
                if let Some(opened) = open.get_mut(name).and_then(Vec::pop) {
                    pairs.insert(opened, (here, at));
                    while divided.pop_if(|place| *place >= opened).is_some() {}
                }
            } else if matches!(tag.name, "else" | "elsif" | "elif" | "elseif" | "when") {
                if let Some(place) = divided.last() {
                    dividers.entry(*place).or_default().push(here);
                }
            } else {
                open.entry(tag.name).or_default().push(here);
                if matches!(tag.name, "if" | "unless" | "case" | "for" | "tablerow") {
                    divided.push(here);
                }
            }
        }
        Self { closed: pairs, dividers }
    }
}

/// The delimiters and pairs of a text, which are searched for repeatedly.
pub(super) struct Delimiters<'a> {
    pub(super) closers: NextMatch<'a>,
    pub(super) pairs: Pairs,
    pub(super) values: NextMatch<'a>,
}

impl<'a> Delimiters<'a> {
    pub(super) fn new(text: &'a str, budget: &'a Budget) -> Self {
        let [closers, values] = ["%}", "{{"].map(|mark| NextMatch::new(text, mark, budget));
        Self { closers, pairs: Pairs::find(text, budget), values }
    }
}

/// Returns the first tag from a place on that closes `name`, and the place after it. Nesting is ignored.
pub(super) fn find_close(text: &str, from: usize, name: &str, budget: &Budget) -> Option<(usize, usize)> {
    let closers = NextMatch::new(text, "%}", budget);
    text[from..].match_indices("{%").map(|(at, _)| from + at).find_map(|at| {
        let tag = read_tag(text, at, &closers)?;
        (tag.name.strip_prefix("end") == Some(name)).then_some((at, at + tag.length))
    })
}
