//! What all pages have in common: head, the way back, search, foot.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets::{find_stylesheet, list_assets};
use super::texts::Texts;
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::feed::{XmlText, media_type};

/// What is particular to a page.
pub(super) struct Frame<'p> {
    /// Title of the page.
    pub(super) title: &'p str,
    /// Its canonical path and query, without the path of the public URL.
    pub(super) path: &'p str,
    /// The feed it is the page of, in each format, with its title; none on a list of feeds.
    pub(super) feeds: &'p [(Format, String)],
    /// Pages above this one: names and paths.
    pub(super) above: &'p [(String, String)],
    /// What it is called below them.
    pub(super) crumb: &'p str,
    /// The page on another site that this one is a preview of: search engines are to show that.
    pub(super) elsewhere: Option<&'p str>,
}

/// What a page says of itself to programs that show links to it (<https://ogp.me/>).
#[derive(Default)]
pub(super) struct Preview<'p> {
    /// What it is, in a sentence.
    pub(super) description: Option<&'p str>,
    /// URL of a picture.
    pub(super) image: Option<&'p str>,
}

/// A path as pages link to it: below the path of the public URL, on whatever host it is read.
pub(super) fn link(snapshot: &Snapshot, path: &str) -> String {
    format!("{}{path}", snapshot.site.public_url.path())
}

/// The name of a format as people say it.
pub(super) fn name_format(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Atom => "Atom",
        Format::Json => "JSON Feed",
    }
}

/// A whole page without a preview of its own.
pub(super) fn frame(snapshot: &Snapshot, frame: &Frame<'_>, main: Markup) -> String {
    frame_with_preview(snapshot, &Texts::of(&snapshot.site), frame, &Preview::default(), main)
}

/// A whole page.
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
    // What XML cannot contain is of no use in a page either.
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

/// The site's mark, the way back, and a search box.
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

/// A URL without its scheme, as people read it.
pub(super) fn shorten_url(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
}

/// A media type without its parameters.
fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type)
}
