//! `[ledger]`: the file with facts about posts that travels with them.

use std::path::PathBuf;

use serde_json::Value;

use super::reader::{At, FromToml};
use super::schema;

/// `[ledger]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The file, relative to the configuration; `None`: there is no ledger.
    pub path: Option<PathBuf>,
}

/// The path of the file.
struct LedgerPath(PathBuf);

impl FromToml for LedgerPath {
    fn read(at: At<'_>) -> Option<Self> {
        let path = String::read(at)?;
        if path.trim().is_empty() || path.ends_with('/') {
            return at.error(format!("is not a file: {path:?}. Write one like \"feedmill.ledger\"."));
        }
        if path.contains("://") {
            return at.error(format!(
                "is a URL, and a ledger is a file: {path:?}. Write a path like \"feedmill.ledger\", and share the file \
                 by git or a network file system."
            ));
        }
        Some(Self(path.into()))
    }

    fn describe() -> Value {
        schema::filled_text()
    }
}

pub(super) fn read(at: At<'_>) -> Option<Ledger> {
    let mut table = at.table()?;
    let ledger = Ledger { path: table.get("path").map(|LedgerPath(path)| path) };
    table.refuse_unknown();
    Some(ledger)
}
