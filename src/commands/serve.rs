//! `feedmill serve`: runs the server.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use clap::Args;
use xxhash_rust::xxh3::xxh3_64;

use super::input::{Input, SiteArgument};
use super::log::Verbosity;
use crate::bodies::DiskBodies;
use crate::catalog::Live;
use crate::config::{self, BaseUrl, Config, Listen, Problem, State};
use crate::http::{self, AccessLog, App};
use crate::search;
use crate::site;
use crate::state::Store;
use crate::warm::Keeper;
use crate::watch::{self, Reload, Setting, WriterHandle};
use crate::websub;

/// The longest time that a stop waits for the state to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// The longest time that a stop waits for the catalog to be written.
const CATALOG_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of files that a server with a few connections has open.
const MIN_FILES: u64 = 64;

/// The arguments of `serve`.
#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    site: SiteArgument,
    /// Where to listen: host:port, :8080 (every interface), [::1]:8080 or unix:/path
    #[arg(long, value_name = "ADDR", value_parser = parse_listen)]
    listen: Option<Listen>,
    /// The port to listen on, instead of the configured one
    #[arg(short, long, value_name = "N", conflicts_with = "listen")]
    port: Option<u16>,
    /// How readers reach this server
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    public_url: Option<BaseUrl>,
}

fn parse_listen(text: &str) -> Result<Listen, String> {
    Listen::parse(text)
        .ok_or_else(|| "write host:port, :8080, [::1]:8080 or unix:/run/feedmill.sock".to_owned())
}

pub(super) fn run(args: Serve, config: Option<PathBuf>, verbosity: Verbosity) -> anyhow::Result<ExitCode> {
    let input = args.site.clone().with_config(config);
    let config = args.override_in(input.load()?);
    let _log = super::log::start_for_server(config.log.format, verbosity)?;
    let files = rlimit::increase_nofile_limit(u64::MAX)?;
    if files < MIN_FILES {
        anyhow::bail!(
            "only {files} files may be open, and the server needs {MIN_FILES}. Raise the limit: ulimit -n 1024"
        );
    }
    // Problems that show only when the folders are scanned are reported before anything runs.
    site::discover(&config).map_err(|problems| super::describe_invalid(&config, problems))?;
    actix_web::rt::System::new().block_on(serve(args, &input, config))
}

impl Serve {
    /// Applies the options of the command line to a configuration.
    fn override_in(&self, mut config: Config) -> Config {
        if let Some(listen) = &self.listen {
            config.server.listen = listen.clone();
        }
        if let Some(port) = self.port {
            config.server.listen = config.server.listen.with_port(port);
        }
        if let Some(url) = &self.public_url {
            config.server.public_url = Some(url.clone());
        }
        config
    }
}

/// Makes the functions that reload the configuration while the server runs.
fn reload(args: Serve, config: &Config, app: Arc<App>, access: Arc<AccessLog>) -> Reload {
    let file = config.file.clone().unwrap_or_default();
    let read = move || match config::load(&file) {
        Ok(config) => Ok(args.override_in(config)),
        Err(config::Error::Invalid(faulty)) => Err(faulty.problems),
        Err(config::Error::Unreadable { path, error }) => {
            let message = format!("the configuration cannot be read: {error}.");
            Err(vec![Problem::error(path.display().to_string(), message)])
        }
        Err(error @ config::Error::NotFound) => {
            Err(vec![Problem::error(file.display().to_string(), error.to_string())])
        }
    };
    let took_effect = move |config: &Config| {
        app.resize(config.server.cache);
        super::log::set_format(config.log.format);
        access.open(config.reach_access_log(), config.log.format);
    };
    Reload { read: Arc::new(read), took_effect: Arc::new(took_effect) }
}

/// `SIGHUP` reloads the configuration, rescans everything, and reopens the access log.
fn rescan_on(mut hangup: Signal, writer: WriterHandle, access: Arc<AccessLog>) {
    actix_web::rt::spawn(async move {
        while hangup.recv().await.is_some() {
            writer.rescan();
            access.reopen();
        }
    });
}

