//! Jekyll's `_config.yml`: the settings of Jekyll and jekyll-feed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use encoding_rs::Encoding;

use super::Jekyll;
use crate::config::{Author, BaseUrl, Content, Format, Future, Problem};
use crate::post::authors::{find_known, read_author};
use crate::post::config_file::ConfigFile;
use crate::post::date::ruby;
use crate::post::defaults::{Defaults, Scope};
use crate::post::dialect::{Configured, Permalink};
use crate::post::file_path::tidy;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{FeedNames, SiteSettings};
use crate::post::value::Value;

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

/// Reads the parts of `_config.yml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let own = files.iter().position(|file| file.path.starts_with("_config.")).map(|at| &files[at..=at]);
    let own = own.unwrap_or_default();
    let (fields, mut faults) = ConfigFile::read_first(own);
    let (authors, fault) = read_people(files);
    faults.extend(fault);
    let mut reader = SettingsReader::new(own, &fields, faults);
    let base = reader.text("baseurl").map(|base| base.trim_end_matches('/').to_owned()).unwrap_or_default();
    let slash = if base.is_empty() || base.starts_with('/') { "" } else { "/" };
    // `jekyll 4.4 Filters::URLFilters#absolute_url` joins as written: a `/` at the end of `url` is kept.
    let url = reader.text("url").or_else(|| read_domain(files)).map(|url| format!("{url}{slash}{base}/"));
    let printed = |key: &str| fields.get(key).and_then(Value::to_text).unwrap_or_default();
    let site_permalink = reader.pattern("permalink");
    let collections = read_collections(&mut reader, site_permalink.as_deref());
    let kramdown = super::kramdown::read(&mut reader);
    let jekyll = Jekyll {
        kramdown,
        collections_dir: tidy(&reader.text("collections_dir").unwrap_or_default()),
        unpublished: reader.is_on("unpublished"),
        emoji: ["plugins", "gems"].iter().any(|key| reader.texts(key).iter().any(|name| name == "jemoji")),
        collections,
    };
    let permalink = read_pattern(&mut reader, "collections", "posts.permalink").or(site_permalink);
    let collections = jekyll.collections.iter();
    for pattern in permalink.iter().chain(collections.clone().map(|collection| &collection.permalink)) {
        Permalink::check(&jekyll, &mut reader, "permalink", pattern);
    }
    let time_zone = reader.time_zone("timezone");
    let content = tidy(&reader.text("source").unwrap_or_default());
    let exclude = reader.texts("exclude").into_iter().chain(ALWAYS_EXCLUDED.map(str::to_owned));
    let settings = SiteSettings {
        encoding: read_encoding(&mut reader),
        title: reader.text("title").or_else(|| reader.text("name")),
        description: reader.text("description"),
        url: url.and_then(|url| reader.base_url("url", &url)),
        language: reader.language("lang"),
        time_zone,
        build_time: read_build_time(&mut reader, time_zone.unwrap_or(Tz::UTC)),
        author: reader.author("author").map(|author| find_known(&authors, author)),
        permalink,
        drafts: reader.is_on("show_drafts").then_some(true),
        future: reader.is_on("future").then_some(Future::Show),
        defaults: read_defaults(&mut reader, &content, &jekyll.collections_dir),
        limit: reader.number("feed.posts_limit"),
        entry_content: reader.is_on("feed.excerpt_only").then_some(Content::Summary),
        exclude: exclude.map(|path| below(&content, &path)).collect(),
        authors,
        // A blank separator is the default: the first paragraph is the excerpt.
        excerpt_separator: reader.text("excerpt_separator").filter(|mark| !mark.trim().is_empty()),
        feed_names: FeedNames {
            collections: collections.map(|own| (own.feed.clone(), own.name.clone())).collect(),
            ..read_feed_names(&mut reader)
        },
        content: Some(content),
        printed_url: Some((printed("url"), printed("baseurl"))),
        data: super::data::read(files),
        values: fields.clone(),
        ..SiteSettings::default()
    };
    Configured::new(settings, jekyll, reader)
}

