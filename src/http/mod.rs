//! Requests → responses: routing, conditional requests, content codings, caching, pages and metrics. This layer does
//! not know how posts get into the catalog.

mod access;
mod answer;
mod app;
mod body;
mod cache_headers;
mod coding;
mod conditional;
mod connections;
mod errors;
mod file_body;
mod in_flight;
mod latency;
mod listening;
mod media;
mod metrics;
mod modified;
mod plan_cache;
mod planning;
mod process;
mod prometheus;
mod rate_limit;
mod rendering_cache;
mod request;
mod route;
mod server;
mod sockets;
mod status;
mod stream;
mod subscribers;
mod target;
mod work_queue;

pub use access::AccessLog;
pub use answer::Answer;
pub use app::App;
pub use body::Body;
pub use coding::Coding;
pub use conditional::Conditions;
pub use request::Request;
pub use route::{Step, Work};
pub use server::{Bound, Error, Sockets, bind};
