//! Parses the names of authors, with their addresses.

use std::borrow::Cow;

use super::{Author, named};

/// Parses `Name`, `Name <mail@host>`, `mail@host (Name)` or a link in Markdown. A text of hyphens is no name.
pub(super) fn of_text(text: &str) -> Option<Author> {
    if text.trim().trim_matches(['-', '–', '—']).is_empty() {
        return None;
    }
    let link = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(')')?.split_once("]("));
    if let Some((name, target)) = link.filter(|(_, target)| !target.contains("](")) {
        let mail = target.strip_prefix("mailto:").filter(|mail| is_mail(mail)).map(Box::from);
        let url = (mail.is_none() && !name.contains(']')).then(|| target.split(' ').next().map(Box::from)).flatten();
        return Some(Author { email: mail, url, ..of_text(&unmarked(name))? });
    }
    let text = &*unmarked(text);
    let split = |open, close| {
        let (outside, inside) = text.trim().strip_suffix(close)?.split_once(open)?;
        Some((outside.trim(), inside.trim()))
    };
    let (name, email) = match split('<', '>') {
        Some((name, mail)) if is_mail(mail) => (if name.is_empty() { local_part(mail) } else { name }, Some(mail)),
        _ => match split('(', ')') {
            Some((mail, name)) if is_mail(mail) && !name.is_empty() => (name, Some(mail)),
            _ if is_mail(text) => (local_part(text), Some(text)),
            _ => (text, None),
        },
    };
    Some(Author { name: named(name)?, email: email.map(Box::from), url: None })
}

/// Removes the marks of links, emphasis and code from a name in Markdown.
fn unmarked(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let inside = ["**", "__", "*", "_", "`"].iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark));
    let mut text = Cow::Borrowed(inside.unwrap_or(text));
    while let Some(middle) = text.find("](")
        && let Some(start) = text[..middle].rfind('[')
        && let Some(end) = text[middle..].find(')')
    {
        text = format!("{}{}{}", &text[..start], &text[start + 1..middle], &text[middle + end + 1..]).into();
    }
    text
}

fn local_part(mail: &str) -> &str {
    mail.split('@').next().unwrap_or(mail)
}

/// Whether a text is an addr-spec that feeds can contain: RFC 5322 without quoted and non-ASCII parts, which the W3C
/// validator rejects.
pub(crate) fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let of = |part: &str, more: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || more.as_bytes().contains(&b))
    };
    of(local, ".!#$%&'*+/=?^_`{|}~-")
        && of(domain, ".-")
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}
