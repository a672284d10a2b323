//! Links that kramdown accepts and GitHub's Markdown does not: with spaces in the URL, with a space before the name of
//! the URL, and of mail addresses in any script.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::budget::Budget;
use super::super::syntax::{Scan, contains_any};

/// The maximum length of a URL with its title, in bytes.
const LONGEST: usize = 2048;

/// The maximum length of the text and of the name of a link, in bytes.
const LONGEST_NAME: usize = 256;

/// `[text] [name]` → `[text][name]`, if the name is defined (`kramdown 2.4 LINK_INLINE_ID_RE`).
pub(super) fn join_references<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    const GAPS: [&str; 2] = ["] [", "]\n["];
    if !contains_any(text, &GAPS) {
        return Cow::Borrowed(text);
    }
    let definitions = text.lines().filter_map(|line| line.trim_start().strip_prefix('[')?.split_once("]:"));
    let defined: HashSet<String> = definitions
        .filter(|(name, _)| name.len() < LONGEST_NAME)
        .map(|(name, _)| name.to_lowercase())
        .collect();
    if defined.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scan = Scan::new(text, true, budget);
    while let Some(gap) = scan.find(&GAPS, &mut out, str::to_owned) {
        let inner = &scan.rest()[gap.len()..];
        let name = inner.bytes().take(LONGEST_NAME).position(|b| b == b']').map(|end| &inner[..end]);
        let joins = name.is_some_and(|name| defined.contains(&name.to_lowercase())) && ends_link_text(&out);
        out.push_str(if joins { "][" } else { "]" });
        scan.at += if joins { gap.len() } else { 1 };
    }
    Cow::Owned(out)
}

/// Returns true if the bracket that a text ends in holds the text of a link: not the name of another link, a footnote
/// or a task.
fn ends_link_text(out: &str) -> bool {
    let bytes = &out.as_bytes()[out.len().saturating_sub(LONGEST_NAME)..];
    let mut depth = 1;
    let open = bytes.iter().rposition(|b| {
        depth += i32::from(*b == b']') - i32::from(*b == b'[');
        depth == 0
    });
    open.is_some_and(|open| {
        let is_name = bytes[..open].ends_with(b"]") || bytes[open + 1..].starts_with(b"^");
        !is_name && !matches!(&bytes[open + 1..], b" " | b"x" | b"X" | b"")
    })
}

/// `](a b "title")` at the beginning of a text → `](<a b> "title")`, with the length of the text that it replaces.
pub(in crate::body) fn enclose_destination(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("](").filter(|inner| !inner.starts_with('<'))?;
    let mut open = 1;
    let end = inner.bytes().take(LONGEST).position(|byte| {
        open += i32::from(byte == b'(') - i32::from(byte == b')');
        open == 0 || byte == b'\n'
    })?;
    let written = inner[..end].trim();
    let is_open = inner.as_bytes()[end] == b'\n';
    let enclosed = enclose(written).filter(|_| !is_open)?;
    Some((format!("]({enclosed})"), "](".len() + end + 1))
}

/// `<ü` before a text that begins with `@example.org>` → a link, with the lengths of what it replaces in both. Other
/// addresses are links on GitHub too (`kramdown 2.4 AUTOLINK_START`).
pub(in crate::body) fn link_mail_address(before: &str, text: &str) -> Option<(usize, String, usize)> {
    let (_, local) = before.rsplit_once('<')?;
    let end = text.bytes().take(LONGEST_NAME).position(|byte| byte == b'>')?;
    let domain = text.get(1..end)?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_local = !local.is_empty() && local.chars().all(|c| is_word(c) || c == '.');
    let mut labels = domain.split('.');
    let is_top = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_lowercase());
    let has_top = domain.contains('.') && labels.next_back().is_some_and(is_top);
    let is_domain = has_top && labels.all(|label| !label.is_empty() && label.chars().all(is_word));
    let is_ascii = local.is_ascii() && domain.is_ascii();
    let link = || format!("<a href=\"mailto:{local}@{domain}\">{local}@{domain}</a>");
    (is_local && is_domain && !is_ascii).then(|| (1 + local.len(), link(), end + 1))
}

/// `[name]: a b "title"` → `[name]: <a b> "title"`.
pub(super) fn enclose_definition(line: &str) -> Option<String> {
    let (name, written) = line.split_once("]:").filter(|(name, _)| name.starts_with('['))?;
    let is_name = name.len() > 1 && !name.starts_with("[^") && !name[1..].contains([']', '[']);
    let enclosed = enclose(written.trim()).filter(|_| is_name && written.len() < LONGEST)?;
    Some(format!("{name}]: {enclosed}"))
}

/// Encloses a URL with spaces in `<>`, perhaps with a title after it.
fn enclose(written: &str) -> Option<String> {
    let quote = written.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let title = quote.and_then(|quote| {
        let begins = [format!(" {quote}"), format!("\t{quote}")];
        let at = begins.iter().filter_map(|begin| written[..written.len() - 1].find(&**begin)).min()?;
        Some(&written[at..])
    });
    let url = title.map_or(written, |title| &written[..written.len() - title.len()]).trim();
    let needs = url.contains([' ', '\t']) && !url.contains(['<', '>', '\n', '"']);
    needs.then(|| format!("<{url}>{}", title.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_may_precede_the_name_of_a_link() {
        for (text, expected) in [
            ("[a] [b]\n\n[b]: /c", "[a][b]\n\n[b]: /c"),
            ("[a]\n[B]\n\n[b]: /c", "[a][B]\n\n[b]: /c"),
            ("[![a](i)] [b]\n\n[b]: /c", "[![a](i)][b]\n\n[b]: /c"),
            ("[a] [x] `[a] [b]`\n\n[b]: /c", "[a] [x] `[a] [b]`\n\n[b]: /c"),
            ("[a][b] [b]\n\n[b]: /c", "[a][b] [b]\n\n[b]: /c"),
            ("a[^1] [b]\n\n[b]: /c", "a[^1] [b]\n\n[b]: /c"),
            ("- [ ] [b]\n\n[b]: /c", "- [ ] [b]\n\n[b]: /c"),
            ("[a] [b]", "[a] [b]"),
        ] {
            assert_eq!(join_references(text, &Budget::new(text.len())), expected, "{text:?}");
        }
    }

    #[test]
    fn urls_with_spaces_are_enclosed() {
        for (text, expected) in [
            ("](a b.png) c", Some("](<a b.png>)")),
            ("](a b \"t\")", Some("](<a b> \"t\")")),
            ("](a (b) c 't')", Some("](<a (b) c> 't')")),
            ("](a \"t\")", None),
            ("](a)", None),
            ("](<a b>)", None),
            ("](a b\nc)", None),
            ("](a b", None),
        ] {
            let found = enclose_destination(text).map(|(text, _)| text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(enclose_definition("[x]: a b.html 't'").as_deref(), Some("[x]: <a b.html> 't'"));
        assert_eq!(enclose_definition("[^x]: a b"), None);
        assert_eq!(enclose_definition("[x]: a"), None);
    }
}
