//! The store on disk. The only file that uses the database.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::hash::Hash;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use redb::{
    Database, DatabaseError, Key, ReadTransaction, ReadableDatabase, ReadableTable, StorageError,
    TableDefinition, TableError, Value, WriteTransaction,
};

use super::Seen;
use super::contents::{Contents, Table};
use crate::catalog::{ArrivalKey, Arrived};
use crate::post::Arrival;

/// Bytes of the database that are kept in memory.
const CACHE: usize = 1 << 20;

/// By path: the fingerprint of a feed, and the time since which it has had it.
const FEEDS: TableDefinition<&str, (u128, i64)> = TableDefinition::new("feeds");

/// By hub and path: the same for the feed that the hub was notified of.
const NOTIFIED: TableDefinition<&str, (u128, i64)> = TableDefinition::new("notified");

/// By source and path: the time at which a post was first seen.
const POSTS: TableDefinition<&str, i64> = TableDefinition::new("posts");

/// By the hash of source and id: the time of a post's arrival in microseconds, the hash of its bytes, and the time since
/// which it is gone in seconds, or -1.
const ARRIVALS: TableDefinition<u128, (i64, u64, i64)> = TableDefinition::new("arrivals");

/// By id: source and path of the post that has it.
const HOLDERS: TableDefinition<&str, &str> = TableDefinition::new("holders");

/// By the path of a source's folder: its device, and the paths of some posts in it.
const ROOTS: TableDefinition<&str, (u64, &str)> = TableDefinition::new("roots");

/// The reason that the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("the folder {} cannot be created: {error}", path.display())]
    Folder { path: PathBuf, error: io::Error },
    #[error("another feedmill process uses this folder already: it has {} open", .0.display())]
    Locked(PathBuf),
    #[error("{} cannot be used: {error}", path.display())]
    Unusable { path: PathBuf, error: redb::Error },
}

/// An open database.
pub(super) struct Disk {
    path: PathBuf,
    database: Database,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Disk").field(&self.path).finish()
    }
}

impl Disk {
    /// Opens the database in a folder, or creates it. A damaged file is renamed.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        // Only its owner may read it: it contains file names.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Error::Folder { path: folder.to_owned(), error })?;
        let path = folder.join("state.redb");
        let database = match open(&path) {
            Ok(database) => database,
            Err(DatabaseError::DatabaseAlreadyOpen) => return Err(Error::Locked(path)),
            Err(error) if is_damage(&error) => {
                let renamed = find_free_name(&path);
                tracing::warn!(
                    "{} is damaged ({error}) and is renamed to {}",
                    path.display(),
                    renamed.display()
                );
                let unusable = |error| Error::Unusable { path: path.clone(), error };
                fs::rename(&path, &renamed).map_err(|error| unusable(redb::Error::Io(error)))?;
                open(&path).map_err(|error| unusable(error.into()))?
            }
            Err(error) => return Err(Error::Unusable { path, error: error.into() }),
        };
        // A file of an earlier version can be readable by all users. The permissions of a link's target are not ours.
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            // A file system without permissions cannot make it more private.
            let _ = fs::set_permissions(&path, Permissions::from_mode(0o600));
        }
        Ok(Self { path, database })
    }

    /// Returns true if the file still exists: a user may delete it.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Reads the whole contents.
    pub(super) fn load(&self) -> Result<Contents, Error> {
        let load = || -> Result<Contents, redb::Error> {
            let transaction = self.database.begin_read()?;
            let seen = |(fingerprint, since)| Seen { fingerprint, since };
            Ok(Contents {
                feeds: load_table(&transaction, FEEDS, seen)?,
                notified: load_table(&transaction, NOTIFIED, seen)?,
                posts: load_table(&transaction, POSTS, |at| at)?,
                arrivals: load_table(&transaction, ARRIVALS, |(at, bytes, gone)| Arrived {
                    at: Arrival::from_micros(at),
                    bytes,
                    gone: Some(gone).filter(|gone| *gone >= 0),
                })?,
                holders: load_table(&transaction, HOLDERS, |key| key.into())?,
                roots: load_table(&transaction, ROOTS, |(device, landmarks)| (device, landmarks.into()))?,
            })
        };
        load().map_err(|error| Error::Unusable { path: self.path.clone(), error })
    }

    /// Writes changes, all or none.
    pub(super) fn write(&self, changes: &Contents) -> Result<(), Error> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            let seen = |seen: &Seen| (seen.fingerprint, seen.since);
            write_table(&transaction, FEEDS, &changes.feeds, seen)?;
            write_table(&transaction, NOTIFIED, &changes.notified, seen)?;
            write_table(&transaction, POSTS, &changes.posts, |at| *at)?;
            write_table(&transaction, ARRIVALS, &changes.arrivals, |arrived| {
                (arrived.at.micros(), arrived.bytes, arrived.gone.unwrap_or(-1))
            })?;
            write_table(&transaction, HOLDERS, &changes.holders, |key| &**key)?;
            write_table(&transaction, ROOTS, &changes.roots, |(device, landmarks)| (*device, &**landmarks))?;
            Ok(transaction.commit()?)
        };
        write().map_err(|error| Error::Unusable { path: self.path.clone(), error })
    }
}

