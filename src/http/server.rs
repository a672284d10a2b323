//! The servers: they accept connections and send answers.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use std::{fs, io, thread};

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, HOST, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    RANGE, UPGRADE_INSECURE_REQUESTS, USER_AGENT,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer};

use super::access::AccessLog;
use super::answer::Answer;
use super::app::App;
use super::coding::Coding;
use super::conditional::{Conditions, now};
use super::connections::{Answering, Connection, Connections, count_affordable};
use super::in_flight::{InFlight, Outgoing};
use super::listening::{self, Serving, list_addresses};
use super::media::MediaGate;
use super::request::Request;
use super::route::Step;
use super::sockets::{ADMIN_MODE, Passed, READERS_MODE, take_passed};
use super::subscribers::Reader;
use super::work_queue::{Turn, WorkQueue};
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
            Some(bind_admin(listen, admin, data).map_err(listen_error(listen))?)
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
    let connections = Connections::watched(workers * each, app.in_flight.clone())?;
    let queue = Data::new(WorkQueue::default());
    let media = Data::new(MediaGate::default());
    let serving = Serving { app: Data::from(app), connections, queue, media, access: Data::from(access) };
    // A new connection is accepted beyond the limit; an idle one is then closed for it.
    let builder = Server::build()
        .shutdown_timeout(DRAIN)
        .workers(workers)
        .backlog(BACKLOG)
        .max_concurrent_connections(each + each / 4);
    let listen = |builder, socket| listening::listen(builder, socket, serving.clone());
    Ok(sockets.into_iter().try_fold(builder, listen)?.run())
}

fn bind_admin(
    listen: &Listen,
    sockets: Vec<Passed>,
    (data, access): (Data<App>, Data<AccessLog>),
) -> io::Result<Server> {
    let host = Data::new(AdminHost(match listen {
        Listen::Tcp { host, .. } => Some(host.clone()),
        Listen::Unix(_) => None,
    }));
    let make = move || {
        let app = ActixApp::new().app_data(data.clone()).app_data(access.clone()).app_data(host.clone());
        app.default_service(web::to(administer))
    };
    let server = HttpServer::new(make).workers(1).disable_signals();
    let bind = |server: HttpServer<_, _, _, _>, socket| match socket {
        Passed::Tcp(socket) => server.listen(socket),
        Passed::Unix(socket) => server.listen_uds(socket),
    };
    Ok(sockets.into_iter().try_fold(server, bind)?.run())
}

pub(super) async fn answer(
    request: HttpRequest,
    app: Data<App>,
    connections: Data<Connections>,
    queue: Data<WorkQueue>,
    media: Data<MediaGate>,
    access: Data<AccessLog>,
) -> HttpResponse<Outgoing> {
    let started = Instant::now();
    let answering = request.conn_data::<Arc<Connection>>().map(Connection::begin);
    let answer = match find_target(&request) {
        Some(target) => decide(&app, &connections, (&queue, &media), &read(&request, target)).await,
        None => Answer::bad_request("The request target does not begin with a slash."),
    };
    count(&app, &request, &answer);
    let took = started.elapsed();
    app.metrics.latency.record(took);
    access.log(&request, &answer, took);
    respond(answer, &app.in_flight, answering)
}

/// The path and query of a request; `None` if it names only a host, as CONNECT does (RFC 9112 §3.2).
fn find_target(request: &HttpRequest) -> Option<&str> {
    let uri = request.uri();
    match uri.path_and_query() {
        Some(target) => Some(target.as_str()),
        None => uri.scheme().map(|_| "/"),
    }
}

async fn decide(
    app: &Data<App>,
    connections: &Connections,
    (queue, media): (&WorkQueue, &MediaGate),
    request: &Request<'_>,
) -> Answer {
    let work = match app.step(request) {
        Step::Done(answer) => return answer,
        Step::Media(request) => return media.answer(app, *request).await,
        Step::Work(work) => work,
    };
    let mut done = match queue.join(work.key()) {
        Turn::First(_making) => return queue.run(app, connections, *work).await,
        Turn::Wait(done) => done,
    };
    // The sender is dropped when the other request is done: that is an error here.
    let _ = done.changed().await;
    match app.step(request) {
        Step::Done(answer) => answer,
        Step::Media(request) => media.answer(app, *request).await,
        Step::Work(work) => queue.run(app, connections, *work).await,
    }
}

