//! Rewrites the URLs of remote images: `images.rewrite` of site.yaml.
//!
//! A rule has a glob for the host and a template for the new URL. The words of the template are the properties of a
//! JavaScript `URL`, for example `${pathname}`; with `_ue` at the end they are percent-encoded to be part of a query.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::check::SiteCheck;
use crate::syntax::glob::Glob;
use crate::text::Address;

/// The rules of a site, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ImageRewrite {
    rules: Vec<HostRule>,
    /// Where the site's own images are, which no rule applies to.
    own: Option<Address>,
}

#[derive(Debug, Clone, PartialEq)]
struct HostRule {
    host: Glob,
    template: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Text(String),
    Property(Property, Coding),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Href,
    Protocol,
    Host,
    Hostname,
    Port,
    Pathname,
    Search,
    Hash,
}

/// Whether a property is percent-encoded, as by `encodeURIComponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    Component,
}

const PROPERTIES: [(&str, Property); 8] = [
    ("href", Property::Href),
    ("protocol", Property::Protocol),
    ("host", Property::Host),
    ("hostname", Property::Hostname),
    ("port", Property::Port),
    ("pathname", Property::Pathname),
    ("search", Property::Search),
    ("hash", Property::Hash),
];

/// The characters that `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

impl SiteCheck<'_> {
    pub(super) fn image_rewrite(&mut self, own: Option<Address>) -> ImageRewrite {
        let written = self.keys.images.as_ref().and_then(|images| images.rewrite.as_ref());
        let mut rules = Vec::new();
        for (host, template) in written.into_iter().flat_map(|written| &written.0) {
            match rule(host, template) {
                Ok(rule) => rules.push(rule),
                Err((message, help)) => self.wrong(&["images", "rewrite", host], message, &help),
            }
        }
        ImageRewrite { rules, own }
    }
}

impl ImageRewrite {
    /// Returns the URL that the first matching rule makes; `None` if no rule matches.
    pub(crate) fn apply(&self, address: &Address) -> Option<Address> {
        if self.rules.is_empty() || self.own.as_ref().is_some_and(|own| address.as_str().starts_with(own.as_str())) {
            return None;
        }
        let url = Url::parse(address.as_str()).ok()?;
        let host = url.host_str()?;
        self.rules.iter().find(|rule| rule.host.is_match(host)).and_then(|rule| rule.apply(&url))
    }
}

impl HostRule {
    fn apply(&self, url: &Url) -> Option<Address> {
        let mut made = String::new();
        for part in &self.template {
            match part {
                Segment::Text(text) => made.push_str(text),
                Segment::Property(property, Coding::Plain) => made.push_str(&property.of(url)),
                Segment::Property(property, Coding::Component) => {
                    made.extend(utf8_percent_encode(&property.of(url), COMPONENT));
                }
            }
        }
        Address::parse(&made)
    }
}

impl Property {
    fn of(self, url: &Url) -> Cow<'_, str> {
        let after = |mark: char, text: Option<&str>| match text.filter(|text| !text.is_empty()) {
            Some(text) => format!("{mark}{text}").into(),
            None => Cow::Borrowed(""),
        };
        let host = url.host_str().unwrap_or_default();
        match (self, url.port()) {
            (Self::Href, _) => url.as_str().into(),
            (Self::Protocol, _) => format!("{}:", url.scheme()).into(),
            (Self::Host, Some(port)) => format!("{host}:{port}").into(),
            (Self::Host | Self::Hostname, _) => host.into(),
            (Self::Port, Some(port)) => port.to_string().into(),
            (Self::Port, None) => "".into(),
            (Self::Pathname, _) => url.path().into(),
            (Self::Search, _) => after('?', url.query()),
            (Self::Hash, _) => after('#', url.fragment()),
        }
    }
}

