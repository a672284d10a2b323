//! Images and embeds in `noscript` → the page itself: a feed reader executes no scripts.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;

use lol_html::html_content::Element;

use super::rewrite::{LAZY, LAZY_SETS, read, walk};

/// Replaces each `noscript` element, whose content is text to a parser, with its content. Content that only repeats
/// an image next to it is removed.
pub(super) fn open(html: &str) -> Cow<'_, str> {
    let mut tags = html.match_indices('<').map(|(at, _)| at + 1);
    let is_noscript =
        |at: usize| html.get(at..at + 8).is_some_and(|name| name.eq_ignore_ascii_case("noscript"));
    if !tags.any(is_noscript) {
        return Cow::Borrowed(html);
    }
    let shown: RefCell<HashSet<String>> = RefCell::default();
    walk(html, |element| {
        let names = LAZY.iter().chain(&["src"]);
        shown.borrow_mut().extend(names.filter_map(|name| read(element, name)));
        Ok(())
    });
    let shown = shown.into_inner();
    let mut last_was_lazy = false;
    let mut rest = html;
    let mut opened = String::with_capacity(html.len());
    // The parser does not parse the content of `noscript`, so its images are found in the text itself.
    while let Some(at) = find_tag(rest, "noscript") {
        let end = find_tag(&rest[at..], "/noscript").map_or(rest.len(), |end| at + end);
        let (before, inner) = (&rest[..at], rest[at..end].split_once('>').map_or("", |(_, inner)| inner));
        walk(before, |element| {
            match element.tag_name().as_str() {
                "img" => last_was_lazy = is_lazy(element),
                "source" => last_was_lazy |= is_lazy(element),
                // The copy is next to its image, perhaps outside the link around it.
                "picture" | "a" | "span" => {}
                _ => last_was_lazy = false,
            }
            Ok(())
        });
        let images = list_images(inner);
        let repeats = !images.is_empty() && images.iter().all(|image| shown.contains(image));
        opened.push_str(before);
        if !repeats && !last_was_lazy {
            opened.push_str(inner);
        }
        rest = rest[end..].split_once('>').map_or("", |(_, rest)| rest);
    }
    opened.push_str(rest);
    Cow::Owned(opened)
}

/// Returns the offset of the first tag with this name, in any case.
fn find_tag(html: &str, name: &str) -> Option<usize> {
    html.match_indices('<')
        .map(|(at, _)| at)
        .find(|at| html.get(at + 1..at + 1 + name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name)))
}

fn list_images(html: &str) -> Vec<String> {
    let images: RefCell<Vec<String>> = RefCell::default();
    walk(html, |element| {
        if element.tag_name() == "img" {
            images.borrow_mut().extend(read(element, "src"));
        }
        Ok(())
    });
    images.into_inner()
}

fn is_lazy(element: &Element<'_, '_>) -> bool {
    LAZY.iter().chain(&LAZY_SETS).any(|name| read(element, name).is_some())
}