fn read<'r>(request: &'r HttpRequest, target: &'r str) -> Request<'r> {
    let lines = |name: HeaderName| request.headers().get_all(name).filter_map(|value| value.to_str().ok());
    // A tag may contain any bytes (RFC 9110 §8.8.3); ours are ASCII.
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
        navigates: navigates(request),
        range: lines(RANGE).next(),
        if_range: lines(IF_RANGE).next(),
    }
}

/// Returns true if a person navigates to the URL in a browser. Fetch Metadata decides; browsers send them only to
/// https and to localhost. Without them, `Upgrade-Insecure-Requests` (§3.2.1) decides: browsers send it when they
/// navigate, feed readers never do.
fn navigates(request: &HttpRequest) -> bool {
    let first = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(destination) = first(HeaderName::from_static("sec-fetch-dest")) {
        return destination == "document";
    }
    let has_metadata = request.headers().keys().any(|name| name.as_str().starts_with("sec-fetch-"));
    let mut accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    !has_metadata
        && first(UPGRADE_INSECURE_REQUESTS) == Some("1")
        && accepted.any(|line| line.contains("text/html"))
}

fn count(app: &App, request: &HttpRequest, answer: &Answer) {
    app.metrics.count(answer);
    let is_read = matches!(answer.status, StatusCode::OK | StatusCode::NOT_MODIFIED);
    if let Some(feed) = answer.feed.as_ref().filter(|_| is_read) {
        let header =
            |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        let forwarded = header(HeaderName::from_static("x-forwarded-for"));
        // Behind a proxy this header identifies the client; without a proxy it is one more property of the client.
        let address = match request.peer_addr().map(|peer| peer.ip()) {
            _ if !forwarded.is_empty() => Reader::Forwarded(forwarded),
            Some(address) => Reader::Direct(address),
            None => Reader::Forwarded(&[]),
        };
        app.metrics.subscribers.note(feed, header(USER_AGENT), address, now());
    }
}

fn respond(answer: Answer, in_flight: &InFlight, answering: Option<Answering>) -> HttpResponse<Outgoing> {
    let mut response = HttpResponse::with_body(answer.status, Outgoing::none());
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    response.set_body(if let Some(file) = answer.file {
        in_flight.send_file(file, answering)
    } else if answer.has_length {
        in_flight.send(&answer.body, answering)
    } else {
        Outgoing::of_unknown_length(answering)
    })
}

/// The host that `admin_listen` names; `None` for a Unix socket, which no browser can reach.
struct AdminHost(Option<String>);

impl AdminHost {
    /// Returns true if a request with this `Host` is answered. The name of another site can be made to resolve to
    /// this machine (DNS rebinding); its pages then send that name.
    fn accepts(&self, host: &str) -> bool {
        let Some(own) = &self.0 else { return true };
        let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let name = host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name);
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name.parse::<IpAddr>().is_ok() || ["localhost", own].iter().any(|own| name.eq_ignore_ascii_case(own))
    }
}

async fn administer(
    request: HttpRequest,
    app: Data<App>,
    access: Data<AccessLog>,
    own: Data<AdminHost>,
) -> HttpResponse<Outgoing> {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let answer = match request.path() {
        _ if !own.accepts(host) => Answer::misdirected(),
        _ if !is_asked => Answer::wrong_method_of_page(),
        "/metrics" => Answer::admin(METRICS, app.write_metrics(access.count_dropped())),
        "/status.json" => Answer::admin("application/json", app.write_status()),
        _ => Answer::not_administered(),
    };
    // Responses with metrics do not count as in flight.
    respond(answer, &InFlight::default(), None)
}

/// The media type of the text format that Prometheus reads.
const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admin_answers_only_hosts_that_no_other_site_can_claim() {
        let own = AdminHost(Some("metrics.internal".to_owned()));
        for host in
            ["127.0.0.1:8081", "10.0.0.1", "[::1]:8081", "localhost", "LOCALHOST:1", "metrics.internal:8081"]
        {
            assert!(own.accepts(host), "{host}");
        }
        for host in
            ["evil.example", "evil.example:8081", "127.0.0.1.evil.example", "", "localhost.evil.example"]
        {
            assert!(!own.accepts(host), "{host}");
        }
        assert!(AdminHost(None).accepts("anything"));
    }
}
