//! Links that are made to lead elsewhere, as deployments do it: with no event in the folder itself.

use std::fs;
use std::os::unix::fs::symlink;

use crate::site::TestSite;

fn lead(site: &TestSite, link: &str, target: &str) {
    symlink(target, site.path("next-link")).expect("it can be made");
    fs::rename(site.path("next-link"), site.path(link)).expect("it can be replaced");
}

fn write(site: &TestSite, name: &str, title: &str) {
    site.write(name, &format!("---\ntitle: {title}\ndate: 2024-01-01\n---\nText of {title}.\n"));
}

#[test]
fn a_root_that_is_a_link_may_be_swapped_as_git_sync_does() {
    let site = TestSite::observed("sweep = 0\n");
    fs::remove_dir(site.path("posts")).expect("it is empty");
    for (version, title) in [("v1", "One"), ("v2", "Two"), ("v3", "Three")] {
        write(&site, &format!("{version}/tree/a.md"), title);
    }
    lead(&site, "current", "v1");
    symlink("current/tree", site.path("posts")).expect("it can be made");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    for (version, title) in [("v2", "Two"), ("v3", "Three"), ("v1", "One")] {
        lead(&site, "current", version);
        server.wait_for_titles("/atom.xml", &[title]);
        // And what it leads to now is followed.
        write(&site, &format!("{version}/tree/a.md"), "Edited");
        server.wait_for_titles("/atom.xml", &["Edited"]);
        write(&site, &format!("{version}/tree/a.md"), title);
        server.wait_for_titles("/atom.xml", &[title]);
    }
    assert!(server.count_faults("link") >= 3, "{}", server.admin("/metrics"));
}

#[test]
fn files_that_lead_through_a_data_link_may_be_swapped_as_kubernetes_does() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "posts/..2024_01/a.md", "One");
    lead(&site, "posts/..data", "..2024_01");
    symlink("..data/a.md", site.path("posts/a.md")).expect("it can be made");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    for (version, title) in [("..2024_02", "Two"), ("..2024_03", "Three")] {
        write(&site, &format!("posts/{version}/a.md"), title);
        lead(&site, "posts/..data", version);
        server.wait_for_titles("/atom.xml", &[title]);
    }
}

#[test]
fn a_linked_folder_is_followed_where_it_leads_and_when_it_is_led_elsewhere() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "posts/own.md", "Own");
    write(&site, "shared/x/a.md", "A");
    write(&site, "other/x/b.md", "B");
    let server = site.serve();
    symlink("../shared/x", site.path("posts/linked")).expect("it can be made");
    server.wait_for("/atom.xml", |response| response.titles().len() == 2);
    write(&site, "shared/x/a.md", "A2");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"A2".to_owned()));
    lead(&site, "posts/linked", "../other/x");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"B".to_owned()));
    write(&site, "other/x/b.md", "B2");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"B2".to_owned()));
    assert_eq!(server.get("/atom.xml").titles().len(), 2);
    fs::remove_file(site.path("posts/linked")).expect("it is there");
    server.wait_for_titles("/atom.xml", &["Own"]);
}

#[test]
fn a_linked_file_is_followed_where_it_leads() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "elsewhere/a.md", "One");
    symlink("../elsewhere/a.md", site.path("posts/a.md")).expect("it can be made");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    write(&site, "elsewhere/a.md", "Two");
    server.wait_for_titles("/atom.xml", &["Two"]);
    // By rename, as editors save.
    write(&site, "elsewhere/a.md.new", "Three");
    fs::rename(site.path("elsewhere/a.md.new"), site.path("elsewhere/a.md")).expect("it is there");
    server.wait_for_titles("/atom.xml", &["Three"]);
    fs::remove_file(site.path("elsewhere/a.md")).expect("it is there");
    server.wait_for_problem("this link leads to no file");
    server.wait_for_titles("/atom.xml", &["Three"]);
    write(&site, "elsewhere/a.md", "Four");
    server.wait_for_titles("/atom.xml", &["Four"]);
}

#[test]
fn a_folder_that_two_paths_lead_to_changes_at_both() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "posts/a/x.md", "Before");
    symlink("a", site.path("posts/b")).expect("it can be made");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["Before", "Before"]);
    write(&site, "posts/a/x.md", "After");
    server.wait_for_titles("/atom.xml", &["After", "After"]);
    write(&site, "posts/b/y.md", "New");
    server.wait_for("/atom.xml", |response| response.titles().len() == 4);
}

#[test]
fn a_link_to_a_folder_above_it_is_not_followed_and_is_reported() {
    let site = TestSite::observed("");
    write(&site, "posts/a/x.md", "One");
    symlink("..", site.path("posts/a/up")).expect("it can be made");
    let server = site.serve();
    server.wait_for_problem("leads back to a folder above it");
    server.wait_for_titles("/atom.xml", &["One"]);
    // It is reported with its line and position.
    fs::remove_file(site.path("posts/a/up")).expect("it is there");
    server.wait_for_no_problem();
}
