//! Front matter that sections pass on to the articles below them: Hugo's `cascade` in `_index.md` and in the
//! configuration, and drafts among Zola's sections, whose articles are drafts too.
//!
//! This module finds the entries that match an article and applies their precedence. The nearest section overrides
//! those above it, and every section overrides the configuration. Within one section the first matching entry counts.
//! The article's own key overrides all of them, even without a value.

use super::Generator;
use super::hugo::normal;
use super::languages::Languages;
use crate::content_path;
use crate::syntax::front_matter::{self, Fields, Value};
use crate::syntax::glob::Glob;

/// All entries of one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cascade {
    /// The configuration first, then the sections from the top level down.
    sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq)]
struct Section {
    /// The path in Hugo's form, with a slash at both ends.
    path: String,
    /// The language whose pages it affects; `None`: all pages.
    language: Option<String>,
    entries: Vec<CascadeEntry>,
}

/// Values for the articles that a path and a language match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CascadeEntry {
    path: Option<Glob>,
    language: Option<Glob>,
    values: Fields,
    /// Whether the values override the article's own front matter.
    is_final: bool,
}

/// Whether the page of a section is complete. A page that is being written may be cut within its front matter.
pub(crate) fn is_whole(text: &str) -> bool {
    front_matter::parse(text).is_ok_and(|front| !front.split.unclosed && front.findings.is_empty())
}

impl Cascade {
    /// Collects the entries of the `cascade` in a configuration and of section pages, given as pairs of path and front
    /// matter.
    pub(crate) fn new(
        generator: Generator,
        configured: Option<&Value>,
        pages: &[(&str, Fields)],
        languages: &Languages,
    ) -> Self {
        let top = Section { path: "/".to_owned(), language: None, entries: entries(configured) };
        let mut sections = vec![top];
        for (place, fields) in pages {
            let (language, path) = languages.split(place);
            let entries = generator.configuration.sections.map_or_else(Vec::new, |section| section(fields));
            let directory = content_path::directory(&path);
            let language = languages.are_several().then(|| language.to_owned());
            sections.push(Section { path: closed(&logical(directory)), language, entries });
        }
        sections.retain(|section| !section.entries.is_empty());
        sections.sort_by_key(|section| section.path.len());
        Self { sections }
    }

