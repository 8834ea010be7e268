//! Jekyll's `slugify`, which makes a URL component of a text.

use unicode_normalization::char::is_combining_mark;

/// Jekyll's `slugify` in its default mode. Letters and digits of any script are kept in lower case; a run of other
/// characters becomes one hyphen.
pub(crate) fn slugify(text: &str) -> String {
    hyphenated(text, |_| false).to_lowercase()
}

/// Jekyll's `slugify` in the mode `pretty`, which `:title` uses. It keeps the letter case and the punctuation that
/// URLs may contain.
pub(crate) fn slugify_pretty(text: &str) -> String {
    hyphenated(text, |c| "._~!$&'()+,;=@".contains(c))
}

fn hyphenated(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || is_combining_mark(c) || kept(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jekyll_has_a_default_and_a_pretty_mode() {
        assert_eq!(slugify("The _config.yml file"), "the-config-yml-file");
        assert_eq!(slugify_pretty("The _config.yml file"), "The-_config.yml-file");
        assert_eq!(slugify("Été à 新媒体!"), "été-à-新媒体");
        assert_eq!(slugify("--?--"), "");
    }
}
