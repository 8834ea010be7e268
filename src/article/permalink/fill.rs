//! What an article puts in the place of a token.
//!
//! Knows how each generator names a file. Does not know what stands around a
//! token, and encodes nothing.

use std::fmt::Write as _;

use super::token::Token;
use super::{Facts, HexoPermalinkConfig, slug};
use crate::article::Dialect;
use crate::content_path::ContentPath;
use crate::name;

/// The text for a token; none where the article lacks what it is made of.
pub fn fill(token: &Token, facts: &Facts<'_>, dialect: Dialect, hexo_config: &HexoPermalinkConfig) -> Option<String> {
    let text = match token {
        Token::Date(format) => facts.local?.format(format).to_string(),
        Token::Timestamp => facts.instant?.timestamp().to_string(),
        Token::Hash => hash(&hexo_config.slug(facts.place), facts.instant?.timestamp()),
        Token::PagePath => (facts.page_path)(),
        Token::CollectionPath => collection_path(facts.place),
        Token::SlugPath => hexo_config.slug(facts.place),
        Token::SlugName => {
            let slug = hexo_config.slug(facts.place);
            slug.rsplit_once('/').map_or(slug.clone(), |(_, name)| name.to_owned())
        }
        Token::PostTitle => slug::hexo(facts.title).to_lowercase(),
        Token::Category => match facts.categories.last() {
            Some(path) => (facts.category_slug)(path),
            None => hexo_config.default_category.clone().unwrap_or_else(|| "uncategorized".to_owned()),
        },
        Token::Categories => categories(facts, str::to_lowercase),
        Token::SlugifiedCategories => categories(facts, slug::jekyll),
        Token::PrettyName => {
            slug::jekyll_pretty(facts.slugs.get("slug").unwrap_or_else(|| without_date(facts.place, facts.name)))
        }
        Token::PlainName => {
            slug::jekyll(facts.slugs.get("slug").unwrap_or_else(|| without_date(facts.place, facts.name)))
        }
        Token::WholeName => slug::jekyll(facts.place.stem()),
        Token::BaseName => facts.place.stem().to_owned(),
        Token::OutputExtension => ".html".to_owned(),
        Token::Collection => "posts".to_owned(),
        Token::Sections(cut) => {
            let sections = sections(facts.place);
            let within = &sections[cut.range(sections.len())];
            within.iter().map(|section| slug::hugo(section)).collect::<Vec<_>>().join("/")
        }
        Token::Title => slug::hugo(facts.title),
        Token::SlugOrTitle => slug::hugo(facts.slugs.get("slug").unwrap_or(facts.title)),
        Token::FileName => slug::hugo(without_language(facts.place, facts.name)),
        Token::SlugOrFileName => {
            slug::hugo(facts.slugs.get("slug").unwrap_or_else(|| without_language(facts.place, facts.name)))
        }
        Token::SlugOrPathName => match facts.slugs.get("slug") {
            Some(slug) => slug::hugo(slug),
            None => slug::hugo_path(without_language(facts.place, facts.name)),
        },
        Token::PathSections => sections(facts.place).into_iter().map(slug::hugo_path).collect::<Vec<_>>().join("/"),
        Token::ZolaSections => sections(facts.place).into_iter().map(zola).collect::<Vec<_>>().join("/"),
        Token::ZolaSlug => zola(facts.slugs.get("slug").unwrap_or(facts.name)),
        Token::Key(key) => {
            let standing_in =
                || hexo_config.defaults.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
            match (facts.slugs.get(key).or_else(standing_in), key.as_str(), dialect) {
                (Some(value), _, _) => value.to_owned(),
                (None, "layout", Dialect::Hexo) => "post".to_owned(),
                // So the site that Hexo makes has it.
                (None, _, Dialect::Hexo) => "undefined".to_owned(),
                (None, _, _) => return None,
            }
        }
    };
    Some(text)
}

/// The first twelve hex digits of the SHA-1 of Hexo's slug and the seconds.
fn hash(slug: &str, seconds: i64) -> String {
    let digest = sha1_smol::Sha1::from(format!("{slug}{seconds}")).digest().bytes();
    digest[..6].iter().fold(String::with_capacity(12), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The path of a post without `_posts` and its extension.
fn collection_path(place: &ContentPath) -> String {
    let parts: Vec<&str> = place.directory().split('/').filter(|part| !matches!(*part, "" | "_posts")).collect();
    [&parts[..], &[place.stem()]].concat().join("/")
}

/// The file's name without a date in front, but with a language behind, which
/// Hexo and Jekyll know nothing of.
pub(super) fn without_date<'a>(place: &'a ContentPath, name: &str) -> &'a str {
    let stem = place.stem();
    stem.rfind(name).filter(|_| !name.is_empty()).map_or(stem, |at| &stem[at..])
}

/// The file's name with a date in front, but without a language behind, as
/// Hugo has it; a bundle is called as its directory is.
fn without_language<'a>(place: &'a ContentPath, name: &str) -> &'a str {
    if is_bundle(place) {
        return place.directory().rsplit('/').next().unwrap_or_default();
    }
    let stem = place.stem();
    stem.rfind(name).filter(|_| !name.is_empty()).map_or(stem, |at| &stem[..at + name.len()])
}

fn is_bundle(place: &ContentPath) -> bool {
    let index = place.stem().split('.').next().is_some_and(|name| name.eq_ignore_ascii_case("index"));
    index && !place.directory().is_empty()
}

/// The directories above an article, without `content` at the top and a
/// bundle's own.
pub fn sections(place: &ContentPath) -> Vec<&str> {
    let directory = place.directory();
    let mut sections: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    if sections.first() == Some(&"content") {
        sections.remove(0);
    }
    if is_bundle(place) {
        sections.pop();
    }
    sections
}

/// Zola makes slugs of ASCII, by the tables that `name` uses too.
fn zola(text: &str) -> String {
    name::slug(text).unwrap_or_else(|| text.to_owned())
}

/// All names of all categories, each once, in the order of the article.
fn categories(facts: &Facts<'_>, form: impl Fn(&str) -> String) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in facts.categories.iter().flat_map(|path| path.iter()) {
        let name = form(name.spelled());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("/")
}
