//! Shortcodes: the walk over a body. A language says how shortcodes are written, and what each shows.

use rustc_hash::FxHashMap;

use super::args::Args;
use super::scanner::{NextMatch, Place, Scan};
use super::{DEEPEST, Output, close_content, fill_shortcode};
use crate::body::budget::Budget;

/// The maximum length of a shortcode, in bytes.
pub(super) const LONGEST: usize = 16 << 10;

/// A parsed shortcode.
pub(super) enum Shortcode<'a> {
    /// One that has a body if there is a closing one.
    Opening(Call<'a>),
    /// One without a body.
    Single(Call<'a>),
    /// The end of the last open one; of that name, if the language names ends.
    Closing(&'a str),
    /// One that is shown as text.
    Shown(String),
}

/// A name with its arguments as written.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) args: &'a str,
}

/// The HTML of a shortcode with a body.
pub(super) enum Pair {
    /// It takes the place of the body.
    Whole(String),
    /// It precedes the body.
    Before(String),
    /// It surrounds the body.
    Around(String, String),
}

/// A language of shortcodes.
pub(super) trait Language {
    /// The strings that begin a shortcode or something else that the language translates.
    const TRIGGERS: &'static [&'static str];
    /// The beginning of every shortcode that may have a body, or end one.
    const OPENING: &'static str;
    /// The closing delimiters.
    const CLOSERS: &'static [&'static str];
    /// True if a closing shortcode names the one that it closes.
    const NAMES_ENDS: bool;

    /// Parses the shortcode at a place of a text. Returns it with its length, delimiters included.
    fn read<'a>(text: &'a str, at: usize, closers: &Closers<'_>) -> Option<(Shortcode<'a>, usize)>;

    /// Unescapes shortcodes that code shows.
    fn fix_code(code: &str, budget: &Budget) -> String;

    /// Writes something other than a shortcode that begins with a trigger. Returns its length.
    fn put_other(_trigger: &str, _text: &str, _out: &mut Output<'_>) -> Option<usize> {
        None
    }

    /// A shortcode that needs a body, as it is written without arguments, and the closing one. `text` is the whole
    /// shortcode.
    fn name_missing(call: &Call<'_>, text: &str) -> Option<(String, String)>;

    /// Returns the HTML of a shortcode without a body; `None`: the shortcode is unknown.
    fn make(name: &str, args: &Args, out: &mut Output<'_>) -> Option<String>;

    /// Returns the HTML of a shortcode with a body; `None`: the shortcode is unknown.
    fn make_pair(
        _call: &Call<'_>,
        _args: &Args,
        _inner: &str,
        _scan: &Scan<'_>,
        _out: &mut Output<'_>,
    ) -> Option<Pair> {
        None
    }
}

/// Finds the closing delimiters of a text.
pub(super) struct Closers<'a> {
    marks: Vec<(&'static str, NextMatch<'a>)>,
    pub(super) budget: &'a Budget,
}

impl<'a> Closers<'a> {
    pub(super) fn new<L: Language>(text: &'a str, budget: &'a Budget) -> Self {
        let marks = L::CLOSERS.iter().map(|mark| (*mark, NextMatch::new(text, mark, budget)));
        Self { marks: marks.collect(), budget }
    }

    /// The first place of a delimiter from `at` on, near enough for a shortcode.
    pub(super) fn find(&self, mark: &str, at: usize) -> Option<usize> {
        self.marks.iter().find(|(own, _)| *own == mark)?.1.find(at, LONGEST)
    }
}

/// Maps the place of each shortcode with a body to the place of its closing shortcode and the place after it.
fn pair_up<L: Language>(text: &str, closers: &Closers<'_>) -> FxHashMap<usize, (usize, usize)> {
    let mut pairs = FxHashMap::default();
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut at = 0;
    while let Some(here) = text[at..].find(L::OPENING).map(|found| at + found) {
        at = here + L::OPENING.len();
        match L::read(text, here, closers) {
            Some((Shortcode::Closing(name), length)) => {
                at = here + length;
                if let Some(opened) = open.get_mut(name).and_then(Vec::pop) {
                    pairs.insert(opened, (here, at));
                }
            }
            Some((Shortcode::Opening(call), length)) => {
                at = here + length;
                open.entry(if L::NAMES_ENDS { call.name } else { "" }).or_default().push(here);
            }
            _ => {}
        }
    }
    pairs
}

/// Translates a body.
pub(super) fn translate<L: Language>(text: &str, out: &mut Output<'_>, depth: usize) {
    let budget = out.budget;
    let mut scan = out.scan(text, depth);
    let closers = Closers::new::<L>(text, budget);
    let pairs = pair_up::<L>(text, &closers);
    while let Some(trigger) = scan.find(L::TRIGGERS, &mut out.text, |code| L::fix_code(code, budget)) {
        if let Some(length) = L::put_other(trigger, scan.rest(), out) {
            scan.at += length;
            continue;
        }
        let Some((shortcode, length)) = L::read(text, scan.at, &closers) else {
            out.text.push_str(trigger);
            scan.at += trigger.len();
            continue;
        };
        let behind = scan.at + length;
        let place = scan.place(scan.at, length);
        scan.at = match (shortcode, pairs.get(&scan.at)) {
            (Shortcode::Shown(shown), _) => {
                out.text.push_str(&shown);
                behind
            }
            (Shortcode::Closing(_), _) => behind,
            (Shortcode::Opening(call), Some((inner, end))) if depth > 0 => {
                let places = (place, scan.place(*inner, end - inner));
                put_pair::<L>(&call, &text[behind..*inner], places, &scan, out, depth);
                *end
            }
            (Shortcode::Opening(call), None)
                if depth > 0
                    && let Some((open, close)) = L::name_missing(&call, &text[scan.at..behind]) =>
            {
                out.record_unclosed(open, close, scan.at, depth < DEEPEST);
                scan.drop_line(behind, &mut out.text)
            }
            (Shortcode::Opening(call) | Shortcode::Single(call), _) if put::<L>(&call, place, out) => behind,
            _ => scan.drop_line(behind, &mut out.text),
        };
    }
}

/// Writes a shortcode without a body. Returns false if it is unknown.
fn put<L: Language>(call: &Call<'_>, place: Place, out: &mut Output<'_>) -> bool {
    let args = Args::parse(call.args);
    let filled = out.resolve.shortcode(call.name).map(|template| fill_shortcode(template, &args, ""));
    match filled.or_else(|| L::make(call.name, &args, out)) {
        Some(html) if out.budget.expand(html.len()) => out.push_html(html, place),
        Some(_) => {}
        None => {
            out.record_unknown(call.name);
            return false;
        }
    }
    true
}

/// Writes a shortcode with a body. The body of an unknown one is kept.
fn put_pair<L: Language>(
    call: &Call<'_>,
    inner: &str,
    places: (Place, Place),
    scan: &Scan<'_>,
    out: &mut Output<'_>,
    depth: usize,
) {
    let args = Args::parse(call.args);
    let own = out.fill_surroundings(call.name, &args).map(|(open, close)| Pair::Around(open, close));
    match own.or_else(|| L::make_pair(call, &args, inner, scan, out)) {
        Some(Pair::Whole(html)) => return out.push_html(html, places.0),
        Some(Pair::Around(open, close)) => {
            return out.push_around(open, close, places, |out| translate::<L>(inner, out, depth - 1));
        }
        Some(Pair::Before(html)) if out.budget.expand(html.len()) => out.push_html(html, places.0),
        Some(Pair::Before(_)) => {}
        None => out.record_unknown(call.name),
    }
    translate::<L>(&close_content(inner), out, depth - 1);
}
