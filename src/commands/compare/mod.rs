//! `feedmill compare OLD`: shows what subscribers of an existing feed would see after a move to feedmill.

mod judge;
mod propose;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, io};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use self::judge::{Finding, Known, judge};
use self::propose::{Fix, Setting, propose};
use super::{Output, input::Input, toml::quote};
use crate::bodies::DiskBodies;
use crate::catalog::Snapshot;
use crate::config::{Config, Format, Ids};
use crate::feed::{self, Address, Entries, Found, OldEntry, Place, read_feed, select};
use crate::page::UrlError;
use crate::post::Post;

pub(super) fn run(input: &Input, old: &Path, with: Option<&str>, output: Output) -> anyhow::Result<ExitCode> {
    let config = super::load(input)?;
    let comparison = Comparison::new(&config, old, with)?;
    match output {
        Output::Text => super::print(super::escape_terminal(&comparison.to_text()).as_bytes())?,
        Output::Json => super::print(format!("{:#}\n", comparison.to_json()).as_bytes())?,
    }
    let reappears = comparison.count(|finding| matches!(finding, Finding::Reappears(..))) > 0;
    Ok(if reappears { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads the old feed; `-` is stdin.
fn read_old(old: &Path) -> anyhow::Result<(Format, Vec<OldEntry>)> {
    let mut bytes = Vec::new();
    if old == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).context("stdin cannot be read")?;
    } else {
        let shown = old.display().to_string();
        if shown.contains("://") {
            bail!("{shown} is a URL. Download the feed: curl {shown} | feedmill compare -");
        }
        bytes = fs::read(old).with_context(|| format!("{shown} cannot be read"))?;
    }
    read_feed(&bytes).with_context(|| old.display().to_string())
}

/// The comparison of an old feed with the feed that replaces it.
pub(super) struct Comparison {
    old: String,
    /// The path of the feed that it is compared with.
    with: String,
    entries: Vec<(OldEntry, Finding)>,
    /// Posts that are missing from the old feed although it has older ones.
    new: Vec<Arc<Post>>,
    /// The changes that keep entries from reappearing.
    fixes: Vec<Fix>,
}

impl Comparison {
    /// Reads the old feed and every source.
    pub(super) fn new(config: &Config, old: &Path, with: Option<&str>) -> anyhow::Result<Self> {
        let (format, old_entries) = read_old(old)?;
        let snapshot = super::read(config)?;
        let address = find_address(&snapshot, with, format)?;
        let bodies = Entries::new(8 << 20, Arc::new(DiskBodies::default()));
        // All posts, without the limit of the feed.
        let selection = select(&snapshot, &address.place).and(&address.query.conditions);
        let posts = snapshot.select_page(&selection, 0..usize::MAX, &bodies.texts(&snapshot.site)).posts;
        let known = Known::of(&posts);
        let oldest = old_entries.iter().filter_map(|entry| entry.published).min();
        let entries: Vec<(OldEntry, Finding)> = old_entries
            .into_iter()
            .map(|entry| {
                let finding = judge(&snapshot, &known, &bodies, &entry);
                (entry, finding)
            })
            .collect();
        let found: HashSet<&str> =
            entries.iter().filter_map(|(_, finding)| Some(&*finding.post()?.id)).collect();
        // Posts that are older than the old feed's oldest entry are not new to its subscribers.
        let is_new = |post: &&Arc<Post>| {
            !found.contains(&*post.id) && oldest.is_none_or(|oldest| post.published >= oldest.to_utc())
        };
        let new = posts.iter().filter(is_new).cloned().collect();
        let fixes = propose(&snapshot, &entries);
        let with = address.path(&snapshot);
        Ok(Self { old: old.display().to_string(), with, entries, new, fixes })
    }

    /// The key that keeps the most old ids in a configuration with one source, its value and a note. `present` is the
    /// setting without it. `None` if no old id can be kept.
    pub(super) fn keep_ids(&self, present: Ids) -> Option<(&'static str, String, String)> {
        let known = self.count(|finding| matches!(finding, Finding::Known(..)));
        let all = self.count(|finding| finding.post().is_some());
        let better = self.fixes.iter().find_map(|fix| match fix {
            Fix::Setting { setting, matches, .. } => Some((setting.write(), *matches)),
            Fix::Guid { .. } => None,
        });
        let ((key, value), kept) = better.unwrap_or_else(|| (Setting::Ids(present).write(), known));
        (kept > 0).then(|| (key, value, format!("keeps {kept} of {all} ids of {}", self.old)))
    }

    fn count(&self, is_counted: impl Fn(&Finding) -> bool) -> usize {
        self.entries.iter().filter(|(_, finding)| is_counted(finding)).count()
    }

    /// Counts the entries that are the same, that differ, that are missing and that would reappear.
    fn count_all(&self) -> [usize; 4] {
        [
            self.count(|finding| matches!(finding, Finding::Known(_, differences) if differences.is_empty())),
            self.count(
                |finding| matches!(finding, Finding::Known(_, differences) if !differences.is_empty()),
            ),
            self.count(|finding| matches!(finding, Finding::Missing)),
            self.count(|finding| matches!(finding, Finding::Reappears(..))),
        ]
    }

    fn to_text(&self) -> String {
        let mut report = String::new();
        for (OldEntry { id, title, .. }, finding) in &self.entries {
            let _ = match finding {
                Finding::Known(_, differences) => differences
                    .iter()
                    .try_for_each(|difference| writeln!(report, "differs    {id}: {difference}")),
                Finding::Reappears(post, by) => {
                    writeln!(report, "reappears  {id} is now {} (the same {by}): {title}", post.id)
                }
                Finding::Missing => writeln!(report, "missing    {id}: {title}"),
            };
        }
        for post in &self.new {
            let _ = writeln!(report, "new        {}: {}", post.id, post.title);
        }
        let [same, differing, missing, reappearing] = self.count_all();
        let _ = writeln!(
            report,
            "{} entries of {} against {}: {same} the same, {differing} differ, {missing} missing, \
             {reappearing} would be seen again as new; {} are new to it",
            self.entries.len(),
            self.old,
            self.with,
            self.new.len()
        );
        let (guids, settings): (Vec<&Fix>, Vec<&Fix>) =
            self.fixes.iter().partition(|fix| matches!(fix, Fix::Guid { .. }));
        for fix in settings.iter().chain(guids.iter().take(SHOWN)) {
            let _ = writeln!(report, "fix        {}", fix.describe());
        }
        if guids.len() > SHOWN {
            let _ = writeln!(
                report,
                "           … {} more like it (--format json shows them)",
                guids.len() - SHOWN
            );
        }
        report
    }

    fn to_json(&self) -> Value {
        let entries = self.entries.iter().map(|(entry, finding)| {
            let (name, differences) = match finding {
                Finding::Known(_, differences) if differences.is_empty() => ("same", &[][..]),
                Finding::Known(_, differences) => ("differs", &differences[..]),
                Finding::Reappears(..) => ("reappears", &[][..]),
                Finding::Missing => ("missing", &[][..]),
            };
            let id = finding.post().map(|post| &*post.id);
            json!({ "finding": name, "old_id": entry.id, "id": id, "title": entry.title, "differences": differences })
        });
        let new = self.new.iter().map(|post| json!({ "finding": "new", "id": post.id, "title": post.title }));
        let [same, differs, missing, reappears] = self.count_all();
        json!({
            "old": self.old,
            "with": self.with,
            "counts": {
                "same": same, "differs": differs, "missing": missing, "reappears": reappears, "new": self.new.len()
            },
            "entries": entries.chain(new).collect::<Vec<_>>(),
            "fixes": self.fixes.iter().map(Fix::to_json).collect::<Vec<_>>(),
        })
    }
}

/// The number of fixes of one kind that are shown.
const SHOWN: usize = 5;

fn find_address(snapshot: &Snapshot, with: Option<&str>, format: Format) -> anyhow::Result<Address> {
    let Some(target) = with else { return Ok(Address::new(Place::All, format)) };
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    match feed::resolve(snapshot, path, query).map_err(UrlError::Query)? {
        Some(Found::Feed(address)) if feed::has_digests(snapshot, &address) => {
            anyhow::bail!("{target} has digests, which are not compared. Name a feed of posts.")
        }
        Some(Found::Feed(address)) => Ok(*address),
        _ => anyhow::bail!("there is no feed at {target}"),
    }
}
