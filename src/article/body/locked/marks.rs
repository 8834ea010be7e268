//! Finds the marks at which locked parts may begin and end.
//!
//! Whether a mark in code counts depends on the generator: Hugo, Zola and Liquid expand their own tags
//! everywhere, and Nunjucks outside fences. Other tags in code are text, as are comments, containers and
//! elements.

use std::ops::Range;

use super::super::{Markup, Templates, code};
use super::locks;
use comment::comment_role;

mod comment;

/// The kind of a mark. An end only closes a beginning of its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    /// `{% x %}`, `{{< x >}}`, `{{% x %}}`.
    Tag,
    /// `{% x(…) %}`.
    Call,
    /// `<!-- x -->`, `{/* x */}`, `{# x #}`.
    Comment,
    /// `::: x`; its range contains the colons only.
    Container,
    /// `<x>`.
    Element,
    /// `[x]`, as in forums and blogs.
    Bracket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A locked part begins. Without an end it extends to the end of the body.
    Open,
    /// A locked part begins, but only if an end of this name follows.
    OpenIfEnded,
    /// Something else begins that has its own end. A locked part does not end before that.
    Inside,
    /// Ends the last open item of this name.
    Close,
    /// Only the mark itself is locked.
    Alone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LockMark {
    pub(super) range: Range<usize>,
    pub(super) family: Family,
    pub(super) role: Role,
    /// In lower case, with `_` replaced by `-`.
    pub(super) name: String,
}

/// Returns all relevant marks of a body, in order.
pub(super) fn find(body: &str, markup: Markup) -> Vec<LockMark> {
    let mut scan = MarkScan { body, markup, code: None, raw: 0..0, missing: Vec::new() };
    let mut found: Vec<LockMark> = Vec::new();
    let mut at = 0;
    while let Some(next) = scan.next(at) {
        at = next;
        let mark = match body.as_bytes()[at] {
            b'{' => scan.comment(at).or_else(|| scan.extension(at)).or_else(|| scan.tag(at)),
            b'<' => scan.comment(at).or_else(|| scan.element(at)),
            b'[' => scan.bracket(at),
            _ => scan.container(at),
        };
        at = mark.as_ref().map_or(at + 1, |mark| mark.range.end);
        found.extend(mark);
    }
    found
}

struct MarkScan<'a> {
    body: &'a str,
    markup: Markup,
    /// The ranges of code, located on first use.
    code: Option<Vec<Range<usize>>>,
    /// The last `{% raw %}` and the text that it protects.
    raw: Range<usize>,
    /// Strings that do not occur again.
    missing: Vec<&'static str>,
}

/// The delimiters of comments and of tags.
const COMMENTS: [(&str, &str); 3] = [("<!--", "-->"), ("{/*", "*/}"), ("{#", "#}")];
const TAGS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

