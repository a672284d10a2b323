//! The files of posts, drafts and collections: names, folders, and the dates in names.

use chrono::NaiveDate;

use super::Source;
use super::site::Collection;
use crate::post::file_path::{below, has_extension, is_html};

/// `jekyll 4.4 Configuration: markdown_ext`.
pub(super) const MARKDOWN: &[&str] = &["markdown", "mkdown", "mkdn", "mkd", "md"];

/// The parts of a file name.
pub(super) struct Name<'a> {
    pub(super) date: NaiveDate,
    pub(super) slug: &'a str,
    pub(super) extension: &'a str,
}

/// `jekyll 4.4 Document::DATE_FILENAME_MATCHER`: date, slug and extension of a dated file name.
pub(super) fn split_name(path: &str) -> Option<Name<'_>> {
    let file = path.rsplit('/').next()?;
    let mut parts = file.splitn(4, '-');
    let [year, month, day] = [parts.next()?, parts.next()?, parts.next()?];
    let rest = parts.next()?;
    let number = |text: &str, most: usize| {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && (1..=most).contains(&text.len()) { text.parse::<i32>().ok() } else { None }
    };
    let mut full_year = number(year, 4).filter(|_| year.len() >= 2)?;
    if year.len() == 2 {
        full_year += if full_year < 69 { 2000 } else { 1900 };
    }
    let date = NaiveDate::from_ymd_opt(full_year, number(month, 2)? as u32, number(day, 2)? as u32)?;
    let (slug, extension) = rest.rsplit_once('.').filter(|(_, extension)| !extension.is_empty())?;
    Some(Name { date, slug: slug.trim_end_matches('.'), extension })
}

/// The folders above the `_posts` or `_drafts` of a post, and true if the post is a draft.
pub(super) fn find_place<'p>(source: Source<'_>, path: &'p str) -> Option<(Vec<&'p str>, bool)> {
    let mut above = Vec::new();
    if source.site.is_content_bare {
        return source.below_content(path).map(|_| (above, false));
    }
    for segment in below_collections(source, path)?.split('/') {
        match segment {
            "_posts" => return Some((above, false)),
            "_drafts" => return Some((above, true)),
            _ => above.push(segment),
        }
    }
    None
}

/// A path relative to the site's `source` and `collections_dir`; `None` if it is outside them
/// (`jekyll 4.4 Reader#outside_configured_directory?`).
pub(super) fn below_collections<'p>(source: Source<'_>, path: &'p str) -> Option<&'p str> {
    let path = source.below_content(path)?;
    below(path, &source.own.collections_dir)
}

/// `jekyll 4.4 EntryFilter`: names that begin with `.`, `_`, `#` or `~`, or end in `~`, are ignored.
pub(super) fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~']) || name.ends_with('~')
}

/// The collection of a document, unless it is a post.
pub(super) fn collection_of<'s>(source: Source<'s>, path: &str) -> Option<&'s Collection> {
    source.own.find_collection(below_collections(source, path)?.split('/').next()?)
}

/// `jekyll 4.4 Document::DATELESS_FILENAME_MATCHER`: a name with an extension, in the folder of drafts.
fn is_dateless(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file != "_drafts" && file.rsplit_once('.').is_some_and(|(_, extension)| !extension.is_empty())
}

pub(super) fn is_post(source: Source<'_>, path: &str) -> bool {
    if collection_of(source, path).is_some() {
        let mut below = below_collections(source, path).unwrap_or_default().split('/').skip(1);
        return !below.any(is_special) && (has_extension(path, MARKDOWN) || is_html(path));
    }
    let Some((above, draft)) = find_place(source, path) else { return false };
    let own = usize::from(!source.site.is_content_bare);
    let below = below_collections(source, path).unwrap_or_default().split('/').skip(above.len() + own);
    if above.iter().copied().chain(below).any(is_special) {
        return false;
    }
    if draft { source.drafts && is_dateless(path) } else { split_name(path).is_some() }
}

/// Returns true if a file in a folder of posts has a name without a date.
pub(super) fn is_misnamed(source: Source<'_>, path: &str) -> bool {
    let is_among_posts = matches!(find_place(source, path), Some((_, false)));
    is_among_posts && has_extension(path, MARKDOWN) && split_name(path).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_split_into_date_slug_and_extension() {
        let split = |path| split_name(path).map(|n| (n.date.to_string(), n.slug, n.extension));
        assert_eq!(split("_posts/2024-01-02-x.y.md"), Some(("2024-01-02".to_owned(), "x.y", "md")));
        assert_eq!(split("24-1-5-x...md"), Some(("2024-01-05".to_owned(), "x", "md")));
        assert_eq!(split("2024-01-29-.md").map(|n| n.1), Some(""));
        for path in ["2024-01-29.md", "no-date.md", "2024-13-01-x.md", "1-01-01-x.md", "2024-01-01-x"] {
            assert!(split(path).is_none(), "{path}");
        }
    }
}
