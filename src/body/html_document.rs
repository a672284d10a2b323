//! A whole HTML document: its metadata, and the range of its content.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use lol_html::html_content::{Element, EndTag};
use lol_html::{ElementContentHandlers, HandlerResult, RewriteStrSettings, Selector, rewrite_str};

use super::plain_text::strip_markup;

static ELEMENTS: LazyLock<Selector> = LazyLock::new(|| {
    "html, title, meta, link, h1, time, article, main, body".parse().expect("it is a selector")
});

/// The metadata of a document, and the range of its content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HtmlDocument {
    /// `<title>`, else the first `<h1>`: plain text.
    pub title: Option<String>,
    /// `<meta>` `article:published_time`, `date` or `dcterms.date`.
    pub date: Option<String>,
    /// The first `<time datetime>` in the content.
    pub time: Option<String>,
    /// `<meta name="description">`.
    pub description: Option<String>,
    /// `<meta name="author">`.
    pub author: Option<String>,
    /// `<meta name="keywords">`, divided at commas.
    pub keywords: Vec<String>,
    /// `<html lang>`.
    pub language: Option<String>,
    /// `<link rel="canonical">`.
    pub canonical: Option<String>,
    /// The range of the content, in bytes: the inside of `<article>`, else `<main>`, else `<body>`, else everything.
    pub content: Range<usize>,
}

/// The elements of a document that are read. A range is the content of an element, in bytes.
#[derive(Debug, Default)]
struct Found {
    title: Option<Range<usize>>,
    heading: Option<Range<usize>>,
    article: Option<Range<usize>>,
    main: Option<Range<usize>>,
    body: Option<Range<usize>>,
    metas: Vec<(String, String)>,
    times: Vec<(usize, String)>,
    language: Option<String>,
    canonical: Option<String>,
}

/// Names of `<meta>` that hold the date of publication, the more precise first.
const DATES: [&str; 3] = ["article:published_time", "date", "dcterms.date"];

impl HtmlDocument {
    /// Parses a document. If it cannot be parsed as HTML, it has only content.
    pub fn read(html: &str) -> Self {
        let found = Rc::new(RefCell::new(Found::default()));
        let own = Rc::clone(&found);
        let handler = move |element: &mut Element<'_, '_>| note(element, &own);
        let handlers = ElementContentHandlers::default().element(handler);
        let settings = RewriteStrSettings::new()
            .append_element_content_handler((Cow::Borrowed(&*ELEMENTS), handlers))
            .with_strict(false);
        let is_read = rewrite_str(html, settings).is_ok();
        let found = found.take();
        if !is_read {
            return Self { content: 0..html.len(), ..Self::default() };
        }
        // An element that is never closed ends with the document.
        let slice =
            |range: &Range<usize>| html.get(range.start..range.end.min(html.len())).unwrap_or_default();
        let text = |range: &Option<Range<usize>>| {
            range.as_ref().map(|range| strip_markup(slice(range))).filter(|text| !text.is_empty())
        };
        let meta = |name: &str| {
            let known = found.metas.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known.map(|(_, content)| content.clone())
        };
        let content = [&found.article, &found.main, &found.body].into_iter().flatten().next();
        let content = content.map_or(0..html.len(), |range| range.start..range.end.min(html.len()));
        let first_time =
            || found.times.iter().find(|(at, _)| content.contains(at)).map(|(_, time)| time.clone());
        let keywords = meta("keywords").unwrap_or_default();
        Self {
            title: text(&found.title).or_else(|| text(&found.heading)),
            date: DATES.iter().find_map(|name| meta(name)),
            time: first_time(),
            description: meta("description"),
            author: meta("author"),
            keywords: keywords
                .split(',')
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect(),
            language: found.language.clone(),
            canonical: found.canonical.clone(),
            content,
        }
    }
}

