//! `feedmill schema`: what editors complete by is what the program takes.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use crate::common::{TestSite, parse_json, read_file};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read_toml(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).expect("valid TOML");
    serde_json::to_value(table).expect("JSON can express it")
}

fn make_validator() -> (Value, Validator) {
    let (status, text, errors) = TestSite::new().run(&["schema"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let schema = parse_json(&text);
    let validator = jsonschema::validator_for(&schema).expect("a JSON schema");
    (schema, validator)
}

/// The shipped example with every line in effect that only shows a default.
fn uncomment_example() -> String {
    let text = read_file(root().join("config/feedmill.toml"));
    let is_setting = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        line.starts_with('[')
            || (line.contains('=')
                && !key.is_empty()
                && key.chars().all(|c| c.is_alphanumeric() || "_\".".contains(c)))
    };
    let lines =
        text.lines().map(|line| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_shipped_schema_is_the_programs_own() {
    let (_, text, _) = TestSite::new().run(&["schema"]);
    let file = root().join("config/feedmill.schema.json");
    if std::env::var_os("FEEDMILL_UPDATE").is_some() {
        fs::write(&file, &text).expect("the file can be written");
    }
    let shipped = fs::read_to_string(file).unwrap_or_default();
    assert!(shipped == text, "config/feedmill.schema.json is old. Run: FEEDMILL_UPDATE=1 cargo test schema");
}

#[test]
fn what_the_program_takes_the_schema_takes() {
    let (_, validator) = make_validator();
    let complete = read_file(root().join("tests/fixtures/config/complete.toml"));
    for text in [complete, read_file(root().join("config/feedmill.toml")), uncomment_example()] {
        feedmill::config::parse("feedmill.toml", &text).expect("the configuration is valid");
        let faults: Vec<String> =
            validator.iter_errors(&read_toml(&text)).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn what_the_program_refuses_for_its_form_the_schema_refuses() {
    let (_, validator) = make_validator();
    let least = "[site]\ntitle = \"T\"\n[[source]]\npath = \"p\"\n";
    assert!(validator.is_valid(&read_toml(least)));
    for (more, why) in [
        ("[server]\nlisten = \"8080\"", "a form"),
        ("[server]\nmax_age = -1", "a bound"),
        ("[server]\nport = 1", "an unknown key"),
        ("[[source]]\npath = \"q\"\nid = \"{site}\"", "a form"),
        ("[[source]]\npath = \"q\"\nid = \"uuid\"", "a form"),
        ("[feeds]\nlimit = 501", "a bound"),
        ("[feeds]\nformats = []", "an empty list"),
        ("[feeds]\ncontent = \"ful\"", "an unknown word"),
        ("[state]\npath = true", "another type"),
        ("[taxonomies]\nseries = { key = [] }", "an unknown key"),
        ("[[feed]]\ntitle = \"x\"", "no name"),
        ("[[feed]]\nname = \"x\"\nselect = { any_tags = \"a\" }", "another type"),
        ("[paths]\naliases = { \"/a\" = \"b\" }", "a form"),
        ("[paths]\ncompat = [\"jekyll\"]", "an unknown word"),
        ("[websub]\nhubs = [\"ftp://x.org/\"]", "a form"),
        ("[websub]\nhubs = [\"https://ü.example/\"]", "a form"),
        ("[websub]\nhubs = [\"https:h.example/\"]", "a form"),
        ("[server]\npublic_url = \"http:example.org\"", "a form"),
        ("[server]\npublic_url = \" https://example.org\"", "a form"),
        ("[server]\npublic_url = \"https://example.org/?q\"", "a form"),
        ("[server]\nlisten = \"h:+80\"", "a form"),
        ("[server]\ncache = \"1 MiB \"", "a form"),
        ("[taxonomies]\nfeeds = {}", "a word that is taken"),
        ("[taxonomies]\nany_x = {}", "a word that is taken"),
        ("[taxonomies]\n\"a/b\" = {}", "a name"),
        ("[[feed]]\nname = \"a/b\"", "a name"),
        ("[[feed]]\nname = \"..\"", "a name"),
        ("[[feed]]\nname = \"x\"\nselect = { q = \" \" }", "nothing"),
        ("[[feed]]\nname = \"x\"\nselect = { tags = [\"\"] }", "nothing"),
        ("[paths]\naliases = { \"b\" = \"/a\" }", "a form"),
        ("[paths]\ngone = [\"/a b\"]", "a form"),
    ] {
        let text = format!("{least}{more}\n");
        assert!(feedmill::config::parse("feedmill.toml", &text).is_err(), "{why}: {more}");
        assert!(!validator.is_valid(&read_toml(&text)), "{why}: {more}");
    }
    assert!(!validator.is_valid(&read_toml("[site]\ntitle = \"T\"\n")), "no source");
    assert!(!validator.is_valid(&read_toml("[site]\n[[source]]\npath = \"p\"\n")), "no title");
}

#[test]
fn the_shipped_example_shows_every_key() {
    let (schema, _) = make_validator();
    let example = read_toml(&uncomment_example());
    let mut missing = Vec::new();
    list_missing(&schema, &example, "", &mut missing);
    assert!(missing.is_empty(), "config/feedmill.toml does not show {missing:?}");
}

fn list_missing(schema: &Value, example: &Value, above: &str, missing: &mut Vec<String>) {
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let name = format!("{above}.{key}");
        let of_feeds = [".feed.", ".feed.select."].iter().any(|feed| name.starts_with(feed));
        match example.get(key) {
            // A feed takes every key of [feeds], as the example says.
            None if of_feeds => {}
            None => missing.push(name),
            Some(Value::Array(items)) if inner["items"]["properties"].is_object() => {
                list_missing(&inner["items"], &items[0], &name, missing);
            }
            Some(value) => list_missing(inner, value, &name, missing),
        }
    }
}

/// A configuration with every default written out is valid, and its example shows the same defaults.
#[test]
fn defaults_of_the_schema_are_those_of_the_example_and_are_valid() {
    let (schema, validator) = make_validator();
    let example = read_file(root().join("config/feedmill.toml"));
    let mut config = serde_json::json!({ "site": { "title": "T" }, "source": [{ "path": "posts" }] });
    let mut count = 0;
    for table in ["site", "server", "source", "feeds", "pages", "log"] {
        let properties = &schema["properties"][table];
        let properties = if table == "source" { &properties["items"] } else { properties };
        for (key, property) in properties["properties"].as_object().expect("a JSON object") {
            let Some(default) = property.get("default") else { continue };
            count += 1;
            let line = example.lines().map(|line| line.trim_start_matches("# ")).find(|line| {
                line.split_once('=').is_some_and(|(name, value)| {
                    let value = value.split("  #").next().unwrap_or(value).trim();
                    let written: Option<toml::Table> = toml::from_str(&format!("value = {value}")).ok();
                    let written = written.and_then(|table| serde_json::to_value(table).ok());
                    name.trim() == key && written.is_some_and(|written| written["value"] == *default)
                })
            });
            assert!(line.is_some(), "{table}.{key}: the example does not show {default}");
            if table == "source" {
                config[table][0][key] = default.clone();
            } else {
                config[table][key] = default.clone();
            }
        }
    }
    assert!(count >= 20 && validator.is_valid(&config), "{count}: {config}");
}
