//! The selection of a feed as a list of conditions, which can be translated to every language.

use maud::{Markup, html};

use super::layout::link;
use crate::catalog::{Selection, Snapshot, TermKey};
use crate::config::DateOrTime;
use crate::feed::{Place, spell_term};
use crate::post::SourceId;
use crate::texts::Texts;

/// One condition of a selection: the id of the text that names it, and its values.
#[derive(Debug)]
pub(super) struct Condition {
    label: &'static str,
    values: Vec<Value>,
}

/// A value of a condition.
#[derive(Debug)]
struct Value {
    text: String,
    /// Index of the taxonomy, if the value is a term.
    taxonomy: Option<u8>,
    /// The path of its feed, if it has one.
    path: Option<String>,
}

impl Value {
    fn text(text: &str) -> Self {
        Self { text: text.to_owned(), taxonomy: None, path: None }
    }

    /// A term, with a link if it has a feed.
    fn term(snapshot: &Snapshot, key: &TermKey) -> Self {
        let taxonomy = &snapshot.site.taxonomies[usize::from(key.taxonomy)];
        let is_known = snapshot.get_term(usize::from(key.taxonomy), &key.folded).is_some();
        let place = Place::Term { taxonomy: key.taxonomy, folded: key.folded.clone(), language: None };
        Self {
            text: spell_term(snapshot, key),
            taxonomy: Some(key.taxonomy),
            path: (is_known && taxonomy.lists(&key.folded)).then(|| place.path(snapshot)),
        }
    }
}

/// The conditions of a selection.
pub(super) fn list_conditions(snapshot: &Snapshot, selection: &Selection) -> Vec<Condition> {
    let Selection { all, any, not, sources, languages, section, words, period, arrived, order: _ } =
        selection;
    let terms = |label, keys: &[TermKey]| Condition {
        label,
        values: keys.iter().map(|key| Value::term(snapshot, key)).collect(),
    };
    let mut conditions = vec![terms("with-all", all)];
    conditions.extend(any.iter().map(|group| terms("with-any", group)));
    conditions.push(terms("with-none", not));
    let mut list = |label, values: Option<Vec<Value>>| {
        conditions.extend(values.map(|values| Condition { label, values }));
    };
    let name = |source: &SourceId| Value::text(&snapshot.site.source(*source).name);
    list("sources", sources.as_ref().map(|sources| sources.iter().map(name).collect()));
    list("languages", languages.as_ref().map(|codes| codes.iter().map(|code| Value::text(code)).collect()));
    list("section", section.as_ref().map(|(_, name)| vec![Value::text(name)]));
    list("words", words.as_ref().map(|words| vec![Value::text(&words.quote())]));
    for (label, limit) in [
        ("published-since", period.since),
        ("published-until", period.until),
        ("arrived-since", arrived.since),
        ("arrived-until", arrived.until),
    ] {
        let date = |time| DateOrTime::shorten(time, snapshot.site.time_zone).to_string();
        list(label, limit.map(|limit| vec![Value::text(&date(limit))]));
    }
    conditions.retain(|condition| !condition.values.is_empty());
    conditions
}

/// Writes a list of conditions.
pub(super) fn write_conditions(snapshot: &Snapshot, texts: &Texts, conditions: &[Condition]) -> Markup {
    html! {
        dl.conditions {
            @for Condition { label, values } in conditions {
                div {
                    dt { (texts.say(label)) }
                    @for Value { text, taxonomy, path } in values {
                        dd {
                            @if let Some(taxonomy) = taxonomy {
                                span.kind {
                                    (texts.name_group(&snapshot.site.taxonomies[usize::from(*taxonomy)].name))
                                } " "
                            }
                            @match path {
                                Some(path) => a href=(link(snapshot, path)) { bdi { (text) } },
                                None => bdi { (text) },
                            }
                        }
                    }
                }
            }
        }
    }
}
