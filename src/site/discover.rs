//! Configured folders → the site: feedmill.toml takes precedence over the sites' own settings.

use std::sync::Arc;

use chrono_tz::Tz;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::resolve::{Found, Survey, survey};
use super::site_config::IGNORE;
use crate::body::sanitise;
use crate::catalog::{FeedSettings, NamedFeed, Pages, Site, Taxonomy};
use crate::config::{
    self, BaseUrl, Config, Embeds, FeedOptions, Format, Ids, Link, Order, Problem, is_taxonomy_name,
};
use crate::limits::PATTERNS;
use crate::post::Source;
use crate::post::dialect::{Dialect, Permalink};
use crate::post::ids::{IdRule, split_url};
use crate::post::site::SiteSettings;
use crate::post::source::TaxonomyKeys;
use crate::post::text::is_printable;

/// The site, resolved from the configuration and its folders.
#[derive(Debug)]
pub struct Discovery {
    /// The site, with all settings resolved.
    pub site: Arc<Site>,
    /// The result of the survey of each source.
    pub found: Vec<Found>,
    /// Problems of the sites' own configurations.
    pub problems: Vec<Problem>,
}

/// Describes why a source may have no posts.
pub fn describe_empty(source: &Source) -> String {
    let (name, dialect, what) = (&source.name, source.dialect.name(), source.dialect.describe_post());
    let folder = source.folder.display();
    format!("source {name}: there is no post in {folder}. A post of {dialect} is {what}.")
}

/// Surveys every source's folder. Folders that do not exist count as empty.
///
/// # Errors
/// The problems of feedmill.toml that depend on the sites: unknown placeholders, equal names.
pub fn discover(config: &Config) -> Result<Discovery, Vec<Problem>> {
    let surveys: Vec<Survey> = config.sources.iter().map(|source| survey(config, source)).collect();
    combine(config, &surveys)
}

