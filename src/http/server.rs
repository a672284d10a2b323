//! The servers for readers and for operators: they listen, and answer until they are stopped.

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io, thread};

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::Data;

use super::access::AccessLog;
use super::admin;
use super::app::App;
use super::connections::{Connections, count_affordable};
use super::handler::Handler;
use super::listening::{self, list_addresses};
use super::sockets::{ADMIN_MODE, Passed, READERS_MODE, take_passed};
use crate::config::{self, Listen};

/// Seconds that a stop waits for responses in progress. The whole stop takes ten at most.
const DRAIN: u64 = 9;

/// The number of connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// The error when the server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot listen on {listen}: {error}. Choose another address with --listen, --port, server.listen or server.admin_listen."
)]
pub struct Error {
    listen: Listen,
    error: io::Error,
}

/// A server that already listens, and answers when it is run.
pub struct Bound {
    /// The IP addresses and ports; empty for a Unix socket.
    pub addresses: Vec<SocketAddr>,
    /// True if a service manager passed the sockets.
    pub is_passed: bool,
    server: Server,
    /// The server for metrics and status, if configured.
    admin: Option<Server>,
    /// The IP addresses and ports for metrics and status; empty for a Unix socket.
    pub admin_addresses: Vec<SocketAddr>,
    /// The paths of Unix sockets to remove at the stop.
    sockets: Vec<PathBuf>,
}

impl Bound {
    /// Answers until a signal stops it.
    ///
    /// # Errors
    /// An I/O error of the sockets.
    pub async fn run(self) -> io::Result<()> {
        let admin: Option<ServerHandle> = self.admin.map(|admin| {
            let handle = admin.handle();
            actix_web::rt::spawn(admin);
            handle
        });
        let done = self.server.await;
        if let Some(admin) = admin {
            admin.stop(false).await;
        }
        for socket in &self.sockets {
            // The file may already have been removed.
            let _ = fs::remove_file(socket);
        }
        done
    }
}

/// Listening sockets on which nothing answers yet.
pub struct Sockets {
    own: Vec<Passed>,
    admin: Vec<Passed>,
    is_passed: bool,
}

impl Sockets {
    /// Opens the sockets. Sockets that a service manager passes take precedence over the configured ones: the first
    /// is for feeds, the second for metrics and status.
    ///
    /// # Errors
    /// [`Error`] if a port is in use or an IP address does not belong to this machine.
    pub fn open(config: &config::Server) -> Result<Self, Error> {
        let mut passed = take_passed().map_err(listen_error(&config.listen))?.into_iter();
        let own = passed.next();
        let is_passed = own.is_some();
        let own = listening::open(&config.listen, own, READERS_MODE).map_err(listen_error(&config.listen))?;
        let admin = match &config.admin_listen {
            Some(listen) => {
                listening::open(listen, passed.next(), ADMIN_MODE).map_err(listen_error(listen))?
            }
            None => Vec::new(),
        };
        Ok(Self { own, admin, is_passed })
    }
}

fn listen_error(listen: &Listen) -> impl Fn(io::Error) -> Error + use<> {
    let listen = listen.clone();
    move |error| Error { listen: listen.clone(), error }
}

/// Makes a server on sockets. `app` answers each request, and `access` logs it. A stop signal drains connections for
/// ten seconds at most.
///
/// # Errors
/// [`Error`] if the system does not provide the threads or sockets that a server needs.
pub fn bind(
    config: &config::Server,
    sockets: Sockets,
    app: Arc<App>,
    access: Arc<AccessLog>,
) -> Result<Bound, Error> {
    super::process::note_start();
    let Sockets { own, admin, is_passed } = sockets;
    let (addresses, admin_addresses) = (list_addresses(&own), list_addresses(&admin));
    let admin = match &config.admin_listen {
        Some(listen) => {
            let data = (Data::from(Arc::clone(&app)), Data::from(Arc::clone(&access)));
            Some(admin::bind(listen, admin, data).map_err(listen_error(listen))?)
        }
        None => None,
    };
    let server = bind_feeds(config, own, app, access).map_err(listen_error(&config.listen))?;
    // The service manager removes the sockets that it passed.
    let listens = [Some(&config.listen), config.admin_listen.as_ref()];
    let sockets = listens.into_iter().flatten().filter_map(|listen| match listen {
        Listen::Unix(path) if !is_passed => Some(path.clone()),
        _ => None,
    });
    let sockets = sockets.collect();
    Ok(Bound { addresses, is_passed, server, admin, admin_addresses, sockets })
}

fn bind_feeds(
    config: &config::Server,
    sockets: Vec<Passed>,
    app: Arc<App>,
    access: Arc<AccessLog>,
) -> io::Result<Server> {
    let workers = match config.workers {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        workers => workers,
    };
    let each = count_affordable(workers);
    let connections = Connections::watched(workers * each, app.in_flight().clone())?;
    let handler = Arc::new(Handler::new(app, connections, access));
    // A new connection is accepted beyond the limit; an idle one is then closed for it.
    let builder = Server::build()
        .shutdown_timeout(DRAIN)
        .workers(workers)
        .backlog(BACKLOG)
        .max_concurrent_connections(each + each / 4);
    let listen = |builder, socket| listening::listen(builder, socket, &handler);
    Ok(sockets.into_iter().try_fold(builder, listen)?.run())
}
