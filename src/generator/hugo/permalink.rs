//! The tokens of Hugo's `permalinks`: <https://gohugo.io/configuration/permalinks/>.

use super::slug::urlize;
use super::url;
use crate::generator::permalink::{
    Cut, End, Facts, LOCAL_DATE, PatternToken, PermalinkRules, SiteRules, UNTITLED, sections, without_language,
};

pub(crate) const TOKEN_NAMES: &str = ":year :month :monthname :day :weekday :weekdayname :yearday :section :sections :sectionslug :sectionslugs :title :slug :filename :slugorfilename :contentbasename :slugorcontentbasename :path";

pub(crate) const RULES: PermalinkRules = PermalinkRules {
    default_pattern: url::DEFAULT_PATTERN,
    tokens,
    token_names: TOKEN_NAMES,
    is_token_character: |c| c.is_ascii_alphanumeric() || c == '_',
    path_below_home: None,
    path_key: "url",
    own_path: |path, _, _| path.to_owned(),
    site: Some(SiteRules { tokens: url::tokens, path: url::path, keys: &[LOCAL_DATE, UNTITLED] }),
    feed_id: None,
    has_language_directories: true,
    // A suffix that is not a language of the site belongs to the name.
    has_suffix_in_name: true,
};

/// The tokens of patterns below `:base`, which use nothing but the article itself.
pub(crate) fn tokens(name: &str) -> Option<PatternToken> {
    let parts = |cut| PatternToken::parts(name, cut, |facts| sections(facts.place).into_iter().map(urlize).collect());
    let cut = name.strip_prefix("sectionslugs").or_else(|| name.strip_prefix("sections"));
    if let Some(cut) = cut.filter(|cut| cut.starts_with('[')) {
        return Some(parts(Cut::parse(cut)?));
    }
    let date = |format| Some(PatternToken::date(name, format));
    match name {
        "year" => date("%Y"),
        "month" => date("%m"),
        "monthname" => date("%B"),
        "day" => date("%d"),
        "weekday" => date("%w"),
        "weekdayname" => date("%A"),
        "yearday" => date("%-j"),
        "section" | "sectionslug" => Some(parts(Cut::One(End::At(0)))),
        "sections" | "sectionslugs" => Some(parts(Cut::All)),
        "title" => Some(PatternToken::text(name, |facts| Some(urlize(facts.title)))),
        "slug" => Some(PatternToken::slug(name, |facts| Some(urlize(facts.slugs.get("slug").unwrap_or(facts.title))))),
        "filename" | "contentbasename" => Some(PatternToken::text(name, |facts| Some(urlize(file_name(facts))))),
        "slugorfilename" | "slugorcontentbasename" => Some(PatternToken::slug(name, |facts| {
            Some(urlize(facts.slugs.get("slug").unwrap_or_else(|| file_name(facts))))
        })),
        _ => layout(name).and_then(date),
    }
}

fn file_name<'a>(facts: &Facts<'a>) -> &'a str {
    without_language(facts.place, facts.name)
}

/// The chrono format for a layout of Go's time package, for example `%Y` for `2006`.
fn layout(name: &str) -> Option<&'static str> {
    Some(match name {
        "2006" => "%Y",
        "06" => "%y",
        "01" => "%m",
        "1" => "%-m",
        "Jan" => "%b",
        "January" => "%B",
        "02" => "%d",
        "2" => "%-d",
        "002" => "%j",
        "Mon" => "%a",
        "Monday" => "%A",
        "15" => "%H",
        "04" => "%M",
        "05" => "%S",
        _ => return None,
    })
}
