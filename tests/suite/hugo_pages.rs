//! Hugo's pages and their URLs: each expectation is what Hugo 0.168 made of the same files.

use crate::site::TestSite;
use crate::wild::{POST, addresses, read};

const BASE: &str = "baseURL = \"https://example.org/\"\n";

/// A page with a line of front matter.
fn page(line: &str) -> String {
    format!("---\ntitle: T\ndate: 2024-01-02\n{line}\n---\nx\n")
}

/// The URL of one page of a site.
fn url(config: &str, path: &str, line: &str) -> String {
    let config = format!("{BASE}{config}");
    let found = addresses(&[("hugo.toml", &config), (&format!("content/{path}"), &page(line))]);
    found.join(" ")
}

#[test]
fn words_for_file_names_drop_punctuation_and_join_blanks() {
    let config = "[permalinks.page]\nf = '/f/:contentbasename/'\nd = '/:slugorfilename/'\n";
    for (name, word) in [
        ("A - B", "a-b"),
        ("A & B", "a-b"),
        ("Release 🎉", "release"),
        ("foo | bar", "foo-bar"),
        ("x -- y", "x--y"),
        ("a  b", "a-b"),
        ("v1.0 - x", "v1.0-x"),
        ("-lead", "-lead"),
        ("trail-", "trail-"),
        ("100%", "100"),
        ("a_b+c", "a_b-c"),
        ("É é", "%C3%A9-%C3%A9"),
    ] {
        assert_eq!(url(config, &format!("f/{name}.md"), ""), format!("f/{word}/"), "{name}");
        assert_eq!(
            url(config, &format!("d/d {name}.md"), ""),
            format!("d-{}/", word.trim_start_matches('-'))
        );
    }
    // Without a pattern, each blank is a `-` of its own.
    assert_eq!(url("", "f/A - B.md", ""), "f/a---b/");
}

#[test]
fn a_url_with_a_dot_is_a_file_only_without_a_slash_at_its_end() {
    for (written, found) in [
        ("/u/26/a.b.c/", "u/26/a.b.c/"),
        ("/v1.0/", "v1.0/"),
        ("/v1.0/foo", "v1.0/foo"),
        ("/v1.0/:slug", "v1.0/s"),
        ("/v2.0/:slug/", "v2.0/s/"),
        ("/u/a.b.c", "u/a.b.c"),
        ("/u/index.html", "u/"),
        ("u/rel.html", "u/rel.html"),
        ("u/rel/", "u/rel/"),
        ("u/rel", "u/rel/"),
        ("/u/x.y/../z.w/", "u/z.w"),
        ("/q/?a=1.5", "q/?a=1.5"),
        ("/q/?a=b", "q/?a=b/"),
        ("/sp ace/a.b/", "sp%20ace/a.b/"),
    ] {
        assert_eq!(url("", "x.md", &format!("slug: s\nurl: {written:?}")), found, "{written}");
    }
}

#[test]
fn a_slug_has_no_hyphens_at_its_ends() {
    for (slug, found) in [
        ("trail-", "trail/"),
        ("-lead", "lead/"),
        ("--both--", "both/"),
        ("a -", "a/"),
        ("-a b-", "a-b/"),
        ("x/y-", "x/y/"),
        ("-", "name/"),
    ] {
        assert_eq!(url("", "name.md", &format!("slug: {slug:?}")), found, "{slug}");
    }
}

#[test]
fn section_slugs_are_those_of_their_pages() {
    let config = format!(
        "{BASE}[permalinks.page]\nbooks = '/libros/:sectionslugs[1:]/:sectionslug/:contentbasename'\n\
         post = '/p/:sectionslugs/:slugorfilename'\nstory = '/s/:sectionslug/:sections/:filename'\n"
    );
    let files = [
        ("hugo.toml", &*config),
        ("content/books/_index.md", "---\ntitle: Books\nslug: livres\n---\n"),
        ("content/books/fiction/_index.md", "---\ntitle: Fiction\nslug: fictionslug-\n---\n"),
        ("content/books/fiction/2023/_index.md", "---\ntitle: \"20/23 Ä b\"\n---\n"),
        ("content/books/fiction/2023/book1/index.md", POST),
        // A section without a page of its own has the plural of its folder's name for a title.
        ("content/post/a.md", POST),
        ("content/story/a.md", POST),
        // One whose page has no title has none.
        ("content/post/deep/_index.md", "---\nx: 1\n---\n"),
        ("content/post/deep/b.md", POST),
    ];
    assert_eq!(
        addresses(&files),
        ["libros/fictionslug/20-23-%C3%A4-b/livres/book1/", "p/posts/a/", "p/posts/b/", "s/stories/story/a/"]
    );
}

