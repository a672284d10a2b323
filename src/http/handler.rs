//! The handler of every request from readers: decides, waits for what must be rendered, counts, logs and sends.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::access::AccessLog;
use super::answer::Answer;
use super::app::{App, Decision};
use super::connection::Connection;
use super::connections::Connections;
use super::media_gate::MediaGate;
use super::outgoing::{Outgoing, respond};
use super::request::{Request, find_target};
use super::work_queue::{Turn, WorkQueue};

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
        Some(target) => decide(&app, &connections, (&queue, &media), &Request::new(&request, target)).await,
        None => Answer::no_path(),
    };
    let took = started.elapsed();
    app.metrics().count(&request, &answer, took);
    access.log(&request, &answer, took);
    respond(answer, app.in_flight(), answering)
}

async fn decide(
    app: &Data<App>,
    connections: &Connections,
    (queue, media): (&WorkQueue, &MediaGate),
    request: &Request<'_>,
) -> Answer {
    let job = match app.decide(request) {
        Decision::Respond(answer) => return answer,
        Decision::Open(request) => return media.answer(app, *request).await,
        Decision::Render(job) => job,
    };
    let mut done = match queue.join(job.key()) {
        Turn::First(_making) => return queue.run(app, connections, *job).await,
        Turn::Wait(done) => done,
    };
    drop(job);
    // The sender is dropped when the other request is done: that is an error here.
    let _ = done.changed().await;
    match app.decide(request) {
        Decision::Respond(answer) => answer,
        Decision::Open(request) => media.answer(app, *request).await,
        Decision::Render(job) => queue.run(app, connections, *job).await,
    }
}
