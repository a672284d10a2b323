//! The stored form of a post. The only file of this module that knows the fields of posts.

use std::hash::Hash;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::layout::{Error, Time, from_time, to_time};
use crate::catalog::Stored;
use crate::post::links::{Link, Linked};
use crate::post::{Arrival, Listed, Media, Picture, Post, SourceId, Stamp, Term, Text, UniqueKey};

/// A post. Texts that it shares with others are indices of a [`Table`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record<'a> {
    path: &'a str,
    address: &'a str,
    /// `None`: the URL.
    id: Option<&'a str>,
    /// The id as the file gives it, if the entry has another.
    own_id: Option<&'a str>,
    title: &'a str,
    held: bool,
    /// True if the text is in the file; else it is unavailable.
    has_text: bool,
    language: u8,
    listed: u8,
    section: Option<u32>,
    published: Time,
    arrived: Arrived,
    updated: Option<Time>,
    expires: Option<Time>,
    terms: Vec<u32>,
    /// The number of its value that only one entry has.
    unique: Option<u64>,
    /// The path of the enclosed file, and its size.
    media: Option<(&'a str, Option<u64>)>,
    /// The paths of its images, their sizes and the versions of their files.
    #[serde(borrow)]
    pictures: Vec<PictureRecord<'a>>,
    #[serde(borrow)]
    links: Vec<LinkRecord<'a>>,
    bytes_hash: [u8; 16],
    stamp: [u8; 8],
}

/// The arrival of a post.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Arrived {
    Never,
    /// When it was published.
    Published,
    /// At a time in microseconds.
    At(i64),
}

impl Arrived {
    fn new(post: &Post) -> Self {
        match post.arrived {
            None => Self::Never,
            Some(at) if at == Arrival::at(post.published) => Self::Published,
            Some(at) => Self::At(at.micros()),
        }
    }

    fn to_arrival(self, published: DateTime<Utc>) -> Option<Arrival> {
        match self {
            Self::Never => None,
            Self::Published => Some(Arrival::at(published)),
            Self::At(micros) => Some(Arrival::from_micros(micros)),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct LinkRecord<'a> {
    reference: &'a str,
    #[serde(borrow)]
    target: Option<TargetRecord<'a>>,
    place: (u32, u32),
}

#[derive(Debug, Serialize, Deserialize)]
enum TargetRecord<'a> {
    Entry(&'a str, &'a str),
    File(&'a str),
}

const LISTED: [Listed; 3] = [Listed::Everywhere, Listed::Locally, Listed::InSection];

impl<'a> Record<'a> {
    pub(super) fn new(stored: Stored<'a>, table: &mut TableWriter<'a>) -> Self {
        let Stored { post, own_id, .. } = stored;
        Self {
            path: &post.path,
            address: &post.address,
            id: Some(&*post.id).filter(|id| **id != *post.address),
            own_id,
            title: &post.title,
            held: post.held,
            has_text: post.text == Text::InFile,
            language: post.language,
            listed: LISTED.iter().position(|listed| *listed == post.listed).unwrap_or_default() as u8,
            section: post.section.as_ref().map(|name| table.sections.add(name)),
            published: to_time(post.published),
            arrived: Arrived::new(post),
            updated: post.updated.map(to_time),
            expires: post.expires.map(to_time),
            terms: post.terms.iter().map(|term| table.terms.add(term)).collect(),
            unique: post.unique.map(UniqueKey::number),
            media: post.media.as_ref().map(|media| (&*media.path, media.size)),
            pictures: post.pictures.iter().map(record_picture).collect(),
            links: post.links.iter().map(LinkRecord::new).collect(),
            bytes_hash: post.bytes_hash.to_le_bytes(),
            stamp: post.stamp.0.to_le_bytes(),
        }
    }

    /// The post of a source.
    pub(super) fn to_post(&self, source: SourceId, table: &Table) -> Result<Post, Error> {
        let section = |place: u32| table.sections.get(place as usize).cloned().ok_or(Error::Damaged);
        if self.terms.iter().any(|place| *place as usize >= table.terms.len()) {
            return Err(Error::Damaged);
        }
        let published = from_time(self.published)?;
        Ok(Post {
            source,
            held: self.held,
            // Kept texts are not stored.
            text: if self.has_text { Text::InFile } else { Text::Unavailable },
            language: self.language,
            section: self.section.map(section).transpose()?,
            listed: *LISTED.get(usize::from(self.listed)).ok_or(Error::Damaged)?,
            path: self.path.into(),
            id: self.id.unwrap_or(self.address).into(),
            address: self.address.into(),
            title: self.title.into(),
            published,
            arrived: self.arrived.to_arrival(published),
            updated: self.updated.map(from_time).transpose()?,
            expires: self.expires.map(from_time).transpose()?,
            // Their number is known, so that they are allocated once.
            terms: self.terms.iter().map(|place| Arc::clone(&table.terms[*place as usize])).collect(),
            unique: self.unique.and_then(UniqueKey::from_number),
            media: self.media.map(|(path, size)| Box::new(Media { path: path.into(), size })),
            pictures: self.pictures.iter().map(to_picture).collect(),
            links: self.links.iter().map(LinkRecord::to_link).collect(),
            bytes_hash: u128::from_le_bytes(self.bytes_hash),
            stamp: Stamp(u64::from_le_bytes(self.stamp)),
        })
    }

    /// The id as the file gives it, if the entry has another.
    pub(super) fn own_id(&self) -> Option<&'a str> {
        self.own_id
    }
}

type PictureRecord<'a> = (&'a str, Option<(u32, u32)>, [u8; 8]);

