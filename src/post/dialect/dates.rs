//! Dates as front matter writes them.

use crate::post::date::{self, Moment, javascript};
use crate::post::front_matter::FrontMatter;
use crate::post::value::Value;

/// A key whose value is a date.
#[derive(Debug, Clone, Copy)]
pub struct DateField<'a> {
    /// The front matter that contains the key.
    pub front: &'a FrontMatter<'a>,
    /// The key.
    pub key: &'a str,
    /// The value.
    pub value: &'a Value,
}

impl DateField<'_> {
    /// Returns true if the date is written without quotes, so that YAML infers its type.
    pub(super) fn is_plain(self) -> bool {
        self.front.is_plain(self.key)
    }

    /// A date that YAML parses as one, as JavaScript sees it.
    pub(super) fn read_yaml_stamp(self, text: &str) -> Option<Moment> {
        let text = Some(text).filter(|_| self.is_plain())?;
        javascript::read_yaml_stamp(text).map(Moment::Local)
    }

    /// Parses the date as a generator parses its text, else in any documented form.
    pub(super) fn read(self, generator: impl FnOnce(&str) -> Option<Moment>) -> Result<Moment, String> {
        self.read_text(|text| date::read_as(text, generator))
    }

    /// Parses the date in any documented form.
    pub(super) fn read_documented(self) -> Result<Moment, String> {
        self.read_text(date::read)
    }

    fn read_text(self, read: impl FnOnce(&str) -> Result<Moment, String>) -> Result<Moment, String> {
        let Some(written) = self.value.to_text() else {
            return Err(format!("`{}` is not a date. Write it as YYYY-MM-DD HH:MM:SS +HH:MM.", self.key));
        };
        read(&written).map_err(|why| format!("the date {written:?} {why}"))
    }
}
