//! Titles of feeds: by their place, and by the conditions of a query.

use super::address::Place;
use crate::catalog::{Selection, Snapshot, TermKey};
use crate::config::DateOrTime;
use crate::post::SourceId;
use crate::post::site::LanguageInfo;
use crate::words::Words;

/// The title of the feed at a place.
pub fn make_title(snapshot: &Snapshot, place: &Place) -> String {
    let site = &snapshot.site;
    match place {
        Place::All => site.title.clone(),
        Place::Named(number) => site.named[usize::from(*number)].title.clone(),
        Place::Source(source) => format!("{}: {}", site.title, site.source(*source).name),
        Place::Language(code) => {
            let own = find_language(snapshot, code).and_then(|info| info.title.clone());
            own.unwrap_or_else(|| format!("{}: {code}", site.title))
        }
        Place::Section(_, path) => format!("{}: {path}", site.title),
        Place::Term { taxonomy, folded, language } => {
            let index = match language {
                Some(code) => snapshot.terms_in(code, usize::from(*taxonomy)),
                None => Some(snapshot.terms(usize::from(*taxonomy))),
            };
            // After a restart, only the folded spelling of a term without posts is known.
            let entry = index.and_then(|index| index.get(folded)).filter(|entry| !entry.posts.is_empty());
            let spelling = entry.map_or(&**folded, |entry| &*entry.spelling.spelling);
            fill_title(&site.taxonomies[usize::from(*taxonomy)].title, &site.title, spelling)
        }
    }
}

/// The spelling of a term; for a term without posts, its folded spelling.
pub fn spell_term(snapshot: &Snapshot, key: &TermKey) -> String {
    let known = snapshot.get_term(usize::from(key.taxonomy), &key.folded);
    known.map_or_else(|| key.folded.to_string(), |(_, entry)| entry.spelling.spelling.to_string())
}

/// The settings of a language, from the first site that has it.
pub(super) fn find_language<'a>(snapshot: &'a Snapshot, code: &str) -> Option<&'a LanguageInfo> {
    snapshot.site.sources.iter().find_map(|source| {
        let place = source.site.languages.iter().position(|known| known == code)?;
        source.site.language_info.get(place)
    })
}

/// Fills site and term into a pattern. Their own text is not a pattern.
fn fill_title(pattern: &str, site: &str, term: &str) -> String {
    let mut title = String::with_capacity(pattern.len() + site.len() + term.len());
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        title.push_str(&rest[..open]);
        rest = &rest[open..];
        let known = [("{site}", site), ("{term}", term)].into_iter().find(|(mark, _)| rest.starts_with(mark));
        let (mark, value) = known.unwrap_or(("{", "{"));
        title.push_str(value);
        rest = &rest[mark.len()..];
    }
    title + rest
}

/// Appends the conditions of a query to a title: `Essays: Rust, async or tokio, not News`.
pub(super) fn describe_conditions(snapshot: &Snapshot, title: String, conditions: &Selection) -> String {
    let Selection { all, any, not, sources, languages, words, period, .. } = conditions;
    let spell = |key: &TermKey| spell_term(snapshot, key);
    let choose = |choices: Vec<String>| choices.join(" or ");
    let mut parts: Vec<String> = all.iter().map(spell).collect();
    parts.extend(any.iter().map(|group| choose(group.iter().map(spell).collect())));
    parts.extend(not.iter().map(|key| format!("not {}", spell(key))));
    let name = |source: &SourceId| snapshot.site.source(*source).name.clone();
    parts.extend(sources.as_ref().map(|sources| choose(sources.iter().map(name).collect())));
    parts.extend(languages.as_ref().map(|codes| choose(codes.iter().map(ToString::to_string).collect())));
    parts.extend(words.as_ref().map(Words::quote));
    let date = |time| DateOrTime::shorten(time, snapshot.site.time_zone);
    parts.extend(period.since.map(|since| format!("from {}", date(since))));
    parts.extend(period.until.map(|until| format!("before {}", date(until))));
    if parts.is_empty() { title } else { format!("{title}: {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::fill_title;

    #[test]
    fn titles_are_filled_once() {
        assert_eq!(
            fill_title("{site} — tagged {term}", "S {term}", "T {site}"),
            "S {term} — tagged T {site}"
        );
        assert_eq!(fill_title("{ {x} {term", "S", "T"), "{ {x} {term");
    }
}
