//! Arguments of tags and shortcodes: words, quoted texts, and named arguments.

/// The maximum number of arguments of one tag.
const MAX_ARGS: usize = 100;

/// The arguments of one tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Args {
    /// The arguments without a name, in order.
    pub(super) words: Vec<String>,
    /// The named arguments, in order.
    pub(super) named: Vec<(String, String)>,
    /// The names of arguments whose values are not quoted. Some tags read such values as variables.
    pub(super) bare: Vec<String>,
}

impl Args {
    /// Parses `one "two words" key="value", other=3`: white space and commas separate arguments. Arguments beyond the
    /// maximum number are ignored.
    pub(super) fn parse(text: &str) -> Self {
        let mut args = Self::default();
        let mut rest = text.trim_start_matches(is_divider);
        while !rest.is_empty() && args.words.len() + args.named.len() < MAX_ARGS {
            let (word, quoted, after) = take_word(rest);
            rest = after.trim_start_matches(char::is_whitespace);
            let value = rest.strip_prefix(['=', ':']).filter(|_| !quoted && is_name(&word));
            match value {
                Some(value) => {
                    let (value, quoted, after) = take_word(value.trim_start());
                    args.bare.extend((!quoted).then(|| word.clone()));
                    args.named.push((word, value));
                    rest = after;
                }
                None => args.words.push(word),
            }
            rest = rest.trim_start_matches(is_divider);
        }
        args
    }

    /// Returns the value of the first of these names that has one.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let (_, value) = self.named.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            Some(value.as_str()).filter(|value| !value.is_empty())
        })
    }

    /// Replaces variables with their values. An argument with an unknown variable is removed.
    pub(super) fn evaluate(&mut self, find: impl Fn(&str) -> Option<String>) {
        let bare = std::mem::take(&mut self.bare);
        let is_literal = |value: &str| value.parse::<f64>().is_ok() || matches!(value, "true" | "false");
        self.named.retain_mut(|(name, value)| {
            if !bare.contains(name) || is_literal(value) {
                return true;
            }
            let known = find(value);
            let is_known = known.is_some();
            *value = known.unwrap_or_default();
            is_known
        });
    }

    /// Returns the word at an index.
    pub(super) fn word(&self, place: usize) -> Option<&str> {
        self.words.get(place).map(String::as_str)
    }

    /// Returns the value of a name, else the first word.
    pub(super) fn get_or_first(&self, names: &[&str]) -> Option<&str> {
        self.get(names).or_else(|| self.word(0))
    }
}

fn is_divider(c: char) -> bool {
    c.is_whitespace() || c == ','
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Returns the word at the start of a text, true if it was quoted, and the rest of the text.
fn take_word(text: &str) -> (String, bool, &str) {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else {
        let end = text.find(|c: char| is_divider(c) || c == '=').unwrap_or(text.len());
        // A URL may hold a `=`.
        let is_url = text[..end].contains(['/', '?']);
        let end = if is_url { text.find(is_divider).unwrap_or(text.len()) } else { end.max(1) };
        let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
        let word = &text[..end];
        // `key: value`, `lang:rust`
        let key = word.split_once(':').map(|(key, _)| key).filter(|_| !is_url);
        return match key.filter(|key| is_name(key) && key.starts_with(char::is_alphabetic)) {
            Some(key) => (key.to_owned(), false, &text[key.len()..]),
            None => (word.to_owned(), false, &text[end..]),
        };
    };
    let mut word = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            c if c == quote => return (word, true, &text[at + c.len_utf8()..]),
            '\\' if quote != '`' => {
                if let Some((_, next)) = characters.next() {
                    word.push(next);
                }
            }
            c => word.push(c),
        }
    }
    (word, true, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_words_and_pairs() {
        let args = Args::parse("one \"two words\" key=\"va\\\"lue\", other=3 k: 'v' https://e.org/?a=b");
        assert_eq!(args.words, ["one", "two words", "https://e.org/?a=b"]);
        assert_eq!(args.get(&["key"]), Some("va\"lue"));
        assert_eq!((args.get(&["none", "OTHER"]), args.get(&["k"])), (Some("3"), Some("v")));
        assert_eq!(Args::parse("a,b").words, ["a", "b"]);
        assert_eq!(Args::parse("\"open").words, ["open"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_them(text in "[a=:\"'`, é\\\\/]{0,30}") {
            let _ = Args::parse(&text);
        }
    }
}
