//! Hexo 8.1 and hexo-generator-feed 3: posts in `source/_posts`, with URL paths from dates and file paths.

mod address;
mod site;
mod slug;

use chrono::{DateTime, Utc};

pub use self::site::{FileName, HexoSettings, LetterCase};
use super::{
    FILE_NAME, Reading, Rules, TaxonomyKey, Undated, id_parts, is_any_word, merge_whole, read_text, term_root,
};
use crate::body::{Pass, Syntax, Templates};
use crate::config::{Dialect, Future};
use crate::post::Listed;
use crate::post::date::{Moment, javascript};
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::source::{CATEGORIES, Source, TAGS, is_html};
use crate::post::value::Value;

/// Markdown of `marked` with tag plugins.
const SYNTAX: Syntax = Syntax {
    templates: Templates::TagPlugins,
    passes: &[Pass::Containers, Pass::Captions],
    ..Syntax::GITHUB
};

/// The rules of Hexo.
pub static RULES: Rules = Rules {
    dialect: Dialect::Hexo,
    syntax: |_| SYNTAX,
    what: "a file in `source/_posts`",
    fences: Fences::Hexo,
    date_keys: &["date", FILE_NAME],
    updated_keys: &["updated"],
    author_keys: &["author", "authors"],
    expiry_keys: &[],
    in_machine_zone: true,
    id_keys: &["guid"],
    undated: Undated::FirstSeen,
    future: Future::Show,
    permalink: ":year/:month/:day/:title/",
    placeholders: &[
        "category",
        "day",
        "hash",
        "hour",
        "i_day",
        "i_month",
        "id",
        "lang",
        "minute",
        "month",
        "name",
        "post_title",
        "second",
        "timestamp",
        "title",
        "year",
    ],
    is_placeholder: |_| false,
    is_word: is_any_word,
    expand_permalink: |pattern| pattern,
    extensions: EXTENSIONS,
    is_post,
    enters: |_, name| matches!(name, "_posts" | "_drafts") || !name.starts_with('_'),
    is_hidden,
    is_leaf: |_, _| false,
    leaf_names: |_| Vec::new(),
    complete: |_, _| (),
    assets: asset_folder,
    file_date: |source, path| source.site.hexo.read_name(below_posts(source, path)?.0).date,
    read_date,
    title,
    terms,
    address: address::of,
    id: |_, path| super::Id::Path(path.to_owned()),
    id_parts,
    templates: None,
    term_root,
    term_slug: |source, taxonomy, _, term| {
        let settings = &source.site.hexo;
        match taxonomy {
            TAGS => settings.slug_of(term, &settings.tag_map),
            CATEGORIES => settings.slug_of(term, &settings.category_map),
            _ => settings.slug_of(term, &[]),
        }
    },
    validate: address::validate,
    is_markdown: |path| !is_html(path),
    language: |_, _| None,
    section: |_, _, _| None,
    listed: |_, _, _| Listed::Everywhere,
    config_files: &["_config.yml", "_config.yaml", "_config.json"],
    config_extras: &[],
    config_folders: &[],
    content: "source",
    post_folders: |_| vec!["_posts".to_owned(), "_drafts".to_owned()],
    data: None,
    merge: merge_whole,
    read_site: site::read,
};

/// Extensions of formats that `hexo-renderer-marked` and Hexo itself render.
const EXTENSIONS: &[&str] = &["md", "markdown", "mkd", "mkdn", "mdwn", "mdtxt", "mdtext", "html", "htm"];

/// The path relative to `_posts` or `_drafts`, and true if it is a draft.
fn below_posts<'p>(source: &Source, path: &'p str) -> Option<(&'p str, bool)> {
    let own = source.below_content(path)?;
    if source.site.is_content_bare {
        return Some((own, false));
    }
    let posts = own.strip_prefix("_posts/").map(|below| (below, false));
    posts.or_else(|| Some((own.strip_prefix("_drafts/")?, true)))
}

/// `hexo 8.1 plugins/processor/post`: files that are rendered, not hidden and not an editor's temporary files.
fn is_post(source: &Source, path: &str) -> bool {
    let Some((below, draft)) = below_posts(source, path) else { return false };
    let is_hidden = below.split('/').any(|name| name.starts_with(['_', '.']));
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let shows = !draft || source.drafts || source.site.hexo.render_drafts;
    // `X.MD` is not a post in Hexo.
    let only = source.site.hexo.only_extension.as_deref();
    if only.is_some_and(|only| only != extension) {
        return false;
    }
    shows && !is_hidden && !below.ends_with(['%', '~']) && EXTENSIONS.contains(&extension)
}

