//! The list of dialects and their syntax.

use super::*;
use crate::body::test_syntax;
use crate::config::DialectName;

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
