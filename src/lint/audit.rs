//! Checks of posts that need their text, their entries and the files next to them: for `check`.

use std::collections::{BTreeSet, HashSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use lol_html::html_content::Element;
use lol_html::{HandlerResult, RewriteStrSettings, element, rewrite_str};
use parking_lot::Mutex;
use percent_encoding::percent_decode_str;

use super::locate::{find_key_place, find_place, read_text};
use super::published::Published;
use super::term_spellings::list_spellings;
use crate::catalog::{Site, Snapshot};
use crate::config::{Embeds, Problem};
use crate::feed::Entries;
use crate::post::links::Link;
use crate::post::pages::media_path;
use crate::post::{self, Post, Source};
use crate::site::{find_file, is_published};

/// The number of missing files of one post that are named.
const MOST: usize = 100;

/// Lists the problems of every post, as warnings, in the order of files and lines. Reads all files.
pub fn audit(snapshot: &Snapshot, entries: &Entries) -> Vec<Problem> {
    let posts: Vec<_> = (snapshot.site.source_ids())
        .flat_map(|number| snapshot.posts_of(number).cloned().collect::<Vec<_>>())
        .collect();
    let pages: HashSet<&str> = posts.iter().map(|post| &*post.address).collect();
    let published = Published::new(&snapshot.site, &posts);
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                let mut own = Vec::new();
                while let Some(post) = posts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    examine(&snapshot.site, post, entries, (&pages, &published), &mut own);
                }
                found.lock().append(&mut own);
            });
        }
    });
    let mut found = found.into_inner();
    found.extend(list_spellings(snapshot));
    found.sort();
    found
}

fn examine(
    site: &Site,
    post: &Post,
    entries: &Entries,
    (pages, published): (&HashSet<&str>, &Published),
    found: &mut Vec<Problem>,
) {
    let source = &site.sources[usize::from(post.source)];
    let text = read_text(source, post);
    let file = source.name_file(&post.path);
    let faults = post::lint(source, &post.path, &text).into_iter();
    found.extend(faults.map(|(place, message)| Problem::warning(&file, message).at(place)));
    if post.title.is_empty() {
        let message = "the post has no title: it is named by its first words. Write `title: …`.";
        found.push(Problem::warning(&file, message).at(find_key_place(&text, "title")));
    }
    let broken: Vec<&Link> = find_broken_links(source, post).collect();
    found.extend(broken.iter().map(|link| {
        let advice = "Fix the path, which is relative to the site's folder.";
        Problem::warning(&file, format!("there is no file {:?} to link to. {advice}", link.name()))
            .at(link.place)
    }));
    let mut warn = |message: String, what: &str| {
        let name = what.rsplit('/').next().unwrap_or_default();
        let places = [what, name].map(|written| find_place(&text, None, written));
        let place = places.into_iter().find(|place| *place != (1, 1)).unwrap_or((1, 1));
        found.push(Problem::warning(&file, message).at(place));
    };
    if let Some(media) = post.media.as_ref().filter(|media| media.size.is_none()) {
        let path = &*media.path;
        warn(
            format!("the enclosed file {path:?} does not exist. Fix its path, or put the file there."),
            path,
        );
    }
    // The missing target of a broken link is reported already.
    let is_reported = |path: &str| broken.iter().any(|link| name_page(link.name()) == name_page(path));
    let mut missing: BTreeSet<String> = find_removed_links(source, post).map(str::to_owned).collect();
    // Most posts name no file: their text shows that without their entries. A file that changes meanwhile is
    // checked next time.
    if names_files(&text, source.url.as_str())
        && let Ok(entry) = entries.get(site, post, Embeds::Keep)
    {
        let mut urls = list_files(&entry.html);
        urls.extend(entry.image.as_ref().map(ToString::to_string));
        for path in
            urls.iter().filter(|url| !text.contains(&***url)).filter_map(|url| find_outside(source, url))
        {
            if is_published(source, &path) {
                let base = source.url.path();
                let message = format!(
                    "/{path} is not below the base path {base} of the site, where the file is published. Write \
                     {base}/{path}, or the tag of your generator that adds the base path."
                );
                warn(message, &path);
            }
        }
        // An absolute URL may lead to something else on the same host.
        let own = urls.iter().filter(|url| !is_page(url) || !text.contains(&***url));
        let own = own.filter(|url| !pages.contains(url.split(['?', '#']).next().unwrap_or_default()));
        let own = own.filter(|url| !published.has_asset(url));
        let local = own.filter_map(|url| find_local(source, url));
        let local = local.filter(|path| !has_file(source, post, path));
        missing.extend(local.filter(|path| !published.may_have(post.source, source, path)));
    }
    missing.retain(|path| !is_reported(path));
    for path in missing.iter().take(MOST) {
        let message =
            format!("{path:?} is linked to and does not exist. Fix the link, or put the file there.");
        warn(message, path);
    }
    if missing.len() > MOST {
        let more = missing.len() - MOST;
        warn(
            format!(
                "{more} more files that it links to do not exist. Fix the links, or put the files there."
            ),
            "",
        );
    }
}

