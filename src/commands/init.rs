//! `feedmill init`: writes a commented configuration from a site's own configuration.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use super::compare::Comparison;
use super::toml::quote;
use crate::catalog::Site;
use crate::config::{Author, Future, Ids};
use crate::post::dialect::Permalink;
use crate::site::{ResolvedSource, discover};

pub(super) fn run(folder: &Path, feed: Option<&Path>, output: Option<&Path>) -> anyhow::Result<ExitCode> {
    let output = output.filter(|output| *output != Path::new("-"));
    let config = super::input::read_site(folder)?;
    let discovery = discover(&config).map_err(|problems| super::describe_invalid(&config, problems))?;
    let ids = match feed {
        // Reports the same problems.
        Some(old) => keep_ids(&Comparison::new(&config, old, None)?, &discovery.site, old),
        None => {
            discovery.problems.iter().for_each(|problem| tracing::warn!("{problem}"));
            None
        }
    };
    let path = relate(folder, output)?;
    let text = write(&discovery.site, discovery.sources()[0], &path, ids);
    match output {
        // As in other programs, `-` is stdout.
        None => super::print(text.as_bytes())?,
        Some(file) => {
            let made = OpenOptions::new().write(true).create_new(true).open(file);
            let describe_failure = |error: std::io::Error| {
                let file = file.display();
                match error.kind() {
                    ErrorKind::AlreadyExists => anyhow::anyhow!(
                        "{file} exists and is never overwritten. Name another file, or move this one away."
                    ),
                    ErrorKind::NotFound => {
                        anyhow::anyhow!(
                            "{file} cannot be created: its folder does not exist. Create it first."
                        )
                    }
                    _ => anyhow::anyhow!(
                        "{file} cannot be created: {error}. Name a file in a writable folder."
                    ),
                }
            };
            let mut made = made.map_err(describe_failure)?;
            made.write_all(text.as_bytes())
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A key, its value and a note.
type Setting = (&'static str, String, String);

/// The setting that keeps the ids of an old feed.
fn keep_ids(comparison: &Comparison, site: &Site, old: &Path) -> Option<Setting> {
    let pattern = site.sources.first().and_then(|source| source.ids.pattern.clone());
    let kept = comparison.keep_ids(pattern.map_or(Ids::Dialect, Ids::Pattern));
    if kept.is_none() {
        tracing::warn!(
            "{}: no setting keeps its ids. feedmill compare names the `guid` to write into each post.",
            old.display()
        );
    }
    kept
}

/// The site's folder as written in the configuration: as given if that is correct relative to the configuration's
/// folder, else absolute.
fn relate(folder: &Path, output: Option<&Path>) -> anyhow::Result<String> {
    let here = std::env::current_dir()?;
    let parent = output.and_then(Path::parent).filter(|parent| !parent.as_os_str().is_empty());
    let moved = parent.is_some_and(|parent| here.join(parent) != here);
    let path: PathBuf = if moved { std::path::absolute(folder)? } else { folder.to_owned() };
    let text = path.to_str().context("the folder's name is not UTF-8. Rename it")?;
    Ok(text.to_owned())
}

fn quote_author(author: &Author) -> String {
    let mut fields = vec![format!("name = {}", quote(&author.name))];
    fields.extend(author.email.as_ref().map(|email| format!("email = {}", quote(email))));
    fields.extend(author.url.as_ref().map(|url| format!("url = {}", quote(url))));
    format!("{{ {} }}", fields.join(", "))
}

/// The lines of a configuration.
struct Lines(String);

impl Lines {
    fn note(&mut self, text: &str) {
        let _ = writeln!(self.0, "# {text}");
    }

    fn table(&mut self, name: &str) {
        let _ = writeln!(self.0, "\n{name}");
    }

    /// Writes a key with its value; without a value, writes an example as a comment.
    fn key(&mut self, key: &str, value: Option<String>, example: &str, note: &str) {
        let line = match value {
            Some(value) => format!("{key} = {value}"),
            None => format!("# {key} = {example}"),
        };
        let _ =
            if note.is_empty() { writeln!(self.0, "{line}") } else { writeln!(self.0, "{line}   # {note}") };
    }
}

fn write(site: &Site, source: &ResolvedSource, path: &str, ids: Option<Setting>) -> String {
    let settings = &source.settings;
    let dialect = &source.dialect;
    let mut lines = Lines(String::new());
    lines.note(&format!("Made by `feedmill init`: this is {} ({}).", dialect.describe_site(), source.why));
    lines.note(
        "Keys that are set here take precedence over the site's own configuration; other keys follow it.",
    );
    lines.table("[site]");
    lines.key("title", Some(quote(&site.title)), "", "");
    let url = settings.url.as_ref().map(|url| quote(url.as_str()));
    lines.key("url", url, "\"https://example.org\"", "where the posts' pages live: links are built on it");
    let text = |text: &Option<String>| text.as_deref().map(quote);
    lines.key("description", text(&settings.description), "\"What it is about\"", "");
    lines.key("language", text(&settings.language), "\"en\"", "");
    let zone = settings.time_zone.map(|zone| quote(zone.name()));
    lines.key("time_zone", zone, "\"Europe/Berlin\"", "dates without an offset are read in it");
    lines.key("author", settings.author.as_ref().map(quote_author), "{ name = \"You\" }", "");

    lines.table("[server]");
    lines.key("listen", None, "\"127.0.0.1:8080\"", "");
    lines.key("public_url", None, "\"https://feeds.example.org\"", "how readers reach this server");

    lines.table("[[source]]");
    lines.key("path", Some(quote(path)), "", "");
    lines.key("dialect", Some(quote(dialect.name())), "", "");
    write_ids(&mut lines, source, ids);
    write_permalink(&mut lines, source);
    lines.key("drafts", settings.drafts.map(|drafts| drafts.to_string()), "true", "drafts are posts too");
    let future = settings.future.map(|future| match future {
        Future::Hold => quote("hold"),
        Future::Show => quote("show"),
    });
    lines.key("future", future, "\"hold\"", "a post dated in the future appears at its time");

    lines.table("[feeds]");
    let limit = settings.limit.map(|limit| limit.clamp(1, 500).to_string());
    lines.key("limit", limit, "20", "entries in a feed");
    lines.key("content", None, "\"summary\"", "full, summary or none");

    lines.table("[paths]");
    let compat = dialect.spec().compat.map(|compat| format!("[{}]", quote(compat.name())));
    lines.key("compat", compat, "[\"wordpress\"]", "feed URLs that subscribers already have");
    lines.0
}

/// Writes the setting that keeps the ids of an old feed, else the default.
fn write_ids(lines: &mut Lines, source: &ResolvedSource, kept: Option<Setting>) {
    match (kept, source.read_ids()) {
        (Some((key, value, note)), _) => lines.key(key, Some(value), "", &note),
        (None, Some((template, ids))) => {
            lines.key("id", None, &quote(&ids.to_string()), &format!("as in {template}"));
        }
        (None, None) => lines.key("id", None, "\"auto\"", "as the site's own feed has them"),
    }
}

/// Writes the pattern of post URLs, if the site has one for all posts.
fn write_permalink(lines: &mut Lines, source: &ResolvedSource) {
    let dialect = &*source.dialect;
    let patterns = dialect.section_permalinks();
    if !patterns.is_empty() {
        lines.note("URLs follow the site's own patterns, section by section:");
        for (section, pattern) in patterns {
            lines.note(&format!("  {section}: {pattern}"));
        }
    }
    // A pattern with unknown placeholders is an error in feedmill, but not in the generator.
    let known = source.settings.permalink.as_ref().filter(|own| Permalink::parse(dialect, own).is_ok());
    let example = dialect.spec().permalinks.example;
    lines.key("permalink", known.map(|pattern| quote(pattern)), &quote(example), "pattern of post URLs");
}
