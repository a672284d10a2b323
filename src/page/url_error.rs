//! The errors of a URL: their texts, in the language of the site on a page and in English elsewhere.

use std::fmt;

use maud::html;

use super::layout::{Frame, frame, link};
use super::subscribe::show_url;
use crate::catalog::Snapshot;
use crate::feed::BadQuery;
use crate::limits::{SEARCH_WORD_BYTES, SEARCH_WORDS};
use crate::texts::{Messages, Texts};

/// The reason why a URL has no content. Displayed, it is a sentence in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlError {
    /// It is not percent-encoded UTF-8.
    Encoding,
    /// Its query is invalid.
    Query(BadQuery),
    /// There is no feed or page.
    NotFound,
    /// The feed has fewer pages.
    NoPage {
        /// The requested page.
        number: usize,
        /// The last one.
        last: usize,
    },
    /// No visible entry refers to the media file, or it does not exist.
    NoMedia,
    /// The feed was removed permanently.
    Gone,
}

impl From<BadQuery> for UrlError {
    fn from(error: BadQuery) -> Self {
        Self::Query(error)
    }
}

impl std::error::Error for UrlError {}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain(Messages::english()))
    }
}

impl UrlError {
    /// Writes its page, with the paths that were probably meant, given without the path of the public URL.
    pub fn write_page(&self, snapshot: &Snapshot, paths: &[String]) -> String {
        let texts = Texts::of(&snapshot.site);
        let title = texts.say(match self {
            Self::Encoding | Self::Query(_) => "bad-request",
            Self::NotFound | Self::NoPage { .. } | Self::NoMedia => "not-found",
            Self::Gone => "gone",
        });
        let main = html! {
            div.masthead {
                h1 { (title) }
                p.description { (self.explain(texts.messages())) }
            }
            @if !paths.is_empty() {
                p.help { (texts.say("did-you-mean")) }
                ul.directory.suggestions {
                    @for path in paths {
                        li { a href=(link(snapshot, path)) { bdi { (show_url(&format!("{}{path}", snapshot.site.public_url))) } } }
                    }
                }
            }
            p { a.primary href=(link(snapshot, "/")) { (texts.say("all-feeds")) } }
        };
        let above = [(snapshot.site.title.clone(), "/".to_owned())];
        let shown =
            Frame { title: &title, path: "/", feeds: &[], above: &above, crumb: &title, elsewhere: None };
        frame(snapshot, &shown, main)
    }

    fn explain(&self, texts: &Messages) -> String {
        match self {
            Self::Encoding => texts.fill("url-encoding", &[]),
            Self::Query(reason) => explain_query(texts, reason),
            Self::NotFound => texts.fill("not-found-text", &[]),
            Self::NoPage { number, last } => {
                texts.fill("no-page", &[("number", &number.to_string()), ("last", &last.to_string())])
            }
            Self::NoMedia => texts.fill("no-media", &[]),
            Self::Gone => texts.fill("gone-text", &[]),
        }
    }
}

