//! Surveys a site in a separate thread, since its disk may not answer.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::resolve::{Survey, survey};
use crate::config::{self, Config};

/// Runs the surveys of one site.
#[derive(Debug, Default)]
pub(crate) struct Surveyor {
    /// A survey that has not arrived yet.
    awaited: Option<Receiver<Survey>>,
}

impl Surveyor {
    /// Surveys the site; `None` if its disk does not answer within `timeout`.
    pub(crate) fn ask(
        &mut self,
        config: &Config,
        written: &config::Source,
        timeout: Duration,
    ) -> Option<Survey> {
        // A survey that arrived meanwhile is out of date and may be of another configuration. While it has not
        // arrived, no further thread is started.
        if let Some(earlier) = self.awaited.take()
            && let Err(RecvTimeoutError::Timeout) = earlier.recv_timeout(Duration::ZERO)
        {
            self.awaited = Some(earlier);
            return None;
        }
        let survey = start(config, written);
        match survey.recv_timeout(timeout) {
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
    // Without a thread, and after a panic, the survey never arrives.
    let _ = thread::Builder::new().name("survey".to_owned()).spawn(move || {
        let _ = sender.send(survey(&config, &written));
    });
    receiver
}