/// The key of a row, in memory and in the database.
trait Name: Eq + Hash + Sized {
    type Stored: Key + 'static;

    fn encode(&self) -> <Self::Stored as Value>::SelfType<'_>;

    fn decode(stored: <Self::Stored as Value>::SelfType<'_>) -> Self;
}

impl Name for Box<str> {
    type Stored = &'static str;

    fn encode(&self) -> &str {
        self
    }

    fn decode(stored: &str) -> Self {
        stored.into()
    }
}

impl Name for ArrivalKey {
    type Stored = Self;

    fn encode(&self) -> Self {
        *self
    }

    fn decode(stored: Self) -> Self {
        stored
    }
}

/// Reads a table, which is empty if nothing was written to it yet.
fn load_table<N: Name, S: Value + 'static, V: PartialEq>(
    transaction: &ReadTransaction,
    name: TableDefinition<'_, N::Stored, S>,
    decode: impl for<'a> Fn(S::SelfType<'a>) -> V,
) -> Result<Table<V, N>, redb::Error> {
    let table = match transaction.open_table(name) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(Table::default()),
        Err(error) => return Err(error.into()),
    };
    let rows = table.iter()?.map(|row| {
        let (key, value) = row?;
        Ok((N::decode(key.value()), decode(value.value())))
    });
    rows.collect()
}

/// Writes and removes rows of a table.
fn write_table<N: Name, S: Value + 'static, V: PartialEq>(
    transaction: &WriteTransaction,
    name: TableDefinition<'_, N::Stored, S>,
    rows: &Table<V, N>,
    encode: impl for<'a> Fn(&'a V) -> S::SelfType<'a>,
) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(name)?;
    for (key, value) in rows.rows() {
        match value {
            Some(value) => drop(table.insert(key.encode(), encode(value))?),
            None => drop(table.remove(key.encode())?),
        }
    }
    Ok(())
}

/// Opens or creates a database. A panic of the library while it reads a file counts as damage.
fn open(path: &Path) -> Result<Database, DatabaseError> {
    // An empty file becomes a database, with the permissions that it was created with.
    let _ = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
    let opened = panic::catch_unwind(AssertUnwindSafe(|| builder.create(path)));
    opened.unwrap_or_else(|_| Err(StorageError::Corrupted("the file cannot be read".to_owned()).into()))
}

fn is_damage(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::RepairAborted | DatabaseError::UpgradeRequired(_) => true,
        DatabaseError::Storage(StorageError::Corrupted(_)) => true,
        DatabaseError::Storage(StorageError::Io(error)) => {
            matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
        }
        _ => false,
    }
}

/// A name next to a file that no other file has yet.
fn find_free_name(path: &Path) -> PathBuf {
    let name = |number: u32| path.with_extension(format!("damaged-{number}.redb"));
    (1..1000).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(1000))
}