#[test]
fn permalinks_may_be_a_list_of_rules() {
    let config = format!(
        "{BASE}[languages.en]\n[languages.de]\n\
         [[permalinks]]\npattern = '/books/:year/:filename/'\n[permalinks.target]\nkind = 'page'\npath = '/Books/**'\n\
         [[permalinks]]\npattern = '/dev/:filename/'\n[permalinks.target]\nenvironment = 'development'\n\
         [[permalinks]]\npattern = '/sec/:slug/'\n[permalinks.target]\nkind = '{{section,term}}'\n\
         [[permalinks]]\npattern = '/w/:filename/'\n[permalinks.target.sites.matrix]\nlanguages = ['de']\n\
         [[permalinks]]\npattern = '/other/:filename/'\n"
    );
    let files = [
        ("hugo.toml", &*config),
        ("content/books/fiction/b1.md", POST),
        ("content/my books/b2.md", POST),
        ("content/c.md", POST),
        ("content/c.de.md", POST),
    ];
    assert_eq!(addresses(&files), ["books/2024/b1/", "de/w/c/", "other/b2/", "other/c/"]);
}

#[test]
fn permalinks_of_a_table_may_be_of_deeper_sections_and_of_one_called_page() {
    let config = "[permalinks]\n'books/fiction' = '/f/:filename/'\npage = '/p/:filename/'\n";
    assert_eq!(url(config, "books/fiction/x/a.md", ""), "f/a/");
    assert_eq!(url(config, "books/a.md", ""), "books/a/");
    assert_eq!(url(config, "page/a.md", ""), "p/a/");
}

#[test]
fn files_outside_of_the_folders_of_languages_are_no_pages() {
    let files = |config: &str| {
        let config = format!("{BASE}{config}");
        addresses(&[
            ("hugo.toml", &config),
            ("content/en/a.md", POST),
            ("content/de/b.md", POST),
            ("content/fa/c.md", POST),
            ("content/d.md", POST),
            // What it says is for no page.
            ("content/_index.md", "---\ncascade:\n  draft: true\n---\n"),
        ])
    };
    let en = "[languages.en]\ncontentDir = 'content/en'\n";
    assert_eq!(files(&format!("{en}[languages.de]\ncontentDir = 'content/de'\n")), ["a/", "de/b/"]);
    assert_eq!(files(en), ["a/"]);
    assert_eq!(files(&format!("{en}[languages.de]\ncontentDir = 'content/de'\ndisabled = true\n")), ["a/"]);
}

/// What Hugo 0.168 makes of the same files.
#[test]
fn of_folders_of_languages_within_each_other_the_innermost_counts() {
    let config =
        format!("{BASE}[languages.en]\ncontentDir = 'content'\n[languages.fr]\ncontentDir = 'content/fr'\n");
    let files = [
        ("hugo.toml", &*config),
        ("content/posts/a.md", POST),
        ("content/posts/c.md", POST),
        ("content/fr/posts/b.md", POST),
        ("content/fr/posts/c.md", POST),
    ];
    assert_eq!(addresses(&files), ["fr/posts/b/", "fr/posts/c/", "posts/a/", "posts/c/"]);
}

/// Hugo 0.168 makes `/s/bks/fic/o/index.xml` of the deepest of these sections, and `/l/bks/o/` with the second pattern.
#[test]
fn sections_are_where_the_slugs_of_those_above_them_say() {
    for (pattern, path) in [("/s/:sectionslugs/", "s/bks/fic/2023"), ("/l/:sectionslug/:slug/", "l/bks/2023")]
    {
        let site = TestSite::new();
        let config = format!("baseURL = 'https://example.org/'\n[permalinks.section]\nbooks = '{pattern}'\n");
        site.write("hugo.toml", &config);
        site.write("content/books/_index.md", "---\ntitle: Books\nslug: bks\n---\n");
        site.write("content/books/fiction/_index.md", "---\ntitle: F\nslug: fic\n---\n");
        site.write("content/books/fiction/2023/_index.md", "---\ntitle: \"2023\"\n---\n");
        site.write("content/books/fiction/2023/x.md", POST);
        site.write(
            "feedmill.toml",
            "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n[paths]\ncompat = [\"hugo\"]\n",
        );
        let (status, shown, errors) = site.run(&["render", &format!("/{path}/index.xml")]);
        assert!(status == 0 && shown.contains("<item>"), "{pattern}: {shown}{errors}");
    }
}

/// What Hugo 0.168 leaves out of the same site.
#[test]
fn files_that_the_site_ignores_are_no_pages() {
    let config = format!("{BASE}ignoreFiles = ['template.md', '\\.draft\\.md$', '/notes/']\n");
    let files = [
        ("hugo.toml", &*config),
        ("content/template.md", "---\ntitle: T\ndate: \"YYYY-MM-DD\"\n---\n"),
        ("content/posts/a.draft.md", POST),
        ("content/notes/b.md", POST),
        ("content/posts/c.md", POST),
    ];
    assert_eq!(addresses(&files), ["posts/c/"]);
}

#[test]
fn taxonomies_may_be_called_indexes() {
    for (config, kinds) in [
        ("[indexes]\ntag = 'tags'\nserie = 'series'\n", &["series"][..]),
        ("[Indexes]\nserie = 'series'\n[taxonomies]\nx = 'xs'\n", &["xs", "series"]),
    ] {
        let config = format!("{BASE}{config}");
        let (_, snapshot, problems) = read(&[("hugo.toml", &config), ("content/a.md", POST)]);
        let names: Vec<&str> = snapshot.site.taxonomies.iter().map(|taxonomy| &*taxonomy.name).collect();
        assert!(kinds.iter().all(|kind| names.contains(kind)), "{names:?}");
        assert!(problems.is_empty(), "{problems:?}");
    }
}
