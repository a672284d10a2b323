//! Bodies that would take too many steps or too much space: only their summary is made.

use super::test_syntax::{JEKYLL, PLAIN};
use super::tests::{Site, convert_as};
use super::*;

#[test]
fn absolute_urls_add_a_bounded_amount_to_a_body() {
    let page = Url::parse(&format!("https://example.org/{}", "p/".repeat(1000))).expect("it is a URL");
    let (title, prefix, embeds) = ("The Title", "p1-", Embeds::Link);
    let context = Context {
        page: &page,
        title,
        syntax: PLAIN,
        markdown: true,
        marker: None,
        embeds,
        prefix,
        resolve: &Site,
    };
    for unit in [
        "[a](b) ",
        "<a href=b>c</a> ",
        "<img src=b> ",
        "<iframe src=b></iframe> ",
        "<img srcset='b 1x, c 2x'> ",
        "[a](#b) ",
        "[r] ",
    ] {
        let body = format!("First *paragraph*.\n\n{}\n\n[r]: b\n", unit.repeat(2000));
        let converted = convert(&body, &context);
        let only_summary = Converted {
            summary: "First paragraph.".to_owned(),
            excess: Some(Excess::Urls),
            ..Converted::default()
        };
        assert_eq!(converted, only_summary, "{unit}");
        assert_eq!(scan(&body, &context).excess, Some(Excess::Urls), "{unit}");
        assert!(!is_plain(&body, page.as_str(), &PLAIN, true, &Site), "{unit}");
        let few = unit.repeat(10);
        assert_eq!((convert(&few, &context).excess, scan(&few, &context).excess), (None, None), "{unit}");
    }
    let usual = Url::parse("https://example.org/blog/2024/02/a-post-of-usual-length/").expect("it is a URL");
    let context = Context { page: &usual, ..context };
    assert_eq!(convert(&"[a](#b) ".repeat(20_000), &context).excess, None, "the densest list of links");
}

#[test]
fn markdown_makes_a_bounded_amount_of_html() {
    let dense = format!("First.\n\n{}", "a|b\n-|-\nx|y\n\n".repeat(2700));
    let usual = format!("First.\n\nName|Text\n-|-\n{}", "harbour | opened its new pier\n".repeat(2000));
    for (body, excess) in [(dense, Some(Excess::Html)), (usual, None)] {
        let converted = convert_as(PLAIN, &body, Embeds::Link, None);
        assert_eq!((converted.excess, &*converted.summary), (excess, "First."), "{body:.80}");
        let page = Url::parse("https://example.org/a/").expect("it is a URL");
        let context = Context {
            page: &page,
            title: "",
            syntax: PLAIN,
            markdown: true,
            marker: None,
            embeds: Embeds::Link,
            prefix: "",
            resolve: &Site,
        };
        assert_eq!(scan(&body, &context).excess, excess);
        assert!(excess.is_none() || !is_plain(&body, page.as_str(), &PLAIN, true, &Site));
    }
    assert!(!is_plain("{{ site.url }}", "", &JEKYLL, true, &Site));
    assert!(is_plain("*Text* with a [link](../other/).", "https://example.org/a/", &JEKYLL, true, &Site));
}

#[test]
fn template_syntax_takes_a_bounded_number_of_steps() {
    let filters = " | upcase | downcase".repeat(500);
    let assigns = format!("{{% assign a = page.title{filters} %}}\n").repeat(100);
    let grow = "{% assign a = 'x' %}".to_owned() + &"{% assign a = a | append: a %}".repeat(12);
    let values = grow.clone() + &"{{ a }}".repeat(1000);
    let renders = grow + &"{% assign b = a | markdownify | strip_html %}".repeat(200);
    for (body, excess) in
        [(&assigns, None), (&renders, Some(Excess::Steps)), (&values, Some(Excess::Expansion))]
    {
        let body = format!("First.\n\n{body}");
        let converted = convert_as(JEKYLL, &body, Embeds::Link, None);
        assert_eq!(converted.excess, excess, "{body:.80}");
        assert_eq!(converted.summary, "First.");
    }
}

#[test]
fn values_do_not_grow_without_end() {
    let grow = "{% assign a = \"xxxxxxxxxxxxxxxx\" %}".to_owned()
        + &"{% assign a = a | append: a | append: a %}".repeat(60)
        + &"{{ a | replace: \"x\", a | replace: \"x\", a }}".repeat(2000)
        + &"{{ a }}".repeat(100_000);
    let converted = convert_as(JEKYLL, &grow, Embeds::Link, None);
    assert!(converted.html.len() < 2 << 20, "{}", converted.html.len());
}
