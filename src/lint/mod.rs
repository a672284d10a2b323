//! Checks of posts that go beyond reading them: missing files, terms in two spellings, pages that are not posts.

mod audit;
mod conflicts;
mod locate;
mod published;
mod repeated;
mod term_spellings;
mod undated_folders;
mod unpublished;

pub use audit::audit;
pub use conflicts::locate_conflicts;
pub use repeated::list_repeated;
pub use undated_folders::combine_undated;
pub use unpublished::count_unpublished;
