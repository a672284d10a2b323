//! What a configured folder is: its dialect, its site's root, what the site says of itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::detect::{Detected, detect};
use crate::catalog::{FeedSettings, Site, Taxonomy};
use crate::config::{self, BaseUrl, Config, Dialect, Format, Problem, is_taxonomy_name};
use crate::post::dialect::{Permalink, Rules, find_rules, plain};
use crate::post::site::SiteSettings;
use crate::post::source::TaxonomyKeys;
use crate::post::value::Value;
use crate::post::{Source, front_matter};

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
    let surveys: Vec<Survey<'_>> = config.sources.iter().map(|source| survey(config, source)).collect();
    let mut problems = Vec::new();
    let taxonomies = list_taxonomies(config, &surveys, &mut problems);
    let keys: Arc<[TaxonomyKeys]> = taxonomies.iter().map(|t| read_keys(config, &t.name)).collect();
    let own = surveys.first().map(|survey| survey.settings.clone()).unwrap_or_default();
    let (mut faults, mut found) = (Vec::new(), Vec::new());
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for mut survey in surveys {
        problems.append(&mut survey.problems);
        found.push(survey.found());
        let source = make_source(config, survey, &keys, &mut problems, &mut faults);
        if sources.iter().any(|earlier| earlier.name == source.name) {
            let message = format!("two sources are named {:?}. Write a `name` for one of them.", source.name);
            faults.push(Problem::error(config.name(), message));
        }
        sources.push(Arc::new(source));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let folder = found.first().map(|found| found.name.clone()).unwrap_or_default();
    let site = Arc::new(make_site(config, own, &folder, taxonomies, sources));
    Ok(Discovery { site, found, problems })
}

/// A configured folder as it was found.
struct Survey<'c> {
    written: &'c config::Source,
    /// The folder as configured, for people.
    shown: PathBuf,
    /// The folder that is read.
    folder: PathBuf,
    rules: &'static Rules,
    root: PathBuf,
    why: String,
    label: String,
    /// The name of the site's own configuration, for people.
    own_file: String,
    settings: SiteSettings,
    problems: Vec<Problem>,
}

fn survey<'c>(config: &Config, written: &'c config::Source) -> Survey<'c> {
    let shown = config.folder().join(&written.path);
    let absolute = std::path::absolute(&shown).unwrap_or_else(|_| shown.clone());
    let absolute: PathBuf = absolute.components().collect();
    let Detected { dialect, root, mut why } = detect(&absolute, written.dialect);
    let rules = find_rules(dialect).unwrap_or(&plain::RULES);
    if rules.dialect != dialect {
        why = format!("{why}; {} is not known yet, it is read as plain", dialect.name());
    }
    let label = label_of(&root);
    let file = rules.config_files.iter().find(|name| root.join(name).is_file()).copied().unwrap_or_default();
    let own_file = format!("{label}{file}");
    let (mut settings, problems) = read_site(rules, &root.join(file), &own_file);
    // Of a whole site only the folder with its posts is read.
    let is_whole = !rules.content.is_empty() && absolute == root;
    let folder = if is_whole { root.join(rules.content) } else { absolute };
    if let Some(section) = rules.section_file {
        find_draft_folders(rules, section, &root, rules.content, &mut settings.draft_folders);
    }
    Survey { written, shown, folder, rules, root, why, label, own_file, settings, problems }
}

impl Survey<'_> {
    fn name(&self) -> String {
        self.written.name.clone().unwrap_or_else(|| name_folder(&self.root))
    }

    fn found(&self) -> Found {
        let (folder, why) = (self.shown.clone(), self.why.clone());
        Found { name: self.name(), folder, dialect: self.rules.dialect, why }
    }
}

