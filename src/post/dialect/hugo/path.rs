//! Paths as Hugo splits and normalises them.

use std::borrow::Cow;

use chrono::{NaiveDateTime, NaiveTime};
use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::dates::make_day;
use super::{EXTENSIONS, Hugo, Source, UrlRules};
use crate::post::site::SiteSettings;
use crate::post::text::is_word_character;

/// A path relative to its content folder, and where that folder is mounted below `content`.
pub(super) fn below_content<'p>(source: Source<'p>, path: &'p str) -> Option<(&'p str, &'p str)> {
    let folders = &source.own.content_folders;
    if folders.is_empty() {
        return source.below_content(path).map(|below| ("", below));
    }
    // Files outside of these folders are not pages.
    folders.iter().find_map(|folder| Some((folder.mount.as_str(), folder.below(path)?)))
}

/// The place of a page below `content`.
#[derive(Debug, Clone, Copy)]
pub(super) struct PagePlace<'p> {
    /// Where the page's content folder is mounted.
    mount: &'p str,
    /// The folder of the page below that.
    below: &'p str,
    /// The name of the page: for an `index.md`, that of its folder.
    pub(super) name: &'p str,
}

impl<'p> PagePlace<'p> {
    /// Finds the place of the page at a path.
    pub(super) fn find(source: Source<'p>, path: &'p str) -> Self {
        let (mount, path) = below_content(source, path).unwrap_or(("", path));
        let split = |path: &'p str| path.rsplit_once('/').unwrap_or(("", path));
        let (below, name) = split(split_language(source.own, source.site, path).0);
        match (name, below) {
            ("index", "") => {
                let (mount, name) = split(mount);
                Self { mount, below, name }
            }
            ("index", folder) => {
                let (below, name) = split(folder);
                Self { mount, below, name }
            }
            _ => Self { mount, below, name },
        }
    }

    /// The folder of the page below `content`.
    pub(super) fn folder(self) -> Cow<'p, str> {
        join_folders(self.mount, self.below)
    }

    /// The top folder above the page.
    pub(super) fn section(self) -> &'p str {
        let folder = if self.mount.is_empty() { self.below } else { self.mount };
        folder.split('/').next().unwrap_or_default()
    }
}

/// The path of a folder in another one; both may be empty.
pub(super) fn join_folders<'p>(above: &'p str, below: &'p str) -> Cow<'p, str> {
    match (above, below) {
        ("", folder) | (folder, "") => Cow::Borrowed(folder),
        _ => Cow::Owned(format!("{above}/{below}")),
    }
}

/// `hugo 0.168 setMetaPostParams`: a slug without `-` at its ends.
pub(super) fn trim_slug(slug: &str) -> &str {
    slug.trim_matches('-')
}

/// Splits a path without its extension into the stem and the language, if it contains one.
pub(super) fn split_language<'p>(
    hugo: &Hugo,
    site: &SiteSettings,
    path: &'p str,
) -> (&'p str, Option<&'p str>) {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let is_language = |code: &str| {
        let mut known = site.languages.iter().chain([&hugo.default_language]);
        known.any(|known| known.eq_ignore_ascii_case(code))
    };
    let Some((before, code)) = stem.rsplit_once('.') else { return (stem, None) };
    // `hugo 0.168 paths`: `x._language_fr_.md` is `x.fr.md`.
    let code = code.strip_prefix("_language_").and_then(|code| code.strip_suffix('_')).unwrap_or(code);
    if is_language(code) { (before, Some(code)) } else { (stem, None) }
}

/// Returns true if a file of this name makes its folder one page.
pub(super) fn is_leaf(hugo: &Hugo, site: &SiteSettings, file: &str) -> bool {
    let extension = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    split_language(hugo, site, file).0 == "index" && EXTENSIONS.contains(&extension.as_str())
}

/// Every name that such a file may have.
pub(super) fn leaf_names(hugo: &Hugo, site: &SiteSettings) -> Vec<String> {
    let codes = site.languages.iter().chain([&hugo.default_language]).map(|code| format!(".{code}"));
    let stems: Vec<String> =
        [String::new()].into_iter().chain(codes).map(|code| format!("index{code}")).collect();
    stems
        .iter()
        .flat_map(|stem| EXTENSIONS.iter().map(move |extension| format!("{stem}.{extension}")))
        .collect()
}

