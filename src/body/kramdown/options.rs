//! The options of kramdown that change the visible text or the ids of a page: those of a site, and those that a text sets
//! for itself with `{::options /}`.

use super::super::budget::Budget;
use super::super::syntax::{NextMatch, Scan};

/// The options of kramdown (`kramdown 2.4 Options`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KramdownOptions {
    /// True for the parser `GFM`, false for kramdown's own.
    pub is_gfm: bool,
    /// True if each line break of a paragraph is shown.
    pub hard_wrap: bool,
    /// True if the content of blocks of HTML is Markdown.
    pub parse_block_html: bool,
    /// True if no line break is shown between two ideographs.
    pub joins_cjk: bool,
    /// For each level: true if tables of contents list its headings.
    pub toc_levels: [bool; 6],
    /// True if headings have ids made of their text.
    pub auto_ids: bool,
    /// The prefix of these ids.
    pub auto_id_prefix: String,
    /// The number of the first footnote.
    pub footnote_nr: i64,
    /// The prefix of the names of footnotes in ids.
    pub footnote_prefix: String,
    /// The text of the links from footnotes back to the text, `None` for an arrow; empty: there are no links.
    pub footnote_backlink: Option<String>,
    /// True if a library shows formulas in the page.
    pub has_math: bool,
    /// Definitions of links that every text can use, as Markdown.
    pub link_definitions: String,
}

impl KramdownOptions {
    /// The options that Jekyll sets (`jekyll 4.4 Configuration::DEFAULTS`).
    pub const JEKYLL: Self = Self {
        is_gfm: true,
        hard_wrap: false,
        parse_block_html: false,
        joins_cjk: false,
        toc_levels: [true; 6],
        auto_ids: true,
        auto_id_prefix: String::new(),
        footnote_nr: 1,
        footnote_prefix: String::new(),
        footnote_backlink: None,
        has_math: true,
        link_definitions: String::new(),
    };

    /// Sets an option by its name from a text; `None`: its value is not a text. Other options are ignored.
    ///
    /// # Errors
    /// What the value must be.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), &'static str> {
        let flag = || match value {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err("`true` or `false`"),
        };
        let text = || value.map(str::to_owned).ok_or("a text");
        match name {
            "input" => {
                self.is_gfm = match value {
                    Some("GFM") => true,
                    Some("kramdown" | "Kramdown" | "markdown" | "Markdown") => false,
                    _ => return Err("`GFM` or `kramdown`"),
                }
            }
            "hard_wrap" => self.hard_wrap = flag()?,
            "parse_block_html" => self.parse_block_html = flag()?,
            "remove_line_breaks_for_cjk" => self.joins_cjk = flag()?,
            "toc_levels" => {
                let levels = value.and_then(read_levels);
                self.toc_levels = levels.ok_or("a list of levels from 1 to 6, `2..3` or `\"2,3\"`")?;
            }
            "auto_ids" => self.auto_ids = flag()?,
            "auto_id_prefix" => self.auto_id_prefix = text()?,
            "footnote_nr" => {
                let number = value.and_then(|value| value.trim().parse().ok());
                self.footnote_nr = number.ok_or("a whole number")?;
            }
            "footnote_prefix" => self.footnote_prefix = text()?,
            "footnote_backlink" => self.footnote_backlink = Some(text()?),
            // `kramdown 2.4 Options.str_to_sym`
            "math_engine" => self.has_math = !matches!(&*text()?, "" | "nil" | ":nil"),
            _ => {}
        }
        Ok(())
    }

    /// The options with those that a text sets for the whole page; `None`: it sets none.
    pub(in crate::body) fn set_in(&self, text: &str, budget: &Budget) -> Option<Self> {
        if !text.contains(OPTIONS) {
            return None;
        }
        let mut options = self.clone();
        let mut scan = Scan::new(text, true, budget);
        let ends = NextMatch::new(text, "/}", budget);
        while scan.find(&[OPTIONS], &mut String::new(), str::to_owned).is_some() {
            scan.at += OPTIONS.len();
            let Some(end) = ends.find(scan.at, LONGEST) else { continue };
            for (name, value) in read_pairs(&text[scan.at..end]) {
                // The parser uses these before it reads the text, or from here on.
                if !matches!(name, "input" | "hard_wrap" | "parse_block_html") {
                    // `kramdown 2.4 handle_extension`: a wrong value is ignored.
                    let _ = options.set(name, Some(value));
                }
            }
        }
        Some(options)
    }
}

/// Begins the extension that sets options.
pub(super) const OPTIONS: &str = "{::options ";

/// The maximum length of its attributes, in bytes.
const LONGEST: usize = 1024;

/// Reads `parse_block_html` if a line of a text sets it.
pub(super) fn read_parse_block_html(line: &str) -> Option<bool> {
    let list = line.trim_start().strip_prefix(OPTIONS)?.split("/}").next()?;
    let (_, value) = read_pairs(list).find(|(name, _)| *name == "parse_block_html")?;
    Some(value != "false")
}

/// The pairs `name="value"` of an attribute list (`kramdown 2.4 IAL_TYPED_ATTR`).
fn read_pairs(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        rest = after;
        Some((name.trim(), value))
    })
}

/// `kramdown 2.4 Options: toc_levels`
fn read_levels(text: &str) -> Option<[bool; 6]> {
    let level = |text: &str| text.trim().parse::<usize>().ok().filter(|level| (1..=6).contains(level));
    let listed: Vec<usize> = match text.split_once("..") {
        Some((first, last)) => (level(first)?..=level(last)?).collect(),
        None if text.is_empty() => Vec::new(),
        None => text.split(',').map(level).collect::<Option<_>>()?,
    };
    Some(std::array::from_fn(|at| listed.contains(&(at + 1))))
}

impl Default for KramdownOptions {
    fn default() -> Self {
        Self::JEKYLL
    }
}
