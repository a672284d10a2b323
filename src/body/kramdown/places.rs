//! `{:toc}` and `{:footnotes}`: the lists in whose place kramdown writes the table of contents and the footnotes.

use std::collections::HashMap;
use std::fmt::Write;

use super::super::plain_text::strip_markup;
use super::KramdownOptions;

/// Take the place of a list with `{:toc}`, and name its kind.
const CONTENTS: [(&str, &str); 2] = [("<!--kramdown:toc-->", "ul"), ("<!--kramdown:numbered_toc-->", "ol")];

/// Takes the place of a list with `{:footnotes}`.
const FOOTNOTES: &str = "<!--kramdown:footnotes-->";

/// Marks the heading above, or below, as one that is not in the table of contents.
const UNLISTED: [&str; 2] = ["<!--kramdown:no_toc-above-->", "<!--kramdown:no_toc-below-->"];

/// Begins and ends the mark of a heading with an id of its own.
const ID: (&str, &str) = ("<!--kramdown:id-", " -->");

/// Returns the mark for the attribute list of a list, if something else is shown in its place.
pub(in crate::body) fn mark_place(attributes: &str, is_numbered: bool) -> Option<&'static str> {
    attributes.split_whitespace().find_map(|word| match word {
        "toc" => Some(CONTENTS[usize::from(is_numbered)].0),
        "footnotes" => Some(FOOTNOTES),
        _ => None,
    })
}

/// Returns the mark for an attribute list, if it keeps a heading out of the table of contents.
pub(in crate::body) fn mark_unlisted(attributes: &str, out: &str) -> Option<&'static str> {
    let is_unlisted = attributes.split(['.', ' ', '\t']).any(|class| class == "no_toc");
    is_unlisted.then(|| UNLISTED[usize::from(out.is_empty() || out.ends_with("\n\n"))])
}

/// Returns the mark of a heading with this id.
pub(in crate::body) fn mark_id(id: &str) -> String {
    [ID.0, id, ID.1].concat()
}

/// Fills the places of the table of contents and of the footnotes in HTML.
pub(super) fn fill_places(html: String, options: &KramdownOptions) -> String {
    let html = move_footnotes(html);
    // `kramdown 2.4 convert_ul`: only the first one is filled.
    let places = CONTENTS.iter().filter_map(|(mark, list)| Some((html.find(mark)?, mark.len(), list)));
    let Some((place, length, list)) = places.min() else { return html };
    let contents = write_contents(&read_headings(&html, options), list);
    [&html[..place], &contents, &html[place + length..]].concat()
}

/// Moves the footnotes to their place, if there is one.
fn move_footnotes(html: String) -> String {
    const SECTION: (&str, &str) = ("<section class=\"footnotes\"", "</section>");
    let Some(place) = html.find(FOOTNOTES) else { return html };
    let start = html.rfind(SECTION.0).filter(|start| *start > place);
    let Some(start) = start else { return html };
    let end = html[start..].find(SECTION.1).map_or(html.len(), |end| start + end + SECTION.1.len());
    [&html[..place], &html[start..end], &html[place..start], &html[end..]].concat()
}

/// A heading in the table of contents.
struct Heading {
    level: u8,
    id: String,
    text: String,
}

/// Reads the headings that are in the table of contents. The Markdown library wrote them: they have no attributes.
fn read_headings(html: &str, options: &KramdownOptions) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut from = 0;
    while let Some(start) = html[from..].find("<h").map(|start| from + start) {
        from = start + "<h".len();
        let level = html.as_bytes().get(from).copied().filter(|level| (b'1'..=b'6').contains(level));
        let Some(level) = level.filter(|_| html[from + 1..].starts_with('>')) else { continue };
        let inner = from + "1>".len();
        let Some(length) = html[inner..].find("</h") else { break };
        from = inner + length;
        let own = &html[inner..inner + length];
        let text = strip_markup(&drop_references(own));
        let make_id = || {
            let id = count_id(make_id(&text, options), &mut counts);
            options.auto_ids.then(|| [&options.auto_id_prefix, &*id].concat())
        };
        let id = read_id(own).map(str::to_owned).or_else(make_id);
        let after = html[from..].split_once('>').map_or("", |(_, after)| after);
        let is_unlisted =
            after.trim_start().starts_with(UNLISTED[0]) || html[..start].trim_end().ends_with(UNLISTED[1]);
        let is_listed = options.toc_levels[usize::from(level - b'1')] && !is_unlisted;
        headings.extend(id.filter(|_| is_listed).map(|id| Heading { level, id, text }));
    }
    headings
}

/// Removes the references to footnotes from the HTML of a heading.
fn drop_references(html: &str) -> String {
    let mut parts = html.split("<sup class=\"footnote-ref\">");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once("</sup>").map_or(part, |(_, after)| after))
}

fn read_id(html: &str) -> Option<&str> {
    let (_, id) = html.rsplit_once(ID.0)?;
    id.split_once(ID.1).map(|(id, _)| id)
}

