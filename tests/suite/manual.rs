//! The manual and the completions of shells: generated from the commands and options.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::common::{TestSite, copy_folder, project, read_file};

#[test]
fn shells_can_complete() {
    let site = TestSite::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (status, script, errors) = site.run(&["completions", shell]);
        assert!(status == 0 && errors.is_empty() && script.contains("strict"), "{shell}: {errors}");
    }
    assert_eq!(site.run(&["completions", "no-shell"]).0, 2);
}

#[test]
fn the_pages_of_the_manual_are_the_programs_own() {
    let site = TestSite::new();
    site.create_folder("man");
    let own = site.path("man");
    clap_mangen::generate_to(feedmill::commands::describe(), &own).expect("the pages can be written");
    // The names of the generator for the text after the options, and the value of an option, which it leaves out.
    for name in list_pages(&own).keys() {
        site.edit(&format!("man/{name}"), |text| {
            let text = text.replace(".SH EXTRA", ".SH EXAMPLES");
            text.replace(r"[\fB\-\-config\fR]", r"[\fB\-\-config\fR \fIFILE\fR]")
        });
    }
    let shipped = project("docs/man");
    if std::env::var_os("FEEDMILL_UPDATE").is_some() {
        let _ = fs::remove_dir_all(&shipped);
        copy_folder(&own, &shipped);
    }
    let (own, shipped) = (list_pages(&own), list_pages(&shipped));
    let advice = "docs/man is old. Run: FEEDMILL_UPDATE=1 cargo test the_pages_of_the_manual";
    assert!(own.len() > 9 && own == shipped, "{advice}");
}

/// The text of each page, by its name.
fn list_pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = fs::read_dir(folder).into_iter().flatten().flatten();
    pages.map(|page| (page.file_name().display().to_string(), read_file(page.path()))).collect()
}
