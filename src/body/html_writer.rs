//! Writes the tokens of HTML as text again.

use std::cell::{Cell, RefCell};

use html5ever::tokenizer::{StartTag, Tag};

/// A text that tags and texts are added to. Behind shared references, as the tokenizer gives them to its sink.
pub(super) struct HtmlWriter {
    out: RefCell<String>,
    /// True in the content of an element whose text has no entities.
    is_raw: Cell<bool>,
}

impl HtmlWriter {
    /// An empty text, with room for some bytes.
    pub(super) fn new(capacity: usize) -> Self {
        Self { out: RefCell::new(String::with_capacity(capacity)), is_raw: Cell::new(false) }
    }

    /// Sets if the texts that follow have no entities.
    pub(super) fn set_raw(&self, is_raw: bool) {
        self.is_raw.set(is_raw);
    }

    pub(super) fn take(&self) -> String {
        self.out.take()
    }

    pub(super) fn write_tag(&self, tag: &Tag) {
        let mut out = self.out.borrow_mut();
        out.extend([if tag.kind == StartTag { "<" } else { "</" }, &tag.name]);
        if tag.kind == StartTag {
            for attribute in &tag.attrs {
                out.extend([" ", &attribute.name.local, "=\""]);
                push_escaped(&attribute.value, &mut out);
                out.push('"');
            }
            out.push_str(if tag.self_closing { " /" } else { "" });
        }
        out.push('>');
    }

    pub(super) fn write_text(&self, text: &str) {
        let mut out = self.out.borrow_mut();
        if self.is_raw.get() {
            out.push_str(text);
            return;
        }
        push_escaped(text, &mut out);
    }
}

/// Writes text with its special characters escaped.
fn push_escaped(text: &str, out: &mut String) {
    let mut kept = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.extend([&text[kept..at], entity]);
        kept = at + 1;
    }
    out.push_str(&text[kept..]);
}
