//! What a feed holds and how often it changes, said in words.

use chrono::{DateTime, FixedOffset, Utc};

use crate::catalog::{FeedSettings, Selection, Snapshot, TermKey};
use crate::config::{Content, Order};
use crate::feed::spell_term;

/// How a taxonomy is spoken of, before a term of it.
fn preposition(name: &str) -> String {
    match name {
        "tags" => "tagged".to_owned(),
        "categories" => "in the category".to_owned(),
        "authors" => "by".to_owned(),
        other => format!("with {other}"),
    }
}

/// Which posts a selection holds: `Posts tagged “Rust”, but none in the category “News”.`
pub(super) fn describe_selection(snapshot: &Snapshot, selection: &Selection) -> String {
    let site = &snapshot.site;
    let Selection { all, any, not, sources, languages, section, words, order: _ } = selection;
    let say = |key: &TermKey| {
        let name = &site.taxonomies[usize::from(key.taxonomy)].name;
        format!("{} “{}”", preposition(name), spell_term(snapshot, key))
    };
    let choose = |choices: Vec<String>| choices.join(" or ");
    let mut parts: Vec<String> = all.iter().map(say).collect();
    parts.extend(any.iter().map(|group| choose(group.iter().map(say).collect())));
    if let Some(sources) = sources {
        let names = sources.iter().map(|source| site.sources[usize::from(*source)].name.clone());
        let names: Vec<String> = names.collect();
        parts.push(if names.is_empty() {
            "from no source that there is".to_owned()
        } else {
            format!("from {}", choose(names))
        });
    }
    parts.extend(languages.as_ref().map(|codes| {
        let codes = codes.iter().map(ToString::to_string).collect();
        format!("in the language {}", choose(codes))
    }));
    parts.extend(section.as_ref().map(|(_, name)| format!("in the section “{name}”")));
    parts.extend(words.as_ref().map(|words| format!("with the words “{}”", words.join())));
    parts.extend(not.iter().map(|key| format!("but none {}", say(key))));
    if parts.is_empty() { "Every post.".to_owned() } else { format!("Posts {}.", parts.join(", ")) }
}

/// How entries stand in a feed: `Newest first, 20 to a page, with their whole texts.`
pub(super) fn describe_settings(settings: &FeedSettings) -> String {
    let order = match settings.order {
        Order::Published => "Newest first",
        Order::Updated => "Those changed last first",
    };
    let content = match settings.content {
        Content::Full => "with their whole texts",
        Content::Summary => "with their summaries",
        Content::None => "with their titles alone",
    };
    format!("{order}, {} to a page, {content}.", settings.limit)
}

/// How many posts: `1 post`, `12,345 posts`.
pub(super) fn count_posts(count: usize) -> String {
    group_digits(count) + if count == 1 { " post" } else { " posts" }
}

/// A number as it is read: `12,345`.
pub(super) fn group_digits(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How often posts come, by when some that follow each other were published: `about 3 posts a week`.
/// `None`: too few to say.
pub(super) fn describe_rate(published: &[DateTime<Utc>]) -> Option<String> {
    let (first, last) = (published.iter().min()?, published.iter().max()?);
    let (gaps, seconds) = (published.len() as i64 - 1, (*last - *first).num_seconds());
    if gaps == 0 || seconds <= 0 {
        return None;
    }
    let units = [("an hour", 3600), ("a day", 86_400), ("a week", 604_800), ("a month", 2_629_800)];
    // Rather one a week than 0.8 of one; and what is told of a unit was seen over about one.
    let fits = |length: i64| gaps * length * 4 >= seconds * 3 && length * 4 <= seconds * 5;
    let year = ("a year", 31_557_600);
    let (unit, length) = match units.into_iter().find(|(_, length)| fits(*length)) {
        Some(unit) => unit,
        // A few at one time say nothing of the next ones.
        None if seconds * 12 < year.1 => return None,
        None => year,
    };
    Some(match (gaps * length + seconds / 2) / seconds {
        0 => "fewer than one post a year".to_owned(),
        count => format!("about {} {unit}", count_posts(count as usize)),
    })
}

/// A day as it is read: `24 November 2026`.
pub(super) fn write_day(time: DateTime<FixedOffset>) -> String {
    time.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{count_posts, describe_rate};

    #[test]
    fn rates_are_told_in_the_unit_that_fits() {
        for (days, count, wanted) in [
            (1.0, 1, None),
            (0.0, 3, None),
            (0.5, 3, None),
            (2.0, 9, Some("about 4 posts a day")),
            (0.25, 9, Some("about 1 post an hour")),
            (0.000_01, 20, None),
            (200.0, 2, Some("about 2 posts a year")),
            (28.0, 13, Some("about 3 posts a week")),
            (30.4, 2, Some("about 1 post a month")),
            (365.25, 5, Some("about 4 posts a year")),
            (3650.0, 2, Some("fewer than one post a year")),
        ] {
            let start = DateTime::<Utc>::UNIX_EPOCH.timestamp();
            let step = if count > 1 { days * 86_400.0 / f64::from(count - 1) } else { 0.0 };
            let times = (0..count).map(|at| start + (step * f64::from(at)) as i64);
            let times: Vec<_> = times.filter_map(|at| DateTime::from_timestamp(at, 0)).collect();
            assert_eq!(describe_rate(&times).as_deref(), wanted, "{count} in {days} days");
        }
        assert_eq!(describe_rate(&[]), None);
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        for (count, wanted) in
            [(0, "0 posts"), (1, "1 post"), (999, "999 posts"), (1_234_567, "1,234,567 posts")]
        {
            assert_eq!(count_posts(count), wanted);
        }
    }
}
