//! Ends bare URLs before Chinese and Japanese punctuation, which is never part of a URL in such a text.
//!
//! GitHub's rules end a URL at a space or `<` only, so that `https://example.org，它` would be one link.

use std::borrow::Cow;

use super::{Syntax, code};

/// Returns Markdown in which such URLs are in angle brackets, outside code.
pub(super) fn bounded(written: Cow<'_, str>) -> Cow<'_, str> {
    let text = &*written;
    let urls: Vec<(usize, usize)> = bare_urls(text).collect();
    if urls.is_empty() {
        return written;
    }
    let code = code::ranges(text, Syntax::Markdown);
    let mut out = String::with_capacity(text.len() + 2 * urls.len());
    let mut done = 0;
    for (start, end) in urls.into_iter().filter(|(start, _)| code::containing(&code, *start).is_none()) {
        out.extend([&text[done..start], "<", &text[start..end], ">"]);
        done = end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Longer URLs are not examined, in bytes, so that many beginnings cost little.
const LONGEST: usize = 2_000;

/// Returns where bare URLs begin and end that such punctuation follows.
fn bare_urls(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices("http").filter_map(|(start, _)| {
        let url = &text[start..text.floor_char_boundary(start + LONGEST)];
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let before = &text[..start];
        let is_bare = match before.chars().next_back() {
            None => true,
            Some('(') => !before.ends_with("]("),
            // Not the destination of a reference, `[a]: https://…`.
            Some(c) if c.is_whitespace() => !before.trim_end().ends_with("]:"),
            Some(c) => !c.is_ascii() || matches!(c, '*' | '_' | '~'),
        };
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '[' | ']') || is_punctuation(c);
        let end = host.find(ends).filter(|end| *end > 0 && host[*end..].starts_with(is_punctuation))?;
        let url = &url[..url.len() - host.len() + end];
        let url = url.trim_end_matches(['.', ',', ':', ';', '!', '?', '*', '_', '~', '\'', ')']);
        is_bare.then_some((start, start + url.len()))
    })
}

fn is_punctuation(c: char) -> bool {
    let is_bracket_or_mark = matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}');
    is_bracket_or_mark || "“”‘’…！（），：；？～".contains(c)
}

#[cfg(test)]
mod tests {
    use super::super::{Markup, ParsedBody};

    #[test]
    fn a_bare_url_ends_before_chinese_punctuation() {
        let link = |url: &str, text: &str| format!("<a href=\"{url}\">{text}</a>");
        let (a, b) = (link("https://a.b/c", "https://a.b/c"), link("http://d.e", "http://d.e"));
        for (markdown, html) in [
            ("看 https://a.b/c。后面", format!("看 {a}。后面")),
            ("https://a.b/c，http://d.e；**x**", format!("{a}，{b}；<strong>x</strong>")),
            ("（https://a.b/c）", format!("（{a}）")),
            ("**https://a.b/c**，x", format!("<strong>{a}</strong>，x")),
            ("https://a.b/中文 x", format!("{} x", link("https://a.b/%E4%B8%AD%E6%96%87", "https://a.b/中文"))),
            (
                "[标题，x](https://a.b/c)，`http://d.e，x`",
                format!("{}，<code>http://d.e，x</code>", link("https://a.b/c", "标题，x")),
            ),
            (
                "[a](https://a.b/，c) [b]\n\n[b]: http://d.e/，f",
                format!("{} {}", link("https://a.b/%EF%BC%8Cc", "a"), link("http://d.e/%EF%BC%8Cf", "b")),
            ),
        ] {
            let body = ParsedBody::new(markdown, Markup::MARKDOWN);
            assert_eq!(body.html().trim(), format!("<p>{html}</p>"), "{markdown}");
        }
    }
}