fn note(element: &mut Element<'_, '_>, found: &Rc<RefCell<Found>>) -> HandlerResult {
    let place = element.source_location().bytes();
    let attribute = |name: &str| element.get_attribute(name).filter(|value| !value.trim().is_empty());
    let mut known = found.borrow_mut();
    match element.tag_name().as_str() {
        "html" => known.language = known.language.take().or_else(|| attribute("lang")),
        "meta" => {
            let name = attribute("name").or_else(|| attribute("property"));
            known.metas.extend(name.zip(attribute("content").map(|content| decode(&content))));
        }
        "link" => {
            let is_canonical = attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
            let url = attribute("href").filter(|_| is_canonical && known.canonical.is_none());
            known.canonical = known.canonical.take().or(url);
        }
        "time" => known.times.extend(attribute("datetime").map(|time| (place.start, time))),
        "title" => mark(element, found, &mut known.title, place.end, |found| &mut found.title)?,
        "h1" => mark(element, found, &mut known.heading, place.end, |found| &mut found.heading)?,
        "article" => mark(element, found, &mut known.article, place.end, |found| &mut found.article)?,
        "main" => mark(element, found, &mut known.main, place.end, |found| &mut found.main)?,
        "body" => mark(element, found, &mut known.body, place.end, |found| &mut found.body)?,
        _ => {}
    }
    Ok(())
}

/// Records the start of an element's content, and the end when its end tag is read, for the first element of its
/// kind.
fn mark(
    element: &mut Element<'_, '_>,
    found: &Rc<RefCell<Found>>,
    range: &mut Option<Range<usize>>,
    start: usize,
    get: fn(&mut Found) -> &mut Option<Range<usize>>,
) -> HandlerResult {
    if range.is_some() || !element.can_have_content() {
        return Ok(());
    }
    *range = Some(start..usize::MAX);
    let found = Rc::clone(found);
    element.on_end_tag(Box::new(move |end: &mut EndTag<'_>| {
        if let Some(range) = get(&mut found.borrow_mut()) {
            range.end = end.source_location().bytes().start;
        }
        Ok(())
    }))
}

/// Returns the text of an attribute, which lol_html leaves undecoded.
fn decode(value: &str) -> String {
    // A `<` in an attribute is text.
    strip_markup(&value.replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_in_the_head_and_the_content_in_the_article() {
        let html = "<!doctype html><html lang=fr><head><title>Le &lt;dl&gt; &amp; moi</title>\
            <meta name=Date content=2024-03-01><meta property=article:published_time content='2024-03-02T10:00:00Z'>\
            <meta name=description content='Un &quot;mot&quot;'><meta name=author content=Ada>\
            <meta name=keywords content='rust, , web '><link rel=canonical href=https://example.org/x></head>\
            <body><nav>Menu</nav><main><h1>Titre</h1><article><p>Texte</p></article></main></body></html>";
        let document = HtmlDocument::read(html);
        let text = |text: &str| Some(text.to_owned());
        let expected = HtmlDocument {
            title: text("Le <dl> & moi"),
            date: text("2024-03-02T10:00:00Z"),
            time: None,
            description: text("Un \"mot\""),
            author: text("Ada"),
            keywords: vec!["rust".to_owned(), "web".to_owned()],
            language: text("fr"),
            canonical: text("https://example.org/x"),
            content: document.content.clone(),
        };
        assert_eq!(document, expected);
        assert_eq!(&html[document.content], "<p>Texte</p>");
    }

    #[test]
    fn without_a_head_the_first_heading_and_time_count() {
        for (html, title, date, content) in [
            (
                "<time datetime=2020-01-01></time><main><h1>A <em>b</em></h1><time datetime=2024-01-02>x</time></main>",
                Some("A b"),
                Some("2024-01-02"),
                "<h1>A <em>b</em></h1><time datetime=2024-01-02>x</time>",
            ),
            ("<body><p>a", None, None, "<p>a"),
            ("<p>fragment</p>", None, None, "<p>fragment</p>"),
            ("", None, None, ""),
        ] {
            let document = HtmlDocument::read(html);
            assert_eq!((document.title.as_deref(), document.time.as_deref()), (title, date), "{html}");
            assert_eq!(&html[document.content], content, "{html}");
        }
    }
}
