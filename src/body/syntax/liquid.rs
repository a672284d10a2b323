//! Tags and outputs between `{% %}` and `{{ }}`: Liquid of Jekyll, Nunjucks of Hexo and Eleventy.

mod value;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::args::Args;
use super::output::quotation;
use super::scan::Scan;
use super::{DEEPEST, Output, fill_shortcode, tags};
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

/// The place of a sign near the beginning of a text.
fn find_near(text: &str, sign: &str) -> Option<usize> {
    let end = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    text[..end].find(sign)
}

/// `{%- name args -%}` at the beginning of a text.
fn read_tag(text: &str) -> Option<Tag<'_>> {
    let length = find_near(text, "%}")? + 2;
    let inner = text[2..length - 2].trim_matches('-').trim();
    let end = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
    Some(Tag { name: &inner[..end], args: inner[end..].trim(), length })
}

/// Which tag closes which: by the place of the one that opens, that of the other and the place behind it.
struct Pairs(FxHashMap<usize, (usize, usize)>);

impl Pairs {
    /// Finds them in one walk over a text.
    fn find(text: &str) -> Self {
        let mut pairs = FxHashMap::default();
        let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut unclosed: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(here) = text[at..].find("{%").map(|found| at + found) {
            let Some(tag) = read_tag(&text[here..]) else {
                at = here + 2;
                continue;
            };
            at = here + tag.length;
            let holds_no_tags = is_verbatim(tag.name) || tag.name == "comment" || tags::is_code(tag.name);
            if holds_no_tags && !unclosed.contains(&tag.name) {
                match find_close(&text[at..], tag.name) {
                    Some((inner, end)) => {
                        pairs.insert(here, (at + inner, at + end));
                        at += end;
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

/// The first tag that closes `name`, whatever stands before it.
fn find_close(text: &str, name: &str) -> Option<(usize, usize)> {
    text.match_indices("{%").find_map(|(at, _)| {
        let tag = read_tag(&text[at..])?;
        (tag.name.strip_prefix("end") == Some(name)).then_some((at, at + tag.length))
    })
}

fn is_verbatim(name: &str) -> bool {
    matches!(name, "raw" | "verbatim")
}

/// Code shows what stands between `raw` and `endraw`, not the tags.
fn mend_code(code: &str) -> String {
    if !code.contains("{%") {
        return code.to_owned();
    }
    let mut mended = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(open) = rest.find("{%") {
        mended.push_str(&rest[..open]);
        rest = &rest[open..];
        let tag = read_tag(rest).filter(|tag| is_verbatim(tag.name.trim_start_matches("end")));
        let length = tag.map_or(2, |tag| tag.length);
        if length == 2 {
            mended.push_str("{%");
        }
        rest = &rest[length..];
    }
    mended + rest
}

impl Engine {
    fn triggers(&self) -> &'static [&'static str] {
        if self.dialect == Dialect::Jekyll { &["{{", "{%"] } else { &["{{", "{%", "{#"] }
    }

    fn translate(&mut self, text: &str, out: &mut Output<'_>, depth: usize) {
        let mut scan = Scan::new(text, out.markdown);
        let pairs = Pairs::find(text);
        let outer = std::mem::take(&mut self.cases);
        while let Some(trigger) = scan.find(self.triggers(), &mut out.text, mend_code) {
            let rest = scan.rest();
            let length = match trigger {
                "{#" => find_near(rest, "#}").map(|end| end + 2),
                "{{" => self.put_value(rest, out),
                _ => self.put_tag(&scan, &pairs, out, depth),
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

    fn put_value(&self, text: &str, out: &mut Output<'_>) -> Option<usize> {
        let end = find_near(text, "}}")?;
        if out.allowance == 0 {
            return Some(end + 2);
        }
        let written = text[2..end].trim_matches('-').trim();
        match value::evaluate(written, &self.locals, out.resolve) {
            Some(value) if out.affords(value.len()) => out.text.push_str(&value),
            Some(_) => {}
            None => out.miss(written),
        }
        Some(end + 2)
    }

    fn put_tag(
        &mut self,
        scan: &Scan<'_>,
        pairs: &Pairs,
        out: &mut Output<'_>,
        depth: usize,
    ) -> Option<usize> {
        let text = scan.rest();
        let tag = read_tag(text)?;
        let pair = || {
            let (inner, end) = pairs.0.get(&scan.at)?;
            Some((&scan.text[scan.at + tag.length..*inner], end - scan.at))
        };
        let begins_line = scan.begins_line();
        match tag.name {
            name if is_verbatim(name) => {
                let (inner, end) = pair()?;
                out.text.push_str(inner);
                return Some(end);
            }
            "comment" => return pair().map(|(_, end)| end),
            name if tags::is_code(name) => {
                let (inner, end) = pair()?;
                out.push_block(&tags::make_code(name, tag.args, inner), begins_line);
                return Some(end);
            }
            "capture" => {
                let (inner, end) = pair()?;
                let mut captured =
                    Output { text: String::new(), unknown: std::mem::take(&mut out.unknown), ..*out };
                if depth > 0 {
                    self.translate(inner, &mut captured, depth - 1);
                }
                out.unknown = captured.unknown;
                self.assign(tag.args, captured.text);
                return Some(end);
            }
            "assign" | "set" => {
                if let Some((name, written)) = tag.args.split_once('=')
                    && let Some(value) = value::evaluate(written.trim(), &self.locals, out.resolve)
                {
                    self.assign(name, value);
                }
            }
            // Of several cases the first is shown: which it would be, only a generator knows.
            "else" | "elsif" | "elif" | "when" => {
                self.cases.retain(|(_, end)| *end > scan.at);
                return Some(self.cases.pop().map_or(tag.length, |(_, end)| end - scan.at));
            }
            "for" | "tablerow" if pair().is_some_and(|(inner, _)| inner.contains("{{")) => {
                // What a loop prints of each only a generator knows.
                out.miss(tag.name);
                return pair().map(|(_, end)| end);
            }
            "if" | "unless" | "for" | "case" | "tablerow" => {
                self.cases.extend(pairs.0.get(&scan.at));
            }
            "cycle" | "break" | "continue" => {}
            "increment" | "decrement" | "liquid" | "toc" => {}
            "blockquote" | "quote" | "centerquote" | "cq" | "pullquote" => {
                if let Some((inner, end)) = pair().filter(|_| depth > 0) {
                    let args = Args::parse(tag.args);
                    let source = args.words.iter().find(|word| word.contains("://"));
                    let author = args.words.iter().take_while(|word| !word.contains("://"));
                    let author = if tag.name == "pullquote" {
                        String::new()
                    } else {
                        author.cloned().collect::<Vec<_>>().join(" ")
                    };
                    let (open, close) = quotation(&author, source.map(String::as_str));
                    out.push_around(&open, &close, |out| self.translate(inner.trim(), out, depth - 1));
                    return Some(end);
                }
            }
            name => match pair().filter(|_| depth > 0) {
                Some((inner, end)) => {
                    self.put_pair(name, tag.args, inner, out, depth);
                    return Some(end);
                }
                None => match tags::make(name, tag.args, self.dialect, out) {
                    Some(html) if out.affords(html.len()) => out.push_block(&html, begins_line),
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

    /// Remembers a value. One that is too long, or of too many, is none: bodies are bounded.
    fn assign(&mut self, name: &str, value: String) {
        if value.len() <= LONGEST && self.locals.len() < 256 {
            self.locals.insert(name.trim().to_owned(), value);
        }
    }

    /// A paired tag keeps its inside, whether somebody knows it or not.
    fn put_pair(&mut self, name: &str, args: &str, inner: &str, out: &mut Output<'_>, depth: usize) {
        let template = out.resolve.shortcode(name).map(str::to_owned);
        match template {
            Some(template) => {
                let args = Args::parse(args);
                let (before, after) = template.split_once("{inner}").unwrap_or((&template, ""));
                let (before, after) = (fill_shortcode(before, &args, ""), fill_shortcode(after, &args, ""));
                if out.affords(before.len() + after.len()) {
                    out.push_around(&before, &after, |out| self.translate(inner, out, depth - 1));
                }
            }
            None => {
                out.miss(name);
                self.translate(inner, out, depth - 1);
            }
        }
    }
}
