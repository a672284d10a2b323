//! Detects the generator of a site from the files in a folder, in the folders above it and one level below it.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use crate::config::DialectName;
use crate::post::dialect::plain::Plain;
use crate::post::dialect::{DIALECTS, Dialect, find_dialect};
use crate::post::source::has_extension;

/// A folder's dialect and place in its site.
pub(super) struct Detected {
    pub(super) dialect: Arc<dyn Dialect>,
    pub(super) root: PathBuf,
    pub(super) why: String,
    /// The target of the folder, if the folder is a link and only the path of its target shows the dialect.
    pub(super) target: Option<PathBuf>,
}

/// The number of folders, from the configured one upwards, that are searched for a site's root.
const UPWARDS: usize = 8;

/// Detects the dialect of a folder: as configured, else by the files in it, above it and below it. A link is judged
/// by its own path first, then by the path of its target.
pub(super) fn detect(folder: &Path, written: Option<DialectName>) -> Detected {
    let written = written.map(find_dialect);
    let find = |folder: &Path| match &written {
        Some(dialect) => find_root(dialect, folder)
            .map(|found| Detected { why: "the configuration says so".to_owned(), ..found }),
        None => find_any(folder),
    };
    let find_target = || {
        let target = fs::canonicalize(folder).ok().filter(|target| target != folder)?;
        Some(Detected { target: Some(target.clone()), ..find(&target)? })
    };
    find(folder).or_else(find_target).unwrap_or_else(|| {
        let why = match &written {
            Some(_) => "the configuration says so",
            None => "no generator was detected",
        };
        let dialect = written.clone().unwrap_or_else(|| Arc::new(Plain));
        Detected::new(&dialect, folder, why)
    })
}

fn find_any(folder: &Path) -> Option<Detected> {
    find_site(folder)
        .or_else(|| find_below(folder))
        .or_else(|| find_generator(folder, false))
        .or_else(|| find_posts_folder(folder))
}

impl Detected {
    fn new(dialect: &Arc<dyn Dialect>, root: &Path, why: impl Into<String>) -> Self {
        Self { dialect: Arc::clone(dialect), root: root.to_owned(), why: why.into(), target: None }
    }
}

/// The nearest site of a generator that a folder is or lies in, by its configuration. `complete`: a site without its
/// folder of posts does not count.
fn find_generator(folder: &Path, complete: bool) -> Option<Detected> {
    folder.ancestors().take(UPWARDS).find_map(|root| detect_at(root, folder, complete))
}

/// The generator whose site has this root and holds a folder: the one with the strongest evidence.
fn detect_at(root: &Path, folder: &Path, complete: bool) -> Option<Detected> {
    let generators = DIALECTS.iter().filter(|dialect| !dialect.spec().keeps_folder);
    let found = generators.filter_map(|dialect| Some((dialect, dialect.detect(root, folder)?)));
    let found = found.filter(|(dialect, _)| dialect.holds(root, folder, complete));
    // Of equal evidence, the first counts.
    let (dialect, evidence) = found.min_by_key(|(_, evidence)| Reverse(evidence.strength))?;
    Some(Detected::new(dialect, root, evidence.why))
}

/// The vault with this root.
fn detect_vault(root: &Path) -> Option<Detected> {
    let vaults = DIALECTS.iter().filter(|dialect| dialect.spec().keeps_folder);
    vaults.into_iter().find_map(|dialect| Some(Detected::new(dialect, root, dialect.detect(root, root)?.why)))
}

/// The vault that a folder is or lies in. Ids depend on the path below the configured folder, which is its root.
fn find_vault(folder: &Path) -> Option<Detected> {
    let found = folder.ancestors().take(UPWARDS).find_map(detect_vault)?;
    Some(Detected { root: folder.to_owned(), ..found })
}

/// The root of a dialect's site that a folder is or lies in, and the evidence for it.
fn find_root(dialect: &Arc<dyn Dialect>, folder: &Path) -> Option<Detected> {
    let mut above = folder.ancestors().take(UPWARDS);
    if dialect.spec().keeps_folder {
        let why = above.find_map(|root| dialect.detect(root, folder))?.why;
        return Some(Detected::new(dialect, folder, why));
    }
    let found = above.find_map(|root| Some(Detected::new(dialect, root, dialect.detect(root, folder)?.why)));
    found.or_else(|| {
        let (root, why) = dialect.detect_posts(folder)?;
        Some(Detected::new(dialect, &root, why))
    })
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
    folders.iter().filter_map(|root| detect_at(root, root, true).or_else(|| detect_vault(root))).collect()
}

/// The sites of generators and the vaults below a folder that is not a site itself: their folders and dialects.
pub fn list_sites(folder: &Path) -> Vec<(PathBuf, Arc<dyn Dialect>)> {
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
        if let Some(site) = detect_at(root, root, true).or_else(|| detect_vault(root)) {
            found = Some(root.to_owned());
            sites.push((site.root, site.dialect));
        }
    }
    sites.sort_by(|(one, _), (other, _)| one.cmp(other));
    sites
}

/// The root of the generator's site or the vault that a folder is or lies in.
pub fn find_site_root(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let vault = || absolute.ancestors().take(UPWARDS).find_map(detect_vault);
    let root = find_generator(&absolute, true).or_else(vault).map(|site| site.root);
    root.or_else(|| find_posts_folder(&absolute).map(|site| site.root))
}

/// Returns true if a folder is a site or lies in one, or has Markdown or HTML in it or below it.
pub fn is_site(folder: &Path) -> bool {
    find_site_root(folder).is_some() || holds_texts_below(folder)
}

/// The generator's site or the vault that a folder is or lies in.
fn find_site(folder: &Path) -> Option<Detected> {
    find_generator(folder, true).or_else(|| find_vault(folder))
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

/// Returns true if a folder has Markdown or HTML other than the usual files of a project: `README.md`, and all names in
/// capital letters.
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
        let is_capital = |b: u8| b.is_ascii_uppercase() || matches!(b, b'_' | b'-');
        let is_of_project = stem.len() > 1 && stem.bytes().all(is_capital);
        !is_of_project && !OF_PROJECTS.contains(&stem.to_lowercase().as_str())
    };
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| is_text(&name.to_string_lossy()) && is_own(&name.to_string_lossy()))
}

/// Returns true if a file name is the name of a Markdown or HTML file.
fn is_text(name: &str) -> bool {
    has_extension(name, &["md", "markdown", "mkd", "mdown", "html", "htm"])
}

/// The root of a site without any configuration that a folder is or lies in, the weakest evidence.
fn find_posts_folder(folder: &Path) -> Option<Detected> {
    DIALECTS.iter().find_map(|dialect| {
        let (root, why) = dialect.detect_posts(folder)?;
        Some(Detected::new(dialect, &root, why))
    })
}
