//! The output of `liquid 5.4` and `jekyll 4.3` for the same data.

use super::Data;
use crate::body::test_syntax::JEKYLL;
use crate::body::tests::convert_as;
use crate::body::{collapse_white_space, strip_markup};
use crate::config::Embeds;

fn map<const N: usize>(entries: [(&str, Data); N]) -> Data {
    Data::Map(entries.map(|(key, value)| (key.into(), value)).into())
}

fn texts<const N: usize>(texts: [&str; N]) -> Data {
    Data::list(texts.map(Data::from))
}

/// The data of the test site, in addition to its texts.
pub(in crate::body) fn find_data(name: &str) -> Option<Data> {
    let release = |version: &str, date: i64, more: (&str, Data)| {
        map([("version", version.into()), ("date", Data::Int(date)), more, ("url", url_of(version))])
    };
    let releases = Data::list([
        release("3.4.1", 2, ("tags", texts(["a", "b"]))),
        release("3.3.0", 10, ("tags", texts(["b"]))),
        release("2.0", 1, ("kind", "old".into())),
    ]);
    let person = |name: &str| map([("name", name.into())]);
    Some(match name {
        "site.data" => map([
            ("releases", releases),
            ("empty", Data::list([])),
            ("people", map([("ada", person("Ada")), ("bob", person("Bob"))])),
            ("count", Data::Int(7)),
            ("half", Data::Float(1.5)),
        ]),
        "page.issues" => texts(["x", "y"]),
        "page.flag" => Data::Bool(true),
        "page.off" => Data::Bool(false),
        "page.nothing" => Data::Nil,
        _ => return None,
    })
}

fn url_of(version: &str) -> Data {
    map([("gz", format!("https://r.org/{version}.gz").into())])
}

fn convert(body: &str) -> (String, Vec<String>) {
    let converted = convert_as(JEKYLL, body, Embeds::Link, None);
    (strip_markup(&converted.html), converted.unknown)
}

