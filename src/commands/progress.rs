//! How far something is, on a terminal: a bar that is drawn over and over in one line.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often it is drawn.
const BEAT: Duration = Duration::from_millis(50);

/// Cells of the bar.
const WIDTH: usize = 30;

/// A bar on stderr; nothing where that is no terminal.
pub(super) struct Progress {
    what: &'static str,
    total: usize,
    done: Cell<usize>,
    drawn: Cell<Option<Instant>>,
    shows: bool,
}

impl Progress {
    /// So many are to be done.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let shows = io::stderr().is_terminal();
        Self { what, total, done: Cell::new(0), drawn: Cell::new(None), shows }
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.done.set(self.done.get() + 1);
        if self.shows && self.drawn.get().is_none_or(|drawn| drawn.elapsed() >= BEAT) {
            self.drawn.set(Some(Instant::now()));
            draw(&draw_bar(self.done.get(), self.total, self.what));
        }
    }

    /// Everything is done, or nothing more will be: the line is left empty.
    pub(super) fn end(&self) {
        if self.shows {
            draw("");
        }
    }
}

fn draw(line: &str) {
    // A terminal that is gone needs no bar.
    let _ = write!(io::stderr(), "\r\x1b[2K{line}");
}

fn draw_bar(done: usize, total: usize, what: &str) -> String {
    let filled = (done * WIDTH).checked_div(total).unwrap_or(WIDTH).min(WIDTH);
    format!("[{}{}] {done} of {total} {what}", "#".repeat(filled), "-".repeat(WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::draw_bar;

    #[test]
    fn the_bar_is_as_full_as_the_work_is_done() {
        assert_eq!(draw_bar(0, 4, "places"), "[------------------------------] 0 of 4 places");
        assert_eq!(draw_bar(2, 4, "places"), "[###############---------------] 2 of 4 places");
        assert_eq!(draw_bar(4, 4, "places"), "[##############################] 4 of 4 places");
        assert_eq!(draw_bar(0, 0, "places"), "[##############################] 0 of 0 places");
    }
}
