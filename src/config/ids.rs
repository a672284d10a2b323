//! `id` of a `[[source]]`: how the ids of its posts are made.

use std::fmt;

use serde_json::{Value, json};

use super::advice::advise;
use super::reader::{At, FromToml};

/// The rule for the ids of a source's posts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ids {
    /// As the site's own feed template makes them, else as the dialect does.
    #[default]
    Auto,
    /// As the dialect does, even if the site's own feed template differs.
    Dialect,
    /// By a pattern.
    Pattern(IdPattern),
}

/// A value that a pattern of ids may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// The site's URL without its base path.
    Site,
    /// The base path of the site.
    Base,
    /// The path of the post's page below the base path, as the generator's templates print it.
    Path,
    /// The URL of the post's page.
    Permalink,
    /// The id that the generator's templates print (Jekyll: `post.id`), else the path.
    Id,
    /// The slug of the post as written.
    Slug,
    /// The `guid` of the front matter.
    Guid,
}

impl Placeholder {
    const ALL: [(&str, Self); 7] = [
        ("site", Self::Site),
        ("base", Self::Base),
        ("path", Self::Path),
        ("permalink", Self::Permalink),
        ("id", Self::Id),
        ("slug", Self::Slug),
        ("guid", Self::Guid),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Returns true if its value is the same for every post.
    fn is_common(self) -> bool {
        matches!(self, Self::Site | Self::Base)
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// Text with placeholders, of which at least one differs from post to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(Placeholder),
}

impl IdPattern {
    /// Reads a pattern like `{site}{id}`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known: Vec<&str> = Placeholder::ALL.iter().map(|(name, _)| *name).collect();
        let list = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" ");
        if text.contains(char::is_control) {
            return Err(format!("contains a control character: {text:?}. Delete it."));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
                return Err(format!("has a single brace: {text:?}. Write placeholders as {{id}}."));
            };
            let Some((_, value)) = Placeholder::ALL.iter().find(|(known, _)| *known == name) else {
                return Err(format!("has an unknown placeholder {{{name}}}. {}", advise(name, &known)));
            };
            parts.extend((!before.is_empty()).then(|| Part::Text(before.to_owned())));
            parts.push(Part::Value(*value));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Text(rest.to_owned())));
        if parts.iter().all(|part| matches!(part, Part::Text(_))) {
            let words = "Write auto, dialect, permalink, or a pattern like \"{site}{id}\"";
            return Err(format!("cannot be {text:?}. {words} with some of {list}."));
        }
        if !parts.iter().any(|part| matches!(part, Part::Value(value) if !value.is_common())) {
            return Err(format!("gives every post the same id: {text:?}. Add {{path}}, {{id}} or {{slug}}."));
        }
        Ok(Self(parts))
    }

    /// Returns true if a placeholder is in the pattern.
    pub fn uses(&self, placeholder: Placeholder) -> bool {
        self.0.contains(&Part::Value(placeholder))
    }

    /// Fills the pattern with the values of a post, which `value` returns.
    pub fn fill<'v>(&self, value: impl Fn(Placeholder) -> &'v str) -> String {
        let texts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Value(placeholder) => value(*placeholder),
        });
        texts.collect()
    }
}

impl fmt::Display for IdPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Value(placeholder) => placeholder.fmt(f),
        })
    }
}

impl Ids {
    /// Reads the value of the key.
    ///
    /// # Errors
    /// The errors of [`IdPattern::parse`].
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "dialect" => Ok(Self::Dialect),
            "permalink" => IdPattern::parse("{permalink}").map(Self::Pattern),
            pattern => IdPattern::parse(pattern).map(Self::Pattern),
        }
    }
}

impl fmt::Display for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Dialect => f.write_str("dialect"),
            Self::Pattern(pattern) if pattern.0 == [Part::Value(Placeholder::Permalink)] => {
                f.write_str("permalink")
            }
            Self::Pattern(pattern) => pattern.fmt(f),
        }
    }
}

impl FromToml for Ids {
    fn read(at: At<'_>) -> Option<Self> {
        Self::parse(&String::read(at)?).map_or_else(|message| at.error(message), Some)
    }

    fn describe() -> Value {
        let text = r"[^{}\u0000-\u001f\u007f-\u009f]*";
        let any = format!(r"{text}(\{{(site|base|path|permalink|id|slug|guid)\}}{text})*");
        let pattern = format!(r"^(auto|dialect|permalink|{any}\{{(path|permalink|id|slug|guid)\}}{any})$");
        json!({ "type": "string", "pattern": pattern, "examples": ["auto", "permalink", "{site}{id}"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_written_as_it_was_read() {
        for text in
            ["auto", "dialect", "permalink", "{site}{id}", "https://a.org{path}", "tag:a,2024:{slug}#x"]
        {
            assert_eq!(Ids::parse(text).map(|ids| ids.to_string()).as_deref(), Ok(text));
        }
        let pattern = IdPattern::parse("a{slug}-{base}b").expect("a pattern");
        assert_eq!(pattern.fill(|placeholder| placeholder.name()), "aslug-baseb");
        assert!(pattern.uses(Placeholder::Slug) && !pattern.uses(Placeholder::Id));
    }

    #[test]
    fn what_is_not_a_pattern_says_what_to_write() {
        for (text, message) in [
            ("", "cannot be \"\". Write auto, dialect, permalink, or a pattern like \"{site}{id}\""),
            ("uuid", "cannot be \"uuid\""),
            ("{site}{idd}", "has an unknown placeholder {idd}. Did you mean `id`?"),
            ("{site}{base}/", "gives every post the same id: \"{site}{base}/\". Add {path}, {id} or {slug}."),
            ("{id", "has a single brace: \"{id\". Write placeholders as {id}."),
            ("id}", "has a single brace"),
            ("a\n{id}", "contains a control character"),
        ] {
            let error = Ids::parse(text).expect_err(text);
            assert!(error.starts_with(message), "{error}");
        }
    }
}
