//! Inputs of entries other than their own text: other posts, files of the site, the configuration.

use crate::common::TestSite;

fn jekyll() -> TestSite {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\nbaseurl: /b\n");
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: One\n---\nText.\n");
    site.write(
        "site/_posts/2024-01-02-two.md",
        "---\ntitle: Two\n---\n[One]({% post_url 2024-01-01-one %}) and {{ site.baseurl }}/x.\n",
    );
    site
}

#[test]
fn a_post_that_refers_to_another_changes_with_it() {
    let site = jekyll();
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    let before = server.wait_for_titles("/atom.xml", &["Two", "One"]);
    assert!(
        before.text().contains("https://example.org/b/2024/01/01/one.html&quot;&gt;One"),
        "{}",
        before.text()
    );
    assert!(before.text().contains("and /b/x."), "{}", before.text());
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: One\npermalink: /moved/\n---\nText.\n");
    let after = server.wait_for("/atom.xml", |response| response.text().contains("/b/moved/&quot;&gt;One"));
    assert_ne!(before.header("etag"), after.header("etag"));
    // A reference to what is no post yet leads there once it is.
    site.write(
        "site/_posts/2024-01-03-three.md",
        "---\ntitle: Three\n---\n[a]({% post_url 2024-01-04-four %})\n",
    );
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    site.write("site/_posts/2024-01-04-four.md", "---\ntitle: Four\n---\nText.\n");
    server.wait_for("/atom.xml", |response| {
        response.text().contains("https://example.org/b/2024/01/04/four.html&quot;&gt;a")
    });
    site.remove("site/_posts/2024-01-04-four.md");
    server.wait_for("/atom.xml", |response| !response.text().contains("four.html"));
}

/// The files of a site, by path.
type Files = &'static [(&'static str, &'static str)];

#[test]
fn every_dialect_finds_the_posts_that_are_meant() {
    let hugo: Files = &[
        ("hugo.toml", "baseURL = \"https://example.org/\"\n"),
        ("content/posts/Other Post.md", "---\ntitle: O\ndate: 2024-01-01\n---\n"),
        ("content/posts/bundle/index.md", "---\ntitle: B\ndate: 2024-01-01\n---\n"),
        (
            "content/posts/a.md",
            "---\ntitle: A\ndate: 2024-01-02\n---\n[1]({{< ref \"/posts/other-post\" >}}) [2]({{< relref \"bundle\" >}}) [3]({{% ref \"posts/bundle/index.md#x\" %}})\n",
        ),
    ];
    let zola: Files = &[
        ("config.toml", "base_url = \"https://example.org\"\n"),
        ("content/posts/other.md", "+++\ntitle = \"O\"\ndate = 2024-01-01\n+++\n"),
        ("content/posts/a.md", "+++\ntitle = \"A\"\ndate = 2024-01-02\n+++\n[1](@/posts/other.md#x)\n"),
    ];
    let hexo: Files = &[
        ("_config.yml", "url: https://example.org\npermalink: :title/\n"),
        ("source/_posts/other.md", "---\ntitle: The Other\ndate: 2024-01-01\n---\n"),
        ("source/_posts/a.md", "---\ntitle: A\ndate: 2024-01-02\n---\n{% post_link other %}\n"),
    ];
    let obsidian: Files = &[
        (".obsidian/app.json", "{}"),
        ("notes/Other Note.md", "---\ntitle: O\ndate: 2024-01-01\n---\n"),
        ("a.md", "---\ntitle: A\ndate: 2024-01-02\n---\n[[Other Note|1]] [[notes/other note]]\n"),
    ];
    let expected: [(Files, &[&str]); 4] = [
        (hugo, &["/posts/other-post/\\\">1", "/posts/bundle/\\\">2", "/posts/bundle/#x\\\">3"]),
        (zola, &["https://example.org/posts/other/#x\\\">1"]),
        (hexo, &["https://example.org/other/\\\">The Other"]),
        (obsidian, &["/notes/Other%20Note/\\\">1", "/notes/Other%20Note/\\\">notes/other note"]),
    ];
    for (files, links) in expected {
        let site = TestSite::new();
        for (path, text) in files {
            site.write(&format!("site/{path}"), text);
        }
        site.write(
            "feedmill.toml",
            "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[[source]]\npath = \"site\"\n",
        );
        let (_, json, errors) = site.run(&["render", "/feed.json"]);
        for link in links {
            assert!(json.contains(link), "{link}: {json}\n{errors}");
        }
    }
}

