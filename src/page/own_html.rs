//! Adapts the HTML of an entry to the entry's own page.

use crate::config::BaseUrl;

/// Attributes that hold URLs.
const URLS: [&str; 5] = ["href", "src", "srcset", "poster", "cite"];

/// Adapts sanitised HTML (balanced, every attribute in double quotes): restores the post's own ids, since no other
/// entry is on its page, and shortens URLs of this server to paths, which work under every host name of the server.
pub(super) fn adapt(html: &str, public_url: &BaseUrl, prefix: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        out.push_str(text);
        rest = tag;
        // Up to the end of the tag: a value may contain `>`.
        while let Some(at) = rest.find(['"', '>']) {
            let (before, value) = (&rest[..=at], &rest[at + 1..]);
            out.push_str(before);
            rest = value;
            if before.ends_with('>') {
                break;
            }
            let end = value.find('"').unwrap_or(value.len());
            let name = before.trim_end_matches("=\"").rsplit(' ').next().unwrap_or_default();
            out.push_str(&adapt_value(name, &value[..end], public_url, prefix));
            rest = &value[end..];
            if let Some(after) = rest.strip_prefix('"') {
                out.push('"');
                rest = after;
            }
        }
        // The rest of an unclosed tag is text.
        if rest.starts_with('<') && !rest.contains('>') {
            break;
        }
    }
    out + rest
}

fn adapt_value(name: &str, value: &str, public_url: &BaseUrl, prefix: &str) -> String {
    if matches!(name, "id" | "headers") {
        let ids = value.split(' ').map(|id| id.strip_prefix(prefix).unwrap_or(id));
        return ids.collect::<Vec<_>>().join(" ");
    }
    if !URLS.contains(&name) {
        return value.to_owned();
    }
    let localise = |url: &str| match url.strip_prefix(public_url.as_str()) {
        Some(path) if path.starts_with('/') => format!("{}{path}", public_url.path()),
        _ => url.to_owned(),
    };
    match name {
        "srcset" => value.split(", ").map(localise).collect::<Vec<_>>().join(", "),
        _ => localise(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_posts_own_and_urls_of_this_server_are_paths() {
        let public = BaseUrl::parse("http://localhost:8080/feeds").expect("it is a URL");
        for (html, expected) in [
            ("<p id=\"p1-a\">x</p>", "<p id=\"a\">x</p>"),
            ("<td headers=\"p1-a p1-b\">", "<td headers=\"a b\">"),
            (
                "<img src=\"http://localhost:8080/feeds/media/n/a.png\" alt=\"a > b\">",
                "<img src=\"/feeds/media/n/a.png\" alt=\"a > b\">",
            ),
            (
                "<img srcset=\"http://localhost:8080/feeds/a.png 1x, http://localhost:8080/feeds/b.png 2x\">",
                "<img srcset=\"/feeds/a.png 1x, /feeds/b.png 2x\">",
            ),
            // Text, another host, and a URL within a URL stay unchanged.
            ("src=\"http://localhost:8080/feeds/a\"", "src=\"http://localhost:8080/feeds/a\""),
            ("<a href=\"http://localhost:8080/feedsx\">", "<a href=\"http://localhost:8080/feedsx\">"),
            (
                "<a href=\"https://e.org/?u=http://localhost:8080/feeds/a\">",
                "<a href=\"https://e.org/?u=http://localhost:8080/feeds/a\">",
            ),
            ("a < b, c > d \"x\"", "a < b, c > d \"x\""),
            ("<p class=\"p1-a\" id=\"", "<p class=\"p1-a\" id=\""),
            ("", ""),
        ] {
            assert_eq!(adapt(html, &public, "p1-"), expected);
        }
    }
}
