//! Finds the references of a body to other articles, and replaces them with links.
//!
//! A reference is a tag of the generator (`post_link`, `post_url`, `link`, `ref`) or a link to a file (`@/posts/a.md`,
//! `../a.md`). [`CrossReference::meanings`] lists the paths that it may mean, in the order in which the generator looks
//! for them. `library` looks up these paths, and `feed` passes the URLs of the articles to [`link`].

use std::borrow::Cow;
use std::collections::HashSet;

use super::body::html::escape;
use super::body::link_placeholders::target;
use super::body::shortcode::{self, ShortcodeTags};
use super::body::{ParsedBody, Syntax, code};
use crate::content_path::{ContentPath, indexes, is_article_extension, with_extensions};
use crate::text::{Address, Text, decode_path, normal_path, push};

/// Maximum number of references in a body. Each may mean twenty paths, all of which the library keeps in memory.
const MOST: usize = 500;

/// Maximum length of the destination of a link to a file, in bytes.
const LONGEST: usize = 2048;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CrossReference {
    by: By,
    /// The path, slug or title as written, without the fragment (`#…`).
    path: Box<str>,
}

/// The kind of a reference, which decides where its article is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum By {
    /// Hexo's `post_link` and `post_path`: a path below the posts, without extension; or else a slug or title.
    Slug,
    /// Jekyll's `post_url`: a path below the same or the top directory of posts, without extension.
    Post,
    /// Jekyll's `link`: a path from the root of the site.
    File,
    /// Hugo's `ref`: a path relative to the article, or else from the root of the content, or else the name of a page.
    Ref,
    /// Zola's `@/`: a path from the root of the content.
    Top,
    /// A link to a file, for any generator: a path relative to the article.
    AuxiliaryFiles,
    /// A link of a wiki, `[[note]]`: a path relative to the article or from the root of the content, without
    /// extension; or else the name of a file or a title.
    Wiki,
}

/// The form of the text that replaces a reference.
enum Shape {
    /// A whole link with this text. If the text is empty, the link shows the title of the article.
    Link(String),
    /// Only the URL, because the reference is the destination of a link.
    Address,
}

/// A reference and its byte range in the body.
struct FoundReference<'a> {
    start: usize,
    end: usize,
    cross_reference: CrossReference,
    anchor: &'a str,
    shape: Shape,
}

/// Returns the references of a body, without duplicates.
pub(crate) fn of(body: &ParsedBody<'_>) -> Vec<CrossReference> {
    let mut cross_references = Vec::new();
    let mut seen = HashSet::new();
    link(body, &mut |cross_reference| {
        if seen.insert(cross_reference.clone()) {
            cross_references.push(cross_reference.clone());
        }
        None
    });
    cross_references
}

