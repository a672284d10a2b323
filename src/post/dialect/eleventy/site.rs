//! The plain values of Eleventy's configuration and data files. Nothing is executed.

use regex::Regex;

use super::Source;
use crate::config::{Problem, position};
use crate::post::config_file::ConfigFile;
use crate::post::defaults::{Defaults, Scope};
use crate::post::dialect::Configured;
use crate::post::file_path::{has_extension, tidy};
use crate::post::js_literal;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{Data, SiteSettings};
use crate::post::value::{Fields, Value};

/// Eleventy, with the settings that only it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Eleventy {
    /// The possible names of the feed's collection.
    pub(super) collections: Vec<String>,
    /// Patterns of the paths whose templates are in the collection.
    pub(super) globs: Option<Scope>,
    /// True if the site has an Eleventy configuration file.
    pub(super) is_configured: bool,
}

impl Default for Eleventy {
    fn default() -> Self {
        Self { collections: COLLECTIONS.map(str::to_owned).to_vec(), globs: None, is_configured: false }
    }
}

/// The default names of the collection of posts.
const COLLECTIONS: [&str; 2] = ["posts", "post"];

impl Eleventy {
    /// Returns true if a template must be tagged to be a post: if the source is a whole site, or if directory data
    /// adds the tag. In a folder below a site, or without a site, every template is a post.
    pub(super) fn needs_tag(&self, source: Source<'_>, path: &str) -> bool {
        let content = source.site.content.as_deref().unwrap_or_default();
        let is_whole = self.is_configured
            && (source.folder == source.root.join(content) || source.folder == source.root);
        let tags = |defaults: &Defaults| {
            let tags = defaults.values.get("tags").map(super::metadata::read_list).unwrap_or_default();
            tags.iter().any(|tag| self.collections.iter().any(|name| tag.as_str() == Some(name)))
        };
        if self.globs.as_ref().is_some_and(|globs| globs.covers(path)) {
            return false;
        }
        is_whole || source.site.defaults.iter().any(|defaults| defaults.reach.covers(path) && tags(defaults))
    }
}

/// The object literal after a name in code: `metadata = { … }`, `dir: { … }`.
fn find_object(text: &str, name: &str) -> Option<Fields> {
    let before = Regex::new(&format!(r"\b{name}\s*[:=]\s*\{{")).ok()?;
    let objects = before.find_iter(text).filter_map(|found| js_literal::read(&text[found.end() - 1..]).ok());
    objects.into_iter().find_map(|value| if let Value::Map(fields) = value { Some(fields) } else { None })
}

