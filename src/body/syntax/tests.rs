//! One table per generator: its syntax → the HTML that a reader gets.

use crate::body::tests::convert_as;
use crate::body::{Syntax, test_syntax::*};
use crate::config::Embeds;

fn check(syntax: Syntax<'_>, rules: &[(&str, &str)]) {
    for (body, expected) in rules {
        assert_eq!(convert_as(syntax, body, Embeds::Link, None).html, *expected, "{body}");
    }
}

#[test]
fn liquid_of_jekyll() {
    check(
        JEKYLL,
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
                "<p><img src=\"https://example.org/s.png\" alt=\"img.html\"></p>",
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
            ("`{%}` {%} {{}}", "<p><code>{%}</code> {%}</p>"),
            (
                "{% highlight html %}\n{% raw %}\n{{ x }}\n{% endraw %}\n{% endhighlight %}",
                "<pre><code class=\"language-html\">\n{{ x }}\n\n</code></pre>",
            ),
            ("`{% raw %}{% raw %}{% endraw %}`", "<p><code>{% raw %}</code></p>"),
            ("`{% raw %}` alone", "<p><code>{% raw %}</code> alone</p>"),
            (
                "{% youtube abc %}\n## Heading\n- a",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>\n<h2>Heading</h2>\n<ul>\n<li>a</li>\n</ul>",
            ),
            (
                "> {% highlight rb %}\n> x\n> {% endhighlight %}\n> q",
                "<blockquote>\n<pre><code class=\"language-rb\">x\n</code></pre><p>\nq</p>\n</blockquote>",
            ),
            (
                "{% assign v = 'xyz' %}{% include youtube.html id=v %}{% include youtube.html id=page.none %}",
                "<p><a href=\"https://www.youtube.com/watch?v=xyz\">YouTube: https://www.youtube.com/watch?v=xyz</a></p>",
            ),
            (
                "[a]({{ site.baseurl }}/{% post_url 2024-01-01-other %})",
                "<p><a href=\"https://example.org/other/\">a</a></p>",
            ),
            ("[a]({% post_url none %}) {% if false %}never{% endif %}", "<p><a>a</a></p>"),
        ],
    );
}

#[test]
fn kramdown_of_jekyll() {
    check(
        JEKYLL,
        &[
            ("a *b*{: .c}\n{: #d}", "<p>a <em>b</em></p>"),
            (
                "* TOC\n{:toc}\n\n## A {#own}\n\nb",
                "<ul>\n<li><a href=\"https://example.org/blog/2024/post/#own\">A</a></li>\n</ul>\n\n<h2>A</h2>\n<p>b</p>",
            ),
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
        HUGO,
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
                "a {{< highlight go \"hl_inline=true\" >}}a < 1{{< /highlight >}}.",
                "<p>a <code>a &lt; 1</code>.</p>",
            ),
            // Its content is a template.
            ("a {{< year.inline >}}{{ now.Year }}{{< /year.inline >}} b", "<p>a  b</p>"),
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
            (
                "{{< figure src=\"/a.png\" caption=\"*C*\" >}}\nText with *em*.\n\n- a\n- {{< figure src=\"/b.png\" >}}\n- c",
                "<figure><img src=\"https://example.org/a.png\" alt=\"C\"><figcaption><em>C</em></figcaption></figure>\n<p>Text with <em>em</em>.</p>\n<ul>\n<li>a</li>\n<li><figure><img src=\"https://example.org/b.png\" alt=\"\"></figure></li>\n<li>c</li>\n</ul>",
            ),
            (
                "| a | b |\n|---|---|\n| {{< youtube x >}} | {{< note kind=\"k\" >}}i{{< /note >}} |",
                "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><p><a href=\"https://www.youtube.com/watch?v=x\">YouTube: https://www.youtube.com/watch?v=x</a></p></td>\n<td><aside class=\"k\">i</aside></td>\n</tr>\n</tbody>\n</table>",
            ),
            ("x {{< wrap >}}b{{< /wrap >}} y", "<p>x <b>b</b> y</p>"),
            ("<div>\n  {{< none >}}\n    <b>a</b>\n</div>", "<div>\n    <b>a</b>\n</div>"),
            ("a\n{{< none >}}\nb", "<p>a\nb</p>"),
            ("{{%}} {{%}", "<p>{{%}} {{%}</p>"),
            ("{{ .Title }} and {{< open", "<p>{{ .Title }} and {{&lt; open</p>"),
            ("## A b {#own .c}\n\ntext {.x} y", "<h2>A b</h2>\n<p>text {.x} y</p>"),
        ],
    );
}

#[test]
fn shortcodes_and_links_of_zola() {
    check(
        ZOLA,
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
            ("<div>\n  {{ none() }}\n    <b>a</b>\n</div>", "<div>\n    <b>a</b>\n</div>"),
            ("`{{ x() }}` {{/* y() */}} {{ z }}", "<p><code>{{ x() }}</code> {{ y() }} {{ z }}</p>"),
            // `zola 0.22 content.pest`: only a valid shortcode is shown without asterisks.
            (
                "`{%/* block a */%} {{/* b.c */}} {{/* d(e=1) */}} {%/* f() */%}g{%/* end */%}` {{/* b.c */}}",
                "<p><code>{%/* block a */%} {{/* b.c */}} {{ d(e=1) }} {% f() %}g{% end %}</code> {{/* b.c */}}</p>",
            ),
        ],
    );
}

