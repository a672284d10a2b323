//! The ids that a site's own feed template makes: `<id>{{ site.url }}{{ post.id }}</id>`.

use std::cell::Cell;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::body::split_outside_quotes;
use crate::config::{IdPattern, Ids};
use crate::post::config_file::ConfigFile;
use crate::post::dialect::FeedTemplates;
use crate::post::site::{FeedTemplate, SiteSettings};
use crate::post::value::{Fields, Value};

/// The paths of feed templates in Jekyll sites.
pub(super) static TEMPLATES: FeedTemplates = FeedTemplates {
    paths: &[
        "feed.xml",
        "atom.xml",
        "rss.xml",
        "index.xml",
        "feed.atom",
        "feed.rss",
        "index.rss",
        "rss2.xml",
        "feed/index.xml",
        "feed/atom.xml",
        "feed/rss.xml",
        "atom/index.xml",
        "rss/index.xml",
        "feeds/index.xml",
        "feeds/atom.xml",
        "feeds/rss.xml",
        "blog/feed.xml",
        "blog/atom.xml",
        "blog/rss.xml",
        "source/feed.xml",
        "source/atom.xml",
        "source/rss.xml",
    ],
    layouts: "_layouts",
    is_layout: |name| ["feed", "atom", "rss"].iter().any(|word| name.to_ascii_lowercase().contains(word)),
    read,
};

/// A placeholder, during evaluation, for an id that only the dialect makes.
const DIALECT: &str = "{dialect}";
/// A placeholder, during evaluation, for the normalised path of a page below the base path.
const RELATIVE: &str = "{relative}";
/// The maximum number of values and variables in one expression.
const STEPS: usize = 64;

/// The first template whose id expression is supported, else the first that has one.
fn read(files: &[ConfigFile], site: &SiteSettings) -> Option<FeedTemplate> {
    let templates = || files.iter().filter_map(|file| read_one(file, files, site));
    templates().find(|template| template.ids.is_some()).or_else(|| templates().next())
}

fn read_one(file: &ConfigFile, files: &[ConfigFile], site: &SiteSettings) -> Option<FeedTemplate> {
    let (page, text) = match file.text.strip_prefix("---").and_then(|rest| rest.split_once("\n---")) {
        Some((front, body)) => {
            let front = ConfigFile { text: front.to_owned(), path: "front.yml".to_owned(), ..file.clone() };
            (front.read().unwrap_or_default(), body)
        }
        // Jekyll copies a file without front matter unchanged; a layout needs no front matter.
        None if file.path.starts_with(TEMPLATES.layouts) => (Fields::default(), file.text.as_str()),
        None => return None,
    };
    let layout = page.get("layout").and_then(Value::to_text).unwrap_or_default();
    let is_layout = |other: &&ConfigFile| {
        let name = other.path.strip_prefix("_layouts/").unwrap_or_default();
        !layout.is_empty()
            && (name == layout || name.rsplit_once('.').is_some_and(|(stem, _)| stem == layout))
    };
    let text = uncomment(text);
    let (text, entry) = match find_entry(&text) {
        Some(entry) => (text.clone(), entry.to_owned()),
        None => {
            let layout = uncomment(&files.iter().find(is_layout)?.text);
            let entry = find_entry(&layout)?.to_owned();
            (layout, entry)
        }
    };
    let expression = find_expression(&entry)?.to_owned();
    let template = Template { page: &page, site, text: &text, entry: &entry, steps: Cell::new(STEPS) };
    let ids = template.understand(&expression);
    Some(FeedTemplate { path: file.path.clone(), expression, ids })
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("it is well-formed")
}

/// Removes comments of Liquid and XML.
fn uncomment(text: &str) -> String {
    static COMMENT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?s)<!--.*?-->|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}"));
    COMMENT.replace_all(text, "").into_owned()
}

/// The first `<entry>` or `<item>`.
fn find_entry(text: &str) -> Option<&str> {
    static ENTRY: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?s)<entry[\s>].*?</entry\s*>|<item[\s>].*?</item\s*>"));
    ENTRY.find(text).map(|found| found.as_str())
}

