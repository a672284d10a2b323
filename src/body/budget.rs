//! Limits the cost of converting one body. The cost is counted, never timed, so that every replica decides the same
//! way.

use std::cell::Cell;
use std::fmt;

use crate::limits::{
    ADDED_PER_BYTE, ADDED_URLS_BYTES, BODY_EXPANSION_BYTES, BODY_HTML_BYTES, BYTES_PER_MARK, FEW_MARKS,
    HTML_PER_BYTE, MARKS, STEPS_PER_BYTE,
};

/// Steps that every body may take, however short it is.
const FEW_STEPS: usize = 4 << 20;

/// The steps that a conversion may still take, and the bytes that it may still add. One rejected amount makes the
/// whole conversion exceed the budget.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<usize>,
    expansion: Cell<usize>,
    urls: Cell<usize>,
    html: Cell<usize>,
    marks: Cell<usize>,
    excess: Cell<Option<Excess>>,
    /// The number of steps taken.
    #[cfg(test)]
    taken: Cell<usize>,
}

/// The limit that a body exceeds: its entry has only a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Its template syntax takes more steps than [`STEPS_PER_BYTE`] allows.
    Steps,
    /// Values and shortcodes add more than [`BODY_EXPANSION_BYTES`].
    Expansion,
    /// Absolute URLs add more than [`ADDED_PER_BYTE`] and [`ADDED_URLS_BYTES`] allow.
    Urls,
    /// Its Markdown makes more HTML than [`HTML_PER_BYTE`] and [`BODY_HTML_BYTES`] allow.
    Html,
    /// It has more characters of markup than [`MARKS`] and [`BYTES_PER_MARK`] allow.
    Marks,
}

impl Budget {
    /// Creates the budget of a body of `length` bytes.
    pub(super) fn new(length: usize) -> Self {
        Self {
            steps: Cell::new(FEW_STEPS + STEPS_PER_BYTE * length),
            expansion: Cell::new(BODY_EXPANSION_BYTES),
            urls: Cell::new(measure_urls(length)),
            html: Cell::new(measure_html(length)),
            marks: Cell::new((length / BYTES_PER_MARK).clamp(FEW_MARKS, MARKS)),
            excess: Cell::new(None),
            #[cfg(test)]
            taken: Cell::new(0),
        }
    }

    /// Creates the budget of the beginning of a body, from which a summary is made. It is so short that its URLs need
    /// no limit.
    pub(super) fn for_summary() -> Self {
        Self { urls: Cell::new(usize::MAX), ..Self::new(0) }
    }

    /// Takes steps. One step is about the cost of reading one byte.
    pub(super) fn spend(&self, steps: usize) -> bool {
        #[cfg(test)]
        self.taken.set(self.taken.get() + steps);
        self.take(&self.steps, steps, Excess::Steps)
    }

    /// Adds bytes of values and shortcodes.
    pub(super) fn expand(&self, bytes: usize) -> bool {
        self.take(&self.expansion, bytes, Excess::Expansion)
    }

    /// Adds bytes by which absolute URLs are longer than written.
    pub(super) fn add_urls(&self, bytes: usize) -> bool {
        self.take(&self.urls, bytes, Excess::Urls)
    }

    /// Adds bytes of HTML that Markdown is converted to.
    pub(super) fn add_html(&self, bytes: usize) -> bool {
        self.take(&self.html, bytes, Excess::Html)
    }

    /// Adds characters that can begin a node of the document.
    pub(super) fn add_marks(&self, marks: usize) -> bool {
        self.take(&self.marks, marks, Excess::Marks)
    }

    /// Returns the limit that was exceeded first, if any.
    pub(super) fn excess(&self) -> Option<Excess> {
        self.excess.get()
    }

    fn take(&self, left: &Cell<usize>, amount: usize, excess: Excess) -> bool {
        if self.excess.get().is_some() {
            return false;
        }
        match left.get().checked_sub(amount) {
            Some(rest) => left.set(rest),
            None => self.excess.set(Some(excess)),
        }
        self.excess.get().is_none()
    }

    #[cfg(test)]
    pub(super) fn taken(&self) -> usize {
        self.taken.get()
    }
}

/// Returns the number of bytes that absolute URLs may add to a text of `length` bytes.
pub(super) fn measure_urls(length: usize) -> usize {
    ADDED_URLS_BYTES + ADDED_PER_BYTE * length
}

/// Returns the number of bytes of HTML that `length` bytes of Markdown may become.
pub(super) fn measure_html(length: usize) -> usize {
    BODY_HTML_BYTES + HTML_PER_BYTE * length
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps => f.write_str("its template syntax takes too many steps"),
            Self::Expansion => {
                write!(f, "values and shortcodes add more than {} KiB to it", BODY_EXPANSION_BYTES >> 10)
            }
            Self::Urls => write!(f, "absolute URLs make it more than {ADDED_PER_BYTE} times longer"),
            Self::Html => write!(f, "its HTML is more than {HTML_PER_BYTE} times longer than its Markdown"),
            Self::Marks => f.write_str("it has too many characters of markup"),
        }
    }
}
