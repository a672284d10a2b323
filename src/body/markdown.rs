//! Markdown → HTML. The only file that knows the Markdown library.

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

use super::plain_text::{collapse_white_space, strip_markup};

/// GitHub's Markdown with footnotes; raw HTML stays, it is cleaned later.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    options
}

/// Renders a body without the heading or paragraph at its start that only repeats `title`.
pub(super) fn render(body: &str, title: &str) -> String {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, body, &options);
    drop_repeated_title(root, title);
    let mut html = String::with_capacity(body.len() + body.len() / 4);
    // Writing into a String can't fail.
    let _ = format_html(root, &options, &mut html);
    html
}

/// The text of one line of Markdown, without its marks.
pub fn strip_markdown(line: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, line, &options());
    let mut html = String::new();
    let _ = format_html(root, &options(), &mut html);
    strip_markup(&html)
}

/// Detaches the first block if it is a heading or paragraph that says just the title, linked or not.
fn drop_repeated_title(root: Node<'_>, title: &str) {
    let first = root.children().find(|node| !is_comment(node));
    let Some(node) = first else { return };
    let may_repeat = matches!(node.data.borrow().value, NodeValue::Heading(_) | NodeValue::Paragraph);
    if may_repeat && !title.is_empty() && fold(&text_of(node)) == fold(title) {
        node.detach();
    }
}

fn is_comment(node: Node<'_>) -> bool {
    match &node.data.borrow().value {
        NodeValue::HtmlBlock(block) => {
            let html = block.literal.trim();
            html.starts_with("<!--") && html.ends_with("-->") && html.matches("-->").count() == 1
        }
        _ => false,
    }
}

fn text_of(node: Node<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match &inner.data.borrow().value {
            NodeValue::Text(literal) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            // A picture says more than the title.
            NodeValue::Image(_) => text.push('\u{FFFC}'),
            _ => {}
        }
    }
    text
}

fn fold(text: &str) -> String {
    collapse_white_space(text).to_lowercase()
}