#[test]
fn tags_of_hexo() {
    check(
        HEXO,
        &[
            (
                "{% codeblock Title lang:js https://e.org %}\na < b\n{% endcodeblock %}",
                "<figure><figcaption>Title <a href=\"https://e.org/\">https://e.org</a></figcaption><pre><code class=\"language-js\">a &lt; b\n</code></pre></figure>",
            ),
            (
                "{% post_link other %} {% post_link other 'Own title' %}",
                "<p><a href=\"https://example.org/other/\">The Other</a> <a href=\"https://example.org/other/\">Own title</a></p>",
            ),
            (
                "{% asset_img a.png \"A cat\" %}",
                "<p><img src=\"https://example.org/blog/2024/post/a.png\" alt=\"A cat\"></p>",
            ),
            (
                "{% img left /a.png 200 100 '\"t\" \"alt\"' %}",
                "<p><img src=\"https://example.org/a.png\" alt=\"alt\" width=\"200\" height=\"100\"></p>",
            ),
            (
                "{% blockquote Ada https://e.org %}\n*a*\n{% endblockquote %}",
                "<blockquote>\n<p><em>a</em></p>\n<footer><a href=\"https://e.org/\">Ada</a></footer></blockquote>",
            ),
            (
                "{% youtube abc %}",
                "<p><a href=\"https://www.youtube.com/watch?v=abc\">YouTube: https://www.youtube.com/watch?v=abc</a></p>",
            ),
            ("{% link click here https://x.org %}", "<p><a href=\"https://x.org/\">click here</a></p>"),
            (
                "{% blockquote Seth Godin, A book http://e.org/x The title %}\nq\n{% endblockquote %}",
                "<blockquote>\n<p>q</p>\n<footer>Seth Godin, A book, <a href=\"http://e.org/x\">The title</a></footer></blockquote>",
            ),
            ("```\n{% raw %}\na\n{% endraw %}\n```", "<pre><code>{% raw %}\na\n{% endraw %}\n</code></pre>"),
            ("{% raw %}{{ a }}{% endraw %} {# gone #}b", "<p>{{ a }} b</p>"),
            ("{% tabs info %}\n*a*\n{% endtabs %}", "<p><em>a</em></p>"),
        ],
    );
}

#[test]
fn syntax_of_obsidian() {
    check(
        OBSIDIAN,
        &[
            (
                "[[other]] [[An other|shown]] [[none]] [[other#H]]",
                "<p><a href=\"https://example.org/other/\">other</a> <a href=\"https://example.org/other/\">shown</a> none <a href=\"https://example.org/other/\">other &gt; H</a></p>",
            ),
            (
                "![[a b.png|300x200]] ![[c.png|alt]]",
                "<p><img src=\"https://example.org/blog/a%20b.png\" alt=\"\" width=\"300\" height=\"200\"> <img src=\"https://example.org/blog/c.png\" alt=\"alt\"></p>",
            ),
            ("==marked== a == b %%gone%%", "<p><mark>marked</mark> a == b</p>"),
            (
                "> [!note]- My title\n> text",
                "<blockquote>\n<p><strong>My title</strong></p>\n<p>text</p>\n</blockquote>",
            ),
            (
                "[a](an%20other.md#x) [b](c.png)",
                "<p><a href=\"https://example.org/other/#x\">a</a> <a href=\"https://example.org/blog/2024/post/c.png\">b</a></p>",
            ),
            (
                "[a](https://x.org/?t=YQ==&u=YQ==) ==b==",
                "<p><a href=\"https://x.org/?t=YQ==&amp;u=YQ==\">a</a> <mark>b</mark></p>",
            ),
            (
                "> [!note] T [[other]] ==m==\n> x",
                "<blockquote>\n<p><strong>T <a href=\"https://example.org/other/\">other</a> <mark>m</mark></strong></p>\n<p>x</p>\n</blockquote>",
            ),
            (
                "![a|100](/p.png) ![[p.png|Alt|30]] ![[s.mp3]]",
                "<p><img src=\"https://example.org/p.png\" alt=\"a\" width=\"100\"> <img src=\"https://example.org/blog/p.png\" alt=\"Alt\" width=\"30\"> <audio src=\"https://example.org/blog/s.mp3\" controls=\"\"></audio></p>",
            ),
            ("A block ^id-1\n\n2^10", "<p>A block</p>\n<p>2^10</p>"),
            ("`[[other]] ==x==`", "<p><code>[[other]] ==x==</code></p>"),
        ],
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// A body with any delimiters in any order is converted, and no placeholder is left.
    #[test]
    fn no_syntax_breaks_the_conversion(
        pieces in proptest::collection::vec(
            "(\\{\\{|\\}\\}|\\{%|%\\}|\\{#|#\\}|\\{\\{<|>\\}\\}|\\{\\{%|%\\}\\}|/\\*|\\*/| raw | endraw | highlight x | endhighlight | note | /note | figure src=\"/a\" | youtube a | note\\(\\) | end | include youtube.html id=\"a\" |- |> |1\\. |\\| a \\| b \\|\n|\n\n|\n|    |```\n|`|\\[\\[|\\]\\]|!\\[\\[|==|%%|\\[!note\\]|\\(@/|\\]: @/|\\)|<path>|<iframe/>|<svg>|<math><mi>|<noscript>|<!--|-->|x|é|=\"|'|\\{:|\\}|\\$\\$|\\{::comment\\})", 0..40
        ),
    ) {
        let body = pieces.concat();
        for (name, syntax) in ALL {
            let html = convert_as(syntax, &body, Embeds::Link, None).html;
            let is_mark = |word: &str| {
                word.strip_prefix('x').is_some_and(|rest| {
                    rest.len() > 17 && rest.bytes().take(16).all(|b| b.is_ascii_hexdigit()) && rest.as_bytes()[16] == b'n'
                })
            };
            let mut words = html.split(|c: char| !c.is_ascii_alphanumeric());
            proptest::prop_assert!(!words.any(is_mark), "{}: {body:?}\n{html}", name);
        }
    }
}
