//! Sites as they are laid out in the wild: what is found in them, and where it is.

use chrono::Utc;
use feedmill::catalog::{Selection, Snapshot};
use feedmill::config::{Config, Problem, Source};
use feedmill::watch::read_once;

use crate::common::TestSite;

/// Reads a site made of these files; gives the addresses below the site of its posts, by title.
pub(crate) fn read(files: &[(&str, &str)]) -> (Vec<String>, std::sync::Arc<Snapshot>, Vec<Problem>) {
    let site = TestSite::new();
    for (path, text) in files {
        site.write(&format!("site/{path}"), text);
    }
    let source = Source { path: site.path("site"), ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let (snapshot, discovery) = read_once(&config, Utc::now()).expect("the sources can be read");
    let base = format!("{}/", snapshot.site.url);
    let codes: Vec<Option<Box<str>>> =
        [None].into_iter().chain(snapshot.languages().map(|(code, _)| Some(code.into()))).collect();
    let selections = codes
        .into_iter()
        .map(|language| Selection { languages: language.map(|code| vec![code]), ..Selection::default() });
    let posts = selections.flat_map(|selection| snapshot.select(&selection, 100));
    let mut addresses: Vec<String> =
        posts.map(|post| post.address.strip_prefix(&base).unwrap_or(&post.address).to_owned()).collect();
    addresses.sort();
    addresses.dedup();
    (addresses, snapshot, discovery.problems)
}

pub(crate) fn addresses(files: &[(&str, &str)]) -> Vec<String> {
    read(files).0
}

pub(crate) const POST: &str = "---\ntitle: T\ndate: 2024-01-02\n---\nText.\n";
const PAGE: &str = "+++\ntitle = \"T\"\ndate = 2024-01-02\n+++\nText.\n";
const HUGO: (&str, &str) = ("hugo.toml", "baseURL = \"https://example.org/\"\n");

#[test]
fn hugos_tables_may_be_files_of_their_own() {
    let (found, snapshot, _) = read(&[
        (
            "config/_default/hugo.toml",
            "baseURL = \"https://example.org/\"\ndefaultContentLanguage = \"en\"\n",
        ),
        (
            "config/_default/languages.en.toml",
            "title = \"English\"\nweight = 1\n[params]\ndescription = \"D\"\n",
        ),
        ("config/_default/languages.it.toml", "title = \"Italiano\"\nlanguageCode = \"it-IT\"\n"),
        ("config/_default/menus.en.toml", "[[main]]\nname = \"x\"\n"),
        ("config/_default/params.toml", "colorScheme = \"x\"\n"),
        ("content/posts/a.md", POST),
        ("content/posts/a.it.md", POST),
    ]);
    assert_eq!(found, ["it/posts/a/", "posts/a/"]);
    assert_eq!((&*snapshot.site.title, snapshot.site.description.as_deref()), ("English", Some("D")));
    assert_eq!(snapshot.languages().count(), 2);
}

#[test]
fn hugos_languages_may_have_folders_and_be_off() {
    let config =
        "baseURL = \"https://example.org/\"\n[languages.en]\n[languages.de]\ncontentDir = \"content_de\"\n";
    let files = [("hugo.toml", config), ("content/posts/a.md", POST), ("content_de/posts/b.md", POST)];
    assert_eq!(addresses(&files), ["de/posts/b/", "posts/a/"]);
    let config = "baseURL = \"https://example.org/\"\ndisableLanguages = [\"fr\"]\n[languages.en]\n[languages.fr]\n\
                  [languages.es]\ndisabled = true\n";
    let files =
        [("hugo.toml", config), ("content/a.md", POST), ("content/a.fr.md", POST), ("content/a.es.md", POST)];
    assert_eq!(addresses(&files), ["a/"]);
    // The default language counts in names where there is no other.
    let files = [
        HUGO,
        ("content/posts/a.en.md", POST),
        ("content/posts/b/index.en.md", POST),
        ("content/posts/b/c.md", POST),
    ];
    assert_eq!(addresses(&files), ["posts/a/", "posts/b/"]);
    let config = "baseURL = \"https://example.org/\"\ndefaultContentLanguage = \"zh-cn\"\ndefaultContentLanguageInSubdir = true\n";
    assert_eq!(addresses(&[("hugo.toml", config), ("content/posts/a.md", POST)]), ["zh-cn/posts/a/"]);
}

#[test]
fn hugos_patterns_may_be_of_the_root_or_of_a_language() {
    let config = "baseURL = \"https://example.org/\"\n[permalinks]\n\"/posts/\" = \"/a/:year/:contentbasename/\"\n\"/\" = \"/root/:contentbasename/\"\n";
    let files = [("hugo.toml", config), ("content/posts/x.md", POST), ("content/top.md", POST)];
    assert_eq!(addresses(&files), ["a/2024/x/", "root/top/"]);
    let config = "baseURL = \"https://example.org/\"\n[languages.en.permalinks.page]\nbooks = \"/books/:contentbasename/\"\n\
                  [languages.de.permalinks.page]\nbooks = \"/buecher/:contentbasename/\"\n";
    let files = [("hugo.toml", config), ("content/books/a.md", POST), ("content/books/a.de.md", POST)];
    assert_eq!(addresses(&files), ["books/a/", "de/buecher/a/"]);
    let config = "baseURL = \"https://example.org/\"\ncontentDir = \"src/content\"\n[[cascade]]\ndraft = true\n[cascade.target]\npath = \"/secret/**\"\n";
    let files = [("hugo.toml", config), ("src/content/open/a.md", POST), ("src/content/secret/b.md", POST)];
    assert_eq!(addresses(&files), ["open/a/"]);
}

#[test]
fn hexos_file_names_and_assets_are_its_own() {
    let url = "url: https://example.org\n";
    let config = format!("{url}post_asset_folder: true\n");
    let files = [
        ("_config.yml", &*config),
        ("source/_posts/a.md", POST),
        ("source/_posts/a/demo.html", "<p>x</p>"),
        ("source/_posts/a/notes.markdown", "x"),
    ];
    assert_eq!(addresses(&files), ["2024/01/02/a/"]);
    let config = format!(
        "{url}new_post_name: :lang/:title.md\npermalink: :lang/:title/\npermalink_defaults: {{lang: en}}\n"
    );
    let files =
        [("_config.yml", &*config), ("source/_posts/hello.md", POST), ("source/_posts/tw/hello.md", POST)];
    assert_eq!(addresses(&files), ["en/hello/", "tw/hello/"]);
    let config = format!("{url}new_post_name: :category/:title.md\npermalink: :category/:title/\n");
    let (found, snapshot, _) = read(&[("_config.yml", &config), ("source/_posts/tech/a.md", POST)]);
    assert_eq!(found, ["tech/a/"]);
    assert!(snapshot.find_term(1, "tech").is_some());
    let config = format!("{url}ignore: [\"source/_posts/old/**\"]\n");
    let files = [("_config.yml", &*config), ("source/_posts/a.md", POST), ("source/_posts/old/b.md", POST)];
    assert_eq!(addresses(&files), ["2024/01/02/a/"]);
}

#[test]
fn eleventys_collections_data_and_ignores_are_found() {
    let config = (
        "eleventy.config.js",
        "export default (c) => { c.ignores.add(\"posts/wip/**\"); return { dir: { input: \"site\" } } };\n",
    );
    let data = (
        "site/posts/posts.11tydata.js",
        "export default { tags: \"post\", eleventyComputed: { permalink: (d) => d.x }, title() { return 1 } };\n",
    );
    let meta = ("site/_data/metadata.json", "{\"title\": \"M\", \"url\": \"https://example.org\"}");
    let (found, snapshot, _) =
        read(&[config, data, meta, ("site/posts/a.md", POST), ("site/about.md", POST)]);
    assert_eq!((found, &*snapshot.site.title), (vec!["posts/a/".to_owned()], "M"));
    let files = [
        (".eleventy.js", "module.exports = (c) => { c.ignores.add(\"./posts/wip\"); };\n"),
        (".eleventyignore", "# nothing\ndrafts/\n"),
        ("posts/posts.json", "{\"tags\": [\"posts\"]}"),
        ("posts/a.md", POST),
        ("posts/wip/b.md", POST),
        ("posts/drafts/c.md", POST),
    ];
    assert_eq!(addresses(&files), ["posts/a/"]);
}

#[test]
fn zola_and_hugo_are_distinguished_by_files_at_the_root() {
    let files =
        [("config.toml", "\u{feff}base_url = \"https://example.org\"\n"), ("content/posts/a.md", PAGE)];
    assert_eq!(addresses(&files), ["posts/a/"]);
    let config =
        "baseURL = \"https://example.org/\"\n[params.matomo]\nbase_url = \"https://stats.example.org\"\n";
    let (found, snapshot, _) = read(&[("config.toml", config), ("content/posts/A b.md", POST)]);
    assert_eq!((found, snapshot.site.sources[0].dialect.name()), (vec!["posts/a-b/".to_owned()], "hugo"));
    let config = "base_url = \"https://example.org\"\nignored_content = [\"*.draft.md\", \"wip/**\"]\n";
    let files = [
        ("config.toml", config),
        ("content/a.md", PAGE),
        ("content/b.draft.md", PAGE),
        ("content/wip/c.md", PAGE),
    ];
    assert_eq!(addresses(&files), ["a/"]);
}

#[test]
fn hugos_cascade_may_be_for_a_pattern() {
    let cascade =
        "+++\n[[cascade]]\nurl = \"/x/:slug/\"\n[cascade._target]\npath = \"/blog/*/notes-*\"\n+++\n";
    let files = [
        HUGO,
        ("content/blog/_index.md", cascade),
        ("content/blog/a/notes-1.md", PAGE),
        ("content/blog/a/notes-2/index.md", PAGE),
        ("content/blog/a/b/notes-3.md", PAGE),
        ("content/blog/a/other.md", PAGE),
    ];
    assert_eq!(addresses(&files), ["blog/a/b/notes-3/", "blog/a/other/", "x/t/"]);
}

/// The addresses of the posts in a section.
fn section(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let Some(source) = snapshot.find_section(name) else { return Vec::new() };
    let section = Some((source, name.into()));
    let posts = snapshot.select(&Selection { section, ..Selection::default() }, 9);
    posts.iter().map(|post| post.address.to_string()).collect()
}

#[test]
fn sections_of_hugo_belong_to_a_language() {
    let config = "baseURL = \"https://example.org/\"\ndefaultContentLanguage = \"en\"\n[languages.en]\n\
                  contentDir = \"content/english\"\n[languages.fr]\ncontentDir = \"content/french\"\n";
    let (_, snapshot, _) = read(&[
        ("hugo.toml", config),
        ("content/english/blog/_index.md", PAGE),
        ("content/english/blog/a.md", PAGE),
        ("content/french/blog/_index.md", "+++\nslug = \"blogue\"\n+++\n"),
        ("content/french/blog/b.md", PAGE),
    ]);
    assert_eq!(section(&snapshot, "blog"), ["https://example.org/blog/a/"]);
    assert_eq!(section(&snapshot, "fr/blogue"), ["https://example.org/fr/blog/b/"]);

    let config = "baseURL = \"https://example.org/\"\n[languages.en]\n[languages.zh]\n";
    let (_, snapshot, _) = read(&[
        ("hugo.toml", config),
        ("content/posts/_index.en.md", "+++\nurl = \"/blog/\"\n+++\n"),
        ("content/posts/_index.zh.md", "+++\nurl = \"/zh/wen/\"\n+++\n"),
        ("content/posts/a.md", PAGE),
        ("content/posts/a.zh.md", PAGE),
    ]);
    assert_eq!(section(&snapshot, "blog"), ["https://example.org/posts/a/"]);
    assert_eq!(section(&snapshot, "zh/wen"), ["https://example.org/zh/posts/a/"]);
}

#[test]
fn sections_of_zola_belong_to_a_language_and_keep_their_folders() {
    let config =
        "base_url = \"https://example.org\"\n[languages.es]\ntaxonomies = [{name = \"etiquetas\"}]\n";
    let (found, snapshot, _) = read(&[
        ("config.toml", config),
        ("content/Big Folder/_index.md", "+++\n+++\n"),
        ("content/Big Folder/_index.es.md", "+++\n+++\n"),
        ("content/Big Folder/a.md", PAGE),
        ("content/Big Folder/a.es.md", PAGE),
        ("content/hidden/_index.es.md", "+++\ndraft = true\n+++\n"),
        ("content/hidden/x.md", PAGE),
    ]);
    assert_eq!(found, ["Big%20Folder/a/", "es/Big%20Folder/a/"]);
    assert_eq!(section(&snapshot, "Big Folder"), ["https://example.org/Big%20Folder/a/"]);
    assert_eq!(section(&snapshot, "es/Big Folder"), ["https://example.org/es/Big%20Folder/a/"]);
    assert!(snapshot.site.taxonomies.iter().any(|taxonomy| taxonomy.name == "etiquetas"));
}

#[test]
fn a_folder_of_posts_that_is_not_there_is_no_reason_to_look_elsewhere() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\n");
    site.write("site/package.json", "{\"dependencies\": {\"hexo\": \"8\"}}");
    site.write("site/themes/t/source/_posts/demo.md", POST);
    let source = Source { path: site.path("site"), ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let problems = read_once(&config, Utc::now()).expect_err("it has no posts");
    assert!(problems[0].message.contains("site/source. The site has its posts there"), "{problems:?}");
    let files = [
        ("_config.yml", "url: https://example.org\n"),
        ("source/_posts/a.md", POST),
        ("source/other/_posts/b.md", POST),
    ];
    assert_eq!(addresses(&files), ["2024/01/02/a/"]);
}

#[test]
fn hexos_feed_without_a_limit_holds_all() {
    let config = "url: https://example.org\nfeed: {limit: false}\n";
    let (_, snapshot, problems) = read(&[("_config.yml", config), ("source/_posts/a.md", POST)]);
    assert_eq!((snapshot.site.feeds.limit, problems.len()), (500, 0));
}

#[test]
fn a_collection_of_eleventy_may_be_made_of_paths() {
    let config = "export default (c) => {\n  /* dir: { input: \"no\" } */\n  \
                  c.addCollection(\"posts\", (api) => api.getFilteredByGlob(\"./posts/*.md\"));\n};\n";
    let files = [("eleventy.config.js", config), ("posts/a.md", POST), ("about.md", POST)];
    assert_eq!(addresses(&files), ["posts/a/"]);
}
