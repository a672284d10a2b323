//! Liquid in posts that prints data and dates: what Jekyll 4.4 prints of the same site.

use crate::common::TestSite;

const POST: &str = r#"---
title: A
date: 2024-03-09 10:11:12 +0000
when: 2024-07-04 08:09
---
<p>1 {% assign old = site.data.people | where_exp: "p", "p.year < 2000" %}{{ old | map: "name" | join: "," }}</p>
<p>2 {{ site.data.people | where_exp: "p", "p.lead and p.year > 1000" | map: "name" | join: "," }}</p>
<p>3 {{ site.data.people | where_exp: "p", "p.name contains 'd' or p.lead == true" | map: "name" | join: "," }}</p>
<p>4 {% assign limit = 1900 %}{% assign f = site.data.people | find_exp: "p", "p.year > limit" %}{{ f.name }}</p>
<p>5 {{ page.date | date: "%b %-d, %Y %H:%M %z" }}</p>
<p>6 {{ page.when | date: "%d.%m.%y %a %A %j %e" }}</p>
<p>7 {{ "2024-01-02 10:00 +0500" | date: "%H:%M %z" }}</p>
<p>8 {{ "no date" | date: "%H" }} {{ "" | date: "%H" }}</p>
<p>9 {{ page.date | date_to_string }} {{ page.date | date_to_long_string }}</p>
<p>10 {{ "2024-01-02 10:00 +0500" | date_to_xmlschema }} {{ "2024-07-02" | date_to_rfc822 }}</p>
<p>11 {% for r in site.data.team.table %}{{ r.name }}={{ r.born | date: "%Y" }};{% endfor %} {{ site.data.team.tabs[0].b }}</p>
<p>12 {{ site.data.team.core_x.m.x }} {{ site.data.deep.er.j.k }} [{{ site.data.deep.flat }}]</p>
<p>13 {{ 0 | date: "%Y-%m-%d" }} {{ "1700000000" | date: "%F %T" }} {{ page.date | date: "%P %L %s" }}</p>
<p>14 {{ page.date | date: "" }} {{ page.date }}</p>
"#;

const PRINTED: [&str; 14] = [
    "1 Ada,Bob",
    "2 Ada",
    "3 Ada,Cyd",
    "4 Bob",
    "5 Mar 9, 2024 11:11 +0100",
    "6 04.07.24 Thu Thursday 186  4",
    "7 10:00 +0500",
    "8 no date ",
    "9 09 Mar 2024 09 March 2024",
    "10 2024-01-02T06:00:00+01:00 Tue, 02 Jul 2024 00:00:00 +0200",
    "11 Ada=1815;Bob \"B\"=; 2",
    "12 1 v []",
    "13 1970-01-01 2023-11-14 23:13:20 am 000 1709979072",
    "14 2024-03-09 11:11:12 +0100 2024-03-09 11:11:12 +0100",
];

fn site() -> TestSite {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\n");
    site.write("_config.yml", "url: https://x.example\ntimezone: Europe/Berlin\n");
    let people = "- {name: Ada, year: 1815, lead: true}\n- {name: Bob, year: 1990, lead: false}\n\
                  - {name: Cyd, year: 2001}\n";
    site.write("_data/people.yml", people);
    site.write("_data/team/table.csv", "name,born\nAda,1815-12-10\n\"Bob \"\"B\"\"\",\n");
    site.write("_data/team/tabs.tsv", "a\tb\n1\t2\n");
    site.write("_data/team/core x/m.yml", "x: 1\n");
    site.write("_data/deep/er/j.json", "{\"k\": \"v\"}");
    // A folder of the same name takes its place.
    site.write("_data/deep.yml", "flat: 1\n");
    site
}

#[test]
fn filters_and_data_files_print_what_jekyll_prints() {
    let site = site();
    site.write("_posts/2024-03-09-a.md", POST);
    let (_, json, errors) = site.run(&["render", "/feed.json"]);
    let feed: serde_json::Value = serde_json::from_str(&json).expect(&errors);
    let html = feed["items"][0]["content_html"].as_str().expect("the entry has content");
    let printed: Vec<&str> =
        html.split("<p>").skip(1).map(|line| line.split("</p>").next().unwrap_or_default()).collect();
    assert_eq!(printed, PRINTED);
    // All of it is known, except for the key that the folder hides.
    let (_, shown, _) = site.run(&["check"]);
    let unknown: Vec<&str> = shown.lines().filter_map(|line| line.split('`').nth(1)).collect();
    assert_eq!(unknown, ["site.data.deep.flat"], "{shown}");
}

#[test]
fn what_the_clock_says_and_what_is_not_printed_alike_is_reported() {
    let site = site();
    let post = "---\ntitle: A\n---\n[{{ 'now' | date: '%Y' }}][{{ page.date | date: '%Z' }}] x\n";
    site.write("_posts/2024-03-09-a.md", post);
    let (_, shown, _) = site.run(&["check"]);
    assert!(shown.contains("'now'") && shown.contains("%Z"), "{shown}");
}

#[test]
fn a_data_file_in_a_folder_is_followed() {
    let site = site();
    site.write("_posts/2024-03-09-a.md", "---\ntitle: A\n---\nThe number {{ site.data.team.core_x.m.x }}.\n");
    let server = site.serve();
    server.wait_for("/atom.xml", |response| response.text().contains("The number 1."));
    site.write("_data/team/core x/m.yml", "x: 2\n");
    server.wait_for("/atom.xml", |response| response.text().contains("The number 2."));
    site.write("_data/team/new/n.yml", "y: 3\n");
    site.write("_posts/2024-03-09-a.md", "---\ntitle: A\n---\nThe number {{ site.data.team.new.n.y }}.\n");
    server.wait_for("/atom.xml", |response| response.text().contains("The number 3."));
}

/// `jekyll 4.4`: a page always has lists of tags and categories, and what `_config.yml` lacks is nil.
#[test]
fn terms_are_lists_and_missing_keys_of_the_site_are_nil() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\n");
    site.write(
        "site/_posts/2024-01-01-a.md",
        "---\ntitle: A\n---\n{% if page.tags.size > 0 %}tagged{% else %}untagged{% endif %} \
         {% if page.categories contains \"x\" %}in x{% else %}not in x{% endif %} \
         {% if site.foo %}foo{% else %}no foo{% endif %}{% for t in page.tags %}{{ t }}{% endfor %}\n",
    );
    site.write(
        "site/_posts/2024-01-02-b.md",
        "---\ntitle: B\ntags: [one, two]\n---\n{% for t in page.tags %}{{ t }};{% endfor %}\n",
    );
    let (_, feed, _) = site.run(&["render", "/feed.json", "--site", "site"]);
    for text in ["<p>untagged not in x no foo</p>", "<p>one;two;</p>"] {
        assert!(feed.contains(text), "{text}: {feed}");
    }
    let (_, shown, _) = site.run(&["check", "site"]);
    assert!(shown.starts_with("0 errors, 0 warnings"), "{shown}");
}
