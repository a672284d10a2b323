//! feedmill: a feed server for folders of posts.
#![forbid(unsafe_code)]
pub mod config;
pub mod feed;
pub mod body;
pub mod catalog;
pub mod http;
pub mod post;
pub mod watch;
