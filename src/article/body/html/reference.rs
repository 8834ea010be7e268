//! Decodes character references such as `&amp;`, `&#8230;` and `&eacute;`, and escapes text for HTML.
//!
//! It supports numbers, Latin-1 and common symbols. The two thousand rarer names stay as written, which is
//! harmless in a URL or a title.

use std::borrow::Cow;
use std::fmt::Write as _;

use maud::Escaper;

/// Latin-1 names in the order of their characters, from U+00A0.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

const OTHERS: [(&str, char); 22] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("bull", '•'),
    ("trade", '™'),
    ("euro", '€'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("thinsp", '\u{2009}'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
];

fn reference(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        let other = OTHERS.iter().find(|(known, _)| *known == name);
        return other.map(|(_, c)| *c).or_else(|| {
            let at = LATIN.split(' ').position(|known| known == name)?;
            char::from_u32(0xA0 + u32::try_from(at).ok()?)
        });
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    Some(code.ok().and_then(char::from_u32).unwrap_or('\u{FFFD}'))
}

/// Decodes the character references in a text: numbers, Latin-1 and common symbols. Rarer names stay as
/// written.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest known name has eight characters, and a number at most ten.
        let end = rest.bytes().take(12).position(|b| b == b';');
        if let Some((end, c)) = end.and_then(|end| Some((end, reference(&rest[1..end])?))) {
            out.push(c);
            rest = &rest[end + 1..];
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
