//! Old ids and their posts → the setting of `id` that keeps the most of them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::judge::Finding;
use super::quote;
use crate::catalog::Snapshot;
use crate::config::{BaseUrl, IdPattern, Ids, Placeholder};
use crate::feed::OldEntry;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::ids::{IdValues, read_values};
use crate::post::{Post, Source};

/// A change that keeps entries from reappearing.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::commands) enum Fix {
    /// A key of a source.
    Setting {
        /// The source's name.
        source: String,
        /// The key and its value.
        setting: Setting,
        /// The number of old ids that are served with it.
        matches: usize,
        /// The number of old ids that are served without it.
        before: usize,
        /// The number of old ids of the source's posts.
        of: usize,
    },
    /// A front-matter key of one post.
    Guid {
        /// The file of the post.
        file: String,
        /// The old id.
        guid: String,
    },
}

/// A key of a source that decides ids.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::commands) enum Setting {
    /// `id`
    Ids(Ids),
    /// `id_base`
    Base(BaseUrl),
}

impl Setting {
    /// The key, and the value in TOML.
    pub(in crate::commands) fn write(&self) -> (&'static str, String) {
        match self {
            Self::Ids(ids) => ("id", quote(&ids.to_string())),
            Self::Base(base) => ("id_base", quote(base.as_str())),
        }
    }

    fn make(&self, values: &IdValues) -> String {
        match self {
            Self::Ids(Ids::Pattern(pattern)) => values.make(Some(pattern)),
            Self::Ids(_) => values.make(None),
            // A `guid` of the post's own takes precedence over both.
            Self::Base(_) if !values.get(Placeholder::Guid).is_empty() => values.make(None),
            Self::Base(base) => {
                values.dialect_path.as_ref().map(|path| format!("{base}{path}")).unwrap_or_default()
            }
        }
    }
}

impl Fix {
    /// Describes the fix in one line.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Setting { source, setting, matches, before, of } => {
                let (key, value) = setting.write();
                format!(
                    "write {key} = {value} into [[source]] {source:?}: it serves {matches} of {of} old ids, not {before}"
                )
            }
            Self::Guid { file, guid } => {
                format!("write guid: {} into the front matter of {file}", quote(guid))
            }
        }
    }

    /// The fix as JSON.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Setting { source, setting, matches, before, of } => {
                let (key, value) = match setting {
                    Setting::Ids(ids) => ("id", ids.to_string()),
                    Setting::Base(base) => ("id_base", base.to_string()),
                };
                json!({ "source": source, key: value, "matches": matches, "before": before, "of": of })
            }
            Self::Guid { file, guid } => json!({ "file": file, "guid": guid }),
        }
    }
}

/// An old id and its post.
struct Pair<'p> {
    id: &'p str,
    post: &'p Post,
    reappears: bool,
    values: IdValues,
}

/// Proposes for each source the setting that serves more old ids than the present one, and a `guid` for each post
/// that would still reappear.
pub(super) fn propose(snapshot: &Snapshot, entries: &[(OldEntry, Finding)]) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for (number, source) in snapshot.site.sources.iter().enumerate() {
        let pairs: Vec<Pair<'_>> = entries
            .iter()
            .filter_map(|(entry, finding)| {
                let post = finding.post().filter(|post| usize::from(post.source) == number)?;
                let reappears = matches!(finding, Finding::Reappears(..));
                Some(Pair { id: &entry.id, post, reappears, values: read_file(source, post)? })
            })
            .collect();
        let best = find_best(source, &pairs);
        let before = pairs.iter().filter(|pair| !pair.reappears).count();
        let is_solved = |pair: &Pair<'_>| match &best {
            Some((setting, _)) => setting.make(&pair.values) == pair.id,
            None => !pair.reappears,
        };
        if let Some((setting, matches)) = &best {
            let (source, setting) = (source.name.clone(), setting.clone());
            fixes.push(Fix::Setting { source, setting, matches: *matches, before, of: pairs.len() });
        }
        fixes.extend(
            pairs
                .iter()
                .filter(|pair| !is_solved(pair))
                .map(|pair| Fix::Guid { file: source.name_file(&pair.post.path), guid: pair.id.to_owned() }),
        );
    }
    fixes
}

fn read_file(source: &Source, post: &Arc<Post>) -> Option<IdValues> {
    read_values(source, post, &file::read(&source.root.join(&*post.path), POST_BYTES).ok()?)
}

/// The number of old ids from which patterns are derived, and the number of derived patterns that are tried.
const SAMPLE: usize = 200;
const DERIVED: usize = 20;

/// The setting that serves the most old ids and their number, if that is more than the present setting serves. The
/// simplest of equals.
fn find_best(source: &Source, pairs: &[Pair<'_>]) -> Option<(Setting, usize)> {
    let usual = [
        "dialect",
        "permalink",
        "{site}{id}",
        "{site}{base}{id}",
        "{id}",
        "{site}{path}",
        "{site}{base}{path}",
        "{path}",
    ];
    let mut settings: Vec<Setting> =
        usual.iter().filter_map(|text| Ids::parse(text).ok()).map(Setting::Ids).collect();
    settings.extend(derive(source, pairs));
    let present = source.ids.pattern.clone().map_or(Ids::Dialect, Ids::Pattern);
    let count = |setting: &Setting| pairs.iter().filter(|pair| setting.make(&pair.values) == pair.id).count();
    let mut best: (Option<Setting>, usize) = (None, count(&Setting::Ids(present)));
    for setting in settings {
        let matches = count(&setting);
        if matches > best.1 {
            best = (Some(setting), matches);
        }
    }
    Some((best.0?, best.1))
}

/// Derives settings from the text before and after a post's value in the old ids, the most frequent first.
fn derive(source: &Source, pairs: &[Pair<'_>]) -> Vec<Setting> {
    let mut found: HashMap<(&str, String), usize> = HashMap::new();
    for pair in pairs.iter().take(SAMPLE) {
        let bases = pair.values.dialect_path.iter().filter_map(|path| pair.id.strip_suffix(path.as_str()));
        bases.for_each(|base| *found.entry(("id_base", base.to_owned())).or_default() += 1);
        for placeholder in [Placeholder::Id, Placeholder::Path, Placeholder::Slug] {
            let value = pair.values.get(placeholder);
            let Some(at) = pair.id.rfind(value).filter(|_| !value.is_empty()) else { continue };
            let (before, after) = (&pair.id[..at], &pair.id[at + value.len()..]);
            if before.contains(['{', '}']) || after.contains(['{', '}']) {
                continue;
            }
            let site = Some(&source.ids.site).filter(|site| !site.is_empty() && before.starts_with(&***site));
            let before = match site {
                Some(site) => format!("{{site}}{}", &before[site.len()..]),
                None => before.to_owned(),
            };
            *found.entry(("id", format!("{before}{placeholder}{after}"))).or_default() += 1;
        }
    }
    // `id_base` is the simpler setting.
    let mut ranked: Vec<((&str, String), usize)> = found.into_iter().collect();
    ranked.sort_by(|((key, text), count), ((other_key, other), other_count)| {
        other_count.cmp(count).then(other_key.cmp(key)).then_with(|| text.cmp(other))
    });
    let settings = ranked.into_iter().take(DERIVED).filter_map(|((key, text), _)| match key {
        "id_base" => BaseUrl::parse(&text).ok().filter(|base| base.as_str() == text).map(Setting::Base),
        _ => IdPattern::parse(&text).ok().map(|pattern| Setting::Ids(Ids::Pattern(pattern))),
    });
    settings.collect()
}
