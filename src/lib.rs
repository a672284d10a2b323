//! feedmill: a feed server for folders of posts.
//!
//! The program `feedmill` is the usual way to use it. This library gives other programs the same feeds, without a
//! server:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use feedmill::Feeds;
//!
//! let config = feedmill::load("config/feedmill.toml".as_ref())?;
//! let feeds = Feeds::read(&config).map_err(|problems| problems[0].to_string())?;
//! println!("{}", String::from_utf8(feeds.get("/rss.xml").body)?);
//! # Ok(())
//! # }
//! ```
//!
//! [`load`] and [`parse`] check a configuration, and [`Feeds::read`] reads the posts of its sources. Everything else is
//! internal, and may change with any version. `docs/ARCHITECTURE.md` describes it; each module imports only modules
//! below it in this list:
//!
//! - `commands`: one file per command; the only module that connects the others
//! - `feeds`: the feeds of a configuration, for other programs
//! - `lint`: posts → warnings, for `check`
//! - `http`: requests → responses
//! - `watch`: disk → catalog
//! - `bodies`: post → its bytes, from the disk or a cache
//! - `websub`: changed feeds → pings of hubs
//! - `search`: the index of all words of all posts, on disk
//! - `warm`: the published catalog on disk, for the next start
//! - `state`: a small store on disk for data that cannot be read from the files again
//! - `ledger`: facts about posts in a file that travels with them
//! - `page`: snapshot → pages for people
//! - `feed`: snapshot + selection → documents
//! - `texts`: feedmill's own texts in the language of the site
//! - `site`: configured folders → the site: dialects, roots, settings
//! - `catalog`: posts → immutable snapshots
//! - `post`: bytes + path + dialect → post
//! - `body`: Markdown → HTML that a reader can show
//! - `config`: TOML → checked values
//! - `words`: text → words, and queries of words
//! - `file`: the one way to read a file
//! - `limits`: every limit on what posts, sites and clients can cost

// The modules are public for the tests, benchmarks and fuzz targets of feedmill itself.
#[doc(hidden)]
pub mod bodies;
#[doc(hidden)]
pub mod body;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod commands;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod feed;
mod feeds;
#[doc(hidden)]
pub mod file;
#[doc(hidden)]
pub mod http;
#[doc(hidden)]
pub mod ledger;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod lint;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod post;
#[doc(hidden)]
pub mod search;
#[doc(hidden)]
pub mod site;
#[doc(hidden)]
pub mod state;
#[doc(hidden)]
pub mod texts;
#[doc(hidden)]
pub mod warm;
#[doc(hidden)]
pub mod watch;
#[doc(hidden)]
pub mod websub;
#[doc(hidden)]
pub mod words;

pub use commands::main;
pub use config::{Config, Error, Problem, Severity, load, parse};
pub use feeds::{Feeds, Response};
