//! The number of posts per month, as a chart and as text.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::catalog::{Selection, Snapshot, Timeline};
use crate::config::{Order, start_of_day};
use crate::texts::Texts;

/// The maximum number of months that are shown: the newest ones.
const MAX_MONTHS: i32 = 48;

/// The minimum number of months that are shown, so that few posts are not large bars.
const MIN_MONTHS: i32 = 12;

/// The height of the plot in SVG units; each month is [`WIDTH`] wide.
const HEIGHT: usize = 60;
const WIDTH: usize = 10;

/// Posts per month, up to the month of the newest post. Nothing here depends on the current date.
#[derive(Debug)]
pub(super) struct Plot {
    /// The month of the first count, in months since the year 0.
    first: i32,
    counts: Vec<usize>,
    /// The month of the oldest post, in months since the year 0.
    pub(super) since: i32,
}

impl Plot {
    /// Makes the plot of a selection; `None` if there is too little to show, or if the selection searches for words,
    /// which would read all posts.
    pub(super) fn new(snapshot: &Snapshot, selection: &Selection) -> Option<Self> {
        if selection.words.is_some() {
            return None;
        }
        let timeline = Timeline::new(snapshot, selection, Order::Published);
        let zone = snapshot.site.time_zone;
        let month_of = |time: DateTime<Utc>| {
            let local = time.with_timezone(&zone);
            local.year() * 12 + local.month0() as i32
        };
        let (since, last) = (month_of(timeline.oldest()?), month_of(timeline.newest()?));
        if last - since < 2 {
            return None;
        }
        let first = since.clamp(last - (MAX_MONTHS - 1), last - (MIN_MONTHS - 1));
        let later: Vec<usize> =
            (first..=last + 1).map(|month| timeline.count_since(start(month, zone))).collect();
        let counts = later.windows(2).map(|pair| pair[0].saturating_sub(pair[1])).collect();
        Some(Self { first, counts, since })
    }

    /// Writes the chart, with its text.
    pub(super) fn write(&self, texts: &Texts) -> Markup {
        let most = self.counts.iter().copied().max().unwrap_or_default().max(1);
        let busiest = self.counts.iter().position(|count| *count == most).unwrap_or_default();
        let name = |place: usize| name_month(texts, self.first + place as i32);
        let (from, to) = (name(0), name(self.counts.len() - 1));
        let values = [
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("most", &texts.count("posts", most)),
            ("month", &name(busiest)),
        ];
        let text = texts.fill("plot-text", &values);
        html! {
            figure.plot {
                figcaption { (texts.say("posts-per-month")) }
                svg role="img" aria-label=(text) viewBox={ "0 0 " (self.counts.len() * WIDTH) " " (HEIGHT) }
                    preserveAspectRatio="none" {
                    @for (place, count) in self.counts.iter().enumerate() {
                        // The smallest visible bar is two units high.
                        @let height = if *count == 0 { 1 } else { (count * HEIGHT / most).max(2) };
                        rect class=[(*count == 0).then_some("none")] x=(place * WIDTH + 1) y=(HEIGHT - height)
                            width=(WIDTH - 2) height=(height) {
                            title { (name(place)) ": " (texts.count("posts", *count)) }
                        }
                    }
                }
                div.axis aria-hidden="true" { span { (from) } span { (to) } }
            }
        }
    }

    /// The month of the oldest post.
    pub(super) fn since(&self, texts: &Texts) -> String {
        name_month(texts, self.since)
    }
}

fn name_month(texts: &Texts, month: i32) -> String {
    texts.month(first_day(month))
}

/// The start of a month in a time zone.
fn start(month: i32, zone: Tz) -> DateTime<Utc> {
    start_of_day(first_day(month), zone)
}

fn first_day(month: i32) -> NaiveDate {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}