/// The content of an entry's `<id>` or `<guid>`, else its link, by which readers identify it.
fn find_expression(entry: &str) -> Option<&str> {
    static ID: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?s)<(?:id|guid)(?:\s[^>]*)?>(.*?)</(?:id|guid)\s*>"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)<link>(.*?)</link\s*>"));
    let found = ID.captures(entry).or_else(|| LINK.captures(entry));
    let text = found?.get(1)?.as_str().trim();
    let text = text.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>")).unwrap_or(text);
    Some(text.trim())
}

/// A template with the values that its expressions may use.
struct Template<'t> {
    page: &'t Fields,
    site: &'t SiteSettings,
    text: &'t str,
    entry: &'t str,
    steps: Cell<usize>,
}

impl Template<'_> {
    fn understand(&self, expression: &str) -> Option<Ids> {
        let pattern = self.expand(expression)?.replace(&format!("{{site}}{RELATIVE}"), "{permalink}");
        if pattern == DIALECT {
            return Some(Ids::Dialect);
        }
        match Ids::parse(&pattern) {
            // Keywords are valid only in the configuration.
            Ok(Ids::Pattern(pattern)) => Some(Ids::Pattern(pattern)),
            _ => IdPattern::parse(&pattern).ok().map(Ids::Pattern),
        }
    }

    /// Converts text with Liquid outputs to a pattern.
    fn expand(&self, text: &str) -> Option<String> {
        static OUTPUT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)\{\{-?(.*?)-?\}\}"));
        static CHOICE: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"(?s)^\{%-?\s*if\s+(\w+)\.guid\s*-?%\}(.*?)\{%-?\s*else\s*-?%\}(.*?)\{%-?\s*endif\s*-?%\}$",
            )
        });
        // A `guid` in the front matter is always the id.
        if let Some(choice) = CHOICE.captures(text) {
            let is_guid = self.expand(choice[2].trim())? == "{guid}";
            return if is_guid { self.expand(choice[3].trim()) } else { None };
        }
        let mut fits = true;
        let pattern = OUTPUT.replace_all(text, |output: &Captures<'_>| {
            self.evaluate(&output[1]).unwrap_or_else(|| {
                fits = false;
                String::new()
            })
        });
        let literal = OUTPUT.replace_all(text, "");
        let pattern = pattern.replace("&amp;", "&");
        (fits && !literal.contains(['{', '}', '<'])).then_some(pattern)
    }

    /// Evaluates a value with its filters.
    fn evaluate(&self, output: &str) -> Option<String> {
        let mut steps = split_outside_quotes(output, '|').into_iter().map(str::trim);
        let mut value = self.look_up(steps.next()?)?;
        for step in steps {
            let (filter, argument) = step.split_once(':').unwrap_or((step, ""));
            let argument = || self.look_up(argument.trim());
            value = match filter.trim() {
                "xml_escape" | "escape" | "escape_once" | "strip" | "strip_newlines" | "strip_html" => value,
                "prepend" => argument()? + &value,
                "append" => value + &argument()?,
                "default" if value == "{guid}" => argument()?,
                "absolute_url" if value == "{path}" => "{permalink}".to_owned(),
                "absolute_url" if value == "{id}" => DIALECT.to_owned(),
                "relative_url" if value == "{path}" => RELATIVE.to_owned(),
                _ => return None,
            };
        }
        Some(value)
    }

    /// The value of a literal or a variable.
    fn look_up(&self, name: &str) -> Option<String> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        for quote in ['"', '\''] {
            if let Some(text) = name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
                return (!text.contains(['{', '}'])).then(|| text.to_owned());
            }
        }
        let (object, key) = name.split_once('.').unwrap_or((name, ""));
        let post = self.loop_variable();
        match (object, key) {
            (object, "url") if object == post => Some("{path}".to_owned()),
            (object, "id") if object == post => Some("{id}".to_owned()),
            (object, "slug") if object == post => Some("{slug}".to_owned()),
            (object, "guid") if object == post => Some("{guid}".to_owned()),
            ("site", "url") => Some("{site}".to_owned()),
            ("site", "baseurl") => Some("{base}".to_owned()),
            ("site", key) => print(&self.site.values, key),
            ("page", key) if post != "page" => print(self.page, key),
            (name, "") => self.look_up_assigned(name),
            _ => None,
        }
    }

    /// The variable of the last loop that begins before the entry.
    fn loop_variable(&self) -> &str {
        static LOOP: LazyLock<Regex> = LazyLock::new(|| regex(r"\{%-?\s*for\s+(\w+)\s+in\s"));
        let before = self.text.find(self.entry).map_or("", |at| &self.text[..at]);
        LOOP.captures_iter(before).last().and_then(|found| found.get(1)).map_or("post", |name| name.as_str())
    }

    /// The value of a variable that the template assigns or captures exactly once.
    fn look_up_assigned(&self, name: &str) -> Option<String> {
        static ASSIGN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)\{%-?\s*assign\s+(\w+)\s*=(.*?)-?%\}"));
        static CAPTURE: LazyLock<Regex> =
            LazyLock::new(|| regex(r"(?s)\{%-?\s*capture\s+(\w+)\s*-?%\}(.*?)\{%-?\s*endcapture\s*-?%\}"));
        let find = |regex: &'static Regex| {
            let mut found = regex.captures_iter(self.text).filter(|found| &found[1] == name);
            found.next().filter(|_| found.next().is_none())
        };
        if let Some(assigned) = find(&ASSIGN) {
            return self.evaluate(&assigned[2]);
        }
        self.expand(find(&CAPTURE)?[2].trim())
    }
}

