//! Describes the lead image in the vocabulary of Media RSS, for RSS and Atom.
//!
//! `FreshRSS` prefers `media:thumbnail`, and fluent-reader needs `media:content` with a `medium`, so both
//! are written. The two crates have different types for extension elements; `rss` and `atom` convert
//! [`Element`] to them. See docs/decisions/wire.md#media-rss-beside-the-enclosure.

use crate::feed::{Entry, Image};

/// The trailing slash is required: the W3C validator does not know the namespace without it.
pub(crate) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// An element of the Media RSS vocabulary.
pub(crate) struct Element {
    /// The name without its prefix.
    pub name: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: Option<String>,
    pub children: Vec<Element>,
}

impl Element {
    /// Returns the name with its prefix.
    pub(crate) fn qualified(&self) -> String {
        format!("media:{}", self.name)
    }
}

/// Returns the image that Media RSS can describe. An image whose URL has an IPv6 host is left out, because
/// the validator rejects the brackets.
pub(crate) fn image(entry: &Entry) -> Option<&Image> {
    entry.image.as_ref().filter(|image| !image.url.as_str().contains('['))
}

pub(crate) fn elements(image: &Image) -> [Element; 2] {
    let pixels =
        |name, pixels: Option<u32>| pixels.filter(|&pixels| pixels > 0).map(|pixels| (name, pixels.to_string()));
    let url = || ("url", image.url.as_str().to_owned());
    let size = || pixels("width", image.width).into_iter().chain(pixels("height", image.height));
    let mut attributes = vec![url(), ("type", image.media_type.to_owned()), ("medium", "image".to_owned())];
    attributes.extend(size());
    attributes.extend(image.length.filter(|&length| length > 0).map(|length| ("fileSize", length.to_string())));
    let description = image.alt.iter().filter(|alt| !alt.is_empty()).map(|alt| Element {
        name: "description",
        attributes: Vec::new(),
        text: Some(super::xml::plain(alt.as_str()).into_owned()),
        children: Vec::new(),
    });
    [
        Element { name: "content", attributes, text: None, children: description.collect() },
        Element {
            name: "thumbnail",
            attributes: std::iter::once(url()).chain(size()).collect(),
            text: None,
            children: Vec::new(),
        },
    ]
}
