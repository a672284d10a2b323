//! Where the server listens, its limits, and what it reports of itself.

use crate::common::{PATIENCE, TestSite};

#[test]
fn requests_that_are_too_large_or_invalid_are_rejected_and_affect_no_other() {
    let server = TestSite::of_two().serve();
    let line = |target: &str, header: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n").into_bytes()
    };
    let many: String = (0..500).map(|number| format!("X-{number}: y\r\n")).collect();
    for request in [
        line(&format!("/{}", "a".repeat(9000)), ""),
        line(&format!("/{}", "a".repeat(200_000)), ""),
        line("/atom.xml", &format!("X: {}\r\n", "a".repeat(300_000))),
        line("/atom.xml", &many),
        b"GET /atom.xml HTTP/9.9\r\n\r\n".to_vec(),
        b"\x00\x01\x02\r\n\r\n".to_vec(),
    ] {
        // A server that refuses may hang up while the request is still sent.
        if let Some(response) = server.connect().try_ask(&request) {
            assert!((400..600).contains(&response.status), "{}", response.status);
        }
    }
    assert_eq!(server.get("/atom.xml").status, 200);
}

#[test]
fn many_different_queries_fill_no_memory() {
    let site = TestSite::plain("[server]\ncache = \"1 MiB\"\nadmin_listen = \"127.0.0.1:0\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    let server = site.serve();
    let mut stream = server.connect();
    for number in 0..10_000 {
        let word = format!("{number}{}", "x".repeat(100));
        assert_eq!(stream.get(&format!("/atom.xml?not_tags={word}")).status, 200);
    }
    let weights = server.metrics("feedmill_cache_bytes{");
    assert_eq!(weights.len(), 3, "{weights:?}");
    assert!(weights.iter().sum::<u64>() <= 1 << 20, "{weights:?}");
}

#[test]
fn sockets_of_every_kind_are_listened_on() {
    let site = TestSite::of_two();
    let server = site.start(&["serve", "--listen", "[::1]:0"]).ready();
    assert!(server.base().starts_with("http://[::1]:"));
    site.write("precious", "text");
    let taken = format!("unix:{}", site.path("precious").display());
    let (status, _, errors) = site.run(&["serve", "--listen", &taken]);
    assert!(status == 2 && errors.contains("a file with this name exists"), "{errors}");
    let socket = site.path("feed.sock");
    let listen = format!("unix:{}", socket.display());
    for _ in 0..2 {
        // What a server that was killed left behind is no obstacle.
        let mut server = site.start_quiet(&["serve", "--listen", &listen, "--public-url", "https://e.org"]);
        let response = server.ask_socket(&socket, "/atom.xml");
        assert_eq!(response.header("link"), Some("<https://e.org/atom.xml>; rel=\"self\""));
        let (status, _, errors) = site.run(&["serve", "--listen", &listen]);
        assert!(status == 2 && errors.contains("another process listens on it"), "{errors}");
        server.kill();
    }
}

#[test]
fn metrics_and_status_show_the_state_of_the_server() {
    let site = TestSite::of_two();
    site.write("posts/bad.md", "---\ntitle: [\n---\n");
    site.edit("feedmill.toml", |text| format!("{text}[server]\nadmin_listen = \"127.0.0.1:0\"\n"));
    let server = site.serve();
    let etag = server.get("/atom.xml").required("etag").to_owned();
    let agent = ("User-Agent", "Feedly/1.0 (+http://feedly.com; 12 subscribers)");
    server.ask("GET", "/atom.xml", &[("If-None-Match", &etag), agent]);
    server.get("/nothing");
    let metrics = server.admin("/metrics");
    for line in [
        "feedmill_requests_total{kind=\"feed\",status=\"200\"} 1",
        "feedmill_requests_total{kind=\"feed\",status=\"304\"} 1",
        "feedmill_requests_total{kind=\"error\",status=\"404\"} 1",
        "feedmill_renders_total 1",
        "feedmill_posts 2",
        "feedmill_problems{of=\"error\"} 1",
        "feedmill_feed_subscribers{feed=\"/atom.xml\"} 12",
        "feedmill_feed_readers{feed=\"/atom.xml\"} 1",
    ] {
        assert!(metrics.lines().any(|known| known == line), "{line}: {metrics}");
    }
    let status = server.status();
    assert_eq!((&status["ready"], &status["sources"][0]["posts"]), (&true.into(), &2.into()));
    assert_eq!(status["sources"][0]["watch"], "native");
    assert_eq!(
        (&status["problems"][0]["line"], &status["problems"][0]["severity"]),
        (&3.into(), &"error".into())
    );
    assert!(status["problems"][0]["since"].is_string(), "{status}");
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    let later = server.status();
    assert!(
        later["revision"].as_u64() > status["revision"].as_u64()
            && later["sources"][0]["last_change"].is_string()
    );
    assert_eq!(server.get("/status.json").status, 404, "readers get no status");
}

#[test]
fn a_service_manager_is_notified_when_every_source_was_read_and_when_the_server_stops() {
    use std::os::unix::net::UnixDatagram;
    let site = TestSite::plain("[[source]]\nname = \"later\"\npath = \"later\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let path = site.path("notify");
    let socket = UnixDatagram::bind(&path).expect("the path is free");
    socket.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
    let hear = || {
        let mut bytes = [0; 100];
        let length = socket.recv(&mut bytes).expect("the server notifies its manager");
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let variable = format!("NOTIFY_SOCKET={}", path.display());
    let server = site.start_in(&["env", &variable]);
    assert_eq!(hear(), "STATUS=Waiting for a folder of posts\n");
    site.write("later/x.md", "---\ntitle: X\ndate: 2024-01-02\n---\n");
    let mut said = hear();
    while said.starts_with("STATUS") {
        said = hear();
    }
    assert_eq!(said, "READY=1\n");
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(server.stop("-TERM"), Some(0));
    assert_eq!(hear(), "STOPPING=1\n");
}

#[test]
fn a_supervisor_may_listen_itself() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let listen = || std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (own, admin) = (listen(), listen());
    let port =
        |socket: &std::net::TcpListener| socket.local_addr().expect("a bound socket has an address").port();
    let (own_port, admin_port) = (port(&own), port(&admin));
    // Who asks before the server runs is answered when it does.
    let early = std::net::TcpStream::connect(("127.0.0.1", own_port)).expect("the server listens");
    let server = site.start_on(vec![own.into(), admin.into()], own_port);
    assert_eq!(server.base(), format!("http://127.0.0.1:{own_port}"));
    let feed = server.wait_for("/atom.xml", |feed| feed.status == 200);
    assert!(feed.text().contains(&format!("href=\"http://127.0.0.1:{own_port}/atom.xml\" rel=\"self\"")));
    assert!(
        server.log().contains(&format!("metrics and status on 127.0.0.1:{admin_port}")),
        "{}",
        server.log()
    );
    assert_eq!(server.status()["ready"], true);
    drop(early);

    let path = site.path("own.sock");
    let socket = std::os::unix::net::UnixListener::bind(&path).expect("the file can be written");
    let server = site.start_on(vec![socket.into()], 0);
    assert_eq!(server.ask_socket(&path, "/healthz").status, 200);
    server.stop("-TERM");
    assert!(path.exists(), "it is the supervisor's to remove");
}

#[test]
fn too_few_open_files_are_reported_before_anything_runs() {
    let site = TestSite::of_two();
    let script = "ulimit -n 24 && exec \"$0\" serve --listen 127.0.0.1:0";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_feedmill")])
        .current_dir(site.path(""))
        .output()
        .expect("the program is installed");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("only 24 files may be open") && !error.contains("panicked"), "{error}");
}
