//! The keys of each generator's configuration.
//!
//! What a key cannot mean is left out: a configuration serves a program that
//! made sense of it, and a feed can do without. Knows keys and shapes only.

use super::{Defaults, Generator, Letters, exclude, text};
use crate::article::language::Languages;
use crate::article::permalink::{HexoPermalinkConfig, Trailing};
use crate::article::site_context::{DateOrder, Filing, People};
use crate::article::{Author, category};
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

/// The first of these keys with a text.
fn first(fields: &Fields, keys: &[&'static str]) -> Option<String> {
    keys.iter().find_map(|key| text(fields.get(key)))
}

/// The text of a value, or of the first element of a list.
fn first_element(value: Option<&Value>) -> Option<String> {
    value?.elements().iter().find_map(|element| text(Some(element)))
}

/// The author that a value names, with the address found beside it.
fn author(value: Option<&Value>, email: Option<String>) -> Option<Author> {
    let fields = Fields(vec![("author".to_owned(), value?.clone())]);
    let author = category::authors(&fields, &People::default()).into_vec().into_iter().next()?;
    let email = author.email.or_else(|| email.filter(|email| category::is_mail(email)).map(Into::into));
    Some(Author { email, ..author })
}

/// A map from names to texts.
fn map(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Map(fields)) = value else {
        return Vec::new();
    };
    fields.0.iter().filter_map(|(name, value)| Some((name.trim().to_owned(), text(Some(value))?))).collect()
}

/// <https://hexo.io/docs/configuration>
pub fn hexo(fields: &Fields) -> Generator {
    let letters = match text(fields.get("filename_case")).as_deref() {
        Some("1") => Letters::Small,
        Some("2") => Letters::Capital,
        _ => Letters::Kept,
    };
    Generator {
        title: first(fields, &["title"]),
        description: first(fields, &["description", "subtitle"]),
        language: first_element(fields.get("language")),
        time_zone: first(fields, &["timezone"]),
        author: author(fields.get("author"), text(fields.get("email"))),
        category_map: map(fields.get("category_map")),
        tag_map: map(fields.get("tag_map")),
        exclude: exclude::hexo(["skip_render", "exclude", "ignore"].iter().filter_map(|key| fields.get(key))),
        permalink: text(fields.get("permalink")),
        hexo_config: HexoPermalinkConfig {
            defaults: map(fields.get("permalink_defaults")),
            default_category: text(fields.get("default_category")),
            new_post_name: text(fields.get("new_post_name")),
            trailing: trailing(fields),
            asset_folders: fields.get("post_asset_folder").and_then(Value::as_bool) == Some(true),
        },
        letters,
        locked_tags: locked_tags(fields.get("encrypt.tags")),
        ..Generator::default()
    }
}

/// The tags that hexo-blog-encrypt locks: names, tables with a `name`, or passwords by name.
fn locked_tags(value: Option<&Value>) -> Vec<Name> {
    let named = |value: &Value| match value {
        Value::Map(inside) if inside.get("name").is_some() => vec![text(inside.get("name"))],
        Value::Map(inside) => inside.0.iter().map(|(name, _)| Some(name.clone())).collect(),
        value => vec![text(Some(value))],
    };
    let names = value.into_iter().flat_map(Value::elements).flat_map(named);
    names.flatten().filter_map(|name| Name::new(&name)).collect()
}

fn trailing(fields: &Fields) -> Trailing {
    let cuts = |key: &str| fields.get(key).and_then(Value::as_bool) == Some(false);
    match (cuts("pretty_urls.trailing_index"), cuts("pretty_urls.trailing_html")) {
        (false, false) => Trailing::Whole,
        (true, false) => Trailing::NoIndex,
        (false, true) => Trailing::NoExtension,
        (true, true) => Trailing::Bare,
    }
}

/// <https://jekyllrb.com/docs/configuration/options/>
pub fn jekyll(fields: &Fields) -> Generator {
    let own = fields.get("author").or_else(|| fields.get("authors"));
    Generator {
        title: first(fields, &["title", "name"]),
        description: first(fields, &["description", "tagline", "subtitle"]),
        language: first(fields, &["lang", "locale", "language"]),
        time_zone: first(fields, &["timezone"]),
        author: author(own, text(fields.get("email"))),
        exclude: exclude::jekyll(fields.get("exclude")),
        defaults: Defaults::parse(fields.get("defaults")),
        permalink: first(fields, &["collections.posts.permalink", "permalink"])
            .map(|pattern| jekyll_style(&pattern).to_owned()),
        ..Generator::default()
    }
}

