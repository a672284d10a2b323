//! Many changes at once: few snapshots, whole ones, and memory as before.

use super::git;
use crate::common::TestSite;

/// Files that a checkout changes.
const FILES: usize = 10_000;

#[test]
fn ten_thousand_files_by_one_checkout_are_few_snapshots_and_memory_returns() {
    let site = TestSite::observed("");
    let write = |version: &str| {
        for number in 0..FILES {
            let text = format!(
                "---\ntitle: {version} {number}\ndate: 2024-01-01\ntags: [{version}]\n---\nBody of {version}.\n"
            );
            site.write(&format!("posts/{:02}/{number}.md", number % 50), &text);
        }
    };
    git(&site, &["init", "-q", "-b", "one"]);
    write("First");
    git(&site, &["add", "-A"]);
    git(&site, &["commit", "-qm", "one"]);
    git(&site, &["checkout", "-qb", "two"]);
    write("Second");
    git(&site, &["commit", "-qam", "two"]);
    git(&site, &["checkout", "-q", "one"]);
    let server = site.serve();
    let mut memory = Vec::new();
    for round in 0..4 {
        let (branch, hidden) = if round % 2 == 0 { ("two", "first") } else { ("one", "second") };
        let revision = server.revision();
        git(&site, &["checkout", "-q", branch]);
        // Those that were changed last have the term no more.
        server.wait_for(&format!("/tags/{hidden}/feed.json?limit=1"), |response| {
            response.status == 404 || response.titles().is_empty()
        });
        let snapshots = server.revision() - revision;
        assert!(snapshots <= 5, "{snapshots} snapshots: {}", server.log());
        assert_eq!(server.status()["sources"][0]["posts"], FILES);
        memory.push(server.memory("VmRSS"));
    }
    // Freed memory may stay with the process for a while; it does not grow with every change.
    assert!(memory[3] < memory[1] + memory[1] / 4, "{memory:?} bytes");
}

/// Versions that are written one after another.
const LAST: usize = 20;

#[test]
fn readers_see_whole_snapshots_while_everything_changes() {
    let site = TestSite::observed("");
    let write = |version: usize| {
        for number in 0..400 {
            site.write(
                &format!("posts/{number}.md"),
                &format!("---\ntitle: v{version}\ndate: 2024-01-01\n---\n{version}\n"),
            );
        }
    };
    write(0);
    let server = site.serve();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !is_done.load(std::sync::atomic::Ordering::Relaxed) || seen < 5 {
                let response = server.get("/atom.xml?limit=500");
                assert_eq!((response.status, response.titles().len()), (200, 400));
                let text = response.text();
                // Every entry has the text of its title: never one of another version.
                for version in 0..=LAST {
                    let titles = text.matches(&format!("<title>v{version}</title>")).count();
                    let bodies = text.matches(&format!("&lt;p&gt;{version}&lt;/p&gt;")).count();
                    assert_eq!(titles, bodies, "of v{version}");
                }
                seen += 1;
            }
        });
        for version in 1..=LAST {
            write(version);
        }
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().expect("all that it saw was whole");
    });
    let last = format!("v{LAST}");
    server.wait_for("/atom.xml?limit=500", |response| response.titles().iter().all(|title| *title == last));
}
