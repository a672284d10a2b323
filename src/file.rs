//! The one way to read a file: regular files only, up to a limit, without waiting for a pipe or a device.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::limits::SITE_FILE_BYTES;

/// The reason that a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder, a pipe, a socket or a device.
    #[error("it is not a regular file")]
    NotAFile,
    /// The file is larger than this many bytes.
    #[error("it is larger than {}", format_size(*.0))]
    TooLarge(u64),
    /// The file is not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// The disk does not answer; reported by readers that wait for a limited time.
    #[error("the disk does not answer")]
    Unanswered,
    /// The operating system reports an error.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Error {
    /// Returns true if the file does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Formats a size: `2 MiB`, `64 KiB`.
fn format_size(bytes: u64) -> String {
    if bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{} KiB", bytes >> 10)
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// [`Error::NotAFile`] and [`Error::Io`].
pub fn open(path: &Path) -> Result<File, Error> {
    open_known(path, &fs::metadata(path)?).map(|(file, _)| file)
}

/// Opens a regular file whose metadata was just read. Also returns the length of the file that was opened.
fn open_known(path: &Path, known: &Metadata) -> Result<(File, u64), Error> {
    // Opening a device can have effects, so its kind is known first. It can be replaced in between: then
    // `O_NONBLOCK` keeps `open` from waiting for the other end of a pipe (open(2)).
    if !known.is_file() {
        return Err(Error::NotAFile);
    }
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let opened = file.metadata()?;
    if opened.is_file() { Ok((file, opened.len())) } else { Err(Error::NotAFile) }
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// [`Error::NotAFile`], [`Error::TooLarge`] and [`Error::Io`].
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    read_known(path, &fs::metadata(path)?, limit)
}

/// Reads a regular file of at most `limit` bytes whose metadata was just read.
///
/// # Errors
/// The errors of [`read`].
pub fn read_known(path: &Path, known: &Metadata, limit: u64) -> Result<Vec<u8>, Error> {
    let (file, length) = open_known(path, known)?;
    if length > limit {
        return Err(Error::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(length as usize + 1);
    // The file can grow meanwhile, and files of `/proc` report no length.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Error::TooLarge(limit)) } else { Ok(bytes) }
}

/// Reads a text file of a site or of feedmill, of at most [`SITE_FILE_BYTES`].
///
/// # Errors
/// The errors of [`read`], and [`Error::NotText`].
pub fn read_text(path: &Path) -> Result<String, Error> {
    String::from_utf8(read(path, SITE_FILE_BYTES)?).map_err(|_| Error::NotText)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_regular_files_up_to_the_limit_are_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text"), "12345").expect("the file can be created");
        assert_eq!(read(&path("text"), 5).expect("five bytes are not too many"), b"12345");
        assert!(matches!(read(&path("text"), 4), Err(Error::TooLarge(4))));
        File::create(path("sparse"))
            .and_then(|file| file.set_len(1 << 32))
            .expect("a sparse file takes no space");
        assert!(matches!(read_text(&path("sparse")), Err(Error::TooLarge(SITE_FILE_BYTES))));
        fs::write(path("latin-1"), b"caf\xe9").expect("the file can be created");
        assert!(matches!(read_text(&path("latin-1")), Err(Error::NotText)));
        assert!(read(&path("missing"), 5).expect_err("there is no file").is_missing());
    }

    #[test]
    fn pipes_devices_sockets_and_folders_are_rejected_at_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo is installed").success());
        let _listener = UnixListener::bind(path("socket")).expect("the file can be created");
        std::os::unix::fs::symlink("/dev/zero", path("zero")).expect("the file can be created");
        for name in ["pipe", "socket", "zero", "."] {
            assert!(matches!(read(&path(name), 5), Err(Error::NotAFile)), "{name}");
        }
    }
}
