//! A folder of posts and a server that runs on it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A temporary folder; `serve` runs the program on it.
pub(crate) struct TestSite {
    folder: Arc<TempDir>,
}

/// A running server. It is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// The folder is there as long as somebody serves it.
    folder: Arc<TempDir>,
    host: String,
    port: u16,
    log: Arc<Mutex<String>>,
}

/// A response as it came over the wire.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
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

    /// A plain site that tells how it is.
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

    /// Starts the server and waits for nothing.
    pub(crate) fn start_quiet(&self, args: &[&str]) -> Server {
        Server::start_quiet(&self.folder, args)
    }
}

fn program(folder: &Path) -> Command {
    surround(Command::new(env!("CARGO_BIN_EXE_feedmill")), folder)
}

/// A command in a folder and in an environment that tells it nothing.
fn surround(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder).env_remove("FEEDMILL_CONFIG").env_remove("FEEDMILL_LOG").stdin(Stdio::null());
    command.env_remove("STATE_DIRECTORY").env("XDG_STATE_HOME", folder.join("state"));
    command
}

impl Server {
    fn start(folder: &Arc<TempDir>, args: &[&str]) -> Self {
        Self::start_quiet(folder, args).listening()
    }

    fn start_in(folder: &Arc<TempDir>, wrap: &[&str], args: &[&str]) -> Self {
        let mut command = surround(Command::new(wrap[0]), folder.path());
        command.args(&wrap[1..]).arg(env!("CARGO_BIN_EXE_feedmill")).args(args);
        Self::spawn(folder, command).listening()
    }

    /// Waits until it listens.
    fn listening(mut self) -> Self {
        let server = &mut self;
        let listening = server.wait_for_log("listening on ");
        let (host, port) = listening.trim().rsplit_once(':').expect("it is an address");
        host.clone_into(&mut server.host);
        server.port = port.parse().expect("it is a port");
        self
    }

    fn start_quiet(folder: &Arc<TempDir>, args: &[&str]) -> Self {
        let mut command = program(folder.path());
        command.args(args);
        Self::spawn(folder, command)
    }

