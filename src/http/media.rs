//! Media files of entries: the byte ranges that requests get, and their headers.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;

use super::answer::{Answer, Kind};
use super::cache_policy::{CachePolicy, make_header_value};
use super::conditional::{Conditions, Validators, now, write_date};
use super::errors::ErrorForm;
use super::file_body::FileBody;
use super::request::Request;
use crate::catalog::Snapshot;
use crate::feed::Bodies;
use crate::page::UrlError;
use crate::post::SourceId;
use crate::post::pages::media_type;

/// The path of a requested media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaPath {
    /// The index of its source.
    pub(super) source: SourceId,
    /// The path below the URL of the site, decoded.
    pub(super) path: String,
}

/// A request for a media file. A blocking thread opens the file.
pub(super) struct MediaRequest {
    wanted: MediaPath,
    conditions: Conditions<'static>,
    range: Option<String>,
    if_range: Option<String>,
    is_head: bool,
    pub(super) form: ErrorForm,
}

impl MediaRequest {
    pub(super) fn new(wanted: MediaPath, request: &Request<'_>) -> Self {
        Self {
            wanted,
            conditions: request.conditions.to_owned(),
            range: request.range.map(str::to_owned),
            if_range: request.if_range.map(str::to_owned),
            is_head: *request.method == Method::HEAD,
            form: request.error_form(),
        }
    }

    /// Answers with the file, if a visible entry refers to it. Blocks the thread.
    pub(super) fn open(&self, snapshot: Option<&Snapshot>, bodies: &dyn Bodies) -> Answer {
        let Some(snapshot) = snapshot else { return Answer::not_ready() };
        let MediaPath { source, path } = &self.wanted;
        let kind = media_type(path).filter(|_| snapshot.shows_media(*source, path));
        let own = snapshot.site.sources.get(usize::from(*source));
        let file = kind.zip(own).and_then(|(kind, source)| Some((kind, bodies.open_media(source, path)?)));
        match file {
            Some((kind, file)) => {
                answer_with(file, kind, self, snapshot.site.max_age).unwrap_or_else(|_| Answer::failed())
            }
            None if snapshot.awaited.is_empty() => Answer::of_url_error(UrlError::NoMedia, Vec::new()),
            None => Answer::not_ready(),
        }
    }
}

/// Scripts in an SVG image or another document never run.
const SECURITY_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox");

fn answer_with(
    file: File,
    kind: &'static str,
    request: &MediaRequest,
    max_age: u32,
) -> std::io::Result<Answer> {
    let metadata = file.metadata()?;
    let (length, modified) = (metadata.len(), metadata.mtime());
    let etag = format!("\"{length:x}-{:x}-{:x}\"", modified, metadata.mtime_nsec());
    let validators = Validators { etag: &etag, modified };
    let describe = |answer: Answer| {
        // A modification time in the future is sent as now (RFC 9110 §8.8.2.1).
        answer
            .with(header::ETAG, make_header_value(etag.clone()))
            .with(header::LAST_MODIFIED, make_header_value(write_date(modified.min(now()))))
            .with_cache_policy(&CachePolicy::Seconds(max_age))
    };
    if request.conditions.are_current(validators, now()) {
        return Ok(describe(Answer::new(Kind::Media, StatusCode::NOT_MODIFIED, Bytes::new())));
    }
    // RFC 9110 §14.2: ranges are defined only for GET.
    let range = request.range.as_deref().filter(|_| !request.is_head).filter(|_| match &request.if_range {
        // RFC 9110 §13.1.5: only the exact validator that was sent.
        Some(own) => *own == etag || (!own.starts_with(['"', 'W']) && *own == write_date(modified)),
        None => true,
    });
    let (status, part) = match range.map_or(RequestedRange::Whole, |range| read_range(range, length)) {
        RequestedRange::Whole => (StatusCode::OK, 0..length),
        RequestedRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RequestedRange::Unsatisfiable => {
            let range = make_header_value(format!("bytes */{length}"));
            return Ok(Answer::no_such_range().with(header::CONTENT_RANGE, range));
        }
    };
    let mut answer = describe(Answer::new(Kind::Media, status, Bytes::new()))
        .with(header::CONTENT_TYPE, HeaderValue::from_static(kind))
        .with(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"))
        .with_nosniff();
    if kind == "image/svg+xml" {
        answer = answer.with(header::CONTENT_SECURITY_POLICY, SECURITY_POLICY);
    }
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1));
        answer = answer.with(header::CONTENT_RANGE, make_header_value(range));
    }
    answer.file = Some(Box::new(FileBody::new(file, part, request.is_head)));
    Ok(answer)
}

/// The part of a file that a `Range` requests.
#[derive(Debug, PartialEq, Eq)]
enum RequestedRange {
    /// The whole file: there is no `Range`, or it may be ignored (RFC 9110 §14.2).
    Whole,
    Part(Range<u64>),
    /// The range is beyond the end of the file.
    Unsatisfiable,
}

/// Parses a `Range`. Several ranges at once are ignored: no client needs them for media.
fn read_range(text: &str, length: u64) -> RequestedRange {
    let Some(range) = text.trim().strip_prefix("bytes=").filter(|range| !range.contains(',')) else {
        return RequestedRange::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return RequestedRange::Whole };
    let read = |text: &str| {
        let text = text.trim();
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // A number that overflows means the end.
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let part = match (read(first), read(last)) {
        (Some(first), Some(last)) if first > last => return RequestedRange::Whole,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.trim().is_empty() => first..length,
        (None, Some(last)) if first.trim().is_empty() => length.saturating_sub(last)..length,
        _ => return RequestedRange::Whole,
    };
    if part.start < part.end { RequestedRange::Part(part) } else { RequestedRange::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_of_the_file() {
        for (text, wanted) in [
            ("bytes=0-0", RequestedRange::Part(0..1)),
            ("bytes=2-", RequestedRange::Part(2..10)),
            ("bytes=-3", RequestedRange::Part(7..10)),
            ("bytes=-30", RequestedRange::Part(0..10)),
            ("bytes=5-99999999999999999999999", RequestedRange::Part(5..10)),
            ("bytes=10-", RequestedRange::Unsatisfiable),
            ("bytes=-0", RequestedRange::Unsatisfiable),
            ("bytes=5-4", RequestedRange::Whole),
            ("bytes=0-1,3-4", RequestedRange::Whole),
            ("bytes=a-b", RequestedRange::Whole),
            ("bytes=-", RequestedRange::Whole),
            ("bytes=1", RequestedRange::Whole),
            ("lines=0-1", RequestedRange::Whole),
            ("", RequestedRange::Whole),
        ] {
            assert_eq!(read_range(text, 10), wanted, "{text}");
        }
        assert_eq!(read_range("bytes=0-", 0), RequestedRange::Unsatisfiable);
    }
}
