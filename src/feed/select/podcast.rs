//! Resolves what a feed and its entries say as a podcast.

use uuid::Uuid;

use super::image;
use crate::article::{Article, ArticleBody, EpisodeFields, TranscriptFields};
use crate::feed::podcast::{Companion, Credit, Episode, Podcast, Show, Transcript};
use crate::feed::{Address, Image, Text};
use crate::key::FeedKey;
use crate::library::{AttachedFile, Library, plain_type};
use crate::site::PodcastSettings;
use crate::text::Language;

/// The namespace of the ids of podcasts, see docs/decisions/podcasts.md#the-id-of-a-podcast.
const GUIDS: Uuid = Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// Returns what a feed says as a podcast, if it is one. `rss` is the URL of its RSS document.
pub(super) fn of_feed(library: &Library, key: &FeedKey, cover: Option<&Image>, rss: &Address) -> Option<Podcast> {
    let rules = library.rules();
    let settings = rules.podcast(key)?;
    let has_language = rules.language(key).is_some_and(|language| *language != Language::undetermined());
    Some(match (settings.explicit, &settings.owner_email) {
        (Some(explicit), Some(email)) if has_language && settings.missing().is_empty() => {
            let author = settings.author.as_ref().or_else(|| Some(&rules.site.identity.author.as_ref()?.name));
            Podcast::Complete(Box::new(Show {
                author: author.map(|author| Text::line(author)),
                owner_name: settings.owner_name.as_deref().map(Text::line),
                owner_email: Text::line(email),
                categories: settings.categories.clone(),
                cover: cover.filter(|cover| is_cover(cover)).map(|cover| cover.url.clone()),
                explicit,
                kind: settings.kind,
                guid: guid(settings, rss),
                locked: settings.locked,
                funding: settings.funding.clone(),
            }))
        }
        _ => Podcast::Incomplete,
    })
}

/// Returns whether podcast apps show an image of this type.
pub(crate) fn is_cover(image: &Image) -> bool {
    matches!(image.media_type, "image/jpeg" | "image/png")
}

/// Returns the id of a podcast: as written, else made from the URL of its feed without the scheme and the slashes at the
/// end.
fn guid(settings: &PodcastSettings, rss: &Address) -> Text {
    if let Some(written) = &settings.guid {
        return Text::line(written);
    }
    let (_, rest) = rss.as_str().split_once("://").unwrap_or(("", rss.as_str()));
    Text::line(&Uuid::new_v5(&GUIDS, rest.trim_end_matches('/').as_bytes()).to_string())
}

/// Returns what an article says as an episode.
pub(super) fn of_article(library: &Library, article: &Article, detail: &ArticleBody) -> Option<Box<Episode>> {
    let fields = detail.episode.as_deref()?;
    let EpisodeFields { title, author, number, season, kind, explicit, .. } = fields;
    let picture = |reference: &Option<Box<str>>| image::named(library, article, detail, reference.as_deref()?);
    let companion = |reference: &str, written: Option<&str>, by_default: &'static str| {
        let (url, media_type) = match library.attached_file(reference, article)? {
            AttachedFile::Local(path, facts) => {
                (image::media_address(&library.rules().site.identity.base, path), Text::line(facts.media_type))
            }
            AttachedFile::Remote(url) => {
                let written = written.and_then(plain_type);
                let media_type = Text::line(written.unwrap_or_else(|| text_type(&url).unwrap_or(by_default)));
                (url, media_type)
            }
        };
        Some(Companion { url, media_type })
    };
    let transcript = |fields: &TranscriptFields| {
        Some(Transcript {
            file: companion(&fields.reference, fields.media_type.as_deref(), "text/html")?,
            language: fields
                .language
                .as_deref()
                .and_then(Language::parse)
                .map(|language| Text::line(language.as_str())),
            relation: line(fields.relation.as_deref()),
        })
    };
    let chapters = fields.chapters.as_deref();
    let persons = fields.persons.iter().map(|person| Credit {
        name: Text::line(&person.name),
        role: line(person.role.as_deref()),
        group: line(person.group.as_deref()),
        image: picture(&person.image).map(|image| image.url),
        url: person.url.as_deref().and_then(Address::parse),
    });
    Some(Box::new(Episode {
        title: line(title.as_deref()),
        author: line(author.as_deref()),
        image: picture(&fields.image),
        number: *number,
        season: *season,
        kind: *kind,
        explicit: *explicit,
        transcripts: fields.transcripts.iter().filter_map(transcript).collect(),
        chapters: chapters.and_then(|chapters| companion(chapters, Some(CHAPTERS), CHAPTERS)),
        persons: persons.filter(|person| !person.name.is_empty()).collect(),
    }))
}

const CHAPTERS: &str = "application/json+chapters";

fn line(written: Option<&str>) -> Option<Text> {
    written.map(Text::line).filter(|text| !text.is_empty())
}

/// Returns the media type of a remote transcript by the extension of its URL.
fn text_type(url: &Address) -> Option<&'static str> {
    let path = url.as_str().split(['?', '#']).next().unwrap_or_default();
    match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "vtt" => Some("text/vtt"),
        "srt" => Some("application/x-subrip"),
        "json" => Some("application/json"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_podcast_is_that_of_the_examples_of_the_specification() {
        let of = |url: &str| {
            let rest = url.trim_end_matches('/');
            Uuid::new_v5(&GUIDS, rest.as_bytes()).to_string()
        };
        assert_eq!(of("mp3s.nashownotes.com/pc20rss.xml"), "917393e3-1b1e-5cef-ace4-edaa54e1f810");
        assert_eq!(of("podnews.net/rss/"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
    }
}