impl MarkScan<'_> {
    /// Returns the next position at which a mark may begin.
    fn next(&self, from: usize) -> Option<usize> {
        let body = self.body.as_bytes();
        // A container begins its line.
        let before = |at: usize| body[..at].iter().rfind(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
        (from..body.len()).find(|&at| match body[at] {
            b'{' | b'<' | b'[' => true,
            b':' => before(at).is_none_or(|byte| *byte == b'\n'),
            _ => false,
        })
    }

    /// Returns the next position of a string. A missing string is searched for once.
    fn find(&mut self, from: usize, text: &'static str) -> Option<usize> {
        if self.missing.contains(&text) {
            return None;
        }
        let found = self.body[from..].find(text);
        if found.is_none() {
            self.missing.push(text);
        }
        found.map(|at| from + at)
    }

    fn in_code(&mut self, at: usize) -> Option<Range<usize>> {
        let code = self.code.get_or_insert_with(|| code::ranges(self.body, self.markup.syntax));
        code::containing(code, at).cloned()
    }

    /// Returns whether a tag of this form is shown literally at this position.
    fn is_shown(&mut self, at: usize, opener: &str) -> bool {
        let native = match self.markup.templates {
            Templates::GoShortcodes => opener.len() == 3,
            Templates::Tera | Templates::Liquid => opener.len() == 2,
            Templates::Nunjucks if opener.len() == 2 => {
                let fence = |code: &str| code.trim_start().starts_with(['`', '~']) && code.contains('\n');
                return self.raw.contains(&at) || self.in_code(at).is_some_and(|range| fence(&self.body[range]));
            }
            Templates::Nunjucks | Templates::Unknown => false,
            Templates::None => return true,
        };
        self.raw.contains(&at) || (!native && self.in_code(at).is_some())
    }

    /// Parses a generator's tag that locks, ends, or calls.
    fn tag(&mut self, at: usize) -> Option<LockMark> {
        let rest = &self.body[at..];
        let (opener, closer) = TAGS.into_iter().find(|(opener, _)| rest.starts_with(opener))?;
        let inner = rest[opener.len()..].trim_start_matches(['-', '~']).trim_start();
        let slash = inner.strip_prefix('/').map(str::trim_start);
        let name = name_of(slash.unwrap_or(inner));
        let after = slash.unwrap_or(inner)[name.len()..].trim_start();
        if matches!(name, "raw" | "verbatim") && opener == "{%" && slash.is_none() {
            self.keep_raw(at, name);
            return None;
        }
        let ended = match slash {
            Some(_) => Some(name),
            // `{% endx %}`, `{% end_x %}`, `{% end x %}`
            None if name.get(..3).is_some_and(|end| end.eq_ignore_ascii_case("end")) => {
                match name[3..].trim_start_matches(['_', '-']) {
                    "" => Some(name_of(after)),
                    name => Some(name),
                }
            }
            None => None,
        };
        let is_call = after.starts_with('(');
        let (family, role, name) = match (opener, ended) {
            ("{%", Some("")) if slash.is_none() => (Family::Call, Role::Close, ""),
            (_, Some(name)) if locks(name) => (Family::Tag, Role::Close, name),
            ("{{", None) if is_call && locks(name) && self.markup.templates != Templates::GoShortcodes => {
                (Family::Call, Role::Alone, name)
            }
            ("{%", None) if is_call && locks(name) => (Family::Call, Role::Open, name),
            ("{%", None) if is_call => (Family::Call, Role::Inside, name),
            (opener, None) if opener != "{{" && locks(name) => (Family::Tag, Role::Open, name),
            _ => return None,
        };
        if self.is_shown(at, opener) {
            return None;
        }
        let end = self.find(at + opener.len(), closer)?;
        let written = &self.body[at + opener.len()..end];
        let role = if role == Role::Open && closes_itself(written, name) { Role::Alone } else { role };
        Some(LockMark { range: at..end + closer.len(), family, role, name: key(name) })
    }

    /// Records `{% raw %}` if the generator expands it here and it has an end.
    fn keep_raw(&mut self, at: usize, name: &str) {
        let runs = matches!(self.markup.templates, Templates::Liquid | Templates::Nunjucks | Templates::Unknown);
        // The protected text is after the last `{% raw %}`, or this tag is a part of it.
        if !runs || at < self.raw.end || self.is_shown(at, "{%") {
            return;
        }
        let rest = &self.body[at..];
        let end = rest.match_indices("{%").find(|(begin, _)| {
            let inner = rest[begin + 2..].trim_start_matches(['-', '~']).trim_start();
            inner.strip_prefix("end").is_some_and(|rest| rest.starts_with(name))
        });
        self.raw = match end {
            Some((end, _)) => at..at + end,
            // If there is no end, later tags have none either.
            None => self.body.len()..self.body.len(),
        };
    }

    /// Parses a comment that begins or ends a locked part.
    fn comment(&mut self, at: usize) -> Option<LockMark> {
        let rest = &self.body[at..];
        let (opener, closer) = COMMENTS.into_iter().find(|(opener, _)| rest.starts_with(opener))?;
        // `{{/* x */}}` is a literal tag, and `{#x}` is an id.
        let is_other = (opener == "{/*" && self.body[..at].ends_with('{'))
            || (opener == "{#" && self.markup.templates != Templates::Nunjucks);
        if is_other {
            return None;
        }
        let (role, name) = comment_role(&rest[opener.len()..], closer)?;
        if self.in_code(at).is_some() {
            return None;
        }
        let end = self.find(at + opener.len(), closer)? + closer.len();
        Some(LockMark { range: at..end, family: Family::Comment, role, name: key(name) })
    }

    /// Parses `::: name` and `:::`.
    fn container(&mut self, at: usize) -> Option<LockMark> {
        let rest = &self.body[at..];
        let line = rest.split('\n').next().unwrap_or(rest);
        let info = line.trim_start_matches(':');
        let colons = line.len() - info.len();
        if colons < 3 || self.in_code(at).is_some() {
            return None;
        }
        let info = info.trim();
        // MyST's form is `{name}`, that of Pandoc is `{.name .other key="value"}`, where only classes are names.
        let inside = info.strip_prefix('{').map(|inside| inside.split('}').next().unwrap_or(inside));
        let locking = match inside {
            Some(words) => {
                let mut words = words.split_whitespace().enumerate();
                let is_name = |at, word: &str| word.starts_with('.') || (at == 0 && name_of(word) == word);
                words.find(|(at, word)| is_name(*at, word) && locks(word)).map(|(_, word)| word)
            }
            None => Some(name_of(info)).filter(|name| locks(name)),
        };
        let role = match locking {
            _ if info.is_empty() => Role::Close,
            Some(_) => Role::Open,
            None => Role::Inside,
        };
        let name = key(locking.unwrap_or_default().trim_start_matches('.'));
        Some(LockMark { range: at..at + colons, family: Family::Container, role, name })
    }

    /// Parses `{::name key="value"}`, `{:/name}` and `{:/}`, in kramdown.
    fn extension(&mut self, at: usize) -> Option<LockMark> {
        let inner = self.body[at..].strip_prefix("{:")?;
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let inner = if is_end { inner } else { inner.strip_prefix(':')? };
        let name = name_of(inner);
        let (family, role) = match name {
            "" if is_end => (Family::Call, Role::Close),
            _ if is_end => (Family::Tag, Role::Close),
            name if locks(name) => (Family::Call, Role::Open),
            _ => (Family::Call, Role::Inside),
        };
        if (is_end && !inner[name.len()..].starts_with('}')) || self.in_code(at).is_some() {
            return None;
        }
        let begin = self.body.len() - inner.len();
        match attributes(inner, '}') {
            Some(inside) if !is_end && inside.ends_with('/') && role == Role::Inside => None,
            Some(inside) if !is_end && inside.ends_with('/') => {
                let end = begin + inside.len() + 1;
                Some(LockMark { range: at..end, family, role: Role::Alone, name: key(name) })
            }
            _ => Some(LockMark { range: at..begin + name.len() + usize::from(is_end), family, role, name: key(name) }),
        }
    }

    /// Parses `[name key="value"]` and `[/name]`, whose name locks.
    fn bracket(&mut self, at: usize) -> Option<LockMark> {
        let inner = &self.body[at + 1..];
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let inner = inner.trim_start();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let name = &inner[..inner.find(|c: char| !is_part(c)).unwrap_or(inner.len())];
        if !locks(name) || self.body[..at].ends_with('\\') || self.in_code(at).is_some() {
            return None;
        }
        let begin = self.body.len() - inner.len();
        let mark = |end, role| Some(LockMark { range: at..end, family: Family::Bracket, role, name: key(name) });
        match attributes(inner, ']') {
            Some(inside) if is_end => {
                (inside.trim_end() == name).then(|| mark(begin + inside.len() + 1, Role::Close))?
            }
            None if is_end => None,
            Some(inside) if is_link(&self.body[..at], &inner[inside.len() + 1..]) => None,
            Some(inside) if closes_itself(inside, name) => mark(begin + inside.len() + 1, Role::Alone),
            // Without an end, this is ordinary text in brackets.
            _ => mark(begin + name.len(), Role::OpenIfEnded),
        }
    }

    /// Parses an element whose name locks.
    fn element(&mut self, at: usize) -> Option<LockMark> {
        let rest = &self.body[at + 1..];
        let (closes, inner) = rest.strip_prefix('/').map_or((false, rest), |inner| (true, inner));
        let name = &inner[..inner.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(inner.len())];
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if !is_name || !locks(name) || self.body[..at].ends_with('\\') || self.in_code(at).is_some() {
            return None;
        }
        let after = self.body.len() - inner.len() + name.len();
        let end = self.find(after, ">")?;
        let attributes = &self.body[after..end];
        let role = if closes {
            Role::Close
        } else if attributes.ends_with('/') {
            Role::Alone
        } else if attributes.trim().is_empty() && !key(name).contains("encrypt") {
            // A placeholder for the reader's own value, as in `mysql -p<password>`.
            Role::OpenIfEnded
        } else {
            Role::Open
        };
        Some(LockMark { range: at..end + 1, family: Family::Element, role, name: key(name) })
    }
}

