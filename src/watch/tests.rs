//! Compares the result of reconciling a folder with a map that is made by reading every file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use super::reconcile::SourceFiles;
use super::watcher::FolderWatcher;
use crate::catalog::Change;
use crate::config::{Config, DialectName, Source};
use crate::post::SourceId;
use crate::site::discover;
use crate::state::Store;

/// Something that happens to a folder.
#[derive(Debug, Clone)]
enum Act {
    Write(usize, usize),
    Touch(usize),
    Break(usize),
    Empty(usize),
    Remove(usize),
    Rename(usize, usize),
    MakeFolder(usize),
    RemoveFolder(usize),
    RenameFolder(usize, usize),
    /// A folder in the place of a file.
    Replace(usize),
    LinkFile(usize, usize),
    LinkFolder(usize, usize),
    /// The whole folder is reconciled, or only what was touched.
    Look(bool),
}

const FILES: [&str; 8] = ["a.md", "b.md", "x/a.md", "x/b.md", "x/y/a.md", "z/c.md", "x-z/a.md", "z/note.txt"];
const FOLDERS: [&str; 5] = ["x", "x/y", "z", "x-z", "new"];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let (file, folder) = (0..FILES.len(), 0..FOLDERS.len());
    let act = prop_oneof![
        6 => (file.clone(), 0..4_usize).prop_map(|(file, title)| Act::Write(file, title)),
        1 => file.clone().prop_map(Act::Touch),
        2 => file.clone().prop_map(Act::Break),
        1 => file.clone().prop_map(Act::Empty),
        2 => file.clone().prop_map(Act::Remove),
        2 => (file.clone(), file.clone()).prop_map(|(from, to)| Act::Rename(from, to)),
        1 => folder.clone().prop_map(Act::MakeFolder),
        1 => folder.clone().prop_map(Act::RemoveFolder),
        2 => (folder.clone(), folder.clone()).prop_map(|(from, to)| Act::RenameFolder(from, to)),
        1 => file.clone().prop_map(Act::Replace),
        1 => (file.clone(), file).prop_map(|(from, to)| Act::LinkFile(from, to)),
        1 => (folder.clone(), folder).prop_map(|(from, to)| Act::LinkFolder(from, to)),
        8 => any::<bool>().prop_map(Act::Look),
    ];
    prop::collection::vec(act, 1..60)
}