#[test]
fn the_length_of_an_enclosure_is_that_of_the_sites_own_file() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org/b\n");
    site.write("site/audio/1.mp3", "12345");
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: One\nenclosure: /b/audio/1.mp3\n---\nText.\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/rss.xml", &["One"]);
    let enclosure = |length: u32| {
        format!(
            "<enclosure url=\"https://example.org/b/audio/1.mp3\" length=\"{length}\" type=\"audio/mpeg\"/>"
        )
    };
    assert!(server.get("/rss.xml").text().contains(&enclosure(5)), "{}", server.get("/rss.xml").text());
    site.write("site/audio/1.mp3", "1234567");
    server.wait_for("/rss.xml", |response| response.text().contains(&enclosure(7)));
}

#[test]
fn shortcodes_of_the_configuration_are_filled_and_unknown_ones_are_reported() {
    let site = TestSite::new();
    site.write("site/hugo.toml", "baseURL = \"https://example.org/\"\n");
    let body = "{{< card src=\"/a.png\" >}}\n\n{{< unknown >}}kept{{< /unknown >}}\n<iframe src=\"https://e.org/x\"></iframe>\n";
    site.write("site/content/posts/a.md", &format!("---\ntitle: A\ndate: 2024-01-01\n---\n{body}"));
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[[source]]\npath = \"site\"\n[source.shortcodes]\ncard = '<img src=\"{src}\">'\n[feeds]\nembeds = \"keep\"\n",
    );
    let server = site.serve();
    let json = server.get("/feed.json").text();
    assert!(json.contains("<img src=\\\"https://example.org/a.png\\\">"), "{json}");
    assert!(json.contains("kept") && json.contains("<iframe src=\\\"https://e.org/x\\\">"), "{json}");
    server.wait_for_log(
        "site/content/posts/a.md:7:5: unknown template syntax is left out of the entry: `unknown`",
    );
}

/// What JSON Feed says of the one post of a plain site with this front matter and body.
fn item(front: &str, body: &str) -> serde_json::Value {
    let site = TestSite::plain("");
    site.write("posts/a.md", &format!("---\ntitle: T\ndate: 2024-01-01\n{front}\n---\n{body}"));
    let (_, json, errors) = site.run(&["render", "/feed.json"]);
    let feed: serde_json::Value = serde_json::from_str(&json).expect(&errors);
    feed["items"][0].clone()
}

#[test]
fn front_matter_is_read_in_every_shape_that_sites_write_it() {
    for (front, pointer, expected) in [
        // The first that says something counts.
        ("description: ''\nsummary: S", "/summary", "S"),
        ("image: ''\nthumbnail: /t.png", "/image", "https://example.org/t.png"),
        ("image: {alt: x}\ncover: {src: /c.png}", "/image", "https://example.org/c.png"),
        ("images: [/1.png, /2.png]", "/image", "https://example.org/1.png"),
        ("extra: {image: /e.png}", "/image", "https://example.org/e.png"),
        ("params: {author: A}", "/authors/0/name", "A"),
        ("author: Bob <bob@example.org>", "/authors/0/name", "Bob"),
        ("author: '[[Jane Doe]]'", "/authors/0/name", "Jane Doe"),
        ("authors: [[A, B], C]", "/authors/2/name", "C"),
        ("source: {url: 'https://o.example/a', title: O}", "/external_url", "https://o.example/a"),
        ("from: [https://o.example/a]", "/external_url", "https://o.example/a"),
        ("enclosure: |\n  https://e.org/a.mp3\n  123\n  audio/x", "/attachments/0/mime_type", "audio/x"),
        ("enclosure: /a[1].mp3", "/attachments/0/url", "https://example.org/a%5B1%5D.mp3"),
        ("audio: {url: /a.ogg, type: 'audio/ogg; codecs=x'}", "/attachments/0/mime_type", "audio/ogg"),
        ("guid: \"a\\u0007 b\"", "/id", "a b"),
    ] {
        let item = item(front, "Text.");
        assert_eq!(item.pointer(pointer).and_then(|value| value.as_str()), Some(expected), "{front}: {item}");
    }
    let own = item("canonical_url: https://example.org/blog/a/", "Text.");
    assert!(own.get("external_url").is_none(), "its own address is no original: {own}");
}

