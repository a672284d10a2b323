//! The frame of all pages: head, breadcrumb, search, footer.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets::{find_stylesheet, list_assets};
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::feed::{XmlText, media_type};
use crate::texts::Texts;

/// The properties of one page.
pub(super) struct Frame<'p> {
    /// The title.
    pub(super) title: &'p str,
    /// The canonical path and query, without the path of the public URL.
    pub(super) path: &'p str,
    /// The URL of the page's feed in each format; empty on a list of feeds.
    pub(super) feeds: &'p [(Format, String)],
    /// The pages above this one: names and paths.
    pub(super) above: &'p [(String, String)],
    /// The name of this page in the breadcrumb.
    pub(super) crumb: &'p str,
    /// The URL of the page on another site of which this one is a preview. Search engines should show that page.
    pub(super) elsewhere: Option<&'p str>,
}

/// The metadata of a page for programs that show link previews (<https://ogp.me/>).
#[derive(Default)]
pub(super) struct Preview<'p> {
    /// A description in one sentence.
    pub(super) description: Option<&'p str>,
    /// The URL of an image.
    pub(super) image: Option<&'p str>,
}

/// Prefixes a path with the path of the public URL. Links have no host, so they work on every host name.
pub(super) fn link(snapshot: &Snapshot, path: &str) -> String {
    format!("{}{path}", snapshot.site.public_url.path())
}

/// The display name of a format.
pub(super) fn name_format(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Atom => "Atom",
        Format::Json => "JSON Feed",
    }
}

/// Writes a whole page without metadata of its own.
pub(super) fn frame(snapshot: &Snapshot, frame: &Frame<'_>, main: Markup) -> String {
    frame_with_preview(snapshot, &Texts::of(&snapshot.site), frame, &Preview::default(), main)
}

/// Writes a whole page.
pub(super) fn frame_with_preview(
    snapshot: &Snapshot,
    texts: &Texts,
    frame: &Frame<'_>,
    preview: &Preview<'_>,
    main: Markup,
) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang=(texts.language()) dir=(texts.direction()) {
            head { (write_head(snapshot, frame, preview)) }
            body.h-feed {
                a.skip href="#main" { (texts.say("skip")) }
                (write_header(snapshot, texts, frame))
                main #main { (main) }
                (write_footer(snapshot, texts))
            }
        }
    };
    // Characters that XML forbids are dropped from pages too.
    XmlText::from(markup.into_string()).to_string() + "\n"
}

fn write_head(snapshot: &Snapshot, frame: &Frame<'_>, preview: &Preview<'_>) -> Markup {
    let Frame { title, path, feeds, elsewhere, .. } = frame;
    let site = &snapshot.site;
    let [style, script, mark] = list_assets().each_ref().map(|asset| link(snapshot, &asset.path));
    let url = format!("{}{path}", site.public_url);
    let description = preview.description.or(site.description.as_deref());
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        title { (title) }
        @if let Some(description) = description { meta name="description" content=(description); }
        meta property="og:type" content="website";
        meta property="og:title" content=(title);
        meta property="og:site_name" content=(site.title);
        meta property="og:url" content=(url);
        @if let Some(description) = description { meta property="og:description" content=(description); }
        @if let Some(image) = preview.image.or(site.logo.as_deref()) { meta property="og:image" content=(image); }
        @match elsewhere {
            Some(elsewhere) => { link rel="canonical" href=(elsewhere); meta name="robots" content="noindex"; }
            None => { link rel="canonical" href=(url); }
        }
        @for (format, url) in *feeds {
            link rel="alternate" type=(bare(media_type(*format))) title={ (title) " (" (name_format(*format)) ")" }
                href=(url);
        }
        link rel="stylesheet" href=(style);
        @if let Some(own) = find_stylesheet(snapshot) { link rel="stylesheet" href=(link(snapshot, &own.path)); }
        @match &site.icon {
            Some(icon) => link rel="icon" href=(icon);,
            None => link rel="icon" type="image/svg+xml" href=(mark);,
        }
        script src=(script) defer {}
    }
}

/// Writes the site's logo, the breadcrumb, and a search box.
fn write_header(snapshot: &Snapshot, texts: &Texts, frame: &Frame<'_>) -> Markup {
    let site = &snapshot.site;
    let mark = link(snapshot, &list_assets()[2].path);
    let picture = site.logo.as_deref().or(site.icon.as_deref()).unwrap_or(&mark);
    html! {
        header.site {
            div.way {
                img.logo src=(picture) alt="" referrerpolicy="no-referrer";
                @if !frame.above.is_empty() {
                    nav aria-label=(texts.say("breadcrumb")) {
                        ol {
                            @for (name, path) in frame.above {
                                li { a href=(link(snapshot, path)) { bdi { (name) } } }
                            }
                            li aria-current="page" { bdi { (frame.crumb) } }
                        }
                    }
                }
            }
            form.search role="search" action=(link(snapshot, "/")) method="get" {
                label.hidden for="search" { (texts.say("search-posts")) }
                input #search type="search" name="q" required maxlength="500" placeholder=(texts.say("search-posts"));
                button type="submit" { (texts.say("search")) }
            }
        }
    }
}

fn write_footer(snapshot: &Snapshot, texts: &Texts) -> Markup {
    let site = &snapshot.site;
    html! {
        footer {
            @if let Some(own) = &site.pages.footer { div.own { (PreEscaped(own)) } }
            ul {
                @if site.has_url {
                    li { a href={ (site.url) "/" } { bdi { (shorten_url(site.url.as_str())) } } }
                }
                li { a href=(link(snapshot, "/opml.xml")) { (texts.say("opml")) } }
                li { (texts.say("served-by")) }
            }
        }
    }
}

/// A URL for display, without its scheme.
pub(super) fn shorten_url(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
}

/// A media type without its parameters.
fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type)
}
