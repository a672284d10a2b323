//! The rules of HTTP, one test each, over a raw socket.

use std::io::Read;

use crate::site::{Server, TestSite};

fn site() -> TestSite {
    let site = TestSite::plain("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["C++", "a/b"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["Rust"]);
    site
}

#[test]
fn formats_have_their_media_types() {
    let server = site().serve();
    for (path, media_type) in [
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
    ] {
        let response = server.get(path);
        assert_eq!((response.status, response.header("content-type")), (200, Some(media_type)));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
        let link = format!("<{}{path}>; rel=\"self\"", server.base());
        assert_eq!(response.header("link"), Some(&*link));
    }
}

#[test]
fn a_known_etag_or_its_own_date_is_answered_with_304_and_all_that_caches_need() {
    let server = site().serve();
    let full = server.get("/tags/rust/atom.xml");
    let etag = full.header("etag").expect("it has one").to_owned();
    let modified = full.header("last-modified").expect("it has one").to_owned();
    for headers in [
        vec![("If-None-Match", etag.as_str())],
        vec![("If-None-Match", "\"x\""), ("If-None-Match", etag.as_str())],
        vec![("If-Modified-Since", modified.as_str())],
        vec![("If-None-Match", etag.as_str()), ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")],
    ] {
        let response = server.ask("GET", "/tags/rust/atom.xml", &headers);
        assert_eq!((response.status, response.body.len()), (304, 0), "{headers:?}");
        for name in ["etag", "last-modified", "cache-control"] {
            assert_eq!(response.header(name), full.header(name), "{name}");
        }
    }
    for headers in [
        vec![("If-None-Match", "\"x\"")],
        vec![("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")],
        vec![("If-None-Match", "\"x\""), ("If-Modified-Since", modified.as_str())],
    ] {
        assert_eq!(server.ask("GET", "/tags/rust/atom.xml", &headers).status, 200, "{headers:?}");
    }
}

#[test]
fn a_restart_or_a_touch_or_another_server_changes_no_etag() {
    let site = site();
    let paths = ["/atom.xml", "/rss.xml", "/feed.json", "/tags/rust/atom.xml"];
    let public = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];
    let read = || {
        let server = site.start(&public);
        server.wait_for("/readyz", |response| response.status == 200);
        paths.map(|path| {
            let response = server.get(path);
            (response.header("etag").map(str::to_owned), response.body)
        })
    };
    let before = read();
    let text = std::fs::read(site.path("posts/2024-01-02-two.md")).expect("it is there");
    site.write_bytes("posts/2024-01-02-two.md", &text);
    assert_eq!(read(), before);
}

#[test]
fn each_coding_has_its_bytes_and_its_own_etag() {
    let server = site().serve();
    let plain = server.get("/atom.xml");
    assert_eq!(plain.header("vary"), Some("Accept-Encoding, Sec-Fetch-Dest"));
    let mut etags = vec![plain.header("etag").expect("it has one").to_owned()];
    for (accepted, coding) in [("gzip", "gzip"), ("br;q=1, gzip;q=0.5", "br"), ("zstd", "zstd")] {
        let headers = [("Accept-Encoding", accepted)];
        let first = server.ask("GET", "/atom.xml", &headers);
        let again = server.ask("GET", "/atom.xml", &headers);
        assert_eq!(first.header("content-encoding"), Some(coding));
        assert_eq!((&first.body, first.header("etag")), (&again.body, again.header("etag")));
        assert_eq!(first.header("vary"), plain.header("vary"));
        let decoded = match coding {
            "gzip" => {
                let mut decoded = Vec::new();
                flate2::read::GzDecoder::new(&*first.body).read_to_end(&mut decoded).expect("it is gzip");
                decoded
            }
            "br" => {
                let mut decoded = Vec::new();
                brotli::Decompressor::new(&*first.body, 4096).read_to_end(&mut decoded).expect("it is br");
                decoded
            }
            _ => zstd::decode_all(&*first.body).expect("it is zstd"),
        };
        assert_eq!(decoded, plain.body, "{coding}");
        let etag = first.header("etag").expect("it has one").to_owned();
        let known = server.ask("GET", "/atom.xml", &[headers[0], ("If-None-Match", &etag)]);
        assert_eq!((known.status, known.header("etag")), (304, Some(&*etag)));
        assert_eq!(known.header("vary"), plain.header("vary"));
        // A strong tag is that of these very bytes.
        assert_eq!(server.ask("GET", "/atom.xml", &[("If-None-Match", &etag)]).status, 200);
        etags.push(etag);
    }
    etags.sort();
    etags.dedup();
    assert_eq!(etags.len(), 4);
    let refused = server.ask("GET", "/atom.xml", &[("Accept-Encoding", "identity;q=0, *;q=0")]);
    assert_eq!((refused.status, refused.header("content-encoding")), (200, None), "identity always works");
}

#[test]
fn scripts_of_other_sites_may_ask_feeds() {
    let server = site().serve();
    let response = server.ask("OPTIONS", "/tags/rust/atom.xml", &[("Origin", "https://e.org")]);
    assert_eq!((response.status, response.body.len()), (204, 0));
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD"),
        ("access-control-allow-headers", "If-None-Match, If-Modified-Since"),
    ] {
        assert_eq!(response.header(name), Some(value));
    }
    assert_eq!(server.ask("OPTIONS", "/nothing", &[]).status, 404);
}

