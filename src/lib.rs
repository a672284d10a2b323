//! feedmill: a feed server for folders of posts.
//!
//! Each module imports only modules below it in this list:
//!
//! - [`commands`]: one file per command; the only module that connects the others
//! - [`lint`]: posts → warnings, for `check`
//! - [`http`]: requests → responses
//! - [`watch`]: disk → catalog
//! - [`bodies`]: post → its bytes, from the disk or a cache
//! - [`state`]: a small store on disk for data that cannot be read from the files again
//! - [`websub`]: changed feeds → pings of hubs
//! - [`page`]: snapshot → pages for people
//! - [`feed`]: snapshot + selection → documents
//! - [`site`]: configured folders → the site: dialects, roots, settings
//! - [`catalog`]: posts → immutable snapshots
//! - [`post`]: bytes + path + dialect → post
//! - [`body`]: Markdown → HTML that a reader can show
//! - [`config`]: TOML → checked values
//! - [`file`]: the one way to read a file
//! - [`limits`]: every limit on what posts, sites and clients can cost

pub mod bodies;
pub mod body;
pub mod catalog;
pub mod commands;
pub mod config;
pub mod feed;
pub mod file;
pub mod http;
pub mod limits;
pub mod lint;
pub mod page;
pub mod post;
pub mod site;
pub mod state;
pub mod watch;
pub mod websub;
