//! One request that tells a hub of feeds that changed (PubSubHubbub 0.3 §7.1, which W3C WebSub leaves as it is).

use std::time::Duration;

use ureq::Agent;
use url::form_urlencoded::Serializer;

/// How long a hub may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The longest that a hub's own `Retry-After` is heeded.
const LONGEST: Duration = Duration::from_secs(3600);

/// What a hub made of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It knows now.
    Taken,
    /// It never will: it says that the request is wrong.
    Refused(String),
    /// It may the next time, after as long as it asks for.
    Failed(String, Option<Duration>),
}

/// Who asks.
pub(super) fn make_agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(3)
        .user_agent(concat!("feedmill/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// Tells a hub of the feeds at these addresses. Blocks the thread.
pub(super) fn ping<'u>(agent: &Agent, hub: &str, urls: impl Iterator<Item = &'u str>) -> Outcome {
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", "publish");
    urls.for_each(|url| {
        form.append_pair("hub.url", url);
    });
    let request = agent.post(hub).content_type("application/x-www-form-urlencoded");
    match request.send(form.finish()) {
        Ok(response) => {
            let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
            let wait = wait.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
            judge(response.status().as_u16(), wait.map(|wait| wait.min(LONGEST)))
        }
        Err(error) => Outcome::Failed(error.to_string(), None),
    }
}

fn judge(status: u16, wait: Option<Duration>) -> Outcome {
    let told = format!("it answers {status}");
    match status {
        200..=299 => Outcome::Taken,
        408 | 425 | 429 => Outcome::Failed(told, wait),
        400..=499 => Outcome::Refused(told),
        _ => Outcome::Failed(told, wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_and_what_is_wrong_is_not() {
        let refused = |status| judge(status, None) == Outcome::Refused(format!("it answers {status}"));
        let minute = Some(Duration::from_secs(60));
        assert!(judge(204, None) == Outcome::Taken && judge(202, minute) == Outcome::Taken);
        assert!(refused(400) && refused(404) && refused(410));
        for status in [301, 408, 429, 500, 503] {
            assert_eq!(judge(status, minute), Outcome::Failed(format!("it answers {status}"), minute));
        }
    }
}
