//! `feedmill explain FILE`: explains how a file becomes an entry, or by which rule it does not.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::input::Input;
use crate::bodies::DiskBodies;
use crate::catalog::{CalendarPeriod, Snapshot};
use crate::config::{Config, Severity};
use crate::feed::{Address, Entries, Place, find_digest, list_places, select};
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::{self, Exclusion, Fact, File, Outcome, Post, Source, SourceId};
use crate::site;
use crate::watch;

pub(super) fn run(input: Input, path: &Path) -> anyhow::Result<ExitCode> {
    let metadata = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?;
    if !metadata.is_file() {
        bail!("{} is not a file. Name the file of a post.", path.display());
    }
    let absolute = std::path::absolute(path).context("the current folder cannot be read")?;
    let absolute: PathBuf = absolute.components().collect();
    let folder = absolute.parent().unwrap_or(&absolute).to_owned();
    let config = super::load(&input.or_folder(choose_folder(&folder)))?;
    let snapshot = super::read(&config)?;
    let modified = metadata.modified().map(DateTime::<Utc>::from).unwrap_or_default();
    let (text, is_entry) = match find_source(&snapshot, &absolute) {
        Some((number, relative)) => explain(&snapshot, number, &relative, &absolute, modified)?,
        None => (describe_elsewhere(&config, &snapshot, path), false),
    };
    super::print(super::escape_terminal(&text).as_bytes())?;
    Ok(if is_entry { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Chooses the folder to use without a configuration: the site that contains the file; for a plain folder of posts
/// the current folder if it contains the file, unless it is at the top of the file system or the home folder.
fn choose_folder(folder: &Path) -> PathBuf {
    if let Some(root) = site::find_site_root(folder) {
        return root;
    }
    let here = std::env::current_dir().unwrap_or_default();
    let is_small = || here.components().count() > 2 && Some(&*here) != home().as_deref();
    let is_one = || site::holds_texts(&here) || site::list_sites(&here).len() < 2;
    if folder.starts_with(&here) && is_small() && is_one() { here } else { folder.to_owned() }
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from)
}

/// The source that contains a file, and the file's path relative to the source's root.
fn find_source(snapshot: &Snapshot, file: &Path) -> Option<(SourceId, String)> {
    let real = fs::canonicalize(file).ok();
    let find = |file: &Path| {
        let holds = |source: &Arc<Source>| file.starts_with(&source.folder) && file.starts_with(&source.root);
        let number = snapshot.site.sources.iter().position(holds)?;
        let relative = file.strip_prefix(&snapshot.site.sources[number].root).ok()?.to_str()?;
        Some((SourceId::new(number), relative.to_owned()))
    };
    find(file).or_else(|| find(&real?))
}

fn describe_elsewhere(config: &Config, snapshot: &Snapshot, path: &Path) -> String {
    let folders = snapshot.site.sources.iter().map(|source| format!("  {}\n", source.folder.display()));
    let advice = match &config.file {
        Some(file) => format!("Add a [[source]] for its folder to {}.", file.display()),
        None => "Name its site with --site.".to_owned(),
    };
    format!(
        "{} is not an entry: it is in no source. Posts are read from\n{}{advice}\n",
        path.display(),
        folders.collect::<String>()
    )
}

/// The explanation; true if the file is an entry.
fn explain(
    snapshot: &Snapshot,
    number: SourceId,
    relative: &str,
    absolute: &Path,
    modified: DateTime<Utc>,
) -> anyhow::Result<(String, bool)> {
    let source = &snapshot.site.sources[usize::from(number)];
    let name = source.name_file(relative);
    let reject = |why: String| Ok((format!("{name} is not an entry: {why}\n"), false));
    if let Some(exclusion) = source.find_exclusion(relative) {
        let with_drafts = Source { drafts: true, ..(**source).clone() };
        if with_drafts.is_post(relative) {
            return reject(
                "it is a draft. `drafts = true` of its source, or --drafts, publishes drafts.".to_owned(),
            );
        }
        return reject(describe_exclusion(source, exclusion));
    }
    if watch::lies_in_leaf(source, relative) {
        return reject("its folder is one post, of which it is a part.".to_owned());
    }
    let known = snapshot.posts_of(number).find(|post| &*post.path == relative);
    let bytes = match file::read(absolute, POST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => return reject(format!("it cannot be read: {error}.")),
    };
    let explained = match post::explain(source, number, File { path: relative, bytes: &bytes, modified }) {
        Ok(explained) => explained,
        Err(problem) => return Ok((format!("{name} is not an entry.\n{problem}\n"), false)),
    };
    match explained.outcome {
        Outcome::Undated(problem) => Ok((format!("{name} is not an entry.\n{problem}\n"), false)),
        Outcome::Broken(problem) => Ok((format!("{name} is not an entry.\n{problem}\n"), false)),
        Outcome::Hidden => {
            let causes: Vec<String> = explained.hidden_by.iter().map(ToString::to_string).collect();
            reject(format!("it is kept out of feeds by {}.", causes.join(", ")))
        }
        Outcome::Post(post, problem) => {
            let is_shown = snapshot.visible().any(|shown| shown.source == number && *shown.path == *relative);
            let now = Utc::now();
            let mut text = match (is_shown, post.expires) {
                (true, _) => format!(
                    "{name} is an entry of the source {:?} ({}).\n",
                    source.name,
                    source.dialect.name()
                ),
                (false, Some(expires)) if expires <= now => {
                    format!("{name} is not an entry any more: it expired at {expires}.\n")
                }
                (false, _) if post.published > now => {
                    format!("{name} is not an entry yet: it appears at {}.\n", post.published)
                }
                (false, _) => describe_repeated(snapshot, number, relative).map_or_else(
                    || format!("{name} is not an entry.\n"),
                    |why| format!("{name} is not an entry: {why}\n"),
                ),
            };
            let mut facts = explained.facts;
            mark_duplicate(&mut facts, &post, known.map(|post| &**post));
            text.push_str(&tabulate(&facts));
            if is_shown && let Some(post) = known {
                text.push_str(&list_feeds(snapshot, post));
            }
            let problems = snapshot.problems.iter().filter(|problem| problem.file == name);
            let own =
                problem.as_deref().into_iter().chain(problems.filter(|p| Some(*p) != problem.as_deref()));
            for problem in own.filter(|problem| problem.severity <= Severity::Warning) {
                let _ = writeln!(text, "{problem}");
            }
            Ok((text, is_shown))
        }
    }
}

fn describe_exclusion(source: &Source, exclusion: Exclusion) -> String {
    match exclusion {
        Exclusion::HiddenFile => "hidden files and temporary files of editors are not posts.".to_owned(),
        Exclusion::Folder => {
            "a folder above it holds no posts: it is hidden, excluded, or not read by the generator."
                .to_owned()
        }
        Exclusion::Include => "`include` of its source does not match it.".to_owned(),
        Exclusion::Extension => format!(
            "its extension is not one of {}'s: {}. Name it in `include`.",
            source.dialect.name(),
            source.dialect.spec().extensions.join(", ")
        ),
        Exclusion::Exclude => "`exclude` of its source matches it.".to_owned(),
        Exclusion::SiteExclude if source.site.non_post_folders.is_empty() => {
            "the site's own configuration excludes it.".to_owned()
        }
        Exclusion::SiteExclude => format!(
            "the site's own configuration excludes it (folders without posts: {}).",
            source.site.non_post_folders.join(", ")
        ),
        Exclusion::IgnoreFile => "`.feedmillignore` matches it.".to_owned(),
        Exclusion::Dialect => {
            let what = source.dialect.spec().post.replace("`content`", &name_content_folders(source));
            format!("a post of {} is {what}.", source.dialect.name())
        }
    }
}

/// The folders of pages that a site names: one, or one per language.
fn name_content_folders(source: &Source) -> String {
    let mut folders: Vec<&str> =
        source.dialect.content_folders().iter().map(|folder| folder.path.as_str()).collect();
    folders.dedup();
    if folders.is_empty() {
        let content = source.site.content.as_deref().filter(|folder| !folder.is_empty());
        folders.push(content.unwrap_or(source.dialect.spec().files.content));
    }
    folders.iter().map(|folder| format!("`{folder}`")).collect::<Vec<_>>().join(" or ")
}

/// Names the entry that has the same value under the key `unique` as a post that is not one.
fn describe_repeated(snapshot: &Snapshot, number: SourceId, relative: &str) -> Option<String> {
    let repeated = snapshot.list_repeated();
    let (post, first) =
        repeated.into_iter().find(|(post, _)| post.source == number && *post.path == *relative)?;
    let source = snapshot.site.source(post.source);
    let key = source.unique.as_deref().unwrap_or_default();
    Some(format!("{} has the same `{key}`, and is the entry.", source.name_file(&first.path)))
}

/// Shows the id that a post has in feeds, if another post has its own id.
fn mark_duplicate(facts: &mut [Fact], parsed: &Post, known: Option<&Post>) {
    let Some(known) = known.filter(|known| known.id != parsed.id) else { return };
    if let Some(fact) = facts.iter_mut().find(|fact| fact.name == "id") {
        fact.value = format!("{} (another post has {})", known.id, parsed.id);
    }
}

/// Writes each fact: its name, its value, and where it comes from.
fn tabulate(facts: &[Fact]) -> String {
    let shown = facts.iter().filter(|fact| !fact.value.is_empty());
    let widest = shown.clone().map(|fact| fact.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for Fact { name, value, causes } in shown {
        let causes: Vec<String> = causes.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "  {name:widest$}  {value}\n  {:widest$}    from {}", "", causes.join(", "));
    }
    text
}

/// The feeds that contain a post, and its position in each.
fn list_feeds(snapshot: &Snapshot, post: &Post) -> String {
    let entries = Entries::new(1 << 20, Arc::new(DiskBodies::default()));
    let texts = entries.texts(&snapshot.site);
    let may_hold = |place: &Place| match place {
        Place::Term { taxonomy, folded, .. } => {
            post.terms.iter().any(|term| term.taxonomy == *taxonomy && term.folded == *folded)
        }
        Place::Source(number) => *number == post.source,
        _ => true,
    };
    let mut text = "In these feeds:\n".to_owned();
    for place in list_places(snapshot).into_iter().filter(may_hold) {
        let posts = snapshot.select_page(&select(snapshot, &place), 0..usize::MAX, &texts).posts;
        let Some(position) =
            posts.iter().position(|other| other.source == post.source && other.path == post.path)
        else {
            continue;
        };
        let digest = find_digest(snapshot, &place, post);
        let Some(address) = Address::of(snapshot, place) else { continue };
        let path = address.path(snapshot);
        let end = |period: CalendarPeriod| period.end(snapshot.site.time_zone);
        let _ = match digest {
            None => writeln!(text, "  {path}  (number {} of {})", position + 1, posts.len()),
            Some(period) if end(period) <= snapshot.made => {
                writeln!(text, "  {path}  (in the digest {period})")
            }
            Some(period) => {
                writeln!(text, "  {path}  (in the digest {period}, which appears at {})", end(period))
            }
        };
    }
    text
}