/// Explains why a query is invalid. Numbers are not formatted: they are parts of URLs.
fn explain_query(texts: &Messages, reason: &BadQuery) -> String {
    match reason {
        BadQuery::Encoding => texts.fill("url-encoding", &[]),
        BadQuery::NoValue { parameter } => texts.fill("query-empty", &[("parameter", parameter)]),
        BadQuery::Twice { parameter } => texts.fill("query-twice", &[("parameter", parameter)]),
        BadQuery::UnknownParameter { parameter, known } => {
            texts.fill("query-unknown", &[("parameter", parameter), ("known", known)])
        }
        BadQuery::LongSearch => {
            let (words, bytes) = (SEARCH_WORDS.to_string(), SEARCH_WORD_BYTES.to_string());
            texts.fill("query-words", &[("parameter", "q"), ("words", &words), ("bytes", &bytes)])
        }
        BadQuery::OnlyExclusions => texts.fill("query-excludes", &[("parameter", "q")]),
        BadQuery::UnknownSource(value) => texts.fill("query-no-source", &[("value", value)]),
        BadQuery::NoLanguage(value) => texts.fill("query-no-language", &[("value", value)]),
        BadQuery::Number { parameter, value, most: Some(most) } => {
            let most = most.to_string();
            let values = [("parameter", &**parameter), ("value", value), ("from", "1"), ("to", &most)];
            texts.fill("query-range", &values)
        }
        BadQuery::Number { parameter, value, most: None } => {
            texts.fill("query-from", &[("parameter", parameter), ("value", value), ("from", "1")])
        }
        BadQuery::Keyword { parameter, value, known } => {
            let values = [("parameter", &**parameter), ("value", value), ("choices", &known.join(", "))];
            texts.fill("query-choice", &values)
        }
        BadQuery::Form { parameter, value, examples } => {
            let values = [("parameter", &**parameter), ("value", value), ("examples", examples)];
            texts.fill("query-form", &values)
        }
        BadQuery::Period => texts.fill("query-period", &[("since", "since"), ("until", "until")]),
        BadQuery::List { parameter, value, all, any } => {
            let any = any.as_deref();
            let id = if any.is_some() { "query-list-any" } else { "query-list" };
            let values = [("parameter", &**parameter), ("value", value), ("repeated", all)];
            texts.fill(id, &values.into_iter().chain(any.map(|any| ("any", any))).collect::<Vec<_>>())
        }
        BadQuery::UnknownTerm { parameter, value } => {
            texts.fill("query-no-term", &[("parameter", parameter), ("value", value)])
        }
        BadQuery::WordpressNumber { parameter, instead: Some(instead) } => {
            texts.fill("wordpress-number", &[("parameter", parameter), ("instead", instead)])
        }
        BadQuery::WordpressNumber { instead: None, .. } => texts.fill("wordpress-post", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every error, each with the texts of the request that it shows.
    fn list_errors() -> Vec<(UrlError, Vec<&'static str>)> {
        let (parameter, value) = ("not_tags".to_owned(), "Шахматы".to_owned());
        let list = |any: Option<&str>| BadQuery::List {
            parameter: parameter.clone(),
            value: value.clone(),
            all: "not_tags=a&not_tags=b".to_owned(),
            any: any.map(str::to_owned),
        };
        let number = |most| BadQuery::Number { parameter: parameter.clone(), value: value.clone(), most };
        let number_of = |instead| BadQuery::WordpressNumber { parameter: "cat", instead };
        let queries = [
            (BadQuery::Encoding, vec!["UTF-8"]),
            (BadQuery::NoValue { parameter: parameter.clone() }, vec!["not_tags"]),
            (BadQuery::Twice { parameter: "limit" }, vec!["limit"]),
            (
                BadQuery::UnknownParameter { parameter: "tgas".to_owned(), known: "tags".to_owned() },
                vec!["tgas", "tags"],
            ),
            (BadQuery::LongSearch, vec!["q", "32", "100"]),
            (BadQuery::OnlyExclusions, vec!["q"]),
            (BadQuery::UnknownSource(value.clone()), vec!["Шахматы"]),
            (BadQuery::NoLanguage(value.clone()), vec!["Шахматы"]),
            (number(Some(500)), vec!["not_tags", "Шахматы", "1", "500"]),
            (number(None), vec!["not_tags", "Шахматы", "1"]),
            (
                BadQuery::Keyword {
                    parameter: parameter.clone(),
                    value: value.clone(),
                    known: vec!["full", "none"],
                },
                vec!["not_tags", "Шахматы", "full, none"],
            ),
            (
                BadQuery::Form { parameter: parameter.clone(), value: value.clone(), examples: "2024-01-31" },
                vec!["not_tags", "Шахматы", "2024-01-31"],
            ),
            (BadQuery::Period, vec!["since", "until"]),
            (list(None), vec!["not_tags", "Шахматы", "not_tags=a&not_tags=b"]),
            (list(Some("any_tags=a")), vec!["Шахматы", "not_tags=a&not_tags=b", "any_tags=a"]),
            (
                BadQuery::UnknownTerm { parameter: parameter.clone(), value: value.clone() },
                vec!["not_tags", "Шахматы"],
            ),
            (number_of(Some("tag=<tag>")), vec!["cat", "tag=<tag>"]),
            (number_of(None), vec![]),
        ];
        let others = [
            (UrlError::Encoding, vec!["UTF-8"]),
            (UrlError::NotFound, vec![]),
            (UrlError::NoPage { number: 1234, last: 12 }, vec!["1234", "12"]),
            (UrlError::NoMedia, vec![]),
            (UrlError::Gone, vec![]),
        ];
        let queries = queries.into_iter().map(|(query, shown)| (UrlError::Query(query), shown));
        others.into_iter().chain(queries).collect()
    }

    #[test]
    fn every_error_is_explained_in_every_language_with_the_texts_of_the_request() {
        for tag in ["ar", "de", "es", "fr", "he", "it", "ja", "ko", "nl", "pl", "pt", "ru", "zh", "zh-TW"] {
            let texts = Texts::in_language(Some(tag));
            for (error, shown) in list_errors() {
                let text = error.explain(texts.messages());
                assert_ne!(text, error.to_string(), "{tag}");
                assert!(shown.iter().all(|shown| text.contains(shown)), "{tag}: {shown:?}: {text}");
                assert!(text.ends_with(['.', '。', '?', '？', '؟']), "it is a sentence: {tag}: {text}");
            }
        }
        let unknown = BadQuery::UnknownParameter { parameter: "tag".to_owned(), known: "tags".to_owned() };
        let text = UrlError::Query(unknown).to_string();
        assert_eq!(text, "There is no parameter tag. Did you mean tags?");
    }
}
