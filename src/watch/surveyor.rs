//! Surveys of one site by threads of their own, since its disk may not answer.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::survey::{Survey, survey};
use crate::config::{self, Config};

/// Asks what a site is found to be.
#[derive(Debug, Default)]
pub(super) struct Surveyor {
    /// A survey that has not arrived yet.
    awaited: Option<Receiver<Survey>>,
}

impl Surveyor {
    /// What the site is found to be now; `None` if its disk does not answer within `patience`.
    pub(super) fn ask(
        &mut self,
        config: &Config,
        written: &config::Source,
        patience: Duration,
    ) -> Option<Survey> {
        // One that arrived meanwhile is of another time and perhaps of another configuration. As long as it does
        // not arrive, no further thread is started.
        if let Some(earlier) = self.awaited.take()
            && let Err(RecvTimeoutError::Timeout) = earlier.recv_timeout(Duration::ZERO)
        {
            self.awaited = Some(earlier);
            return None;
        }
        let survey = start(config, written);
        match survey.recv_timeout(patience) {
            Ok(found) => Some(found),
            Err(RecvTimeoutError::Timeout) => {
                self.awaited = Some(survey);
                None
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

fn start(config: &Config, written: &config::Source) -> Receiver<Survey> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let (config, written) = (config.clone(), written.clone());
    // Without a thread, and after a panic, the survey is one that never arrives.
    let _ = thread::Builder::new().name("survey".to_owned()).spawn(move || {
        let _ = sender.send(survey(&config, &written));
    });
    receiver
}
