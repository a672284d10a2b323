//! Obsidian's wikilinks, embeds, highlights, comments, callouts and block ids.

use super::args::Args;
use super::html::{image, link};
use super::scanner::Scan;
use super::{Output, Reference};

/// The maximum length of a link, in bytes.
const LONGEST: usize = 1024;

/// Extensions of pictures that are shown in place.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp"];

/// The maximum length of a block id, in bytes.
const LONGEST_ID: usize = 100;

/// Translates a body.
pub(super) fn translate(text: &str, out: &mut Output<'_>) {
    walk(text, out, true);
}

/// Translates a body, or the title of a callout, in which no other callout begins.
fn walk(text: &str, out: &mut Output<'_>, takes_callouts: bool) {
    let mut scan = Scan::new(text, out.markdown, out.budget);
    while let Some(trigger) =
        scan.find(&["![[", "[[", "](", "==", "%%", "[!", "^"], &mut out.text, str::to_owned)
    {
        let rest = scan.rest();
        let taken = match trigger {
            "![[" => take_link(&rest[1..]).map(|(inner, length)| {
                put_embed(inner, out);
                length + 1
            }),
            "[[" => take_link(rest).map(|(inner, length)| {
                put_link(inner, out);
                length
            }),
            "](" => take_path(rest, out),
            "==" | "%%" if is_in_url(&scan) => None,
            "==" => take_between(rest, "==").map(|(inner, length)| {
                out.text.extend(["<mark>", inner, "</mark>"]);
                length
            }),
            "%%" => rest[2..].find("%%").filter(|end| *end < 64 << 10).map(|end| end + 4),
            "[!" if takes_callouts => take_callout(&scan, out),
            "[!" => None,
            _ => take_block_id(&scan),
        };
        match taken {
            Some(length) => scan.at += length,
            None => {
                out.text.push_str(trigger);
                scan.at += trigger.len();
            }
        }
    }
}

/// Returns true if the position is in a URL or in a tag, where delimiters have no meaning.
fn is_in_url(scan: &Scan<'_>) -> bool {
    let line = scan.line_before(256);
    let is_open =
        |open: &str, close: char| line.rfind(open).is_some_and(|at| !line[at + open.len()..].contains(close));
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    is_open("](", ')') || is_open("<", '>') || word.contains("://")
}

/// Returns the content of `[[…]]` and its length with the brackets. A link does not cross lines.
fn take_link(text: &str) -> Option<(&str, usize)> {
    let near = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    let end = text[..near].find("]]")?;
    let inner = text[2..end].trim();
    (!inner.is_empty() && !inner.contains(['\n', '['])).then_some((inner, end + 2))
}

/// Returns the text between two delimiters on one line, without spaces at its ends, and its length with the
/// delimiters.
fn take_between<'t>(text: &'t str, mark: &str) -> Option<(&'t str, usize)> {
    let near = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    let end = mark.len() + text[mark.len()..near].find(mark)?;
    let inner = &text[mark.len()..end];
    let is_sound =
        !inner.is_empty() && inner.trim() == inner && !inner.contains('\n') && !inner.starts_with('=');
    is_sound.then_some((inner, end + mark.len()))
}

/// Splits `Note`, `Note#Heading` or `folder/Note#^block|shown` into the note, the place in it, and the text that is
/// shown.
fn split_link(inner: &str) -> (&str, &str, Option<&str>) {
    // In a table the bar is escaped.
    let (target, shown) = match inner.split_once("\\|").or_else(|| inner.split_once('|')) {
        Some((target, shown)) => (target.trim(), Some(shown.trim())),
        None => (inner, None),
    };
    let end = target.find(['#', '^']).unwrap_or(target.len());
    (target[..end].trim(), &target[end..], shown.filter(|shown| !shown.is_empty()))
}

fn put_link(inner: &str, out: &mut Output<'_>) {
    let (note, place, shown) = split_link(inner);
    let usual = if place.is_empty() || note.is_empty() {
        inner.trim_start_matches('#').to_owned()
    } else {
        format!("{note} > {}", place.trim_start_matches(['#', '^']))
    };
    let shown = shown.unwrap_or(&usual);
    if note.is_empty() {
        out.text.push_str(&html_escape::encode_text(shown));
        return;
    }
    match out.page(Reference::Name(note)) {
        Some(target) => out.text.push_str(&link(&target.address, shown)),
        // A note that is not published, or not yet written, is shown as its name.
        None => out.text.push_str(&html_escape::encode_text(shown)),
    }
}

/// Takes `](note.md#part)`: a note by its file, in a Markdown link.
fn take_path(text: &str, out: &mut Output<'_>) -> Option<usize> {
    let near = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    let end = text[..near].find(')')?;
    let written = text[2..end].trim_start_matches('<');
    let (written, behind) = written.find(['>', '"']).map_or((written, ""), |at| written.split_at(at));
    let (path, place) =
        written.trim_end().find('#').map_or((written.trim_end(), ""), |at| written.split_at(at));
    let is_note = path.strip_suffix(".md").is_some() && !path.contains("://");
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok().filter(|_| is_note)?;
    let target = out.page(Reference::Name(&decoded))?;
    let title = behind.trim_start_matches('>').trim();
    let space = if title.is_empty() { "" } else { " " };
    out.text.extend(["](", &target.address, place.trim_end(), space, title, ")"]);
    Some(end + 1)
}

