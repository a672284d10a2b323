//! One table: what a post holds → what a reader gets.

use super::*;

fn html(body: &str) -> String {
    let page = Url::parse("https://example.org/blog/2024/post/").expect("it is an address");
    convert(body, Context { page: &page, title: "The Title", markdown: true, marker: None }).html
}

#[test]
fn each_rule_by_example() {
    for (body, expected) in [
        // Addresses are absolute, whatever attribute holds them.
        ("[a](b.html)", "<p><a href=\"https://example.org/blog/2024/post/b.html\">a</a></p>"),
        ("[a](/b?x=1&y=2)", "<p><a href=\"https://example.org/b?x=1&amp;y=2\">a</a></p>"),
        ("[a](#frag)", "<p><a href=\"https://example.org/blog/2024/post/#frag\">a</a></p>"),
        ("[a](//cdn.example/x)", "<p><a href=\"https://cdn.example/x\">a</a></p>"),
        ("[a](mailto:x@example.org)", "<p><a href=\"mailto:x@example.org\">a</a></p>"),
        ("![图](../图 片.png)", "<p>![图](../图 片.png)</p>"),
        (
            "![图](<../图 片.png>)",
            "<p><img src=\"https://example.org/blog/2024/%E5%9B%BE%20%E7%89%87.png\" alt=\"图\"></p>",
        ),
        (
            "<div><img srcset='a.png 1x, b,c.png 2x' src=a.png></div>",
            "<div><img srcset=\"https://example.org/blog/2024/post/a.png 1x, https://example.org/blog/2024/post/b,c.png 2x\" src=\"https://example.org/blog/2024/post/a.png\"></div>",
        ),
        // Lazy images are real; their twin goes.
        (
            "<img class=lazyload data-src=\"/r.jpg?a=1&amp;b=2\" src=\"/blank.gif\"><noscript><img src=\"/r.jpg\"></noscript>",
            "<p><img class=\"lazyload\" src=\"https://example.org/r.jpg?a=1&amp;b=2\"></p>",
        ),
        ("<div><noscript><p>kept</p></noscript></div>", "<div><p>kept</p></div>"),
        // Nothing runs.
        ("<script>alert(1)</script>ok", "ok"),
        ("<p onclick=x style='color:red' data-x=1>a</p>", "<p>a</p>"),
        ("[a](javascript:alert(1))", "<p><a>a</a></p>"),
        ("a <a href=\" jAvA&#x09;script:alert(1)\">a</a>", "<p>a <a>a</a></p>"),
        ("a <a href=\"data:text/html,x\">a</a>", "<p>a <a>a</a></p>"),
        ("<div><svg><script>x</script></svg></div>", "<div></div>"),
        // What is open is closed.
        ("<div><b>a", "<div><b>a\n</b></div>"),
        ("a ]]> b", "<p>a ]]&gt; b</p>"),
        // Embeds are links, tasks are characters.
        (
            "<div><iframe src=\"https://www.youtube.com/embed/x?a=1&amp;b=2\" title=\"A film\"></iframe></div>",
            "<div><a href=\"https://www.youtube.com/embed/x?a=1&amp;b=2\">A film</a></div>",
        ),
        ("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"),
        // A first block that only repeats the title goes.
        ("# The title\n\nText", "<p>Text</p>"),
        ("<!--1663287960000-->\n[The Title](https://e.org/)\n------\n\nText", "<p>Text</p>"),
        ("The Title\n\nText", "<p>Text</p>"),
        ("# The title and more\n\nText", "<h1>The title and more</h1>\n<p>Text</p>"),
        // Code is never touched.
        (
            "`<b>` and\n\n    <script>\n",
            "<p><code>&lt;b&gt;</code> and</p>\n<pre><code>&lt;script&gt;\n</code></pre>",
        ),
    ] {
        assert_eq!(html(body), expected, "{body}");
    }
}

#[test]
fn the_summary_is_the_first_paragraph_that_says_something() {
    let summary = |html: &str| summarise(html);
    assert_eq!(summary("<h1>No</h1><p> </p><p class=\"x\">One &amp; two</p><p>Three</p>"), "One & two");
    assert_eq!(summary("<div>Only <b>this</b></div>"), "Only this");
    assert_eq!(summary("<pre>p</pre>"), "p");
    assert_eq!(summary(&format!("<p>{}</p>", "word ".repeat(200))).chars().count(), SUMMARY);
}

proptest::proptest! {
    #[test]
    fn no_body_breaks_the_conversion(body in "\\PC{0,200}") {
        let _ = html(&body);
    }
}

#[test]
fn the_summary_is_what_stands_before_the_marker_else_the_first_paragraph() {
    let page = Url::parse("https://example.org/").expect("it is an address");
    let summary = |body: &str, marker| {
        convert(body, Context { page: &page, title: "T", markdown: true, marker }).summary
    };
    for (body, marker, expected) in [
        ("One.\n\nTwo *b*.\n\n<!-- more -->\n\nThree.", None, "One. Two b."),
        ("One.<!--MORE-->\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!--read on-->\n\nThree.", Some("<!--read on-->"), "One. Two."),
        ("<!-- more -->\n\nOne.\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!-- moreover -->", None, "One."),
    ] {
        assert_eq!(summary(body, marker), expected, "{body}");
    }
}
