//! HTML → HTML with absolute URLs, and with the real sources of lazily loaded images.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::LazyLock;

use lol_html::html_content::{ContentType, Element, EndTag};
use lol_html::{ElementContentHandlers, HandlerResult, RewriteStrSettings, Selector, rewrite_str};
use url::Url;

use super::Context;
use super::budget::Budget;
use super::clean::knows;
use super::embeds::describe;
use super::footnotes::Footnotes;
use super::placeholder::is_placeholder;
use super::syntax::Resolve;
use crate::config::Embeds;

static EVERY_ELEMENT: LazyLock<Selector> = LazyLock::new(|| "*".parse().expect("`*` is a selector"));

/// Attributes that hold one URL.
const URL_ATTRIBUTES: [&str; 5] = ["href", "src", "poster", "cite", "longdesc"];

/// The attributes in which lazy loaders keep the URL of an image, the most reliable first.
pub(super) const LAZY: [&str; 6] =
    ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-lazyload", "data-actualsrc"];
pub(super) const LAZY_SETS: [&str; 2] = ["data-srcset", "data-lazy-srcset"];

/// Resolves every URL, prefixes ids, and replaces embeds with links unless they are kept. Stops when the budget is
/// used up. HTML that cannot be parsed is returned unchanged.
pub(super) fn rewrite(html: &str, context: &Context<'_>, budget: &Budget) -> String {
    let page = Page { url: context.page, resolve: context.resolve, budget };
    let mut notes = Footnotes::new(&context.syntax);
    let formulas = Rc::new(Cell::new(0_u32));
    let handler = |element: &mut Element<'_, '_>| {
        if let Some(excess) = budget.excess() {
            return Err(excess.to_string().into());
        }
        let name = element.tag_name();
        match name.as_str() {
            "iframe" if context.embeds == Embeds::Link => replace_embed(element, &page),
            "img" | "source" | "iframe" | "video" | "audio" => {
                restore_source(element);
                if context.syntax.has_image_sizes {
                    read_size(element);
                }
            }
            "embed" | "object" | "lite-youtube" | "lite-vimeo" | "youtube-video" => {
                replace_embed(element, &page);
            }
            "script" => replace_script(element),
            "svg" => element.remove(),
            "input" => replace_box(element),
            "a" => notes.rename(element),
            "section" | "ol" => notes.number(element),
            "math" => count_formula(element, &formulas),
            // A parser would remove an unknown element together with its content.
            _ if formulas.get() == 0 && !knows(&name) => element.remove_and_keep_content(),
            _ => {}
        }
        // Most elements of a text have no attributes.
        if element.attributes().is_empty() && !matches!(name.as_str(), "img" | "iframe") {
            return Ok(());
        }
        let size = if name == "img" { page.measure(element) } else { None };
        absolutise(element, &page);
        set_size(element, size);
        if matches!(name.as_str(), "img" | "iframe") && shows_nothing(element) {
            // As browsers do. It is encoded already.
            let alt = element.get_attribute("alt").filter(|_| name == "img").unwrap_or_default();
            element.replace(&alt, ContentType::Html);
        }
        prefix_ids(element, context.prefix);
        Ok(())
    };
    walk(html, handler)
}

/// The base of relative URLs, their resolver, and the budget for the bytes that absolute URLs add.
struct Page<'a> {
    url: &'a Url,
    resolve: &'a dyn Resolve,
    budget: &'a Budget,
}

impl Page<'_> {
    /// Resolves a URL; `None` if it is not valid, its target does not exist, or the budget is used up.
    fn resolve(&self, written: &str) -> Option<String> {
        // A `data:` URL is kept as it is.
        if is_data(written) {
            return Some(written.to_owned());
        }
        if self.budget.excess().is_some() {
            return None;
        }
        let absolute = self.resolve.relocate(self.url.join(written).ok()?.into())?;
        self.budget.add_urls(absolute.len().saturating_sub(written.len())).then_some(absolute)
    }
}

/// The bytes that a size adds to an element.
const SIZE_BYTES: usize = " width=\"99999\" height=\"99999\"".len();

