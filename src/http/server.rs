//! The listening servers: connections in, answers out.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io, thread};

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, USER_AGENT,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpResponseBuilder, HttpServer};

use super::answer::Answer;
use super::app::App;
use super::coding::Coding;
use super::conditional::{Conditions, now};
use super::connections::{Connection, Connections, count_affordable};
use super::request::Request;
use super::route::Step;
use super::sockets::{ADMIN, ANYBODY, Passed, clear_socket, open_socket, take_passed};
use super::subscribers::Reader;
use crate::config::{self, Listen};

/// Seconds that a stop waits for what is being answered: with all that follows it takes ten at most.
const DRAIN: u64 = 9;

/// How long a client may take to send the head of a request.
const SLOWEST: Duration = Duration::from_secs(10);

/// How long a connection may be idle between requests: longer than proxies keep theirs.
const IDLE: Duration = Duration::from_secs(75);

/// Why the server can't listen.
#[derive(Debug, thiserror::Error)]
#[error(
    "can't listen on {listen}: {error}. Choose another address with --listen, server.listen or server.admin_listen."
)]
pub struct Error {
    listen: Listen,
    error: io::Error,
}

/// A server that listens already and answers once it is awaited.
pub struct Bound {
    /// Where it listens; none for a Unix socket.
    pub addresses: Vec<SocketAddr>,
    /// Whether a supervisor passed the sockets.
    pub is_passed: bool,
    server: Server,
    /// Metrics and status, where they are asked for, and where they are.
    admin: Option<Server>,
    /// Where metrics and status are, if on ports.
    pub admin_addresses: Vec<SocketAddr>,
    /// Sockets that go when it stops.
    sockets: Vec<PathBuf>,
}

impl Bound {
    /// Answers until a signal stops it.
    ///
    /// # Errors
    /// What the system says of the sockets.
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
            // Somebody may have removed it already.
            let _ = fs::remove_file(socket);
        }
        done
    }
}

/// Binds a server to an address.
macro_rules! bind_to {
    ($server:expr, $listen:expr, $passed:expr, $mode:expr) => {{
        let bound = match ($passed, $listen) {
            (Some(Passed::Tcp(socket)), _) => $server.listen(socket),
            (Some(Passed::Unix(socket)), _) => $server.listen_uds(socket),
            (None, Listen::Tcp { host, port }) => $server.bind((host.as_str(), *port)),
            (None, Listen::Unix(path)) => {
                clear_socket(path).and_then(|()| $server.bind_uds(path)).and_then(|server| {
                    open_socket(path, $mode)?;
                    Ok(server)
                })
            }
        };
        bound.map_err(|error| Error { listen: $listen.clone(), error })
    }};
}

/// Listens; on the sockets that a supervisor passes rather than on those that are configured: on the first
/// for feeds, on the second for metrics and status. `app` is asked for each request. A stop signal drains connections, ten seconds at most.
///
/// # Errors
/// [`Error`] if an address is taken or not this machine's.
pub fn bind(config: &config::Server, app: Arc<App>) -> Result<Bound, Error> {
    let data = Data::from(app);
    let refuse = |error| Error { listen: config.listen.clone(), error };
    let mut passed = take_passed().map_err(refuse)?.into_iter();
    let own = passed.next();
    // Whether it has an address, if one is passed.
    let passed_kind = own.as_ref().map(|socket| matches!(socket, Passed::Tcp(_)));
    let admin = match &config.admin_listen {
        Some(listen) => {
            let data = data.clone();
            let make = move || ActixApp::new().app_data(data.clone()).default_service(web::to(administer));
            let server = HttpServer::new(make).workers(1).disable_signals();
            Some(bind_to!(server, listen, passed.next(), ADMIN)?)
        }
        None => None,
    };
    let connections = Connections::watched().map_err(refuse)?;
    let workers = match config.workers {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        workers => workers,
    };
    let make = move || ActixApp::new().app_data(data.clone()).default_service(web::to(answer));
    let server = HttpServer::new(make)
        .shutdown_timeout(DRAIN)
        .client_request_timeout(SLOWEST)
        .keep_alive(IDLE)
        .on_connect(move |connection, data| connections.take_in(connection, data))
        .workers(workers)
        .max_connections(count_affordable(workers));
    let listen = &config.listen;
    let bound = bind_to!(server, listen, own, ANYBODY)?;
    let admin_addresses = admin.as_ref().map(HttpServer::addrs).unwrap_or_default();
    let admin = admin.map(HttpServer::run);
    // Those that are passed are the supervisor's to remove.
    let listens =
        [Some(&config.listen), config.admin_listen.as_ref()].map(|own| own.filter(|_| passed_kind.is_none()));
    let sockets = listens.into_iter().flatten().filter_map(|listen| match listen {
        Listen::Unix(path) => Some(path.clone()),
        Listen::Tcp { .. } => None,
    });
    let sockets = sockets.collect();
    // What is told of a Unix socket is no address.
    let has_address = passed_kind.unwrap_or(matches!(config.listen, Listen::Tcp { .. }));
    let addresses = if has_address { bound.addrs() } else { Vec::new() };
    let is_passed = passed_kind.is_some();
    Ok(Bound { addresses, is_passed, server: bound.run(), admin, admin_addresses, sockets })
}

