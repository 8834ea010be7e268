//! Formats people for RSS and Atom: names and e-mail addresses that the W3C validator accepts.

use crate::feed::{Person, Text};

/// Returns the name without an e-mail address in angle brackets, which the validator reports as
/// `ContainsEmail`. The name is never blank.
pub(crate) fn name(person: &Person) -> String {
    let name = person.name.as_str();
    if !name.contains('@') {
        return name.to_owned();
    }
    let bare = Text::line(&name.replace(['<', '>'], " "));
    if bare.is_empty() { name.to_owned() } else { bare.as_str().to_owned() }
}

/// Returns the e-mail address if the validator accepts it.
pub(crate) fn email(person: &Person) -> Option<&str> {
    let email = person.email.as_ref()?.as_str();
    let (local, host) = email.split_once('@')?;
    let (labels, top) = host.rsplit_once('.')?;
    let fits = !local.is_empty()
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+.'".contains(&b))
        && labels
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic());
    fits.then_some(email)
}

/// Returns `desk@example.org (Example Desk)`, the only form in which RSS names people. Returns `None`
/// without an e-mail address, and for a name whose own brackets would end the comment early
/// (`InvalidContact`).
pub(crate) fn contact(person: &Person) -> Option<String> {
    let name = person.name.as_str();
    let fits = !name.is_empty() && !name.contains(['(', ')', '@', '<', '>', '\\', '"']);
    let email = email(person)?;
    fits.then(|| format!("{email} ({name})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, email: Option<&str>) -> Person {
        Person { name: Text::line(name), email: email.map(Text::line), url: None }
    }

    #[test]
    fn a_contact_needs_an_email_address_and_a_name_without_brackets() {
        let of = |name, email| contact(&person(name, email));
        assert_eq!(of("Ann", Some("ann@example.org")).unwrap(), "ann@example.org (Ann)");
        assert_eq!(of("Ann", None), None);
        assert_eq!(of("Ann :)", Some("ann@example.org")), None);
        for email in
            ["ann", "ann@localhost", "@example.org", "a b@example.org", "a@b@example.org", "a@.org", "a@例え.jp"]
        {
            assert_eq!(of("Ann", Some(email)), None, "{email}");
        }
    }

    #[test]
    fn a_name_contains_no_email_address_in_angle_brackets() {
        assert_eq!(name(&person("Ann <ann@example.org>", None)), "Ann ann@example.org");
        assert_eq!(name(&person("a < b", None)), "a < b");
    }
}
