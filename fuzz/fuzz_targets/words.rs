//! Queries of words, and the texts that are searched for them. The first line is a query.

#![no_main]

use feedmill::words::{Words, fold_for_search, split};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let (query, text) = data.split_once('\n').unwrap_or((data, data));
    let folded = fold_for_search(text);
    assert_eq!(fold_for_search(&folded), folded);
    assert!(split(&folded).all(|unit| folded[unit.at..].starts_with(unit.text)));
    if let Ok(words) = Words::parse(query) {
        assert_eq!(Words::parse(&words.join()).as_ref(), Ok(&words));
        let mut search = words.search();
        search.start(query);
        search.add(text);
        let is_decided = search.is_decided();
        let matches = search.matches();
        search.add(query);
        assert!(!is_decided || search.matches() == matches);
    }
});
