//! Hugo's shortcodes: `{{< name args >}} … {{< /name >}}`, and with `%` for Markdown.

use rustc_hash::FxHashMap;

use super::args::Args;
use super::output::{code, embed, figure_of, find_provider, link};
use super::scan::Scan;
use super::{Output, Reference, fill_shortcode};

/// No shortcode is longer, in bytes.
const LONGEST: usize = 16 << 10;

/// A shortcode taken apart.
struct Shortcode<'a> {
    name: &'a str,
    args: &'a str,
    closes: bool,
    /// Whether it is shown as text: `{{</* name */>}}`.
    is_shown: bool,
    /// Bytes from its `{` to behind its `}`.
    length: usize,
}

/// What a text begins with, if it is a shortcode.
fn read(text: &str) -> Option<Shortcode<'_>> {
    let end = if text.starts_with("{{<") { ">}}" } else { "%}}" };
    let near = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    let close = find_unquoted(&text[..near], end)?;
    let inner = text[3..close].trim();
    let length = close + end.len();
    if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
        return Some(Shortcode { name: shown, args: "", closes: false, is_shown: true, length });
    }
    let closes = inner.starts_with('/');
    let inner = inner.trim_start_matches('/').trim_end_matches('/').trim();
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    Some(Shortcode { name: &inner[..end], args: inner[end..].trim(), closes, is_shown: false, length })
}

/// A sign that stands within quotes ends nothing.
fn find_unquoted(text: &str, sign: &str) -> Option<usize> {
    let first = text.find(sign)?;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(3) {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if text.as_bytes()[at..].starts_with(sign.as_bytes()) => return Some(at),
            None if matches!(byte, b'"' | b'`') => quote = Some(byte),
            None => {}
        }
    }
    // A quotation mark alone is no quote.
    Some(first)
}

/// Which shortcode closes which, by their places.
fn pair_up(text: &str) -> FxHashMap<usize, (usize, usize)> {
    let mut pairs = FxHashMap::default();
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut at = 0;
    while let Some(here) = text[at..].find("{{").map(|found| at + found) {
        at = here + 2;
        if !text[at..].starts_with(['<', '%']) {
            continue;
        }
        let Some(shortcode) = read(&text[here..]).filter(|shortcode| !shortcode.is_shown) else { continue };
        at = here + shortcode.length;
        if shortcode.closes {
            if let Some(opened) = open.get_mut(shortcode.name).and_then(Vec::pop) {
                pairs.insert(opened, (here, at));
            }
        } else {
            open.entry(shortcode.name).or_default().push(here);
        }
    }
    pairs
}

/// What is shown as text is shown so in code too.
fn mend_code(code: &str) -> String {
    if !code.contains("/*") {
        return code.to_owned();
    }
    [("{{</*", "{{<"), ("*/>}}", ">}}"), ("{{%/*", "{{%"), ("*/%}}", "%}}")]
        .iter()
        .fold(code.to_owned(), |code, (written, shown)| code.replace(written, shown))
}

/// Translates a body.
pub(super) fn translate(text: &str, out: &mut Output<'_>, depth: usize) {
    let mut scan = Scan::new(text, out.markdown);
    let pairs = pair_up(text);
    while let Some(trigger) = scan.find(&["{{<", "{{%"], &mut out.text, mend_code) {
        let Some(shortcode) = read(scan.rest()) else {
            out.text.push_str(trigger);
            scan.at += trigger.len();
            continue;
        };
        let pair = pairs.get(&scan.at).filter(|_| depth > 0);
        let inner = pair.map(|(inner, _)| &text[scan.at + shortcode.length..*inner]);
        if shortcode.is_shown {
            let (open, close) = if trigger == "{{<" { ("{{<", ">}}") } else { ("{{%", "%}}") };
            let shown = html_escape::encode_text(shortcode.name);
            out.text.extend([&open.replace('<', "&lt;"), &*shown, close]);
        } else if !shortcode.closes {
            let begins_line = scan.begins_line();
            put(&shortcode, inner, begins_line, out, depth);
        }
        scan.at = pair.filter(|_| !shortcode.is_shown).map_or(scan.at + shortcode.length, |(_, end)| *end);
    }
}

fn put(
    shortcode: &Shortcode<'_>,
    inner: Option<&str>,
    begins_line: bool,
    out: &mut Output<'_>,
    depth: usize,
) {
    let args = Args::parse(shortcode.args);
    if let Some(template) = out.resolve.shortcode(shortcode.name).map(str::to_owned) {
        let (before, after) = template.split_once("{inner}").unwrap_or((&template, ""));
        let (before, after) = (fill_shortcode(before, &args, ""), fill_shortcode(after, &args, ""));
        if !out.affords(before.len() + after.len()) {
            return;
        }
        match inner {
            Some(inner) => out.push_around(&before, &after, |out| translate(inner, out, depth - 1)),
            None => out.push_block(&(before + &after), begins_line),
        }
        return;
    }
    match (shortcode.name, inner) {
        ("highlight", Some(inner)) => out.push_block(&code(args.word(0), inner, None), begins_line),
        ("comment", _) => {}
        ("details", Some(inner)) => {
            let summary = args.get(&["summary"]).unwrap_or("Details");
            let open = format!("<details><summary>{}</summary>", html_escape::encode_text(summary));
            out.push_around(&open, "</details>", |out| translate(inner, out, depth - 1));
        }
        (name, Some(inner)) => {
            if make(name, &args, out).is_none() {
                out.miss(name);
            }
            translate(inner, out, depth - 1);
        }
        (name, None) => match make(name, &args, out) {
            Some(html) if out.affords(html.len()) => out.push_block(&html, begins_line),
            Some(_) => {}
            None => out.miss(name),
        },
    }
}

/// What a shortcode alone becomes; `None`: nobody knows it.
fn make(name: &str, args: &Args, out: &mut Output<'_>) -> Option<String> {
    match name {
        "ref" | "relref" => {
            let path = args.get_or_first(&["path"])?;
            let (file, fragment) = path.split_once('#').unwrap_or((path, ""));
            let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
            if file.is_empty() {
                return Some(fragment);
            }
            match out.resolve.page(Reference::File(file)) {
                Some(target) => Some(target.address + &fragment),
                None => {
                    out.miss(&format!("{name} {path}"));
                    Some(String::new())
                }
            }
        }
        "param" => {
            let key = args.word(0)?;
            let value = ["page", "site"].iter().find_map(|from| out.resolve.value(&format!("{from}.{key}")));
            let value = value.or_else(|| out.resolve.value(&format!("site.params.{key}")))?;
            Some(html_escape::encode_text(&value).into_owned())
        }
        "figure" | "img" | "image" | "picture" => {
            let mut own = Args { words: Vec::new(), named: args.named.clone() };
            if let Some(source) = args.word(0) {
                own.named.push(("src".to_owned(), source.to_owned()));
            }
            figure_of(&own)
        }
        "qr" => Some(link(args.get(&["text"])?, args.get(&["text"])?)),
        "gist" => {
            let path = args.words.iter().take(2).map(String::as_str).collect::<Vec<_>>().join("/");
            let (provider, address) = find_provider(name, &path)?;
            Some(embed(provider, &address))
        }
        "tweet" | "twitter" | "x" if args.get(&["user"]).is_some() => {
            let (user, id) = (args.get(&["user"])?, args.get(&["id"])?);
            Some(embed("X", &format!("https://x.com/{user}/status/{id}")))
        }
        _ => {
            let (provider, address) = find_provider(name, args.get_or_first(&["id", "url"])?)?;
            Some(embed(provider, &address))
        }
    }
}
