//! Which posts a feed contains, as a list of conditions: it reads well in every language.

use maud::{Markup, html};

use super::frame::link;
use super::texts::Texts;
use crate::catalog::{Selection, Snapshot, TermKey};
use crate::feed::{Place, spell_term};

/// The conditions of a selection.
pub(super) fn write_conditions(snapshot: &Snapshot, texts: &Texts, selection: &Selection) -> Markup {
    let site = &snapshot.site;
    let Selection { all, any, not, sources, languages, section, words, order: _ } = selection;
    let terms = |keys: &[TermKey]| keys.iter().map(|key| show_term(snapshot, texts, key)).collect::<Vec<_>>();
    let plain = |text: &str| html! { bdi { (text) } };
    let mut rows: Vec<(&str, Vec<Markup>)> = vec![("with-all", terms(all))];
    rows.extend(any.iter().map(|group| ("with-any", terms(group))));
    rows.push(("with-none", terms(not)));
    rows.extend(sources.as_ref().map(|sources| {
        ("sources", sources.iter().map(|source| plain(&site.sources[usize::from(*source)].name)).collect())
    }));
    rows.extend(
        languages.as_ref().map(|codes| ("languages", codes.iter().map(|code| plain(code)).collect())),
    );
    rows.extend(section.as_ref().map(|(_, name)| ("section", vec![plain(name)])));
    rows.extend(words.as_ref().map(|words| ("words", vec![plain(&words.quote())])));
    html! {
        dl.conditions {
            @for (label, values) in rows.iter().filter(|(_, values)| !values.is_empty()) {
                div {
                    dt { (texts.say(label)) }
                    @for value in values { dd { (value) } }
                }
            }
        }
    }
}

/// A term with the name of its taxonomy; a link where it has a feed.
fn show_term(snapshot: &Snapshot, texts: &Texts, key: &TermKey) -> Markup {
    let taxonomy = &snapshot.site.taxonomies[usize::from(key.taxonomy)];
    let spelling = spell_term(snapshot, key);
    let is_known = snapshot.get_term(usize::from(key.taxonomy), &key.folded).is_some();
    let place = Place::Term { taxonomy: key.taxonomy, folded: key.folded.clone(), language: None };
    html! {
        span.kind { (texts.name_group(&taxonomy.name)) } " "
        @if is_known && taxonomy.lists(&key.folded) {
            a href=(link(snapshot, &place.path(snapshot))) { bdi { (spelling) } }
        } @else {
            bdi { (spelling) }
        }
    }
}