/// Parses a rule, or returns what is wrong and how to solve it.
fn rule(host: &str, template: &str) -> Result<HostRule, (String, String)> {
    let glob = Glob::for_hosts(host);
    let glob =
        glob.ok_or_else(|| (format!("`{host}` is not a glob"), "write a host, such as \"*.example.org\"".into()))?;
    let rule = HostRule { host: glob, template: parse(template.trim())? };
    let sample = Url::parse("https://host.example:81/path.png?query#hash").ok();
    if sample.and_then(|url| rule.apply(&url)).is_none() {
        let help = "write one like \"https://wsrv.nl/?url=${href_ue}\"";
        return Err((format!("`{template}` does not make an absolute URL"), help.into()));
    }
    Ok(rule)
}

fn parse(template: &str) -> Result<Vec<Segment>, (String, String)> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once("${") {
        parts.push(Segment::Text(text.to_owned()));
        let (word, after) =
            after.split_once('}').ok_or_else(|| ("a `${` without its `}`".to_owned(), String::new()))?;
        let (name, coding) = match word.strip_suffix("_ue") {
            Some(name) => (name, Coding::Component),
            None => (word, Coding::Plain),
        };
        let known = PROPERTIES.iter().find(|(known, _)| *known == name);
        let (_, property) = known.ok_or_else(|| {
            let names = PROPERTIES.map(|(name, _)| name).join(", ");
            (format!("unknown word `{word}`"), format!("known here: {names}, each also with `_ue`"))
        })?;
        parts.push(Segment::Property(*property, coding));
        rest = after;
    }
    parts.push(Segment::Text(rest.to_owned()));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_property_of_the_url() {
        let url = Url::parse("https://wx1.sinaimg.cn:8443/a%20b/c.jpg?x=1&y=2#top").unwrap();
        let made = |word: &str| {
            let rule = rule("*", &format!("https://p.example/?u=${{{word}}}")).unwrap();
            rule.apply(&url).unwrap().as_str().strip_prefix("https://p.example/?u=").unwrap().to_owned()
        };
        for (word, value) in [
            ("href", url.as_str()),
            ("protocol", "https:"),
            ("host", "wx1.sinaimg.cn:8443"),
            ("hostname", "wx1.sinaimg.cn"),
            ("port", "8443"),
            ("pathname", "/a%20b/c.jpg"),
            ("search", "?x=1&y=2"),
            ("hash", "#top"),
            ("search_ue", "%3Fx%3D1%26y%3D2"),
            ("href_ue", "https%3A%2F%2Fwx1.sinaimg.cn%3A8443%2Fa%2520b%2Fc.jpg%3Fx%3D1%26y%3D2%23top"),
        ] {
            assert_eq!(made(word), value, "{word}");
        }
    }

    #[test]
    fn the_first_matching_rule_applies_and_none_to_the_sites_own_images() {
        let rules = [("*.sinaimg.cn", "https://one.example/${host}"), ("*", "https://two.example/${host}")];
        let rules = rules.map(|(host, template)| rule(host, template).unwrap()).into();
        let rewrite = ImageRewrite { rules, own: Address::parse("https://feeds.example/media/") };
        let apply = |url: &str| Some(rewrite.apply(&Address::parse(url)?)?.as_str().to_owned());
        assert_eq!(apply("https://WX1.sinaimg.cn/a").as_deref(), Some("https://one.example/wx1.sinaimg.cn"));
        assert_eq!(apply("https://sinaimg.cn/a").as_deref(), Some("https://two.example/sinaimg.cn"));
        assert_eq!(apply("https://feeds.example/media/a.png"), None);
        assert_eq!(ImageRewrite::default().apply(&Address::parse("https://x.example/").unwrap()), None);
    }

    #[test]
    fn a_wrong_rule_says_what_is_wrong() {
        for (host, template, message) in [
            ("*", "https://p.example/${url}", "unknown word `url`"),
            ("*", "https://p.example/${href_ux}", "unknown word `href_ux`"),
            ("*", "https://p.example/${href", "a `${` without its `}`"),
            ("*", "/${href}", "`/${href}` does not make an absolute URL"),
            ("a[", "${href}", "`a[` is not a glob"),
        ] {
            assert_eq!(rule(host, template).unwrap_err().0, message);
        }
    }
}
