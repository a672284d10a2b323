//! URLs of entry pages and of media files on this server, and the references that lead to them.

use percent_encoding::percent_decode_str;

use super::address::{encode_path, encode_segment};
pub use super::media_types::media_type;
use super::model::Post;
use super::source::Source;

/// The URL path of the entry page of the post at a file path, without the path of the public URL:
/// `/entries/notes/sub/note/`.
pub fn page_path(source: &Source, path: &str) -> String {
    format!("/entries/{}/{}/", encode_segment(&source.name), encode_path(name_page(path)))
}

/// The name of a post's page in its URL: the path of its file, without `.md`. Other extensions are kept: `a.md` and
/// `a.html` may be in one folder.
pub fn name_page(path: &str) -> &str {
    path.strip_suffix(".md").filter(|stem| !stem.is_empty() && !stem.ends_with('/')).unwrap_or(path)
}

/// The URL path of a media file, given its path below the URL of the site, without the path of the public URL.
pub fn media_path(source: &Source, path: &str) -> String {
    format!("/media/{}/{}", encode_segment(&source.name), encode_path(path))
}

/// The URL that the entry of a post links to, unless its front matter names another.
pub fn entry_url(source: &Source, post: &Post) -> String {
    if source.links_to_pages { page_url(source, post) } else { post.address.to_string() }
}

/// The URL of an entry page.
fn page_url(source: &Source, post: &Post) -> String {
    format!("{}{}", source.public_url, page_path(source, &post.path))
}

/// The URL against which relative references of a post are resolved: its permalink, or in plain folders the URL of
/// its file, so that they lead to the files next to it.
pub fn base_of(source: &Source, post: &Post) -> String {
    if source.dialect.spec().publishes_files {
        format!("{}/{}", source.url, encode_path(&post.path))
    } else {
        post.address.to_string()
    }
}

/// Returns true if URLs in bodies may be replaced: by that of an entry page or a media file, or, if written as the
/// path of a file, by the permalink of that post.
pub(super) fn relocates(source: &Source) -> bool {
    source.links_to_pages || source.dialect.spec().publishes_files
}

/// The references by which bodies can refer to a post: its permalink, and in plain folders its file.
pub(super) fn list_references(source: &Source, post: &Post) -> Vec<String> {
    if !relocates(source) {
        return Vec::new();
    }
    let permalink = Local::find(source, &post.address).map(|local| local.reference());
    let file = source.dialect.spec().publishes_files.then(|| format!("u:{}", post.path));
    permalink.into_iter().chain(file).collect()
}

/// A URL below the URL of a site.
pub(super) struct Local<'u> {
    /// Path below that of the site, decoded, without `/` at either end.
    pub(super) path: String,
    /// `#part`, or empty.
    pub(super) fragment: &'u str,
}

impl<'u> Local<'u> {
    /// Parses a URL of the site of a source; `None` if it is elsewhere.
    pub(super) fn find(source: &Source, url: &'u str) -> Option<Self> {
        let is_end = |rest: &&str| rest.is_empty() || rest.starts_with(['/', '?', '#']);
        let below = url.strip_prefix(source.url.as_str()).filter(is_end)?;
        // If the URL of the site is unknown, it may equal the public one.
        let own = url.strip_prefix(source.public_url.as_str()).unwrap_or_default();
        if own.starts_with("/entries/") || own.starts_with("/media/") {
            return None;
        }
        let path = &below[..below.find(['?', '#']).unwrap_or(below.len())];
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let path = path.trim_matches('/');
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let path = if file == "index.html" { folder } else { path };
        Some(Self { path: path.to_owned(), fragment: below.find('#').map_or("", |at| &below[at..]) })
    }

    /// The form in which posts store the reference.
    pub(super) fn reference(&self) -> String {
        format!("u:{}", self.path)
    }

    /// The URL if it leads to the post whose entry is at `link`.
    pub(super) fn lead_to(&self, link: &str) -> String {
        format!("{link}{}", self.fragment)
    }

    /// The URL on the site.
    pub(super) fn url(&self, source: &Source) -> String {
        format!("{}/{}{}", source.url, encode_path(&self.path), self.fragment)
    }

    /// The URL on this server if it leads to a media file.
    pub(super) fn media_url(&self, source: &Source) -> Option<String> {
        media_type(&self.path)?;
        Some(format!("{}{}{}", source.public_url, media_path(source, &self.path), self.fragment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_by_their_files() {
        for (path, name) in [
            ("sub/a.md", "sub/a"),
            ("a.html", "a.html"),
            ("a.b.md", "a.b"),
            ("sub/.md", "sub/.md"),
            (".md", ".md"),
        ] {
            assert_eq!(name_page(path), name);
        }
    }
}
