//! Sockets that servers listen on: made here, or passed by a supervisor (`sd_listen_fds(3)`).

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use listenfd::ListenFd;

/// A socket that somebody listens on already.
pub(super) enum Passed {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The sockets that the supervisor passes, in its order; none without one.
///
/// # Errors
/// If what it passes is no socket that streams come from.
pub(super) fn take_passed() -> io::Result<Vec<Passed>> {
    let mut passed = ListenFd::from_env();
    let take = |place: usize| {
        // One of the other kind is an error to each, and stays where it is.
        match passed.take_tcp_listener(place) {
            Ok(socket) => Ok(socket.map(Passed::Tcp)),
            Err(_) => passed.take_unix_listener(place).map(|socket| socket.map(Passed::Unix)),
        }
    };
    (0..).map(take).map_while(Result::transpose).collect()
}

/// Who may ask for feeds by a socket: anybody who may enter its folder, as anybody may ask at a port.
pub(super) const ANYBODY: u32 = 0o666;

/// Who may ask for metrics and status: who runs the server.
pub(super) const ADMIN: u32 = 0o600;

/// Lets others connect to a socket, whatever the mask of the process says.
pub(super) fn open_socket(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Removes a socket that nobody listens on any more. Anything else at its path is somebody's.
pub(super) fn clear_socket(path: &Path) -> io::Result<()> {
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !kind.is_socket() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of that name"));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "somebody listens there")),
        Err(_) => fs::remove_file(path),
    }
}
