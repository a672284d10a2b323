//! One request that notifies a hub of changed feeds (PubSubHubbub 0.3 §7.1, which W3C WebSub leaves as it is).

use std::time::{Duration, SystemTime};

use ureq::Agent;
use url::Url;
use url::form_urlencoded::Serializer;

/// The time that a hub may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The longest `Retry-After` of a hub that is respected.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// The number of redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// The outcome of a request to a hub.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The hub accepted the request, perhaps after a permanent redirect.
    Taken {
        /// The new URL of the hub.
        moved: Option<String>,
    },
    /// The hub rejected the request as wrong.
    Refused(String),
    /// The request failed and may succeed later, after the time that the hub asks for.
    Failed(String, Option<Duration>),
}

/// Makes the HTTP client. [`ping`] follows redirects itself: most clients change the method of the request.
pub(super) fn make_agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("feedmill/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// Notifies a hub of the feeds at these URLs. Blocks the thread.
pub(super) fn ping(agent: &Agent, hub: &str, urls: &[&str]) -> Outcome {
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", "publish");
    for url in urls {
        form.append_pair("hub.url", url);
    }
    let form = form.finish();
    let (mut target, mut is_for_good) = (hub.to_owned(), true);
    for _ in 0..=MAX_REDIRECTS {
        let request = agent.post(&target).content_type("application/x-www-form-urlencoded");
        let response = match request.send(&form) {
            Ok(response) => response,
            Err(error) => return Outcome::Failed(error.to_string(), None),
        };
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let status = response.status().as_u16();
        let next = header("location").and_then(|next| Url::parse(&target).ok()?.join(next).ok());
        if let (300..=399, Some(next)) = (status, next) {
            if !is_allowed(&target, &next) {
                let message =
                    format!("it redirects to {next}. If you trust that URL, write it in websub.hubs");
                return Outcome::Refused(message);
            }
            is_for_good &= matches!(status, 301 | 308);
            target = next.into();
            continue;
        }
        let wait = header("retry-after").and_then(read_wait);
        let moved = (is_for_good && target != hub).then_some(target);
        return judge(status, wait.map(|wait| wait.min(MAX_RETRY_AFTER)), moved);
    }
    Outcome::Failed("it redirects too often".to_owned(), None)
}

/// Returns true if a redirect may be followed: a hub must not make this server send requests to other hosts, for
/// example within its network, nor without TLS.
fn is_allowed(from: &str, to: &Url) -> bool {
    let Ok(from) = Url::parse(from) else { return false };
    let is_as_safe = to.scheme() == from.scheme() || (from.scheme(), to.scheme()) == ("http", "https");
    is_as_safe && from.host() == to.host()
}

/// RFC 9110 §10.2.3: seconds, or a date.
fn read_wait(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok().map(Duration::from_secs);
    seconds.or_else(|| httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok())
}

fn judge(status: u16, wait: Option<Duration>, moved: Option<String>) -> Outcome {
    let answer = format!("it answers {status}");
    match status {
        200..=299 => Outcome::Taken { moved },
        408 | 425 | 429 => Outcome::Failed(answer, wait),
        400..=499 => Outcome::Refused(answer),
        _ => Outcome::Failed(answer, wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_their_host_and_keep_tls() {
        let follows = |from: &str, to: &str| is_allowed(from, &Url::parse(to).expect("a URL"));
        assert!(follows("https://hub.example/", "https://hub.example/new?x=1"));
        assert!(follows("http://hub.example/", "https://hub.example/"));
        assert!(follows("http://127.0.0.1:1/", "http://127.0.0.1:2/"));
        for to in
            ["http://hub.example/", "https://127.0.0.1/", "https://a.hub.example/", "file:///etc/passwd"]
        {
            assert!(!follows("https://hub.example/", to), "{to}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_is_wrong_is_not() {
        let refused = |status| judge(status, None, None) == Outcome::Refused(format!("it answers {status}"));
        let minute = Some(Duration::from_secs(60));
        assert_eq!(judge(204, None, None), Outcome::Taken { moved: None });
        assert_eq!(read_wait("120"), Some(Duration::from_secs(120)));
        assert!(read_wait("Fri, 31 Dec 2100 23:59:59 GMT").is_some_and(|wait| wait > MAX_RETRY_AFTER));
        assert_eq!((read_wait("soon"), read_wait("Sat, 01 Jan 2000 00:00:00 GMT")), (None, None));
        assert!(refused(400) && refused(404) && refused(410));
        for status in [301, 408, 429, 500, 503] {
            assert_eq!(judge(status, minute, None), Outcome::Failed(format!("it answers {status}"), minute));
        }
    }
}