/// Replaces the references of a body with links.
///
/// `answer` returns the URL and title of the article that a reference means, if it is published. Other references stay
/// as written, except those of Zola, which get an empty destination. Code is not changed.
pub(crate) fn link<'a>(
    parsed: &ParsedBody<'a>,
    answer: &mut dyn FnMut(&CrossReference) -> Option<(Address, Text)>,
) -> Cow<'a, str> {
    let body = parsed.text();
    let files = body.contains(".md") || body.contains(".markdown") || body.contains("[[");
    if !files && !["post_", "ref", "{% link", "{%link"].iter().any(|word| body.contains(word)) {
        return Cow::Borrowed(body);
    }
    let mut linked = String::new();
    let mut done = 0;
    for found in names(parsed) {
        // Where brackets are nested, a reference may be a part of another one, which is replaced already.
        if found.start < done {
            continue;
        }
        let Some((address, title)) = answer(&found.cross_reference) else {
            // A browser cannot follow `@/posts/a.md`.
            if found.cross_reference.by == By::Top {
                linked.push_str(&body[done..found.start]);
                linked.push_str("<>");
                done = found.end;
            }
            // Remove the fragment, because an empty URL with `#top` would lead to this article itself.
            let rest = &body[found.end..];
            if matches!(found.shape, Shape::Address) && found.cross_reference.by != By::Top && rest.starts_with('#') {
                linked.push_str(&body[done..found.end]);
                let closes = |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '"' | '\'' | '<' | '>');
                done = found.end + rest.find(closes).unwrap_or(rest.len());
            }
            continue;
        };
        let anchor = match found.cross_reference.by {
            By::Wiki => found.anchor.trim().to_lowercase().replace(' ', "-"),
            _ => found.anchor.to_owned(),
        };
        let address = format!("{}{anchor}", address.as_str());
        linked.push_str(&body[done..found.start]);
        match found.shape {
            // A parenthesis would end the destination of a Markdown link. Percent-encoded it would be another URL.
            Shape::Address => linked.push_str(&address.replace('(', "&#40;").replace(')', "&#41;")),
            Shape::Link(words) => {
                let words = if words.is_empty() { title.as_str() } else { &words };
                push!(linked, "<a href=\"{}\">{}</a>", escape(&address), literal(words));
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

/// Escapes a text for HTML and Markdown.
fn literal(words: &str) -> String {
    let marks = ['*', '_', '`', '[', ']', '~', '\\'];
    escape(words).chars().fold(String::new(), |mut literal, c| {
        if marks.contains(&c) {
            push!(literal, "&#{};", u32::from(c));
        } else {
            literal.push(c);
        }
        literal
    })
}

/// Returns the references of a body in order.
fn names<'a>(parsed: &ParsedBody<'a>) -> Vec<FoundReference<'a>> {
    let tags = ShortcodeTags::new(parsed).filter_map(|tag| {
        let words: Vec<&str> = tag.arguments.iter().map(|argument| argument.value).collect();
        let first = tag.arguments.iter().find(|argument| matches!(argument.key, "" | "path"))?.value;
        let (by, shape) = match tag.name {
            "post_link" => (By::Slug, Shape::Link(shortcode::words(&tag))),
            "post_path" => (By::Slug, Shape::Address),
            "post_url" => (By::Post, Shape::Address),
            // Some themes also have a tag `link`, with a title as first argument.
            "link" if words.len() == 1 => (By::File, Shape::Address),
            "ref" | "relref" => (By::Ref, Shape::Address),
            _ => return None,
        };
        let (path, anchor) = parts(first);
        let cross_reference = CrossReference { by, path: path.into() };
        (!path.is_empty()).then_some(FoundReference {
            start: tag.range.start,
            end: tag.range.end,
            cross_reference,
            anchor,
            shape,
        })
    });
    let mut found: Vec<FoundReference<'a>> = tags.take(MOST).collect();
    if parsed.markup().syntax == Syntax::Markdown {
        let is_shown = |found: &FoundReference<'_>| code::containing(parsed.code(), found.start).is_none();
        found.extend(destinations(parsed.text()).filter(is_shown).take(MOST));
        found.extend(wiki_links(parsed.text()).filter(is_shown).take(MOST));
        found.sort_by_key(|found| found.start);
    }
    found.truncate(MOST);
    found
}

/// Returns the destinations of Markdown links that are files of articles.
fn destinations(body: &str) -> impl Iterator<Item = FoundReference<'_>> {
    // The end of the destination that was examined last. As long as it lies ahead, no other end is nearer, so the body is
    // searched once, however many brackets are open.
    let mut end = 0;
    body.match_indices(']').filter_map(move |(at, _)| {
        let rest = &body[at + 1..];
        let opening = ["(<", "(", ": <", ": "].into_iter().find(|opening| rest.starts_with(opening))?;
        let start = at + 1 + opening.len();
        if end < start {
            let closes = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '<');
            end = body[start..].find(closes).map_or(body.len(), |length| start + length);
        }
        let written = &body[start..end];
        if written.len() > LONGEST {
            return None;
        }
        let (path, anchor) = parts(written);
        let path = target(path);
        let by = if path.starts_with("@/") { By::Top } else { By::AuxiliaryFiles };
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_text = extension.starts_with(['m', 'M']) && is_article_extension(extension);
        let is_address = path.split('/').next().is_some_and(|first| first.contains(':')) || path.starts_with("//");
        (is_text && !is_address).then(|| FoundReference {
            start,
            end: start + written.len(),
            cross_reference: CrossReference { by, path: path.into() },
            anchor,
            shape: Shape::Address,
        })
    })
}

