//! Parses the bytes of a file into an article.
//!
//! [`parse_front_matter`] returns the metadata that the library keeps of every file; [`read`] also returns the
//! [`ArticleBody`] that a feed entry needs. Neither returns an error: for any bytes the outcome is an article, the reason
//! why it is hidden, or a list of problems with line and column.

use std::borrow::Cow;
use std::cell::{LazyCell, OnceCell};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::body::image::is_pixel;
use super::body::locked::{self, LockEnd, Locked};
use super::body::shortcode::{self, Variables};
use super::body::{Markup, ParsedBody, Templates};
use super::{
    Article, ArticleBody, ImageQuery, ParseOptions, TextFacts, Undated, body, cross_reference, lead_image, media_names,
};
use crate::content_path::ContentPath;
use crate::diagnostic::{Code, Position, Problem};
use crate::generator::category;
use crate::generator::defaults;
use crate::generator::languages as language;
use crate::generator::permalink::LOCAL_DATE;
use crate::generator::site_context::DateOrder;
use crate::generator::{Generator, HiddenReason, SiteContext};
use crate::syntax::date::{self, ParsedDate};
use crate::syntax::front_matter::{self, Fields, Finding, FrontMatter, Value};
pub(crate) use attachment::{Attachment, AttachmentKey};
use dates::Dates;
use decode::decode;
pub(crate) use episode::{EpisodeFields, EpisodeKind, TranscriptFields};
use hidden::hidden;
use ordinary::ordinary;
use slugs::slugs;
use summary::summary;
pub(crate) use title::name_of;
use title::title;

mod above;
mod attachment;
mod dates;
mod decode;
mod episode;
mod filing;
mod hidden;
mod limits;
mod linked;
mod ordinary;
mod slugs;
mod summary;
mod title;

/// A file that was read, before parsing.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path, relative to the content directory.
    pub place: &'a ContentPath,
    /// Its content.
    pub bytes: &'a [u8],
    /// Its modification time, for `undated: mtime`.
    pub modified: Option<DateTime<Utc>>,
}

/// The result of parsing a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An article.
    Article(Arc<Article>),
    /// An article that must not be published, and the reason.
    Hidden(HiddenReason),
    /// The file could not be parsed; the problems give the reason.
    Broken,
}

/// The metadata of a file, for the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The article, or why there is none.
    pub outcome: Outcome,
    /// All problems found in the file.
    pub problems: Vec<Problem>,
}

/// A whole file, for a feed entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Full {
    pub skimmed: Metadata,
    /// The rest; `None` unless the outcome is an article.
    pub detail: Option<ArticleBody>,
}

/// Parses the metadata of an article.
pub fn parse_front_matter(source: &Source<'_>, options: &ParseOptions) -> Metadata {
    parse(source, options, |_, _, _| ()).0
}

/// Parses the metadata and the body of an article.
pub fn read(source: &Source<'_>, options: &ParseOptions) -> Full {
    let (skimmed, detail) =
        parse(source, options, |article, front, body| detail(article, &front.fields, body, options));
    Full { skimmed, detail }
}

/// Returns whether the front matter of a file has a date.
pub(crate) fn is_dated(source: &Source<'_>, options: &ParseOptions) -> bool {
    let text = decode(source, &mut Vec::new());
    front_matter::parse(&text).is_ok_and(|front| front.fields.first_of(options.generator.date_keys).is_some())
}

/// A body whose language is detected when something needs it.
type LazyBody<'a> = LazyCell<ParsedBody<'a>, Box<dyn FnOnce() -> ParsedBody<'a> + 'a>>;

