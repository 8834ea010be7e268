//! The URLs of Hugo's pages, made as Hugo's `CreateTargetPaths` makes them: from a pattern, or else from the directories
//! and the name of the file. Sections with a page of their own can rename their directory.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::slug::{lower, sanitize};
use crate::content_path;
use crate::generator::languages::Languages;
use crate::generator::permalink::{
    Cut, End, Facts, FillToken, LOCAL_DATE, PatternToken, PermalinkPattern, UNTITLED, decoded,
};
use crate::syntax::front_matter::{Fields, Value};
use crate::text::{decode_path, normal_path};

/// The pattern of sites without `permalinks`, with a token that only marks their absence.
pub(crate) const DEFAULT_PATTERN: &str = ":default/";
const DEFAULT: &str = "default";

/// The settings that affect all URLs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct UrlSettings {
    pub ugly: Ugly,
    /// `disablePathToLower`.
    pub keeps_case: bool,
    /// `removePathAccents`.
    pub removes_accents: bool,
}

/// Where `uglyURLs` makes files instead of directories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Ugly {
    #[default]
    Nowhere,
    Everywhere,
    Sections(Vec<String>),
}

/// The sections with a page of their own, by language and path, for example `docs/api`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sections(BTreeMap<(String, String), SectionName>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct SectionName {
    slug: Option<String>,
    title: String,
}

impl Sections {
    /// Collects the sections from their pages, given as pairs of path and front matter.
    pub(crate) fn new(pages: &[(&str, Fields)], languages: &Languages) -> Self {
        let section = |(place, fields): &(&str, Fields)| {
            let (language, path) = languages.split(place);
            let (directory, name) = content_path::split(&path);
            let is_page = name.rsplit_once('.').is_some_and(|(stem, _)| stem == "_index");
            let text = |key| fields.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
            let slug = text("slug").trim_matches('-').to_owned();
            let page = SectionName { slug: Some(slug).filter(|slug| !slug.is_empty()), title: text("title") };
            is_page.then(|| ((language.to_owned(), normal(directory.trim_end_matches('/'))), page))
        };
        Self(pages.iter().filter_map(section).collect())
    }

    fn of(&self, language: &str, path: &[&str]) -> Option<&SectionName> {
        self.0.get(&(language.to_owned(), normal(&path.join("/"))))
    }
}

/// The tokens of patterns below `:home`.
pub(crate) fn tokens(name: &str) -> Option<PatternToken> {
    let text = |fill: FillToken| Some(PatternToken::text(name, fill));
    let slug = |fill: FillToken| Some(PatternToken::slug(name, fill));
    let cut = |rest: &str| if rest.is_empty() { Some(Cut::All) } else { Cut::parse(rest) };
    if let Some(rest) = name.strip_prefix("sectionslugs") {
        return Some(PatternToken::parts(name, cut(rest)?, section_slugs));
    }
    if let Some(rest) = name.strip_prefix("sections").filter(|_| name != "sectionslug") {
        return Some(PatternToken::parts(name, cut(rest)?, current_section));
    }
    match name {
        DEFAULT => text(|_| None),
        "year" => Some(PatternToken::date(name, "%-Y")),
        "section" => text(|facts| directories(facts).first().map(|section| normal(section))),
        "sectionslug" => Some(PatternToken::parts(name, Cut::One(End::At(0)), section_slugs)),
        "title" => text(|facts| Some(title(facts))),
        "slug" => slug(|facts| Some(own_slug(facts).map_or_else(|| title(facts), |slug| clean(slug, facts)))),
        "filename" | "contentbasename" => text(|facts| Some(clean(file_name(facts), facts))),
        "slugorfilename" | "slugorcontentbasename" => {
            slug(|facts| Some(clean(own_slug(facts).unwrap_or_else(|| file_name(facts)), facts)))
        }
        _ => None,
    }
}

/// Returns the path of an article, with the directory of its language.
pub(crate) fn path(pattern: &PermalinkPattern, facts: &Facts<'_>) -> String {
    let date = facts.slugs.get(LOCAL_DATE).and_then(|date| date.parse().ok());
    // Hugo dates a page without a date in the year 1.
    let local = date.or_else(|| NaiveDate::from_ymd_opt(1, 1, 1)?.and_hms_opt(0, 0, 0));
    let facts = &Facts { local, ..*facts };
    match facts.slugs.get("url") {
        Some(url) => {
            let language = if url.starts_with('/') { "" } else { facts.language };
            let path = if url.contains(':') { unescaped(&pattern.filled(url, facts)) } else { url.to_owned() };
            format!("{language}{}", by_url(&path))
        }
        None => format!("{}{}", facts.language, decoded(&by_pattern(pattern, facts))),
    }
}

/// The path that `url` of the front matter sets. With a dot anywhere it is a file, unless it ends with a slash.
fn by_url(url: &str) -> String {
    let is_file = url.contains('.') && !url.ends_with('/');
    let path = normal_path(url).unwrap_or_default();
    match path.strip_suffix("index.html").filter(|directory| directory.is_empty() || directory.ends_with('/')) {
        Some(directory) if is_file => decoded(directory),
        _ if is_file => decoded(&path),
        _ => decoded(&path) + "/",
    }
}

