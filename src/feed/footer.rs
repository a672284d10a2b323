//! Footers: the configured HTML at the end of entries, with their values.

use std::borrow::Cow;
use std::sync::Arc;

use super::entry::Entry;
use crate::body::sanitise;
use crate::catalog::Site;
use crate::config::{EntryField, Footer};
use crate::texts::Dates;

/// Writes the footers of entries.
#[derive(Debug)]
pub struct FooterWriter<'a> {
    footer: &'a Footer,
    dates: Dates,
}

impl<'a> FooterWriter<'a> {
    /// The writer of a footer on a site.
    pub fn new(site: &Site, footer: &'a Footer) -> Self {
        Self { footer, dates: Dates::new(site.language.as_deref().unwrap_or("en")) }
    }

    /// Appends the footer to the content of an entry. An entry without content, or without one of the values, stays as
    /// it is.
    pub fn append(&self, entry: Arc<Entry>) -> Arc<Entry> {
        let footer = self.footer.fill(|field| self.find(&entry, field));
        match footer.filter(|_| !entry.html.is_empty()) {
            Some(footer) => {
                let html = format!("{}{}", &*entry.html, sanitise(&footer)).into();
                Arc::new(Entry { html, ..Entry::clone(&entry) })
            }
            None => entry,
        }
    }

    /// The value of a placeholder, if the entry has one.
    fn find<'e>(&self, entry: &'e Entry, field: EntryField) -> Option<Cow<'e, str>> {
        match field {
            EntryField::Original => entry.original.as_deref().map(Cow::Borrowed),
            EntryField::Origin => entry.origin.as_ref().map(|origin| Cow::Borrowed(&*origin.name)),
            EntryField::Author => {
                let names: Vec<&str> = entry.authors.iter().map(|person| &*person.name).collect();
                (!names.is_empty()).then(|| Cow::Owned(names.join(", ")))
            }
            EntryField::Date => Some(Cow::Owned(self.dates.day(entry.times.published))),
            EntryField::Link => Some(Cow::Borrowed(&entry.link)),
            EntryField::Title => Some(Cow::Borrowed(&entry.title)),
        }
    }
}
