//! Replaces the names of emoji by the emoji: `:smile:`, with the names that GitHub uses.

use std::borrow::Cow;

use super::around::Around;
use super::{ParsedBody, code};

/// The most bytes of a name. The longest is `couplekiss_man_man`, with the tone of a skin.
const LONGEST: usize = 40;

/// Returns the body with emoji in place of their names.
pub(crate) fn named<'a>(parsed: &ParsedBody<'a>) -> Cow<'a, str> {
    let body = parsed.text();
    let mut out = String::new();
    let mut done = 0;
    for at in memchr::memchr_iter(b':', body.as_bytes()) {
        let Some((emoji, end)) = emoji(body, at).filter(|_| at >= done) else { continue };
        let around = Around::new(body, at);
        let is_part = || around.is_tag() || around.is_destination() || around.is_url();
        if code::containing(parsed.code(), at).is_none() && !is_part() {
            out.extend([&body[done..at], emoji]);
            done = end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(body);
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// Returns the emoji whose name begins at a position, and the end of the name.
fn emoji(body: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = &body.as_bytes()[at + 1..];
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+');
    let length = rest.iter().take(LONGEST).take_while(|byte| is_part(byte)).count();
    if length == 0 || rest.get(length) != Some(&b':') {
        return None;
    }
    let emoji = emojis::get_by_shortcode(&body[at + 1..at + 1 + length])?;
    Some((emoji.as_str(), at + length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::body::Markup;

    #[test]
    fn names_of_emoji_become_emoji_outside_code() {
        for (written, left) in [
            ("a :smile::+1: b", "a 😄👍 b"),
            ("`:smile:` 10:30:20 :unknown: ::smile:", "`:smile:` 10:30:20 :unknown: :😄"),
            ("no names: here", "no names: here"),
            ("<i title=\"a:100:b\">:100:</i>", "<i title=\"a:100:b\">💯</i>"),
            ("[:100:](/a:100:b) :100:\n\n[c]: /a:100:b", "[💯](/a:100:b) 💯\n\n[c]: /a:100:b"),
            ("https://a.b/c:100:d :100:", "https://a.b/c:100:d 💯"),
        ] {
            assert_eq!(named(&ParsedBody::new(written, Markup::MARKDOWN)), left);
        }
    }
}
