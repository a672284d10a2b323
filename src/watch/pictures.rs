//! The sizes in pixels of the images that posts show, from the beginning of their files.

use std::fs::File;
use std::io::Read;

use super::files::make_stamp;
use crate::post::links::MAX_PIXELS;
use crate::post::{Picture, Post, Source, Stamp};
use crate::site;

/// The bytes of a file that are read: the metadata of a camera come before the size.
const BEGINNING: u64 = 256 << 10;

/// Measures the images of a post.
pub(super) fn measure_all(source: &Source, post: &mut Post) {
    for picture in &mut post.pictures {
        let file = site::open(source, &picture.path);
        picture.stamp = stamp_of(file.as_ref());
        picture.size = file.and_then(measure);
    }
}

/// Returns true if the file of an image is the one that was measured.
pub(super) fn is_current(source: &Source, picture: &Picture) -> bool {
    stamp_of(site::open(source, &picture.path).as_ref()).0 == picture.stamp.0
}

/// The version of a file; 0 if there is none.
fn stamp_of(file: Option<&File>) -> Stamp {
    Stamp(file.and_then(|file| File::metadata(file).ok()).map_or(0, |metadata| make_stamp(&metadata)))
}

/// The width and height of an image, as it is shown.
fn measure(file: File) -> Option<(u32, u32)> {
    let mut bytes = Vec::new();
    file.take(BEGINNING).read_to_end(&mut bytes).ok()?;
    let size = imagesize::blob_size(&bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let is_shown = |pixels: &u32| (1..=MAX_PIXELS).contains(pixels);
    let size = if is_turned(&bytes) { (height, width) } else { (width, height) };
    Some(size).filter(|(width, height)| is_shown(width) && is_shown(height))
}

/// Returns true if a photo is shown turned by 90 degrees (Exif 2.3 §4.6.4 A, tag `Orientation`).
fn is_turned(bytes: &[u8]) -> bool {
    find_orientation(bytes).is_some_and(|orientation| (5..=8).contains(&orientation))
}

fn find_orientation(bytes: &[u8]) -> Option<u16> {
    const MARK: &[u8] = b"Exif\0\0";
    if !bytes.starts_with(b"\xff\xd8") {
        return None;
    }
    let tiff = &bytes[memchr::memmem::find(bytes, MARK)? + MARK.len()..];
    let is_little = tiff.starts_with(b"II");
    let number = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let list = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let entries = (0..usize::from(number(list)?)).map(|place| list + 2 + 12 * place);
    entries.into_iter().find(|at| number(*at) == Some(0x0112)).and_then(|at| number(at + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_that_are_shown_turned_are_known_by_their_orientation() {
        let photo = |order: &str, orientation: u8| {
            let tiff: &[u8] = if order == "II" {
                b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"
            } else {
                b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
            };
            let value = if order == "II" { [orientation, 0] } else { [0, orientation] };
            [b"\xff\xd8\xff\xe1\0\x22Exif\0\0", tiff, &value, b"\0\0"].concat()
        };
        for order in ["II", "MM"] {
            for (orientation, expected) in [(1, false), (3, false), (6, true), (8, true)] {
                assert_eq!(is_turned(&photo(order, orientation)), expected, "{order} {orientation}");
            }
        }
        assert!(!is_turned(b"\xff\xd8\xff\xe1Exif\0\0MM\0*\xff\xff\xff\xff"));
    }
}
