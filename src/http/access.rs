//! The access log: one line per request, written by a thread of its own. No request ever waits for the file.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use actix_http::RequestHead;
use actix_web::http::header::{HeaderName, REFERER, USER_AGENT};
use chrono::{DateTime, SecondsFormat, Utc};
use parking_lot::Mutex;

use super::answer::Answer;
use crate::config::{Access, LogFormat};
use crate::limits::ACCESS_LINES;

/// The maximum length of a header in a line, in bytes.
const HEADER: usize = 512;

/// The maximum length of a target in a line, in characters.
const TARGET: usize = 2048;

/// The access log. It writes nothing until it is opened.
#[derive(Debug)]
pub struct AccessLog {
    is_on: AtomicBool,
    is_json: AtomicBool,
    sender: SyncSender<Message>,
    requests: Arc<Requests>,
    dropped: AtomicU64,
}

enum Message {
    Line(String),
    /// Wakes the thread: there may be new requests.
    Wake,
}

/// The requests to the thread, other than lines. They are not queued: a full queue must not delay or drop them.
#[derive(Debug, Default)]
struct Requests {
    /// The new target of lines.
    target: Mutex<Option<Access>>,
    /// True if the file must be opened again because it was moved away.
    reopen: AtomicBool,
}

impl AccessLog {
    /// A log that writes nothing yet.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn start() -> io::Result<Self> {
        let (sender, messages) = sync_channel(ACCESS_LINES);
        let requests = Arc::<Requests>::default();
        let own = Arc::clone(&requests);
        thread::Builder::new().name("access log".to_owned()).spawn(move || write_all(&messages, &own))?;
        Ok(Self { is_on: false.into(), is_json: false.into(), sender, requests, dropped: 0.into() })
    }

    /// Sets the target and the format of lines.
    pub fn open(&self, access: Access, format: LogFormat) {
        self.is_json.store(format == LogFormat::Json, Ordering::Relaxed);
        self.is_on.store(access != Access::Off, Ordering::Relaxed);
        *self.requests.target.lock() = Some(access);
        self.wake();
    }

    /// Opens the file again, after log rotation.
    pub fn reopen(&self) {
        self.requests.reopen.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// Wakes the thread. If the queue is full, it is already awake.
    fn wake(&self) {
        let _ = self.sender.try_send(Message::Wake);
    }

    /// The number of lines that were dropped because the disk was too slow.
    pub fn count_dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Logs a request that was answered.
    pub(super) fn log(&self, request: &RequestHead, answer: &Answer, took: Duration) {
        if !self.is_on.load(Ordering::Relaxed) {
            return;
        }
        let line = Line::of(request, answer, took);
        let is_json = self.is_json.load(Ordering::Relaxed);
        let text = if is_json { line.to_json() } else { line.to_combined() };
        if self.sender.try_send(Message::Line(text)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The logged data of a request.
struct Line<'r> {
    /// The client; `None` behind a Unix socket whose other end does not name it.
    remote: Option<String>,
    time: DateTime<Utc>,
    method: &'r str,
    target: String,
    protocol: String,
    status: u16,
    /// The bytes of the body; `None` if there is none.
    bytes: Option<u64>,
    referer: Option<&'r [u8]>,
    agent: Option<&'r [u8]>,
    took: Duration,
}

impl<'r> Line<'r> {
    fn of(request: &'r RequestHead, answer: &Answer, took: Duration) -> Self {
        let header = |name: HeaderName| {
            let value = request.headers().get(name)?.as_bytes();
            Some(&value[..value.len().min(HEADER)])
        };
        let method = request.method.as_str();
        let length = answer.file.as_ref().map_or(answer.body.len() as u64, |file| file.length());
        Self {
            remote: find_remote(request),
            time: Utc::now(),
            method: &method[..method.len().min(HEADER)],
            target: request.uri.to_string().chars().take(TARGET).collect(),
            protocol: format!("{:?}", request.version),
            status: answer.status.as_u16(),
            bytes: (length > 0 && answer.has_length && method != "HEAD").then_some(length),
            referer: header(REFERER),
            agent: header(USER_AGENT),
            took,
        }
    }

    /// The Combined Log Format of Apache (`mod_log_config`), with its escapes.
    fn to_combined(&self) -> String {
        let time = self.time.format("%d/%b/%Y:%H:%M:%S %z");
        let mut line = format!("{} - - [{time}] \"", self.remote.as_deref().unwrap_or("-"));
        escape(&mut line, self.method.as_bytes());
        line.push(' ');
        escape(&mut line, self.target.as_bytes());
        let bytes = self.bytes.map_or("-".to_owned(), |bytes| bytes.to_string());
        let _ = write!(line, " {}\" {} {bytes}", self.protocol, self.status);
        for header in [self.referer, self.agent] {
            line.push_str(" \"");
            escape(&mut line, header.unwrap_or(b"-"));
            line.push('"');
        }
        line + "\n"
    }

    fn to_json(&self) -> String {
        let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let object = serde_json::json!({
            "time": self.time.to_rfc3339_opts(SecondsFormat::Micros, true),
            "remote": self.remote,
            "method": self.method,
            "target": self.target,
            "protocol": self.protocol,
            "status": self.status,
            "bytes": self.bytes,
            "referer": text(self.referer),
            "user_agent": text(self.agent),
            "seconds": self.took.as_secs_f64(),
        });
        format!("{object}\n")
    }
}

/// The IP address of the client. A proxy on this machine appends it to `X-Forwarded-For`; the header is ignored from
/// all other clients.
fn find_remote(request: &RequestHead) -> Option<String> {
    // An IPv6 socket reports IPv4 clients as mapped addresses.
    let peer = request.peer_addr.map(|peer| peer.ip().to_canonical());
    let forwarded = request.headers().get_all("x-forwarded-for").last().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    last.filter(|_| peer.is_none_or(|peer| peer.is_loopback())).or(peer).map(|address| address.to_string())
}

/// `httpd 2.4 ap_escape_logitem`
fn escape(line: &mut String, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'"' => line.push_str("\\\""),
            b'\\' => line.push_str("\\\\"),
            b' '..=b'~' => line.push(char::from(*byte)),
            _ => {
                let _ = write!(line, "\\x{byte:02x}");
            }
        }
    }
}

