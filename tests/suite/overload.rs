//! More clients, requests or bytes than this machine has place for: what is there already is still answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use feedmill::limits::{RENDERINGS_PER_CORE, REQUEST_HEAD_SECONDS, RESPONSES_BYTES};

use crate::common::{Server, TestSite, ask};

/// A connection over which one request was sent, and nothing read.
fn send(server: &Server, target: &str) -> TcpStream {
    let mut stream = server.open();
    // What the system takes for it does not count: as little as it can.
    socket2::SockRef::from(&stream).set_recv_buffer_size(4096).expect("a socket has a buffer");
    stream
        .write_all(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
        .expect("the server reads the request");
    stream
}

/// The first bytes of the response.
fn read_some(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 1024];
    let length = stream.read(&mut bytes).unwrap_or(0);
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

#[test]
fn unread_responses_hold_a_bounded_number_of_bytes_and_delay_nothing_that_is_there() {
    let site = TestSite::plain("[server]\nworkers = 2\nadmin_listen = \"127.0.0.1:0\"\n");
    // Long lines are the cheapest text to convert.
    let text = "word after word ".repeat(800_000 / 16);
    for number in 0..6 {
        let post = format!("---\ntitle: P{number}\ndate: 2024-01-0{}\n---\n{text}\n", number + 1);
        site.write(&format!("posts/{number}.md"), &post);
    }
    site.post("small.md", "Small", "2023-01-01", &["small"]);
    let server = site.serve();
    let cached = server.get("/tags/small/atom.xml");
    assert_eq!(server.get("/rss.xml").status, 200);
    let size = server.get("/rss.xml").body.len();
    assert!(size > RESPONSES_BYTES / 8, "{size}");
    let running = RENDERINGS_PER_CORE * std::thread::available_parallelism().map_or(1, usize::from);
    // More than there is memory for, whatever runs at once.
    let count = RESPONSES_BYTES / size + 4 * running;
    let mut unread: Vec<TcpStream> =
        (0..count).map(|number| send(&server, &format!("/rss.xml?not_tags=u{number}"))).collect();
    let mut most = 0;
    for stream in &mut unread {
        // Each is answered or refused at last; meanwhile others are.
        let head = read_some(stream);
        most = most.max(server.metric("feedmill_in_flight_bytes") as usize);
        assert_eq!(server.get("/tags/small/atom.xml").body, cached.body);
        if head.starts_with("HTTP/1.1 503") {
            assert!(head.contains("\r\nretry-after: "), "{head}");
        }
    }
    // Those that ran when there was memory, and those that began before these were counted.
    assert!((RESPONSES_BYTES / 2..=RESPONSES_BYTES + 2 * running * size).contains(&most), "{most} bytes");
    // Those who do not read are disconnected for those who do.
    let fresh = server.wait_for("/rss.xml?not_tags=fresh", |response| response.status == 200);
    assert_eq!(fresh.titles().len(), 7);
}

#[test]
fn at_the_limit_of_connections_a_new_one_takes_the_place_of_the_longest_idle() {
    let site = TestSite::plain("[server]\nworkers = 1\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    // So few files are enough for 32 connections.
    let server = site.serve_in(&["prlimit", "--nofile=560:560"]);
    let mut idle: Vec<_> = (0..32).map(|_| server.connect()).collect();
    for connection in &mut idle {
        assert_eq!(connection.get("/atom.xml").status, 200);
    }
    let mut newest = server.connect();
    assert_eq!(newest.get("/atom.xml").status, 200);
    assert!(idle[0].is_closed(), "it was idle the longest");
    assert_eq!(idle[31].get("/atom.xml").status, 200, "it was idle the shortest");
}

#[test]
fn half_a_request_is_closed_in_time_also_after_a_whole_one() {
    let site = TestSite::of_two();
    let server = site.serve();
    let mut connection = server.connect();
    assert_eq!(connection.get("/atom.xml").status, 200);
    let started = std::time::Instant::now();
    connection.send(b"GET /atom.xml HTTP/1.1\r\nHo");
    assert!(connection.is_closed());
    let took = started.elapsed();
    assert!(took >= Duration::from_secs(REQUEST_HEAD_SECONDS) && took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn a_head_alone_costs_no_rendering() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    let coding = [("Accept-Encoding", "br")];
    let head = server.ask("HEAD", "/atom.xml", &coding);
    assert_eq!((head.status, head.header("content-encoding")), (200, Some("br")));
    assert_eq!((head.header("content-length"), head.body.len()), (None, 0));
    assert_eq!(server.metric("feedmill_renders_total"), 0);
    let get = server.ask("GET", "/atom.xml", &coding);
    assert_eq!(get.header("etag"), head.header("etag"));
    let again = server.ask("HEAD", "/atom.xml", &coding);
    assert_eq!(again.header("content-length"), get.header("content-length"), "it is known now");
    // The connection is good for more.
    let mut connection = server.connect();
    connection.send(b"HEAD /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(connection.get("/rss.xml").status, 200);
}

#[test]
fn a_target_begins_with_a_slash_or_is_a_whole_url() {
    let server = TestSite::of_two().serve();
    for (target, status) in [
        ("atom.xml", 400),
        ("example.org:80", 400),
        ("/atom.xml", 200),
        ("http://x/atom.xml", 200),
        ("http://x", 200),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(server.connect().ask(request.as_bytes()).status, status, "{target}");
    }
}

#[test]
fn metrics_are_not_served_under_another_host_name() {
    let site = TestSite::observed("");
    let server = site.serve();
    let url = server.admin_base() + "/status.json";
    assert_eq!(ask("GET", &url, &[]).status, 200);
    let refused = ask("GET", &url, &[("Host", "rebound.example")]);
    assert!(refused.status == 421 && refused.text().contains("localhost"), "{}", refused.text());
}
