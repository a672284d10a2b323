//! The facts of a ledger: their text, one JSON object a line, and their merge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use crate::catalog::Fact;
use crate::config::Problem;
use crate::post::Arrival;

/// What is known of a post. The order is that in which facts take precedence: the earliest, ties by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    seen: Arrival,
    id: Box<str>,
    hash: u128,
}

/// Facts by the source and the path of their posts. Merging them is commutative, associative and idempotent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    sources: BTreeMap<Box<str>, BTreeMap<Box<str>, Known>>,
    /// Lines that are not facts. They are kept for the people who can repair them.
    damaged: BTreeSet<Box<str>>,
}

/// One line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    source: String,
    path: String,
    seen: String,
    id: String,
    hash: String,
}

impl Line {
    /// # Errors
    /// The reason why it is not a fact, with its column.
    fn parse(text: &str) -> Result<Self, (usize, String)> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let reason = message.split(" at line ").next().unwrap_or_default();
            (error.column().max(1), reason.to_owned())
        })
    }

    fn read(&self) -> Result<Fact<'_>, String> {
        let Self { source, path, seen, id, hash } = self;
        let time = DateTime::parse_from_rfc3339(seen)
            .map_err(|_| format!("{seen:?} is not a time like \"2024-01-31T12:00:00.000000Z\""))?;
        let is_hash = hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = u128::from_str_radix(hash, 16).ok().filter(|_| is_hash);
        let hash = hash.ok_or_else(|| "`hash` does not have 32 hexadecimal digits".to_owned())?;
        if source.is_empty() || path.is_empty() || id.is_empty() {
            return Err("`source`, `path` or `id` is empty".to_owned());
        }
        Ok(Fact { source, path, seen: Arrival::at(time.with_timezone(&Utc)), id, hash })
    }
}

impl Facts {
    /// Reads the text of a file, and reports its damaged lines.
    pub(super) fn parse(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let (mut facts, mut problems) = (Self::default(), Vec::new());
        for (text, number) in text.lines().zip(1..) {
            if text.trim().is_empty() {
                continue;
            }
            let line = Line::parse(text);
            let read =
                line.as_ref().map_err(Clone::clone).and_then(|line| line.read().map_err(|error| (1, error)));
            match read {
                Ok(fact) => drop(facts.add(fact)),
                Err((column, error)) => {
                    let message = format!(
                        "this line of the ledger is not used: {error}. Repair or delete it; after a merge in git, write \
                         `{file} merge=union` to .gitattributes."
                    );
                    problems.push(Problem::warning(file, message).at((number, column as u32)));
                    facts.damaged.insert(text.into());
                }
            }
        }
        (facts, problems)
    }

