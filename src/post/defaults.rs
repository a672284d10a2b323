//! Front matter that files have by their place: `defaults` of Jekyll, `cascade` of Hugo, data files.

use std::fmt;

use globset::{Glob, GlobBuilder, GlobSet};

use super::value::Fields;

/// Front matter that some files of a site have beside their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// Which files have it.
    pub reach: Reach,
    /// The keys and values.
    pub values: Fields,
    /// Whether they beat what the files themselves say.
    pub beats: bool,
    /// The kind of file they are for, where not all have them: Jekyll's `posts`, or another collection.
    pub kind: Option<String>,
    /// The languages of files that they are for, by code, where not all have them.
    pub languages: Option<Globs>,
}

/// Which files defaults are for; paths are relative to the root.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// A file, or all below a folder; empty: all.
    Below(String),
    /// All whose path begins like this.
    Beginning(String),
    /// All whose path is as one of some patterns.
    Matching(Patterns),
}

/// Patterns of paths, in which `*` does not go over a `/` and case does not count.
#[derive(Clone)]
pub struct Patterns {
    globs: Vec<Glob>,
    set: GlobSet,
}

impl Defaults {
    /// What `reach` has by itself, where a file says nothing.
    pub fn new(reach: Reach, values: Fields) -> Self {
        Self { reach, values, beats: false, kind: None, languages: None }
    }
}

impl Reach {
    /// All that one of some patterns matches.
    ///
    /// # Errors
    /// A sentence that says why one is none.
    pub fn matching(patterns: &[String]) -> Result<Self, String> {
        let build = |pattern: &String| {
            GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build()
        };
        let globs: Vec<Glob> =
            patterns.iter().map(build).collect::<Result<_, _>>().map_err(|e| e.kind().to_string())?;
        let mut set = GlobSet::builder();
        for glob in &globs {
            set.add(glob.clone());
        }
        let set = set.build().map_err(|e| e.kind().to_string())?;
        Ok(Self::Matching(Patterns { globs, set }))
    }

    /// Whether the file at a path is among those.
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Below(folder) => {
                let rest = path.strip_prefix(folder.trim_matches('/'));
                rest.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
            }
            Self::Beginning(beginning) => path.starts_with(beginning),
            Self::Matching(patterns) => patterns.set.is_match(path),
        }
    }

    /// How many folders deep it begins: what is nearer to a file beats what is further up.
    pub fn depth(&self) -> usize {
        match self {
            Self::Below(path) | Self::Beginning(path) => path.matches('/').count(),
            Self::Matching(patterns) => {
                patterns.globs.first().map_or(0, |glob| glob.glob().matches('/').count())
            }
        }
    }
}

impl PartialEq for Patterns {
    fn eq(&self, other: &Self) -> bool {
        self.globs == other.globs
    }
}

impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.globs.iter().map(Glob::glob)).finish()
    }
}

/// Before a glob that must not fit.
const NOT: &str = "! ";

/// Globs of which one must fit, and globs that must not, with `! ` before them
/// (`hugo 0.168 predicate.NewStringPredicateFromGlobs`).
#[derive(Debug, Clone, PartialEq)]
pub struct Globs {
    any: Option<Reach>,
    none: Option<Reach>,
}

impl Globs {
    /// `None`: there are no globs.
    ///
    /// # Errors
    /// A sentence that says why one is none.
    pub fn read(globs: &[String]) -> Result<Option<Self>, String> {
        let (none, any): (Vec<_>, Vec<_>) = globs.iter().cloned().partition(|glob| glob.starts_with(NOT));
        let none: Vec<String> = none.iter().map(|glob| glob.trim_start_matches(NOT).to_owned()).collect();
        let read = |globs: Vec<String>| {
            (!globs.is_empty()).then(|| Reach::matching(&globs)).transpose().map_err(|why| {
                format!("{globs:?} in a `target` is not a glob: {why}. Fix the glob, like \"/posts/**\".")
            })
        };
        Ok((!globs.is_empty()).then_some(Self { any: read(any)?, none: read(none)? }))
    }

    /// Whether a text is among those.
    pub fn covers(&self, text: &str) -> bool {
        let is_in = |reach: &Reach| reach.covers(text);
        self.any.as_ref().is_none_or(is_in) && !self.none.as_ref().is_some_and(is_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_end_where_they_end_and_beginnings_do_not() {
        let below = Reach::Below("posts/a".to_owned());
        assert!(below.covers("posts/a/x.md") && below.covers("posts/a") && !below.covers("posts/ab/x.md"));
        assert!(Reach::Below(String::new()).covers("x.md"));
        assert!(Reach::Beginning("posts/a".to_owned()).covers("posts/ab/x.md"));
    }

    #[test]
    fn a_star_stays_in_its_folder() {
        let reach = Reach::matching(&["_posts/*/x*".to_owned(), "_posts/**/y.md".to_owned()]).expect("sound");
        assert!(reach.covers("_posts/a/X1.md") && reach.covers("_posts/a/b/y.md"));
        assert!(!reach.covers("_posts/a/b/x.md"));
        assert!(Reach::matching(&["[".to_owned()]).is_err());
    }
}
