//! The names that stand behind a colon in a pattern, and what each means.
//!
//! Knows each generator's words. Does not know any article.

use std::ops::Range;

use crate::article::Dialect;

/// A part of a pattern that every article fills in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A part of the date, as chrono formats it.
    Date(&'static str),
    /// Seconds since 1970.
    Timestamp,
    /// Hexo's twelve hex digits.
    Hash,
    /// The path of the page below the content directory.
    PagePath,
    /// Jekyll's `:path`: the same without `_posts`.
    CollectionPath,
    /// Hexo's slug: the path below `_posts`, extension off.
    SlugPath,
    /// The last part of Hexo's slug.
    SlugName,
    /// The title as Hexo makes a slug of it.
    PostTitle,
    /// The last category, all its ancestors before it.
    Category,
    /// Jekyll's categories, as written.
    Categories,
    /// Jekyll's categories as slugs.
    SlugifiedCategories,
    /// Jekyll's `:title`: `slug`, else the file's name; case stays.
    PrettyName,
    /// Jekyll's `:slug`: the same in lower case.
    PlainName,
    /// The file's name, date and all, as Jekyll makes a slug of it.
    WholeName,
    /// The file's name, date and all.
    BaseName,
    /// `.html`
    OutputExtension,
    /// `posts`
    Collection,
    /// The directories above, those within the range.
    Sections(Cut),
    /// The title as Hugo makes a slug of it.
    Title,
    /// `slug`, else the title.
    SlugOrTitle,
    /// The file's name, a bundle's being its directory's.
    FileName,
    /// `slug`, else the file's name.
    SlugOrFileName,
    /// The same and the directories above, as Hugo has them where no pattern
    /// is set.
    SlugOrPathName,
    PathSections,
    /// The directories above as Zola makes slugs of them.
    ZolaSections,
    /// `slug`, else the file's name without its date, as Zola makes a slug.
    ZolaSlug,
    /// Any other key of the front matter.
    Key(String),
}

impl Token {
    /// Whether `slug` of the front matter goes before what it stands for.
    pub fn asks_for_slug(&self) -> bool {
        matches!(
            self,
            Self::PrettyName
                | Self::PlainName
                | Self::SlugOrTitle
                | Self::SlugOrFileName
                | Self::SlugOrPathName
                | Self::ZolaSlug
        )
    }
}

/// Which of a list Hugo takes: `[1:]`, `[0]`, `[:last]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All.
    All,
    /// One of them.
    One(End),
    /// From the first up to, and without, the second.
    From(End, End),
}

/// A position in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Counted from zero.
    At(usize),
    /// That of the last element.
    Last,
    /// Behind the last element.
    Open,
}

impl Cut {
    /// What `[…]` says; none where it is not of that form.
    fn parse(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('[')?.strip_suffix(']')?;
        let end = |text: &str, open: End| match text.trim() {
            "" => Some(open),
            "last" => Some(End::Last),
            number => number.parse().ok().map(End::At),
        };
        match inside.split_once(':') {
            Some((first, last)) => Some(Self::From(end(first, End::At(0))?, end(last, End::Open)?)),
            None if inside.trim().is_empty() => None,
            None => end(inside, End::Open).map(Self::One),
        }
    }

    /// The positions taken of a list of `length`; none beyond it.
    pub fn range(self, length: usize) -> Range<usize> {
        let place = |end| match end {
            End::At(at) => at.min(length),
            End::Last => length.saturating_sub(1),
            End::Open => length,
        };
        match self {
            Self::All => 0..length,
            Self::One(end) => place(end)..(place(end) + 1).min(length),
            Self::From(first, last) => place(first)..place(last).max(place(first)),
        }
    }
}

/// The meaning of a name in a pattern of this dialect. A directory that no
/// generator made may use anybody's words; where two generators share one,
/// Hexo's meaning goes before Jekyll's, and Jekyll's before Hugo's.
pub fn token(name: &str, dialect: Dialect) -> Option<Token> {
    let key = || Some(Token::Key(name.to_owned()));
    match (name, dialect) {
        ("path", _) => Some(Token::PagePath),
        (_, Dialect::Hexo) => hexo(name).or_else(key),
        (_, Dialect::Jekyll) => jekyll(name),
        (_, Dialect::Hugo) => hugo(name),
        (_, Dialect::Zola) => zola(name).or_else(|| hugo(name)),
        (_, Dialect::Plain) => hexo(name).or_else(|| jekyll(name)).or_else(|| hugo(name)).or_else(key),
    }
}

