//! Listening sockets and their service: every connection is watched, every request is answered.

use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::rt::net::{TcpStream, UnixStream};
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, Error};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::{AsyncRead, AsyncWrite};

use super::access::AccessLog;
use super::app::App;
use super::connection::Connection;
use super::connections::Connections;
use super::handler::answer;
use super::media_gate::MediaGate;
use super::sockets::{Passed, clear_socket, open_socket};
use super::stream::Watched;
use super::work_queue::WorkQueue;
use crate::config::Listen;
use crate::limits::{IDLE_CONNECTION_SECONDS, REQUEST_HEAD_SECONDS};

/// The number of connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The state that request handlers share.
#[derive(Clone)]
pub(super) struct Serving {
    pub(super) app: Data<App>,
    pub(super) connections: Connections,
    pub(super) queue: Data<WorkQueue>,
    pub(super) media: Data<MediaGate>,
    pub(super) access: Data<AccessLog>,
}

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
pub(super) fn listen(builder: ServerBuilder, socket: Passed, serving: Serving) -> io::Result<ServerBuilder> {
    let signal = builder.graceful_shutdown_signal();
    match socket {
        Passed::Tcp(socket) => builder.listen("feeds", socket, move || {
            let connections = serving.connections.clone();
            let watch = move |stream: TcpStream| {
                let peer = stream.peer_addr().ok();
                ready(Ok::<_, DispatchError>((connections.take_tcp(stream), peer)))
            };
            fn_service(watch).and_then(serve(&serving, signal.clone()))
        }),
        Passed::Unix(socket) => builder.listen_uds("feeds", socket, move || {
            let connections = serving.connections.clone();
            let watch = move |stream: UnixStream| {
                ready(Ok::<_, DispatchError>((connections.take_unix(stream), None)))
            };
            fn_service(watch).and_then(serve(&serving, signal.clone()))
        }),
    }
}

/// The service that answers the requests of a stream: `actix_web`'s own server, over watched streams.
fn serve<S: AsyncRead + AsyncWrite + Unpin + 'static>(
    serving: &Serving,
    signal: GracefulShutdownSignal,
) -> impl ServiceFactory<
    (Watched<S>, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> + use<S> {
    let Serving { app, connections, queue, media, access } = serving;
    let app = ActixApp::new()
        .app_data(app.clone())
        .app_data(Data::new(connections.clone()))
        .app_data(queue.clone())
        .app_data(media.clone())
        .app_data(access.clone())
        .default_service(web::to(answer));
    HttpService::build()
        .graceful_shutdown_signal(move || {
            let signal = signal.clone();
            async move { signal.notified().await }
        })
        .client_request_timeout(Duration::from_secs(REQUEST_HEAD_SECONDS))
        .keep_alive(Duration::from_secs(IDLE_CONNECTION_SECONDS))
        .on_connect_ext(|stream: &Watched<S>, data| {
            if let Some(connection) = stream.connection() {
                data.insert::<Arc<Connection>>(Arc::clone(connection));
            }
        })
        .h1(map_config(app.into_factory().map_err(|error: Error| error.error_response()), |()| {
            AppConfig::default()
        }))
}