#[test]
fn programs_get_errors_as_problems() {
    let server = site().serve();
    for (path, status) in [("/nothing", 404), ("/atom.xml?limit=0", 400)] {
        let response = server.ask("GET", path, &[("Accept", "application/problem+json, */*;q=0.1")]);
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        assert_eq!(response.header("vary"), Some("Accept"));
        let problem: serde_json::Value = serde_json::from_slice(&response.body).expect("it is JSON");
        assert_eq!((response.status, &problem["status"]), (status, &status.into()));
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
}

#[test]
fn what_is_too_large_or_no_request_is_refused_and_hurts_nobody() {
    let server = site().serve();
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
        // A server that refuses may hang up while it is still being talked to.
        if let Some(response) = server.try_send(&request) {
            assert!((400..600).contains(&response.status), "{}", response.status);
        }
    }
    assert_eq!(server.get("/atom.xml").status, 200);
}

#[test]
fn times_of_changes_outlive_a_restart_and_never_go_back() {
    let site = site();
    let public = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];
    let serve = || {
        let server = site.start(&public);
        server.wait_for("/readyz", |response| response.status == 200);
        server
    };
    let modified = |server: &Server, path: &str| {
        let response = server.get(path);
        httpdate::parse_http_date(response.header("last-modified").expect("it has one"))
            .expect("it is a date")
    };
    let paths = ["/tags/rust/atom.xml", "/atom.xml", "/atom.xml?limit=1"];
    let server = serve();
    let before = paths.map(|path| modified(&server, path));
    server.wait_for_state();
    assert_eq!(server.stop("-KILL"), None);
    // Long enough for a clock in seconds to show another time.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let server = serve();
    assert_eq!(paths.map(|path| modified(&server, path)), before, "a restart changes nothing");
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["new"]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    let after = paths.map(|path| modified(&server, path));
    assert_eq!(after[0], before[0], "another feed's posts change nothing");
    assert!(after[1] > before[1] && after[2] > before[2]);
    // Deleting what came does not bring the time back.
    site.remove("posts/2024-01-03-three.md");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    let last = modified(&server, "/atom.xml");
    assert!(last >= after[1]);
    // What was not written yet is written at a stop.
    assert_eq!(server.stop("-TERM"), Some(0));
    // The term is gone, and its feed still answers after a restart: its subscribers see an empty feed.
    let server = serve();
    assert_eq!(server.get("/tags/new/atom.xml").status, 404, "nobody subscribed to it");
    site.remove("posts/2024-01-02-two.md");
    let lost = server.wait_for_titles("/tags/rust/atom.xml", &[]);
    server.wait_for_state();
    drop(server);
    let server = serve();
    let again = server.get("/tags/rust/atom.xml");
    assert_eq!((again.titles().len(), again.header("etag")), (0, lost.header("etag")));
    assert_eq!(server.get("/tags/never/atom.xml").status, 404);
}

