//! The index finds what a plain scan of all texts finds.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tantivy::IndexWriter;

use super::evaluate;
use super::fields::Fields;
use super::folder::make_in_memory;
use crate::words::Words;

/// Pieces of texts in many scripts, so few that queries find some.
const PIECES: [&str; 36] = [
    "rust",
    "Rust",
    "async",
    "c++",
    "C#",
    "caf\u{e9}",
    "cafe\u{301}",
    "na\u{ef}ve",
    "ΑΒΓ",
    "άβγ",
    "Привет",
    "ёлка",
    "елка",
    "中",
    "文",
    "中文",
    "繁體",
    "繁体",
    "聯合早報",
    "联合早报",
    "報",
    "ไทย",
    "ไ",
    "ภาษา",
    "ひら",
    "カナ",
    "ｶﾅ",
    "か\u{3099}",
    "ລາວ",
    "ខ្មែរ",
    "မြန်",
    "مرحبا",
    "नमस्ते",
    "한국어",
    "ＦＵＬＬ",
    "ﬁ",
];

const GAPS: [&str; 8] = [" ", "", "", "-", ", ", "。", "\n", "."];

fn text() -> impl Strategy<Value = String> {
    let piece = (select(&PIECES[..]), select(&GAPS[..])).prop_map(|(piece, gap)| format!("{piece}{gap}"));
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A title and other texts.
fn post() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 1..4)
}

fn query() -> impl Strategy<Value = String> {
    let words = || {
        vec((select(&PIECES[..]), select(&[" ", "", "-"][..])), 1..4)
            .prop_map(|words| words.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect::<String>())
    };
    let condition = prop_oneof![
        4 => words(),
        2 => words().prop_map(|words| format!("\"{words}\"")),
        1 => words().prop_map(|words| format!("title:{}", words.trim())),
        1 => (select(&PIECES[..]), 1..3_usize).prop_map(|(word, count)| word.chars().take(count).chain(['*']).collect()),
    ];
    let signed = (proptest::bool::weighted(0.2), condition)
        .prop_map(|(is_excluded, text)| format!("{}{text}", if is_excluded { "-" } else { "" }));
    vec(signed, 1..4).prop_map(|conditions| conditions.join(" "))
}

fn scan(posts: &[Vec<String>], words: &Words) -> Vec<u32> {
    let mut search = words.search();
    let has = |post: &Vec<String>| {
        search.start(&post[0]);
        for text in &post[1..] {
            search.add(text);
        }
        search.matches()
    };
    (0..).zip(posts.iter().map(has)).filter(|(_, has)| *has).map(|(number, _)| number).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_index_finds_what_a_scan_of_all_texts_finds(posts in vec(post(), 1..24), queries in vec(query(), 24)) {
        let (schema, fields) = Fields::define();
        let index = make_in_memory(&schema);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).expect("there is memory");
        for post in &posts {
            let mut document = tantivy::TantivyDocument::default();
            document.add_text(fields.title, &post[0]);
            for text in post {
                document.add_text(fields.texts, text);
            }
            writer.add_document(document).expect("there is memory");
        }
        writer.commit().expect("there is memory");
        let searcher = index.reader().expect("it is open").searcher();
        let mut hits = 0;
        for query in queries {
            let Ok(words) = Words::parse(&query) else { continue };
            let found: Vec<u32> = searcher
                .segment_readers()
                .iter()
                .flat_map(|segment| evaluate::find(segment, fields, &words).expect("it is whole").iter().collect::<Vec<_>>())
                .collect();
            hits += found.len();
            prop_assert_eq!(found, scan(&posts, &words), "{} in {:?}", words.join(), posts);
        }
        // A test that finds nothing proves nothing: most runs have hits.
        prop_assume!(hits > 0);
    }
}
