//! An entry of an old feed → the post that it is, and how the two differ.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::catalog::Snapshot;
use crate::feed::{Entries, OldEntry};
use crate::post::Post;
use crate::post::address::normalise_url;

/// What was found of one old entry.
pub(super) enum Finding {
    /// Served under the same id; what else differs, in words.
    Known(Arc<Post>, Vec<String>),
    /// Served under another id: a reader shows it once more. And by what it was found.
    Reappears(Arc<Post>, &'static str),
    /// Not served at all.
    Missing,
}

impl Finding {
    /// The post that the entry is.
    pub(super) fn post(&self) -> Option<&Arc<Post>> {
        match self {
            Self::Known(post, _) | Self::Reappears(post, _) => Some(post),
            Self::Missing => None,
        }
    }
}

/// Posts by all that an old entry may be found by.
pub(super) struct Known<'p> {
    ids: HashMap<&'p str, &'p Arc<Post>>,
    links: HashMap<String, &'p Arc<Post>>,
    titles: HashMap<String, Vec<&'p Arc<Post>>>,
}

impl<'p> Known<'p> {
    pub(super) fn of(posts: &'p [Arc<Post>]) -> Self {
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

pub(super) fn judge(snapshot: &Snapshot, known: &Known<'_>, entries: &Entries, old: &OldEntry) -> Finding {
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
        return Finding::Known(Arc::clone(post), list_differences(snapshot, post, entries, old));
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

/// A link without what may change in a move: scheme, encoding and a trailing `/`.
fn fold_link(link: &str) -> String {
    let normal = normalise_url(link.trim());
    let bare = normal.strip_prefix("https://").or_else(|| normal.strip_prefix("http://")).unwrap_or(&normal);
    bare.trim_end_matches('/').to_owned()
}

/// A title without what a generator changes: smart quotes, dashes, letter case and white space.
fn fold_title(title: &str) -> String {
    let plain = title.replace(['“', '”', '„', '«', '»'], "\"").replace(['‘', '’'], "'").replace('…', "...");
    let plain = plain.replace("---", "-").replace("--", "-").replace(['–', '—'], "-");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
