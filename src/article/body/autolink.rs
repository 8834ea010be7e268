//! Ends bare URLs before Chinese and Japanese punctuation, which is never part of a URL in such a text.
//!
//! GitHub's rules end a URL at a space or `<` only, so that `https://example.org，它` would be one link.

use std::borrow::Cow;

use super::around::{Around, is_punctuation};
use super::{Syntax, code};

/// What ends a URL: an empty comment, which has no effect where nothing would become a link, as in raw HTML.
const END: &str = "<!---->";

/// Returns Markdown in which such URLs end with [`END`], outside code, tags and links.
pub(super) fn bounded(written: Cow<'_, str>) -> Cow<'_, str> {
    let text = &*written;
    let urls: Vec<(usize, usize)> = bare_urls(text).collect();
    if urls.is_empty() {
        return written;
    }
    let code = code::ranges(text, Syntax::Markdown);
    let mut out = String::with_capacity(text.len() + END.len() * urls.len());
    let mut done = 0;
    for (start, end) in urls {
        let around = Around::new(text, start);
        let is_part = || around.is_tag() || around.is_bracketed() || around.is_destination();
        if code::containing(&code, start).is_none() && !is_part() {
            out.extend([&text[done..end], END]);
            done = end;
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Returns HTML without the ends of URLs.
pub(super) fn unmarked(html: String) -> String {
    if html.contains(END) { html.replace(END, "") } else { html }
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
            Some(c) => c.is_whitespace() || !c.is_ascii() || matches!(c, '*' | '_' | '~'),
        };
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '[' | ']') || is_punctuation(c);
        let end = host.find(ends).filter(|end| *end > 0 && host[*end..].starts_with(is_punctuation))?;
        is_bare.then_some((start, start + url.len() - host.len() + end))
    })
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
            ("看 https://a.b/c.，x", format!("看 {a}.，x")),
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

    #[test]
    fn a_url_in_a_footnote_ends_before_chinese_punctuation() {
        let body = ParsedBody::new("a[^1]\n\n[^1]: 见 https://a.b/c，后\n", Markup::MARKDOWN);
        assert!(body.html().contains("见 <a href=\"https://a.b/c\">https://a.b/c</a>，后"), "{}", body.html());
    }

    #[test]
    fn a_url_that_is_not_a_link_stays_as_written() {
        for (markdown, html) in [
            ("<p>链接：https://a.b/c，后面</p>", "<p>链接：https://a.b/c，后面</p>"),
            ("x <i title=\"图 https://a.b/c，说明\">y</i>", "<p>x <i title=\"图 https://a.b/c，说明\">y</i></p>"),
            ("<img alt=\"图 https://a.b/c，说明\">", "<img alt=\"图 https://a.b/c，说明\">"),
            (
                "[参考：https://a.b/x，详情](https://x.org/y)",
                "<p><a href=\"https://x.org/y\">参考：https://a.b/x，详情</a></p>",
            ),
            ("![图 https://a.b/x，说](y.png)", "<p><img src=\"y.png\" alt=\"图 https://a.b/x，说\" /></p>"),
            ("[a]\n\n[a]:\n  https://x.y/，z", "<p><a href=\"https://x.y/%EF%BC%8Cz\">a</a></p>"),
            ("[a](b \"图 https://a.b/x，说\")", "<p><a href=\"b\" title=\"图 https://a.b/x，说\">a</a></p>"),
        ] {
            let body = ParsedBody::new(markdown, Markup::MARKDOWN);
            assert_eq!(body.html().trim(), html, "{markdown}");
        }
    }

    #[test]
    fn many_urls_cost_little() {
        let start = std::time::Instant::now();
        for bulk in ["https://a，", "<a https://a，", "[https://a，", "[](https://a，"] {
            super::bounded(bulk.repeat(10_000).into());
        }
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
