//! What both XML formats share: how a document opens, and how text is escaped
//! so that neither parsers nor the W3C validator take it for mark-up.
//!
//! Knows the spelling of XML; does not know elements, but for the one whose
//! text is HTML.

use std::borrow::Cow;

use crate::feed::{Address, Language};

/// Within how many bytes the root element must begin, else the validator does
/// not recognise what `application/xml` holds (validity.md, G3).
const ROOT_WITHIN: usize = 512;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="utf-8"?>"#;

/// The document that a crate wrote, `<rss …` or `<feed …` with or without its
/// declaration, opened and escaped as ours are.
pub(crate) fn finish(written: &[u8], language: Option<&Language>, style_sheet: Option<&Address>) -> Vec<u8> {
    // Only UTF-8 went in.
    let written = String::from_utf8_lossy(written);
    let root = if written.starts_with("<?xml") { written.find("?>").map_or(0, |at| at + 2) } else { 0 };
    let root = written[root..].trim_start();
    let mut document = String::with_capacity(root.len() + root.len() / 16 + ROOT_WITHIN);
    document.push_str(DECLARATION);
    document.push('\n');
    if let Some(style_sheet) = style_sheet {
        // The crates have no way to write a processing instruction. It names no
        // host, since `style-src 'self'` holds where the feed is opened, which
        // may be another one than the base address names.
        let line = format!("<?xml-stylesheet type=\"text/css\" href=\"{}\"?>\n", escape(style_sheet.path()));
        if document.len() + line.len() + "<feed".len() <= ROOT_WITHIN {
            document.push_str(&line);
        }
    }
    let name_end = root.find([' ', '>']).unwrap_or(root.len());
    document.push_str(&root[..name_end]);
    if let Some(language) = language {
        // `:lang()` of CSS does not see `<language>`.
        document.push_str(" xml:lang=\"");
        document.push_str(language.as_str());
        document.push('"');
    }
    respell(&root[name_end..], &mut document);
    document.into_bytes()
}

/// Spells the text nodes of `written` anew, in one pass.
///
/// The crates write `&amp;` and `&lt;`, which the W3C validator takes for HTML
/// in plain text; `&#x26;` and `&#x3C;` say the same and pass (validity.md,
/// R5). Quotes need no escape in text. CDATA, tags and the HTML of an Atom
/// entry, which is meant to be HTML, stay as they are, but for the quotes.
fn respell(written: &str, into: &mut String) {
    let mut rest = written;
    let mut is_html = false;
    while let Some(text_end) = rest.find('<') {
        respell_text(&rest[..text_end], is_html, into);
        rest = &rest[text_end..];
        let length = if rest.starts_with("<![CDATA[") {
            rest.find("]]>").map(|at| at + 3)
        } else {
            // quick-xml escapes `>` in attributes.
            rest.find('>').map(|at| at + 1)
        };
        let (tag, after) = rest.split_at(length.unwrap_or(rest.len()));
        is_html = tag.starts_with("<content ");
        into.push_str(tag);
        rest = after;
    }
    respell_text(rest, is_html, into);
}

fn respell_text(text: &str, is_html: bool, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        into.push_str(&rest[..at]);
        rest = &rest[at..];
        let spellings: [(&str, &str); 4] = [
            ("&lt;", if is_html { "&lt;" } else { "&#x3C;" }),
            ("&amp;", if is_html { "&amp;" } else { "&#x26;" }),
            ("&quot;", "\""),
            ("&apos;", "'"),
        ];
        let (written, spelled) =
            spellings.into_iter().find(|(written, _)| rest.starts_with(written)).unwrap_or(("&", "&"));
        into.push_str(spelled);
        rest = &rest[written.len()..];
    }
    into.push_str(rest);
}

/// Plain text as HTML or as the value of an attribute.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Where text holds what the validator takes for an end tag of HTML: the
/// places of the `>`.
fn end_tags(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices("</").filter_map(|(at, opener)| {
        let name_at = at + opener.len();
        let length = text[name_at..].find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let end = name_at + length;
        (length > 0 && text[end..].starts_with('>')).then_some(end)
    })
}

/// Whether text holds what the validator takes for an end tag of HTML.
pub(crate) fn has_end_tag(text: &str) -> bool {
    end_tags(text).next().is_some()
}

/// Text for an element that is plain text and nothing else: `</div>` becomes
/// `</div >`, the same tag to every reader of HTML, but no tag to the
/// validator, which no escaping convinces (validity.md, R5).
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !has_end_tag(text) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len() + 4);
    let mut at = 0;
    for end in end_tags(text) {
        spaced.push_str(&text[at..end]);
        spaced.push(' ');
        at = end;
    }
    spaced.push_str(&text[at..]);
    Cow::Owned(spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_respelled_and_nothing_else() {
        let written = concat!(
            "<rss version=\"2.0\"><title a=\"&amp;\">&amp;copy; &lt;b&gt; &apos;&quot; &#9;</title>",
            "<d><![CDATA[&amp;]]]]><![CDATA[> &lt;]]></d><content type=\"html\">&lt;p a=&quot;1&quot;&gt;&amp;amp;&lt;/p&gt;</content><e>&lt;</e></rss>"
        );
        let finished = String::from_utf8(finish(written.as_bytes(), None, None)).unwrap();
        assert_eq!(
            finished,
            concat!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
                "<rss version=\"2.0\"><title a=\"&amp;\">&#x26;copy; &#x3C;b&gt; '\" &#9;</title>",
                "<d><![CDATA[&amp;]]]]><![CDATA[> &lt;]]></d><content type=\"html\">&lt;p a=\"1\"&gt;&amp;amp;&lt;/p&gt;</content><e>&#x3C;</e></rss>"
            )
        );
    }

    #[test]
    fn the_root_begins_within_512_bytes_whatever_the_address() {
        let language = Language::parse("zh-CN");
        for length in [1, 300, 407, 408, 2000] {
            let address = Address::parse(&format!("https://example.org/{}/feed.css?a&b", "x".repeat(length))).unwrap();
            let finished = finish(b"<?xml version=\"1.0\"?><feed xmlns=\"x\"/>", language.as_ref(), Some(&address));
            let text = String::from_utf8(finished).unwrap();
            assert!(text.find("<feed xml:lang=\"zh-CN\" xmlns").unwrap() + 5 <= ROOT_WITHIN);
            assert_eq!(text.contains("xml-stylesheet"), length < 408, "{length}");
            assert!(!text.contains("a&b"));
        }
    }

    #[test]
    fn an_end_tag_in_plain_text_is_no_end_tag_to_the_validator() {
        assert_eq!(plain("<div></div> </a b> </> </"), "<div></div > </a b> </> </");
        assert!(matches!(plain("a < b > c"), Cow::Borrowed(_)));
    }
}