/// A pattern in a table of collections. There is none if the collections are a list of names.
fn read_pattern(reader: &mut SettingsReader<'_>, table: &str, key: &str) -> Option<String> {
    reader.value(table)?.as_map()?;
    reader.pattern(&format!("{table}.{key}"))
}

/// The names of collections: of a list, or the keys of a table.
fn read_names(reader: &mut SettingsReader<'_>, path: &str) -> Vec<String> {
    let names = reader.read(path, "a table, or a list of names", |value| match value {
        Value::Map(table) => Some(table.iter().map(|(name, _)| name.to_owned()).collect()),
        Value::List(names) => Some(names.iter().filter_map(Value::to_text).collect()),
        _ => None,
    });
    names.unwrap_or_default()
}

/// `encoding`: of posts, which may also be in UTF-8 one by one.
fn read_encoding(reader: &mut SettingsReader<'_>) -> Option<&'static Encoding> {
    let expected = "the name of an encoding, like `utf-8`";
    reader.read("encoding", expected, |value| Encoding::for_label(value.as_str()?.as_bytes()))
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
        reader.report("time", format!("the site's `time` is not a date: {written:?}. {advice}"));
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
fn read_feed_names(reader: &mut SettingsReader<'_>) -> FeedNames {
    let relative = |path: String| path.trim_start_matches('/').to_owned();
    let main = read_pattern(reader, "feed.collections", "posts.path").or_else(|| reader.pattern("feed.path"));
    let tags = reader.read("feed.tags", "`true`, `false` or a table", |tags| match tags {
        Value::Map(_) => Some(true),
        Value::Bool(_) => Some(false),
        _ => None,
    });
    let tags = tags.filter(|is_table| *is_table).and_then(|_| reader.pattern("feed.tags.path"));
    let main = main.map(|path| (relative(path), Format::Atom));
    FeedNames { main: main.into_iter().collect(), tags: tags.map(relative), ..FeedNames::default() }
}

/// `jekyll-feed 0.17 Generator#collections`: the collections in `feed.collections`, other than the posts.
fn read_collections(reader: &mut SettingsReader<'_>, permalink: Option<&str>) -> Vec<Collection> {
    let declared = read_names(reader, "collections");
    // `jekyll 4.4 Collection#url_template`
    let end = match permalink {
        Some("pretty") => "/",
        Some(pattern) if pattern.ends_with('/') => "/",
        None | Some("date" | "ordinal" | "none") => ":output_ext",
        Some(pattern) if pattern.ends_with(":output_ext") => ":output_ext",
        Some(_) => "",
    };
    let named = read_names(reader, "feed.collections");
    let others = named.into_iter().filter(|name| name != "posts" && declared.contains(name));
    let read = others.map(|name| {
        let own = read_pattern(reader, "collections", &format!("{name}.permalink"));
        let path = read_pattern(reader, "feed.collections", &format!("{name}.path"));
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
fn read_defaults(reader: &mut SettingsReader<'_>, content: &str, collections_dir: &str) -> Vec<Defaults> {
    let folder = below(content, collections_dir);
    let folder = if collections_dir.is_empty() { content } else { &folder };
    let mut found: Vec<(usize, bool, Defaults)> = Vec::new();
    for entry in reader.tables("defaults") {
        let Some(values) = entry.get("values").and_then(Value::as_map) else {
            let message = "an item of the site's `defaults` has no table `values` and is ignored. Add one.";
            reader.report("defaults", message.to_owned());
            continue;
        };
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
                    reader.report(
                        "defaults.scope.path",
                        format!("the site's `path` {path:?} is not a pattern: {why}."),
                    );
                    continue;
                }
            }
        } else {
            Scope::Beginning(below(folder, within))
        };
        let typed = !kind.is_empty();
        let kind = Some(kind).filter(|_| typed);
        found.push((path.len(), typed, Defaults { kind, ..Defaults::new(reach, values.clone()) }));
    }
    found.sort_by_key(|(length, typed, _)| (*length, *typed));
    found.into_iter().map(|(_, _, defaults)| defaults).collect()
}