async fn answer(request: HttpRequest, app: Data<App>) -> HttpResponse {
    if let Some(connection) = request.conn_data::<Arc<Connection>>() {
        connection.touch(now());
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let answer = match app.step(&read(&request, target)) {
        Step::Done(answer) => answer,
        Step::Work(work) => {
            let app = app.clone();
            web::block(move || app.work(&work)).await.unwrap_or_else(|_| Answer::failed())
        }
    };
    count(&app, &request, &answer);
    respond(answer)
}

fn read<'r>(request: &'r HttpRequest, target: &'r str) -> Request<'r> {
    let lines = |name: HeaderName| request.headers().get_all(name).filter_map(|value| value.to_str().ok());
    // A tag may hold any bytes (RFC 9110 §8.8.3); ours do not.
    let tags = request.headers().get_all(IF_NONE_MATCH);
    let mut tags = tags.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = tags.next();
    // Several lines are one list (RFC 9110 §5.3).
    let if_none_match =
        first.map(|first| tags.fold(first, |list, line| Cow::Owned(format!("{list}, {line}"))));
    Request {
        method: request.method(),
        target,
        conditions: Conditions {
            if_none_match,
            if_modified_since: lines(IF_MODIFIED_SINCE).next().map(Cow::Borrowed),
        },
        coding: Coding::choose(lines(ACCEPT_ENCODING)),
        accept: lines(ACCEPT).next(),
        navigates: lines(HeaderName::from_static("sec-fetch-dest")).next() == Some("document"),
    }
}

fn count(app: &App, request: &HttpRequest, answer: &Answer) {
    app.metrics.count(answer);
    let is_read = matches!(answer.status, StatusCode::OK | StatusCode::NOT_MODIFIED);
    if let Some(feed) = answer.feed.as_ref().filter(|_| is_read) {
        let header =
            |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        let forwarded = header(HeaderName::from_static("x-forwarded-for"));
        // Behind a proxy it says who asks; elsewhere it is no more than another mark of the client.
        let address = match request.peer_addr().map(|peer| peer.ip()) {
            _ if !forwarded.is_empty() => Reader::Forwarded(forwarded),
            Some(address) => Reader::Direct(address),
            None => Reader::Forwarded(&[]),
        };
        app.metrics.subscribers.note(feed, header(USER_AGENT), address, now());
    }
}

fn respond(answer: Answer) -> HttpResponse {
    let mut response: HttpResponseBuilder = HttpResponse::build(answer.status);
    for header in answer.headers {
        response.insert_header(header);
    }
    response.body(answer.body)
}

async fn administer(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let (media_type, text) = match request.path() {
        _ if !is_asked => return respond(Answer::wrong_method()),
        "/metrics" => ("application/openmetrics-text; version=1.0.0; charset=utf-8", app.write_metrics()),
        "/status.json" => ("application/json", app.write_status()),
        _ => return HttpResponse::NotFound().body("Here are /metrics and /status.json.\n"),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type)));
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response.body(Bytes::from(text))
}
