//! Shows the captions of code, which Hexo reads behind the language of a fence, as in ```` ```js app.js ````.
//! <https://hexo.io/docs/syntax-highlight>

use std::borrow::Cow;

use super::ParsedBody;
use super::html::escape;
use crate::text::push;

/// Words that set an option of the highlighter, by their beginnings.
const OPTIONS: [&str; 9] = [
    "lang:",
    "line_number:",
    "line_threshold:",
    "first_line:",
    "highlight:",
    "wrap:",
    "mark:",
    "language_attr:",
    "tab_replace:",
];

/// Returns the body with each caption as a paragraph above its code.
pub(crate) fn shown<'a>(parsed: &ParsedBody<'a>) -> Cow<'a, str> {
    let body = parsed.text();
    if !body.lines().any(|line| info(line).is_some_and(|(_, info)| info.contains(char::is_whitespace))) {
        return Cow::Borrowed(body);
    }
    let (mut out, mut done) = (String::new(), 0);
    for code in parsed.code() {
        let start = body[..code.start].rfind('\n').map_or(0, |at| at + 1);
        let line = body[start..].split('\n').next().unwrap_or_default();
        let Some((prefix, info)) = info(line).filter(|_| start >= done) else { continue };
        let caption = info.split_once(char::is_whitespace).and_then(|(_, words)| caption(words));
        let Some(caption) = caption.filter(|_| !info.contains('{')) else { continue };
        push!(out, "{}{prefix}{caption}\n{prefix}\n", &body[done..start]);
        done = start;
    }
    if out.is_empty() {
        return Cow::Borrowed(body);
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// Splits a line that opens a fence into what precedes the fence, which are spaces and marks of quotations, and the text
/// behind it.
fn info(line: &str) -> Option<(&str, &str)> {
    let fence = line.trim_start_matches([' ', '\t', '>']);
    let mark = fence.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = fence.trim_start_matches(mark);
    let is_fence = fence.len() - info.len() >= 3 && !info.contains('`');
    is_fence.then(|| (&line[..line.len() - fence.len()], info.trim()))
}

/// Returns the caption in the words behind the language: a title, a URL and the text of its link, without options.
pub(crate) fn caption(words: &str) -> Option<String> {
    let is_option = |word: &&str| OPTIONS.iter().any(|option| word.starts_with(option));
    let words: Vec<&str> = words.split_whitespace().filter(|word| !is_option(word)).collect();
    let is_address = |word: &&str| ["https://", "http://", "/"].iter().any(|start| word.starts_with(start));
    let address = words.iter().position(is_address).filter(|at| *at > 0);
    let title = escape(&words[..address.unwrap_or(words.len())].join(" "));
    if title.is_empty() {
        return None;
    }
    let link = address.map_or_else(String::new, |at| {
        let text = words[at + 1..].join(" ");
        format!(" <a href=\"{}\">{}</a>", escape(words[at]), escape(if text.is_empty() { "link" } else { &text }))
    });
    Some(format!("<p>{title}{link}</p>"))
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::article::body::{Markup, ParsedBody, Syntax, Templates};

    #[test]
    fn captions_are_paragraphs_above_their_code() {
        for (written, left) in [
            ("a\n``` diff package.json\n+x\n```\n", "a\n<p>package.json</p>\n\n``` diff package.json\n+x\n```\n"),
            (
                "> ~~~js My & app https://x.example/a Source mark:1\n> x\n> ~~~\n",
                "> <p>My &amp; app <a href=\"https://x.example/a\">Source</a></p>\n> \n> ~~~js My & app https://x.example/a Source mark:1\n> x\n> ~~~\n",
            ),
            ("```js\n``` a b\n```\n", "```js\n``` a b\n```\n"),
            ("```js {1,3}\nx\n```\n", "```js {1,3}\nx\n```\n"),
            ("```js line_number:false\nx\n```\n", "```js line_number:false\nx\n```\n"),
        ] {
            let markup = Markup { syntax: Syntax::Markdown, templates: Templates::Nunjucks };
            assert_eq!(shown(&ParsedBody::new(written, markup)), left, "{written}");
        }
    }
}
