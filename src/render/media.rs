//! The lead image in the vocabulary of Media RSS, for RSS and Atom alike.
//!
//! `FreshRSS` looks at `media:thumbnail` first, fluent-reader needs
//! `media:content` with a medium (wire.md, 53). Knows one image; does not know
//! the element types of the two crates.

use crate::feed::{Entry, Image};

/// With its slash: without it the W3C validator knows no such namespace.
pub(crate) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// An element of the vocabulary.
pub(crate) struct Element {
    /// Without its prefix.
    pub name: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: Option<String>,
    pub children: Vec<Element>,
}

impl Element {
    /// The name with its prefix.
    pub fn qualified(&self) -> String {
        format!("media:{}", self.name)
    }
}

/// The image that an entry has in this vocabulary: none at an IPv6 address,
/// whose brackets the validator refuses in it.
pub(crate) fn image(entry: &Entry) -> Option<&Image> {
    entry.image.as_ref().filter(|image| !image.url.as_str().contains('['))
}

/// The elements that show an image.
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
