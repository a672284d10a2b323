//! HTML → balanced HTML that can do nothing but be read: by allow-list.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

/// Elements beside ammonia's own list: media, and what text and tables still need.
const MORE_TAGS: [&str; 8] =
    ["audio", "video", "source", "picture", "track", "figure", "figcaption", "section"];

/// Elements that go with all that is in them.
const DROPPED: [&str; 12] = [
    "script", "style", "svg", "form", "button", "select", "textarea", "template", "object", "applet",
    "canvas", "dialog",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    let media = ["src", "width", "height", "type"];
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("img", HashSet::from(["src", "srcset", "sizes", "alt", "width", "height"])),
        ("a", HashSet::from(["href", "hreflang"])),
        ("audio", HashSet::from(["src", "controls", "preload"])),
        ("video", HashSet::from(["src", "controls", "preload", "poster", "width", "height"])),
        (
            "source",
            HashSet::from(media).union(&HashSet::from(["srcset", "sizes", "media"])).copied().collect(),
        ),
        ("track", HashSet::from(["src", "kind", "srclang", "label"])),
        ("details", HashSet::from(["open"])),
        ("ol", HashSet::from(["start", "reversed", "type"])),
        ("li", HashSet::from(["value"])),
        ("td", HashSet::from(["colspan", "rowspan", "headers", "align"])),
        ("th", HashSet::from(["colspan", "rowspan", "headers", "scope", "align"])),
        ("blockquote", HashSet::from(["cite"])),
        ("q", HashSet::from(["cite"])),
        ("del", HashSet::from(["cite", "datetime"])),
        ("ins", HashSet::from(["cite", "datetime"])),
        ("time", HashSet::from(["datetime"])),
        ("bdo", HashSet::from(["dir"])),
    ]);
    builder
        .add_tags(MORE_TAGS)
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["class", "dir", "lang", "title"]))
        .clean_content_tags(HashSet::from(DROPPED))
        .url_schemes(HashSet::from([
            "http", "https", "mailto", "tel", "data", "geo", "magnet", "xmpp", "sms",
        ]))
        .attribute_filter(keep_attribute)
        .link_rel(None);
    builder
});

/// `data:` is for pictures and sounds alone: in a link it could be a page of its own.
fn keep_attribute<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let holds_data = value.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let may_hold_data = matches!(element, "img" | "audio" | "video" | "source") && attribute != "href";
    (!holds_data || may_hold_data).then_some(Cow::Borrowed(value))
}

/// Cleans HTML. `]]>` can't stand in the result: old parsers of XML end a section there.
pub(super) fn clean(html: &str) -> String {
    let clean = CLEANER.clean(html).to_string();
    let clean = if clean.contains("]]>") { clean.replace("]]>", "]]&gt;") } else { clean };
    clean.trim().to_owned()
}
