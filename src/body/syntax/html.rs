//! The HTML of tags and shortcodes: figures, images, code, quotations and links, each on one line.

use html_escape::{encode_double_quoted_attribute as quote, encode_text as text};

use super::args::Args;
use crate::body::dialect_syntax::Syntax;
use crate::body::markdown::{self, strip_markdown};

/// Returns a code block. `caption` is HTML.
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

/// Returns an image, perhaps with a size.
pub(super) fn image(source: &str, alt: &str, args: &Args) -> String {
    let size = ["width", "height"].map(|name| match args.get(&[name]) {
        Some(value) => format!(" {name}=\"{}\"", quote(value.trim_end_matches("px"))),
        None => String::new(),
    });
    format!("<img src=\"{}\" alt=\"{}\"{}>", quote(source), quote(alt), size.concat())
}

/// Returns an image with a caption. `caption` is HTML.
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

/// Returns a figure from the argument names that themes and plugins use; `None` without an image.
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

/// Renders one line of Markdown. HTML in it is text.
fn render_line(line: &str) -> String {
    let html = markdown::render(&text(line), &Syntax::GITHUB);
    let html = html.trim();
    let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| text(line).into_owned(), str::to_owned)
}

/// Returns a link.
pub(super) fn link(url: &str, shown: &str) -> String {
    format!("<a href=\"{}\">{}</a>", quote(url), text(shown))
}

/// Returns a paragraph with a link to an embedded page. The text of the link is the provider and the URL.
pub(super) fn embed(provider: &str, url: &str) -> String {
    format!("<p>{}</p>", link(url, &format!("{provider}: {url}")))
}

/// Returns the opening and closing HTML of a quotation. `written` is `author, source URL title`. The content between
/// them is Markdown.
pub(super) fn quotation(written: &str) -> (String, String) {
    let place = written.split_whitespace().find(|word| word.contains("://"));
    let (author, behind) = match place.and_then(|url| written.split_once(url)) {
        Some((author, title)) => (author.trim(), place.map(|url| (url, title.trim()))),
        None => (written.trim(), None),
    };
    let said = match (author.trim_matches(['"', '\'']), behind) {
        ("", None) => String::new(),
        ("", Some((url, ""))) => link(url, url),
        ("", Some((url, title))) => link(url, title),
        (author, Some((url, ""))) => link(url, author),
        (author, Some((url, title))) => format!("{}, {}", text(author), link(url, title)),
        (author, None) => text(author).into_owned(),
    };
    let footer = if said.is_empty() { said } else { format!("<footer>{said}</footer>") };
    ("<blockquote>".to_owned(), format!("{footer}</blockquote>"))
}

/// Returns a provider, from its name in tags, and the URL at which it shows the content with this id to people.
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

/// The characters of an id that are escaped in a URL. A `/` separates a user from the user's content.
const ID: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~');
