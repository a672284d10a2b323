//! Jekyll's `_config.yml`: the settings of Jekyll and jekyll-feed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Jekyll;
use crate::config::{Author, BaseUrl, Content, Format, Future, Problem};
use crate::post::authors::{find_known, read_author};
use crate::post::config_file::ConfigFile;
use crate::post::date::ruby;
use crate::post::defaults::{Defaults, Scope};
use crate::post::dialect::{Configured, Permalink};
use crate::post::file_path::tidy;
use crate::post::site::{FeedNames, Kind, SettingsReader, SiteSettings, read_first};
use crate::post::value::{Fields, Value};

/// A collection of documents with a feed of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Collection {
    /// The name; the documents are in the folder `_name`.
    pub(super) name: String,
    /// The permalink pattern.
    pub(super) permalink: String,
    /// The path of the feed, relative to the site's URL.
    pub(super) feed: String,
}

/// Files of authors, to which posts refer by key.
const PEOPLE: &[&str] = &["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"];

/// Returns true if a file contains data for templates.
pub(super) fn is_data_file(file: &ConfigFile) -> bool {
    file.path.strip_prefix(super::data::FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// The file from which GitHub Pages reads the domain of a site.
const CNAME: &str = "CNAME";

/// Files that posts and feeds depend on in addition to the configuration and data files.
pub(super) const EXTRAS: &[&str] = &[CNAME];

/// The expected type of each key.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("url", Kind::Text),
    ("baseurl", Kind::Text),
    ("permalink", Kind::Pattern),
    ("collections.posts.permalink", Kind::Pattern),
    ("feed.posts_limit", Kind::Number),
    ("feed.excerpt_only", Kind::Flag),
    ("feed.path", Kind::Pattern),
    ("feed.tags", Kind::FlagOrTable),
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

/// Reads the parts of `_config.yml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let own = files.iter().position(|file| file.path.starts_with("_config.")).unwrap_or(files.len());
    let (fields, mut problems) = read_first(&files[own..]);
    let mut reader = SettingsReader::new(files, &fields);
    reader.check_kinds(KINDS);
    let posts = fields.get("collections").and_then(|c| c.as_map()?.get("posts")?.as_map());
    let feed = fields.get("feed").and_then(Value::as_map);
    let base = reader.text("baseurl").map(|base| base.trim_end_matches('/').to_owned()).unwrap_or_default();
    let slash = if base.is_empty() || base.starts_with('/') { "" } else { "/" };
    // `jekyll 4.4 Filters::URLFilters#absolute_url` joins as written: a `/` at the end of `url` is kept.
    let url = reader.text("url").or_else(|| read_domain(files)).map(|url| format!("{url}{slash}{base}/"));
    let flag =
        |fields: Option<&Fields>, key: &str| fields.and_then(|f| f.get(key)) == Some(&Value::Bool(true));
    let printed = |key: &str| fields.get(key).and_then(Value::to_text).unwrap_or_default();
    let printed_url = (printed("url"), printed("baseurl"));
    let permalink = posts.and_then(|posts| posts.get("permalink")?.as_str()).map(str::to_owned);
    let permalink = permalink.or_else(|| fields.get("permalink")?.as_str().map(str::to_owned));
    let jekyll = Jekyll {
        collections_dir: tidy(&reader.text("collections_dir").unwrap_or_default()),
        unpublished: flag(Some(&fields), "unpublished"),
        collections: read_collections(&fields),
        emoji: ["plugins", "gems"].iter().any(|key| reader.list(key).iter().any(|name| name == "jemoji")),
    };
    let collections = jekyll.collections.iter();
    for pattern in permalink.iter().chain(collections.map(|collection| &collection.permalink)) {
        Permalink::check(&jekyll, &mut reader, "permalink", pattern);
    }
    let time_zone = reader.time_zone("timezone");
    let build_time = read_build_time(&mut reader, time_zone.unwrap_or(Tz::UTC));
    let content = tidy(&reader.text("source").unwrap_or_default());
    let (authors, problem) = read_people(files);
    problems.extend(problem);
    let author = fields.get("author").and_then(read_author);
    let collections = jekyll.collections.iter().map(|own| (own.feed.clone(), own.name.clone())).collect();
    let mut exclude = reader.list("exclude");
    exclude.extend(ALWAYS_EXCLUDED.iter().map(|path| (*path).to_owned()));
    let settings = SiteSettings {
        title: reader.text("title").or_else(|| reader.text("name")),
        description: reader.text("description"),
        url: url.and_then(|url| reader.base_url("url", &url)),
        language: reader.language("lang"),
        time_zone,
        build_time,
        author: author.map(|author| find_known(&authors, author)),
        permalink,
        drafts: flag(Some(&fields), "show_drafts").then_some(true),
        future: flag(Some(&fields), "future").then_some(Future::Show),
        defaults: read_defaults(&mut reader, &fields, &content, &jekyll.collections_dir),
        limit: feed.and_then(|feed| feed.get("posts_limit")?.to_text()?.parse().ok()),
        entry_content: flag(feed, "excerpt_only").then_some(Content::Summary),
        exclude: exclude.iter().map(|path| below(&content, path)).collect(),
        authors,
        // A blank separator is the default: the first paragraph is the excerpt.
        excerpt_separator: reader.text("excerpt_separator").filter(|mark| !mark.trim().is_empty()),
        feed_names: FeedNames { collections, ..feed.map(read_feed_names).unwrap_or_default() },
        content: Some(content),
        is_unreadable: !problems.is_empty(),
        printed_url: Some(printed_url),
        data: super::data::read(files),
        values: fields.clone(),
        ..SiteSettings::default()
    };
    problems.extend(reader.into_problems());
    Configured { settings, dialect: Some(Arc::new(jekyll)), problems }
}

/// The URL of a site on GitHub Pages, from its `CNAME` file, which contains one domain.
fn read_domain(files: &[ConfigFile]) -> Option<String> {
    let domain = files.iter().find(|file| file.path == CNAME)?.text.trim();
    let is_domain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    (domain.contains('.') && domain.chars().all(is_domain)).then(|| format!("https://{domain}"))
}

/// `jekyll-github-metadata 2.16 Repository`: GitHub publishes a repository called `ada.github.io` at that host, below
/// the site's `baseurl`.
pub(super) fn guess_url(root: &str, settings: &SiteSettings) -> Option<BaseUrl> {
    let name = root.to_lowercase();
    let user = name.strip_suffix(".github.io")?;
    let is_user = !user.is_empty() && user.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let base = settings.printed_url.as_ref().map_or("", |(_, base)| base.trim_matches('/'));
    BaseUrl::parse(&format!("https://{name}/{base}")).ok().filter(|_| is_user)
}

/// `jekyll 4.4 Site#reset`: `time` sets the build time.
fn read_build_time(reader: &mut SettingsReader<'_>, zone: Tz) -> Option<DateTime<Utc>> {
    let written = reader.text("time")?;
    let time = ruby::read(&written, true, zone).map(|moment| moment.in_zone(zone));
    if time.is_none() {
        let advice = "Write it as YYYY-MM-DD HH:MM:SS +HH:MM.";
        reader.refuse("time", format!("the site's `time` is not a date: {written:?}. {advice}"));
    }
    time
}

/// `jekyll 4.4 Configuration: DEFAULT_EXCLUDES`
const ALWAYS_EXCLUDED: [&str; 6] =
    [".sass-cache", ".jekyll-cache", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby"];

/// Joins a path to the folder of all posts.
fn below(content: &str, path: &str) -> String {
    if content.is_empty() { path.to_owned() } else { format!("{content}/{path}") }
}

/// `jekyll-feed 0.17`: `feed.path` and `feed.tags.path`.
fn read_feed_names(feed: &Fields) -> FeedNames {
    let path = |value: Option<&Value>| Some(value?.to_text()?.trim_start_matches('/').to_owned());
    let posts = feed.get("collections").and_then(|all| all.as_map()?.get("posts")?.as_map());
    let main = path(posts.and_then(|posts| posts.get("path"))).or_else(|| path(feed.get("path")));
    let main = main.map(|path| (path, Format::Atom));
    let tags = path(feed.get("tags").and_then(|tags| tags.as_map()?.get("path")));
    FeedNames { main: main.into_iter().collect(), tags, ..FeedNames::default() }
}

/// `jekyll-feed 0.17 Generator#collections`: the collections in `feed.collections`, other than the posts.
fn read_collections(fields: &Fields) -> Vec<Collection> {
    let feed = fields.get("feed").and_then(|feed| feed.as_map()?.get("collections"));
    let named: Vec<(String, Option<&Fields>)> = match feed {
        Some(Value::Map(table)) => {
            table.iter().map(|(name, keys)| (name.to_owned(), keys.as_map())).collect()
        }
        Some(list) => list.items().iter().filter_map(|name| Some((name.to_text()?, None))).collect(),
        None => Vec::new(),
    };
    let declared = fields.get("collections");
    let settings = |name: &str| declared.and_then(|all| all.as_map()?.get(name)?.as_map());
    let exists = |name: &str| {
        let listed = declared.map(Value::items).unwrap_or_default();
        settings(name).is_some() || listed.iter().any(|item| item.as_str() == Some(name))
    };
    // `jekyll 4.4 Collection#url_template`
    let end = match fields.get("permalink").and_then(Value::as_str) {
        Some("pretty") => "/",
        Some(pattern) if pattern.ends_with('/') => "/",
        None | Some("date" | "ordinal" | "none") => ":output_ext",
        Some(pattern) if pattern.ends_with(":output_ext") => ":output_ext",
        Some(_) => "",
    };
    let others = named.into_iter().filter(|(name, _)| name != "posts" && exists(name));
    let read = others.map(|(name, keys)| {
        let own = settings(&name).and_then(|settings| settings.get("permalink")?.to_text());
        let path = keys.and_then(|keys| keys.get("path")?.to_text());
        Collection {
            permalink: own.unwrap_or_else(|| format!("/:collection/:path{end}")),
            feed: path
                .map_or_else(|| format!("feed/{name}.xml"), |path| path.trim_start_matches('/').to_owned()),
            name,
        }
    });
    read.collect()
}

/// `jekyll-feed 0.17`: the authors to which posts refer by key.
fn read_people(files: &[ConfigFile]) -> (Vec<(String, Author)>, Option<Problem>) {
    let file = files.iter().find(|file| PEOPLE.contains(&file.path.as_str()));
    let (fields, problem) = file.map(ConfigFile::read_partly).unwrap_or_default();
    let maps = fields.iter().filter(|(_, value)| value.as_map().is_some());
    (maps.filter_map(|(key, value)| Some((key.to_owned(), read_author(value)?))).collect(), problem)
}

/// `jekyll 4.4 FrontmatterDefaults`: for one key, defaults with a longer path take precedence, then those with a
/// type, then later ones. A path is a prefix of file paths, or a pattern.
fn read_defaults(
    reader: &mut SettingsReader<'_>,
    fields: &Fields,
    content: &str,
    collections_dir: &str,
) -> Vec<Defaults> {
    let written = fields.get("defaults").map(Value::items).unwrap_or_default();
    let folder = below(content, collections_dir);
    let folder = if collections_dir.is_empty() { content } else { &folder };
    let mut found: Vec<(usize, bool, Defaults)> = Vec::new();
    for entry in written.iter().filter_map(Value::as_map) {
        let scope = entry.get("scope").and_then(Value::as_map);
        let field = |key: &str| scope.and_then(|scope| scope.get(key)?.to_text()).unwrap_or_default();
        let (kind, path) = (field("type"), field("path"));
        // Jekyll's paths do not begin with a `/`: the entry has no effect.
        if path.starts_with('/') {
            continue;
        }
        // `jekyll 4.4 FrontmatterDefaults#update_deprecated_types`; there drafts are posts.
        let kind = if kind == "post" { "posts".to_owned() } else { kind };
        let within = path.strip_prefix(&format!("{collections_dir}/")).unwrap_or(&path);
        let reach = if path.contains('*') {
            let whole = below(folder, within.trim_end_matches('/'));
            match Scope::matching(&[format!("{whole}/**"), whole]) {
                Ok(reach) => reach,
                Err(why) => {
                    reader.refuse("path", format!("the site's `path` {path:?} is not a pattern: {why}."));
                    continue;
                }
            }
        } else {
            Scope::Beginning(below(folder, within))
        };
        let values = entry.get("values").and_then(Value::as_map).cloned().unwrap_or_default();
        let typed = !kind.is_empty();
        let kind = Some(kind).filter(|_| typed);
        found.push((path.len(), typed, Defaults { kind, ..Defaults::new(reach, values) }));
    }
    found.sort_by_key(|(length, typed, _)| (*length, *typed));
    found.into_iter().map(|(_, _, defaults)| defaults).collect()
}
