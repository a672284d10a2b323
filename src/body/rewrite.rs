//! HTML → HTML whose addresses are absolute and whose lazy images are real.

use std::borrow::Cow;
use std::sync::LazyLock;

use lol_html::html_content::{ContentType, Element};
use lol_html::{ElementContentHandlers, HandlerResult, RewriteStrSettings, Selector, rewrite_str};
use url::Url;

use super::Context;
use super::embeds::describe;
use super::footnotes::Footnotes;
use crate::config::Embeds;

static EVERY_ELEMENT: LazyLock<Selector> = LazyLock::new(|| "*".parse().expect("`*` is a selector"));

/// Attributes that hold one address.
const ADDRESSES: [&str; 5] = ["href", "src", "poster", "cite", "longdesc"];

/// Where lazy loaders hide the address of an image, most telling first.
const LAZY: [&str; 6] =
    ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc", "data-url"];
const LAZY_SETS: [&str; 2] = ["data-srcset", "data-lazy-srcset"];

/// Resolves every address, gives ids their prefix, and makes links of embeds unless they stay.
/// HTML that can't be read is given back as it is.
pub(super) fn rewrite(html: &str, context: &Context<'_>) -> String {
    let page = context.page;
    let html = &*open_noscript(html);
    let mut notes = Footnotes::new(context.dialect);
    let handler = |element: &mut Element<'_, '_>| {
        let name = element.tag_name();
        match name.as_str() {
            "iframe" | "embed" if context.embeds == Embeds::Link => replace_embed(element, page),
            "img" | "source" | "iframe" | "video" | "audio" => make_real(element),
            "embed" | "object" | "lite-youtube" | "lite-vimeo" | "youtube-video" => {
                replace_embed(element, page);
            }
            "input" => replace_box(element),
            "a" => notes.rename(element),
            _ => {}
        }
        absolutise(element, page);
        prefix_ids(element, context.prefix);
        Ok(())
    };
    walk(html, handler)
}

/// Hands every element to `handler`.
fn walk(html: &str, handler: impl FnMut(&mut Element<'_, '_>) -> HandlerResult) -> String {
    let handlers = (Cow::Borrowed(&*EVERY_ELEMENT), ElementContentHandlers::default().element(handler));
    let settings = RewriteStrSettings::new().append_element_content_handler(handlers).with_strict(false);
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// HTML as readers without scripts see it. What stands in `noscript` is text to a parser until then; where
/// it repeats a lazy image before it, it goes.
fn open_noscript(html: &str) -> Cow<'_, str> {
    let mut tags = html.match_indices('<').map(|(at, _)| at + 1);
    let is_noscript =
        |at: usize| html.get(at..at + 8).is_some_and(|name| name.eq_ignore_ascii_case("noscript"));
    if !tags.any(is_noscript) {
        return Cow::Borrowed(html);
    }
    let mut last_was_lazy = false;
    let opened = walk(html, |element| {
        match element.tag_name().as_str() {
            "img" => last_was_lazy = is_lazy(element),
            "source" => last_was_lazy |= is_lazy(element),
            "noscript" if last_was_lazy => element.remove(),
            "noscript" => element.remove_and_keep_content(),
            // A twin stands beside its image, perhaps outside the link around it.
            "picture" | "a" | "span" => {}
            _ => last_was_lazy = false,
        }
        Ok(())
    });
    Cow::Owned(opened)
}

fn is_lazy(element: &Element<'_, '_>) -> bool {
    LAZY.iter().chain(&LAZY_SETS).any(|name| read(element, name).is_some())
}

/// An attribute as its author meant it: lol_html hands it over undecoded.
fn read(element: &Element<'_, '_>, name: &str) -> Option<String> {
    let raw = element.get_attribute(name)?;
    Some(html_escape::decode_html_entities(raw.trim()).into_owned()).filter(|value| !value.is_empty())
}

