//! The settings of one source: feedmill.toml takes precedence over the site's own, and these over the dialect's.

use std::fmt::{self, Write};
use std::sync::Arc;

use chrono_tz::Tz;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use xxhash_rust::xxh3::Xxh3;

use super::resolve::ResolvedSource;
use super::site_config::IGNORE;
use crate::config::{self, BaseUrl, Config, Ids, Link, Problem};
use crate::limits::PATTERNS;
use crate::post::Source;
use crate::post::dialect::{Dialect, Permalink};
use crate::post::ids::{IdRule, split_url};
use crate::post::site::SiteSettings;
use crate::post::source::TaxonomyKeys;

/// Makes a source: feedmill.toml takes precedence over the site, and the site over its dialect.
pub(super) fn make_source(
    (config, written): (&Config, &config::Source),
    resolved: &ResolvedSource,
    taxonomies: &Arc<[TaxonomyKeys]>,
    problems: &mut Vec<Problem>,
    faults: &mut Vec<Problem>,
) -> Source {
    let ResolvedSource { name, dialect, reads: folder, root, settings, ignored, label, .. } =
        resolved.clone();
    let url = written.url.clone().or_else(|| config.site.url.clone()).or_else(|| settings.url.clone());
    let ids = choose_ids((config, written), url.as_ref(), &settings, &label, problems);
    let permalink = choose_permalink((config, written), &*dialect, &settings, faults);
    let time_zone = written.time_zone.or(config.site.time_zone);
    let machine_zone = config.machine_zone.unwrap_or(Tz::UTC);
    let local = if dialect.spec().is_in_machine_zone { machine_zone } else { Tz::UTC };
    let mut source = Source {
        name,
        settings_hash: 0,
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
        unique: written.unique.clone(),
        image_sizes: written.image_sizes,
        shortcodes: written.shortcodes.clone(),
        include: written.include.as_deref().map(gather),
        exclude: gather(&written.exclude),
        site_exclude: gather_site(&settings.exclude),
        ignored: parse_ignored(&ignored, &label, problems),
        drafts: written.drafts.or(settings.drafts).unwrap_or(false),
        future: written.future.or(settings.future).unwrap_or(dialect.spec().future),
        machine_zone,
        date_keys: choose_keys(settings.date_keys.as_deref(), dialect.spec().keys.date),
        updated_keys: choose_keys(settings.updated_keys.as_deref(), dialect.spec().keys.updated),
        time_zone: time_zone.or(settings.time_zone).unwrap_or(local),
        taxonomies: Arc::clone(taxonomies),
        site: settings,
        dialect,
        folder,
        label,
        root,
    };
    source.settings_hash = hash_settings(&source, written, &ignored);
    source
}

/// The hash of the settings that determine how posts are read. Globs are hashed as they are written.
fn hash_settings(source: &Source, written: &config::Source, ignored: &str) -> u128 {
    struct Hash(Xxh3);
    impl fmt::Write for Hash {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text.as_bytes());
            Ok(())
        }
    }
    let Source { name, dialect, root, folder, url, id_base, ids, permalink, shortcodes, link, .. } = source;
    let (unique, image_sizes) = (&source.unique, source.image_sizes);
    let Source { links_to_pages, has_url, public_url, drafts, site, future, machine_zone, .. } = source;
    let Source { date_keys, updated_keys, time_zone, taxonomies, .. } = source;
    let public_url = (*links_to_pages || !has_url).then_some(public_url);
    let own = (name, dialect, root, folder, url, id_base, ids, permalink, shortcodes, link);
    let more = (links_to_pages, has_url, public_url, drafts, site, future, machine_zone);
    let keys = (date_keys, updated_keys, time_zone, taxonomies, unique, image_sizes);
    let mut hash = Hash(Xxh3::new());
    let globs = (&written.include, &written.exclude, ignored);
    // Hashing never fails.
    let _ = write!(hash, "{own:?}{more:?}{keys:?}{globs:?}");
    hash.0.digest128()
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
