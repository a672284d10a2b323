//! Where a path leads: every place on its way at which it may be made to lead elsewhere.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Links that are followed in one path, as Linux does.
const DEEPEST: usize = 40;

/// A name in a folder; the folder's path leads through no link.
pub(super) type Step = (PathBuf, OsString);

/// Each link that an absolute path leads through, and its end. Of a path that leads nowhere the last spot is
/// the first name that is missing.
pub(super) fn trace(path: &Path) -> Vec<Step> {
    let mut spots = Vec::new();
    let mut links = 0;
    let mut folder = PathBuf::from("/");
    let mut ahead: VecDeque<OsString> = list_names(path).collect();
    while let Some(name) = ahead.pop_front() {
        if name == ".." {
            folder.pop();
            continue;
        }
        let next = folder.join(&name);
        let kind = fs::symlink_metadata(&next).map(|metadata| metadata.file_type());
        if !kind.as_ref().is_ok_and(fs::FileType::is_symlink) {
            let is_missing = kind.is_err();
            if ahead.is_empty() || is_missing {
                spots.push((folder, name));
                return spots;
            }
            folder = next;
            continue;
        }
        spots.push((folder.clone(), name));
        links += 1;
        let Ok(target) = fs::read_link(&next) else { return spots };
        if links > DEEPEST {
            return spots;
        }
        if target.is_absolute() {
            folder = PathBuf::from("/");
        }
        for name in list_names(&target).collect::<Vec<_>>().into_iter().rev() {
            ahead.push_front(name);
        }
    }
    spots
}

fn list_names(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsStr::new("..").to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_link_on_the_way_and_the_end_are_told() {
        let folder = tempfile::tempdir().expect("there is room");
        let root = fs::canonicalize(folder.path()).expect("it is there");
        fs::create_dir_all(root.join("v1/posts")).expect("it can be made");
        symlink("v1", root.join("current")).expect("it can be made");
        symlink("current/posts", root.join("posts")).expect("it can be made");
        let spot =
            |folder: &str, name: &str| (root.join(folder).components().collect(), OsString::from(name));
        let all = [spot("", "posts"), spot("", "current"), spot("v1", "posts")];
        assert_eq!(trace(&root.join("posts")), all);
        let [posts, current, _] = all;
        let end = spot("v1/posts", "x.md");
        assert_eq!(trace(&root.join("posts/../posts/x.md")), [posts, current, end]);
        fs::remove_dir_all(root.join("v1")).expect("it is there");
        assert_eq!(trace(&root.join("posts")), [spot("", "posts"), spot("", "current"), spot("", "v1")]);
        symlink("b", root.join("a")).expect("it can be made");
        symlink("a", root.join("b")).expect("it can be made");
        assert_eq!(trace(&root.join("a/x")).len(), DEEPEST + 1, "a circle ends");
    }
}
