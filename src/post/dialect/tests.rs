//! The list of dialects and their syntax.

use super::*;
use crate::body::test_syntax;
use crate::config::DialectName;
use crate::post::config_file::ConfigFile;

#[test]
fn every_dialect_has_a_name_for_configurations() {
    let mut names: Vec<&str> = DialectName::ALL.map(DialectName::as_str).to_vec();
    let mut dialects: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
    names.sort_unstable();
    dialects.sort_unstable();
    assert_eq!(names, dialects);
    for name in DialectName::ALL {
        assert_eq!(find_dialect(name).name(), name.as_str());
    }
}

#[test]
fn the_tests_of_bodies_use_the_syntax_of_the_dialects() {
    for dialect in DIALECTS.iter() {
        let tested = test_syntax::ALL.into_iter().find(|(name, _)| *name == dialect.name());
        assert_eq!(tested, Some((dialect.name(), dialect.syntax())));
    }
}

#[test]
fn dialects_are_equal_if_their_settings_are() {
    let (one, other) = (hugo::Hugo::default(), hugo::Hugo::default());
    let unlike = zola::Zola::default();
    let (one, other, unlike): (&dyn Dialect, &dyn Dialect, &dyn Dialect) = (&one, &other, &unlike);
    assert!(one == other && one != unlike);
}

/// The problems of a configuration of one file, each with its place.
fn configure(dialect: &str, path: &str, text: &str) -> Vec<String> {
    let dialect = DIALECTS.iter().find(|own| own.name() == dialect).expect("there is such a dialect");
    let file = ConfigFile { name: path.to_owned(), path: path.to_owned(), text: text.to_owned() };
    let problems = dialect.configure(&[file]).problems.into_iter();
    problems.map(|problem| format!("{}:{}: {}", problem.line, problem.column, problem.message)).collect()
}

const STRING: &str = "a string";
const STRINGS: &str = "a list of strings";
const FLAG: &str = "`true` or `false`";
const WHOLE: &str = "a whole number";
const TABLE: &str = "a table of keys and values";
const TABLES: &str = "a list of tables";
const PATTERN: &str = "a pattern of URL paths";
const LIST: &str = "is a list and is";
const TWO: &str = "is \"two\" and is";

/// A wrong value; the place of the problem, its key, the value in the message, and the advice.
type WrongValue = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn check_each(dialect: &str, path: &str, wrong_values: &[WrongValue]) {
    for (text, place, key, shown, advice) in wrong_values {
        let expected = format!("{place}: the site's `{key}` {shown} ignored. Write {advice}.");
        assert_eq!(configure(dialect, path, text), [expected], "{text}");
    }
}

#[test]
fn wrong_values_of_jekyll_are_problems_at_their_place() {
    const NAMES: &str = "a table, or a list of names";
    check_each(
        "jekyll",
        "_config.yml",
        &[
            ("title: [a]", "1:1", "title", LIST, STRING),
            ("name: [a]", "1:1", "name", LIST, STRING),
            ("url: {a: b}", "1:1", "url", "is a table and is", STRING),
            ("a: 1\ntimezone: [UTC]", "2:1", "timezone", LIST, STRING),
            ("lang: [en]", "1:1", "lang", LIST, STRING),
            ("author: [Ada]", "1:1", "author", LIST, "a name, or a table with a `name`"),
            ("permalink: 3", "1:1", "permalink", "is 3 and is", PATTERN),
            ("future: two", "1:1", "future", TWO, FLAG),
            ("show_drafts: two", "1:1", "show_drafts", TWO, FLAG),
            ("unpublished: 1", "1:1", "unpublished", "is 1 and is", FLAG),
            ("exclude: [a, [b]]", "1:1", "exclude", "contains a list, which is", STRINGS),
            ("plugins: {a: b}", "1:1", "plugins", "contains a table, which is", STRINGS),
            ("feed: two", "1:1", "feed", TWO, TABLE),
            ("path: x\nfeed:\n  path: 3", "3:3", "feed.path", "is 3 and is", PATTERN),
            ("feed:\n  excerpt_only: two", "2:3", "feed.excerpt_only", TWO, FLAG),
            ("feed: {posts_limit: -1}", "1:8", "feed.posts_limit", "is -1 and is", WHOLE),
            ("feed:\n  tags: 3", "2:3", "feed.tags", "is 3 and is", "`true`, `false` or a table"),
            ("feed:\n  tags:\n    path: 3", "3:5", "feed.tags.path", "is 3 and is", PATTERN),
            ("feed:\n  collections: two", "2:3", "feed.collections", TWO, NAMES),
            ("collections: two", "1:1", "collections", TWO, NAMES),
            ("defaults: [two]", "1:1", "defaults", "contains \"two\", which is", TABLES),
            ("source: [a]", "1:1", "source", LIST, STRING),
            ("excerpt_separator: [a]", "1:1", "excerpt_separator", LIST, STRING),
        ],
    );
}

