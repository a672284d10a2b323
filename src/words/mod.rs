//! Words: a text → its words, folded, and queries of words. It knows neither posts nor files.

mod fold;
mod query;
mod search;
mod simplified;
mod split;

pub use fold::fold_for_search;
pub use query::{BadWords, Condition, Words};
pub use search::Search;
pub use split::{Unit, split};