/// A pattern that has a name.
fn jekyll_style(pattern: &str) -> &str {
    match pattern {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

/// <https://gohugo.io/configuration/>: what is set for the default language
/// goes before what is set for all.
pub fn hugo(fields: &Fields) -> Generator {
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
    let (permalink, section_permalinks) = value(&["permalinks"]).as_ref().map(hugo_patterns).unwrap_or_default();
    Generator {
        title: said(&["title"]),
        description: said(&["params.description", "description", "params.subtitle"]),
        language: said(&["locale", "languageCode"]).or_else(|| code.clone()),
        time_zone: said(&["timeZone"]),
        author: author(
            value(&["params.author", "params.authors", "author"]).as_ref(),
            said(&["params.email", "params.author.email", "author.email"]),
        ),
        exclude: exclude::hugo(fields.get("ignoreFiles")),
        permalink,
        section_permalinks,
        languages: hugo_languages(fields, languages, code_or_usual),
        cascade: fields.get("cascade").filter(|value| !value.is_blank()).cloned(),
        dates: DateOrder::parse(fields.get("frontmatter")),
        filing: Filing::parse(value(&["taxonomies"]).as_ref()),
        ..Generator::default()
    }
}

/// The languages of a site whose default one has this code.
fn hugo_languages(fields: &Fields, languages: Option<&Fields>, default: &str) -> Languages {
    let default = default.to_ascii_lowercase();
    let named =
        |value: &Value| value.elements().iter().filter_map(Value::as_text).map(str::to_ascii_lowercase).collect();
    let mut made = Languages {
        default_has_directory: fields.get("defaultContentLanguageInSubdir").and_then(Value::as_bool) == Some(true),
        disabled: fields.get("disableLanguages").map(named).unwrap_or_default(),
        default,
        ..Languages::default()
    };
    for (code, inside) in languages.into_iter().flat_map(|languages| &languages.0) {
        let (code, Value::Map(inside)) = (code.to_ascii_lowercase(), inside) else {
            continue;
        };
        if inside.get("disabled").and_then(Value::as_bool) == Some(true) {
            made.disabled.push(code.clone());
        }
        if let Some(directory) = text(inside.get("contentDir")) {
            let directory = directory.trim_start_matches("./").trim_matches('/');
            let below = directory.strip_prefix("content/").unwrap_or(directory);
            if below != "content" {
                made.directories.push((code.clone(), below.to_owned()));
            }
        }
        if code != made.default && !made.disabled.contains(&code) && !made.others.contains(&code) {
            made.others.push(code);
        }
    }
    made
}

/// Hugo's patterns: one for all pages, and one for each section that is named.
/// The newer list has the first rule that fits; its globs are understood as
/// far as they name a section.
fn hugo_patterns(permalinks: &Value) -> (Option<String>, Vec<(String, String)>) {
    let named = |sections: &Fields| -> Vec<(String, String)> {
        sections.0.iter().filter_map(|(section, pattern)| Some((section.clone(), text(Some(pattern))?))).collect()
    };
    match permalinks {
        Value::Map(sections) => (
            None,
            match sections.get("page") {
                Some(Value::Map(pages)) => named(pages),
                _ => named(sections),
            },
        ),
        Value::List(rules) => {
            let rules = rules.iter().filter_map(|rule| match rule {
                Value::Map(rule) if text(rule.get("target.kind")).is_none_or(|kind| kind == "page") => {
                    let path = text(rule.get("target.path")).unwrap_or_default();
                    Some((path.trim_matches(['/', '*']).to_owned(), text(rule.get("pattern"))?))
                }
                _ => None,
            });
            let (every, sections): (Vec<_>, Vec<_>) = rules.partition(|(section, _)| section.is_empty());
            (every.into_iter().next().map(|(_, pattern)| pattern), sections)
        }
        _ => (None, Vec::new()),
    }
}

/// <https://www.getzola.org/documentation/getting-started/configuration/>
pub fn zola(fields: &Fields) -> Generator {
    Generator {
        title: first(fields, &["title"]),
        description: first(fields, &["description"]),
        language: first(fields, &["default_language"]),
        author: author(fields.get("author").or_else(|| fields.get("extra.author")), None),
        exclude: exclude::zola(fields.get("ignored_content")),
        languages: Languages {
            default: text(fields.get("default_language")).unwrap_or_else(|| "en".to_owned()).to_ascii_lowercase(),
            others: match fields.get("languages") {
                Some(Value::Map(languages)) => languages.0.iter().map(|(code, _)| code.to_ascii_lowercase()).collect(),
                _ => Vec::new(),
            },
            ..Languages::default()
        },
        ..Generator::default()
    }
}