/// `kramdown-parser-gfm 1.1 generate_gfm_header_id`, `kramdown 2.4 basic_generate_id`
fn make_id(text: &str, options: &KramdownOptions) -> String {
    if !options.is_gfm {
        let kept = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).chars();
        let kept = kept.filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
        let id: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        return if id.is_empty() { "section".to_owned() } else { id };
    }
    let lower = text.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '\t'));
    kept.map(|c| if matches!(c, ' ' | '\t') { '-' } else { c }).collect()
}

/// Adds a number to an id that earlier headings have.
fn count_id(id: String, counts: &mut HashMap<String, usize>) -> String {
    let count = counts.entry(id.clone()).or_default();
    *count += 1;
    if *count == 1 { id } else { format!("{id}-{}", *count - 1) }
}

/// Writes nested lists of links (`kramdown 2.4 generate_toc_tree`).
fn write_contents(headings: &[Heading], list: &str) -> String {
    let end = format!("</{list}>\n");
    let mut out = String::new();
    let mut open: Vec<u8> = Vec::new();
    for Heading { level, id, text } in headings {
        // The levels of the open items ascend.
        let kept = open.iter().take_while(|last| *last < level).count();
        match open.len() - kept {
            0 => out.extend(["<", list, ">\n"]),
            ended => out.extend(["</li>\n", &format!("{end}</li>\n").repeat(ended - 1)]),
        }
        open.truncate(kept);
        open.push(*level);
        let (id, text) = (html_escape::encode_double_quoted_attribute(id), html_escape::encode_text(text));
        // Writing into a String cannot fail.
        let _ = write!(out, "<li><a href=\"#{id}\">{text}</a>");
    }
    out.push_str(&format!("</li>\n{end}").repeat(open.len()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_contents_lists_the_headings() {
        for (html, expected) in [
            (
                "<!--kramdown:toc-->\n<h1>A <em>b</em></h1>\n<h2>C &amp; d</h2>\n<h1>A b</h1>",
                "<ul>\n<li><a href=\"#a-b\">A b</a><ul>\n<li><a href=\"#c--d\">C &amp; d</a></li>\n</ul>\n</li>\n\
                 <li><a href=\"#a-b-1\">A b</a></li>\n</ul>\n",
            ),
            (
                "<!--kramdown:toc--><h3>A</h3><h1>B</h1><h3>C</h3><h2>D</h2>",
                "<ul>\n<li><a href=\"#a\">A</a></li>\n<li><a href=\"#b\">B</a><ul>\n<li><a href=\"#c\">C</a></li>\n\
                 <li><a href=\"#d\">D</a></li>\n</ul>\n</li>\n</ul>\n",
            ),
            (
                "<!--kramdown:toc--><h2>A<!--kramdown:id-x --></h2><h2 class=\"b\">B</h2>",
                "<ul>\n<li><a href=\"#x\">A</a></li>\n</ul>\n",
            ),
            (
                "<!--kramdown:toc--><h1>A</h1>\n<!--kramdown:no_toc-above-->\n<h1>B</h1>\n\
                 <!--kramdown:no_toc-below-->\n<h1>C</h1>",
                "<ul>\n<li><a href=\"#b\">B</a></li>\n</ul>\n",
            ),
            (
                "<!--kramdown:toc--><h1>A<sup class=\"footnote-ref\"><a>1</a></sup> b</h1>",
                "<ul>\n<li><a href=\"#a-b\">A b</a></li>\n</ul>\n",
            ),
            ("<!--kramdown:numbered_toc--><h1>A</h1>", "<ol>\n<li><a href=\"#a\">A</a></li>\n</ol>\n"),
            ("<!--kramdown:toc--><p>a</p>", ""),
        ] {
            let filled = fill_places(html.to_owned(), &KramdownOptions::JEKYLL);
            let rest = html.split_once("-->").map_or("", |(_, rest)| rest);
            assert_eq!(filled, [expected, rest].concat(), "{html}");
        }
    }

    #[test]
    fn headings_that_are_not_closed_yet_are_not_listed_or_listed() {
        for html in
            ["<!--kramdown:toc--><h1>a</h", "<!--kramdown:toc--><h1>a</h€", "<!--kramdown:toc--><h1>a</h1"]
        {
            assert!(
                fill_places(html.to_owned(), &KramdownOptions::JEKYLL)
                    .ends_with(&html["<!--kramdown:toc-->".len()..]),
                "{html}"
            );
        }
    }

    #[test]
    fn footnotes_move_to_their_place() {
        let notes = "<section class=\"footnotes\" data-footnotes>n</section>";
        let html = format!("a<!--kramdown:footnotes-->b{notes}\n");
        assert_eq!(
            fill_places(html, &KramdownOptions::JEKYLL),
            format!("a{notes}<!--kramdown:footnotes-->b\n")
        );
        assert_eq!(fill_places(notes.to_owned(), &KramdownOptions::JEKYLL), notes);
    }
}
