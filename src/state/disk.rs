//! The store on disk. The only file that uses the database.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, TableDefinition, TableError,
};

use super::{Contents, DIVIDER, Root, Seen};

/// Bytes of the database that are kept in memory.
const CACHE: usize = 1 << 20;

/// By path: the fingerprint, and the time since which the feed has had it, in Unix seconds.
const FEEDS: TableDefinition<&str, (u128, i64)> = TableDefinition::new("feeds");

/// By source and path: the time at which a post was first seen, in Unix seconds.
const POSTS: TableDefinition<&str, i64> = TableDefinition::new("posts");

/// By id: source and path of the post that holds it.
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
    pub(super) fn read(&self) -> Result<Contents, Error> {
        let read = || -> Result<Contents, redb::Error> {
            let transaction = self.database.begin_read()?;
            let mut contents = Contents::default();
            if let Some(feeds) = if_exists(transaction.open_table(FEEDS))? {
                for row in feeds.iter()? {
                    let (path, seen) = row?;
                    let (fingerprint, since) = seen.value();
                    contents.feeds.insert(path.value().into(), Seen { fingerprint, since });
                }
            }
            if let Some(posts) = if_exists(transaction.open_table(POSTS))? {
                for row in posts.iter()? {
                    let (key, at) = row?;
                    contents.posts.insert(key.value().into(), at.value());
                }
            }
            if let Some(holders) = if_exists(transaction.open_table(HOLDERS))? {
                for row in holders.iter()? {
                    let (id, key) = row?;
                    contents.holders.insert(id.value().into(), Some(key.value().into()));
                }
            }
            if let Some(roots) = if_exists(transaction.open_table(ROOTS))? {
                for row in roots.iter()? {
                    let (source, root) = row?;
                    let (device, landmarks) = root.value();
                    let landmarks =
                        landmarks.split(DIVIDER).filter(|path| !path.is_empty()).map(str::to_owned);
                    let landmarks = landmarks.collect();
                    contents.roots.insert(source.value().into(), Root { device, landmarks });
                }
            }
            Ok(contents)
        };
        read().map_err(|error| Error::Unusable { path: self.path.clone(), error })
    }

    /// Removes feeds, all or none.
    pub(super) fn forget_feeds<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Result<(), Error> {
        let forget = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            let mut feeds = transaction.open_table(FEEDS)?;
            for path in paths {
                feeds.remove(path)?;
            }
            drop(feeds);
            Ok(transaction.commit()?)
        };
        forget().map_err(|error| Error::Unusable { path: self.path.clone(), error })
    }

    /// Writes entries, all or none.
    pub(super) fn write(&self, entries: &Contents) -> Result<(), Error> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            let mut feeds = transaction.open_table(FEEDS)?;
            for (path, seen) in &entries.feeds {
                feeds.insert(&**path, (seen.fingerprint, seen.since))?;
            }
            drop(feeds);
            let mut posts = transaction.open_table(POSTS)?;
            for (key, at) in &entries.posts {
                posts.insert(&**key, at)?;
            }
            drop(posts);
            let mut holders = transaction.open_table(HOLDERS)?;
            for (id, key) in &entries.holders {
                match key {
                    Some(key) => holders.insert(&**id, &**key)?,
                    None => holders.remove(&**id)?,
                };
            }
            drop(holders);
            let mut roots = transaction.open_table(ROOTS)?;
            for (source, root) in &entries.roots {
                let landmarks = root.landmarks.join(&DIVIDER.to_string());
                roots.insert(&**source, (root.device, landmarks.as_str()))?;
            }
            drop(roots);
            Ok(transaction.commit()?)
        };
        write().map_err(|error| Error::Unusable { path: self.path.clone(), error })
    }
}

/// Returns `None` for a table that nothing was written to yet.
fn if_exists<T>(opened: Result<T, TableError>) -> Result<Option<T>, redb::Error> {
    match opened {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
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
