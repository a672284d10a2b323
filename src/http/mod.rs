//! Requests → responses: routing, conditional requests, caching. Knows nothing of how posts get here.

mod answer;
mod conditional;
mod modified;
mod renderings;
mod route;
mod server;

pub use answer::Answer;
pub use route::{App, Request, Step};
pub use server::{Bound, Error, bind};