#[test]
fn data_is_printed() {
    for (body, expected) in [
        (
            "{% assign release = site.data.releases | where: \"version\", \"3.4.1\" | first %}[gz]({{ release.url.gz }}) {{ release.tags | join: \", \" }}",
            "gz a, b",
        ),
        (
            "{% for r in site.data.releases %}{{ r.version }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            "3.4.1, 3.3.0, 2.0",
        ),
        (
            "{% for r in site.data.releases limit:1 offset:1 %}{{ forloop.index }}/{{ forloop.length }} {{ r.version }}{% endfor %}",
            "1/1 3.3.0",
        ),
        ("{% for r in site.data.releases reversed %}{{ r.version }} {% endfor %}", "2.0 3.3.0 3.4.1 "),
        ("{% for r in site.data.empty %}x{% else %}none{% endfor %}", "none"),
        ("{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "13"),
        ("{% for i in (1..9) %}{% if i > 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "12"),
        ("{% for p in site.data.people %}{{ p[0] }}={{ p[1].name }} {% endfor %}", "ada=Ada bob=Bob "),
        (
            "{% if site.data.count > 5 and page.flag %}many{% elsif page.flag %}few{% else %}none{% endif %}",
            "many",
        ),
        ("{% if page.off %}a{% elsif page.nothing %}b{% else %}c{% endif %}", "c"),
        (
            "{% unless page.off %}shown{% endunless %}{% unless page.flag %}hidden{% else %}else{% endunless %}",
            "shownelse",
        ),
        (
            "{% if page.issues contains \"x\" %}has x{% endif %} {% if page.title contains \"Tit\" %}tit{% endif %}",
            "has x tit",
        ),
        (
            "{% if page.issues.size == 2 or page.nothing == nil %}yes{% endif %}{% if site.data.empty == empty %}empty{% endif %}",
            "yesempty",
        ),
        (
            "{% case site.data.count %}{% when 1, 2 %}low{% when 7 %}seven{% else %}other{% endcase %}",
            "seven",
        ),
        ("{% case page.title %}{% when \"x\" or \"y\" %}low{% else %}other{% endcase %}", "other"),
        (
            "{{ site.data.releases | size }} {{ site.data.releases.size }} {{ page.title | size }} {{ site.data.releases.first.version }} {{ site.data.releases[1].version }} {{ site.data[\"count\"] }}",
            "3 3 9 3.4.1 3.3.0 7",
        ),
        (
            "{{ site.data.releases | map: \"version\" | sort | join: \" \" }} {{ site.data.releases | sort: \"date\" | map: \"version\" | last }}",
            "2.0 3.3.0 3.4.1 3.3.0",
        ),
        (
            "{{ site.data.count | plus: 1 }} {{ site.data.count | minus: 1 }} {{ site.data.count | times: 2 }} {{ site.data.count | divided_by: 2 }} {{ site.data.half | times: 2 }} {{ site.data.count | modulo: 4 }}",
            "8 6 14 3 3.0 3",
        ),
        (
            "{{ \"a,b,c\" | split: \",\" | reverse | join: \"-\" }} {{ \"hello\" | capitalize }} {{ \"abcdef\" | truncate: 5 }} {{ \"abcdef\" | slice: 1, 2 }} {{ \" x \" | strip }}!",
            "c-b-a Hello ab... bc x!",
        ),
        (
            "{% assign names = site.data.releases | map: \"tags\" | compact %}{{ names | size }} {{ page.issues | array_to_sentence_string }}",
            "3 x and y",
        ),
        (
            "{% assign by = site.data.releases | group_by: \"kind\" %}{% for g in by %}{{ g.name }}:{{ g.size }} {% endfor %}",
            ":2 old:1 ",
        ),
        (
            "{{ site.data.releases | where: \"tags\", \"b\" | map: \"version\" | join: \",\" }} {{ site.data.releases | find: \"version\", \"2.0\" | size }}",
            "3.4.1,3.3.0 4",
        ),
        (
            "{{ page.nothing | default: \"d\" }} {{ page.off | default: \"d\" }} {{ page.title | default: \"d\" }}",
            "d d The Title",
        ),
        (
            "{% for a in page.issues %}{% for b in (1..2) %}{{ a }}{{ b }} {% endfor %}{% endfor %}",
            "x1 x2 y1 y2 ",
        ),
        (
            "{% assign list = \"\" | split: \"\" %}{% assign list = list | push: \"a\" %}{% assign list = list | concat: page.issues %}{{ list | join: \" \" }} {{ \"a b\" | url_encode }}",
            "a x y a+b",
        ),
        (
            "{% if page.flag == true and page.off == false or page.nothing %}ok{% endif %}{% if page.title == \"The Title\" %}!{% endif %}",
            "ok!",
        ),
        (
            "{% for r in site.data.releases %}{% if r.kind %}{{ r.kind }}{% else %}new {% endif %}{% endfor %}",
            "new new old",
        ),
        ("{% if page.flag %}{% if page.off %}a{% else %}b{% endif %}{% else %}c{% endif %}d", "bd"),
        (
            "{{ page.issues | uniq | first }} {{ 3.7 | round }} {{ 3.2 | ceil }} {{ -3 | abs }} {{ 5 | at_most: 3 }} {{ \"1.5\" | plus: 1 }}",
            "x 4 4 3 3 2.5",
        ),
    ] {
        assert_eq!(convert(body), (collapse_white_space(expected), Vec::new()), "{body}");
    }
}

#[test]
fn links_of_data_are_links() {
    let body =
        "{% assign r = site.data.releases | where: \"version\", \"3.3.0\" | first %}\n\n* <{{ r.url.gz }}>\n";
    let html = convert_as(JEKYLL, body, Embeds::Link, None).html;
    assert_eq!(html, "<ul>\n<li><a href=\"https://r.org/3.3.0.gz\">https://r.org/3.3.0.gz</a></li>\n</ul>");
}

/// The fallbacks: the first branch of a condition, and nothing for a loop.
#[test]
fn what_cannot_be_known_is_reported() {
    for (body, shown, unknown) in [
        ("{% for p in site.posts %}{{ p.title }}{% endfor %}a", "a", &["for"][..]),
        ("{% for p in site.posts %}x{% endfor %}a", "a", &["for"]),
        ("{% if site.posts %}a{% else %}b{% endif %}", "a", &["if"]),
        ("{% assign p = site.posts | first %}{{ p.title }}a", "a", &["p.title"]),
        ("{{ page.nothing }}a", "a", &["page.nothing"]),
        ("{{ site.data.count | unheard_of }}a", "a", &["site.data.count | unheard_of"]),
        ("{{ site.data.people }}a", "a", &["site.data.people"]),
    ] {
        let unknown = unknown.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(convert(body), (shown.to_owned(), unknown), "{body}");
    }
}

#[test]
fn loops_end_where_the_budget_does() {
    let round = "{% for a in (1..9999) %}";
    for body in [
        format!("{round}{round}{round}x{{% endfor %}}{{% endfor %}}{{% endfor %}}"),
        format!("{round}{{% assign l = l | concat: site.data.releases %}}{{% endfor %}}{{{{ l | size }}}}"),
        format!(
            "{{% assign l = \"a\" | split: \",\" %}}{round}{{% assign l = l | concat: l %}}{{% endfor %}}"
        ),
        format!(
            "{{% assign t = \"aaaa\" %}}{round}{{% assign t = t | append: t %}}{{{{ t }}}}{{% endfor %}}"
        ),
    ] {
        let converted = convert_as(JEKYLL, &body, Embeds::Link, None);
        assert!(converted.html.len() < 4 << 20, "{body}: {} bytes", converted.html.len());
    }
}
