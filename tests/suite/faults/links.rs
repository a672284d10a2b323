//! Links that are made to lead elsewhere, as deployments do it: with no event in the folder itself.

use crate::common::TestSite;

fn write(site: &TestSite, name: &str, title: &str) {
    site.write(name, &format!("---\ntitle: {title}\ndate: 2024-01-01\n---\nText of {title}.\n"));
}

#[test]
fn a_root_that_is_a_link_may_be_swapped_as_git_sync_does() {
    let site = TestSite::observed("sweep = 0\n");
    site.remove_folder("posts");
    for (version, title) in [("v1", "One"), ("v2", "Two"), ("v3", "Three")] {
        write(&site, &format!("{version}/tree/a.md"), title);
    }
    site.relink("current", "v1");
    site.link("posts", "current/tree");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    for (version, title) in [("v2", "Two"), ("v3", "Three"), ("v1", "One")] {
        site.relink("current", version);
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
    site.relink("posts/..data", "..2024_01");
    site.link("posts/a.md", "..data/a.md");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    for (version, title) in [("..2024_02", "Two"), ("..2024_03", "Three")] {
        write(&site, &format!("posts/{version}/a.md"), title);
        site.relink("posts/..data", version);
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
    site.link("posts/linked", "../shared/x");
    server.wait_for("/atom.xml", |response| response.titles().len() == 2);
    write(&site, "shared/x/a.md", "A2");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"A2".to_owned()));
    site.relink("posts/linked", "../other/x");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"B".to_owned()));
    write(&site, "other/x/b.md", "B2");
    server.wait_for("/atom.xml", |response| response.titles().contains(&"B2".to_owned()));
    assert_eq!(server.get("/atom.xml").titles().len(), 2);
    site.remove("posts/linked");
    server.wait_for_titles("/atom.xml", &["Own"]);
}

#[test]
fn a_linked_file_is_followed_where_it_leads() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "elsewhere/a.md", "One");
    site.link("posts/a.md", "../elsewhere/a.md");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    write(&site, "elsewhere/a.md", "Two");
    server.wait_for_titles("/atom.xml", &["Two"]);
    // By rename, as editors save.
    write(&site, "elsewhere/a.md.new", "Three");
    site.rename("elsewhere/a.md.new", "elsewhere/a.md");
    server.wait_for_titles("/atom.xml", &["Three"]);
    site.remove("elsewhere/a.md");
    server.wait_for_problem("this link leads to no file");
    server.wait_for_titles("/atom.xml", &["Three"]);
    write(&site, "elsewhere/a.md", "Four");
    server.wait_for_titles("/atom.xml", &["Four"]);
}

#[test]
fn a_folder_that_two_paths_lead_to_changes_at_both() {
    let site = TestSite::observed("sweep = 0\n");
    write(&site, "posts/a/x.md", "Before");
    site.link("posts/b", "a");
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
    site.link("posts/a/up", "..");
    let server = site.serve();
    server.wait_for_problem("leads back to a folder above it");
    server.wait_for_titles("/atom.xml", &["One"]);
    // It is reported with its line and position.
    site.remove("posts/a/up");
    server.wait_for_no_problem();
}
