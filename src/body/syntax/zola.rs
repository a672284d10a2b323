//! Zola's shortcodes, `{{ name(args) }}` and `{% name(args) %} … {% end %}`, and links that begin with `@/`.

use rustc_hash::FxHashMap;

use super::args::Args;
use super::html::{embed, figure_of, find_provider};
use super::scanner::{NextMatch, Place, Scan};
use super::{DEEPEST, Output, Reference, UNKNOWN, close_content, fill_shortcode};
use crate::body::budget::Budget;

/// The maximum length of a shortcode, in bytes.
const LONGEST: usize = 16 << 10;

/// The maximum length of a name, in bytes.
const LONGEST_NAME: usize = 128;

/// A parsed shortcode.
struct Shortcode<'a> {
    name: &'a str,
    args: &'a str,
    /// The length with its delimiters, in bytes.
    length: usize,
}

/// Parses `{{ name(args) }}` or `{% name(args) %}` at a place of a text. `{% end %}` has no arguments.
fn read<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<Shortcode<'a>> {
    let ahead = if text[at..].starts_with("{{") { &closers.values } else { &closers.tags };
    let end = ahead.find(at + 2, LONGEST)?;
    let is_blank = |c: char| c == '-' || c.is_whitespace();
    let inner = text[at + 2..end].trim_start_matches(is_blank);
    let length = end + 2 - at;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if inner.strip_prefix("end").is_some_and(|rest| rest.chars().all(is_blank)) {
        return Some(Shortcode { name: "end", args: "", length });
    }
    // Many shortcodes may share one end: only the name of each is searched for.
    let open = inner.bytes().take(LONGEST_NAME).position(|b| b == b'(')?;
    let (name, args) = (&inner[..open], &inner[open + 1..]);
    let trimmed = args.trim_end_matches(is_blank);
    closers.budget.spend(args.len() - trimmed.len());
    let args = trimmed.strip_suffix(')')?;
    is_name(name.trim()).then_some(Shortcode { name: name.trim(), args, length })
}

/// Finds the closing delimiters of shortcodes.
struct Closers<'a> {
    values: NextMatch<'a>,
    tags: NextMatch<'a>,
    budget: &'a Budget,
}

impl<'a> Closers<'a> {
    fn of(text: &'a str, budget: &'a Budget) -> Self {
        Self { values: NextMatch::new(text, "}}", budget), tags: NextMatch::new(text, "%}", budget), budget }
    }
}

/// Maps the place of each shortcode with a body to the place of its `{% end %}` and the place after it.
fn pair_up(text: &str, budget: &Budget) -> FxHashMap<usize, (usize, usize)> {
    let mut pairs = FxHashMap::default();
    let mut open = Vec::new();
    let closers = Closers::of(text, budget);
    for (at, _) in text.match_indices("{%") {
        match read(text, at, &closers) {
            Some(shortcode) if shortcode.name == "end" => {
                if let Some(opened) = open.pop() {
                    pairs.insert(opened, (at, at + shortcode.length));
                }
            }
            Some(_) => open.push(at),
            None => {}
        }
    }
    pairs
}

/// Finds the closing delimiters of shortcodes that are shown as text.
struct Shown<'a> {
    closers: [NextMatch<'a>; 2],
    budget: &'a Budget,
}

impl<'a> Shown<'a> {
    fn of(text: &'a str, budget: &'a Budget) -> Self {
        Self { closers: [NextMatch::new(text, "*/}}", budget), NextMatch::new(text, "*/%}", budget)], budget }
    }

