//! The configuration: TOML in, checked values out, every fault with its place.

mod advice;
mod date_or_time;
mod dialect_name;
mod digest;
mod error;
mod feeds;
mod footer;
mod ids;
mod language;
mod ledger;
mod log;
mod origins;
mod pages;
mod paths;
mod problem;
mod reader;
mod schema;
mod search;
mod select;
mod server;
mod site;
mod source;
mod taxonomies;
mod values;
mod web_url;
mod window;

use std::env;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde_json::{Value, json};
use toml::de::DeTable;

pub use advice::find_nearest;
pub use date_or_time::{DateOrTime, start_of_day};
pub use dialect_name::DialectName;
pub use digest::DigestPeriod;
pub use error::{Error, Faulty};
pub use feeds::{Content, Embeds, FeedOptions, Format, NamedFeed, Order};
pub use footer::{EntryField, Footer};
pub use ids::{IdPattern, Ids, Placeholder};
pub use language::Language;
pub use ledger::Ledger;
pub use log::{Access, Log, LogFormat};
pub use origins::{Origin, strip_subdomain};
pub use pages::Pages;
pub use paths::{Compat, Paths};
pub use problem::{Problem, Severity, escape_controls, position};
pub use search::Search;
pub use select::{Select, TermConditions};
pub use server::{Server, State, WebSub};
pub use site::{Author, Site};
pub use source::{Future, Link, Source, Watch};
pub use taxonomies::{Taxonomy, is_taxonomy_name};
pub use values::{BaseUrl, Glob, Listen, LocalPath};
pub use window::Window;

use crate::file;
use reader::{At, Faults, Table};

/// A whole configuration, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The file it was read from; `None` in zero-config mode.
    pub file: Option<PathBuf>,
    /// `[site]`.
    pub site: Site,
    /// `[server]`.
    pub server: Server,
    /// `[state]`.
    pub state: State,
    /// `[ledger]`.
    pub ledger: Ledger,
    /// Every `[[source]]`; at least one.
    pub sources: Vec<Source>,
    /// `[feeds]`.
    pub feeds: FeedOptions,
    /// Every `[[origin]]`.
    pub origins: Vec<Origin>,
    /// `[taxonomies]`, in the order of the file.
    pub taxonomies: Vec<Taxonomy>,
    /// Every `[[feed]]`.
    pub named: Vec<NamedFeed>,
    /// `[pages]`.
    pub pages: Pages,
    /// `[paths]`.
    pub paths: Paths,
    /// `[search]`.
    pub search: Search,
    /// `[websub]`.
    pub websub: WebSub,
    /// `[log]`.
    pub log: Log,
    /// Time zone of the machine, from the environment: generators that ran on it used it.
    pub machine_zone: Option<Tz>,
    /// Settings that work but are probably unintended.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// The folder that relative paths are relative to.
    pub fn folder(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// The path of a source's folder, resolved against the folder of the configuration.
    pub fn reach(&self, source: &Source) -> PathBuf {
        self.folder().join(&source.path)
    }

    /// The path of the ledger, resolved against the folder of the configuration, if there is one.
    pub fn reach_ledger(&self) -> Option<PathBuf> {
        self.ledger.path.as_ref().map(|path| self.folder().join(path))
    }

    /// The destination of the access log, resolved against the folder of the configuration.
    pub fn reach_access_log(&self) -> Access {
        match &self.log.access {
            Access::File(path) => Access::File(self.folder().join(path)),
            other => other.clone(),
        }
    }

    /// The text of the file as it is now; empty if it cannot be read, or in zero-config mode.
    pub fn read_text(&self) -> String {
        self.file.as_ref().and_then(|path| file::read_text(path).ok()).unwrap_or_default()
    }

    /// Line and column of the value of a key, `table.key`, in the file as it is now; the start of the file if the key
    /// is missing.
    pub fn find_key(&self, name: &str) -> (u32, u32) {
        let text = self.read_text();
        let (tree, _) = DeTable::parse_recoverable(&text);
        let found = name.split_once('.').and_then(|(table, key)| {
            tree.get_ref().get(table)?.get_ref().as_table()?.get(key).map(|value| value.span().start)
        });
        found.map_or((1, 1), |at| position(&text, at))
    }

    /// The name of the configuration in messages.
    pub fn name(&self) -> String {
        match (&self.file, self.sources.first()) {
            (Some(file), _) => file.display().to_string(),
            // Without a file, the folder of posts gives the name.
            (None, Some(source)) => source.path.display().to_string(),
            (None, None) => "no configuration".to_owned(),
        }
    }
}

/// The file to read: `named`, else `$FEEDMILL_CONFIG`, `./feedmill.toml`, `./config/feedmill.toml`.
///
/// # Errors
/// [`Error::NotFound`] if none of them exists.
pub fn find(named: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    if let Some(path) = env::var_os("FEEDMILL_CONFIG").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    ["feedmill.toml", "config/feedmill.toml"]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .ok_or(Error::NotFound)
}

