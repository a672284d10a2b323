//! Eleventy's slugs: letters of every supported script are transliterated to Latin.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `@sindresorhus/slugify 2` as Eleventy 3 calls it: letters are transliterated, `&` becomes `and`, and each
/// run of other characters becomes one `-`.
pub(super) fn slugify(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '&' => latin.push_str(" and "),
            '🦄' => latin.push_str(" unicorn "),
            '♥' => latin.push_str(" love "),
            _ => push_latin(c, &mut latin),
        }
    }
    let mut slug = String::with_capacity(latin.len());
    for c in drop_apostrophes(&latin.to_lowercase()).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Removes the apostrophe of `it's` and `cannot`, which are one word.
fn drop_apostrophes(text: &str) -> String {
    let mut words = text.split_inclusive(|c: char| c.is_whitespace());
    let mut kept = String::with_capacity(text.len());
    for word in &mut words {
        let bare = word.trim_end();
        let joined = ["'s", "'t"].iter().find(|end| {
            let head = bare.strip_suffix(**end);
            head.is_some_and(|head| head.ends_with(|c: char| c.is_ascii_alphanumeric()))
        });
        match joined {
            Some(end) => {
                let head = &bare[..bare.len() - end.len()];
                kept.extend([head, &end[1..], &word[bare.len()..]]);
            }
            None => kept.push_str(word),
        }
    }
    kept
}

/// Letters that removing accents does not transliterate: each with its replacement.
const LETTERS: &[&str] = &[
    // German and other Latin
    "ßss äae öoe üue æae ðd øo þth đd ħh ıi łl ŋn œoe ŧt ŉ'n ſs ĳij ĸk",
    // Cyrillic
    "аa бb вv гg дd еe жzh зz иi йj кk лl мm нn оo пp рr сs тt уu фf хh цcz чch шsh щshh ъ ыy ь эe юyu \
     яya ёyo єye іi їyi ґg ќkj љlj њnj",
    // Greek
    "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξks οo πp ρr σs τt υy φf χx ψps ωo άa έe ίi όo ύy ήi ώo ςs ϊi \
     ΰy ϋy ΐi",
    // Arabic, Persian and Urdu
    "ءe آa أa ؤw إi ئy اa بb ةt تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz عe غgh ـ_ فf قq كk لl مm نn \
     هh وw ىa يy َa ُu ِi ٠0 ١1 ٢2 ٣3 ٤4 ٥5 ٦6 ٧7 ٨8 ٩9 چch کk گg پp ژzh یy ۰0 ۱1 ۲2 ۳3 ۴4 ۵5 ۶6 ۷7 ۸8 ۹9 \
     ټp ځz څc ډd ړr ږg ښx ګg ڼn ۀe ېe ۍai ٹt ڈd ڑr ںn ہh ھh ےe",
    // Armenian
    "աa բb գg դd եye զz էe ըy թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճtch մm յy նn շsh ոvo չch պp ջj ռr սs վv \
     տt րr ցc փp քq օo ֆf ևyev",
    // Georgian
    "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფph ქq ღgh ყk შsh ჩch ცts ძdz წts ჭtch ხkh \
     ჯj ჰh",
];

/// Appends a character in Latin letters; the result is lower-cased later.
fn push_latin(c: char, latin: &mut String) {
    if c.is_ascii() {
        latin.push(c);
        return;
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    let written = |letters: &'static str| {
        letters.split(' ').find_map(|letter| letter.strip_prefix(lower).or_else(|| letter.strip_prefix(c)))
    };
    if let Some(known) = LETTERS.iter().find_map(|letters| written(letters)) {
        latin.push_str(known);
        return;
    }
    let mut parts = c.nfd();
    match parts.next() {
        Some(base) if base.is_ascii_alphabetic() && parts.all(is_combining_mark) => latin.push(base),
        // Combining marks on their own are removed: `lodash deburr`.
        _ if ('\u{300}'..='\u{36f}').contains(&c) => {}
        _ => latin.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_eleventys() {
        for (text, slug) in [
            ("标题 Ünï & C++ / x", "ueni-and-c-x"),
            ("R&D", "r-and-d"),
            ("it's", "its"),
            ("Don't Panic, it's 'x'", "dont-panic-its-x"),
            ("Привет, мир", "privet-mir"),
            ("مرحبا", "mrhba"),
            ("Éclair 1.5", "eclair-1-5"),
            ("Łódź Việt", "lodz-viet"),
            ("🚀", ""),
            (".NET snake_case", "net-snake-case"),
        ] {
            assert_eq!(slugify(text), slug, "{text}");
        }
    }
}
