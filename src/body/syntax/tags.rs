//! Tags that Jekyll's plugins, Hexo and Eleventy have in common, by name.

use super::args::Args;
use super::html::{code, embed, figure_of, find_provider, image, link};
use super::{Output, Reference, UNKNOWN};
use crate::body::dialect_syntax::Templates;

/// Tags whose content is code and is not parsed.
const CODE: [&str; 4] = ["highlight", "codeblock", "code", "code_block"];

/// Returns true if the content of a tag is code.
pub(super) fn is_code(name: &str) -> bool {
    CODE.contains(&name)
}

/// `{% codeblock [title] [lang:x] [url] [link text] %}`, `{% highlight x linenos %}`.
pub(super) fn make_code(name: &str, args: &str, inner: &str) -> String {
    if name == "highlight" {
        let language = args.split([' ', ',']).next().map(|word| word.trim_matches(['"', '\'']));
        return code(language, inner, None);
    }
    let args = Args::parse(args);
    let url = args.words.iter().position(|word| word.contains("://"));
    let (title, behind) = args.words.split_at(url.unwrap_or(args.words.len()));
    let mut caption = html_escape::encode_text(&title.join(" ")).into_owned();
    if let Some((url, shown)) = behind.split_first() {
        let shown = if shown.is_empty() { url.clone() } else { shown.join(" ") };
        if !caption.is_empty() {
            caption.push(' ');
        }
        caption.push_str(&link(url, &shown));
    }
    code(args.get(&["lang"]), inner, Some(&caption))
}

/// Returns the HTML of a tag without content; `None`: the tag is unknown.
pub(super) fn make(
    name: &str,
    written: &str,
    args: &Args,
    templates: Templates,
    out: &mut Output<'_>,
) -> Option<String> {
    if let Some(template) = out.resolve.shortcode(name) {
        return Some(super::fill_shortcode(template, args, ""));
    }
    match name {
        "link" if templates == Templates::Liquid => Some(find(Reference::File(written.trim()), written, out)),
        "post_url" => Some(find(Reference::Post(written.trim()), written, out)),
        "post_path" => Some(find(Reference::Post(args.word(0)?), args.word(0)?, out)),
        "post_link" => {
            let slug = args.word(0)?;
            let title = args.words[1..].iter().filter(|word| !matches!(word.as_str(), "true" | "false"));
            let title = title.cloned().collect::<Vec<_>>().join(" ");
            let Some(target) = out.page(Reference::Post(slug)) else {
                out.record_unknown(&format!("post_link {slug}"));
                return Some(html_escape::encode_text(&title).into_owned());
            };
            Some(link(&target.address, if title.is_empty() { &target.title } else { &title }))
        }
        "link" => {
            let place = args.words.iter().position(|word| word.contains("//"))?;
            let shown = args.words[..place].join(" ");
            Some(link(&args.words[place], if shown.is_empty() { &args.words[place] } else { &shown }))
        }
        "asset_path" => Some(find_asset(args.word(0)?, out)),
        "asset_link" => {
            let words = args.words[1..].iter().filter(|word| !matches!(word.as_str(), "true" | "false"));
            let shown = words.cloned().collect::<Vec<_>>().join(" ");
            Some(link(&find_asset(args.word(0)?, out), if shown.is_empty() { args.word(0)? } else { &shown }))
        }
        "asset_img" => make_image(args, &|source| find_asset(source, out)),
        "img" | "image" => make_image(args, &str::to_owned),
        "iframe" => Some(embed("Embed", args.word(0)?)),
        "include" | "include_relative" | "include_cached" => make_include(args, out),
        "audio" | "video" => {
            let source = args.get_or_first(&["src", "url"])?;
            let source = html_escape::encode_double_quoted_attribute(source);
            Some(format!("<{name} src=\"{source}\" controls></{name}>"))
        }
        _ => {
            let id = args.get_or_first(&["id", "url"])?;
            if id.starts_with("https://") || id.starts_with("http://") {
                let (provider, _) = find_provider(name, "")?;
                return Some(embed(provider, id));
            }
            let (provider, url) = find_provider(name, id)?;
            Some(embed(provider, &url))
        }
    }
}

/// Returns the URL of a file in a post's own folder (`hexo 7.3 PostAsset`): next to the page, or below it.
fn find_asset(name: &str, out: &Output<'_>) -> String {
    let page = out.value("page.permalink");
    let folder = page.as_deref().and_then(|page| page.strip_suffix(".html").or(page.strip_suffix(".htm")));
    folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
}

fn find(reference: Reference<'_>, written: &str, out: &mut Output<'_>) -> String {
    match out.page(reference) {
        Some(target) => {
            drop_base(out);
            target.address
        }
        None => {
            out.record_unknown(written.trim());
            UNKNOWN.to_owned()
        }
    }
}

/// Removes the site's URL before a reference, as written for Jekyll before version 4: references are absolute now.
fn drop_base(out: &mut Output<'_>) {
    for name in ["site.baseurl", "site.url"] {
        let text = out.text.strip_suffix('/').unwrap_or(&out.text);
        let base = out.value(name).filter(|base| !base.is_empty() && text.ends_with(base));
        if let Some(base) = base {
            out.text.truncate(text.len() - base.len());
        }
    }
}

/// `{% img [class names] /path/to/image [width] [height] '"title text" "alt text"' %}`, or a figure with named
/// arguments.
fn make_image(args: &Args, find: &dyn Fn(&str) -> String) -> Option<String> {
    if let Some(figure) = figure_of(args) {
        return Some(figure);
    }
    let is_picture = |word: &&String| word.contains('/') || word.contains('.');
    let place = args.words.iter().position(|word| is_picture(&word)).unwrap_or_default();
    let source = args.words.get(place)?;
    let mut sized = Args::default();
    let mut said = Vec::new();
    for word in &args.words[place + 1..] {
        if word.trim_end_matches("px").parse::<u32>().is_ok() {
            let name = if sized.named.is_empty() { "width" } else { "height" };
            sized.named.push((name.to_owned(), word.clone()));
        } else {
            said.push(word.as_str());
        }
    }
    // The last word of Eleventy's own image tag is the width.
    let said = if said.len() > 1 && said.last().is_some_and(|last| last.ends_with("vw")) {
        said[..said.len() - 1].join(" ")
    } else {
        said.join(" ")
    };
    // Octopress writes title and alternative text as one word, each in its own quotes.
    let alt = said.trim_matches(['"', '\'', ' ']).rsplit("\" \"").next().unwrap_or_default();
    Some(image(&find(source), alt, &sized))
}

/// Returns the HTML of an include. Includes are the site's own: only figures and videos are recognised, by their
/// names.
fn make_include(args: &Args, out: &mut Output<'_>) -> Option<String> {
    let file = args.word(0)?;
    if let Some(template) = out.resolve.shortcode(file) {
        return Some(super::fill_shortcode(template, args, ""));
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let is_picture = ["figure", "image", "img", "picture", "photo"].iter().any(|kind| name.contains(kind));
    if is_picture && let Some(figure) = figure_of(args) {
        return Some(figure);
    }
    let id = args.get(&["id", "video_id", "youtube_id", "youtubeid", "vimeo_id"])?;
    let provider = args.get(&["provider"]).unwrap_or(&name).to_ascii_lowercase();
    let known = ["youtube", "vimeo", "gist", "spotify", "bilibili", "codepen", "tweet", "twitter"];
    let provider = known.iter().find(|known| provider.contains(**known))?;
    let (name, url) = find_provider(provider, id)?;
    Some(embed(name, &url))
}
