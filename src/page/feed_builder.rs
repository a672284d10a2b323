//! The feed builder: a form that composes a selection from conditions. It works without scripts.
//!
//! Its fields have the names of query parameters. Each term field adds one term; terms that are already selected are
//! checked checkboxes.

use maud::{Markup, html};

use super::layout::link;
use crate::catalog::{Selection, Snapshot, TermKey};
use crate::config::{Content, DateOrTime, Order};
use crate::feed::{Feed, Query, slug_of, spell_term};
use crate::post::SourceId;
use crate::texts::Texts;
use crate::words::Words;

/// Id of the form.
pub(super) const FORM: &str = "compose";

/// The number of terms of a taxonomy that are suggested: those with the most posts.
const SUGGESTED: usize = 100;

/// The form, filled with the current conditions and settings of the main feed.
#[derive(Debug)]
pub(super) struct FeedBuilder {
    query: Query,
    limit: usize,
    order: Order,
    content: Content,
}

impl FeedBuilder {
    /// Makes the form for the main feed with a query.
    pub(super) fn new(feed: &Feed) -> Self {
        let settings = &feed.settings;
        Self {
            query: Query { page: 0, ..feed.address.query.clone() },
            limit: settings.limit,
            order: settings.order,
            content: settings.content,
        }
    }

    /// Returns true if the query has more than a search for words.
    pub(super) fn is_in_use(&self) -> bool {
        let conditions = Selection { words: None, ..self.query.conditions.clone() };
        Query { conditions, ..self.query.clone() } != Query::default()
    }

