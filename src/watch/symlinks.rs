//! Traces a path through symbolic links: every name on it that may be changed to lead elsewhere.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The maximum number of links in one path, as in Linux.
const MAX_LINKS: usize = 40;

/// A name in a folder. The path of the folder contains no link.
pub(super) type Step = (PathBuf, OsString);

/// The links through which an absolute path leads, and its end. If the path leads nowhere, the last step is the first
/// missing name.
pub(super) fn trace(path: &Path) -> Vec<Step> {
    let mut steps = Vec::new();
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
                steps.push((folder, name));
                return steps;
            }
            folder = next;
            continue;
        }
        steps.push((folder.clone(), name));
        links += 1;
        let Ok(target) = fs::read_link(&next) else { return steps };
        if links > MAX_LINKS {
            return steps;
        }
        if target.is_absolute() {
            folder = PathBuf::from("/");
        }
        for name in list_names(&target).collect::<Vec<_>>().into_iter().rev() {
            ahead.push_front(name);
        }
    }
    steps
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
    fn every_link_of_a_path_and_its_end_are_listed() {
        let folder = tempfile::tempdir().expect("there is space");
        let root = fs::canonicalize(folder.path()).expect("it is there");
        fs::create_dir_all(root.join("v1/posts")).expect("it can be made");
        symlink("v1", root.join("current")).expect("it can be made");
        symlink("current/posts", root.join("posts")).expect("it can be made");
        let step =
            |folder: &str, name: &str| (root.join(folder).components().collect(), OsString::from(name));
        let all = [step("", "posts"), step("", "current"), step("v1", "posts")];
        assert_eq!(trace(&root.join("posts")), all);
        let [posts, current, _] = all;
        let end = step("v1/posts", "x.md");
        assert_eq!(trace(&root.join("posts/../posts/x.md")), [posts, current, end]);
        fs::remove_dir_all(root.join("v1")).expect("it is there");
        assert_eq!(trace(&root.join("posts")), [step("", "posts"), step("", "current"), step("", "v1")]);
        symlink("b", root.join("a")).expect("it can be made");
        symlink("a", root.join("b")).expect("it can be made");
        assert_eq!(trace(&root.join("a/x")).len(), MAX_LINKS + 1, "a circle ends");
    }
}
