//! Reports what podcast directories would miss in a feed.

use super::Library;
use crate::diagnostic::{Code, Problem};
use crate::key::FeedKey;
use crate::site::PodcastSettings;
use crate::text::Language;

/// The sides of a cover that Apple accepts, in pixels, see docs/decisions/podcasts.md#what-directories-require.
const COVER: std::ops::RangeInclusive<u32> = 1400..=3000;

impl Library {
    /// Returns what is missing in the `podcast` sections of site.yaml and definitions.
    pub(super) fn podcast_problems(&self) -> Vec<Problem> {
        self.rules.podcasts().flat_map(|(key, podcast)| self.podcast_problem(key, podcast)).collect()
    }

    fn podcast_problem(&self, key: &FeedKey, podcast: &PodcastSettings) -> Vec<Problem> {
        let problem = |message: String, help: &str| {
            let (file, at) = &podcast.source;
            Problem::new(&**file, Code::Podcast, message).at(*at).help(help)
        };
        let mut problems = Vec::new();
        let mut missing: Vec<String> = podcast.missing().into_iter().map(|key| format!("`podcast.{key}`")).collect();
        if self.rules.language(key).is_none_or(|language| *language == Language::undetermined()) {
            missing.push("`language`".to_owned());
        }
        if !missing.is_empty() {
            let message = format!("the podcast has no {}, so its feed is not marked as one", missing.join(", no "));
            problems.push(problem(message, "podcast directories require them"));
        }
        problems.extend(
            self.cover_fault(key, podcast)
                .map(|message| problem(message, "set `podcast.image` to a square JPEG or PNG of 1400 to 3000 pixels")),
        );
        problems
    }

    /// Returns why podcast directories would refuse the cover.
    fn cover_fault(&self, key: &FeedKey, podcast: &PodcastSettings) -> Option<String> {
        let of_feed = || self.rules.definition(key).and_then(|definition| definition.image.as_deref());
        let Some(cover) = podcast.image.as_deref().or_else(of_feed).or(self.rules.site.identity.icon.as_deref()) else {
            return Some("the podcast has no cover, so podcast directories refuse it".to_owned());
        };
        let Some((_, facts)) = self.site_image(cover) else {
            let is_remote = self.rules.site.images.remote(cover).is_some();
            return (!is_remote)
                .then(|| format!("the cover `{cover}` of the podcast does not exist or is not an image"));
        };
        if !matches!(facts.media_type, "image/jpeg" | "image/png") {
            return Some(format!("the cover `{cover}` of the podcast is neither a JPEG nor a PNG"));
        }
        let (width, height) = facts.width.zip(facts.height)?;
        (width != height || !COVER.contains(&width))
            .then(|| format!("the cover `{cover}` of the podcast has {width} by {height} pixels"))
    }
}
