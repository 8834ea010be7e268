//! The permalink of an article, made by a pattern such as `:home/:year/:title/`.
//!
//! The tokens and rules come from a [`Generator`] (docs/decisions/generators.md#hexo-permalinks), so that the link of
//! an entry leads to the page that the generator made. Whether the web site serves the page is not checked.
//!
//! Below `:base`, the URL of feedmill itself, only the pattern counts. Below `:home`, the URL of the web site, the
//! front matter can override the pattern with `permalink` (Hexo, Jekyll), `url` (Hugo) or `path` (Zola), as in these
//! generators.
//!
//! An undated article has no value for the date tokens. They are left out together with the slash or hyphen beside
//! them, so `:year/:month/:title/` becomes `title/`. If nothing is left, the page path is used.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Generator;
pub(crate) use super::hexo::PermalinkConfig;
pub(crate) use super::hugo::{Sections, UrlSettings};
use crate::content_path::ContentPath;
use crate::name::Name;
use crate::text::{Address, decode_path, encode_path, encode_query_value};
pub(crate) use fill::{sections, without_date, without_language};
pub(crate) use slugs::Slugs;
pub(crate) use token::{Cut, End, FillToken, PatternToken, TokenTable};

mod fill;
mod slugs;
#[cfg(test)]
mod tests;
mod token;

/// Turns the value of [`PermalinkRules::path_key`] into a path. The function argument fills the tokens of a pattern.
pub(crate) type OwnPath = fn(&str, &dyn Fn(&str) -> String, &PermalinkConfig) -> String;

pub(crate) struct PermalinkRules {
    /// The pattern of sites whose configuration sets none.
    pub default_pattern: &'static str,
    /// The tokens that patterns may have besides `:path`, `:base` and `:home`.
    pub tokens: TokenTable,
    /// The names of these tokens, listed in the help of [`PatternError::Unknown`].
    pub token_names: &'static str,
    /// Whether a character can be part of a token's name.
    pub is_token_character: fn(char) -> bool,
    /// The meaning of `:path` below `:home`, if it is not the page path of the article.
    pub path_below_home: Option<FillToken>,
    /// The front matter key that sets the whole path, for example `url` in Hugo.
    pub path_key: &'static str,
    /// Turns the value of this key into a path.
    pub own_path: OwnPath,
    /// How paths below `:home` are made, if not only by filling the pattern.
    pub site: Option<SiteRules>,
    /// The id that the generator's feed plugin gives an article, if it is not the permalink.
    pub feed_id: Option<fn(&Address, &Facts<'_>) -> Address>,
    /// Whether the directory of the language is part of the permalink.
    pub has_language_directories: bool,
    /// Whether the language suffix is part of the file's name, as in `a.fr.md`.
    pub has_suffix_in_name: bool,
}

/// How a generator makes paths below `:home` that depend on more than the pattern.
pub(crate) struct SiteRules {
    /// Tokens with another text than elsewhere.
    pub tokens: TokenTable,
    /// Makes the whole path.
    pub path: fn(&PermalinkPattern, &Facts<'_>) -> String,
    /// What else has to be kept of an article, in addition to front matter keys: [`LOCAL_DATE`], [`UNTITLED`].
    pub keys: &'static [&'static str],
}

/// The key of [`Slugs`] for the date as written, in its own zone.
pub(crate) const LOCAL_DATE: &str = ":date";
/// The key of [`Slugs`] for articles whose front matter has no title.
pub(crate) const UNTITLED: &str = ":untitled";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// The generator has no token of this name.
    #[error("`:{token}` is not a permalink token of {}", .generator.as_str())]
    Unknown { token: String, generator: Generator },
    /// The pattern contains a scheme, as in `https://example.org/:title/`.
    #[error("a permalink pattern cannot be an absolute URL")]
    Absolute,
    /// The pattern of feedmill's own pages contains a `?`.
    #[error("a URL below `:base` cannot have a query, because the pages of articles are files there")]
    Query,
}

impl PatternError {
    /// How to fix the pattern; printed below the error.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Unknown { generator, .. } => {
                format!("use :base, :home, {}", generator.permalinks.token_names)
            }
            Self::Query => "remove the `?` and what follows it, or begin the pattern with `:home`".to_owned(),
            Self::Absolute => "begin it with `:home`, and set `home` to the URL of the site".to_owned(),
        }
    }
}

/// The URL that the path of a pattern is appended to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatternRoot {
    /// The URL of feedmill, `:base`.
    Base,
    /// The URL of the web site, `:home`.
    Home,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text that all articles share.
    Literal(String),
    /// Text that each article fills in.
    Token(PatternToken),
}

/// A parsed pattern, used for all articles of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PermalinkPattern {
    root: PatternRoot,
    /// The segments between slashes.
    parts: Vec<Vec<Piece>>,
    /// Whether the pattern ends with a slash.
    closed: bool,
    /// The pieces behind a `?`.
    query: Vec<Piece>,
    generator: Generator,
}

