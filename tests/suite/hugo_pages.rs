//! Hugo's pages and their URLs: each expectation is what Hugo 0.168 made of the same files.

use crate::common::TestSite;
use crate::wild::{POST, addresses, read};

pub(crate) const BASE: &str = "baseURL = \"https://example.org/\"\n";

/// A page with a line of front matter.
fn page(line: &str) -> String {
    format!("---\ntitle: T\ndate: 2024-01-02\n{line}\n---\nx\n")
}

/// The URL of one page of a site.
pub(crate) fn url(config: &str, path: &str, line: &str) -> String {
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
        ("c#", "c"),
        ("c# x", "c%23-x"),
        ("c##", "c%23%23"),
        ("a_b+c", "a_b-c"),
        ("É é", "%C3%A9-%C3%A9"),
    ] {
        assert_eq!(url(config, &format!("f/{name}.md"), ""), format!("f/{word}/"), "{name}");
        assert_eq!(
            url(config, &format!("d/d {name}.md"), ""),
            format!("d-{}/", word.trim_start_matches('-'))
        );
    }
    // Without a pattern, each blank is a `-` of its own, and `#` stays.
    assert_eq!(url("", "f/c#.md", ""), "f/c%23/");
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
fn a_pattern_of_ignored_files_that_cannot_be_read_is_a_problem_and_the_others_count() {
    let config = format!("{BASE}ignoreFiles = ['[', '/notes/']\n");
    let (_, _, problems) = read(&[("hugo.toml", &config), ("content/posts/c.md", POST)]);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.to_string().contains("hugo.toml:"), "{problem}");
    assert!(problem.to_string().contains("has an invalid pattern: \"[\""), "{problem}");
    let files = [("hugo.toml", &*config), ("content/notes/b.md", POST), ("content/posts/c.md", POST)];
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

#[test]
fn names_of_sections_are_lower_case_in_every_pattern() {
    let config = "disablePathToLower = true\n[permalinks]\n'my-sect' = '/:section/:sections/:filename/'\n";
    assert_eq!(url(config, "My Sect/File.md", ""), "my-sect/my-sect/File/");
    assert_eq!(url(config, "Other/File.md", ""), "Other/File/");
}

#[test]
fn a_colon_is_written_with_a_backslash() {
    assert_eq!(url("", "a.md", "url: '/a\\:b/:title/'"), "a:b/t/");
    // Hugo takes the character away where a pattern is of the configuration.
    assert_eq!(url("[permalinks]\ns = '/c\\:d/:filename/'\n", "s/a.md", ""), "cd/a/");
}

#[test]
fn a_file_of_the_configuration_may_hold_its_table_below_its_name() {
    let rules = "permalinks:\n- pattern: /x/:filename/\n  target:\n    path: /posts/**\n";
    let files = [
        ("config/_default/hugo.toml", BASE),
        ("config/_default/permalinks.yaml", rules),
        ("content/posts/a.md", POST),
    ];
    assert_eq!(addresses(&files), ["x/a/"]);
}

#[test]
fn a_cascade_is_for_the_pages_of_its_target() {
    let drafts = |target: &str| {
        let config = format!(
            "{BASE}[languages.en]\n[languages.fr]\n[[cascade]]\ndraft = true\n[cascade.target]\n{target}\n"
        );
        let all = ["content/a/x.en.md", "content/a/x.fr.md", "content/b/x.en.md", "content/b/y/index.md"];
        let mut files = vec![("hugo.toml", &*config)];
        files.extend(all.map(|path| (path, POST)));
        addresses(&files).join(" ")
    };
    for (target, shown) in [
        ("path = '/a/**'", "b/x/ b/y/"),
        ("path = '{/b,/b/**}'", "a/x/ fr/a/x/"),
        ("path = '/b**'", "a/x/ fr/a/x/"),
        ("kind = '{page,section}'", ""),
        ("kind = 'section'", "a/x/ b/x/ b/y/ fr/a/x/"),
        ("environment = 'development'", "a/x/ b/x/ b/y/ fr/a/x/"),
        ("environment = 'production'", ""),
        ("sites.matrix.languages = ['f*']", "a/x/ b/x/ b/y/"),
        ("sites.matrix.languages = ['! en']", "a/x/ b/x/ b/y/"),
        ("lang = 'fr'", "a/x/ b/x/ b/y/"),
    ] {
        assert_eq!(drafts(target), shown, "{target}");
    }
}

#[test]
fn a_title_is_one_part_of_a_url() {
    let config = "[permalinks]\nt = '/t/:title/'\n";
    let files = [
        ("hugo.toml", &*format!("{BASE}{config}")),
        ("content/t/a.md", "---\ntitle: 'back\\slash/x'\ndate: 2024-01-02\n---\n"),
        ("content/t/b.md", "---\ntitle: 'C++ & C#'\ndate: 2024-01-02\n---\n"),
    ];
    assert_eq!(addresses(&files), ["t/back-slash-x/", "t/c-c/"]);
}
