//! What sections hand down to the articles below them: Hugo's `cascade`, in `_index.md` and in the configuration, and
//! the drafts among Zola's sections, whose articles are drafts too.
//!
//! Knows which article an entry is for, and which of two entries counts: the nearest section goes before those above
//! it and these before the configuration, of one section's entries the first that fits, and the article's own key
//! before all, even one without a value. Does not know what a key means, nor where a section's page was found.

use regex::Regex;

use super::Generator;
use super::hugo::slug::urlize_path;
use super::languages::Languages;
use super::selection::EXTENSIONS;
use crate::syntax::front_matter::{self, Fields, Value};

/// What is handed down on one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cascade {
    /// The configuration first, then sections from the top down.
    sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq)]
struct Section {
    /// Its path as Hugo has it, `/` at both ends.
    path: String,
    /// The language of the pages it has a say in; none: of all.
    language: Option<String>,
    entries: Vec<Entry>,
}

/// Values for the articles that a path and a language match.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    path: Option<Glob>,
    language: Option<Glob>,
    values: Fields,
    /// Whether an article cannot say otherwise.
    is_final: bool,
}

/// Whether the page of a section is not cut: its front matter can be read, to its end.
pub fn is_whole(text: &str) -> bool {
    front_matter::parse(text).is_ok_and(|front| !front.split.unclosed && front.findings.is_empty())
}

impl Cascade {
    /// Of a configuration's `cascade` and of the pages of sections, each a place and its text.
    pub fn new<'a>(
        generator: Generator,
        configured: Option<&Value>,
        pages: impl Iterator<Item = (&'a str, &'a str)>,
        languages: &Languages,
    ) -> Self {
        let top = Section { path: "/".to_owned(), language: None, entries: entries(configured) };
        let mut sections = vec![top];
        for (place, text) in pages {
            // A broken page of a section is no article, and nobody could mend it by what is told of one.
            let Ok(front) = front_matter::parse(text) else {
                continue;
            };
            let (language, path) = languages.split(place);
            let entries = generator.configuration.sections.map_or_else(Vec::new, |section| section(&front.fields));
            let directory = path.rfind('/').map_or("", |at| &path[..at]);
            let language = languages.are_several().then(|| language.to_owned());
            sections.push(Section { path: closed(&logical(directory)), language, entries });
        }
        sections.retain(|section| !section.entries.is_empty());
        sections.sort_by_key(|section| section.path.len());
        Self { sections }
    }

    /// Whether nothing is handed down.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The article's own fields over what is handed down to it.
    pub fn laid_under(&self, place: &str, languages: &Languages, own: Fields) -> Fields {
        let (language, path) = languages.split(place);
        let path = logical(&without_file(&path));
        let closed = closed(&path);
        let (mut below, mut above) = (Vec::new(), Vec::new());
        for section in &self.sections {
            let is_own = section.language.as_deref().is_none_or(|own| own == language);
            if !is_own || !closed.starts_with(&section.path) {
                continue;
            }
            // Of equal keys the last counts, of a section's entries the first.
            for entry in section.entries.iter().rev() {
                let fits = entry.path.as_ref().is_none_or(|glob| glob.is_match(&path))
                    && entry.language.as_ref().is_none_or(|glob| glob.is_match(language));
                if fits {
                    let values = entry.values.0.iter().cloned();
                    if entry.is_final { above.extend(values) } else { below.extend(values) }
                }
            }
        }
        below.extend(own.0);
        below.extend(above);
        Fields(below)
    }
}

impl Entry {
    /// A value that every article below has, whatever it says itself.
    pub fn always(key: &str, value: Value) -> Self {
        Self { path: None, language: None, values: Fields(vec![(key.to_owned(), value)]), is_final: true }
    }
}

/// The entries of a `cascade`: one table, or a list of them.
pub fn entries(value: Option<&Value>) -> Vec<Entry> {
    value.into_iter().flat_map(Value::elements).filter_map(entry).collect()
}

