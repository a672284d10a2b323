//! Follows feedmill.toml and the sites' own configurations: posts are read again where a change affects them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::carry_over::carry_over;
use super::config_reload::reads_alike;
use super::folder::Folder;
use super::reconcile::Tracked;
use super::root_guard::RootGuard;
use super::writer::Writer;
use crate::catalog::{Catalog, Change, Fault, Holder, Snapshot};
use crate::config::{Config, Problem, Source};
use crate::post;
use crate::site::Surveyor;
use crate::site::{Discovery, combine};
use crate::site::{Found, Keep, Survey};

/// The maximum wait for the first scan of all sources. A source with a slower disk follows later.
const FIRST_SCAN: Duration = Duration::from_secs(10);

/// The maximum wait for other scans, and for site configurations, before posts are read again.
const SETTLED: Duration = Duration::from_secs(2);

const UNANSWERED: &str = "the disk does not answer. Check the disk or the network.";

impl Writer {
    /// Reads every source from the start, with new surveys and a new site. Posts that cannot be read stay as readers
    /// see them now.
    pub(super) fn build(&mut self, config: &Config, surveys: Vec<Survey>, discovery: Discovery) {
        let started = Instant::now();
        let Discovery { site, problems, .. } = discovery;
        let before = self.live.load();
        let mut catalog = Catalog::new(Arc::clone(&site));
        if let Some(before) = &before {
            catalog = catalog.after(before);
        }
        let holders = self.store.holders().into_iter();
        catalog.remember(holders.map(|(id, source, path)| (id, Holder { source, path })));
        let mut folders: Vec<Folder> = Vec::new();
        for ((written, survey), source) in config.sources.iter().zip(surveys).zip(&site.sources) {
            let number = folders.len() as u16;
            let held = self.texts.held();
            let mut tracked = Tracked::new(Arc::clone(source), number, self.store.clone(), held);
            match self.find_folder(source) {
                Some(earlier) => match (earlier.tracked(), &before) {
                    (Some(earlier), _) => tracked.adopt(earlier),
                    (None, Some(before)) => tracked.adopt_posts(find_posts(before, source)),
                    (None, None) => {}
                },
                // The folder of a source that is added while the server runs is accepted as it is.
                None if before.is_some() => tracked.forget_root(),
                None => {}
            }
            folders.push(Folder::new(written, survey, tracked, self.sender.clone()));
        }
        self.folders = folders;
        // The changes of earlier scans are found again.
        self.changes.clear();
        let mut found: Vec<Vec<Change>> = vec![Vec::new(); self.folders.len()];
        self.folders.iter_mut().for_each(|folder| folder.scan_all(&self.scans.0));
        let deadline = Instant::now() + FIRST_SCAN;
        while let Some((place, _, changes)) = self.receive_scan(deadline) {
            found[place] = changes;
        }
        let numbered = self.folders.iter().zip(0_u16..).zip(found);
        let changes = numbered.flat_map(|((folder, number), found)| match &before {
            Some(before) => carry_over(before, &site, number, folder, found),
            None => found,
        });
        let changes = changes.collect();
        (self.catalog, self.site_problems) = (catalog, problems);
        // The sites' configurations were read before they were watched: a change in between is noticed now.
        self.sites_stale = true;
        self.texts.clear();
        self.watching.scan = started.elapsed();
        self.publish_status();
        self.publish(changes);
    }

    /// The folder that is already followed for a source, whatever its name was.
    fn find_folder(&self, source: &post::Source) -> Option<&Folder> {
        self.folders.iter().find(|folder| {
            let known = &folder.source;
            (&known.root, &known.folder) == (&source.root, &source.folder)
        })
    }

    /// Reads the configuration again. A different one takes effect as a whole, or not at all.
    pub(super) fn follow_configuration(&mut self) {
        let Some(config) = self.configuration.read_again() else { return };
        self.collect_scans(SETTLED);
        let is_alike = reads_alike(&config, &self.configuration.current);
        let surveys: Vec<Survey> = if is_alike {
            self.folders.iter().map(|folder| folder.survey.clone()).collect()
        } else {
            match self.survey_all(&config) {
                Ok(surveys) => surveys,
                Err(problem) => return self.configuration.refuse(vec![problem]),
            }
        };
        match combine(&config, &surveys) {
            Err(problems) => self.configuration.refuse(problems),
            Ok(discovery) if is_alike => {
                self.site_problems.clone_from(&discovery.problems);
                self.catalog.set_site(discovery.site);
                self.configuration.take(config);
                self.publish(Vec::new());
            }
            Ok(discovery) => {
                let missing = self.list_missing(&config, &discovery);
                if !missing.is_empty() {
                    return self.configuration.refuse(missing);
                }
                self.build(&config, surveys, discovery);
                self.configuration.take(config);
                self.log_posts();
            }
        }
    }

