//! Tags and outputs between `{% %}` and `{{ }}`: Liquid of Jekyll, Nunjucks of Hexo and Eleventy.

mod data;
mod dates;
mod filters;
mod flow;
mod lists;
mod pairs;
#[cfg(test)]
pub(in crate::body) mod tests;
mod text_filters;
mod value;

use super::args::Args;
use super::html::quotation;
use super::scanner::{NextMatch, Place, Scan};
use super::{DEEPEST, Output, tags};
use crate::body::dialect_syntax::Templates;

pub use data::Data;
use flow::Loop;
use pairs::{Delimiters, fix_code, is_verbatim};
pub use text_filters::apply_text_filter;
use value::Values;
pub use value::split_outside_quotes;

/// Translates a body.
pub(super) fn translate(body: &str, templates: Templates, out: &mut Output<'_>) {
    let mut engine = Engine { templates, values: Values::default(), cases: Vec::new(), loops: 0, jump: None };
    engine.translate(body, out, DEEPEST);
}

struct Engine {
    templates: Templates,
    values: Values,
    /// The conditions and loops around the position: the place where each ends, and the place after its closing tag.
    cases: Vec<(usize, usize)>,
    /// The number of loops around the position.
    loops: usize,
    /// The jump that ends this round of a loop.
    jump: Option<Jump>,
}

#[derive(PartialEq)]
enum Jump {
    Break,
    Continue,
}

/// A parsed tag.
struct Tag<'a> {
    name: &'a str,
    args: &'a str,
    /// The length with its delimiters, in bytes.
    length: usize,
}

/// The maximum length of a tag, in bytes.
const LONGEST: usize = 4096;

/// Tags that need a closing tag, in addition to those of code.
const BLOCKS: [&str; 12] = [
    "comment",
    "capture",
    "for",
    "tablerow",
    "if",
    "unless",
    "case",
    "blockquote",
    "quote",
    "centerquote",
    "cq",
    "pullquote",
];

/// The steps of one round of a loop, in addition to those of its content.
const ROUND_STEPS: usize = 1024;

/// Parses `{%- name args -%}` at a place of a text.
fn read_tag<'a>(text: &'a str, at: usize, closers: &NextMatch<'_>) -> Option<Tag<'a>> {
    let end = closers.find(at + 2, LONGEST)?;
    let inner = text[at + 2..end].trim_matches('-').trim();
    let name = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
    Some(Tag { name: &inner[..name], args: inner[name..].trim(), length: end + 2 - at })
}

impl Engine {
    fn translate(&mut self, text: &str, out: &mut Output<'_>, depth: usize) {
        let budget = out.budget;
        let mut scan = out.scan(text, depth);
        let signs = Delimiters::new(text, budget);
        let [values, comments] = ["}}", "#}"].map(|end| NextMatch::new(text, end, budget));
        let reads_code = self.templates != Templates::TagPlugins;
        let fix = |code: &str| if reads_code { fix_code(code, budget) } else { code.to_owned() };
        let outer = std::mem::take(&mut self.cases);
        while let Some(trigger) = scan.find(self.templates.triggers(), &mut out.text, fix) {
            let inner = scan.at + 2;
            let length = match trigger {
                "{#" => comments.find(inner, LONGEST).map(|end| end + 2 - scan.at),
                "{{" => values.find(inner, LONGEST).map(|end| {
                    self.put_value(&text[inner..end], out);
                    end + 2 - scan.at
                }),
                _ => self.put_tag(&scan, &signs, out, depth),
            };
            match length {
                Some(length) => scan.at += length,
                // A delimiter that is not closed is text.
                None => {
                    out.text.push_str(trigger);
                    scan.at += trigger.len();
                }
            }
            if self.jump.is_some() {
                break;
            }
        }
        self.cases = outer;
    }

