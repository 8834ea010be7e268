//! Definitions: each file of `feeds/` except site.yaml adds a feed, or changes that of the site, a category, a tag or
//! an author.

use chrono::TimeDelta;
use serde::Deserialize;

use super::one_or_many::OneOrMany;
use super::podcast::{PodcastSettings, RawPodcast};
use super::yaml;
use super::{Content, Format, Site};
use crate::article::{ImageQuery, TextQueries};
use crate::diagnostic::{Code, Problem};
use crate::generator::site_context::Filing;
use crate::key::{FeedKey, Topic};
use crate::name::{Name, PAGE};
use crate::syntax::date::Zones;
use crate::text::{Language, nearest};
use select::RawSelect;
pub(crate) use select::{Condition, Select, SelectContext};

mod select;

/// A parsed file of `feeds/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The file's name without its extension.
    pub(crate) name: String,
    pub(crate) target: Target,
    /// The title, without that of the site.
    pub(crate) title: Option<String>,
    /// One sentence about the feed.
    pub(crate) description: Option<String>,
    pub(crate) language: Option<Language>,
    /// URL or path of its image, as written.
    pub(crate) image: Option<String>,
    /// The last segment of its URL.
    pub(crate) slug: Option<String>,
    /// Maximum number of entries.
    pub(crate) limit: Option<usize>,
    /// Whether entries contain the body or only the summary.
    pub(crate) content: Option<Content>,
    /// Maximum size of a document in bytes.
    pub(crate) max_bytes: Option<usize>,
    /// The order of the articles.
    pub(crate) order: FeedOrder,
    /// The formats of the feed, in the order of [`Format::ALL`].
    pub(crate) formats: Option<Vec<Format>>,
    /// What it says as a podcast, if it is one.
    pub(crate) podcast: Option<PodcastSettings>,
    /// The path of the file and its text, for reports.
    source: (Box<str>, Box<str>),
}

/// The feed that a definition adds or changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    Site,
    Category(Box<[Name]>),
    Tag(Name),
    Author(Name),
    /// The name of a taxonomy, and of one of its terms.
    Term(String, Name),
    /// An additional feed, of the articles that meet these conditions.
    Select(Box<Select>),
}

/// The order of the articles in a feed, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FeedOrder {
    /// By date of publication.
    #[default]
    Published,
    /// By date of the last edit.
    Updated,
}

impl Definition {
    /// Returns the feed that this definition adds or changes. One that changes an automatic feed applies to the default
    /// language, or to the language that it sets.
    pub(crate) fn key(&self, site: &Site) -> FeedKey {
        let language = self.language.as_ref().and_then(|language| site.language_named(language));
        match self.topic(&site.options.site_context.filing) {
            topic @ Topic::Feed(_) => topic.into(),
            topic => FeedKey { language, topic },
        }
    }

    /// Returns a problem at the value at a path of keys.
    pub(crate) fn problem(&self, code: Code, path: &[&str], message: String) -> Problem {
        let (file, text) = &self.source;
        Problem::new(&**file, code, message).at(yaml::position(text, path))
    }