/// The string literal after a pattern in code.
fn find_text(text: &str, before: &str) -> Option<String> {
    let before = Regex::new(&format!(r#"\b{before}\s*["']([^"'\n]*)["']"#)).ok()?;
    Some(before.captures(text)?[1].to_owned())
}

/// The plain values of the object that a module exports, and the keys whose values are code.
fn read_exports(text: &str) -> Result<(Fields, Vec<String>), js_literal::Refusal> {
    let starts = ["export default", "module.exports ="];
    let Some(at) = starts.iter().find_map(|start| Some(text.find(start)? + start.len())) else {
        return Err((0, "it exports nothing".to_owned()));
    };
    js_literal::read_plain(&text[at..]).map_err(|(offset, why)| (at + offset, why))
}

/// Reads the plain values of the configuration that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let configuration =
        files.iter().find(|file| !file.path.contains("_data/") && !file.path.ends_with("ignore"));
    let code = configuration.map_or("", |file| &file.text);
    // Code that is commented out is ignored.
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = drop_comments(code);
    let code = &*code.split_inclusive('\n').filter(is_code).collect::<String>();
    let data = files.iter().filter(|file| file.path.contains("_data/"));
    let data = data.filter_map(|file| {
        if has_extension(&file.path, &["json"]) {
            file.read().ok()
        } else {
            read_exports(&file.text).ok().map(|(fields, _)| fields)
        }
    });
    let mut metadata = find_object(code, "metadata").unwrap_or_default();
    for fields in data {
        metadata.fill(&fields);
    }
    let dir = find_object(code, "dir").unwrap_or_default();
    let folder = |key: &str| dir.get(key).and_then(Value::to_text);
    let input = folder("input").or_else(|| find_text(code, r"setInputDirectory\("));
    let input = input.map(|input| tidy(&input)).unwrap_or_default();
    let output = folder("output").or_else(|| find_text(code, r"setOutputDirectory\("));
    let below_input = |key: &str| Some(tidy(&format!("{input}/{}", folder(key)?)));
    let prefix = find_text(code, "pathPrefix:").map(|prefix| tidy(&prefix)).unwrap_or_default();

    let mut reader = SettingsReader::new(files, &metadata, Vec::new());
    let base = ["base", "url", "siteUrl", "siteURL"].iter().find_map(|key| reader.text(key));
    let url = base.map(|base| match prefix.as_str() {
        "" => base,
        prefix => format!("{}/{prefix}/", base.trim_end_matches('/')),
    });
    let exclude = [
        output.map(|output| tidy(&output)),
        below_input("includes"),
        below_input("data"),
        below_input("layouts"),
    ];
    let ignored: Vec<String> = files.iter().flat_map(read_ignored).chain(find_ignores(code)).collect();
    let collection = find_text(code, r"collection\s*:\s*\{\s*name\s*:");
    let collections = collection.map_or_else(|| COLLECTIONS.map(str::to_owned).to_vec(), |name| vec![name]);
    let eleventy = Eleventy {
        globs: find_globs(code, &collections),
        collections,
        is_configured: configuration.is_some(),
    };
    let settings = SiteSettings {
        title: reader.text("title"),
        description: reader.text("subtitle").or_else(|| reader.text("description")),
        url: url.and_then(|url| reader.base_url("base", &url)),
        language: reader.language("language"),
        author: reader.author("author"),
        limit: find_limit(code),
        exclude: exclude.into_iter().flatten().filter(|folder| !folder.is_empty()).chain(ignored).collect(),
        content: Some(input),
        ..SiteSettings::default()
    };
    Configured::new(settings, eleventy, reader)
}

/// Removes `/* … */` comments that begin at the start of a line or after white space: in a path pattern
/// the same characters are not a comment.
fn drop_comments(code: &str) -> String {
    Regex::new(r"(?s)(^|\s)/\*.*?\*/")
        .map_or_else(|_| code.to_owned(), |re| re.replace_all(code, "$1").into_owned())
}

/// `addCollection("posts", …getFilteredByGlob("src/posts/*.md"))`: patterns of the paths in a collection,
/// regardless of tags.
fn find_globs(code: &str, collections: &[String]) -> Option<Scope> {
    let call = Regex::new(r#"addCollection\(\s*["']([^"'\n]+)["']"#).ok()?;
    let globs = Regex::new(r#"getFilteredByGlob\(\s*(\[[^\]]*\]|["'][^"'\n]*["'])"#).ok()?;
    let text = Regex::new(r#"["']([^"'\n]*)["']"#).ok()?;
    let starts: Vec<(usize, String)> = call
        .captures_iter(code)
        .filter_map(|found| Some((found.get(0)?.end(), found[1].to_owned())))
        .collect();
    let mut patterns = Vec::new();
    for (place, (start, _)) in starts.iter().enumerate().filter(|(_, (_, name))| collections.contains(name)) {
        let end = starts.get(place + 1).map_or(code.len(), |(next, _)| *next);
        let found = globs.captures_iter(&code[*start..end]);
        patterns.extend(found.flat_map(|found| {
            let list = found[1].to_owned();
            text.captures_iter(&list).map(|glob| tidy(&glob[1])).collect::<Vec<_>>()
        }));
    }
    if patterns.is_empty() { None } else { Scope::matching(&patterns).ok() }
}

/// `.eleventyignore` and `.gitignore`: the lines as patterns below the root.
fn read_ignored(file: &ConfigFile) -> Vec<String> {
    if !file.path.ends_with("ignore") {
        return Vec::new();
    }
    let lines =
        file.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '!']));
    let patterns = lines.flat_map(|line| {
        let anchored = line.trim_end_matches('/').contains('/');
        let bare = line.trim_matches('/').trim_start_matches("./").to_owned();
        // A pattern without a `/` applies to every folder.
        let anywhere = (!anchored).then(|| format!("**/{bare}"));
        [Some(bare), anywhere]
    });
    patterns.flatten().collect()
}

/// `ignores.add("…")`
fn find_ignores(code: &str) -> Vec<String> {
    let Ok(call) = Regex::new(r#"ignores\.add\(\s*["']([^"'\n]+)["']"#) else { return Vec::new() };
    call.captures_iter(code).map(|found| tidy(&found[1])).collect()
}

/// The limit next to the collection's name; 0 means all.
fn find_limit(code: &str) -> Option<usize> {
    let limit = Regex::new(r"collection\s*:\s*\{[^}]*\blimit\s*:\s*([0-9]+)").ok()?;
    let limit: usize = limit.captures(code)?[1].parse().ok()?;
    Some(if limit == 0 { usize::MAX } else { limit })
}

/// Data of folders and templates: `posts/posts.11tydata.json`, `posts/posts.json`, `x.11tydata.js`.
pub(super) fn is_data(path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let own = folder.rsplit('/').next().unwrap_or_default();
    let kinds = [".11tydata.json", ".11tydata.js", ".11tydata.mjs", ".11tydata.cjs"];
    kinds.iter().any(|kind| file.ends_with(kind))
        || (!own.is_empty() && file.strip_suffix(".json") == Some(own))
}

/// Reads a data file: for its folder if it has the folder's name, else for the template of the same name.
pub(super) fn read_data(file: &ConfigFile) -> Result<Data, Problem> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let stem = name.split(".11tydata.").next().unwrap_or(name).trim_end_matches(".json");
    let report = |at: usize, why: String| {
        let advice =
            "Only plain values are read from this file: write the value here, or in the posts' front matter.";
        Problem::warning(&file.name, format!("{why}. {advice}")).at(position(&file.text, at))
    };
    let mut problem = None;
    let values = if has_extension(&file.path, &["json"]) {
        file.read()?
    } else {
        let (values, code) = read_exports(&file.text).map_err(|(at, why)| report(at, why))?;
        // Only keys that determine posts are reported; a layout is not needed.
        let needed = code.iter().find(|key| ["permalink", "tags", "date", "draft"].contains(&key.as_str()));
        problem = needed
            .map(|key| report(file.text.find(key).unwrap_or_default(), format!("`{key}` is code here")));
        values
    };
    let of = |path: String| Defaults::new(Scope::Below(path), values.clone());
    if folder.rsplit('/').next() == Some(stem) {
        return Ok(Data { defaults: vec![of(folder.to_owned())], section: None, problem });
    }
    let template =
        |extension: &&str| of(format!("{}{stem}.{extension}", &file.path[..file.path.len() - name.len()]));
    Ok(Data { defaults: super::EXTENSIONS.iter().map(template).collect(), section: None, problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::dialect::Dialect;

    const CODE: &str = r#"
import pluginNavigation from "@11ty/eleventy-navigation";
export default async function(eleventyConfig) {
    eleventyConfig.addPreprocessor("drafts", "*", (data, content) => {
        if (data.draft) { data.title = `${data.title} (draft)`; }
    });
    eleventyConfig.addPlugin(feedPlugin, {
        type: "atom", // or "rss", "json"
        outputPath: "/feed/feed.xml",
        collection: {
            name: "articles",
            limit: 10,
        },
        metadata: {
            language: "en",
            title: "Blog Title",
            subtitle: "This is a longer description about your blog.",
            base: "https://example.com/",
            author: {
                name: "Your Name"
            }
        }
    });
}
export const config = {
    templateFormats: ["md", "njk"],
    // pathPrefix: "/not/",
    dir: {
        input: "content",          // default: "."
        includes: "../_includes",  // default: "_includes" (`input` relative)
        data: "../_data",
        output: "_site"
    },
};
"#;

    #[test]
    fn plain_values_of_a_configuration_in_code_are_read() {
        let file = |path: &str, text: &str| ConfigFile {
            name: path.to_owned(),
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let data = "export default {\n\tdescription: `D`,\n\turl: \"https://other.example\",\n};\n";
        let Configured { settings, dialect, problems } =
            read(&[file("eleventy.config.js", CODE), file("_data/metadata.js", data)]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(settings.title.as_deref(), Some("Blog Title"));
        assert_eq!(settings.url.map(|url| url.to_string()).as_deref(), Some("https://example.com"));
        assert_eq!(settings.author.map(|author| author.name).as_deref(), Some("Your Name"));
        assert_eq!((settings.limit, settings.content.as_deref()), (Some(10), Some("content")));
        let collections = vec!["articles".to_owned()];
        let expected = Eleventy { collections, globs: None, is_configured: true };
        assert_eq!(dialect.as_deref(), Some(&expected as &dyn Dialect));
        assert_eq!(settings.exclude, ["_site", "_includes", "_data"]);
    }

    #[test]
    fn computed_values_are_ignored() {
        let text = "module.exports = function (config) { const metadata = { base: process.env.URL }; return { dir: { input: src } } }";
        let file = ConfigFile {
            name: ".eleventy.js".to_owned(),
            path: ".eleventy.js".to_owned(),
            text: text.to_owned(),
        };
        let Configured { settings, problems, .. } = read(&[file]);
        assert!(problems.is_empty() && settings.url.is_none());
        assert_eq!(settings.content.as_deref(), Some(""));
    }
}
