//! Jekyll's data files, which templates use as `site.data`.

use super::csv;
use super::site::is_data_file;
use crate::body::Data;
use crate::limits::SITE_DATA_BYTES;
use crate::post::config_file::ConfigFile;

/// The folder of data files, relative to the root.
pub(super) const FOLDER: &str = "_data";

/// The values of the data files, by folder and file name (`jekyll 4.4 DataReader`). A file that cannot be read
/// is not available to templates.
pub(super) fn read(files: &[ConfigFile]) -> Option<Data> {
    let mut left = SITE_DATA_BYTES;
    let mut root = Vec::new();
    for file in files.iter().filter(|file| is_data_file(file)) {
        let Some(rest) = left.checked_sub(file.text.len()) else { continue };
        let value = match file.path.rsplit_once('.') {
            Some((_, "csv")) => csv::read(&file.text, ','),
            Some((_, "tsv")) => csv::read(&file.text, '\t'),
            _ => file.read_value().as_ref().map(Data::from),
        };
        let path = file.path.strip_prefix(FOLDER).and_then(|path| path.strip_prefix('/'));
        if let Some((value, path)) = value.zip(path) {
            left = rest;
            insert(&mut root, path, value);
        }
    }
    (!root.is_empty()).then(|| Node::Folder(root).into())
}

/// A data file, or a folder of data files.
enum Node {
    File(Data),
    Folder(Vec<(String, Node)>),
}

/// Inserts a file into the folders of its path. A folder replaces a file of the same name.
fn insert(entries: &mut Vec<(String, Node)>, path: &str, value: Data) {
    let (key, below) = match path.split_once('/') {
        Some((folder, below)) => (sanitise(folder), Some(below)),
        None => (sanitise(path.rsplit_once('.').map_or(path, |(stem, _)| stem)), None),
    };
    let place = entries.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        entries.push((key, Node::Folder(Vec::new())));
        entries.len() - 1
    });
    let entry = &mut entries[place].1;
    let Some(below) = below else {
        *entry = Node::File(value);
        return;
    };
    if let Node::File(_) = entry {
        *entry = Node::Folder(Vec::new());
    }
    if let Node::Folder(within) = entry {
        insert(within, below, value);
    }
}

impl From<Node> for Data {
    fn from(node: Node) -> Self {
        match node {
            Node::File(data) => data,
            Node::Folder(entries) => {
                Self::Map(entries.into_iter().map(|(key, node)| (key.into(), node.into())).collect())
            }
        }
    }
}

/// `jekyll 4.4 DataReader#sanitize_filename`
fn sanitise(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    kept.map(|c| if c == ' ' { '_' } else { c }).collect()
}
