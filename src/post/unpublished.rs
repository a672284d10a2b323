//! The reasons why a file that could be a post is not in feeds.

use super::fill::fill_defaults;
use super::front_matter;
use super::index::SourceId;
use super::parse::{File, Outcome, parse};
use super::source::Source;
use super::value::Value;

/// The reason why a file is not in feeds, in the order in which reports count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnpublishedReason {
    /// The date is in the future.
    Future,
    /// The expiry date has passed.
    Expired,
    /// The post is a draft, by its front matter or its folder.
    Draft,
    /// `published: false`, or the equivalent key of the dialect.
    Unpublished,
    /// Another key excludes the file, like `feedmill: false`.
    Excluded,
    /// It has no front matter, without which the generator does not make a post of it.
    Bare,
    /// Another post of the source has the same value under its key `unique`.
    Repeated,
    /// The file has no date.
    Undated,
    /// The file is in a folder of posts, and its name is not that of a post.
    Misnamed,
    /// The file cannot be parsed as a post.
    Broken,
}

/// The reason why a file is not in feeds; `None` if it is a post. `drafted` is the same source with drafts.
pub fn find_unpublished_reason(
    source: &Source,
    drafted: &Source,
    file: File<'_>,
) -> Option<UnpublishedReason> {
    match parse(source, SourceId::new(0), file) {
        Outcome::Post(..) => None,
        Outcome::Undated(_) => Some(UnpublishedReason::Undated),
        Outcome::Broken(_) => Some(UnpublishedReason::Broken),
        Outcome::Hidden => Some(find_hidden_reason(source, drafted, file)),
    }
}

fn find_hidden_reason(source: &Source, drafted: &Source, file: File<'_>) -> UnpublishedReason {
    let text = source.decode(file.bytes).unwrap_or_default();
    let Ok(mut front) = front_matter::read(&text, source.dialect.spec().fences) else {
        return UnpublishedReason::Broken;
    };
    fill_defaults(source, file.path, &mut front);
    let is_off = |key: &str| match front.get(key) {
        Some(Value::Bool(value)) => !value,
        Some(Value::Text(word)) => matches!(word.to_ascii_lowercase().as_str(), "false" | "no" | "off"),
        _ => false,
    };
    if is_off("feedmill") {
        return UnpublishedReason::Excluded;
    }
    let is_hidden = |source: &Source| source.dialect.is_hidden(source.settings(), file.path, &front);
    if !is_hidden(source) {
        // A post that no key hides is later than the build (`jekyll 4.4 Publisher#hidden_in_the_future?`).
        UnpublishedReason::Future
    } else if is_off("published") || is_off("publish") {
        UnpublishedReason::Unpublished
    } else if !is_hidden(drafted) {
        UnpublishedReason::Draft
    } else if !front.exists {
        UnpublishedReason::Bare
    } else {
        UnpublishedReason::Excluded
    }
}
