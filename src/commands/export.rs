//! `feedmill export`: writes every feed and page as a static file, for static hosting.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::web::Bytes;
use anyhow::Context;
use chrono::Utc;
use clap::Args;

use super::export_folder::{ExportFolder, Tally};
use super::input::SiteOption;
use super::progress::Progress;
use crate::bodies::DiskBodies;
use crate::catalog::Snapshot;
use crate::config::{BaseUrl, Embeds, Severity};
use crate::feed::{
    Address, Bodies, Document, Entries, Feed, Group, Pages, Place, Unread, build, list_formats,
    list_other_paths, list_places, plan, write, write_opml,
};
use crate::http::Coding;
use crate::page::{EntryPage, FeedPage, find_stylesheet, list_assets, write_group};
use crate::post::links::Link;
use crate::post::pages::{media_path, page_path};
use crate::post::text::name_count;
use crate::post::{Post, Text};
use crate::watch;

/// The folder that remembers the arrivals of posts for the next export.
const ARRIVALS: &str = ".feedmill-arrivals";

/// The arguments of `export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Where to write; created if it does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How readers reach the files: the base of self links
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    public_url: Option<BaseUrl>,
    /// Write a .gz next to each file, for the static modules of servers
    #[arg(long)]
    gzip: bool,
    /// Write a .br next to each file
    #[arg(long)]
    br: bool,
    #[command(flatten)]
    site: SiteOption,
}

pub(super) fn run(config: Option<PathBuf>, export: Export) -> anyhow::Result<ExitCode> {
    let mut config = super::load(&export.site.with_config(config))?;
    config.server.public_url = export.public_url.clone().or(config.server.public_url);
    if config.server.public_url.is_none() {
        tracing::warn!(
            "the URL of the files is not known: their links begin with {}. Name it with --public-url.",
            config.server.public_url()
        );
    }
    let read = watch::read_with_arrivals(&config, Utc::now(), &export.folder.join(ARRIVALS));
    let snapshot = super::report(read.map_err(|problems| super::describe_invalid(&config, problems))?);
    let bodies = DiskBodies::default();
    bodies.hold(&snapshot);
    let bodies = Arc::new(bodies);
    let entries = Entries::new(64 << 20, Arc::clone(&bodies) as Arc<dyn Bodies>);
    let codings = [(Coding::Gzip, export.gzip), (Coding::Brotli, export.br)];
    let codings = codings.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(coding, _)| coding);
    let mut output = ExportFolder::open(&export.folder, codings.collect())?;
    // An alias takes precedence over what else is at its path, as on the server.
    let other_paths = list_other_paths(&snapshot);
    for (path, _) in &other_paths {
        output.reserve(&name_file(path));
    }
    let places = list_places(&snapshot);
    let progress = Progress::new("places", places.len());
    let mut unread = BTreeSet::new();
    for place in places {
        write_place(&snapshot, &entries, &place, &mut output, &mut unread)?;
        progress.advance();
    }
    progress.end();
    if snapshot.site.pages.enabled {
        for group in Group::list_with_page(&snapshot) {
            let page = write_group(&snapshot, group, None);
            output.write(&format!("{}index.html", group.path(&snapshot)), &page.into())?;
        }
        for asset in list_assets().iter().chain(&find_stylesheet(&snapshot)) {
            output.write(&asset.path, &Bytes::copy_from_slice(asset.text.as_bytes()))?;
        }
        write_entries(&snapshot, &entries, &mut output, &mut unread)?;
        write_media(&snapshot, &*bodies, &mut output)?;
    }
    output.write("/opml.xml", &write_opml(&snapshot)?.into())?;
    for (path, address) in &other_paths {
        if let Some((_, document)) = make_document(&snapshot, &entries, address.clone(), &mut unread)? {
            output.write_reserved(&name_file(path), &write(&document, address.format).into())?;
        }
    }
    for (old, _) in &snapshot.site.paths.aliases {
        if !other_paths.iter().any(|(path, _)| *path == old.0) {
            tracing::warn!(
                "the alias {:?} is not exported: it has a query, or does not lead to a feed",
                old.0
            );
        }
    }
    let Tally { written, kept, removed, left } = output.close()?;
    for (path, why) in &left {
        tracing::error!("{} was left alone: {why}.", path.display());
    }
    for file in &unread {
        tracing::error!("{file} changed while it was exported: its entry carries its summary. Export again.");
    }
    let counts = format!("{} written, {kept} unchanged, {removed} removed.\n", name_count(written, "file"));
    super::print(counts.as_bytes())?;
    let has_errors = snapshot.problems.iter().any(|problem| problem.severity == Severity::Error);
    let is_complete = left.is_empty() && unread.is_empty() && !has_errors;
    Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the feed of a place and its archive documents in each format, and their pages. They are as served, except for
