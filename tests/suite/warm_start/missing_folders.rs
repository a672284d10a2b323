//! Folders that are missing or empty at the start: their posts are served as they were last published.

use super::{check_as_cold, serve, serve_compared, site, store};
use crate::common::{Server, TestSite, copy_folder, fixture};

/// The id and link of each entry of the main feed.
fn read_entries(server: &Server) -> Vec<(String, String)> {
    let entries = server.get("/atom.xml").feed().entries;
    entries.into_iter().map(|entry| (entry.id, entry.links[0].href.clone())).collect()
}

#[test]
fn a_site_is_served_as_its_own_configuration_says_while_its_folder_is_missing_or_empty() {
    for name in ["jekyll", "hugo", "zola", "hexo", "eleventy", "obsidian"] {
        let site = TestSite::new();
        site.write(
            "feedmill.toml",
            "[site]\ntitle = \"Site\"\n[[source]]\npath = \"site\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n",
        );
        copy_folder(&fixture(&format!("starters/{name}")), &site.path("site"));
        let server = serve_compared(&site);
        let before = read_entries(&server);
        assert!(!before.is_empty(), "{name}");
        assert_eq!(server.stop("-TERM"), Some(0));
        site.rename("site", "away");
        for is_empty in [false, true] {
            if is_empty {
                site.create_folder("site");
            }
            let server = serve(&site);
            server.wait_for_problem("its posts stay as they were");
            assert_eq!(read_entries(&server), before, "{name}");
            assert_eq!(server.stop("-TERM"), Some(0));
        }
        site.remove_folder("site");
        let server = serve(&site);
        site.rename("away", "site");
        server.wait_for_no_problem();
        assert_eq!(read_entries(&server), before, "{name}");
        check_as_cold(&site, server);
    }
}

#[test]
fn damaged_files_of_sites_are_ignored() {
    let site = site("");
    store(&site);
    site.write(".feedmill/sites", "damage");
    let server = serve(&site);
    server.wait_for_log("sites is not used: it is damaged.");
    check_as_cold(&site, server);
}

#[test]
fn the_posts_of_a_folder_that_is_missing_at_the_start_are_served() {
    let site = site("");
    store(&site);
    site.rename("posts", "away");
    let server = serve(&site);
    server.wait_for_problem("there is no such folder: its posts stay as they were");
    let feed = server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    assert_eq!(feed.feed().entries[0].links[0].href, "https://example.org/blog/2024-01-03-three/");
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(server.status()["ready"], true);
    server.wait_for_titles("/tags/rust/rss.xml", &["Three", "Two"]);
    // It is stored again, and the next start is the same.
    assert_eq!(server.stop("-TERM"), Some(0));
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    site.rename("away", "posts");
    server.wait_for_no_problem();
    server.wait_for("/feed.json", |response| response.text().contains("Body of Three"));
    site.post("four.md", "Four", "2024-01-04", &[]);
    server.wait_for_titles("/atom.xml", &["Four", "Three", "Two", "One"]);
    check_as_cold(&site, server);
}
