//! A save costs what it changes, however many posts there are.

use super::*;

/// Posts with terms that all, half or few of them have.
fn write(number: i64, published: i64) -> Post {
    let (half, few) = (format!("half {}", number % 2), format!("few {}", number % 500));
    let path = format!("{number:06}.md");
    let mut post = post((number % 2) as u16, &path, &path, published, &["all", &half, &few]);
    post.section = Some(format!("section {}", number % 100).into());
    post
}

/// The bytes of the parts of a snapshot that the one before it does not share.
fn count_copied(before: &Snapshot, after: &Snapshot) -> usize {
    let known = before.parts();
    after.parts().iter().filter(|(address, _)| !known.contains_key(address)).map(|(_, size)| size).sum()
}

/// The bytes that saves of each kind copy in a catalog of so many posts.
fn measure(count: i64) -> [usize; 5] {
    let mut catalog = Catalog::new(site());
    let now = at(10_000_000);
    let first = catalog.apply((0..count).map(|number| put(write(number, number))).collect(), now);
    // Readers use all indices.
    let key = |tag: &str| TermKey { taxonomy: 0, folded: tag.into() };
    let any = Selection { any: vec![vec![key("all"), key("half 1")]], ..Selection::default() };
    assert_eq!(first.count_selected(&any, &NoTexts), count as usize);
    assert!(first.find_page(SourceId::new(0), "000002").is_some());
    let middle = count / 2;
    let edited = Post { bytes_hash: 1, ..write(middle, middle) };
    let moved = write(middle, count + 7);
    let renamed = Post { terms: post(0, "", "", 0, &["all", "new term"]).terms, ..moved.clone() };
    let saves = [put(edited), put(moved), put(renamed), put(write(count, 5)), remove(0, "000002.md")];
    let mut before = catalog.apply(Vec::new(), now);
    saves.map(|save| {
        let after = catalog.apply(vec![save], now);
        let copied = count_copied(&before, &after);
        before = after;
        copied
    })
}

#[test]
fn a_save_copies_as_much_of_ten_times_as_many_posts() {
    let (few, many) = (measure(4_000), measure(40_000));
    for (few, many) in few.into_iter().zip(many) {
        assert!(many < few * 3 / 2, "{few} bytes were copied, and {many} of ten times as many posts");
    }
}

#[test]
fn a_snapshot_is_not_changed_by_later_saves() {
    let mut catalog = Catalog::new(site());
    let before = catalog.apply((0..2000).map(|number| put(write(number, number))).collect(), at(1 << 20));
    let all = |snapshot: &Snapshot| ids(snapshot, &Selection::default());
    let known = all(&before);
    let after = catalog.apply(vec![put(write(3, 5000)), remove(0, "001998.md")], at(1 << 20));
    assert_eq!(all(&before), known);
    assert_eq!(all(&after)[..2], ["000003.md", "001999.md"]);
    assert_eq!((before.count_main(), after.count_main()), (2000, 1999));
}
