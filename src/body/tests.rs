//! One table: what a post holds → what a reader gets.

use super::*;

/// A site whose one other page is `other`, under whatever name it is looked for.
struct Site;

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

    fn shortcode(&self, name: &str) -> Option<&str> {
        match name {
            "note" => Some("<aside class=\"{kind}\">{inner}</aside>"),
            "img.html" | "mark" => Some("<img src=\"{src}\" alt=\"{0}\">"),
            _ => None,
        }
    }
}

fn convert_as(dialect: Dialect, body: &str, embeds: Embeds, marker: Option<&str>) -> Converted {
    let page = Url::parse("https://example.org/blog/2024/post/").expect("it is an address");
    let (title, prefix) = ("The Title", "p1-");
    let context =
        Context { page: &page, title, dialect, markdown: true, marker, embeds, prefix, resolve: &Site };
    convert(body, &context)
}

fn html(body: &str) -> String {
    convert_as(Dialect::Plain, body, Embeds::Link, None).html
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
        (
            "<div><noscript><p><img src=\"k.png\"></p></noscript></div>",
            "<div><p><img src=\"https://example.org/blog/2024/post/k.png\"></p></div>",
        ),
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
            "<div><a href=\"https://www.youtube.com/watch?v=x\">A film</a></div>",
        ),
        ("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"),
        (
            "<object data=\"/x.pdf\">none</object><embed src=\"https://player.vimeo.com/video/7\">",
            "<p><a href=\"https://example.org/x.pdf\">https://example.org/x.pdf</a><a href=\"https://vimeo.com/7\">Vimeo: https://vimeo.com/7</a></p>",
        ),
        // Ids are told apart from those of other entries.
        ("<p id=\"a\">x</p>", "<p id=\"p1-a\">x</p>"),
        (
            "a[^n]\n\n[^n]: Note",
            "<p>a<sup class=\"footnote-ref\"><a href=\"https://example.org/blog/2024/post/#fn-n\" id=\"p1-fnref-n\">1</a></sup></p>\n<section class=\"footnotes\">\n<ol>\n<li id=\"p1-fn-n\">\n<p>Note <a href=\"https://example.org/blog/2024/post/#fnref-n\" class=\"footnote-backref\">↩</a></p>\n</li>\n</ol>\n</section>",
        ),
        // Mathematics, ruby and details stay.
        ("<math><mi>x</mi></math>", "<p><math><mi>x</mi></math></p>"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby></p>"),
        (
            "<details open><summary>s</summary>t</details>",
            "<details open=\"\"><summary>s</summary>t</details>",
        ),
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
    let summary = |html: &str| summary::summarise(html);
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
    let summary = |body: &str, marker| convert_as(Dialect::Plain, body, Embeds::Link, marker).summary;
    for (body, marker, expected) in [
        ("One.\n\nTwo *b*.\n\n<!-- more -->\n\nThree.", None, "One. Two b."),
        ("One.<!--MORE-->\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!--read on-->\n\nThree.", Some("<!--read on-->"), "One. Two."),
        ("<!-- more -->\n\nOne.\n\nTwo.", None, "One."),
        ("One.\n\nTwo.\n\n<!-- moreover -->", None, "One."),
        ("One.\n\n```\n<!-- more -->\n```\n\nTwo.", None, "One."),
    ] {
        assert_eq!(summary(body, marker), expected, "{body}");
    }
}

fn check(dialect: Dialect, rules: &[(&str, &str)]) {
    for (body, expected) in rules {
        assert_eq!(convert_as(dialect, body, Embeds::Link, None).html, *expected, "{body}");
    }
}

