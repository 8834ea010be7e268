//! Reports what podcast directories would miss in a feed.

use super::{AttachedFile, Library};
use crate::article::{Article, Attachment};
use crate::diagnostic::{Code, Problem};
use crate::key::FeedKey;
use crate::site::{PodcastKind, PodcastSettings};
use crate::text::{Address, Language};

/// The sides of a cover that Apple accepts, in pixels, see docs/decisions/podcasts.md#what-directories-require.
const COVER: std::ops::RangeInclusive<u32> = 1400..=3000;

impl Library {
    /// Returns what is missing in the `podcast` sections of site.yaml and definitions.
    pub(super) fn podcast_problems(&self) -> Vec<Problem> {
        self.rules.podcasts().flat_map(|(key, podcast)| self.podcast_problem(key, podcast)).collect()
    }

    /// Returns what the episodes of podcasts lack.
    pub(super) fn episode_problems(&self) -> Vec<Problem> {
        self.rules.podcasts().flat_map(|(key, podcast)| self.episode_faults(key, podcast)).collect()
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

    /// Returns what the episodes of a podcast lack: the length of a remote recording, and in a serial podcast a number.
    fn episode_faults(&self, key: &FeedKey, podcast: &PodcastSettings) -> Vec<Problem> {
        let shown = self.members(key).into_iter().flat_map(|members| members.newest().take(self.rules.limit(key)));
        let mut problems = Vec::new();
        for (article, detail) in shown.filter_map(|article| Some((article, self.detail(&article.place)?))) {
            let Some(recording) = detail.attachments.iter().find(|file| self.is_recording(file, article)) else {
                continue;
            };
            let mut problem = |message: String, help: &str| {
                let problem = Problem::new(article.place.shared(), Code::Podcast, message).help(help);
                problems.push(problem.about(&*recording.reference));
            };
            let remote = self.attached_file(&recording.reference, article).and_then(|file| match file {
                AttachedFile::Remote(url) => Some(url),
                AttachedFile::Local(..) => None,
            });
            let is_unknown = |url: &Address| self.remote_image(url.as_str()).and_then(|facts| facts.length).is_none();
            if remote.is_some_and(|url| recording.length.is_none_or(|length| length == 0) && is_unknown(&url)) {
                let message = format!("the length of the recording `{}` is not known", recording.reference);
                problem(
                    message,
                    "podcast directories require it: write its `length`, or let `feedmill images` ask its host",
                );
            }
            let number = detail.episode.as_ref().and_then(|episode| episode.number);
            if podcast.kind == Some(PodcastKind::Serial) && number.is_none() {
                problem("an episode of a serial podcast has no number".to_owned(), "write it as `episode`");
            }
        }
        problems
    }

    /// Returns whether an article attaches a file as audio or video.
    fn is_recording(&self, file: &Attachment, article: &Article) -> bool {
        let media_type = match self.attached_file(&file.reference, article) {
            Some(AttachedFile::Local(_, facts)) => Some(facts.media_type.into()),
            Some(AttachedFile::Remote(url)) => self.attachment_type(file, &url),
            None => None,
        };
        media_type.is_some_and(|media_type| media_type.starts_with("audio/") || media_type.starts_with("video/"))
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
