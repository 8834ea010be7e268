//! Writes the captions of `WordPress` as figures: `[caption width="300"]<img src="a.png"> Words[/caption]`.
//! <https://wordpress.org/documentation/article/caption-shortcode/>

use std::borrow::Cow;
use std::ops::Range;

use super::super::html::escape;
use super::super::{code, markdown};

const OPENING: &str = "[caption ";
const CLOSING: &str = "[/caption]";

/// The most bytes of an image with its caption.
const LONGEST: usize = 4096;

/// Returns the body with such captions as HTML.
pub(crate) fn shown<'a, 'c>(body: &'a str, code: impl FnOnce() -> Cow<'c, [Range<usize>]>) -> Cow<'a, str> {
    if !body.contains(CLOSING) {
        return Cow::Borrowed(body);
    }
    let code = code();
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for (at, _) in body.match_indices(OPENING) {
        if at < done || code::containing(&code, at).is_some() {
            continue;
        }
        let head = &body[at..body.floor_char_boundary(at + LONGEST)];
        let Some((tag, figure, length)) = parts(head) else { continue };
        out.extend([&body[done..at], &html(tag, figure)]);
        done = at + length;
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// Returns the opening tag, the content and the length of the whole.
fn parts(head: &str) -> Option<(&str, &str, usize)> {
    let (tag, rest) = head.split_once(']')?;
    let (content, after) = rest.split_once(CLOSING)?;
    (!content.contains(OPENING)).then_some((tag, content.trim(), head.len() - after.len()))
}

/// Returns the figure for an image, or a link around one, with the text behind it.
fn html(tag: &str, content: &str) -> String {
    let end = |mark: &str| content.rfind(mark).map(|at| at + mark.len());
    let is_image = content.starts_with(['<', '!']) || content.starts_with("[!");
    let written = || Some(content.rfind("](")? + content[content.rfind("](")?..].find(')')? + 1);
    let image = if content.starts_with('<') { end("</a>").or_else(|| end(">")) } else { written() };
    let Some((image, words)) = image.filter(|_| is_image).map(|end| content.split_at(end)) else {
        return content.to_owned();
    };
    let attribute = tag.split_once("caption=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(words, _)| words);
    let words = match (words.trim(), attribute) {
        ("", Some(words)) => escape(words),
        (words, _) => markdown::inline(words),
    };
    format!("\n<figure>{}<figcaption>{words}</figcaption></figure>\n\n", markdown::inline(image))
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::article::body::{Syntax, code};

    #[test]
    fn captions_become_figures() {
        for (written, left) in [
            (
                "[caption id=\"a\"]<a href=\"b\"><img src=\"c.png\" /></a> The *words*[/caption]",
                "\n<figure><a href=\"b\"><img src=\"c.png\" /></a><figcaption>The <em>words</em></figcaption></figure>\n\n",
            ),
            (
                "a\n[caption caption=\"Old & new\"]![](c.png)[/caption]\nb",
                "a\n\n<figure><img src=\"c.png\" alt=\"\" /><figcaption>Old &amp; new</figcaption></figure>\n\n\nb",
            ),
            ("[caption a]words[/caption]", "words"),
            (
                "`[caption a]b[/caption]` [caption c] [d][/captions]",
                "`[caption a]b[/caption]` [caption c] [d][/captions]",
            ),
        ] {
            assert_eq!(shown(written, || code::ranges(written, Syntax::Markdown).into()), left, "{written}");
        }
    }
}
