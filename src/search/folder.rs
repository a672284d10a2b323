//! The folder of the index: opened if it can be used, else made again.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::schema::Schema;
use tantivy::{Index, ReloadPolicy, TantivyError};

use super::fields::{TOKENIZER, WordTokenizer};

/// The file that names the version of the index.
const VERSION_FILE: &str = "version";

/// Incremented when the fields of the index change.
const VERSION: u32 = 1;

/// Why an index on disk is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("another version of feedmill wrote it")]
    OtherVersion,
}

/// Opens the index in a folder, or makes one there if there is none.
pub(super) fn open(folder: &Path, schema: &Schema) -> tantivy::Result<Index> {
    make_folder(folder)?;
    match reopen(folder, schema) {
        Ok(Some(index)) => return Ok(index),
        Ok(None) => {}
        Err(reason) => {
            tracing::warn!(
                "the search index in {} is not used: {reason}. It is built again.",
                folder.display()
            );
            fs::remove_dir_all(folder)?;
            make_folder(folder)?;
        }
    }
    let index = Index::open_or_create(MmapDirectory::open(folder)?, schema.clone())?;
    fs::write(folder.join(VERSION_FILE), version())?;
    set_tokenizer(&index);
    Ok(index)
}

/// An index in memory.
pub(super) fn make_in_memory(schema: &Schema) -> Index {
    let index = Index::create_in_ram(schema.clone());
    set_tokenizer(&index);
    index
}

/// Opens the index that is in a folder; `None` if there is none.
fn reopen(folder: &Path, schema: &Schema) -> Result<Option<Index>, Unusable> {
    let damaged = |error: TantivyError| Unusable::Damaged(error.to_string());
    let is_empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        return Ok(None);
    }
    match fs::read_to_string(folder.join(VERSION_FILE)) {
        Ok(own) if own == version() => {}
        Ok(_) => return Err(Unusable::OtherVersion),
        Err(error) => return Err(Unusable::Damaged(format!("its version cannot be read: {error}"))),
    }
    let index = Index::open_in_dir(folder).map_err(damaged)?;
    if index.schema() != *schema {
        return Err(Unusable::OtherVersion);
    }
    set_tokenizer(&index);
    // A file that is shorter than it should be would end the process when it is read.
    let faulty = index.validate_checksum().map_err(damaged)?;
    if let Some(file) = faulty.iter().next() {
        return Err(Unusable::Damaged(format!("{} is not as it was written", file.display())));
    }
    // It opens every file that must be there.
    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(damaged)?;
    Ok(Some(index))
}

fn set_tokenizer(index: &Index) {
    index.tokenizers().register(TOKENIZER, WordTokenizer);
}

fn version() -> String {
    format!("feedmill {}, search index {VERSION}\n", env!("CARGO_PKG_VERSION"))
}

/// Makes a folder that only the owner can read.
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
