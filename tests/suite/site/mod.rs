//! A folder of posts and a server that runs on it.

mod response;
mod server;

use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use tempfile::TempDir;

pub(crate) use response::Response;
pub(crate) use server::Server;

use server::program;

/// A temporary folder; `serve` runs the program on it.
pub(crate) struct TestSite {
    folder: Arc<TempDir>,
}

impl TestSite {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: Arc::new(TempDir::new().expect("there is room for a folder")) }
    }

    /// A plain site: `posts/` and a configuration with `more` at its end.
    pub(crate) fn plain(more: &str) -> Self {
        let site = Self::new();
        fs::create_dir(site.path("posts")).expect("it can be made");
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
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
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
        fs::remove_file(self.path(name)).expect("it is there");
    }

    /// Runs a command of the program in this folder to its end.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = program(self.folder.path()).args(args).output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    /// Runs a command of the program with a variable of the environment: its status and its errors.
    pub(crate) fn run_with(&self, name: &str, value: &str, args: &[&str]) -> (i32, String) {
        let output = program(self.folder.path()).env(name, value).args(args).output().expect("it runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs a command of the program that writes its result to a file or pipe: its status and its errors.
    pub(crate) fn run_to(&self, stdout: impl Into<Stdio>, args: &[&str]) -> (i32, String) {
        let output = program(self.folder.path()).args(args).stdout(stdout).output().expect("it runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn serve(&self) -> Server {
        let server = self.start(&["serve", "--listen", "127.0.0.1:0"]);
        server.wait_for("/readyz", |response| response.status == 200);
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
        let server = self.start_in(wrap);
        server.wait_for("/readyz", |response| response.status == 200);
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
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it is there") {
        let entry = entry.expect("it is there");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("it has one").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

/// A folder of fixtures.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}
