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
    for name in list_pages(&own).keys() {
        site.edit(&format!("man/{name}"), complete);
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

/// Adds to a page what the generator leaves out: the values of options in the synopsis, and that lines of examples
/// are not filled.
fn complete(page: &str) -> String {
    let mut text = page.replace(".SH EXTRA", ".SH EXAMPLES");
    for (option, rest) in page.lines().filter_map(|line| line.split_once(r"\fR \fI<")) {
        let (_, name) = option.rsplit_once(r"\fB").expect("an option is bold");
        let (value, _) = rest.split_once('>').expect("a value ends");
        text = text.replace(&format!(r"{name}\fR]"), &format!(r"{name}\fR \fI{value}\fR]"));
    }
    let (mut lines, mut is_example) = (Vec::new(), false);
    for line in text.lines() {
        if line.starts_with("  ") != is_example {
            is_example = !is_example;
            lines.push(if is_example { ".nf" } else { ".fi" });
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

/// The text of each page, by its name.
fn list_pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = fs::read_dir(folder).into_iter().flatten().flatten();
    pages.map(|page| (page.file_name().display().to_string(), read_file(page.path()))).collect()
}