fn make_source(
    config: &Config,
    survey: Survey<'_>,
    taxonomies: &Arc<[TaxonomyKeys]>,
    problems: &mut Vec<Problem>,
    faults: &mut Vec<Problem>,
) -> Source {
    let name = survey.name();
    let Survey { written, folder, rules, root, label, own_file, settings, .. } = survey;
    let url = written.url.clone().or_else(|| config.site.url.clone()).or_else(|| settings.url.clone());
    if url.is_none() {
        let message = "no address of the site is known: links lead to http://localhost. Write site.url.";
        problems.push(Problem::warning(config.name(), message));
    }
    let permalink = match choose_permalink(config, written, rules, &settings, &own_file) {
        Ok(permalink) => permalink,
        Err((fault, ours)) => {
            if ours { faults } else { &mut *problems }.push(fault);
            Permalink::default_of(rules)
        }
    };
    Source {
        name,
        rules,
        url: url.unwrap_or_else(BaseUrl::localhost),
        id_base: written.id_base.clone(),
        permalink,
        link: written.link.clone(),
        include: written.include.as_deref().map(gather),
        exclude: gather(&written.exclude),
        site_exclude: gather_site(&settings.exclude),
        ignored: read_ignored(&folder, &label, problems),
        drafts: written.drafts.or(settings.drafts).unwrap_or(false),
        future: written.future.or(settings.future).unwrap_or(rules.future),
        time_zone: written.time_zone.or(config.site.time_zone).or(settings.time_zone).unwrap_or(Tz::UTC),
        taxonomies: Arc::clone(taxonomies),
        site: settings,
        folder,
        label,
        root,
    }
}

/// Folders whose section file says that it is a draft.
fn find_draft_folders(rules: &Rules, section: &str, root: &Path, folder: &str, drafts: &mut Vec<String>) {
    let text = fs::read_to_string(root.join(folder).join(section)).unwrap_or_default();
    let front = front_matter::read(&text, rules.fences);
    if front.is_ok_and(|front| front.get("draft") == Some(&Value::Bool(true))) {
        drafts.push(folder.to_owned());
    }
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if let Some(name) = entry.file_name().to_str().filter(|_| is_folder) {
            find_draft_folders(rules, section, root, &format!("{folder}/{name}"), drafts);
        }
    }
}

/// The configured pattern, else the site's own, else the dialect's. A fault says whether it is
/// feedmill.toml's.
fn choose_permalink(
    config: &Config,
    written: &config::Source,
    rules: &Rules,
    settings: &SiteSettings,
    own_file: &str,
) -> Result<Permalink, (Problem, bool)> {
    if let Some(pattern) = &written.permalink {
        let place = written.permalink_place;
        return Permalink::parse(rules, pattern)
            .map_err(|why| (Problem::error(config.name(), why).at(place), true));
    }
    let own = settings.permalink.as_deref().map(|pattern| Permalink::parse(rules, pattern));
    let own = own.unwrap_or_else(|| Ok(Permalink::default_of(rules)));
    own.map_err(|why| (Problem::error(own_file, why), false))
}

/// The site's own configuration, if there is one.
fn read_site(rules: &Rules, file: &Path, name: &str) -> (SiteSettings, Vec<Problem>) {
    if !file.is_file() {
        return Default::default();
    }
    match fs::read_to_string(file) {
        Ok(text) => (rules.read_site)(name, &text),
        Err(error) => {
            let message = format!("the site's configuration can't be read: {error}. Mend its permissions.");
            (SiteSettings::default(), vec![Problem::error(name, message)])
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

/// `tags`, `categories` and `authors`, then those of the configuration, then the sites' own.
fn list_taxonomies(config: &Config, surveys: &[Survey<'_>], problems: &mut Vec<Problem>) -> Vec<Taxonomy> {
    let mut names: Vec<&str> = ["tags", "categories", "authors"].to_vec();
    names.extend(config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()));
    for survey in surveys {
        for name in &survey.settings.taxonomies {
            if is_taxonomy_name(name) {
                names.push(name);
            } else {
                let message =
                    format!("the taxonomy {name:?} is left out: addresses and queries use that word.");
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