/// The paths that a post refers to and that do not exist, in a source whose entries have pages of their own: these
/// references are removed from the entry.
fn find_removed_links<'p>(source: &Source, post: &'p Post) -> impl Iterator<Item = &'p str> {
    let links = post.links.iter().filter(|link| source.links_to_pages && link.target.is_none());
    let paths = links.filter_map(|link| link.reference.strip_prefix("u:")).filter(|path| !path.is_empty());
    paths.filter(move |path| !has_file(source, post, path) && !source.root.join(path).is_dir())
}

/// Finds the links in the dialect's own syntax, `{% link … %}`, whose files do not exist. Without the site around a
/// folder, nothing is checked.
fn find_broken_links<'p>(source: &Source, post: &'p Post) -> impl Iterator<Item = &'p Link> {
    let files = source.dialect.spec().files.config;
    let is_checked = source.dialect.checks_file_links();
    let is_site = is_checked && files.iter().any(|name| source.root.join(name).is_file());
    let root = source.root.clone();
    let links =
        post.links.iter().filter(move |link| is_site && link.target.is_none() && link.is_file_reference());
    links.filter(move |link| !root.join(link.name().trim_start_matches('/')).exists())
}

/// Returns a path without its extension: a page and its file share it.
fn name_page(path: &str) -> &str {
    let path = path.trim_matches('/');
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// Returns true if a text may link to a file of the site: where a link can be, there is a name with an extension that
/// is not part of the URL of another site.
fn names_files(text: &str, own: &str) -> bool {
    const OPENERS: [&str; 8] = ["](", "\"", "'", "=", "[[", "<", "]: ", "|"];
    let divides = |c: char| c.is_whitespace() || "()<>[]{}\"'=,|`".contains(c);
    // Tags of template languages name files anywhere, and a path in angle brackets may hold spaces.
    let is_anywhere = ["{%", "{{", "](<"].iter().any(|tag| text.contains(tag));
    let mut next = 0;
    for word in text.split(divides) {
        let start = next;
        let end = start + word.len();
        next = end + text[end..].chars().next().map_or(0, char::len_utf8);
        if !word.contains('.') {
            continue;
        }
        let is_elsewhere = (word.contains("://") || word.starts_with("//")) && !word.starts_with(own);
        let is_linked = || is_anywhere || OPENERS.iter().any(|opener| text[..start].ends_with(opener));
        let path = word.split(['?', '#']).next().unwrap_or_default();
        if !is_elsewhere && is_file_name(path.rsplit('/').next().unwrap_or_default()) && is_linked() {
            return true;
        }
    }
    false
}

/// Returns true if a name is a file name with an extension that generators do not produce, except for pages.
fn is_file_name(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let is_page = ["xml", "json", "php", "txt"].iter().any(|page| extension.eq_ignore_ascii_case(page));
    let is_extension = extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.chars().any(|c| c.is_ascii_alphabetic());
    !is_page && is_extension && extension.len() <= 5
}

/// Returns true if a URL ends like the URL of a page.
fn is_page(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    [".html", ".htm"].iter().any(|end| path.ends_with(end))
}

/// Returns true if there is a file at a path of the site, or a file from which its page is made.
fn has_file(source: &Source, post: &Post, path: &str) -> bool {
    let stem = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm"));
    let made_of = stem.into_iter().flat_map(|stem| {
        ["md", "markdown", "adoc", "njk", "liquid", "html"].map(|extension| format!("{stem}.{extension}"))
    });
    find_file(source, post, path).is_some()
        || made_of.into_iter().any(|path| find_file(source, post, &path).is_some())
}

/// The URLs of the images, audio, video and other files that an entry shows or links to.
fn list_files(html: &str) -> BTreeSet<String> {
    let found = Mutex::new(BTreeSet::new());
    let note = |attribute: &'static str| {
        let found = &found;
        move |element: &mut Element<'_, '_>| -> HandlerResult {
            if let Some(url) = element.get_attribute(attribute) {
                let url = html_escape::decode_html_entities(&url).into_owned();
                found.lock().insert(url);
            }
            Ok(())
        }
    };
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!(
            "img[src], audio[src], video[src], source[src]",
            note("src")
        ))
        .append_element_content_handler(element!("img[srcset], source[srcset]", |element| {
            let srcset = element.get_attribute("srcset").unwrap_or_default();
            let srcset = html_escape::decode_html_entities(&srcset);
            // Each candidate is a URL and, after a space, its size.
            let urls = srcset.split(", ").filter_map(|candidate| candidate.split_whitespace().next());
            let mut found = found.lock();
            found.extend(urls.map(str::to_owned));
            Ok(())
        }))
        .append_element_content_handler(element!("video[poster]", note("poster")))
        .append_element_content_handler(element!("a[href]", note("href")))
        .with_strict(false);
    // Sanitised HTML can always be parsed.
    let _ = rewrite_str(html, settings);
    found.into_inner()
}

