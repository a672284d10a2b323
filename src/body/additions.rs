//! What dialects add to GitHub's Markdown: attribute lists, mathematics, definitions, Markdown in HTML.

use std::borrow::Cow;
use std::fmt::Write;

use super::syntax::{Scan, holds_any};
use crate::config::Dialect;

/// Nothing in braces or between dollars is longer, in bytes.
const LONGEST: usize = 4096;

/// Which additions a dialect has.
fn triggers(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Jekyll => &["{::", "{:", "{#", "$$", "\n: ", "*[", " markdown=\""],
        Dialect::Hugo => &["{#", "{.", "$$", "\n: "],
        Dialect::Zola => &["{#", "{."],
        Dialect::Eleventy => &["{#", "{.", "\n: "],
        Dialect::Hexo | Dialect::Obsidian | Dialect::Plain => &["$$"],
    }
}

/// Markdown as GitHub knows it: attributes are left out, what else is added becomes HTML.
pub(super) fn prepare(text: &str, dialect: Dialect) -> Cow<'_, str> {
    let triggers = triggers(dialect);
    if !holds_any(text, triggers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true);
    while let Some(trigger) = scan.find(triggers, &mut out, str::to_owned) {
        let rest = scan.rest();
        let begins_line = scan.begins_line();
        let taken = match trigger {
            "{::" => take_extension(rest),
            "{:" => take_attributes(rest, begins_line, &mut out),
            "{#" | "{." => take_trailing(rest, begins_line, &out),
            "*[" => take_abbreviation(rest, begins_line),
            "$$" => take_formula(rest, begins_line, dialect, &mut out),
            "\n: " => {
                out.push_str(if out.ends_with('\n') { "\n: " } else { "\n\n: " });
                Some(trigger.len())
            }
            _ => take_markdown(rest, &mut out),
        };
        match taken {
            Some(length) => scan.at += length,
            None => {
                out.push_str(trigger);
                scan.at += trigger.len();
            }
        }
    }
    Cow::Owned(out)
}

/// The place of a sign near the beginning of a text.
fn find_near(text: &str, sign: &str) -> Option<usize> {
    let end = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    text[..end].find(sign)
}

/// `kramdown 2.4 Extensions`: comments and options go, what is no Markdown stays as it is.
fn take_extension(text: &str) -> Option<usize> {
    let open = find_near(text, "}")? + 1;
    let name = text[3..open - 1].split_whitespace().next().unwrap_or_default();
    if name != "comment" || text[..open].ends_with("/}") {
        return Some(open);
    }
    let end = text.find("{:/")?;
    Some(end + find_near(&text[end..], "}")? + 1)
}

/// `{: .class #id}`, `{:toc}`, `{:/}`: alone on its line or behind what it is for.
fn take_attributes(text: &str, begins_line: bool, out: &mut String) -> Option<usize> {
    let length = find_near(text, "}")? + 1;
    let inner = &text[2..length - 1];
    let begins = inner.starts_with([' ', '.', '#', '/']) || inner.starts_with(|c: char| c.is_alphabetic());
    if !begins || inner.contains('\n') {
        return None;
    }
    if begins_line && inner.trim() == "toc" {
        // The item above only holds the place.
        let list = out.trim_end_matches('\n');
        let line = list.rfind('\n').map_or(0, |newline| newline + 1);
        if list[line..].trim_start().starts_with(['*', '-', '+', '1']) {
            out.truncate(line);
        }
    }
    let after = &text[length..];
    let next = after.strip_prefix('\n').unwrap_or_default();
    let is_item =
        next.trim_start().starts_with(['*', '-', '+']) || next.starts_with(|c: char| c.is_ascii_digit());
    let takes_line = begins_line && is_item && after.starts_with('\n');
    if takes_line {
        out.truncate(out.trim_end_matches([' ', '\t']).len());
    }
    Some(length + usize::from(takes_line))
}

/// `*[HTML]: HyperText …` says what an abbreviation stands for; it is no text.
fn take_abbreviation(text: &str, begins_line: bool) -> Option<usize> {
    let line = text.split('\n').next().unwrap_or(text);
    let name = line.find("]:").filter(|end| begins_line && *end < 100)?;
    (name > 2).then_some(line.len())
}

