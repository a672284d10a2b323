//! Conditions and loops: the choice of branches, and the items of loops.

use std::ops::Range;

use super::data::Data;
use super::value::{Values, split_outside_quotes};
use super::{Tag, read_tag};
use crate::body::syntax::Output;
use crate::body::syntax::scanner::NextMatch;

/// One branch of a condition, a choice or a loop: up to the next `else`, `elsif` or `when`.
pub(super) struct Branch<'a> {
    /// The name of the tag before it, and the arguments of that tag.
    pub(super) name: &'a str,
    pub(super) args: &'a str,
    /// The range of its text.
    pub(super) text: Range<usize>,
}

/// Divides the content of a tag into its branches. `within` is the range of the content, `dividers` are the places of
/// the tags that divide it.
pub(super) fn divide<'a>(
    text: &'a str,
    tag: &Tag<'a>,
    within: Range<usize>,
    dividers: &[usize],
    closers: &NextMatch<'a>,
) -> Vec<Branch<'a>> {
    let mut branches = vec![Branch { name: tag.name, args: tag.args, text: within.clone() }];
    for (at, divider) in dividers.iter().filter_map(|at| Some((*at, read_tag(text, *at, closers)?))) {
        if let Some(last) = branches.last_mut() {
            last.text.end = at;
        }
        branches.push(Branch {
            name: divider.name,
            args: divider.args,
            text: at + divider.length..within.end,
        });
    }
    branches
}

/// Returns the start of the branch that is shown, or the end of the last one if none is. `None`: it cannot be known.
pub(super) fn choose(branches: &[Branch<'_>], values: &Values, out: &Output<'_>) -> Option<usize> {
    let subject = match branches.first() {
        Some(Branch { name: "case", args, .. }) => Some(values.evaluate(args, out)?),
        _ => None,
    };
    for branch in branches {
        let holds = match (branch.name, &subject) {
            ("if" | "elsif" | "elif" | "elseif", _) => values.holds(branch.args, out)?,
            ("unless", _) => !values.holds(branch.args, out)?,
            ("when", Some(subject)) => {
                let parts =
                    split_outside_quotes(branch.args, ',').into_iter().flat_map(|part| part.split(" or "));
                let wanted = parts.map(|part| values.read(part, out)).collect::<Option<Vec<_>>>()?;
                wanted.iter().any(|wanted| wanted.equals(subject))
            }
            ("else", _) => true,
            _ => false,
        };
        if holds {
            return Some(branch.text.start);
        }
    }
    branches.last().map(|last| last.text.end)
}

/// The variable and the items of `{% for name in list limit:2 offset:1 reversed %}`.
pub(super) struct Loop<'a> {
    pub(super) name: &'a str,
    pub(super) items: Vec<Data>,
}

/// The maximum length of a range of numbers in a loop.
const LONGEST_RANGE: i64 = 10_000;

impl<'a> Loop<'a> {
    /// Parses the arguments of a loop. `None`: the items cannot be known.
    pub(super) fn read(written: &'a str, values: &Values, out: &Output<'_>) -> Option<Self> {
        let (name, rest) = written.split_once(" in ")?;
        let rest = rest.trim();
        let end =
            if rest.starts_with('(') { rest.find(')')? + 1 } else { rest.find(' ').unwrap_or(rest.len()) };
        let (list, options) = rest.split_at(end);
        let mut items: Vec<Data> = match list.strip_prefix('(').and_then(|range| range.strip_suffix(')')) {
            Some(range) => {
                let (from, to) = range.split_once("..")?;
                let [from, to] = [from, to].map(|bound| values.read(bound, out)?.to_number());
                let (from, to) = (from? as i64, to? as i64);
                (to.checked_sub(from)? < LONGEST_RANGE).then(|| (from..=to).map(Data::Int).collect())?
            }
            None => {
                let list = values.read(list, out)?;
                if !out.budget.spend(2 * list.weigh()) {
                    return None;
                }
                list.items().to_vec()
            }
        };
        if !out.budget.spend(8 * items.len()) {
            return None;
        }
        let options = options.replace(": ", ":");
        let number = |name: &str| {
            let option = options.split([' ', ',']).find_map(|option| option.strip_prefix(name));
            option.map(|value| values.read(value, out).and_then(|value| value.to_number()))
        };
        if let Some(offset) = number("offset:") {
            items.drain(..(offset? as usize).min(items.len()));
        }
        if let Some(limit) = number("limit:") {
            items.truncate(limit? as usize);
        }
        if options.split(' ').any(|option| option == "reversed") {
            items.reverse();
        }
        let name = name.trim();
        (!name.contains([',', ' '])).then_some(Self { name, items })
    }

    /// Returns the value of `forloop` in one round.
    pub(super) fn describe(&self, place: usize) -> Data {
        let length = self.items.len();
        let number = |number: usize| Data::Int(number as i64);
        let entries = [
            ("index", number(place + 1)),
            ("index0", number(place)),
            ("rindex", number(length - place)),
            ("rindex0", number(length - place - 1)),
            ("first", Data::Bool(place == 0)),
            ("last", Data::Bool(place + 1 == length)),
            ("length", number(length)),
        ];
        Data::Map(entries.map(|(key, value)| (key.into(), value)).into())
    }
}