/// Number of bytes of a comment that are searched for a name, and of a tag that are searched for its end.
const HEAD: usize = 400;

/// Returns the text up to this delimiter, which is searched for in as many bytes as attributes may have.
fn attributes(text: &str, closer: char) -> Option<&str> {
    let head = &text[..text.floor_char_boundary(HEAD)];
    head.find(closer).map(|end| &head[..end])
}

/// Returns whether the brackets between these texts are a link: `[x](/y)`, `![x](y.png)`, `[x]: /y` or `[[x]]`.
fn is_link(before: &str, behind: &str) -> bool {
    let target = behind.strip_prefix(['(', ':']).map(|target| target.trim_start_matches([' ', '<']));
    let is_target = |target: &str| {
        let starts = ["/", "#", "./", "../", "http:", "https:", "mailto:", "{{", "{%"];
        before.ends_with('!') || starts.iter().any(|start| target.starts_with(start))
    };
    target.is_some_and(is_target) || (before.ends_with('[') && behind.starts_with(']'))
}

/// Returns whether a tag is self-closing: `{{< x />}}`.
fn closes_itself(written: &str, name: &str) -> bool {
    let written = written.trim_end_matches(['-', '~']);
    written.strip_suffix('/').is_some_and(|before| {
        before.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')) || before.ends_with(name)
    })
}

/// Returns the name at the beginning of a text.
fn name_of(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | '!' | '+');
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    // The slash of `{{<x/>}}` does not belong to the name.
    text[..end].trim_end_matches('/')
}

/// Returns a name in the form used for comparison.
fn key(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}
