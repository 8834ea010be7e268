//! Other articles that a body names: by a tag of its generator (`post_link`, `post_url`, `link`, `ref`), or by
//! their file in a link (`@/posts/a.md`, `../a.md`).
//!
//! It knows where such names stand, and what each may mean, as its generator looks for it.
//! It deliberately does not know which articles there are: whoever does gives their addresses.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use super::body::html::escape;
use super::body::shortcode::{self, Tags};
use super::body::{Markup, Syntax, code};
use crate::content_path::ContentPath;
use crate::generator::selection::EXTENSIONS;
use crate::text::{Address, Text, decode_path, normal_path};

/// As many names of other articles count in one body: each may mean twenty files, which the library remembers.
const MOST: usize = 500;

/// A name by which a body speaks of another article.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CrossReference {
    by: By,
    /// As written, without `#` and what follows.
    path: Box<str>,
}

/// Who looks for it, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum By {
    /// Hexo's `post_link` and `post_path`: below the posts, extension off; else by slug or title.
    Slug,
    /// Jekyll's `post_url`: in the same or the top directory of posts, extension off.
    Post,
    /// Jekyll's `link`: from the top of the site.
    File,
    /// Hugo's `ref`: beside the article, then from the top of the content.
    Ref,
    /// Zola's `@/`: from the top of the content.
    Top,
    /// A file beside the article, whoever the generator.
    AuxiliaryFiles,
}

/// What stands in the place of a name.
enum Shape {
    /// A whole link of these words, or of the article's title where there are none.
    Link(String),
    /// An address, in a link that is there already.
    Address,
}

struct Found<'a> {
    start: usize,
    end: usize,
    cross_reference: CrossReference,
    anchor: &'a str,
    shape: Shape,
}

/// Every article that a body names.
pub fn of(body: &str, markup: Markup) -> Vec<CrossReference> {
    let mut cross_references = Vec::new();
    let mut seen = HashSet::new();
    link(body, markup, &mut |cross_reference| {
        if seen.insert(cross_reference.clone()) {
            cross_references.push(cross_reference.clone());
        }
        None
    });
    cross_references
}

/// The body with links to the articles that it names; `answer` gives address and title of one that is there. What
/// is not there stays as written, and is no debris: its tag is shown as words alone. Code stays as it is.
pub fn link<'a>(
    body: &'a str,
    markup: Markup,
    answer: &mut dyn FnMut(&CrossReference) -> Option<(Address, Text)>,
) -> Cow<'a, str> {
    let files = body.contains(".md") || body.contains(".markdown");
    if !files && !["post_", "ref", "{% link", "{%link"].iter().any(|word| body.contains(word)) {
        return Cow::Borrowed(body);
    }
    let mut linked = String::new();
    let mut done = 0;
    for found in names(body, markup) {
        let Some((address, title)) = answer(&found.cross_reference) else {
            // Nobody but Zola could follow it.
            if found.cross_reference.by == By::Top {
                linked.push_str(&body[done..found.start]);
                linked.push_str("<>");
                done = found.end;
            }
            // What follows the address of nothing would lead to this very article.
            let rest = &body[found.end..];
            if matches!(found.shape, Shape::Address) && found.cross_reference.by != By::Top && rest.starts_with('#') {
                linked.push_str(&body[done..found.end]);
                let closes = |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '"' | '\'' | '<' | '>');
                done = found.end + rest.find(closes).unwrap_or(rest.len());
            }
            continue;
        };
        // A bracket would end the destination of a link.
        let address = format!("{}{}", address.as_str(), found.anchor).replace('(', "%28").replace(')', "%29");
        linked.push_str(&body[done..found.start]);
        match found.shape {
            Shape::Address => linked.push_str(&address),
            Shape::Link(words) => {
                let words = if words.is_empty() { title.as_str() } else { &words };
                // Writing to a String cannot fail.
                let _ = write!(linked, "<a href=\"{}\">{}</a>", escape(&address), literal(words));
            }
        }
        done = found.end;
    }
    if done == 0 {
        return Cow::Borrowed(body);
    }
    linked.push_str(&body[done..]);
    Cow::Owned(linked)
}

/// Words that neither HTML nor Markdown takes for marks.
fn literal(words: &str) -> String {
    let marks = ['*', '_', '`', '[', ']', '~', '\\'];
    escape(words).chars().fold(String::new(), |mut literal, c| {
        if marks.contains(&c) {
            let _ = write!(literal, "&#{};", u32::from(c));
        } else {
            literal.push(c);
        }
        literal
    })
}

