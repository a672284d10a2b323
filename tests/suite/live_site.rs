//! What a site says of itself is followed like its posts: without a restart, and nothing is lost.

use crate::common::{Server, TestSite};

fn serve(site: &TestSite) -> Server {
    site.start(&["serve", "site", "--listen", "127.0.0.1:0"]).ready()
}

fn jekyll() -> TestSite {
    let site = TestSite::new();
    site.write("site/_config.yml", "title: Before\nurl: https://example.org\n");
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: One\ntags: [x]\n---\nText.\n");
    site
}

#[test]
fn a_change_of_the_sites_configuration_takes_effect() {
    let site = jekyll();
    let server = serve(&site);
    assert!(server.get("/atom.xml").text().contains("https://example.org/2024/01/01/one.html"));
    site.write("site/_config.yml", "title: After\nurl: https://example.org/blog\npermalink: pretty\n");
    let after = server.wait_for("/atom.xml", |response| response.text().contains("<title>After</title>"));
    assert!(after.text().contains("https://example.org/blog/2024/01/01/one/"), "{}", after.text());
    assert!(server.get("/tags/x/atom.xml").text().contains("/blog/2024/01/01/one/"));
}

#[test]
fn a_configuration_that_breaks_changes_nothing_until_it_is_fixed() {
    let site = jekyll();
    let server = serve(&site);
    let before = server.get("/atom.xml");
    site.write("site/_config.yml", "title: [\n");
    server.wait_for_log("_config.yml");
    site.write("site/_posts/2024-01-02-two.md", "---\ntitle: Two\n---\nText.\n");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    let text = server.get("/atom.xml").text();
    assert!(
        text.contains("<title>Before</title>") && text.contains("https://example.org/2024/01/02/two.html")
    );
    site.remove("site/_posts/2024-01-02-two.md");
    server.wait_for_titles("/atom.xml", &["One"]);
    assert_eq!(server.get("/atom.xml").header("etag"), before.header("etag"));
    site.write("site/_config.yml", "title: Fixed\nurl: https://example.org\n");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Fixed</title>"));
}

