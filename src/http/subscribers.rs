//! Counts of subscribers by feed: as aggregators report them, and readers that request the feed themselves.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;
use parking_lot::Mutex;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::Xxh3;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// The maximum number of distinct readers that are counted per day, over all feeds.
const MAX_READERS: usize = 200_000;

/// The maximum number of aggregators of one feed whose reports are kept.
const MAX_AGGREGATORS: usize = 64;

/// The IP address of a reader, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader<'r> {
    /// The reader connected itself.
    Direct(IpAddr),
    /// A proxy reports it; empty over a Unix socket.
    Forwarded(&'r [u8]),
}

/// The longest name of an aggregator, in bytes.
const MAX_NAME_BYTES: usize = 40;

/// Counts by feed.
#[derive(Debug, Default)]
pub(super) struct Subscribers {
    day: Mutex<Day>,
}

#[derive(Debug, Default)]
struct Day {
    /// Days since 1970.
    number: i64,
    /// Hashes of feed, IP address and user agent, with a key that is dropped at the end of the day: they do not
    /// identify a person.
    seen: FxHashSet<u64>,
    key: Option<u64>,
    readers: BTreeMap<Arc<str>, u64>,
    reported: HashMap<Arc<str>, Reports>,
}

/// By aggregator: the number of subscribers, and the time of the report in Unix seconds.
type Reports = HashMap<Box<str>, (u64, i64)>;

impl Subscribers {
    /// Counts a request for a feed at `now`, in Unix seconds.
    pub(super) fn note(&self, feed: &Arc<str>, agent: &[u8], reader: Reader<'_>, now: i64) {
        let report = std::str::from_utf8(agent).ok().and_then(read_report);
        let mut day = self.day.lock();
        day.begin(now);
        if let Some((name, count)) = report {
            let reports = day.reported.entry(Arc::clone(feed)).or_default();
            if reports.len() < MAX_AGGREGATORS || reports.contains_key(name) {
                reports.insert(name.into(), (count, now));
            }
            return;
        }
        if day.seen.len() < MAX_READERS {
            let key = *day.key.get_or_insert_with(|| RandomState::new().hash_one(now));
            let mut hasher = Xxh3::with_seed(key);
            hasher.update(feed.as_bytes());
            hasher.update(agent);
            match reader {
                Reader::Direct(IpAddr::V4(address)) => hasher.update(&address.octets()),
                Reader::Direct(IpAddr::V6(address)) => hasher.update(&address.octets()),
                Reader::Forwarded(address) => hasher.update(address),
            }
            if day.seen.insert(hasher.digest()) {
                *day.readers.entry(Arc::clone(feed)).or_default() += 1;
            }
        }
    }

    /// By feed: the subscribers that were reported within two days, and today's readers.
    pub(super) fn list(&self, now: i64) -> (Counts, Counts) {
        let mut day = self.day.lock();
        day.begin(now);
        let total = |reports: &Reports| {
            let recent = reports.values().filter(|(_, at)| now - at < 2 * DAY);
            recent.map(|(count, _)| count).sum::<u64>()
        };
        let reported = day.reported.iter().map(|(feed, reports)| (Arc::clone(feed), total(reports)));
        (reported.collect(), day.readers.clone())
    }
}

/// Counts by the canonical path of a feed.
type Counts = BTreeMap<Arc<str>, u64>;

impl Day {
    /// Drops yesterday's readers and outdated reports.
    fn begin(&mut self, now: i64) {
        let number = now.div_euclid(DAY);
        if number != self.number {
            let mut reported = std::mem::take(&mut self.reported);
            for reports in reported.values_mut() {
                reports.retain(|_, (_, at)| now - *at < 2 * DAY);
            }
            reported.retain(|_, reports| !reports.is_empty());
            *self = Self { number, reported, ..Self::default() };
        }
    }
}

/// Parses `Feedly/1.0 (+http://…; 12 subscribers; …)`: the name of the aggregator and the count.
fn read_report(agent: &str) -> Option<(&str, u64)> {
    static MARK: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(" subscriber"));
    let at = MARK.find(agent.as_bytes())?;
    let number = agent[..at].rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let name = agent.split(['/', ' ', '(', ';']).next()?;
    let is_name =
        !name.is_empty() && name.len() <= MAX_NAME_BYTES && name.bytes().all(|b| b.is_ascii_graphic());
    // A count above the world's population is invalid.
    let count = number.parse().ok().filter(|count| *count < 1 << 33)?;
    is_name.then_some((name, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregators_report_and_readers_are_counted_once_a_day() {
        let subscribers = Subscribers::default();
        let feed: Arc<str> = "/atom.xml".into();
        for (agent, address) in [
            ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher)", "a"),
            ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 14 subscribers; like FeedFetcher)", "b"),
            ("NewsBlur Feed Fetcher - 1 subscriber - https://www.newsblur.com (Mozilla)", "c"),
            ("newsboat/2.30", "d"),
            ("newsboat/2.30", "d"),
            ("newsboat/2.30", "e"),
        ] {
            subscribers.note(&feed, agent.as_bytes(), Reader::Forwarded(address.as_bytes()), 1000);
        }
        let (reported, readers) = subscribers.list(1000);
        assert_eq!((reported[&feed], readers[&feed]), (15, 2));
        let (reported, readers) = subscribers.list(1000 + DAY);
        assert_eq!((reported[&feed], readers.len()), (15, 0), "readers are counted per day");
        assert!(subscribers.list(1000 + 3 * DAY).0.is_empty(), "outdated reports are dropped");
    }

    #[test]
    fn an_agent_without_a_report_is_a_reader() {
        for agent in [
            "",
            "x",
            " subscribers",
            "a subscribers",
            "99999999999999999999999 subscribers",
            "A/1 18446744073709551615 subscribers",
        ] {
            assert_eq!(read_report(agent), None, "{agent}");
        }
        assert_eq!(read_report("Inoreader/1.0 (3 subscribers)"), Some(("Inoreader", 3)));
    }
}