fn names(body: &str, markup: Markup) -> Vec<Found<'_>> {
    let tags = Tags::new(body, markup).filter_map(|tag| {
        let words: Vec<&str> = tag.arguments.iter().map(|argument| argument.value).collect();
        let first = tag.arguments.iter().find(|argument| matches!(argument.key, "" | "path"))?.value;
        let (by, shape) = match tag.name {
            "post_link" => (By::Slug, Shape::Link(shortcode::words(&tag))),
            "post_path" => (By::Slug, Shape::Address),
            "post_url" => (By::Post, Shape::Address),
            // Themes have a tag of that name too, with a title first.
            "link" if words.len() == 1 => (By::File, Shape::Address),
            "ref" | "relref" => (By::Ref, Shape::Address),
            _ => return None,
        };
        let (path, anchor) = parts(first);
        let cross_reference = CrossReference { by, path: path.into() };
        (!path.is_empty()).then_some(Found {
            start: tag.range.start,
            end: tag.range.end,
            cross_reference,
            anchor,
            shape,
        })
    });
    let mut found: Vec<Found<'_>> = tags.take(MOST).collect();
    if markup.syntax == Syntax::Markdown {
        let code = code::ranges(body, markup.syntax);
        found.extend(destinations(body).filter(|found| code::containing(&code, found.start).is_none()).take(MOST));
        found.sort_by_key(|found| found.start);
    }
    found.truncate(MOST);
    found
}

/// The files that links lead to.
fn destinations(body: &str) -> impl Iterator<Item = Found<'_>> {
    body.match_indices(']').filter_map(move |(at, _)| {
        let rest = &body[at + 1..];
        let opening = ["(<", "(", ": <", ": "].into_iter().find(|opening| rest.starts_with(opening))?;
        let start = at + 1 + opening.len();
        let written = &body[start..];
        let closes = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '<');
        let written = &written[..written.find(closes).unwrap_or(written.len())];
        let (path, anchor) = parts(written);
        let by = if path.starts_with("@/") { By::Top } else { By::AuxiliaryFiles };
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_text = extension.starts_with(['m', 'M']) && EXTENSIONS.contains(&&*extension.to_ascii_lowercase());
        let is_address = path.split('/').next().is_some_and(|first| first.contains(':')) || path.starts_with("//");
        (is_text && !is_address).then(|| Found {
            start,
            end: start + written.len(),
            cross_reference: CrossReference { by, path: path.into() },
            anchor,
            shape: Shape::Address,
        })
    })
}

/// What stands before `#`, and the rest.
fn parts(written: &str) -> (&str, &str) {
    written.find('#').map_or((written, ""), |at| written.split_at(at))
}

impl CrossReference {
    /// The slug or title that it may be besides.
    pub fn name(&self) -> Option<&str> {
        (self.by == By::Slug).then_some(&*self.path)
    }

    /// The places that it may mean in the article at `from`, likeliest first.
    pub fn meanings(&self, from: &ContentPath) -> Vec<ContentPath> {
        let path = decode_path(&self.path).unwrap_or_else(|| self.path.to_string());
        let written = path.trim_start_matches("@/").trim_start_matches("./");
        let beside = format!("{}/{path}", from.directory());
        let below = |tops: &[&str]| tops.iter().map(|top| format!("{top}/{written}")).collect::<Vec<_>>();
        // The directory of posts that the article is in.
        let posts = from.as_str().find("_posts/").map_or("", |at| &from.as_str()[..at + 6]);
        let paths = match self.by {
            By::Slug => below(&[posts, "source/_posts", "_posts", ""]),
            By::Post => match written.rsplit_once('/') {
                Some((directory, name)) => {
                    [below(&[posts, "_posts", ""]), vec![format!("{directory}/_posts/{name}")]].concat()
                }
                None => below(&[posts, "_posts", ""]),
            },
            By::File => vec![written.to_owned(), written.trim_start_matches("_posts/").to_owned()],
            By::Top => below(&["content", ""]),
            By::Ref if written.starts_with('/') => below(&["content", ""]),
            By::Ref => [vec![beside], below(&["content", ""])].concat(),
            By::AuxiliaryFiles if written.starts_with('/') => below(&["content", "source/_posts", ""]),
            By::AuxiliaryFiles => vec![beside],
        };
        let mut places: Vec<ContentPath> = Vec::new();
        for path in paths.iter().filter_map(|path| normal_path(path)).filter(|path| !path.is_empty()) {
            let named = path.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
            let whole = named.then(|| ContentPath::new(&path));
            // `post_url` and `post_link` never have an extension, and a slug may have dots.
            let guessed = (!named || matches!(self.by, By::Slug | By::Post)).then(|| {
                let with = |stem: String| {
                    EXTENSIONS.iter().map(move |extension| ContentPath::new(&format!("{stem}.{extension}")))
                };
                let bundle = (self.by == By::Ref).then(|| with(format!("{path}/index")));
                with(path.clone()).chain(bundle.into_iter().flatten())
            });
            for place in whole.into_iter().chain(guessed.into_iter().flatten()) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