/// Parses the metadata and, with `more`, what else of an article the caller needs.
fn parse<T>(
    source: &Source<'_>,
    options: &ParseOptions,
    more: impl FnOnce(&Article, &FrontMatter, &LazyBody<'_>) -> T,
) -> (Metadata, Option<T>) {
    let mut problems = Vec::new();
    let text = decode(source, &mut problems);
    let Some(front) = front(source, &text, options, &mut problems) else {
        return (Metadata { outcome: Outcome::Broken, problems }, None);
    };
    let (left, note) = unlocked(source, &text, &front, options);
    let filled = LazyCell::new(|| {
        let text = left.trim_matches('\n');
        let markup = markup(source.place.extension(), text, &front.fields, options.generator);
        let variables = Variables { page: &front.fields, site: &options.site_context.variables };
        (shortcode::filled(text, markup, variables), markup)
    });
    let ordinary_text = OnceCell::new();
    let body: LazyBody<'_> = LazyCell::new(Box::new(|| {
        let (text, markup) = &*filled;
        ParsedBody::new(ordinary_text.get_or_init(|| ordinary(text, *markup, &front.fields, options)), *markup)
    }));
    let outcome = outcome(source, &text, &front, &body, options, &mut problems);
    problems.extend(note.filter(|_| matches!(outcome, Outcome::Article(_))));
    let more = match &outcome {
        Outcome::Article(article) => Some(more(article, &front, &body)),
        Outcome::Hidden(_) | Outcome::Broken => None,
    };
    (Metadata { outcome, problems }, more)
}

/// Parses the front matter and adds the defaults and cascades of the site below it.
fn front(source: &Source<'_>, text: &str, options: &ParseOptions, problems: &mut Vec<Problem>) -> Option<FrontMatter> {
    let problem = |finding: Finding| Problem {
        help: finding.help,
        ..Problem::new(source.place.shared(), finding.code, finding.message).at(finding.position)
    };
    match front_matter::parse(text) {
        Ok(mut front) => {
            let findings = std::mem::take(&mut front.findings);
            if let Some(key) = front.lost.iter().find_map(|line| hidden::guard_in(line)) {
                let broken = findings.into_iter().find(|finding| finding.code == Code::FrontMatterRescued);
                let position = broken.map_or_else(|| Position::at(text, front.split.block.start), |at| at.position);
                let message =
                    format!("the YAML is broken, and a line that may hide the article cannot be read: `{key}`");
                let help = "correct that line; until then the article is left out";
                problems.push(Problem::new(source.place.shared(), Code::FrontMatter, message).at(position).help(help));
                return None;
            }
            problems.extend(findings.into_iter().map(problem));
            if !options.site_context.defaults.is_empty() {
                let defaults = defaults::of(&options.site_context.defaults, source.place.as_str());
                front.fields = defaults::laid_under(defaults, front.fields);
            }
            let SiteContext { cascade, languages, name_keys, .. } = &options.site_context;
            front.fields = name_keys.laid_over(source.place, front.fields);
            if !cascade.is_empty() {
                front.fields = cascade.laid_under(source.place.as_str(), languages, front.fields);
            }
            Some(front)
        }
        Err(finding) => {
            problems.push(problem(finding));
            None
        }
    }
}

/// Returns the body without its locked and hidden parts, and a note if some were locked.
///
/// All other functions get this body, so that this text cannot reach a feed.
fn unlocked<'a>(
    source: &Source<'_>,
    text: &'a str,
    front: &FrontMatter,
    options: &ParseOptions,
) -> (Cow<'a, str>, Option<Problem>) {
    let written = &text[front.split.body.clone()];
    let markup = || markup(source.place.extension(), written, &front.fields, options.generator);
    let (left, locked) = locked::without(written, markup);
    let note = locked.map(|Locked { at, name, ended }| {
        let message = match ended {
            LockEnd::Yes => format!("`{name}` locks a part of the body, which is left out"),
            LockEnd::No => format!("`{name}` has no end, so that the rest of the body is locked and left out"),
        };
        let at = Position::at(text, front.split.body.start + at);
        Problem::new(source.place.shared(), Code::Locked, message).at(at)
    });
    (body::hidden::shown(left, markup), note)
}

/// Returns the date in the path of the file, or else in the URL path that front matter sets. For example, the blog of
/// the Rust project dates its articles only by `path = "2026/03/02/title"`.
fn dated_by_path(place: &ContentPath, fields: &Fields, options: &ParseOptions) -> Option<ParsedDate> {
    let address = fields.first_of(&["path", "permalink", "url"]).and_then(|(_, value)| value.as_text());
    let paths = std::iter::once(place.as_str()).chain(address);
    paths
        .filter_map(|path| date::in_name(path, &options.zones, options.generator.date_order))
        .map(|name| ParsedDate::of_day(name.instant, options.zones.default))
        .next()
}

