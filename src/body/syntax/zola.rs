//! Zola's shortcodes, `{{ name(args) }}` and `{% name(args) %} … {% end %}`, and links that begin with `@/`.

use super::args::Args;
use super::html::{embed, figure_of, find_provider};
use super::shortcodes::{Call, Closers, Language, Shortcode};
use super::{Output, Reference, UNKNOWN};
use crate::body::budget::Budget;

/// The maximum length of a name, in bytes.
const LONGEST_NAME: usize = 128;

/// The shortcodes and internal links of Zola.
pub(super) struct Zola;

impl Language for Zola {
    const TRIGGERS: &'static [&'static str] = &["{{", "{%", "(@/", "(<@/", "]: @/", "]: <@/"];
    const OPENING: &'static str = "{%";
    const CLOSERS: &'static [&'static str] = &["}}", "%}", "*/}}", "*/%}"];
    const NAMES_ENDS: bool = false;

    /// `{% end %}` has no arguments.
    fn read<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<(Shortcode<'a>, usize)> {
        if let Some((inner, end)) = read_shown(text, at, closers) {
            let shown = [&text[at..at + 2], inner, &text[end..end + 2]].concat();
            return Some((Shortcode::Shown(shown), end + 2 - at));
        }
        let is_tag = text[at..].starts_with("{%");
        let end = closers.find(if is_tag { "%}" } else { "}}" }, at + 2)?;
        let is_blank = |c: char| c == '-' || c.is_whitespace();
        let inner = text[at + 2..end].trim_start_matches(is_blank);
        let length = end + 2 - at;
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if inner.strip_prefix("end").is_some_and(|rest| rest.chars().all(is_blank)) {
            return Some((Shortcode::Closing(""), length));
        }
        // Many shortcodes may share one end: only the name of each is searched for.
        let open = inner.bytes().take(LONGEST_NAME).position(|b| b == b'(')?;
        let (name, args) = (inner[..open].trim(), &inner[open + 1..]);
        let trimmed = args.trim_end_matches(is_blank);
        closers.budget.spend(args.len() - trimmed.len());
        let call = Call { name, args: trimmed.strip_suffix(')')? };
        is_name(name)
            .then_some((if is_tag { Shortcode::Opening(call) } else { Shortcode::Single(call) }, length))
    }

    fn fix_code(code: &str, budget: &Budget) -> String {
        fix_code(code, budget)
    }

    fn put_other(trigger: &str, text: &str, out: &mut Output<'_>) -> Option<usize> {
        let before = trigger.strip_suffix("@/")?;
        let behind = &text[trigger.len()..];
        let end = behind.find([')', ' ', '\n', '"', '>']).unwrap_or(behind.len());
        let url = find(&behind[..end], out);
        out.text.extend([before, &url]);
        Some(trigger.len() + end)
    }

    fn name_missing(call: &Call<'_>, _: &str) -> Option<(String, String)> {
        Some((format!("{{% {}() %}}", call.name), "{% end %}".to_owned()))
    }

    fn make(name: &str, args: &Args, _: &mut Output<'_>) -> Option<String> {
        let is_picture = ["figure", "image", "img", "picture"].iter().any(|kind| name.contains(kind));
        if is_picture && let Some(figure) = figure_of(args) {
            return Some(figure);
        }
        let (provider, url) = find_provider(name, args.get_or_first(&["id", "url"])?)?;
        let url = args.get(&["url"]).filter(|url| url.contains("://")).map_or(url, str::to_owned);
        Some(embed(provider, &url))
    }
}

/// Parses `{{/* name(args) */}}` at a place. Returns the text between the asterisks, and the place of the closing
/// delimiter. With anything else between them it is text (`zola 0.22 content.pest: ignored_inline_shortcode`).
fn read_shown<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<(&'a str, usize)> {
    let is_tag = text[at..].starts_with("{%");
    if !text[at + 2..].starts_with("/*") {
        return None;
    }
    let end = closers.find(if is_tag { "*/%}" } else { "*/}}" }, at + 4)?;
    let inner = &text[at + 4..end];
    let trimmed = inner.trim_end();
    closers.budget.spend(inner.len() - trimmed.len());
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

/// Unescapes shortcodes that are shown as text, in code too.
fn fix_code(code: &str, budget: &Budget) -> String {
    let closers = Closers::new::<Zola>(code, budget);
    let mut fixed = String::with_capacity(code.len());
    let mut at = 0;
    for (here, _) in code.match_indices("/*").filter(|(here, _)| code[..*here].ends_with(['{', '%'])) {
        let start = here.saturating_sub(2);
        let open = code.get(start..here).filter(|open| start >= at && ["{{", "{%"].contains(open));
        if let Some((open, (inner, end))) = open.zip(open.and_then(|_| read_shown(code, start, &closers))) {
            fixed.extend([&code[at..start], open, inner]);
            at = end;
        }
    }
    fixed + &code[at..]
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
