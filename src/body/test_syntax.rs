//! The syntax of each dialect. A test of the dialects compares it with theirs.

use super::{FootnoteIds, KRAMDOWN_EXTENSIONS, KramdownOptions, Pass, Syntax, Templates};

static KRAMDOWN: KramdownOptions = KramdownOptions::JEKYLL;

pub(crate) const JEKYLL: Syntax<'static> = Syntax {
    templates: Templates::Liquid,
    passes: &[Pass::KramdownBlocks, Pass::UrlEscapes],
    extensions: KRAMDOWN_EXTENSIONS,
    kramdown: Some(&KRAMDOWN),
    has_definitions: true,
    footnotes: FootnoteIds::Kramdown,
    ..Syntax::GITHUB
};
pub(crate) const HUGO: Syntax<'static> = Syntax {
    templates: Templates::HugoShortcodes,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{", "$$", "\n: ", "[!"],
    has_definitions: true,
    footnotes: FootnoteIds::Goldmark,
    ..Syntax::GITHUB
};
pub(crate) const ZOLA: Syntax<'static> = Syntax {
    templates: Templates::Tera,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{"],
    footnotes: FootnoteIds::Zola,
    ..Syntax::GITHUB
};
pub(crate) const HEXO: Syntax<'static> = Syntax {
    templates: Templates::TagPlugins,
    passes: &[Pass::Containers, Pass::Captions],
    ..Syntax::GITHUB
};
pub(crate) const ELEVENTY: Syntax<'static> = Syntax {
    templates: Templates::Nunjucks,
    passes: &[Pass::Containers],
    extensions: &["{", "\n: "],
    has_definitions: true,
    footnotes: FootnoteIds::MarkdownIt,
    ..Syntax::GITHUB
};
pub(crate) const OBSIDIAN: Syntax<'static> = Syntax {
    templates: Templates::Wikilinks,
    passes: &[Pass::Queries],
    has_image_sizes: true,
    ..Syntax::GITHUB
};
pub(crate) const PLAIN: Syntax<'static> = Syntax::GITHUB;

/// Every syntax with the name of its dialect.
pub(crate) const ALL: [(&str, Syntax<'static>); 7] = [
    ("jekyll", JEKYLL),
    ("hugo", HUGO),
    ("zola", ZOLA),
    ("hexo", HEXO),
    ("eleventy", ELEVENTY),
    ("obsidian", OBSIDIAN),
    ("plain", PLAIN),
];
