//! Valid configurations, and the reports on faulty ones.

use super::*;

const LEAST: &str = "[site]\ntitle = \"T\"\n[[source]]\npath = \"p\"\n";

/// The whole report on a faulty text.
fn faults(text: &str) -> String {
    match parse("feedmill.toml", text) {
        Err(error) => error.to_string(),
        Ok(config) => panic!("accepted without a fault: {config:?}"),
    }
}

#[test]
fn the_least_configuration_has_a_title_and_a_path() {
    let config = parse("feedmill.toml", LEAST).expect("a valid configuration");
    assert_eq!(config.site.title.as_deref(), Some("T"));
    assert_eq!(config.sources[0].path, Path::new("p"));
    assert_eq!(config.server, Server::default());
    assert!(config.warnings.is_empty());
}

#[test]
fn a_required_key_that_is_misspelled_is_one_fault() {
    let report = faults("[site]\ntitel = \"T\"\n[[sources]]\npath = \"p\"\n");
    let errors: Vec<&str> = report.lines().filter(|line| line.contains(": error: ")).collect();
    assert!(errors.len() == 2 && errors.iter().all(|error| error.contains("Did you mean")), "{report}");
}

#[test]
fn the_complete_example_of_the_contract_is_taken() {
    let text = include_str!("../../tests/fixtures/config/complete.toml");
    let config = parse("complete.toml", text).expect("a valid configuration");
    assert_eq!(config.sources[0].include.as_ref().map(Vec::len), Some(3));
    assert_eq!(config.named[0].select.terms["tags"].any, ["async", "tokio"]);
    assert_eq!(config.taxonomies.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["tags", "series"]);
    assert_eq!(config.websub.hubs, ["https://hub.example.org/"]);
    insta::assert_debug_snapshot!(config);
}

#[test]
fn every_fault_is_reported_in_one_run_with_place_caret_and_advice() {
    let text = include_str!("../../tests/fixtures/config/faulty.toml");
    insta::assert_snapshot!(faults(text));
}

#[test]
fn a_text_that_is_not_toml_is_reported_by_its_syntax_alone() {
    insta::assert_snapshot!(faults("[site\ntitle = \"T\n[[source]]\nunknown = 1\n"));
}

#[test]
fn an_empty_file_is_reported_with_what_it_needs() {
    insta::assert_snapshot!(faults(""));
}

#[test]
fn what_is_there_but_empty_is_a_fault_at_its_place() {
    insta::assert_snapshot!(faults("source = []\n[site]\ntitle = \" \"\n"));
    insta::assert_snapshot!(faults("[site]\ntitle = \"T\"\n[[source]]\npath = \"\"\n"));
}

#[test]
fn an_address_readers_cannot_use_is_a_warning() {
    let text = format!("{LEAST}[server]\nlisten = \"0.0.0.0:9000\"\n");
    let config = parse("feedmill.toml", &text).expect("a valid configuration");
    assert_eq!(config.server.public_url().as_str(), "http://localhost:9000");
    insta::assert_snapshot!(config.warnings[0].to_string());
}

proptest::proptest! {
    #[test]
    fn a_line_of_any_text_is_a_problem_at_its_place(text in "\\PC*") {
        let report = faults(&text);
        proptest::prop_assert!(report.starts_with("feedmill.toml:1:"), "{report}");
    }
}
