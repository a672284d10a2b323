//! `[site]`: what all feeds say about the site that they come from.

use chrono_tz::Tz;

use super::language::Language;
use super::reader::{At, FromToml, Table};
use super::schema;
use super::values::BaseUrl;
use super::web_url::WebUrl;

/// `[site]`. A value that is `None` may come from the site's own configuration, else from a default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Site {
    /// Title of the main feed. Only zero-config mode leaves it out.
    pub title: Option<String>,
    /// The URL of the site's pages.
    pub url: Option<BaseUrl>,
    /// Subtitle of the main feed.
    pub description: Option<String>,
    /// The language, a BCP 47 tag.
    pub language: Option<String>,
    /// Time zone in which dates without an offset are read.
    pub time_zone: Option<Tz>,
    /// Author of entries that name none.
    pub author: Option<Author>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// The URL of the license of the feeds.
    pub license: Option<String>,
    /// Small square image, relative to `url`.
    pub icon: Option<String>,
    /// Large image, relative to `url`.
    pub logo: Option<String>,
}

/// A person or organisation that writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Author {
    /// Name as shown.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// URL of a page about the author.
    pub url: Option<String>,
}

pub(super) fn read(at: At<'_>) -> Option<Site> {
    let mut table = at.table()?;
    let site = Site {
        title: table.read("title", schema::filled_text, String::read),
        url: table.get::<BaseUrl>("url"),
        description: table.get("description"),
        language: table.get::<Language>("language").map(|l| l.0),
        time_zone: table.get("time_zone"),
        author: table.table("author", read_author),
        copyright: table.get("copyright"),
        license: table.get("license").map(|url: WebUrl| url.0),
        icon: table.get("icon"),
        logo: table.get("logo"),
    };
    if !table.requires("title") {
        at.error::<()>("needs a title. Write title = \"The name of your site\".");
    } else if site.title.as_deref().is_some_and(|t| t.trim().is_empty()) {
        table.read("title", schema::text, |at| {
            at.error::<()>("is empty. Write title = \"The name of your site\".")
        });
    }
    table.refuse_unknown();
    Some(site)
}

fn read_author(at: At<'_>) -> Option<Author> {
    if let Some(name) = at.value.get_ref().as_str() {
        return at.error(format!("is a string. Write a table: author = {{ name = {name:?} }}."));
    }
    let mut table: Table<'_> = at.table()?;
    let name = table.get("name");
    let author = Author { name: name.unwrap_or_default(), email: table.get("email"), url: table.get("url") };
    if !table.requires("name") {
        at.error::<()>("needs a name. Write { name = \"…\" }.");
    }
    table.refuse_unknown();
    Some(author)
}