    /// Writes the form.
    pub(super) fn write(&self, snapshot: &Snapshot, texts: &Texts) -> Markup {
        html! {
            details.compose open[self.is_in_use()] {
                summary { (texts.say("compose")) }
                form #(FORM) action=(link(snapshot, "/")) method="get" {
                    p.help { (texts.say("compose-help")) }
                    @for taxonomy in 0..snapshot.site.taxonomies.len() {
                        (self.write_taxonomy(snapshot, texts, taxonomy))
                    }
                    (self.write_choices(snapshot, texts))
                    (self.write_settings(texts))
                    @if let Some(window) = self.query.window {
                        input type="hidden" name="window" value=(window);
                    }
                    div.submit {
                        button.primary type="submit" { (texts.say("compose-submit")) }
                        @if !self.query.is_empty() { a href=(link(snapshot, "/")) { (texts.say("compose-reset")) } }
                    }
                }
            }
        }
    }

    /// Writes the fields for terms of one taxonomy: any, all, none.
    fn write_taxonomy(&self, snapshot: &Snapshot, texts: &Texts, taxonomy: usize) -> Markup {
        let name = &snapshot.site.taxonomies[taxonomy].name;
        let entries = snapshot.terms(taxonomy).list();
        let listed = entries.iter().filter(|entry| {
            !entry.posts.is_empty() && snapshot.site.taxonomies[taxonomy].lists(&entry.folded)
        });
        let spellings: Vec<&str> = listed.take(SUGGESTED).map(|entry| &*entry.spelling.spelling).collect();
        let [any, all, not] = self.list_keys(taxonomy);
        let is_empty = spellings.is_empty() && any.is_empty() && all.is_empty() && not.is_empty();
        let terms = format!("terms-{taxonomy}");
        let field = |label: &str, prefix: &str, keys: &[&TermKey]| {
            let (id, field) = (format!("{prefix}terms-of-{taxonomy}"), format!("{prefix}{name}"));
            html! {
                div.field {
                    label for=(id) { (texts.say(label)) }
                    @for key in keys { (tick(&field, &slug_of(snapshot, key), &spell_term(snapshot, key), true)) }
                    input #(id) type="text" name=(field) list=(terms) autocomplete="off" maxlength="200";
                }
            }
        };
        html! {
            @if !is_empty {
                fieldset {
                    legend { (texts.name_group(name)) }
                    div.fields {
                        (field("with-any", "any_", &any))
                        (field("with-all", "", &all))
                        (field("with-none", "not_", &not))
                    }
                    datalist #(terms) { @for spelling in &spellings { option value=(spelling) {} } }
                }
            }
        }
    }

    /// The selected terms of a taxonomy: any, all, none. A single term of `any` is canonically a term of `all`: it is
    /// shown where it was entered, so that alternatives can be added.
    fn list_keys(&self, taxonomy: usize) -> [Vec<&TermKey>; 3] {
        let Selection { all, any, not, .. } = &self.query.conditions;
        let own = |key: &&TermKey| usize::from(key.taxonomy) == taxonomy;
        let any: Vec<&TermKey> = any.iter().flatten().filter(own).collect();
        let all: Vec<&TermKey> = all.iter().filter(own).collect();
        let not = not.iter().filter(own).collect();
        let was_any = self.query.alternatives.iter().any(|own| usize::from(*own) == taxonomy);
        if was_any && any.is_empty() && all.len() == 1 { [all, any, not] } else { [any, all, not] }
    }

    /// Writes the fields for sources and languages, if there are several, for words, and for the period of publication.
    fn write_choices(&self, snapshot: &Snapshot, texts: &Texts) -> Markup {
        let Selection { sources, languages, words, period, .. } = &self.query.conditions;
        let is_chosen =
            |place: usize| sources.as_ref().is_some_and(|chosen| chosen.contains(&SourceId::new(place)));
        let codes: Vec<&str> =
            snapshot.languages().filter(|(_, count)| *count > 0).map(|(code, _)| code).collect();
        let speaks =
            |code: &str| languages.as_ref().is_some_and(|chosen| chosen.iter().any(|own| **own == *code));
        html! {
            @if snapshot.site.sources.len() > 1 {
                fieldset {
                    legend { (texts.say("sources")) }
                    div.ticks {
                        @for (place, source) in snapshot.site.sources.iter().enumerate() {
                            (tick("sources", &source.name, &source.name, is_chosen(place)))
                        }
                    }
                }
            }
            @if codes.len() > 1 || languages.is_some() {
                fieldset {
                    legend { (texts.say("languages")) }
                    div.ticks { @for code in codes { (tick("languages", code, code, speaks(code))) } }
                }
            }
            div.field {
                label for="words" { (texts.say("words")) }
                input #words type="text" name="q" maxlength="500" autocomplete="off"
                    value=(words.as_ref().map(Words::join).unwrap_or_default());
            }
            div.fields {
                @for (label, name, limit) in
                    [("published-since", "since", period.since), ("published-until", "until", period.until)] {
                    @let date = limit.map(|limit| DateOrTime::shorten(limit, snapshot.site.time_zone));
                    // A field for days cannot show a time.
                    @let kind = if matches!(date, Some(DateOrTime::Time(_))) { "text" } else { "date" };
                    div.field {
                        label for=(name) { (texts.say(label)) }
                        input #(name) type=(kind) name=(name) autocomplete="off" value=[date];
                    }
                }
            }
        }
    }

    /// Writes the fields for the order, number and content of entries.
    fn write_settings(&self, texts: &Texts) -> Markup {
        let contents = [("full", Content::Full), ("summary", Content::Summary), ("none", Content::None)];
        html! {
            div.fields {
                div.field {
                    label for="order" { (texts.say("order")) }
                    select #order name="order" autocomplete="off" {
                        @for (value, order) in Order::WORDS {
                            option value=(value) selected[*order == self.order] { (name_order(texts, *order)) }
                        }
                    }
                }
                div.field {
                    label for="content" { (texts.say("content")) }
                    select #content name="content" autocomplete="off" {
                        @for (value, content) in contents {
                            option value=(value) selected[content == self.content] { (name_content(texts, content)) }
                        }
                    }
                }
                div.field {
                    label for="limit" { (texts.say("limit")) }
                    input #limit type="number" name="limit" min="1" max="500" inputmode="numeric" autocomplete="off"
                        value=(self.limit);
                }
            }
        }
    }
}

/// A checkbox with its label.
fn tick(field: &str, value: &str, text: &str, is_ticked: bool) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name=(field) value=(value) autocomplete="off" checked[is_ticked];
            bdi { (text) }
        }
    }
}

/// The order of entries in words.
pub(super) fn name_order(texts: &Texts, order: Order) -> String {
    texts.say(match order {
        Order::Published => "order-published",
        Order::Updated => "order-updated",
        Order::Arrival => "order-arrival",
    })
}

/// The content of entries in words.
pub(super) fn name_content(texts: &Texts, content: Content) -> String {
    texts.say(match content {
        Content::Full => "content-full",
        Content::Summary => "content-summary",
        Content::None => "content-none",
    })
}
