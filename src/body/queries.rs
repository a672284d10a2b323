//! Queries in notes: code blocks that Obsidian's plugins replace with their results. A feed reader cannot run them.

use std::borrow::Cow;

use super::budget::Budget;
use super::syntax::contains_any;

/// The languages of code blocks that are queries of Obsidian, Dataview and Tasks.
const QUERIES: [&str; 4] = ["query", "dataview", "dataviewjs", "tasks"];

/// Removes queries.
pub(super) fn remove<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !contains_any(text, &QUERIES) {
        return Cow::Borrowed(text);
    }
    budget.spend(text.len());
    let mut out = String::with_capacity(text.len());
    // The fence that closes the open block, and true if the block is a query.
    let mut open: Option<(&str, bool)> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t', '>']).trim_end();
        let fence = &bare[..bare.len() - bare.trim_start_matches(['`', '~']).len()];
        match open {
            Some((own, is_query)) => {
                if bare.starts_with(own) && bare == fence {
                    open = None;
                }
                if is_query {
                    continue;
                }
            }
            None if fence.len() >= 3 => {
                let is_query = QUERIES.contains(&bare[fence.len()..].trim());
                open = Some((fence, is_query));
                if is_query {
                    continue;
                }
            }
            None => {}
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_removed_and_other_code_stays() {
        for (text, shown) in [
            ("a\n```dataview\nlist\n```\nb\n", "a\nb\n"),
            ("> ~~~tasks\n> not done\n> ~~~\n> b\n", "> b\n"),
            ("````md\n```dataview\nlist\n```\n````\n", "````md\n```dataview\nlist\n```\n````\n"),
            ("```query\nopen", ""),
            ("~~~ dataviewjs\nrun()\n~~~\na", "a"),
            ("```sql\nquery\n```\n", "```sql\nquery\n```\n"),
        ] {
            assert_eq!(remove(text, &Budget::new(text.len())), shown, "{text}");
        }
    }
}
