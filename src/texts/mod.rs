//! feedmill's own texts in the language of the site: messages by Fluent, dates and numbers by CLDR.

mod dates;
mod messages;

use chrono::{DateTime, FixedOffset, NaiveDate};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;

pub use self::dates::Dates;
pub use self::messages::Messages;
use self::messages::{Value, find_messages};
use crate::catalog::Site;

/// The texts of pages and entries, in one language.
pub struct Texts {
    messages: &'static Messages,
    /// BCP 47 tag of these texts.
    language: String,
    dates: Dates,
    number: Option<DecimalFormatter>,
}

/// Returns true if there are texts in the language of a BCP 47 tag.
pub fn has_texts(tag: &str) -> bool {
    find_messages(tag).is_some()
}

impl Texts {
    /// The texts in the language of a site's pages; in English if that language has no texts.
    pub fn of(site: &Site) -> Self {
        Self::in_language(site.pages.language.as_deref().or(site.language.as_deref()))
    }

    /// The texts in the language of a BCP 47 tag, if there are any.
    pub fn in_language(wanted: Option<&str>) -> Self {
        let found = wanted.and_then(|tag| Some((find_messages(tag)?, tag)));
        let (messages, tag) = found.unwrap_or_else(|| (Messages::english(), "en"));
        let locale = Locale::try_from_str(tag).unwrap_or(Locale::UNKNOWN);
        Self {
            messages,
            language: tag.to_owned(),
            dates: Dates::new(tag),
            number: DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).ok(),
        }
    }

    /// BCP 47 tag of these texts.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The writing direction, for the HTML attribute `dir`.
    pub fn direction(&self) -> &'static str {
        if self.messages.is_rtl() { "rtl" } else { "ltr" }
    }

    /// The texts alone, without the formats of dates and numbers.
    pub fn messages(&self) -> &'static Messages {
        self.messages
    }

    /// A text.
    pub fn say(&self, id: &str) -> String {
        self.messages.fill(id, &[])
    }

    /// A text with values in it.
    pub fn fill(&self, id: &str, values: &[(&str, &str)]) -> String {
        self.messages.fill(id, values)
    }

    /// A text about a number of things: `1 post`, `12,345 posts`.
    pub fn count(&self, id: &str, count: usize) -> String {
        let shown = self.number(count);
        self.messages.format(id, &[("count", Value::from(count)), ("shown", Value::from(shown))])
    }

    /// A formatted number: `12,345`.
    pub fn number(&self, number: usize) -> String {
        let decimal = Decimal::from(number as u64);
        self.number
            .as_ref()
            .map_or_else(|| number.to_string(), |formatter| formatter.format(&decimal).to_string())
    }

    /// A formatted day: `24 November 2026`.
    pub fn day(&self, time: DateTime<FixedOffset>) -> String {
        self.dates.day(time)
    }

    /// The month of a day: `November 2026`.
    pub fn month(&self, day: NaiveDate) -> String {
        self.dates.month(day)
    }

    /// The name of a group of feeds or of a taxonomy: translated if it always exists, else as configured.
    pub fn name_group(&self, name: &str) -> String {
        match name {
            "feeds" | "sources" | "languages" | "tags" | "categories" | "authors" => self.say(name),
            _ => {
                let mut characters = name.chars();
                let first = characters.next().map(char::to_uppercase);
                first.map_or_else(String::new, |first| first.chain(characters).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn texts(tag: &str) -> Texts {
        Texts::in_language(Some(tag))
    }

    #[test]
    fn dates_numbers_and_plurals_are_those_of_the_language() {
        let day = DateTime::parse_from_rfc3339("2024-03-05T10:00:00+01:00").expect("it is a date");
        for (tag, date, month, one, many) in [
            ("en", "March 5, 2024", "March 2024", "1 post", "1,234 posts"),
            ("en-GB", "5 March 2024", "March 2024", "1 post", "1,234 posts"),
            ("de", "5. März 2024", "März 2024", "1 Beitrag", "1.234 Beiträge"),
            ("pl", "5 marca 2024", "marzec 2024", "1 wpis", "1234 wpisy"),
            ("ru", "5 марта 2024 г.", "март 2024 г.", "1 запись", "1 234 записи"),
            ("zh-CN", "2024年3月5日", "2024年3月", "1 篇文章", "1,234 篇文章"),
            ("ja", "2024年3月5日", "2024年3月", "1 件の記事", "1,234 件の記事"),
        ] {
            let texts = texts(tag);
            let shown = [
                texts.day(day),
                texts.month(day.date_naive()),
                texts.count("posts", 1),
                texts.count("posts", 1234),
            ];
            // Versions of CLDR use different no-break spaces.
            let shown = shown.map(|text| text.replace(['\u{a0}', '\u{202f}'], " "));
            assert_eq!(shown, [date, month, one, many], "{tag}");
        }
    }

    #[test]
    fn a_tag_finds_the_texts_of_its_language_and_script() {
        for (tag, language, direction, search) in [
            ("en-US", "en-US", "ltr", "Search"),
            ("DE-at", "DE-at", "ltr", "Suchen"),
            ("zh-TW", "zh-TW", "ltr", "搜尋"),
            ("zh-Hant-HK", "zh-Hant-HK", "ltr", "搜尋"),
            ("zh", "zh", "ltr", "搜索"),
            ("zh-Hans-TW", "zh-Hans-TW", "ltr", "搜索"),
            ("ar-EG", "ar-EG", "rtl", "بحث"),
            ("he", "he", "rtl", "חיפוש"),
            // There are no Swedish texts: English is used and declared.
            ("sv", "en", "ltr", "Search"),
        ] {
            let texts = texts(tag);
            assert_eq!((texts.language(), texts.direction()), (language, direction), "{tag}");
            assert_eq!(texts.say("search"), search, "{tag}");
        }
    }
}
