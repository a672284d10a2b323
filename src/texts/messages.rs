//! The message files, one per language.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub(super) use fluent_bundle::FluentValue as Value;

/// The texts of one language.
pub struct Messages {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

macro_rules! files {
    ($($tag:literal),* $(,)?) => {
        [$(($tag, include_str!(concat!("locales/", $tag, ".ftl")))),*]
    };
}

/// Each language's tag and file, English first.
const FILES: [(&str, &str); 15] = files![
    "en", "ar", "de", "es", "fr", "he", "it", "ja", "ko", "nl", "pl", "pt", "ru", "zh-Hans", "zh-Hant"
];

static MESSAGES: LazyLock<[Messages; FILES.len()]> =
    LazyLock::new(|| FILES.map(|(tag, text)| Messages::new(tag, text)));

impl Messages {
    fn new(tag: &'static str, text: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // A test parses every message of every file.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        let messages = Self { tag, bundle };
        // Isolation marks around values are needed only if the directions of scripts differ.
        let is_rtl = messages.is_rtl();
        let mut messages = messages;
        messages.bundle.set_use_isolating(is_rtl);
        messages
    }

    /// The texts in English.
    pub fn english() -> &'static Self {
        &MESSAGES[0]
    }

    /// Returns true if these texts are written from right to left.
    pub(super) fn is_rtl(&self) -> bool {
        matches!(self.tag, "ar" | "he")
    }

    /// Formats a text with texts in it.
    pub fn fill(&self, id: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
        self.format(id, &values)
    }

    /// Formats a text with values; the id if there is no such text, which a test rules out.
    pub(super) fn format(&self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        pattern.map_or_else(
            || id.to_owned(),
            |pattern| self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned(),
        )
    }
}

/// The texts that match a BCP 47 tag best: by its language and, for Chinese, its script.
pub(super) fn find_messages(tag: &str) -> Option<&'static Messages> {
    let lower = tag.to_ascii_lowercase();
    let mut subtags = lower.split('-');
    let wanted = match subtags.next()? {
        "zh" | "cmn" => {
            let mut decisive = subtags.filter_map(|subtag| match subtag {
                "hans" | "cn" | "sg" | "my" => Some("zh-Hans"),
                "hant" | "tw" | "hk" | "mo" => Some("zh-Hant"),
                _ => None,
            });
            decisive.next().unwrap_or("zh-Hans")
        }
        // ISO 639 renamed the code of Hebrew in 1989.
        "iw" => "he",
        language => language,
    };
    MESSAGES.iter().find(|messages| messages.tag == wanted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_bundle::FluentResource;

    use super::*;

    /// The ids of a file, each with the names of its values.
    fn list_messages(text: &str) -> BTreeMap<String, Vec<String>> {
        assert!(FluentResource::try_new(text.to_owned()).is_ok(), "it is Fluent: {text}");
        let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((id, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
                id.clone_into(&mut current);
                messages.insert(current.clone(), Vec::new());
            }
            for value in line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next()) {
                let values = messages.get_mut(&current).expect("a message comes first");
                // A count selects a plural form; not every language needs it.
                if value != "count" && !values.contains(&value.to_owned()) {
                    values.push(value.to_owned());
                }
            }
            if let Some(values) = messages.get_mut(&current) {
                values.sort();
            }
        }
        messages
    }

    #[test]
    fn every_language_has_every_text_with_the_same_values() {
        let (_, english) = FILES[0];
        let english = list_messages(english);
        assert!(english.len() > 50, "{}", english.len());
        for (tag, text) in FILES {
            assert_eq!(list_messages(text), english, "{tag}");
        }
    }
}
