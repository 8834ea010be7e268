//! The address of an article, by a pattern such as `:home/:year/:title/`.
//!
//! The tokens and rules come from a [`Generator`]
//! (docs/decisions/generators.md#hexo-permalinks),
//! so that an entry may lead to the page a generator made. Does not
//! know which pattern a site has, nor whether anything is served there.
//!
//! Below `:base`, feedmill's own addresses, nothing but the pattern counts.
//! Below `:home`, the web site, a `permalink` (Hexo, Jekyll), `url` (Hugo) or
//! `path` (Zola) of the front matter goes before the pattern, as there.
//!
//! An article without a date leaves the parts of the date out, with the slash
//! or hyphen that parts them from the rest: `:year/:month/:title/` is then
//! `title/`. Where nothing at all is left, its page path stands in.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Generator;
use super::hexo::HexoPermalinkConfig;
use crate::content_path::ContentPath;
use crate::name::Name;
use crate::text::{Address, decode_path, encode_path};
pub use fill::{sections, without_date, without_language};
pub use token::{Cut, End, FillToken, Token, TokenTable, page_path};

mod fill;
#[cfg(test)]
mod tests;
mod token;

/// The path that a value of the front matter stands for; the function fills the tokens of a pattern.
pub type OwnPath = fn(&str, &dyn Fn(&str) -> String, &HexoPermalinkConfig) -> String;

/// How a generator makes permalinks.
pub struct PermalinkRules {
    /// The pattern where the configuration sets none.
    pub default_pattern: &'static str,
    /// The tokens of its patterns, apart from `:path`, `:base` and `:home`.
    pub tokens: TokenTable,
    /// The names of these tokens, for the help of an error.
    pub token_names: &'static str,
    /// Whether a character belongs to the name of a token.
    pub is_token_character: fn(char) -> bool,
    /// What `:path` means below `:home`, if not the path of the article's page.
    pub path_below_home: Option<FillToken>,
    /// The key of the front matter that sets the whole path.
    pub path_key: &'static str,
    /// The path that a value of this key stands for; `fill` fills the tokens of a pattern.
    pub own_path: OwnPath,
    /// Whether such a path is below the directory of the article's language, unless it begins with a slash.
    pub is_own_path_in_language: bool,
    /// The id that the generator's feed plugin gives an article, if it is not the permalink.
    pub feed_id: Option<fn(&Address, &Facts<'_>) -> Address>,
    /// Whether the directory of a language is a part of the permalink.
    pub has_language_directories: bool,
    /// Whether a language suffix belongs to the name of the file, as in `a.fr.md`.
    pub has_suffix_in_name: bool,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A name that the dialect does not know.
    #[error("`:{token}` means nothing in a pattern of {}", .generator.as_str())]
    Unknown {
        /// The name, without its colon.
        token: String,
        /// The generator whose tokens were expected.
        generator: Generator,
    },
    /// An address of its own.
    #[error("a pattern is no absolute address")]
    Absolute,
}

impl PatternError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Unknown { generator, .. } => {
                format!("known are :base, :home, {}", generator.permalinks.token_names)
            }
            Self::Absolute => "begin it with `:home`, and put the site's address into `home`".to_owned(),
        }
    }
}

/// Under which address a pattern's path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    /// feedmill's own.
    Base,
    /// The web site's.
    Home,
}

/// A stretch of one part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text that every address has.
    Literal(String),
    /// Text that an article gives.
    Token(Token),
}

/// A pattern, read once for all articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    root: Root,
    /// What stands between slashes.
    parts: Vec<Vec<Piece>>,
    /// Whether it ends in a slash.
    closed: bool,
    generator: Generator,
    permalink_config: HexoPermalinkConfig,
}

/// What addresses are made of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Where the article stands among those of its language.
    pub place: &'a ContentPath,
    /// The path of its page here.
    pub page_path: &'a dyn Fn() -> String,
    /// Its title.
    pub title: &'a str,
    /// The name of its file, without a date in front and a language behind.
    pub name: &'a str,
    /// What its front matter says of its address.
    pub slugs: &'a Slugs,
    /// When it was published, by the clocks of the site's time zone.
    pub local: Option<NaiveDateTime>,
    /// When it was published.
    pub instant: Option<DateTime<Utc>>,
    /// Its categories, each a path from the top.
    pub categories: &'a [Box<[Name]>],
    /// The directory of its language, with a slash at the end; empty for the default one.
    pub language: &'a str,
    /// The path that the generator gives a category, for Hexo's `:category`.
    pub category_slug: &'a dyn Fn(&[Name]) -> String,
}

