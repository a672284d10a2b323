//! `feedmill compare OLD`: what subscribers of an existing feed would see after a move to feedmill.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;

use crate::catalog::Snapshot;
use crate::feed::{self, Address, Entries, Found, OldEntry, Place, read_feed, select};
use crate::post::Post;
use crate::post::address::normalise_url;
use crate::watch::{DiskBodies, Doubts};

/// What was found of one old entry.
enum Finding {
    /// Served under the same id; what else differs, in words.
    Known(Vec<String>),
    /// Served under another id: a reader shows it once more.
    Reappears(Arc<Post>, &'static str),
    /// Not served at all.
    Missing,
}

pub(super) fn run(named: Option<PathBuf>, old: &Path, with: Option<&str>) -> anyhow::Result<ExitCode> {
    let config = super::load(named)?;
    let bytes = fs::read(old).with_context(|| format!("{} can't be read", old.display()))?;
    let (format, old_entries) = read_feed(&bytes).with_context(|| old.display().to_string())?;
    let snapshot = super::read(&config)?;
    let address = match with {
        None => Address::new(Place::All, format),
        Some(target) => {
            let (path, query) =
                target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
            match feed::find(&snapshot, path, query)? {
                Some(Found::Feed(address)) => *address,
                _ => anyhow::bail!("there is no feed at {target}"),
            }
        }
    };
    let entries = Entries::new(8 << 20, Arc::new(DiskBodies::new(Doubts::default())));
    // All of it, however many an answer holds.
    let selection = select(&snapshot, &address.place).and(&address.query.conditions);
    let posts = snapshot.select_page(&selection, 0..usize::MAX, &entries.summaries(&snapshot.site)).posts;
    let known = Known::of(&posts);

    let mut found: HashSet<&str> = HashSet::new();
    let mut report = String::new();
    let (mut same, mut differing, mut missing, mut reappearing) = (0, 0, 0, 0);
    for entry in &old_entries {
        let finding = judge(&snapshot, &known, &entries, entry);
        match &finding {
            Finding::Known(_) => found.extend(known.ids.get(entry.id.as_str()).map(|post| &*post.id)),
            Finding::Reappears(post, _) => found.extend(known.ids.get(&*post.id).map(|post| &*post.id)),
            Finding::Missing => {}
        }
        match finding {
            Finding::Known(differences) if differences.is_empty() => same += 1,
            Finding::Known(differences) => {
                differing += 1;
                for difference in differences {
                    let _ = writeln!(report, "differs    {}: {difference}", entry.id);
                }
            }
            Finding::Reappears(post, by) => {
                reappearing += 1;
                let _ = writeln!(
                    report,
                    "reappears  {} is now {} (the same {by}): {}",
                    entry.id, post.id, entry.title
                );
            }
            Finding::Missing => {
                missing += 1;
                let _ = writeln!(report, "missing    {}: {}", entry.id, entry.title);
            }
        }
    }
    // What is older than the old feed goes back is not new to anybody.
    let oldest = old_entries.iter().filter_map(|entry| entry.published).min();
    let is_new = |post: &&Arc<Post>| {
        !found.contains(&*post.id) && oldest.is_none_or(|oldest| post.published >= oldest.to_utc())
    };
    let new: Vec<&Arc<Post>> = posts.iter().filter(is_new).collect();
    for post in &new {
        let _ = writeln!(report, "new        {}: {}", post.id, post.title);
    }
    let path = address.path(&snapshot);
    let count = old_entries.len();
    let _ = writeln!(
        report,
        "{count} entries of {} against {path}: {same} the same, {differing} differ, {missing} missing, \
         {reappearing} would be seen again as new; {} are new to it",
        old.display(),
        new.len()
    );
    super::print(super::defuse(&report).as_bytes())?;
    Ok(if reappearing > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Posts by all that an old entry may be found by.
struct Known<'p> {
    ids: HashMap<&'p str, &'p Arc<Post>>,
    links: HashMap<String, &'p Arc<Post>>,
    titles: HashMap<String, Vec<&'p Arc<Post>>>,
}

impl<'p> Known<'p> {
    fn of(posts: &'p [Arc<Post>]) -> Self {
        let mut titles: HashMap<String, Vec<&Arc<Post>>> = HashMap::new();
        for post in posts {
            titles.entry(fold_title(&post.title)).or_default().push(post);
        }
        Self {
            ids: posts.iter().map(|post| (&*post.id, post)).collect(),
            links: posts.iter().map(|post| (fold_link(&post.address), post)).collect(),
            titles,
        }
    }
}

fn judge(snapshot: &Snapshot, known: &Known<'_>, entries: &Entries, old: &OldEntry) -> Finding {
    let rivals = known.titles.get(&fold_title(&old.title)).into_iter().flatten();
    let is_rival =
        |post: &&&Arc<Post>| post.id.strip_prefix(&*old.id).is_some_and(|rest| rest.starts_with('#'));
    if let Some(post) = known.ids.get(old.id.as_str()) {
        // Of old entries that shared an id all but one have another now.
        if fold_title(&post.title) != fold_title(&old.title)
            && let Some(rival) = rivals.into_iter().find(is_rival)
        {
            return Finding::Reappears(Arc::clone(rival), "title");
        }
        return Finding::Known(list_differences(snapshot, post, entries, old));
    }
    if let Some(post) = known.links.get(&fold_link(&old.link)) {
        return Finding::Reappears(Arc::clone(post), "link");
    }
    let near = |post: &&&Arc<Post>| {
        old.published.is_none_or(|date| (post.published - date.to_utc()).abs() <= TimeDelta::days(1))
    };
    let titled = known.titles.get(&fold_title(&old.title)).filter(|_| !old.title.is_empty());
    match titled.and_then(|posts| posts.iter().find(near)) {
        Some(post) => Finding::Reappears(Arc::clone(post), "title and date"),
        None => Finding::Missing,
    }
}

fn list_differences(snapshot: &Snapshot, post: &Post, entries: &Entries, old: &OldEntry) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, theirs: &str, ours: &str| {
        if theirs != ours {
            differences.push(format!("{what} was {theirs}, is {ours}"));
        }
    };
    // A file that changes at this very moment is compared by what the catalog knows.
    let entry = entries.get(&snapshot.site, post, snapshot.site.feeds.embeds).ok();
    let link = entry.as_ref().map_or(&*post.address, |entry| &entry.link);
    compare("link", &old.link, link);
    let title = entry.as_ref().map_or(&*post.title, |entry| &entry.title);
    if fold_title(&old.title) != fold_title(title) {
        compare("title", &format!("{:?}", old.title), &format!("{title:?}"));
    }
    if let Some(date) = old.published {
        let zone = snapshot.site.sources[usize::from(post.source)].time_zone;
        let ours = post.published.with_timezone(&zone);
        if date.timestamp() != ours.timestamp() {
            compare("date", &date.to_rfc3339(), &ours.to_rfc3339());
        }
    }
    differences
}

/// What tells links apart when scheme, encoding and a last `/` do not.
fn fold_link(link: &str) -> String {
    let normal = normalise_url(link.trim());
    let bare = normal.strip_prefix("https://").or_else(|| normal.strip_prefix("http://")).unwrap_or(&normal);
    bare.trim_end_matches('/').to_owned()
}

/// What tells titles apart when a generator's smart quotes and dashes do not.
fn fold_title(title: &str) -> String {
    let plain = title.replace(['“', '”', '„', '«', '»'], "\"").replace(['‘', '’'], "'").replace('…', "...");
    let plain = plain.replace("---", "-").replace("--", "-").replace(['–', '—'], "-");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
