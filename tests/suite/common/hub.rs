//! A WebSub hub that records its notifications.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::PATIENCE;

pub(crate) struct TestHub {
    pub(crate) url: String,
    notifications: Receiver<Vec<String>>,
}

impl TestHub {
    /// A hub that answers its first requests with these statuses, and 202 from then on.
    pub(crate) fn start(first: &[u16]) -> Self {
        Self::redirecting(first, "")
    }

    /// The same; redirects lead to `next`.
    pub(crate) fn redirecting(first: &[u16], next: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/hub?x=1", listener.local_addr().expect("a bound socket has an address"));
        let (sender, notifications) = channel();
        let first = first.to_vec();
        let rest = format!("Location: {next}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        thread::spawn(move || {
            let statuses = first.into_iter().chain(std::iter::repeat(202));
            for (stream, status) in listener.incoming().zip(statuses) {
                let mut stream = stream.expect("a connection");
                let urls = read_notification(&stream);
                // Before the answer: then whoever saw that it is answered finds it recorded.
                if status == 202 {
                    let _ = sender.send(urls);
                }
                let _ = write!(stream, "HTTP/1.1 {status} X\r\n{rest}");
            }
        });
        Self { url, notifications }
    }

    /// Waits for the next notification that was accepted: its URLs, in order.
    pub(crate) fn wait(&self) -> Vec<String> {
        self.notifications.recv_timeout(PATIENCE).expect("the hub is notified")
    }

    pub(crate) fn has_no_more_notifications(&self) -> bool {
        self.notifications.try_recv().is_err()
    }
}

/// The URLs of a notification.
fn read_notification(stream: &TcpStream) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let lines = reader.by_ref().lines().map(|line| line.expect("a line of the head").to_ascii_lowercase());
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(head[0].starts_with("post /hub?x=1 "), "{head:?}");
    assert!(head.iter().any(|line| line.contains("application/x-www-form-urlencoded")), "{head:?}");
    let length = head.iter().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.expect("the length of the body")];
    reader.read_exact(&mut body).expect("the whole body");
    let mut pairs = url::form_urlencoded::parse(&body);
    assert_eq!(pairs.next(), Some(("hub.mode".into(), "publish".into())));
    let url = |(name, url): (_, std::borrow::Cow<str>)| {
        assert_eq!(name, "hub.url");
        url.into_owned()
    };
    pairs.map(url).collect()
}
