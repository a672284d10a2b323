//! Media files of entries: which are served, whole and in part.

use crate::common::{Server, TestSite};

fn serve(site: &TestSite) -> Server {
    site.start(&["serve", "notes", "--listen", "127.0.0.1:0"]).ready()
}

#[test]
fn nothing_is_served_that_no_visible_entry_shows_or_that_is_outside_the_source() {
    let site = TestSite::new();
    site.write("secret.png", "secret");
    site.write("other/far.png", "secret");
    for file in ["a.png", "unused.png", ".hidden.png", ".git/x.png", "data.toml", "dir.png/x", "sub/b.MP3"] {
        site.write(&format!("notes/{file}"), "bytes");
    }
    site.link("notes/out.png", site.path("secret.png"));
    site.link("notes/far", site.path("other"));
    site.link("notes/in.png", site.path("notes/a.png"));
    site.link("notes/inner.png", site.path("notes/.git/x.png"));
    site.write(
        "notes/one.md",
        "---\ntitle: One\ndate: 2024-01-01\naudio: sub/b.MP3\n---\n\
         ![](a.png) ![](in.png) ![](out.png) ![](far/far.png) ![](.hidden.png) ![](.git/x.png) \
         ![](data.toml) ![](dir.png) ![](../secret.png) ![](inner.png) ![](missing.png) [x](one.md) `![](unused.png)`\n",
    );
    let server = serve(&site);
    for (path, kind) in [
        ("/media/notes/a.png", "image/png"),
        ("/media/notes/in.png", "image/png"),
        ("/media/notes/sub/b.MP3", "audio/mpeg"),
    ] {
        let file = server.get(path);
        assert_eq!(
            (file.status, file.header("content-type"), &*file.text()),
            (200, Some(kind), "bytes"),
            "{path}"
        );
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }
    for path in [
        "unused.png",
        "out.png",
        "far/far.png",
        ".hidden.png",
        ".git/x.png",
        "inner.png",
        "data.toml",
        "dir.png",
        "missing.png",
        "one.md",
        "../secret.png",
        "..%2Fsecret.png",
        "secret.png",
        "sub%2F..%2Fa.png",
        "a.png%00",
        "",
    ] {
        let file = server.get(&format!("/media/notes/{path}"));
        assert!(matches!(file.status, 301 | 400 | 404), "{path}: {}", file.status);
        assert!(!file.text().contains("secret"), "{path}");
    }
    // The length of an enclosure is that of the file.
    assert!(server.get("/rss.xml").text().contains("length=\"5\" type=\"audio/mpeg\""));
    site.remove("notes/one.md");
    site.write("notes/two.md", "---\ntitle: Two\ndate: 2024-01-01\n---\n");
    server.wait_for_titles("/atom.xml", &["Two"]);
    assert_eq!(server.get("/media/notes/a.png").status, 404);
}

/// Obsidian shows an attachment that is embedded by its name from any folder of the vault, and follows it when it moves.
#[test]
fn a_vault_finds_media_files_by_their_names() {
    let site = TestSite::new();
    site.write("notes/.obsidian/app.json", "{}");
    site.write(
        "notes/Posts/a.md",
        "---\ntitle: A\ndate: 2024-01-02\n---\n![[Pic 1.png]] ![x](near.png) ![[Gone.png]]\n",
    );
    site.write("notes/Posts/near.png", "near");
    site.write("notes/near.png", "another");
    let server = serve(&site);
    let show = |wanted: &'static [&'static str]| {
        server.wait_for("/feed.json", move |feed| wanted.iter().all(|url| feed.text().contains(url)))
    };
    let first = show(&["/media/notes/Pic%201.png", "/media/notes/Posts/near.png", "/media/notes/Gone.png"]);
    site.write("notes/Archive/2024/pic 1.PNG", "picture");
    let second = show(&["/media/notes/Archive/2024/pic%201.PNG", "/media/notes/Posts/near.png"]);
    assert_ne!(first.header("etag"), second.header("etag"));
    assert_eq!(server.get("/media/notes/Archive/2024/pic%201.PNG").text(), "picture");
    site.rename("notes/Archive", "notes/Files");
    show(&["/media/notes/Files/2024/pic%201.PNG"]);
    // A file at the place itself comes first, and one of several that lies highest.
    site.write("notes/pic 1.png", "higher");
    show(&["/media/notes/pic%201.png"]);
    assert_eq!(server.get("/media/notes/Files/2024/pic%201.PNG").status, 404);
    assert_eq!(site.run(&["export", "out", "--site", "notes"]).0, 0);
    assert!(site.path("out/media/notes/pic 1.png").exists());
}

/// A media file in an excluded folder is not published, nor is a copy that an export wrote, nor a link out of the vault.
#[test]
fn a_vault_publishes_no_excluded_media_file() {
    for (ignored, exclude) in [("", "exclude = [\"Private/**\"]"), ("Private/\n", "")] {
        let site = TestSite::new();
        site.write(
            "feedmill.toml",
            &format!("[site]\ntitle = \"T\"\n[[source]]\npath = \"notes\"\n{exclude}\n"),
        );
        site.write("notes/.obsidian/app.json", "{}");
        site.write("notes/.feedmillignore", &format!("{ignored}# more\n"));
        site.write("notes/Private/cover.png", "private");
        site.write("notes/posts/2024/img/cover.png", "public");
        site.write("secret.png", "secret");
        site.link("notes/pic.png", site.path("secret.png"));
        site.write("notes/deep/img/pic.png", "picture");
        let note = "---\ndate: 2024-01-02\n---\n![[cover.png]] ![[pic.png]] ![[img/cover.png]]\n";
        site.write("notes/posts/note.md", note);
        let (_, feed, _) = site.run(&["render", "/feed.json"]);
        for file in ["posts/2024/img/cover.png", "deep/img/pic.png"] {
            assert!(feed.contains(&format!("/media/notes/{file}")), "{file}: {feed}");
        }
        assert!(!feed.contains("Private"), "{feed}");
        for _ in 0..2 {
            assert_eq!(site.run(&["export", "notes/public"]).0, 0);
        }
        assert!(!site.path("notes/public/media/notes/public").exists());
    }
}

