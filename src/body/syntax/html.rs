//! What tags and shortcodes become: figures, images, code, quotations and links, in one line of HTML.

use html_escape::{encode_double_quoted_attribute as quote, encode_text as text};

use super::args::Args;
use crate::body::markdown::{self, strip_markdown};
use crate::config::Dialect;

/// A block of code; `caption` is HTML.
pub(super) fn code(language: Option<&str>, code: &str, caption: Option<&str>) -> String {
    let code = code.strip_prefix("\r\n").or_else(|| code.strip_prefix('\n')).unwrap_or(code);
    let code = text(code).replace('\r', "");
    let language = language.map(|name| name.trim_end_matches(',')).filter(|name| !name.is_empty());
    let class = language.map(|name| format!(" class=\"language-{}\"", quote(name))).unwrap_or_default();
    let block = format!("<pre><code{class}>{code}</code></pre>");
    match caption.filter(|caption| !caption.is_empty()) {
        Some(caption) => format!("<figure><figcaption>{caption}</figcaption>{block}</figure>"),
        None => block,
    }
}

/// A picture, perhaps with a size.
pub(super) fn image(source: &str, alt: &str, args: &Args) -> String {
    let size = ["width", "height"].map(|name| match args.get(&[name]) {
        Some(value) => format!(" {name}=\"{}\"", quote(value.trim_end_matches("px"))),
        None => String::new(),
    });
    format!("<img src=\"{}\" alt=\"{}\"{}>", quote(source), quote(alt), size.concat())
}

/// A picture with what is said of it; `caption` is HTML.
pub(super) fn figure(source: &str, alt: &str, link: Option<&str>, caption: &str, args: &Args) -> String {
    let mut shown = image(source, alt, args);
    if let Some(link) = link {
        shown = format!("<a href=\"{}\">{shown}</a>", quote(link));
    }
    if caption.is_empty() {
        return format!("<figure>{shown}</figure>");
    }
    format!("<figure>{shown}<figcaption>{caption}</figcaption></figure>")
}

/// A figure by the names that themes and plugins give its parts; `None` without a picture.
pub(super) fn figure_of(args: &Args) -> Option<String> {
    let sources = ["src", "image_path", "path", "url", "image", "img", "file", "filename", "source"];
    let source = args.get(&sources)?;
    let title = args.get(&["title"]);
    let caption = args.get(&["caption", "description", "desc"]);
    let attribution = args.get(&["attr", "credit"]).map(|credit| match args.get(&["attrlink"]) {
        Some(link) => format!("<a href=\"{}\">{}</a>", quote(link), text(credit)),
        None => text(credit).into_owned(),
    });
    let title = title.map(|title| format!("<strong>{}</strong>", text(title)));
    let said = [title, caption.map(render_line), attribution];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let plain = caption.map(|caption| strip_markdown(&text(caption)));
    let alt = args.get(&["alt"]).or(plain.as_deref()).unwrap_or_default();
    Some(figure(source, alt, args.get(&["link", "href"]), &said, args))
}

/// Markdown within one line; HTML in it is text.
fn render_line(line: &str) -> String {
    let html = markdown::render(&text(line), Dialect::Plain);
    let html = html.trim();
    let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| text(line).into_owned(), str::to_owned)
}

/// A link.
pub(super) fn link(address: &str, shown: &str) -> String {
    format!("<a href=\"{}\">{}</a>", quote(address), text(shown))
}

/// What is shown elsewhere, as a link of its own: the provider and the address.
pub(super) fn embed(provider: &str, address: &str) -> String {
    format!("<p>{}</p>", link(address, &format!("{provider}: {address}")))
}

/// A quotation: what opens it, and what closes it with who said it, `author, source address title`. Between
/// them is Markdown.
pub(super) fn quotation(written: &str) -> (String, String) {
    let place = written.split_whitespace().find(|word| word.contains("://"));
    let (author, behind) = match place.and_then(|address| written.split_once(address)) {
        Some((author, title)) => (author.trim(), place.map(|address| (address, title.trim()))),
        None => (written.trim(), None),
    };
    let said = match (author.trim_matches(['"', '\'']), behind) {
        ("", None) => String::new(),
        ("", Some((address, ""))) => link(address, address),
        ("", Some((address, title))) => link(address, title),
        (author, Some((address, ""))) => link(address, author),
        (author, Some((address, title))) => format!("{}, {}", text(author), link(address, title)),
        (author, None) => text(author).into_owned(),
    };
    let footer = if said.is_empty() { said } else { format!("<footer>{said}</footer>") };
    ("<blockquote>".to_owned(), format!("{footer}</blockquote>"))
}

/// The address at which a provider shows something to people, by its name in tags.
pub(super) fn find_provider(tag: &str, id: &str) -> Option<(&'static str, String)> {
    let id = id.trim();
    let encoded = percent_encoding::utf8_percent_encode(id, ID).to_string();
    Some(match tag {
        "youtube" | "youtubelite" | "youtube-lite" => {
            ("YouTube", format!("https://www.youtube.com/watch?v={encoded}"))
        }
        "vimeo" => ("Vimeo", format!("https://vimeo.com/{encoded}")),
        "gist" => ("GitHub Gist", format!("https://gist.github.com/{encoded}")),
        "streamable" => ("Streamable", format!("https://streamable.com/{encoded}")),
        "jsfiddle" => ("JSFiddle", format!("https://jsfiddle.net/{encoded}/")),
        "codepen" => ("CodePen", format!("https://codepen.io/{encoded}")),
        "spotify" => ("Spotify", format!("https://open.spotify.com/{encoded}")),
        "instagram" => ("Instagram", format!("https://www.instagram.com/p/{encoded}/")),
        "tweet" | "twitter" | "x" => ("X", format!("https://x.com/i/status/{encoded}")),
        "bilibili" => ("bilibili", format!("https://www.bilibili.com/video/{encoded}/")),
        "asciinema" => ("asciinema", format!("https://asciinema.org/a/{encoded}")),
        _ => return None,
    })
}

/// What an id may not hold in an address; a `/` divides a user from what is theirs.
const ID: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~');
