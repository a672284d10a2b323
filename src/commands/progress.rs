//! A progress bar on a terminal, redrawn in one line.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The shortest interval between two redraws.
const REDRAW_INTERVAL: Duration = Duration::from_millis(50);

/// Cells of the bar.
const WIDTH: usize = 30;

/// A bar on stderr; nothing if stderr is not a terminal.
pub(super) struct Progress {
    what: &'static str,
    total: usize,
    done: Cell<usize>,
    drawn: Cell<Option<Instant>>,
    shows: bool,
}

impl Progress {
    /// Makes a bar for `total` steps.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let shows = io::stderr().is_terminal();
        Self { what, total, done: Cell::new(0), drawn: Cell::new(None), shows }
    }

    /// Completes one step.
    pub(super) fn advance(&self) {
        self.done.set(self.done.get() + 1);
        if self.shows && self.drawn.get().is_none_or(|drawn| drawn.elapsed() >= REDRAW_INTERVAL) {
            self.drawn.set(Some(Instant::now()));
            draw(&draw_bar(self.done.get(), self.total, self.what));
        }
    }

    /// Clears the line.
    pub(super) fn end(&self) {
        if self.shows {
            draw("");
        }
    }
}

fn draw(line: &str) {
    // A closed terminal needs no bar.
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