/// `hugo 0.168 dateAndSlugFromBaseFilename`: a date, optionally with a time, at the start of a name; the rest
/// is the slug.
pub(super) fn split_name(name: &str) -> Option<(NaiveDateTime, &str)> {
    let number = |at: usize, length: usize| -> Option<u32> {
        let digits = name.get(at..at + length)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let dash = |at: usize| name.as_bytes().get(at) == Some(&b'-');
    if !(dash(4) && dash(7)) {
        return None;
    }
    let day = make_day(number(0, 4)? as i32, number(5, 2)?, number(8, 2)?)?;
    let time = || {
        let parts = (dash(10) && dash(13) && dash(16))
            .then(|| Some((number(11, 2)?, number(14, 2)?, number(17, 2)?)))??;
        NaiveTime::from_hms_opt(parts.0, parts.1, parts.2)
    };
    let (time, end) = time().map_or((NaiveTime::MIN, 10), |time| (time, 19));
    let rest = &name[end..];
    Some((day.and_time(time), rest.trim_matches([' ', '-', '_'])))
}

/// Normalises the path of a page as Hugo does: spaces become `-`, letters are lower-cased, most punctuation is
/// removed.
pub(super) fn normalise_path(rules: &UrlRules, path: &str) -> String {
    sanitise(&change_case(rules, &path.replace(' ', "-")))
}

/// Converts a slug or a title to a path segment.
pub(super) fn urlise(rules: &UrlRules, text: &str) -> String {
    sanitise(&change_case(rules, text))
}

/// `hugo 0.168 helpers.URLEscape`: text for a URL pattern, without an empty fragment at its end.
pub(super) fn urlise_word(rules: &UrlRules, text: &str) -> String {
    let mut word = urlise(rules, text);
    if word.find('#').is_some_and(|at| at + 1 == word.len()) {
        word.pop();
    }
    word
}

/// Cleans an expanded URL pattern: `+` and percent-encoding are decoded, then the path is sanitised.
pub(super) fn clean_expanded(rules: &UrlRules, path: &str) -> String {
    let spaced = path.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_or_else(|_| spaced.clone(), Cow::into_owned);
    sanitise(&change_case(rules, &decoded))
}

/// `disablePathToLower`, `removePathAccents`.
fn change_case(rules: &UrlRules, text: &str) -> String {
    // Letter by letter, as in Go.
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let text = if rules.path_to_lower { text.chars().map(lower).collect() } else { text.to_owned() };
    if !rules.remove_accents || text.is_ascii() {
        return text;
    }
    text.nfd().filter(|c| c.general_category() != GeneralCategory::NonspacingMark).nfc().collect()
}

/// `hugo 0.168 paths.Sanitize`: all characters except letters, digits and some punctuation are removed; white
/// space between the others becomes one `-`.
fn sanitise(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let (mut pending, mut was_hyphen) = (false, false);
    for (at, c) in text.char_indices() {
        if is_allowed(text, at, c) {
            was_hyphen = c == '-';
            if pending && !was_hyphen {
                clean.push('-');
            }
            pending = false;
            clean.push(c);
        } else if !clean.is_empty() && !was_hyphen && c.is_whitespace() {
            pending = true;
        }
    }
    clean
}

fn is_allowed(text: &str, at: usize, c: char) -> bool {
    if c.is_ascii() {
        let is_escape = || {
            let digits = text.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        return c.is_ascii_alphanumeric() || "./\\_#+~-@".contains(c) || (c == '%' && is_escape());
    }
    is_word_character(c)
}

/// `go net/url EscapedPath`: a validly encoded path is kept; else it is encoded, except for some characters.
pub(super) fn escape(path: &str) -> String {
    let path = path.replace('#', "%23");
    let (path, query) =
        path.split_once('?').map_or((path.as_str(), None), |(path, query)| (path, Some(query)));
    let is_escape = |at: usize| {
        let digits = path.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_valid = path.bytes().enumerate().all(|(at, b)| match b {
        b'%' => is_escape(at),
        b => b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@/[]".contains(&b),
    });
    let mut escaped = String::with_capacity(path.len());
    if is_valid {
        escaped.push_str(path);
    } else {
        for byte in percent_decode_str(path) {
            if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
                escaped.push(char::from(byte));
            } else {
                escaped.push_str(percent_encoding::percent_encode_byte(byte));
            }
        }
    }
    if let Some(query) = query {
        escaped.push('?');
        for byte in query.bytes() {
            // Characters are kept as written if they are allowed in a URL.
            if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
                escaped.push(char::from(byte));
            } else {
                escaped.push_str(percent_encoding::percent_encode_byte(byte));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_hugos() {
        let rules = UrlRules::default();
        for (text, path, word) in [
            ("it's (odd)~!$+,;=@", "its-odd~+@", "its-odd~+@"),
            ("Title From FILE_name-x", "title-from-file_name-x", "title-from-file_name-x"),
            ("  春天来了，  花开了  ", "--春天来了--花开了--", "春天来了-花开了"),
            ("She said \"hi\" -- it's... <<fine>>", "she-said-hi----its...-fine", "she-said-hi--its...-fine"),
            ("😀", "", ""),
            ("percent%20#hash", "percent%20#hash", "percent%20#hash"),
        ] {
            assert_eq!(normalise_path(&rules, text), path, "{text}");
            assert_eq!(urlise(&rules, text), word, "{text}");
        }
        assert_eq!(clean_expanded(&rules, "/p/its-odd~+@/"), "/p/its-odd~-@/");
    }

    #[test]
    fn paths_are_escaped_as_in_go() {
        for (path, escaped) in [
            ("/x!/(y)/", "/x!/(y)/"),
            ("/Mixed Case/x!/", "/Mixed%20Case/x%21/"),
            ("/q/?a=b#c/", "/q/?a=b%23c/"),
            ("/percent%20#hash/", "/percent%20%23hash/"),
            ("/100%/", "/100%25/"),
            ("/c++/", "/c++/"),
        ] {
            assert_eq!(escape(path), escaped, "{path}");
        }
    }

    #[test]
    fn dates_and_times_are_read_from_names() {
        let name = |name| split_name(name).map(|(date, slug)| (date.to_string(), slug));
        assert_eq!(name("2024-01-13-x-y"), Some(("2024-01-13 00:00:00".to_owned(), "x-y")));
        assert_eq!(name("2024-01-15-10-20-30-x"), Some(("2024-01-15 10:20:30".to_owned(), "x")));
        assert_eq!(name("2024-01-15-10-x"), Some(("2024-01-15 00:00:00".to_owned(), "10-x")));
        assert_eq!((name("2024-13-01-x"), name("x"), name("中文中文中文")), (None, None, None));
    }
}
