//! The options of kramdown in Jekyll's `_config.yml`.

use feedmill::body::KramdownOptions;

use crate::wild::{POST, read};

const JEKYLL: KramdownOptions = KramdownOptions::JEKYLL;

/// The options of a site with these lines below `kramdown:`, and the problems of its configuration.
fn read_options(lines: &str) -> (KramdownOptions, Vec<String>) {
    let config = format!("url: https://example.org\nsass: {{input: x}}\nkramdown:\n{lines}");
    let (_, snapshot, problems) = read(&[("_config.yml", &config), ("_posts/2024-01-02-x.md", POST)]);
    let options = snapshot.site.sources[0].dialect.syntax().kramdown.expect("it is a site of Jekyll").clone();
    let problems =
        problems.iter().map(|problem| format!("{}:{}: {}", problem.line, problem.column, problem.message));
    (options, problems.collect())
}

#[test]
fn options_of_the_site_are_read_as_kramdown_reads_them() {
    let levels = |listed: &[usize]| std::array::from_fn(|at| listed.contains(&(at + 1)));
    let links = "[lib]: </lib> \"The \\\"library\\\"\"\n[x]: <https://x.org/>\n";
    for (lines, expected) in [
        ("", JEKYLL),
        ("  auto_ids:\n  toc_levels:\n  syntax_highlighter: rouge\n", JEKYLL),
        ("  input: GFM\n", JEKYLL),
        ("  input: kramdown\n", KramdownOptions { is_gfm: false, ..JEKYLL }),
        ("  toc_levels: 2..3\n", KramdownOptions { toc_levels: levels(&[2, 3]), ..JEKYLL }),
        ("  toc_levels: \"1,3\"\n", KramdownOptions { toc_levels: levels(&[1, 3]), ..JEKYLL }),
        ("  toc_levels: [2, \"6\"]\n", KramdownOptions { toc_levels: levels(&[2, 6]), ..JEKYLL }),
        ("  hard_wrap: true\n", KramdownOptions { hard_wrap: true, ..JEKYLL }),
        ("  auto_ids: \"false\"\n", KramdownOptions { auto_ids: false, ..JEKYLL }),
        ("  auto_id_prefix: p-\n", KramdownOptions { auto_id_prefix: "p-".to_owned(), ..JEKYLL }),
        ("  parse_block_html: true\n", KramdownOptions { parse_block_html: true, ..JEKYLL }),
        ("  remove_line_breaks_for_cjk: true\n", KramdownOptions { joins_cjk: true, ..JEKYLL }),
        ("  footnote_nr: 5\n", KramdownOptions { footnote_nr: 5, ..JEKYLL }),
        ("  footnote_prefix: q-\n", KramdownOptions { footnote_prefix: "q-".to_owned(), ..JEKYLL }),
        ("  footnote_backlink: \"\"\n", KramdownOptions { footnote_backlink: Some(String::new()), ..JEKYLL }),
        ("  math_engine: katex\n", JEKYLL),
        ("  math_engine:\n", KramdownOptions { has_math: false, ..JEKYLL }),
        (
            "  link_defs:\n    lib: [/lib, 'The \"library\"']\n    x: [https://x.org/]\n",
            KramdownOptions { link_definitions: links.to_owned(), ..JEKYLL },
        ),
    ] {
        assert_eq!(read_options(lines), (expected, vec![]), "{lines}");
    }
}

#[test]
fn a_wrong_option_is_a_problem_at_its_place() {
    for (lines, problem) in [
        ("  toc_levels: 2..9\n", "4:3: the site's `kramdown.toc_levels`"),
        ("  toc_levels: two\n", "4:3: the site's `kramdown.toc_levels`"),
        ("  footnote_prefix: {a: b}\n", "4:3: the site's `kramdown.footnote_prefix`"),
        ("  auto_ids: true\n  hard_wrap: maybe\n", "5:3: the site's `kramdown.hard_wrap`"),
        ("  input: Textile\n", "4:3: the site's `kramdown.input`"),
        ("  footnote_nr: one\n", "4:3: the site's `kramdown.footnote_nr`"),
        ("  link_defs: {a: /b}\n", "4:3: the site's `kramdown.link_defs`"),
    ] {
        let (options, problems) = read_options(lines);
        assert_eq!(options, JEKYLL, "{lines}");
        assert!(problems.len() == 1 && problems[0].starts_with(problem), "{lines}: {problems:?}");
    }
    let long = format!("  link_defs: {{a: [\"{}\"]}}\n", "a".repeat(40_000));
    let (_, problems) = read_options(&long);
    assert!(problems[0].contains("is not a table of at most 32 KiB"), "{problems:?}");
}