/// A value of the site or the page; Liquid prints nothing for a missing value.
fn print(fields: &Fields, key: &str) -> Option<String> {
    if key.contains(['.', '[']) {
        return None;
    }
    match fields.get(key) {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.to_text().filter(|text| !text.contains(['{', '}'])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> ConfigFile {
        ConfigFile { name: path.to_owned(), path: path.to_owned(), text: text.to_owned() }
    }

    fn site() -> SiteSettings {
        let config = file("_config.yml", "url: https://e.org\nhome: https://h.org\nnested: {a: b}\n");
        SiteSettings { values: config.read().expect("it is YAML"), ..SiteSettings::default() }
    }

    fn understand(entry: &str) -> Option<String> {
        let text = format!(
            "---\nhome_url: http://p.org\n---\n{{% assign link = post.url | prepend: site.baseurl %}}\n\
             {{% capture both %}}{{{{ site.url }}}}{{{{ link }}}}{{% endcapture %}}\n\
             {{% for tag in site.tags %}}{{% endfor %}}{{% for post in site.posts limit:10 %}}\n\
             <entry>{entry}</entry>{{% for x in y %}}"
        );
        read(&[file("feed.xml", &text)], &site())?.ids.map(|ids| ids.to_string())
    }

    #[test]
    fn id_expressions_are_evaluated() {
        for (expression, ids) in [
            ("{{ post.id }}", Some("{id}")),
            ("{{ site.url }}{{ post.id }}", Some("{site}{id}")),
            ("{{ site.url }}{{post.url|xml_escape}}", Some("{site}{path}")),
            ("{{ post.url | prepend: site.baseurl | prepend: site.url }}", Some("{site}{base}{path}")),
            ("{{ site.url }}{{ site.baseurl }}{{ post.url }}", Some("{site}{base}{path}")),
            ("{{- site.url -}}{{- post.url -}}", Some("{site}{path}")),
            ("https://www.scala-lang.org{{ post.id }}", Some("https://www.scala-lang.org{id}")),
            ("{{ page.home_url }}{{ post.url }}", Some("http://p.org{path}")),
            ("{{ site.home }}/a&amp;b{{ post.url }}#{{ post.slug }}", Some("https://h.org/a&b{path}#{slug}")),
            ("{{ site.unknown }}{{ post.url }}", Some("{path}")),
            ("{{ '/x' | append: post.url }}", Some("/x{path}")),
            ("<![CDATA[{{ site.url }}{{ post.url }}]]>", Some("{site}{path}")),
            ("{{ post.url | absolute_url }}", Some("permalink")),
            ("{{ site.url }}{{ post.url | relative_url }}", Some("permalink")),
            ("{{ post.id | absolute_url | xml_escape }}", Some("dialect")),
            ("{{ post.guid }}", Some("{guid}")),
            ("{{ post.guid | default: post.id }}", Some("{id}")),
            ("{% if post.guid %}{{ post.guid }}{% else %}{{ both }}{% endif %}", Some("{site}{base}{path}")),
            ("{{ both }}", Some("{site}{base}{path}")),
            ("<!-- {{ post.date }} -->{{ post.id }}", Some("{id}")),
            ("{{ site.url }}", None),
            ("{{ post.date | date: '%Y' }}", None),
            ("tag:e.org,{{ post.date }}:{{ post.url }}", None),
            ("{{ post.url | remove: 'x' }}", None),
            ("{{ post.url | absolute_url | prepend: site.nested }}", None),
            ("{{ site.github.url }}{{ post.url }}", None),
            ("{% if post.link %}{{ post.link }}{% else %}{{ post.url }}{% endif %}", None),
            ("{{ tag.url }}", None),
            ("{{ none }}{{ post.url }}", None),
            ("{{ {{ post.url }}", None),
        ] {
            assert_eq!(
                understand(&format!("<title>{{{{ post.title }}}}</title><id>{expression}</id>")).as_deref(),
                ids,
                "{expression}"
            );
        }
        // RSS
        assert_eq!(understand("<guid isPermaLink=\"false\">{{ post.id }}</guid>").as_deref(), Some("{id}"));
        assert_eq!(understand("<link>{{ site.url }}{{ post.url }}</link>").as_deref(), Some("{site}{path}"));
    }

    #[test]
    fn the_first_supported_template_is_used() {
        let entry = |id: &str| format!("---\n---\n<feed><id>x</id><entry>\n<id>{id}</id></entry></feed>");
        let unclear = file("feed.xml", &entry("{{ post.date }}"));
        let clear = file("atom.xml", &entry("{{ post.id }}"));
        let built =
            file("rss.xml", "<?xml version=\"1.0\"?><rss><item><guid>{{ post.url }}</guid></item></rss>");
        let layout =
            file("_layouts/news_feed.rss", "{% for p in site.posts %}<item><guid>{{ p.url }}</guid></item>");
        let page = file("index.xml", "---\nlayout: news_feed\n---\n");
        let found = |files: &[&ConfigFile]| {
            let files: Vec<ConfigFile> = files.iter().copied().cloned().collect();
            read(&files, &site()).map(|found| (found.path, found.ids.map(|ids| ids.to_string())))
        };
        let some = |path: &str, ids: Option<&str>| Some((path.to_owned(), ids.map(str::to_owned)));
        assert_eq!(found(&[&unclear, &clear]), some("atom.xml", Some("{id}")));
        assert_eq!(found(&[&unclear]), some("feed.xml", None));
        assert_eq!(found(&[&built]), None, "a file without front matter is copied unchanged");
        assert_eq!(found(&[&layout]), some("_layouts/news_feed.rss", Some("{path}")));
        assert_eq!(found(&[&page, &layout]), some("index.xml", Some("{path}")));
    }

    #[test]
    fn recursive_and_long_expressions_are_rejected() {
        let text = "---\n---\n{% assign a = a | append: a %}<entry><id>{{ a }}</id></entry>";
        assert_eq!(read(&[file("feed.xml", text)], &site()).expect("there is one").ids, None);
        let many = "{{ post.url }}".repeat(STEPS + 1);
        assert_eq!(understand(&format!("<id>{many}</id>")), None);
    }
}