/// The properties of an article that its permalink can contain.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// The path of the file, without its language directory.
    pub place: &'a ContentPath,
    /// Returns the path of the article's page in feedmill. A function, because few patterns need it.
    pub page_path: &'a dyn Fn() -> String,
    pub title: &'a str,
    /// The name of the file without a leading date and a language suffix.
    pub name: &'a str,
    /// The front matter values that permalinks use.
    pub slugs: &'a Slugs,
    /// The publication time in the time zone of the site.
    pub local: Option<NaiveDateTime>,
    pub instant: Option<DateTime<Utc>>,
    /// The categories, each a path that begins at the top level.
    pub categories: &'a [Box<[Name]>],
    /// The directory of the language with a trailing slash; empty for the default language.
    pub language: &'a str,
    /// The code of the language.
    pub language_code: &'a str,
    pub sections: &'a Sections,
    /// The permalink settings of a Hexo site.
    pub permalink_config: &'a PermalinkConfig,
    /// The URL settings of a Hugo site.
    pub url_settings: &'a UrlSettings,
}

impl PermalinkPattern {
    /// Parses a pattern. One that begins with neither `:base` nor `:home` is below `:home`, as in the configuration of
    /// a generator.
    pub(crate) fn parse(text: &str, generator: Generator) -> Result<Self, PatternError> {
        let text = text.trim();
        let after = |root: &str| text.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let (root, path) = match (after(":base"), after(":home")) {
            (Some(path), _) => (PatternRoot::Base, path),
            (None, Some(path)) => (PatternRoot::Home, path),
            (None, None) => (PatternRoot::Home, text),
        };
        if path.contains("://") {
            return Err(PatternError::Absolute);
        }
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if root == PatternRoot::Base && !query.is_empty() {
            return Err(PatternError::Query);
        }
        let parts = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| pieces(part, root, generator))
            .collect::<Result<Vec<_>, _>>()?;
        let closed = path.ends_with('/') || path.is_empty();
        Ok(Self { root, parts, closed, query: pieces(query, root, generator)?, generator })
    }

    /// Whether the permalinks are URLs of the web site rather than of feedmill.
    pub(crate) fn leads_home(&self) -> bool {
        self.root == PatternRoot::Home
    }

    /// The front matter keys that affect the permalink: those that the pattern names and, below `:home`, those that
    /// override it. The caller keeps their values in [`Slugs`].
    pub(crate) fn keys(&self) -> Vec<String> {
        let named = self.parts.iter().flatten().chain(&self.query).filter_map(|piece| match piece {
            Piece::Token(token) => token.front_matter_key(),
            Piece::Literal(_) => None,
        });
        let above: &[&str] = match self.root {
            PatternRoot::Base => &[],
            // The value of such a key may contain tokens, for example `:slug`.
            PatternRoot::Home => &["permalink", "url", "path", "slug"],
        };
        let rules = &self.generator.permalinks;
        let kept = rules.site.iter().filter(|_| self.root == PatternRoot::Home).flat_map(|site| site.keys);
        let mut keys: Vec<String> = named.chain(above.iter().chain(kept).copied()).map(str::to_owned).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the permalink of an article: ASCII, percent-encoded, without double slashes. `base` and `home` must be
    /// encoded URLs.
    pub(crate) fn address(&self, base: &str, home: &str, facts: &Facts<'_>) -> String {
        let path = self.address_of_path(base, home, facts);
        if self.query.is_empty() || facts.slugs.get(self.generator.permalinks.path_key).is_some() {
            return path;
        }
        let filled = self.query.iter().map(|piece| match piece {
            Piece::Literal(text) => encode_path(text),
            Piece::Token(token) => encode_query_value(&token.fill(facts).unwrap_or_default()),
        });
        format!("{path}?{}", filled.collect::<String>())
    }

    fn address_of_path(&self, base: &str, home: &str, facts: &Facts<'_>) -> String {
        match self.root {
            PatternRoot::Base => join(base, &self.path(facts)),
            PatternRoot::Home => {
                let rules = &self.generator.permalinks;
                match (facts.slugs.get(rules.path_key), &rules.site) {
                    (Some(path), _) if path.starts_with("https://") || path.starts_with("http://") => {
                        Address::parse(path).map_or_else(|| encode_path(path), |path| path.as_str().to_owned())
                    }
                    (_, Some(site)) => join(home, &(site.path)(self, facts)),
                    (Some(path), None) => {
                        let path = (rules.own_path)(path, &|path| self.filled(path, facts), facts.permalink_config);
                        join(home, facts.permalink_config.trailing.cut(&path))
                    }
                    (None, None) => {
                        let path = facts.permalink_config.in_directory(self.path(facts));
                        join(home, &format!("{}{}", facts.language, facts.permalink_config.trailing.cut(&path)))
                    }
                }
            }
        }
    }

    /// Returns the pattern with every token replaced.
    pub(crate) fn text(&self, facts: &Facts<'_>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Token(token) => token.fill(facts).unwrap_or_default(),
        };
        let parts = self.parts.iter().map(|part| part.iter().map(piece).collect::<String>());
        parts.collect::<Vec<_>>().join("/")
    }

    /// Fills the tokens in a path that the front matter sets. An invalid pattern is used as plain text.
    pub(crate) fn filled(&self, path: &str, facts: &Facts<'_>) -> String {
        // A `?` in such a path is part of a file name.
        let query = |pattern: &Self| path.contains('?').then(|| format!("?{}", segment(&pattern.query, facts)));
        Self::parse(path, self.generator)
            .map_or_else(|_| path.to_owned(), |pattern| pattern.path(facts) + &query(&pattern).unwrap_or_default())
    }

    /// Whether the pattern contains a token of this name.
    pub(crate) fn has_token(&self, name: &str) -> bool {
        self.parts.iter().flatten().any(|piece| matches!(piece, Piece::Token(token) if token.is(name)))
    }

    fn path(&self, facts: &Facts<'_>) -> String {
        let mut path = String::new();
        for part in &self.parts {
            let part = segment(part, facts);
            if !part.is_empty() {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(&part);
            }
        }
        if path.is_empty() && self.query.is_empty() {
            path = (facts.page_path)();
        }
        if self.closed {
            path.push('/');
        }
        path
    }
}

