//! Recognises embedded pages by their URL: the provider, and the URL of the page for people.

use percent_encoding::percent_decode_str;
use url::Url;

/// Returns the provider of an embedded page, if it is known, and the URL that people open.
pub(super) fn describe(url: &Url) -> (Option<&'static str>, String) {
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let segments: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    let query = |name: &str| {
        url.query_pairs().find(|(key, value)| key == name && !value.is_empty()).map(|(_, v)| v.into_owned())
    };
    match (host, &segments[..]) {
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", ["embed", "videoseries", ..]) => {
            let list = query("list").map(|list| format!("https://www.youtube.com/playlist?list={list}"));
            (Some("YouTube"), list.unwrap_or_else(|| url.to_string()))
        }
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", ["embed", id, ..]) => {
            (Some("YouTube"), format!("https://www.youtube.com/watch?v={id}"))
        }
        ("youtube.com" | "m.youtube.com" | "youtu.be", _) => (Some("YouTube"), url.to_string()),
        ("player.vimeo.com", ["video", id, ..]) => (Some("Vimeo"), format!("https://vimeo.com/{id}")),
        ("player.bilibili.com", _) => {
            let id = query("bvid").map(|id| format!("https://www.bilibili.com/video/{id}/"));
            (Some("bilibili"), id.unwrap_or_else(|| url.to_string()))
        }
        ("open.spotify.com", ["embed", rest @ ..]) => {
            (Some("Spotify"), format!("https://open.spotify.com/{}", rest.join("/")))
        }
        ("codepen.io", [user, "embed", id, ..]) => {
            (Some("CodePen"), format!("https://codepen.io/{user}/pen/{id}"))
        }
        ("w.soundcloud.com", _) => {
            // Some sites escape it twice.
            let sound = query("url").map(|url| percent_decode_str(&url).decode_utf8_lossy().into_owned());
            let sound = sound.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
            (Some("SoundCloud"), sound.unwrap_or_else(|| url.to_string()))
        }
        ("gist.github.com", _) => {
            (Some("GitHub Gist"), url.as_str().trim_end_matches(".js").trim_end_matches(".pibb").to_owned())
        }
        ("google.com" | "maps.google.com", ["maps", ..]) => (Some("Google Maps"), url.to_string()),
        ("openstreetmap.org", _) => (Some("OpenStreetMap"), url.to_string()),
        _ => (None, url.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_are_recognised_by_their_url() {
        for (url, provider, shown) in [
            (
                "https://www.youtube.com/embed/x_1?start=3",
                Some("YouTube"),
                "https://www.youtube.com/watch?v=x_1",
            ),
            ("https://player.vimeo.com/video/12?h=1", Some("Vimeo"), "https://vimeo.com/12"),
            ("https://open.spotify.com/embed/track/1", Some("Spotify"), "https://open.spotify.com/track/1"),
            (
                "https://w.soundcloud.com/player/?url=https%253A%252F%252Fsoundcloud.com%252Fa%252Fb&color=0",
                Some("SoundCloud"),
                "https://soundcloud.com/a/b",
            ),
            ("https://example.org/x?a=b", None, "https://example.org/x?a=b"),
        ] {
            let url = Url::parse(url).expect("it is a URL");
            assert_eq!(describe(&url), (provider, shown.to_owned()));
        }
    }
}