    /// Parses `{{/* name(args) */}}` at a place. Returns the text between the asterisks, and the place of the closing
    /// delimiter. With anything else between them it is text (`zola 0.22 content.pest: ignored_inline_shortcode`).
    fn read(&self, text: &'a str, at: usize) -> Option<(&'a str, usize)> {
        let is_tag = text[at..].starts_with("{%");
        if !text[at + 2..].starts_with("/*") {
            return None;
        }
        let end = self.closers[usize::from(is_tag)].find(at + 4, LONGEST)?;
        let inner = &text[at + 4..end];
        let trimmed = inner.trim_end();
        self.budget.spend(inner.len() - trimmed.len());
        let call = trimmed.trim_start();
        let open = call.bytes().take(LONGEST_NAME).position(|b| b == b'(');
        let is_name = |name: &str| {
            !name.starts_with(|c: char| c.is_ascii_digit())
                && !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let is_call = open.is_some_and(|open| is_name(call[..open].trim_end()) && call.ends_with(')'));
        (is_call || (is_tag && call == "end")).then_some((inner, end + 2))
    }
}

/// Unescapes shortcodes that are shown as text, in code too.
fn fix_code(code: &str, budget: &Budget) -> String {
    let shown = Shown::of(code, budget);
    let mut fixed = String::with_capacity(code.len());
    let mut at = 0;
    for (here, _) in code.match_indices("/*").filter(|(here, _)| code[..*here].ends_with(['{', '%'])) {
        let start = here.saturating_sub(2);
        let open = code.get(start..here).filter(|open| start >= at && ["{{", "{%"].contains(open));
        if let Some((open, (inner, end))) = open.zip(open.and_then(|_| shown.read(code, start))) {
            fixed.extend([&code[at..start], open, inner]);
            at = end;
        }
    }
    fixed + &code[at..]
}

/// Translates a body.
pub(super) fn translate(text: &str, out: &mut Output<'_>, depth: usize) {
    let budget = out.budget;
    let mut scan = match depth {
        DEEPEST => Scan::new(text, out.markdown, budget),
        _ => Scan::within(text, out.markdown, budget),
    };
    let pairs = pair_up(text, budget);
    let closers = Closers::of(text, budget);
    let shown = Shown::of(text, budget);
    let fix_code = |code: &str| fix_code(code, budget);
    while let Some(trigger) =
        scan.find(&["{{", "{%", "(@/", "(<@/", "]: @/", "]: <@/"], &mut out.text, fix_code)
    {
        if let Some(before) = trigger.strip_suffix("@/") {
            let behind = &scan.rest()[trigger.len()..];
            let end = behind.find([')', ' ', '\n', '"', '>']).unwrap_or(behind.len());
            out.text.push_str(before);
            let url = find(&behind[..end], out);
            out.text.push_str(&url);
            scan.at += trigger.len() + end;
            continue;
        }
        if let Some((inner, end)) = shown.read(text, scan.at) {
            out.text.extend([trigger, inner, &text[end..end + 2]]);
            scan.at = end + 2;
            continue;
        }
        let Some(shortcode) = read(text, scan.at, &closers) else {
            out.text.push_str(trigger);
            scan.at += trigger.len();
            continue;
        };
        let behind = scan.at + shortcode.length;
        let pair = pairs.get(&scan.at).copied().filter(|_| depth > 0);
        let place = scan.place(scan.at, shortcode.length);
        match pair {
            Some((inner, end)) => {
                let places = (place, scan.place(inner, end - inner));
                put_pair(&shortcode, &text[behind..inner], places, out, depth);
            }
            None if shortcode.name == "end" => {}
            None if trigger == "{%" && depth > 0 && !pairs.contains_key(&scan.at) => {
                let open = format!("{{% {}() %}}", shortcode.name);
                out.record_unclosed(open, "{% end %}".to_owned(), scan.at, depth < DEEPEST);
                scan.at = scan.drop_line(behind, &mut out.text);
                continue;
            }
            None if put(&shortcode, place, out) => {}
            None => {
                scan.at = scan.drop_line(behind, &mut out.text);
                continue;
            }
        }
        scan.at = pair.map_or(behind, |(_, end)| end);
    }
}

/// Writes a shortcode without a body. Returns false if it is unknown.
fn put(shortcode: &Shortcode<'_>, place: Place, out: &mut Output<'_>) -> bool {
    let args = Args::parse(shortcode.args);
    let filled = out.resolve.shortcode(shortcode.name).map(|template| fill_shortcode(template, &args, ""));
    match filled.or_else(|| make(shortcode.name, &args)) {
        Some(html) if out.budget.expand(html.len()) => out.push_html(html, place),
        Some(_) => {}
        None => {
            out.record_unknown(shortcode.name);
            return false;
        }
    }
    true
}

fn put_pair(
    shortcode: &Shortcode<'_>,
    inner: &str,
    places: (Place, Place),
    out: &mut Output<'_>,
    depth: usize,
) {
    match out.fill_surroundings(shortcode.name, &Args::parse(shortcode.args)) {
        Some((open, close)) => out.push_around(open, close, places, |out| translate(inner, out, depth - 1)),
        None => {
            out.record_unknown(shortcode.name);
            translate(&close_content(inner), out, depth - 1);
        }
    }
}

fn make(name: &str, args: &Args) -> Option<String> {
    let is_picture = ["figure", "image", "img", "picture"].iter().any(|kind| name.contains(kind));
    if is_picture && let Some(figure) = figure_of(args) {
        return Some(figure);
    }
    let (provider, url) = find_provider(name, args.get_or_first(&["id", "url"])?)?;
    let url = args.get(&["url"]).filter(|url| url.contains("://")).map_or(url, str::to_owned);
    Some(embed(provider, &url))
}

/// Returns the URL of a page by its file below `content`, with the fragment.
fn find(path: &str, out: &mut Output<'_>) -> String {
    let (file, fragment) = path.split_once('#').unwrap_or((path, ""));
    let target = out.page(Reference::File(&format!("content/{file}")));
    let Some(target) = target else {
        out.record_unknown(&format!("@/{path}"));
        return UNKNOWN.to_owned();
    };
    if fragment.is_empty() { target.address } else { format!("{}#{fragment}", target.address) }
}
