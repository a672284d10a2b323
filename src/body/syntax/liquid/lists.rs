//! Filters of lists (`liquid 4.0 StandardFilters`, `jekyll 4.4 Filters`).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::data::{Data, join};
use super::filters::{ITEM_STEPS, STEPS};
use crate::body::syntax::Output;

/// The names of the filters.
pub(super) const NAMES: [&str; 18] = [
    "first",
    "last",
    "size",
    "length",
    "reverse",
    "compact",
    "uniq",
    "join",
    "sort",
    "sort_natural",
    "map",
    "where",
    "find",
    "concat",
    "slice",
    "group_by",
    "array_to_sentence_string",
    "push",
];

/// The maximum length of a filter's key, in bytes.
const LONGEST_KEY: usize = 64;

/// A list, and the arguments of a filter.
struct Filtered<'a> {
    items: Arc<[Data]>,
    args: &'a [Option<Data>],
    out: &'a Output<'a>,
}

/// Applies a filter to a list, a map or nil; `None`: the result is unknown.
pub(super) fn apply(value: &Data, name: &str, args: &[Option<Data>], out: &Output<'_>) -> Option<Data> {
    if matches!(name, "size" | "length") {
        return Some(value.size());
    }
    // Most filters return nil for nil.
    if matches!(value, Data::Nil) && !matches!(name, "join" | "concat" | "push") {
        return Some(Data::Nil);
    }
    if !out.budget.spend(value.weigh()) {
        return None;
    }
    let items: Arc<[Data]> = match value {
        // `jekyll 4.4 where`: a map is filtered by its values.
        Data::Map(entries) if matches!(name, "where" | "find" | "sort" | "group_by") => {
            entries.iter().map(|(_, value)| value.clone()).collect()
        }
        _ => value.items(),
    };
    let sort_steps = if name.starts_with("sort") { items.len().max(1).ilog2() as usize } else { 0 };
    let held = items.iter().map(Data::weigh).sum::<usize>();
    if !out.budget.spend(held + items.len() * (ITEM_STEPS + 128 * sort_steps)) {
        return None;
    }
    // `liquid 4.0 InputIterator`: lists within the list count as its own items.
    let flattens = matches!(name, "reverse" | "compact" | "uniq" | "join" | "map" | "concat");
    let items = if flattens { flatten(items) } else { items };
    let list = Filtered { items, args, out };
    let all = || list.items.iter().cloned();
    Some(match name {
        "first" => all().next().unwrap_or(Data::Nil),
        "last" => all().next_back().unwrap_or(Data::Nil),
        "reverse" => Data::list(all().rev()),
        "compact" => Data::list(all().filter(|item| !matches!(item, Data::Nil))),
        "concat" => Data::list(all().chain(list.arg(0)?.items().iter().cloned())),
        "push" => Data::list(all().chain([list.arg(0)?.clone()])),
        "map" => {
            let key = list.key()?;
            Data::list(all().map(|item| item.get_path(&key)))
        }
        "join" => Data::from(join(&list.items, &list.text(0, " ")?)?),
        "array_to_sentence_string" => list.write_sentence()?,
        "uniq" => list.drop_repeated()?,
        "slice" => list.slice()?,
        "sort" | "sort_natural" => list.sort(name == "sort_natural")?,
        "group_by" => list.group()?,
        "find" => list.select()?.next().unwrap_or(Data::Nil),
        _ => Data::list(list.select()?),
    })
}