/// Fills one segment. Returns an empty text if the segment has tokens and the article has a value for none of
/// them.
fn segment(pieces: &[Piece], facts: &Facts<'_>) -> String {
    const PARTING: &[char] = &['-', '_', '.'];
    let mut part = String::new();
    let (mut filled, mut missed) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Literal(text) if missed && part.is_empty() => {
                part.push_str(text.trim_start_matches(PARTING));
            }
            Piece::Literal(text) => part.push_str(text),
            Piece::Token(token) => {
                if let Some(text) = token.fill(facts) {
                    filled = true;
                    part.push_str(&text);
                } else {
                    missed = true;
                    part.truncate(part.trim_end_matches(PARTING).len());
                }
            }
        }
    }
    if missed && !filled { String::new() } else { part }
}

/// Percent-decodes a path that an author wrote, which must not be encoded twice.
pub(crate) fn decoded(path: &str) -> String {
    decode_path(path).unwrap_or_else(|| path.to_owned())
}

/// Splits one segment of a pattern into text and tokens.
fn pieces(part: &str, root: PatternRoot, generator: Generator) -> Result<Vec<Piece>, PatternError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = part;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        // Hugo writes a literal colon as `\:`.
        if let Some(before) = before.strip_suffix('\\') {
            literal.push_str(before);
            literal.push(':');
            rest = after;
            continue;
        }
        literal.push_str(before);
        let name = name(after, generator);
        if name.is_empty() {
            literal.push(':');
        } else {
            let Some(token) = token(name, root, generator) else {
                return Err(PatternError::Unknown { token: name.to_owned(), generator });
            };
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Token(token));
        }
        rest = &after[name.len()..];
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// Looks up a token by its name, for a pattern below `root`.
fn token(name: &str, root: PatternRoot, generator: Generator) -> Option<PatternToken> {
    let rules = &generator.permalinks;
    match name {
        // The path of the article's page below the content directory.
        "path" => {
            let page_path: FillToken = |facts| Some((facts.page_path)());
            let path_below_home = rules.path_below_home.filter(|_| root == PatternRoot::Home);
            Some(PatternToken::text(name, path_below_home.unwrap_or(page_path)))
        }
        name => {
            let own = rules.site.as_ref().filter(|_| root == PatternRoot::Home).and_then(|site| (site.tokens)(name));
            own.or_else(|| (rules.tokens)(name))
        }
    }
}

/// Returns the token name at the start of `text`. A trailing underscore is text, not part of the name.
fn name(text: &str, generator: Generator) -> &str {
    let belongs = generator.permalinks.is_token_character;
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let name = text[..end].trim_end_matches('_');
    if name.len() == end
        && matches!(name, "sections" | "sectionslugs")
        && let Some(cut) = text[end..].strip_prefix('[').and_then(|cut| cut.find(']'))
    {
        return &text[..=end + cut + 1];
    }
    name
}

/// Appends `path`, which is not encoded, to the URL `root`. Drops `..`, `.` and double slashes.
fn join(root: &str, path: &str) -> String {
    let mut address = root.trim_end_matches('/').to_owned();
    for part in path.split('/').filter(|part| !matches!(*part, "" | "." | "..")) {
        address.push('/');
        address.push_str(&encode_path(part));
    }
    if path.is_empty() || path.ends_with('/') || address.len() == root.trim_end_matches('/').len() {
        address.push('/');
    }
    address
}