/// The path of the file of the site to which a URL leads, if it leads to a file: pages have none. Web servers treat
/// two slashes as one.
fn find_local(source: &Source, url: &str) -> Option<String> {
    let media = format!("{}{}", source.public_url, media_path(source, ""));
    let below = url.strip_prefix(&*media).filter(|_| source.links_to_pages);
    let below = below.or_else(|| url.strip_prefix(source.url.as_str())?.strip_prefix('/'))?;
    let below = below.trim_start_matches('/');
    let path = below.split(['?', '#']).next().unwrap_or_default();
    let mut path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    is_file_name(path.rsplit('/').next()?).then_some(path)
}

/// The path of a file to which a URL of the site's host leads, if it is not below the base path of the site.
fn find_outside(source: &Source, url: &str) -> Option<String> {
    let base = source.url.as_str();
    let origin = base.strip_suffix(source.url.path()).filter(|origin| origin.len() < base.len())?;
    let below = url.strip_prefix(origin)?.strip_prefix('/')?;
    let is_below_base =
        url.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    let path = percent_decode_str(below.split(['?', '#']).next()?).decode_utf8().ok()?;
    (!is_below_base && is_file_name(path.rsplit('/').next()?)).then(|| path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::names_files;

    #[test]
    fn links_to_files_are_found_in_every_syntax() {
        for text in [
            "![x](a.png)",
            "[x](<a b.png>)",
            "[x]: files/a.zip \"title\"",
            "<img src=a.jpg>",
            "<img alt='' src='../é.webp?x#y'>",
            "![[a.pdf|100]]",
            "{% asset_img a.png %}",
            "{{< figure src=\"a.gif\" >}}",
            "---\nimage: x\n---\n{{ 'a.svg' | relative_url }}",
            "[x](https://example.org/blog/a.png)",
            "[x](/a.tar.gz)",
            "[x](notes.md)",
        ] {
            assert!(names_files(text, "https://example.org/blog"), "{text}");
        }
        for text in [
            "A sentence. Another one.",
            "```rust\nlet n = x.len();\n```",
            "[x](https://example.com/a.png) <https://example.com/a.zip>",
            "[x](/about/) [y](data.json) [z](#a.b)",
            "version 1.2 of it, e.g. this",
            "",
        ] {
            assert!(!names_files(text, "https://example.org/blog"), "{text}");
        }
    }
}