/// The keys for the date of the last edit.
const UPDATED: &[&str] = &[
    "updated",
    "lastmod",
    "last_modified_at",
    "modified",
    "updated_at",
    "updatedAt",
    "date_updated",
    "last_update.date",
    "lastUpdated",
    "modDatetime",
    "dateModified",
    "date_modified",
    "date-modified",
    "date.updated",
];
/// The keys for the date from which an article is no longer published.
const EXPIRES: &[&str] = &["expiryDate", "unpublishDate", "expires", "expire"];

fn outcome(
    source: &Source<'_>,
    text: &str,
    front: &FrontMatter,
    body: &LazyBody<'_>,
    options: &ParseOptions,
    problems: &mut Vec<Problem>,
) -> Outcome {
    let fields = &front.fields;
    if let Some((reason, locked_by)) = hidden(source.place, fields, options) {
        if let Some(key) = locked_by {
            let message = format!("the article is left out, {} (`{key}`)", reason.as_str());
            let note = Problem::new(source.place.shared(), Code::Locked, message);
            problems.push(note.at(front.position_of(text, key)));
        }
        return Outcome::Hidden(reason);
    }
    let languages = &options.site_context.languages;
    if languages.is_outside(source.place.as_str()) {
        return Outcome::Hidden(HiddenReason::OutsideContent);
    }
    if !languages.disabled.is_empty() && languages.is_disabled(languages.split(source.place.as_str()).0) {
        return Outcome::Hidden(HiddenReason::DisabledLanguage);
    }
    let mut dates = Dates { source, text, front, options, problems };
    let order = options.site_context.dates.as_ref();
    let published = match order {
        Some(order) => dates.by(&order.published),
        None => dates.of(options.generator.date_keys),
    };
    let published = published.or_else(|| dated_by_path(source.place, fields, options));
    let published = published.or_else(|| order.map_or_else(|| dates.of(options.generator.later_date_keys), |_| None));
    if let Some(reason) = filing::no_document(source.place, front, published.as_ref(), options) {
        return Outcome::Hidden(reason);
    }
    let (updated, expires) = match order {
        Some(order) => (dates.by(&order.updated), dates.by(&order.expires)),
        None => (dates.of(UPDATED), dates.of(EXPIRES)),
    };
    let keeps_local = options.address_keys.iter().any(|key| key == LOCAL_DATE);
    let local = keeps_local.then(|| {
        let mut silent = Vec::new();
        let mut dates = Dates { problems: &mut silent, ..dates };
        let date = match order {
            Some(order) => dates.by(&order.date),
            None => dates.by(&DateOrder::usual()),
        };
        date.map(|date| date.local)
    });
    // An article that only says when it was edited is not older than all others.
    let published = match (published.or(updated), options.undated) {
        (None, Undated::Mtime) => source.modified.map(ParsedDate::at),
        (None, Undated::Skip) => return Outcome::Hidden(HiddenReason::Undated),
        (published, _) => published,
    };
    let zone = published.and_then(|date| date.zone);
    let is_day = published.is_some_and(|date| !date.has_time);
    let published = published.map(|date| if is_day { options.default_time.after(date.instant) } else { date.instant });
    let updated = updated.map(|date| date.instant);
    if let Some(Value::Map(_)) = fields.get("title") {
        let position = front.position_of(text, "title");
        let message = "`title` is a table, not a text";
        let problem = Problem::new(source.place.shared(), Code::Value, message).at(position);
        problems.push(problem.help("put the title between single quotes"));
    }
    limits::report(source, text, front, options.lists, problems);
    attachment::report(source, text, front, problems);
    Outcome::Article(Arc::new(Article {
        place: source.place.clone(),
        digest: xxh3_64(source.bytes),
        id: fields.first_of(&["id", "guid", "uuid"]).and_then(|(_, value)| value.as_text()).map(Box::from),
        title: title(source.place, body, fields, options),
        published,
        second: is_day.then_some(0),
        zone,
        updated: updated.filter(|&updated| published.is_none_or(|published| updated > published)),
        expires: expires.map(|date| date.instant).filter(|_| !options.site_context.publishes.expired),
        categories: filing::categories(source.place, fields, options).into(),
        tags: category::tags(fields, &options.generator.categories, &options.site_context.filing).into(),
        terms: filing::terms(source.place, fields, options),
        authors: category::authors(fields, &options.site_context.people).into(),
        language: language::language(fields, source.place, &options.site_context.languages),
        slugs: slugs(source.place, fields, options, local.flatten()),
        in_feeds: filing::in_feeds(source.place, fields, options),
        text_facts: text_facts(body, fields, options),
        media_names: media_names(text, body, fields, options),
    }))
}

