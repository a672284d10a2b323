//! Hugo's shortcodes: `{{< name args >}} … {{< /name >}}`, and with `%` for Markdown.

use rustc_hash::FxHashMap;

use super::args::Args;
use super::html::{code, embed, figure_of, find_provider, link};
use super::scanner::{NextMatch, Place, Scan};
use super::{DEEPEST, Output, Reference, UNKNOWN, close_content, fill_shortcode};
use crate::body::budget::Budget;

/// The maximum length of a shortcode, in bytes.
const LONGEST: usize = 16 << 10;

/// A parsed shortcode.
struct Shortcode<'a> {
    name: &'a str,
    args: &'a str,
    closes: bool,
    /// True if it is shown as text: `{{</* name */>}}`.
    is_shown: bool,
    /// The length with its delimiters, in bytes.
    length: usize,
}

/// Parses the shortcode at a place of a text.
fn read<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<Shortcode<'a>> {
    let is_angle = text[at..].starts_with("{{<");
    let (closer, closers) = if is_angle { (">}}", &closers.angle) } else { ("%}}", &closers.percent) };
    let first = closers.find(at + 3, LONGEST)?;
    let close = find_unquoted(&text[at + 3..], closer, first - at - 3) + at + 3;
    let inner = text[at + 3..close].trim();
    let length = close + closer.len() - at;
    if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
        return Some(Shortcode { name: shown, args: "", closes: false, is_shown: true, length });
    }
    let closes = inner.starts_with('/');
    let inner = inner.trim_start_matches('/').trim_end_matches('/').trim();
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    Some(Shortcode { name: &inner[..end], args: inner[end..].trim(), closes, is_shown: false, length })
}

/// Finds the closing delimiters of shortcodes.
struct Closers<'a> {
    angle: NextMatch<'a>,
    percent: NextMatch<'a>,
}

impl<'a> Closers<'a> {
    fn of(text: &'a str, budget: &'a Budget) -> Self {
        Self { angle: NextMatch::new(text, ">}}", budget), percent: NextMatch::new(text, "%}}", budget) }
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

/// Maps the place of each shortcode with a body to the place of its closing shortcode and the place after it.
fn pair_up(text: &str, budget: &Budget) -> FxHashMap<usize, (usize, usize)> {
    let mut pairs = FxHashMap::default();
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let closers = Closers::of(text, budget);
    let mut at = 0;
    while let Some(here) = text[at..].find("{{").map(|found| at + found) {
        at = here + 2;
        if !text[at..].starts_with(['<', '%']) {
            continue;
        }
        let Some(shortcode) = read(text, here, &closers).filter(|shortcode| !shortcode.is_shown) else {
            continue;
        };
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

/// Unescapes shortcodes that are shown as text, in code too.
fn fix_code(code: &str) -> String {
    if !code.contains("/*") {
        return code.to_owned();
    }
    [("{{</*", "{{<"), ("*/>}}", ">}}"), ("{{%/*", "{{%"), ("*/%}}", "%}}")]
        .iter()
        .fold(code.to_owned(), |code, (written, shown)| code.replace(written, shown))
}

/// Translates a body.
pub(super) fn translate(text: &str, out: &mut Output<'_>, depth: usize) {
    let budget = out.budget;
    let mut scan = match depth {
        DEEPEST => Scan::new(text, out.markdown, budget),
        _ => Scan::within(text, out.markdown, budget),
    };
    let pairs = pair_up(text, budget);
    let closers = Closers::of(text, budget);
    while let Some(trigger) = scan.find(&["{{<", "{{%"], &mut out.text, fix_code) {
        let Some(shortcode) = read(text, scan.at, &closers) else {
            out.text.push_str(trigger);
            scan.at += trigger.len();
            continue;
        };
        let behind = scan.at + shortcode.length;
        let pair = pairs.get(&scan.at).copied().filter(|_| depth > 0 && !shortcode.is_shown);
        let needs_close = matches!(shortcode.name, "highlight" | "details") && !shortcode.closes;
        if needs_close && depth > 0 && pair.is_none() && !text[scan.at..behind].contains("/>}}") {
            let name = shortcode.name;
            let (open, close) = (format!("{{{{< {name} >}}}}"), format!("{{{{< /{name} >}}}}"));
            out.record_unclosed(open, close, scan.at, depth < DEEPEST);
        }
        if shortcode.is_shown {
            let (open, close) = if trigger == "{{<" { ("{{<", ">}}") } else { ("{{%", "%}}") };
            let shown = html_escape::encode_text(shortcode.name);
            out.text.extend([&open.replace('<', "&lt;"), &*shown, close]);
        } else if let Some((inner, end)) = pair {
            let places = (scan.place(scan.at, shortcode.length), scan.place(inner, end - inner));
            if shortcode.name == "highlight" {
                let inner = fix_code(&scan.strip_prefix(&text[behind..inner]));
                let language = Args::parse(shortcode.args);
                let html = if shortcode.args.contains("hl_inline=true") {
                    format!("<code>{}</code>", html_escape::encode_text(inner.trim()))
                } else {
                    code(language.word(0), &inner, None)
                };
                out.push_html(html, places.0);
            } else {
                put_pair(&shortcode, &text[behind..inner], places, out, depth);
            }
        } else if !shortcode.closes && !put(&shortcode, scan.place(scan.at, shortcode.length), out) {
            scan.at = scan.drop_line(behind, &mut out.text);
            continue;
        }
        scan.at = pair.map_or(behind, |(_, end)| end);
    }
}

/// Writes a shortcode without a body. Returns false if it is unknown.
fn put(shortcode: &Shortcode<'_>, place: Place, out: &mut Output<'_>) -> bool {
    let args = Args::parse(shortcode.args);
    let filled = out.resolve.shortcode(shortcode.name).map(|template| fill_shortcode(template, &args, ""));
    match filled.or_else(|| make(shortcode.name, &args, out)) {
        Some(html) if out.budget.expand(html.len()) => out.push_html(html, place),
        Some(_) => {}
        None if shortcode.name == "comment" => {}
        None => {
            out.record_unknown(shortcode.name);
            return false;
        }
    }
    true
}

fn put_pair(
    shortcode: &Shortcode<'_>,
    inner: &str,
    places: (Place, Place),
    out: &mut Output<'_>,
    depth: usize,
) {
    let args = Args::parse(shortcode.args);
    let around = match (out.fill_surroundings(shortcode.name, &args), shortcode.name) {
        (Some(around), _) => Some(around),
        (None, "details") => {
            let summary = args.get(&["summary"]).unwrap_or("Details");
            let open = format!("<details><summary>{}</summary>", html_escape::encode_text(summary));
            Some((open, "</details>".to_owned()))
        }
        (None, "comment") => return,
        // The content of an inline shortcode is a template.
        (None, name) if name.ends_with(".inline") => return out.record_unknown(name),
        (None, name) => {
            match make(name, &args, out) {
                Some(html) if out.budget.expand(html.len()) => out.push_html(html, places.0),
                Some(_) => {}
                None => out.record_unknown(name),
            }
            None
        }
    };
    match around {
        Some((open, close)) => out.push_around(open, close, places, |out| translate(inner, out, depth - 1)),
        None => translate(&close_content(inner), out, depth - 1),
    }
}

/// Returns the HTML of a shortcode without a body; `None`: the shortcode is unknown.
fn make(name: &str, args: &Args, out: &mut Output<'_>) -> Option<String> {
    match name {
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