#[test]
fn pages_and_files_that_are_no_posts_are_linked_to_where_generators_put_them() {
    let jekyll: Files = &[
        ("_config.yml", "url: https://example.org\nbaseurl: /b\n"),
        (
            "_posts/2024-01-01-a.md",
            "---\ntitle: A\n---\n[f]({% link assets/a.pdf %}) [p]({% link about.md %}) [n]({% post_url 2020-01-01-none %})\n",
        ),
    ];
    let hugo: Files = &[
        ("hugo.toml", "baseURL = \"https://example.org/\"\n"),
        (
            "content/posts/a.md",
            "---\ntitle: A\ndate: 2024-01-01\n---\n[s]({{< ref \"/posts\" >}}) [h]({{< ref \"/\" >}}) [p]({{< ref \"/about.md\" >}})\n",
        ),
    ];
    let zola: Files = &[
        ("config.toml", "base_url = \"https://example.org\"\n"),
        (
            "content/posts/a.md",
            "+++\ntitle = \"A\"\ndate = 2024-01-01\n+++\n[p](@/about.md) [s](<@/posts/_index.md>) [h](@/_index.md)\n",
        ),
    ];
    let expected: [(Files, &[&str]); 3] = [
        (jekyll, &["/b/assets/a.pdf\\\">f", "/b/about.html\\\">p", "<a>n</a>"]),
        (hugo, &["org/posts/\\\">s", "org/\\\">h", "org/about/\\\">p"]),
        (zola, &["org/about/\\\">p", "org/posts/\\\">s", "org/\\\">h"]),
    ];
    for (files, links) in expected {
        let site = TestSite::new();
        for (path, text) in files {
            site.write(&format!("site/{path}"), text);
        }
        let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
        let json = server.wait_for("/feed.json", |response| response.status == 200).text();
        for link in links {
            assert!(json.contains(link), "{link}: {json}");
        }
        if files[0].0 == "_config.yml" {
            server.wait_for_log("there is no post \"2020-01-01-none\" to link to");
        }
    }
}

#[test]
fn data_files_are_printed_and_followed() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\nplugins: [jemoji]\n");
    let release = |size: u32| format!("- version: 1.0\n  size: 1\n- version: 2.0\n  size: {size}\n");
    site.write("site/_data/releases.yml", &release(5));
    site.write(
        "site/_posts/2024-01-01-a.md",
        "---\ntitle: A\nlinks: [x, y]\n---\n{% assign r = site.data.releases | where: \"version\", \"2.0\" | first %}\n\
         Size {{ r.size }}{% for link in page.links %} [{{ link }}](/{{ link }}){% endfor %}{{ page.unset }} :tada:\n",
    );
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    let links = "<a href=\\\"https://example.org/x\\\">x</a> <a href=\\\"https://example.org/y\\\">y</a> 🎉";
    let before = server.wait_for("/feed.json", |feed| feed.text().contains("Size 5"));
    assert!(before.text().contains(&format!("<p>Size 5 {links}</p>")), "{}", before.text());
    server.wait_for_log("unknown template syntax is left out of the entry: `page.unset`");
    site.write("site/_data/releases.yml", &release(6));
    let after = server.wait_for("/feed.json", |feed| feed.text().contains("Size 6"));
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[test]
fn a_title_is_a_text_but_in_jekyll() {
    let front = "title: \"Use of <dl> &amp; <b>b</b>\"\ndate: 2024-01-01\ntags: [posts]";
    for (configuration, path, expected) in [
        (("site/_config.yml", "url: https://example.org\n"), "_posts/2024-01-01-a.md", "Use of & b"),
        (
            ("site/hugo.toml", "baseURL = \"https://example.org/\"\n"),
            "content/a.md",
            "Use of <dl> &amp; <b>b</b>",
        ),
        (
            ("site/zola.toml", "base_url = \"https://example.org/\"\n"),
            "content/a.md",
            "Use of <dl> &amp; <b>b</b>",
        ),
        (("site/.eleventy.js", ""), "a.md", "Use of <dl> &amp; <b>b</b>"),
        (("site/notes.txt", ""), "a.md", "Use of <dl> &amp; <b>b</b>"),
    ] {
        let site = TestSite::new();
        site.write(configuration.0, configuration.1);
        site.write(&format!("site/{path}"), &format!("---\n{front}\n---\nText.\n"));
        let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
        let feed = server.wait_for("/feed.json", |feed| feed.text().contains("Text."));
        let feed = feed.json();
        assert_eq!(feed["items"][0]["title"], expected, "{configuration:?}");
    }
}

