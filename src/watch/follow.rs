//! What feedmill.toml and the sites say of themselves, followed: posts are read anew where that changes them.

use std::sync::Arc;
use std::time::Instant;

use super::carry::carry_over;
use super::configuration::reads_alike;
use super::discover::{Discovery, combine};
use super::folder::Folder;
use super::reconcile::Tracked;
use super::root::Root;
use super::survey::{Found, Hold, Survey, survey};
use super::writer::Writer;
use crate::catalog::{Catalog, Fault, Holder};
use crate::config::{Config, Problem, Source};
use crate::post;

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
            match self.find_folder(source) {
                Some(earlier) => tracked.adopt(&earlier.tracked),
                // What is named while the server runs was looked at by who named it.
                None if before.is_some() => tracked.forget_root(),
                None => {}
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

    /// The folder that is followed already for a source, whatever its name was.
    fn find_folder(&self, source: &post::Source) -> Option<&Folder> {
        self.folders.iter().find(|folder| {
            let known = &folder.tracked.source;
            (&known.root, &known.folder) == (&source.root, &source.folder)
        })
    }

    /// Reads the configuration again. One that says something else takes effect whole, or not at all.
    pub(super) fn follow_configuration(&mut self) {
        let Some(config) = self.configuration.read_again() else { return };
        let is_alike = reads_alike(&config, &self.configuration.current);
        let surveys: Vec<Survey> = if is_alike {
            self.folders.iter().map(|folder| folder.survey.clone()).collect()
        } else {
            self.look_at_sites(&config)
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
                self.tell_of_posts();
            }
        }
    }

    /// Folders that a configuration names anew and that can't be read: to wait for them would take feeds away
    /// that are served now.
    fn list_missing(&self, config: &Config, discovery: &Discovery) -> Vec<Problem> {
        let new = discovery.site.sources.iter().filter(|source| self.find_folder(source).is_none());
        let tell = |source: &Arc<post::Source>| {
            let loss = Root::fresh().look(source).err()?;
            let message = format!("{}: {loss}. {}", source.folder.display(), loss.advice());
            Some(Problem::error(config.name(), message))
        };
        new.filter_map(tell).collect()
    }

    /// What the sites of a configuration say of themselves now. What they said before holds as long as it
    /// can't be read, and while the folders of their posts are gone.
    fn look_at_sites(&self, config: &Config) -> Vec<Survey> {
        let look = |written: &Source| {
            let mut now = survey(config, written);
            let is_same = |folder: &&Folder| folder.is_followed_as(written);
            let Some(folder) = self.folders.iter().find(is_same) else { return now };
            let known = &folder.survey;
            let was_read = folder.tracked.was_found();
            let Some(hold) = now.found.gives_way_to(&known.found, was_read) else { return now };
            if let Hold::Told(why) = hold {
                now.problems.push(Problem::warning(&known.own_file, why));
            }
            // What it is called, feedmill.toml says.
            let found = Found { name: now.found.name, ..known.found.clone() };
            Survey { problems: now.problems, found, ..known.clone() }
        };
        config.sources.iter().map(look).collect()
    }

    /// Looks again at what the sites say of themselves, and reads them anew if that is something else.
    pub(super) fn follow_sites(&mut self) {
        let config = self.configuration.current.clone();
        let surveys = self.look_at_sites(&config);
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

    /// Starts from the beginning after a failure of this thread: nothing of what it knew is trusted.
    pub(super) fn recover(&mut self) {
        self.watching.count(Fault::Panic);
        let config = self.configuration.current.clone();
        let surveys = self.look_at_sites(&config);
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
