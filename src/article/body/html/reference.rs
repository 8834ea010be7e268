//! Decodes character references such as `&amp;`, `&#8230;` and `&eacute;` (HTML standard, section 13.5), and
//! escapes text for HTML.

use std::borrow::Cow;
use std::fmt::Write as _;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use maud::Escaper;

/// Length of the longest name, `&CounterClockwiseContourIntegral;`.
const LONGEST: usize = 33;

/// Returns the one or two characters that a reference means; `None` if there is no such reference. `name` is
/// without the ampersand, for example `amp;`.
fn characters(name: &str) -> Option<[Option<char>; 2]> {
    let Some(number) = name.strip_prefix('#') else {
        // The table has the beginnings of names, too, with zeros.
        let &(first, second) = NAMED_ENTITIES.get(name).filter(|&&(first, _)| first != 0)?;
        return Some([first, second].map(|code| char::from_u32(code).filter(|&c| c != '\0')));
    };
    let number = number.trim_end_matches(';');
    let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix);
    // Numbers of control characters mean characters of Windows-1252.
    let replaced = |code: u32| *C1_REPLACEMENTS.get(usize::try_from(code.checked_sub(0x80)?).ok()?)?;
    let c = code.ok().and_then(|code| replaced(code).or_else(|| char::from_u32(code)));
    Some([c.or(Some('\u{FFFD}')), None])
}

/// Decodes the character references in a text, if they end with a semicolon.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|b| b == b';').map(|end| end + 1);
        if let Some((end, found)) = end.and_then(|end| Some((end, characters(&rest[1..end])?))) {
            out.extend(found.into_iter().flatten());
            rest = &rest[end..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Escapes plain text for use between tags and inside double quotes, in HTML and in XML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = Escaper::new(&mut out).write_str(text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_html_are_decoded() {
        for (written, decoded) in [
            ("a &amp; b &lt;i&gt; &quot;c&quot; &apos;d&apos;", "a & b <i> \"c\" 'd'"),
            ("&eacute;&rarr;&check;&NotEqualTilde;", "é→✓≂\u{338}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&#233;&#xE9;&#X1F600;", "éé\u{1F600}"),
            ("&#150;&#x80;&#x81;", "–€\u{81}"),
            ("&#xD800;&#99999999999;", "\u{FFFD}\u{FFFD}"),
            ("a&b=c;&copy=1;&amp &unknown; &; &", "a&b=c;&copy=1;&amp &unknown; &; &"),
            ("&ampamp;amp;", "&ampamp;amp;"),
            ("AT&# what; &#; &#x; &#+65; ?a=1&#section-one;", "AT&# what; &#; &#x; &#+65; ?a=1&#section-one;"),
        ] {
            assert_eq!(decode(written), decoded);
        }
        assert_eq!(decode(&escape("<a href=\"x\">&</a>")), "<a href=\"x\">&</a>");
    }
}