    fn put_value(&self, written: &str, out: &mut Output<'_>) {
        let written = written.trim_matches('-').trim();
        let value = self.values.evaluate(written, out);
        // An empty value is reported only for an unknown key of the site or the page.
        let names_key = written.starts_with("page.") || written.starts_with("site.");
        let value =
            value.filter(|value| !matches!(value, Data::Nil) || !names_key).and_then(|value| value.to_text());
        match value {
            Some(value) if out.budget.expand(value.len()) => out.text.push_str(&value),
            Some(_) => {}
            None => out.record_unknown(written),
        }
    }

    fn put_tag(
        &mut self,
        scan: &Scan<'_>,
        signs: &Delimiters<'_>,
        out: &mut Output<'_>,
        depth: usize,
    ) -> Option<usize> {
        let Delimiters { closers, pairs, values, .. } = signs;
        let tag = read_tag(scan.text, scan.at, closers)?;
        let pair = || {
            let (inner, end) = pairs.closed.get(&scan.at)?;
            Some((&scan.text[scan.at + tag.length..*inner], end - scan.at))
        };
        let holds = |ahead: &NextMatch<'_>| {
            let inner = pairs.closed.get(&scan.at).map(|(end, _)| end - scan.at - tag.length);
            inner.and_then(|length| ahead.find(scan.at + tag.length, length)).is_some()
        };
        let needs_close = is_verbatim(tag.name) || tags::is_code(tag.name) || BLOCKS.contains(&tag.name);
        if needs_close && pair().is_none() {
            let (open, close) = (format!("{{% {} %}}", tag.name), format!("{{% end{} %}}", tag.name));
            out.record_unclosed(open, close, scan.at, depth < DEEPEST);
        }
        let place = scan.place(scan.at, tag.length);
        let places = || {
            let close = pairs.closed.get(&scan.at).map(|(inner, end)| scan.place(*inner, end - inner));
            (place, close.unwrap_or_default())
        };
        match tag.name {
            name if is_verbatim(name) => {
                let (inner, end) = pair()?;
                out.text.push_str(inner);
                return Some(end);
            }
            "comment" => return pair().map(|(_, end)| end),
            name if tags::is_code(name) => {
                let (inner, end) = pair()?;
                let inner = fix_code(&scan.strip_prefix(inner), out.budget);
                out.push_html(tags::make_code(name, tag.args, &inner), place);
                return Some(end);
            }
            "capture" => {
                let (inner, end) = pair()?;
                let outer = std::mem::take(&mut out.text);
                if depth > 0 {
                    self.translate(inner, out, depth - 1);
                }
                let captured = std::mem::replace(&mut out.text, outer);
                self.values.assign(tag.args, Some(captured.into()));
                return Some(end);
            }
            "assign" | "set" => {
                if let Some((name, written)) = tag.args.split_once('=') {
                    let value = self.values.evaluate(written.trim(), out);
                    self.values.assign(name, value);
                }
            }
            // The branch before it is shown.
            "else" | "elsif" | "elif" | "elseif" | "when" => {
                while self.cases.pop_if(|(_, end)| *end <= scan.at).is_some() {}
                return Some(self.cases.pop().map_or(tag.length, |(_, end)| end - scan.at));
            }
            "for" | "if" | "unless" | "case" if depth > 0 && pair().is_some() => {
                return Some(self.put_flow(&tag, scan, signs, out, depth)? - scan.at);
            }
            "tablerow" if holds(values) => {
                out.record_unknown(tag.name);
                return pair().map(|(_, end)| end);
            }
            "for" | "tablerow" | "if" | "unless" | "case" => self.cases.extend(pairs.closed.get(&scan.at)),
            "break" if self.loops > 0 => self.jump = Some(Jump::Break),
            "continue" if self.loops > 0 => self.jump = Some(Jump::Continue),
            "cycle" | "break" | "continue" => {}
            "toc" => {}
            "blockquote" | "quote" | "centerquote" | "cq" | "pullquote" => {
                if let Some((inner, end)) = pair().filter(|_| depth > 0) {
                    let said = if tag.name == "pullquote" { "" } else { tag.args };
                    let (open, close) = quotation(said);
                    out.push_around(open, close, places(), |out| self.translate(inner, out, depth - 1));
                    return Some(end);
                }
            }
            name => match pair().filter(|_| depth > 0) {
                Some((inner, end)) => {
                    self.put_pair(&tag, inner, places(), out, depth);
                    return Some(end);
                }
                None => match tags::make(name, tag.args, &self.read_args(&tag, out), self.templates, out) {
                    Some(html) if out.budget.expand(html.len()) => out.push_html(html, place),
                    Some(_) => {}
                    None if name.starts_with("end") || name.is_empty() => {}
                    None if name.starts_with("include") => {
                        let file = tag.args.split_whitespace().next().unwrap_or_default();
                        out.record_unknown(&format!("{name} {file}"));
                    }
                    None => out.record_unknown(name),
                },
            },
        }
        Some(tag.length)
    }

    /// Writes a loop, or finds the branch of a condition that is shown. Returns the place from which to go on.
    fn put_flow(
        &mut self,
        tag: &Tag<'_>,
        scan: &Scan<'_>,
        signs: &Delimiters<'_>,
        out: &mut Output<'_>,
        depth: usize,
    ) -> Option<usize> {
        let (end, behind) = *signs.pairs.closed.get(&scan.at)?;
        let within = scan.at + tag.length..end;
        let dividers = signs.pairs.dividers.get(&scan.at).map_or(&[][..], Vec::as_slice);
        let branches = flow::divide(scan.text, tag, within.clone(), dividers, &signs.closers);
        let start = if tag.name == "for" {
            if let Some(rounds) = Loop::read(tag.args, &self.values, out) {
                self.repeat(&rounds, &branches, scan.text, out, depth);
                return Some(behind);
            }
            // Only the generator knows what the loop prints.
            out.record_unknown(tag.name);
            return Some(behind);
        } else {
            // The first branch is shown if the right one cannot be known.
            flow::choose(&branches, &self.values, out).unwrap_or_else(|| {
                out.record_unknown(tag.name);
                within.start
            })
        };
        self.cases.push((end, behind));
        Some(start)
    }

    /// Parses the arguments of a tag. For an include, values without quotes are variables.
    fn read_args(&self, tag: &Tag<'_>, out: &Output<'_>) -> Args {
        let mut args = Args::parse(tag.args);
        if tag.name.starts_with("include") && self.templates == Templates::Liquid {
            args.evaluate(|name| self.values.evaluate(name, out)?.to_text());
        }
        args
    }

    /// Writes the content of a loop for each item, or of its `else` branch if there are no items.
    fn repeat(
        &mut self,
        rounds: &Loop<'_>,
        branches: &[flow::Branch<'_>],
        text: &str,
        out: &mut Output<'_>,
        depth: usize,
    ) {
        if rounds.items.is_empty() {
            if let Some(other) = branches.iter().find(|branch| branch.name == "else") {
                self.translate(&text[other.text.clone()], out, depth - 1);
            }
            return;
        }
        let Some(inner) = branches.first().map(|branch| &text[branch.text.clone()]) else { return };
        self.loops += 1;
        for (place, item) in rounds.items.iter().enumerate() {
            let before = out.text.len();
            self.values.assign(rounds.name, Some(item.clone()));
            self.values.assign("forloop", Some(rounds.describe(place)));
            self.translate(inner, out, depth - 1);
            let grown = out.text.len().saturating_sub(before);
            let ends = self.jump.take() == Some(Jump::Break);
            if ends || !out.budget.spend(ROUND_STEPS + inner.len()) || !out.budget.expand(grown) {
                break;
            }
        }
        self.loops -= 1;
    }

    /// Writes a paired tag. If it is unknown, its content is kept.
    fn put_pair(
        &mut self,
        tag: &Tag<'_>,
        inner: &str,
        places: (Place, Place),
        out: &mut Output<'_>,
        depth: usize,
    ) {
        match out.fill_surroundings(tag.name, &Args::parse(tag.args)) {
            Some((open, close)) => {
                out.push_around(open, close, places, |out| self.translate(inner, out, depth - 1));
            }
            None => {
                out.record_unknown(tag.name);
                self.translate(inner, out, depth - 1);
            }
        }
    }
}
