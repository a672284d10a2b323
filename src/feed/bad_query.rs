//! The reasons why a query cannot be answered. Their texts are those of pages, in the language of the reader.

/// The error when a query cannot be answered: a known parameter has an invalid value, or a parameter is nearly a known
/// one. Texts of the request are short and in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadQuery {
    /// It is not percent-encoded UTF-8.
    Encoding,
    /// A parameter is empty.
    NoValue {
        /// Its name.
        parameter: String,
    },
    /// A parameter that takes one value has two.
    Twice {
        /// Its name.
        parameter: &'static str,
    },
    /// An unknown parameter is nearly a known one.
    UnknownParameter {
        /// Its name.
        parameter: String,
        /// The known one.
        known: String,
    },
    /// A search has too many or too long words.
    LongSearch,
    /// A search only excludes words.
    OnlyExclusions,
    /// There is no source with this name.
    UnknownSource(String),
    /// It is not a language code.
    NoLanguage(String),
    /// A value is not a number, or out of range.
    Number {
        /// The parameter.
        parameter: String,
        /// The value.
        value: String,
        /// The greatest number, if there is one. The least is 1.
        most: Option<usize>,
    },
    /// A value is not one of the known ones.
    Keyword {
        /// The parameter.
        parameter: String,
        /// The value.
        value: String,
        /// The known values.
        known: Vec<&'static str>,
    },
    /// A value does not have the form of its parameter.
    Form {
        /// The parameter.
        parameter: String,
        /// The value.
        value: String,
        /// Values that do.
        examples: &'static str,
    },
    /// `since` is not before `until`.
    Period,
    /// A value that no post has splits into values that posts have.
    List {
        /// The parameter.
        parameter: String,
        /// The value.
        value: String,
        /// The query for posts with all of the values.
        all: String,
        /// The query for posts with any of them, if it is a different one.
        any: Option<String>,
    },
    /// No post has this term.
    UnknownTerm {
        /// The parameter.
        parameter: String,
        /// The term.
        value: String,
    },
    /// A parameter contains a number of WordPress's database.
    WordpressNumber {
        /// The parameter.
        parameter: &'static str,
        /// The parameter to write instead; `None`: the URL of another feed.
        instead: Option<&'static str>,
    },
}

/// A text of a request for an error: short, and in one line.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
