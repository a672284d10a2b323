//! Files that `check` misses, and those it does not: they are where the generator publishes them.

use crate::common::TestSite;

/// The first lines of the warnings and errors of `check`, for a site of these files in `site/`.
fn check(files: &[(&str, &str)]) -> Vec<String> {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"site\"\n");
    for (path, text) in files {
        site.write(&format!("site/{path}"), text);
    }
    let (_, shown, errors) = site.run(&["check"]);
    assert_eq!(errors, "");
    let is_problem = |line: &&str| line.contains(": warning: ") || line.contains(": error: ");
    shown.lines().filter(is_problem).map(str::to_owned).collect()
}

/// The paths that are reported as not there. Nothing else is reported.
fn list_missing(files: &[(&str, &str)]) -> Vec<String> {
    let name = |line: &String| {
        let (path, rest) = line.split_once("warning: \"")?.1.split_once('"')?;
        rest.contains("does not exist").then(|| path.to_owned())
    };
    check(files).iter().map(|line| name(line).unwrap_or_else(|| panic!("another problem: {line}"))).collect()
}

const JEKYLL: &str = "url: https://x.example\ncollections: {downloads: {output: true}}\n";
const HEXO: &str = "url: https://x.example\npost_asset_folder: true\ntheme: t\n";
const ZOLA: &str = "base_url = \"https://x.example\"\ntheme = \"t\"\n[languages.ca]\n";
const HUGO: &str = "baseURL = \"https://x.example/\"\ntheme = \"t\"\nstaticDir = [\"static\", \"files\"]\n\
                    [permalinks]\nposts = \"/:year/:slug/\"\n\
                    [languages.en]\ncontentDir = \"content/en\"\n[languages.ca]\ncontentDir = \"content/ca\"\n";

fn yaml(keys: &str, body: &str) -> String {
    format!("---\ntitle: T\ndate: 2024-01-02 03:04:05\n{keys}---\n{body}\n")
}

fn toml(keys: &str, body: &str) -> String {
    format!("+++\ntitle = \"T\"\ndate = 2024-01-02\n{keys}+++\n{body}\n")
}

/// `hexo 8.1 PostAsset`: Hexo makes `2024/01/02/a/1.png`, `art/h/1.png` and `img/t.png` of these.
#[test]
fn hexo_publishes_the_folder_of_a_post_below_its_page() {
    let files = [
        ("_config.yml", HEXO),
        ("source/_posts/a.md", &yaml("", "![](1.png) ![](gone.png) ![](/img/t.png)")),
        ("source/_posts/a/1.png", ""),
        ("source/_posts/h.md", &yaml("permalink: art/h.html\n", "![](h/1.png) ![](2.png)")),
        ("source/_posts/h/1.png", ""),
        ("source/_posts/h/2.png", ""),
        ("source/_posts/中文.md", &yaml("", "![](图.png) ![](../a/1.png)")),
        ("source/_posts/中文/图.png", ""),
        ("themes/t/source/img/t.png", ""),
    ];
    assert_eq!(list_missing(&files), ["2024/01/02/a/gone.png", "art/2.png"]);
}

/// `zola 0.22 Page::from_file`: whatever its language and its path, a page in `index.*.md` has all that lies there.
#[test]
fn zola_publishes_the_folder_of_a_page_in_each_language_and_wherever_the_page_is() {
    let files = [
        ("config.toml", ZOLA),
        ("content/one/index.md", &toml("", "![](img/a.png) ![](../deep/path/b.png) ![](/t.png)")),
        ("content/one/index.ca.md", &toml("", "![](img/a.png) ![](img/gone.png)")),
        ("content/one/img/a.png", ""),
        ("content/two/index.md", &toml("path = \"deep/path\"\n", "![](b.png)")),
        ("content/two/b.png", ""),
        ("themes/t/static/t.png", ""),
    ];
    assert_eq!(list_missing(&files), ["ca/one/img/gone.png"]);
}