/// One entry; none where it is for no article of ours.
fn entry(value: &Value) -> Option<Entry> {
    let Value::Map(fields) = value else {
        return None;
    };
    let said = |key: &str| {
        let (target, former) = (format!("target.{key}"), format!("_target.{key}"));
        let value = fields.get(&target).or_else(|| fields.get(&former))?;
        value.elements().iter().find_map(Value::as_text)
    };
    let is =
        |key: &str, meant: &str| said(key).is_none_or(|glob| Glob::new(glob).is_some_and(|glob| glob.is_match(meant)));
    if !is("kind", "page") || !is("environment", "production") {
        return None;
    }
    // A pattern that is none fits nothing.
    let glob = |text: Option<&str>| match text.map(Glob::new) {
        Some(None) => None,
        Some(glob) => Some(glob),
        None => Some(None),
    };
    let mut values = Vec::new();
    for (key, value) in &fields.0 {
        match value {
            _ if key.eq_ignore_ascii_case("target") || key.eq_ignore_ascii_case("_target") => {}
            // They are keys like all others there.
            Value::Map(inside) if key.eq_ignore_ascii_case("params") => values.extend(inside.0.iter().cloned()),
            value => values.push((key.clone(), value.clone())),
        }
    }
    Some(Entry {
        path: glob(said("path"))?,
        language: glob(said("sites.matrix.languages").or_else(|| said("lang")))?,
        values: Fields(values),
        is_final: false,
    })
}

/// A path without its extension; a bundle's is that of its directory.
fn without_file(path: &str) -> String {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match (directory, stem) {
        (directory, "index") => directory.to_owned(),
        ("", stem) => stem.to_owned(),
        (directory, stem) => format!("{directory}/{stem}"),
    }
}

/// A path as Hugo's globs see it: small letters, hyphens for blanks, and a slash in front.
fn logical(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.fold(String::new(), |path, part| path + "/" + &urlize_path(part))
}

fn closed(path: &str) -> String {
    format!("{path}/")
}

