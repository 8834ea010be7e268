//! The tokens of Hugo's `permalinks`: <https://gohugo.io/configuration/permalinks/>.

use super::slug::{urlize, urlize_path};
use crate::generator::hexo::PermalinkConfig;
use crate::generator::permalink::{Cut, End, Facts, PatternToken, PermalinkRules, decoded, without_language};

pub(crate) const TOKEN_NAMES: &str = ":year :month :monthname :day :weekday :weekdayname :yearday :section :sections :sectionslug :sectionslugs :title :slug :filename :slugorfilename :contentbasename :slugorcontentbasename :path";

pub(crate) const RULES: PermalinkRules = PermalinkRules {
    default_pattern: ":pathsections/:slugorpathname/",
    tokens,
    token_names: TOKEN_NAMES,
    is_token_character: |c| c.is_ascii_alphanumeric() || c == '_',
    path_below_home: None,
    path_key: "url",
    own_path,
    is_own_path_in_language: true,
    feed_id: None,
    has_language_directories: true,
    // A suffix that is not a language of the site belongs to the name.
    has_suffix_in_name: true,
};

/// The path may contain tokens. Without an extension it is a directory.
fn own_path(path: &str, fill: &dyn Fn(&str) -> String, _: &PermalinkConfig) -> String {
    let path = if path.contains(':') { fill(path) } else { decoded(path) };
    let is_file = path.rsplit('/').next().is_some_and(|last| last.is_empty() || last.contains('.'));
    if is_file { path } else { path + "/" }
}

pub(crate) fn tokens(name: &str) -> Option<PatternToken> {
    let sections = name.strip_prefix("sectionslugs").or_else(|| name.strip_prefix("sections"));
    if let Some(cut) = sections.filter(|cut| !cut.is_empty()) {
        return Some(PatternToken::sections(name, Cut::parse(cut)?, urlize));
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
        "section" | "sectionslug" => Some(PatternToken::sections(name, Cut::One(End::At(0)), urlize)),
        "sections" | "sectionslugs" => Some(PatternToken::sections(name, Cut::All, urlize)),
        "title" => Some(PatternToken::text(name, |facts| Some(urlize(facts.title)))),
        "slug" => Some(PatternToken::slug(name, |facts| Some(urlize(facts.slugs.get("slug").unwrap_or(facts.title))))),
        "filename" | "contentbasename" => Some(PatternToken::text(name, |facts| Some(urlize(file_name(facts))))),
        "slugorfilename" | "slugorcontentbasename" => Some(PatternToken::slug(name, |facts| {
            Some(urlize(facts.slugs.get("slug").unwrap_or_else(|| file_name(facts))))
        })),
        // The next two are not in Hugo's list. They describe its permalinks on sites without a pattern.
        "slugorpathname" => Some(PatternToken::slug(name, |facts| {
            Some(facts.slugs.get("slug").map_or_else(|| urlize_path(file_name(facts)), urlize))
        })),
        "pathsections" => Some(PatternToken::sections(name, Cut::All, urlize_path)),
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
