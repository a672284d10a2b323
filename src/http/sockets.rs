//! Listening sockets: created here, or passed by a service manager (`sd_listen_fds(3)`).

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use listenfd::ListenFd;

/// A socket that already listens.
pub(super) enum Passed {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The sockets that the service manager passes, in its order; empty without one.
///
/// # Errors
/// If a passed file descriptor is not a stream socket.
pub(super) fn take_passed() -> io::Result<Vec<Passed>> {
    let mut passed = ListenFd::from_env();
    let take = |place: usize| {
        // A socket of another kind is an error and is not taken.
        match passed.take_tcp_listener(place) {
            Ok(socket) => Ok(socket.map(Passed::Tcp)),
            Err(_) => passed.take_unix_listener(place).map(|socket| socket.map(Passed::Unix)),
        }
    };
    (0..).map(take).map_while(Result::transpose).collect()
}

/// The file mode of the socket for feeds: every user who can enter its folder may connect, as to a port.
pub(super) const READERS_MODE: u32 = 0o666;

/// The file mode of the socket for metrics and status: only the user who runs the server may connect.
pub(super) const ADMIN_MODE: u32 = 0o600;

/// Sets the file mode of a socket, whatever the umask of the process is.
pub(super) fn open_socket(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Removes a stale socket on which no process listens. Any other file at its path is an error.
pub(super) fn clear_socket(path: &Path) -> io::Result<()> {
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !kind.is_socket() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file with this name exists"));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "another process listens on it")),
        Err(_) => fs::remove_file(path),
    }
}
