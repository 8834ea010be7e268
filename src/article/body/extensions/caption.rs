//! Writes the captions of `WordPress` as figures, `[caption width="300"]<img src="a.png"> Words[/caption]`, and its
//! embedded pages as frames, `[embed]https://…[/embed]`.
//! <https://wordpress.org/documentation/article/caption-shortcode/>

use std::borrow::Cow;
use std::ops::Range;

use super::super::html::{self, escape};
use super::super::{Syntax, code, markdown};

const OPENING: &str = "[caption ";
const CLOSING: &str = "[/caption]";
const EMBED_CLOSING: &str = "[/embed]";

/// The most bytes of an image with its caption.
const LONGEST: usize = 4096;

/// Returns the body with such captions and embeds as HTML.
pub(crate) fn shown<'a, 'c>(
    body: &'a str,
    syntax: Syntax,
    code: impl FnOnce() -> Cow<'c, [Range<usize>]>,
) -> Cow<'a, str> {
    if !body.contains(CLOSING) && !body.contains(EMBED_CLOSING) {
        return Cow::Borrowed(body);
    }
    let code = code();
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for at in memchr::memchr_iter(b'[', body.as_bytes()) {
        if at < done || code::containing(&code, at).is_some() {
            continue;
        }
        let head = &body[at..body.floor_char_boundary(at + LONGEST)];
        let Some((html, length)) = caption(head, syntax).or_else(|| embed(head, syntax)) else { continue };
        out.extend([&body[done..at], &html]);
        done = at + length;
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// Returns the HTML of the caption at the beginning of `head`, and its length.
fn caption(head: &str, syntax: Syntax) -> Option<(String, usize)> {
    let (tag, rest) = head.strip_prefix(OPENING)?.split_once(']')?;
    let (content, after) = rest.split_once(CLOSING)?;
    (!content.contains(OPENING)).then(|| (figure(tag, content.trim(), syntax), head.len() - after.len()))
}

/// Returns a frame for the page that is embedded at the beginning of `head`, and the length of the mark.
fn embed(head: &str, syntax: Syntax) -> Option<(String, usize)> {
    let (tag, rest) = head.strip_prefix("[embed")?.split_once(']')?;
    let (content, after) = rest.split_once(EMBED_CLOSING).filter(|_| tag.is_empty() || tag.starts_with(' '))?;
    let url = html::decode(content.trim());
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    if !is_url || url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        return None;
    }
    let gap = if syntax == Syntax::Markdown { "\n\n" } else { "" };
    Some((format!("{gap}<iframe src=\"{}\"></iframe>{gap}", escape(&url)), head.len() - after.len()))
}

/// Returns the figure for an image, or a link around one, with the text behind it.
fn figure(tag: &str, content: &str, syntax: Syntax) -> String {
    let end = |mark: &str| content.rfind(mark).map(|at| at + mark.len());
    let is_image = content.starts_with(['<', '!']) || content.starts_with("[!");
    let written = || Some(content.rfind("](")? + content[content.rfind("](")?..].find(')')? + 1);
    let image = if content.starts_with('<') { end("</a>").or_else(|| end(">")) } else { written() };
    let Some((image, words)) = image.filter(|_| is_image).map(|end| content.split_at(end)) else {
        return content.to_owned();
    };
    let attribute = tag.split_once("caption=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(words, _)| words);
    let words = match (words.trim(), attribute, syntax) {
        ("", Some(words), _) => escape(words),
        (words, _, Syntax::Markdown) => markdown::inline(words),
        (words, _, Syntax::Html) => words.to_owned(),
    };
    match syntax {
        Syntax::Markdown => {
            format!("\n<figure>{}<figcaption>{words}</figcaption></figure>\n\n", markdown::inline(image))
        }
        Syntax::Html => format!("<figure>{image}<figcaption>{words}</figcaption></figure>"),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::article::body::{Markup, ParsedBody, Syntax, code};

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
            let ranges = || code::ranges(written, Syntax::Markdown).into();
            assert_eq!(shown(written, Syntax::Markdown, ranges), left, "{written}");
        }
    }
    #[test]
    fn captions_and_embeds_are_shown_in_html_and_markdown() {
        let written = "<p>a</p>\n[embed width=\"9\"]https://v.example/w?a=1&amp;b=2[/embed]\n\
                       [caption id=\"x\"]<img src=\"c.png\"> The *words*[/caption]<pre>[embed]https://x[/embed]</pre>";
        let html = ParsedBody::new(written, Markup::HTML).html().to_owned();
        assert_eq!(
            html,
            "<p>a</p>\n<iframe src=\"https://v.example/w?a=1&amp;b=2\"></iframe>\n\
             <figure><img src=\"c.png\"><figcaption>The *words*</figcaption></figure><pre>[embed]https://x[/embed]</pre>"
        );
        let html = ParsedBody::new("a [embed]https://v.example/[/embed] b [embed]x[/embed]", Markup::MARKDOWN);
        assert_eq!(html.html(), "<p>a</p>\n<iframe src=\"https://v.example/\"></iframe>\n<p>b [embed]x[/embed]</p>\n");
    }
}
