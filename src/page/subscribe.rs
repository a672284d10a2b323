//! The subscription box: the URL of a feed in the chosen format.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::layout::name_format;
use crate::config::Format;
use crate::texts::Texts;

/// The subscription box of a feed.
pub(super) struct Subscription<'s> {
    /// The URL of the feed in each format.
    pub(super) formats: &'s [(Format, String)],
    /// The format that is shown first.
    pub(super) chosen: Format,
    /// True if web services can reach this server.
    pub(super) is_public: bool,
    /// The id of the form that submits the chosen format, if there is one on the page.
    pub(super) form: Option<&'static str>,
}

impl Subscription<'_> {
    /// Writes the box: a switch for the format, the URL, and its actions. Only copying needs a script.
    pub(super) fn write(&self, texts: &Texts) -> Markup {
        let has_choice = self.formats.len() > 1;
        html! {
            section.subscribe aria-labelledby="subscribe" {
                div.top {
                    h2 #subscribe { (texts.say("subscribe")) }
                    p.help { (texts.say("subscribe-help")) }
                    @if has_choice {
                        fieldset.switch {
                            legend.hidden { (texts.say("format")) }
                            @for (format, _) in self.formats {
                                @let id = format!("format-{}", format.name());
                                input #(id) type="radio" name="format" value=(format.name()) form=[self.form]
                                    autocomplete="off" checked[*format == self.chosen];
                                label for=(id) { (name_format(*format)) }
                            }
                        }
                    }
                }
                @for (format, url) in self.formats {
                    div class={ "url of-" (format.name()) @if !has_choice { " only" } } { (write_url(texts, *format, url)) }
                }
                p #copied role="status" data-failed=(texts.say("copy-failed")) data-done=(texts.say("copied")) {}
                @if let Some((_, url)) = self.formats.iter().find(|_| self.is_public) {
                    @let url = utf8_percent_encode(url, NON_ALPHANUMERIC);
                    p.services {
                        (texts.say("add-to")) " "
                        a href={ "https://feedly.com/i/subscription/feed%2F" (url) } { "Feedly" } " · "
                        a href={ "https://www.inoreader.com/?add_feed=" (url) } { "Inoreader" } " · "
                        a href={ "https://www.newsblur.com/?url=" (url) } { "NewsBlur" }
                    }
                }
            }
        }
    }

    /// Writes one line with links, for pages of older posts.
    pub(super) fn write_line(&self, texts: &Texts) -> Markup {
        html! {
            p.line {
                (texts.say("subscribe"))
                @for (format, url) in self.formats { " " a.pill href=(url) type="text/html" { (name_format(*format)) } }
            }
        }
    }
}

fn write_url(texts: &Texts, format: Format, url: &str) -> Markup {
    let (name, id) = (name_format(format), format!("url-{}", format.name()));
    // The texts around it already contain the word "feed".
    let short = name.trim_end_matches(" Feed");
    html! {
        label.hidden for=(id) { (texts.fill("url-of", &[("format", short)])) }
        input #(id) type="text" readonly dir="ltr" value=(show_url(url)) data-url=(url) spellcheck="false";
        button.primary type="button" hidden data-copies=(id)
            aria-label=(texts.fill("copy-url-of", &[("format", short)])) { (texts.say("copy")) }
        p.actions {
            a href={ "feed:" (url) } aria-label={ (texts.say("open-in-reader")) ": " (name) } { (texts.say("open-in-reader")) }
            a href=(view_source(url)) aria-label={ (texts.say("view-source")) ": " (name) } { (texts.say("view-source")) }
        }
    }
}

/// A URL for display: letters of every script are decoded, everything else stays encoded.
pub(super) fn show_url(url: &str) -> String {
    let mut shown = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find('%') {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        // A run of percent-encoded bytes outside ASCII.
        let length = rest.as_bytes().chunks(3).take_while(|escape| is_high(escape)).count() * 3;
        let (mut escapes, after) = rest.split_at(length.max(1));
        for c in percent_decode_str(escapes).decode_utf8().iter().flat_map(|text| text.chars()) {
            let Some((own, others)) = escapes.split_at_checked(3 * c.len_utf8()) else { break };
            if c.is_alphanumeric() {
                shown.push(c);
            } else {
                shown.push_str(own);
            }
            escapes = others;
        }
        shown.push_str(escapes);
        rest = after;
    }
    shown + rest
}

/// Returns true if three bytes are the escape of a byte outside ASCII, such as `%E8`.
fn is_high(escape: &[u8]) -> bool {
    matches!(escape, [b'%', b'8'..=b'9' | b'A'..=b'F' | b'a'..=b'f', last] if last.is_ascii_hexdigit())
}

/// The URL that sends the feed itself to browsers, too.
fn view_source(url: &str) -> String {
    format!("{url}{}view=source", if url.contains('?') { '&' } else { '?' })
}

#[cfg(test)]
mod tests {
    use super::show_url;

    #[test]
    fn urls_show_letters_and_keep_every_other_escape() {
        for (url, expected) in [
            ("https://x.org/tags/%E8%81%94%E5%90%88/rss.xml", "https://x.org/tags/联合/rss.xml"),
            ("https://x.org/tags/c%2B%2B/rss.xml", "https://x.org/tags/c%2B%2B/rss.xml"),
            ("https://x.org/?q=caf%C3%A9%20au", "https://x.org/?q=café%20au"),
            ("https://x.org/%e4%bd%9c%ef%bc%9a%E4%B8%80/", "https://x.org/作%ef%bc%9a一/"),
            // Invisible characters, direction overrides and invalid UTF-8 stay encoded.
            ("https://x.org/%E2%80%AEmoc", "https://x.org/%E2%80%AEmoc"),
            ("https://x.org/%FF%E8", "https://x.org/%FF%E8"),
            ("https://x.org/100%", "https://x.org/100%"),
        ] {
            assert_eq!(show_url(url), expected);
        }
    }
}
