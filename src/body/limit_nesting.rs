//! HTML of any depth → HTML that a parser handles in bounded time: elements nested too deeply are flattened, and
//! formatting is not opened again without end.
//!
//! A parser's work for one tag grows with the number of open elements, and which elements a tag closes only the rules
//! of the parser itself say. HTML that may be deep therefore passes through its tree builder, without making a tree.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, local_name, ns};
use rustc_hash::FxHashMap;

use super::flat_html::{FORMATTING, MAX_DEPTH, MAX_MISPLACED, MAX_REOPENED, is_flat};
use super::html_tags::{RAW, VOID, divide_texts, limit_attributes};
use super::html_writer::HtmlWriter;
use super::open_elements::{Counter, Element, Elements, measure};

/// The maximum number of formatting elements that are remembered as open.
const MAX_FORMATTING: usize = 1024;

/// The length below which any HTML is cheap, in bytes.
const SHORT: usize = 2048;

/// Flattens elements nested too deeply, and closes formatting elements that would be opened again too often.
pub(super) fn bound(html: &str) -> Cow<'_, str> {
    if html.len() < SHORT {
        return Cow::Borrowed(html);
    }
    let html = divide_texts(limit_attributes(html));
    if is_flat(&html) {
        return html;
    }
    let tokenizer = Tokenizer::new(Limiter::new(html.len()), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*html));
    // The limiter lets no token stop the tokenizer, which therefore reads all of the input.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    Cow::Owned(tokenizer.sink.out.take())
}

/// Passes tokens on to a tree builder, which knows the depth, and writes them again, except for tags that nest too
/// deeply.
struct Limiter {
    builder: TreeBuilder<Element, Elements>,
    out: HtmlWriter,
    /// An upper bound of the number of open elements.
    depth: Cell<usize>,
    /// The open formatting elements; some may be closed already.
    formatting: RefCell<Vec<LocalName>>,
    /// The number of tables.
    tables: Cell<usize>,
    /// The bytes of tags that were opened again.
    reopened: Cell<usize>,
    /// The number of dropped tags of each name that are still to be closed.
    dropped: RefCell<FxHashMap<LocalName, usize>>,
}

impl Limiter {
    fn new(length: usize) -> Self {
        let context = Element::new(QualName::new(None, ns!(html), local_name!("div")));
        // As ammonia parses a text, except that the content of `noscript` is HTML: the element is replaced by it.
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let builder = TreeBuilder::new_for_fragment(Elements::default(), context, None, options);
        Self {
            builder,
            out: HtmlWriter::new(length),
            depth: Cell::new(0),
            formatting: RefCell::default(),
            tables: Cell::new(0),
            reopened: Cell::new(0),
            dropped: RefCell::default(),
        }
    }

    fn forward(&self, token: Token, line: u64) -> TokenSinkResult<Element> {
        let misplaced = self.builder.sink.misplaced.get();
        let result = self.build(token, line);
        let is_misplaced = self.builder.sink.misplaced.get() > misplaced.max(MAX_MISPLACED);
        if is_misplaced {
            // What follows is not in the table any more, and no other one is opened.
            self.write_end(local_name!("table"), line);
        }
        result
    }

    /// Passes a token on to the tree builder.
    fn build(&self, token: Token, line: u64) -> TokenSinkResult<Element> {
        let created = self.builder.sink.created.get();
        let result = self.builder.process_token(token, line);
        self.depth.set(self.depth.get() + self.builder.sink.created.get() - created);
        match result {
            TokenSinkResult::RawData(kind) => {
                self.out.set_raw(kind != RawKind::Rcdata);
                TokenSinkResult::RawData(kind)
            }
            TokenSinkResult::Plaintext => {
                self.out.set_raw(true);
                TokenSinkResult::Plaintext
            }
            // No script is executed, and the text is decoded already: nothing stops the tokenizer.
            _ => TokenSinkResult::Continue,
        }
    }

    fn is_deep(&self) -> bool {
        if self.depth.get() >= MAX_DEPTH {
            let counter = Counter::default();
            self.builder.trace_handles(&counter);
            self.depth.set(counter.count());
        }
        self.depth.get() >= MAX_DEPTH
    }

