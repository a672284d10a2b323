//! Whose site a folder belongs to, by what it and the folders above it show.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Dialect;
use crate::file;

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
    let found = match written {
        Some(dialect) => find_root(dialect, folder).map(|(root, _)| (dialect, root, String::new())),
        None => ORDER
            .iter()
            .find_map(|dialect| find_root(*dialect, folder).map(|(root, why)| (*dialect, root, why))),
    };
    let (dialect, root, why) = found.unwrap_or_else(|| {
        let why = "nothing of a generator's was seen".to_owned();
        (written.unwrap_or(Dialect::Plain), folder.to_owned(), why)
    });
    let why = if written.is_some() { "the configuration says so".to_owned() } else { why };
    Detected { dialect, root, why }
}

/// Where several could be seen, the first is.
const ORDER: [Dialect; 6] =
    [Dialect::Hexo, Dialect::Jekyll, Dialect::Zola, Dialect::Hugo, Dialect::Eleventy, Dialect::Obsidian];

/// The root of a dialect's site that a folder is or lies in, and what it was seen by.
fn find_root(dialect: Dialect, folder: &Path) -> Option<(PathBuf, String)> {
    match dialect {
        Dialect::Jekyll => find_jekyll(folder),
        Dialect::Zola => find_above(folder, |root| {
            is_zola(root).then(|| "there are its configuration and content".to_owned())
        })
        .filter(|(root, _)| folder == root || folder.starts_with(root.join("content"))),
        Dialect::Hexo => find_above(folder, see_hexo),
        Dialect::Hugo => find_above(folder, see_hugo),
        Dialect::Eleventy => find_above(folder, see_eleventy),
        Dialect::Obsidian => {
            find_above(folder, |root| {
                root.join(".obsidian").is_dir().then(|| "there is .obsidian".to_owned())
            })
            // Identity is by the path below the configured folder.
            .map(|(_, why)| (folder.to_owned(), why))
        }
        Dialect::Plain => None,
    }
}

/// The nearest folder, upwards, in which something is seen.
fn find_above(folder: &Path, see: impl Fn(&Path) -> Option<String>) -> Option<(PathBuf, String)> {
    folder.ancestors().take(UPWARDS).find_map(|root| Some((root.to_owned(), see(root)?)))
}

/// The first of these files that a folder has.
fn find_file<'n>(root: &Path, names: &[&'n str]) -> Option<&'n str> {
    names.iter().find(|name| root.join(name).is_file()).copied()
}

fn see_hexo(root: &Path) -> Option<String> {
    let config = find_file(root, &["_config.yml", "_config.yaml", "_config.json"])?;
    let names_hexo =
        || file::read_text(&root.join("package.json")).is_ok_and(|text| text.contains("\"hexo\""));
    // Octopress is Jekyll with a `source`, and says so.
    let names_source = || {
        file::read_text(&root.join(config))
            .is_ok_and(|text| text.lines().any(|line| line.starts_with("source:")))
    };
    let seen = names_hexo() || (root.join("source/_posts").is_dir() && !names_source());
    seen.then(|| format!("there are {config} and source/_posts"))
}

/// A configuration by its own name, or by the older one beside what Hugo alone has.
fn see_hugo(root: &Path) -> Option<String> {
    if let Some(name) = find_file(root, &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"]) {
        return Some(format!("there is {name}"));
    }
    if root.join("config/_default").is_dir() {
        return Some("there is config/_default".to_owned());
    }
    let older = find_file(root, &["config.toml", "config.yaml", "config.yml", "config.json"])?;
    let own = ["archetypes", "layouts", "themes", "i18n"].iter().any(|name| root.join(name).is_dir());
    let names_base =
        || file::read_text(&root.join(older)).is_ok_and(|text| text.to_ascii_lowercase().contains("baseurl"));
    (root.join("content").is_dir() && (own || names_base())).then(|| format!("there are {older} and content"))
}

fn see_eleventy(root: &Path) -> Option<String> {
    let name = find_file(root, ELEVENTY)?;
    Some(format!("there is {name}"))
}

/// Names of Eleventy's configuration.
const ELEVENTY: &[&str] = &[
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "eleventy.config.ts",
];

/// A Jekyll site's root, and what it was seen by.
fn find_jekyll(folder: &Path) -> Option<(PathBuf, String)> {
    let is_hexo = |root: &Path| see_hexo(root).is_some();
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

/// A configuration with Zola's own key, and its content.
fn is_zola(root: &Path) -> bool {
    // At the top of the file: tables of Hugo's sites may have such a key too.
    let names_base = |text: String| {
        let text = text.trim_start_matches('\u{feff}');
        let mut top = text.lines().map(str::trim_start).take_while(|line| !line.starts_with('['));
        top.any(|line| line.strip_prefix("base_url").is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    let config = file::read_text(&root.join("config.toml")).is_ok_and(names_base);
    (config || root.join("zola.toml").is_file()) && root.join("content").is_dir()
}