/// Combines the configuration with the surveys of its sources, in the same order.
pub(crate) fn combine(config: &Config, surveys: &[Survey]) -> Result<Discovery, Vec<Problem>> {
    let mut problems = Vec::new();
    let taxonomies = list_taxonomies(config, surveys, &mut problems);
    let keys: Arc<[TaxonomyKeys]> = taxonomies.iter().map(|t| read_keys(config, &t.name)).collect();
    let own = surveys.first().map(|survey| survey.found.settings.clone()).unwrap_or_default();
    let (mut faults, mut found) = (Vec::new(), Vec::new());
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for (written, survey) in config.sources.iter().zip(surveys) {
        problems.extend_from_slice(&survey.problems);
        found.push(survey.found.clone());
        let source = make_source((config, written), survey, &keys, &mut problems, &mut faults);
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
    let folder = found.first().map(|found| found.name.clone()).unwrap_or_default();
    let site = Arc::new(make_site(config, own, &folder, taxonomies, sources));
    Ok(Discovery { site, found, problems })
}

/// A problem at its place in the file, if there is a file.
pub(crate) fn place_in(config: &Config, problem: Problem, place: (u32, u32)) -> Problem {
    if config.file.is_some() { problem.at(place) } else { problem.without_place() }
}

fn make_source(
    (config, written): (&Config, &config::Source),
    survey: &Survey,
    taxonomies: &Arc<[TaxonomyKeys]>,
    problems: &mut Vec<Problem>,
    faults: &mut Vec<Problem>,
) -> Source {
    let Survey { label, .. } = survey;
    let Found { name, dialect, reads: folder, root, settings, ignored, .. } = survey.found.clone();
    let url = written.url.clone().or_else(|| config.site.url.clone()).or_else(|| settings.url.clone());
    let ids = choose_ids((config, written), url.as_ref(), &settings, label, problems);
    let permalink = choose_permalink((config, written), &*dialect, &settings, faults);
    let time_zone = written.time_zone.or(config.site.time_zone);
    let machine_zone = config.machine_zone.unwrap_or(Tz::UTC);
    let local = if dialect.is_in_machine_zone() { machine_zone } else { Tz::UTC };
    Source {
        name,
        // Without pages there is nothing to link to.
        links_to_pages: config.pages.enabled
            && match &written.link {
                Link::Page => true,
                Link::Permalink => false,
                Link::Auto | Link::Key(_) => url.is_none(),
            },
        has_url: url.is_some(),
        public_url: config.server.public_url(),
        url: url.unwrap_or_else(BaseUrl::localhost),
        id_base: written.id_base.clone(),
        ids,
        permalink,
        link: match &written.link {
            Link::Key(key) => Some(key.clone()),
            _ => None,
        },
        shortcodes: written.shortcodes.clone(),
        include: written.include.as_deref().map(gather),
        exclude: gather(&written.exclude),
        site_exclude: gather_site(&settings.exclude),
        ignored: parse_ignored(&ignored, label, problems),
        drafts: written.drafts.or(settings.drafts).unwrap_or(false),
        future: written.future.or(settings.future).unwrap_or(dialect.future()),
        machine_zone,
        date_keys: choose_keys(settings.date_keys.as_deref(), dialect.keys().date),
        updated_keys: choose_keys(settings.updated_keys.as_deref(), dialect.keys().updated),
        time_zone: time_zone.or(settings.time_zone).unwrap_or(local),
        taxonomies: Arc::clone(taxonomies),
        site: settings,
        dialect,
        folder,
        label: label.clone(),
        root,
    }
}

fn choose_keys(own: Option<&[String]>, usual: &[&str]) -> Vec<String> {
    own.map_or_else(|| usual.iter().map(|key| (*key).to_owned()).collect(), <[String]>::to_vec)
}

/// The configured rule of ids, else that of the site's own feed template, else the dialect's. Templates print the
/// site's URL as it is in the site's configuration; one in feedmill.toml takes its place.
fn choose_ids(
    (config, written): (&Config, &config::Source),
    url: Option<&BaseUrl>,
    settings: &SiteSettings,
    label: &str,
    problems: &mut Vec<Problem>,
) -> IdRule {
    let template = settings.feed_template.as_ref().filter(|_| written.id == Ids::Auto);
    let chosen = template.and_then(|template| template.ids.as_ref()).unwrap_or(&written.id);
    if let Some(unclear) = template.filter(|template| template.ids.is_none()) {
        let message = format!(
            "the ids of this feed are made by an expression that feedmill does not understand: {:?}. If readers \
             subscribe to it, let `feedmill compare` read the feed as it was built, and write the `id` that it \
             proposes.",
            unclear.expression
        );
        problems.push(Problem::warning(format!("{label}{}", unclear.path), message));
    }
    let is_own = [&written.id_base, &written.url, &config.site.url].into_iter().all(Option::is_none);
    let printed = settings.printed_url.as_ref().map(|(site, base)| (site.as_str(), base.as_str()));
    let base = printed.map(|(_, base)| base);
    let (site, base) = match printed.filter(|(site, _)| is_own && !site.is_empty()) {
        Some(printed) => printed,
        None => match written.id_base.as_ref().or(url) {
            Some(url) => split_url(url, base),
            None => ("", base.unwrap_or_default()),
        },
    };
    let pattern = match chosen {
        Ids::Pattern(pattern) => Some(pattern.clone()),
        Ids::Auto | Ids::Dialect => None,
    };
    IdRule { pattern, site: site.to_owned(), base: base.to_owned() }
}

/// The configured pattern, else the site's own, else the dialect's.
fn choose_permalink(
    (config, written): (&Config, &config::Source),
    dialect: &dyn Dialect,
    settings: &SiteSettings,
    faults: &mut Vec<Problem>,
) -> Permalink {
    // The syntax of the pattern depends on the dialect, which is known only if the folder exists.
    let is_known = written.dialect.is_some() || config.reach(written).exists();
    if let Some(pattern) = written.permalink.as_ref().filter(|_| is_known) {
        return Permalink::parse(dialect, pattern).unwrap_or_else(|why| {
            faults.push(Problem::error(config.name(), why).at(written.permalink_place));
            Permalink::default_of(dialect)
        });
    }
    match &settings.permalink {
        // Its problems were reported when it was read.
        Some(own) => Permalink::trust(dialect, own),
        None => Permalink::default_of(dialect),
    }
}

/// The patterns of a `.feedmillignore`.
fn parse_ignored(text: &str, label: &str, problems: &mut Vec<Problem>) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    let mut faults: Vec<String> = Vec::new();
    let mut patterns = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    for line in patterns.by_ref().take(PATTERNS) {
        faults.extend(builder.add_line(None, line).err().map(|fault| format!("{fault}. Fix that line.")));
    }
    if patterns.next().is_some() {
        faults.push(format!("only the first {PATTERNS} patterns are used. Combine or delete some."));
    }
    let built = builder.build();
    faults.extend(built.as_ref().err().map(|fault| format!("{fault}. Fix that line.")));
    problems.extend(faults.into_iter().map(|fault| Problem::error(format!("{label}{IGNORE}"), fault)));
    built.unwrap_or_else(|_| Gitignore::empty())
}

