//! Tags and outputs between `{% %}` and `{{ }}`: Liquid of Jekyll, Nunjucks of Hexo and Eleventy.

mod value;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::args::Args;
use super::output::quotation;
use super::scan::{Ahead, Place, Scan};
use super::{DEEPEST, Output, tags};
use crate::body::budget::Budget;
use crate::config::Dialect;

/// Translates a body.
pub(super) fn translate(body: &str, dialect: Dialect, out: &mut Output<'_>) {
    let mut engine = Engine { dialect, locals: BTreeMap::new(), cases: Vec::new() };
    engine.translate(body, out, DEEPEST);
}

struct Engine {
    dialect: Dialect,
    /// What the body assigned itself.
    locals: BTreeMap<String, String>,
    /// The conditions and loops that a place stands in: where each ends, and the place behind it.
    cases: Vec<(usize, usize)>,
}

/// A tag taken apart.
struct Tag<'a> {
    name: &'a str,
    args: &'a str,
    /// Bytes from its `{` to behind its `}`.
    length: usize,
}

/// No tag is longer, in bytes.
const LONGEST: usize = 4096;

/// `{%- name args -%}` at a place of a text whose closing signs are known.
fn read_tag<'a>(text: &'a str, at: usize, closers: &Ahead<'_>) -> Option<Tag<'a>> {
    let end = closers.find(at + 2, LONGEST)?;
    let inner = text[at + 2..end].trim_matches('-').trim();
    let name = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
    Some(Tag { name: &inner[..name], args: inner[name..].trim(), length: end + 2 - at })
}

/// Which tag closes which: by the place of the one that opens, that of the other and the place behind it.
struct Pairs(FxHashMap<usize, (usize, usize)>);

impl Pairs {
    /// Finds them in one walk over a text.
    fn find(text: &str, budget: &Budget) -> Self {
        let mut pairs = FxHashMap::default();
        let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut unclosed: Vec<&str> = Vec::new();
        let closers = Ahead::new(text, "%}", budget);
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
                }
            } else {
                open.entry(tag.name).or_default().push(here);
            }
        }
        Self(pairs)
    }
}

/// What is looked for in a text again and again.
struct Signs<'a> {
    closers: Ahead<'a>,
    pairs: Pairs,
    values: Ahead<'a>,
    /// The other cases of conditions.
    cases: Ahead<'a>,
}

impl<'a> Signs<'a> {
    fn new(text: &'a str, budget: &'a Budget) -> Self {
        let [closers, values, cases] = ["%}", "{{", "{% els"].map(|sign| Ahead::new(text, sign, budget));
        Self { closers, pairs: Pairs::find(text, budget), values, cases }
    }
}

/// The first tag from a place on that closes `name`, whatever stands before it, and the place behind it.
fn find_close(text: &str, from: usize, name: &str, budget: &Budget) -> Option<(usize, usize)> {
    let closers = Ahead::new(text, "%}", budget);
    text[from..].match_indices("{%").map(|(at, _)| from + at).find_map(|at| {
        let tag = read_tag(text, at, &closers)?;
        (tag.name.strip_prefix("end") == Some(name)).then_some((at, at + tag.length))
    })
}

/// Whether a condition is written out as one that never holds.
fn never_holds(tag: &Tag<'_>) -> bool {
    matches!((tag.name, tag.args), ("if", "false" | "nil") | ("unless", "true"))
}

fn is_verbatim(name: &str) -> bool {
    matches!(name, "raw" | "verbatim")
}

