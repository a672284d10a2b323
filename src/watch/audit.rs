//! What is wrong with posts that shows only in their text, their entries and the files next to them: for `check`.

use std::collections::{BTreeSet, HashSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use lol_html::html_content::Element;
use lol_html::{HandlerResult, RewriteStrSettings, element, rewrite_str};
use percent_encoding::percent_decode_str;

use super::locate::{find_key_place, find_place, read_text};
use super::published::Published;
use super::site_media::find_file;
use super::term_spellings::list_spellings;
use crate::catalog::{Site, Snapshot};
use crate::config::{Dialect, Embeds, Problem};
use crate::feed::Entries;
use crate::post::links::Link;
use crate::post::pages::media_path;
use crate::post::{self, Post, Source};

/// How many missing files of one post are named.
const MOST: usize = 100;

/// Problems of every post, as warnings, in the order of files and lines. Reads all files.
pub fn audit(snapshot: &Snapshot, entries: &Entries) -> Vec<Problem> {
    let posts: Vec<_> = (0..snapshot.site.sources.len() as u16)
        .flat_map(|number| snapshot.posts_of(number).cloned().collect::<Vec<_>>())
        .collect();
    let addresses: HashSet<&str> = posts.iter().map(|post| &*post.address).collect();
    let published = Published::new(&snapshot.site, &posts);
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                let mut own = Vec::new();
                while let Some(post) = posts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    examine(&snapshot.site, post, entries, (&addresses, &published), &mut own);
                }
                found.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
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
    let lost: Vec<&Link> = find_lost_files(source, post).collect();
    found.extend(lost.iter().map(|link| {
        let advice = "Fix the path, which is relative to the site's folder.";
        Problem::warning(&file, format!("there is no file {:?} to link to. {advice}", link.name()))
            .at(link.place)
    }));
    let mut warn = |message: String, what: &str| {
        let name = what.rsplit('/').next().unwrap_or_default();
        found.push(Problem::warning(&file, message).at(find_place(&text, None, name)));
    };
    if let Some(media) = post.media.as_ref().filter(|media| media.size.is_none()) {
        let path = &*media.path;
        warn(
            format!("the enclosed file {path:?} does not exist. Fix its path, or put the file there."),
            path,
        );
    }
    // Most posts name no file: that is seen without making their entries.
    if !names_files(&text, source.url.as_str()) {
        return;
    }
    // A file that changes meanwhile is looked at next time.
    let Ok(entry) = entries.get(site, post, Embeds::Keep) else { return };
    let mut addresses = list_files(&entry.html);
    addresses.extend(entry.image.as_ref().map(ToString::to_string));
    // A whole address may be that of something else on the same host.
    let own = addresses.iter().filter(|address| !is_page(address) || !text.contains(&**address));
    let own = own.filter(|address| !pages.contains(address.split(['?', '#']).next().unwrap_or_default()));
    let own = own.filter(|address| !published.has_asset(address));
    let local = own.filter_map(|address| find_local(source, address));
    let missing = local.filter(|path| !has_file(source, post, path));
    let missing = missing.filter(|path| !published.may_have(post.source, source, path));
    // Where such a link would lead is reported already.
    let is_lost = |path: &str| lost.iter().any(|link| name_page(link.name()) == name_page(path));
    let missing: Vec<String> = missing.filter(|path| !is_lost(path)).collect();
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

/// Files of the site that a post names in its dialect's own way, `{% link … %}`, and that do not exist. Of a folder
/// without the site around it nothing is known.
fn find_lost_files<'p>(source: &Source, post: &'p Post) -> impl Iterator<Item = &'p Link> {
    let is_checked = matches!(source.rules.dialect, Dialect::Jekyll | Dialect::Zola);
    let is_site = is_checked && source.rules.config_files.iter().any(|name| source.root.join(name).is_file());
    let root = source.root.clone();
    let links = post.links.iter().filter(move |link| is_site && link.target.is_none() && link.is_to_file());
    links.filter(move |link| !root.join(link.name().trim_start_matches('/')).exists())
}

/// What a page and its file have in common: the path without extension.
fn name_page(path: &str) -> &str {
    let path = path.trim_matches('/');
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// Whether a text may link to a file of the site: where a link can stand, something with an extension that is
/// not an address elsewhere.
fn names_files(text: &str, own: &str) -> bool {
    const OPENERS: [&str; 8] = ["](", "\"", "'", "=", "[[", "<", "]: ", "|"];
    let divides = |c: char| c.is_whitespace() || "()<>[]{}\"'=,|`".contains(c);
    // Tags of template languages name files anywhere, and a path in angle brackets may hold spaces.
    let is_anywhere = ["{%", "{{", "](<"].iter().any(|sign| text.contains(sign));
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

/// Whether a name is that of a file that no generator makes of something else, but for pages.
fn is_file_name(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let is_page = ["xml", "json", "php", "txt"].iter().any(|page| extension.eq_ignore_ascii_case(page));
    let is_extension = extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.chars().any(|c| c.is_ascii_alphabetic());
    !is_page && is_extension && extension.len() <= 5
}

/// Whether an address ends like that of a page.
fn is_page(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    [".html", ".htm"].iter().any(|end| path.ends_with(end))
}

/// Whether there is a file at a path of the site, or one that its page is made of.
fn has_file(source: &Source, post: &Post, path: &str) -> bool {
    let stem = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm"));
    let made_of = stem.into_iter().flat_map(|stem| {
        ["md", "markdown", "adoc", "njk", "liquid", "html"].map(|extension| format!("{stem}.{extension}"))
    });
    find_file(source, post, path).is_some()
        || made_of.into_iter().any(|path| find_file(source, post, &path).is_some())
}

/// The addresses of pictures, sounds, films and files that an entry shows or links to.
fn list_files(html: &str) -> BTreeSet<String> {
    let found = Mutex::new(BTreeSet::new());
    let note = |attribute: &'static str| {
        let found = &found;
        move |element: &mut Element<'_, '_>| -> HandlerResult {
            if let Some(address) = element.get_attribute(attribute) {
                let address = html_escape::decode_html_entities(&address).into_owned();
                found.lock().unwrap_or_else(PoisonError::into_inner).insert(address);
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
            // Each candidate is an address and, after a space, how large it is.
            let addresses = srcset.split(", ").filter_map(|candidate| candidate.split_whitespace().next());
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.extend(addresses.map(str::to_owned));
            Ok(())
        }))
        .append_element_content_handler(element!("video[poster]", note("poster")))
        .append_element_content_handler(element!("a[href]", note("href")))
        .with_strict(false);
    // What was cleaned can be read again.
    let _ = rewrite_str(html, settings);
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The path of a file of the site that an address leads to, if it leads to one: pages have no file. Web servers take
/// two slashes for one.
fn find_local(source: &Source, address: &str) -> Option<String> {
    let media = format!("{}{}", source.public_url, media_path(source, ""));
    let below = address.strip_prefix(&*media).filter(|_| source.links_to_pages);
    let below = below.or_else(|| address.strip_prefix(source.url.as_str())?.strip_prefix('/'))?;
    let below = below.trim_start_matches('/');
    let path = below.split(['?', '#']).next().unwrap_or_default();
    let mut path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    is_file_name(path.rsplit('/').next()?).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::names_files;

    #[test]
    fn links_to_files_are_seen_wherever_they_can_stand() {
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
