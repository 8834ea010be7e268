//! Removes the remarks of Obsidian, which are not shown: `%%remark%%`, also over several lines.
//! <https://help.obsidian.md/syntax#Comments>

use std::borrow::Cow;

use super::{ParsedBody, code};

const MARK: &str = "%%";

/// Returns the body without its remarks. A mark that no other follows is text.
pub(crate) fn removed<'a>(parsed: &ParsedBody<'a>) -> Cow<'a, str> {
    let body = parsed.text();
    if !body.contains(MARK) {
        return Cow::Borrowed(body);
    }
    let mut marks =
        body.match_indices(MARK).map(|(at, _)| at).filter(|at| code::containing(parsed.code(), *at).is_none());
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    while let (Some(start), Some(end)) = (marks.next(), marks.next()) {
        out.push_str(&body[done..start]);
        done = end + MARK.len();
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::body::Markup;

    #[test]
    fn remarks_are_removed_outside_code() {
        for (written, left) in [
            ("a %%b%% c", "a  c"),
            ("%%\nb\n\nc\n%%\n\nd", "\n\nd"),
            ("a %%`%%` b%% c", "a  c"),
            ("`%%a%%` 100%% b", "`%%a%%` 100%% b"),
            ("%%a%% b %%c", " b %%c"),
        ] {
            assert_eq!(removed(&ParsedBody::new(written, Markup::MARKDOWN)), left, "{written}");
        }
    }
}