/// Code shows what stands between `raw` and `endraw`, not the tags: of each pair both go, and what stands
/// between them stays as it is.
fn fix_code(code: &str, budget: &Budget) -> String {
    let mut fixed = String::with_capacity(code.len());
    let closers = Ahead::new(code, "%}", budget);
    // Names that nothing closes any more: they are looked for once.
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

impl Engine {
    fn triggers(&self) -> &'static [&'static str] {
        if self.dialect == Dialect::Jekyll { &["{{", "{%"] } else { &["{{", "{%", "{#"] }
    }

    fn translate(&mut self, text: &str, out: &mut Output<'_>, depth: usize) {
        let budget = out.budget;
        let mut scan = match depth {
            DEEPEST => Scan::new(text, out.markdown, budget),
            _ => Scan::within(text, out.markdown, budget),
        };
        let signs = Signs::new(text, budget);
        let [values, comments] = ["}}", "#}"].map(|sign| Ahead::new(text, sign, budget));
        // Hexo reads no tags in code.
        let reads_code = self.dialect != Dialect::Hexo;
        let fix = |code: &str| if reads_code { fix_code(code, budget) } else { code.to_owned() };
        let outer = std::mem::take(&mut self.cases);
        while let Some(trigger) = scan.find(self.triggers(), &mut out.text, fix) {
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
                // What is not closed is text.
                None => {
                    out.text.push_str(trigger);
                    scan.at += trigger.len();
                }
            }
        }
        self.cases = outer;
    }

    fn put_value(&self, written: &str, out: &mut Output<'_>) {
        let written = written.trim_matches('-').trim();
        match value::evaluate(written, &self.locals, out) {
            Some(value) if out.budget.expand(value.len()) => out.text.push_str(&value),
            Some(_) => {}
            None => out.miss(written),
        }
    }

    fn put_tag(
        &mut self,
        scan: &Scan<'_>,
        signs: &Signs<'_>,
        out: &mut Output<'_>,
        depth: usize,
    ) -> Option<usize> {
        let Signs { closers, pairs, values, cases } = signs;
        let tag = read_tag(scan.text, scan.at, closers)?;
        let pair = || {
            let (inner, end) = pairs.0.get(&scan.at)?;
            Some((&scan.text[scan.at + tag.length..*inner], end - scan.at))
        };
        let holds = |sign: &Ahead<'_>| {
            let inner = pairs.0.get(&scan.at).map(|(end, _)| end - scan.at - tag.length);
            inner.and_then(|length| sign.find(scan.at + tag.length, length)).is_some()
        };
        let place = scan.place(scan.at, tag.length);
        let places = || {
            let close = pairs.0.get(&scan.at).map(|(inner, end)| scan.place(*inner, end - inner));
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
                self.assign(tag.args, captured);
                return Some(end);
            }
            "assign" | "set" => {
                if let Some((name, written)) = tag.args.split_once('=')
                    && let Some(value) = value::evaluate(written.trim(), &self.locals, out)
                {
                    self.assign(name, value);
                }
            }
            // Of several cases the first is shown: which it would be, only a generator knows.
            "else" | "elsif" | "elif" | "when" => {
                while self.cases.pop_if(|(_, end)| *end <= scan.at).is_some() {}
                return Some(self.cases.pop().map_or(tag.length, |(_, end)| end - scan.at));
            }
            "for" | "tablerow" if holds(values) => {
                // What a loop prints of each only a generator knows.
                out.miss(tag.name);
                return pair().map(|(_, end)| end);
            }
            "if" | "unless" if never_holds(&tag) && pair().is_some() && !holds(cases) => {
                return pair().map(|(_, end)| end);
            }
            "if" | "unless" | "for" | "case" | "tablerow" => {
                self.cases.extend(pairs.0.get(&scan.at));
            }
            "cycle" | "break" | "continue" => {}
            "increment" | "decrement" | "liquid" | "toc" => {}
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
                None => match tags::make(name, tag.args, &self.read_args(&tag, out), self.dialect, out) {
                    Some(html) if out.budget.expand(html.len()) => out.push_html(html, place),
                    Some(_) => {}
                    None if name.starts_with("end") || name.is_empty() => {}
                    None if name.starts_with("include") => {
                        let file = tag.args.split_whitespace().next().unwrap_or_default();
                        out.miss(&format!("{name} {file}"));
                    }
                    None => out.miss(name),
                },
            },
        }
        Some(tag.length)
    }

    /// The arguments of a tag. To an include those without quotes are variables.
    fn read_args(&self, tag: &Tag<'_>, out: &Output<'_>) -> Args {
        let mut args = Args::parse(tag.args);
        if tag.name.starts_with("include") && self.dialect == Dialect::Jekyll {
            args.evaluate(|name| value::evaluate(name, &self.locals, out));
        }
        args
    }

    /// Remembers a value. One that is too long, or of too many, is none: bodies are bounded.
    fn assign(&mut self, name: &str, value: String) {
        if value.len() <= LONGEST && self.locals.len() < 256 {
            self.locals.insert(name.trim().to_owned(), value);
        }
    }

    /// A paired tag keeps its inside, whether somebody knows it or not.
    fn put_pair(
        &mut self,
        tag: &Tag<'_>,
        inner: &str,
        places: (Place, Place),
        out: &mut Output<'_>,
        depth: usize,
    ) {
        match out.fill_around(tag.name, &Args::parse(tag.args)) {
            Some((open, close)) => {
                out.push_around(open, close, places, |out| self.translate(inner, out, depth - 1));
            }
            None => {
                out.miss(tag.name);
                self.translate(inner, out, depth - 1);
            }
        }
    }
}
