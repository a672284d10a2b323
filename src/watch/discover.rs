//! What a configured folder is: its dialect, its site's root, what the site says of itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::detect::{Detected, detect};
use crate::catalog::{FeedSettings, Site, Taxonomy};
use crate::config::{self, BaseUrl, Config, Dialect, Format, Problem};
use crate::post::Source;
use crate::post::dialect::{Permalink, Rules, find_rules, plain};
use crate::post::site::SiteSettings;
use crate::post::source::TaxonomyKeys;

/// A site found by looking at its folders.
#[derive(Debug)]
pub struct Discovery {
    /// The site, with nothing left to decide.
    pub site: Arc<Site>,
    /// What each source was found to be.
    pub found: Vec<Found>,
    /// What is wrong with the sites' own configurations, and what is missing.
    pub problems: Vec<Problem>,
}

/// What one source was found to be, and why.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its folder as configured.
    pub folder: PathBuf,
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// What that was seen by.
    pub why: String,
}

/// Looks at every source's folder. Folders that do not exist are taken for empty ones.
///
/// # Errors
/// The problems of feedmill.toml that show only now: unknown placeholders, equal names.
pub fn discover(config: &Config) -> Result<Discovery, Vec<Problem>> {
    let taxonomies = list_taxonomies(config);
    let keys: Arc<[TaxonomyKeys]> = taxonomies.iter().map(|t| read_keys(config, &t.name)).collect();
    let mut faults = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for source in &config.sources {
        let part = discover_source(config, source, &config.folder().join(&source.path), &keys, &mut faults);
        if parts.iter().any(|earlier| earlier.source.name == part.source.name) {
            let message =
                format!("two sources are named {:?}. Write a `name` for one of them.", part.source.name);
            faults.push(Problem::error(config.name(), message));
        }
        parts.push(part);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let settings = parts.first().map(|part| part.settings.clone()).unwrap_or_default();
    let folder = parts.first().map(|part| part.source.name.clone()).unwrap_or_default();
    let mut problems = Vec::new();
    let mut found = Vec::new();
    let mut sources = Vec::new();
    for part in parts {
        problems.extend(part.problems);
        found.push(part.found);
        sources.push(Arc::new(part.source));
    }
    let site = Arc::new(make_site(config, settings, &folder, taxonomies, sources));
    Ok(Discovery { site, found, problems })
}

/// One source and what comes with it.
struct Part {
    source: Source,
    settings: SiteSettings,
    found: Found,
    problems: Vec<Problem>,
}

fn discover_source(
    config: &Config,
    written: &config::Source,
    folder: &Path,
    taxonomies: &Arc<[TaxonomyKeys]>,
    faults: &mut Vec<Problem>,
) -> Part {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let absolute: PathBuf = absolute.components().collect();
    let Detected { dialect, root, mut why } = detect(&absolute, written.dialect);
    let rules = find_rules(dialect).unwrap_or(&plain::RULES);
    if rules.dialect != dialect {
        why = format!("{why}; {} is not known yet, it is read as plain", dialect.name());
    }
    let label = label_of(&root);
    let (settings, mut problems) = read_site(rules, &root, &label);
    let url = written.url.clone().or_else(|| config.site.url.clone()).or_else(|| settings.url.clone());
    if url.is_none() {
        let message = "no address of the site is known: links lead to http://localhost. Write site.url.";
        problems.push(Problem::warning(config.name(), message));
    }
    let permalink = match choose_permalink(config, written, rules, &settings, &label) {
        Ok(permalink) => permalink,
        Err((fault, ours)) => {
            if ours { faults } else { &mut problems }.push(fault);
            Permalink::default_of(rules)
        }
    };
    let name = written.name.clone().unwrap_or_else(|| name_folder(&root));
    let ignored = read_ignored(&absolute, &label, &mut problems);
    let found = Found { name: name.clone(), folder: folder.to_owned(), dialect: rules.dialect, why };
    let source = Source {
        name,
        rules,
        folder: absolute,
        label,
        url: url.unwrap_or_else(BaseUrl::localhost),
        id_base: written.id_base.clone(),
        permalink,
        link: written.link.clone(),
        include: written.include.as_deref().map(gather),
        exclude: gather(&written.exclude),
        site_exclude: gather_site(&settings.exclude),
        ignored,
        unpublished: settings.unpublished,
        defaults: settings.defaults.clone(),
        drafts: written.drafts.or(settings.drafts).unwrap_or(false),
        future: written.future.or(settings.future).unwrap_or(rules.future),
        time_zone: written.time_zone.or(config.site.time_zone).or(settings.time_zone).unwrap_or(Tz::UTC),
        taxonomies: Arc::clone(taxonomies),
        root,
    };
    Part { source, settings, found, problems }
}

/// The configured pattern, else the site's own, else the dialect's. A fault says whether it is
/// feedmill.toml's.
fn choose_permalink(
    config: &Config,
    written: &config::Source,
    rules: &Rules,
    settings: &SiteSettings,
    label: &str,
) -> Result<Permalink, (Problem, bool)> {
    if let Some(pattern) = &written.permalink {
        let place = written.permalink_place;
        return Permalink::parse(rules, pattern)
            .map_err(|why| (Problem::error(config.name(), why).at(place), true));
    }
    let own = settings.permalink.as_deref().map(|pattern| Permalink::parse(rules, pattern));
    let own = own.unwrap_or_else(|| Ok(Permalink::default_of(rules)));
    own.map_err(|why| (Problem::error(format!("{label}_config.yml"), why), false))
}

fn read_site(rules: &Rules, root: &Path, label: &str) -> (SiteSettings, Vec<Problem>) {
    if rules.dialect != Dialect::Jekyll {
        return Default::default();
    }
    match fs::read_to_string(root.join("_config.yml")) {
        Ok(text) => (rules.read_site)(&format!("{label}_config.yml"), &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Default::default(),
        Err(error) => {
            let message = format!("the site's configuration can't be read: {error}. Mend its permissions.");
            (SiteSettings::default(), vec![Problem::error(format!("{label}_config.yml"), message)])
        }
    }
}

/// `.feedmillignore` of a source's folder.
fn read_ignored(folder: &Path, label: &str, problems: &mut Vec<Problem>) -> Gitignore {
    let file = folder.join(".feedmillignore");
    let mut builder = GitignoreBuilder::new("");
    let mut faults: Vec<String> = Vec::new();
    if let Ok(text) = fs::read_to_string(&file) {
        for line in text.lines() {
            faults.extend(builder.add_line(None, line).err().map(|fault| fault.to_string()));
        }
    }
    let built = builder.build();
    faults.extend(built.as_ref().err().map(ToString::to_string));
    let named = |fault: String| {
        Problem::error(format!("{label}.feedmillignore"), format!("{fault}. Mend that line."))
    };
    problems.extend(faults.into_iter().map(named));
    built.unwrap_or_else(|_| Gitignore::empty())
}

/// How files of a root are named in messages: relative to the current folder where that is shorter.
fn label_of(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = root.strip_prefix(&here).unwrap_or(root).display().to_string();
    if shown.is_empty() { shown } else { format!("{}/", shown.trim_end_matches('/')) }
}

fn name_folder(root: &Path) -> String {
    // `..` at the end of a path has no name of its own.
    let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    real.file_name().map_or_else(|| "posts".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Globs of feedmill.toml were checked when it was read: `*` stays within a folder.
fn gather(globs: &[config::Glob]) -> GlobSet {
    let globs =
        globs.iter().filter_map(|glob| GlobBuilder::new(&glob.0).literal_separator(true).build().ok());
    build_set(globs)
}

/// What a site leaves out: each entry and all below it.
fn gather_site(entries: &[String]) -> GlobSet {
    let both = entries.iter().map(|entry| entry.trim_matches('/')).filter(|entry| !entry.is_empty());
    build_set(both.flat_map(|entry| [Glob::new(entry), Glob::new(&format!("{entry}/**"))]).flatten())
}

fn build_set(globs: impl Iterator<Item = Glob>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob);
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

/// `tags`, `categories` and `authors`, then those of the configuration.
fn list_taxonomies(config: &Config) -> Vec<Taxonomy> {
    let own = ["tags", "categories", "authors"];
    let more = config.taxonomies.iter().map(|t| t.name.as_str()).filter(|name| !own.contains(name));
    let names = own.into_iter().chain(more);
    names
        .map(|name| {
            let written = config.taxonomies.iter().find(|taxonomy| taxonomy.name == name);
            let (only, except) = written.map_or((&[][..], &[][..]), |t| (&t.only, &t.except));
            Taxonomy::new(name, written.and_then(|t| t.title.as_deref()), only, except)
        })
        .collect()
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
    let url = site.url.clone().or(own.url).unwrap_or_else(BaseUrl::localhost);
    let absolute = |path: &Option<String>| {
        let base = url::Url::parse(&format!("{url}/")).ok()?;
        // Relative to the site: `/favicon.png` lies below its base path.
        base.join(path.as_deref()?.trim_start_matches('/')).ok().map(String::from)
    };
    Site {
        title: site.title.clone().or(own.title).unwrap_or_else(|| folder.to_owned()),
        public_url: config.server.public_url(),
        description: site.description.clone().or(own.description),
        language: site.language.clone().or(own.language),
        time_zone: site.time_zone.or(own.time_zone).unwrap_or(Tz::UTC),
        author: site.author.clone().or(own.author),
        copyright: site.copyright.clone(),
        icon: absolute(&site.icon),
        logo: absolute(&site.logo),
        max_age: config.server.max_age,
        feeds: FeedSettings {
            limit: config.feeds.limit.or(own.limit).unwrap_or(20).clamp(1, 500),
            content: config.feeds.content.unwrap_or_default(),
            order: config.feeds.order.unwrap_or_default(),
            formats: config.feeds.formats.clone().unwrap_or_else(|| Format::ALL.to_vec()),
        },
        taxonomies,
        sources,
        digest: 0,
        url,
    }
    .sealed()
}
