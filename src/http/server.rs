//! The listening server: connections in, answers out.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::{HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer};

use super::answer::Answer;
use super::conditional::Conditions;
use super::route::{App, Request, Step};
use crate::config::{self, Listen};

/// Seconds that a stop waits for what is being answered.
const DRAIN: u64 = 10;

/// Why the server can't listen.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {listen}: {error}. Choose another address with --listen or server.listen.")]
pub struct Error {
    listen: Listen,
    error: std::io::Error,
}

/// A server that listens already and answers once it is awaited.
pub struct Bound {
    /// Where it listens; none for a Unix socket.
    pub addresses: Vec<SocketAddr>,
    /// The server itself.
    pub server: Server,
}

/// Listens. `app` is asked for each request. A stop signal drains connections, ten seconds at most.
///
/// # Errors
/// [`Error`] if the address is taken or not this machine's.
pub fn bind(config: &config::Server, app: Arc<App>) -> Result<Bound, Error> {
    let data = Data::from(app);
    let server =
        HttpServer::new(move || ActixApp::new().app_data(data.clone()).default_service(web::to(answer)));
    let server = match config.workers {
        0 => server,
        workers => server.workers(workers),
    };
    let server = server.shutdown_timeout(DRAIN);
    let bound = match &config.listen {
        Listen::Tcp { host, port } => server.bind((host.as_str(), *port)),
        Listen::Unix(path) => server.bind_uds(path),
    };
    let bound = bound.map_err(|error| Error { listen: config.listen.clone(), error })?;
    Ok(Bound { addresses: bound.addrs(), server: bound.run() })
}

async fn answer(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let answer = match app.step(read(&request)) {
        Step::Done(answer) => answer,
        Step::Render(rendering) => {
            let app = app.into_inner();
            web::block(move || app.render(*rendering)).await.unwrap_or_else(|_| Answer::failed())
        }
    };
    respond(answer)
}

fn read(request: &HttpRequest) -> Request {
    let lines = |name: HeaderName| {
        let values = request.headers().get_all(name);
        values.filter_map(|value| value.to_str().ok()).map(str::to_owned)
    };
    Request {
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().map(str::to_owned),
        conditions: Conditions {
            if_none_match: lines(IF_NONE_MATCH).collect(),
            if_modified_since: lines(IF_MODIFIED_SINCE).next(),
        },
    }
}

fn respond(answer: Answer) -> HttpResponse {
    let mut response = HttpResponse::build(answer.status);
    for (name, value) in answer.headers {
        // Names are ours; values are encoded addresses and our own words.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.insert_header((HeaderName::from_static(name), value));
        }
    }
    response.body(answer.body)
}
