//! Hugo's shortcodes: `{{< name args >}} … {{< /name >}}`, and with `%` for Markdown.

use super::args::Args;
use super::html::{code, embed, figure_of, find_provider, link};
use super::scanner::Scan;
use super::shortcodes::{Call, Closers, LONGEST, Language, Pair, Shortcode};
use super::{Output, Reference, UNKNOWN};
use crate::body::budget::Budget;

/// The shortcodes of Hugo.
pub(super) struct Hugo;

impl Language for Hugo {
    const TRIGGERS: &'static [&'static str] = &["{{<", "{{%"];
    const OPENING: &'static str = "{{";
    const CLOSERS: &'static [&'static str] = &[">}}", "%}}"];
    const NAMES_ENDS: bool = true;

    fn read<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<(Shortcode<'a>, usize)> {
        let (closer, opener) = match text.get(at..at + 3)? {
            "{{<" => (">}}", "{{&lt;"),
            "{{%" => ("%}}", "{{%"),
            _ => return None,
        };
        let first = closers.find(closer, at + 3)?;
        let close = find_unquoted(&text[at + 3..], closer, first - at - 3) + at + 3;
        let inner = text[at + 3..close].trim();
        let length = close + closer.len() - at;
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            let shown = [opener, &*html_escape::encode_text(shown), closer].concat();
            return Some((Shortcode::Shown(shown), length));
        }
        let closes = inner.starts_with('/');
        let inner = inner.trim_start_matches('/').trim_end_matches('/').trim();
        let (name, args) = inner.split_at(inner.find(char::is_whitespace).unwrap_or(inner.len()));
        let call = Call { name, args: args.trim() };
        Some((if closes { Shortcode::Closing(name) } else { Shortcode::Opening(call) }, length))
    }

    fn fix_code(code: &str, _: &Budget) -> String {
        fix_code(code)
    }

    fn name_missing(call: &Call<'_>, text: &str) -> Option<(String, String)> {
        let name = call.name;
        let needs_close = matches!(name, "highlight" | "details") && !text.contains("/>}}");
        needs_close.then(|| (format!("{{{{< {name} >}}}}"), format!("{{{{< /{name} >}}}}")))
    }

    fn make(name: &str, args: &Args, out: &mut Output<'_>) -> Option<String> {
        match name {
            "comment" => Some(String::new()),
            "ref" | "relref" => {
                let path = args.get_or_first(&["path"])?;
                let (file, fragment) = path.split_once('#').unwrap_or((path, ""));
                let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
                if file.is_empty() {
                    return Some(fragment);
                }
                match out.page(Reference::File(file)) {
                    Some(target) => Some(target.address + &fragment),
                    None => {
                        out.record_unknown(&format!("{name} {path}"));
                        Some(UNKNOWN.to_owned())
                    }
                }
            }
            "param" => {
                let key = args.word(0)?;
                let value = ["page", "site"].iter().find_map(|from| out.value(&format!("{from}.{key}")));
                let value = value.or_else(|| out.value(&format!("site.params.{key}")))?;
                Some(html_escape::encode_text(&value).into_owned())
            }
            "figure" | "img" | "image" | "picture" => {
                let mut own = Args { named: args.named.clone(), ..Args::default() };
                if let Some(source) = args.word(0) {
                    own.named.push(("src".to_owned(), source.to_owned()));
                }
                figure_of(&own)
            }
            "qr" => Some(link(args.get(&["text"])?, args.get(&["text"])?)),
            "gist" => {
                let path = args.words.iter().take(2).map(String::as_str).collect::<Vec<_>>().join("/");
                let (provider, url) = find_provider(name, &path)?;
                Some(embed(provider, &url))
            }
            "tweet" | "twitter" | "x" if args.get(&["user"]).is_some() => {
                let (user, id) = (args.get(&["user"])?, args.get(&["id"])?);
                Some(embed("X", &format!("https://x.com/{user}/status/{id}")))
            }
            _ => {
                let (provider, url) = find_provider(name, args.get_or_first(&["id", "url"])?)?;
                Some(embed(provider, &url))
            }
        }
    }

    fn make_pair(
        call: &Call<'_>,
        args: &Args,
        inner: &str,
        scan: &Scan<'_>,
        out: &mut Output<'_>,
    ) -> Option<Pair> {
        Some(match call.name {
            "highlight" => {
                let inner = fix_code(&scan.strip_prefix(inner));
                Pair::Whole(if call.args.contains("hl_inline=true") {
                    format!("<code>{}</code>", html_escape::encode_text(inner.trim()))
                } else {
                    code(args.word(0), &inner, None)
                })
            }
            "details" => {
                let summary = args.get(&["summary"]).unwrap_or("Details");
                let open = format!("<details><summary>{}</summary>", html_escape::encode_text(summary));
                Pair::Around(open, "</details>".to_owned())
            }
            "comment" => Pair::Whole(String::new()),
            // The content of an inline shortcode is a template.
            name if name.ends_with(".inline") => {
                out.record_unknown(name);
                Pair::Whole(String::new())
            }
            name => Pair::Before(Self::make(name, args, out)?),
        })
    }
}

/// Returns the first place of a closing delimiter outside quotes. `first` is its first place anywhere.
fn find_unquoted(text: &str, closer: &str, first: usize) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if text.as_bytes()[at..].starts_with(closer.as_bytes()) => return at,
            None if matches!(byte, b'"' | b'`') => quote = Some(byte),
            None => {}
        }
    }
    // An unpaired quotation mark does not quote anything.
    first
}

/// Unescapes shortcodes that are shown as text, in code too.
fn fix_code(code: &str) -> String {
    if !code.contains("/*") {
        return code.to_owned();
    }
    [("{{</*", "{{<"), ("*/>}}", ">}}"), ("{{%/*", "{{%"), ("*/%}}", "%}}")]
        .iter()
        .fold(code.to_owned(), |code, (written, shown)| code.replace(written, shown))
}
