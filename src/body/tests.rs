//! One table: the body of a post → the HTML that a reader gets.

use super::test_syntax::{ELEVENTY, HEXO, HUGO, JEKYLL, OBSIDIAN, PLAIN, ZOLA};
use super::*;

/// A site with one other page, which every name that contains `other` refers to.
pub(super) struct Site;

impl Resolve for Site {
    fn page(&self, reference: Reference<'_>) -> Option<Target> {
        let (Reference::File(name) | Reference::Post(name) | Reference::Name(name)) = reference;
        let target =
            Target { address: "https://example.org/other/".to_owned(), title: "The Other".to_owned() };
        name.contains("other").then_some(target)
    }

    fn value(&self, name: &str) -> Option<String> {
        let value = match name {
            "site.url" => "https://example.org",
            "site.baseurl" => "/blog",
            "page.title" => "The Title",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn data(&self, name: &str) -> Option<Data> {
        syntax::find_test_data(name).or_else(|| self.value(name).map(Data::from))
    }

    fn shortcode(&self, name: &str) -> Option<&str> {
        match name {
            "wrap" => Some("<b>{inner}</b>"),
            "note" => Some("<aside class=\"{kind}\">{inner}</aside>"),
            "img.html" | "mark" => Some("<img src=\"{src}\" alt=\"{0}\">"),
            _ => None,
        }
    }
}

pub(super) fn convert_as(syntax: Syntax<'_>, body: &str, embeds: Embeds, marker: Option<&str>) -> Converted {
    let page = Url::parse("https://example.org/blog/2024/post/").expect("it is a URL");
    let (title, prefix) = ("The Title", "p1-");
    let context =
        Context { page: &page, title, syntax, markdown: true, marker, embeds, prefix, resolve: &Site };
    convert(body, &context)
}

fn html(body: &str) -> String {
    convert_as(PLAIN, body, Embeds::Link, None).html
}

#[test]
fn each_rule_by_example() {
    for (body, expected) in [
        // URLs are absolute, whatever attribute holds them.
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
        // Lazily loaded images have their real source; their copies are removed.
        (
            "<img class=lazyload data-src=\"/r.jpg?a=1&amp;b=2\" src=\"/blank.gif\"><noscript><img src=\"/r.jpg\"></noscript>",
            "<p><img class=\"lazyload\" src=\"https://example.org/r.jpg?a=1&amp;b=2\"></p>",
        ),
        (
            "<noscript><img src=\"/r.jpg\"></noscript>\n\n<img class=lazy data-src=\"/r.jpg\">",
            "<p></p>\n<img class=\"lazy\" src=\"https://example.org/r.jpg\">",
        ),
        (
            "<div><noscript><p><img src=\"k.png\"></p></noscript></div>",
            "<div><p><img src=\"https://example.org/blog/2024/post/k.png\"></p></div>",
        ),
        // A placeholder shows nothing: the real image replaces it, or it is removed.
        (
            "<img src=\"/r.jpg\" srcset=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\">",
            "<img src=\"https://example.org/r.jpg\">",
        ),
        (
            "<img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\" srcset=\"/r.jpg 1x, /s.jpg 2x\">",
            "<img srcset=\"https://example.org/r.jpg 1x, https://example.org/s.jpg 2x\" src=\"https://example.org/r.jpg\">",
        ),
        ("a<img src=\"data:image/svg+xml,%3Csvg%3E%3C/svg%3E\">b", "<p>ab</p>"),
        // Nothing can run.
        ("<script>alert(1)</script>ok", "ok"),
        ("<p onclick=x style='color:red' data-x=1>a</p>", "<p>a</p>"),
        ("[a](javascript:alert(1))", "<p><a>a</a></p>"),
        ("a <a href=\" jAvA&#x09;script:alert(1)\">a</a>", "<p>a <a>a</a></p>"),
        ("a <a href=\"data:text/html,x\">a</a>", "<p>a <a>a</a></p>"),
        ("<div><svg><script>x</script></svg></div>", "<div></div>"),
        // Open elements are closed.
        ("<div><b>a", "<div><b>a\n</b></div>"),
        ("a ]]> b", "<p>a ]]&gt; b</p>"),
        // Embeds become links, the checkboxes of tasks become characters.
        (
            "<div><iframe src=\"https://www.youtube.com/embed/x?a=1&amp;b=2\" title=\"A film\"></iframe></div>",
            "<div><a href=\"https://www.youtube.com/watch?v=x\">A film</a></div>",
        ),
        ("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"),
        (
            "<object data=\"/x.pdf\">none</object><embed src=\"https://player.vimeo.com/video/7\">",
            "<p><a href=\"https://example.org/x.pdf\">https://example.org/x.pdf</a><a href=\"https://vimeo.com/7\">Vimeo: https://vimeo.com/7</a></p>",
        ),
        // Ids differ from those of other entries.
        ("<p id=\"a\">x</p>", "<p id=\"p1-a\">x</p>"),
        (
            "a[^n]\n\n[^n]: Note",
            "<p>a<sup class=\"footnote-ref\"><a href=\"https://example.org/blog/2024/post/#fn-n\" id=\"p1-fnref-n\">1</a></sup></p>\n<section class=\"footnotes\">\n<ol>\n<li id=\"p1-fn-n\">\n<p>Note <a href=\"https://example.org/blog/2024/post/#fnref-n\" class=\"footnote-backref\">↩</a></p>\n</li>\n</ol>\n</section>",
        ),
        // Unknown elements are replaced by their content; self-closing elements stay empty.
        ("cp <path> <target> and <set>more</set>", "<p>cp   and more\n</p>"),
        (
            "<iframe src=\"https://www.youtube.com/embed/x\" width=\"1\" />\n\nafter",
            "<a href=\"https://www.youtube.com/watch?v=x\">YouTube: https://www.youtube.com/watch?v=x</a>\n<p>after</p>",
        ),
        ("<canvas id=x />\n\nafter", "<p>after</p>"),
        (
            "a <script src=\"https://gist.github.com/me/1.js\"></script>",
            "<p>a <a href=\"https://gist.github.com/me/1\">GitHub Gist: https://gist.github.com/me/1</a></p>",
        ),
        // No attribute holds a script or is empty.
        (
            "<blockquote cite='vbscript:x'>q</blockquote><img srcset='javascript:x 1x, a.png 3x' src=a.png>",
            "<blockquote>q</blockquote><img srcset=\"https://example.org/blog/2024/post/a.png 3x\" src=\"https://example.org/blog/2024/post/a.png\">",
        ),
        ("a ![]() <img src=\"data:text/html,x\">b", "<p>a  <img>b</p>"),
        ("[a]()", "<p><a href=\"https://example.org/blog/2024/post/\">a</a></p>"),
        // Mathematics, ruby and details are kept.
        ("<math><mi>x</mi></math>", "<p><math><mi>x</mi></math></p>"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby></p>"),
        (
            "<details open><summary>s</summary>t</details>",
            "<details open=\"\"><summary>s</summary>t</details>",
        ),
        // A first block that only repeats the title is removed.
        ("# The title\n\nText", "<p>Text</p>"),
        ("<!--1663287960000-->\n[The Title](https://e.org/)\n------\n\nText", "<p>Text</p>"),
        ("The Title\n\nText", "<p>Text</p>"),
        (
            "<article><header><div>\n<h1>The title</h1></div></header>\nText</article>",
            "<article><header><div>\n</div></header>\nText</article>",
        ),
        (
            "<header><div class=\"i\"> </div><div><h1>The title</h1></div></header>\n\nText",
            "<header><div class=\"i\"> </div><div></div></header>\n<p>Text</p>",
        ),
        ("# The title and more\n\nText", "<h1>The title and more</h1>\n<p>Text</p>"),
        // Code is never changed.
        (
            "`<b>` and\n\n    <script>\n",
            "<p><code>&lt;b&gt;</code> and</p>\n<pre><code>&lt;script&gt;\n</code></pre>",
        ),
    ] {
        assert_eq!(html(body), expected, "{body}");
    }
}

#[test]
fn the_summary_is_the_first_paragraph_with_text() {
    let summary = |html: &str| summary::summarise(html);
    assert_eq!(summary("<h1>No</h1><p> </p><p class=\"x\">One &amp; two</p><p>Three</p>"), "One & two");
    assert_eq!(summary("<div>Only <b>this</b></div>"), "Only this");
    assert_eq!(summary("<pre>p</pre>"), "p");
    assert_eq!(summary(&format!("<p>{}</p>", "word ".repeat(200))).chars().count(), SUMMARY);
}

#[test]
fn callouts_within_titles_of_callouts_are_text() {
    let deep = format!("> [!a] {}", "* > [!a] ".repeat(5_000));
    let html = convert_as(OBSIDIAN, &deep, Embeds::Link, None).html;
    assert!(html.contains("[!a]"));
}

proptest::proptest! {
    #[test]
    fn no_body_breaks_the_conversion(body in "\\PC{0,200}") {
        let _ = html(&body);
    }
}

#[test]
fn the_summary_is_the_text_before_the_marker_else_the_first_paragraph() {
    let summary = |body: &str, marker| convert_as(PLAIN, body, Embeds::Link, marker).summary;
    for (body, marker, expected) in [
        ("One.\n\nTwo *b*.\n\n<!-- more -->\n\nThree.", None, "One. Two b."),
        ("One.<!--MORE-->\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!--read on-->\n\nThree.", Some("<!--read on-->"), "One. Two."),
        ("<!-- more -->\n\nOne.\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!-- moreover -->", None, "One."),
        ("One[^a].\n\n[^a]: Note", None, "One."),
        ("One.\n\n```\n<!-- more -->\n```\n\nTwo.", None, "One."),
    ] {
        assert_eq!(summary(body, marker), expected, "{body}");
    }
}

#[test]
fn what_an_unknown_shortcode_leaves_open_ends_with_it() {
    for (inner, shown) in [
        ("<?php\necho 1;\n", "before"),
        ("<!-- a\n<!-- b\n", "before"),
        ("<!-- a -->\nc\n", "c"),
        ("```php\n<?php\necho '<b>';\n```\n\nSee <https://e.org/>.\n", "href=\"https://e.org/\""),
        ("```php\n<?php\n```\n", "&lt;?php"),
    ] {
        let body = format!("before\n\n{{{{< code >}}}}\n{inner}{{{{< /code >}}}}\n\n**md** after");
        let html = convert_as(HUGO, &body, Embeds::Link, None).html;
        assert!(html.contains("<strong>md</strong> after") && html.contains(shown), "{inner}: {html}");
    }
}

#[test]
fn unknown_names_are_reported_once() {
    let body = "{% x %} {% x %} {{ site.none }} {% post_url none %} {{ page.title }}";
    assert_eq!(convert_as(JEKYLL, body, Embeds::Link, None).unknown, ["none", "site.none", "x"]);
    assert!(convert_as(HUGO, "{{< y >}}", Embeds::Link, None).unknown == ["y"]);
    assert!(html("{{ x }} {% y %}").contains("{{ x }} {% y %}"));
}

#[test]
fn embeds_are_kept_where_the_site_allows_it() {
    let frame = "<iframe src=\"//e.org/x\" onload=\"x()\" width=\"3\"></iframe>";
    let kept = convert_as(PLAIN, frame, Embeds::Keep, None).html;
    assert_eq!(kept, "<iframe src=\"https://e.org/x\" width=\"3\"></iframe>");
    let script = "a <iframe src=\"javascript:x()\"></iframe>";
    assert!(!convert_as(PLAIN, script, Embeds::Keep, None).html.contains("javascript"));
}

#[test]
fn extensions_of_markdown_are_shown_as_by_their_generator() {
    for (syntax, body, expected) in [
        (
            JEKYLL,
            "`x | y`|second\n",
            "<table>\n<tbody>\n<tr>\n<td><code>x | y</code></td>\n<td>second</td>\n</tr>\n</tbody>\n</table>",
        ),
        (JEKYLL, "* a\n^\n* b", "<ul>\n<li>a</li>\n</ul>\n\n<ul>\n<li>b</li>\n</ul>"),
        (
            JEKYLL,
            "![i](/a.png){: .c\nwidth=\"3\"}text",
            "<p><img src=\"https://example.org/a.png\" alt=\"i\">text</p>",
        ),
        (JEKYLL, "text {: .x} y", "<p>text {: .x} y</p>"),
        (JEKYLL, "<br>\n[a](/b)", "<p><br>\n<a href=\"https://example.org/b\">a</a></p>"),
        (JEKYLL, "http://x.org/a\\_b", "<p><a href=\"http://x.org/a_b\">http://x.org/a_b</a></p>"),
        (
            ZOLA,
            "a[^b c]\n\n[^b c]: *d*",
            "<p>a<sup class=\"footnote-ref\"><a href=\"https://example.org/blog/2024/post/#fn-b-c\" id=\"p1-fnref-b-c\">1</a></sup></p>\n<section class=\"footnotes\">\n<ol>\n<li id=\"p1-fn-b-c\">\n<p><em>d</em> <a href=\"https://example.org/blog/2024/post/#fr-b-c-1\" class=\"footnote-backref\">↩</a></p>\n</li>\n</ol>\n</section>",
        ),
        (HEXO, ":::info\n*a*\n:::", "<div class=\"info\">\n<p><em>a</em></p>\n</div>"),
        (ELEVENTY, ":::note\n*a*\n:::", "<div class=\"note\">\n<p><em>a</em></p>\n</div>"),
        (
            HEXO,
            "``` yml _config.yml\na: b\n```",
            "<p><strong>_config.yml</strong></p>\n<pre><code class=\"language-yml\">a: b\n</code></pre>",
        ),
    ] {
        assert_eq!(convert_as(syntax, body, Embeds::Link, None).html, expected, "{body}");
    }
}

#[test]
fn names_of_emoji_are_characters_where_the_site_wants_it() {
    let page = Url::parse("https://example.org/").expect("it is a URL");
    let show = |has_emoji| {
        let (title, prefix, embeds) = ("", "", Embeds::Link);
        let context = Context {
            page: &page,
            title,
            syntax: Syntax { has_emoji, ..HUGO },
            markdown: true,
            marker: None,
            embeds,
            prefix,
            resolve: &NoResolver,
        };
        convert("a :tada: `:tada:` :none:", &context).html
    };
    assert_eq!(show(true), "<p>a 🎉 <code>:tada:</code> :none:</p>");
    assert_eq!(show(false), "<p>a :tada: <code>:tada:</code> :none:</p>");
}