    fn spawn(folder: &Arc<TempDir>, mut command: Command) -> Self {
        let mut child =
            command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().expect("nobody panics").push_str(&(line + "\n"));
            }
        });
        Self { child, folder: Arc::clone(folder), host: String::new(), port: 0, log }
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("nobody panics").clone()
    }

    /// Waits for a line of the log that holds `mark`; gives what follows it.
    pub(crate) fn wait_for_log(&self, mark: &str) -> String {
        let started = Instant::now();
        loop {
            let log = self.log();
            if let Some((_, after)) = log.split_once(mark) {
                return after.lines().next().unwrap_or_default().to_owned();
            }
            assert!(started.elapsed() < PATIENCE, "no {mark:?} in:\n{log}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Where the server is reached.
    pub(crate) fn base(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.ask("GET", path, &[])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\r\n");
        self.send(request.as_bytes())
    }

    /// Sends raw bytes and reads until the connection closes.
    pub(crate) fn send(&self, request: &[u8]) -> Response {
        self.try_send(request).expect("it answers")
    }

    /// The same; `None` if the server hung up.
    pub(crate) fn try_send(&self, request: &[u8]) -> Option<Response> {
        let mut stream = self.open();
        stream.write_all(request).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        bytes.windows(4).any(|four| four == b"\r\n\r\n").then(|| Response::parse(&bytes))
    }

    fn open(&self) -> TcpStream {
        let stream = TcpStream::connect((self.host.trim_matches(['[', ']']), self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("it can be set");
        stream
    }

    /// A connection that is kept.
    pub(crate) fn connect(&self) -> Connection {
        Connection { stream: BufReader::new(self.open()) }
    }

    /// What the admin listener says.
    pub(crate) fn admin(&self, path: &str) -> String {
        let listening = self.wait_for_log("metrics and status on ");
        let mut stream = TcpStream::connect(listening.trim()).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        Response::parse(&bytes).text()
    }

    /// The state it tells, at `/status.json`.
    pub(crate) fn status(&self) -> serde_json::Value {
        serde_json::from_str(&self.admin("/status.json")).expect("it is JSON")
    }

    /// Which snapshot is served.
    pub(crate) fn revision(&self) -> u64 {
        self.status()["revision"].as_u64().expect("it is a number")
    }

    /// Waits until the state it tells is as wanted.
    pub(crate) fn wait_for_status(&self, wanted: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let started = Instant::now();
        loop {
            let status = self.status();
            if wanted(&status) {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "it stays {status:#}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits for a snapshot later than one.
    pub(crate) fn wait_past(&self, revision: u64) -> u64 {
        let status = self.wait_for_status(|status| status["revision"].as_u64() > Some(revision));
        status["revision"].as_u64().expect("it is a number")
    }

    /// Waits until a problem is told whose message holds a text.
    pub(crate) fn wait_for_problem(&self, mark: &str) -> serde_json::Value {
        let find = |status: &serde_json::Value| {
            let problems = status["problems"].as_array().expect("it is a list").clone();
            problems.into_iter().find(|p| p["message"].as_str().is_some_and(|m| m.contains(mark)))
        };
        find(&self.wait_for_status(|status| find(status).is_some())).expect("it is there")
    }

    /// Waits until nothing is wrong.
    pub(crate) fn wait_for_no_problem(&self) {
        self.wait_for_status(|status| status["problems"].as_array().is_some_and(Vec::is_empty));
    }

    /// How often a fault of watching was met.
    pub(crate) fn count_faults(&self, of: &str) -> u64 {
        let metrics = self.admin("/metrics");
        let line = format!("feedmill_watch_faults_total{{of=\"{of}\"}} ");
        let count = metrics.lines().find_map(|known| known.strip_prefix(&line)).expect("it is told");
        count.parse().expect("it is a number")
    }

    /// How often it looked at the disk.
    pub(crate) fn count_looks(&self) -> u64 {
        let metrics = self.admin("/metrics");
        let count = metrics.lines().find_map(|line| line.strip_prefix("feedmill_reconciles_total "));
        count.and_then(|count| count.parse().ok()).expect("it is told")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks over a Unix socket, once it is there.
    pub(crate) fn ask_socket(&self, socket: &Path, path: &str) -> Response {
        let started = Instant::now();
        loop {
            if let Ok(mut stream) = UnixStream::connect(socket) {
                let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                stream.write_all(request.as_bytes()).expect("it is read");
                let mut bytes = Vec::new();
                stream.read_to_end(&mut bytes).expect("it answers");
                let response = Response::parse(&bytes);
                if response.status == 200 {
                    return response;
                }
            }
            assert!(started.elapsed() < PATIENCE, "{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the times of changes that were made up to now are on disk.
    pub(crate) fn wait_for_state(&self) {
        let file = self.folder.path().join(".feedmill/state.redb");
        let modified = || fs::metadata(&file).and_then(|file| file.modified()).ok();
        let (started, mut last) = (Instant::now(), (modified(), Instant::now()));
        // It is written half a second after the last change, at most.
        while last.1.elapsed() < Duration::from_millis(900) {
            if modified() != last.0 {
                last = (modified(), Instant::now());
            }
            assert!(started.elapsed() < PATIENCE, "{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Asks until the response is as wanted.
    pub(crate) fn wait_for(&self, path: &str, wanted: impl Fn(&Response) -> bool) -> Response {
        let started = Instant::now();
        loop {
            let response = self.get(path);
            if wanted(&response) {
                return response;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{path} stays {}: {}\n{}",
                response.status,
                response.text(),
                self.log()
            );
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until the titles of a feed are these.
    pub(crate) fn wait_for_titles(&self, path: &str, titles: &[&str]) -> Response {
        self.wait_for(path, |response| response.status == 200 && response.titles() == titles)
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent =
            Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
    }

    /// Sends a signal and waits for the end; gives the exit status.
    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().expect("it ends").code()
    }
}

/// A connection that many requests are sent over.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Sends a request and reads its answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Response {
        self.stream.get_mut().write_all(request).expect("it is read");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            assert!(self.stream.read_until(b'\n', &mut head).expect("it answers") > 0, "it hung up");
        }
        let mut response = Response::parse(&head);
        let length = response.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        response.body = vec![0; length];
        self.stream.read_exact(&mut response.body).expect("it is whole");
        response
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Response {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("there is a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("there is a status");
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The titles of the entries, read by another's parser.
    pub(crate) fn titles(&self) -> Vec<String> {
        let feed = self.feed();
        feed.entries
            .into_iter()
            .map(|entry| entry.title.map(|title| title.content).unwrap_or_default())
            .collect()
    }

    pub(crate) fn feed(&self) -> feed_rs::model::Feed {
        feed_rs::parser::parse(&self.body[..]).expect("it is a feed")
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
