//! The pairs of opening and closing tags in a text.

use rustc_hash::FxHashMap;

use super::read_tag;
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
fn find_close(text: &str, from: usize, name: &str, budget: &Budget) -> Option<(usize, usize)> {
    let closers = NextMatch::new(text, "%}", budget);
    text[from..].match_indices("{%").map(|(at, _)| from + at).find_map(|at| {
        let tag = read_tag(text, at, &closers)?;
        (tag.name.strip_prefix("end") == Some(name)).then_some((at, at + tag.length))
    })
}

/// Returns true if the content of a tag is shown as it is.
pub(super) fn is_verbatim(name: &str) -> bool {
    matches!(name, "raw" | "verbatim")
}

/// Removes each pair of `raw` and `endraw` tags in code, and keeps the text between them as it is.
pub(super) fn fix_code(code: &str, budget: &Budget) -> String {
    let mut fixed = String::with_capacity(code.len());
    let closers = NextMatch::new(code, "%}", budget);
    // Names without a closing tag in the rest of the text, which is searched only once for each.
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(here) = code[at..].find("{%").map(|found| at + found) {
        let tag = read_tag(code, here, &closers).filter(|tag| is_verbatim(tag.name) && tag.args.is_empty());
        let pair = tag.filter(|tag| !unclosed.contains(&tag.name)).and_then(|tag| {
            let behind = here + tag.length;
            let close = find_close(code, behind, tag.name, budget);
            if close.is_none() {
                unclosed.push(tag.name);
            }
            Some((behind, close?))
        });
        match pair {
            Some((behind, (inner, end))) => {
                fixed.extend([&code[at..here], &code[behind..inner]]);
                at = end;
            }
            None => {
                fixed.push_str(&code[at..here + 2]);
                at = here + 2;
            }
        }
    }
    fixed + &code[at..]
}