impl Page<'_> {
    /// The width and height of an image that does not have them itself.
    fn measure(&self, element: &Element<'_, '_>) -> Option<(u32, u32)> {
        let has_own = element.has_attribute("width") || element.has_attribute("height");
        if has_own || !self.resolve.measures() {
            return None;
        }
        let size = self.resolve.measure(self.url.join(&read(element, "src")?).ok()?.as_str())?;
        self.budget.add_urls(SIZE_BYTES).then_some(size)
    }
}

/// Sets the width and height of an image, so that readers reserve its space before it is loaded.
fn set_size(element: &mut Element<'_, '_>, size: Option<(u32, u32)>) {
    let Some((width, height)) = size.filter(|_| element.has_attribute("src")) else { return };
    write(element, "width", &width.to_string());
    write(element, "height", &height.to_string());
}

/// Counts the open `math` elements: inside them other elements are allowed.
fn count_formula(element: &mut Element<'_, '_>, open: &Rc<Cell<u32>>) {
    let closed = Rc::clone(open);
    let close = move |_: &mut EndTag<'_>| {
        closed.set(closed.get().saturating_sub(1));
        Ok(())
    };
    if element.on_end_tag(Box::new(close)).is_ok() {
        open.set(open.get() + 1);
    }
}

/// Returns true for an image without a source, or a frame whose URL is not an HTTP URL.
fn shows_nothing(element: &Element<'_, '_>) -> bool {
    let source = element.get_attribute("src");
    match element.tag_name().as_str() {
        "iframe" => !source.is_some_and(|source| source.starts_with("http")),
        _ => source.is_none_or(|source| source.is_empty()) && !element.has_attribute("srcset"),
    }
}

/// Calls `handler` for every element.
pub(super) fn walk(html: &str, handler: impl FnMut(&mut Element<'_, '_>) -> HandlerResult) -> String {
    let handlers = (Cow::Borrowed(&*EVERY_ELEMENT), ElementContentHandlers::default().element(handler));
    let settings = RewriteStrSettings::new().append_element_content_handler(handlers).with_strict(false);
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// Returns the decoded value of an attribute, which lol_html leaves undecoded.
pub(super) fn read(element: &Element<'_, '_>, name: &str) -> Option<String> {
    let raw = element.get_attribute(name)?;
    Some(html_escape::decode_html_entities(raw.trim()).into_owned()).filter(|value| !value.is_empty())
}

/// Sets an attribute. If the value is not valid, the attribute is removed.
fn write(element: &mut Element<'_, '_>, name: &str, value: &str) {
    let encoded = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    if element.set_attribute(name, &encoded).is_err() {
        element.remove_attribute(name);
    }
}

/// Prefixes ids, and the references to them in tables, so that they differ from those of other entries.
fn prefix_ids(element: &mut Element<'_, '_>, prefix: &str) {
    for (name, between) in [("id", "-"), ("headers", " ")] {
        if !element.has_attribute(name) {
            continue;
        }
        let Some(ids) = read(element, name) else {
            element.remove_attribute(name);
            continue;
        };
        let own = ids.split_ascii_whitespace();
        let own = own.enumerate().map(|(place, id)| match (name, place) {
            ("id", 1..) => id.to_owned(),
            _ => format!("{prefix}{id}"),
        });
        write(element, name, &own.collect::<Vec<_>>().join(between));
    }
}

/// Sets the source of a lazily loaded element to its real URL.
fn restore_source(element: &mut Element<'_, '_>) {
    for (names, target) in [(&LAZY[..], "src"), (&LAZY_SETS[..], "srcset")] {
        if let Some(value) = names.iter().find_map(|name| read(element, name)) {
            write(element, target, &value);
        }
    }
}

/// Moves the size in `![alt|300x200](…)` to the attributes of the image.
fn read_size(element: &mut Element<'_, '_>) {
    let Some(written) = read(element, "alt") else { return };
    let (alt, size) = written.rsplit_once('|').unwrap_or(("", &written));
    let sizes: Option<Vec<u32>> = size.split('x').map(|part| part.parse().ok()).collect();
    if let Some(sizes) = sizes.filter(|sizes| sizes.len() <= 2) {
        write(element, "alt", alt);
        for (name, size) in ["width", "height"].into_iter().zip(sizes) {
            write(element, name, &size.to_string());
        }
    }
}

fn absolutise(element: &mut Element<'_, '_>, page: &Page<'_>) {
    for name in URL_ATTRIBUTES {
        let Some(raw) = element.get_attribute(name) else { continue };
        let written = html_escape::decode_html_entities(raw.trim());
        // An empty `href` is the page itself. Any other empty attribute is missing.
        let is_missing =
            (written.is_empty() && name != "href") || (name == "src" && is_placeholder(&written));
        let absolute =
            page.resolve(&written).filter(|absolute| !is_missing && (name != "cite" || is_web(absolute)));
        match absolute {
            Some(absolute) => write(element, name, &absolute),
            None => element.remove_attribute(name),
        }
    }
    if let Some(set) = read(element, "srcset") {
        match resolve_set(&set, page) {
            set if set.is_empty() => element.remove_attribute("srcset"),
            set => {
                // Readers that do not know `srcset` show `src`.
                let first = set.split([' ', ',']).next().filter(|_| element.tag_name() == "img");
                if let Some(first) = first.filter(|_| !element.has_attribute("src")) {
                    write(element, "src", first);
                }
                write(element, "srcset", &set);
            }
        }
    }
}

fn is_data(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https:") || url.starts_with("http:")
}

/// `HTML Living Standard §4.8.4.2.1 srcset`: each candidate is a URL, perhaps with a descriptor.
fn resolve_set(set: &str, page: &Page<'_>) -> String {
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
        let is_picture =
            |url: &String| is_web(url) || (url.starts_with("data:image/") && !is_placeholder(url));
        if let Some(absolute) = page.resolve(bare).filter(is_picture) {
            // A space in a URL would end the candidate.
            let absolute = absolute.replace(' ', "%20");
            candidates.push(format!("{absolute} {descriptor}").trim_end().to_owned());
        }
    }
}

