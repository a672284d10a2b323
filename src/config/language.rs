//! Languages by their tags (BCP 47).

use serde_json::Value;

use super::reader::{At, FromToml};
use super::schema;

/// A language by its BCP 47 tag, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(pub String);

impl Language {
    /// The tag that a text is; operating systems write `zh_CN`.
    pub fn parse_tag(text: &str) -> Option<String> {
        Some(text.replace('_', "-")).filter(|tag| Self::is_tag(tag))
    }

    /// Returns true if `tag` is a well-formed BCP 47 tag (RFC 5646 §2.1). A language of more than three letters is
    /// rejected: none is registered, and people who write one mean its name.
    pub fn is_tag(tag: &str) -> bool {
        let is_alpha = |s: &str| s.bytes().all(|b| b.is_ascii_alphabetic());
        let mut subtags = tag.split('-').peekable();
        if !tag.split('-').all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
        {
            return false;
        }
        let primary = subtags.next().unwrap_or_default();
        if matches!(primary, "x" | "X" | "i" | "I") {
            return subtags.next().is_some();
        }
        let mut take = |fits: &dyn Fn(&str) -> bool| subtags.next_if(|s| fits(s)).is_some();
        if !(2..=3).contains(&primary.len()) || !is_alpha(primary) {
            return false;
        }
        // Extended languages, the script, the region, variants.
        while take(&|s| s.len() == 3 && is_alpha(s)) {}
        take(&|s| s.len() == 4 && is_alpha(s));
        take(&|s| (s.len() == 2 && is_alpha(s)) || (s.len() == 3 && s.bytes().all(|b| b.is_ascii_digit())));
        while take(&|s| s.len() >= 5 || (s.len() == 4 && s.as_bytes()[0].is_ascii_digit())) {}
        // A single letter or digit introduces subtags of its own.
        while let Some(introducer) = subtags.next() {
            let most = if introducer.eq_ignore_ascii_case("x") { 1 } else { 2 };
            if introducer.len() > 1 || subtags.next_if(|s| s.len() >= most).is_none() {
                return false;
            }
            while subtags.next_if(|s| s.len() >= most).is_some() {}
        }
        true
    }

    /// A suggestion of what to write instead of an invalid tag.
    pub fn advise(written: &str) -> String {
        let folded = written.to_lowercase().replace('_', "-");
        let named = LANGUAGES.iter().find(|(names, _)| names.contains(&&*folded)).map(|(_, tag)| *tag);
        match named.or(Some(&*folded).filter(|tag| written.contains('_') && Self::is_tag(tag))) {
            Some(tag) => format!("Did you mean {tag:?}?"),
            None => "Write a BCP 47 tag like \"en\" or \"zh-CN\".".to_owned(),
        }
    }
}

/// Names that people write in place of the tag.
const LANGUAGES: &[(&[&str], &str)] = &[
    (&["english"], "en"),
    (&["german", "deutsch"], "de"),
    (&["french", "français", "francais"], "fr"),
    (&["spanish", "español", "espanol"], "es"),
    (&["italian", "italiano"], "it"),
    (&["portuguese", "português", "portugues"], "pt"),
    (&["dutch", "nederlands"], "nl"),
    (&["polish", "polski"], "pl"),
    (&["russian", "русский"], "ru"),
    (&["arabic", "العربية"], "ar"),
    (&["hebrew", "עברית"], "he"),
    (&["japanese", "日本語"], "ja"),
    (&["korean", "한국어"], "ko"),
    (&["chinese", "中文"], "zh"),
];

impl FromToml for Language {
    fn read(at: At<'_>) -> Option<Self> {
        let tag = String::read(at)?;
        if Self::is_tag(&tag) {
            return Some(Self(tag));
        }
        at.error(format!("is not a language tag: {tag:?}. {}", Self::advise(&tag)))
    }

    fn describe() -> Value {
        schema::text_like("^([A-Za-z]{2,3}|[xXiI])(-[A-Za-z0-9]{1,8})*$", "en")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_tags_not_names() {
        for tag in [
            "en",
            "zh-CN",
            "zh-Hant-TW",
            "de-1996",
            "sl-rozaj-biske",
            "es-419",
            "zh-cmn-Hans",
            "yue",
            "x-klingon",
            "en-a-bbb-x-a",
            "i-default",
            "de-CH-1901",
            "EN-us",
        ] {
            assert!(Language::is_tag(tag), "{tag}");
        }
        for tag in
            ["", "english", "e", "en_US", "en-", "en--us", "en-x", "de-DE-DE", "中文", "en-toolongsubtag"]
        {
            assert!(!Language::is_tag(tag), "{tag}");
        }
        assert_eq!(Language::parse_tag("zh_Hant_TW").as_deref(), Some("zh-Hant-TW"));
        assert_eq!(Language::parse_tag("en_"), None);
        assert_eq!(Language::advise("English"), "Did you mean \"en\"?");
        assert_eq!(Language::advise("pt_BR"), "Did you mean \"pt-br\"?");
        assert!(Language::advise("klingonish").starts_with("Write a BCP 47 tag"));
    }
}
