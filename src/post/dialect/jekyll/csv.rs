//! Tables in `_data`, parsed as by Ruby's CSV.

use crate::body::Data;
use crate::limits::VALUES;

/// The rows of a table as maps with the names in its first row (`jekyll 4.4 DataReader#read_data_file`).
/// `None`: the table is malformed or too large.
pub(super) fn read(text: &str, separator: char) -> Option<Data> {
    let mut rows = split(text, separator)?.into_iter();
    let names: Vec<String> =
        rows.next().unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect();
    let mut left = VALUES;
    let rows = rows.map(|row| {
        // A row may be shorter than the first.
        left = left.checked_sub(names.len())?;
        let mut cells = row.into_iter();
        let entries = names.iter().map(|name| {
            let cell = cells.next().flatten();
            (name.as_str().into(), cell.map_or(Data::Nil, Data::from))
        });
        Some(Data::Map(entries.collect()))
    });
    Some(Data::List(rows.collect::<Option<_>>()?))
}

/// Splits a table into rows of cells; an empty cell without quotes is `None`.
fn split(text: &str, separator: char) -> Option<Vec<Vec<Option<String>>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    let mut left = VALUES;
    while !rest.is_empty() {
        let (cell, after) = read_cell(rest, separator)?;
        row.push(cell);
        left = left.checked_sub(1)?;
        rest = after;
        if let Some(next) = rest.strip_prefix(separator) {
            rest = next;
            // A separator at the end of the text is followed by an empty cell.
            row.extend(rest.is_empty().then_some(None));
            continue;
        }
        rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
        rows.push(std::mem::take(&mut row));
    }
    rows.extend((!row.is_empty()).then_some(row));
    Some(rows)
}

/// The first cell of a text, and the rest.
fn read_cell(text: &str, separator: char) -> Option<(Option<String>, &str)> {
    let ends = [separator, '\n', '\r'];
    let Some(mut rest) = text.strip_prefix('"') else {
        let (cell, after) = text.split_at(text.find(ends).unwrap_or(text.len()));
        return (!cell.contains('"')).then(|| ((!cell.is_empty()).then(|| cell.to_owned()), after));
    };
    let mut cell = String::new();
    loop {
        let end = rest.find('"')?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        // Two quotes stand for one.
        match rest.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None => return (rest.is_empty() || rest.starts_with(ends)).then_some((Some(cell), rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(cells: &[&str]) -> Vec<Option<String>> {
        cells.iter().map(|cell| (*cell != "-").then(|| (*cell).to_owned())).collect()
    }

    /// The results are those of `CSV.parse` of Ruby 3.1; `-` stands for nil.
    #[test]
    fn tables_are_split_as_in_ruby() {
        for (text, rows) in [
            ("a,b\n1,2\n", Some(vec![some(&["a", "b"]), some(&["1", "2"])])),
            (
                "a,b\r\n\"x, \"\"y\"\"\r\nz\",\r\n",
                Some(vec![some(&["a", "b"]), some(&["x, \"y\"\r\nz", "-"])]),
            ),
            ("\"\",,c", Some(vec![some(&["", "-", "c"])])),
            ("a,", Some(vec![some(&["a", "-"])])),
            ("a\"b,c", None),
            ("\"a\"b,c", None),
            ("\"a", None),
            ("", Some(vec![])),
        ] {
            assert_eq!(split(text, ','), rows, "{text:?}");
        }
    }
}
