//! Front matter in every form: no text breaks its readers, and what it gives lies within the text.
//! Run: fuzz/run 60 front_matter

#![no_main]

mod cost;

use feedmill::post::front_matter::{Fences, Format, divide, read};
use libfuzzer_sys::fuzz_target;

const ALL: &[Format] = &[Format::Yaml, Format::Toml, Format::Json, Format::Org];

fuzz_target!(|text: &str| {
    if text.len() <= cost::LONGEST {
        cost::bound(text.len(), 100, || check(text));
    }
});

fn check(text: &str) {
    let forms = [
        Fences::Lines { formats: ALL, after_blanks: false },
        Fences::Lines { formats: ALL, after_blanks: true },
        Fences::Hexo,
        Fences::GrayMatter,
    ];
    for fences in forms {
        if let Ok(Some(divided)) = divide(text, fences) {
            assert!(divided.inner.end <= divided.body && divided.body <= text.len());
            assert!(text.is_char_boundary(divided.inner.start) && text.is_char_boundary(divided.body));
        }
        match read(text, fences) {
            Ok(front) => assert!(text.ends_with(front.body)),
            Err(fault) => assert!(fault.place.0 >= 1 && fault.place.1 >= 1 && !fault.message.is_empty()),
        }
    }
}
