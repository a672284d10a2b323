//! Data files of Jekyll: what templates know as `site.data`.

use super::site::is_data_file;
use crate::body::Data;
use crate::limits::SITE_DATA_BYTES;
use crate::post::config_file::ConfigFile;

/// Where they are, below the root.
pub(super) const FOLDER: &str = "_data";

/// What the data files say, by their names (`jekyll 4.4 DataReader`). One that cannot be read is unknown to templates.
pub(super) fn read(files: &[ConfigFile]) -> Option<Data> {
    let mut left = SITE_DATA_BYTES;
    let mut entries: Vec<(Box<str>, Data)> = Vec::new();
    for file in files.iter().filter(|file| is_data_file(file)) {
        let Some(rest) = left.checked_sub(file.text.len()) else { continue };
        if let Some(value) = file.read_value() {
            left = rest;
            entries.push((name(&file.path).into(), Data::from(&value)));
        }
    }
    (!entries.is_empty()).then(|| Data::Map(entries.into()))
}

/// `jekyll 4.4 DataReader#sanitize_filename`
fn name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let kept = stem.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    kept.map(|c| if c == ' ' { '_' } else { c }).collect()
}
