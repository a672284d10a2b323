//! The files that a site publishes below the pages of its posts, and its pages that are not posts.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;

use crate::catalog::Site;
use crate::file;
use crate::post::source::has_extension;
use crate::post::{Post, Source, SourceId};

/// The files and pages of a site against which links are checked.
pub(super) struct Published {
    /// The folders whose files are published below a page, by the URLs of the pages.
    folders: HashMap<String, PathBuf>,
    /// The names of all files of the sources, by the places of the sources, once they are needed.
    names: Vec<OnceLock<Names>>,
}

impl Published {
    pub(super) fn new(site: &Site, posts: &[Arc<Post>]) -> Self {
        let folders = posts.iter().filter_map(|post| {
            let source = &site.sources[usize::from(post.source)];
            let folder = source.dialect.assets(&source.site, &post.path)?;
            Some((name_page(&post.address), source.root.join(folder)))
        });
        Self { folders: folders.collect(), names: site.sources.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Returns true if a file next to the page of any post is published at a URL.
    pub(super) fn has_asset(&self, url: &str) -> bool {
        let url = decode(url);
        url.rmatch_indices('/').any(|(at, _)| {
            self.folders.get(&url[..at]).is_some_and(|folder| folder.join(&url[at + 1..]).is_file())
        })
    }

    /// Returns true if a file of a source may be published at a path, which depends on its front matter or its
    /// collection. Links of Obsidian find a file by its name in any folder.
    pub(super) fn may_have(&self, number: SourceId, source: &Source, path: &str) -> bool {
        let names = self.names[usize::from(number)].get_or_init(|| Names::read(source));
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")) {
            Some(stem) => names.documents.contains(stem) || names.written.contains(path),
            None => source.dialect.spec().finds_media_by_name && names.files.contains(name),
        }
    }
}

/// The URL of a page without its extension and trailing slashes.
fn name_page(url: &str) -> String {
    let url = decode(url);
    let page = url.strip_suffix(".html").or_else(|| url.strip_suffix(".htm")).unwrap_or(&url);
    page.trim_end_matches('/').to_owned()
}

fn decode(url: &str) -> String {
    percent_decode_str(url.split(['?', '#']).next().unwrap_or_default()).decode_utf8_lossy().into_owned()
}

/// Names of a source's files.
#[derive(Default)]
struct Names {
    /// The names of all files, without their folders.
    files: HashSet<String>,
    /// The names of documents of collections (`_team/ada.md`), without their extensions, also without their dates.
    documents: HashSet<String>,
    /// Paths of pages that front matter writes: `permalink: /team.html`, `aliases: [/old.html]`.
    written: HashSet<String>,
}

/// The number of bytes of a page that are read for its front matter.
const HEAD: u64 = 16 << 10;

/// Extensions of files that become pages.
const PAGES: &[&str] = &["md", "markdown", "html", "htm", "adoc", "njk", "liquid", "org", "textile"];

impl Names {
    fn read(source: &Source) -> Self {
        let mut names = Self::default();
        names.walk(&source.root, false);
        names
    }

    fn walk(&mut self, folder: &Path, in_collection: bool) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            if name.starts_with('.') || matches!(name.as_str(), "node_modules" | "_site") {
                continue;
            }
            // A link to a folder is not followed: it may lead in a circle.
            if kind.is_dir() {
                let is_collection = name.starts_with('_') && !matches!(name.as_str(), "_posts" | "_drafts");
                self.walk(&entry.path(), in_collection || is_collection);
                continue;
            }
            if has_extension(&name, PAGES) {
                if in_collection {
                    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
                    self.documents.extend([stem.to_owned(), strip_date(stem).to_owned()]);
                }
                self.read_head(&entry.path());
            }
            self.files.insert(name);
        }
    }

    fn read_head(&mut self, path: &Path) {
        let mut head = Vec::new();
        let is_read = file::open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
        if !is_read {
            return;
        }
        let head = String::from_utf8_lossy(&head);
        let fence = head.get(..3).filter(|fence| ["---", "+++"].contains(fence));
        let Some(end) = fence.and_then(|fence| head[3..].find(&format!("\n{fence}"))) else { return };
        let words = head[3..3 + end].split(|c: char| c.is_whitespace() || "\"'[],".contains(c));
        let pages = words.filter(|word| has_extension(word, &["html", "htm"]));
        self.written.extend(pages.map(|page| page.trim_matches('/').to_owned()));
    }
}

/// The name of a dated file without its date.
fn strip_date(stem: &str) -> &str {
    let is_date =
        |(at, b): (usize, u8)| if matches!(at, 4 | 7 | 10) { b == b'-' } else { b.is_ascii_digit() };
    let date = stem.as_bytes().get(..11);
    match date {
        Some(date) if date.iter().copied().enumerate().all(is_date) => &stem[11..],
        _ => stem,
    }
}