#[test]
fn liquid_of_jekyll() {
    check(
        Dialect::Jekyll,
        &[
            ("{% raw %}{{ x }}{% endraw %} b", "<p>{{ x }} b</p>"),
            (
                "`{% raw %}{{ x }}{% endraw %}` and `{{ y }}`",
                "<p><code>{{ x }}</code> and <code>{{ y }}</code></p>",
            ),
            ("```\n{% if x %}\n```", "<pre><code>{% if x %}\n</code></pre>"),
            (
                "{% highlight rust linenos %}\nlet a = 1 < 2;\n\nb_c_d\n{% endhighlight %}",
                "<pre><code class=\"language-rust\">let a = 1 &lt; 2;\n\nb_c_d\n</code></pre>",
            ),
            (
                "[a]({% post_url 2024-01-01-other %}) [b]({% link _posts/other.md %})",
                "<p><a href=\"https://example.org/other/\">a</a> <a href=\"https://example.org/other/\">b</a></p>",
            ),
            (
                "![i]({{ site.baseurl }}/i.png) ![j]({{ '/j.png' | relative_url }}) ![k]({{ \"k.png\" | absolute_url }})",
                "<p><img src=\"https://example.org/blog/i.png\" alt=\"i\"> <img src=\"https://example.org/blog/j.png\" alt=\"j\"> <img src=\"https://example.org/blog/k.png\" alt=\"k\"></p>",
            ),
            (
                "[a]({{ site.url }}{{ site.baseurl }}{% post_url 2024-01-01-other %})",
                "<p><a href=\"https://example.org/other/\">a</a></p>",
            ),
            ("{{ page.title | upcase }} {{ page.none }}!", "<p>THE TITLE !</p>"),
            ("{% assign a = \"x\" %}{{ a | append: \"y\" }}", "<p>xy</p>"),
            ("{% if a %}yes{% else %}no{% endif %} {% unknown %}in{% endunknown %}", "<p>yes in</p>"),
            ("{% for p in site.posts %}{{ p.title }}{% endfor %}a", "<p>a</p>"),
            (
                "{% capture n %}**b**{% endcapture %}<div>{{ n | markdownify }}</div>",
                "<div><p><strong>b</strong></p>\n</div>",
            ),
            ("{% comment %}gone{% endcomment %}a {% toc %}", "<p>a</p>"),
            (
                "{% include figure.html src=\"/a.png\" caption=\"A <b>\" %}",
                "<figure><img src=\"https://example.org/a.png\" alt=\"A &lt;b&gt;\"><figcaption>A &lt;b&gt;</figcaption></figure>",
            ),
            (
                "{% include img.html src=\"/s.png\" %}",
                "<img src=\"https://example.org/s.png\" alt=\"img.html\">",
            ),
            (
                "{% include youtube.html id=\"abc\" %}",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>",
            ),
            (
                "{% gist me/1 %}",
                "<p><a href=\"https://gist.github.com/me/1\">GitHub Gist: https://gist.github.com/me/1</a></p>",
            ),
            ("{{ open and {% open", "<p>{{ open and {% open</p>"),
        ],
    );
}

#[test]
fn kramdown_of_jekyll() {
    check(
        Dialect::Jekyll,
        &[
            ("a *b*{: .c}\n{: #d}", "<p>a <em>b</em></p>"),
            ("* TOC\n{:toc}\n\n## A {#own}\n\nb", "<h2>A</h2>\n<p>b</p>"),
            (
                "Term\n: One\n: Two",
                "<dl>\n<dt>Term</dt>\n<dd>\n<p>One</p>\n</dd>\n<dd>\n<p>Two</p>\n</dd>\n</dl>",
            ),
            ("<div markdown=\"1\">\n*a*\n</div>", "<div>\n<p><em>a</em></p>\n</div>"),
            ("x $$a_1 * b_2 * c$$ y", "<p>x \\(a_1 * b_2 * c\\) y</p>"),
            ("$$\na < b\n$$", "<p>\\[a &lt; b\\]</p>"),
            (
                "a[^n]\n\n[^n]: N",
                "<p>a<sup class=\"footnote-ref\"><a href=\"https://example.org/blog/2024/post/#fn:n\" id=\"p1-fnref-n\">1</a></sup></p>\n<section class=\"footnotes\">\n<ol>\n<li id=\"p1-fn-n\">\n<p>N <a href=\"https://example.org/blog/2024/post/#fnref:n\" class=\"footnote-backref\">↩</a></p>\n</li>\n</ol>\n</section>",
            ),
        ],
    );
}

