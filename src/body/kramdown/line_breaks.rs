//! Line breaks between ideographs, which a browser shows as spaces.

/// Removes line breaks between ideographs, except in code (`kramdown 2.4 fix_cjk_line_break`).
pub(super) fn join(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut is_code = false;
    for line in html.split_inclusive('\n') {
        let joins = out.strip_suffix('\n').is_some_and(|above| above.ends_with(is_ideograph));
        if joins && !is_code && line.starts_with(is_ideograph) {
            out.pop();
        }
        out.push_str(line);
        // `None` is less than any place.
        is_code = match (line.rfind("<pre"), line.rfind("</pre>")) {
            (None, None) => is_code,
            (open, close) => open > close,
        };
    }
    out
}

/// Han, Hiragana and Katakana
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303b}' | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fd}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_ideographs_are_joined() {
        for (html, expected) in [
            ("<p>中\n文\nか\na</p>", "<p>中文か\na</p>"),
            ("<p>中，\n文</p>\n<p>中</p>", "<p>中，\n文</p>\n<p>中</p>"),
            ("<pre>中\n文\n</pre>\n<p>中\n文</p>", "<pre>中\n文\n</pre>\n<p>中文</p>"),
        ] {
            assert_eq!(join(html), expected);
        }
    }
}