/// A folder, with its posts as known in two ways.
struct World {
    folder: TempDir,
    files: SourceFiles,
    /// Titles of posts by path, as changes reported them.
    reported: BTreeMap<String, String>,
    /// Titles of posts by path, as in every file: a file that cannot be read keeps its last title.
    seen: BTreeMap<String, String>,
    touched: BTreeSet<String>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is space");
        let root = folder.path().join("posts");
        fs::create_dir(&root).expect("it can be made");
        let source = Source { path: root, dialect: DialectName::find("plain"), ..Source::default() };
        let config = Config { sources: vec![source], ..Config::default() };
        let site = discover(&config).expect("nothing is wrong").site;
        let files = SourceFiles::new(
            Arc::clone(&site.sources[0]),
            SourceId::new(0),
            Store::default(),
            Arc::default(),
        );
        let (reported, seen) = (BTreeMap::new(), BTreeMap::new());
        Self { folder, files, reported, seen, touched: BTreeSet::new() }
    }

    /// Performs one act. Errors of the system are ignored.
    fn act(&mut self, act: &Act) {
        let root = self.folder.path().join("posts");
        let (file, folder) =
            (|place: usize| root.join(FILES[place]), |place: usize| root.join(FOLDERS[place]));
        let real_root = fs::canonicalize(&root).expect("it is there");
        let mut behind: Vec<String> = Vec::new();
        let mut write = |place: usize, text: &str| {
            let _ = fs::create_dir_all(file(place).parent().expect("it has one"));
            let _ = fs::write(file(place), text);
            // Behind a link another file is written.
            let real = fs::canonicalize(file(place)).ok();
            let below = real.as_ref().and_then(|real| real.strip_prefix(&real_root).ok()?.to_str());
            behind.extend(below.map(str::to_owned));
        };
        let mut touched: Vec<&str> = Vec::new();
        match *act {
            Act::Write(place, title) => {
                write(place, &format!("---\ntitle: T{title}\ndate: 2024-01-01\n---\n"));
                touched.push(FILES[place]);
            }
            Act::Touch(place) => {
                if let Ok(text) = fs::read_to_string(file(place)) {
                    write(place, &text);
                }
                touched.push(FILES[place]);
            }
            Act::Break(place) => {
                write(place, "---\ntitle: [\n---\n");
                touched.push(FILES[place]);
            }
            Act::Empty(place) => {
                write(place, "");
                touched.push(FILES[place]);
            }
            Act::Remove(place) => {
                let _ = fs::remove_file(file(place));
                touched.push(FILES[place]);
            }
            Act::Rename(from, to) => {
                let _ = fs::rename(file(from), file(to));
                touched.extend([FILES[from], FILES[to]]);
            }
            Act::MakeFolder(place) => {
                let _ = fs::create_dir_all(folder(place));
                touched.push(FOLDERS[place]);
            }
            Act::RemoveFolder(place) => {
                let is_link = fs::symlink_metadata(folder(place)).is_ok_and(|m| m.is_symlink());
                let _ =
                    if is_link { fs::remove_file(folder(place)) } else { fs::remove_dir_all(folder(place)) };
                touched.push(FOLDERS[place]);
            }
            Act::RenameFolder(from, to) => {
                let _ = fs::rename(folder(from), folder(to));
                touched.extend([FOLDERS[from], FOLDERS[to]]);
            }
            Act::Replace(place) => {
                let _ = fs::remove_file(file(place));
                let _ = fs::create_dir_all(file(place));
                touched.push(FILES[place]);
            }
            Act::LinkFile(from, to) => {
                let _ = std::os::unix::fs::symlink(file(to), file(from));
                touched.push(FILES[from]);
            }
            Act::LinkFolder(from, to) => {
                let _ = std::os::unix::fs::symlink(folder(to), folder(from));
                touched.push(FOLDERS[from]);
            }
            Act::Look(_) => unreachable!("it is not a change"),
        }
        self.touched.extend(touched.into_iter().map(str::to_owned).chain(behind));
    }

    fn look(&mut self, whole: bool) {
        let root = self.folder.path().join("posts");
        let touched = std::mem::take(&mut self.touched);
        // The target of a link changes with it: the server would scan the link too.
        let has_links = has_links(&root);
        let changes = if whole || has_links {
            self.files.reconcile_all(&mut FolderWatcher::default())
        } else {
            self.files.reconcile(&touched, &mut FolderWatcher::default())
        };
        for change in changes {
            match change {
                Change::Put(post, _) => {
                    self.reported.insert(post.path.to_string(), post.title.to_string());
                }
                Change::Remove { path, .. } => {
                    self.reported.remove(&*path);
                }
                Change::Keep(_) | Change::Media { .. } => {}
                Change::Break { path, .. } => {
                    assert!(
                        self.reported.contains_key(&*path) || !self.seen.contains_key(&*path),
                        "{path} breaks and is not there"
                    );
                }
            }
        }
        let mut found = BTreeMap::new();
        list(&root, "", &mut vec![fs::canonicalize(&root).expect("it is there")], &mut found);
        let stays = |(path, found): (&String, &Found)| found.is_file || self.seen.contains_key(path);
        if !found.iter().any(stays) && !self.seen.is_empty() {
            // A folder that shows no post counts as unavailable.
            return;
        }
        let last = std::mem::take(&mut self.seen);
        let keep = |(path, found): (String, Found)| {
            let title = found.title.or_else(|| last.get(&path).cloned())?;
            Some((path, title))
        };
        self.seen = found.into_iter().filter_map(keep).collect();
    }
}

fn has_links(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let kind = entry.file_type().expect("it has one");
        kind.is_symlink() || (kind.is_dir() && has_links(&entry.path()))
    })
}

/// The file or folder at a path that is a post by its name.
#[derive(Debug, Default)]
struct Found {
    is_file: bool,
    title: Option<String>,
}

/// Every post below a folder with its title, if it can be read.
fn list(
    folder: &Path,
    above: &str,
    entered: &mut Vec<std::path::PathBuf>,
    found: &mut BTreeMap<String, Found>,
) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().expect("it is text");
        let path = if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        let is_post = Path::new(&name).extension().is_some_and(|extension| extension == "md");
        let Ok(real) = fs::canonicalize(entry.path()) else {
            if is_post {
                found.insert(path, Found::default());
            }
            continue;
        };
        if real.is_dir() {
            if is_post {
                found.insert(path.clone(), Found::default());
            }
            if !entered.contains(&real) {
                entered.push(real);
                list(&entry.path(), &path, entered, found);
                entered.pop();
            }
        } else if is_post {
            let text = fs::read_to_string(entry.path()).expect("it can be read");
            let title = text.lines().find_map(|line| line.strip_prefix("title: T"));
            found.insert(path, Found { is_file: true, title: title.map(|number| format!("T{number}")) });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn reported_changes_match_the_disk(acts in acts()) {
        let mut world = World::new();
        for act in acts.iter().chain(&[Act::Look(true)]) {
            match act {
                Act::Look(whole) => {
                    world.look(*whole);
                    prop_assert_eq!(&world.reported, &world.seen);
                }
                act => world.act(act),
            }
        }
    }
}