#[test]
fn a_post_that_is_broken_stays_when_the_configuration_changes() {
    let site = jekyll();
    let server = serve(&site);
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: [\n---\n");
    server.wait_for_log("site/_posts/2024-01-01-one.md:3:");
    site.write("site/_config.yml", "title: After\nurl: https://example.org\n");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>After</title>"));
    server.wait_for_titles("/atom.xml", &["One"]);
}

#[test]
fn a_folder_that_turns_out_to_be_a_site_is_read_as_one() {
    let site = TestSite::new();
    site.write("site/one.md", "---\ntitle: One\ndate: 2024-01-01\n---\nText.\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["One"]);
    site.write("site/content/posts/two.md", "+++\ntitle = \"Two\"\ndate = 2024-01-02\n+++\nText.\n");
    site.write("site/hugo.toml", "title = \"Hugo now\"\nbaseURL = \"https://example.org/\"\n");
    site.write("site/one.md", "---\ntitle: Uno\ndate: 2024-01-01\n---\nText.\n");
    server.wait_for_titles("/atom.xml", &["Two"]);
    assert!(server.get("/atom.xml").text().contains("https://example.org/posts/two/"));
}

#[test]
fn a_section_that_becomes_a_draft_takes_its_pages_along_and_brings_them_back() {
    let site = TestSite::new();
    site.write("site/config.toml", "base_url = \"https://example.org\"\ntitle = \"Z\"\n");
    site.write("site/content/a/one.md", "+++\ntitle = \"One\"\ndate = 2024-01-01\n+++\n");
    site.write("site/content/b/two.md", "+++\ntitle = \"Two\"\ndate = 2024-01-02\n+++\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    site.write("site/content/a/_index.md", "+++\ndraft = true\n+++\n");
    server.wait_for_titles("/atom.xml", &["Two"]);
    site.remove("site/content/a/_index.md");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}

#[test]
fn data_of_a_folder_is_followed() {
    let site = TestSite::new();
    site.write("site/eleventy.config.js", "export default function (config) {}\n");
    site.write("site/blog/one.md", "---\ntitle: One\ndate: 2024-01-01\n---\nText.\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &[]);
    site.write("site/blog/blog.json", "{\"tags\": [\"posts\"], \"permalink\": \"/x/{{ page.fileSlug }}/\"}");
    server.wait_for_titles("/atom.xml", &["One"]);
    assert!(server.get("/atom.xml").text().contains("/x/one/"));
    site.write("site/blog/blog.json", "{\"tags\": [\"posts\"]}");
    server.wait_for("/atom.xml", |response| response.text().contains("/blog/one/"));
}

#[test]
fn a_page_that_becomes_a_bundle_owns_the_files_next_to_it() {
    let site = TestSite::new();
    site.write("site/hugo.toml", "baseURL = \"https://example.org/\"\n");
    site.write("site/content/a/note.md", "---\ntitle: Note\ndate: 2024-01-01\n---\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["Note"]);
    site.write("site/content/a/index.md", "---\ntitle: Bundle\ndate: 2024-01-02\n---\n");
    server.wait_for_titles("/atom.xml", &["Bundle"]);
    // A part of the bundle is no post of its own.
    site.write("site/content/a/other.md", "---\ntitle: Other\ndate: 2024-01-03\n---\n");
    site.write("site/content/b.md", "---\ntitle: B\ndate: 2024-01-04\n---\n");
    server.wait_for_titles("/atom.xml", &["B", "Bundle"]);
    site.remove("site/content/a/index.md");
    server.wait_for_titles("/atom.xml", &["B", "Other", "Note"]);
}

#[test]
fn a_configuration_in_folders_is_followed_too() {
    let site = TestSite::new();
    site.write("site/config/_default/hugo.yaml", "baseURL: https://example.org/\ntitle: Before\n");
    site.write("site/content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\nseries: [s]\n---\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["A"]);
    site.write("site/config/_default/taxonomies.yaml", "series: series\n");
    server.wait_for_titles("/series/s/atom.xml", &["A"]);
    site.write("site/config/_default/permalinks.yaml", "posts: /:year/:slug/\n");
    server.wait_for("/series/s/atom.xml", |response| response.text().contains("https://example.org/2024/a/"));
}

#[test]
fn a_section_file_that_breaks_or_a_configuration_that_is_gone_changes_nothing() {
    let site = TestSite::new();
    site.write("site/config.toml", "base_url = \"https://example.org\"\ntitle = \"Z\"\n");
    site.write("site/content/a/one.md", "+++\ntitle = \"One\"\ndate = 2024-01-01\n+++\n");
    site.write("site/content/a/_index.md", "+++\ndraft = true\n+++\n");
    site.write("site/content/b.md", "+++\ntitle = \"B\"\ndate = 2024-01-02\n+++\n");
    let server = serve(&site);
    server.wait_for_titles("/atom.xml", &["B"]);
    // At once: while it is written in place, an empty file is a section without settings.
    site.write("new", "+++\ndraft = tru\n+++\n");
    site.rename("new", "site/content/a/_index.md");
    server.wait_for_log("site/content/a/_index.md:2");
    site.write("site/content/c.md", "+++\ntitle = \"C\"\ndate = 2024-01-03\n+++\n");
    server.wait_for_titles("/atom.xml", &["C", "B"]);
    site.write("site/content/a/_index.md", "+++\ndraft = true\n+++\n");
    let jekyll = jekyll();
    let server = serve(&jekyll);
    jekyll.remove("site/_config.yml");
    jekyll.write("site/_posts/2024-01-02-two.md", "---\ntitle: Two\n---\n");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    let text = server.get("/atom.xml").text();
    assert!(text.contains("https://example.org/2024/01/02/two.html"), "{text}");
    jekyll.write("site/_config.yml", "title: After\nurl: https://example.org\n");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>After</title>"));
}

#[test]
fn folders_that_a_site_speaks_of_may_come_later() {
    let site = TestSite::new();
    site.write("site/config/_default/hugo.toml", "baseURL = \"https://example.org/\"\n");
    site.write("site/content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\n");
    let server = site.start(&["serve", "site/content", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["A"]);
    site.write("site/config/production/hugo.toml", "baseURL = \"https://later.example/\"\n");
    server.wait_for("/atom.xml", |response| response.text().contains("https://later.example/posts/a/"));

    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\nsource_dir: later\n");
    site.write("site/package.json", "{\"dependencies\": {\"hexo\": \"8\"}}");
    site.write("site/source/_posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for("/atom.xml", |response| response.status == 503);
    site.write("site/later/_posts/b.md", "---\ntitle: B\ndate: 2024-01-02\n---\n");
    server.wait_for_titles("/atom.xml", &["B"]);
}
