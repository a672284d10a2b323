//! Links whose URL holds spaces: kramdown accepts them, GitHub's Markdown only in `<>`.

/// The maximum length of a URL with its title, in bytes.
const LONGEST: usize = 2048;

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
