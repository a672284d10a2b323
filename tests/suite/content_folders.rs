//! Content folders that are served without the rest of their site, or by way of a link.

use crate::common::{TestSite, parse_json};
use crate::zero_config::POST;

/// A folder of posts under any name is read by the rules of the dialect that is named, with and without a site's
/// configuration above it.
#[test]
fn any_folder_is_the_content_folder_of_the_dialect_that_is_named() {
    for (dialect, url) in [
        ("jekyll", "https://x.example/2024/01/02/hello.html"),
        ("hugo", "https://x.example/2024-01-02-hello/"),
        ("zola", "https://x.example/hello/"),
        ("hexo", "https://x.example/2024/01/02/2024-01-02-hello/"),
        ("eleventy", "https://x.example/"),
        ("obsidian", "https://x.example/2024-01-02-hello/"),
        ("plain", "https://x.example/2024-01-02-hello/"),
    ] {
        for (layout, path, configuration) in [
            ("a folder alone", "archive", None),
            ("mounted as content", "content", None),
            ("mounted as posts", "posts", None),
            ("in a site", "site/archive", Some("site")),
        ] {
            let site = TestSite::new();
            site.write(&format!("{path}/2024-01-02-hello.md"), POST);
            let configuration = configuration.and_then(|folder| {
                let (name, text) = match dialect {
                    "jekyll" => ("_config.yml", "title: Own title\n"),
                    "hugo" => ("hugo.toml", "title = 'Own title'\n"),
                    "zola" => ("zola.toml", "base_url = 'https://x.example'\ntitle = 'Own title'\n"),
                    "hexo" => ("_config.yml", "title: Own title\n"),
                    _ => return None,
                };
                Some((format!("{folder}/{name}"), text))
            });
            if let Some((file, text)) = &configuration {
                site.write(file, text);
            }
            let options = ["--site", path, "--dialect", dialect, "--site-url", "https://x.example"];
            let (status, feed, errors) = site.run(&[&["render", "/feed.json"], &options[..]].concat());
            assert_eq!(status, 0, "{dialect}, {layout}: {errors}");
            let feed = parse_json(&feed);
            let items = feed["items"].as_array().expect("the feed has items");
            assert_eq!(items.len(), 1, "{dialect}, {layout}: {errors}");
            let link = items[0]["url"].as_str().expect("the entry has a URL");
            assert!(link.starts_with(url), "{dialect}, {layout}: {link}");
            assert!(!errors.contains("WARN"), "{dialect}, {layout}: {errors}");
        }
    }
}

#[test]
fn a_link_is_judged_by_its_name_and_by_its_target_alike_after_every_swap() {
    let site = TestSite::new();
    for (release, title) in [("one", "First"), ("two", "Second")] {
        site.write(&format!("releases/{release}/_config.yml"), "title: A blog\nurl: https://blog.example\n");
        let post = POST.replace("Hello", title);
        site.write(&format!("releases/{release}/_posts/2024-01-02-hello.md"), &post);
    }
    site.link("current", "releases/one/_posts");
    let server = site.start(&["serve", "current", "-p", "0"]);
    let shows = |title: &'static str| {
        server.wait_for("/atom.xml", move |response| {
            let text = response.text();
            text.contains(&format!("<title>{title}</title>"))
                && text.contains("https://blog.example/2024/01/02/hello.html")
        })
    };
    shows("First");
    site.relink("current", "releases/two/_posts");
    shows("Second");
}