/// The names a dialect knows, for the help of an error.
pub fn known(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Hexo | Dialect::Plain => {
            ":year :month :day :hour :minute :second :i_month :i_day :title :name :post_title :id :timestamp :hash :category, and any key of the front matter"
        }
        Dialect::Jekyll => {
            ":year :short_year :month :i_month :short_month :long_month :day :i_day :y_day :w_year :week :w_day :short_day :long_day :hour :minute :second :title :slug :name :basename :path :categories :slugified_categories :collection :output_ext"
        }
        Dialect::Hugo | Dialect::Zola => {
            ":year :month :monthname :day :weekday :weekdayname :yearday :section :sections :sectionslug :sectionslugs :title :slug :filename :slugorfilename :contentbasename :slugorcontentbasename :path"
        }
    }
}

fn hexo(name: &str) -> Option<Token> {
    Some(match name {
        "year" => Token::Date("%Y"),
        "month" => Token::Date("%m"),
        "day" => Token::Date("%d"),
        "hour" => Token::Date("%H"),
        "minute" => Token::Date("%M"),
        "second" => Token::Date("%S"),
        "i_month" => Token::Date("%-m"),
        "i_day" => Token::Date("%-d"),
        "timestamp" => Token::Timestamp,
        "hash" => Token::Hash,
        // `slug` of the front matter does not count in Hexo: the path is set over it.
        "title" | "slug" => Token::SlugPath,
        "name" => Token::SlugName,
        "post_title" => Token::PostTitle,
        "category" => Token::Category,
        _ => return None,
    })
}

fn jekyll(name: &str) -> Option<Token> {
    Some(match name {
        "year" => Token::Date("%Y"),
        "short_year" => Token::Date("%y"),
        "month" => Token::Date("%m"),
        "i_month" => Token::Date("%-m"),
        "short_month" => Token::Date("%b"),
        "long_month" => Token::Date("%B"),
        "day" => Token::Date("%d"),
        "i_day" => Token::Date("%-d"),
        "y_day" => Token::Date("%j"),
        "w_year" => Token::Date("%G"),
        "week" => Token::Date("%V"),
        "w_day" => Token::Date("%u"),
        "short_day" => Token::Date("%a"),
        "long_day" => Token::Date("%A"),
        "hour" => Token::Date("%H"),
        "minute" => Token::Date("%M"),
        "second" => Token::Date("%S"),
        "title" => Token::PrettyName,
        "slug" => Token::PlainName,
        "name" => Token::WholeName,
        "basename" => Token::BaseName,
        "categories" => Token::Categories,
        "slugified_categories" => Token::SlugifiedCategories,
        "output_ext" => Token::OutputExtension,
        "collection" => Token::Collection,
        _ => return None,
    })
}

fn hugo(name: &str) -> Option<Token> {
    let sections = name.strip_prefix("sectionslugs").or_else(|| name.strip_prefix("sections"));
    if let Some(cut) = sections.filter(|cut| !cut.is_empty()) {
        return Cut::parse(cut).map(Token::Sections);
    }
    Some(match name {
        "year" => Token::Date("%Y"),
        "month" => Token::Date("%m"),
        "monthname" => Token::Date("%B"),
        "day" => Token::Date("%d"),
        "weekday" => Token::Date("%w"),
        "weekdayname" => Token::Date("%A"),
        "yearday" => Token::Date("%-j"),
        "section" | "sectionslug" => Token::Sections(Cut::One(End::At(0))),
        "sections" | "sectionslugs" => Token::Sections(Cut::All),
        "title" => Token::Title,
        "slug" => Token::SlugOrTitle,
        "filename" | "contentbasename" => Token::FileName,
        "slugorfilename" | "slugorcontentbasename" => Token::SlugOrFileName,
        "slugorpathname" => Token::SlugOrPathName,
        "pathsections" => Token::PathSections,
        _ => return layout(name),
    })
}

/// A layout of Go's time package, which Hugo takes for what it shows: of all
/// that may be written, its parts.
fn layout(name: &str) -> Option<Token> {
    Some(match name {
        "2006" => Token::Date("%Y"),
        "06" => Token::Date("%y"),
        "01" => Token::Date("%m"),
        "1" => Token::Date("%-m"),
        "Jan" => Token::Date("%b"),
        "January" => Token::Date("%B"),
        "02" => Token::Date("%d"),
        "2" => Token::Date("%-d"),
        "002" => Token::Date("%j"),
        "Mon" => Token::Date("%a"),
        "Monday" => Token::Date("%A"),
        "15" => Token::Date("%H"),
        "04" => Token::Date("%M"),
        "05" => Token::Date("%S"),
        _ => return None,
    })
}

fn zola(name: &str) -> Option<Token> {
    Some(match name {
        "sections" => Token::ZolaSections,
        "slug" => Token::ZolaSlug,
        _ => return None,
    })
}