/// The current target of lines.
enum Sink {
    Nowhere,
    Stderr,
    File(PathBuf, Option<BufWriter<File>>),
}

impl Sink {
    fn open(access: Access) -> Self {
        match access {
            Access::Off => Self::Nowhere,
            Access::Stderr => Self::Stderr,
            Access::File(path) => Self::File(path, None),
        }
    }

    /// Writes a line. Opens the file if that failed before, or after a failed write.
    fn write(&mut self, line: &str) -> io::Result<()> {
        match self {
            Self::Nowhere => Ok(()),
            Self::Stderr => io::stderr().write_all(line.as_bytes()),
            Self::File(path, file) => {
                if file.is_none() {
                    *file = Some(BufWriter::new(OpenOptions::new().create(true).append(true).open(path)?));
                }
                file.as_mut().map_or(Ok(()), |file| file.write_all(line.as_bytes()))
            }
        }
    }

    /// Carries out the requests. An empty write shows at once whether the file can be written.
    fn follow(&mut self, requests: &Requests) -> io::Result<()> {
        let target = requests.target.lock().take();
        let is_moved = requests.reopen.swap(false, Ordering::Relaxed);
        if target.is_none() && !is_moved {
            return Ok(());
        }
        let flushed = self.flush();
        self.abandon();
        if let Some(access) = target {
            *self = Self::open(access);
        }
        flushed.and_then(|()| self.write(""))
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(_, Some(file)) => file.flush(),
            _ => Ok(()),
        }
    }

    /// Drops buffered bytes that cannot be written: after the file is opened again, it begins with a whole line.
    fn abandon(&mut self) {
        if let Self::File(_, file) = self
            && let Some(file) = file.take()
        {
            let _ = file.into_parts();
        }
    }
}

/// Writes lines until the server ends. A failure is logged once, and lines are dropped until writing succeeds.
fn write_all(messages: &Receiver<Message>, requests: &Requests) {
    let mut sink = Sink::Nowhere;
    let mut is_failing = false;
    while let Ok(first) = messages.recv() {
        let mut next = Some(first);
        let mut done = sink.follow(requests);
        while let Some(message) = next {
            if let Message::Line(line) = message {
                done = done.and_then(|()| sink.write(&line));
            }
            next = messages.try_recv().ok();
        }
        match done.and_then(|()| sink.flush()) {
            Ok(()) if std::mem::take(&mut is_failing) => tracing::info!("the access log is writable again"),
            Ok(()) => {}
            Err(error) => {
                sink.abandon();
                if !std::mem::replace(&mut is_failing, true) {
                    let Sink::File(path, _) = &sink else { continue };
                    tracing::error!(
                        "the access log {} cannot be written: {error}. Requests are not logged until it can.",
                        path.display()
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use super::super::answer::Kind;
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_a_client_sends() {
        let request = TestRequest::get()
            .uri("/atom.xml?q=%22")
            .insert_header(("User-Agent", "a\"b\\c\u{e9}"))
            .append_header(("X-Forwarded-For", "192.0.2.8"))
            .append_header(("X-Forwarded-For", "192.0.2.9, 192.0.2.1"))
            .peer_addr("[::ffff:127.0.0.1]:1".parse().expect("it is an address"))
            .to_request();
        let answer = Answer::new(Kind::Feed, StatusCode::OK, actix_web::web::Bytes::from_static(b"12345"));
        let mut line = Line::of(request.head(), &answer, Duration::from_millis(2));
        line.time = DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time");
        assert_eq!(
            line.to_combined(),
            "192.0.2.1 - - [14/Nov/2023:22:13:20 +0000] \"GET /atom.xml?q=%22 HTTP/1.1\" 200 5 \"-\" \
             \"a\\\"b\\\\c\\xc3\\xa9\"\n"
        );
        let json: serde_json::Value = serde_json::from_str(&line.to_json()).expect("it is JSON");
        assert_eq!((&json["remote"], &json["bytes"]), (&"192.0.2.1".into(), &5.into()));
        let request = TestRequest::get()
            .insert_header(("X-Forwarded-For", "192.0.2.9"))
            .peer_addr("198.51.100.7:1".parse().expect("it is an address"))
            .to_request();
        assert_eq!(
            find_remote(request.head()).as_deref(),
            Some("198.51.100.7"),
            "only a proxy on this machine is trusted"
        );
    }
}
