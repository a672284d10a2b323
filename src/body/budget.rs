//! What converting one body may cost. It is counted, never timed: every machine and every replica decides
//! alike.

use std::cell::Cell;
use std::fmt;

use crate::limits::{
    ADDED_PER_BYTE, ADDED_URLS_BYTES, BODY_EXPANSION_BYTES, BODY_HTML_BYTES, HTML_PER_BYTE, STEPS_PER_BYTE,
};

/// Steps that every body may take, however short it is.
const FEW_STEPS: usize = 4 << 20;

/// The steps that a conversion may still take, and the bytes that it may still add. Whatever it refuses
/// makes the whole conversion exceed it.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<usize>,
    expansion: Cell<usize>,
    urls: Cell<usize>,
    html: Cell<usize>,
    excess: Cell<Option<Excess>>,
    /// Steps that were taken.
    #[cfg(test)]
    taken: Cell<usize>,
}

/// Why a body can't be converted: its entry carries its summary instead.
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
}

impl Budget {
    /// The budget of a body of so many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self {
            steps: Cell::new(FEW_STEPS + STEPS_PER_BYTE * length),
            expansion: Cell::new(BODY_EXPANSION_BYTES),
            urls: Cell::new(measure_urls(length)),
            html: Cell::new(measure_html(length)),
            excess: Cell::new(None),
            #[cfg(test)]
            taken: Cell::new(0),
        }
    }

    /// The budget of the beginning of a body, which a summary is made from. It is short enough for any URLs.
    pub(super) fn for_summary() -> Self {
        Self { urls: Cell::new(usize::MAX), ..Self::new(0) }
    }

    /// Takes steps. One is about what looking at a byte costs.
    pub(super) fn spend(&self, steps: usize) -> bool {
        #[cfg(test)]
        self.taken.set(self.taken.get() + steps);
        self.take(&self.steps, steps, Excess::Steps)
    }

    /// Adds bytes of values and shortcodes.
    pub(super) fn expand(&self, bytes: usize) -> bool {
        self.take(&self.expansion, bytes, Excess::Expansion)
    }

    /// Adds bytes of URLs that are longer than they were written.
    pub(super) fn add_urls(&self, bytes: usize) -> bool {
        self.take(&self.urls, bytes, Excess::Urls)
    }

    /// Adds bytes of HTML that Markdown is converted to.
    pub(super) fn add_html(&self, bytes: usize) -> bool {
        self.take(&self.html, bytes, Excess::Html)
    }

    /// What was exceeded first, if anything.
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

/// The bytes that absolute URLs may add to a text of so many bytes.
pub(super) fn measure_urls(length: usize) -> usize {
    ADDED_URLS_BYTES + ADDED_PER_BYTE * length
}

/// Bytes of HTML that Markdown of a length may be converted to.
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
        }
    }
}
