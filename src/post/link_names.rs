//! The names by which posts refer to each other.

use super::pages::{is_found_by_name, list_references};
use super::site::tidy;
use super::source::below;
use super::{Post, Source};
use crate::body::Reference;
use crate::config::Dialect;

/// The form in which posts store a reference, with the prefix of its kind.
pub(super) fn write(reference: Reference<'_>) -> String {
    match reference {
        Reference::File(path) => format!("f:{path}"),
        Reference::Post(name) => format!("p:{name}"),
        Reference::Name(name) => format!("n:{name}"),
    }
}

/// The names by which other posts can refer to a post.
pub fn list_names(source: &Source, post: &Post) -> Vec<String> {
    let mut names = list_own_names(source, &post.path, post.language);
    names.extend(list_references(source, post));
    names
}

/// The names that a dialect gives the post at a path; `language` is an index into the languages of the site.
fn list_own_names(source: &Source, path: &str, language: u8) -> Vec<String> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let file = stem.rsplit('/').next().unwrap_or(stem);
    let below = source.below_content(path).unwrap_or(path);
    match source.rules.dialect {
        Dialect::Jekyll => {
            let within = stem.split_once("_posts/").map_or(file, |(_, within)| within);
            each_once([format!("f:{path}"), format!("f:{below}"), format!("p:{within}"), format!("p:{file}")])
        }
        Dialect::Hexo => {
            let within = stem.split_once("_posts/").map_or(file, |(_, within)| within);
            each_once([format!("p:{within}"), format!("p:{file}")])
        }
        Dialect::Zola => vec![format!("f:content/{below}")],
        Dialect::Hugo => {
            let logical = make_logical(source, path);
            let name = logical.rsplit('/').next().unwrap_or_default().to_owned();
            each_once([format!("f:/{logical}@{language}"), format!("n:{name}@{language}")])
        }
        // By its path or any end of it that begins at a folder.
        Dialect::Obsidian => {
            let ends = stem.match_indices('/').map(|(at, _)| &stem[at + 1..]);
            std::iter::once(stem).chain(ends).map(|end| format!("n:{}", fold(end))).collect()
        }
        Dialect::Eleventy | Dialect::Plain => Vec::new(),
    }
}

/// The names that a reference in a post can refer to, the most likely first.
pub fn list_candidates(source: &Source, post: &Post, reference: &str) -> Vec<String> {
    let (kind, written) = reference.split_at(2);
    if kind == "u:" {
        let by_name = is_found_by_name(source, written).then(|| media_key(written));
        return std::iter::once(reference.to_owned()).chain(by_name).collect();
    }
    match source.rules.dialect {
        Dialect::Hugo => {
            let own = post.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let own = make_logical(source, &format!("{own}/x.md"));
            let own = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            let plain = make_plain(written.trim_start_matches('/'));
            let name = plain.rsplit('/').next().unwrap_or_default().to_owned();
            let language = post.language;
            let next_to_it = tidy(&format!("{own}/{plain}"));
            let at_root = tidy(&plain);
            let mut meant = vec![format!("f:/{at_root}@{language}")];
            if !written.starts_with('/') {
                meant.insert(0, format!("f:/{next_to_it}@{language}"));
                meant.push(format!("n:{name}@{language}"));
            }
            meant
        }
        Dialect::Obsidian => {
            let plain = written.strip_suffix(".md").unwrap_or(written);
            let own = post.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_relative = plain.starts_with("./") || plain.starts_with("../");
            let whole = if is_relative { tidy(&format!("{own}/{plain}")) } else { plain.to_owned() };
            vec![format!("{kind}{}", fold(whole.trim_start_matches('/')))]
        }
        _ => vec![format!("{kind}{}", written.trim_start_matches('/'))],
    }
}

/// The logical path of a page of Hugo: without content folder, extension, language and `index`.
fn make_logical(source: &Source, path: &str) -> String {
    let mut folders = source.site.hugo.content_folders.iter().map(|(_, folder)| folder);
    let below = folders.find_map(|folder| below(path, folder)).or_else(|| source.below_content(path));
    let below = below.unwrap_or(path);
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let known = |code: &str| source.site.languages.iter().any(|language| language.eq_ignore_ascii_case(code));
    let stem = match stem.rsplit_once('.') {
        Some((stem, code)) if known(code) => stem,
        _ => stem,
    };
    make_plain(stem)
}

/// The common form of all spellings of a path in references.
pub(super) fn make_plain(path: &str) -> String {
    let lower = path.trim_matches('/').to_lowercase().replace(' ', "-");
    let stem = [".md", ".markdown", ".html"].iter().find_map(|end| lower.strip_suffix(end));
    let stem = stem.unwrap_or(&lower);
    let bundle = stem.strip_suffix("/index").or_else(|| stem.strip_suffix("/_index"));
    bundle.unwrap_or(stem).to_owned()
}

/// The name by which posts can refer to the media file at a path.
pub fn media_key(path: &str) -> String {
    format!("m:{}", fold(path.rsplit('/').next().unwrap_or(path)))
}

fn fold(name: &str) -> String {
    name.to_lowercase()
}

fn each_once<const N: usize>(names: [String; N]) -> Vec<String> {
    let mut each: Vec<String> = Vec::new();
    for name in names {
        if !each.contains(&name) {
            each.push(name);
        }
    }
    each
}
