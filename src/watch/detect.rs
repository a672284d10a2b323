//! Detects the generator of a site from the files in a folder, in the folders above it and one level below it.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::config::Dialect;
use crate::file;
use crate::post::source::has_extension;

/// A folder's dialect and place in its site.
pub(super) struct Detected {
    pub(super) dialect: Dialect,
    pub(super) root: PathBuf,
    pub(super) why: String,
    /// The target of the folder, if the folder is a link and only the path of its target shows the dialect.
    pub(super) target: Option<PathBuf>,
}

/// The number of folders, from the configured one upwards, that are searched for a site's root.
const UPWARDS: usize = 8;

/// Detects the dialect of a folder: as configured, else by the files in it, above it and below it. A link is judged
/// by its own path first, then by the path of its target.
pub(super) fn detect(folder: &Path, written: Option<Dialect>) -> Detected {
    let find = |folder: &Path| match written {
        Some(dialect) => find_root(dialect, folder)
            .map(|found| Detected { why: "the configuration says so".to_owned(), ..found }),
        None => find_any(folder),
    };
    let find_target = || {
        let target = fs::canonicalize(folder).ok().filter(|target| target != folder)?;
        Some(Detected { target: Some(target.clone()), ..find(&target)? })
    };
    find(folder).or_else(find_target).unwrap_or_else(|| {
        let why = match written {
            Some(_) => "the configuration says so",
            None => "no generator was detected",
        };
        Detected::new(written.unwrap_or(Dialect::Plain), folder, why)
    })
}

fn find_any(folder: &Path) -> Option<Detected> {
    find_site(folder)
        .or_else(|| find_below(folder))
        .or_else(|| find_generator(folder, false))
        .or_else(|| find_posts_folder(folder))
}

impl Detected {
    fn new(dialect: Dialect, root: &Path, why: impl Into<String>) -> Self {
        Self { dialect, root: root.to_owned(), why: why.into(), target: None }
    }
}

/// Returns the evidence that a folder is the root of a generator's site, if it is one. The second path is the
/// configured folder, which may show more.
type Detect = fn(&Path, &Path) -> Option<String>;

/// If several match one folder, the first counts: a file name that only one generator uses is the strongest evidence.
const GENERATORS: [(Dialect, Detect); 6] = [
    (Dialect::Eleventy, detect_eleventy),
    (Dialect::Hugo, detect_hugo),
    (Dialect::Zola, detect_zola),
    (Dialect::Hugo, detect_older_hugo),
    (Dialect::Hexo, detect_hexo),
    (Dialect::Jekyll, detect_jekyll),
];

/// The nearest site of a generator that a folder is or lies in, by its configuration. `complete`: a site without its
/// folder of posts does not count.
fn find_generator(folder: &Path, complete: bool) -> Option<Detected> {
    folder.ancestors().take(UPWARDS).find_map(|root| detect_at(root, folder, complete))
}

/// The generator whose site has this root and holds a folder.
fn detect_at(root: &Path, folder: &Path, complete: bool) -> Option<Detected> {
    GENERATORS.iter().find_map(|(dialect, detect)| {
        let why = detect(root, folder)?;
        let holds = match dialect {
            Dialect::Zola => folder == root || folder.starts_with(root.join("content")),
            Dialect::Hugo => !complete || folder != root || has_content(root),
            _ => true,
        };
        holds.then(|| Detected::new(*dialect, root, why))
    })
}

/// The root of a dialect's site that a folder is or lies in, and the evidence for it.
fn find_root(dialect: Dialect, folder: &Path) -> Option<Detected> {
    let is_asked = |found: &Detected| found.dialect == dialect;
    match dialect {
        Dialect::Plain => None,
        // Ids depend on the path below the configured folder.
        Dialect::Obsidian => folder
            .ancestors()
            .take(UPWARDS)
            .find_map(detect_obsidian)
            .map(|why| Detected::new(dialect, folder, why)),
        _ => folder
            .ancestors()
            .take(UPWARDS)
            .find_map(|root| {
                let others = GENERATORS.iter().filter(|(other, _)| *other == dialect);
                let why = others.into_iter().find_map(|(_, detect)| detect(root, folder))?;
                Some(Detected::new(dialect, root, why))
            })
            .or_else(|| find_posts_folder(folder).filter(is_asked)),
    }
}

/// The first site one level below a folder that is not a site itself.
fn find_below(folder: &Path) -> Option<Detected> {
    let mut sites = list_below(folder).into_iter();
    let found = sites.next()?;
    let name = |site: &Detected| site.root.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let others: Vec<String> = sites.map(|other| name(&other)).collect();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!(" (not taken: {})", others.join(", ")),
    };
    let why = format!("in its folder {}, {}{others}", name(&found), found.why);
    Some(Detected { why, ..found })
}

