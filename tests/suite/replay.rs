//! Histories of posts, replayed under a running server that is killed in between: a reader that follows the links to
//! archive documents misses no post, however rarely it polls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::common::{Server, TestSite};

/// The URL of the server in links: ETags are equal after a restart on another port.
const PUBLIC: &str = "https://feeds.example.org";

/// A change of the posts, which are numbered.
enum Step {
    /// Posts appear, dated from January 1 of a year, one a day.
    Write(Range<usize>, i32),
    Edit(usize),
    Rename(usize),
    Remove(usize),
    /// The server is killed; the next step happens before it starts again.
    Kill,
}

use Step::{Edit, Kill, Remove, Rename, Write};

/// Bursts, back-dated batches and an import, as jobs that fill archives make them, and what editors do meanwhile.
const HISTORY: [Step; 15] = [
    Write(8..10, 2024),
    Write(10..60, 2015),
    Kill,
    Write(60..64, 2024),
    Edit(3),
    Rename(12),
    Remove(1),
    Write(64..76, 2012),
    Kill,
    Rename(70),
    Write(76..77, 2024),
    Write(77..120, 2001),
    Remove(20),
    Write(120..133, 2013),
    Write(133..134, 2024),
];

struct Replay {
    site: TestSite,
    /// The file of each post.
    files: BTreeMap<usize, String>,
}

impl Replay {
    fn start() -> Self {
        let site = TestSite::plain(&format!(
            "[feeds]\nlimit = 5\n[server]\npublic_url = {PUBLIC:?}\n\
             [[feed]]\nname = \"new\"\norder = \"arrival\"\n"
        ));
        let mut replay = Self { site, files: BTreeMap::new() };
        replay.apply(&Write(0..8, 2023));
        replay
    }

    fn apply(&mut self, step: &Step) {
        let Self { site, files } = self;
        match step {
            Write(posts, year) => {
                for post in posts.clone() {
                    let (name, day) = (format!("p{post}.md"), post - posts.start);
                    let date = chrono::NaiveDate::from_ymd_opt(*year, 1, 1).expect("it is a date");
                    let date = date + chrono::Days::new(day as u64);
                    site.post(&name, &format!("P{post}"), &date.to_string(), &[]);
                    files.insert(post, name);
                }
            }
            Edit(post) => {
                site.edit(&format!("posts/{}", files[post]), |text| format!("{text}\nOne more line.\n"));
            }
            Rename(post) => {
                let name = format!("renamed{post}.md");
                site.rename(&format!("posts/{}", files[post]), &format!("posts/{name}"));
                files.insert(*post, name);
            }
            Remove(post) => {
                let name = files.remove(post).expect("the post exists");
                site.remove(&format!("posts/{name}"));
            }
            Kill => {}
        }
    }

    /// Waits until exactly the posts on disk are served.
    fn wait(&self, server: &Server) {
        let titles: BTreeSet<String> = self.files.keys().map(|post| format!("P{post}")).collect();
        server.wait_for("/feed.json?limit=500", |response| {
            response.status == 200 && response.titles().into_iter().collect::<BTreeSet<_>>() == titles
        });
    }
}

/// A feed reader: which posts it has seen, and the documents that it knows.
struct Reader {
    feed: &'static str,
    /// It polls after every so many steps.
    rhythm: usize,
    /// True if it follows `prev-archive`.
    follows: bool,
    etags: BTreeMap<String, String>,
    seen: BTreeSet<String>,
}

impl Reader {
    /// Reads the feed, and archive documents from the newest one back to the first that it knows already (RFC 5005
    /// §4.2). A document that has not changed is followed by none that has: a post that moves into one moves another
    /// one into each later document.
    fn poll(&mut self, server: &Server) {
        let mut next = Some(self.feed.to_owned());
        while let Some(path) = next.take() {
            let known = self.etags.get(&path).cloned();
            let headers: Vec<(&str, &str)> = known.iter().map(|etag| ("If-None-Match", &**etag)).collect();
            let response = server.ask("GET", &path, &headers);
            if response.status == 304 {
                return;
            }
            assert_eq!(response.status, 200, "{path}");
            self.seen.extend(response.titles());
            let feed = response.feed();
            let older = feed.links.into_iter().find(|link| link.rel.as_deref() == Some("prev-archive"));
            next = older
                .filter(|_| self.follows)
                .map(|link| link.href.strip_prefix(PUBLIC).expect("a URL of this server").to_owned());
            self.etags.insert(path, response.required("etag").to_owned());
        }
    }

    /// The number of posts that exist and that it has not seen.
    fn count_missed(&self, replay: &Replay) -> usize {
        replay.files.keys().filter(|post| !self.seen.contains(&format!("P{post}"))).count()
    }
}

#[test]
fn a_reader_that_follows_archives_misses_no_post_however_rarely_it_polls() {
    let mut replay = Replay::start();
    let feeds = [("/atom.xml", true), ("/feeds/new/atom.xml", true), ("/atom.xml", false)];
    let rhythms = [1, 3, 7, HISTORY.len()];
    let readers = feeds.into_iter().flat_map(|(feed, follows)| {
        rhythms.map(|rhythm| Reader { feed, rhythm, follows, etags: BTreeMap::new(), seen: BTreeSet::new() })
    });
    let mut readers: Vec<Reader> = readers.collect();
    let mut server = Some(replay.site.serve());
    for reader in &mut readers {
        reader.poll(server.as_ref().expect("it runs"));
    }
    for (number, step) in (1..).zip(&HISTORY) {
        if matches!(step, Kill) {
            drop(server.take());
            continue;
        }
        replay.apply(step);
        let server = server.get_or_insert_with(|| replay.site.serve());
        replay.wait(server);
        for reader in
            readers.iter_mut().filter(|reader| number % reader.rhythm == 0 || number == HISTORY.len())
        {
            reader.poll(server);
        }
    }
    for reader in &readers {
        let (missed, Reader { feed, rhythm, .. }) = (reader.count_missed(&replay), reader);
        if reader.follows {
            assert_eq!(missed, 0, "{feed} after every {rhythm} steps");
        } else {
            // The newest five by date are neither those of a burst nor those with an old date.
            assert!(missed > 80, "{missed} after every {rhythm} steps");
        }
    }
}

#[test]
fn a_kill_during_a_flood_keeps_the_arrivals_of_the_posts_that_were_served() {
    let mut replay = Replay::start();
    let server = replay.site.serve();
    replay.wait(&server);
    let list = "/feeds/new/feed.json?limit=500";
    // Each is older than the one before: their dates are not the order of their arrival.
    let mut flood = (8_i32..).map(|post| Write(post as usize..post as usize + 1, 2020 - post));
    flood.by_ref().take(40).for_each(|step| replay.apply(&step));
    let served = server.wait_for(list, |response| response.titles().len() > 8).titles();
    flood.take(40).for_each(|step| replay.apply(&step));
    drop(server);
    let server = replay.site.serve();
    replay.wait(&server);
    let after = server.get(list).titles();
    let after: Vec<&String> = after.iter().filter(|title| served.contains(title)).collect();
    assert_eq!(after, served.iter().collect::<Vec<_>>());
}
