//! Finds out whether a comment begins or ends a locked part.

use super::super::locks;
use super::{HEAD, Role, name_of};

/// Returns the effect of a comment and the name in it: `x`, `x:password`, `x-start:password`, `x start`,
/// `#region x`, `/x`, `endx`, `end x`, `x-end`, `x:end`.
pub(super) fn comment_role<'a>(inner: &'a str, closer: &str) -> Option<(Role, &'a str)> {
    let head = &inner[..inner.floor_char_boundary(HEAD)];
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
