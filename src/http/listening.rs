//! Listening sockets and their service: every connection is watched, every request is answered.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use actix_codec::{AsyncRead, AsyncWrite};
use actix_http::ServiceConfig;
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::fn_service;
use actix_web::rt::net::{TcpStream, UnixStream};
use socket2::{Domain, Protocol, Socket, Type};

use super::connection::Connection;
use super::exchange::Exchange;
use super::handler::Handler;
use super::sockets::{Passed, clear_socket, open_socket};
use crate::config::Listen;

/// The number of connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The sockets for a listen address: the passed one, or new ones. `mode` is the file mode of a Unix socket.
pub(super) fn open(listen: &Listen, passed: Option<Passed>, mode: u32) -> io::Result<Vec<Passed>> {
    match (passed, listen) {
        (Some(socket), _) => Ok(vec![socket]),
        (None, Listen::Tcp { host, port }) => bind_tcp(host, *port),
        (None, Listen::Unix(path)) => {
            clear_socket(path)?;
            let socket = UnixListener::bind(path)?;
            open_socket(path, mode)?;
            Ok(vec![Passed::Unix(socket)])
        }
    }
}

/// Binds a socket for each IP address of a host; an error if none can be bound.
fn bind_tcp(host: &str, port: u16) -> io::Result<Vec<Passed>> {
    let bind = |address: SocketAddr| -> io::Result<Passed> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(Passed::Tcp(socket.into()))
    };
    let (bound, failed): (Vec<_>, Vec<_>) =
        (host, port).to_socket_addrs()?.map(bind).partition(io::Result::is_ok);
    match (bound.is_empty(), failed.into_iter().next()) {
        (true, Some(Err(error))) => Err(error),
        (true, _) => Err(io::Error::other("the host has no IP address")),
        (false, _) => bound.into_iter().collect(),
    }
}

/// The IP addresses and ports of sockets; a Unix socket has none.
pub(super) fn list_addresses(sockets: &[Passed]) -> Vec<SocketAddr> {
    let address = |socket: &Passed| match socket {
        Passed::Tcp(socket) => TcpListener::local_addr(socket).ok(),
        Passed::Unix(_) => None,
    };
    sockets.iter().filter_map(address).collect()
}

/// Adds a socket to a server.
pub(super) fn listen(
    builder: ServerBuilder,
    socket: Passed,
    handler: &Arc<Handler>,
) -> io::Result<ServerBuilder> {
    let (handler, stop) = (Arc::clone(handler), builder.graceful_shutdown_signal());
    match socket {
        Passed::Tcp(socket) => builder.listen("feeds", socket, move || {
            let (handler, stop, config) = (Arc::clone(&handler), stop.clone(), ServiceConfig::default());
            fn_service(move |stream: TcpStream| {
                let connection = handler.connections().add_tcp(&stream);
                let peer = stream.peer_addr().ok();
                serve(stream, peer, connection, &handler, (config.clone(), stop.clone()))
            })
        }),
        Passed::Unix(socket) => builder.listen_uds("feeds", socket, move || {
            let (handler, stop, config) = (Arc::clone(&handler), stop.clone(), ServiceConfig::default());
            fn_service(move |stream: UnixStream| {
                let connection = handler.connections().add_unix(&stream);
                serve(stream, None, connection, &handler, (config.clone(), stop.clone()))
            })
        }),
    }
}

/// Answers the requests of a connection, if it can be watched.
fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: Option<SocketAddr>,
    connection: io::Result<Arc<Connection>>,
    handler: &Arc<Handler>,
    settings: (ServiceConfig, GracefulShutdownSignal),
) -> impl Future<Output = io::Result<()>> + use<S> {
    let handler = Arc::clone(handler);
    async move { Exchange::new(stream, peer, connection?, settings).run(handler).await }
}
