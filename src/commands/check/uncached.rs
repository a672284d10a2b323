//! Feeds that are too large for the cache: each request for them is rendered.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;

use crate::catalog::{PostTexts, Snapshot};
use crate::config::{Config, Content, Problem};
use crate::feed::{Address, list_places, plan};
use crate::post::SourceId;

/// Each feed as a warning. Its size is estimated from the sizes of its posts' files.
pub(super) fn list(config: &Config, snapshot: &Snapshot, texts: &dyn PostTexts) -> Vec<Problem> {
    let largest = config.server.cache / 2;
    let mut sizes: HashMap<(SourceId, Arc<str>), u64> = HashMap::new();
    let mut found = Vec::new();
    let feeds = list_places(snapshot).into_iter().filter_map(|place| {
        let feed = plan(snapshot, Address::of(snapshot, place)?, texts)?;
        (feed.settings.content == Content::Full).then_some(feed)
    });
    for feed in feeds {
        let sizes = feed.posts.iter().map(|post| {
            let root = &snapshot.site.sources[usize::from(post.source)].root;
            let stat = || fs::metadata(root.join(&*post.path)).map_or(0, |metadata| metadata.len());
            *sizes.entry((post.source, Arc::clone(&post.path))).or_insert_with(stat)
        });
        let size: u64 = sizes.sum();
        if size > largest {
            let message = format!(
                "the feed {} has about {} MiB and is not cached: server.cache keeps documents of up to half of its \
                 size. Raise server.cache, or lower the limit of the feed.",
                feed.path,
                size.div_ceil(1 << 20)
            );
            found.push(Problem::warning(config.name(), message));
        }
    }
    found
}
