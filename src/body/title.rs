//! Removes a heading or paragraph at the start of a body that only repeats the post's title.

use unicode_normalization::UnicodeNormalization;

use super::plain_text::{collapse_white_space, strip_markup};

/// Elements that may enclose the title at the start of a body.
const AROUND: [&str; 7] = ["article", "header", "div", "section", "main", "hgroup", "center"];

/// Removes the first block of HTML if its text is the title, linked or not.
pub(super) fn drop_repeated(html: String, title: &str) -> String {
    match measure(&html, title) {
        Some((start, end)) => html[..start].to_owned() + html[end..].trim_start(),
        None => html,
    }
}

/// Returns the start and end of the first block if it repeats the title. A block with an image or a player does not.
fn measure(html: &str, title: &str) -> Option<(usize, usize)> {
    let start = skip_around(html);
    let block = &html[start..];
    let name = ["h1", "h2", "h3", "h4", "h5", "h6", "p"].into_iter().find(|name| opens(block, name))?;
    let close = format!("</{name}>");
    let end = block.find(&close)?;
    let inner = &block[..end];
    let says_more = ["<img", "<video", "<audio", "<picture"].iter().any(|tag| inner.contains(tag));
    let repeats = !title.is_empty() && !says_more && fold(&strip_markup(inner)) == fold(title);
    repeats.then_some((start, start + end + close.len()))
}

/// Returns true if HTML begins with an element of this name.
fn opens(html: &str, name: &str) -> bool {
    let rest = html.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with(['>', ' ']))
}

/// Returns the offset after the opening and closing tags of the elements in [`AROUND`] at the start.
fn skip_around(html: &str) -> usize {
    let (mut at, mut open) = (0, 0);
    loop {
        let rest = html[at..].trim_start();
        let start = html.len() - rest.len();
        let opens_one = AROUND.iter().any(|name| opens(rest, name));
        let closes_one = open > 0
            && rest.strip_prefix("</").is_some_and(|tag| AROUND.iter().any(|name| tag.starts_with(name)));
        match rest.find('>').filter(|_| opens_one || closes_one) {
            Some(end) => at = start + end + 1,
            None => return start,
        }
        open = if opens_one { open + 1 } else { open - 1 };
    }
}

fn fold(text: &str) -> String {
    collapse_white_space(text).nfc().collect::<String>().to_lowercase()
}
