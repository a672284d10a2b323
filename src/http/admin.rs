//! The server for operators: metrics and status.

use std::io;
use std::net::IpAddr;

use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::http::header::HOST;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer};

use super::access::AccessLog;
use super::answer::Answer;
use super::app::App;
use super::sockets::Passed;
use crate::config::Listen;

/// Makes the server on sockets.
pub(super) fn bind(
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

async fn administer(
    request: HttpRequest,
    app: Data<App>,
    access: Data<AccessLog>,
    own: Data<AdminHost>,
) -> HttpResponse<Bytes> {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let answer = match request.path() {
        _ if !own.accepts(host) => Answer::misdirected(),
        _ if !is_asked => Answer::wrong_method_of_page(),
        "/metrics" => Answer::admin(METRICS, app.write_metrics(access.count_dropped())),
        "/status.json" => Answer::admin("application/json", app.write_status()),
        _ => Answer::not_administered(),
    };
    let mut response = HttpResponse::with_body(answer.status, answer.body.bytes());
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    response
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
