//! Parses Zola's configuration: <https://www.getzola.org/documentation/getting-started/configuration/>.

use crate::generator::languages::{Languages, OtherLanguage};
use crate::generator::math::MathSettings;
use crate::generator::settings::{GeneratorSettings, author, first, limit, text};
use crate::generator::site_context::Filing;
use crate::generator::{SiteContext, exclude};
use crate::syntax::front_matter::{Fields, Value};

pub(crate) fn parse(fields: &Fields) -> GeneratorSettings {
    let languages = languages(fields);
    GeneratorSettings {
        title: first(fields, &["title"]),
        description: first(fields, &["description"]),
        language: first(fields, &["default_language"]),
        feed_limit: limit(fields.get("feed_limit")),
        author: author(fields.get("author").or_else(|| fields.get("extra.author")), None),
        exclude: excluded(fields.get("ignored_content")),
        site_context: SiteContext {
            filing: filing(fields, &languages),
            languages,
            has_emoji: fields.get("markdown.render_emoji").and_then(Value::as_bool) == Some(true),
            math: MathSettings::parse(fields),
            ..SiteContext::default()
        },
        ..GeneratorSettings::default()
    }
}

/// The taxonomies of all languages: tables with a `name`.
fn filing(fields: &Fields, languages: &Languages) -> Filing {
    let mut filing = Filing::default();
    let of_languages = match fields.get("languages") {
        Some(Value::Map(languages)) => languages.0.as_slice(),
        _ => &[],
    };
    let of_language = of_languages.iter().filter_map(|(_, inside)| match inside {
        Value::Map(inside) => inside.get("taxonomies"),
        _ => None,
    });
    for taxonomy in fields.get("taxonomies").into_iter().chain(of_language).flat_map(Value::elements) {
        if let Value::Map(taxonomy) = taxonomy
            && let Some(name) = text(taxonomy.get("name"))
        {
            filing.add(&name, languages);
        }
    }
    filing
}

fn languages(fields: &Fields) -> Languages {
    let default = text(fields.get("default_language")).unwrap_or_else(|| "en".to_owned()).to_ascii_lowercase();
    // The default language may have a table, too.
    let others = match fields.get("languages") {
        Some(Value::Map(languages)) => {
            languages.0.iter().filter(|(code, _)| !code.eq_ignore_ascii_case(&default)).map(other).collect()
        }
        _ => Vec::new(),
    };
    Languages { default, others, ..Languages::default() }
}

fn other((code, inside): &(String, Value)) -> OtherLanguage {
    let said = |key: &'static str| match inside {
        Value::Map(inside) => text(inside.get(key)),
        _ => None,
    };
    OtherLanguage { title: said("title"), description: said("description"), ..code.as_str().into() }
}

/// Zola's globs, which match at any depth.
fn excluded(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for glob in exclude::texts(value) {
        let glob = glob.trim_start_matches('/');
        exclude::add(&mut globs, if glob.starts_with("**") { glob.to_owned() } else { format!("**/{glob}") });
    }
    globs
}
