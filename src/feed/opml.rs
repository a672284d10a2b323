//! OPML 2.0: the list of all feeds, for readers that import many at once.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::address::{Address, Place};
use super::group::Group;
use super::title::make_title;
use super::xml_text::XmlText;
use crate::catalog::Snapshot;

/// Writes the list of all feeds, each once, in its preferred format.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn write_opml(snapshot: &Snapshot) -> std::io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    xml.create_element("head").write_inner_content(|xml| {
        let title = XmlText::from(&*snapshot.site.title);
        xml.create_element("title").write_text_content(BytesText::new(&title))?;
        Ok(())
    })?;
    xml.write_event(Event::Start(BytesStart::new("body")))?;
    write_feed(snapshot, Place::All, &mut xml)?;
    for group in Group::list(snapshot) {
        let places = group.places(snapshot);
        if places.is_empty() {
            continue;
        }
        let name = XmlText::from(group.name(snapshot));
        let start = BytesStart::new("outline").with_attributes([("text", &*name), ("title", &name)]);
        xml.write_event(Event::Start(start))?;
        for place in places {
            write_feed(snapshot, place, &mut xml)?;
        }
        xml.write_event(Event::End(BytesEnd::new("outline")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("body")))?;
    xml.write_event(Event::End(BytesEnd::new("opml")))?;
    let mut text = xml.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn write_feed(snapshot: &Snapshot, place: Place, xml: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    let base = &snapshot.site.public_url;
    let title = XmlText::from(&*make_title(snapshot, &place));
    let page = format!("{base}{}", place.path(snapshot));
    let Some(address) = Address::of(snapshot, place) else { return Ok(()) };
    let feed = format!("{base}{}", address.path(snapshot));
    let attributes = [("type", "rss"), ("text", &*title), ("title", &title), ("xmlUrl", &feed)];
    let page = snapshot.site.pages.enabled.then_some(("htmlUrl", &*page));
    let attributes = attributes.into_iter().chain(page);
    xml.write_event(Event::Empty(BytesStart::new("outline").with_attributes(attributes)))
}
