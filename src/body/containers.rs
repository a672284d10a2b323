//! Containers of markdown-it (`:::note`): elements with Markdown in them.

use std::borrow::Cow;

use super::budget::Budget;
use super::syntax::Scan;

/// The maximum number of containers that are open at the same time.
const MAX_OPEN: usize = 16;

/// Replaces each container with an element. The words after its name are its title.
pub(super) fn open<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !text.contains(":::") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    let mut closers = text.lines().filter(|line| is_closer(line)).count();
    // For each open container, true if it becomes an element. In a list it does not, because an element would end the
    // list.
    let mut opened: Vec<bool> = Vec::new();
    while scan.at < text.len() {
        let rest = scan.rest();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let code = scan.begin_line();
        let (length, bare) = (code.unwrap_or(line.len()), line.trim());
        if !budget.spend(length) {
            break;
        }
        scan.at += length;
        if code.is_some() {
            out.push_str(&rest[..length]);
        } else if is_closer(bare) {
            closers = closers.saturating_sub(1);
            match opened.pop() {
                Some(is_element) => out.push_str(if is_element { "\n</div>\n\n" } else { "\n" }),
                None => out.push_str(line),
            }
        } else if let Some((name, title)) = read_opener(bare) {
            // `markdown-it-container 4`: one that is never closed ends with the text.
            let is_closed = opened.len() < closers.min(MAX_OPEN);
            let is_element = is_closed && line.starts_with(':');
            opened.extend(is_closed.then_some(is_element));
            if is_element {
                out.extend(["\n<div class=\"", name, "\">\n"]);
            }
            let indent = &line[..line.len() - line.trim_start().len()];
            out.extend(["\n", indent, title, "\n\n"]);
        } else {
            out.push_str(line);
        }
    }
    out.push_str(scan.rest());
    Cow::Owned(out)
}

fn is_closer(line: &str) -> bool {
    let bare = line.trim();
    bare.len() >= 3 && bare.bytes().all(|b| b == b':')
}

/// Returns the name and the title of `:::name title`.
fn read_opener(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix(":::")?.trim_start_matches(':').trim();
    let (name, title) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    is_name.then(|| (name, title.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_become_elements() {
        for (text, expected) in [
            (":::note\na\n:::\nb", "\n<div class=\"note\">\n\n\n\na\n\n</div>\n\nb"),
            ("::: tip A title\na\n:::", "\n<div class=\"tip\">\n\nA title\n\na\n\n</div>\n\n"),
            ("- a\n\n  :::note\n  b\n  :::\n", "- a\n\n\n  \n\n  b\n\n"),
            (":::note\nis never closed", "\n\n\nis never closed"),
            (":::a\n:::b\nc\n:::", "\n<div class=\"a\">\n\n\n\n\n\n\nc\n\n</div>\n\n"),
            ("```\n:::note\n```\n:::", "```\n:::note\n```\n:::"),
            (":::\n", ":::\n"),
            ("a :::b c", "a :::b c"),
        ] {
            assert_eq!(open(text, &Budget::new(text.len())), expected, "{text:?}");
        }
    }
}