    /// The text of a file with these facts.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for Fact { source, path, seen, id, hash } in self.iter() {
            let seen = seen.time().to_rfc3339_opts(SecondsFormat::Micros, true);
            let [source, path, id] = [source, path, id].map(|part| serde_json::Value::from(part).to_string());
            let _ = writeln!(
                text,
                r#"{{"source":{source},"path":{path},"seen":"{seen}","id":{id},"hash":"{hash:032x}"}}"#
            );
        }
        for line in &self.damaged {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Every fact, by source and path.
    pub(super) fn iter(&self) -> impl Iterator<Item = Fact<'_>> {
        self.sources.iter().flat_map(|(source, posts)| {
            posts.iter().map(move |(path, known)| {
                let Known { seen, id, hash } = known;
                Fact { source, path, seen: *seen, id, hash: *hash }
            })
        })
    }

    /// The time at which a post was first seen; with an empty path, any post of the source.
    pub(super) fn first_seen(&self, source: &str, path: &str) -> Option<Arrival> {
        let posts = self.sources.get(source)?;
        let known = if path.is_empty() { posts.values().min() } else { posts.get(path) };
        known.map(|known| known.seen)
    }

    /// Adds a fact. Of two facts about a post the earliest is kept, ties by id. Returns the time that is kept.
    pub(super) fn add(&mut self, fact: Fact<'_>) -> Arrival {
        let new = || Known { seen: fact.seen, id: fact.id.into(), hash: fact.hash };
        // Most posts are known: texts are copied only for new ones.
        if !self.sources.contains_key(fact.source) {
            self.sources.insert(fact.source.into(), BTreeMap::new());
        }
        let Some(posts) = self.sources.get_mut(fact.source) else { return fact.seen };
        match posts.get_mut(fact.path) {
            Some(known) => {
                if (fact.seen, fact.id, fact.hash) < (known.seen, &*known.id, known.hash) {
                    *known = new();
                }
                known.seen
            }
            None => {
                posts.insert(fact.path.into(), new());
                fact.seen
            }
        }
    }

    /// Adds all facts of another ledger.
    pub(super) fn merge(&mut self, other: &Self) {
        for fact in other.iter() {
            self.add(fact);
        }
        self.damaged.extend(other.damaged.iter().cloned());
    }

    /// Sets the hashes of posts to those of these facts, which are newer.
    pub(super) fn refresh<'f>(&mut self, newer: impl Iterator<Item = Fact<'f>>) {
        for fact in newer {
            let known = self.sources.get_mut(fact.source).and_then(|posts| posts.get_mut(fact.path));
            if let Some(known) = known.filter(|known| known.hash != fact.hash) {
                known.hash = fact.hash;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> impl Strategy<Value = Facts> {
        let fact = (0..2_u8, 0..4_u8, 0..4_i64, 0..3_u8, 0..3_u128);
        proptest::collection::vec(fact, 0..12).prop_map(|all| {
            let mut facts = Facts::default();
            for (source, path, seen, id, hash) in all {
                let (source, path) = (format!("s{source}"), format!("{path} \"é\".md"));
                let (seen, id) = (Arrival::from_micros(1 + seen * 1_000_001), format!("id{id}"));
                facts.add(Fact { source: &source, path: &path, seen, id: &id, hash });
            }
            facts
        })
    }

    fn merged(one: &Facts, other: &Facts) -> Facts {
        let mut both = one.clone();
        both.merge(other);
        both
    }

    proptest! {
        #[test]
        fn ledgers_merge_in_any_order_and_any_number_of_times_with_one_result(
            (a, b, c) in (facts(), facts(), facts())
        ) {
            prop_assert_eq!(merged(&a, &b), merged(&b, &a));
            prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            prop_assert_eq!(merged(&a, &a), a.clone());
            // As git merges them with `merge=union`: the lines of both, in any order.
            let mut lines: Vec<String> = [b.to_text(), a.to_text()].iter().flat_map(|t| t.lines().map(str::to_owned)).collect();
            lines.reverse();
            let (read, problems) = Facts::parse("ledger", &lines.join("\n"));
            prop_assert_eq!(read, merged(&a, &b));
            prop_assert!(problems.is_empty());
        }
    }

    #[test]
    fn damaged_lines_are_reported_at_their_place_and_kept() {
        let line = r#"{"source":"posts","path":"a.md","seen":"2024-01-02T03:04:05.000006Z","id":"x","hash":"000000000000000000000000000000ff"}"#;
        let text = format!(
            "<<<<<<< ours\n{line}\n{}\n{}\n",
            line.replace("ff\"", "f\""),
            line.replace("\"id\"", "\"ids\"")
        );
        let (facts, problems) = Facts::parse("feedmill.ledger", &text);
        let places: Vec<(u32, u32)> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
        assert_eq!(places, [(1, 1), (3, 1), (4, 74)]);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        let written = facts.to_text();
        assert!(written.starts_with(line), "{written}");
        let mut kept: Vec<&str> = written.lines().collect();
        kept.sort_unstable();
        assert_eq!(kept, lines);
    }
}
