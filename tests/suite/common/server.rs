//! A running server: asked, observed and stopped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use command_fds::{CommandFdExt, FdMapping};
use serde_json::Value;
use tempfile::TempDir;

use super::client::{Connection, Response, ask};
use super::{PATIENCE, wait_until};

/// A running server. It is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// The folder exists as long as a server uses it.
    folder: Arc<TempDir>,
    /// Host and port.
    authority: String,
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
        let listening = self.wait_for_log("listening on ");
        // As text, or in a string of JSON.
        listening.trim().trim_end_matches(['"', '}']).clone_into(&mut self.authority);
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
        command.fd_mappings(mappings).expect("each socket has a number of its own");
        let mut server = Self::spawn(folder, command);
        server.authority = format!("127.0.0.1:{port}");
        server.wait_for_log("listening on ");
        server
    }

    fn spawn(folder: &Arc<TempDir>, mut command: Command) -> Self {
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} starts: {error}"));
        let lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&(line + "\n"));
            }
        });
        Self { child, folder: Arc::clone(folder), authority: String::new(), log }
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line of the log that contains `mark`, and returns what follows it.
    pub(crate) fn wait_for_log(&self, mark: &str) -> String {
        let after = || {
            let log = self.log();
            let (_, after) = log.split_once(mark)?;
            Some(after.lines().next().unwrap_or_default().to_owned())
        };
        wait_until(after, || format!("no {mark:?} in:\n{}", self.log()))
    }

    /// Where the server is reached.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.authority)
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.ask("GET", path, &[])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        ask(method, &(self.base() + path), headers)
    }

    /// A connection over which nothing was sent.
    pub(crate) fn open(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.authority).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        stream
    }

    /// A connection for requests byte by byte.
    pub(crate) fn connect(&self) -> Connection {
        Connection::new(self.open())
    }

    /// Where metrics and status are served.
    pub(crate) fn admin_base(&self) -> String {
        format!("http://{}", self.wait_for_log("metrics and status on ").trim())
    }

    /// A document of the admin listener.
    pub(crate) fn admin(&self, path: &str) -> String {
        ask("GET", &(self.admin_base() + path), &[]).text()
    }

    /// The values of a metric, by its name and the beginning of its labels.
    pub(crate) fn metrics(&self, name: &str) -> Vec<u64> {
        let metrics = self.admin("/metrics");
        let samples = metrics.lines().filter(|line| line.starts_with(name));
        let values: Vec<u64> = samples.filter_map(|line| line.rsplit_once(' ')?.1.parse().ok()).collect();
        assert!(!values.is_empty(), "there is no number {name} in:\n{metrics}");
        values
    }

    /// The value of a metric, by its name and labels.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        self.metrics(&format!("{name} "))[0]
    }

    /// How many faults of watching of a kind were met.
    pub(crate) fn count_faults(&self, of: &str) -> u64 {
        self.metric(&format!("feedmill_watch_faults_total{{of=\"{of}\"}}"))
    }

    /// The state it reports, at `/status.json`.
    pub(crate) fn status(&self) -> Value {
        super::parse_json(&self.admin("/status.json"))
    }

    /// The number of the snapshot that is served.
    pub(crate) fn revision(&self) -> u64 {
        self.status()["revision"].as_u64().expect("the revision is a number")
    }

    /// Waits until the state it reports is as wanted.
    pub(crate) fn wait_for_status(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let status = || Some(self.status()).filter(&wanted);
        wait_until(status, || format!("the status stays {:#}\n{}", self.status(), self.log()))
    }

    /// Waits for a snapshot later than one.
    pub(crate) fn wait_past(&self, revision: u64) {
        self.wait_for_status(|status| status["revision"].as_u64() > Some(revision));
    }

    /// Waits until a problem is reported whose message contains a text.
    pub(crate) fn wait_for_problem(&self, mark: &str) -> Value {
        let find = || {
            let status = self.status();
            let mut problems = status["problems"].as_array()?.iter();
            problems.find(|problem| problem["message"].as_str().is_some_and(|m| m.contains(mark))).cloned()
        };
        wait_until(find, || format!("no problem {mark:?} in {:#}\n{}", self.status(), self.log()))
    }

    /// Waits until there is no problem.
    pub(crate) fn wait_for_no_problem(&self) {
        self.wait_for_status(|status| status["problems"].as_array().is_some_and(Vec::is_empty));
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its memory in bytes: a field of `/proc/{pid}/status` (proc(5)), such as `VmRSS`, or `VmHWM` for the peak.
    pub(crate) fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let kibibytes: Option<u64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        kibibytes.unwrap_or_else(|| panic!("no {field} in kB in:\n{status}")) << 10
    }

    /// Sends a GET over a Unix socket, once it is answered with 200.
    pub(crate) fn ask_socket(&self, socket: &Path, path: &str) -> Response {
        let ask = || {
            let mut connection = Connection::new(UnixStream::connect(socket).ok()?);
            Some(connection.get(path)).filter(|response| response.status == 200)
        };
        wait_until(ask, || self.log())
    }

    /// Waits until the times of changes that were made up to now are on disk.
    pub(crate) fn wait_for_state(&self) {
        let file = self.folder.path().join(".feedmill/state.redb");
        let modified = || fs::metadata(&file).and_then(|file| file.modified()).ok();
        let mut last = (modified(), Instant::now());
        let is_settled = || {
            if modified() != last.0 {
                last = (modified(), Instant::now());
            }
            // It is written half a second after the last change, at most.
            (last.1.elapsed() >= Duration::from_millis(900)).then_some(())
        };
        wait_until(is_settled, || self.log());
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("the server runs");
    }

    /// Asks until the response is as wanted.
    pub(crate) fn wait_for(&self, path: &str, wanted: impl Fn(&Response) -> bool) -> Response {
        let get = || Some(self.get(path)).filter(&wanted);
        wait_until(get, || {
            let response = self.get(path);
            format!("{path} stays {}: {}\n{}", response.status, response.text(), self.log())
        })
    }

    /// Waits until every source was read.
    pub(crate) fn ready(self) -> Self {
        self.wait_for("/readyz", |response| response.status == 200);
        self
    }

    /// Waits until the titles of a feed are these.
    pub(crate) fn wait_for_titles(&self, path: &str, titles: &[&str]) -> Response {
        self.wait_for(path, |response| response.status == 200 && response.titles() == titles)
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{signal} is sent");
    }

    /// Sends a signal and waits for the end; returns the exit status.
    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().expect("the server ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
