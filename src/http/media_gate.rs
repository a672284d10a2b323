//! Limits on media files: how many are opened, and how many are sent, at the same time.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use actix_web::web;
use tokio::sync::Semaphore;

use super::answer::Answer;
use super::app::App;
use super::media::MediaRequest;
use crate::limits::MEDIA_RESPONSES;

/// Admits requests for media files: a disk that does not answer then does not block other responses.
pub(super) struct MediaGate {
    opening: Arc<Semaphore>,
    sending: Arc<Semaphore>,
}

impl Default for MediaGate {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            opening: Arc::new(Semaphore::new(4 * cores)),
            sending: Arc::new(Semaphore::new(MEDIA_RESPONSES)),
        }
    }
}

impl MediaGate {
    /// Opens a file on a blocking thread and answers with it.
    pub(super) async fn answer(&self, app: &Arc<App>, request: MediaRequest) -> Answer {
        let form = request.form;
        let permits = Arc::clone(&self.sending).try_acquire_owned().ok();
        let opening = Arc::clone(&self.opening).try_acquire_owned().ok();
        let answer = match (permits, opening) {
            (Some(sending), Some(opening)) => {
                let own = Arc::clone(app);
                let opened = web::block(move || {
                    let _opening = opening;
                    own.open_media(&request)
                });
                let mut answer = opened.await.unwrap_or_else(|_| Answer::failed());
                if let Some(file) = &mut answer.file {
                    file.hold(sending);
                }
                answer
            }
            _ => Answer::busy(),
        };
        app.present(answer, form)
    }
}
