//! Resolves a source again while it is served: its disk may not answer, and its site's configuration may be half
//! written. Decides whether the new result replaces the previous one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::resolve::{Resolved, ResolvedSource, resolve};
use super::site_config::IGNORE;
use crate::config::{self, Config, Problem};

/// The message about a disk that does not answer.
pub(crate) const UNANSWERED: &str = "the disk does not answer. Check the disk or the network.";

/// Resolves one source in a separate thread.
#[derive(Debug, Default)]
pub(crate) struct Resolver {
    /// A result that has not arrived yet.
    awaited: Option<Receiver<Resolved>>,
}

impl Resolver {
    /// Resolves the source; `None` if its disk does not answer within `timeout`.
    pub(crate) fn resolve(
        &mut self,
        config: &Config,
        written: &config::Source,
        timeout: Duration,
    ) -> Option<Resolved> {
        // A result that arrived meanwhile is out of date and may be of another configuration. While it has not
        // arrived, no further thread is started.
        if let Some(earlier) = self.awaited.take()
            && let Err(RecvTimeoutError::Timeout) = earlier.recv_timeout(Duration::ZERO)
        {
            self.awaited = Some(earlier);
            return None;
        }
        let result = start(config, written);
        match result.recv_timeout(timeout) {
            Ok(resolved) => Some(resolved),
            Err(RecvTimeoutError::Timeout) => {
                self.awaited = Some(result);
                None
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

fn start(config: &Config, written: &config::Source) -> Receiver<Resolved> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let (config, written) = (config.clone(), written.clone());
    // Without a thread, and after a panic, the result never arrives.
    let _ = thread::Builder::new().name("resolve".to_owned()).spawn(move || {
        let _ = sender.send(resolve(&config, &written));
    });
    receiver
}

/// The reason to keep the previous result.
enum KeepPrevious {
    /// The disk does not answer.
    Unanswered,
    /// The site's configuration cannot be read, which is reported with it.
    Unreadable,
    /// The site's configuration is gone or empty, as for a moment while it is written.
    ConfigurationGone,
    /// `.feedmillignore` is empty, as for a moment while it is written.
    IgnoreEmpty,
    /// The folder of posts that were read is gone, which is reported with the source.
    PostsGone,
    /// The site's configuration now names a folder of posts that is missing or empty.
    PostsElsewhere(PathBuf),
}

impl KeepPrevious {
    /// Checks whether `now` must not replace `previous`. `was_read`: the posts were read before.
    fn check(previous: &ResolvedSource, now: &ResolvedSource, was_read: bool) -> Option<Self> {
        if was_read && !previous.root.is_dir() {
            return Some(Self::PostsGone);
        }
        if now.settings.is_unreadable && !previous.settings.is_unreadable {
            return Some(Self::Unreadable);
        }
        if previous.speaks && !now.speaks {
            return Some(Self::ConfigurationGone);
        }
        if !previous.ignored.is_empty() && now.ignored.is_empty() && now.reads.join(IGNORE).exists() {
            return Some(Self::IgnoreEmpty);
        }
        let is_there = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if !was_read || is_there(&now.reads) {
            return None;
        }
        let is_gone = now.reads == previous.reads || !is_there(&previous.reads);
        Some(if is_gone { Self::PostsGone } else { Self::PostsElsewhere(now.reads.clone()) })
    }

    /// The message about it, unless it is reported elsewhere.
    fn message(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable | Self::PostsGone => return None,
            Self::Unanswered => format!("{UNANSWERED} Its last settings stay in effect."),
            Self::ConfigurationGone => {
                "the site's configuration is gone or empty: its last settings stay in effect. Restore it, or restart \
                 feedmill."
                    .to_owned()
            }
            Self::IgnoreEmpty => {
                "`.feedmillignore` is empty: its last patterns stay in effect. Write it, or delete it.".to_owned()
            }
            Self::PostsElsewhere(folder) => format!(
                "the site has its posts in {}, which is missing or empty: its last settings stay in effect. Put the \
                 posts there, or fix the site's configuration.",
                folder.display()
            ),
        })
    }
}

/// The result that is in effect after a source was resolved again: the new one, unless the previous one must be kept.
/// `now` is `None` if the disk does not answer; `was_read`: the posts were read before.
pub(crate) fn replace_or_keep(previous: &ResolvedSource, now: Option<Resolved>, was_read: bool) -> Resolved {
    let (keep, mut problems, name) = match now {
        None => (KeepPrevious::Unanswered, Vec::new(), previous.name.clone()),
        Some(now) => match KeepPrevious::check(previous, &now.source, was_read) {
            None => return now,
            // Only the name follows feedmill.toml.
            Some(keep) => (keep, now.problems, now.source.name),
        },
    };
    problems.extend(keep.message().map(|message| Problem::warning(&previous.own_file, message)));
    Resolved { source: ResolvedSource { name, ..previous.clone() }, problems }
}
