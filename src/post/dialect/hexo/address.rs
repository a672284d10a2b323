//! URL paths as Hexo makes them.

use sha1_smol::Sha1;

use super::slug::{LetterCase, slugise};
use super::{PERMALINKS, Reading, below_posts, print};
use crate::post::address::{normalise, squeeze};
use crate::post::dialect::pattern::{ExpansionTooLong, fill_pattern, find_placeholders, is_any_word};
use crate::post::value::Value;

/// The slug of a post, from its file name.
pub(super) fn slug(reading: &Reading<'_>) -> String {
    let below = below_posts(reading.source.site, reading.path).map_or(reading.path, |(below, _)| below);
    reading.source.own.read_name(below).slug
}

/// `hexo 8.1 filter post_permalink`: the post's `permalink` as written, else the expanded pattern of the site.
pub(super) fn of(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let settings = reading.source.own;
    let own = reading.front.get("permalink").filter(|value| value.is_truthy());
    let path = match own.and_then(Value::to_text) {
        Some(own) => own,
        None => {
            let slug = slug(reading);
            let fill = |name: &str| Some(placeholder(reading, &slug, name));
            fill_pattern(reading.source.permalink, is_any_word, fill)?
        }
    };
    // `hexo-util 3 fullUrlFor`: runs of slashes become one.
    let mut path = squeeze(&format!("/{path}"));
    // `hexo-util 3 prettyUrls`
    if !settings.trailing_index && path.ends_with("index.html") {
        path.truncate(path.len() - "index.html".len());
    }
    if !settings.trailing_html
        && !path.ends_with("index.html")
        && let Some(stem) = path.strip_suffix(".html")
    {
        path.truncate(stem.len());
    }
    Ok(normalise(&path))
}

/// Reports a placeholder in the site's pattern that neither Hexo nor the post defines.
pub(super) fn validate(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    let pattern = reading.source.permalink;
    if reading.front.get("permalink").is_some_and(Value::is_truthy) {
        return None;
    }
    let defaults = &reading.source.own.permalink_defaults;
    let is_known = |word: &&str| {
        let bare = word.trim_end_matches('_');
        PERMALINKS.placeholders.contains(&bare)
            || reading.front.get(bare).is_some()
            || words(reading).iter().any(|(name, _)| name == bare)
            || defaults.iter().any(|(name, _)| name == bare)
    };
    let unknown = find_placeholders(pattern, is_any_word).find(|word| !is_known(word))?;
    let list: Vec<String> = PERMALINKS.placeholders.iter().map(|word| format!(":{word}")).collect();
    let message = format!(
        "the permalink {pattern:?} has an unknown placeholder `:{unknown}`. Known in hexo: {}, and the keys of the \
         post. Add `{unknown}` to its front matter.",
        list.join(", ")
    );
    Some(("permalink", message))
}

/// The value of a placeholder; an undefined one prints as `undefined`, as in JavaScript.
fn placeholder(reading: &Reading<'_>, slug: &str, name: &str) -> String {
    let date = reading.date.with_timezone(&reading.source.machine_zone);
    let settings = reading.source.own;
    let front = |key: &str| reading.front.get(key).map(|value| print(reading.front, value));
    let own = |key: &str| {
        let default = settings.permalink_defaults.iter().find(|(known, _)| known == key);
        let named = words(reading).into_iter().find(|(name, _)| name == key).map(|(_, value)| value);
        named
            .or_else(|| front(key))
            .or_else(|| default.map(|(_, value)| value.clone()))
            .unwrap_or_else(|| "undefined".to_owned())
    };
    match name {
        "title" => slug.to_owned(),
        "name" => slug.rsplit('/').next().unwrap_or(slug).to_owned(),
        "post_title" => slugise(&front("title").unwrap_or_default(), LetterCase::Lower),
        "year" => date.format("%Y").to_string(),
        "month" => date.format("%m").to_string(),
        "day" => date.format("%d").to_string(),
        "hour" => date.format("%H").to_string(),
        "minute" => date.format("%M").to_string(),
        "second" => date.format("%S").to_string(),
        "i_month" => date.format("%-m").to_string(),
        "i_day" => date.format("%-d").to_string(),
        "timestamp" => date.timestamp().to_string(),
        "hash" => {
            let named = format!("{slug}{}", date.timestamp());
            Sha1::from(named).digest().to_string()[..12].to_owned()
        }
        "category" => category(reading),
        name => own(name),
    }
}

/// `categories`, else the `category` in the file name or the front matter.
pub(super) fn find_categories(reading: &Reading<'_>) -> Vec<Value> {
    let named =
        words(reading).into_iter().find(|(name, _)| name == "category").map(|(_, value)| Value::Text(value));
    let own = |key: &str| reading.front.get(key).filter(|value| value.is_truthy()).cloned();
    let value = own("categories").or(named).or_else(|| own("category"));
    value.map(|value| value.items().to_vec()).unwrap_or_default()
}

/// The values in the file name other than title and date, by placeholder.
fn words(reading: &Reading<'_>) -> Vec<(String, String)> {
    let below = below_posts(reading.source.site, reading.path).map_or(reading.path, |(below, _)| below);
    reading.source.own.read_name(below).words
}

/// The path of the last category.
fn category(reading: &Reading<'_>) -> String {
    let settings = reading.source.own;
    let items = find_categories(reading);
    // A list without nested lists is one path.
    let nested = items.iter().any(|item| matches!(item, Value::List(_)));
    let path = if nested { items.last().map(Value::items).unwrap_or_default() } else { &items };
    let names = path.iter().filter(|item| item.is_truthy()).map(|item| print(reading.front, item));
    let slugs: Vec<String> = names.map(|name| settings.slug_of(&name, &settings.category_map)).collect();
    if slugs.is_empty() { settings.default_category.clone() } else { slugs.join("/") }
}
