//! Authors as front matter and configurations write them.

use super::value::Value;
use crate::body::strip_markup;
use crate::config::Author;

/// The author whom a name refers to, if the site defines it as a key; otherwise the author as given.
pub(super) fn find_known(known: &[(String, Author)], author: Author) -> Author {
    let person = known.iter().find(|(key, _)| *key == author.name);
    person.map_or(author, |(_, person)| person.clone())
}

/// One author: a name, or a map with name, e-mail and URL.
pub(super) fn read_author(value: &Value) -> Option<Author> {
    let name_of = |text: String| Some(strip_markup(&text)).filter(|name| !name.is_empty());
    let Some(fields) = value.as_map() else {
        let text = value.to_text()?;
        // The name may be a link to a note of Obsidian.
        let bare = text.trim().strip_prefix("[[").and_then(|inner| inner.strip_suffix("]]"));
        let text = bare.map_or(&*text, |inner| inner.rsplit('|').next().unwrap_or(inner));
        // RFC 5322 §3.4: `Name <address>`.
        let parts = text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        return match parts.filter(|(_, email)| email.contains('@') && !email.contains(char::is_whitespace)) {
            Some((name, email)) => {
                Some(Author { name: name_of(name.to_owned())?, email: Some(email.to_owned()), url: None })
            }
            None => Some(Author { name: name_of(text.to_owned())?, ..Author::default() }),
        };
    };
    let field = |names: &[&str]| names.iter().find_map(|name| fields.get(name)?.to_text());
    Some(Author { name: name_of(field(&["name"])?)?, email: field(&["email"]), url: field(&["url", "uri"]) })
}