/// The sites of generators and the vaults one level below a folder; none if the folder holds texts itself.
fn list_below(folder: &Path) -> Vec<Detected> {
    if holds_texts(folder) || folder.join("_posts").is_dir() {
        return Vec::new();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(BELOW);
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let is_shown = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| !name.to_string_lossy().starts_with('.') && name != "node_modules")
    };
    let mut folders: Vec<PathBuf> =
        entries.filter(is_folder).map(|entry| entry.path()).filter(is_shown).collect();
    folders.sort();
    let vault = |root: &Path| detect_obsidian(root).map(|why| Detected::new(Dialect::Obsidian, root, why));
    folders.iter().filter_map(|root| detect_at(root, root, true).or_else(|| vault(root))).collect()
}

/// The sites of generators and the vaults below a folder that is not a site itself: their folders and dialects.
pub fn list_sites(folder: &Path) -> Vec<(PathBuf, Dialect)> {
    if find_site_root(folder).is_some() {
        return Vec::new();
    }
    let mut sites = Vec::new();
    let mut walk = WalkBuilder::new(folder);
    let walk = walk.standard_filters(false).hidden(true);
    let walk = walk.filter_entry(|entry| {
        entry.file_name() != "node_modules" && entry.file_type().is_some_and(|kind| kind.is_dir())
    });
    let mut found: Option<PathBuf> = None;
    for entry in walk.build().flatten().take(FOLDERS).filter(|entry| entry.depth() > 0) {
        let root = entry.path();
        // A folder in a site belongs to that site.
        if found.as_ref().is_some_and(|found| root.starts_with(found)) {
            continue;
        }
        let dialect = detect_at(root, root, true).map(|site| site.dialect);
        if let Some(dialect) = dialect.or_else(|| detect_obsidian(root).map(|_| Dialect::Obsidian)) {
            found = Some(root.to_owned());
            sites.push((root.to_owned(), dialect));
        }
    }
    sites.sort();
    sites
}

/// The root of the generator's site or the vault that a folder is or lies in.
pub fn find_site_root(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let vault = || absolute.ancestors().take(UPWARDS).find(|folder| detect_obsidian(folder).is_some());
    let generator = find_generator(&absolute, true).map(|site| site.root);
    let root = generator.or_else(|| vault().map(Path::to_owned));
    root.or_else(|| find_posts_folder(&absolute).map(|site| site.root))
}

/// Returns true if a folder is a site or lies in one, or has Markdown or HTML in it or below it.
pub fn is_site(folder: &Path) -> bool {
    find_site_root(folder).is_some() || holds_texts_below(folder)
}

/// The generator's site or the vault that a folder is or lies in.
fn find_site(folder: &Path) -> Option<Detected> {
    find_generator(folder, true).or_else(|| find_root(Dialect::Obsidian, folder))
}

/// Returns true if there is Markdown or HTML in a folder or below it.
fn holds_texts_below(folder: &Path) -> bool {
    let mut walk = WalkBuilder::new(folder);
    let walk =
        walk.standard_filters(false).hidden(true).filter_entry(|entry| entry.file_name() != "node_modules");
    let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    walk.build().flatten().any(|entry| is_file(&entry) && is_text(&entry.file_name().to_string_lossy()))
}

/// The number of entries of a folder that are searched for sites.
const BELOW: usize = 1_000;

/// The maximum number of folders that are searched for sites below a folder.
const FOLDERS: usize = 20_000;

/// Returns true if a folder has Markdown or HTML other than the usual files of a project (`README.md`).
pub fn holds_texts(folder: &Path) -> bool {
    const OF_PROJECTS: [&str; 14] = [
        "authors",
        "changelog",
        "changes",
        "code-of-conduct",
        "code_of_conduct",
        "conduct",
        "contributing",
        "governance",
        "history",
        "license",
        "maintainers",
        "readme",
        "security",
        "support",
    ];
    let is_own = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default();
        !OF_PROJECTS.contains(&stem.to_lowercase().as_str())
    };
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| is_text(&name.to_string_lossy()) && is_own(&name.to_string_lossy()))
}

/// Returns true if a file name is the name of a Markdown or HTML file.
fn is_text(name: &str) -> bool {
    has_extension(name, &["md", "markdown", "mkd", "mdown", "html", "htm"])
}

/// The first of these files that a folder has. One that cannot be read, such as a pipe, counts too: it is reported as a
/// problem, and the site keeps its dialect.
fn find_file<'n>(root: &Path, names: &[&'n str]) -> Option<&'n str> {
    let exists = |name: &str| fs::metadata(root.join(name)).is_ok_and(|metadata| !metadata.is_dir());
    names.iter().find(|name| exists(name)).copied()
}

/// Folders in the root of a site that only Hugo has.
const OF_HUGO: [&str; 4] = ["archetypes", "layouts", "themes", "i18n"];

fn has_hugo_folder(root: &Path) -> bool {
    OF_HUGO.iter().any(|name| root.join(name).is_dir())
}

