//! Elements written as `<name/>`, and raw-text elements that are never closed → empty pairs. An HTML parser would put
//! everything that follows into them.

use std::borrow::Cow;

use super::html_tags::{RAW, VOID, read_tag};

const COMMENT: &str = "!--";

/// Closes elements that are self-closing as in XML, and raw-text elements that are never closed.
pub(super) fn close(html: &str) -> Cow<'_, str> {
    if !closes_others(html) && !has_raw(html) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let (mut kept, mut at) = (0, 0);
    // In SVG and MathML, `/>` does close the element.
    let mut foreign = 0_usize;
    let lower = html.to_ascii_lowercase();
    // Elements without a closing tag in the rest of the text, which is searched only once for each.
    let mut unclosed: Vec<&str> = Vec::new();
    while let Some(here) = html[at..].find('<').map(|found| at + found) {
        if html[here..].starts_with("<!--") {
            let end = if unclosed.contains(&COMMENT) { None } else { html[here..].find("-->") };
            if end.is_none() && !unclosed.contains(&COMMENT) {
                unclosed.push(COMMENT);
            }
            at = end.map_or(here + 4, |end| here + end + 3);
            continue;
        }
        let Some((name, closes, length)) = read_tag(&html[here..]) else {
            at = here + 1;
            continue;
        };
        let tag = &html[here..here + length];
        at = here + length;
        let closes_itself = tag.ends_with("/>");
        if matches!(&*name, "svg" | "math") && !closes_itself {
            foreign = if closes { foreign.saturating_sub(1) } else { foreign + 1 };
        }
        if closes || foreign > 0 || VOID.contains(&&*name) {
            continue;
        }
        let end = format!("</{name}");
        let raw = RAW.iter().find(|raw| **raw == name).filter(|_| !closes_itself);
        let inner = raw.filter(|raw| !unclosed.contains(*raw)).and_then(|_| lower[at..].find(&end));
        match (raw, inner) {
            (Some(_), Some(length)) => at += length,
            (None, _) if !closes_itself => {}
            _ => {
                unclosed.extend(raw.filter(|raw| !unclosed.contains(*raw)));
                out.extend([&html[kept..at], &end, ">"]);
                kept = at;
            }
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// Returns true if a `/>` ends the tag of an element that is not void.
fn closes_others(html: &str) -> bool {
    let (mut name, mut from) = ("", 0);
    html.match_indices("/>").any(|(at, _)| {
        if let Some(open) = html[from..at].rfind('<') {
            let tag = &html[from + open + 1..at];
            name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        }
        from = at;
        !VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
    })
}

/// Returns true if HTML may hold a raw-text element.
fn has_raw(html: &str) -> bool {
    let tags = html.match_indices('<').map(|(at, _)| &html.as_bytes()[at + 1..]);
    let opens = |tag: &[u8], name: &str| {
        tag.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
    };
    tags.into_iter().any(|tag| RAW.iter().any(|name| opens(tag, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_closing_elements_stay_empty() {
        for (html, closed) in [
            ("<iframe src=\"a\" />b", "<iframe src=\"a\" /></iframe>b"),
            ("<a name=\"x\"/>b<br/>", "<a name=\"x\"/></a>b<br/>"),
            ("<script src=x>a", "<script src=x></script>a"),
            ("<script>'<i/>'</script><i/>", "<script>'<i/>'</script><i/></i>"),
            ("<svg><path/></svg><math><mi/></math>", "<svg><path/></svg><math><mi/></math>"),
            ("<!-- <a/> -->", "<!-- <a/> -->"),
            ("<p>a</p>", "<p>a</p>"),
        ] {
            assert_eq!(close(html), closed, "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(<[/!]?(a|iframe|svg|br|script|--)[ =\"']{0,3}/?>?|[xé]){0,40}") {
            let _ = close(&text);
        }
    }
}