/// The folder of the state: as configured, else the one from systemd, else next to the configuration file, else,
/// without a configuration file, a folder in the user's state folder for these posts (XDG Base Directory
/// Specification).
fn find_state(config: &Config) -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    match &config.state {
        State::Off => None,
        State::At(folder) => Some(config.folder().join(folder)),
        State::Default => {
            if let Some(given) = variable("STATE_DIRECTORY") {
                // systemd may pass several, separated by colons.
                return std::env::split_paths(&given).next();
            }
            if config.file.is_some() {
                return Some(config.folder().join(".feedmill"));
            }
            let home = variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")))?;
            let posts = std::path::absolute(&config.sources.first()?.path).ok()?;
            let name = posts.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let hash = xxh3_64(posts.as_os_str().as_encoded_bytes());
            Some(home.join("feedmill").join(format!("{name}-{hash:016x}")))
        }
    }
}

async fn serve(args: Serve, input: &Input, read: Config) -> anyhow::Result<ExitCode> {
    let mut config = read.clone();
    // The sockets come first: if the port is in use, that is the only error to report.
    let sockets = http::Sockets::open(&config.server)?;
    input.log_choice(&config);
    config.warnings.iter().for_each(Problem::log);
    let access = Arc::new(AccessLog::start()?);
    access.open(config.reach_access_log(), config.log.format);
    let live = Live::default();
    let bodies = Arc::new(DiskBodies::default());
    let state = find_state(&config);
    let store = state.clone().map_or_else(Store::default, Store::open);
    let store = store.with_ledger(watch::open_ledger(&config));
    let app = Arc::new(App::new(live.clone(), Arc::clone(&bodies) as _, &config.server, store.clone()));
    let bound = http::bind(&config.server, sockets, Arc::clone(&app), Arc::clone(&access))?;
    let listen = &mut config.server.listen;
    match (&mut *listen, bound.addresses.first()) {
        // For port 0 the system chooses a port, which is known only now. Self links need it.
        (Listen::Tcp { port, .. }, Some(address)) if !bound.is_passed => *port = address.port(),
        (_, Some(address)) if bound.is_passed => {
            *listen = Listen::Tcp { host: address.ip().to_string(), port: address.port() };
        }
        (_, None) if bound.is_passed => *listen = Listen::Unix("the socket that was passed".into()),
        _ => {}
    }
    tracing::info!("listening on {listen}");
    // The configuration's own problems were already reported.
    let (guess, is_guess) = listen.guess_url();
    if is_guess && config.server.public_url.is_none() && (args.listen.is_some() || bound.is_passed) {
        tracing::warn!("readers cannot reach {listen}: self links use {guess}. Set --public-url.");
    }
    if let Some(listen) = &config.server.admin_listen {
        // For port 0 the chosen port is known only now. A Unix socket has no port.
        let port = bound.admin_addresses.first().filter(|_| matches!(listen, Listen::Tcp { .. }));
        tracing::info!(
            "metrics and status on {}",
            port.map_or_else(|| listen.to_string(), ToString::to_string)
        );
    }
    // Without a handler the signal ends the program.
    let hangup = signal(SignalKind::hangup())?;
    #[cfg(target_os = "linux")]
    super::service_manager::notify_ready(live.clone());
    let entries = app.entries();
    let reload = reload(args, &config, app, Arc::clone(&access));
    let store_of_writer = store.clone();
    search::start(live.clone(), &entries, state.clone())?;
    websub::start(live.clone(), Arc::clone(&entries), store.clone())?;
    let keeper = state.map(|folder| {
        let store = store.clone();
        Keeper::new(&folder, live.clone(), move || store.is_open())
    });
    let live_of_ledger = live.clone();
    let setting = Setting {
        read,
        config,
        reload,
        live,
        bodies,
        entries,
        store: store_of_writer,
        keeper: keeper.clone(),
    };
    let writer = watch::start(setting)?;
    let noted = writer.clone();
    store.ledger().keep(live_of_ledger.clone(), move |has_earlier| noted.note_ledger(has_earlier))?;
    rescan_on(hangup, writer, access);
    keeper.iter().try_for_each(Keeper::start)?;
    bound.run().await?;
    #[cfg(target_os = "linux")]
    super::service_manager::notify_stopping();
    store.flush(FLUSH_TIMEOUT);
    store.ledger().finish(&live_of_ledger, FLUSH_TIMEOUT);
    if let Some(keeper) = keeper {
        keeper.finish(CATALOG_TIMEOUT);
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
