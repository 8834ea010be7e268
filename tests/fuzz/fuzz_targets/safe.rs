//! Checks that HTML is safe for a feed, against a grammar of the output: the only way in which tags,
//! attributes and references may be written. It does not use feedmill's own tokenizer, because the code must
//! not be tested with itself.

const VOID: [&str; 7] = ["br", "col", "hr", "img", "wbr", "input", "source"];
const SCHEMES: [&str; 10] = ["http:", "https:", "mailto:", "tel:", "ftp:", "xmpp:", "news:", "geo:", "sip:", "sms:"];
const ACTIVE: [&str; 14] = [
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "link", "meta", "svg", "math",
    "template",
];

/// Panics at characters that XML or the W3C validator rejects.
pub fn characters(text: &str) {
    let refused = |c: &char| match c {
        '\t' | '\n' => false,
        '\u{FFFD}'..='\u{FFFF}' => true,
        c => c.is_control(),
    };
    if let Some(found) = text.chars().find(refused) {
        panic!("{found:?} in {text:?}");
    }
}

/// Panics at HTML that is active, relative or badly nested.
pub fn html(html: &str) {
    characters(html);
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words(&rest[..at], html);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('/') {
            let Some((name, after)) = after.split_once('>') else {
                panic!("an end tag without an end in {html:?}");
            };
            assert_eq!(open.pop(), Some(name), "badly nested: {html:?}");
            rest = after;
        } else {
            let (name, after) = start_tag(rest, html);
            if !VOID.contains(&name) {
                open.push(name);
            }
            rest = after;
        }
    }
    words(rest, html);
    assert!(open.is_empty(), "{open:?} stay open in {html:?}");
}

/// The name of the start tag at the beginning of `rest`, and the rest after the tag.
fn start_tag<'a>(rest: &'a str, html: &str) -> (&'a str, &'a str) {
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let (name, mut rest) = rest.split_at(end.unwrap_or(rest.len()));
    assert!(!name.is_empty() && !ACTIVE.contains(&name), "<{name} in {html:?}");
    while let Some(attribute) = rest.strip_prefix(' ') {
        let quoted = attribute.split_once("=\"").and_then(|(key, rest)| Some((key, rest.split_once('"')?)));
        let Some((key, (value, after))) = quoted else {
            panic!("an attribute without a value in {html:?}");
        };
        assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{key:?} in {html:?}");
        assert!(!key.starts_with("on") && !["style", "srcdoc"].contains(&key), "{key:?} in {html:?}");
        let classified = name == "code" && value.starts_with("language-") || name == "p" && value == "embed";
        assert!(key != "class" || classified, "{value:?} in {html:?}");
        references(value, html);
        if (name, key) == ("img", "src") && value.starts_with("data:image/") {
            // An image in its own URL runs no scripts.
        } else if ["src", "href", "cite", "poster", "action", "data", "background"].contains(&key) {
            address(value, html);
        }
        if key == "srcset" {
            value.split(", ").for_each(|candidate| address(candidate, html));
        }
        rest = after;
    }
    let Some(after) = rest.strip_prefix('>') else {
        panic!("<{name} without an end in {html:?}");
    };
    (name, after)
}

fn address(value: &str, html: &str) {
    let scheme = value.split_inclusive(':').next().unwrap_or_default().to_ascii_lowercase();
    assert!(SCHEMES.contains(&scheme.as_str()), "{value:?} is active or relative in {html:?}");
}

fn words(text: &str, html: &str) {
    assert!(!text.contains('>'), "a lone `>` in {html:?}");
    references(text, html);
}

/// The output contains few named references, and only those numeric ones that the W3C validator needs: the
/// equals sign that it searches for in images, and letters that it would take for UTF-8 encoded twice.
fn references(text: &str, html: &str) {
    for after in text.split('&').skip(1) {
        let named = ["amp;", "lt;", "gt;", "quot;", "nbsp;"].iter().any(|known| after.starts_with(known));
        let number = after.strip_prefix('#').and_then(|after| after.split_once(';')?.0.parse().ok());
        assert!(named || number.is_some_and(|number: u32| number == 61 || number >= 160), "a lone `&` in {html:?}");
    }
}
