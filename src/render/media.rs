//! Describes the images and attachments of an entry in the vocabulary of Media RSS, for RSS and Atom.
//!
//! The two crates have different types for extension elements; `rss` and `atom` convert [`Element`] to them.
//! See docs/decisions/wire.md#media-rss-beside-the-enclosure.

use crate::feed::{Enclosure, Entry, Feed, Image, Text};

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

/// Returns whether an entry of a feed has an image or attachment that Media RSS can describe.
pub(crate) fn is_described(entry: &Entry, feed: &Feed) -> bool {
    if feed.podcast.is_some() {
        return of_podcast(entry).next().is_some();
    }
    images(entry).next().is_some() || attachments(entry).next().is_some()
}

/// Returns the elements of an entry: `media:content` for its lead image, its gallery, its attachments. `body` is the HTML
/// of the entry in the same document, or empty.
pub(crate) fn elements(entry: &Entry, feed: &Feed, body: &str) -> Vec<Element> {
    if feed.podcast.is_some() {
        return of_podcast(entry).collect();
    }
    let thumbnail = |image: &Image| {
        let is_lead = entry.image.as_ref().is_some_and(|lead| lead.url == image.url);
        // FreshRSS shows a thumbnail beside its image, but neither if the text has the image already.
        let is_in_text = || body.contains(&format!("\"{}\"", image.url.as_str().replace('&', "&amp;")));
        (is_lead && is_in_text()).then(|| self::thumbnail(image))
    };
    images(entry).map(|image| content(image, thumbnail(image))).chain(attachments(entry).map(attachment)).collect()
}

/// Returns the elements of an entry of a podcast: the lead image as a thumbnail, and further recordings. Podcast apps play
/// all that is `media:content`, and the enclosure twice.
/// See docs/decisions/podcasts.md#elements.
fn of_podcast(entry: &Entry) -> impl Iterator<Item = Element> {
    let recordings = entry.other_attachments.iter().filter(|file| entry.is_episode() && file.is_recording());
    let recordings = recordings.filter(|file| !file.url.as_str().contains('[')).map(attachment);
    images(entry).take(1).map(thumbnail).chain(recordings)
}

/// Returns the images that Media RSS can describe. Those whose URL has an IPv6 host are left out, because the validator
/// rejects the brackets.
fn images(entry: &Entry) -> impl Iterator<Item = &Image> {
    entry.image.iter().chain(&entry.gallery).filter(|image| !image.url.as_str().contains('['))
}

/// Returns the attachments that Media RSS can describe, without those that are images of the entry.
fn attachments(entry: &Entry) -> impl Iterator<Item = &Enclosure> {
    let is_shown = |file: &Enclosure| images(entry).any(|image| image.url == file.url);
    entry.attachments().filter(move |file| !is_shown(file) && !file.url.as_str().contains('['))
}

fn attachment(file: &Enclosure) -> Element {
    let media_type = file.media_type.as_str();
    let kind = media_type.split('/').next().unwrap_or_default();
    let medium = if ["audio", "video", "image"].contains(&kind) { kind } else { "document" };
    let mut attributes = vec![("url", file.url.as_str().to_owned()), ("type", media_type.to_owned())];
    attributes.push(("medium", medium.to_owned()));
    attributes.extend(file.length.filter(|&length| length > 0).map(|length| ("fileSize", length.to_string())));
    attributes.extend(file.duration.map(|duration| ("duration", duration.to_string())));
    Element { name: "content", attributes, text: None, children: Vec::new() }
}

fn content(image: &Image, thumbnail: Option<Element>) -> Element {
    let mut attributes = vec![url(image), ("type", image.media_type.to_owned()), ("medium", "image".to_owned())];
    attributes.extend(pixels(image));
    attributes.extend(image.length.filter(|&length| length > 0).map(|length| ("fileSize", length.to_string())));
    let text = |name, text: &Option<Text>| {
        let text = text.as_ref().filter(|text| !text.is_empty())?;
        let text = Some(super::xml::plain(text.as_str()).into_owned());
        Some(Element { name, attributes: Vec::new(), text, children: Vec::new() })
    };
    let children = [text("description", &image.alt), text("credit", &image.credit), thumbnail];
    Element { name: "content", attributes, text: None, children: children.into_iter().flatten().collect() }
}

fn thumbnail(image: &Image) -> Element {
    let attributes = std::iter::once(url(image)).chain(pixels(image)).collect();
    Element { name: "thumbnail", attributes, text: None, children: Vec::new() }
}

fn url(image: &Image) -> (&'static str, String) {
    ("url", image.url.as_str().to_owned())
}

/// Returns the width and the height, if they are known.
fn pixels(image: &Image) -> impl Iterator<Item = (&'static str, String)> {
    let known =
        |name, pixels: Option<u32>| pixels.filter(|&pixels| pixels > 0).map(|pixels| (name, pixels.to_string()));
    known("width", image.width).into_iter().chain(known("height", image.height))
}
