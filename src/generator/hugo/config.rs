//! Parses Hugo's configuration: <https://gohugo.io/configuration/>.

use std::cmp::Reverse;

use super::url::{Ugly, UrlSettings};
use crate::generator::languages::{Languages, OtherLanguage};
use crate::generator::math::MathSettings;
use crate::generator::mounts::Mount;
use crate::generator::settings::{GeneratorSettings, author, directory, first, first_element, limit, text};
use crate::generator::site_context::{DateOrder, Filing, Publishes};
use crate::generator::{SiteContext, exclude};
use crate::syntax::front_matter::{Fields, Value};

/// Returns the settings that feeds need. Values of the default language override those of all languages.
pub(crate) fn parse(fields: &Fields) -> GeneratorSettings {
    let code = first(fields, &["defaultContentLanguage"]);
    let languages = match fields.get("languages") {
        Some(Value::Map(languages)) => Some(languages),
        _ => None,
    };
    let spoken = languages.and_then(|languages| match languages.get(code.as_deref().unwrap_or("en")) {
        Some(Value::Map(inside)) => Some(inside),
        _ => None,
    });
    let value = |keys: &[&'static str]| {
        let set = |fields: &&Fields, key: &&'static str| fields.get(key).cloned().filter(|value| !value.is_blank());
        [spoken, Some(fields)].iter().flatten().find_map(|fields| keys.iter().find_map(|key| set(fields, key)))
    };
    let said = |keys: &[&'static str]| text(value(keys).as_ref());
    let code_or_usual = code.as_deref().unwrap_or("en");
    let section_permalinks = value(&["permalinks"]).as_ref().map(patterns).unwrap_or_default();
    let declared = languages_of(fields, languages, code_or_usual);
    GeneratorSettings {
        title: said(&["title"]),
        description: said(&["params.description", "description", "params.subtitle"]),
        language: said(&["locale", "languageCode"]).or_else(|| code.clone()),
        time_zone: said(&["timeZone"]),
        feed_limit: limit(value(&["services.rss.limit", "rssLimit"]).as_ref()),
        future: fields.get("buildFuture").and_then(Value::as_bool),
        author: author(
            value(&["params.author", "params.authors", "author"]).as_ref(),
            said(&["params.email", "params.author.email", "author.email"]),
        ),
        exclude: excluded(fields.get("ignoreFiles")),
        section_permalinks,
        url_settings: url_settings(fields),
        cascade: fields.get("cascade").filter(|value| !value.is_blank()).cloned(),
        site_context: SiteContext {
            publishes: Publishes {
                drafts: is_set(fields, "buildDrafts"),
                expired: is_set(fields, "buildExpired"),
                ..Publishes::default()
            },
            dates: DateOrder::parse(fields.get("frontmatter")),
            filing: Filing::parse(value(&["taxonomies"]).as_ref(), &declared),
            has_emoji: is_set(fields, "enableEmoji"),
            math: MathSettings::parse(fields),
            languages: declared,
            ..SiteContext::default()
        },
        ..GeneratorSettings::default()
    }
}

fn is_set(fields: &Fields, key: &str) -> bool {
    fields.get(key).and_then(Value::as_bool) == Some(true)
}

fn url_settings(fields: &Fields) -> UrlSettings {
    let ugly = match fields.get("uglyURLs") {
        Some(Value::Map(sections)) => {
            let ugly = sections.0.iter().filter(|(_, value)| value.as_bool() == Some(true));
            Ugly::Sections(ugly.map(|(section, _)| section.to_lowercase()).collect())
        }
        _ if is_set(fields, "uglyURLs") => Ugly::Everywhere,
        _ => Ugly::Nowhere,
    };
    UrlSettings {
        ugly,
        keeps_case: is_set(fields, "disablePathToLower"),
        removes_accents: is_set(fields, "removePathAccents"),
    }
}

/// The languages of a site whose default language has this code.
fn languages_of(fields: &Fields, languages: Option<&Fields>, default: &str) -> Languages {
    let default = default.to_ascii_lowercase();
    let named =
        |value: &Value| value.elements().iter().filter_map(Value::as_text).map(str::to_ascii_lowercase).collect();
    let content = directory(fields.get("contentDir"));
    let mut made = Languages {
        are_declared: content.is_some(),
        content: content.unwrap_or_else(|| "content".to_owned()),
        default_has_directory: is_set(fields, "defaultContentLanguageInSubdir"),
        disabled: fields.get("disableLanguages").map(named).unwrap_or_default(),
        default,
        ..Languages::default()
    };
    mount(fields.get("module.mounts"), &mut made);
    for (code, inside) in languages.into_iter().flat_map(|languages| &languages.0) {
        let (code, Value::Map(inside)) = (code.to_ascii_lowercase(), inside) else {
            continue;
        };
        if is_set(inside, "disabled") {
            made.disabled.push(code.clone());
        }
        let own = directory(inside.get("contentDir")).map(|directory| (code.clone(), directory));
        made.are_declared |= own.is_some();
        made.directories.extend(own);
        let is_known = made.disabled.contains(&code) || made.others.iter().any(|other| *other.code == *code);
        if code != made.default && !is_known {
            made.others.push(OtherLanguage {
                code: code.into(),
                title: first(inside, &["title"]),
                description: first(inside, &["params.description", "description", "params.subtitle"]),
                tag: first(inside, &["locale", "languageCode"]),
            });
        }
    }
    made
}

/// Adds the directories that `module.mounts` makes the content of a language, or of the site.
fn mount(mounts: Option<&Value>, languages: &mut Languages) {
    let mut is_shared_known = languages.are_declared;
    for mount in mounts.into_iter().flat_map(Value::elements) {
        let Value::Map(mount) = mount else { continue };
        let Some(target) = directory(mount.get("target")) else { continue };
        let Some(section) = section_of(&target) else { continue };
        let source = directory(mount.get("source"));
        languages.mounts.push(Mount::new(source.as_deref().unwrap_or_default(), section, mount));
        let Some(source) = source else { continue };
        languages.are_declared = true;
        let code = first_element(mount.get("sites.matrix.languages")).or_else(|| text(mount.get("lang")));
        if code.is_none() && section.is_empty() && !is_shared_known {
            is_shared_known = true;
            languages.content.clone_from(&source);
        }
        let code = code.map_or_else(|| languages.default.clone(), |code| code.to_ascii_lowercase());
        languages.directories.push((code, source));
    }
}

/// The section that a mount fills, empty for the content itself; `None` if it is not content.
fn section_of(target: &str) -> Option<&str> {
    let rest = target.strip_prefix("content")?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Hugo's permalink patterns, each with the glob of the pages that it is for. The first one that matches counts.
fn patterns(permalinks: &Value) -> Vec<(String, String)> {
    match permalinks {
        Value::Map(sections) => {
            let sections = match sections.get("page") {
                Some(Value::Map(pages)) => pages,
                _ => sections,
            };
            let pattern = |(section, pattern): &(String, Value)| {
                let section = section.trim_matches([' ', '/']).to_lowercase();
                let glob = if section.is_empty() { "/*".to_owned() } else { format!("/{{{section},{section}/**}}") };
                Some((glob, text(Some(pattern))?))
            };
            let mut patterns: Vec<_> = sections.0.iter().filter_map(pattern).collect();
            // Hugo's order is random where a section is inside another.
            patterns.sort_by_key(|(glob, _)| Reverse(glob.len()));
            patterns
        }
        Value::List(rules) => {
            let rule = |rule: &Value| match rule {
                Value::Map(rule) if text(rule.get("target.kind")).is_none_or(|kind| kind == "page") => {
                    Some((text(rule.get("target.path")).unwrap_or_else(|| "**".to_owned()), text(rule.get("pattern"))?))
                }
                _ => None,
            };
            rules.iter().filter_map(rule).collect()
        }
        _ => Vec::new(),
    }
}

/// Converts Hugo's regular expressions to globs if they only match the end or a part of a name.
fn excluded(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for expression in exclude::texts(value) {
        if let Some(glob) = glob_of(expression) {
            exclude::add(&mut globs, format!("**/{glob}"));
            exclude::add(&mut globs, format!("**/{glob}/**"));
        }
    }
    globs
}

/// Converts a regular expression of the simplest kind; returns `None` for any other.
fn glob_of(expression: &str) -> Option<String> {
    // Authors write one of these for the start of a name, because Hugo matches full paths.
    let (start, rest) = ["(?:^|/)", "(^|/)", "/"]
        .iter()
        .find_map(|start| Some(("", expression.strip_prefix(start)?)))
        .unwrap_or(("*", expression));
    let (rest, end) = rest.strip_suffix('$').map_or((rest, "*"), |rest| (rest, ""));
    let mut glob = start.to_owned();
    let mut letters = rest.chars();
    let mut literal = false;
    while let Some(c) = letters.next() {
        match c {
            '\\' => match letters.next()? {
                c @ ('.' | '-' | '_' | '~' | '#') => glob.push(c),
                _ => return None,
            },
            '.' if letters.as_str().starts_with('*') => {
                letters.next();
                glob.push('*');
                continue;
            }
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '~' | '#' | ' ' | '@') => {
                glob.push(c);
            }
            _ => return None,
        }
        literal = true;
    }
    glob.push_str(end);
    literal.then(|| glob.replace("**", "*"))
}