fn detect_hexo(root: &Path, _: &Path) -> Option<String> {
    let config = find_file(root, &["_config.yml", "_config.yaml", "_config.json"])?;
    let names_hexo =
        || file::read_text(&root.join("package.json")).is_ok_and(|text| text.contains("\"hexo\""));
    // Octopress is Jekyll with a folder `source`, which its configuration names.
    let names_source = || {
        file::read_text(&root.join(config))
            .is_ok_and(|text| text.lines().any(|line| line.starts_with("source:")))
    };
    let seen = names_hexo() || (root.join("source/_posts").is_dir() && !names_source());
    seen.then(|| format!("there are {config} and source/_posts"))
}

/// A configuration file with a name that only Hugo uses.
fn detect_hugo(root: &Path, _: &Path) -> Option<String> {
    let name = find_file(root, &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"])?;
    Some(format!("there is {name}"))
}

/// A configuration folder, or a configuration file with the older name and folders or a key that only Hugo has.
fn detect_older_hugo(root: &Path, _: &Path) -> Option<String> {
    if root.join("config/_default").is_dir() {
        return Some("there is config/_default".to_owned());
    }
    let older = find_file(root, &["config.toml", "config.yaml", "config.yml", "config.json"])?;
    let names_base =
        || file::read_text(&root.join(older)).is_ok_and(|text| text.to_ascii_lowercase().contains("baseurl"));
    (root.join("content").is_dir() && (has_hugo_folder(root) || names_base()))
        .then(|| format!("there are {older} and content"))
}

/// Returns true if a Hugo site has a content folder or configures another one: a theme does neither.
fn has_content(root: &Path) -> bool {
    let names = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
    let says_other = |text: String| {
        let text = text.to_ascii_lowercase();
        text.contains("contentdir") || text.contains("mounts")
    };
    root.join("content").is_dir()
        || root.join("config/_default").is_dir()
        || find_file(root, &names).is_some_and(|name| file::read_text(&root.join(name)).is_ok_and(says_other))
}

fn detect_eleventy(root: &Path, _: &Path) -> Option<String> {
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

/// A configuration file, and a folder of posts or drafts up to two levels below the root or on the path of `folder`.
fn detect_jekyll(root: &Path, folder: &Path) -> Option<String> {
    if find_file(root, &["_config.yml"]).is_none() || detect_hexo(root, folder).is_some() {
        return None;
    }
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let has = |name: &str| below.iter().any(|part| part == name) || holds_folder(root, &[name], 2);
    // Drafts alone are not posts, but they must not be served as pages of a plain folder either.
    let name = ["_posts", "_drafts"].into_iter().find(|name| has(name))?;
    Some(format!("there are _config.yml and {name}"))
}

/// A folder `_posts` without any configuration, the weakest evidence.
fn find_posts_folder(folder: &Path) -> Option<Detected> {
    let found = |root: &Path, why: &str| Detected::new(Dialect::Jekyll, root, why);
    if folder.join("_posts").is_dir() {
        return Some(found(folder, "there is a folder _posts"));
    }
    let posts = folder.ancestors().filter(|f| f.file_name().is_some_and(|name| name == "_posts")).last()?;
    Some(found(posts.parent()?, "it is a folder _posts"))
}

fn detect_obsidian(root: &Path) -> Option<String> {
    root.join(".obsidian").is_dir().then(|| "there is .obsidian".to_owned())
}

/// Returns true if there is a folder with one of these names here or up to `depth` levels below: folders of Jekyll's
/// categories may contain all posts.
pub(super) fn holds_folder(folder: &Path, names: &[impl AsRef<Path>], depth: usize) -> bool {
    if names.iter().any(|name| folder.join(name).is_dir()) {
        return true;
    }
    let below = || fs::read_dir(folder).into_iter().flatten().flatten();
    let may_hold = |name: &str| !name.starts_with(['.', '_']) && name != "node_modules";
    depth > 0
        && below().any(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            is_folder
                && entry.file_name().to_str().is_some_and(may_hold)
                && holds_folder(&entry.path(), names, depth - 1)
        })
}

/// A configuration file with a key or name that only Zola uses, and a content folder.
fn detect_zola(root: &Path, _: &Path) -> Option<String> {
    // At the top of the file: tables of Hugo's sites may have such a key too.
    let names_base = |text: String| {
        let text = text.trim_start_matches('\u{feff}');
        let mut top = text.lines().map(str::trim_start).take_while(|line| !line.starts_with('['));
        top.any(|line| line.strip_prefix("base_url").is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    let config = || {
        let is_unreadable = |error: file::Error| !error.is_missing() && !has_hugo_folder(root);
        find_file(root, &["zola.toml"]).is_some()
            || file::read_text(&root.join("config.toml")).map_or_else(is_unreadable, names_base)
    };
    let seen = root.join("content").is_dir() && config();
    seen.then(|| "there are its configuration and content".to_owned())
}
