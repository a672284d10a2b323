//! Placeholder images, which a script would replace.

use percent_encoding::percent_decode_str;

/// The first characters of a GIF or PNG of one pixel, in base64.
const ONE_PIXEL: [&str; 3] = ["R0lGODlhAQABA", "R0lGODdhAQABA", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"];

/// SVG elements that draw something.
const SHAPES: [&str; 10] =
    ["<path", "<rect", "<circle", "<ellipse", "<line", "<poly", "<text", "<image", "<use", "<foreignobject"];

/// Returns true if a `data:` URL is an image that shows nothing: one pixel, or SVG without a shape.
pub(super) fn is_placeholder(url: &str) -> bool {
    let Some(data) = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).map(|_| &url[5..])
    else {
        return false;
    };
    let Some((kind, data)) = data.split_once(',') else { return true };
    let kind = kind.to_ascii_lowercase();
    if kind.ends_with(";base64") {
        return ONE_PIXEL.iter().any(|start| data.trim_start().starts_with(start));
    }
    if !kind.starts_with("image/svg+xml") {
        return false;
    }
    let svg = percent_decode_str(data).decode_utf8_lossy().to_ascii_lowercase();
    !SHAPES.iter().any(|shape| svg.contains(shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pixel_and_svg_without_shapes_show_nothing() {
        for url in [
            "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
            "DATA:image/gif;base64,R0lGODdhAQABAPAAAP///wAAACwAAAAAAQABAEACAkQBADs=",
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
            "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%203%202'%3E%3C/svg%3E",
            "data:image/svg+xml;charset=utf-8,<svg width=\"3\"/>",
            "data:",
        ] {
            assert!(is_placeholder(url), "{url}");
        }
        for url in [
            "https://example.org/a.gif",
            "data:image/gif;base64,R0lGODlhAgABAIAAAAAAAP///yH5BAEAAAAALAAAAAACAAEAAAICRAoAOw==",
            "data:image/svg+xml,%3Csvg%3E%3Cpath d='M0 0'/%3E%3C/svg%3E",
            "data:image/webp;base64,UklGRh4AAABXRUJQ",
        ] {
            assert!(!is_placeholder(url), "{url}");
        }
    }
}