/// Builds a set from globs of feedmill.toml, which were validated when it was read. `*` stays within a folder.
fn gather(globs: &[config::Glob]) -> GlobSet {
    let globs =
        globs.iter().filter_map(|glob| GlobBuilder::new(&glob.0).literal_separator(true).build().ok());
    build_set(globs)
}

/// Builds a set from the entries that a site excludes: each entry and everything below it.
fn gather_site(entries: &[String]) -> GlobSet {
    let entries = entries.iter().map(|entry| entry.trim_matches('/')).filter(|entry| !entry.is_empty());
    let both = entries.take(PATTERNS);
    build_set(both.flat_map(|entry| [Glob::new(entry), Glob::new(&format!("{entry}/**"))]).flatten())
}

fn build_set(globs: impl Iterator<Item = Glob>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob);
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

/// `tags`, `categories` and `authors`, then those of the configuration, then the sites' own.
fn list_taxonomies(config: &Config, surveys: &[Survey], problems: &mut Vec<Problem>) -> Vec<Taxonomy> {
    let mut names: Vec<&str> = ["tags", "categories", "authors"].to_vec();
    names.extend(config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()));
    for survey in surveys {
        for name in &survey.found.settings.taxonomies {
            if is_taxonomy_name(name) {
                names.push(name);
            } else {
                let message =
                    format!("the taxonomy {name:?} is left out: URL paths and queries use that name.");
                problems.push(Problem::warning(&survey.own_file, message));
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
        content: own.entry_content.unwrap_or_default(),
        order: Order::default(),
        embeds: Embeds::default(),
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
        icon: absolute(&site.icon),
        logo: absolute(&site.logo),
        max_age: config.server.max_age,
        hubs: config.websub.hubs.clone(),
        named: config.named.iter().map(|feed| make_named(feed, &feeds)).collect(),
        feeds,
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
        content: written.content.unwrap_or(usual.content),
        order: written.order.unwrap_or(usual.order),
        embeds: written.embeds.unwrap_or(usual.embeds),
        formats: written.formats.clone().unwrap_or_else(|| usual.formats.clone()),
    }
}

fn make_named(feed: &config::NamedFeed, usual: &FeedSettings) -> NamedFeed {
    NamedFeed {
        name: feed.name.clone(),
        title: feed.title.clone().unwrap_or_else(|| feed.name.clone()),
        description: feed.description.clone(),
        select: feed.select.clone(),
        settings: apply_options(usual, &feed.options),
    }
}
