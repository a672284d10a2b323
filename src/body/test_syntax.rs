//! The syntax of each dialect. A test of the dialects compares it with theirs.

use super::{FootnoteIds, KRAMDOWN_EXTENSIONS, Pass, Syntax, Templates};

pub(crate) const JEKYLL: Syntax = Syntax {
    templates: Templates::Liquid,
    passes: &[Pass::KramdownBlocks, Pass::UrlEscapes],
    extensions: KRAMDOWN_EXTENSIONS,
    is_kramdown: true,
    has_definitions: true,
    footnotes: FootnoteIds::Kramdown,
    ..Syntax::GITHUB
};
pub(crate) const HUGO: Syntax = Syntax {
    templates: Templates::HugoShortcodes,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{", "$$", "\n: ", "[!"],
    has_definitions: true,
    footnotes: FootnoteIds::Goldmark,
    ..Syntax::GITHUB
};
pub(crate) const ZOLA: Syntax = Syntax {
    templates: Templates::Tera,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{"],
    footnotes: FootnoteIds::Zola,
    ..Syntax::GITHUB
};
pub(crate) const HEXO: Syntax = Syntax {
    templates: Templates::TagPlugins,
    passes: &[Pass::Containers, Pass::Captions],
    ..Syntax::GITHUB
};
pub(crate) const ELEVENTY: Syntax = Syntax {
    templates: Templates::Nunjucks,
    passes: &[Pass::Containers],
    extensions: &["{", "\n: "],
    has_definitions: true,
    footnotes: FootnoteIds::MarkdownIt,
    ..Syntax::GITHUB
};
pub(crate) const OBSIDIAN: Syntax = Syntax {
    templates: Templates::Wikilinks,
    passes: &[Pass::Queries],
    has_image_sizes: true,
    ..Syntax::GITHUB
};
pub(crate) const PLAIN: Syntax = Syntax::GITHUB;

/// Every syntax with the name of its dialect.
pub(crate) const ALL: [(&str, Syntax); 7] = [
    ("jekyll", JEKYLL),
    ("hugo", HUGO),
    ("zola", ZOLA),
    ("hexo", HEXO),
    ("eleventy", ELEVENTY),
    ("obsidian", OBSIDIAN),
    ("plain", PLAIN),
];
