//! Configured folders → the site: feedmill.toml takes precedence over the sites' own settings.

use std::sync::Arc;

use chrono_tz::Tz;

use super::resolve::{Resolved, ResolvedSource, resolve, resolve_stored};
use super::site_files::SiteFiles;
use super::source::make_source;
use crate::body::sanitise;
use crate::catalog::{FeedSettings, NamedFeed, Pages, Site, Taxonomy};
use crate::config::{self, BaseUrl, Config, Embeds, FeedOptions, Format, Order, Problem, is_taxonomy_name};
use crate::post::Source;
use crate::post::site::SiteSettings;
use crate::post::source::TaxonomyKeys;
use crate::post::text::is_printable;

/// The site, resolved from the configuration and its folders.
#[derive(Debug)]
pub struct ResolvedSite {
    /// The site, with all settings resolved.
    pub site: Arc<Site>,
    /// Problems of the sites' own configurations.
    pub problems: Vec<Problem>,
    /// The sources, in the order of the configuration.
    pub(crate) resolved: Vec<Resolved>,
}

impl ResolvedSite {
    /// The sources, in the order of the configuration.
    pub fn sources(&self) -> Vec<&ResolvedSource> {
        self.resolved.iter().map(|resolved| &resolved.source).collect()
    }
}

/// Describes why a source may have no posts.
pub fn describe_empty(source: &Source) -> String {
    let (name, dialect, what) = (&source.name, source.dialect.name(), source.dialect.spec().post);
    let folder = source.folder.display();
    format!("source {name}: there is no post in {folder}. A post of {dialect} is {what}.")
}

/// Resolves every source's folder. Folders that do not exist count as empty.
///
/// # Errors
/// The problems of feedmill.toml that depend on the sites: unknown placeholders, equal names.
pub fn discover(config: &Config) -> Result<ResolvedSite, Vec<Problem>> {
    discover_stored(config, &[])
}

/// Resolves every source's folder, those that are missing or empty by the files that were stored of them.
///
/// # Errors
/// As [`discover`].
pub(crate) fn discover_stored(
    config: &Config,
    stored: &[Arc<SiteFiles>],
) -> Result<ResolvedSite, Vec<Problem>> {
    let resolve = |source| resolve_stored(config, source, stored).unwrap_or_else(|| resolve(config, source));
    combine(config, config.sources.iter().map(resolve).collect())
}

/// Combines the configuration with its resolved sources, in the same order.
pub(crate) fn combine(config: &Config, resolved: Vec<Resolved>) -> Result<ResolvedSite, Vec<Problem>> {
    let mut problems = Vec::new();
    let taxonomies = list_taxonomies(config, &resolved, &mut problems);
    let keys: Arc<[TaxonomyKeys]> = taxonomies.iter().map(|t| read_keys(config, &t.name)).collect();
    let mut faults = Vec::new();
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for (written, own) in config.sources.iter().zip(&resolved) {
        problems.extend_from_slice(&own.problems);
        let source = make_source((config, written), &own.source, &keys, &mut problems, &mut faults);
        if sources.iter().any(|earlier| earlier.name == source.name) {
            let message = format!("two sources are named {:?}. Write a `name` for one of them.", source.name);
            faults.push(place_in(config, Problem::error(config.name(), message), written.path_place));
        }
        sources.push(Arc::new(source));
    }
    // The name of a site is unknown while its folder does not exist.
    let is_shown = |source: &config::Source| source.name.is_some() || config.reach(source).exists();
    let named = config.named.iter().filter(|_| config.sources.iter().all(is_shown));
    for feed in named {
        let is_known = |name: &&String| sources.iter().any(|source| source.name == **name);
        faults.extend(feed.select.sources.iter().filter(|name| !is_known(name)).map(|name| {
            let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
            let message =
                format!("feed {:?} names no source: {name:?}. Known here: {}.", feed.name, names.join(", "));
            Problem::error(config.name(), message).at(feed.name_place)
        }));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let first = resolved.first().map(|first| &first.source);
    let own = first.map(|source| source.settings.clone()).unwrap_or_default();
    let folder = first.map_or("", |source| &source.name);
    let site = Arc::new(make_site(config, own, folder, taxonomies, sources));
    Ok(ResolvedSite { site, problems, resolved })
}

/// A problem at its place in the file, if there is a file.
pub(crate) fn place_in(config: &Config, problem: Problem, place: (u32, u32)) -> Problem {
    if config.file.is_some() { problem.at(place) } else { problem.without_place() }
}

/// `tags`, `categories` and `authors`, then those of the configuration, then the sites' own.
fn list_taxonomies(config: &Config, resolved: &[Resolved], problems: &mut Vec<Problem>) -> Vec<Taxonomy> {
    let mut names: Vec<&str> = ["tags", "categories", "authors"].to_vec();
    names.extend(config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()));
    for Resolved { source, .. } in resolved {
        for name in &source.settings.taxonomies {
            if is_taxonomy_name(name) {
                names.push(name);
            } else {
                let message =
                    format!("the taxonomy {name:?} is left out: URL paths and queries use that name.");
                problems.push(Problem::warning(&source.own_file, message));
            }
        }
    }
    let mut taxonomies: Vec<Taxonomy> = Vec::new();
    for name in names {
        if taxonomies.iter().any(|known| known.name == name) {
            continue;
        }
        let written = config.taxonomies.iter().find(|taxonomy| taxonomy.name == name);
        let (only, except) = written.map_or((&[][..], &[][..]), |t| (&t.only, &t.except));
        taxonomies.push(Taxonomy::new(name, written.and_then(|t| t.title.as_deref()), only, except));
    }
    taxonomies
}

