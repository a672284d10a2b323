//! The input of a command: a configuration file, or a folder without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::config::{self, BaseUrl, Config, DialectName, Glob, Source};
use crate::post::dialect::Dialect;
use crate::site;

/// A configuration file, or a folder that is used without one.
#[derive(Debug, Clone, Default)]
pub(super) struct Input {
    config: Option<PathBuf>,
    site: Option<PathBuf>,
    options: FolderOptions,
}

/// Options for a folder without a configuration file.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options for a folder without a configuration file")]
pub(super) struct FolderOptions {
    /// The URL of the website that the posts are on
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    site_url: Option<BaseUrl>,
    /// The title of the site
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// The generator whose rules the posts follow
    #[arg(long, value_name = "DIALECT", value_parser = dialect_parser())]
    dialect: Option<DialectName>,
    /// Publish drafts too
    #[arg(long)]
    drafts: bool,
}

fn dialect_parser() -> impl TypedValueParser<Value = DialectName> {
    PossibleValuesParser::new(DialectName::ALL.map(DialectName::as_str))
        .try_map(|name| DialectName::find(&name).ok_or("there is no such dialect"))
}

/// `SITE` as an argument.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SiteArgument {
    /// A site or a folder of posts, used without a configuration file
    #[arg(value_name = "SITE")]
    site: Option<PathBuf>,
    #[command(flatten)]
    options: FolderOptions,
}

/// `SITE` as an option, for commands with another argument.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SiteOption {
    /// A site or a folder of posts, used without a configuration file
    #[arg(long, value_name = "FOLDER")]
    site: Option<PathBuf>,
    #[command(flatten)]
    options: FolderOptions,
}

impl SiteArgument {
    pub(super) fn with_config(self, config: Option<PathBuf>) -> Input {
        Input { config, site: self.site, options: self.options }
    }
}

impl SiteOption {
    pub(super) fn with_config(self, config: Option<PathBuf>) -> Input {
        Input { config, site: self.site, options: self.options }
    }
}

impl Input {
    /// Uses a folder if there is neither a named one nor a configuration file.
    pub(super) fn or_folder(mut self, folder: PathBuf) -> Self {
        if self.site.is_none() && config::find(self.config.as_deref()).is_err() {
            self.site = Some(folder);
        }
        self
    }

    /// Loads the configuration: of the named folder, else the configuration file that is found, else of the current
    /// folder.
    ///
    /// # Errors
    /// If the folder or file cannot be used, or options exclude each other.
    pub(super) fn load(&self) -> anyhow::Result<Config> {
        if let Some(site) = &self.site {
            if self.config.is_some() {
                bail!("a folder and --config exclude each other. Name the folder in the configuration.");
            }
            return self.read_folder(site);
        }
        let file = match config::find(self.config.as_deref()) {
            Ok(file) => file,
            Err(config::Error::NotFound) if site::is_site(Path::new(".")) => {
                return self.read_folder(Path::new("."));
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(option) = self.options.first_used() {
            bail!(
                "{option} is for a folder without a configuration file, and {} is used. Write it there, or \
                 name the folder.",
                file.display()
            );
        }
        Ok(config::load(&file)?)
    }

    /// Logs that the current folder is used, if nothing was named.
    pub(super) fn log_choice(&self, config: &Config) {
        if config.file.is_none() && self.site.is_none() {
            let here = std::env::current_dir().unwrap_or_default();
            tracing::info!("no configuration file: using the current folder, {}", here.display());
        }
    }

    fn read_folder(&self, folder: &Path) -> anyhow::Result<Config> {
        let sites = require_posts(folder)?;
        let mut config = self.options.configure(folder);
        for source in &mut config.sources {
            source.exclude.extend(exclude_sites(folder, &sites));
        }
        Ok(config)
    }
}

impl FolderOptions {
    /// The configuration of a folder without a configuration file.
    fn configure(&self, folder: &Path) -> Config {
        let source = Source {
            path: folder.to_owned(),
            dialect: self.dialect,
            drafts: self.drafts.then_some(true),
            ..Source::default()
        };
        let site =
            config::Site { title: self.title.clone(), url: self.site_url.clone(), ..Default::default() };
        let machine_zone = config::find_machine_zone();
        Config { site, sources: vec![source], machine_zone, ..Config::default() }
    }

    fn first_used(&self) -> Option<&'static str> {
        let used = [
            ("--site-url", self.site_url.is_some()),
            ("--title", self.title.is_some()),
            ("--dialect", self.dialect.is_some()),
            ("--drafts", self.drafts),
        ];
        used.into_iter().find(|(_, is_used)| *is_used).map(|(option, _)| option)
    }
}

/// The configuration of a site's folder, without options.
///
/// # Errors
/// If it is not a folder with posts.
pub(super) fn read_site(folder: &Path) -> anyhow::Result<Config> {
    require_posts(folder)?;
    Ok(FolderOptions::default().configure(folder))
}

/// Globs that exclude sites below a plain folder from its feeds: their drafts, layouts, pages.
fn exclude_sites(folder: &Path, sites: &[(PathBuf, Arc<dyn Dialect>)]) -> Vec<Glob> {
    let below = sites.iter().filter_map(|(site, dialect)| {
        let below = site.strip_prefix(folder).ok()?.to_str()?;
        tracing::warn!("{} is a site of its own ({}): it is left out", site.display(), dialect.name());
        Some(format!("{}/**", globset::escape(below)))
    });
    below.map(Glob).collect()
}

/// Checks that a path is a readable folder that contains one site. Returns the sites below a folder that has posts of
/// its own.
fn require_posts(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Arc<dyn Dialect>)>> {
    let shown = folder.display();
    let unreadable = || format!("{shown} cannot be read. Name a folder of posts");
    let metadata = fs::metadata(folder).with_context(unreadable)?;
    if !metadata.is_dir() {
        bail!("{shown} is a file, not a folder. Name the folder that contains it.");
    }
    fs::read_dir(folder).with_context(|| format!("{shown} cannot be read. Fix its permissions"))?;
    if !site::is_site(folder) {
        bail!(
            "{shown} holds no posts: there is no Markdown or HTML file in it or below it. Name a folder of \
             posts."
        );
    }
    let sites = site::list_sites(folder);
    let has_own = site::holds_texts(folder);
    if let Some((first, _)) = sites.first().filter(|_| sites.len() > 1 && !has_own) {
        let lines = sites.iter().map(|(site, dialect)| format!("  {} ({})", site.display(), dialect.name()));
        bail!(
            "{shown} contains several sites:\n{}\nName one of them, such as {}, or write a configuration \
             with a [[source]] for each.",
            lines.collect::<Vec<_>>().join("\n"),
            first.display()
        );
    }
    Ok(if has_own { sites } else { Vec::new() })
}
