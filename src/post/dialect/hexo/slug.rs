//! Hexo's slugs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `filename_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LetterCase {
    /// 0
    #[default]
    AsWritten,
    /// 1
    Lower,
    /// 2
    Upper,
}

/// `hexo-util 3 slugize`: diacritics are removed from Latin letters; each run of punctuation becomes one `-`.
pub(super) fn slugise(text: &str, case: LetterCase) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !('\u{0}'..='\u{1f}').contains(c)) {
        if c.is_whitespace() || c == '\u{feff}' || (c.is_ascii_punctuation()) {
            if !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            push_plain(c, &mut slug);
        }
    }
    let slug = slug.trim_matches('-');
    match case {
        LetterCase::AsWritten => slug.to_owned(),
        LetterCase::Lower => slug.to_lowercase(),
        LetterCase::Upper => slug.to_uppercase(),
    }
}

/// Latin letters that do not decompose into an ASCII letter and marks, by replacement.
const LETTERS: &[(&str, &str)] = &[
    ("A", "ȺⱯ"),
    ("AA", "Ꜳ"),
    ("AE", "ÆǼǢ"),
    ("AO", "Ꜵ"),
    ("AU", "Ꜷ"),
    ("AV", "ꜸꜺ"),
    ("AY", "Ꜽ"),
    ("B", "ɃƂƁ"),
    ("C", "ƇȻꜾ"),
    ("D", "ĐƋƊƉꝹ"),
    ("DZ", "ǱǄ"),
    ("Dz", "ǲǅ"),
    ("E", "ƐƎ"),
    ("F", "ƑꝻ"),
    ("G", "ǤƓꞠꝽꝾ"),
    ("H", "ĦⱧⱵꞍ"),
    ("I", "Ɨ"),
    ("J", "Ɉ"),
    ("K", "ƘⱩꝀꝂꝄꞢ"),
    ("L", "ĿŁȽⱢⱠꝈꝆꞀ"),
    ("LJ", "Ǉ"),
    ("Lj", "ǈ"),
    ("M", "ⱮƜ"),
    ("N", "ȠƝꞐꞤ"),
    ("NJ", "Ǌ"),
    ("Nj", "ǋ"),
    ("O", "ØǾƆƟꝊꝌ"),
    ("OI", "Ƣ"),
    ("OO", "Ꝏ"),
    ("OU", "Ȣ"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("P", "ƤⱣꝐꝒꝔ"),
    ("Q", "ꝖꝘɊ"),
    ("R", "ɌⱤꝚꞦꞂ"),
    ("S", "ẞⱾꞨꞄ"),
    ("T", "ŦƬƮȾꞆ"),
    ("TZ", "Ꜩ"),
    ("U", "Ʉ"),
    ("V", "ƲꝞɅ"),
    ("VY", "Ꝡ"),
    ("W", "Ⱳ"),
    ("Y", "ƳɎỾ"),
    ("Z", "ƵȤⱿⱫꝢ"),
    ("a", "ẚⱥɐ"),
    ("aa", "ꜳ"),
    ("ae", "æǽǣ"),
    ("ao", "ꜵ"),
    ("au", "ꜷ"),
    ("av", "ꜹꜻ"),
    ("ay", "ꜽ"),
    ("b", "ƀƃɓ"),
    ("c", "ƈȼꜿↄ"),
    ("d", "đƌɖɗꝺ"),
    ("dz", "ǳǆ"),
    ("e", "ɇɛǝ"),
    ("f", "ƒꝼ"),
    ("g", "ǥɠꞡᵹꝿ"),
    ("h", "ħⱨⱶɥ"),
    ("hv", "ƕ"),
    ("i", "ɨı"),
    ("j", "ɉ"),
    ("k", "ƙⱪꝁꝃꝅꞣ"),
    ("l", "ŀſłƚɫⱡꝉꞁꝇ"),
    ("lj", "ǉ"),
    ("m", "ɱɯ"),
    ("n", "ƞɲŉꞑꞥ"),
    ("nj", "ǌ"),
    ("o", "øǿɔꝋꝍɵ"),
    ("oi", "ƣ"),
    ("ou", "ȣ"),
    ("oo", "ꝏ"),
    ("p", "ƥᵽꝑꝓꝕ"),
    ("q", "ɋꝗꝙ"),
    ("r", "ɍɽꝛꞧꞃ"),
    ("s", "ßȿꞩꞅẛ"),
    ("t", "ŧƭʈⱦꞇ"),
    ("tz", "ꜩ"),
    ("u", "ʉ"),
    ("v", "ʋꝟʌ"),
    ("vy", "ꝡ"),
    ("w", "ⱳ"),
    ("y", "ƴɏỿ"),
    ("z", "ƶȥɀⱬꝣ"),
];

/// `hexo-util 3 escapeDiacritic`: diacritics are removed from precomposed Latin letters only.
fn push_plain(c: char, slug: &mut String) {
    if c.is_ascii() {
        slug.push(c);
        return;
    }
    if let Some((base, _)) = LETTERS.iter().find(|(_, letters)| letters.contains(c)) {
        slug.push_str(base);
        return;
    }
    let is_latin = ('\u{c0}'..='\u{24f}').contains(&c) || ('\u{1e00}'..='\u{1eff}').contains(&c);
    // Circled and full-width letters are Latin too.
    let is_wrapped = ('\u{24b6}'..='\u{24e9}').contains(&c) || ('\u{ff21}'..='\u{ff5a}').contains(&c);
    let mut parts = c.nfkd();
    match parts.next() {
        Some(base)
            if (is_latin || is_wrapped) && base.is_ascii_alphabetic() && parts.all(is_combining_mark) =>
        {
            slug.push(base);
        }
        _ => slug.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_hexos() {
        for (text, slug) in [
            ("C++", "C"),
            (" two  Words ", "two-Words"),
            ("Éclair ß ﬁ", "Eclair-s-ﬁ"),
            ("Привет й", "Привет-й"),
            ("snake_case 1.5", "snake-case-1-5"),
            ("go 🚀", "go-🚀"),
            ("Ａⓑ Łódź Ệ", "Ab-Lodz-E"),
            ("!", ""),
        ] {
            assert_eq!(slugise(text, LetterCase::AsWritten), slug, "{text}");
        }
    }
}
