//! The published catalog on disk. The next start serves it at once, and compares it with the files afterwards.
//!
//! The file belongs to one build of the program, and each source in it to the settings with which its posts were read.
//! Every part has a checksum. A file that cannot be used is ignored as a whole, and a source that cannot be used alone
//! is scanned as without the file.

mod decode;
mod encode;
mod file;
mod keeper;
mod layout;
mod record;
mod sites_file;

pub use file::CatalogFile;
pub use keeper::Keeper;

#[cfg(test)]
mod tests;
