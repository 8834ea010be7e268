//! Describes a feed and its entries as a podcast, in RSS: the elements of Apple, which the `rss` crate has types for, and
//! those of the podcast namespace. See docs/decisions/podcasts.md#elements.

use std::collections::BTreeMap;

use rss::extension::itunes::{ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner};
use rss::extension::{Extension, ExtensionMap};

use super::person;
use super::title;
use super::xml::plain;
use crate::feed::select::is_cover;
use crate::feed::{Address, Credit, Entry, Episode, Show, Text, Transcript};

/// The namespace of the [specification](https://github.com/Podcastindex-org/podcast-namespace).
pub(super) const NAMESPACE: &str = "https://podcastindex.org/namespace/1.0";

/// Maximum length of a name, in characters: longer ones are errors of the W3C validator.
const LONGEST: usize = 255;

/// Returns the elements of Apple for a channel.
pub(super) fn of_channel(show: &Show) -> ITunesChannelExtension {
    let subcategory = |name: &str| Box::new(ITunesCategory { text: name.to_owned(), subcategory: None });
    let category = |category: &crate::site::PodcastCategory| ITunesCategory {
        text: category.name.to_owned(),
        subcategory: category.below.map(subcategory),
    };
    ITunesChannelExtension {
        author: show.author.as_ref().map(name),
        categories: show.categories.iter().map(category).collect(),
        image: show.cover.as_ref().map(|cover| cover.as_str().to_owned()),
        explicit: Some(show.explicit.to_string()),
        owner: Some(ITunesOwner {
            name: show.owner_name.as_ref().map(name),
            email: Some(show.owner_email.as_str().to_owned()),
        }),
        r#type: show.kind.map(|kind| kind.as_str().to_owned()),
        ..ITunesChannelExtension::default()
    }
}

/// Returns the elements of the podcast namespace for a channel.
pub(super) fn of_show(show: &Show) -> BTreeMap<String, Vec<Extension>> {
    let guid = element("guid", Some(show.guid.as_str()), []);
    let locked = show.locked.map(|locked| {
        element("locked", Some(if locked { "yes" } else { "no" }), [("owner", Some(show.owner_email.as_str()))])
    });
    let funding = show.funding.iter().map(|funding| {
        let text = Text::line(&funding.text);
        element("funding", Some(text.as_str()), [("url", Some(funding.url.as_str()))])
    });
    by_name([guid].into_iter().chain(locked).chain(funding))
}

/// Returns the elements of Apple for an item. `has_host` says whether a URL has a host that the validator accepts.
pub(super) fn of_item(entry: &Entry, show: &Show, has_host: impl Fn(&Address) -> bool) -> ITunesItemExtension {
    let nothing = Episode::default();
    let episode = entry.episode.as_deref().unwrap_or(&nothing);
    let image = episode.image.iter().chain(&entry.image).find(|image| is_cover(image) && has_host(&image.url));
    let image = image.map(|image| image.url.as_str().to_owned());
    if !entry.is_episode() {
        return ITunesItemExtension { image, ..ITunesItemExtension::default() };
    }
    let authors = || Text::line(&entry.authors.iter().map(person::name).collect::<Vec<_>>().join(", "));
    let author = episode.author.clone().unwrap_or_else(authors);
    let duration = entry.enclosure.as_ref().and_then(|recording| recording.duration);
    ITunesItemExtension {
        // Apple shows the author of the podcast by default, and feedparser shows an equal `dc:creator` twice.
        author: (!author.is_empty() && show.author.as_ref() != Some(&author)).then(|| name(&author)),
        image,
        duration: duration.map(|seconds| seconds.to_string()),
        explicit: episode.explicit.map(|explicit| explicit.to_string()),
        episode: episode.number.map(|number| number.to_string()),
        season: episode.season.map(|number| number.to_string()),
        episode_type: episode.kind.map(|kind| kind.as_str().to_owned()),
        ..ITunesItemExtension::default()
    }
}

/// Returns the elements of an episode that the crate has no types for.
pub(super) fn of_episode(entry: &Entry) -> ExtensionMap {
    let mut extensions = ExtensionMap::new();
    if !entry.is_episode() {
        return extensions;
    }
    let nothing = Episode::default();
    let episode = entry.episode.as_deref().unwrap_or(&nothing);
    let title = episode.title.clone().unwrap_or_else(|| title(entry));
    if !title.is_empty() {
        let element = Extension {
            name: "itunes:title".to_owned(),
            value: Some(plain(title.as_str()).into_owned()),
            ..Extension::default()
        };
        extensions.insert("itunes".to_owned(), [("title".to_owned(), vec![element])].into());
    }
    let chapters = episode.chapters.iter().map(|chapters| {
        let attributes = [("url", chapters.url.as_str()), ("type", chapters.media_type.as_str())];
        element("chapters", None, attributes.map(|(name, value)| (name, Some(value))))
    });
    let elements = episode.transcripts.iter().map(transcript).chain(chapters).chain(episode.persons.iter().map(credit));
    let elements = by_name(elements);
    if !elements.is_empty() {
        extensions.insert("podcast".to_owned(), elements);
    }
    extensions
}

fn transcript(transcript: &Transcript) -> Extension {
    element(
        "transcript",
        None,
        [
            ("url", Some(transcript.file.url.as_str())),
            ("type", Some(transcript.file.media_type.as_str())),
            ("language", transcript.language.as_ref().map(Text::as_str)),
            ("rel", transcript.relation.as_ref().map(Text::as_str)),
        ],
    )
}

fn credit(person: &Credit) -> Extension {
    element(
        "person",
        Some(person.name.as_str()),
        [
            ("role", person.role.as_ref().map(Text::as_str)),
            ("group", person.group.as_ref().map(Text::as_str)),
            ("img", person.image.as_ref().map(Address::as_str)),
            ("href", person.url.as_ref().map(Address::as_str)),
        ],
    )
}

fn element<const N: usize>(name: &str, text: Option<&str>, attributes: [(&str, Option<&str>); N]) -> Extension {
    let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    Extension {
        name: format!("podcast:{name}"),
        value: text.map(|text| plain(text).into_owned()),
        attrs: attributes.collect(),
        ..Extension::default()
    }
}

fn by_name(elements: impl Iterator<Item = Extension>) -> BTreeMap<String, Vec<Extension>> {
    let mut named: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for element in elements {
        named.entry(element.name.clone()).or_default().push(element);
    }
    named
}

fn name(text: &Text) -> String {
    plain(text.as_str()).chars().take(LONGEST).collect()
}
