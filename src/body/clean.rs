//! HTML → balanced HTML within an allow-list.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use rustc_hash::FxHashSet;

use crate::config::Embeds;

/// Text, tables, figures, media, ruby and details.
const TAGS: &str = "a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code \
    col colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i \
    img ins kbd li main map area mark nav ol p picture pre q rb rp rt rtc ruby s samp section small source span strike \
    strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr";

/// MathML.
const MATH: &str = "math annotation maction menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot \
    mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics";

/// Elements that are removed with their content.
const DROPPED: &str = "script style svg form button select textarea template object applet canvas dialog noframes \
    noembed title head datalist frameset annotation-xml";

/// The attributes that each element may have.
const ATTRIBUTES: [(&str, &str); 23] = [
    ("img", "src srcset sizes alt width height"),
    ("a", "href hreflang"),
    ("area", "href alt coords shape"),
    ("audio", "src controls preload loop"),
    ("video", "src controls preload poster width height loop"),
    ("source", "src srcset sizes media type width height"),
    ("track", "src kind srclang label"),
    ("details", "open"),
    ("ol", "start reversed type"),
    ("li", "value"),
    ("td", "colspan rowspan headers align"),
    ("th", "colspan rowspan headers scope align"),
    ("col", "span"),
    ("colgroup", "span"),
    ("blockquote", "cite"),
    ("q", "cite"),
    ("del", "cite datetime"),
    ("ins", "cite datetime"),
    ("time", "datetime"),
    ("data", "value"),
    ("math", "display alttext"),
    ("mo", "stretchy fence separator accent"),
    ("annotation", "encoding"),
];

/// The attributes of an `iframe`, where embeds are kept.
const FRAME: &str = "src width height title allowfullscreen loading";

static KNOWN: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| [TAGS, DROPPED, "iframe math"].into_iter().flat_map(str::split_whitespace).collect());

/// Returns true if an HTML element is kept, or removed with its content. Any other element is replaced by its
/// content.
pub(super) fn knows(name: &str) -> bool {
    KNOWN.contains(name)
}

static CLEANERS: LazyLock<[Builder<'static>; 2]> =
    LazyLock::new(|| [make_cleaner(Embeds::Link), make_cleaner(Embeds::Keep)]);

fn make_cleaner(embeds: Embeds) -> Builder<'static> {
    let set = |words: &'static str| words.split_whitespace().collect::<HashSet<&str>>();
    let mut attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(element, names)| (*element, set(names))).collect();
    let mut tags = set(TAGS);
    tags.extend(MATH.split_whitespace());
    if embeds == Embeds::Keep {
        tags.insert("iframe");
        attributes.insert("iframe", set(FRAME));
    }
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(set("class dir lang title id"))
        .clean_content_tags(set(DROPPED))
        .url_schemes(set("http https mailto tel data geo magnet xmpp sms ftp"))
        .attribute_filter(keep_attribute)
        .link_rel(None);
    builder
}

/// Keeps `data:` URLs only for images, audio and video: in a link they could be pages.
fn keep_attribute<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let begins = |scheme: &str| {
        value.trim_start().get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme))
    };
    let is_kept = match (element, attribute) {
        (_, "id" | "class" | "alt" | "title" | "lang" | "dir" | "alttext") => true,
        ("img" | "audio" | "video" | "source", "src") if begins("data:") => {
            begins("data:image/") || begins("data:audio/") || begins("data:video/")
        }
        // The rewriter has checked each candidate.
        (_, "srcset") => true,
        _ => !begins("data:"),
    };
    is_kept.then_some(Cow::Borrowed(value))
}

/// Cleans HTML. `]]>` is escaped in the result, because old XML parsers end a CDATA section there.
pub(super) fn clean(html: &str, embeds: Embeds) -> String {
    let clean = CLEANERS[usize::from(embeds == Embeds::Keep)].clean(html).to_string();
    let clean = if clean.contains("]]>") { clean.replace("]]>", "]]&gt;") } else { clean };
    clean.trim().to_owned()
}
