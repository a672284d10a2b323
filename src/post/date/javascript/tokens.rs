//! The tokens into which V8 divides a date.

/// A token of a date (`v8 dateparser-inl.h DateStringTokenizer::Scan`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Number {
        value: i64,
        length: usize,
    },
    Symbol(u8),
    Month(i64),
    /// Hours to add: `pm`.
    Half(i64),
    /// Hours east of UTC.
    Zone(i64),
    /// `T`
    Separator,
    OtherWord,
    Blank,
    Other,
    End,
}

/// `v8 dateparser.cc KeywordTable`
const WORDS: [(&str, Token); 27] = [
    ("jan", Token::Month(1)),
    ("feb", Token::Month(2)),
    ("mar", Token::Month(3)),
    ("apr", Token::Month(4)),
    ("may", Token::Month(5)),
    ("jun", Token::Month(6)),
    ("jul", Token::Month(7)),
    ("aug", Token::Month(8)),
    ("sep", Token::Month(9)),
    ("oct", Token::Month(10)),
    ("nov", Token::Month(11)),
    ("dec", Token::Month(12)),
    ("am", Token::Half(0)),
    ("pm", Token::Half(12)),
    ("ut", Token::Zone(0)),
    ("utc", Token::Zone(0)),
    ("z", Token::Zone(0)),
    ("gmt", Token::Zone(0)),
    ("cdt", Token::Zone(-5)),
    ("cst", Token::Zone(-6)),
    ("edt", Token::Zone(-4)),
    ("est", Token::Zone(-5)),
    ("mdt", Token::Zone(-6)),
    ("mst", Token::Zone(-7)),
    ("pdt", Token::Zone(-7)),
    ("pst", Token::Zone(-8)),
    ("t", Token::Separator),
];

pub(super) fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end_of = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            '0'..='9' => {
                let length = end_of(|c| c.is_ascii_digit());
                // Nine significant digits are more than any date has.
                let digits = rest[..length].trim_start_matches('0');
                let value = digits[..digits.len().min(9)].parse().unwrap_or(0);
                (Token::Number { value, length }, length)
            }
            ':' | '-' | '+' | '.' | ')' => (Token::Symbol(first as u8), 1),
            'A'.. if !first.is_whitespace() => {
                let length = end_of(|c| c >= 'A' && !c.is_whitespace());
                (find_word(&rest[..length]), length)
            }
            '(' => (Token::Other, skip_parentheses(rest)),
            blank if blank.is_whitespace() => (Token::Blank, blank.len_utf8()),
            other => (Token::Other, other.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// A word must match in full, the name of a month in its first three letters.
fn find_word(word: &str) -> Token {
    let is_known = |known: &str, token: Token| {
        word.eq_ignore_ascii_case(known)
            || (matches!(token, Token::Month(_))
                && word.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(known)))
    };
    let known = WORDS.iter().find(|(known, token)| is_known(known, *token));
    known.map_or(Token::OtherWord, |(_, token)| *token)
}

/// The length of a text between parentheses, nested ones too.
fn skip_parentheses(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}