#[test]
fn shortcodes_of_hugo() {
    check(
        Dialect::Hugo,
        &[
            (
                "{{< figure src=\"/a.png\" title=\"T\" caption=\"C\" alt=\"x\" link=\"/l\" >}}",
                "<figure><a href=\"https://example.org/l\"><img src=\"https://example.org/a.png\" alt=\"x\"></a><figcaption><strong>T</strong> C</figcaption></figure>",
            ),
            (
                "{{< highlight go \"linenos=table\" >}}\na := 1\n{{< /highlight >}}",
                "<pre><code class=\"language-go\">a := 1\n</code></pre>",
            ),
            (
                "[a]({{< ref \"/posts/other.md#x\" >}}) [b]({{% relref other %}})",
                "<p><a href=\"https://example.org/other/#x\">a</a> <a href=\"https://example.org/other/\">b</a></p>",
            ),
            (
                "{{< youtube abc >}}",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>",
            ),
            (
                "{{< x user=\"me\" id=\"1\" >}}",
                "<p><a href=\"https://x.com/me/status/1\">X: https://x.com/me/status/1</a></p>",
            ),
            ("a {{< unknown >}}*b*{{< /unknown >}} {{% other2 %}} c", "<p>a <em>b</em>  c</p>"),
            (
                "{{< note kind=\"tip\" >}}\n*a*\n{{< /note >}}",
                "<aside class=\"tip\">\n<p><em>a</em></p>\n</aside>",
            ),
            (
                "`{{</* figure */>}}` {{</* x */>}}",
                "<p><code>{{&lt; figure &gt;}}</code> {{&lt; x &gt;}}</p>",
            ),
            (
                "{{< details summary=\"S\" >}}\n*a*\n{{< /details >}}",
                "<details><summary>S</summary>\n<p><em>a</em></p>\n</details>",
            ),
            ("{{ .Title }} and {{< open", "<p>{{ .Title }} and {{&lt; open</p>"),
            ("## A b {#own .c}\n\ntext {.x} y", "<h2>A b</h2>\n<p>text {.x} y</p>"),
        ],
    );
}

#[test]
fn shortcodes_and_links_of_zola() {
    check(
        Dialect::Zola,
        &[
            (
                "[a](@/posts/other.md#x)\n\n[b]\n\n[b]: @/other.md",
                "<p><a href=\"https://example.org/other/#x\">a</a></p>\n<p><a href=\"https://example.org/other/\">b</a></p>",
            ),
            (
                "{{ youtube(id=\"abc\", autoplay=true) }}",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>",
            ),
            (
                "{{ figure(src=\"/a.png\", alt=\"x\") }}",
                "<figure><img src=\"https://example.org/a.png\" alt=\"x\"></figure>",
            ),
            ("{% quote(author=\"v\") %}\n*a*\n{% end %}", "<p><em>a</em></p>"),
            ("`{{ x() }}` {{/* y() */}} {{ z }}", "<p><code>{{ x() }}</code> {{ y() }} {{ z }}</p>"),
        ],
    );
}

