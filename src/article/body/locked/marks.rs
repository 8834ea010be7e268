//! Finds the marks at which locked parts may begin and end.
//!
//! Whether a mark in code counts depends on the generator: Hugo, Zola and Liquid expand their own tags
//! everywhere, and Nunjucks outside fences. Other tags in code are text, as are comments, containers and
//! elements.

use std::ops::Range;

use super::super::{Markup, Templates, code};
use super::locks;

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
            b'{' => scan.comment(at).or_else(|| scan.tag(at)),
            b'<' => scan.comment(at).or_else(|| scan.element(at)),
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
        let rest = self.body.get(from..)?;
        let body = self.body.as_bytes();
        memchr::memchr3_iter(b'{', b'<', b':', rest.as_bytes()).map(|at| from + at).find(|&at| {
            // A container begins its line.
            let before = || body[..at].iter().rfind(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
            body[at] != b':' || before().is_none_or(|byte| *byte == b'\n')
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
        // Pandoc's form is `{.name .other}`.
        let classes = info.strip_prefix('{').map(|inside| inside.split('}').next().unwrap_or(inside));
        let locking = match classes {
            Some(classes) => classes.split_whitespace().find(|class| class.starts_with('.') && locks(class)),
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

/// Number of bytes of a comment that are searched for a name.
const COMMENT_HEAD: usize = 400;

/// Returns the effect of a comment and the name in it: `x`, `x:password`, `x-start:password`, `x start`,
/// `#region x`, `/x`, `endx`, `end x`, `x-end`, `x:end`.
fn comment_role<'a>(inner: &'a str, closer: &str) -> Option<(Role, &'a str)> {
    let head = &inner[..inner.floor_char_boundary(COMMENT_HEAD)];
    let head = head.split(closer).next().unwrap_or(head).trim();
    let (first, rest) = first_word(head);
    let (said, (word, rest)) = match affix(first.trim_start_matches('#')) {
        said @ Some(_) => (said, first_word(rest)),
        None => (None, (first, rest)),
    };
    let (said, word) = match word.strip_prefix('/') {
        Some(word) => (Some(Role::Close), word),
        None => (said, word),
    };
    let (name, argument) = word.split_once(':').unwrap_or((word, ""));
    let name = name_of(name);
    let by_argument = affix(argument.split(':').next().unwrap_or_default());
    let said = said.or(by_argument).or_else(|| affix(first_word(rest).0));
    let (by_name, name) = match said {
        Some(role) => (Some(role), name),
        None => within(name),
    };
    // A name alone or with arguments. Anything else after a name may be a remark.
    let is_bare = rest.is_empty() || rest.contains('=') || rest.starts_with(['"', '\'']);
    let is_marker = !argument.is_empty() || (is_bare && !word.ends_with(':'));
    let role = by_name.unwrap_or(if is_marker { Role::Open } else { Role::OpenIfEnded });
    locks(name).then_some((role, name))
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// Returns what a word says about the name beside it.
fn affix(word: &str) -> Option<Role> {
    match word.to_ascii_lowercase().as_str() {
        "start" | "begin" | "open" | "region" => Some(Role::Open),
        "end" | "stop" | "close" | "endregion" | "/" => Some(Role::Close),
        _ => None,
    }
}

/// Returns what the first or last word of a name says, and the name without it.
fn within(name: &str) -> (Option<Role>, &str) {
    let separators = ['-', '_', '.'];
    let behind = name.rsplit_once(separators).and_then(|(rest, word)| Some((affix(word)?, rest)));
    let before = || name.split_once(separators).and_then(|(word, rest)| Some((affix(word)?, rest)));
    let end = || Some((Role::Close, name.get(3..).filter(|_| name[..3].eq_ignore_ascii_case("end"))?));
    match behind.or_else(before).or_else(end) {
        Some((role, name)) => (Some(role), name),
        None => (None, name),
    }
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
