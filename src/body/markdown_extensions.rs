//! The syntax that dialects add to GitHub's Markdown: mathematics, definitions, escapes, Markdown in HTML.

use std::borrow::Cow;
use std::fmt::Write;

use super::attribute_lists::{follows_element, is_trailing, take_attributes, take_heading_id};
use super::budget::Budget;
use super::dialect_syntax::Syntax;
use super::kramdown::{Extensions, enclose_destination, link_mail_address};
use super::markdown_in_html::{take_end, take_markdown};
use super::syntax::{NextMatch, Scan, contains_any};

/// The maximum length of text in braces or between dollars, in bytes.
pub(super) const LONGEST: usize = 4096;

/// The maximum length of a mail address before its `@`, in bytes.
const LONGEST_ADDRESS: usize = 256;

/// The maximum number of escaped braces in one attribute list.
const MOST_ESCAPED: usize = 8;

/// Converts a dialect's Markdown to GitHub's: attributes are removed, other extensions become HTML.
pub(super) fn prepare<'t>(text: &'t str, syntax: &Syntax<'_>, budget: &Budget) -> Cow<'t, str> {
    let triggers = syntax.extensions;
    if !contains_any(text, triggers) {
        return Cow::Borrowed(text);
    }
    let text =
        &*if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    let [braces, dollars] = ["}", "$$"].map(|end| NextMatch::new(text, end, budget));
    let extensions = Extensions::new(text, budget);
    // `kramdown 2.4 ALD_ANY_CHARS`: a `\}` does not end the list.
    let brace = |at: usize| {
        let mut from = at;
        for _ in 0..MOST_ESCAPED {
            let end = braces.find(from, LONGEST)?;
            if !text[..end].ends_with('\\') {
                return Some((end, &text[end + 1..]));
            }
            from = end + 1;
        }
        None
    };
    while let Some(trigger) = scan.find(triggers, &mut out, str::to_owned) {
        let (at, rest, begins_line) = (scan.at, scan.rest(), scan.begins_line());
        let end = match trigger {
            "\\{:" => {
                out.push_str("{:");
                Some(at + 3)
            }
            // `kramdown 2.4 parse_block_math`
            "\\" if rest.starts_with("\\$$") && (out.is_empty() || out.ends_with("\n\n")) => Some(at + 1),
            "\\" => take_escape(rest, &mut out).map(|length| at + length),
            // `kramdown 2.4 parse_codespan`: a backtick between spaces does not begin code.
            " ` " | "\n` " => {
                out.extend([&trigger[..1], "\\`"]);
                Some(at + 2)
            }
            // `kramdown 2.4 parse_typographic_syms`: not a tag.
            "<<" => {
                out.push_str("&lt;&lt;");
                Some(at + 2)
            }
            // `kramdown 2.4 HTML_SPAN_START`: neither are these.
            "<?" | "<![" => {
                out.extend(["&lt;", &trigger[1..]]);
                Some(at + trigger.len())
            }
            "<mailto:" => {
                out.push('<');
                Some(at + trigger.len())
            }
            "@" => {
                let found = link_mail_address(take_end_of(&out, LONGEST_ADDRESS), rest);
                found.map(|(before, link, length)| {
                    out.truncate(out.len() - before);
                    out.push_str(&link);
                    at + length
                })
            }
            "](" => enclose_destination(rest).map(|(enclosed, length)| {
                out.push_str(&enclosed);
                at + length
            }),
            "{::" => brace(at).and_then(|(end, _)| extensions.take(at, end, begins_line, &mut out)),
            "{:" => {
                brace(at).filter(|_| follows_element(&out, scan.line_before(16))).and_then(|(end, behind)| {
                    let takes_line = take_attributes(&text[at + 2..end], behind, begins_line, &mut out)?;
                    Some(end + 1 + usize::from(takes_line))
                })
            }
            "{#" => brace(at)
                .filter(|(end, behind)| take_heading_id(&text[at + 1..*end], behind, begins_line, &mut out))
                .map(|(end, _)| end + 1),
            "{" => brace(at)
                .filter(|(end, behind)| is_trailing(&text[at + 1..*end], behind, begins_line, &out))
                .map(|(end, _)| end + 1),
            "*[" => measure_abbreviation(rest, begins_line).map(|length| at + length),
            "[!" => take_fold_mark(rest, &mut out).map(|length| at + length),
            "$$" => dollars.find(at + 2, LONGEST).and_then(|end| {
                let has_math = syntax.kramdown.map(|options| options.has_math);
                put_formula(&text[at + 2..end], &text[end + 2..], begins_line, has_math, &mut out)?;
                Some(end + 2)
            }),
            // `kramdown 2.4 parse_definition_list`: at most one blank line separates a definition from its term.
            "\n: " if syntax.kramdown.is_some() && out.ends_with("\n\n") && !follows_definition(&out) => {
                out.push_str("\n\\: ");
                Some(at + trigger.len())
            }
            "\n: " => {
                out.push_str(if out.ends_with('\n') { "\n: " } else { "\n\n: " });
                Some(at + trigger.len())
            }
            "\n</" => take_end(rest, &mut out).map(|length| at + length),
            _ => take_markdown(rest, &mut out).map(|length| at + length),
        };
        match end {
            Some(end) => scan.at = end,
            None => {
                out.push_str(trigger);
                scan.at += trigger.len();
            }
        }
    }
    Cow::Owned(out)
}