#[test]
fn tags_of_hexo() {
    check(
        Dialect::Hexo,
        &[
            (
                "{% codeblock Title lang:js https://e.org %}\na < b\n{% endcodeblock %}",
                "<figure><figcaption>Title</figcaption><pre><code class=\"language-js\">a &lt; b\n</code></pre></figure>",
            ),
            (
                "{% post_link other %} {% post_link other 'Own title' %}",
                "<p><a href=\"https://example.org/other/\">The Other</a> <a href=\"https://example.org/other/\">Own title</a></p>",
            ),
            (
                "{% asset_img a.png \"A cat\" %}",
                "<img src=\"https://example.org/blog/2024/post/a.png\" alt=\"A cat\">",
            ),
            (
                "{% img left /a.png 200 100 '\"t\" \"alt\"' %}",
                "<img src=\"https://example.org/a.png\" alt=\"alt\" width=\"200\" height=\"100\">",
            ),
            (
                "{% blockquote Ada https://e.org %}\n*a*\n{% endblockquote %}",
                "<blockquote>\n<p><em>a</em></p>\n<footer><a href=\"https://e.org/\">Ada</a></footer></blockquote>",
            ),
            (
                "{% youtube abc %}",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>",
            ),
            ("{% raw %}{{ a }}{% endraw %} {# gone #}b", "<p>{{ a }} b</p>"),
            ("{% tabs info %}\n*a*\n{% endtabs %}", "<p><em>a</em></p>"),
        ],
    );
}

#[test]
fn syntax_of_obsidian() {
    check(
        Dialect::Obsidian,
        &[
            (
                "[[other]] [[An other|shown]] [[none]] [[other#H]]",
                "<p><a href=\"https://example.org/other/\">other</a> <a href=\"https://example.org/other/\">shown</a> none <a href=\"https://example.org/other/\">other &gt; H</a></p>",
            ),
            (
                "![[a b.png|300x200]] ![[c.png|alt]]",
                "<p><img src=\"https://example.org/a%20b.png\" alt=\"\" width=\"300\" height=\"200\"> <img src=\"https://example.org/c.png\" alt=\"alt\"></p>",
            ),
            ("==marked== a == b %%gone%%", "<p><mark>marked</mark> a == b</p>"),
            (
                "> [!note]- My title\n> text",
                "<blockquote>\n<p><strong>My title</strong></p>\n<p>text</p>\n</blockquote>",
            ),
            (
                "[a](an%20other.md#x) [b](c.png)",
                "<p><a href=\"https://example.org/other/\">a</a> <a href=\"https://example.org/blog/2024/post/c.png\">b</a></p>",
            ),
            ("A block ^id-1\n\n2^10", "<p>A block</p>\n<p>2^10</p>"),
            ("`[[other]] ==x==`", "<p><code>[[other]] ==x==</code></p>"),
        ],
    );
}

#[test]
fn what_nobody_knows_is_told_once() {
    let body = "{% x %} {% x %} {{ site.none }} {% post_url none %} {{ page.title }}";
    assert_eq!(convert_as(Dialect::Jekyll, body, Embeds::Link, None).unknown, ["none", "site.none", "x"]);
    assert!(convert_as(Dialect::Hugo, "{{< y >}}", Embeds::Link, None).unknown == ["y"]);
    assert!(html("{{ x }} {% y %}").contains("{{ x }} {% y %}"));
}

#[test]
fn embeds_stay_where_they_may() {
    let frame = "<iframe src=\"//e.org/x\" onload=\"x()\" width=\"3\"></iframe>";
    let kept = convert_as(Dialect::Plain, frame, Embeds::Keep, None).html;
    assert_eq!(kept, "<iframe src=\"https://e.org/x\" width=\"3\"></iframe>");
    let script = "a <iframe src=\"javascript:x()\"></iframe>";
    assert!(!convert_as(Dialect::Plain, script, Embeds::Keep, None).html.contains("javascript"));
}

#[test]
fn values_do_not_grow_without_end() {
    let grow = "{% assign a = \"xxxxxxxxxxxxxxxx\" %}".to_owned()
        + &"{% assign a = a | append: a | append: a %}".repeat(60)
        + &"{{ a | replace: \"x\", a | replace: \"x\", a }}".repeat(2000)
        + &"{{ a }}".repeat(100_000);
    let converted = convert_as(Dialect::Jekyll, &grow, Embeds::Link, None);
    assert!(converted.html.len() < 2 << 20, "{}", converted.html.len());
}
