//! Zola's permalinks: the sections of an article and its slug. Zola has no setting for them, so a pattern in site.yaml
//! may use Hugo's tokens too.

use crate::generator::hugo;
use crate::generator::permalink::{Cut, PatternToken, PermalinkRules, sections};
use crate::name;

pub(crate) const RULES: PermalinkRules = PermalinkRules {
    default_pattern: ":sections/:slug/",
    tokens,
    token_names: hugo::permalink::TOKEN_NAMES,
    is_token_character: |c| c.is_ascii_alphanumeric() || c == '_',
    path_below_home: None,
    path_key: "path",
    own_path: |path, _, _| format!("{path}/"),
    site: None,
    feed_id: None,
    has_language_directories: true,
    has_suffix_in_name: false,
};

fn tokens(name: &str) -> Option<PatternToken> {
    match name {
        "sections" => {
            Some(PatternToken::parts(name, Cut::All, |facts| sections(facts.place).into_iter().map(slugify).collect()))
        }
        // `slug`, or the file name without its date.
        "slug" => Some(PatternToken::slug(name, |facts| Some(slugify(facts.slugs.get("slug").unwrap_or(facts.name))))),
        name => hugo::permalink::tokens(name),
    }
}

/// Zola's slugs are ASCII. The transliteration table is that of [`name::former_slug`].
fn slugify(text: &str) -> String {
    name::former_slug(text).unwrap_or_else(|| text.to_owned())
}