/// Returns the end of a text, at most `most` bytes.
pub(super) fn take_end_of(text: &str, most: usize) -> &str {
    let near = text.len().saturating_sub(most);
    let near = (near..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[near..]
}

/// Returns true if the last line of a text that is not blank is a definition.
fn follows_definition(text: &str) -> bool {
    let near = take_end_of(text, 256).trim_end();
    near.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with(": "))
}

/// `kramdown 2.4 ESCAPED_CHARS`: a `\` before any other character is shown. Takes the character too.
fn take_escape(text: &str, out: &mut String) -> Option<usize> {
    let next = text[1..].chars().next().filter(|next| *next != '\n')?;
    out.push_str(if "&/@,;?%^".contains(next) { "\\\\" } else { "\\" });
    out.push(next);
    Some(1 + next.len_utf8())
}

/// Returns the length of the definition of an abbreviation, `*[HTML]: HyperText …`, which is not shown.
fn measure_abbreviation(text: &str, begins_line: bool) -> Option<usize> {
    let near = &text.as_bytes()[..text.len().min(102)];
    let name = near.windows(2).take_while(|two| two[0] != b'\n').position(|two| two == b"]:");
    let name = name.filter(|_| begins_line)?;
    (name > 2).then(|| text.find('\n').unwrap_or(text.len()))
}

