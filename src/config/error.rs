//! Errors of configurations: none is found, it cannot be read, or it has faults.

use std::fmt;
use std::path::PathBuf;

use super::Config;
use super::problem::Problem;
use crate::file;

/// The reason that there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No file was named and none was found.
    #[error(
        "there is no configuration file, and the current folder contains no posts. Name a folder of posts \
         (feedmill serve SITE) or a configuration file (--config FILE)."
    )]
    NotFound,
    /// The file cannot be read.
    #[error(
        "{}: error: the configuration cannot be read: {error}. Name an existing file with --config, or let feedmill \
         write one: feedmill init SITE --output feedmill.toml",
        path.display()
    )]
    Unreadable {
        /// The requested file.
        path: PathBuf,
        /// The reason.
        error: file::Error,
    },
    /// The file has faults.
    #[error("{0}")]
    Invalid(Faulty),
}

/// A configuration text and its problems.
#[derive(Debug)]
pub struct Faulty {
    /// Errors and warnings, in the order of the file.
    pub problems: Vec<Problem>,
    text: String,
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self.problems.iter().map(|p| p.show_in(&self.text)).collect();
        f.write_str(&shown.join("\n"))
    }
}

impl Faulty {
    /// Problems of a text.
    pub(super) fn new(problems: Vec<Problem>, text: impl Into<String>) -> Self {
        Self { problems, text: text.into() }
    }

    /// Problems of a configuration that were found only when its folders were read.
    pub fn of(config: &Config, mut problems: Vec<Problem>) -> Self {
        // Several sources may have the same problem.
        problems.sort();
        problems.dedup();
        Self::new(problems, config.read_text())
    }
}
