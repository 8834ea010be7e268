//! Parses Zola's configuration: <https://www.getzola.org/documentation/getting-started/configuration/>.

use crate::generator::languages::Languages;
use crate::generator::settings::{GeneratorSettings, author, first, limit, text};
use crate::generator::{SiteContext, exclude};
use crate::syntax::front_matter::{Fields, Value};

pub(crate) fn parse(fields: &Fields) -> GeneratorSettings {
    GeneratorSettings {
        title: first(fields, &["title"]),
        description: first(fields, &["description"]),
        language: first(fields, &["default_language"]),
        feed_limit: limit(fields.get("feed_limit")),
        author: author(fields.get("author").or_else(|| fields.get("extra.author")), None),
        exclude: excluded(fields.get("ignored_content")),
        site_context: SiteContext { languages: languages(fields), ..SiteContext::default() },
        ..GeneratorSettings::default()
    }
}

fn languages(fields: &Fields) -> Languages {
    Languages {
        default: text(fields.get("default_language")).unwrap_or_else(|| "en".to_owned()).to_ascii_lowercase(),
        others: match fields.get("languages") {
            Some(Value::Map(languages)) => languages.0.iter().map(|(code, _)| code.to_ascii_lowercase()).collect(),
            _ => Vec::new(),
        },
        ..Languages::default()
    }
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
