//! Parses Jekyll's configuration: <https://jekyllrb.com/docs/configuration/options/>.

use super::{collections, feeds};
use crate::generator::defaults::Defaults;
use crate::generator::languages::{Languages, OtherLanguage};
use crate::generator::math::MathSettings;
use crate::generator::settings::{GeneratorSettings, author, directory, first, limit, text};
use crate::generator::{SiteContext, exclude};
use crate::syntax::front_matter::{Fields, Value};

pub(crate) fn parse(fields: &Fields) -> GeneratorSettings {
    let own = fields.get("author").or_else(|| fields.get("authors"));
    GeneratorSettings {
        title: first(fields, &["title", "name"]),
        description: first(fields, &["description", "tagline", "subtitle"]),
        language: first(fields, &["lang", "locale", "language"]),
        time_zone: first(fields, &["timezone"]),
        feed_limit: limit(fields.get("feed.posts_limit")),
        feed_moves: feeds::moves(fields),
        future: fields.get("future").and_then(Value::as_bool),
        author: author(own, text(fields.get("email"))),
        exclude: excluded(fields.get("exclude")),
        site_context: SiteContext {
            defaults: Defaults::parse(
                fields.get("defaults"),
                &directory(fields.get("collections_dir")).unwrap_or_default(),
            ),
            source: directory(fields.get("source")),
            included: exclude::texts(fields.get("include")).map(|name| name.trim_matches('/').to_owned()).collect(),
            has_emoji: fields
                .get("plugins")
                .is_some_and(|plugins| plugins.elements().iter().any(|plugin| plugin.as_text() == Some("jemoji"))),
            is_common_mark: text(fields.get("markdown"))
                .is_some_and(|name| name.to_ascii_lowercase().starts_with("commonmark")),
            math: MathSettings::parse(fields),
            languages: languages(fields),
            variables: fields.clone(),
            collections: collections::parse(fields),
            ..SiteContext::default()
        },
        permalink: first(fields, &["collections.posts.permalink", "permalink"])
            .map(|pattern| named_style(&pattern).to_owned()),
        section_permalinks: collections::permalinks(fields, first(fields, &["permalink"]).as_deref()),
        ..GeneratorSettings::default()
    }
}

/// The languages of jekyll-polyglot, which needs `default_lang` beside them.
fn languages(fields: &Fields) -> Languages {
    let (Some(codes), Some(default)) = (fields.get("languages"), first(fields, &["default_lang"])) else {
        return Languages::default();
    };
    let default = default.to_ascii_lowercase();
    let codes = codes.elements().iter().filter_map(Value::as_text);
    let others = codes.filter(|code| !code.eq_ignore_ascii_case(&default)).map(OtherLanguage::from).collect();
    Languages { default, others, by_front_matter: true, ..Languages::default() }
}

/// Expands the named styles of `permalink`.
fn named_style(pattern: &str) -> &str {
    match pattern {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

/// Jekyll's names and globs, which are relative to the site's root. A name excludes every path that begins with it, and
/// with a final slash one directory.
fn excluded(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for written in exclude::texts(value) {
        let entry = written.trim_start_matches("./").trim_matches('/');
        let is_glob = entry.contains(['*', '?', '[']);
        for entry in
            [Some(entry), entry.strip_prefix("_posts/")].into_iter().flatten().filter(|entry| !entry.is_empty())
        {
            if is_glob && entry.contains("_posts/") {
                // Jekyll matches each file below `_posts`, but no directory there.
                let last = entry.rsplit('/').next().unwrap_or(entry);
                exclude::add(
                    &mut globs,
                    Some(entry).filter(|_| last.contains(['*', '.'])).unwrap_or_default().to_owned(),
                );
                continue;
            }
            let rest = if is_glob || written.ends_with('/') { "" } else { "*" };
            exclude::add(&mut globs, format!("{entry}{rest}"));
            exclude::add(&mut globs, format!("{entry}{rest}/**"));
            if is_glob {
                // Jekyll's `*` matches slashes, too.
                exclude::add(&mut globs, entry.replace("**", "*").replace('*', "{*,*/**/*}"));
            }
        }
    }
    globs
}