/// Returns the markup language of a body, and which template tags its generator runs in it.
fn markup(extension: &str, body: &str, fields: &Fields, generator: Generator) -> Markup {
    let says = |key, answer| fields.get(key).and_then(Value::as_bool) == Some(answer);
    let is_off = generator.templates_off.is_some_and(|(key, answer)| says(key, answer));
    let templates = if is_off { Templates::None } else { generator.templates };
    Markup { syntax: body::syntax(extension, body), templates }
}

fn detail(article: &Article, fields: &Fields, body: &ParsedBody<'_>, options: &ParseOptions) -> ArticleBody {
    // First, because the parser that makes HTML also finds the code, which the others need.
    let (images, files) = body::references(body);
    let (summary, above) = summary(fields, body, &options.generator.summaries);
    let cross_references = cross_reference::of(body);
    let markup = || body.markup();
    let attachments = attachment::attachments(fields);
    ArticleBody {
        digest: article.digest,
        summary: summary.map(|summary| body::hidden::visible(&locked::without(&summary, markup).0).into()),
        above,
        lead: lead_image::candidates(fields, &options.lead_keys),
        gallery: lead_image::gallery(fields),
        credit: lead_image::credit(fields),
        images,
        files,
        episode: if attachments.is_empty() { None } else { episode::episode(fields) },
        attachments,
        external_url: linked::external_url(fields),
        canonical_url: linked::canonical_url(fields),
        contributors: category::contributors(fields, &options.site_context.people),
        comments_url: linked::comments_url(fields),
        license: linked::license(fields),
        // References to articles are replaced in the text.
        body: if cross_references.is_empty() { body.kept() } else { body.as_written() },
        cross_references,
    }
}

/// Returns what definitions ask about the text; `None` if they ask nothing.
fn text_facts(body: &LazyBody<'_>, fields: &Fields, options: &ParseOptions) -> Option<Box<TextFacts>> {
    let queries = &options.text_queries;
    let names_image = |query| {
        let in_body = || body::references(body).0.iter().any(|image| !is_pixel(image.width, image.height));
        !lead_image::candidates(fields, &options.lead_keys).is_empty()
            || query == ImageQuery::FrontMatterOrBody && in_body()
    };
    (!queries.is_empty()).then(|| Box::new(queries.answers(body, names_image, || attachment::names_audio(fields))))
}

/// Returns the hashes of all media files that the file names, including the lead images that defaults and cascades set, and
/// those in whose names variables occur.
fn media_names(text: &str, body: &LazyBody<'_>, fields: &Fields, options: &ParseOptions) -> Box<[u32]> {
    let named = media_names::named(text);
    let context = &options.site_context;
    let filled = if context.variables.0.is_empty() || !text.contains("{{") { "" } else { body.text() };
    if filled.is_empty() && context.defaults.is_empty() && context.cascade.is_empty() {
        return named;
    }
    let (lead, gallery) = (lead_image::candidates(fields, &options.lead_keys), lead_image::gallery(fields));
    let more = lead
        .iter()
        .chain(&gallery)
        .filter_map(|candidate| media_names::of_path(candidate.reference.split(['?', '#']).next()?));
    let all: std::collections::BTreeSet<u32> =
        named.iter().copied().chain(more).chain(media_names::named(filled)).collect();
    all.into_iter().collect()
}

#[cfg(test)]
mod tests;
