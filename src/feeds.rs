//! All feeds of a configuration, without a server.

use std::sync::Arc;

use chrono::Utc;

use crate::bodies::DiskBodies;
use crate::catalog::{Live, Snapshot};
use crate::config::{Config, Problem};
use crate::http::{Answer, App, Request};
use crate::state::Store;
use crate::watch;

/// All feeds and pages of a configuration, as they are at one moment.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = feedmill::load("config/feedmill.toml".as_ref())?;
/// let feeds = feedmill::Feeds::read(&config).map_err(|problems| problems[0].to_string())?;
///
/// let feed = feeds.get("/atom.xml?limit=2");
/// assert_eq!((feed.status, &*feed.content_type), (200, "application/atom+xml; charset=utf-8"));
/// assert_eq!(String::from_utf8(feed.body)?.matches("<entry").count(), 2);
///
/// assert_eq!(feeds.get("/tags/no-such-tag/rss.xml").status, 404);
/// # Ok(())
/// # }
/// ```
pub struct Feeds {
    app: App,
    snapshot: Arc<Snapshot>,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type; empty if there is no body.
    pub content_type: String,
    /// The feed or page; for an error, the reason in plain text.
    pub body: Vec<u8>,
}

impl Feeds {
    /// Reads the posts of every source once. Entries are read from their files when a feed is requested.
    ///
    /// # Errors
    /// The problems of the configuration that depend on the folders, and the folders that cannot be read.
    pub fn read(config: &Config) -> Result<Self, Vec<Problem>> {
        let (snapshot, _) = watch::read_once(config, Utc::now())?;
        Ok(Self::new(snapshot, config))
    }

    /// The feeds of posts that were read.
    pub(crate) fn new(snapshot: Arc<Snapshot>, config: &Config) -> Self {
        let live = Live::default();
        live.publish(Arc::clone(&snapshot));
        let app = App::new(live, Arc::new(DiskBodies::default()), &config.server, Store::default());
        Self { app, snapshot }
    }

    /// Answers a GET request for a path and query, such as `/tags/rust/rss.xml?limit=5`.
    pub fn get(&self, target: &str) -> Response {
        let answer = self.answer(target);
        Response {
            status: answer.status.as_u16(),
            content_type: answer.header("content-type").unwrap_or_default().to_owned(),
            body: answer.body.to_vec(),
        }
    }

    pub(crate) fn answer(&self, target: &str) -> Answer {
        self.app.answer(&Request::get(target))
    }

    /// The problems of the posts, in the order of their files.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("a.md"), "---\ntitle: A\ndate: 2024-13-02\n---\nText.\n")?;
    /// let text = format!("[site]\ntitle = \"A site\"\n\n[[source]]\npath = {:?}\n", folder.path());
    ///
    /// let config = feedmill::parse("feedmill.toml", &text)?;
    /// let feeds = feedmill::Feeds::read(&config).map_err(|problems| problems[0].to_string())?;
    /// let problem = feeds.problems()[0].to_string();
    /// assert!(problem.contains("a.md:3:7: error: the date \"2024-13-02\" has no such month"), "{problem}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn problems(&self) -> &[Problem] {
        &self.snapshot.problems
    }
}
