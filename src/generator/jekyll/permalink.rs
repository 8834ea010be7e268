//! The tokens of Jekyll's `permalink`: <https://jekyllrb.com/docs/permalinks/>.

use super::slug::{slugify, slugify_pretty};
use crate::content_path::ContentPath;
use crate::generator::permalink::{Facts, PatternToken, PermalinkRules, decoded, without_date};
use crate::text::{Address, encode_path};

pub(crate) const RULES: PermalinkRules = PermalinkRules {
    default_pattern: ":categories/:year/:month/:day/:title:output_ext",
    tokens,
    token_names: ":year :short_year :month :i_month :short_month :long_month :day :i_day :y_day :w_year :week :w_day :short_day :long_day :hour :minute :second :title :slug :name :basename :path :categories :slugified_categories :collection :output_ext",
    is_token_character: |c| c.is_ascii_lowercase() || c == '_',
    path_below_home: Some(|facts| Some(collection_path(facts.place))),
    path_key: "permalink",
    // The path may contain tokens.
    own_path: |path, fill, _| if path.contains(':') { fill(path) } else { decoded(path) },
    site: None,
    feed_id: Some(feed_id),
    has_language_directories: false,
    has_suffix_in_name: false,
};

pub(crate) fn tokens(name: &str) -> Option<PatternToken> {
    let date = |format| Some(PatternToken::date(name, format));
    match name {
        "year" => date("%Y"),
        "short_year" => date("%y"),
        "month" => date("%m"),
        "i_month" => date("%-m"),
        "short_month" => date("%b"),
        "long_month" => date("%B"),
        "day" => date("%d"),
        "i_day" => date("%-d"),
        "y_day" => date("%j"),
        "w_year" => date("%G"),
        "week" => date("%V"),
        "w_day" => date("%u"),
        "short_day" => date("%a"),
        "long_day" => date("%A"),
        "hour" => date("%H"),
        "minute" => date("%M"),
        "second" => date("%S"),
        // `slug` or the file name, in its letter case.
        "title" => Some(PatternToken::slug(name, |facts| Some(slugify_pretty(slug_or_name(facts))))),
        // `slug` or the file name, in lower case.
        "slug" => Some(PatternToken::slug(name, |facts| Some(slugify(slug_or_name(facts))))),
        // The file name with its date.
        "name" => Some(PatternToken::text(name, |facts| Some(slugify(facts.place.stem())))),
        "basename" => Some(PatternToken::text(name, |facts| Some(facts.place.stem().to_owned()))),
        "categories" => Some(PatternToken::text(name, |facts| Some(categories(facts, str::to_lowercase)))),
        "slugified_categories" => Some(PatternToken::text(name, |facts| Some(categories(facts, slugify)))),
        "output_ext" => Some(PatternToken::text(name, |_| Some(".html".to_owned()))),
        "collection" => Some(PatternToken::text(name, |facts| Some(collection(facts.place).to_owned()))),
        _ => None,
    }
}

fn slug_or_name<'a>(facts: &Facts<'a>) -> &'a str {
    facts.slugs.get("slug").unwrap_or_else(|| without_date(facts.place, facts.name))
}

/// The name of the collection that contains a file: its first directory with an underscore.
fn collection(place: &ContentPath) -> &str {
    let mut parts = place.directory().split('/');
    let is_post = parts.clone().any(|part| part == "_posts");
    parts.find_map(|part| part.strip_prefix('_')).filter(|_| !is_post).unwrap_or("posts")
}

/// The path of a document without the directory of its collection and without its extension.
fn collection_path(place: &ContentPath) -> String {
    let own = format!("_{}", collection(place));
    if own != "_posts" {
        let below = place.directory().split('/').skip_while(|part| *part != own).skip(1);
        return below.chain([place.stem()]).collect::<Vec<_>>().join("/");
    }
    let parts: Vec<&str> = place.directory().split('/').filter(|part| !matches!(*part, "" | "_posts")).collect();
    [&parts[..], &[place.stem()]].concat().join("/")
}

/// The names of all categories in the order of the article, without duplicates.
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

/// The id that jekyll-feed gives a post: the directory of its permalink followed by its slug as written. An extension of
/// the permalink is dropped.
fn feed_id(link: &Address, facts: &Facts<'_>) -> Address {
    let name = || super::without_date(facts.place.stem()).unwrap_or(facts.place.stem()).trim_end_matches('.');
    let slug = facts.slugs.get("slug").unwrap_or_else(name);
    let path = link.as_str().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    // The URL of a site's root has no parent directory.
    let directory = match path.rfind('/').filter(|&at| !path[..at].ends_with('/')) {
        Some(at) => &path[..at],
        None => path,
    };
    let (path, fragment) = slug.split_once('#').unwrap_or((slug, ""));
    // Addressable, which jekyll-feed uses, normalises percent-encoding.
    let [path, fragment] = [path, fragment].map(|part| encode_path(&decoded(part)));
    let fragment = if fragment.is_empty() { fragment } else { format!("#{fragment}") };
    Address::parse(&format!("{directory}/{path}{fragment}")).unwrap_or_else(|| link.clone())
}
