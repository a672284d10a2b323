//! What all pages have in common: head, way back, foot.

use maud::{DOCTYPE, Markup, html};

use super::assets::list_assets;
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::feed::{XmlText, media_type};

/// What the frame of a page is told.
pub(super) struct Frame<'p> {
    /// Title of the page.
    pub(super) title: &'p str,
    /// Its canonical path and query, without the path of the public address.
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

/// A path as pages link to it: below the path of the public address, on whatever host it is read.
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

/// A whole page.
pub(super) fn frame(snapshot: &Snapshot, frame: &Frame<'_>, main: Markup) -> String {
    let Frame { title, path, feeds, above, crumb, elsewhere } = frame;
    let site = &snapshot.site;
    let [style, script, mark] = list_assets().each_ref().map(|asset| link(snapshot, &asset.path));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @match elsewhere {
                    Some(url) => { link rel="canonical" href=(url); meta name="robots" content="noindex"; }
                    None => { link rel="canonical" href={ (site.public_url) (path) }; }
                }
                @for (format, url) in *feeds {
                    link rel="alternate" type=(bare(media_type(*format))) title={ (title) " (" (name_format(*format)) ")" }
                        href=(url);
                }
                link rel="stylesheet" href=(style);
                link rel="icon" type="image/svg+xml" href=(mark);
                script src=(script) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                @if !above.is_empty() {
                    header {
                        nav aria-label="Breadcrumb" {
                            ol {
                                @for (name, path) in *above {
                                    li { a href=(link(snapshot, path)) { bdi { (name) } } }
                                }
                                li aria-current="page" { bdi { (crumb) } }
                            }
                        }
                    }
                }
                main #main { (main) }
                footer {
                    p {
                        @if site.has_url {
                            "The posts are at "
                            a href={ (site.url) "/" } { bdi { (site.url) "/" } }
                            ". "
                        }
                        "Subscribe to all feeds at once with the "
                        a href=(link(snapshot, "/opml.xml")) { "OPML list" }
                        ". Served by feedmill."
                    }
                }
            }
        }
    };
    // Nothing that XML could not hold is of use in a page either.
    XmlText::from(markup.into_string()).to_string() + "\n"
}

/// A media type without its parameters.
fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type)
}