    /// Whether no section passes anything on.
    pub(crate) fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// Returns the front matter of an article with the values passed on to it.
    pub(crate) fn laid_under(&self, place: &str, languages: &Languages, own: Fields) -> Fields {
        let (language, path) = languages.split(place);
        let path = logical(&without_file(&path));
        let closed = closed(&path);
        let (mut below, mut above) = (Vec::new(), Vec::new());
        for section in &self.sections {
            let is_own = section.language.as_deref().is_none_or(|own| own == language);
            if !is_own || !closed.starts_with(&section.path) {
                continue;
            }
            // If a key occurs twice in `Fields`, the last one counts; of a section's entries, the first one does.
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

impl CascadeEntry {
    /// An entry that sets a key of every article below, whatever the article itself says.
    pub(crate) fn always(key: &str, value: Value) -> Self {
        Self { path: None, language: None, values: Fields(vec![(key.to_owned(), value)]), is_final: true }
    }
}

/// Parses a `cascade`, which is one table or a list of them.
pub(crate) fn entries(value: Option<&Value>) -> Vec<CascadeEntry> {
    value.into_iter().flat_map(Value::elements).filter_map(entry).collect()
}

/// Parses one entry; returns `None` if its target matches no article.
fn entry(value: &Value) -> Option<CascadeEntry> {
    let Value::Map(fields) = value else {
        return None;
    };
    let said = |key: &str| {
        let (target, former) = (format!("target.{key}"), format!("_target.{key}"));
        let value = fields.get(&target).or_else(|| fields.get(&former))?;
        value.elements().iter().find_map(Value::as_text)
    };
    let is = |key: &str, meant: &str| said(key).is_none_or(|text| glob(text).is_some_and(|glob| glob.is_match(meant)));
    if !is("kind", "page") || !is("environment", "production") {
        return None;
    }
    // An entry whose glob is invalid matches nothing.
    let matching = |text: Option<&str>| match text {
        Some(text) => glob(text).map(Some),
        None => Some(None),
    };
    let mut values = Vec::new();
    for (key, value) in &fields.0 {
        match value {
            _ if key.eq_ignore_ascii_case("target") || key.eq_ignore_ascii_case("_target") => {}
            // Hugo treats keys in `params` like any other key.
            Value::Map(inside) if key.eq_ignore_ascii_case("params") => values.extend(inside.0.iter().cloned()),
            value => values.push((key.clone(), value.clone())),
        }
    }
    Some(CascadeEntry {
        path: matching(said("path"))?,
        language: matching(said("sites.matrix.languages").or_else(|| said("lang")))?,
        values: Fields(values),
        is_final: false,
    })
}

/// The path without its extension. An `index` file has the path of its directory.
pub(crate) fn without_file(path: &str) -> String {
    let (directory, name) = content_path::split(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if content_path::is_index(stem) { content_path::directory(path).to_owned() } else { format!("{directory}{stem}") }
}

/// The path that Hugo's globs match: in lower case, with hyphens for spaces and a leading slash.
pub(crate) fn logical(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.fold(String::new(), |path, part| path + "/" + &normal(part))
}

fn closed(path: &str) -> String {
    format!("{path}/")
}

/// A glob for one character of up to three bytes. A `?` of [`Glob`] matches one byte.
const CHARACTER: &str = "{[ -.0-~],[!\0-\x7f][!\0-\x7f],[!\0-\x7f][!\0-\x7f][!\0-\x7f]}";

/// Parses a glob of Hugo, which ignores letter case. Its `**` matches any text, also within a component, and its `?`
/// and `[…]` match one character.
pub(crate) fn glob(pattern: &str) -> Option<Glob> {
    let pattern = pattern.to_lowercase();
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern.as_str();
    while let Some(next) = rest.chars().next() {
        let (length, alternatives) = match next {
            '\\' => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), None),
            '*' if rest.starts_with("**") => (2, Some("{*,*/**/*}".to_owned())),
            '?' => (1, Some(CHARACTER.to_owned())),
            '[' => class(rest),
            next => (next.len_utf8(), None),
        };
        written.push_str(alternatives.as_deref().unwrap_or(&rest[..length]));
        rest = &rest[length..];
    }
    Glob::new(&written)
}

/// The length of the class that a glob begins with. A list of characters beyond ASCII becomes alternatives.
fn class(glob: &str) -> (usize, Option<String>) {
    let Some(end) = glob.find(']') else {
        return (glob.len(), None);
    };
    let characters = &glob[1..end];
    let is_list = !characters.is_ascii() && !characters.starts_with(['!', '^']) && !characters.contains('-');
    let alternatives = is_list.then(|| characters.chars().map(String::from).collect::<Vec<_>>().join(","));
    (end + 1, alternatives.map(|alternatives| format!("{{{alternatives}}}")))
}

pub(crate) fn is_section_page(name: &str) -> bool {
    let is_text = || name.rsplit_once('.').is_some_and(|(_, extension)| content_path::is_article_extension(extension));
    content_path::is_section_page(name) && is_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Fields {
        front_matter::parse(text).unwrap().fields
    }

    fn cascade(configured: &str, pages: &[(&str, &str)]) -> Cascade {
        let configured = front_matter::parse(&format!("---\n{configured}\n---\n")).unwrap().fields;
        let pages: Vec<_> = pages.iter().map(|(place, front)| (*place, format!("---\n{front}\n---\n"))).collect();
        let pages: Vec<_> = pages.iter().map(|(place, text)| (*place, parsed(text))).collect();
        Cascade::new(crate::generator::hugo::HUGO, configured.get("cascade"), &pages, &Languages::default())
    }

    fn handed(cascade: &Cascade, place: &str, own: &str, key: &str) -> Option<String> {
        let own = front_matter::parse(&format!("---\n{own}\n---\n")).unwrap().fields;
        let fields = cascade.laid_under(place, &Languages::default(), own);
        fields.get(key).and_then(Value::as_text).map(str::to_owned)
    }

    #[test]
    fn the_nearest_section_counts_unless_the_article_has_the_key() {
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
    fn a_target_selects_the_articles_of_an_entry() {
        let made = cascade(
            "k: v",
            &[(
                "t/_index.md",
                "cascade:\n- x: one\n  target: {path: '/t/**/z*'}\n- x: two\n  _target: {path: '/T/{q,R}?'}\n- x: three\n  target: {kind: section}\n- x: four\n  target: {path: '/t/[!a]b', environment: production}\n- x: five\n  target: {path: '/t/a b'}\n- x: six\n  target: {path: '/t/{'}\n- x: seven\n  target: {path: '/t/*y', lang: en}\n- x: eight\n  target: {path: '/t/v**k'}\n- x: nine\n  target: {path: '/t/[日月]?é'}",
            )],
        );
        for (place, expected) in [
            ("t/s/z2.md", Some("one")),
            ("t/z1.md", None),
            ("t/R1.md", Some("two")),
            ("t/r水.md", Some("two")),
            ("t/q.md", None),
            ("t/q12.md", None),
            ("t/q水水.md", None),
            ("t/月火é.md", Some("nine")),
            ("t/火火é.md", None),
            ("t/cb.md", Some("four")),
            ("t/ab.md", None),
            ("t/a b.md", None),
            ("t/any.md", Some("seven")),
            ("t/s/any.md", None),
            ("t/vw/x/yk.md", Some("eight")),
            ("t/vk.md", Some("eight")),
        ] {
            assert_eq!(handed(&made, place, "k: v", "x").as_deref(), expected, "{place}");
        }
    }

    #[test]
    fn articles_in_a_draft_section_are_drafts_in_zola() {
        let page = [("blog/_index.md", "+++\ndraft = true\n+++\n")];
        let made = Cascade::new(
            crate::generator::zola::ZOLA,
            None,
            &page.map(|(place, text)| (place, parsed(text))),
            &Languages::default(),
        );
        assert_eq!(handed(&made, "blog/a.md", "draft: false", "draft").as_deref(), Some("true"));
        assert_eq!(handed(&made, "news/a.md", "k: v", "draft"), None);
    }
}
