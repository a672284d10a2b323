//! `feedmill serve`: runs the server.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::catalog::Live;
use crate::config::{self, BaseUrl, Config, Listen};
use crate::http::{self, App};
use crate::watch;

/// The arguments of `serve`.
#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// A folder of posts, or a whole site: served without a configuration
    #[arg(value_name = "POSTS")]
    posts: Option<PathBuf>,
    /// Where to listen: host:port, [::1]:8080 or unix:/path
    #[arg(long, value_name = "ADDR", value_parser = parse_listen)]
    listen: Option<Listen>,
    /// How readers reach this server
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    public_url: Option<BaseUrl>,
}

fn parse_listen(text: &str) -> Result<Listen, String> {
    Listen::parse(text).ok_or_else(|| "write host:port, [::1]:8080 or unix:/run/feedmill.sock".to_owned())
}

pub(super) fn run(args: &Serve, named: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let mut config = configure(args, named)?;
    if let Some(listen) = &args.listen {
        config.server.listen = listen.clone();
    }
    if let Some(url) = &args.public_url {
        config.server.public_url = Some(url.clone());
    }
    check_sources(&config)?;
    actix_web::rt::System::new().block_on(serve(config))
}

/// The configuration named or found; with a folder named, one made of just that.
fn configure(args: &Serve, named: Option<PathBuf>) -> anyhow::Result<Config> {
    let Some(posts) = &args.posts else { return super::load(named) };
    if named.is_some() {
        anyhow::bail!(
            "a folder and --config can't be served together. Name the folder in the configuration."
        );
    }
    if !posts.is_dir() {
        anyhow::bail!("{} is no folder. Name a folder of posts.", posts.display());
    }
    let source = config::Source { path: posts.clone(), ..config::Source::default() };
    let machine_zone = config::find_machine_zone();
    Ok(Config { sources: vec![source], machine_zone, ..Config::default() })
}

/// Faults that show only when the folders are looked at are told before anything runs.
fn check_sources(config: &Config) -> anyhow::Result<()> {
    let mut config = config.clone();
    // A folder that is still to come can't show its dialect: what depends on it is checked then.
    let folder = config.folder().to_owned();
    config.sources.retain(|source| source.dialect.is_some() || folder.join(&source.path).exists());
    watch::discover(&config).map(drop).map_err(|problems| super::unusable(&config, problems))
}

async fn serve(mut config: Config) -> anyhow::Result<ExitCode> {
    let live = Live::default();
    let doubts = watch::Doubts::default();
    let bodies = Arc::new(watch::DiskBodies::new(doubts.clone()));
    let app = Arc::new(App::new(live.clone(), bodies, &config.server));
    let bound = http::bind(&config.server, app)?;
    // Port 0 is known only now, and self links must name the real one.
    if let (Listen::Tcp { port, .. }, Some(address)) = (&mut config.server.listen, bound.addresses.first()) {
        *port = address.port();
    }
    tracing::info!("listening on {}", config.server.listen);
    watch::start(config, live, doubts)?;
    bound.server.await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
