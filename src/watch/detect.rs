//! Whose site a folder belongs to, by what it, the folders above it and those one level below show.

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
    /// Where the folder is, if its own name shows nothing but that of its target does: it is a link.
    pub(super) target: Option<PathBuf>,
}

/// How far up a site's root is looked for.
const UPWARDS: usize = 8;

/// What a folder is: as written, else by what it, the folders above it and those below it show. A link is judged by
/// its own name first, then by that of its target.
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
            None => "nothing of a generator's was seen",
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

/// What the root of a generator's site is seen by, if it is one; a folder in it may show more.
type Detect = fn(&Path, &Path) -> Option<String>;

/// Where one folder shows several, the first counts: a name that only one generator's configuration has is the
/// strongest sign.
const GENERATORS: [(Dialect, Detect); 6] = [
    (Dialect::Eleventy, detect_eleventy),
    (Dialect::Hugo, detect_hugo),
    (Dialect::Zola, detect_zola),
    (Dialect::Hugo, detect_older_hugo),
    (Dialect::Hexo, detect_hexo),
    (Dialect::Jekyll, detect_jekyll),
];

/// The site of a generator that a folder is or lies in, by its configuration: the nearest one upwards.
/// `complete`: one without the folder of its posts does not count.
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

/// The root of a dialect's site that a folder is or lies in, and what it was seen by.
fn find_root(dialect: Dialect, folder: &Path) -> Option<Detected> {
    let is_asked = |found: &Detected| found.dialect == dialect;
    match dialect {
        Dialect::Plain => None,
        // Identity is by the path below the configured folder.
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
    if is_in_site(folder) {
        return Vec::new();
    }
    let mut sites = Vec::new();
    let mut walk = WalkBuilder::new(folder);
    let walk = walk.standard_filters(false).hidden(true).max_depth(Some(LEVELS));
    let walk = walk.filter_entry(|entry| {
        entry.file_name() != "node_modules" && entry.file_type().is_some_and(|kind| kind.is_dir())
    });
    let mut found: Option<PathBuf> = None;
    for entry in walk.build().flatten().take(BELOW).filter(|entry| entry.depth() > 0) {
        let root = entry.path();
        // What is in a site belongs to it.
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

/// Whether a folder is the site of a generator, a vault, or a folder in one.
pub fn is_in_site(folder: &Path) -> bool {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    find_site(&absolute).is_some() || find_posts_folder(&absolute).is_some()
}

/// Whether a folder is a site or lies in one, or has Markdown or HTML in it or below it.
pub fn is_site(folder: &Path) -> bool {
    is_in_site(folder) || holds_texts_below(folder)
}

/// The generator's site or the vault that a folder is or lies in.
fn find_site(folder: &Path) -> Option<Detected> {
    find_generator(folder, true).or_else(|| find_root(Dialect::Obsidian, folder))
}

/// Whether there is Markdown or HTML in a folder or below it.
fn holds_texts_below(folder: &Path) -> bool {
    let mut walk = WalkBuilder::new(folder);
    let walk =
        walk.standard_filters(false).hidden(true).filter_entry(|entry| entry.file_name() != "node_modules");
    let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    walk.build().flatten().any(|entry| is_file(&entry) && is_text(&entry.file_name().to_string_lossy()))
}

/// How many entries of a folder are looked at for a site among them.
const BELOW: usize = 1_000;

/// How many levels below a folder sites are looked for.
const LEVELS: usize = 3;

/// Whether a folder holds Markdown of its own, not only what every project has.
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

/// Whether a file, by its name, is Markdown or HTML.
fn is_text(name: &str) -> bool {
    has_extension(name, &["md", "markdown", "mkd", "mdown", "html", "htm"])
}

/// The first of these files that a folder has.
fn find_file<'n>(root: &Path, names: &[&'n str]) -> Option<&'n str> {
    names.iter().find(|name| root.join(name).is_file()).copied()
}

fn detect_hexo(root: &Path, _: &Path) -> Option<String> {
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

/// A configuration by its own name.
fn detect_hugo(root: &Path, _: &Path) -> Option<String> {
    let name = find_file(root, &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"])?;
    Some(format!("there is {name}"))
}

/// A folder of its configuration, or one by its older name with what Hugo alone has.
fn detect_older_hugo(root: &Path, _: &Path) -> Option<String> {
    if root.join("config/_default").is_dir() {
        return Some("there is config/_default".to_owned());
    }
    let older = find_file(root, &["config.toml", "config.yaml", "config.yml", "config.json"])?;
    let own = ["archetypes", "layouts", "themes", "i18n"].iter().any(|name| root.join(name).is_dir());
    let names_base =
        || file::read_text(&root.join(older)).is_ok_and(|text| text.to_ascii_lowercase().contains("baseurl"));
    (root.join("content").is_dir() && (own || names_base())).then(|| format!("there are {older} and content"))
}

/// Whether a site of Hugo has a folder of pages, or says that it has another: a theme has neither.
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

/// A configuration, and posts or drafts in it or up to two folders below, or where the folder is.
fn detect_jekyll(root: &Path, folder: &Path) -> Option<String> {
    if !root.join("_config.yml").is_file() || detect_hexo(root, folder).is_some() {
        return None;
    }
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let has = |name: &str| below.iter().any(|part| part == name) || holds_folder(root, &[name], 2);
    // Drafts alone hold no post, but they must not be served as pages of a plain folder either.
    let name = ["_posts", "_drafts"].into_iter().find(|name| has(name))?;
    Some(format!("there are _config.yml and {name}"))
}

/// A folder `_posts` without any configuration, the weakest sign.
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

/// Whether there is a folder of one of these names here or up to `depth` folders below: categories of Jekyll may hold
/// all posts.
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

/// A configuration with Zola's own key or name, and content.
fn detect_zola(root: &Path, _: &Path) -> Option<String> {
    // At the top of the file: tables of Hugo's sites may have such a key too.
    let names_base = |text: String| {
        let text = text.trim_start_matches('\u{feff}');
        let mut top = text.lines().map(str::trim_start).take_while(|line| !line.starts_with('['));
        top.any(|line| line.strip_prefix("base_url").is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    let config = || {
        root.join("zola.toml").is_file() || file::read_text(&root.join("config.toml")).is_ok_and(names_base)
    };
    let seen = root.join("content").is_dir() && config();
    seen.then(|| "there are its configuration and content".to_owned())
}