/// Returns the links of a wiki: `[[note]]`, `[[note#heading|words]]`, and `![[note]]`, which would show the note itself.
fn wiki_links(body: &str) -> impl Iterator<Item = FoundReference<'_>> {
    body.match_indices("[[").filter_map(|(at, opening)| {
        let inner = &body[at + opening.len()..];
        let inner = &inner[..inner.find([']', '[', '\n'])?];
        let rest = body[at + opening.len() + inner.len()..].strip_prefix("]]")?;
        let end = body.len() - rest.len();
        let (target, words) = inner.split_once('|').unwrap_or((inner, ""));
        // In a table the bar is escaped.
        let (path, anchor) = parts(target.trim_end_matches('\\').trim());
        let is_link = !path.is_empty() && stands_alone(&body[..at], rest);
        is_link.then(|| FoundReference {
            start: at - usize::from(body[..at].ends_with('!')),
            end,
            cross_reference: CrossReference { by: By::Wiki, path: path.into() },
            anchor,
            shape: Shape::Link(if words.trim().is_empty() { path } else { words.trim() }.to_owned()),
        })
    })
}

/// Returns whether double brackets between these texts are not a part of another construct: the text of an ordinary
/// link, `[[1]](url)`, or an index, `x[[1]]`. Chinese and Japanese have no spaces before a link.
fn stands_alone(before: &str, after: &str) -> bool {
    let joins = |c: char| matches!(c, '\\' | ']' | ')') || (c.is_alphanumeric() && c < '\u{2E80}');
    !before.ends_with(joins) && !after.starts_with(['(', '[', ':'])
}

/// Splits a reference into its path and its fragment, which includes the `#`.
fn parts(written: &str) -> (&str, &str) {
    written.find('#').map_or((written, ""), |at| written.split_at(at))
}

impl CrossReference {
    /// Returns the text if it may also be a slug or a title.
    pub(crate) fn name(&self) -> Option<&str> {
        (self.by == By::Slug).then_some(&*self.path)
    }

    /// Returns the text if it may also be the name of a file in any directory.
    pub(crate) fn file_name(&self) -> Option<&str> {
        match self.by {
            By::Wiki => Some(&self.path),
            By::Ref if !self.path.contains('/') => {
                let named = self.path.rsplit_once('.').filter(|(_, extension)| is_article_extension(extension));
                Some(named.map_or(&self.path, |(stem, _)| stem))
            }
            _ => None,
        }
    }

    /// Returns the paths that it may mean in the article at `from`, the most likely first.
    pub(crate) fn meanings(&self, from: &ContentPath) -> Vec<ContentPath> {
        let path = decode_path(&self.path).unwrap_or_else(|| self.path.to_string());
        let written = path.trim_start_matches("@/").trim_start_matches("./");
        let beside = format!("{}/{path}", from.directory());
        let below = |tops: &[&str]| tops.iter().map(|top| format!("{top}/{written}")).collect::<Vec<_>>();
        // The directory of posts that contains the article.
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
            // The page of a bundle is beside its directory.
            By::Ref => {
                let is_bundle = matches!(from.stem(), "index" | "_index");
                let around = is_bundle.then(|| format!("{}/../{path}", from.directory()));
                [vec![beside], around.into_iter().collect(), below(&["content", ""])].concat()
            }
            By::AuxiliaryFiles if written.starts_with('/') => below(&["content", "source/_posts", ""]),
            By::AuxiliaryFiles => vec![beside],
            By::Wiki => [vec![beside], below(&["content", ""])].concat(),
        };
        let mut places: Vec<ContentPath> = Vec::new();
        for path in paths.iter().filter_map(|path| normal_path(path)).filter(|path| !path.is_empty()) {
            let named = path.rsplit_once('.').is_some_and(|(_, extension)| is_article_extension(extension));
            let whole = named.then(|| ContentPath::new(&path));
            // `post_url` and `post_link` have no extension, so what follows a dot belongs to the slug.
            let guessed = (!named || matches!(self.by, By::Slug | By::Post)).then(|| {
                let bundle = (self.by == By::Ref).then(|| format!("{path}/"));
                let bundle = bundle.iter().flat_map(|directory| indexes(directory));
                with_extensions(&path).chain(bundle).map(|path| ContentPath::new(&path)).collect::<Vec<_>>()
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
