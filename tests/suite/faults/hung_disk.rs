//! A disk that does not answer, as that of a dead NFS server: only its own source waits for it.

use std::process::Command;
use std::time::Instant;

use crate::common::{Server, TestSite};

/// Two sources, `slow` and `fast`.
fn site() -> TestSite {
    let site = TestSite::new();
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"Before\"\nurl = \"https://example.org\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n\
         [[source]]\nname = \"slow\"\npath = \"hung\"\ndialect = \"plain\"\n\
         [[source]]\nname = \"fast\"\npath = \"posts\"\ndialect = \"plain\"\n",
    );
    write(&site, "hung/one.md", "Slow");
    site.write("hung/two.md", "---\ntitle: Slow too\ndate: 2024-01-01\n---\nText of Slow too.\n");
    write(&site, "posts/fast.md", "Fast");
    site
}

fn write(site: &TestSite, path: &str, title: &str) {
    site.write(path, &format!("---\ntitle: {title}\ndate: 2024-01-02\ntags: [t]\n---\nText of {title}.\n"));
}

/// A server on whose first source no call returns while there is a file `flag`.
fn serve(site: &TestSite) -> Server {
    let library = site.path("hung_disk.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/faults/hung_disk.c");
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]).status();
    assert!(built.expect("Rust links with cc").success());
    let flag = format!("HUNG_FLAG={}", site.path("flag").display());
    let preload = format!("LD_PRELOAD={}", library.display());
    site.serve_in(&["env", &flag, "HUNG_MARK=/hung/", &preload])
}

#[test]
fn a_disk_that_does_not_answer_delays_only_its_own_source() {
    let site = site();
    let server = serve(&site);
    server.wait_for_titles("/sources/slow/atom.xml", &["Slow", "Slow too"]);
    site.write("flag", "");
    write(&site, "hung/one.md", "Slow, edited");

    write(&site, "posts/fast.md", "Fast, edited");
    server.wait_for_titles("/sources/fast/atom.xml", &["Fast, edited"]);

    // A rendering that was not made before waits for a second at most, and has the texts that were held.
    let asked = Instant::now();
    let rendered = server.get("/sources/slow/feed.json");
    assert_eq!(rendered.status, 200, "{}", rendered.text());
    assert!(rendered.text().contains("Text of Slow.") && rendered.text().contains("Text of Slow too."));
    assert!(asked.elapsed().as_secs() < 5, "it took {:?}", asked.elapsed());

    site.edit("feedmill.toml", |text| text.replace("Before", "After"));
    server.wait_for("/sources/fast/atom.xml", |response| response.text().contains("After"));

    server.wait_for_problem("the disk has not answered for 10 s: its posts stay as they were");
    assert_eq!(server.get("/readyz").status, 200);
    write(&site, "posts/fast.md", "Fast, edited again");
    server.wait_for_titles("/sources/fast/atom.xml", &["Fast, edited again"]);

    site.remove("flag");
    server.wait_for_titles("/sources/slow/atom.xml", &["Slow, edited", "Slow too"]);
    server.wait_for_no_problem();
    assert_eq!(server.stop("-TERM"), Some(0));
}

#[test]
fn a_configuration_can_drop_a_source_whose_disk_does_not_answer() {
    let site = site();
    let server = serve(&site);
    server.wait_for_titles("/sources/fast/atom.xml", &["Fast"]);
    site.write("flag", "");
    write(&site, "hung/one.md", "Slow, edited");
    let configuration = site.read("feedmill.toml");
    let slow = "[[source]]\nname = \"slow\"\npath = \"hung\"\ndialect = \"plain\"\n";
    site.write("feedmill.toml", &configuration.replace(slow, ""));
    server.wait_for_titles("/atom.xml", &["Fast"]);
    write(&site, "posts/fast.md", "Fast, edited");
    server.wait_for_titles("/atom.xml", &["Fast, edited"]);
}
