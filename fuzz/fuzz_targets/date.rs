//! Dates in every way they are written: a moment that can be shown, or an error that says why not.
//! Run: fuzz/run 60 date

#![no_main]

mod cost;

use chrono::Datelike;
use chrono_tz::{TZ_VARIANTS, Tz};
use feedmill::post::date::{find_in_path, go, iso8601, javascript, read, read_as, ruby};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &str)| {
    let (zone, text) = input;
    if text.len() <= cost::LONGEST {
        cost::bound(text.len(), 400, || read_all(zone, text));
    }
});

fn read_all(zone: u16, text: &str) {
    let zone: Tz = TZ_VARIANTS[usize::from(zone) % TZ_VARIANTS.len()];
    match read(text) {
        Ok(moment) => {
            let year = moment.in_zone(zone).year();
            // A day off is an offset; a year off is a fault.
            assert!((-1..=10_000).contains(&year), "{text:?} is in {year}");
            assert!((moment.in_zone(zone) - moment.in_zone(Tz::UTC)).num_hours().abs() <= 26);
        }
        Err(why) => assert!(!why.is_empty()),
    }
    let moments = [
        ruby::read(text, true, zone),
        ruby::read(text, false, zone),
        javascript::read(text),
        iso8601::read(text),
        go::read(text),
    ];
    for moment in moments.into_iter().flatten() {
        let _ = read_as(text, |_| Some(moment)).map(|moment| moment.in_zone(zone));
    }
    assert!(javascript::is_yaml_stamp(text) || javascript::read_yaml_stamp(text).is_none());
    if let Some(date) = find_in_path(text) {
        assert!((0..=9999).contains(&date.year()));
    }
}
