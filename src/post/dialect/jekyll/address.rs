//! URL paths and ids as Jekyll makes them.

use chrono::Datelike;
use percent_encoding::utf8_percent_encode;

use super::Reading;
use super::files::{MARKDOWN, collection_of, split_name};
use super::metadata::{categories, slug};
use super::normal::normalise;
use super::slug::{Mode, slugify};
use crate::post::address::{QUERY, squeeze};
use crate::post::dialect::pattern::{ExpansionTooLong, fill_pattern, is_lower_word};
use crate::post::dialect::{Id, IdParts};
use crate::post::file_path::{drop_repeated, has_extension};
use crate::post::value::Value;

/// `jekyll 4.4 Configuration#style_to_permalink`.
pub(super) fn expand(style: &str) -> &str {
    match style {
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "simple" | "none" => "/:categories/:title:output_ext",
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        pattern => pattern,
    }
}

fn output_extension(path: &str) -> String {
    let extension = split_name(path).map_or("", |name| name.extension);
    if has_extension(path, MARKDOWN) || extension.is_empty() {
        ".html".to_owned()
    } else {
        format!(".{extension}")
    }
}

/// `jekyll 4.4 Document#url`: the post's `permalink`, else the site's, expanded and cleaned.
pub(super) fn of(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    Ok(normalise(&print(reading)?))
}

/// The URL path as templates print it: the literal characters of the pattern are not encoded.
fn print(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let own = reading.front.get("permalink").filter(|v| **v != Value::Null).and_then(Value::to_text);
    let collection = collection_of(reading.source, reading.path);
    let usual = collection.map_or(reading.source.permalink, |c| expand(&c.permalink));
    let pattern = own.as_deref().unwrap_or(usual);
    let fill = |name: &str| placeholder(reading, name).map(|value| escape(&value));
    Ok(sanitise(&fill_pattern(pattern, is_lower_word, fill)?))
}

/// `jekyll 4.4 URL.escape_path`: encodes a path with a query, including `#`.
fn escape(value: &str) -> String {
    utf8_percent_encode(value, QUERY).collect()
}

/// `jekyll 4.4 Drops::UrlDrop`.
fn placeholder(reading: &Reading<'_>, name: &str) -> Option<String> {
    let format = |pattern: &str| reading.date.format(pattern).to_string();
    Some(match name {
        "year" => format!("{:04}", reading.date.year()),
        "month" => format!("{:02}", reading.date.month()),
        "day" => format!("{:02}", reading.date.day()),
        "short_year" => format("%y"),
        "i_month" => format("%-m"),
        "short_month" => format("%b"),
        "long_month" => format("%B"),
        "i_day" => format("%-d"),
        "y_day" => format("%j"),
        "w_year" => format("%G"),
        "week" => format("%V"),
        "w_day" => format("%u"),
        "short_day" => format("%a"),
        "long_day" => format("%A"),
        "hour" => format("%H"),
        "minute" => format("%M"),
        "second" => format("%S"),
        "title" => slugify(&slug(reading), Mode::Pretty, true),
        "slug" => slugify(&slug(reading), Mode::Default, false),
        "name" => {
            let file = reading.path.rsplit('/').next().unwrap_or(reading.path);
            slugify(file.rsplit_once('.').map_or(file, |(stem, _)| stem), Mode::Default, false)
        }
        "collection" => {
            collection_of(reading.source, reading.path).map_or("posts", |c| c.name.as_str()).to_owned()
        }
        "path" => {
            let folder = match collection_of(reading.source, reading.path) {
                Some(collection) => format!("_{}/", collection.name),
                None => "_posts/".to_owned(),
            };
            let below = reading.path.split_once(&folder).map_or(reading.path, |(_, below)| below);
            below.rsplit_once('.').map_or(below, |(stem, _)| stem).to_owned()
        }
        "output_ext" => output_extension(reading.path),
        "categories" => join_once(categories(reading).iter().map(|c| c.to_lowercase())),
        "slugified_categories" => {
            join_once(categories(reading).iter().map(|c| slugify(c, Mode::Default, false)))
        }
        _ => return None,
    })
}

fn join_once(names: impl Iterator<Item = String>) -> String {
    drop_repeated(names).join("/")
}

/// `jekyll 4.4 URL#sanitize_url`.
fn sanitise(path: &str) -> String {
    let path = format!("/{path}");
    if path.as_bytes().windows(2).any(|pair| matches!(pair, b".." | b"./")) {
        return squeeze(&path.replace("..", "/").replace("./", ""));
    }
    squeeze(&path)
}

/// `jekyll 4.4 Document#id`, encoded as by `absolute_url`: the folder of the URL and the slug.
pub(super) fn id(reading: &Reading<'_>, path: &str) -> Id {
    Id::Path(normalise(&join_id(path, &slug(reading))))
}

/// `post.url`, `post.id` and `post.slug`, as templates print them.
pub(super) fn id_parts(reading: &Reading<'_>, path: &str) -> IdParts {
    let path = print(reading).unwrap_or_else(|ExpansionTooLong| path.to_owned());
    let slug = slug(reading);
    IdParts { id: join_id(&path, &slug), path, slug }
}

/// `jekyll 4.4 Document#id`
fn join_id(path: &str, slug: &str) -> String {
    let folder = path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{slug}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_and_double_slashes_are_removed() {
        assert_eq!(sanitise("/a/../b/./c.d/"), "/a/b/c.d/");
        assert_eq!(sanitise("https://other.example/z/"), "/https:/other.example/z/");
    }
}