#[test]
fn other_settings_are_a_change_of_every_query() {
    let site = TestSite::plain("[server]\npublic_url = \"https://f.example\"\n[feeds]\nlimit = 3\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
    let ask = |server: &Server, since: Option<&str>| {
        let headers: Vec<(&str, &str)> =
            since.map(|since| ("If-Modified-Since", since)).into_iter().collect();
        server.ask("GET", "/atom.xml?tags=t", &headers)
    };
    let server = site.serve();
    let before = ask(&server, None);
    let since = before.header("last-modified").expect("it has one").to_owned();
    assert_eq!(ask(&server, Some(&since)).status, 304);
    assert_eq!(server.stop("-TERM"), Some(0));
    let config = std::fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    site.write("feedmill.toml", &config.replace("limit = 3", "limit = 1"));
    assert_eq!(ask(&site.serve(), Some(&since)).status, 200, "no change is missed");
}

#[test]
fn two_changes_within_a_second_have_two_dates() {
    let site = site();
    let server = site.serve();
    let mut dates = std::collections::BTreeSet::new();
    for number in 0..4 {
        let title = format!("T{number}");
        site.post("2024-01-02-two.md", &title, "2024-01-02", &["rust"]);
        let response = server.wait_for_titles("/atom.xml", &[&title, "One"]);
        // What is sent is capped at the date of the answer; what is compared is not.
        let since = response.header("last-modified").expect("it has one").to_owned();
        let etag = response.header("etag").expect("it has one").to_owned();
        dates.insert(etag);
        site.post("2024-01-02-two.md", "Other", "2024-01-02", &["rust"]);
        server.wait_for_titles("/atom.xml", &["Other", "One"]);
        let response = server.ask("GET", "/atom.xml", &[("If-Modified-Since", &since)]);
        assert_eq!(response.status, 200, "no change is missed");
    }
    assert_eq!(dates.len(), 4);
}

#[test]
fn sockets_of_every_kind_are_listened_on() {
    let site = site();
    let server = site.start(&["serve", "--listen", "[::1]:0"]);
    server.wait_for("/readyz", |response| response.status == 200);
    assert!(server.base().starts_with("http://[::1]:"));
    site.write("precious", "text");
    let taken = format!("unix:{}", site.path("precious").display());
    let (status, _, errors) = site.run(&["serve", "--listen", &taken]);
    assert!(status == 2 && errors.contains("there is a file of that name"), "{errors}");
    let socket = site.path("feed.sock");
    let listen = format!("unix:{}", socket.display());
    for _ in 0..2 {
        // What a server that was killed left behind is no obstacle.
        let mut server = site.start_quiet(&["serve", "--listen", &listen, "--public-url", "https://e.org"]);
        let response = server.ask_socket(&socket, "/atom.xml");
        assert_eq!(response.header("link"), Some("<https://e.org/atom.xml>; rel=\"self\""));
        let (status, _, errors) = site.run(&["serve", "--listen", &listen]);
        assert!(status == 2 && errors.contains("somebody listens there"), "{errors}");
        server.kill();
    }
}

#[test]
fn many_different_queries_fill_no_memory() {
    let site = TestSite::plain("[server]\ncache = \"1 MiB\"\nadmin_listen = \"127.0.0.1:0\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    let server = site.serve();
    let mut stream = server.connect();
    for number in 0..10_000 {
        let word = format!("{number}{}", "x".repeat(100));
        let request = format!("GET /atom.xml?not_tags={word} HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(stream.ask(request.as_bytes()).status, 200);
    }
    let metrics = server.admin("/metrics");
    let weights: Vec<u64> = metrics
        .lines()
        .filter(|line| line.starts_with("feedmill_cache_bytes{"))
        .map(|line| line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("it is a number"))
        .collect();
    assert_eq!(weights.len(), 3, "{metrics}");
    assert!(weights.iter().sum::<u64>() <= 1 << 20, "{weights:?}");
}

#[test]
fn metrics_and_status_tell_what_the_server_does() {
    let site = site();
    site.write("posts/bad.md", "---\ntitle: [\n---\n");
    let config = std::fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    site.write("feedmill.toml", &format!("{config}[server]\nadmin_listen = \"127.0.0.1:0\"\n"));
    let server = site.serve();
    let etag = server.get("/atom.xml").header("etag").expect("it has one").to_owned();
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
    let status: serde_json::Value = serde_json::from_str(&server.admin("/status.json")).expect("it is JSON");
    assert_eq!((&status["ready"], &status["sources"][0]["posts"]), (&true.into(), &2.into()));
    assert_eq!(status["sources"][0]["watch"], "native");
    assert_eq!(
        (&status["problems"][0]["line"], &status["problems"][0]["severity"]),
        (&3.into(), &"error".into())
    );
    assert!(status["problems"][0]["since"].is_string(), "{status}");
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    let later: serde_json::Value = serde_json::from_str(&server.admin("/status.json")).expect("it is JSON");
    assert!(
        later["revision"].as_u64() > status["revision"].as_u64()
            && later["sources"][0]["last_change"].is_string()
    );
    assert_eq!(server.get("/status.json").status, 404, "readers are not told");
}

#[test]
fn a_state_that_can_not_be_used_is_told_and_done_without() {
    let site = site();
    site.write(".feedmill/state.redb", &"no database".repeat(1000));
    let server = site.serve();
    server.wait_for_log("is damaged");
    assert!(site.path(".feedmill/state.damaged-1.redb").exists());
    // A second server over the same state leaves it alone.
    let second = site.serve();
    second.wait_for_log("another process has");
    assert_eq!((server.get("/atom.xml").status, second.get("/atom.xml").status), (200, 200));
    drop((server, second));
    std::fs::remove_dir_all(site.path(".feedmill")).expect("it is there");
    site.write(".feedmill", "a file where a folder should be");
    let server = site.serve();
    server.wait_for_log("can't be made");
    assert_eq!(server.get("/atom.xml").status, 200);
    // Commands beside a server never touch it.
    std::fs::remove_file(site.path(".feedmill")).expect("it is there");
    assert_eq!(site.run(&["render", "/atom.xml"]).0, 0);
    assert!(!site.path(".feedmill").exists());
}

#[test]
fn head_is_get_without_a_body() {
    let server = site().serve();
    let (get, head) = (server.get("/atom.xml"), server.ask("HEAD", "/atom.xml", &[]));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "content-length", "content-type", "last-modified", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[test]
fn other_methods_are_refused_with_those_that_work() {
    let server = site().serve();
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let response = server.ask(method, "/atom.xml", &[]);
        assert_eq!(
            (response.status, response.header("allow")),
            (405, Some("GET, HEAD, OPTIONS")),
            "{method}"
        );
    }
}

#[test]
fn what_is_no_feed_is_404_in_plain_words_and_names_no_file() {
    let server = site().serve();
    for path in [
        "/",
        "/x",
        "/tags/",
        "/tags/rust/",
        "/tags/nobody/atom.xml",
        "/nothing/rust/atom.xml",
        "/atom.xml/",
        "/tags/rust/x.xml",
        "/../atom.xml/x",
        "/posts/2024-01-01-one.md",
        "//atom.xml",
        "/sources/x/atom.xml",
        "/tags/..%2F..%2Fetc/atom.xml",
        "/tags%2Frust/atom.xml",
    ] {
        let response = server.get(path);
        assert_eq!(response.status, 404, "{path}");
        assert_eq!(response.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(response.header("cache-control"), Some("public, max-age=60"));
        assert!(!response.text().contains(".md") && !response.text().contains("tmp"), "{}", response.text());
    }
}

#[test]
fn an_address_that_is_not_encoded_well_is_400() {
    let server = site().serve();
    for path in ["/tags/%zz/atom.xml", "/tags/%ff/atom.xml", "/tags/%/atom.xml", "/%c3%28"] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
}

#[test]
fn a_term_is_found_by_every_spelling_and_answered_under_its_canonical_address() {
    let site = site();
    site.post(
        "2024-01-03-three.md",
        "Three",
        "2024-01-03",
        &["联合早报", "Self Hosted", "C#", ".NET", "café"],
    );
    let server = site.serve();
    for (asked, canonical) in [
        ("/tags/c++/atom.xml", "/tags/c++/atom.xml"),
        ("/tags/C%2B%2B/atom.xml", "/tags/c++/atom.xml"),
        ("/tags/c%23/atom.xml", "/tags/c%23/atom.xml"),
        ("/tags/.net/atom.xml", "/tags/.net/atom.xml"),
        ("/tags/a/b/atom.xml", "/tags/a/b/atom.xml"),
        ("/tags/a%2Fb/atom.xml", "/tags/a/b/atom.xml"),
        ("/tags/self-hosted/atom.xml", "/tags/self-hosted/atom.xml"),
        ("/tags/Self%20%20Hosted/atom.xml", "/tags/self-hosted/atom.xml"),
        ("/tags/cafe%CC%81/atom.xml", "/tags/caf%C3%A9/atom.xml"),
        (
            "/tags/%E8%81%94%E5%90%88%E6%97%A9%E6%8A%A5/atom.xml",
            "/tags/%E8%81%94%E5%90%88%E6%97%A9%E6%8A%A5/atom.xml",
        ),
        ("/sources/posts/atom.xml", "/sources/posts/atom.xml"),
        ("/sources/POSTS/atom.xml", "/sources/posts/atom.xml"),
    ] {
        let response = server.get(asked);
        assert_eq!(response.status, 200, "{asked}");
        let link = format!("<{}{canonical}>; rel=\"self\"", server.base());
        assert_eq!(response.header("link"), Some(&*link), "{asked}");
    }
}

#[test]
fn the_path_of_the_public_address_is_answered_with_and_without_it() {
    let site = site();
    let server =
        site.start(&["serve", "--listen", "127.0.0.1:0", "--public-url", "https://example.org/feeds"]);
    server.wait_for("/readyz", |response| response.status == 200);
    for path in ["/atom.xml", "/feeds/atom.xml", "/feeds/tags/rust/atom.xml", "/feeds/readyz"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    assert_eq!(
        server.get("/atom.xml").header("link"),
        Some("<https://example.org/feeds/atom.xml>; rel=\"self\"")
    );
    assert_eq!(server.get("/feedsatom.xml").status, 404);
}

#[test]
fn a_feed_is_not_kept_past_the_next_scheduled_post() {
    let site = site();
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(100);
    site.post("later.md", "Later", &soon.to_rfc3339(), &[]);
    let server = site.serve();
    let response = server.get("/atom.xml");
    let cache = response.header("cache-control").expect("it has one");
    let seconds: u32 =
        cache.trim_start_matches("public, max-age=").split(',').next().unwrap_or("").parse().expect(cache);
    assert!(seconds <= 100 && !cache.contains("stale-while-revalidate"), "{cache}");
    assert_eq!(response.titles(), ["Two", "One"]);
}

#[test]
fn before_the_first_scan_everything_but_liveness_is_503() {
    let site = TestSite::plain("");
    std::fs::remove_dir(site.path("posts")).expect("it is empty");
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(server.get("/healthz").status, 200);
    for path in ["/readyz", "/atom.xml", "/tags/rust/rss.xml", "/x"] {
        let response = server.get(path);
        assert_eq!((response.status, response.header("retry-after")), (503, Some("1")), "{path}");
        assert_eq!(response.header("cache-control"), Some("no-store"));
    }
    let under =
        site.start(&["serve", "--listen", "127.0.0.1:0", "--public-url", "https://example.org/feeds"]);
    assert_eq!((under.get("/feeds/healthz").status, under.get("/feeds/readyz").status), (200, 503));
    // The folder comes: no restart is needed.
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    server.wait_for_titles("/atom.xml", &["One"]);
}

#[test]
fn a_stop_signal_ends_it_well() {
    for signal in ["-TERM", "-INT"] {
        assert_eq!(site().serve().stop(signal), Some(0), "{signal}");
    }
}