/// A pattern of Hugo's, blind to letter case: `*` stays within a part of a path, `**` does not.
#[derive(Debug, Clone)]
struct Glob(Regex);

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Glob {
    /// None where a bracket is not closed, or the pattern is longer than any that people write.
    fn new(pattern: &str) -> Option<Self> {
        /// Each alternative may hold alternatives: what grows out of them is bounded by the text.
        const LONGEST: usize = 1000;
        let mut expression = "(?is)^".to_owned();
        let mut depth = 0_usize;
        let mut letters = Some(pattern).filter(|pattern| pattern.len() <= LONGEST)?.chars().peekable();
        while let Some(c) = letters.next() {
            match c {
                '*' if letters.next_if_eq(&'*').is_some() => expression.push_str(".*"),
                '*' => expression.push_str("[^/]*"),
                '?' => expression.push_str("[^/]"),
                '[' => {
                    let not = letters.next_if(|c| matches!(c, '!' | '^')).is_some();
                    expression.push_str(if not { "[^" } else { "[" });
                    loop {
                        match letters.next()? {
                            ']' => break,
                            '-' => expression.push('-'),
                            c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                        }
                    }
                    expression.push(']');
                }
                '{' => {
                    depth += 1;
                    expression.push_str("(?:");
                }
                '}' => {
                    depth = depth.checked_sub(1)?;
                    expression.push(')');
                }
                ',' if depth > 0 => expression.push('|'),
                '\\' => expression.push_str(&regex::escape(letters.next()?.encode_utf8(&mut [0; 4]))),
                c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        expression.push('$');
        Some(depth).filter(|&depth| depth == 0)?;
        regex::RegexBuilder::new(&expression).size_limit(1 << 20).nest_limit(64).build().ok().map(Self)
    }

    fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Whether a file is the page of a section, by its name.
pub fn is_section_page(name: &str) -> bool {
    name.strip_prefix("_index.").is_some_and(|rest| EXTENSIONS.contains(&rest.rsplit('.').next().unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cascade(configured: &str, pages: &[(&str, &str)]) -> Cascade {
        let configured = front_matter::parse(&format!("---\n{configured}\n---\n")).unwrap().fields;
        let pages: Vec<_> = pages.iter().map(|(place, front)| (*place, format!("---\n{front}\n---\n"))).collect();
        let pages = pages.iter().map(|(place, text)| (*place, text.as_str()));
        Cascade::new(crate::generator::hugo::HUGO, configured.get("cascade"), pages, &Languages::default())
    }

    fn handed(cascade: &Cascade, place: &str, own: &str, key: &str) -> Option<String> {
        let own = front_matter::parse(&format!("---\n{own}\n---\n")).unwrap().fields;
        let fields = cascade.laid_under(place, &Languages::default(), own);
        fields.get(key).and_then(Value::as_text).map(str::to_owned)
    }

    #[test]
    fn the_nearest_section_counts_and_the_articles_own_word_before_it() {
        let made = cascade(
            "cascade: {x: site, y: site}",
            &[
                ("_index.md", "cascade: {x: home}"),
                ("a/b/_index.md", "cascade: {X: b, params: {z: p}}"),
                ("a/_index.md", "cascade: {x: a}"),
            ],
        );
        let x = |place, own| handed(&made, place, own, "x");
        assert_eq!(x("a/b/c.md", "k: v").as_deref(), Some("b"));
        assert_eq!(x("a/b/c.md", "x: own").as_deref(), Some("own"));
        assert_eq!(x("a/b/c.md", "x:"), None);
        assert_eq!(x("a/c.md", "k: v").as_deref(), Some("a"));
        assert_eq!(x("ab/c.md", "k: v").as_deref(), Some("home"));
        assert_eq!(x("content/A/B/d/index.md", "k: v").as_deref(), Some("b"));
        assert_eq!(handed(&made, "a/b/c.md", "params: {w: 1}", "z").as_deref(), Some("p"));
        assert_eq!(handed(&made, "q.md", "k: v", "y").as_deref(), Some("site"));
    }

    #[test]
    fn a_target_says_which_articles_are_meant() {
        let made = cascade(
            "k: v",
            &[(
                "t/_index.md",
                "cascade:\n- x: one\n  target: {path: '/t/**/z*'}\n- x: two\n  _target: {path: '/T/{q,R}?'}\n- x: three\n  target: {kind: section}\n- x: four\n  target: {path: '/t/[!a]b', environment: production}\n- x: five\n  target: {path: '/t/a b'}\n- x: six\n  target: {path: '/t/{'}\n- x: seven\n  target: {path: '/t/*y', lang: en}",
            )],
        );
        for (place, expected) in [
            ("t/s/z2.md", Some("one")),
            ("t/z1.md", None),
            ("t/R1.md", Some("two")),
            ("t/q.md", None),
            ("t/cb.md", Some("four")),
            ("t/ab.md", None),
            ("t/a b.md", None),
            ("t/any.md", Some("seven")),
            ("t/s/any.md", None),
        ] {
            assert_eq!(handed(&made, place, "k: v", "x").as_deref(), expected, "{place}");
        }
    }

    #[test]
    fn articles_of_a_section_that_is_a_draft_are_drafts_in_zola() {
        let page = [("blog/_index.md", "+++\ndraft = true\n+++\n")];
        let made = Cascade::new(crate::generator::zola::ZOLA, None, page.into_iter(), &Languages::default());
        assert_eq!(handed(&made, "blog/a.md", "draft: false", "draft").as_deref(), Some("true"));
        assert_eq!(handed(&made, "news/a.md", "k: v", "draft"), None);
    }
}