fn record_picture(picture: &Picture) -> PictureRecord<'_> {
    (&picture.path, picture.size, picture.stamp.0.to_le_bytes())
}

fn to_picture((path, size, stamp): &PictureRecord<'_>) -> Picture {
    Picture { path: (*path).into(), size: *size, stamp: Stamp(u64::from_le_bytes(*stamp)) }
}

impl<'a> LinkRecord<'a> {
    fn new(link: &'a Link) -> Self {
        let target = link.target.as_deref().map(|target| match target {
            Linked::Entry { address, title } => TargetRecord::Entry(address, title),
            Linked::File(path) => TargetRecord::File(path),
        });
        Self { reference: &link.reference, target, place: link.place }
    }

    fn to_link(&self) -> Link {
        let target = self.target.as_ref().map(|target| match *target {
            TargetRecord::Entry(address, title) => {
                Linked::Entry { address: address.into(), title: title.into() }
            }
            TargetRecord::File(path) => Linked::File(path.into()),
        });
        Link { reference: self.reference.into(), target: target.map(Box::new), place: self.place }
    }
}

/// The texts that the posts of a source share.
#[derive(Debug)]
pub(super) struct Table {
    terms: Vec<Arc<Term>>,
    sections: Vec<Arc<str>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct TableRecord<'a> {
    /// Taxonomy, spelling, and the folded spelling if it differs.
    #[serde(borrow)]
    terms: Vec<(u8, &'a str, Option<&'a str>)>,
    #[serde(borrow)]
    sections: Vec<&'a str>,
}

impl Table {
    /// Decodes a table of terms of this many taxonomies.
    pub(super) fn decode(bytes: &[u8], taxonomies: usize) -> Result<Self, Error> {
        let record: TableRecord<'_> = postcard::from_bytes(bytes)?;
        let term = |(taxonomy, spelling, folded): (u8, &str, Option<&str>)| {
            let is_known = usize::from(taxonomy) < taxonomies;
            let folded = folded.unwrap_or(spelling).into();
            is_known.then(|| Arc::new(Term { taxonomy, spelling: spelling.into(), folded }))
        };
        Ok(Self {
            terms: record.terms.into_iter().map(term).collect::<Option<_>>().ok_or(Error::Damaged)?,
            sections: record.sections.into_iter().map(Arc::from).collect(),
        })
    }
}

/// A table that grows while posts are encoded.
#[derive(Debug, Default)]
pub(super) struct TableWriter<'a> {
    terms: Numbered<&'a Term>,
    sections: Numbered<&'a str>,
}

impl TableWriter<'_> {
    pub(super) fn encode(&self) -> Result<Vec<u8>, Error> {
        let terms = self.terms.list.iter().map(|term| {
            let folded = (term.folded != term.spelling).then_some(&*term.folded);
            (term.taxonomy, &*term.spelling, folded)
        });
        let record = TableRecord { terms: terms.collect(), sections: self.sections.list.clone() };
        Ok(postcard::to_allocvec(&record)?)
    }
}

/// Different values, each with a number.
#[derive(Debug)]
struct Numbered<T> {
    numbers: FxHashMap<T, u32>,
    list: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), list: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Numbered<T> {
    fn add(&mut self, value: T) -> u32 {
        *self.numbers.entry(value).or_insert_with(|| {
            self.list.push(value);
            self.list.len() as u32 - 1
        })
    }
}
