//! The head of a response as bytes (RFC 9112 §4).

use actix_web::http::header::DATE;
use actix_web::http::{StatusCode, Version};

use super::answer::Answer;
use super::cache_headers::write_now;
use super::conditional::now;

/// The use of a connection after a response (RFC 9112 §9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Persistence {
    /// Further requests follow, as is usual.
    Usual,
    /// Further requests follow, which a client of HTTP/1.0 must be informed of.
    KeepAlive,
    /// It is closed.
    Close,
}

impl Persistence {
    /// After a request of a version. `is_last` if the connection is closed.
    pub(super) fn new(version: Version, is_last: bool) -> Self {
        if is_last {
            Self::Close
        } else if version < Version::HTTP_11 {
            Self::KeepAlive
        } else {
            Self::Usual
        }
    }
}

/// Replaces `head` with the head of an answer.
pub(super) fn write_head(head: &mut Vec<u8>, answer: &Answer, persistence: Persistence) {
    // Without a policy, caches would guess one (RFC 9111 §4.2.2).
    debug_assert!(answer.header("cache-control").is_some(), "every answer has a cache policy");
    let status = answer.status;
    head.clear();
    write(head, &["HTTP/1.1 ", status.as_str(), " ", status.canonical_reason().unwrap_or_default(), "\r\n"]);
    for (name, value) in &answer.headers {
        write(head, &[name.as_str(), ": "]);
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    if !answer.headers.iter().any(|(name, _)| *name == DATE) {
        write(head, &["date: "]);
        head.extend_from_slice(write_now(now()).as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    // RFC 9110 §8.6: these have no body, and the length of the body of a 304 is unknown.
    let has_length =
        answer.has_length && !matches!(status, StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT);
    if has_length {
        let length = answer.file.as_ref().map_or(answer.body.len() as u64, |file| file.length());
        write(head, &["content-length: ", &length.to_string(), "\r\n"]);
    }
    match persistence {
        Persistence::Usual => {}
        Persistence::KeepAlive => write(head, &["connection: keep-alive\r\n"]),
        Persistence::Close => write(head, &["connection: close\r\n"]),
    }
    head.extend_from_slice(b"\r\n");
}

fn write(head: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        head.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
    use actix_web::web::Bytes;

    use super::super::answer::Kind;
    use super::*;

    #[test]
    fn a_head_has_a_date_a_length_if_there_is_a_body_and_the_end_of_the_connection() {
        let answer = |status, body: &'static [u8]| {
            Answer::new(Kind::Feed, status, Bytes::from_static(body))
                .with(DATE, HeaderValue::from_static("now"))
                .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
        };
        let write = |answer: &Answer, persistence| {
            let mut head = b"an older one".to_vec();
            write_head(&mut head, answer, persistence);
            String::from_utf8(head).expect("it is text")
        };
        assert_eq!(
            write(&answer(StatusCode::OK, b"12345"), Persistence::new(Version::HTTP_11, false)),
            "HTTP/1.1 200 OK\r\ndate: now\r\ncache-control: no-store\r\ncontent-length: 5\r\n\r\n"
        );
        assert_eq!(
            write(&answer(StatusCode::NOT_MODIFIED, b""), Persistence::new(Version::HTTP_10, false)),
            "HTTP/1.1 304 Not Modified\r\ndate: now\r\ncache-control: no-store\r\nconnection: keep-alive\r\n\r\n"
        );
        let mut head = answer(StatusCode::OK, b"");
        head.has_length = false;
        assert_eq!(
            write(&head, Persistence::new(Version::HTTP_10, true)),
            "HTTP/1.1 200 OK\r\ndate: now\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        );
        assert!(write(&Answer::failed(), Persistence::Usual).contains("\r\ndate: "));
    }
}
