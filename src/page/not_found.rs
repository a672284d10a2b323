//! The page of an error: the reason, and the URLs that are near.

use maud::html;

use super::layout::{Frame, frame, link};
use super::subscribe::show_url;
use super::texts::Texts;
use crate::catalog::Snapshot;

/// An error that has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError<'t> {
    /// 400, with the reason in English.
    Invalid(&'t str),
    /// 404, with details in English if there are any.
    NotFound(Option<&'t str>),
    /// 410.
    Gone,
}

/// Writes the page of an error with the paths that were probably meant, given without the path of the public
/// URL.
pub fn write_error(snapshot: &Snapshot, error: UrlError<'_>, paths: &[String]) -> String {
    let texts = Texts::of(&snapshot.site);
    let title = texts.say(match error {
        UrlError::Invalid(_) => "bad-request",
        UrlError::NotFound(_) => "not-found",
        UrlError::Gone => "gone",
    });
    let main = html! {
        div.masthead {
            h1 { (title) }
            @match error {
                UrlError::Invalid(reason) | UrlError::NotFound(Some(reason)) => {
                    p.description lang="en" dir="ltr" { (reason) }
                }
                UrlError::NotFound(None) => { p.description { (texts.say("not-found-text")) } }
                UrlError::Gone => { p.description { (texts.say("gone-text")) } }
            }
        }
        @if !paths.is_empty() {
            @if matches!(error, UrlError::NotFound(_)) { p.help { (texts.say("did-you-mean")) } }
            ul.directory.suggestions {
                @for path in paths {
                    li { a href=(link(snapshot, path)) { bdi { (show_url(&format!("{}{path}", snapshot.site.public_url))) } } }
                }
            }
        }
        p { a.primary href=(link(snapshot, "/")) { (texts.say("all-feeds")) } }
    };
    let above = [(snapshot.site.title.clone(), "/".to_owned())];
    let shown = Frame { title: &title, path: "/", feeds: &[], above: &above, crumb: &title, elsewhere: None };
    frame(snapshot, &shown, main)
}
