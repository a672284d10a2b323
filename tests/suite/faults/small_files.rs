//! Files that a site is described by, replaced by what is not a file or is too large: each is a problem, and
//! posts are followed.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::common::TestSite;

/// What a small file is replaced by.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Pipe,
    Device,
    Sparse,
}

const KINDS: [Kind; 3] = [Kind::Pipe, Kind::Device, Kind::Sparse];

impl Kind {
    fn make(self, path: &Path) {
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the file can be created");
        // A new file in its place, as an editor leaves it.
        let _ = fs::remove_file(path);
        match self {
            Self::Pipe => assert!(
                Command::new("mkfifo").arg(path).status().expect("the program is installed").success()
            ),
            Self::Device => symlink("/dev/zero", path).expect("the file can be created"),
            Self::Sparse => {
                File::create(path)
                    .and_then(|file| file.set_len(1 << 32))
                    .expect("a sparse file takes no space");
            }
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Pipe | Self::Device => "not a regular file",
            Self::Sparse => "larger than 1 MiB",
        }
    }
}

fn site(dialect: &str) -> TestSite {
    let site = TestSite::new();
    site.write(
        "feedmill.toml",
        &format!(
            "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n\
             [[source]]\npath = \"site\"\ndialect = \"{dialect}\"\nsweep = 1\n"
        ),
    );
    site
}

/// A post in the folder where its dialect has posts.
fn write_post(site: &TestSite, path: &str, title: &str) {
    let text = format!("---\ntitle: {title}\ndate: 2024-01-02\ntags: posts\n---\nText.\n");
    site.write(path, &text);
}

/// Each kind of small file, with its dialect and the path of a post.
const FILES: [(&str, &str, &str); 9] = [
    ("jekyll", "_posts/2024-01-02-a.md", "_config.yml"),
    ("hexo", "source/_posts/a.md", "_config.yml"),
    ("hugo", "content/posts/a.md", "hugo.toml"),
    ("zola", "content/a.md", "config.toml"),
    ("zola", "content/a.md", "content/_index.md"),
    ("eleventy", "posts/a.md", "posts/posts.json"),
    ("eleventy", "posts/a.md", ".eleventyignore"),
    ("obsidian", "a.md", ".obsidian/app.json"),
    ("plain", "a.md", ".feedmillignore"),
];

#[test]
fn a_small_file_that_is_not_one_delays_and_kills_nothing() {
    for (number, (dialect, post, file)) in FILES.into_iter().enumerate() {
        // Every file is tried with one kind, and every kind with three files.
        let kind = KINDS[number % KINDS.len()];
        let site = site(dialect);
        let post = format!("site/{post}");
        write_post(&site, &post, "One");
        kind.make(&site.path(&format!("site/{file}")));
        let server = site.serve();
        server.wait_for_titles("/atom.xml", &["One"]);
        write_post(&site, &post, "Two");
        server.wait_for_titles("/atom.xml", &["Two"]);
        server.wait_for_problem(kind.message());
        assert!(server.memory("VmHWM") < 200 << 20, "{dialect} {file} {kind:?}");
    }
}

#[test]
fn a_small_file_that_becomes_something_else_changes_nothing() {
    let site = site("zola");
    write_post(&site, "site/content/a.md", "One");
    site.write("site/content/_index.md", "+++\n+++\n");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    for kind in KINDS {
        for file in ["site/config.toml", "site/content/_index.md", "feedmill.toml"] {
            kind.make(&site.path(file));
            let title = format!("{kind:?} {file}");
            write_post(&site, "site/content/a.md", &title);
            server.wait_for_titles("/atom.xml", &[&title]);
        }
        server.wait_for_problem(kind.message());
    }
}

#[test]
fn yaml_that_expands_to_gigabytes_is_a_problem() {
    let (anchors, aliases) = (vec!["x"; 6000].join(","), vec!["*a"; 6000].join(","));
    let bomb = format!("a: &a [{anchors}]\nb: [{aliases}]\n");
    let site = site("jekyll");
    write_post(&site, "site/_posts/2024-01-02-a.md", "One");
    site.write("site/_config.yml", &bomb);
    site.write("site/_posts/2024-01-01-bomb.md", &format!("---\ntitle: Bomb\n{bomb}---\nText.\n"));
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    server.wait_for_problem("the front matter is too large: it has more than 20000 values");
    server.wait_for_problem("the site's configuration is too large: it has more than 20000 values");
    assert!(server.memory("VmHWM") < 200 << 20, "it is {} bytes", server.memory("VmHWM"));
}
