//! Recognises attributes in braces, which format text and must not be shown: `{: .class}`, `{#id}`,
//! `{.class width=30}`, and the comments and spaces that MDX writes in braces.
//!
//! Kramdown's lists may contain words; those of Pandoc and Hugo may not.

use std::borrow::Cow;
use std::ops::Range;

use super::code;

/// The line that an attribute list may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    Heading,
    Text,
}

/// Returns the body with each of Kramdown's lists on one line. The length stays the same.
pub(crate) fn on_one_line<'a>(body: &'a str, code: &[Range<usize>]) -> Cow<'a, str> {
    let mut out: Option<String> = None;
    for (at, _) in body.match_indices("{:") {
        let Some(length) = length(&body[at..], |_| false).filter(|_| code::containing(code, at).is_none()) else {
            continue;
        };
        let list = &body[at..at + length];
        if list.contains('\n') {
            out.get_or_insert_with(|| body.to_owned()).replace_range(at..at + length, &list.replace(['\r', '\n'], " "));
        }
    }
    out.map_or(Cow::Borrowed(body), Cow::Owned)
}

/// Returns whether a line consists of an attribute list only.
pub(crate) fn is_list(text: &str) -> bool {
    let may_name = |word: &str| word.is_empty() || is_name(word);
    !text.starts_with("{:/") && length(text, may_name).is_some_and(|length| length == text.len())
}

/// An attribute list.
pub(crate) struct AttributeList<'a> {
    pub(crate) length: usize,
    /// The attributes with their values, without quotation marks.
    pub(crate) values: Vec<(&'a str, &'a str)>,
    /// The names of other lists, and words of kramdown. That of a list that is only defined here ends in a colon.
    pub(crate) words: Vec<&'a str>,
}

/// Returns the attribute list at the beginning of a text.
pub(crate) fn parse(text: &str) -> Option<AttributeList<'_>> {
    let (mut values, mut words) = (Vec::new(), Vec::new());
    let may_name = |word: &str| word.is_empty() || is_name(word);
    let length = read(text, may_name, &mut |word, value| match value {
        Some(value) => values.push((word, value)),
        None => words.push(word),
    })?;
    Some(AttributeList { length, values, words })
}

/// Returns the length of the attribute list at the beginning of a text. Words that name another list, as in
/// `{:refdef}`, are accepted only on a line of their own.
fn length(text: &str, may_name: impl Fn(&str) -> bool) -> Option<usize> {
    read(text, may_name, &mut |_, _| ())
}

/// Like [`length`]. `found` gets each word, with the value that follows it.
fn read<'a>(
    text: &'a str,
    may_name: impl Fn(&str) -> bool,
    found: &mut dyn FnMut(&'a str, Option<&'a str>),
) -> Option<usize> {
    let text = near(text);
    let (inner, kramdown) = match text.strip_prefix("{:") {
        Some(inner) => (inner, true),
        None => (text.strip_prefix('{')?, false),
    };
    let mut rest = inner;
    let mut attributes = 0;
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('}') {
            return (attributes > 0).then(|| text.len() - behind.len());
        }
        // No name is longer.
        let mut word = rest.char_indices().take(64);
        let (end, _) = word.find(|(_, c)| c.is_whitespace() || matches!(c, '=' | '}' | '"' | '\''))?;
        let (word, behind) = rest.split_at(end);
        // A quotation mark alone is not a word, and skipping nothing would never end.
        (!word.is_empty()).then_some(())?;
        let name = word.strip_prefix(['.', '#']);
        rest = if let Some(value) = behind.strip_prefix('=').filter(|_| name.is_none()) {
            is_name(word).then_some(())?;
            let (value, behind) = match value.chars().next()? {
                quote @ ('"' | '\'') => value[1..].split_once(quote)?,
                _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '}')?),
            };
            found(word, Some(value));
            behind
        } else {
            found(word, None);
            let known = matches!(word, "toc" | "no_toc" | "footnotes" | "refdef");
            let word = word.trim_start_matches('/').trim_end_matches(':');
            let counts = name.is_some_and(is_name) || (kramdown && (known || may_name(word)));
            counts.then_some(())?;
            behind
        };
        attributes += 1;
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '-'))
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/' | '#'))
}

/// Returns the line without such braces, and the string that ends a comment which continues below.
pub(crate) fn taken_out(line: &str, kind: LineKind, is_code: &dyn Fn(usize) -> bool) -> (String, Option<&'static str>) {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(found) = rest.find('{') {
        let at = line.len() - rest.len() + found;
        let (before, brace) = rest.split_at(found);
        kept.push_str(before);
        if is_code(at) {
            kept.push('{');
            rest = &brace[1..];
        } else if brace.starts_with("{/*") {
            match brace.split_once("*/}") {
                Some((_, behind)) => rest = behind,
                None => return (kept + "\n", Some("*/}")),
            }
        } else if let Some(comment) = brace.strip_prefix("{::comment}") {
            match comment.split_once("{:/").and_then(|(_, end)| end.split_once('}')) {
                Some((_, behind)) => rest = behind,
                None => return (kept + "\n", Some("{:/")),
            }
        } else if let Some(behind) = brace.strip_prefix("{' '}").or_else(|| brace.strip_prefix("{\" \"}")) {
            kept.push(' ');
            rest = behind;
        } else if let Some(length) = length(brace, |_| false).or_else(|| extension(brace)) {
            let behind = &brace[length..];
            let sets = brace.starts_with("{:")
                || kept.ends_with('`')
                || ends_in_link(&kept)
                || (kind == LineKind::Heading && behind.trim_start_matches(['#', ' ']).trim().is_empty());
            if sets {
                // Spaces at the end of a line are significant in Markdown, and here nothing is left after
                // them.
                let words = kept.trim_end_matches(' ').len();
                if behind.trim().is_empty() && words > 0 {
                    kept.truncate(words);
                }
                if kind == LineKind::Heading
                    && let Some(id) = id(&brace[..length])
                {
                    kept.extend(["<a id=\"", id, "\"></a>"]);
                }
                rest = behind;
            } else {
                kept.push('{');
                rest = &brace[1..];
            }
        } else {
            kept.push('{');
            rest = &brace[1..];
        }
    }
    kept.push_str(rest);
    (kept, None)
}

/// Returns the id in an attribute list.
fn id(list: &str) -> Option<&str> {
    let words = list.trim_matches(['{', '}', ':']).split_whitespace();
    words.filter_map(|word| word.strip_prefix('#')).find(|id| is_name(id))
}

/// Returns whether a link or an image ends here.
fn ends_in_link(text: &str) -> bool {
    let opened = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    opened.is_some_and(|(before, _)| before.ends_with(']'))
}

/// Returns the beginning of a text, as long as such braces may be, so that many opening braces cost little.
fn near(text: &str) -> &str {
    const LONGEST: usize = 500;
    &text[..text.floor_char_boundary(LONGEST)]
}

/// Returns the length of Kramdown's `{::nomarkdown}`, `{::options … /}` and `{:/}`.
fn extension(brace: &str) -> Option<usize> {
    let brace = near(brace);
    let inner = brace.strip_prefix("{::").or_else(|| brace.strip_prefix("{:/"))?;
    let name = inner.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let end = name.find('}')?;
    (name.starts_with([' ', '/', '}'])).then(|| brace.len() - name.len() + end + 1)
}