/// Replaces an embed with a link whose text is its title, else its provider and URL.
fn replace_embed(element: &mut Element<'_, '_>, page: &Page<'_>) {
    let by_id = |provider: &str| Some(format!("{provider}{}", read(element, "videoid")?));
    let source = match element.tag_name().as_str() {
        "lite-youtube" => by_id("https://www.youtube.com/watch?v="),
        "lite-vimeo" => by_id("https://vimeo.com/"),
        _ => LAZY.iter().chain(&["src", "data"]).find_map(|name| read(element, name)),
    };
    let target = source.and_then(|source| page.resolve(&source)).and_then(|url| Url::parse(&url).ok());
    let Some(target) = target.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        // The fallback content of an object is kept.
        if element.tag_name() == "object" {
            element.remove_and_keep_content();
        } else {
            element.remove();
        }
        return;
    };
    let link = make_link(element, &target);
    element.replace(&link, ContentType::Html);
}

/// Replaces the script of a gist with a link to the gist. The cleaner removes all other scripts.
fn replace_script(element: &mut Element<'_, '_>) {
    let source = read(element, "src").and_then(|source| Url::parse(&source).ok());
    if let Some(target) = source.filter(|url| url.host_str() == Some("gist.github.com")) {
        let link = make_link(element, &target);
        element.replace(&link, ContentType::Html);
    }
}

fn make_link(element: &Element<'_, '_>, target: &Url) -> String {
    let (provider, url) = describe(target);
    let title = read(element, "title").or_else(|| read(element, "playlabel"));
    let name = title.unwrap_or_else(|| match provider {
        Some(provider) => format!("{provider}: {url}"),
        None => url.clone(),
    });
    let (href, name) = (html_escape::encode_double_quoted_attribute(&url), html_escape::encode_text(&name));
    format!("<a href=\"{href}\">{name}</a>")
}

/// Replaces the checkbox of a task with a character: readers show no form controls.
fn replace_box(element: &mut Element<'_, '_>) {
    if read(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
        let mark = if element.has_attribute("checked") { "☑" } else { "☐" };
        element.replace(mark, ContentType::Text);
    }
}
