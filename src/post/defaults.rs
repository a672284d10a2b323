//! Front matter that a site gives files by their path: `defaults` of Jekyll, `cascade` of Hugo, data files.

use std::fmt;

use globset::{Glob, GlobBuilder, GlobSet};

use super::value::Fields;

/// Front matter that some files of a site have in addition to their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The files to which the values apply.
    pub reach: Scope,
    /// The keys and values.
    pub values: Fields,
    /// True if the values take precedence over those of the files themselves.
    pub beats: bool,
    /// The kind of file to which the values apply, if not to all: Jekyll's `posts`, or another collection.
    pub kind: Option<String>,
    /// The codes of the languages to which the values apply, if not to all.
    pub languages: Option<Globs>,
}

/// The files to which defaults apply; paths are relative to the root.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// A file, or all files below a folder; empty: all files.
    Below(String),
    /// All files whose path begins with this text.
    Beginning(String),
    /// All files whose path matches one of the patterns.
    Matching(Patterns),
}

/// Patterns of paths, in which `*` does not match `/` and case is ignored.
#[derive(Clone)]
pub struct Patterns {
    globs: Vec<Glob>,
    set: GlobSet,
}

impl Defaults {
    /// Defaults that apply where a file has no value of its own.
    pub fn new(reach: Scope, values: Fields) -> Self {
        Self { reach, values, beats: false, kind: None, languages: None }
    }
}

impl Scope {
    /// All paths that one of the patterns matches.
    ///
    /// # Errors
    /// The reason why a pattern is invalid.
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

    /// Returns true if the defaults apply to the file at a path.
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

    /// The depth of the folder at which it begins: defaults nearer to a file take precedence over those further up.
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

/// The prefix of a glob that must not match.
const NOT: &str = "! ";

/// Globs of which one must match, and globs with the prefix `! `, none of which may match
/// (`hugo 0.168 predicate.NewStringPredicateFromGlobs`).
#[derive(Debug, Clone, PartialEq)]
pub struct Globs {
    any: Option<Scope>,
    none: Option<Scope>,
}

impl Globs {
    /// Parses globs; `None` if there are none.
    ///
    /// # Errors
    /// The reason why a glob is invalid.
    pub fn read(globs: &[String]) -> Result<Option<Self>, String> {
        let (none, any): (Vec<_>, Vec<_>) = globs.iter().cloned().partition(|glob| glob.starts_with(NOT));
        let none: Vec<String> = none.iter().map(|glob| glob.trim_start_matches(NOT).to_owned()).collect();
        let read = |globs: Vec<String>| {
            (!globs.is_empty()).then(|| Scope::matching(&globs)).transpose().map_err(|why| {
                format!("{globs:?} in a `target` is not a glob: {why}. Fix the glob, like \"/posts/**\".")
            })
        };
        Ok((!globs.is_empty()).then_some(Self { any: read(any)?, none: read(none)? }))
    }

    /// Returns true if the globs match a text.
    pub fn covers(&self, text: &str) -> bool {
        let is_in = |reach: &Scope| reach.covers(text);
        self.any.as_ref().is_none_or(is_in) && !self.none.as_ref().is_some_and(is_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_end_where_they_end_and_beginnings_do_not() {
        let below = Scope::Below("posts/a".to_owned());
        assert!(below.covers("posts/a/x.md") && below.covers("posts/a") && !below.covers("posts/ab/x.md"));
        assert!(Scope::Below(String::new()).covers("x.md"));
        assert!(Scope::Beginning("posts/a".to_owned()).covers("posts/ab/x.md"));
    }

    #[test]
    fn a_star_stays_in_its_folder() {
        let reach = Scope::matching(&["_posts/*/x*".to_owned(), "_posts/**/y.md".to_owned()]).expect("sound");
        assert!(reach.covers("_posts/a/X1.md") && reach.covers("_posts/a/b/y.md"));
        assert!(!reach.covers("_posts/a/b/x.md"));
        assert!(Scope::matching(&["[".to_owned()]).is_err());
    }
}
