//! Writes what RSS and Atom have in common: the beginning of the document, and text that is escaped so that
//! neither parsers nor the W3C validator mistake it for markup.

use std::borrow::Cow;

use crate::article::body::html::escape;
use crate::feed::{Address, Language};

/// The root element must begin within this many bytes, or the validator does not recognise the format of an
/// `application/xml` document (docs/decisions/validity.md#g3-content-types).
const ROOT_WITHIN: usize = 512;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="utf-8"?>"#;

/// What the crates cannot write.
#[derive(Default)]
pub(crate) struct Missing<'a> {
    /// The language of the root element.
    pub language: Option<&'a Language>,
    /// The language of each Atom entry, if it differs from the feed's.
    pub entry_languages: Vec<Option<&'a Language>>,
    pub style_sheet: Option<&'a Address>,
}

/// Completes a document that a crate wrote, `<rss …` or `<feed …` with or without an XML declaration: adds
/// the declaration, the style sheet and the languages, and escapes the text.
pub(crate) fn finish(written: &[u8], missing: &Missing<'_>) -> Vec<u8> {
    // The input was written from UTF-8 strings.
    let written = String::from_utf8_lossy(written);
    let root = if written.starts_with("<?xml") { written.find("?>").map_or(0, |at| at + 2) } else { 0 };
    let root = written[root..].trim_start();
    let mut document = String::with_capacity(root.len() + root.len() / 16 + ROOT_WITHIN);
    document.push_str(DECLARATION);
    document.push('\n');
    if let Some(style_sheet) = missing.style_sheet {
        // The crates cannot write a processing instruction. The URL has no host, because `style-src 'self'`
        // refers to the host where the feed is opened, which may differ from the host of the base URL.
        let line = format!("<?xml-stylesheet type=\"text/css\" href=\"{}\"?>\n", escape(style_sheet.path()));
        if document.len() + line.len() + "<feed".len() <= ROOT_WITHIN {
            document.push_str(&line);
        }
    }
    let name_end = root.find([' ', '>']).unwrap_or(root.len());
    document.push_str(&root[..name_end]);
    // The CSS selector `:lang()` ignores `<language>`.
    declare(missing.language, &mut document);
    respell(&root[name_end..], &missing.entry_languages, &mut document);
    document.into_bytes()
}

fn declare(language: Option<&Language>, into: &mut String) {
    if let Some(language) = language {
        into.push_str(" xml:lang=\"");
        into.push_str(language.as_str());
        into.push('"');
    }
}

/// Escapes the text nodes of `written` again and adds the languages of entries, in one pass.
///
/// The crates write `&amp;` and `&lt;`, which the W3C validator takes for HTML in plain text. It accepts
/// `&#x26;` and `&#x3C;`, which mean the same. Quotes need no escape in text. Tags other than categories, CDATA sections, URLs and the
/// HTML content of an Atom entry keep their escapes, except for quotes in the latter. Some readers find the
/// `&amp;` of a URL, but no character reference.
/// See docs/decisions/validity.md#r5-plain-text.
fn respell(written: &str, entry_languages: &[Option<&Language>], into: &mut String) {
    let mut entry_languages = entry_languages.iter();
    let mut rest = written;
    let mut spellings = &IN_TEXT;
    while let Some(text_end) = rest.find('<') {
        respell_text(&rest[..text_end], spellings, into);
        rest = &rest[text_end..];
        let length = if rest.starts_with("<![CDATA[") {
            rest.find("]]>").map(|at| at + 3)
        } else {
            // quick-xml escapes `>` in attributes, so the next `>` ends the tag.
            rest.find('>').map(|at| at + 1)
        };
        let (tag, after) = rest.split_at(length.unwrap_or(rest.len()));
        spellings = if KEPT.iter().any(|kept| tag.starts_with(kept)) { &IN_HTML } else { &IN_TEXT };
        if tag == "<entry>" {
            into.push_str("<entry");
            declare(entry_languages.next().copied().flatten(), into);
            into.push('>');
        } else if tag.starts_with("<category ") {
            respell_text(tag, &IN_NAME, into);
        } else {
            into.push_str(tag);
        }
        rest = after;
    }
    respell_text(rest, spellings, into);
}

