//! Media files, known by their extensions.

/// Media types by file extension.
const MEDIA_TYPES: [(&str, &str); 26] = [
    ("apng", "image/apng"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("jxl", "image/jxl"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("webp", "image/webp"),
    ("aac", "audio/aac"),
    ("flac", "audio/flac"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/opus"),
    ("wav", "audio/wav"),
    ("m4v", "video/mp4"),
    ("mkv", "video/matroska"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("ogv", "video/ogg"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
];

/// The media type of a file by its extension; `None` if it is not a media file.
pub fn media_type(path: &str) -> Option<&'static str> {
    let extension = path.rsplit('/').next()?.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?.1;
    MEDIA_TYPES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_files_are_known_by_their_extensions() {
        for (path, kind) in [
            ("a/b.PNG", Some("image/png")),
            ("a.b.mp3", Some("audio/mpeg")),
            ("x.svg", Some("image/svg+xml")),
        ] {
            assert_eq!(media_type(path), kind, "{path}");
        }
        for path in
            ["a.md", "a.html", "a.js", ".png", "a/.gif", "png", "a.png/b", "", ".git/config", "a.toml"]
        {
            assert_eq!(media_type(path), None, "{path}");
        }
    }
}
