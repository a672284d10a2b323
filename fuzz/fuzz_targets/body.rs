//! Any text as a body, in every dialect: its entry is HTML that runs nothing, ends what it begins, and costs no
//! more than its length.
//! Run: fuzz/run 60 body

#![no_main]

mod cost;

use feedmill::body::{Context, NoResolver, Syntax, convert};
use feedmill::config::Embeds;
use feedmill::post::dialect::DIALECTS;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|body: &str| {
    if body.len() > cost::LONGEST {
        return;
    }
    let page = Url::parse("https://example.org/a/").expect("it is a URL");
    for dialect in DIALECTS.iter() {
        for (markdown, embeds) in [(true, Embeds::Link), (false, Embeds::Keep)] {
            let (title, prefix) = ("The title", "p1-");
            let context = Context {
                page: &page,
                title,
                syntax: Syntax { has_emoji: markdown, ..dialect.syntax() },
                markdown,
                marker: Some("<!--cut-->"),
                embeds,
                prefix,
                resolve: &NoResolver,
            };
            let mut html = String::new();
            cost::bound(body.len(), 100, || html = convert(body, &context).html);
            for forbidden in ["<script", "<style", "<!--", "]]>"] {
                assert!(!html.contains(forbidden), "{forbidden}: {html}");
            }
        }
    }
});