/// `hugo 0.168`: Hugo makes `documents/a.pdf`, `ca/documents/b.pdf`, `2024/other/Pic.PNG`, `img/t.png`, `f.zip`.
#[test]
fn hugo_publishes_files_of_languages_bundles_and_themes() {
    let links = "[](/documents/a.pdf) [](/ca/documents/b.pdf) [](/documents/b.pdf) [](/img/t.png) [](/f.zip)";
    let files = [
        ("hugo.toml", HUGO),
        ("content/en/documents/a.pdf", ""),
        ("content/ca/documents/b.pdf", ""),
        ("content/en/posts/s.md", &yaml("slug: s\n", links)),
        ("content/en/posts/bundle/index.md", &yaml("slug: other\n", "![](Pic.PNG) ![](gone.png)")),
        ("content/en/posts/bundle/Pic.PNG", ""),
        ("content/en/posts/t.md", &yaml("", "![](/2024/other/Pic.PNG) ![](../other/Pic.PNG)")),
        ("themes/t/static/img/t.png", ""),
        ("files/f.zip", ""),
    ];
    assert_eq!(list_missing(&files), ["2024/other/gone.png", "documents/b.pdf"]);
}

/// Pages of collections and pages with a `permalink` or `redirect_from` are not where their files are.
#[test]
fn jekyll_publishes_pages_where_their_front_matter_and_their_collection_say() {
    let links = "![](https://x.example//static//a.png) ![](https://x.example//static/gone.png)\n\
                 [](/download/2.10.3.html) [](/team.html) [](/old/home.html) [](/nowhere.html)";
    let files = [
        ("_config.yml", JEKYLL),
        ("_posts/2024-01-02-a.md", &yaml("", links)),
        ("_downloads/2013-10-01-2.10.3.md", "---\npermalink: /download/:title.html\n---\n"),
        ("people.md", "---\npermalink: /team.html\nredirect_from: [/old/home.html, /older.html]\n---\n"),
        ("static/a.png", ""),
    ];
    assert_eq!(list_missing(&files), ["static/gone.png", "nowhere.html"]);
}

#[test]
fn obsidian_finds_attachments_by_their_names() {
    let files = [
        (".obsidian/app.json", "{}"),
        ("Posts/a.md", "---\ndate: 2024-01-02\n---\n![[a.png]] ![[gone.png]]\n"),
        ("Attachments/2024/a.png", ""),
    ];
    let missing = list_missing(&files);
    assert!(missing.len() == 1 && missing[0].ends_with("gone.png"), "{missing:?}");
}

#[test]
fn documentation_without_dates_is_one_warning_and_a_forgotten_date_is_its_own() {
    let undated = "---\ntitle: T\n---\nText.\n";
    let dated = yaml("", "Text.");
    let files = [
        ("hugo.toml", "baseURL = \"https://x.example/\"\n"),
        ("content/about.md", undated),
        ("content/docs/a/index.md", undated),
        ("content/docs/b.md", undated),
        ("content/docs/v2/c.md", undated),
        ("content/posts/one.md", &dated),
        ("content/posts/two/index.md", &dated),
        ("content/posts/forgotten/index.md", undated),
    ];
    let problems = check(&files);
    assert_eq!(
        problems,
        [
            "site/content: warning: 4 pages have no date, like most pages next to them: they are in no feed \
             (folders \"docs\", \"docs/v2\"). If they are posts, write `date: YYYY-MM-DD` into their front matter. If \
             not, this is as it should be; `exclude` leaves them out.",
            "site/content/posts/forgotten/index.md:1:1: warning: the file has no date: it is in no feed. Write \
             `date: YYYY-MM-DD` into its front matter, or `feedmill: false` if it is not a post.",
        ]
    );
}

#[test]
fn a_word_of_another_language_is_not_another_spelling() {
    let files = [
        ("config.toml", ZOLA),
        ("content/a.md", &toml("[taxonomies]\ntags = [\"series\"]\n", "Text.")),
        ("content/a.ca.md", &toml("[taxonomies]\ntags = [\"sèries\"]\n", "Text.")),
        ("content/b.ca.md", &toml("[taxonomies]\ntags = [\"Sèries\"]\n", "Text.")),
    ];
    let problems = check(&files);
    assert!(problems.len() == 1 && problems[0].contains("one feed holds both"), "{problems:?}");
}
