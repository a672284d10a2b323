//! Whose site a folder belongs to, by what it and the folders above it show.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Dialect;

/// A folder's dialect and place in its site.
pub(super) struct Detected {
    pub(super) dialect: Dialect,
    pub(super) root: PathBuf,
    pub(super) why: String,
}

/// How far up a site's root is looked for.
const UPWARDS: usize = 8;

/// What a folder is: as written, else by what it and the folders above it show.
pub(super) fn detect(folder: &Path, written: Option<Dialect>) -> Detected {
    let jekyll = || find_jekyll(folder);
    match written {
        Some(Dialect::Jekyll) => {
            let (root, _) = jekyll().unwrap_or_else(|| (folder.to_owned(), String::new()));
            Detected { dialect: Dialect::Jekyll, root, why: "the configuration says so".to_owned() }
        }
        Some(Dialect::Zola) => {
            let root = find_zola(folder).unwrap_or_else(|| folder.to_owned());
            Detected { dialect: Dialect::Zola, root, why: "the configuration says so".to_owned() }
        }
        Some(dialect) => {
            Detected { dialect, root: folder.to_owned(), why: "the configuration says so".to_owned() }
        }
        None => {
            let jekyll = jekyll().map(|(root, why)| Detected { dialect: Dialect::Jekyll, root, why });
            let zola = || {
                let root = find_zola(folder)?;
                Some(Detected {
                    dialect: Dialect::Zola,
                    root,
                    why: "there are its configuration and content".to_owned(),
                })
            };
            jekyll.or_else(zola).or_else(|| find_other(folder)).unwrap_or_else(|| Detected {
                dialect: Dialect::Plain,
                root: folder.to_owned(),
                why: "nothing of a generator's was seen".to_owned(),
            })
        }
    }
}

/// A Jekyll site's root, and what it was seen by.
fn find_jekyll(folder: &Path) -> Option<(PathBuf, String)> {
    let is_hexo = |root: &Path| root.join("source/_posts").is_dir();
    for root in folder.ancestors().take(UPWARDS) {
        let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
        let in_posts = below.iter().any(|name| name == "_posts");
        let has_posts = || in_posts || holds_posts(root, 2);
        if root.join("_config.yml").is_file() && !is_hexo(root) && has_posts() {
            return Some((root.to_owned(), "there are _config.yml and _posts".to_owned()));
        }
    }
    if folder.join("_posts").is_dir() {
        return Some((folder.to_owned(), "there is a folder _posts".to_owned()));
    }
    let posts = folder.ancestors().filter(|f| f.file_name().is_some_and(|name| name == "_posts")).last()?;
    Some((posts.parent()?.to_owned(), "it is a folder _posts".to_owned()))
}

/// Whether there is a folder `_posts` here or up to `depth` folders below: categories of Jekyll may
/// hold all posts.
fn holds_posts(folder: &Path, depth: usize) -> bool {
    if folder.join("_posts").is_dir() {
        return true;
    }
    let below = || fs::read_dir(folder).into_iter().flatten().flatten();
    let may_hold = |name: &str| !name.starts_with(['.', '_']) && name != "node_modules";
    depth > 0
        && below().any(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            is_folder
                && entry.file_name().to_str().is_some_and(may_hold)
                && holds_posts(&entry.path(), depth - 1)
        })
}

/// A Zola site's root: where there are its configuration and `content`, above or at a folder of posts.
fn find_zola(folder: &Path) -> Option<PathBuf> {
    let is_zola = |root: &Path| {
        let names_base = |text: String| text.lines().any(|line| line.trim_start().starts_with("base_url"));
        let config = fs::read_to_string(root.join("config.toml")).is_ok_and(names_base);
        (config || root.join("zola.toml").is_file()) && root.join("content").is_dir()
    };
    let reaches = |root: &Path| folder == root || folder.starts_with(root.join("content"));
    folder.ancestors().take(UPWARDS).find(|root| is_zola(root) && reaches(root)).map(Path::to_owned)
}

/// Sites of generators that are known by sight.
fn find_other(folder: &Path) -> Option<Detected> {
    let signs: [(Dialect, &[&str]); 5] = [
        (Dialect::Hugo, &["hugo.toml"]),
        (Dialect::Hugo, &["hugo.yaml"]),
        (Dialect::Hugo, &["config/_default"]),
        (Dialect::Hexo, &["_config.yml", "source/_posts"]),
        (Dialect::Obsidian, &[".obsidian"]),
    ];
    folder.ancestors().take(UPWARDS).find_map(|root| {
        let (dialect, seen) =
            signs.iter().find(|(_, seen)| seen.iter().all(|name| root.join(name).exists()))?;
        let why = format!("there is {}", seen.join(" and "));
        Some(Detected { dialect: *dialect, root: folder.to_owned(), why })
    })
}
