//! What feedmill.toml and the sites say of themselves, followed: posts are read anew where that changes them.

use std::sync::Arc;
use std::time::Instant;

use super::carry::carry_over;
use super::configuration::reads_alike;
use super::discover::{Discovery, combine};
use super::folder::Folder;
use super::reconcile::Tracked;
use super::survey::{Survey, survey};
use super::writer::Writer;
use crate::catalog::{Catalog, Fault, Holder};
use crate::config::{Config, Problem, Source};

impl Writer {
    /// Reads every source from the start, as sources and site are found to be. What can't be read stays as
    /// readers see it now.
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
        let (mut folders, mut changes): (Vec<Folder>, _) = (Vec::new(), Vec::new());
        for ((written, survey), source) in config.sources.iter().zip(surveys).zip(&site.sources) {
            let number = folders.len() as u16;
            let held = self.texts.held();
            let mut tracked = Tracked::new(Arc::clone(source), number, self.store.clone(), held);
            let is_same = |other: &&Folder| {
                let other = &other.tracked.source;
                (&other.name, &other.root, &other.folder) == (&source.name, &source.root, &source.folder)
            };
            if let Some(earlier) = self.folders.iter().find(is_same) {
                tracked.adopt(&earlier.tracked);
            }
            let mut folder = Folder::new(written, survey, tracked, self.sender.clone());
            let found = folder.look_at_all();
            changes.extend(match &before {
                Some(before) => carry_over(before, &site, number, &folder, found),
                None => found,
            });
            folders.push(folder);
        }
        (self.catalog, self.folders, self.site_problems) = (catalog, folders, problems);
        // What sites say was read before it was watched: a change between the two is seen now.
        self.unsure = true;
        self.texts.clear();
        self.count_faults();
        self.watching.scan = started.elapsed();
        self.tell_watching();
        self.publish(changes);
    }

    /// Reads the configuration again. One that says something else takes effect whole, or not at all.
    pub(super) fn follow_configuration(&mut self) {
        let Some(config) = self.configuration.read_again() else { return };
        let missing = self.list_missing(&config);
        if !missing.is_empty() {
            return self.configuration.refuse(missing);
        }
        let is_alike = reads_alike(&config, &self.configuration.current);
        let surveys: Vec<Survey> = if is_alike {
            self.folders.iter().map(|folder| folder.survey.clone()).collect()
        } else {
            config.sources.iter().map(|source| survey(&config, source)).collect()
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
                self.build(&config, surveys, discovery);
                self.configuration.take(config);
                self.tell_of_posts();
            }
        }
    }

    /// Folders that a configuration names anew and that are not there: to wait for them would take feeds away
    /// that are served now.
    fn list_missing(&self, config: &Config) -> Vec<Problem> {
        let current = &self.configuration.current;
        let is_new = |source: &&Source| current.sources.iter().all(|known| known.path != source.path);
        let folders = config.sources.iter().filter(is_new).map(|source| config.reach(source));
        let tell = |folder: std::path::PathBuf| {
            let message = format!("there is no folder {}. Make it, or mend source.path.", folder.display());
            Problem::error(config.name(), message)
        };
        folders.filter(|folder| !folder.exists()).map(tell).collect()
    }

    /// Looks again at what the sites say of themselves, and reads them anew if that is something else.
    pub(super) fn follow_sites(&mut self) {
        let config = &self.configuration.current;
        let look = |(written, folder): (_, &Folder)| {
            let known = &folder.survey;
            let mut now = survey(config, written);
            let is_gone = folder.tracked.loss().is_some() && folder.tracked.was_found();
            if is_gone || now.found.is_broken_since(&known.found) {
                // What was said before holds until it can be read again.
                now = Survey { problems: now.problems, ..known.clone() };
            }
            now
        };
        let surveys: Vec<Survey> = config.sources.iter().zip(&self.folders).map(look).collect();
        let is_same = surveys.iter().zip(&self.folders).all(|(now, folder)| now.found == folder.survey.found);
        match combine(config, &surveys) {
            Err(problems) => self.site_problems = problems,
            Ok(discovery) if is_same => self.site_problems = discovery.problems,
            Ok(discovery) => {
                tracing::info!("a site's own configuration changed: posts are read again");
                let config = config.clone();
                self.build(&config, surveys, discovery);
            }
        }
    }

    /// Starts from the beginning after a failure of this thread: nothing of what it knew is trusted.
    pub(super) fn recover(&mut self) {
        self.watching.count(Fault::Panic);
        let config = self.configuration.current.clone();
        let surveys: Vec<Survey> = config.sources.iter().map(|source| survey(&config, source)).collect();
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