/// `{#id .class}` at the end of a heading, `{.class}` alone on a line.
fn take_trailing(text: &str, begins_line: bool, out: &str) -> Option<usize> {
    let length = find_near(text, "}")? + 1;
    let inner = &text[2..length - 1];
    let is_last = text[length..].chars().find(|c| !matches!(c, ' ' | '\t' | '\r')).is_none_or(|c| c == '\n');
    let is_sound =
        inner.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !inner.contains(['\n', '{']);
    let near = out.len().saturating_sub(LONGEST);
    let near = (near..=out.len()).find(|at| out.is_char_boundary(*at)).unwrap_or_default();
    let line = out[near..].rsplit('\n').next().unwrap_or_default();
    let follows = begins_line || line.trim_start_matches([' ', '>']).starts_with('#');
    // A setext heading is told by the line below it.
    let below = text[length..].trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or_default();
    let is_setext = below.starts_with("---") || below.starts_with("===");
    (is_last && is_sound && (follows || is_setext)).then_some(length)
}

/// `$$…$$`: what Markdown would take for its own signs is written as characters.
fn take_formula(text: &str, begins_line: bool, dialect: Dialect, out: &mut String) -> Option<usize> {
    let end = 2 + find_near(&text[2..], "$$")?;
    let inner = &text[2..end];
    if inner.trim().is_empty() || inner.contains("\n\n") {
        return None;
    }
    let length = end + 2;
    let after = text[length..].trim_start_matches([' ', '\t', '\r']);
    let is_alone = begins_line && (after.is_empty() || after.starts_with('\n'));
    // `kramdown 2.4 math engine mathjax`
    let (open, close) = match (dialect, is_alone) {
        (Dialect::Jekyll, true) => ("\\[", "\\]"),
        (Dialect::Jekyll, false) => ("\\(", "\\)"),
        _ => ("$$", "$$"),
    };
    for c in [open, inner.trim(), close].concat().chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            c if c.is_ascii_punctuation() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Some(length)
}

/// ` markdown="1"` in a tag: what follows the tag is Markdown.
fn take_markdown(text: &str, out: &mut String) -> Option<usize> {
    let value = &text[" markdown=\"".len()..];
    let end = value.find('"').filter(|end| *end < 8)?;
    let rest = &value[end + 1..];
    let close = find_near(rest, ">").filter(|close| !rest[..*close].contains('<'))?;
    out.push_str(&rest[..=close]);
    out.push_str("\n\n");
    Some(text.len() - rest.len() + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_become_plain_markdown() {
        for (text, expected) in [
            ("a\n{: .note #x}\nb", "a\n\nb"),
            ("- a\n{: .x}\n- b", "- a\n- b"),
            ("*a*{: .x} b", "*a* b"),
            ("1. a\n   {: .x}\n2. b", "1. a\n2. b"),
            ("*[HTML]: Hyper Text\n\n*[a](b)*", "\n\n*[a](b)*"),
            ("x\n\n* TOC\n{:toc}\n\ny", "x\n\n\n\ny"),
            ("{::comment}\nno\n{:/comment}\nyes", "\nyes"),
            ("{::options toc_levels=\"1\" /}\nyes", "\nyes"),
            ("{::nomarkdown}<b>x</b>{:/}", "<b>x</b>"),
            ("## A b {#own-id}\n", "## A b \n"),
            ("Term\n: One\n: Two", "Term\n\n: One\n\n: Two"),
            ("<div class=\"n\" markdown=\"1\">\n*a*\n</div>", "<div class=\"n\">\n\n\n*a*\n</div>"),
            ("`{: .x}` $$a_b$$", "`{: .x}` &#92;&#40;a&#95;b&#92;&#41;"),
            ("a {b} {: c", "a {b} {: c"),
            ("$$ and", "$$ and"),
        ] {
            assert_eq!(prepare(text, Dialect::Jekyll), expected, "{text:?}");
        }
        assert_eq!(prepare("## A {.c}\n\n{.x}\n", Dialect::Hugo), "## A \n\n\n");
        assert_eq!(prepare("a {.c} b", Dialect::Hugo), "a {.c} b");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_them(text in "[{}:.#$ \nxé:/>\"m=]{0,60}") {
            for dialect in [Dialect::Jekyll, Dialect::Hugo, Dialect::Zola] {
                let _ = prepare(&text, dialect);
            }
        }
    }
}
