//! Sites in temporary folders, servers that run on them, and a client: shared by all tests.

mod client;
mod hub;
mod server;

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use client::{Response, ask};
pub(crate) use hub::TestHub;
pub(crate) use server::Server;

use server::program;

/// How long anything may take before a test fails: long, for a machine that is busy with other work.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Repeats a step until it has a result; `describe` is the message if it never has one.
pub(crate) fn wait_until<T>(mut step: impl FnMut() -> Option<T>, describe: impl FnOnce() -> String) -> T {
    let started = Instant::now();
    loop {
        if let Some(result) = step() {
            return result;
        }
        assert!(started.elapsed() < PATIENCE, "{}", describe());
        std::thread::sleep(Duration::from_millis(1));
    }
}

pub(crate) fn parse_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON: {error}:\n{text}"))
}

/// A feed, as another program parses it.
pub(crate) fn parse_feed(text: &str) -> feed_rs::model::Feed {
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("not a feed: {error}:\n{text}"))
}

/// The result of an access to a file, or a failure that names the file.
fn accessed<T>(result: io::Result<T>, path: &Path) -> T {
    result.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A temporary folder; `serve` runs the program on it.
pub(crate) struct TestSite {
    folder: Arc<TempDir>,
}

impl TestSite {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: Arc::new(TempDir::new().expect("a temporary folder can be created")) }
    }

    /// A plain site: `posts/` and a configuration with `more` at its end.
    pub(crate) fn plain(more: &str) -> Self {
        let site = Self::new();
        site.create_folder("posts");
        site.write(
            "feedmill.toml",
            &format!(
                "[site]\ntitle = \"Tests & more\"\nurl = \"https://example.org/blog\"\n\
                 [[source]]\nname = \"posts\"\npath = \"posts\"\ndialect = \"plain\"\n{more}"
            ),
        );
        site
    }

    /// A plain site with metrics and status.
    pub(crate) fn observed(more: &str) -> Self {
        Self::plain(&format!("{more}\n[server]\nadmin_listen = \"127.0.0.1:0\"\n"))
    }

    /// A plain site of two posts.
    pub(crate) fn of_two() -> Self {
        let site = Self::plain("");
        site.post("2024-01-01-one.md", "One", "2024-01-01", &["C++", "a/b"]);
        site.post("2024-01-02-two.md", "Two", "2024-01-02", &["Rust"]);
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        let folder = path.parent().expect("a file is in a folder");
        accessed(fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes)), &path);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        read_file(self.path(name))
    }

    /// Replaces a file by an edited one.
    pub(crate) fn edit(&self, name: &str, change: impl Fn(&str) -> String) {
        self.write(name, &change(&self.read(name)));
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        accessed(fs::rename(self.path(from), self.path(to)), &self.path(from));
    }

    /// Creates a folder and those above it.
    pub(crate) fn create_folder(&self, name: &str) {
        accessed(fs::create_dir_all(self.path(name)), &self.path(name));
    }

    /// Removes a folder with everything in it.
    pub(crate) fn remove_folder(&self, name: &str) {
        accessed(fs::remove_dir_all(self.path(name)), &self.path(name));
    }

    /// Creates a symbolic link.
    pub(crate) fn link(&self, name: &str, target: impl AsRef<Path>) {
        accessed(symlink(target, self.path(name)), &self.path(name));
    }

    /// Creates a symbolic link or replaces one, at once and without an event in the folder that it leads to.
    pub(crate) fn relink(&self, name: &str, target: impl AsRef<Path>) {
        self.link("next-link", target);
        self.rename("next-link", name);
    }

    /// A post with a title, a date and tags.
    pub(crate) fn post(&self, name: &str, title: &str, date: &str, tags: &[&str]) {
        let tags: Vec<String> = tags.iter().map(|tag| format!("{tag:?}")).collect();
        let tags = tags.join(", ");
        self.write(
            &format!("posts/{name}"),
            &format!("---\ntitle: {title:?}\ndate: {date}\ntags: [{tags}]\n---\nBody of {title}.\n"),
        );
    }

    pub(crate) fn remove(&self, name: &str) {
        accessed(fs::remove_file(self.path(name)), &self.path(name));
    }

    /// Runs a command of the program in this folder to its end.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = program(self.folder.path()).args(args).output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    /// Runs a command of the program with a variable of the environment: its status and its errors.
    pub(crate) fn run_with(&self, name: &str, value: &str, args: &[&str]) -> (i32, String) {
        let output =
            program(self.folder.path()).env(name, value).args(args).output().expect("the program runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs a command of the program that writes its result to a file or pipe: its status and its errors.
    pub(crate) fn run_to(&self, stdout: impl Into<Stdio>, args: &[&str]) -> (i32, String) {
        let output =
            program(self.folder.path()).args(args).stdout(stdout).output().expect("the program runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Starts the server and waits until it is ready and has compared every file with what it knew.
    pub(crate) fn serve(&self) -> Server {
        let server = self.start(&["serve", "--listen", "127.0.0.1:0"]).ready();
        server.wait_for_log("read in ");
        server
    }

    /// Starts the server with these arguments and waits until it listens.
    pub(crate) fn start(&self, args: &[&str]) -> Server {
        Server::start(&self.folder, args)
    }

    /// The same, and waits only until it listens.
    pub(crate) fn start_in(&self, wrap: &[&str]) -> Server {
        Server::start_in(&self.folder, wrap, &["serve", "--listen", "127.0.0.1:0"])
    }

    /// Serves by way of another program, which is given the server and its arguments as its own last ones.
    pub(crate) fn serve_in(&self, wrap: &[&str]) -> Server {
        self.start_in(wrap).ready()
    }

    /// Serves with a clock that shows this time at the start.
    pub(crate) fn serve_at(&self, time: &str) -> Server {
        let library = self.path("shift.so");
        if !library.exists() {
            let source = fixture("clock/shift.c");
            let made = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status();
            assert!(made.expect("there is a C compiler").success(), "{} is made", library.display());
        }
        let start: DateTime<Utc> = time.parse().expect("a time");
        let shift = format!("CLOCK_SHIFT={}", start.timestamp() - Utc::now().timestamp());
        let server = self.serve_in(&["env", &format!("LD_PRELOAD={}", library.display()), &shift]);
        server.wait_for_log("read in ");
        server
    }

    /// Starts the server on sockets that another process holds, the first optionally at a port.
    pub(crate) fn start_on(&self, sockets: Vec<OwnedFd>, port: u16) -> Server {
        Server::start_on(&self.folder, sockets, port)
    }

    /// Starts the server and waits for nothing.
    pub(crate) fn start_quiet(&self, args: &[&str]) -> Server {
        Server::start_quiet(&self.folder, args)
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    accessed(fs::create_dir_all(to), to);
    for entry in accessed(fs::read_dir(from), from) {
        let path = accessed(entry, from).path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            accessed(fs::copy(&path, target), &path);
        }
    }
}

pub(crate) fn read_file(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    accessed(fs::read_to_string(path), path)
}

/// The path of a file of the project.
pub(crate) fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The path of a fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    project("tests/fixtures").join(name)
}
