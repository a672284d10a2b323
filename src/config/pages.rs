//! `[pages]`: the pages for people.

use std::path::{Path, PathBuf};

use super::language::Language;
use super::problem::Problem;
use super::reader::{At, FromToml};
use super::schema;
use crate::file;

/// `[pages]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    /// True if there are pages; without them `/` serves the main feed.
    pub enabled: bool,
    /// Language of the pages' own text, a BCP 47 tag; `None`: the language of the site.
    pub language: Option<String>,
    /// A style sheet that is added after feedmill's own, relative to the configuration.
    pub css: Option<PathBuf>,
    /// The text of the style sheet, as it was when the configuration was read.
    pub stylesheet: Option<String>,
    /// HTML at the end of each page, as written.
    pub footer: Option<String>,
    /// Line and column of `language`.
    pub language_place: (u32, u32),
    /// Line and column of `css`.
    css_place: (u32, u32),
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            enabled: true,
            language: None,
            css: None,
            stylesheet: None,
            footer: None,
            language_place: (1, 1),
            css_place: (1, 1),
        }
    }
}

impl Pages {
    /// Reads the style sheet. `folder` is the folder of the configuration, `file` its name in messages.
    pub(super) fn read_stylesheet(&mut self, folder: &Path, file: &str) -> Result<(), Problem> {
        let Some(css) = &self.css else { return Ok(()) };
        match file::read_text(&folder.join(css)) {
            Ok(text) => {
                self.stylesheet = Some(text);
                Ok(())
            }
            Err(error) => {
                let message = format!(
                    "pages.css: {} cannot be read: {error}. Write the path of a style sheet, relative to this file.",
                    css.display()
                );
                Err(Problem::error(file, message).at(self.css_place))
            }
        }
    }
}

pub(super) fn read(at: At<'_>) -> Option<Pages> {
    let mut table = at.table()?;
    let pages = Pages {
        enabled: table.get("enabled").unwrap_or(true),
        language_place: table.read("language", Language::describe, |at| Some(at.place())).unwrap_or((1, 1)),
        language: table.get::<Language>("language").map(|language| language.0),
        css_place: table.read("css", schema::filled_text, |at| Some(at.place())).unwrap_or((1, 1)),
        css: table.get::<String>("css").map(PathBuf::from),
        footer: table.get("footer"),
        stylesheet: None,
    };
    table.refuse_unknown();
    Some(pages)
}
