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

#[test]
fn each_wrong_value_of_a_sites_configuration_is_a_problem_at_its_place() {
    let ignored = |place: &str, key: &str, shown: &str, advice: &str| {
        format!("{place}: the site's `{key}` {shown} ignored. Write {advice}.")
    };
    let (string, strings) = ("a string", "a list of strings");
    let (flag, whole, table) = ("`true` or `false`", "a whole number", "a table of keys and values");
    let pattern = "a pattern of URL paths";
    let tables = "a list of tables";
    let names = "a table, or a list of names";
    let (list, two) = ("is a list and is", "is \"two\" and is");
    for (text, place, key, shown, advice) in [
        ("title: [a]", "1:1", "title", list, string),
        ("name: [a]", "1:1", "name", list, string),
        ("url: {a: b}", "1:1", "url", "is a table and is", string),
        ("a: 1\ntimezone: [UTC]", "2:1", "timezone", list, string),
        ("lang: [en]", "1:1", "lang", list, string),
        ("author: [Ada]", "1:1", "author", list, "a name, or a table with a `name`"),
        ("permalink: 3", "1:1", "permalink", "is 3 and is", pattern),
        ("future: two", "1:1", "future", two, flag),
        ("show_drafts: two", "1:1", "show_drafts", two, flag),
        ("unpublished: 1", "1:1", "unpublished", "is 1 and is", flag),
        ("exclude: [a, [b]]", "1:1", "exclude", "contains a list, which is", strings),
        ("plugins: {a: b}", "1:1", "plugins", "contains a table, which is", strings),
        ("feed: two", "1:1", "feed", two, table),
        ("path: x\nfeed:\n  path: 3", "3:3", "feed.path", "is 3 and is", pattern),
        ("feed:\n  excerpt_only: two", "2:3", "feed.excerpt_only", two, flag),
        ("feed: {posts_limit: -1}", "1:8", "feed.posts_limit", "is -1 and is", whole),
        ("feed:\n  tags: 3", "2:3", "feed.tags", "is 3 and is", "`true`, `false` or a table"),
        ("feed:\n  tags:\n    path: 3", "3:5", "feed.tags.path", "is 3 and is", pattern),
        ("feed:\n  collections: two", "2:3", "feed.collections", two, names),
        ("collections: two", "1:1", "collections", two, names),
        ("defaults: [two]", "1:1", "defaults", "contains \"two\", which is", tables),
        ("source: [a]", "1:1", "source", list, string),
        ("excerpt_separator: [a]", "1:1", "excerpt_separator", list, string),
    ] {
        assert_eq!(configure("jekyll", "_config.yml", text), [ignored(place, key, shown, advice)], "{text}");
    }
    for (text, place, key, shown, advice) in [
        ("title: [a]", "1:1", "title", list, string),
        ("subtitle: [a]", "1:1", "subtitle", list, string),
        ("author: [Ada]", "1:1", "author", list, string),
        ("language: {a: b}", "1:1", "language", "contains a table, which is", strings),
        ("future: two", "1:1", "future", two, flag),
        ("filename_case: 7", "1:1", "filename_case", "is 7 and is", "one of these: 0, 1, 2"),
        ("pretty_urls:\n  trailing_html: two", "2:3", "pretty_urls.trailing_html", two, flag),
        ("pretty_urls: two", "1:1", "pretty_urls", two, table),
        ("use_slug_as_post_title: two", "1:1", "use_slug_as_post_title", two, flag),
        ("tag_map:\n  rust: [a]", "2:3", "tag_map.rust", list, string),
        ("skip_render: [[a]]", "1:1", "skip_render", "contains a list, which is", strings),
        ("feed: {limit: two}", "1:8", "feed.limit", two, "a whole number, or `false` for all"),
        ("feed:\n  type: rss", "2:3", "feed.type", "contains \"rss\", which is", "`atom` or `rss2`"),
    ] {
        assert_eq!(configure("hexo", "_config.yml", text), [ignored(place, key, shown, advice)], "{text}");
    }
    let slugs = "one of these: on, safe, off";
    for (text, place, key, shown, advice) in [
        ("title = [1]", "1:1", "title", list, string),
        ("author = [1]", "1:1", "author", list, string),
        ("feed_limit = \"two\"", "1:1", "feed_limit", two, whole),
        ("paths = 1\n[slugify]\npaths = \"two\"", "3:1", "slugify.paths", two, slugs),
        ("slugify = { taxonomies = \"two\" }", "1:13", "slugify.taxonomies", two, slugs),
        ("taxonomies = [\"two\"]", "1:1", "taxonomies", "contains \"two\", which is", tables),
        ("[markdown]\nrender_emoji = \"two\"", "2:1", "markdown.render_emoji", two, flag),
        ("[languages]\nde = \"two\"", "2:1", "languages.de", two, table),
        ("title = \"a\"\n[languages.de]\ntitle = [1]", "3:1", "languages.de.title", list, string),
    ] {
        assert_eq!(configure("zola", "config.toml", text), [ignored(place, key, shown, advice)], "{text}");
    }
    let lists = "a table, or a list of tables";
    for (text, place, key, shown, advice) in [
        ("title: [a]", "1:1", "title", list, string),
        ("defaultcontentlanguage: [de]", "1:1", "defaultContentLanguage", list, string),
        ("locale: [de]", "1:1", "locale", list, string),
        ("permalinks: 3", "1:1", "permalinks", "is 3 and is", lists),
        ("languages:\n  de:\n    permalinks: 3", "3:5", "languages.de.permalinks", "is 3 and is", lists),
        ("languages:\n  de:\n    disabled: two", "3:5", "languages.de.disabled", two, flag),
        ("disableLanguages: [[de]]", "1:1", "disableLanguages", "contains a list, which is", strings),
        ("removePathAccents: two", "1:1", "removePathAccents", two, flag),
        ("rssLimit: two", "1:1", "rssLimit", two, whole),
        ("services:\n  rss:\n    limit: two", "3:5", "services.rss.limit", two, whole),
        ("frontmatter:\n  date: {a: b}", "2:3", "frontmatter.date", "contains a table, which is", strings),
        ("taxonomies:\n  tag: [a]", "2:3", "taxonomies.tag", list, string),
        ("outputFormats: {rss: {baseName: [a]}}", "1:23", "outputFormats.rss.baseName", list, string),
        ("uglyURLs:\n  posts: two", "2:3", "uglyURLs.posts", two, flag),
        ("cascade: [two]", "1:1", "cascade", "contains \"two\", which is", tables),
        ("buildFuture: two", "1:1", "buildFuture", two, flag),
        ("enableEmoji: two", "1:1", "enableEmoji", two, flag),
    ] {
        assert_eq!(configure("hugo", "hugo.yaml", text), [ignored(place, key, shown, advice)], "{text}");
    }
    for (text, key) in [
        ("export default { metadata: { title: [1] } }", "title"),
        ("export default { metadata: { language: [1] } }", "language"),
        ("export default { metadata: { url: [1] } }", "url"),
    ] {
        let problems = configure("eleventy", "eleventy.config.js", text);
        assert_eq!(problems, [ignored("1:30", key, list, string)], "{text}");
    }
    let folder = configure("obsidian", ".obsidian/app.json", "{\n  \"attachmentFolderPath\": []\n}");
    assert_eq!(folder, [ignored("2:3", "attachmentFolderPath", list, string)]);
    assert!(
        configure("obsidian", ".obsidian/app.json", "{").iter().all(|problem| problem.starts_with("1:1: "))
    );
}

#[test]
fn sentences_about_invalid_globs_of_cascades_reach_the_author() {
    let problems = configure("hugo", "hugo.yaml", "cascade:\n  - target: {path: \"[\"}\n    draft: true\n");
    assert!(problems[0].starts_with("1:1: the path \"[\" of a `target` is not a glob"), "{problems:?}");
}
