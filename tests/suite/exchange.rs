//! HTTP/1.1 on one connection: which requests are read, how long the connection is kept, what ends it.

use std::io::{Read, Write};

use crate::common::TestSite;

/// A request for the main feed.
fn request(version: &str, headers: &str) -> Vec<u8> {
    format!("GET /atom.xml HTTP/{version}\r\nHost: test\r\n{headers}\r\n").into_bytes()
}

#[test]
fn requests_that_come_together_or_in_parts_are_answered_in_order() {
    let server = TestSite::of_two().serve();
    let etag = server.get("/atom.xml").required("etag").to_owned();
    let length = server.get("/atom.xml").body.len();
    let conditional = request("1.1", &format!("If-None-Match: {etag}\r\n"));
    let head = b"HEAD /atom.xml HTTP/1.1\r\nHost: test\r\n\r\n";
    let last = b"GET /nothing HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    let mut stream = server.open();
    let all = [&*request("1.1", ""), &*conditional, head, last].concat();
    let (first, rest) = all.split_at(all.len() - 30);
    stream.write_all(first).expect("the server reads");
    let mut feed = vec![0; length];
    stream.read_exact(&mut feed).expect("it is answered before the rest comes");
    stream.write_all(rest).expect("the server reads");
    let mut responses = feed;
    stream.read_to_end(&mut responses).expect("the last one ends the connection");
    let responses = String::from_utf8(responses).expect("it is text");
    let statuses: Vec<&str> =
        responses.lines().filter_map(|line| line.split_once("HTTP/1.1 ").map(|(_, status)| status)).collect();
    assert_eq!(statuses, ["200 OK", "304 Not Modified", "200 OK", "404 Not Found"], "{responses}");
    assert_eq!(responses.matches(&format!("\r\ncontent-length: {length}\r\n")).count(), 2, "{responses}");
    assert_eq!(responses.matches("<feed").count(), 1, "{responses}");
    assert_eq!(responses.matches("\r\nconnection: ").count(), 1, "{responses}");
}

#[test]
fn a_connection_is_kept_as_its_version_and_its_headers_say() {
    let server = TestSite::of_two().serve();
    for (version, headers, persistence) in [
        ("1.1", "", None),
        ("1.1", "Connection: close\r\n", Some("close")),
        ("1.0", "", Some("close")),
        ("1.0", "Connection: keep-alive\r\n", Some("keep-alive")),
        // The server stays with HTTP/1.1.
        (
            "1.1",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n",
            Some("close"),
        ),
        ("1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", Some("close")),
    ] {
        let mut connection = server.connect();
        let response = connection.ask(&request(version, headers));
        let shown = (response.status, response.header("connection"));
        assert_eq!(shown, (200, persistence), "{version} {headers}");
        match persistence {
            Some("close") => assert!(connection.is_closed(), "{version} {headers}"),
            _ => assert_eq!(connection.get("/rss.xml").status, 200, "{version} {headers}"),
        }
    }
}

#[test]
fn no_part_of_a_body_is_taken_for_a_request() {
    let server = TestSite::of_two().serve();
    let inner = "GET /rss.xml HTTP/1.1\r\nHost: test\r\n\r\n";
    let length = format!("Content-Length: {}\r\n", inner.len());
    let chunked = format!("{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len());
    for (method, headers, body, status) in [
        ("GET", &*length, inner, 200),
        ("POST", &length, inner, 405),
        ("POST", "Transfer-Encoding: chunked\r\n", &chunked, 405),
        // The client waits for a 100 that never comes, or sends the body at once.
        ("POST", &format!("Expect: 100-continue\r\n{length}"), "", 405),
        ("POST", &format!("Expect: 100-continue\r\n{length}"), inner, 405),
    ] {
        let mut connection = server.connect();
        let head = format!("{method} /atom.xml HTTP/1.1\r\nHost: test\r\n{headers}\r\n{body}");
        let response = connection.ask(head.as_bytes());
        assert_eq!((response.status, response.header("connection")), (status, Some("close")), "{head}");
        assert!(connection.is_closed(), "{head}");
    }
    for headers in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Content-Length: +5\r\n",
        "Host: other\r\n",
    ] {
        let mut connection = server.connect();
        let response = connection.ask(&request("1.1", headers));
        assert_eq!((response.status, response.header("connection")), (400, Some("close")), "{headers}");
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert!(connection.is_closed(), "{headers}");
    }
}

#[test]
fn a_client_that_is_refused_reads_why_before_the_connection_ends() {
    let server = TestSite::of_two().serve();
    let mut connection = server.connect();
    let response = connection.ask(&request("1.1", &format!("X: {}\r\n", "a".repeat(300_000))));
    assert_eq!((response.status, response.header("connection")), (431, Some("close")));
    assert!(response.text().contains("too large"), "{}", response.text());
    assert!(connection.is_closed());
    let mut connection = server.connect();
    let response = connection.ask(b"GET /atom.xml HTTP/1.1\r\n\r\n");
    assert_eq!(response.status, 400, "HTTP/1.1 needs a host");
}

#[test]
fn a_client_that_ends_its_side_is_still_answered() {
    let server = TestSite::of_two().serve();
    let mut stream = server.open();
    stream.write_all(&request("1.1", "")).expect("the server reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("the server answers and closes");
    assert!(
        response.starts_with(b"HTTP/1.1 200 OK\r\n") && response.ends_with(b"</feed>\n"),
        "{}",
        String::from_utf8_lossy(&response)
    );
}

#[test]
fn a_stop_closes_idle_connections_and_completes_responses() {
    let site = TestSite::plain("");
    site.write(
        "posts/long.md",
        &format!("---\ntitle: Long\ndate: 2024-01-01\n---\n{}\n", "word ".repeat(80_000)),
    );
    let server = site.serve();
    let length = server.get("/atom.xml").body.len();
    let mut idle = server.connect();
    assert_eq!(idle.get("/atom.xml").status, 200);
    let mut slow = server.open();
    socket2::SockRef::from(&slow).set_recv_buffer_size(4096).expect("a socket has a buffer");
    slow.write_all(&request("1.1", "")).expect("the server reads");
    slow.read_exact(&mut [0; 1]).expect("the response began");
    let stopped = std::thread::spawn(move || server.stop("-TERM"));
    assert!(idle.is_closed());
    let mut response = Vec::new();
    slow.read_to_end(&mut response).expect("the rest comes, then the end");
    assert!(response.len() > length, "{} of {length}", response.len());
    assert_eq!(stopped.join().expect("it ends"), Some(0));
}
