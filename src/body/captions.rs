//! Captions of Hexo's fenced code blocks.

use std::borrow::Cow;

use super::budget::Budget;
use super::markdown_extensions::push_plain;
use super::syntax::Scan;

/// Puts the caption of each block before it (`hexo 8 backtick_code_block`: language, caption, URL, link text).
pub(super) fn show<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !text.contains("```") && !text.contains("~~~") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    scan.find(&[], &mut out, |code| read(code).map_or_else(|| code.to_owned(), |caption| caption + code));
    Cow::Owned(out)
}

/// Returns the paragraph for the caption of a block, if it has one.
fn read(code: &str) -> Option<String> {
    let line = code.lines().next()?;
    let bare = line.trim_start_matches([' ', '\t', '>']);
    let prefix = &line[..line.len() - bare.len()];
    let info = bare.trim_start_matches(['`', '~']);
    let is_fence = bare.len() - info.len() >= 3;
    let info = info.split('=').next().filter(|_| is_fence)?.trim();
    let (_, written) = info.split_once(char::is_whitespace)?;
    let words = written.split_whitespace().filter(|word| !is_option(word));
    let (mut caption, mut link, mut shown) = (Vec::new(), None, Vec::new());
    for word in words {
        match link {
            Some(_) => shown.push(word),
            None if !caption.is_empty() && is_link(word) => link = Some(word),
            None => caption.push(word),
        }
    }
    let mut paragraph = format!("{prefix}<strong>");
    push_plain(&Some(caption.join(" ")).filter(|caption| !caption.is_empty())?, &mut paragraph);
    paragraph.push_str("</strong>");
    if let Some(link) = link {
        let href = html_escape::encode_double_quoted_attribute(link);
        paragraph.extend([" <a href=\"", &href, "\">"]);
        push_plain(&if shown.is_empty() { "link".to_owned() } else { shown.join(" ") }, &mut paragraph);
        paragraph.push_str("</a>");
    }
    Some(format!("{paragraph}\n{}\n", prefix.trim_end()))
}

fn is_link(word: &str) -> bool {
    word.starts_with('/') || word.starts_with("http://") || word.starts_with("https://")
}

/// Returns true for an option such as `mark:1,3`, which sets how code is shown.
fn is_option(word: &str) -> bool {
    let name = word.split_once(':').map(|(name, _)| name);
    let names = ["line_number", "line_threshold", "first_line", "wrap", "mark", "language_attr", "highlight"];
    name.is_some_and(|name| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_paragraphs() {
        let fence = |info: &str| format!("```{info}\na\n```\n");
        let show = |info: &str| {
            let shown = show(&fence(info), &Budget::new(64)).into_owned();
            shown.strip_suffix(&fence(info)).expect("the block stays").to_owned()
        };
        for (info, caption) in [
            (" js a b", "<strong>a b</strong>\n\n"),
            ("js _x mark:1", "<strong>&#95;x</strong>\n\n"),
            ("js a /u t s", "<strong>a</strong> <a href=\"/u\">t s</a>\n\n"),
            ("js a https://e.org", "<strong>a</strong> <a href=\"https://e.org\">link</a>\n\n"),
            ("js", ""),
            ("", ""),
            ("js =1", ""),
        ] {
            assert_eq!(show(info), caption, "{info}");
        }
    }
}
