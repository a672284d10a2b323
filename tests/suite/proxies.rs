//! Servers in front, with the configurations that are shipped: validators and codings come through, and what
//! was exported is served by them alone.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::common::{Response, TestSite, ask, project, read_file, wait_until};

fn shipped(name: &str) -> String {
    read_file(project("packaging").join(name))
}

fn find_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    socket.local_addr().expect("a bound socket has an address").port()
}

/// A server in front. It is killed when it is dropped.
struct Front {
    child: Child,
    port: u16,
}

impl Front {
    /// nginx with a configuration in which each of `changes` was made, which must be there.
    fn nginx(site: &TestSite, name: &str, changes: &[(&str, &str)]) -> Self {
        let port = find_port();
        let mut text = shipped(name);
        let listen = format!("listen 127.0.0.1:{port}");
        for (from, to) in changes.iter().copied().chain([("listen 80", &*listen)]) {
            assert!(text.contains(from), "{name} has no {from}");
            text = text.replace(from, to);
        }
        let folder = site.path("nginx");
        fs::create_dir_all(folder.join("temp")).expect("the file can be written");
        let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path temp/{kind};"))
            .join(" ");
        // Outside of tests nginx has rights to give up.
        let main = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off; {temp}\n{text}\n}}\n"
        );
        fs::write(folder.join("nginx.conf"), main).expect("the file can be written");
        let mut command = Command::new("nginx");
        command.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "stderr"]);
        Self::start(command, port)
    }

    fn start(mut command: Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).spawn().expect("the program starts");
        wait_until(
            || TcpStream::connect(("127.0.0.1", port)).ok(),
            || format!("{command:?} does not listen"),
        );
        Self { child, port }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        ask(method, &format!("http://127.0.0.1:{}{path}", self.port), headers)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What must come through whoever is in front.
fn hold_against(front: &Front, server: &crate::common::Server) {
    for path in ["/atom.xml", "/tags/c++/rss.xml", "/tags/c%2B%2B/feed.json?limit=1", "/"] {
        let direct = server.get(path);
        let passed = front.ask("GET", path, &[]);
        assert_eq!((passed.status, passed.text()), (200, direct.text()), "{path}");
        for name in ["etag", "last-modified", "cache-control", "vary", "content-type", "link"] {
            assert_eq!(passed.header(name), direct.header(name), "{path} {name}");
        }
        let etag = direct.required("etag");
        let again = front.ask("GET", path, &[("If-None-Match", etag)]);
        assert_eq!((again.status, again.header("etag"), again.body.len()), (304, Some(etag), 0), "{path}");
        for coding in ["gzip", "br", "zstd"] {
            let direct = server.ask("GET", path, &[("Accept-Encoding", coding)]);
            let passed = front.ask("GET", path, &[("Accept-Encoding", coding)]);
            assert_eq!(passed.header("content-encoding"), Some(coding), "{path}");
            assert!(passed.body == direct.body && passed.header("etag") == direct.header("etag"), "{path}");
            let etag = direct.required("etag");
            let headers = [("Accept-Encoding", coding), ("If-None-Match", etag)];
            assert_eq!(front.ask("GET", path, &headers).status, 304, "{path} {coding}");
        }
        assert_eq!(front.ask("HEAD", path, &[]).header("etag"), Some(etag));
    }
    // A browser that navigates gets a page, which no other client gets afterwards.
    let shown = front.ask("GET", "/rss.xml", &[("Sec-Fetch-Dest", "document")]);
    assert!(shown.text().starts_with("<!DOCTYPE html>"));
    assert!(front.ask("GET", "/rss.xml", &[]).text().starts_with("<?xml"));
    let shown = front.ask("GET", "/rss.xml", &[("Sec-Fetch-Dest", "document")]);
    assert!(shown.text().starts_with("<!DOCTYPE html>"));
}

