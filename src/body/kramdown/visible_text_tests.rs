//! One table: the Markdown of a Jekyll post → the text that the site shows.

use url::Url;

use super::super::test_syntax::JEKYLL;
use super::super::tests::convert_as;
use super::super::{Context, Excess, KramdownOptions, NoResolver, Syntax, convert, scan, strip_markup};
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
        ("a <o:p>*b*</o:p> <http://x.org>\n", "a b http://x.org"),
        ("a <?b?> <![CDATA[c]]>", "a <?b?> <![CDATA[c]]>"),
        // Links, images and formulas
        ("[a] [b]\n\n[b]: /c\n", "a"),
        ("<mailto:a@b.org>", "a@b.org"),
        ("a <ü.ä@hülse.de>, <a@b.org> <ü@b> b@c", "a ü.ä@hülse.de, a@b.org <ü@b> b@c"),
        ("![](c.png){: standalone}\n\n![d](c.png){: standalone}\n", "d"),
        ("a $$1\n+ 1$$", "a $$1 1$$"),
        // Options that a text sets
        (
            "{::options toc_levels=\"2\" footnote_nr='7' /}\n\n* toc\n{:toc}\n\n# A\n\n## B[^1]\n\n[^1]: c\n",
            "B A B7 c ↩",
        ),
        ("<p>*a*</p>\n\n{::options parse_block_html=\"true\" /}\n\n<p>*b*</p>\n", "*a* b"),
        // Indented text
        ("[a]: /b\n    [c]: d\n", "[c]: d"),
        ("*[A]: b\n    *[c]: d\n", "*[c]: d"),
        ("[a]\n\n[a]: /b\n    'c'\n", "a"),
        ("*      *a*\n        * b\n", "a b"),
        ("![*a*]() ![](), ![b](c.png)\n", "a ,"),
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

/// Each text is what Jekyll 4.4 shows with the option.
#[test]
fn a_site_may_set_options_of_kramdown() {
    const TOC: &str = "* toc\n{:toc}\n\n# A\n\n## B {#b}\n\n### C\n";
    const NOTE: &str = "a[^n]\n\n[^n]: b\n";
    const JEKYLL_OPTIONS: KramdownOptions = KramdownOptions::JEKYLL;
    let levels = [false, true, true, false, false, false];
    for (options, markdown, text, links) in [
        (KramdownOptions { toc_levels: levels, ..JEKYLL_OPTIONS }, TOC, "B C A B C", vec!["b", "c"]),
        (KramdownOptions { auto_ids: false, ..JEKYLL_OPTIONS }, TOC, "B A B C", vec!["b"]),
        (
            KramdownOptions { auto_id_prefix: "p-".to_owned(), ..JEKYLL_OPTIONS },
            TOC,
            "A B C A B C",
            vec!["p-a", "b", "p-c"],
        ),
        (
            KramdownOptions { is_gfm: false, ..JEKYLL_OPTIONS },
            "* toc\n{:toc}\n\n#1. B Ä c\n\n~~c~~\n",
            "1. B Ä c 1. B Ä c ~~c~~",
            vec!["b--c"],
        ),
        (KramdownOptions { footnote_nr: 5, ..JEKYLL_OPTIONS }, NOTE, "a5 b ↩", vec!["fn:n", "fnref:n"]),
        (
            KramdownOptions { footnote_prefix: "q-".to_owned(), ..JEKYLL_OPTIONS },
            NOTE,
            "a1 b ↩",
            vec!["fn:q-n", "fnref:q-n"],
        ),
        (
            KramdownOptions { footnote_backlink: Some("<up>".to_owned()), ..JEKYLL_OPTIONS },
            "a[^n] b[^n]\n\n[^n]: c\n",
            "a1 b1 c <up> <up>2",
            vec!["fn:n", "fn:n", "fnref:n", "fnref:n:1"],
        ),
        (
            KramdownOptions { footnote_backlink: Some(String::new()), ..JEKYLL_OPTIONS },
            NOTE,
            "a1 b",
            vec!["fn:n"],
        ),
        (
            KramdownOptions { has_math: false, ..JEKYLL_OPTIONS },
            "a $$b_c$$\n\n$$d_e$$\n",
            "a $b_c$ $$d_e$$",
            vec![],
        ),
        (
            KramdownOptions { parse_block_html: true, ..JEKYLL_OPTIONS },
            "<div>\n*a*\n</div>\n<ul><li>*b*</li></ul>\n",
            "a *b*",
            vec![],
        ),
        (KramdownOptions { joins_cjk: true, ..JEKYLL_OPTIONS }, "中\n文\na\n", "中文 a", vec![]),
    ] {
        let syntax = Syntax { kramdown: Some(&options), ..JEKYLL };
        let html = convert_as(syntax, markdown, Embeds::Link, None).html;
        assert_eq!(strip_markup(&html), text, "{markdown:?}: {html}");
        let found: Vec<&str> = html.split("href=\"https://example.org/blog/2024/post/#").skip(1).collect();
        let found: Vec<&str> = found.into_iter().filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
        assert_eq!(found, links, "{markdown:?}: {html}");
    }
    let options = KramdownOptions { hard_wrap: true, footnote_nr: 5, ..JEKYLL_OPTIONS };
    let html = convert_as(
        Syntax { kramdown: Some(&options), ..JEKYLL },
        "a\nb[^n]\n\n[^n]: c\n",
        Embeds::Link,
        None,
    )
    .html;
    assert!(html.starts_with("<p>a<br>\nb") && html.contains("<ol start=\"5\">"), "{html}");
    let options = KramdownOptions { link_definitions: "[a]: </b> \"t\"\n".to_owned(), ..JEKYLL_OPTIONS };
    let html = convert_as(
        Syntax { kramdown: Some(&options), ..JEKYLL },
        "[A], [c]\n\n[c]: /d\n",
        Embeds::Link,
        None,
    )
    .html;
    assert_eq!(
        html,
        "<p><a href=\"https://example.org/b\" title=\"t\">A</a>, <a href=\"https://example.org/d\">c</a></p>"
    );
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
