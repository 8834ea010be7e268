//! The address of an article, by a pattern such as `:home/:year/:title/`.
//!
//! Knows the words and habits of Hexo, Jekyll, Hugo and Zola
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

use crate::article::{Dialect, Slugs};
use crate::content_path::ContentPath;
use crate::name::Name;
use crate::text::{Address, decode_path, encode_path};
pub use fill::sections;
pub use hexo_config::{HexoPermalinkConfig, Trailing};
use token::Token;

mod fill;
mod hexo_config;
pub mod slug;
#[cfg(test)]
mod tests;
mod token;

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A name that the dialect does not know.
    #[error("`:{token}` means nothing in a pattern of {}", .dialect.as_str())]
    Unknown {
        /// The name, without its colon.
        token: String,
        /// Whose words were expected.
        dialect: Dialect,
    },
    /// An address of its own.
    #[error("a pattern is no absolute address")]
    Absolute,
}

impl PatternError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Unknown { dialect, .. } => {
                format!("known are :base, :home, {}", token::known(*dialect))
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
    dialect: Dialect,
    hexo_config: HexoPermalinkConfig,
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
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, PatternError> {
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
        let mut parts = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| pieces(part, dialect))
            .collect::<Result<Vec<_>, _>>()?;
        if (root, dialect) == (Root::Home, Dialect::Jekyll) {
            // Below feedmill's own address it is the path of its own page.
            let paths = parts.iter_mut().flatten().filter(|piece| **piece == Piece::Token(Token::PagePath));
            paths.for_each(|piece| *piece = Piece::Token(Token::CollectionPath));
        }
        Ok(Self {
            root,
            parts,
            closed: path.ends_with('/') || path.is_empty(),
            dialect,
            hexo_config: HexoPermalinkConfig::default(),
        })
    }

    /// Whether its URLs are those of the web site.
    pub fn leads_home(&self) -> bool {
        self.root == Root::Home
    }

    /// The same pattern on a site of these habits.
    #[must_use]
    pub fn on(self, hexo_config: HexoPermalinkConfig) -> Self {
        Self { hexo_config, ..self }
    }

    /// The keys of front matter that addresses are made of: those of the
    /// pattern, and, for the web site's addresses, those that go before it.
    pub fn keys(&self) -> Vec<String> {
        let named = self.parts.iter().flatten().filter_map(|piece| match piece {
            Piece::Token(Token::Key(key)) => Some(key.as_str()),
            Piece::Token(token) if token.asks_for_slug() => Some("slug"),
            Piece::Token(_) | Piece::Literal(_) => None,
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
            Root::Home => match own_path(facts.slugs, self.dialect) {
                Some(path) if path.starts_with("https://") || path.starts_with("http://") => encode_address(path),
                Some(path) => {
                    // A path from the top is beside the languages, and Zola's always is.
                    let language =
                        if self.dialect == Dialect::Zola || path.starts_with('/') { "" } else { facts.language };
                    let path = self.written(path, facts);
                    join(home, &format!("{language}{}", self.hexo_config.trailing.cut(&path)))
                }
                None => join(home, &format!("{}{}", facts.language, self.hexo_config.trailing.cut(&self.path(facts)))),
            },
        }
    }

    /// A path of the front matter: Jekyll and Hugo fill tokens in it, Zola
    /// closes it with a slash, Hexo takes it as it is.
    fn written(&self, path: &str, facts: &Facts<'_>) -> String {
        let decoded = || decode_path(path).unwrap_or_else(|| path.to_owned());
        match self.dialect {
            Dialect::Jekyll if path.contains(':') => self.filled(path, facts),
            // Hugo makes a directory of what has no extension.
            Dialect::Hugo => {
                let path = if path.contains(':') { self.filled(path, facts) } else { decoded() };
                let is_file = path.rsplit('/').next().is_some_and(|last| last.is_empty() || last.contains('.'));
                if is_file { path } else { path + "/" }
            }
            Dialect::Zola => format!("{path}/"),
            Dialect::Hexo if self.hexo_config.asset_folders && path.strip_suffix(".html").is_none() => decoded() + "/",
            // It may be percent-encoded already, and must not be twice.
            _ => decoded(),
        }
    }

    fn filled(&self, path: &str, facts: &Facts<'_>) -> String {
        Self::parse(path, self.dialect).map_or_else(|_| path.to_owned(), |pattern| pattern.path(facts))
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
                    if let Some(text) = fill::fill(token, facts, self.dialect, &self.hexo_config) {
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

/// The id that Jekyll gives a post: the directory of its address, then its
/// slug as written, without the extension that the address may have.
pub fn jekyll_id(link: &Address, facts: &Facts<'_>) -> Address {
    let slug = facts.slugs.get("slug").unwrap_or_else(|| fill::without_date(facts.place, facts.name));
    let path = link.as_str().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    // A site's root has no directory above it.
    let directory = match path.rfind('/').filter(|&at| !path[..at].ends_with('/')) {
        Some(at) => &path[..at],
        None => path,
    };
    Address::parse(&format!("{directory}/{}", encode_path(slug))).unwrap_or_else(|| link.clone())
}

/// The keys by which front matter sets the whole path.
const PATH_KEYS: [&str; 3] = ["permalink", "url", "path"];

/// The path that the front matter sets, by the key of the dialect: `url` is
/// an address in Hugo alone, elsewhere often the source of what is reported.
fn own_path(slugs: &Slugs, dialect: Dialect) -> Option<&str> {
    slugs.get(match dialect {
        Dialect::Hexo | Dialect::Jekyll | Dialect::Plain => PATH_KEYS[0],
        Dialect::Hugo => PATH_KEYS[1],
        Dialect::Zola => PATH_KEYS[2],
    })
}

/// The pieces of one part of a path.
fn pieces(part: &str, dialect: Dialect) -> Result<Vec<Piece>, PatternError> {
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
        let name = name(after, dialect);
        if name.is_empty() {
            literal.push(':');
        } else {
            let Some(token) = token::token(name, dialect) else {
                return Err(PatternError::Unknown { token: name.to_owned(), dialect });
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

/// The name at the start of `text`. An underscore at its end is text, as in
/// Hexo and Jekyll; Jekyll's names have small letters only.
fn name(text: &str, dialect: Dialect) -> &str {
    let belongs = |c: char| match dialect {
        Dialect::Jekyll => c.is_ascii_lowercase() || c == '_',
        _ => c.is_ascii_alphanumeric() || c == '_',
    };
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
