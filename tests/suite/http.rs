//! The rules of HTTP, one test each, over a raw socket.

use std::io::Read;

use crate::common::TestSite;

#[test]
fn formats_have_their_media_types() {
    let server = TestSite::of_two().serve();
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
    let server = TestSite::of_two().serve();
    let full = server.get("/tags/rust/atom.xml");
    let etag = full.required("etag").to_owned();
    let modified = full.required("last-modified").to_owned();
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
    let site = TestSite::of_two();
    let paths = ["/atom.xml", "/rss.xml", "/feed.json", "/tags/rust/atom.xml"];
    let public = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];
    let read = || {
        let server = site.start(&public).ready();
        paths.map(|path| {
            let response = server.get(path);
            (response.header("etag").map(str::to_owned), response.body)
        })
    };
    let before = read();
    let text = site.read("posts/2024-01-02-two.md");
    site.write("posts/2024-01-02-two.md", &text);
    assert_eq!(read(), before);
}

#[test]
fn each_coding_has_its_bytes_and_its_own_etag() {
    let server = TestSite::of_two().serve();
    let plain = server.get("/atom.xml");
    assert_eq!(plain.header("vary"), Some("Accept-Encoding, Sec-Fetch-Dest, Upgrade-Insecure-Requests"));
    let mut etags = vec![plain.required("etag").to_owned()];
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
                flate2::read::GzDecoder::new(&*first.body).read_to_end(&mut decoded).expect("gzip");
                decoded
            }
            "br" => {
                let mut decoded = Vec::new();
                brotli::Decompressor::new(&*first.body, 4096).read_to_end(&mut decoded).expect("br");
                decoded
            }
            _ => zstd::decode_all(&*first.body).expect("zstd"),
        };
        assert_eq!(decoded, plain.body, "{coding}");
        let etag = first.required("etag").to_owned();
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
    let server = TestSite::of_two().serve();
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
    let server = TestSite::of_two().serve();
    for (path, status) in [("/nothing", 404), ("/atom.xml?limit=0", 400)] {
        let response = server.ask("GET", path, &[("Accept", "application/problem+json, */*;q=0.1")]);
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        assert_eq!(response.header("vary"), Some("Accept, Sec-Fetch-Dest, Upgrade-Insecure-Requests"));
        let problem = response.json();
        assert_eq!((response.status, &problem["status"]), (status, &status.into()));
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
}

#[test]
fn head_is_get_without_a_body() {
    let server = TestSite::of_two().serve();
    let (get, head) = (server.get("/atom.xml"), server.ask("HEAD", "/atom.xml", &[]));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "content-length", "content-type", "last-modified", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[test]
fn other_methods_are_refused_with_those_that_work() {
    let server = TestSite::of_two().serve();
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
    let server = TestSite::of_two().serve();
    for path in [
        "/x",
        "/tags/unknown/",
        "/tags/unknown/atom.xml",
        "/nothing/rust/atom.xml",
        "/tags/rust/x.xml",
        "/../atom.xml/x",
        "/posts/2024-01-01-one.md",
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
    let server = TestSite::of_two().serve();
    for path in ["/tags/%zz/atom.xml", "/tags/%ff/atom.xml", "/tags/%/atom.xml", "/%c3%28"] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
}

#[test]
fn a_term_is_found_by_every_spelling_and_answered_under_its_canonical_address() {
    let site = TestSite::of_two();
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
    let site = TestSite::of_two();
    let server = site
        .start(&["serve", "--listen", "127.0.0.1:0", "--public-url", "https://example.org/feeds"])
        .ready();
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
    let site = TestSite::of_two();
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(100);
    site.post("later.md", "Later", &soon.to_rfc3339(), &[]);
    let server = site.serve();
    let response = server.get("/atom.xml");
    let cache = response.required("cache-control");
    let seconds: u32 =
        cache.trim_start_matches("public, max-age=").split(',').next().unwrap_or("").parse().expect(cache);
    assert!(seconds <= 100 && !cache.contains("stale-while-revalidate"), "{cache}");
    assert_eq!(response.titles(), ["Two", "One"]);
}

#[test]
fn before_the_first_scan_everything_but_liveness_is_503() {
    let site = TestSite::plain("");
    site.remove_folder("posts");
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
        assert_eq!(TestSite::of_two().serve().stop(signal), Some(0), "{signal}");
    }
}