fn by_pattern(pattern: &PermalinkPattern, facts: &Facts<'_>) -> String {
    let settings = facts.url_settings;
    let directories = directories(facts);
    let path = if pattern.has_token(DEFAULT) {
        let slug = own_slug(facts);
        let renamed = (0..directories.len()).map(|at| {
            let page = facts.sections.of(facts.language_code, &directories[..=at]);
            page.and_then(|page| page.slug.clone()).unwrap_or_else(|| normal_unless(settings, directories[at]))
        });
        let above = sanitize(&renamed.collect::<Vec<_>>().join("/"), settings);
        if slug == Some("index") && !is_bundle(facts) {
            return above + "/";
        }
        let name = slug.map_or_else(|| normal_unless(settings, file_name(facts)), str::to_owned);
        format!("{above}/{}", sanitize(&name, settings))
    } else {
        sanitize(&normal_path(&unescaped(&pattern.text(facts))).unwrap_or_default(), settings)
    };
    let is_ugly = match &settings.ugly {
        Ugly::Nowhere => false,
        Ugly::Everywhere => true,
        Ugly::Sections(ugly) => directories.first().is_some_and(|section| ugly.contains(&normal(section))),
    };
    if is_ugly { format!("{}.html", path.trim_end_matches('/')) } else { path + "/" }
}

/// Go's `url.QueryUnescape`, for which a plus sign is a space. Hugo ignores its error, which leaves nothing.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is_valid = text.match_indices('%').all(|(at, _)| is_hex(at + 1) && is_hex(at + 2));
    let decoded = if is_valid { decode_path(&text.replace('+', " ")) } else { None };
    decoded.unwrap_or_default()
}

/// A path in the form of Hugo's tree of pages: in lower case, with hyphens for spaces.
pub(crate) fn normal(path: &str) -> String {
    lower(path).replace(' ', "-")
}

fn normal_unless(settings: &UrlSettings, name: &str) -> String {
    if settings.keeps_case { name.to_owned() } else { normal(name) }
}

fn clean(text: &str, facts: &Facts<'_>) -> String {
    let mut text = sanitize(text, facts.url_settings);
    // For Go, it is an empty fragment.
    if text.find('#') == Some(text.len().wrapping_sub(1)) {
        text.pop();
    }
    text
}

/// The title as one component of a path.
fn title(facts: &Facts<'_>) -> String {
    let title = if facts.slugs.get(UNTITLED).is_some() { "" } else { facts.title };
    clean(&title.replace(['/', '\\'], "-"), facts)
}

fn own_slug<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    let slug = facts.slugs.get("slug")?.trim_matches('-');
    Some(slug).filter(|slug| !slug.is_empty())
}

fn file_name<'a>(facts: &Facts<'a>) -> &'a str {
    if is_bundle(facts) { content_path::file_name(facts.place.directory()) } else { facts.name }
}

/// Whether the article is the index of a directory. With a suffix that is no language it is a page called `index.xx`.
fn is_bundle(facts: &Facts<'_>) -> bool {
    facts.name == "index" && facts.place.is_index()
}

fn directories<'a>(facts: &Facts<'a>) -> Vec<&'a str> {
    let mut directories: Vec<&str> = facts.place.directory().split('/').filter(|part| !part.is_empty()).collect();
    if is_bundle(facts) {
        directories.pop();
    }
    directories
}

/// The directories of the nearest section above: one at the top level, or one with a page.
fn nearest_section<'a>(facts: &Facts<'a>) -> Vec<&'a str> {
    let mut directories = directories(facts);
    while directories.len() > 1 && facts.sections.of(facts.language_code, &directories).is_none() {
        directories.pop();
    }
    directories
}

fn current_section(facts: &Facts<'_>) -> Vec<String> {
    nearest_section(facts).into_iter().map(normal).collect()
}

/// The slugs or titles of the sections above. The title of a section without a page is its name in the plural.
fn section_slugs(facts: &Facts<'_>) -> Vec<String> {
    let directories = nearest_section(facts);
    let slugs =
        (0..directories.len()).filter_map(|at| match facts.sections.of(facts.language_code, &directories[..=at]) {
            Some(page) => Some(page.slug.clone().unwrap_or_else(|| page.title.replace(['/', '\\'], "-"))),
            None => (at == 0).then(|| title_case(&plural(directories[0]))),
        });
    slugs.map(|slug| clean(&slug, facts)).filter(|slug| !slug.is_empty()).collect()
}

fn plural(name: &str) -> String {
    let before = |end: &str| name.strip_suffix(end).filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before("y") {
        Some(stem) => format!("{stem}ies"),
        None if name.ends_with('s') => name.to_owned(),
        None if ["x", "z", "ch", "sh"].iter().any(|end| name.ends_with(end)) => format!("{name}es"),
        None => format!("{name}s"),
    }
}

/// A title in the style of the Associated Press, Hugo's default: small words within it stay in lower case.
fn title_case(name: &str) -> String {
    const SMALL: [&str; 18] = [
        "a", "an", "and", "as", "at", "but", "by", "en", "for", "if", "in", "of", "on", "or", "the", "to", "via", "vs",
    ];
    let mut titled = String::with_capacity(name.len());
    for (at, word) in name.split_inclusive([' ', '-', '/']).enumerate() {
        let is_inside = at > 0 && titled.len() + word.len() < name.len();
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !(is_inside && SMALL.contains(&word.trim_end_matches([' ', '-', '/']))) => {
                titled.extend(first.to_uppercase());
                titled.push_str(letters.as_str());
            }
            _ => titled.push_str(word),
        }
    }
    titled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen in URLs of Hugo 0.168 with `disablePathToLower`.
    #[test]
    fn sections_without_a_page_have_their_names_as_titles() {
        for (name, title) in [("posts", "Posts"), ("tips and tricks", "Tips and Tricks"), ("the-a-to-z", "The-a-to-Z")]
        {
            assert_eq!(title_case(name), title);
        }
    }
}