#[test]
fn wrong_values_of_hexo_are_problems_at_their_place() {
    check_each(
        "hexo",
        "_config.yml",
        &[
            ("title: [a]", "1:1", "title", LIST, STRING),
            ("subtitle: [a]", "1:1", "subtitle", LIST, STRING),
            ("author: [Ada]", "1:1", "author", LIST, STRING),
            ("language: {a: b}", "1:1", "language", "contains a table, which is", STRINGS),
            ("future: two", "1:1", "future", TWO, FLAG),
            ("filename_case: 7", "1:1", "filename_case", "is 7 and is", "one of these: 0, 1, 2"),
            ("pretty_urls:\n  trailing_html: two", "2:3", "pretty_urls.trailing_html", TWO, FLAG),
            ("pretty_urls: two", "1:1", "pretty_urls", TWO, TABLE),
            ("use_slug_as_post_title: two", "1:1", "use_slug_as_post_title", TWO, FLAG),
            ("tag_map:\n  rust: [a]", "2:3", "tag_map.rust", LIST, STRING),
            ("skip_render: [[a]]", "1:1", "skip_render", "contains a list, which is", STRINGS),
            ("feed: {limit: two}", "1:8", "feed.limit", TWO, "a whole number, or `false` for all"),
            ("feed:\n  type: rss", "2:3", "feed.type", "contains \"rss\", which is", "`atom` or `rss2`"),
        ],
    );
}

#[test]
fn wrong_values_of_zola_are_problems_at_their_place() {
    const SLUGS: &str = "one of these: on, safe, off";
    check_each(
        "zola",
        "config.toml",
        &[
            ("title = [1]", "1:1", "title", LIST, STRING),
            ("author = [1]", "1:1", "author", LIST, STRING),
            ("feed_limit = \"two\"", "1:1", "feed_limit", TWO, WHOLE),
            ("paths = 1\n[slugify]\npaths = \"two\"", "3:1", "slugify.paths", TWO, SLUGS),
            ("slugify = { taxonomies = \"two\" }", "1:13", "slugify.taxonomies", TWO, SLUGS),
            ("taxonomies = [\"two\"]", "1:1", "taxonomies", "contains \"two\", which is", TABLES),
            ("[markdown]\nrender_emoji = \"two\"", "2:1", "markdown.render_emoji", TWO, FLAG),
            ("[languages]\nde = \"two\"", "2:1", "languages.de", TWO, TABLE),
            ("title = \"a\"\n[languages.de]\ntitle = [1]", "3:1", "languages.de.title", LIST, STRING),
        ],
    );
}

#[test]
fn wrong_values_of_hugo_are_problems_at_their_place() {
    const LISTS: &str = "a table, or a list of tables";
    check_each(
        "hugo",
        "hugo.yaml",
        &[
            ("title: [a]", "1:1", "title", LIST, STRING),
            ("defaultcontentlanguage: [de]", "1:1", "defaultContentLanguage", LIST, STRING),
            ("locale: [de]", "1:1", "locale", LIST, STRING),
            ("permalinks: 3", "1:1", "permalinks", "is 3 and is", LISTS),
            ("languages:\n  de:\n    permalinks: 3", "3:5", "languages.de.permalinks", "is 3 and is", LISTS),
            ("languages:\n  de:\n    disabled: two", "3:5", "languages.de.disabled", TWO, FLAG),
            ("disableLanguages: [[de]]", "1:1", "disableLanguages", "contains a list, which is", STRINGS),
            ("removePathAccents: two", "1:1", "removePathAccents", TWO, FLAG),
            ("rssLimit: two", "1:1", "rssLimit", TWO, WHOLE),
            ("services:\n  rss:\n    limit: two", "3:5", "services.rss.limit", TWO, WHOLE),
            (
                "frontmatter:\n  date: {a: b}",
                "2:3",
                "frontmatter.date",
                "contains a table, which is",
                STRINGS,
            ),
            ("taxonomies:\n  tag: [a]", "2:3", "taxonomies.tag", LIST, STRING),
            ("outputFormats: {rss: {baseName: [a]}}", "1:23", "outputFormats.rss.baseName", LIST, STRING),
            ("uglyURLs:\n  posts: two", "2:3", "uglyURLs.posts", TWO, FLAG),
            ("cascade: [two]", "1:1", "cascade", "contains \"two\", which is", TABLES),
            ("buildFuture: two", "1:1", "buildFuture", TWO, FLAG),
            ("enableEmoji: two", "1:1", "enableEmoji", TWO, FLAG),
        ],
    );
}

#[test]
fn wrong_values_of_eleventy_and_obsidian_are_problems_at_their_place() {
    check_each(
        "eleventy",
        "eleventy.config.js",
        &[
            ("export default { metadata: { title: [1] } }", "1:30", "title", LIST, STRING),
            ("export default { metadata: { language: [1] } }", "1:30", "language", LIST, STRING),
            ("export default { metadata: { url: [1] } }", "1:30", "url", LIST, STRING),
        ],
    );
    let folder = "{\n  \"attachmentFolderPath\": []\n}";
    check_each("obsidian", ".obsidian/app.json", &[(folder, "2:3", "attachmentFolderPath", LIST, STRING)]);
    let broken = configure("obsidian", ".obsidian/app.json", "{");
    assert!(broken.len() == 1 && broken[0].contains("is not JSON"), "{broken:?}");
}

#[test]
fn an_invalid_glob_of_a_cascade_is_a_problem() {
    let problems = configure("hugo", "hugo.yaml", "cascade:\n  - target: {path: \"[\"}\n    draft: true\n");
    assert!(problems[0].starts_with("1:1: the path \"[\" of a `target` is not a glob"), "{problems:?}");
}
