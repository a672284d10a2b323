//! Paths of files, relative to the root of a site, with `/`.

/// A path relative to a folder, which may be empty; `None` if it is elsewhere.
pub fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Returns true if a path is this one, which may be empty, or below it.
pub fn is_at_or_below(path: &str, above: &str) -> bool {
    path == above || below(path, above).is_some()
}

/// Returns true if a file name has one of these extensions, in any case.
pub fn has_extension(file: &str, extensions: &[&str]) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, extension)| extensions.iter().any(|e| extension.eq_ignore_ascii_case(e)))
}

/// Returns true if a file is HTML by its name.
pub fn is_html(path: &str) -> bool {
    has_extension(path, &["html", "htm"])
}

/// Normalises a folder path relative to the root: without `./`, and `a/../b` as `b`.
pub(super) fn tidy(folder: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The names, each once, in the order of their first occurrences.
pub(super) fn drop_repeated(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut each: Vec<String> = Vec::new();
    for name in names {
        if !each.contains(&name) {
            each.push(name);
        }
    }
    each
}
