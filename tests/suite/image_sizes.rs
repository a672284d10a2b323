//! Width and height of the images of a site: they are read from the files, and an entry changes with them.

use crate::common::{Server, TestSite};

/// The beginning of a PNG file, up to its size (PNG §11.2.2).
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &*size, b"\x08\x02\0\0\0\0\0\0\0"].concat()
}

/// The beginning of a GIF file.
fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a", &width.to_le_bytes()[..], &height.to_le_bytes(), b"\0\0\0"].concat()
}

/// A site of one post with this body, whose images are measured.
fn site(body: &str) -> TestSite {
    let site = TestSite::plain("image_sizes = true\n[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.write("posts/one.md", &format!("---\ntitle: One\ndate: 2024-01-01\n---\n{body}\n"));
    site
}

/// The HTML of the only entry.
fn html(server: &Server) -> String {
    let feed = server.get("/feed.json").json();
    feed["items"][0]["content_html"].as_str().expect("it has a text").to_owned()
}

#[test]
fn images_of_the_site_have_the_size_of_their_files() {
    let site = site(
        "![a](a.png) ![b](sub/b.gif) <img src='a.png' alt=c width=3> <IMG data-src=\"https://example.org/blog/a.png\">\n\n\
         ![d](missing.png) ![e](https://example.com/a.png) ![f](text.png) ![g](far.png) ![h](v.svg) ![i](a.png?v=2)\n\n\
         `![j](a.png)`",
    );
    site.write_bytes("posts/a.png", &png(640, 480));
    site.write_bytes("posts/sub/b.gif", &gif(32, 16));
    site.write("posts/text.png", "no picture");
    site.write_bytes("far.png", &png(1, 1));
    site.link("posts/far.png", site.path("far.png"));
    site.write("posts/v.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='5' height='5'/>");
    let html = html(&site.serve());
    let base = "https://example.org/blog";
    for wanted in [
        format!("<img src=\"{base}/a.png\" alt=\"a\" width=\"640\" height=\"480\">"),
        format!("<img src=\"{base}/sub/b.gif\" alt=\"b\" width=\"32\" height=\"16\">"),
        format!("<img src=\"{base}/a.png\" alt=\"c\" width=\"3\">"),
        format!("<img src=\"{base}/a.png\" width=\"640\" height=\"480\">"),
        format!("<img src=\"{base}/missing.png\" alt=\"d\">"),
        "<img src=\"https://example.com/a.png\" alt=\"e\">".to_owned(),
        format!("<img src=\"{base}/text.png\" alt=\"f\">"),
        format!("<img src=\"{base}/far.png\" alt=\"g\">"),
        format!("<img src=\"{base}/v.svg\" alt=\"h\">"),
        format!("<img src=\"{base}/a.png?v=2\" alt=\"i\" width=\"640\" height=\"480\">"),
        "<code>![j](a.png)</code>".to_owned(),
    ] {
        assert!(html.contains(&wanted), "{wanted}\n{html}");
    }
}

#[test]
fn an_entry_changes_with_the_size_of_its_image_and_only_then() {
    let site = site("![a](a.png)");
    site.write_bytes("posts/a.png", &png(10, 20));
    let server = site.serve();
    let etag = |server: &Server| server.get("/atom.xml").required("etag").to_owned();
    let before = etag(&server);
    assert!(html(&server).contains("width=\"10\" height=\"20\""), "{}", html(&server));
    // Another picture of the same size, then one of another size.
    site.write_bytes("posts/a.png", &[&png(10, 20)[..], b"pixels"].concat());
    site.post("two.md", "Two", "2023-01-01", &[]);
    server.wait_for_titles("/atom.xml", &["One", "Two"]);
    site.remove("posts/two.md");
    server.wait_for_titles("/atom.xml", &["One"]);
    assert_eq!(etag(&server), before);
    site.write_bytes("posts/a.png", &png(30, 40));
    server.wait_for("/feed.json", |response| response.text().contains("width=\\\"30\\\" height=\\\"40\\\""));
    let after = etag(&server);
    assert_ne!(after, before);
    // It is measured again after a restart, if it was replaced meanwhile.
    server.wait_for_state();
    assert_eq!(server.stop("-TERM"), Some(0));
    let server = site.serve();
    assert_eq!(etag(&server), after);
    assert_eq!(server.stop("-TERM"), Some(0));
    site.write_bytes("posts/a.png", &png(10, 20));
    let server = site.serve();
    server.wait_for("/atom.xml", |response| response.header("etag") == Some(&*before));
    site.remove("posts/a.png");
    server.wait_for("/feed.json", |response| !response.text().contains("width"));
}

#[test]
fn images_that_this_server_serves_itself_are_measured_too() {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"notes\"\nimage_sizes = true\n");
    site.write("notes/sub/one.md", "---\ntitle: One\ndate: 2024-01-01\n---\n![a](a.png)\n");
    site.write_bytes("notes/sub/a.png", &png(7, 8));
    let html = html(&site.serve());
    assert!(html.contains("/media/notes/sub/a.png\" alt=\"a\" width=\"7\" height=\"8\">"), "{html}");
}

#[test]
fn static_folders_of_a_generator_are_searched() {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"site\"\nimage_sizes = true\n");
    site.write("site/hugo.toml", "title = \"T\"\nbaseURL = \"https://example.org/\"\n");
    site.write(
        "site/content/posts/one.md",
        "---\ntitle: One\ndate: 2024-01-01\n---\n![a](/img/a.png) {{< figure src=\"/img/b.gif\" >}}\n",
    );
    site.write_bytes("site/static/img/a.png", &png(7, 8));
    site.write_bytes("site/static/img/b.gif", &gif(9, 10));
    let html = html(&site.serve());
    assert!(
        html.contains("width=\"7\" height=\"8\"") && html.contains("width=\"9\" height=\"10\""),
        "{html}"
    );
}

#[test]
fn images_are_not_read_unless_this_is_configured() {
    let site = site("![a](a.png)");
    site.write_bytes("posts/a.png", &png(10, 20));
    site.edit("feedmill.toml", |text| text.replace("image_sizes = true\n", ""));
    assert!(!html(&site.serve()).contains("width"));
}
