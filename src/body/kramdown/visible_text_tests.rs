//! One table: the Markdown of a Jekyll post → the text that the site shows.

use url::Url;

use super::super::test_syntax::JEKYLL;
use super::super::tests::convert_as;
use super::super::{Context, Excess, NoResolver, convert, scan, strip_markup};
use crate::config::Embeds;

#[test]
fn a_post_shows_the_text_that_jekyll_shows() {
    for (markdown, text) in [
        // Tables of contents, and places of footnotes
        ("* toc\n{:toc}\n\n# A\n\n## B `c`\n", "A B c A B c"),
        ("1. toc\n{:toc .wide}\n\n## A[^1]\n\n[^1]: b\n", "A A1 b ↩"),
        ("# A\n{:.no_toc}\n\n- toc\n{:toc}\n\n# B {#x}\n", "A B B"),
        ("* here\n{:footnotes}\n\na[^1]\n\n[^1]: b\n", "b ↩ a1"),
        // Footnotes
        ("a[^1]\n\n[^1]: b\n[^1]: c\n", "a1 c ↩"),
        ("a[^1]\n\n[^1]:\n    |b|c|\n", "a1 b c ↩"),
        // Headings and paragraphs
        ("a\nb\n---\n", "a b ---"),
        ("a\n\n#\n\nb", "a # b"),
        ("# A {#9}\n\n# B{#c}\n\n# D ## {#d}\n", "A {#9} B{#c} D"),
        ("a\n7. b\n", "a b"),
        ("~~~\na *b*\n", "~~~ a b"),
        // HTML
        ("<ul>\n\n    <li>a</li>\n\n    <li>b</li>\n</ul>\n", "a b"),
        ("<div>\n  a\n\n      <b>c</b>\n</div>\n", "a c"),
        ("<p markdown=\"0\">*a*</p>\n", "*a*"),
        ("<p>a | b</p>\n", "a | b"),
        ("a <?b?> <![CDATA[c]]>", "a <?b?> <![CDATA[c]]>"),
        // Links, images and formulas
        ("[a] [b]\n\n[b]: /c\n", "a"),
        ("<mailto:a@b.org>", "a@b.org"),
        ("a <ü.ä@hülse.de>, <a@b.org> <ü@b> b@c", "a ü.ä@hülse.de, a@b.org <ü@b> b@c"),
        ("![](c.png){: standalone}\n\n![d](c.png){: standalone}\n", "d"),
        ("a $$1\n+ 1$$", "a $$1 1$$"),
        // Tables
        ("|-|-|\n|-|-|\n", "|-|-| |-|-|"),
    ] {
        let html = convert_as(JEKYLL, markdown, Embeds::Link, None).html;
        assert_eq!(strip_markup(&html), text, "{markdown:?}: {html}");
    }
}

#[test]
fn a_table_of_contents_links_to_the_headings_of_the_page() {
    let html = convert_as(JEKYLL, "* toc\n{:toc}\n\n# A b\n", Embeds::Link, None).html;
    assert!(html.contains("<a href=\"https://example.org/blog/2024/post/#a-b\">A b</a>"), "{html}");
}

#[test]
fn links_of_a_table_of_contents_count_as_urls_of_the_body() {
    let page = Url::parse(&format!("https://example.org/{}", "a".repeat(1000))).expect("it is a URL");
    for (headings, excess) in [(50, None), (500, Some(Excess::Urls))] {
        let body = format!("* toc\n{{:toc}}\n\n{}", "# a\n".repeat(headings));
        let context = Context {
            page: &page,
            title: "",
            syntax: JEKYLL,
            markdown: true,
            marker: None,
            embeds: Embeds::Link,
            prefix: "",
            resolve: &NoResolver,
        };
        assert_eq!((scan(&body, &context).excess, convert(&body, &context).excess), (excess, excess));
    }
}