/// Reads and checks one file.
///
/// # Errors
/// [`Error::Unreadable`], or [`Error::Invalid`] with every fault of the file.
pub fn load(path: &Path) -> Result<Config, Error> {
    let unreadable = |error| Error::Unreadable { path: path.to_owned(), error };
    let text = file::read_text(path).map_err(unreadable)?;
    let name = path.display().to_string();
    let mut config = parse(&name, &text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    if let Err(problem) = config.pages.read_stylesheet(folder, &name) {
        return Err(Error::Invalid(Faulty::new(vec![problem], text)));
    }
    Ok(Config { file: Some(path.to_owned()), machine_zone: find_machine_zone(), ..config })
}

/// The IANA time zone that `$TZ` names, if any.
pub fn find_machine_zone() -> Option<Tz> {
    env::var("TZ").ok()?.trim_start_matches(':').parse().ok()
}

/// Checks a configuration text; `file` is its name in messages.
///
/// # Errors
/// [`Error::Invalid`] with every fault.
pub fn parse(file: &str, text: &str) -> Result<Config, Error> {
    let faults = Faults::new(file, text);
    let (tree, syntax) = DeTable::parse_recoverable(text);
    let other = find_other_language(text).filter(|_| !syntax.is_empty());
    if let Some((language, at)) = other {
        let advice =
            "Write TOML, like `title = \"My site\"` below `[site]`: feedmill init SITE prints a whole file.";
        faults.error(at..at, format!("this is {language}, and the configuration is TOML. {advice}"));
    }
    for error in syntax.iter().filter(|_| other.is_none()) {
        faults.error(error.span().unwrap_or_default(), format!("this is not TOML: {}.", error.message()));
    }
    // The meaning of a broken text is a guess: only its syntax is reported.
    let mut config = Config::default();
    if syntax.is_empty() {
        config = read(Table::new("", tree.get_ref(), &faults), &faults);
    }
    let problems = faults.into_problems();
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(Error::Invalid(Faulty::new(problems, text)));
    }
    Ok(Config { warnings: problems, ..config })
}

/// The language of a text that is not TOML, if the first line that is not blank or a comment shows it, and the offset
/// of that line.
fn find_other_language(text: &str) -> Option<(&'static str, usize)> {
    let text_of = |line: &str| line.trim().trim_start_matches('\u{feff}').to_owned();
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut lines = starts.map(|at| (at, text_of(text[at..].lines().next().unwrap_or_default())));
    let (at, line) = lines.find(|(_, line)| !line.is_empty() && !line.starts_with('#'))?;
    let key = line.split_once(':').map(|(key, _)| key.trim_matches(['"', '\'']));
    let is_word =
        |key: &str| key.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c)) && !key.is_empty();
    if line.starts_with('{') {
        Some(("JSON", at))
    } else if line == "---" || key.is_some_and(is_word) {
        Some(("YAML", at))
    } else {
        None
    }
}

/// The JSON Schema of a configuration, made by the functions that read it (draft 7, which TOML editors support).
pub fn describe() -> Value {
    let (faults, empty) = (Faults::describing(), DeTable::new());
    read(Table::new("", &empty, &faults), &faults);
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The configuration of feedmill",
    });
    if let (Value::Object(schema), Value::Object(keys)) = (&mut schema, faults.into_description()) {
        schema.extend(keys);
    }
    schema
}

fn read(mut top: Table<'_>, faults: &Faults<'_>) -> Config {
    let sources = top.read("source", source::describe_all, source::read_all).unwrap_or_default();
    let taxonomies = top
        .read("taxonomies", taxonomies::describe_taxonomies, taxonomies::read_taxonomies)
        .unwrap_or_default();
    // A source without a name is named after its site's folder, which is found later.
    let list_names = |source: &Source| match &source.name {
        Some(name) => vec![name.clone()],
        None => source.path.iter().map(|folder| folder.to_string_lossy().into_owned()).collect(),
    };
    let source_names: Vec<String> = sources.iter().flat_map(list_names).collect();
    let mut taxonomy_names = ["tags", "categories", "authors"].map(str::to_owned).to_vec();
    taxonomy_names.extend(taxonomies.iter().map(|t| t.name.clone()));
    let config = Config {
        site: top.table("site", site::read).unwrap_or_default(),
        server: top.table("server", server::read_server).unwrap_or_default(),
        state: top.table("state", server::read_state).unwrap_or_default(),
        ledger: top.table("ledger", ledger::read).unwrap_or_default(),
        feeds: top.table("feeds", feeds::read_defaults).unwrap_or_default(),
        origins: top
            .read("origin", || schema::list(origins::describe_one()), origins::read_all)
            .unwrap_or_default(),
        named: top
            .read(
                "feed",
                || schema::list(feeds::describe_one()),
                |at: At<'_>| feeds::read_named(at, &taxonomy_names, &source_names),
            )
            .unwrap_or_default(),
        pages: top.table("pages", pages::read).unwrap_or_default(),
        paths: top.table("paths", paths::read).unwrap_or_default(),
        search: top.table("search", search::read).unwrap_or_default(),
        websub: top.table("websub", server::read_websub).unwrap_or_default(),
        log: top.table("log", log::read).unwrap_or_default(),
        sources,
        taxonomies,
        ..Config::default()
    };
    if !top.requires("site") {
        faults.error(0..0, "there is no [site]. Write [site] and below it title = \"…\".");
    }
    if !top.requires("source") {
        faults.error(0..0, "there is no [[source]]. Write [[source]] and below it path = \"…\".");
    }
    top.refuse_unknown();
    config
}

#[cfg(test)]
mod tests;