/// links to hubs and to further pages, which static files cannot have. Each file is written before the next is made: a
/// history is larger than memory. Posts whose texts are unavailable are added to `unread`.
fn write_place(
    snapshot: &Snapshot,
    entries: &Entries,
    place: &Place,
    output: &mut ExportFolder,
    unread: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    // A page shows the preferred format first, as the served page does.
    let preferred = Address::of(snapshot, place.clone()).map(|address| address.format);
    for format in list_formats(snapshot, place) {
        let has_pages = snapshot.site.pages.enabled && preferred == Some(*format);
        let mut write_document = |archive| -> anyhow::Result<usize> {
            let address = Address { archive, ..Address::new(place.clone(), *format) };
            let made = make_document(snapshot, entries, address, unread)?;
            let (feed, document) = made.context("a document that is listed does not exist")?;
            if has_pages {
                let page = FeedPage::new(snapshot, &feed).write(snapshot, &document);
                output.write(&format!("{}index.html", feed.people_path(snapshot, 1)), &page.into())?;
            }
            output.write(&feed.path, &write(&document, *format).into())?;
            Ok(feed.archives.map_or(0, |archives| archives.count))
        };
        for number in 1..=write_document(None)? {
            write_document(Some(number))?;
        }
    }
    Ok(())
}

/// The file of a path: web servers send the `index.html` of a folder, whatever its content is.
fn name_file(path: &str) -> String {
    if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

/// Makes the document of a feed as a single page; `None` if there is no such page.
fn make_document(
    snapshot: &Snapshot,
    entries: &Entries,
    address: Address,
    unread: &mut BTreeSet<String>,
) -> anyhow::Result<Option<(Feed, Document)>> {
    let texts = entries.texts(&snapshot.site);
    let Some(mut feed) = plan(snapshot, address, &texts) else { return Ok(None) };
    feed.pages = Pages { number: 1, count: 1 };
    let mut document = build_with_fallback(snapshot, &mut feed, entries)?;
    for post in feed.posts.iter().filter(|post| post.text == Text::Unavailable) {
        unread.insert(snapshot.site.sources[usize::from(post.source)].name_file(&post.path));
    }
    // A static host notifies no hub.
    document.hubs.clear();
    Ok(Some((feed, document)))
}

/// Writes the pages of entries, to which the pages of feeds link.
fn write_entries(
    snapshot: &Snapshot,
    entries: &Entries,
    output: &mut ExportFolder,
    unread: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    for post in snapshot.visible() {
        let source = &snapshot.site.sources[usize::from(post.source)];
        let mut post = [Arc::clone(post)];
        let entry = entries.get(&snapshot.site, &post[0], Embeds::Link).or_else(|_: Unread| {
            entries.settle(&snapshot.site, &mut post, Embeds::Link);
            unread.insert(source.name_file(&post[0].path));
            entries.get(&snapshot.site, &post[0], Embeds::Link)
        });
        let entry = entry.map_err(|_| anyhow::anyhow!("a post changes while it is exported"))?;
        let page = EntryPage::new(snapshot, &post[0]).write(snapshot, &entry);
        output.write(&format!("{}index.html", page_path(source, &post[0].path)), &page.into())?;
    }
    Ok(())
}

/// Writes the media files to which these entries refer. A missing file is left out.
fn write_media(snapshot: &Snapshot, bodies: &dyn Bodies, output: &mut ExportFolder) -> anyhow::Result<()> {
    let files = list_linked(snapshot).flat_map(|post| {
        let files = post.links.iter().filter_map(Link::media);
        files.map(|path| (post.source, path))
    });
    for (source, path) in files.collect::<BTreeSet<_>>() {
        let source = &snapshot.site.sources[usize::from(source)];
        let Some(mut file) = bodies.open_media(source, path) else { continue };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(|| format!("{} cannot be read", source.name_file(path)))?;
        output.write_alone(&media_path(source, path), &bytes.into())?;
    }
    Ok(())
}

/// The visible posts whose entries link to their own pages.
fn list_linked(snapshot: &Snapshot) -> impl Iterator<Item = &Arc<Post>> {
    let is_linked = |post: &&Arc<Post>| snapshot.site.sources[usize::from(post.source)].links_to_pages;
    snapshot.visible().filter(is_linked)
}

/// Builds the document of a feed. A post whose file is not as the snapshot knows it gets its kept text, else its
/// summary.
fn build_with_fallback(snapshot: &Snapshot, feed: &mut Feed, entries: &Entries) -> anyhow::Result<Document> {
    build(snapshot, feed, entries).or_else(|_: Unread| {
        entries.settle(&snapshot.site, &mut feed.posts, feed.settings.embeds);
        let again = build(snapshot, feed, entries);
        again.map_err(|_: Unread| {
            anyhow::anyhow!("posts keep changing while they are exported. Run it again.")
        })
    })
}