/// `hexo 8.1 PostAsset`: with `post_asset_folder`, the folder with the name of the post.
fn asset_folder<'p>(source: &Source, path: &'p str) -> Option<&'p str> {
    source.site.hexo.only_extension.as_ref()?;
    path.rsplit_once('.').map(|(stem, _)| stem)
}

/// `published: false` excludes a post from the site, `draft: true` from feeds.
fn is_hidden(source: &Source, path: &str, front: &FrontMatter<'_>) -> bool {
    let is_off = match front.get("published") {
        Some(Value::Bool(value)) => !value,
        // `warehouse 6 SchemaTypeBoolean`
        Some(Value::Text(word)) => word.is_empty() || word == "false" || word == "0",
        Some(Value::Int(number)) => *number == 0,
        _ => false,
    };
    let unpublished = is_off || below_posts(source, path).is_some_and(|(_, draft)| draft);
    let drafted = front.get("draft") == Some(&Value::Bool(true));
    (unpublished && !(source.site.hexo.render_drafts || source.drafts)) || (drafted && !source.drafts)
}

/// `hexo 8.1 timezone`: the wall-clock time of an instant is reinterpreted in the site's time zone. The
/// wall-clock time is in UTC for a date that YAML parses as one, else in the machine's time zone.
fn read_date(
    source: &Source,
    front: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    let on_machine = |instant: DateTime<Utc>| instant.with_timezone(&source.machine_zone).naive_local();
    // A number is milliseconds since 1970, as in JavaScript, however old the date is.
    let milliseconds = match value {
        Value::Int(number) => Some(*number),
        Value::Float(number) => Some(*number as i64),
        _ => None,
    };
    if let Some(instant) = milliseconds.and_then(DateTime::from_timestamp_millis) {
        return Ok(Some(Moment::Local(on_machine(instant)).in_zone(source.time_zone)));
    }
    let in_yaml = |text: &str| {
        Some(text).filter(|_| front.is_plain(key)).and_then(javascript::read_yaml_stamp).map(Moment::Local)
    };
    let moment = read_text(key, value, |text| in_yaml(text).or_else(|| javascript::read(text)))?;
    let face = match moment {
        Moment::Fixed(instant) => on_machine(instant.to_utc()),
        other => other.face(),
    };
    Ok(Some(Moment::Local(face).in_zone(source.time_zone)))
}

/// Converts a value to text as JavaScript does.
fn print(front: &FrontMatter<'_>, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::List(items) => items.iter().map(|item| print(front, item)).collect::<Vec<_>>().join(","),
        Value::Map(_) => "[object Object]".to_owned(),
        Value::Text(text) if javascript::is_yaml_stamp(text) && !front.quotes(text) => {
            let form = "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)";
            javascript::read_yaml_stamp(text)
                .map_or_else(|| text.clone(), |instant| instant.format(form).to_string())
        }
        other => other.to_text().unwrap_or_default(),
    }
}

fn title(reading: &Reading<'_>) -> String {
    let title = reading.front.get("title").map(|value| print(reading.front, value)).unwrap_or_default();
    if title.is_empty() && reading.source.site.hexo.slug_as_title {
        return address::slug(reading);
    }
    title
}

/// `hexo 8.1 Post#setTags, #setCategories`.
fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let read = |keys: [&str; 2]| {
        let value = keys.iter().find_map(|key| reading.front.get(key).filter(|value| is_truthy(value)));
        value.map(|value| value.items().to_vec()).unwrap_or_default()
    };
    let print_all = |items: &[Value]| -> Vec<String> {
        items.iter().filter(|item| **item != Value::Null).map(|item| print(reading.front, item)).collect()
    };
    match taxon {
        TaxonomyKey::Tags => print_all(&read(["tags", "tag"])),
        TaxonomyKey::Categories => {
            let paths = address::find_categories(reading);
            paths.iter().flat_map(|path| print_all(path.items())).collect()
        }
        TaxonomyKey::Authors => Vec::new(),
        TaxonomyKey::Keys(keys) => {
            let values = keys.iter().filter_map(|key| reading.front.get(key));
            values.flat_map(|value| print_all(value.items())).collect()
        }
    }
}

/// Returns true if JavaScript treats a value as true.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => false,
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}