fn put_embed(inner: &str, out: &mut Output<'_>) {
    let (note, _, shown) = split_link(inner);
    let extension = note.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    let kind = match &*extension {
        end if PICTURES.contains(&end) => "img",
        "mp3" | "ogg" | "wav" | "m4a" | "flac" | "3gp" => "audio",
        "mp4" | "webm" | "ogv" | "mov" | "mkv" => "video",
        "pdf" => "link",
        _ => return put_link(inner, out),
    };
    let source = find_file(note, out);
    if kind != "img" {
        let html = match kind {
            "link" => link(&source, shown.unwrap_or(note)),
            _ => format!("<{kind} src=\"{source}\" controls></{kind}>"),
        };
        out.text.push_str(&html);
        return;
    }
    let mut size = Args::default();
    // `alt|300x200`: the size is last.
    let is_size = |text: &&str| text.split('x').all(|part| part.parse::<u32>().is_ok());
    let parts: Vec<&str> = shown.into_iter().flat_map(|shown| shown.split('|')).map(str::trim).collect();
    let (alt, sized) = match parts.split_last() {
        Some((last, alt)) if is_size(last) => (alt, *last),
        _ => (&parts[..], ""),
    };
    for (name, part) in ["width", "height"].iter().zip(sized.split('x').filter(|part| !part.is_empty())) {
        size.named.push(((*name).to_owned(), part.to_owned()));
    }
    out.text.push_str(&image(&source, &alt.join("|"), &size));
}

/// Returns the URL of a file of the vault. A file without a folder is in the folder of attachments.
fn find_file(name: &str, out: &Output<'_>) -> String {
    if name.contains("://") {
        return name.to_owned();
    }
    let value = |name: &str| out.value(name).unwrap_or_default();
    let kept = value("site.attachmentfolderpath");
    let folder = match kept.strip_prefix("./") {
        Some(below) => format!("{}/{below}", value("page.folder")),
        None => kept,
    };
    let path = if name.starts_with("./") || name.starts_with("../") {
        format!("{}/{name}", value("page.folder"))
    } else if name.contains('/') {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    };
    let path = percent_encoding::utf8_percent_encode(path.trim_matches('/'), PATH).to_string();
    format!(
        "{}{}/{}",
        value("site.url"),
        value("site.baseurl"),
        path.trim_start_matches('/').replace("//", "/")
    )
}

/// The characters of a path that are escaped in a URL.
const PATH: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'?').add(b'#').add(b'%');

/// Takes `> [!note]- Title`, which begins a quotation: its title becomes a line of its own.
fn take_callout(scan: &Scan<'_>, out: &mut Output<'_>) -> Option<usize> {
    let before = scan.text.as_bytes()[..scan.at].iter().rev();
    let is_mark = |b: &&u8| matches!(b, b' ' | b'>' | b'\t' | b'-' | b'*' | b'+');
    let quotes = before.take_while(is_mark).take(64).count();
    let line = &scan.text[scan.at - quotes..scan.at];
    let begins = scan.at == quotes || scan.text.as_bytes()[scan.at - quotes - 1] == b'\n';
    if !begins || !line.contains('>') {
        return None;
    }
    let rest = scan.rest();
    let near = (0..=rest.len().min(LONGEST)).rev().find(|end| rest.is_char_boundary(*end))?;
    let end = rest[..near].find(']')?;
    let kind = &rest[2..end];
    if kind.is_empty() || !kind.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '|' | ' ')) {
        return None;
    }
    let behind = rest[end + 1..].split('\n').next().unwrap_or_default();
    let title = behind.trim_start_matches(['-', '+']).trim();
    let kind = kind.split('|').next().unwrap_or(kind);
    let mut letters = kind.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let usual: String = first.chain(letters.as_str().replace('-', " ").chars()).collect();
    out.text.push_str("**");
    match title {
        "" => out.text.push_str(&usual),
        // A title that begins another quotation is not translated.
        title if title.starts_with('>') => out.text.push_str(title),
        title => walk(title, out, false),
    }
    // On the next line, list marks would begin another item.
    out.text.extend(["**\n", &line.replace(['-', '*', '+'], " ")]);
    Some(end + 1 + behind.len())
}

/// Takes ` ^id` at the end of a line, which names the block.
fn take_block_id(scan: &Scan<'_>) -> Option<usize> {
    let before = scan.text.as_bytes()[..scan.at].last();
    if !before.is_none_or(|b| matches!(b, b' ' | b'\n')) {
        return None;
    }
    let behind = &scan.rest().as_bytes()[1..];
    let is_id = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'-';
    let id = behind.iter().take(LONGEST_ID).take_while(is_id).count();
    let blanks = behind[id..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    let ends_line = behind.get(id + blanks).is_none_or(|b| *b == b'\n');
    (id > 0 && id < LONGEST_ID && ends_line).then_some(1 + id + blanks)
}
