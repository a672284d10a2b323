//! Any text as a body, in every dialect: its entry is HTML that runs nothing and ends what it begins.
//! Run: cargo +nightly fuzz run body

#![no_main]

use feedmill::body::{Alone, Context, convert};
use feedmill::config::{Dialect, Embeds};
use libfuzzer_sys::fuzz_target;
use url::Url;

const DIALECTS: [Dialect; 7] = [
    Dialect::Jekyll,
    Dialect::Hugo,
    Dialect::Zola,
    Dialect::Hexo,
    Dialect::Eleventy,
    Dialect::Obsidian,
    Dialect::Plain,
];

fuzz_target!(|body: &str| {
    let page = Url::parse("https://example.org/a/").expect("it is an address");
    for dialect in DIALECTS {
        for (markdown, embeds) in [(true, Embeds::Link), (false, Embeds::Keep)] {
            let (title, prefix) = ("The title", "p1-");
            let context = Context {
                page: &page,
                title,
                dialect,
                markdown,
                marker: Some("<!--cut-->"),
                embeds,
                prefix,
                resolve: &Alone,
            };
            let html = convert(body, &context).html;
            for forbidden in ["<script", "<style", "<!--", "]]>"] {
                assert!(!html.contains(forbidden), "{forbidden}: {html}");
            }
        }
    }
});
