//! Placeholders for the HTML of tags: while Markdown is converted, a word in the text represents each piece of HTML.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::body::html_tags::BLOCKS;

/// Pieces of HTML, and the words that represent them.
#[derive(Debug, Clone, Default)]
pub(in crate::body) struct Parts {
    /// The beginning of every placeholder: letters and digits that do not appear in the body.
    mark: String,
    kept: Vec<Part>,
    /// The length of all repeated pieces, in bytes.
    repeated: usize,
}

#[derive(Debug, Clone)]
struct Part {
    html: String,
    is_used: bool,
}

/// The maximum length that placeholders in several places may add to a body, in bytes.
const MOST_REPEATED: usize = 256 << 10;

impl Parts {
    pub(super) fn new(body: &str) -> Self {
        let mut marks = (0..).map(|seed| format!("x{:016x}n", xxh3_64_with_seed(body.as_bytes(), seed)));
        let mark = marks.find(|mark| !body.contains(mark)).unwrap_or_default();
        Self { mark, ..Self::default() }
    }

    /// Returns true if there are no pieces.
    pub(in crate::body) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Keeps a piece and returns its placeholder.
    pub(super) fn keep(&mut self, html: String) -> String {
        self.kept.push(Part { html, is_used: false });
        format!("{}{}e", self.mark, self.kept.len() - 1)
    }

    /// Returns the piece at an index. A piece may be used again while the repeated pieces are short enough.
    fn take(&mut self, place: usize) -> Option<String> {
        let part = self.kept.get_mut(place)?;
        if part.is_used {
            self.repeated += part.html.len();
        }
        part.is_used = true;
        (self.repeated <= MOST_REPEATED).then(|| part.html.clone())
    }

    /// Replaces each placeholder with its piece. A block ends the paragraph around it.
    pub(in crate::body) fn fill(&mut self, html: String) -> String {
        if self.kept.is_empty() || !html.contains(&self.mark) {
            return html;
        }
        let mut out = String::with_capacity(html.len() + 256);
        let mut around = Around::default();
        let mut rest = &html[..];
        while let Some((before, after)) = rest.split_once(&self.mark) {
            out.push_str(before);
            around.pass(before);
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let place = after[..digits].parse::<usize>().ok();
            let part = place.and_then(|place| self.take(place));
            rest = after[digits..].strip_prefix('e').unwrap_or(&after[digits..]);
            // The value of an attribute cannot hold elements.
            let Some(part) = part.filter(|_| !around.is_in_tag) else { continue };
            let ends_paragraph = is_block(&part) && around.is_in_paragraph;
            if ends_paragraph {
                match out.trim_end().strip_suffix("<p>").map(str::len) {
                    Some(length) => out.truncate(length),
                    None => out.push_str("</p>"),
                }
                around.is_in_paragraph = false;
            }
            out.push_str(&part);
            around.pass(&part);
            if ends_paragraph {
                match rest.trim_start().strip_prefix("</p>") {
                    Some(behind) => rest = behind,
                    None => {
                        out.push_str("<p>");
                        around.is_in_paragraph = true;
                    }
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// The context at the end of some HTML, updated without reading all of it again.
#[derive(Default)]
struct Around {
    is_in_tag: bool,
    is_in_paragraph: bool,
}

impl Around {
    fn pass(&mut self, html: &str) {
        if let Some(at) = html.rfind(['<', '>']) {
            self.is_in_tag = html[at..].starts_with('<');
        }
        if let Some(at) = html.rfind("p>").filter(|at| html[..*at].ends_with(['<', '/'])) {
            self.is_in_paragraph = html[..at].ends_with('<');
        }
    }
}

/// Returns true if HTML begins with a tag that ends a paragraph.
pub(super) fn is_block(html: &str) -> bool {
    let tag = html.trim_start().trim_start_matches(['<', '/']);
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    html.trim_start().starts_with('<') && BLOCKS.iter().any(|name| name.eq_ignore_ascii_case(&tag[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_paragraphs_and_words_do_not() {
        let fill = |text: &str| {
            let mut parts = Parts::new(text);
            let block = parts.keep("<figure>F</figure>".to_owned());
            let inline = parts.keep("<b>B</b>".to_owned());
            parts.fill(text.replace("BLOCK", &block).replace("WORD", &inline))
        };
        for (text, filled) in [
            ("<p>BLOCK</p>", "<figure>F</figure>"),
            ("<p>a BLOCK b</p>", "<p>a </p><figure>F</figure><p> b</p>"),
            ("<p>BLOCK\nb</p>", "<figure>F</figure><p>\nb</p>"),
            ("<li>BLOCK</li>", "<li><figure>F</figure></li>"),
            ("<p>a WORD b</p>", "<p>a <b>B</b> b</p>"),
            ("<a href=\"BLOCK\">x</a> WORD WORD", "<a href=\"\">x</a> <b>B</b> <b>B</b>"),
        ] {
            assert_eq!(fill(text), filled, "{text}");
        }
    }
}
