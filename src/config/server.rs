//! `[server]`, `[state]` and `[websub]`: the running server, its store and its hubs.

use std::path::PathBuf;

use serde_json::json;
use toml::de::DeValue;

use super::reader::{At, FromToml, Within};
use super::schema;
use super::values::{BaseUrl, ByteSize, Listen};
use super::web_url::WebUrl;

/// `[server]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The address that feeds are served on.
    pub listen: Listen,
    /// The URL at which readers reach this server; `None`: guessed from `listen`.
    pub public_url: Option<BaseUrl>,
    /// The address that `/metrics` and `/status.json` are served on, if any.
    pub admin_listen: Option<Listen>,
    /// Worker threads; 0: one per core.
    pub workers: usize,
    /// Seconds a cache may keep a feed.
    pub max_age: u32,
    /// Size of the cache of rendered feeds, in bytes.
    pub cache: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: Listen::Tcp { host: "127.0.0.1".to_owned(), port: 8080 },
            public_url: None,
            admin_listen: None,
            workers: 0,
            max_age: 300,
            cache: 64 << 20,
        }
    }
}

impl Server {
    /// The URL at which readers reach this server: as configured, else guessed from `listen`.
    pub fn public_url(&self) -> BaseUrl {
        self.public_url.clone().unwrap_or_else(|| {
            let (guess, _) = self.listen.guess_url();
            BaseUrl::parse(&guess).unwrap_or_else(|_| BaseUrl::localhost())
        })
    }
}

/// `[state]`: the small store on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// `$STATE_DIRECTORY`, else `.feedmill` next to the configuration.
    #[default]
    Default,
    /// A folder, relative to the configuration.
    At(PathBuf),
    /// Keep nothing on disk.
    Off,
}

/// `[websub]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebSub {
    /// URLs of the hubs that are notified of changed feeds, as written.
    pub hubs: Vec<String>,
}

pub(super) fn read_server(at: At<'_>) -> Option<Server> {
    let mut table = at.table()?;
    let default = Server::default();
    let public_url: Option<BaseUrl> = table.get("public_url");
    let read_listen = |at: At<'_>| {
        let listen = Listen::read(at)?;
        if let (None, (guess, true)) = (&public_url, listen.guess_url()) {
            at.warn(format!(
                "cannot be reached by readers: self links use {guess}. Write server.public_url."
            ));
        }
        Some(listen)
    };
    let listen = table.read("listen", Listen::describe, read_listen).unwrap_or(default.listen);
    let read_admin = |at: At<'_>| {
        let admin = Listen::read(at)?;
        if admin.overlaps(&listen) {
            return at.error(format!("uses the port of server.listen, {listen}. Write another one."));
        }
        Some(admin)
    };
    let server = Server {
        admin_listen: table.read("admin_listen", Listen::describe, read_admin),
        listen,
        public_url,
        workers: table.get("workers").map_or(default.workers, |Within::<0, 1024>(n)| n as usize),
        max_age: table.get("max_age").map_or(default.max_age, |Within::<0, 31_536_000>(n)| n as u32),
        cache: table.get("cache").map_or(default.cache, |ByteSize(n)| n),
    };
    table.refuse_unknown();
    Some(server)
}

pub(super) fn read_state(at: At<'_>) -> Option<State> {
    let mut table = at.table()?;
    let describe = || schema::one_of([schema::text(), json!({ "const": false })]);
    let state = table.read("path", describe, |at| match at.value.get_ref() {
        DeValue::Boolean(false) => Some(State::Off),
        DeValue::String(_) => Some(State::At(String::read(at)?.into())),
        _ => at.expected("a folder in quotes, or false"),
    });
    table.refuse_unknown();
    Some(state.unwrap_or_default())
}

pub(super) fn read_websub(at: At<'_>) -> Option<WebSub> {
    let mut table = at.table()?;
    let hubs = table.get::<Vec<WebUrl>>("hubs").unwrap_or_default().into_iter().map(|hub| hub.0).collect();
    table.refuse_unknown();
    Some(WebSub { hubs })
}