/// Replaces lists within a list with their items.
fn flatten(items: Arc<[Data]>) -> Arc<[Data]> {
    if !items.iter().any(|item| matches!(item, Data::List(_))) {
        return items;
    }
    let mut flat = Vec::new();
    for item in &*items {
        match item {
            Data::List(within) => flat.extend(within.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    flat.into()
}

impl Filtered<'_> {
    fn arg(&self, place: usize) -> Option<&Data> {
        self.args.get(place)?.as_ref()
    }

    /// Returns an argument as text, or `default` if it is not written.
    fn text(&self, place: usize, default: &str) -> Option<String> {
        let is_written = self.args.len() > 1 || self.arg(0).is_some();
        if is_written { self.arg(place)?.to_text() } else { Some(default.to_owned()) }
    }

    /// Returns the key of items that the first argument names.
    fn key(&self) -> Option<String> {
        self.arg(0)?.to_text().filter(|key| key.len() <= LONGEST_KEY)
    }

    /// Returns the printed text of an item. Its steps are charged, as for every copy.
    fn print(&self, item: &Data) -> Option<String> {
        item.to_text().filter(|text| self.out.budget.spend(text.len() * STEPS))
    }

    fn write_sentence(&self) -> Option<Data> {
        let word = self.text(0, "and")?;
        Some(Data::from(match &self.items[..] {
            [one, other] => format!("{} {word} {}", self.print(one)?, self.print(other)?),
            [first @ .., last] if !first.is_empty() => {
                format!("{}, {word} {}", join(first, ", ")?, self.print(last)?)
            }
            all => join(all, "")?,
        }))
    }

    fn drop_repeated(&self) -> Option<Data> {
        let texts = self.items.iter().map(|item| self.print(item)).collect::<Option<Vec<_>>>()?;
        let mut seen = HashSet::new();
        let each = self.items.iter().zip(&texts).filter(|(_, text)| seen.insert(*text));
        Some(Data::list(each.map(|(item, _)| item.clone())))
    }

    fn slice(&self) -> Option<Data> {
        let Data::Int(from) = *self.arg(0)? else { return None };
        let from = if from < 0 { self.items.len() as i64 + from } else { from };
        let length = match self.args.get(1) {
            Some(Some(Data::Int(length))) => *length,
            Some(_) => return None,
            None => 1,
        };
        let [from, length] = [from, length].map(|number| usize::try_from(number).unwrap_or_default());
        Some(Data::list(self.items.iter().skip(from).take(length).cloned()))
    }

    fn sort(&self, ignores_case: bool) -> Option<Data> {
        let key = if self.arg(0).is_some() { Some(self.key()?) } else { None };
        let read = |item: &Data| {
            let own = key.as_ref().map_or_else(|| item.clone(), |key| item.get_path(key));
            match own {
                Data::Text(_) if ignores_case => self.print(&own).map(|text| text.to_lowercase().into()),
                own => Some(own),
            }
        };
        let keyed = self.items.iter().map(|item| Some((read(item)?, item.clone())));
        let mut keyed = keyed.collect::<Option<Vec<_>>>()?;
        keyed.sort_by(|(one, _), (other, _)| one.compare(other));
        Some(Data::list(keyed.into_iter().map(|(_, item)| item)))
    }

    /// Selects the items in which a key has the wanted value, or any true value if none is given.
    fn select(&self) -> Option<impl Iterator<Item = Data>> {
        let key = self.key()?;
        let wanted = match self.args.get(1) {
            Some(wanted) => Some(wanted.clone()?),
            None => None,
        };
        let text = wanted.as_ref().and_then(Data::to_text).unwrap_or_default();
        let is_wanted = move |item: &&Data| {
            let own = item.get_path(&key);
            wanted.as_ref().map_or_else(|| own.is_true(), |wanted| own.matches(wanted, &text))
        };
        Some(self.items.iter().filter(is_wanted).cloned())
    }

    /// `jekyll 4.4 GroupingFilters#group_by`
    fn group(&self) -> Option<Data> {
        let key = self.key()?;
        let mut groups: Vec<(String, Vec<Data>)> = Vec::new();
        let mut places = HashMap::new();
        for item in &*self.items {
            let name = self.print(&item.get_path(&key))?;
            let place = *places.entry(name.clone()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, items)) => items.push(item.clone()),
                None => groups.push((name, vec![item.clone()])),
            }
        }
        Some(Data::list(groups.into_iter().map(|(name, items)| {
            let size = Data::Int(items.len() as i64);
            let entries = [("name", Data::from(name)), ("items", Data::list(items)), ("size", size)];
            Data::Map(entries.map(|(key, value)| (key.into(), value)).into())
        })))
    }
}