fn read_keys(config: &Config, name: &str) -> TaxonomyKeys {
    let written = config.taxonomies.iter().find(|taxonomy| taxonomy.name == name);
    TaxonomyKeys { name: name.to_owned(), keys: written.and_then(|taxonomy| taxonomy.keys.clone()) }
}

fn make_site(
    config: &Config,
    own: SiteSettings,
    folder: &str,
    taxonomies: Vec<Taxonomy>,
    sources: Vec<Arc<Source>>,
) -> Site {
    let site = &config.site;
    let url = site.url.clone().or(own.url);
    let has_url = url.is_some();
    let url = url.unwrap_or_else(BaseUrl::localhost);
    let absolute = |path: &Option<String>| {
        let base = url::Url::parse(&format!("{url}/")).ok()?;
        // Relative to the site: `/favicon.png` lies below its base path.
        base.join(path.as_deref()?.trim_start_matches('/')).ok().map(String::from)
    };
    // A title of only blanks and control characters counts as missing.
    let is_shown = |title: &String| title.chars().any(|c| is_printable(c) && !c.is_whitespace());
    let usual = FeedSettings {
        limit: own.limit.unwrap_or(20).clamp(1, 500),
        window: None,
        archive: None,
        content: own.entry_content.unwrap_or_default(),
        order: Order::default(),
        embeds: Embeds::default(),
        footer: None,
        markdown: false,
        formats: Format::ALL.to_vec(),
    };
    let feeds = apply_options(&usual, &config.feeds);
    Site {
        title: site.title.clone().or(own.title).filter(is_shown).unwrap_or_else(|| folder.to_owned()),
        has_url,
        public_url: config.server.public_url(),
        description: site.description.clone().or(own.description),
        language: site.language.clone().or(own.language),
        time_zone: site.time_zone.or(own.time_zone).unwrap_or(Tz::UTC),
        author: site.author.clone().or(own.author),
        copyright: site.copyright.clone(),
        license: site.license.clone(),
        icon: absolute(&site.icon),
        logo: absolute(&site.logo),
        max_age: config.server.max_age,
        has_index: config.search.index,
        hubs: config.websub.hubs.clone(),
        named: config.named.iter().map(|feed| make_named(feed, &feeds)).collect(),
        feeds,
        origins: config.origins.clone(),
        pages: make_pages(&config.pages),
        paths: config.paths.clone(),
        taxonomies,
        sources,
        digest: 0,
        url,
    }
    .sealed()
}

/// The footer is the owner's HTML. It is sanitised like the body of a post.
fn make_pages(pages: &config::Pages) -> Pages {
    let config::Pages { enabled, language, stylesheet, footer, .. } = pages.clone();
    let footer = footer.map(|html| sanitise(&html)).filter(|html| !html.is_empty());
    Pages::new(enabled, language, stylesheet, footer)
}

/// The usual settings, overridden by the written options.
fn apply_options(usual: &FeedSettings, written: &FeedOptions) -> FeedSettings {
    FeedSettings {
        limit: written.limit.unwrap_or(usual.limit),
        window: written.window.or(usual.window),
        archive: written.archive.or(usual.archive),
        content: written.content.unwrap_or(usual.content),
        order: written.order.unwrap_or(usual.order),
        embeds: written.embeds.unwrap_or(usual.embeds),
        footer: written.footer.clone().or_else(|| usual.footer.clone()),
        markdown: written.markdown.unwrap_or(usual.markdown),
        formats: written.formats.clone().unwrap_or_else(|| usual.formats.clone()),
    }
}

fn make_named(feed: &config::NamedFeed, usual: &FeedSettings) -> NamedFeed {
    NamedFeed {
        name: feed.name.clone(),
        title: feed.title.clone().unwrap_or_else(|| feed.name.clone()),
        description: feed.description.clone(),
        select: feed.select.clone(),
        digest: feed.digest,
        settings: match feed.digest {
            Some(_) => apply_options(usual, &feed.options).for_digests(),
            None => apply_options(usual, &feed.options),
        },
    }
}