/// Takes `[!NOTE]+` without the `+` or `-`, which only sets if Hugo folds the alert.
fn take_fold_mark(text: &str, out: &mut String) -> Option<usize> {
    let name = text[2..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = 2 + name + 1;
    let folds = name > 0 && (text[2 + name..].starts_with("]+") || text[2 + name..].starts_with("]-"));
    folds.then(|| {
        out.push_str(&text[..length]);
        length + 1
    })
}

/// Writes the formula `$$…$$` with all Markdown characters escaped. `has_math` is for kramdown: true if a library shows
/// formulas.
fn put_formula(
    inner: &str,
    behind: &str,
    begins_line: bool,
    has_math: Option<bool>,
    out: &mut String,
) -> Option<()> {
    let begins_item = |line: &str| ["* ", "+ ", "- "].iter().any(|mark| line.starts_with(mark));
    if inner.trim().is_empty() || inner.contains("\n\n") || inner.split('\n').skip(1).any(begins_item) {
        return None;
    }
    let after = behind.trim_start_matches([' ', '\t', '\r']);
    let is_alone = begins_line && (after.is_empty() || after.starts_with('\n'));
    // `kramdown 2.4 convert_math`, and its engine `mathjax`
    let (open, close) = match (has_math, is_alone) {
        (Some(true), true) => ("\\[", "\\]"),
        (Some(true), false) => ("\\(", "\\)"),
        (Some(false), false) => ("$", "$"),
        _ => ("$$", "$$"),
    };
    push_plain(&[open, inner.trim(), close].concat(), out);
    Some(())
}

/// Writes text on one line, with all Markdown characters escaped.
pub(super) fn push_plain(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            c if c.is_ascii_punctuation() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_syntax::{HUGO, JEKYLL, ZOLA};
    use super::*;

    fn prepare(text: &str, syntax: Syntax<'_>) -> String {
        super::prepare(text, &syntax, &Budget::new(text.len())).into_owned()
    }

    #[test]
    fn extensions_become_plain_markdown() {
        for (text, expected) in [
            ("a\n{: .note #x}\nb", "a\n\nb"),
            ("- a\n{: .x}\n- b", "- a\n- b"),
            ("*a*{: .x} b", "*a* b"),
            ("1. a\n   {: .x}\n2. b", "1. a\n2. b"),
            ("*[HTML]: Hyper Text\n\n*[a](b)*", "\n\n*[a](b)*"),
            ("x\n\n* TOC\n{:toc}\n\ny", "x\n\n\n<!--kramdown:toc-->\n\n\ny"),
            ("* a\n{:footnotes}\n", "\n<!--kramdown:footnotes-->\n\n"),
            ("# A\n{:.no_toc}\n", "# A\n<!--kramdown:no_toc-above-->\n"),
            ("a\n\n{: .no_toc .b}\n# A\n", "a\n\n<!--kramdown:no_toc-below-->\n# A\n"),
            (
                "a\n\n![b](c){: standalone}\n",
                "a\n\n<figure>\n\n![b](c)\n\n<figcaption>\n\nb\n\n</figcaption>\n</figure>\n\n",
            ),
            ("a ![b](c){: standalone}\n", "a ![b](c)\n"),
            ("{::comment}\nno\n{:/comment}\nyes", "\nyes"),
            ("{::options toc_levels=\"1\" /}\nyes", "\nyes"),
            ("{::nomarkdown}<b>x</b>{:/}", "<b>x</b>"),
            ("## A b {#own-id}\n", "## A b<!--kramdown:id-own-id -->\n"),
            ("## A ## {#b}\n", "## A<!--kramdown:id-b -->\n"),
            ("## A {#9}\n## B{#b}\n", "## A {#9}\n## B{#b}\n"),
            ("Term\n: One\n: Two", "Term\n\n: One\n\n: Two"),
            ("<div class=\"n\" markdown=\"1\">\n*a*\n</div>", "<div class=\"n\">\n\n\n*a*\n</div>"),
            ("`{: .x}` $$a_b$$", "`{: .x}` &#92;&#40;a&#95;b&#92;&#41;"),
            ("<p markdown=\"0\">*a*</p>", "<p>*a*</p>"),
            ("<div markdown='1'>*a*</div>", "<div>\n\n*a*</div>"),
            ("a <span markdown=\"1\">*b*</span>", "a <span>*b*</span>"),
            (
                "<details markdown=1><summary>S</summary>\n*a*\n</details>\nb",
                "<details>\n\n<summary>S</summary>\n\n\n*a*\n</details>\n\nb",
            ),
            ("\\{: .x}", "{: .x}"),
            ("* a\r\n{: .x}\r\n* b", "* a\n* b"),
            ("{::comment}{::comment}x{:/}y", "y"),
            ("a {b} {: c", "a {b} {: c"),
            ("$$ and", "$$ and"),
            ("a \\& \\* \\\\,", "a \\\\& \\* \\\\,"),
            ("a ` b `c`", "a \\` b `c`"),
            ("<<is>>", "&lt;&lt;is>>"),
            ("<?a?> <![CDATA[b]]> <mailto:a@b.c>", "&lt;?a?> &lt;![CDATA[b]]> <a@b.c>"),
            ("\\$$a$$ \\$$b$$", "&#92;&#40;a&#92;&#41; \\$$b$$"),
            ("$$1\n+ 1$$", "$$1\n+ 1$$"),
            ("[a](b c)", "[a](<b c>)"),
            ("a\n\n\n: b", "a\n\n\n\\: b"),
            ("a\n: b\n\n\n: c", "a\n\n: b\n\n\n: c"),
        ] {
            assert_eq!(prepare(text, JEKYLL), expected, "{text:?}");
        }
        assert_eq!(prepare("## A {.c}\n\n{.x}\n", HUGO), "## A \n\n\n");
        assert_eq!(prepare("a {.c} b", HUGO), "a {.c} b");
        assert_eq!(prepare("## A { .c }\n## B {data-x=\"1\"}\n## C {x}", HUGO), "## A \n## B \n## C {x}");
        assert_eq!(prepare("> [!TIP]+ T", HUGO), "> [!TIP] T");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_them(text in "[{}:.#$ \nxé:/>\"m=]{0,60}") {
            for syntax in [JEKYLL, HUGO, ZOLA] {
                let _ = prepare(&text, syntax);
            }
        }
    }
}