#[test]
#[ignore = "needs nginx"]
fn a_cache_in_front_hides_no_scheduled_post() {
    let site = site_of_three();
    let due = (chrono::Utc::now() + chrono::TimeDelta::seconds(2)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    site.post("later.md", "Later", &due, &[]);
    let server = site.serve();
    let base = server.base();
    let cache = site.path("cache").display().to_string();
    let changes =
        [("127.0.0.1:8080", base.trim_start_matches("http://")), ("/var/cache/nginx-feedmill", &*cache)];
    let front = Front::nginx(&site, "nginx.conf", &changes);
    assert_eq!(front.ask("GET", "/atom.xml", &[]).titles(), ["Two", "One"]);
    server.wait_for_titles("/atom.xml", &["Later", "Two", "One"]);
    // As a reader that comes by later: what was kept is out of date by then.
    let is_shown = || (front.ask("GET", "/atom.xml", &[]).titles().len() == 3).then_some(());
    wait_until(is_shown, || "the post stays hidden".to_owned());
}

fn site_of_three() -> TestSite {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.post("one.md", "One", "2024-01-01", &["C++"]);
    site.post("two.md", "Two", "2024-01-02", &["C++", "Rust"]);
    site
}

#[test]
#[ignore = "needs nginx"]
fn nginx_in_front_hands_validators_and_codings_through() {
    let site = site_of_three();
    let server = site.serve();
    let base = server.base();
    let address = base.trim_start_matches("http://");
    let cache = site.path("cache").display().to_string();
    let changes = [("127.0.0.1:8080", address), ("/var/cache/nginx-feedmill", &cache)];
    let front = Front::nginx(&site, "nginx.conf", &changes);
    hold_against(&front, &server);
    assert_eq!(front.ask("GET", "/atom.xml", &[]).header("x-cache"), Some("HIT"), "many polls are one");
}

#[test]
#[ignore = "needs caddy"]
fn caddy_in_front_hands_validators_and_codings_through() {
    let site = site_of_three();
    let server = site.serve();
    let port = find_port();
    let text = shipped("Caddyfile")
        .replace("feeds.example.org {", &format!("http://127.0.0.1:{port} {{"))
        .replace("static.example.org {", &format!("http://127.0.0.1:{} {{", find_port()))
        .replace("127.0.0.1:8080", server.base().trim_start_matches("http://"));
    let text = format!("{{\n\tadmin off\n\tstorage file_system {}\n}}\n{text}", site.path("caddy").display());
    site.write("Caddyfile", &text);
    let front = Front::start(caddy(&site.path("Caddyfile")), port);
    hold_against(&front, &server);
}

fn caddy(file: &Path) -> Command {
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file).stderr(Stdio::null());
    command
}

