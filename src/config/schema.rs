//! The JSON Schema of values, and the descriptions of keys, for editors.

use serde_json::{Map, Value, json};

/// A table with these keys and no others.
pub(super) fn keys(name: &str, keys: Vec<(&'static str, Value)>, required: &[&str]) -> Value {
    let mut properties = Map::new();
    for (key, value) in keys {
        let full = if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
        properties.entry(key).or_insert_with(|| with_description(value, &full));
    }
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn with_description(mut value: Value, name: &str) -> Value {
    if let Some((_, text)) = DESCRIPTIONS.iter().find(|(known, _)| *known == name) {
        value["description"] = json!(text);
    }
    if let Some((_, text)) = DEFAULTS.iter().find(|(known, _)| *known == name) {
        value["default"] = serde_json::from_str(text).unwrap_or_default();
    }
    value
}

/// Like [`named`], with keys that match a pattern.
pub(super) fn named_like(pattern: &str, known: &[(&str, Value)], values: Value) -> Value {
    let mut object = named(known, values);
    object["propertyNames"] = json!({ "pattern": pattern });
    object
}

/// A table whose keys are names: each contains one of `values`, except those that are `known`.
pub(super) fn named(known: &[(&str, Value)], values: Value) -> Value {
    let known: Map<String, Value> =
        known.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let mut object = json!({ "type": "object", "additionalProperties": values });
    if !known.is_empty() {
        object["properties"] = known.into();
    }
    object
}

/// Any text.
pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// A text that matches a pattern.
pub(super) fn text_like(pattern: &str, example: &str) -> Value {
    json!({ "type": "string", "pattern": pattern, "examples": [example] })
}

/// An http or https URL.
pub(super) fn address() -> Value {
    text_like("^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\\\\]+(/[^?#\\\\]*)?$", "https://example.org/blog")
}

/// A text that is not blank.
pub(super) fn filled_text() -> Value {
    json!({ "type": "string", "pattern": "\\S" })
}

/// A name that is part of URL paths.
pub(super) fn name() -> Value {
    json!({ "type": "string", "pattern": "^(?!\\s*\\.{0,2}\\s*$)[^/\\u0000-\\u001f]+$" })
}

/// `true` or `false`.
pub(super) fn truth() -> Value {
    json!({ "type": "boolean" })
}

/// A whole number within bounds.
pub(super) fn whole_number(least: u64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

/// One of a closed set of words.
pub(super) fn words<T>(words: &[(&str, T)]) -> Value {
    json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
}

/// Any number of values.
pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// At least one value.
pub(super) fn filled_list(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

/// One of several kinds of values.
pub(super) fn one_of(kinds: [Value; 2]) -> Value {
    json!({ "anyOf": kinds })
}

/// The description of each key, by its full name.
const DESCRIPTIONS: &[(&str, &str)] = &[
    ("site", "What all feeds say about the site that they come from."),
    ("site.title", "Title of the main feed."),
    (
        "site.url",
        "URL of the website with the posts: the base of entry links. Without it, entries link to feedmill's own pages.",
    ),
    ("site.description", "Subtitle of the main feed."),
    ("site.language", "BCP 47 tag, like en or zh-CN."),
    ("site.time_zone", "IANA name. Dates without an offset are read in it. Default: UTC."),
    ("site.author", "Author of posts that name none."),
    ("site.author.name", "Name as shown."),
    ("site.author.email", "E-mail address."),
    ("site.author.url", "URL of a page about the author."),
    ("site.copyright", "Copyright line."),
    ("site.license", "URL of the license of the feeds."),
    ("site.icon", "Small square image, relative to site.url."),
    ("site.logo", "Large image, relative to site.url."),
    ("server", "Addresses and resources of the running server."),
    ("server.listen", "host:port, [::1]:8080 or unix:/run/feedmill.sock. Default: 127.0.0.1:8080."),
    ("server.public_url", "URL at which readers reach this server: self links use it. May include a path."),
    ("server.admin_listen", "Address for /metrics and /status.json, which are not served without it."),
    ("server.workers", "Worker threads. Default: 0, one per core."),
    ("server.max_age", "Seconds a cache may keep a feed. Default: 300."),
    ("server.cache", "Size of the cache of rendered feeds. Default: 64 MiB."),
    ("state", "The small store on disk."),
    (
        "state.path",
        "Its folder; false keeps nothing on disk. Default: $STATE_DIRECTORY, else .feedmill next to this file.",
    ),
    ("ledger", "A file with facts about posts that travels with them."),
    (
        "ledger.path",
        "The file, relative to this file: when each post was first seen, and its id then. Default: none; the facts stay in the state.",
    ),
    ("source", "Folders of posts, one or more."),
    ("source.name", "Name in URL paths. Default: the name of the site's folder."),
    ("source.path", "The folder of posts, or of the whole site; relative to this file."),
    ("source.dialect", "The generator whose rules the posts follow. Default: auto, detected."),
    ("source.url", "Base URL of entry links. Default: site.url."),
    ("source.id_base", "Base URL of ids, instead of url: ids survive a move of domain or scheme."),
    (
        "source.id",
        "How ids are made. auto: as the site's own feed template does, else as the dialect; permalink; dialect; or a pattern of {site} {base} {path} {permalink} {id} {slug} {guid}. Default: auto.",
    ),
    ("source.permalink", "URL pattern in the dialect's own language, like /:year/:month/:day/:title/."),
    (
        "source.link",
        "permalink; page: feedmill's own page of the entry; or a front-matter key (like from) that entries link to where a post has it. Default: permalink, or page if no URL of the site is known.",
    ),
    (
        "source.unique",
        "Front-matter key, like from: of the posts with one value, compared without scheme, www. and tracking parameters, only the first is an entry.",
    ),
    (
        "source.image_sizes",
        "true: images of the site itself get their width and height, which are read from their files. Default: false.",
    ),
    ("source.include", "Globs of files that are posts. Default: the dialect's."),
    ("source.exclude", "Globs of files that are not posts."),
    ("source.drafts", "true: drafts are posts too."),
    (
        "source.future",
        "auto: as the dialect or its site says; hold: a post dated in the future appears at its time; show: at once.",
    ),
    ("source.time_zone", "Zone for dates without an offset. Default: site.time_zone."),
    (
        "source.watch",
        "How changes are detected. Default: auto, by events where there are any, else by polling.",
    ),
    ("source.poll", "Seconds between polls where there are no events. Default: 2."),
    ("source.sweep", "Seconds between rescans in addition to events; 0: none. Default: 60."),
    (
        "source.shortcodes",
        "The site's own includes, shortcodes and tags, by name: the HTML that replaces them, with {arguments}.",
    ),
    ("feeds", "Defaults of every feed."),
    ("feeds.limit", "Entries per page. Default: 20."),
    (
        "feeds.window",
        "All posts of this time before the newest one are in a feed, at least limit and at most 500: 30m, 24h, 7d, 2w.",
    ),
    ("feeds.archive", "Entries per archive document; 0: there are none. Default: limit."),
    ("feeds.content", "Part of a post that an entry contains. Default: full."),
    (
        "feeds.order",
        "Time that posts are sorted by, newest first; arrival: when they first appeared. Default: published.",
    ),
    ("feeds.formats", "Formats that are served. Default: all three."),
    (
        "feeds.embeds",
        "link: iframes, video embeds and the like become a link; keep: they stay. Default: link.",
    ),
    ("origin", "Publications in which posts first appeared, by the host of the original."),
    (
        "origin.host",
        "Host of the original, like www.example.org. It also matches m. and the host without www.",
    ),
    ("origin.name", "Name of the publication."),
    ("origin.feed", "URL of its feed. RSS entries name it as their source."),
    ("origin.license", "URL of the license of its texts."),
    (
        "feeds.footer",
        "HTML at the end of entries that have all of its placeholders: {original} {origin} {author} {date} {link} {title}.",
    ),
    ("feeds.markdown", "true: RSS contains the Markdown of posts too, as source:markdown. Default: false."),
    ("taxonomies", "Kinds of terms, by name. tags, categories and authors always exist."),
    ("taxonomies.keys", "Front-matter keys with its terms. Default: the dialect's."),
    ("taxonomies.title", "Title of a term's feed, with {site} and {term}."),
    ("taxonomies.only", "The only terms with a feed."),
    ("taxonomies.except", "Terms without a feed."),
    ("feed", "Feeds with a name."),
    ("feed.name", "Name in its URL path: /feeds/{name}/atom.xml."),
    ("feed.title", "Its title. Default: the name."),
    ("feed.description", "Its subtitle."),
    (
        "feed.select",
        "Conditions on its posts: terms by taxonomy, any_ and not_ taxonomy, sources, languages, q, since, until.",
    ),
    ("feed.limit", "Entries per page. Default: feeds.limit."),
    (
        "feed.digest",
        "Period of which the feed makes one entry, when it has ended, of the posts that arrived in it. Default: an entry \
         is a post.",
    ),
    ("feed.window", "Time before the newest post whose posts are all in the feed. Default: feeds.window."),
    ("feed.archive", "Entries per archive document. Default: feeds.archive, else limit."),
    ("feed.content", "Part of a post that an entry contains. Default: feeds.content."),
    ("feed.order", "Time that posts are sorted by, newest first. Default: feeds.order."),
    ("feed.formats", "Formats that are served. Default: feeds.formats."),
    ("feed.embeds", "How embedded media are handled. Default: feeds.embeds."),
    ("feed.footer", "HTML at the end of its entries. Default: feeds.footer."),
    ("feed.markdown", "true: its RSS contains the Markdown of posts too. Default: feeds.markdown."),
    ("pages", "Pages for people."),
    ("pages.enabled", "false: there are no pages, and / serves the main feed. Default: true."),
    (
        "pages.language",
        "Language of the pages' own text: ar, de, en, es, fr, he, it, ja, ko, nl, pl, pt, ru, zh-Hans or zh-Hant. Default: site.language, else English.",
    ),
    ("pages.css", "A style sheet, relative to this file, that is added after feedmill's own."),
    ("pages.footer", "HTML at the end of each page. It is sanitised like posts."),
    ("paths", "URL paths that readers know from an earlier system."),
    ("paths.compat", "Systems whose feed paths are served too."),
    ("paths.aliases", "Old paths, and the paths that are served in their place."),
    ("paths.gone", "Paths that are answered with 410."),
    ("log", "The access log, and the format of log lines."),
    ("log.access", "off, stderr or a file's path: one line per request. Default: off."),
    ("log.format", "text or json, for the log and the access log. Default: text."),
    ("search", "What searches for words (q) find."),
    (
        "search.index",
        "true: every word of every post, by an index in the folder of the state. false: titles, terms and some summaries. Default: true.",
    ),
    ("websub", "Hubs that notify readers of changes (W3C WebSub)."),
    ("websub.hubs", "URLs of the hubs. They are notified of exactly the feeds that changed."),
];

/// The default of each key that has a fixed one, as JSON.
const DEFAULTS: &[(&str, &str)] = &[
    ("site.time_zone", "\"UTC\""),
    ("server.listen", "\"127.0.0.1:8080\""),
    ("server.workers", "0"),
    ("server.max_age", "300"),
    ("server.cache", "\"64 MiB\""),
    ("source.dialect", "\"auto\""),
    ("source.id", "\"auto\""),
    ("source.drafts", "false"),
    ("source.future", "\"auto\""),
    ("source.watch", "\"auto\""),
    ("source.poll", "2"),
    ("source.sweep", "60"),
    ("feeds.limit", "20"),
    ("feeds.content", "\"full\""),
    ("feeds.order", "\"published\""),
    ("feeds.formats", "[\"rss\", \"atom\", \"json\"]"),
    ("feeds.embeds", "\"link\""),
    ("feeds.markdown", "false"),
    ("pages.enabled", "true"),
    ("log.access", "\"off\""),
    ("log.format", "\"text\""),
    ("search.index", "true"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::describe;

    fn list_keys(schema: &Value, above: &str, found: &mut Vec<(String, bool)>) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let name = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            found.push((name.clone(), value["description"].is_string()));
            for inner in [value, &value["items"], &value["additionalProperties"]] {
                if name != "feed.select" {
                    list_keys(inner, &name, found);
                }
            }
        }
    }

    #[test]
    fn every_key_is_described_and_every_description_is_of_a_key() {
        let mut found = Vec::new();
        list_keys(&describe(), "", &mut found);
        let bare: Vec<&String> =
            found.iter().filter(|(_, described)| !described).map(|(name, _)| name).collect();
        assert!(bare.is_empty(), "{bare:?}");
        let unused: Vec<&str> = DESCRIPTIONS.iter().map(|(name, _)| *name).collect();
        let unused: Vec<&str> =
            unused.into_iter().filter(|name| !found.iter().any(|(known, _)| known == name)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
