//! The key `footer` of feeds: HTML at the end of entries, with placeholders.

use serde_json::{Value, json};

use super::advice::advise;
use super::reader::{At, FromToml};

/// A value of an entry that footers may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryField {
    /// The URL where the text first appeared.
    Original,
    /// The name of the origin of the text.
    Origin,
    /// The authors.
    Author,
    /// The date of publication.
    Date,
    /// The URL that the entry links to.
    Link,
    /// The title.
    Title,
}

impl EntryField {
    const ALL: [(&str, Self); 6] = [
        ("original", Self::Original),
        ("origin", Self::Origin),
        ("author", Self::Author),
        ("date", Self::Date),
        ("link", Self::Link),
        ("title", Self::Title),
    ];
}

/// HTML with placeholders. Other braces are text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// Each placeholder with the HTML before it.
    parts: Vec<(String, EntryField)>,
    /// The HTML after the last placeholder.
    end: String,
}

impl Footer {
    /// Reads a text like `<p>Source: <a href="{original}">{origin}</a></p>`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut parts, mut html, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            html.push_str(before);
            let name = after.split('}').next().filter(|name| name.len() < after.len());
            let is_word = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
            let Some(name) = name.filter(is_word) else {
                html.push('{');
                rest = after;
                continue;
            };
            let Some((_, field)) = EntryField::ALL.iter().find(|(known, _)| *known == name) else {
                let known = EntryField::ALL.map(|(known, _)| known);
                return Err(format!("has an unknown placeholder {{{name}}}. {}", advise(name, &known)));
            };
            parts.push((std::mem::take(&mut html), *field));
            rest = &after[name.len() + 1..];
        }
        Ok(Self { parts, end: html + rest })
    }

    /// Fills in the values of an entry, escaped; `None` if the entry lacks one of them.
    pub fn fill<V: AsRef<str>>(&self, value: impl Fn(EntryField) -> Option<V>) -> Option<String> {
        let mut out = String::new();
        for (html, field) in &self.parts {
            out.push_str(html);
            // A value stays one value, even if the attribute that contains it has no quotes.
            html_escape::encode_unquoted_attribute_to_string(value(*field)?.as_ref(), &mut out);
        }
        Some(out + &self.end)
    }
}

impl FromToml for Footer {
    fn read(at: At<'_>) -> Option<Self> {
        Self::parse(&String::read(at)?).map_or_else(|message| at.error(message), Some)
    }

    fn describe() -> Value {
        json!({ "type": "string", "examples": ["<p>Source: <a href=\"{original}\">{origin}</a>, {date}</p>"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_other_braces_are_text() {
        let footer =
            Footer::parse("{<a href=\"{link}\" title='{title}'>{title}</a> {1} {").expect("it is valid");
        let value = |field| (field != EntryField::Author).then_some("<\"'&{date}>");
        let escaped = "&lt;&quot;&#x27;&amp;&#x7B;date&#x7D;&gt;";
        let expected = format!("{{<a href=\"{escaped}\" title='{escaped}'>{escaped}</a> {{1}} {{");
        assert_eq!(footer.fill(value), Some(expected));
    }

    #[test]
    fn an_entry_without_one_of_the_values_has_no_footer() {
        let footer = Footer::parse("<p>{author}, {date}</p>").expect("it is valid");
        assert_eq!(footer.fill(|field| (field == EntryField::Date).then_some("2024-01-31")), None);
    }

    #[test]
    fn an_unknown_placeholder_is_an_error() {
        let error = Footer::parse("<p>{orignal}</p>").expect_err("it is unknown");
        assert!(
            error.starts_with("has an unknown placeholder {orignal}. Did you mean `original`?"),
            "{error}"
        );
    }
}
