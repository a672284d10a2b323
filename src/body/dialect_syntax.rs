//! The syntax of a site's bodies: values that its dialect sets.

use std::borrow::Cow;

use super::budget::Budget;
use super::kramdown::KramdownOptions;
use super::{captions, containers, footnotes, kramdown, queries, urls};

/// The syntax of bodies, in addition to GitHub's Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax<'a> {
    /// The template syntax.
    pub templates: Templates,
    /// Changes to the text before it is converted.
    pub passes: &'static [Pass],
    /// The strings that begin an extension of Markdown; `body::markdown_extensions` handles them.
    pub extensions: &'static [&'static str],
    /// The options of kramdown, if the Markdown is kramdown's, with its rules for formulas, definitions and tables.
    pub kramdown: Option<&'a KramdownOptions>,
    /// True if there are definition lists.
    pub has_definitions: bool,
    /// The ids of footnotes.
    pub footnotes: FootnoteIds,
    /// True if the alternative text of an image may end in its size: `![text|100]`.
    pub has_image_sizes: bool,
    /// True if `:tada:` becomes an emoji.
    pub has_emoji: bool,
}

impl Syntax<'static> {
    /// GitHub's Markdown without templates.
    pub const GITHUB: Self = Self {
        templates: Templates::None,
        passes: &[],
        extensions: &["$$"],
        kramdown: None,
        has_definitions: false,
        footnotes: FootnoteIds::GitHub,
        has_image_sizes: false,
        has_emoji: false,
    };
}

/// The extensions of kramdown.
pub const KRAMDOWN_EXTENSIONS: &[&str] = &[
    "\\{:",
    "\\",
    " ` ",
    "\n` ",
    "<<",
    "<?",
    "<![",
    "<mailto:",
    "@",
    "](",
    "{::",
    "{:",
    "{#",
    "$$",
    "\n: ",
    "*[",
    " markdown=",
    "\n</",
];

/// A template syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Templates {
    /// None: every text is shown as it is written.
    None,
    /// Liquid, with the tags of Jekyll.
    Liquid,
    /// Nunjucks, also in code.
    Nunjucks,
    /// Nunjucks, but not in code: the tag plugins of Hexo.
    TagPlugins,
    /// The shortcodes of Hugo.
    HugoShortcodes,
    /// Tera: the shortcodes and internal links of Zola.
    Tera,
    /// The links, embeds and callouts of Obsidian.
    Wikilinks,
}

impl Templates {
    /// The strings that begin the syntax.
    pub(super) fn triggers(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Liquid => &["{{", "{%"],
            Self::Nunjucks | Self::TagPlugins => &["{{", "{%", "{#"],
            Self::HugoShortcodes => &["{{<", "{{%"],
            Self::Tera => &["{{", "{%", "(@/", "(<@/", "]: @/", "]: <@/"],
            Self::Wikilinks => &["[[", "](", "==", "%%", "[!", "^"],
        }
    }
}

/// A change to Markdown that brings it closer to GitHub's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Blocks as kramdown divides them.
    KramdownBlocks,
    /// `[^a b]` is a footnote.
    FootnoteLabels,
    /// A `\` in a URL escapes the next character.
    UrlEscapes,
    /// `:::note` begins a container.
    Containers,
    /// Images that are alone in a paragraph have captions.
    Captions,
    /// Queries are removed.
    Queries,
}

/// A function that changes Markdown of a syntax.
pub(super) type Change = for<'t> fn(&'t str, &Syntax<'_>, &Budget) -> Cow<'t, str>;

impl Pass {
    fn changes(self) -> &'static [Change] {
        match self {
            Self::KramdownBlocks => kramdown::BLOCKS,
            Self::FootnoteLabels => &[|text, _, budget| footnotes::join_labels(text, budget)],
            Self::UrlEscapes => &[|text, _, budget| urls::unescape(text, budget)],
            Self::Containers => &[|text, _, budget| containers::open(text, budget)],
            Self::Captions => &[|text, _, budget| captions::show(text, budget)],
            Self::Queries => &[|text, _, budget| queries::remove(text, budget)],
        }
    }

    /// Applies the passes of a syntax one after the other.
    pub(super) fn apply_all<'t>(syntax: &Syntax<'_>, text: Cow<'t, str>, budget: &Budget) -> Cow<'t, str> {
        syntax.passes.iter().flat_map(|pass| pass.changes()).fold(text, |text, change| {
            let changed = match change(&text, syntax, budget) {
                Cow::Owned(changed) => Some(changed),
                Cow::Borrowed(_) => None,
            };
            changed.map_or(text, Cow::Owned)
        })
    }
}

/// The form of the ids of footnotes and of the references to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FootnoteIds {
    /// `fn-name`, `fnref-name-2`.
    GitHub,
    /// `kramdown 2.4`: `fn:name`, `fnref:name:1`.
    Kramdown,
    /// `goldmark 1.7`: `fn:1`, `fnref1:1`.
    Goldmark,
    /// `zola 0.22`: `fn-name`, `fr-name-2`.
    Zola,
    /// `markdown-it-footnote 4`: `fn1`, `fnref1:1`.
    MarkdownIt,
}
