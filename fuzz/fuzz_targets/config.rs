//! Configurations: every fault lies in the text and says what to do; what has none can be served.
//! Run: fuzz/run 60 config

#![no_main]

mod cost;

use feedmill::config::{Error, parse};
use feedmill::site::discover;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() <= cost::LONGEST {
        cost::bound(text.len(), 200, || read(text));
    }
});

fn read(text: &str) {
    match parse("feedmill.toml", text) {
        Ok(config) => {
            assert!(!config.sources.is_empty());
            for warning in &config.warnings {
                assert!(!warning.message.is_empty());
            }
            // Only folders that can't be there are looked at.
            if config.sources.iter().all(|source| !source.path.is_absolute()) {
                let _ = discover(&config);
            }
        }
        Err(Error::Invalid(faulty)) => {
            let lines = text.lines().count().max(1) + 1;
            assert!(!faulty.problems.is_empty());
            for problem in &faulty.problems {
                assert!((1..=lines).contains(&(problem.line as usize)), "line {}", problem.line);
                assert!(problem.column >= 1 && !problem.message.is_empty());
            }
            assert!(!faulty.to_string().is_empty());
        }
        Err(other) => panic!("it was given: {other}"),
    }
}