/// The elements of HTML and of URLs, which may contain `&amp;`.
const KEPT: [&str; 10] = [
    "<content ",
    "<link>",
    "<guid ",
    "<url>",
    "<id>",
    "<uri>",
    "<icon>",
    "<logo>",
    "<comments>",
    "<creativeCommons:license>",
];

/// Escapes in the output of the crates, and how we spell them.
type Spellings = [(&'static str, &'static str); 4];
const IN_TEXT: Spellings = [("&lt;", "&#x3C;"), ("&amp;", "&#x26;"), ("&quot;", "\""), ("&apos;", "'")];
/// In the attributes of a category, which are plain text, too.
const IN_NAME: Spellings = [("&lt;", "&#x3C;"), ("&amp;", "&#x26;"), ("&quot;", "&quot;"), ("&apos;", "&apos;")];
const IN_HTML: Spellings = [("&lt;", "&lt;"), ("&amp;", "&amp;"), ("&quot;", "\""), ("&apos;", "'")];

fn respell_text(text: &str, spellings: &Spellings, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        into.push_str(&rest[..at]);
        rest = &rest[at..];
        let (written, spelled) =
            spellings.iter().find(|(written, _)| rest.starts_with(written)).copied().unwrap_or(("&", "&"));
        into.push_str(spelled);
        rest = &rest[written.len()..];
    }
    into.push_str(rest);
}

/// Finds what the validator takes for HTML end tags in a text. Returns the positions of their `>`.
fn end_tags(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices("</").filter_map(|(at, opener)| {
        let name_at = at + opener.len();
        let length = text[name_at..].find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let end = name_at + length;
        (length > 0 && text[end..].starts_with('>')).then_some(end)
    })
}

/// Returns whether a text contains something that the validator takes for an HTML end tag.
pub(crate) fn has_end_tag(text: &str) -> bool {
    end_tags(text).next().is_some()
}

/// Prepares text for an element that can only hold plain text: `</div>` becomes `</div >`. Every HTML
/// reader sees the same tag, but the validator does not see one. No escape has this effect.
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
    fn only_text_is_escaped_again() {
        let written = concat!(
            "<rss version=\"2.0\"><title a=\"&amp;\">&amp;copy; &lt;b&gt; &apos;&quot; &#9;</title>",
            "<category term=\"a\" label=\"&amp;lt; &quot;&lt;\"/><d><![CDATA[&amp;]]]]><![CDATA[> &lt;]]></d><content type=\"html\">&lt;p a=&quot;1&quot;&gt;&amp;amp;&lt;/p&gt;</content><e>&lt;</e><link>/?a&amp;b</link></rss>"
        );
        let finished = String::from_utf8(finish(written.as_bytes(), &Missing::default())).unwrap();
        assert_eq!(
            finished,
            concat!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
                "<rss version=\"2.0\"><title a=\"&amp;\">&#x26;copy; &#x3C;b&gt; '\" &#9;</title>",
                "<category term=\"a\" label=\"&#x26;lt; &quot;&#x3C;\"/><d><![CDATA[&amp;]]]]><![CDATA[> &lt;]]></d><content type=\"html\">&lt;p a=\"1\"&gt;&amp;amp;&lt;/p&gt;</content><e>&#x3C;</e><link>/?a&amp;b</link></rss>"
            )
        );
    }

    #[test]
    fn the_root_begins_within_512_bytes_for_every_url() {
        let language = Language::parse("zh-CN");
        for length in [1, 300, 407, 408, 2000] {
            let address = Address::parse(&format!("https://example.org/{}/feed.css?a&b", "x".repeat(length))).unwrap();
            let missing =
                Missing { language: language.as_ref(), style_sheet: Some(&address), entry_languages: Vec::new() };
            let finished = finish(b"<?xml version=\"1.0\"?><feed xmlns=\"x\"/>", &missing);
            let text = String::from_utf8(finished).unwrap();
            assert!(text.find("<feed xml:lang=\"zh-CN\" xmlns").unwrap() + 5 <= ROOT_WITHIN);
            assert_eq!(text.contains("xml-stylesheet"), length < 408, "{length}");
            assert!(!text.contains("a&b"));
        }
    }

    #[test]
    fn the_validator_sees_no_end_tag_in_plain_text() {
        assert_eq!(plain("<div></div> </a b> </> </"), "<div></div > </a b> </> </");
        assert!(matches!(plain("a < b > c"), Cow::Borrowed(_)));
    }
}
