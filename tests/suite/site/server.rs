//! A running server: asked, watched and stopped.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use command_fds::{CommandFdExt, FdMapping};
use tempfile::TempDir;

use super::response::{Connection, Response};

/// How long anything may take before a test gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A running server. It is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// The folder exists as long as a server uses it.
    folder: Arc<TempDir>,
    host: String,
    port: u16,
    log: Arc<Mutex<String>>,
}

pub(super) fn program(folder: &Path) -> Command {
    surround(Command::new(env!("CARGO_BIN_EXE_feedmill")), folder)
}

/// A command in a folder and in an empty environment.
fn surround(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder).env_remove("FEEDMILL_CONFIG").env_remove("FEEDMILL_LOG").stdin(Stdio::null());
    command.env_remove("STATE_DIRECTORY").env("XDG_STATE_HOME", folder.join("state"));
    command
}

impl Server {
    pub(super) fn start(folder: &Arc<TempDir>, args: &[&str]) -> Self {
        Self::start_quiet(folder, args).listening()
    }

    pub(super) fn start_in(folder: &Arc<TempDir>, wrap: &[&str], args: &[&str]) -> Self {
        let mut command = surround(Command::new(wrap[0]), folder.path());
        command.args(&wrap[1..]).arg(env!("CARGO_BIN_EXE_feedmill")).args(args);
        Self::spawn(folder, command).listening()
    }

    /// Waits until it listens.
    fn listening(mut self) -> Self {
        let server = &mut self;
        let listening = server.wait_for_log("listening on ");
        // As text, or in a string of JSON.
        let listening = listening.trim().trim_end_matches(['"', '}']);
        let (host, port) = listening.rsplit_once(':').expect("it is an address");
        host.clone_into(&mut server.host);
        server.port = port.parse().expect("it is a port");
        self
    }

    pub(super) fn start_quiet(folder: &Arc<TempDir>, args: &[&str]) -> Self {
        let mut command = program(folder.path());
        command.args(args);
        Self::spawn(folder, command)
    }

    /// Starts as a supervisor does that listens itself and passes its sockets (`sd_listen_fds(3)`).
    pub(super) fn start_on(folder: &Arc<TempDir>, sockets: Vec<OwnedFd>, port: u16) -> Self {
        let mut command = surround(Command::new("sh"), folder.path());
        command.args(["-c", "LISTEN_PID=$$ exec \"$@\"", "sh", env!("CARGO_BIN_EXE_feedmill"), "serve"]);
        command.env("LISTEN_FDS", sockets.len().to_string());
        let mappings = sockets.into_iter().zip(3..);
        let mappings = mappings.map(|(parent_fd, child_fd)| FdMapping { parent_fd, child_fd }).collect();
        command.fd_mappings(mappings).expect("each has a place of its own");
        let mut server = Self::spawn(folder, command);
        (server.host, server.port) = ("127.0.0.1".to_owned(), port);
        server.wait_for_log("listening on ");
        server
    }

    fn spawn(folder: &Arc<TempDir>, mut command: Command) -> Self {
        let mut child =
            command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().expect("no thread panics").push_str(&(line + "\n"));
            }
        });
        Self { child, folder: Arc::clone(folder), host: String::new(), port: 0, log }
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("no thread panics").clone()
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

    /// A connection over which nothing was sent.
    pub(crate) fn open(&self) -> TcpStream {
        let stream = TcpStream::connect((self.host.trim_matches(['[', ']']), self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("it can be set");
        stream
    }

    /// A connection that is kept.
    pub(crate) fn connect(&self) -> Connection {
        Connection::new(self.open())
    }

    /// What the admin listener says.
    pub(crate) fn admin(&self, path: &str) -> String {
        let listening = self.wait_for_log("metrics and status on ");
        let mut stream = TcpStream::connect(listening.trim()).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        Response::parse(&bytes).text()
    }

    /// The state it reports, at `/status.json`.
    pub(crate) fn status(&self) -> serde_json::Value {
        serde_json::from_str(&self.admin("/status.json")).expect("it is JSON")
    }

    /// Which snapshot is served.
    pub(crate) fn revision(&self) -> u64 {
        self.status()["revision"].as_u64().expect("it is a number")
    }

    /// Waits until the state it reports is as wanted.
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

    /// Waits until a problem is reported whose message contains a text.
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
        let count = metrics.lines().find_map(|known| known.strip_prefix(&line)).expect("it is reported");
        count.parse().expect("it is a number")
    }

    /// How often it looked at the disk.
    pub(crate) fn count_looks(&self) -> u64 {
        let metrics = self.admin("/metrics");
        let count = metrics.lines().find_map(|line| line.strip_prefix("feedmill_reconciles_total "));
        count.and_then(|count| count.parse().ok()).expect("it is reported")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its memory in bytes: a field of `/proc/{pid}/status` (proc(5)), such as `VmRSS`, or `VmHWM` for the peak.
    pub(crate) fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("there is such a field");
        let kibibytes: u64 =
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("it is a number");
        kibibytes << 10
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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
