//! The fields of the index, and the division of texts into its terms.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::keys::Key;
use crate::feed::IndexedText;
use crate::post::Post;
use crate::words::{fold_for_search, split};

/// The name of the tokenizer in the schema.
pub(super) const TOKENIZER: &str = "words";

/// The names of the fields with the two halves of the key.
pub(super) const KEY: [&str; 2] = ["key", "key_high"];

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The title.
    pub(super) title: Field,
    /// Every text, the title too.
    pub(super) texts: Field,
    /// The two halves of the key.
    pub(super) key: [Field; 2],
}

impl Fields {
    /// The schema of the index, with its fields.
    pub(super) fn define() -> (Schema, Self) {
        let mut schema = SchemaBuilder::default();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let fields = Self {
            title: schema.add_text_field("title", text.clone()),
            texts: schema.add_text_field("texts", text),
            key: [schema.add_u64_field(KEY[0], FAST | INDEXED), schema.add_u64_field(KEY[1], FAST)],
        };
        (schema.build(), fields)
    }

    /// The document of a post.
    pub(super) fn document(&self, key: Key, post: &Post, text: &IndexedText) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.title, &post.title);
        // Positions of two values do not follow each other: no phrase crosses two texts.
        let terms = post.terms.iter().map(|term| &*term.spelling);
        for text in [&*post.title, &*text.summary, &*text.text].into_iter().chain(terms) {
            document.add_text(self.texts, text);
        }
        for (field, half) in self.key.into_iter().zip(key.halves()) {
            document.add_u64(field, half);
        }
        document
    }
}

/// Divides a text into the terms of the index, one for each unit of the text: a word is one, and so is each character of a
/// script without spaces together with the one that follows it directly.
#[derive(Debug, Clone, Default)]
pub(super) struct WordTokenizer;

/// The terms of one text.
pub(super) struct Terms {
    folded: String,
    /// The places of the terms in the folded text, the last one first.
    places: Vec<(usize, usize)>,
    token: Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let folded = fold_for_search(text);
        let mut places: Vec<(usize, usize)> = Vec::new();
        for unit in split(&folded) {
            let end = unit.at + unit.text.len();
            if let Some((_, last)) = places.last_mut().filter(|_| unit.is_joined) {
                *last = end;
            }
            places.push((unit.at, end));
        }
        places.reverse();
        Terms { folded, places, token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some((start, end)) = self.places.pop() else { return false };
        self.token.text.clear();
        self.token.text.push_str(&self.folded[start..end]);
        (self.token.offset_from, self.token.offset_to) = (start, end);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
