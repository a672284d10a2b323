//! Sites of Hugo in several languages: each expectation is what Hugo 0.168 made of the same files.

use crate::hugo_pages::{BASE, url};
use crate::wild::{POST, addresses};

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

#[test]
fn a_language_may_have_url_rules_of_its_own() {
    let config = format!(
        "{BASE}[permalinks]\nposts = '/all/:filename/'\n\
         [languages.en]\nuglyURLs = true\ndisablePathToLower = true\n\
         [languages.en.permalinks]\nposts = '/en-posts/:filename/'\n\
         [languages.fr]\nremovePathAccents = true\n[languages.fr.permalinks]\nnotes = '/n/:filename/'\n\
         [languages.de]\n"
    );
    let files = [
        ("hugo.toml", &*config),
        ("content/posts/Été.en.md", POST),
        ("content/posts/Été.fr.md", POST),
        ("content/posts/Été.de.md", POST),
        ("content/notes/A.en.md", POST),
        ("content/notes/A.fr.md", POST),
        ("content/notes/A.de.md", POST),
    ];
    let found = [
        "de/all/%C3%A9t%C3%A9/",
        "de/notes/a/",
        "en-posts/%C3%89t%C3%A9/",
        // Patterns of a language replace all of the site's.
        "fr/n/a/",
        "fr/posts/ete/",
        "notes/A/",
    ];
    assert_eq!(addresses(&files), found);
    let one = "[languages.en.permalinks]\nposts = '/en-posts/:filename/'\n";
    assert_eq!(url(one, "posts/a.md", ""), "en-posts/a/");
}

#[test]
fn a_language_may_stand_in_a_name_as_an_identifier() {
    let config = format!("{BASE}[languages.en]\n[languages.fr]\n");
    let files = [
        ("hugo.toml", &*config),
        ("content/a._language_fr_.md", POST),
        ("content/b/index._language_fr_.md", POST),
        ("content/a.md", POST),
    ];
    assert_eq!(addresses(&files), ["a/", "fr/a/", "fr/b/"]);
}

#[test]
fn a_language_or_a_site_may_be_without_pages() {
    let files = |config: &str| {
        let config = format!("{BASE}{config}");
        addresses(&[("hugo.toml", &config), ("content/a.md", POST), ("content/a.fr.md", POST)])
    };
    let languages = "[languages.en]\n[languages.fr]\n";
    assert_eq!(files(languages), ["a/", "fr/a/"]);
    assert_eq!(files(&format!("{languages}disableKinds = ['RSS', 'Page']\n")), ["a/"]);
    assert_eq!(files(&format!("disableKinds = ['page']\n{languages}")), Vec::<String>::new());
}

#[test]
fn a_section_cascades_to_pages_of_its_language() {
    let draft = "---\ncascade:\n  draft: true\n---\n";
    let files = |languages: &str| {
        let config = format!("{BASE}{languages}");
        let mut files = vec![("hugo.toml", &*config)];
        files.extend([("content/a/_index.md", draft), ("content/b/_index.fr.md", draft)]);
        let pages = ["content/a/x.md", "content/a/x.fr.md", "content/b/x.md", "content/b/x.fr.md"];
        files.extend(pages.map(|path| (path, POST)));
        addresses(&files)
    };
    assert_eq!(files("[languages.en]\n[languages.fr]\n"), ["b/x/", "fr/a/x/"]);
    assert_eq!(files(""), ["b/x.fr/", "b/x/"]);
}
