//! Zola's shortcodes, `{{ name(args) }}` and `{% name(args) %} … {% end %}`, and links that begin with `@/`.

use rustc_hash::FxHashMap;

use super::args::Args;
use super::output::{embed, figure_of, find_provider};
use super::scan::Scan;
use super::{Output, Reference, fill_shortcode};

/// No shortcode is longer, in bytes.
const LONGEST: usize = 16 << 10;

/// A shortcode taken apart.
struct Shortcode<'a> {
    name: &'a str,
    args: &'a str,
    /// Bytes from its `{` to behind its `}`.
    length: usize,
}

/// `{{ name(args) }}` or `{% name(args) %}` at the beginning of a text; `{% end %}` has no arguments.
fn read(text: &str) -> Option<Shortcode<'_>> {
    let close = if text.starts_with("{{") { "}}" } else { "%}" };
    let near = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    let end = text[..near].find(close)?;
    let inner = text[2..end].trim();
    let length = end + 2;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if matches!(inner, "end" | "-end-" | "- end -") {
        return Some(Shortcode { name: "end", args: "", length });
    }
    let (name, args) = inner.split_once('(')?;
    let args = args.trim_end().strip_suffix(')')?;
    is_name(name.trim()).then_some(Shortcode { name: name.trim(), args, length })
}

/// Where the `{% end %}` of each shortcode with a body stands, and the place behind it.
fn pair_up(text: &str) -> FxHashMap<usize, (usize, usize)> {
    let mut pairs = FxHashMap::default();
    let mut open = Vec::new();
    for (at, _) in text.match_indices("{%") {
        match read(&text[at..]) {
            Some(shortcode) if shortcode.name == "end" => {
                if let Some(opened) = open.pop() {
                    pairs.insert(opened, (at, at + shortcode.length));
                }
            }
            Some(_) => open.push(at),
            None => {}
        }
    }
    pairs
}

/// `{{/* … */}}` shows a shortcode as text, in code too.
fn mend_code(code: &str) -> String {
    if !code.contains("/*") {
        return code.to_owned();
    }
    [("{{/*", "{{"), ("*/}}", "}}"), ("{%/*", "{%"), ("*/%}", "%}")]
        .iter()
        .fold(code.to_owned(), |code, (written, shown)| code.replace(written, shown))
}

/// Translates a body.
pub(super) fn translate(text: &str, out: &mut Output<'_>, depth: usize) {
    let mut scan = Scan::new(text, out.markdown);
    let pairs = pair_up(text);
    while let Some(trigger) = scan.find(&["{{", "{%", "(@/", "]: @/"], &mut out.text, mend_code) {
        if let Some(before) = trigger.strip_suffix("@/") {
            let behind = &scan.rest()[trigger.len()..];
            let end = behind.find([')', ' ', '\n', '"', '>']).unwrap_or(behind.len());
            out.text.push_str(before);
            let address = find(&behind[..end], out);
            out.text.push_str(&address);
            scan.at += trigger.len() + end;
            continue;
        }
        let rest = scan.rest();
        if rest[2..].starts_with("/*") {
            let close = if trigger == "{{" { "*/}}" } else { "*/%}" };
            let near =
                (0..=rest.len().min(LONGEST)).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(2);
            if let Some(end) = rest[..near].find(close) {
                out.text.push_str(trigger);
                out.text.push_str(&rest[4..end]);
                out.text.push_str(&close[2..]);
                scan.at += end + close.len();
                continue;
            }
        }
        let Some(shortcode) = read(rest) else {
            out.text.push_str(trigger);
            scan.at += trigger.len();
            continue;
        };
        let pair = pairs.get(&scan.at).filter(|_| depth > 0);
        let inner = pair.map(|(inner, _)| &text[scan.at + shortcode.length..*inner]);
        if shortcode.name != "end" {
            put(&shortcode, inner, scan.begins_line(), out, depth);
        }
        scan.at = pair.map_or(scan.at + shortcode.length, |(_, end)| *end);
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
    let name = shortcode.name;
    let template = out.resolve.shortcode(name).map(str::to_owned);
    match (template, inner) {
        (Some(template), inner) => {
            let (before, after) = template.split_once("{inner}").unwrap_or((&template, ""));
            let (before, after) = (fill_shortcode(before, &args, ""), fill_shortcode(after, &args, ""));
            if out.affords(before.len() + after.len()) {
                match inner {
                    Some(inner) => out.push_around(&before, &after, |out| translate(inner, out, depth - 1)),
                    None => out.push_block(&(before + &after), begins_line),
                }
            }
        }
        (None, Some(inner)) => {
            out.miss(name);
            translate(inner, out, depth - 1);
        }
        (None, None) => match make(name, &args) {
            Some(html) if out.affords(html.len()) => out.push_block(&html, begins_line),
            Some(_) => {}
            None => out.miss(name),
        },
    }
}

fn make(name: &str, args: &Args) -> Option<String> {
    let is_picture = ["figure", "image", "img", "picture"].iter().any(|kind| name.contains(kind));
    if is_picture && let Some(figure) = figure_of(args) {
        return Some(figure);
    }
    let (provider, address) = find_provider(name, args.get_or_first(&["id", "url"])?)?;
    let address = args.get(&["url"]).filter(|url| url.contains("://")).map_or(address, str::to_owned);
    Some(embed(provider, &address))
}

/// The address of a page by its file below `content`, with the fragment behind it.
fn find(path: &str, out: &mut Output<'_>) -> String {
    let (file, fragment) = path.split_once('#').unwrap_or((path, ""));
    let target = out.resolve.page(Reference::File(&format!("content/{file}")));
    let Some(target) = target else {
        out.miss(&format!("@/{path}"));
        return String::new();
    };
    if fragment.is_empty() { target.address } else { format!("{}#{fragment}", target.address) }
}
