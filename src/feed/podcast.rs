//! What a feed and its entries say as a podcast.

use super::{Address, Image, Text};
use crate::article::EpisodeKind;
use crate::site::{Funding, PodcastCategory, PodcastKind};

/// A feed that podcast apps play.
#[derive(Debug, Clone, PartialEq, Hash)]
pub(crate) enum Podcast {
    /// Without what directories require. It has only recordings as enclosures, and no elements of podcasts.
    Incomplete,
    Complete(Box<Show>),
}

/// What a podcast says about itself.
#[derive(Debug, Clone, PartialEq, Hash)]
pub(crate) struct Show {
    pub author: Option<Text>,
    pub owner_name: Option<Text>,
    pub owner_email: Text,
    /// At least one.
    pub categories: Vec<PodcastCategory>,
    /// A JPEG or PNG.
    pub cover: Option<Address>,
    pub explicit: bool,
    pub kind: Option<PodcastKind>,
    /// A UUID that the podcast keeps if it moves to another URL.
    pub guid: Text,
    pub locked: Option<bool>,
    pub funding: Vec<Funding>,
}

/// What an entry says as an episode, beside its recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Episode {
    /// A title without the number of the episode.
    pub title: Option<Text>,
    pub author: Option<Text>,
    /// Its own cover.
    pub image: Option<Image>,
    pub number: Option<u32>,
    pub season: Option<u32>,
    pub kind: Option<EpisodeKind>,
    pub explicit: Option<bool>,
    pub transcripts: Vec<Transcript>,
    /// The file with its chapters.
    pub chapters: Option<Companion>,
    pub persons: Vec<Credit>,
}

/// A file that accompanies a recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Companion {
    pub url: Address,
    /// A concrete media type such as `text/vtt`.
    pub media_type: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Transcript {
    pub file: Companion,
    pub language: Option<Text>,
    /// Its relation to the recording, for example `captions`.
    pub relation: Option<Text>,
}

/// A host, a guest or the like.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Credit {
    /// Never blank.
    pub name: Text,
    pub role: Option<Text>,
    pub group: Option<Text>,
    /// A picture.
    pub image: Option<Address>,
    /// A page about the person.
    pub url: Option<Address>,
}
