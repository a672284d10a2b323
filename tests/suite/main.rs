//! Tests of the whole: the real program over real folders.

#![allow(unreachable_pub, reason = "one binary, one file a subject")]

mod bad_input;
mod check;
mod check_files;
mod commands;
mod compat;
mod dates;
mod detection;
mod dialects;
mod docs;
mod documents;
mod entries;
mod entry_pages;
mod export;
mod golden;
mod http;
mod hugo_pages;
mod ids;
mod init;
mod jekyll_liquid;
mod language;
mod layers;
mod live;
mod live_site;
mod logs;
mod media;
mod mistakes;
mod monitoring;
mod near_misses;
mod overload;
mod page_settings;
mod pages;
mod properties;
mod proxies;
mod queries;
mod schema;
mod security;
mod server;
#[allow(dead_code, reason = "each of the two suites uses a part of it")]
mod site;
mod state;
mod unreadable_posts;
mod urls;
mod websub;
mod wild;
mod zero_config;
