//! Which files of the directories that Hugo mounts as content are published.
//! <https://gohugo.io/configuration/module/#mounts>

use super::exclude::texts;
use crate::syntax::front_matter::Fields;
use crate::syntax::glob::Glob;

/// A mounted directory, and the patterns for its files.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mount {
    /// The directory, relative to the configuration and without a trailing slash. It is empty for the site's root.
    pub(super) source: String,
    /// The section of the site that the files belong to; empty for the whole content.
    pub(super) section: String,
    /// If there are such patterns, one of them must match, and `exclude` is not asked.
    include: Option<Vec<Glob>>,
    exclude: Vec<Glob>,
}

impl Eq for Mount {}

impl Mount {
    pub(crate) fn new(source: &str, section: &str, keys: &Fields) -> Self {
        let of = |key: &str| -> Vec<&str> { texts(keys.get(key)).map(str::trim).collect() };
        let files = of("files");
        let negated = files.iter().filter_map(|pattern| pattern.strip_prefix('!'));
        let plain = files.iter().copied().filter(|pattern| !pattern.starts_with('!'));
        let include: Vec<&str> = of("includeFiles").into_iter().chain(plain).collect();
        Self {
            source: source.to_owned(),
            section: section.to_owned(),
            include: (!include.is_empty()).then(|| include.into_iter().filter_map(glob).collect()),
            exclude: of("excludeFiles").into_iter().chain(negated).filter_map(glob).collect(),
        }
    }

    fn inside<'a>(&self, place: &'a str) -> Option<&'a str> {
        if self.source.is_empty() { Some(place) } else { place.strip_prefix(&self.source)?.strip_prefix('/') }
    }

    /// Whether the patterns let a file through; `None` if it is not in the directory.
    fn publishes(&self, place: &str) -> Option<bool> {
        let inside = self.inside(place)?.to_lowercase();
        Some(match &self.include {
            Some(globs) => globs.iter().any(|glob| glob.is_match(&inside)),
            None => !self.exclude.iter().any(|glob| glob.is_match_or_above(&inside)),
        })
    }
}

/// Whether a file is in mounted directories, and the patterns of all of them keep it out.
pub(crate) fn keep_out(mounts: &[Mount], place: &str) -> bool {
    let mut answers = mounts.iter().filter_map(|mount| mount.publishes(place)).peekable();
    answers.peek().is_some() && !answers.any(|publishes| publishes)
}

/// Parses one of Hugo's patterns, which ignore case. Its `**` also matches slashes beside other letters, and between
/// slashes at least one directory (0.168, observed).
fn glob(pattern: &str) -> Option<Glob> {
    let pattern = pattern.trim().trim_start_matches('/').to_lowercase();
    let last = pattern.matches('/').count();
    let components = pattern.split('/').enumerate().map(|(at, part)| match part {
        "**" if at < last => "*/**".to_owned(),
        "**" => part.to_owned(),
        part => part.replace("**", "{*,*/**/*}"),
    });
    Glob::new(&components.collect::<Vec<_>>().join("/"))
}
