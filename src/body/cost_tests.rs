//! The cost of a body grows linearly with its length: units are repeated to some length and to four times that
//! length.

use std::time::Duration;
use std::{fs, thread};

use super::test_syntax::{ALL, JEKYLL};
use super::tests::convert_as;
use super::*;

/// The allocator of the program, for comparable times.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The text before the units, the unit (`N` is its number), and the text after them.
const UNITS: &[[&str; 3]] = &[
    // Units whose cost was once quadratic.
    ["", "a\n: b\n\n", ""],
    ["", "> a\n> ~ b\n>\n", ""],
    ["```\n", "{% raw %}\n", ""],
    ["<pre>", "{% raw %}\n", ""],
    ["{% highlight x %}", "{% raw %}\n", "{% endhighlight %}"],
    ["", "*[", ""],
    ["", "{:toc}\n", ""],
    ["<div>\n<br ", "/>", ""],
    ["<p ", "aN=b ", ">"],
    ["</p ", "aN=b ", ">"],
    ["<p ", "aN==\"b ", ">"],
    ["<!-- <a b=\" --!><p ", "aN=b ", ">"],
    ["<svg><style><!-- <a b=\" --><p ", "aN=b ", "></style></svg>"],
    ["<svg>", "<a", ""],
    ["", "{% assign b = 'a' | markdownify | strip_html %}", ""],
    ["", "` ", ""],
    ["", "`a` ", ""],
    ["", " ^", ""],
    ["<i/>", "<!--", ""],
    ["> [!a] ", "* > [!a] ", ""],
    ["", "{% for x %}", "{% endfor %}"],
    ["", "{% for x %}{% if false %}", "{% endif %}{% endfor %}"],
    ["", "{% if a %}{% if b %}{% else %}{% endif %}", ""],
    ["", "{::comment}", "{:/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ["", " markdown=1>", ""],
    ["", "- {{< youtube a >}}\n", ""],
    ["<a title=\"", "{{< youtube a >}} xxxx", "\">x</a>"],
    ["", "{%a(", "        %}"],
    ["", "{", "}             "],
    ["{% include x ", "a=b ", "%}"],
    ["", "{% for a in b %}{{ a }}", "{% endfor %}"],
    ["", "{% if a == 1 and b %}", "{% else %}{% endif %}"],
    ["", "{% case 1 %}{% when 1 %}", "{% endcase %}"],
    ["{% if a ", "and b ", "%}{% endif %}"],
    ["", "{% assign a = a | append: 'a' | split: '' %}", ""],
    ["", "a|", "\n"],
    ["", "|`a|``", "\n"],
    ["", "|a\n\n", ""],
    ["", "|<code>", "\n"],
    ["", "^\n|a\n", ""],
    ["", "<br>\n", ""],
    ["", "{:a\\}", ""],
    ["", "{::comment}\n{:/}a\n", ""],
    ["", "{::nomarkdown}<", "{:/}"],
    ["", "http://a\\_b", ""],
    ["", "[^a b]: c\n", ""],
    ["", ":::a\n", ":::\n"],
    ["", "* a\n{:toc}\n\n# b\n\n", ""],
    ["* a\n{:toc}\n\n", "# a {#bN}\n{:.no_toc}\n", ""],
    ["", "<!--kramdown:footnotes-->[^aN]\n\n[^aN]: b\n", ""],
    ["", "[^a]: b\n    c\n", ""],
    ["", "[^aN]: b\n[^aN]: c\n", ""],
    ["", "<div>\n\n<p>\n", ""],
    ["", "<div>\n\n    a\n\n", "</div>\n"],
    ["", "<div>\n<p markdown=1>\n", "</div>\n"],
    ["<div>\n", "\n", "</div>"],
    ["", "a\nb\n---\n", ""],
    ["", "```aN\n", ""],
    ["", "`````\n~~~\n", ""],
    ["[a]: b\n\n", "[x] [a] ", ""],
    ["[a]: b\n\n", "[[] [", ""],
    ["", "|-|\n", ""],
    ["", "![a](b){: standalone}\n\n", ""],
    ["", "![a", "{: standalone}\n"],
    ["", "\\$$", ""],
    // Template syntax, closed and unclosed.
    ["", "{{ a ", ""],
    ["", "{{ a }}", ""],
    ["", "{% a ", ""],
    ["", "{% a %}", "{% enda %}"],
    ["", "{{< a \"", ""],
    ["", "{{< a >}}b{{< /a >}}", ""],
    ["", "{{% a() %}}", ""],
    ["", "{{</* a */>}}", ""],
    ["", "{{ youtube(id=\"a\") }}", ""],
    ["", "{% a() %}", "{% end %}"],
    ["", "{# a ", ""],
    ["", "[a](@/other.md) ", ""],
    ["", "(@/", ""],
    ["", "[[other]] ", ""],
    ["", "![[", ""],
    ["", "==a== ", ""],
    ["", "%% a", ""],
    ["", "> [!NOTE]\n> a\n\n", ""],
    // Markdown (cmark's pathological inputs).
    ["", "**a ", ""],
    ["", "*a_ ", ""],
    ["", "a**b", ""],
    ["", "[", "a"],
    ["", "a]", ""],
    ["", "[a](", ""],
    ["", "[a](<b", ""],
    ["", "![", ""],
    ["", "[aN]: b\n", ""],
    ["[a]: b\n\n", "[a] ", ""],
    ["", "[^aN]\n\n[^aN]: b\n\n", ""],
    ["", "[^a] ", "\n\n[^a]: b"],
    ["", "> ", "a"],
    ["", "- ", "a"],
    ["", "* a\n", ""],
    ["", "1. a\n\n   b\n", ""],
    ["", "<", ""],
    ["", "<?", ""],
    ["", "<![CDATA[", ""],
    ["", "\\", ""],
    ["", "&amp;", ""],
    ["", "a.b@c.d ", ""],
    ["", "www.a.b ", ""],
    ["", "~~~\n", ""],
    ["", "# a\n", ""],
    ["", "a\n---\n", ""],
    ["a|b\n-|-\n", "a|b\n", ""],
    ["", "|a", "\n|-"],
    ["", "$$a$$ ", ""],
    ["", "{: .a}\n", ""],
    ["", "## a {#b}\n", ""],
    ["", "{::a", ""],
    ["", "é", ""],
    ["", "\n", ""],
    // HTML
    ["", "<b><p>", ""],
    ["", "<a href=b><div>", ""],
    ["", "<tr><td>", ""],
    ["<table>", "<tbody>", ""],
    ["", "<li><dd>a ", ""],
    ["", "<li><ul></li>a ", ""],
    ["", "<span><div></span>a ", ""],
    ["<ruby>", "<rt><div>a ", ""],
    ["<svg><title>", "<div>a ", "</title>"],
    ["", "<table>x", ""],
    ["", "<table>x</table>", ""],
    ["<table>", "<b>a</b>", ""],
    ["<noscript>", "<div>a ", "</noscript>"],
    ["", "<div></ </div>a ", ""],
    ["<math>", "<source>a</x>", ""],
    ["<p><b class=a><i class=b>", "<div>a</div>", "</i></b></p>"],
    ["<div>", "\n", "        a</div>"],
    ["", "```aaaaaaaaa\n> ```\n", "```"],
    ["", "<li><dd>", ""],
    ["", "</x>", ""],
    ["", "<title>", ""],
    ["", "<script>", ""],
    ["", "<a b=\"", ""],
    ["", "<a'", ""],
    ["", "<a'\"", ">"],
    ["", "<a'<!--", ""],
    ["", "<svg/>", ""],
    ["", "<math><mtext><p>", ""],
    ["", "<noscript><img src=a></noscript>", ""],
    ["", "<img src=a data-src=b>", ""],
    ["<img srcset=\"", "a 1x, ", "\">"],
    ["", "<iframe src=a></iframe>", ""],
    ["", "<p id=\"a b\">", ""],
];

fn repeat([before, unit, after]: [&str; 3], length: usize) -> String {
    let count = length / (unit.len() + after.len());
    let number = |number: usize| unit.replace('N', &number.to_string());
    let units: String =
        if unit.contains('N') { (0..count).map(number).collect() } else { unit.repeat(count) };
    // A long closing text is repeated as often as the units.
    format!("{before}{units}{}", if after.len() > 3 { after.repeat(count) } else { after.to_owned() })
}

/// Returns the CPU time of this thread. The time that it waits for a processor does not count.
fn read_clock() -> Duration {
    // Linux updates the CPU time of a thread when it yields.
    thread::yield_now();
    let times = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux measures threads");
    let nanoseconds = times.split(' ').next().and_then(|time| time.parse().ok());
    Duration::from_nanos(nanoseconds.expect("it is a number"))
}

/// Fails if `run` takes more than ten times as long for four times the length (16 times is quadratic) or, optimised,
/// more than a second per MiB, a tenth more for noise. The shortest of several runs counts, since other programs can only
/// add to it.
fn bound_growth(what: &str, unit: [&str; 3], length: usize, run: impl FnMut(&str)) {
    if let Err(failure) = measure_growth(what, unit, length, run) {
        panic!("{failure}");
    }
}

fn measure_growth(
    what: &str,
    unit: [&str; 3],
    length: usize,
    mut run: impl FnMut(&str),
) -> Result<(), String> {
    let bodies = [repeat(unit, length), repeat(unit, 4 * length)];
    let mut least = [Duration::MAX; 2];
    let most = Duration::from_nanos(bodies[1].len() as u64 * 1_100_000_000 / (1 << 20));
    // The growth of very short times is noise. Of two lengths a limit may stop only one.
    let noise = Duration::from_millis(if cfg!(debug_assertions) { 5 } else { 50 });
    for _ in 0..20 {
        for (body, least) in bodies.iter().zip(&mut least) {
            let started = read_clock();
            run(body);
            *least = read_clock().saturating_sub(started).min(*least);
        }
        let is_slow = !cfg!(debug_assertions) && least[1] > most;
        if !is_slow && least[1] < least[0].max(noise) * 10 {
            return Ok(());
        }
    }
    Err(format!("{what} of {unit:?}: {least:?} for {:?} bytes", bodies.map(|body| body.len())))
}

/// Measures everything except the libraries, which take most of the time in unoptimised builds.
#[test]
fn own_passes_cost_no_more_than_the_length() {
    let page = Url::parse("https://example.org/a/").expect("it is a URL");
    for unit in UNITS {
        let has_tags = unit.concat().contains('{');
        let measured = if has_tags { &ALL[..5] } else { &[ALL[0], ALL[5]] };
        for (name, syntax) in measured.iter().copied() {
            bound_growth(name, *unit, 5_000, |body| {
                let context = Context {
                    page: &page,
                    title: "",
                    syntax,
                    markdown: true,
                    marker: None,
                    embeds: Embeds::Link,
                    prefix: "",
                    resolve: &NoResolver,
                };
                scan_and_prepare(body, &context);
            });
        }
        bound_growth("HTML", *unit, 25_000, |body| {
            let html = self_closing::close(body);
            let bounded = limit_nesting::bound(&html);
            let _ = (limit_markdown::flatten(&bounded), strip_markup(&bounded));
        });
    }
}

/// Runs the passes of the writer and the renderer that are not in libraries. Their steps are counted too.
fn scan_and_prepare(body: &str, context: &Context<'_>) {
    let budget = Budget::new(body.len());
    let translated = syntax::translate(body, context, &budget);
    let adapted = Pass::apply_all(&context.syntax, Cow::Borrowed(&translated.text), &budget);
    let _ = markdown_extensions::prepare(&adapted, &context.syntax, &budget);
    let _ = summary::find_marker(body, true, Some("{% more %}"), &budget);
    let mut parts = translated.parts;
    let _ = kramdown::finish(translated.text.into_owned(), &KramdownOptions::JEKYLL, |html| parts.fill(html));
    let beginning: String = body.chars().take(40).collect();
    assert!(budget.taken() <= 64 * body.len() + 64, "{} steps for {beginning:?}", budget.taken());
}

/// Input that would take the libraries too long is not passed to them.
#[test]
fn libraries_get_no_input_that_costs_more_than_its_length() {
    for unit in &UNITS[..12] {
        bound_growth("conversion", *unit, 6_000, |body| {
            let _ = convert_as(JEKYLL, body, Embeds::Link, None);
        });
    }
}

#[test]
#[ignore = "long: run with --profile profiling"]
fn no_body_costs_more_than_its_length() {
    let cases = UNITS.iter().flat_map(|unit| ALL.map(|syntax| (*unit, syntax)));
    let failures: Vec<String> =
        cases.filter_map(|(unit, syntax)| measure_conversion(unit, syntax).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Measures units that are made of random pieces of all units.
#[test]
#[ignore = "long: run with --profile profiling"]
fn no_generated_unit_costs_more_than_its_length() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        // xorshift64
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let mut failures = Vec::new();
    for _ in 0..500 {
        let pieces: Vec<&str> = (0..=next(4)).map(|_| UNITS[next(UNITS.len())][next(3)]).collect();
        let (before, after) = (UNITS[next(UNITS.len())][0], UNITS[next(UNITS.len())][2]);
        let unit = pieces.concat() + "x";
        let syntax = ALL[next(ALL.len())];
        failures.extend(measure_conversion([before, &unit, after], syntax).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Reports a failure at once too: the test takes long.
fn measure_conversion(unit: [&str; 3], (name, syntax): (&str, Syntax<'_>)) -> Result<(), String> {
    let measured = measure_growth(name, unit, 100_000, |body| {
        let _ = convert_as(syntax, body, Embeds::Link, None);
    });
    measured.inspect_err(|failure| eprintln!("{failure}"))
}