    fn open(&self, tag: Tag, line: u64) -> TokenSinkResult<Element> {
        let name = tag.name.clone();
        let is_raw = RAW.contains(&&*name);
        // In SVG and MathML any element nests. In HTML the tokenizer must know of raw text.
        let is_foreign = self.adjusted_current_node_present_but_not_in_html_namespace();
        let may_nest = is_foreign || !is_raw && !VOID.contains(&&*name);
        let is_table_too_many =
            name == local_name!("table") && self.tables.replace(self.tables.get() + 1) >= MAX_MISPLACED;
        if is_table_too_many || may_nest && self.is_deep() {
            // The end of raw text is never dropped.
            if !is_raw {
                *self.dropped.borrow_mut().entry(name).or_default() += 1;
            }
            return TokenSinkResult::Continue;
        }
        self.out.write_tag(&tag);
        if FORMATTING.contains(&&*name) {
            let mut formatting = self.formatting.borrow_mut();
            if formatting.len() >= MAX_FORMATTING {
                formatting.remove(0);
            }
            formatting.push(name);
        }
        let expected = self.builder.sink.bytes.get() + measure(&tag.name, &tag.attrs);
        let result = self.forward(Token::TagToken(tag), line);
        self.limit_reopened(expected, line);
        result
    }

    fn close(&self, tag: Tag, line: u64) -> TokenSinkResult<Element> {
        if let Some(dropped) = self.dropped.borrow_mut().get_mut(&tag.name).filter(|dropped| **dropped > 0) {
            *dropped -= 1;
            return TokenSinkResult::Continue;
        }
        let last = self.formatting.borrow().iter().rposition(|name| *name == tag.name);
        if let Some(last) = last {
            self.formatting.borrow_mut().remove(last);
        }
        self.out.set_raw(false);
        self.out.write_tag(&tag);
        // A parser copies formatting elements that are closed out of order.
        let expected = self.builder.sink.bytes.get();
        let result = self.forward(Token::TagToken(tag), line);
        self.limit_reopened(expected, line);
        result
    }

    /// Closes all formatting elements if too many of them were opened again.
    fn limit_reopened(&self, expected: usize, line: u64) {
        let reopened = self.reopened.get() + self.builder.sink.bytes.get().saturating_sub(expected);
        self.reopened.set(reopened);
        if reopened <= MAX_REOPENED {
            return;
        }
        self.reopened.set(0);
        for name in self.formatting.take().into_iter().rev() {
            self.write_end(name, line);
        }
    }

    /// Closes an element that the text leaves open.
    fn write_end(&self, name: LocalName, line: u64) {
        let tag = Tag {
            kind: EndTag,
            name,
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        self.out.write_tag(&tag);
        // Closing tags do not change the state of the tokenizer.
        let _ = self.build(Token::TagToken(tag), line);
    }
}

impl TokenSink for Limiter {
    type Handle = Element;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Element> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.open(tag, line),
            Token::TagToken(tag) => self.close(tag, line),
            Token::CharacterTokens(text) => {
                self.out.write_text(&text);
                let expected = self.builder.sink.bytes.get();
                let result = self.forward(Token::CharacterTokens(text), line);
                self.limit_reopened(expected, line);
                result
            }
            Token::EOFToken => self.forward(Token::EOFToken, line),
            _ => TokenSinkResult::Continue,
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_nested_too_deeply_are_flattened() {
        let deep = format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let flat = bound(&deep);
        assert!((100..=MAX_DEPTH).contains(&flat.matches("<div>").count()), "{flat}");
        assert_eq!(flat.matches("<div>").count(), flat.matches("</div>").count());
        let open = format!("<ul>{}</ul>", "<li><p>a <a href=\"x\">b</a>".repeat(1000));
        assert_eq!(bound(&open), open, "elements that are closed implicitly are not deep");
        let usual = format!("<p>{}</p>", "word <b>b</b> ".repeat(1000));
        assert!(matches!(bound(&usual), Cow::Borrowed(_)));
    }