/// A path in an embed is the end of a path in the vault, or relative to the note.
#[test]
fn a_vault_finds_media_files_by_the_ends_of_their_paths() {
    let site = TestSite::new();
    site.write("notes/.obsidian/app.json", "{}");
    for file in ["z.png", "n/attachments/z.png", "files/b.png", "n/b.png"] {
        site.write(&format!("notes/{file}"), "picture");
    }
    site.write(
        "notes/n/a.md",
        "---\ndate: 2024-01-02\n---\n![[attachments/z.png]] ![[./b.png]] ![[../z.png]]\n",
    );
    let (_, feed, _) = site.run(&["render", "/feed.json", "--site", "notes"]);
    for file in ["n/attachments/z.png", "n/b.png", "z.png"] {
        assert!(feed.contains(&format!("/media/notes/{file}\\\"")), "{file}: {feed}");
    }
}

#[test]
fn a_file_is_sent_whole_in_part_or_not_again() {
    let site = TestSite::new();
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| n as u8).collect();
    site.write_bytes("notes/film.mp4", &bytes);
    site.write("notes/picture.svg", "<svg/>");
    site.write(
        "notes/one.md",
        "---\ntitle: One\ndate: 2024-01-01\n---\n<video src=film.mp4></video> ![](picture.svg)\n",
    );
    let server = serve(&site);
    let path = "/media/notes/film.mp4";
    let whole = server.get(path);
    assert_eq!((whole.status, whole.body.len()), (200, bytes.len()));
    assert!(whole.body == bytes);
    let header = |name: &str| whole.required(name).to_owned();
    let (etag, date) = (header("etag"), header("last-modified"));
    assert_eq!(header("accept-ranges"), "bytes");
    assert_eq!(header("cache-control"), "public, max-age=300");
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=100000-250000", 100_000..250_001),
        ("bytes=299999-", 299_999..300_000),
        ("bytes=-10", 299_990..300_000),
        ("bytes=5-99999999999999999999", 5..300_000),
    ] {
        for more in [&[][..], &[("If-Range", &*etag)], &[("If-Range", &*date)]] {
            let sent = server.ask("GET", path, &[&[("Range", range)], more].concat());
            let expected = format!("bytes {}-{}/300000", part.start, part.end - 1);
            assert_eq!((sent.status, sent.header("content-range")), (206, Some(&*expected)), "{range}");
            assert!(sent.body == bytes[part.clone()], "{range}");
        }
        let changed = server.ask("GET", path, &[("Range", range), ("If-Range", "\"other\"")]);
        assert_eq!((changed.status, changed.body.len()), (200, bytes.len()));
    }
    // RFC 9110 §14.2: ranges are for GET alone.
    let head = server.ask("HEAD", path, &[("Range", "bytes=0-9")]);
    assert_eq!((head.status, head.header("content-range")), (200, None));
    let beyond = server.ask("GET", path, &[("Range", "bytes=300000-")]);
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */300000")));
    for condition in [("If-None-Match", &*etag), ("If-Modified-Since", &*date)] {
        let same = server.ask("GET", path, &[condition]);
        assert_eq!(
            (same.status, same.header("etag"), same.body.len()),
            (304, Some(&*etag), 0),
            "{condition:?}"
        );
    }
    let head = server.ask("HEAD", path, &[]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("300000"), 0));
    assert_eq!(server.ask("POST", path, &[]).status, 405);
    let picture = server.get("/media/notes/picture.svg");
    assert!(picture.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    // A new file is another version.
    site.write_bytes("notes/film.mp4", &bytes[..1000]);
    let changed = server.ask("GET", path, &[("If-None-Match", &etag)]);
    assert_eq!((changed.status, changed.body.len()), (200, 1000));
}

#[test]
fn many_slow_readers_of_large_files_cost_little_memory_and_stop_no_other() {
    let site = TestSite::new();
    site.write_bytes("notes/film.mp4", &vec![7; 20 << 20]);
    site.write("notes/one.md", "---\ntitle: One\ndate: 2024-01-01\n---\n<video src=film.mp4></video>\n");
    let server = serve(&site);
    let before = server.memory("VmRSS");
    let slow: Vec<_> = (0..64)
        .map(|_| {
            let mut stream = server.open();
            let request = "GET /media/notes/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n";
            std::io::Write::write_all(&mut stream, request.as_bytes()).expect("the server reads the request");
            stream
        })
        .collect();
    for mut stream in &slow {
        let mut first = [0; 64];
        assert!(std::io::Read::read(&mut stream, &mut first).expect("the server answers") > 0);
    }
    assert_eq!(server.get("/atom.xml").status, 200);
    let grown = server.memory("VmRSS").saturating_sub(before);
    assert!(grown < 100 << 20, "{} MiB", grown >> 20);
}
