//! Every fault of the stored catalog, and servers that do not keep one.

use std::fs;

use super::{CATALOG, check_equal, read_documents, serve_compared, site, store};
use crate::common::wait_until;

/// One fault of the file: its name, what it does to the bytes, and a line that reports it.
type Fault = (&'static str, fn(&mut Vec<u8>), &'static str);

const FAULTS: [Fault; 12] = [
    ("empty", Vec::clear, "is not used: it is damaged"),
    ("one byte", |bytes| bytes.truncate(1), "is not used: it is damaged"),
    ("half", |bytes| bytes.truncate(bytes.len() / 2), "is not used: it is damaged"),
    ("without its last byte", |bytes| bytes.truncate(bytes.len() - 1), "is not used: it is damaged"),
    ("with one more byte", |bytes| bytes.push(0), "is not used: it is damaged"),
    ("text", |bytes| *bytes = b"no catalog at all ".repeat(500), "is not used: it is damaged"),
    ("zeros", |bytes| bytes.fill(0), "is not used: it is damaged"),
    ("a damaged block", |bytes| bytes[10] ^= 1, "its part of .feedmill/catalog is not used: it is damaged"),
    ("a damaged head", |bytes| flip_from_end(bytes, 70), "is not used: it is damaged"),
    ("a damaged trailer", |bytes| flip_from_end(bytes, 1), "is not used: it is damaged"),
    ("a damaged length", |bytes| flip_from_end(bytes, 20), "is not used: it is damaged"),
    ("another build", |bytes| flip_from_end(bytes, 40), "is not used: another build of feedmill wrote it"),
];

fn flip_from_end(bytes: &mut [u8], at: usize) {
    let place = bytes.len() - at;
    bytes[place] ^= 0x40;
}

#[test]
fn a_file_with_any_fault_is_reported_once_and_the_sources_are_scanned() {
    let site = site("");
    let before = store(&site);
    let whole = fs::read(site.path(CATALOG)).expect("the file is there");
    for (name, damage, message) in FAULTS {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        site.write_bytes(CATALOG, &bytes);
        let server = serve_compared(&site);
        let log = server.log();
        assert_eq!(log.matches(message).count(), 1, "{name}: {log}");
        assert!(!log.contains("served as of") && !log.contains("panicked"), "{name}: {log}");
        check_equal(&before, &read_documents(&site, &server));
        assert_eq!(server.stop("-TERM"), Some(0));
        // It is written again.
        serve_compared(&site).wait_for_log("served as of");
    }
}

#[test]
fn a_file_that_is_no_regular_file_is_no_obstacle() {
    let site = site("");
    store(&site);
    for name in ["a folder", "a device", "a dangling link"] {
        site.remove(CATALOG);
        match name {
            "a folder" => site.create_folder(CATALOG),
            "a device" => site.link(CATALOG, "/dev/zero"),
            _ => site.link(CATALOG, "nowhere"),
        }
        let server = serve_compared(&site);
        server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
        assert!(!server.log().contains("served as of"), "{name}: {}", server.log());
        assert_eq!(server.stop("-TERM"), Some(0));
        if site.path(CATALOG).is_dir() {
            site.remove_folder(CATALOG);
            site.write(CATALOG, "");
        }
    }
}

#[test]
fn without_a_state_there_is_no_file_and_a_second_server_leaves_it_alone() {
    let site = site("[state]\npath = false\n");
    assert_eq!(serve_compared(&site).stop("-TERM"), Some(0));
    assert!(!site.path(".feedmill").exists());
    site.edit("feedmill.toml", |text| text.replace("path = false", "path = \".feedmill\""));
    let first = serve_compared(&site);
    wait_until(|| site.path(CATALOG).exists().then_some(()), || first.log());
    let bytes = fs::read(site.path(CATALOG)).expect("it is there");
    let second = serve_compared(&site);
    assert!(!second.log().contains("served as of"), "{}", second.log());
    assert_eq!(second.stop("-TERM"), Some(0));
    assert!(fs::read(site.path(CATALOG)).expect("it is there") == bytes);
}
