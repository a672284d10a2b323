//! The page of an error: what is wrong with a URL, and which ones are near.

use maud::html;

use super::layout::{Frame, frame, link};
use super::texts::Texts;
use crate::catalog::Snapshot;

/// Writes the page of an error with its title, what is wrong, and paths that were probably meant, without the path of
/// the public URL.
pub fn write_error(snapshot: &Snapshot, title: &str, text: &str, paths: &[String]) -> String {
    let main = html! {
        h1 lang="en" dir="ltr" { (title) }
        p lang="en" dir="ltr" { (text) }
        @if !paths.is_empty() {
            ul.directory {
                @for path in paths {
                    li { a href=(link(snapshot, path)) { bdi { (snapshot.site.public_url) (path) } } }
                }
            }
        }
        p { a href=(link(snapshot, "/")) { (Texts::of(&snapshot.site).say("all-feeds")) } }
    };
    let above = [(snapshot.site.title.clone(), "/".to_owned())];
    let shown = Frame { title, path: "/", feeds: &[], above: &above, crumb: title, elsewhere: None };
    frame(snapshot, &shown, main)
}