    #[test]
    fn elements_that_only_seem_to_be_closed_are_counted() {
        for unit in [
            "<li><dd>x",
            "<dt><li>x",
            "<li><ul></li>x",
            "<span><div></span>x",
            "<form><div></form>x",
            "<body><div></body>x",
            "<rt><div>x",
            "<td><div>x",
        ] {
            let bounded = bound(&unit.repeat(1000)).into_owned();
            let name = ["div", "dd", "ul", "li"].into_iter().find(|name| unit.contains(&format!("<{name}>")));
            let name = format!("<{}>", name.expect("the unit has one of these elements"));
            assert!(bounded.matches(&name).count() <= MAX_DEPTH, "{unit}");
            assert_eq!(bounded.matches('x').count(), 1000, "{unit}: no text is dropped");
        }
        let foreign = format!("<svg><title>{}</title></svg>", "<div>x".repeat(1000));
        assert!(bound(&foreign).matches("<div>").count() <= MAX_DEPTH);
    }

    #[test]
    fn nothing_is_dropped_after_a_tag_that_could_stop_a_parser() {
        for tag in ["<meta charset=\"utf-8\">", "<script>a</script>", "<plaintext>", "<svg><title></svg>"] {
            let bounded = bound(&format!("{tag}{}", "<p>§<li>".repeat(400))).into_owned();
            assert_eq!(bounded.matches('§').count(), 400, "{tag}");
        }
        let deep = "<div>".repeat(MAX_DEPTH + 10);
        let closed = "</div>".repeat(MAX_DEPTH + 10);
        for raw in ["title", "noscript", "textarea"] {
            let text = format!("{deep}<{raw}>{closed}<{raw}>a</{raw}><p>{}", "<li>§".repeat(400));
            assert_eq!(bound(&text).matches('§').count(), 400, "{raw}");
            let foreign =
                format!("<svg>{}<{raw}></svg><{raw}>a</{raw}><p>{}", "<g>".repeat(200), "<li>§".repeat(400));
            assert_eq!(bound(&foreign).matches('§').count(), 400, "{raw}");
        }
    }

    #[test]
    fn misplaced_content_of_tables_ends_them() {
        for unit in ["<table>x", "<table>x</table>", "<table><b>x</b></table>"] {
            let bounded = bound(&unit.repeat(5000)).into_owned();
            assert_eq!(bounded.matches("<table>").count(), MAX_MISPLACED, "{unit}");
            assert_eq!(bounded.matches('x').count(), 5000, "{unit}");
        }
        let one = bound(&format!("<table>{}", "<b>x</b>".repeat(5000))).into_owned();
        let (inside, outside) = one.split_once("</table>").expect("the table is closed");
        assert!(inside.matches("<b>").count() <= MAX_MISPLACED + 1 && outside.contains("<b>"));
    }

    #[test]
    fn html_of_any_form_is_written_again_as_it_is() {
        let fill = "<p>x<li>".repeat(300);
        for html in [
            "<p title=\"a&quot;&lt;b\">&amp;lt; &lt;b&gt;</p>",
            "<script>if (a<b && c>d) {}</script>",
            "<textarea>&lt;p></textarea>",
            "<br /><img src=\"a\">",
            "<a'\"=\"\" b=\"c\">",
        ] {
            let all = format!("{html}{fill}");
            let bounded = bound(&all);
            let parse =
                |html: &str| ammonia::Builder::default().add_tags(["textarea"]).clean(html).to_string();
            assert_eq!(parse(&bounded), parse(&all), "{html}");
        }
    }

    #[test]
    fn formatting_that_is_never_closed_is_not_opened_again_for_ever() {
        let open = format!("<p><a href=\"{}\">{}", "x".repeat(1000), "<p>y".repeat(2000));
        let bounded = bound(&open);
        assert!(bounded.contains("</a>"), "it is closed once it was opened again often");
    }

    proptest::proptest! {
        #[test]
        fn no_html_stays_deep(text in "(<[/!]?(a|b|p|li|dd|td|table|ul|div|span|svg|title|form)[ =\"'/]{0,2}>?|[xé&]){0,30}") {
            let bounded = bound(&text.repeat(40)).into_owned();
            let parsed = ammonia::Builder::default().clean(&bounded).to_string();
            let (mut depth, mut most) = (0_usize, 0);
            for tag in crate::body::html_tags::Tags::new(&parsed).filter(|tag| !VOID.contains(&&*tag.name)) {
                depth = if tag.closes { depth.saturating_sub(1) } else { depth + 1 };
                most = most.max(depth);
            }
            assert!(most <= 2 * MAX_DEPTH, "{most}");
        }
    }
}
