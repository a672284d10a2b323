//! The entries on the page of a feed, in microformats2 `h-entry`.

use std::collections::HashSet;

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::layout::{link, shorten_url};
use super::script::guess_language;
use super::subscribe::show_url;
use crate::catalog::Snapshot;
use crate::feed::{Entry, Place};
use crate::post::Post;
use crate::post::source::AUTHORS;
use crate::texts::Texts;

/// A post's terms in one taxonomy.
#[derive(Debug)]
pub(super) struct TermLinks {
    /// Index of the taxonomy.
    pub(super) taxonomy: usize,
    /// Names and paths of the terms, each once.
    pub(super) terms: Vec<(String, String)>,
}

/// A post's terms that have feeds, by taxonomy, in the post's spelling, each once.
pub(super) fn list_terms(snapshot: &Snapshot, post: &Post) -> Vec<TermLinks> {
    // A feed contains each site's default language, unless another one is requested.
    let languages = &snapshot.site.source(post.source).site.languages;
    let language = languages.get(usize::from(post.language)).filter(|_| post.language != 0);
    let query = language.map(|code| format!("?languages={}", utf8_percent_encode(code, NON_ALPHANUMERIC)));
    let query = query.unwrap_or_default();
    let mut filed: Vec<TermLinks> = Vec::new();
    for (number, taxonomy) in (0_u8..).zip(&snapshot.site.taxonomies) {
        let mut terms: Vec<(String, String)> = Vec::new();
        let mut known = HashSet::new();
        let own = post.terms.iter().filter(|term| term.taxonomy == number && taxonomy.lists(&term.folded));
        for term in own {
            let folded = term.folded.as_ref().into();
            let path = Place::Term { taxonomy: number, folded, language: None }.path(snapshot) + &query;
            if known.insert(path.clone()) {
                terms.push((term.spelling.to_string(), path));
            }
        }
        if !terms.is_empty() {
            filed.push(TermLinks { taxonomy: usize::from(number), terms });
        }
    }
    filed
}

/// Options for showing entries.
pub(super) struct EntryStyle<'s> {
    /// The language of the feed, for entries without their own.
    pub(super) language: &'s str,
    /// True if summaries are shown.
    pub(super) shows_summaries: bool,
}

/// Writes one entry, with its image and terms.
pub(super) fn write_entry(
    snapshot: &Snapshot,
    texts: &Texts,
    style: &EntryStyle<'_>,
    entry: &Entry,
    filed: &[TermLinks],
    (page, is_linked): &(String, bool),
) -> Markup {
    let page = link(snapshot, page);
    let language = choose_language(texts, style, entry);
    let summary = Some(&*entry.summary).filter(|summary| style.shows_summaries && !summary.is_empty());
    html! {
        article.h-entry dir="auto" {
            div.text {
                h3 lang=[language] { a.u-url.p-name href=(if *is_linked { &page } else { &*entry.link }) { (&*entry.title) } }
                p.when {
                    @let published = entry.times.published;
                    time dir="auto" class="dt-published" datetime=(published.to_rfc3339()) { (texts.day(published)) }
                    @if entry.times.updated > entry.times.published
                        && texts.day(entry.times.updated) != texts.day(entry.times.published) {
                        @let updated = entry.times.updated;
                        time dir="auto" class="dt-updated" datetime=(updated.to_rfc3339()) {
                            (texts.fill("updated", &[("date", &texts.day(updated))]))
                        }
                    }
                    @for (name, path) in filed.iter().filter(|filed| filed.taxonomy == AUTHORS).flat_map(|filed| &filed.terms) {
                        span.p-author.h-card { a.p-name.u-url href=(link(snapshot, path)) { bdi { (name) } } }
                    }
                    @if !is_linked {
                        span {
                            a href=(page) aria-label=(texts.fill("preview-of", &[("title", &entry.title)])) { (texts.say("preview")) }
                        }
                    }
                }
                @if let Some(summary) = summary {
                    p.p-summary lang=[language] dir="auto" { (summary) }
                }
                @let pills = list_pills(filed);
                @if !pills.is_empty() {
                    ul.pills {
                        @for (taxonomy, name, path) in pills {
                            li {
                                a.p-category href=(link(snapshot, path))
                                    title=(texts.name_group(&snapshot.site.taxonomies[taxonomy].name)) { bdi { (name) } }
                            }
                        }
                    }
                }
                @if let Some(original) = &entry.original {
                    p.original {
                        (texts.say("original")) " "
                        a.u-repost-of href=(&**original) { bdi { (show_url(shorten_url(original))) } }
                    }
                }
            }
            @if let Some(image) = &entry.image {
                img.u-featured src=(&**image) alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer";
            }
        }
    }
}

/// The terms that are shown below an entry. A name that is both a tag and a category is shown once. Authors are shown
/// above.
fn list_pills(filed: &[TermLinks]) -> Vec<(usize, &str, &str)> {
    let mut pills: Vec<(usize, &str, &str)> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for TermLinks { taxonomy, terms } in filed.iter().filter(|filed| filed.taxonomy != AUTHORS) {
        for (name, path) in terms {
            if known.insert(name) {
                pills.push((*taxonomy, name, path));
            }
        }
    }
    pills
}

/// The `lang` of an entry's text, if it is not the language of the page.
fn choose_language<'e>(texts: &Texts, style: &EntryStyle<'e>, entry: &'e Entry) -> Option<&'e str> {
    let declared = entry.language.as_deref();
    let guess = || guess_language(&format!("{} {}", &*entry.title, &*entry.summary), style.language);
    let language = declared.or_else(guess).unwrap_or(style.language);
    Some(language).filter(|language| *language != texts.language())
}
