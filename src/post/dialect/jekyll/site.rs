//! `_config.yml`: what Jekyll and jekyll-feed say of a site.

use crate::config::{Format, Future, Problem};
use crate::post::details::read_author;
use crate::post::site::{ConfigFile, Defaults, FeedNames, Kind, SettingsReader, SiteSettings, tidy};
use crate::post::value::{Fields, Value};

/// What keys should be.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("url", Kind::Text),
    ("baseurl", Kind::Text),
    ("permalink", Kind::Text),
    ("defaults", Kind::Tables),
    ("feed", Kind::Table),
    ("collections", Kind::Tables),
    ("future", Kind::Flag),
    ("show_drafts", Kind::Flag),
    ("unpublished", Kind::Flag),
    ("exclude", Kind::List),
    ("source", Kind::Text),
    ("collections_dir", Kind::Text),
];

/// `_config.yml`, as far as posts and feeds depend on it.
pub(super) fn read(files: &[ConfigFile]) -> (SiteSettings, Vec<Problem>) {
    let fields = match files.first().map(ConfigFile::read).transpose() {
        Ok(fields) => fields.unwrap_or_default(),
        Err(problem) => return (SiteSettings::unreadable(), vec![problem]),
    };
    let mut reader = SettingsReader::new(files, &fields);
    reader.check_kinds(KINDS);
    let posts = fields.get("collections").and_then(|c| c.as_map()?.get("posts")?.as_map());
    let feed = fields.get("feed").and_then(Value::as_map);
    let base = reader.text("baseurl").map(|base| base.trim_end_matches('/').to_owned()).unwrap_or_default();
    let slash = if base.is_empty() || base.starts_with('/') { "" } else { "/" };
    // `jekyll 4.4 Filters::URLFilters#absolute_url` joins as written: a `/` at the end of `url` stays.
    let url = reader.text("url").map(|url| format!("{url}{slash}{base}/"));
    let flag =
        |fields: Option<&Fields>, key: &str| fields.and_then(|f| f.get(key)) == Some(&Value::Bool(true));
    let permalink =
        posts.and_then(|posts| posts.get("permalink")?.to_text()).or_else(|| reader.text("permalink"));
    if let Some(pattern) = &permalink {
        reader.check_permalink(&super::RULES, "permalink", pattern);
    }
    let content = tidy(&reader.text("source").unwrap_or_default());
    let mut exclude = reader.list("exclude");
    exclude.extend(ALWAYS_EXCLUDED.iter().map(|path| (*path).to_owned()));
    let settings = SiteSettings {
        title: reader.text("title").or_else(|| reader.text("name")),
        description: reader.text("description"),
        url: url.and_then(|url| reader.base_url("url", &url)),
        language: reader.language("lang"),
        time_zone: reader.time_zone("timezone"),
        author: fields.get("author").and_then(read_author),
        permalink,
        drafts: flag(Some(&fields), "show_drafts").then_some(true),
        future: flag(Some(&fields), "future").then_some(Future::Show),
        unpublished: flag(Some(&fields), "unpublished"),
        defaults: read_defaults(&fields, &content),
        limit: feed.and_then(|feed| feed.get("posts_limit")?.to_text()?.parse().ok()),
        exclude: exclude.iter().map(|path| below(&content, path)).collect(),
        collections_dir: tidy(&reader.text("collections_dir").unwrap_or_default()),
        // Paragraphs are told apart without it.
        excerpt_separator: reader.text("excerpt_separator").filter(|mark| !mark.trim().is_empty()),
        feed_names: feed.map(read_feed_names).unwrap_or_default(),
        content: Some(content),
        ..SiteSettings::default()
    };
    (settings, reader.into_problems())
}

/// `jekyll 4.4 Configuration: DEFAULT_EXCLUDES`
const ALWAYS_EXCLUDED: [&str; 6] =
    [".sass-cache", ".jekyll-cache", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby"];

/// A path below the folder of all posts.
fn below(content: &str, path: &str) -> String {
    if content.is_empty() { path.to_owned() } else { format!("{content}/{path}") }
}

/// `jekyll-feed 0.17`: `feed.path` and `feed.tags.path`.
fn read_feed_names(feed: &Fields) -> FeedNames {
    let path = |value: Option<&Value>| Some(value?.to_text()?.trim_start_matches('/').to_owned());
    let main = path(feed.get("path")).map(|path| (path, Format::Atom));
    let tags = path(feed.get("tags").and_then(|tags| tags.as_map()?.get("path")));
    FeedNames { main: main.into_iter().collect(), tags, base: None }
}

/// `jekyll 4.4 FrontmatterDefaults`: of defaults for one key the longer path wins, then that with a
/// type, then the later.
fn read_defaults(fields: &Fields, content: &str) -> Vec<Defaults> {
    let written = fields.get("defaults").map(Value::items).unwrap_or_default();
    let mut found: Vec<(usize, bool, Defaults)> = Vec::new();
    for entry in written.iter().filter_map(Value::as_map) {
        let scope = entry.get("scope").and_then(Value::as_map);
        let field = |key: &str| scope.and_then(|scope| scope.get(key)?.to_text()).unwrap_or_default();
        let kind = field("type");
        if !matches!(kind.as_str(), "" | "posts" | "drafts") {
            continue;
        }
        // A pattern is not followed.
        if field("path").contains('*') {
            continue;
        }
        let path = below(content, field("path").trim_start_matches('/'));
        let values = entry.get("values").and_then(Value::as_map).cloned().unwrap_or_default();
        found.push((path.len(), !kind.is_empty(), Defaults { path, values, beats: false, is_prefix: true }));
    }
    found.sort_by_key(|(length, typed, _)| (*length, *typed));
    found.into_iter().map(|(_, _, defaults)| defaults).collect()
}