impl Pattern {
    /// Reads a pattern; one that begins with neither `:base` nor `:home` is
    /// below `:home`, as in a generator's own configuration.
    pub fn parse(text: &str, generator: Generator) -> Result<Self, PatternError> {
        let text = text.trim();
        let after = |root: &str| text.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let (root, path) = match (after(":base"), after(":home")) {
            (Some(path), _) => (Root::Base, path),
            (None, Some(path)) => (Root::Home, path),
            (None, None) => (Root::Home, text),
        };
        if path.contains("://") {
            return Err(PatternError::Absolute);
        }
        let parts = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| pieces(part, root, generator))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            root,
            parts,
            closed: path.ends_with('/') || path.is_empty(),
            generator,
            permalink_config: HexoPermalinkConfig::default(),
        })
    }

    /// Whether its URLs are those of the web site.
    pub fn leads_home(&self) -> bool {
        self.root == Root::Home
    }

    /// The same pattern on a site of these habits.
    #[must_use]
    pub fn on(self, permalink_config: HexoPermalinkConfig) -> Self {
        Self { permalink_config, ..self }
    }

    /// The keys of front matter that addresses are made of: those of the
    /// pattern, and, for the web site's addresses, those that go before it.
    pub fn keys(&self) -> Vec<String> {
        let named = self.parts.iter().flatten().filter_map(|piece| match piece {
            Piece::Token(token) => token.front_matter_key(),
            Piece::Literal(_) => None,
        });
        let above: &[&str] = match self.root {
            Root::Base => &[],
            // A path may have tokens of its own.
            Root::Home => &["permalink", "url", "path", "slug"],
        };
        let mut keys: Vec<String> = named.chain(above.iter().copied()).map(str::to_owned).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The address of an article: ASCII, percent-encoded, no slash doubled.
    /// `base` and `home` are addresses already.
    pub fn address(&self, base: &str, home: &str, facts: &Facts<'_>) -> String {
        match self.root {
            Root::Base => join(base, &self.path(facts)),
            Root::Home => match facts.slugs.get(self.generator.permalinks.path_key) {
                Some(path) if path.starts_with("https://") || path.starts_with("http://") => encode_address(path),
                Some(path) => {
                    let rules = &self.generator.permalinks;
                    let is_in_language = rules.is_own_path_in_language && !path.starts_with('/');
                    let language = if is_in_language { facts.language } else { "" };
                    let path = (rules.own_path)(path, &|path| self.filled(path, facts), &self.permalink_config);
                    join(home, &format!("{language}{}", self.permalink_config.trailing.cut(&path)))
                }
                None => {
                    join(home, &format!("{}{}", facts.language, self.permalink_config.trailing.cut(&self.path(facts))))
                }
            },
        }
    }

    /// A path of the front matter that has tokens itself.
    fn filled(&self, path: &str, facts: &Facts<'_>) -> String {
        Self::parse(path, self.generator).map_or_else(|_| path.to_owned(), |pattern| pattern.path(facts))
    }

    fn path(&self, facts: &Facts<'_>) -> String {
        let mut path = String::new();
        for part in &self.parts {
            let part = self.part(part, facts);
            if !part.is_empty() {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(&part);
            }
        }
        if path.is_empty() {
            path = (facts.page_path)();
        }
        if self.closed {
            path.push('/');
        }
        path
    }

    /// What stands between two slashes; empty where tokens are all it has
    /// besides decoration, and the article has none of them.
    fn part(&self, pieces: &[Piece], facts: &Facts<'_>) -> String {
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
                    if let Some(text) = token.fill(facts, &self.permalink_config) {
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
}

/// The section of an article in Hugo's sense: the directory at the top.
pub fn section(place: &ContentPath) -> Option<&str> {
    sections(place).first().copied()
}

/// A path as it was meant: it may be percent-encoded already, and must not be encoded twice.
pub fn decoded(path: &str) -> String {
    decode_path(path).unwrap_or_else(|| path.to_owned())
}

/// The pieces of one part of a path.
fn pieces(part: &str, root: Root, generator: Generator) -> Result<Vec<Piece>, PatternError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = part;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        // `\:` is a colon in Hugo's patterns.
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

/// The token of a name in a pattern below `root`.
fn token(name: &str, root: Root, generator: Generator) -> Option<Token> {
    let rules = &generator.permalinks;
    match name {
        "path" if root == Root::Home => Some(Token::text(name, rules.path_below_home.unwrap_or(page_path))),
        "path" => Some(Token::text(name, page_path)),
        name => (rules.tokens)(name),
    }
}

/// The name at the start of `text`. An underscore at its end is text, not a part of the name.
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

/// `path`, which is text, below `root`, which is an address. Steps up and
/// doubled slashes go.
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

/// An absolute address of the front matter, in ASCII where it can be.
fn encode_address(address: &str) -> String {
    Address::parse(address).map_or_else(|| encode_path(address), |address| address.as_str().to_owned())
}

/// The scalar values of the keys that permalinks are made of, of equal keys the last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slugs(pub Box<[(Box<str>, Box<str>)]>);

impl Slugs {
    /// A value for a key that has none.
    pub fn fill(&mut self, key: &str, value: impl FnOnce() -> Option<String>) {
        if self.get(key).is_none()
            && let Some(value) = value()
        {
            let own = std::mem::take(&mut self.0).into_iter();
            self.0 = own.chain([(key.into(), value.into())]).collect();
        }
    }

    /// The value of a key, in any letter case.
    pub fn get(&self, key: &str) -> Option<&str> {
        let known = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))?;
        Some(known.1.trim()).filter(|value| !value.is_empty())
    }
}
