//! The entry of a digest: the entries of its posts, one below the other.

use std::fmt::Write as _;
use std::sync::Arc;

use html_escape::{encode_double_quoted_attribute, encode_text};
use url::Url;

use super::digests::Digest;
use super::entry::{Entry, Times, in_zone};
use super::plan::Feed;
use crate::body::{SUMMARY, shorten};
use crate::catalog::{CalendarPeriod, Snapshot};
use crate::config::{Content, DigestPeriod};
use crate::texts::{Dates, Texts};

/// Combines the entries of the posts of a feed to those of its digests.
pub(super) fn combine(
    snapshot: &Snapshot,
    feed: &Feed,
    digests: &[Digest],
    posts: &[Arc<Entry>],
) -> Vec<Arc<Entry>> {
    let language = feed.language(snapshot).unwrap_or("en");
    let writer = DigestWriter {
        snapshot,
        feed,
        dates: Dates::new(language),
        texts: Texts::in_language(Some(language)),
    };
    let mut rest = posts;
    let parts = digests.iter().map(|digest| {
        let (own, others) = rest.split_at(digest.shown.min(rest.len()));
        rest = others;
        Arc::new(writer.write(digest, own))
    });
    parts.collect()
}

/// Writes digests in the language of their feed.
struct DigestWriter<'a> {
    snapshot: &'a Snapshot,
    feed: &'a Feed,
    dates: Dates,
    texts: Texts,
}

impl DigestWriter<'_> {
    fn write(&self, digest: &Digest, posts: &[Arc<Entry>]) -> Entry {
        let Self { snapshot, feed, .. } = self;
        let zone = snapshot.site.time_zone;
        let published = in_zone(digest.period.end(zone), zone);
        // Only an edit of a post changes it afterwards.
        let edited = posts.iter().map(|post| in_zone(post.times.updated.to_utc(), zone)).max();
        let updated = edited.map_or(published, |edited| edited.max(published));
        let titles: Vec<&str> = posts.iter().map(|post| &*post.title).collect();
        let link = format!("{}{}", snapshot.site.public_url, digest.path(snapshot, &feed.address));
        Entry {
            id: feed.tag(snapshot, &digest.name(snapshot, &feed.address)).into(),
            title: format!("{}: {}", feed.title, self.name(digest.period)).into(),
            times: Times { published, updated },
            authors: Vec::new(),
            categories: Vec::new(),
            summary: shorten(&titles.join(" · "), SUMMARY).into(),
            html: self.write_html(digest, posts, &link).into(),
            markdown: None,
            language: None,
            original: None,
            origin: None,
            image: None,
            enclosure: None,
            link: link.into(),
        }
    }

    /// The name of a period: `24 November 2026`, `23 November 2026 – 29 November 2026`, `November 2026`.
    fn name(&self, period: CalendarPeriod) -> String {
        match period.length() {
            DigestPeriod::Day => self.dates.date(period.first()),
            DigestPeriod::Week => {
                format!("{} – {}", self.dates.date(period.first()), self.dates.date(period.last()))
            }
            DigestPeriod::Month => self.dates.month(period.first()),
        }
    }

    fn write_html(&self, digest: &Digest, posts: &[Arc<Entry>], link: &str) -> String {
        let mut html = String::new();
        for post in posts {
            self.write_post(&mut html, post);
        }
        let shown = self.texts.number(digest.total);
        let text = self.texts.fill("digest-posts", &[("shown", &shown)]);
        push_link(&mut html, link, &text, ("<p>", "</p>"));
        html
    }

    fn write_post(&self, html: &mut String, post: &Entry) {
        match &post.language {
            Some(language) => {
                let language = encode_double_quoted_attribute(&**language);
                let _ = write!(html, "<div lang=\"{language}\" dir=\"auto\">");
            }
            None => html.push_str("<div>"),
        }
        push_link(html, &post.link, &post.title, ("<h2>", "</h2>"));
        html.push_str("<p>");
        if let Some((original, name)) = name_origin(post) {
            push_link(html, original, &name, ("", " · "));
        }
        let _ = write!(html, "{}</p>", encode_text(&self.dates.day(post.times.published)));
        match self.feed.settings.content {
            Content::Full if !post.html.is_empty() => html.push_str(&post.html),
            Content::Full | Content::Summary if !post.summary.is_empty() => {
                let _ = write!(html, "<p>{}</p>", encode_text(&*post.summary));
            }
            Content::Full | Content::Summary | Content::None => {}
        }
        html.push_str("</div>");
    }
}

/// The URL of the original of a post, and the publication in which it appeared: by its name, else by its host.
fn name_origin(post: &Entry) -> Option<(&str, String)> {
    let original = post.original.as_deref()?;
    let named = post.origin.as_ref().map(|origin| origin.name.to_string());
    let host = || Some(Url::parse(original).ok()?.host_str()?.trim_start_matches("www.").to_owned());
    Some((original, named.or_else(host)?))
}

fn push_link(html: &mut String, url: &str, text: &str, (before, after): (&str, &str)) {
    let (url, text) = (encode_double_quoted_attribute(url), encode_text(text));
    let _ = write!(html, "{before}<a href=\"{url}\">{text}</a>{after}");
}