    /// Returns the key that names the feed that this definition changes; `None` if it selects articles.
    pub(crate) fn target_key(&self) -> Option<&'static str> {
        match &self.target {
            Target::Site => Some("site"),
            Target::Category(_) => Some("category"),
            Target::Tag(_) => Some("tag"),
            Target::Author(_) => Some("author"),
            Target::Term(..) => Some("taxonomy"),
            Target::Select(_) => None,
        }
    }

    /// Returns the ages at which articles leave the feed.
    pub(crate) fn ages(&self) -> Vec<TimeDelta> {
        match &self.target {
            Target::Select(select) => select.ages(),
            _ => Vec::new(),
        }
    }

    /// Adds what the definition asks about the texts of articles. `images` are those that may be lead images.
    pub(crate) fn ask(&self, images: ImageQuery, queries: &mut TextQueries) {
        if let Target::Select(select) = &self.target {
            select.ask(images, queries);
        }
    }

    fn topic(&self, filing: &Filing) -> Topic {
        match &self.target {
            Target::Site => Topic::Site,
            Target::Category(path) => Topic::Category(path.iter().map(|name| name.folded().clone()).collect()),
            Target::Tag(name) => Topic::Tag(name.folded().clone()),
            Target::Author(name) => Topic::Author(name.folded().clone()),
            Target::Term(taxonomy, name) => {
                let directory = filing.directory(taxonomy).unwrap_or_else(|| taxonomy.as_str().into());
                Topic::Term(directory, name.folded().clone())
            }
            Target::Select(_) => Topic::Feed(self.name.as_str().into()),
        }
    }

    /// Checks what depends on the site: a taxonomy must be one of its taxonomies, because others have no articles, and
    /// their names may be those of other URLs.
    pub(crate) fn check(self, filing: &Filing) -> Result<Self, Problem> {
        let Target::Term(taxonomy, term) = &self.target else {
            return Ok(self);
        };
        let is_known = filing.names().any(|known| Name::new(known) == Name::new(taxonomy));
        if is_known {
            return Ok(self);
        }
        let kind = match taxonomy.to_lowercase().as_str() {
            "category" | "categories" => Some("category"),
            "tag" | "tags" => Some("tag"),
            "author" | "authors" => Some("author"),
            _ => None,
        };
        let help = match (kind, nearest(taxonomy, filing.names())) {
            (Some(kind), _) => format!("write `{kind}: {}`", term.spelled()),
            (None, Some(nearest)) => format!("did you mean `{nearest}`?"),
            (None, None) => format!("its taxonomies are {}", filing.names().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("the site has no taxonomy `{taxonomy}`");
        Err(self.problem(Code::Definition, &["taxonomy"], message).help(help))
    }

    /// Parses a definition. `file` is its path, for messages; `name` is its file name without extension.
    pub fn parse(file: &str, name: &str, text: &str, zones: &Zones) -> Result<Self, Problem> {
        let written: RawDefinition = yaml::parse(file, text, Code::Definition)?;
        let wrong = |path: &[&str], message: String| {
            Problem::new(file, Code::Definition, message).at(yaml::position(text, path))
        };
        if let Some(slug) = written.slug.as_deref().filter(|slug| !is_slug(slug)) {
            return Err(wrong(&["slug"], format!("`{slug}` is not valid in a URL"))
                .help("use small letters, digits and hyphens"));
        }
        let language = match written.language.as_deref() {
            Some(text) => Some(Language::parse(text).ok_or_else(|| {
                wrong(&["language"], format!("`{text}` is not a language tag")).help("such as en or zh-CN")
            })?),
            None => None,
        };
        if written.limit == Some(0) {
            return Err(wrong(&["limit"], "a feed needs at least one entry".to_owned())
                .help("leave it out for the site's default"));
        }
        let podcast = match &written.podcast {
            Some(podcast) => podcast.check(file, text, Code::Definition).map_err(|problems| {
                let first = problems.into_iter().next();
                first.unwrap_or_else(|| wrong(&["podcast"], "`podcast` cannot be read".to_owned()))
            })?,
            None => None,
        };
        let target = target(&written, zones, &wrong)?;
        let language = language.or_else(|| match &target {
            Target::Select(select) => <&[Language; 1]>::try_from(&*select.languages).ok().map(|[only]| only.clone()),
            _ => None,
        });
        Ok(Self {
            name: name.to_owned(),
            target,
            title: written.title.filter(|title| !title.trim().is_empty()),
            description: written.description.filter(|text| !text.trim().is_empty()),
            language,
            image: written.image,
            slug: written.slug,
            limit: written.limit,
            content: written.content,
            max_bytes: written.max_bytes,
            order: written.order.unwrap_or_default(),
            formats: written
                .formats
                .map(|formats| Format::ALL.into_iter().filter(|format| formats.contains(format)).collect()),
            podcast,
            source: (file.into(), text.into()),
        })
    }
}

/// Returns whether a text has the form `[a-z0-9]+(-[a-z0-9]+)*` and at most 80 characters.
fn is_slug(text: &str) -> bool {
    text.len() <= 80
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Returns the target of a definition, which may have only one. Without any, it selects all articles.
fn target(
    written: &RawDefinition,
    zones: &Zones,
    wrong: &dyn Fn(&[&str], String) -> Problem,
) -> Result<Target, Problem> {
    let named = |key: &str, text: &str| Name::new(text).ok_or_else(|| wrong(&[key], format!("`{key}` is blank")));
    let mut targets = Vec::new();
    if written.site == Some(true) {
        targets.push(("site", Target::Site));
    }
    if let Some(category) = &written.category {
        let names =
            category.names().into_iter().map(|name| named("category", name)).collect::<Result<Box<[_]>, _>>()?;
        if names.is_empty() {
            return Err(wrong(&["category"], "`category` is blank".to_owned()));
        }
        if written.slug.as_deref() == Some(PAGE) {
            return Err(wrong(&["slug"], format!("`{PAGE}` is reserved for the older articles of a list"))
                .help("choose another slug"));
        }
        targets.push(("category", Target::Category(names)));
    }
    if let Some(tag) = &written.tag {
        targets.push(("tag", Target::Tag(named("tag", tag)?)));
    }
    if let Some(author) = &written.author {
        targets.push(("author", Target::Author(named("author", author)?)));
    }
    if let Some(text) = &written.taxonomy {
        let (taxonomy, term) = text
            .split_once('/')
            .map(|(taxonomy, term)| (taxonomy.trim(), term))
            .filter(|(taxonomy, _)| !taxonomy.is_empty())
            .ok_or_else(|| {
                wrong(&["taxonomy"], format!("`{text}` names no taxonomy")).help("such as series/Long Tale")
            })?;
        targets.push(("taxonomy", Target::Term(taxonomy.to_owned(), named("taxonomy", term)?)));
    }
    if let Some(conditions) = &written.select {
        targets.push(("select", Target::Select(Box::new(Select::parse(conditions, &["select"], zones, wrong)?))));
    }
    let mut targets = targets.into_iter();
    let first = targets.next();
    match (first, targets.next()) {
        (Some((first, _)), Some((second, _))) => {
            Err(wrong(&[second], format!("`{first}` and `{second}` cannot be combined in one definition"))
                .help("make two files"))
        }
        (Some((_, target)), None) => Ok(target),
        (None, _) => Ok(Target::Select(Box::default())),
    }
}

/// The structure of the file for serde.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawDefinition {
    title: Option<String>,
    description: Option<String>,
    language: Option<String>,
    image: Option<String>,
    slug: Option<String>,
    limit: Option<usize>,
    content: Option<Content>,
    max_bytes: Option<usize>,
    order: Option<FeedOrder>,
    formats: Option<Vec<Format>>,
    podcast: Option<RawPodcast>,
    site: Option<bool>,
    category: Option<OneOrMany>,
    tag: Option<String>,
    author: Option<String>,
    taxonomy: Option<String>,
    select: Option<RawSelect>,
}

#[cfg(test)]
mod tests;