    /// Problems of folders that a configuration adds and that cannot be read: to wait for them would take away feeds
    /// that are served now.
    fn list_missing(&self, config: &Config, discovery: &Discovery) -> Vec<Problem> {
        let new = discovery.site.sources.iter().filter(|source| self.find_folder(source).is_none());
        let describe = |source: &Arc<post::Source>| {
            let reason = RootGuard::fresh().look(source).err()?;
            let message = format!("{}: {reason}. {}", source.folder.display(), reason.advice());
            let written = config.sources.iter().zip(&discovery.site.sources);
            let place = written.into_iter().find(|(_, own)| Arc::ptr_eq(own, source));
            Some(Problem::error(config.name(), message).at(place.map_or((1, 1), |(own, _)| own.path_place)))
        };
        new.filter_map(describe).collect()
    }

    /// Surveys the sites of a configuration. The previous survey of a site stays valid while its files cannot be
    /// read, and while the folder of its posts is gone.
    ///
    /// # Errors
    /// The problem of a source that is not followed yet and whose disk does not answer.
    fn survey_all(&mut self, config: &Config) -> Result<Vec<Survey>, Problem> {
        config.sources.iter().map(|written| self.survey_one(config, written)).collect()
    }

    fn survey_one(&mut self, config: &Config, written: &Source) -> Result<Survey, Problem> {
        let folder = self.folders.iter_mut().find(|folder| folder.is_followed_as(written));
        let Some(folder) = folder else {
            return Surveyor::default().ask(config, written, SETTLED).ok_or_else(|| {
                let message = format!("{}: {UNANSWERED}", config.reach(written).display());
                Problem::error(config.name(), message).at(written.path_place)
            });
        };
        let now = folder.surveyor.ask(config, written, SETTLED);
        let known = &folder.survey;
        let Some(mut now) = now else {
            let problem =
                Problem::warning(&known.own_file, format!("{UNANSWERED} Its last settings stay in effect."));
            let problems = vec![problem];
            return Ok(Survey { problems, ..known.clone() });
        };
        let Some(keep) = now.found.find_reason_to_keep(&known.found, folder.was_found()) else {
            return Ok(now);
        };
        if let Keep::Because(why) = keep {
            now.problems.push(Problem::warning(&known.own_file, why));
        }
        // Only its name follows feedmill.toml.
        let found = Found { name: now.found.name, ..known.found.clone() };
        Ok(Survey { problems: now.problems, found, ..known.clone() })
    }

    /// Reads the sites' own configurations again, and all posts if one of them changed.
    pub(super) fn follow_sites(&mut self) {
        self.collect_scans(SETTLED);
        let config = self.configuration.current.clone();
        let Ok(surveys) = self.survey_all(&config) else { return };
        let is_same = surveys.iter().zip(&self.folders).all(|(now, folder)| now.found == folder.survey.found);
        match combine(&config, &surveys) {
            Err(problems) => self.site_problems = problems,
            Ok(discovery) if is_same => {
                self.site_problems = discovery.problems;
                for (folder, now) in self.folders.iter_mut().zip(surveys) {
                    folder.survey.problems = now.problems;
                }
            }
            Ok(discovery) => {
                tracing::info!("a site's own configuration changed: posts are read again");
                self.build(&config, surveys, discovery);
            }
        }
    }

    /// Starts from the beginning after a panic of this thread: none of its state is trusted.
    pub(super) fn recover(&mut self) {
        self.watching.count(Fault::Panic);
        let config = self.configuration.current.clone();
        let Ok(surveys) = self.survey_all(&config) else { return };
        match (combine(&config, &surveys), self.live.load()) {
            (Ok(discovery), _) => self.build(&config, surveys, discovery),
            (Err(problems), None) => self.site_problems = problems,
            (Err(problems), Some(current)) => {
                let surveys = self.folders.iter().map(|folder| folder.survey.clone()).collect();
                let site = Arc::clone(&current.site);
                self.build(&config, surveys, Discovery { site, found: Vec::new(), problems });
            }
        }
    }
}

/// The posts of a source in a snapshot, in which the source may have had another place.
fn find_posts<'s>(before: &'s Snapshot, source: &post::Source) -> impl Iterator<Item = &'s Arc<post::Post>> {
    let is_same = |known: &&Arc<post::Source>| known.root == source.root && known.folder == source.folder;
    let place = before.site.sources.iter().position(|known| is_same(&known));
    place.into_iter().flat_map(|place| before.posts_of(place as u16))
}
