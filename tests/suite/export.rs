//! `feedmill export`: the same bytes as are served, and nothing outside of its folder.

use std::fs;

use crate::site::TestSite;

#[test]
fn files_are_what_is_served_and_a_second_run_touches_what_changed() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.post("one.md", "One", "2024-01-01", &["C++", "a/b", "..", "c#"]);
    site.post("two.md", "Two", "2024-01-02", &["Rust"]);
    let (status, shown, errors) = site.run(&["export", "out", "--gzip", "--br"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_eq!(shown, "93 files written, 0 were as they should be, 0 removed.\n");
    let server = site.serve();
    for (file, address) in [
        ("atom.xml", "/atom.xml"),
        ("opml.xml", "/opml.xml"),
        ("tags/c++/rss.xml", "/tags/c++/rss.xml"),
        ("tags/c#/feed.json", "/tags/c%23/feed.json"),
        ("tags/a/b/atom.xml", "/tags/a/b/atom.xml"),
        ("tags/~../atom.xml", "/tags/~../atom.xml"),
        ("index.html", "/"),
        ("tags/index.html", "/tags/"),
        ("tags/c#/index.html", "/tags/c%23/"),
    ] {
        let file = site.path("out").join(file);
        assert_eq!(fs::read(&file).ok(), Some(server.get(address).body), "{address}");
        for (ending, coding) in [(".gz", "gzip"), (".br", "br")] {
            let twin = fs::read(
                file.with_extension(format!("{}{ending}", file.extension().expect("it has one").display())),
            );
            let served = server.ask("GET", address, &[("Accept-Encoding", coding)]);
            assert_eq!(twin.ok(), Some(served.body), "{address} {coding}");
        }
    }
    let stamp = |file: &str| fs::metadata(site.path("out").join(file)).and_then(|file| file.modified()).ok();
    let (rust, main) = (stamp("tags/rust/atom.xml"), stamp("atom.xml"));
    site.write("out/own.txt", "somebody's");
    site.post("one.md", "Uno", "2024-01-01", &["C++"]);
    let (status, shown, _) = site.run(&["export", "out"]);
    assert_eq!((status, shown.as_str()), (0, "10 files written, 9 were as they should be, 74 removed.\n"));
    assert!(stamp("tags/rust/atom.xml") == rust && stamp("atom.xml") != main);
    assert!(site.path("out/own.txt").exists() && !site.path("out/tags/a").exists());
}

#[test]
fn a_list_of_what_was_written_removes_nothing_outside() {
    let site = TestSite::of_two();
    site.write("precious", "text");
    site.write("out/.feedmill-export", "../precious\n/etc/hostname\ntags/../../precious\n");
    assert_eq!(site.run(&["export", "out"]).0, 0);
    assert!(site.path("precious").exists());
    // What feedmill did not write it does not replace either, nor does it go where a link leads.
    fs::remove_dir_all(site.path("out")).expect("it is there");
    site.write("out/index.html", "somebody's");
    let (status, shown, errors) = site.run(&["export", "out"]);
    assert!(status == 2 && errors.contains("out/index.html is not one that feedmill wrote"), "{errors}");
    assert!(shown.contains("files written"), "{shown}");
    assert_eq!(fs::read_to_string(site.path("out/index.html")).ok().as_deref(), Some("somebody's"));
    assert!(site.path("out/atom.xml").exists());
    fs::remove_dir_all(site.path("out")).expect("it is there");
    fs::create_dir_all(site.path("elsewhere")).expect("it can be made");
    fs::create_dir_all(site.path("out")).expect("it can be made");
    std::os::unix::fs::symlink(site.path("elsewhere"), site.path("out/tags")).expect("it can be made");
    let (status, _, errors) = site.run(&["export", "out"]);
    assert!(status == 2 && errors.contains("out/tags leads elsewhere"), "{errors}");
    assert_eq!(fs::read_dir(site.path("elsewhere")).expect("it is there").count(), 0);
    // A file where a folder has to be is no reason to go on.
    fs::remove_dir_all(site.path("out")).expect("it is there");
    site.write("out/tags", "a file");
    let (status, _, errors) = site.run(&["export", "out"]);
    assert!(status == 2 && errors.contains("out/tags") && errors.contains("can't be written"), "{errors}");
}
