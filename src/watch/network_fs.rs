//! File systems that send no events for changes made elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

/// Types, as Linux names them, of file systems whose files change on other machines or outside of the kernel.
const WITHOUT_EVENTS: [&str; 14] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "vboxsf",
    "vmhgfs",
];

/// The type of a folder's file system, if that file system sends no events.
pub(super) fn find_type_without_events(folder: &Path) -> Option<String> {
    let real = fs::canonicalize(folder).ok()?;
    // On systems other than Linux the type is unknown, and events are trusted.
    let kind = find_kind(&fs::read_to_string("/proc/self/mountinfo").ok()?, &real)?;
    (WITHOUT_EVENTS.contains(&kind.as_str()) || kind.starts_with("fuse.")).then_some(kind)
}

/// The type of the file system mounted nearest above a path: `proc_pid_mountinfo(5)`.
fn find_kind(mounts: &str, path: &Path) -> Option<String> {
    let mut nearest = (0, None);
    for line in mounts.lines() {
        let Some((own, more)) = line.split_once(" - ") else { continue };
        let Some(at) = own.split(' ').nth(4).map(|at| PathBuf::from(unescape(at))) else { continue };
        let depth = at.components().count();
        // Of several mounts at one path, the last one is visible.
        if path.starts_with(&at) && depth >= nearest.0 {
            nearest = (depth, more.split(' ').next().map(str::to_owned));
        }
    }
    nearest.1
}

/// White space in a mount's path is written as `\040`.
fn unescape(path: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(path.to_owned(), |path, (escaped, plain)| path.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_decides() {
        let mounts = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/my\\040posts rw shared:5 master:2 - nfs4 server:/posts rw,vers=4.2
31 30 8:2 / /mnt/my\\040posts/local rw - ext4 /dev/sdb1 rw
32 22 0:41 / /srv rw - fuse.sshfs me@host: rw
33 22 0:42 / /srv rw - tmpfs tmpfs rw
";
        let kind = |path: &str| find_kind(mounts, Path::new(path)).expect("there is one");
        assert_eq!(kind("/mnt/my posts/2024"), "nfs4");
        assert_eq!(kind("/mnt/my posts/local"), "ext4");
        assert_eq!(kind("/mnt/my posts too"), "ext4");
        assert_eq!(kind("/srv/posts"), "tmpfs");
    }
}
