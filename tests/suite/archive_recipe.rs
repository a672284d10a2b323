//! The recipe for an archive that a job fills, with its configuration as printed.

use crate::common::{TestSite, project, read_file};

/// The configuration of the recipe, for posts in a folder next to it.
fn read_recipe() -> String {
    let recipes = read_file(project("docs/recipes.md"));
    let recipe = recipes.split_once("\n## An archive that a job fills\n").expect("there is this recipe").1;
    let block = recipe.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("it has a configuration").replace("/home/me/archive", "archive")
}

/// A post as the job writes it.
fn write(site: &TestSite, path: &str, title: &str, more: &str) {
    let text = format!("---\ntitle: {title}\nauthor: 记者\n{more}\n---\n正文：{title}。\n");
    site.write(&format!("archive/{path}"), &text);
}

#[test]
fn a_job_fills_an_archive_and_moves_old_posts() {
    let site = TestSite::new();
    site.write("feedmill.toml", &read_recipe());
    write(&site, "posts/one.md", "One", "date: 2024-01-01\nfrom: https://www.zaobao.com/1");
    write(&site, "archived/2020/zero.md", "Zero", "date: 2020-01-01\nfrom: https://www.zaobao.com/0");
    write(&site, "drafts/left-out.md", "Left out", "date: 2024-01-01");
    let server = site.serve();
    assert_eq!(server.get("/atom.xml").titles(), ["One", "Zero"]);
    // It writes an old text, one that is stored already under another URL, and moves a file.
    write(&site, "posts/old.md", "Old", "date: 2011-01-01\nfrom: https://m.zaobao.com/old");
    server.wait_for_titles("/atom.xml", &["Old", "One", "Zero"]);
    let id = |title: &str| {
        let items = server.get("/feed.json").json();
        let item =
            items["items"].as_array().and_then(|items| items.iter().find(|item| item["title"] == title));
        item.and_then(|item| item["id"].as_str().map(str::to_owned))
    };
    let before = id("One");
    assert_eq!(before.as_deref(), Some("https://archive.example.org/2024/01/01/one/"));
    write(&site, "posts/again.md", "Again", "date: 2024-01-03\nfrom: http://zaobao.com/1/?utm_source=x");
    site.create_folder("archive/archived/2024");
    site.rename("archive/posts/one.md", "archive/archived/2024/one.md");
    write(&site, "posts/last.md", "Last", "date: 2010-01-01\nfrom: https://www.zaobao.com/last");
    server.wait_for_titles("/atom.xml", &["Last", "Old", "One", "Zero"]);
    assert_eq!(id("One"), before);
    let text = server.get("/rss.xml").text();
    assert!(text.contains("<source url=\"https://www.zaobao.com/rss.xml\">联合早报</source>"), "{text}");
    assert!(text.contains("<link>https://www.zaobao.com/1</link>"), "{text}");
    let items = server.get("/feed.json").json();
    let html = items["items"][2]["content_html"].as_str().expect("it has a text");
    let footer = "<p>原文：<a href=\"https://www.zaobao.com/1\">联合早报</a>，记者，2024年1月1日</p>";
    assert!(html.ends_with(footer), "{html}");
    let (_, report, _) = site.run(&["check"]);
    assert!(report.contains("again.md"), "it names the text that is stored twice: {report}");
}
