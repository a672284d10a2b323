//! `SECURITY.md` lists every limit of the code, with its value.

use feedmill::limits;

use crate::common::{project, read_file};

/// A value with the unit that its name ends in: `2 MiB`, `10 s`, `32`.
fn show(name: &str, value: u64) -> String {
    let units = [(20, "MiB"), (10, "KiB")];
    let size = || units.into_iter().find(|(shift, _)| value.is_multiple_of(1 << shift));
    match name.rsplit('_').next() {
        Some("BYTES") => match size() {
            Some((shift, unit)) => format!("{} {unit}", value >> shift),
            None => format!("{value} bytes"),
        },
        Some("SECONDS") => format!("{value} s"),
        _ => group(value),
    }
}

/// `20000` → `20,000`.
fn group(value: u64) -> String {
    let digits = value.to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    groups.extend((first > 0).then(|| &digits[..first]));
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.join(",")
}

#[test]
fn every_limit_is_documented_with_its_value() {
    let text = read_file(project("SECURITY.md"));
    let documented: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            Some((cells.next()?.trim_end_matches('`'), cells.next()?))
        })
        .collect();
    let limits: Vec<(&str, String)> =
        limits::ALL.iter().map(|(name, value)| (*name, show(name, *value))).collect();
    let limits: Vec<(&str, &str)> = limits.iter().map(|(name, value)| (*name, &**value)).collect();
    assert_eq!(documented, limits, "SECURITY.md and src/limits.rs list the same limits in the same order");
}
