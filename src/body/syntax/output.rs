//! What tags and shortcodes become: figures, images, code, quotations and links, in one line of HTML.

use html_escape::{encode_double_quoted_attribute as quote, encode_text as text};

use super::args::Args;

/// A block of code. Line ends are written as characters, so that Markdown takes it for one line.
pub(super) fn code(language: Option<&str>, code: &str, caption: Option<&str>) -> String {
    let code = code.strip_prefix("\r\n").or_else(|| code.strip_prefix('\n')).unwrap_or(code);
    let code = text(code).replace('\r', "").replace('\n', "&#10;");
    let language = language.map(|name| name.trim_end_matches(',')).filter(|name| !name.is_empty());
    let class = language.map(|name| format!(" class=\"language-{}\"", quote(name))).unwrap_or_default();
    let block = format!("<pre><code{class}>{code}</code></pre>");
    match caption.filter(|caption| !caption.is_empty()) {
        Some(caption) => format!("<figure><figcaption>{}</figcaption>{block}</figure>", text(caption)),
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
    let said = [title, caption.map(|caption| text(caption).into_owned()), attribution];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let alt = args.get(&["alt"]).or(caption).unwrap_or_default();
    Some(figure(source, alt, args.get(&["link", "href"]), &said, args))
}

/// A link.
pub(super) fn link(address: &str, shown: &str) -> String {
    format!("<a href=\"{}\">{}</a>", quote(address), text(shown))
}

/// What is shown elsewhere, as a link of its own: the provider and the address.
pub(super) fn embed(provider: &str, address: &str) -> String {
    format!("<p>{}</p>", link(address, &format!("{provider}: {address}")))
}

/// A quotation: what opens it, and what closes it with who said it. Between them is Markdown.
pub(super) fn quotation(author: &str, source: Option<&str>) -> (String, String) {
    let said = match (author.trim(), source) {
        ("", None) => String::new(),
        ("", Some(source)) => format!("<footer>{}</footer>", link(source, source)),
        (author, Some(source)) => format!("<footer>{}</footer>", link(source, author)),
        (author, None) => format!("<footer>{}</footer>", text(author)),
    };
    ("<blockquote>".to_owned(), format!("{said}</blockquote>"))
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
