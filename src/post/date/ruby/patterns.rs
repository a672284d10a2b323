//! The patterns of Ruby's `date_parse.c`.

use std::sync::LazyLock;

use regex::Regex;

pub(super) const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH: &str = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
const ERA: &str = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))";
/// A number begins after a character that is not a digit; the group around a pattern is the text that is removed.
const START: &str = "(?:^|[^0-9])";

/// Compiles a pattern, which is a constant of the program.
pub(super) fn compile(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}")).expect("it is well-formed")
}

/// The patterns of `date_parse.c`, in the order in which they are tried.
pub(super) struct Patterns {
    pub(super) noise: Regex,
    pub(super) weekday: Regex,
    pub(super) time: Regex,
    pub(super) clock: Regex,
    pub(super) day_first: Regex,
    pub(super) month_first: Regex,
    pub(super) iso: Regex,
    pub(super) era_of_japan: Regex,
    pub(super) dashes: [Regex; 2],
    pub(super) slashes: Regex,
    pub(super) dots: Regex,
    pub(super) without_year: [Regex; 4],
    pub(super) ordinal: Regex,
    pub(super) year: Regex,
    pub(super) month_or_day: [Regex; 2],
    pub(super) digits: Regex,
    pub(super) before_christ: Regex,
    pub(super) fragment: Regex,
}

pub(super) static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    noise: compile(r"[^-+',./:@\[\]\p{Alphabetic}\p{Nd}]+"),
    weekday: compile(r"(\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/0-9 ]*)"),
    time: compile(&format!(
        r"{START}(([0-9]+ *(?:(?:: *[0-9]+(?: *: *[0-9]+(?:[,.][0-9]*)?)?|h(?: *[0-9]+m?(?: *[0-9]+s?)?)?)(?: *[ap](?:m\b|\.m\.))?|[ap](?:m\b|\.m\.)))(?: *((?:gmt|utc?)?[-+][0-9]+(?:[,.:][0-9]+(?::[0-9]+)?)?|[[:alpha:]. ]+(?:standard|daylight) time\b|[[:alpha:]]+(?: dst)?\b))?)"
    )),
    clock: compile(
        r"^([0-9]+)h?(?: *:? *([0-9]+)m?(?: *:? *([0-9]+)(?:[,.][0-9]+)?s?)?)?(?: *([ap])(?:m\b|\.m\.))?",
    ),
    day_first: compile(&format!(
        r"{START}(('?[0-9]+)[^-0-9 ]* *{MONTH}[^-0-9 ']*(?: *(?:\b{ERA})? *('?-?[0-9]+(?:(?:st|nd|rd|th)\b)?))?)"
    )),
    month_first: compile(&format!(
        r"(\b{MONTH}[^-0-9 ']* *('?[0-9]+)[^-0-9 ']*(?: *,? *{ERA}? *('?-?[0-9]+))?)"
    )),
    iso: compile(&format!("{START}(('?[-+]?[0-9]+)-([0-9]+)-('?-?[0-9]+))")),
    era_of_japan: compile(r"(\b([mtshr])([0-9]+)\.([0-9]+)\.([0-9]+))"),
    dashes: [
        compile(&format!("{START}(('?-?[0-9]+)-{MONTH}[^-/.]*-('?-?[0-9]+))")),
        compile(&format!(r"(\b{MONTH}[^-/.]*-('?-?[0-9]+)(?:-('?-?[0-9]+))?)")),
    ],
    slashes: compile(&format!("{START}(('?-?[0-9]+)/ *('?[0-9]+)(?:[^0-9] *('?-?[0-9]+))?)")),
    dots: compile(&format!(r"{START}(('?-?[0-9]+)\. *('?[0-9]+)\. *('?-?[0-9]+))")),
    without_year: [
        compile(r"\b(?:[0-9]{2}|[0-9]{4})?-?w[0-9]{2}(?:-?[0-9])?\b"),
        compile(r"-w-[0-9]\b"),
        compile(r"--(?:[0-9]{2})?-[0-9]{2}\b"),
        compile(r"--[0-9]{2}(?:[0-9]{2})?\b"),
    ],
    ordinal: compile(r"(\b([0-9]{2}|[0-9]{4})-([0-9]{3})\b)"),
    year: compile(r"('([0-9]+)\b)"),
    month_or_day: [compile(&format!(r"\b{MONTH}")), compile(&format!(r"{START}[0-9]+(?:st|nd|rd|th)\b"))],
    digits: compile(&format!(
        r"{START}([0-9]{{2,14}}(?: *t? *([0-9]{{2,6}})?([,.][0-9]*)?)?(?: *(z\b|[-+][0-9]{{1,4}}\b|\[[-+]?[0-9][^\]]*\]))?)"
    )),
    before_christ: compile(r"\b(?:bc\b|bce\b|b\.c\.|b\.c\.e\.)"),
    fragment: compile("^ *([0-9]{1,2}) *$"),
});