#[test]
fn an_entry_of_jekylls_prints_category_instead_of_categories() {
    let site = TestSite::new();
    site.write("_config.yml", "url: https://example.org\n");
    site.write(
        "_posts/2024-01-01-one.md",
        "---\ntitle: One\ncategory: main\ncategories: [other]\ntags: [a]\n---\nText.\n",
    );
    site.write("_posts/2024-01-02-two.md", "---\ntitle: Two\ncategories: [x, y]\n---\nText.\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    let (_, atom, errors) = site.run(&["render", "/atom.xml"]);
    for (term, printed) in [("main", true), ("other", false), ("a", true), ("x", true), ("y", true)] {
        assert_eq!(atom.contains(&format!("<category term=\"{term}\"")), printed, "{term}: {atom}{errors}");
    }
    // The post is in the feed of each, as it is on the site's pages.
    let (_, atom, _) = site.run(&["render", "/categories/other/atom.xml"]);
    assert!(atom.contains(">One</title>"), "{atom}");
}

/// What Hugo 0.168 makes of the same file, once without and once with the extension.
#[test]
fn hugo_keeps_formulas_from_markdown_only_where_the_site_says_so() {
    let site = TestSite::new();
    let on = "[markup.goldmark.extensions.passthrough]\nenable = true\n\
              delimiters = { block = [[\"$$\", \"$$\"]] }\n";
    site.write("content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\nx $$a \\\\\\\\ *b*$$ y\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    for (said, shown) in [("", "$$a \\\\ <em>b</em>$$"), (on, "$$a \\\\\\\\ *b*$$")] {
        site.write("hugo.toml", &format!("baseURL = \"https://example.org/\"\n{said}"));
        let (_, json, errors) = site.run(&["render", "/feed.json"]);
        let feed: serde_json::Value = serde_json::from_str(&json).expect(&errors);
        let html = feed["items"][0]["content_html"].as_str().expect("the entry has content");
        assert!(html.contains(shown), "{said}: {html}");
    }
}

#[test]
fn liquid_knows_the_path_of_a_post_and_leaves_alone_what_is_no_template() {
    let site = TestSite::new();
    site.write("_config.yml", "url: https://example.org\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    for (front, shown) in [
        ("", "dir/_posts/2024-01-01-one.md dir/_posts/2024-01-01-one.md"),
        ("path: other.html", "dir/_posts/2024-01-01-one.md dir/_posts/2024-01-01-one.md"),
        ("render_with_liquid: false", "{{ page.path }} {{ page.relative_path }}"),
        ("render_with_liquid: true", "dir/_posts/2024-01-01-one.md dir/_posts/2024-01-01-one.md"),
    ] {
        let post =
            format!("---\ntitle: One\n{front}\n---\n{{{{ page.path }}}} {{{{ page.relative_path }}}}\n");
        site.write("dir/_posts/2024-01-01-one.md", &post);
        let (_, feed, errors) = site.run(&["render", "/feed.json"]);
        assert!(feed.contains(&format!("<p>{shown}</p>")), "{front}: {feed}{errors}");
    }
}