/// Sets an attribute; a value that HTML can't hold leaves it away.
fn write(element: &mut Element<'_, '_>, name: &str, value: &str) {
    let encoded = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    if element.set_attribute(name, &encoded).is_err() {
        element.remove_attribute(name);
    }
}

/// Ids, and what refers to them within a table, are told apart from those of other entries.
fn prefix_ids(element: &mut Element<'_, '_>, prefix: &str) {
    for name in ["id", "headers"] {
        if let Some(ids) = read(element, name) {
            let own = ids.split_ascii_whitespace().map(|id| format!("{prefix}{id}"));
            write(element, name, &own.collect::<Vec<_>>().join(" "));
        }
    }
}

/// Gives what is loaded lazily its real address.
fn make_real(element: &mut Element<'_, '_>) {
    for (names, target) in [(&LAZY[..], "src"), (&LAZY_SETS[..], "srcset")] {
        if let Some(value) = names.iter().find_map(|name| read(element, name)) {
            write(element, target, &value);
        }
    }
}

fn absolutise(element: &mut Element<'_, '_>, page: &Url) {
    for name in ADDRESSES {
        let Some(written) = read(element, name) else { continue };
        match resolve(&written, page) {
            Some(absolute) => write(element, name, &absolute),
            None => element.remove_attribute(name),
        }
    }
    if let Some(set) = read(element, "srcset") {
        write(element, "srcset", &resolve_set(&set, page));
    }
}

/// An address as a reader can use it; `None` if it is none.
fn resolve(written: &str, page: &Url) -> Option<String> {
    // What carries its own data is not an address to change.
    if written.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return Some(written.to_owned());
    }
    page.join(written).ok().map(String::from)
}

/// `HTML Living Standard §4.8.4.2.1 srcset`: each candidate is an address and perhaps a descriptor.
fn resolve_set(set: &str, page: &Url) -> String {
    let mut candidates = Vec::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            return candidates.join(", ");
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (written, after) = rest.split_at(end);
        let bare = written.trim_end_matches(',');
        let mut descriptor = "";
        rest = after;
        if bare.len() == written.len() {
            let end = after.find(',').unwrap_or(after.len());
            descriptor = after[..end].trim();
            rest = &after[end..];
        }
        if let Some(absolute) = resolve(bare, page) {
            // A comma at either end of an address would end the candidate.
            let absolute = absolute.replace(' ', "%20");
            candidates.push(format!("{absolute} {descriptor}").trim_end().to_owned());
        }
    }
}

/// An embed becomes a link that names it: by its title, else by who provides it and where it is.
fn replace_embed(element: &mut Element<'_, '_>, page: &Url) {
    let by_id = |provider: &str| Some(format!("{provider}{}", read(element, "videoid")?));
    let source = match element.tag_name().as_str() {
        "lite-youtube" => by_id("https://www.youtube.com/watch?v="),
        "lite-vimeo" => by_id("https://vimeo.com/"),
        _ => LAZY.iter().chain(&["src", "data"]).find_map(|name| read(element, name)),
    };
    let target = source.and_then(|source| resolve(&source, page)).and_then(|url| Url::parse(&url).ok());
    let Some(target) = target.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        // What is put in place of an object that can't be shown stays.
        if element.tag_name() == "object" {
            element.remove_and_keep_content();
        } else {
            element.remove();
        }
        return;
    };
    let (provider, address) = describe(&target);
    let title = read(element, "title").or_else(|| read(element, "playlabel"));
    let name = title.unwrap_or_else(|| match provider {
        Some(provider) => format!("{provider}: {address}"),
        None => address.clone(),
    });
    let (href, name) =
        (html_escape::encode_double_quoted_attribute(&address), html_escape::encode_text(&name));
    element.replace(&format!("<a href=\"{href}\">{name}</a>"), ContentType::Html);
}

/// The box of a task becomes a character: readers show no form controls.
fn replace_box(element: &mut Element<'_, '_>) {
    if read(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
        let mark = if element.has_attribute("checked") { "☑" } else { "☐" };
        element.replace(mark, ContentType::Text);
    }
}
