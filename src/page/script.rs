//! Detection of a text's script. Browsers choose glyphs and voices by the declared language.

/// The scripts that are distinguished.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Kana,
    Hangul,
    Han,
}

impl Script {
    /// The number of alphabetic letters that correspond to one character of this script.
    fn weight(self) -> usize {
        if matches!(self, Self::Han | Self::Kana | Self::Hangul) { 3 } else { 1 }
    }
}

/// The number of letters of a text that are counted.
const DECISIVE: usize = 200;

/// Guesses the `lang` of a text without its own, on a page or in a feed in `language`: `None` if that language fits,
/// else the language of its script, or the empty string, which means "unknown" (HTML §3.2.6.1).
pub(super) fn guess_language(text: &str, language: &str) -> Option<&'static str> {
    let script = find_script(text)?;
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if list_scripts(&primary).contains(&script) {
        return None;
    }
    Some(match script {
        Script::Han => "zh",
        Script::Kana => "ja",
        Script::Hangul => "ko",
        _ => "",
    })
}

/// The script of most of a text. Japanese is recognised by its kana, since most of its letters may be Han.
fn find_script(text: &str) -> Option<Script> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in text.chars().filter_map(script_of).take(DECISIVE) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, weight)) => *weight += script.weight(),
            None => counts.push((script, script.weight())),
        }
    }
    let count = |script| counts.iter().find(|(known, _)| *known == script).map_or(0, |(_, count)| *count);
    let (most, _) = *counts.iter().max_by_key(|(_, count)| *count)?;
    Some(if most == Script::Han && count(Script::Kana) > 0 { Script::Kana } else { most })
}

fn script_of(c: char) -> Option<Script> {
    Some(match c {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{5d0}'..='\u{5ea}' => Script::Hebrew,
        '\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Script::Arabic,
        '\u{900}'..='\u{97f}' => Script::Devanagari,
        '\u{e00}'..='\u{e7f}' => Script::Thai,
        '\u{3041}'..='\u{30ff}' => Script::Kana,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Script::Han,
        _ => return None,
    })
}

/// The scripts of a language, by its primary subtag.
fn list_scripts(language: &str) -> &'static [Script] {
    match language {
        "zh" | "yue" | "wuu" => &[Script::Han],
        "ja" => &[Script::Kana, Script::Han],
        "ko" => &[Script::Hangul, Script::Han],
        "el" => &[Script::Greek],
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" | "mn" => &[Script::Cyrillic],
        "sr" | "uz" | "tg" => &[Script::Cyrillic, Script::Latin],
        "he" | "iw" | "yi" => &[Script::Hebrew],
        "ar" | "fa" | "ur" | "ps" | "ug" => &[Script::Arabic],
        "hi" | "mr" | "ne" | "sa" => &[Script::Devanagari],
        "th" => &[Script::Thai],
        // Languages in scripts that are not distinguished: no script is known to be right.
        "hy" | "ka" | "am" | "bn" | "ta" | "te" | "kn" | "ml" | "gu" | "pa" | "si" | "my" | "km" | "lo"
        | "bo" => &[],
        _ => &[Script::Latin],
    }
}

#[cfg(test)]
mod tests {
    use super::guess_language;

    #[test]
    fn a_text_in_the_script_of_another_language_is_not_declared_to_be_in_this_one() {
        for (text, language, expected) in [
            ("关于订阅的几点想法", "en", Some("zh")),
            ("关于订阅的几点想法", "zh-CN", None),
            ("購読について考える", "en", Some("ja")),
            ("구독에 대하여", "de", Some("ko")),
            ("مقدمة في قراءة الخلاصات", "en", Some("")),
            ("О подписке", "en", Some("")),
            ("О подписке", "ru", None),
            ("Async Rust", "zh", Some("")),
            ("Was ich über RSS denke", "en", None),
            ("2024-01-01", "zh", None),
            ("一篇 RSS", "ja", None),
        ] {
            assert_eq!(guess_language(text, language), expected, "{text} on a page in {language}");
        }
    }
}