fn hold_static(front: &Front, folder: &Path, coding: &str, ending: &str) {
    for (path, file, kind) in [
        ("/atom.xml", "atom.xml", "application/atom+xml"),
        ("/tags/c++/rss.xml", "tags/c++/rss.xml", "application/rss+xml"),
        ("/tags/rust/feed.json", "tags/rust/feed.json", "application/feed+json"),
        ("/tags/rust/", "tags/rust/index.html", "text/html"),
    ] {
        let answer = front.ask("GET", path, &[]);
        assert_eq!(
            (answer.status, Some(&answer.body)),
            (200, fs::read(folder.join(file)).ok().as_ref()),
            "{path}"
        );
        let type_of = answer.required("content-type");
        assert!(
            type_of.starts_with(kind) && type_of.to_lowercase().ends_with("charset=utf-8"),
            "{path}: {type_of}"
        );
        let etag = answer.required("etag");
        assert_eq!(front.ask("GET", path, &[("If-None-Match", etag)]).status, 304, "{path}");
        let packed = front.ask("GET", path, &[("Accept-Encoding", coding)]);
        assert_eq!(packed.header("content-encoding"), Some(coding), "{path}");
        assert!(packed.header("vary").is_some_and(|vary| vary.contains("Accept-Encoding")), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        let twin: PathBuf = folder.join(format!("{file}{ending}"));
        assert_eq!(Some(packed.body), fs::read(twin).ok(), "{path}");
    }
    assert_eq!(front.ask("GET", "/.feedmill-export", &[]).status, 404);
}

#[test]
#[ignore = "needs nginx"]
fn nginx_alone_serves_what_was_exported() {
    let site = site_of_three();
    assert_eq!(site.run(&["export", "out", "--gzip"]).0, 0);
    let out = site.path("out").display().to_string();
    let front = Front::nginx(&site, "nginx-static.conf", &[("root /var/www/feeds", &format!("root {out}"))]);
    hold_static(&front, Path::new(&out), "gzip", ".gz");
}

#[test]
#[ignore = "needs caddy"]
fn caddy_alone_serves_what_was_exported() {
    let site = site_of_three();
    assert_eq!(site.run(&["export", "out", "--gzip", "--br"]).0, 0);
    let (out, port) = (site.path("out"), find_port());
    let text = shipped("Caddyfile")
        .replace("feeds.example.org {", &format!("http://127.0.0.1:{} {{", find_port()))
        .replace("static.example.org {", &format!("http://127.0.0.1:{port} {{"))
        .replace("/var/www/feeds", &out.display().to_string());
    site.write("Caddyfile", &format!("{{\n\tadmin off\n}}\n{text}"));
    let front = Front::start(caddy(&site.path("Caddyfile")), port);
    hold_static(&front, &out, "br", ".br");
}

/// Runs a shipped configuration of nginx as the recipe installs it, in namespaces where this machine is a fresh Debian:
/// then a script, whose output this is. Only the main configuration, which is Debian's, is adapted: the workers keep
/// the only user that there is.
fn run_as_printed(site: &TestSite, name: &str, script: &str) -> String {
    let recipe = project("packaging").join(name);
    let script = format!(
        "set -e
        ip link set lo up
        sed 's/^user .*/user root;/' /etc/nginx/nginx.conf > main.conf
        mount --bind main.conf /etc/nginx/nginx.conf
        for folder in /etc/nginx/conf.d /etc/nginx/sites-enabled /var/cache /var/lib/nginx /var/www /var/log/nginx /run; do
            mkdir -p $folder; mount -t tmpfs tmpfs $folder
        done
        install -m 644 '{}' /etc/nginx/conf.d/feedmill.conf
        nginx -q -t
        {script}",
        recipe.display()
    );
    let mut command = Command::new("unshare");
    command.args(["-rmn", "--pid", "--fork", "--kill-child", "bash", "-c", &script]);
    let done = command.current_dir(site.path("")).env("FEEDMILL", env!("CARGO_BIN_EXE_feedmill")).output();
    let done = done.expect("the program is installed");
    let (shown, errors) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{shown}\n{errors}");
    shown.into_owned()
}

#[test]
#[ignore = "needs nginx, curl and namespaces"]
fn the_nginx_recipe_works_as_printed() {
    let site = site_of_three();
    let shown = run_as_printed(
        &site,
        "nginx.conf",
        "\"$FEEDMILL\" serve 2> log & server=$!
        until curl -fs -o direct.xml http://127.0.0.1:8080/atom.xml; do kill -0 $server; sleep 0.02; done
        nginx
        ask() { curl -fs -H 'Host: feeds.example.org' \"$@\"; }
        until ask -o first.xml http://127.0.0.1/atom.xml; do sleep 0.02; done
        cmp direct.xml first.xml
        ask -D - -o kept.xml http://127.0.0.1/atom.xml | grep -i x-cache
        ask -o page.html http://127.0.0.1/tags/ && head -c 15 page.html && echo
        kill $server; wait $server || true
        ask -o down.xml http://127.0.0.1/atom.xml
        cmp direct.xml down.xml && echo kept while feedmill is down",
    );
    assert!(shown.contains("HIT") && shown.contains("<!DOCTYPE html>"), "{shown}");
    assert!(shown.contains("kept while feedmill is down"), "{shown}");
}

#[test]
#[ignore = "needs nginx, curl and namespaces"]
fn the_nginx_recipe_of_static_files_works_as_printed() {
    let site = site_of_three();
    let shown = run_as_printed(
        &site,
        "nginx-static.conf",
        "\"$FEEDMILL\" export /var/www/feeds --gzip
        nginx
        until curl -fs -o /dev/null http://127.0.0.1/atom.xml; do sleep 0.02; done
        curl -fs -D - -o feed.json -H 'Host: feeds.example.org' http://127.0.0.1/tags/rust/feed.json
        cmp feed.json /var/www/feeds/tags/rust/feed.json && echo equal",
    );
    assert!(shown.contains("Content-Type: application/feed+json") && shown.ends_with("equal\n"), "{shown}");
}
