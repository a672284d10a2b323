//! A heading or paragraph at the start of a body that only repeats the post's title.

use super::plain_text::{collapse_white_space, strip_markup};

/// The HTML without its first block, if that says just the title, linked or not.
pub(super) fn drop_repeated(html: String, title: &str) -> String {
    match measure(&html, title) {
        Some(length) => html[length..].trim_start().to_owned(),
        None => html,
    }
}

/// The length of the first block, if it repeats the title. A picture in it says more than the title.
fn measure(html: &str, title: &str) -> Option<usize> {
    let name = ["h1", "h2", "h3", "h4", "h5", "h6", "p"].into_iter().find(|name| {
        let rest = html.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['>', ' ']))
    })?;
    let close = format!("</{name}>");
    let end = html.find(&close)?;
    let inner = &html[..end];
    let says_more = ["<img", "<video", "<audio", "<picture"].iter().any(|tag| inner.contains(tag));
    let repeats = !title.is_empty() && !says_more && fold(&strip_markup(inner)) == fold(title);
    repeats.then_some(end + close.len())
}

fn fold(text: &str) -> String {
    collapse_white_space(text).to_lowercase()
}
