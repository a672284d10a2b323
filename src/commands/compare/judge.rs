//! An entry of an old feed → its post, and the differences.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::catalog::Snapshot;
use crate::feed::{Entries, OldEntry};
use crate::post::Post;
use crate::post::address::normalise_url;

/// The result for one old entry.
pub(super) enum Finding {
    /// The entry is served with the same id. The texts describe other differences.
    Known(Arc<Post>, Vec<String>),
    /// The entry is served with another id, so readers show it again. The text names what it was found by.
    Reappears(Arc<Post>, &'static str),
    /// The entry is not served.
    Missing,
}

impl Finding {
    /// The post of the entry.
    pub(super) fn post(&self) -> Option<&Arc<Post>> {
        match self {
            Self::Known(post, _) | Self::Reappears(post, _) => Some(post),
            Self::Missing => None,
        }
    }
}

/// Posts by the properties by which an old entry is found.
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
    let candidates = known.titles.get(&fold_title(&old.title)).into_iter().flatten();
    let is_renamed =
        |post: &&&Arc<Post>| post.id.strip_prefix(&*old.id).is_some_and(|rest| rest.starts_with('#'));
    if let Some(post) = known.ids.get(old.id.as_str()) {
        // If several old entries had the same id, all except one have a new id now.
        if fold_title(&post.title) != fold_title(&old.title)
            && let Some(renamed) = candidates.into_iter().find(is_renamed)
        {
            return Finding::Reappears(Arc::clone(renamed), "title");
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
    // If the file changes right now, the data of the catalog is compared.
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

/// Normalises a link: removes the scheme, the encoding and a trailing `/`, which may change in a move.
fn fold_link(link: &str) -> String {
    let normal = normalise_url(link.trim());
    let bare = normal.strip_prefix("https://").or_else(|| normal.strip_prefix("http://")).unwrap_or(&normal);
    bare.trim_end_matches('/').to_owned()
}

/// Normalises a title: smart quotes, dashes, letter case and white space, which generators change.
fn fold_title(title: &str) -> String {
    let plain = title.replace(['“', '”', '„', '«', '»'], "\"").replace(['‘', '’'], "'").replace('…', "...");
    let plain = plain.replace("---", "-").replace("--", "-").replace(['–', '—'], "-");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
