//! Globs, which match paths. This is the only module that does so.
//!
//! `*` and `?` stay within one path component, and `**` as a component matches any number of components. `[ab]` matches
//! one of several bytes and `{a,b}` one of several patterns, also an empty one. A pattern is case-sensitive.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Maximum length of a pattern, in bytes. Patterns can be nested, so this bounds the size of the expression.
const LONGEST: usize = 1000;

/// One pattern.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    pattern: globset::Glob,
    // A `GlobMatcher` would panic if the pattern is nested too deeply.
    matcher: GlobSet,
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Glob {
    /// Parses a pattern; returns `None` if it is invalid.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        let pattern = parse(pattern).ok()?;
        let matcher = GlobSetBuilder::new().add(pattern.clone()).build().ok()?;
        Some(Self { pattern, matcher })
    }

    /// Parses a pattern for the hosts of URLs, such as `*.example.org`. A label with other letters than ASCII becomes
    /// Punycode, as in a URL; one that also has a `*` or the like is invalid, because it would match nothing.
    pub(crate) fn for_hosts(pattern: &str) -> Option<Self> {
        let label = |label: &str| match url::Host::parse(label) {
            _ if label.is_ascii() => Some(label.to_lowercase()),
            Ok(url::Host::Domain(domain)) if !label.contains(['*', '?', '[', '{']) => Some(domain),
            _ => None,
        };
        Self::new(&pattern.trim().split('.').map(label).collect::<Option<Vec<_>>>()?.join("."))
    }

    /// Whether the pattern matches the whole path.
    pub(crate) fn is_match(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }

    /// Whether the pattern matches the path or one of the directories above it.
    pub(crate) fn is_match_or_above(&self, path: &str) -> bool {
        Path::new(path).ancestors().any(|path| self.matcher.is_match(path))
    }
}

/// Patterns of which any may match.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    patterns: Vec<String>,
    matcher: GlobSet,
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Globs {
    /// Parses the patterns. Fails with the number, from 0, of each invalid one and the reason.
    pub(crate) fn new(patterns: Vec<String>) -> Result<Self, Vec<(usize, String)>> {
        let mut globs = GlobSetBuilder::new();
        let mut invalid = Vec::new();
        for (number, pattern) in patterns.iter().enumerate() {
            match parse(pattern) {
                Ok(glob) => _ = globs.add(glob),
                Err(reason) => invalid.push((number, reason)),
            }
        }
        if !invalid.is_empty() {
            return Err(invalid);
        }
        match globs.build() {
            Ok(matcher) => Ok(Self { patterns, matcher }),
            Err(error) => {
                let longest = (0..patterns.len()).max_by_key(|number| patterns[*number].len()).unwrap_or_default();
                Err(vec![(longest, error.kind().to_string())])
            }
        }
    }

    /// The patterns as they were parsed.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether one of the patterns matches the whole path.
    pub(crate) fn is_match(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

fn parse(pattern: &str) -> Result<globset::Glob, String> {
    if pattern.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).empty_alternates(true).build();
    glob.map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_whole_paths() {
        for (pattern, path, expected) in [
            ("*.md", "a.md", true),
            ("*.md", "a/b.md", false),
            ("**/*.md", "a.md", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("a/**/c", "a/c", true),
            ("a{,.md}", "a", true),
            ("{a,{b,c}/**}", "c/d/e", true),
            ("[!a]b", "ab", false),
            ("[!a]b", "cb", true),
            ("A", "a", false),
        ] {
            assert_eq!(Glob::new(pattern).unwrap().is_match(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_for_hosts_has_the_letters_that_a_url_has() {
        for (pattern, host) in [
            ("*.bücher.example", "bilder.bücher.example"),
            ("图片.例子.cn", "图片.例子.cn"),
            (" *.Example.ORG", "a.example.org"),
        ] {
            let url = url::Url::parse(&format!("https://{host}/")).unwrap();
            assert!(Glob::for_hosts(pattern).unwrap().is_match(url.host_str().unwrap()), "{pattern}");
        }
        assert!(Glob::for_hosts("bü*.example").is_none());
    }

    #[test]
    fn a_pattern_can_match_a_directory_above() {
        let glob = Glob::new("a/*/c").unwrap();
        assert!(glob.is_match_or_above("a/b/c") && glob.is_match_or_above("a/b/c/d/e.md"));
        assert!(!glob.is_match_or_above("a/b") && !glob.is_match_or_above("x/a/b/c"));
    }

    #[test]
    fn each_invalid_pattern_is_reported() {
        let long = "{".repeat(600) + &"}".repeat(600);
        let patterns = ["a[".to_owned(), "b".to_owned(), "{c".to_owned(), long];
        let invalid = Globs::new(patterns.to_vec()).unwrap_err();
        assert_eq!(invalid.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 2, 3]);
        assert!(Globs::new(vec!["b".to_owned()]).unwrap().is_match("b"));
        let nested = "{".repeat(500) + &"}".repeat(500);
        assert!(Glob::new(&nested).is_none());
        assert_eq!(Globs::new(vec!["b".to_owned(), nested]).unwrap_err()[0].0, 1);
    }
}
