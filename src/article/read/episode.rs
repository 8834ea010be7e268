//! Reads what front matter says about an article as an episode of a podcast: the table `podcast`, and flat keys.
//!
//! References are not resolved here.

use super::attachment::{seconds, text};
use super::hidden::values;
use crate::syntax::front_matter::{Fields, Value};

/// What front matter says about an episode, as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct EpisodeFields {
    /// A title without the number of the episode.
    pub title: Option<Box<str>>,
    pub author: Option<Box<str>>,
    /// URL or path of its own cover.
    pub image: Option<Box<str>>,
    /// Duration in seconds.
    pub duration: Option<u32>,
    pub number: Option<u32>,
    pub season: Option<u32>,
    pub kind: Option<EpisodeKind>,
    pub explicit: Option<bool>,
    pub transcripts: Vec<TranscriptFields>,
    /// URL or path of the file with the chapters.
    pub chapters: Option<Box<str>>,
    pub persons: Vec<PersonFields>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EpisodeKind {
    Full,
    Trailer,
    Bonus,
}

impl EpisodeKind {
    const ALL: [Self; 3] = [Self::Full, Self::Trailer, Self::Bonus];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Trailer => "trailer",
            Self::Bonus => "bonus",
        }
    }
}

/// A transcript or subtitles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TranscriptFields {
    /// URL or path.
    pub reference: Box<str>,
    pub media_type: Option<Box<str>>,
    pub language: Option<Box<str>>,
    /// Its relation to the recording, for example `captions`.
    pub relation: Option<Box<str>>,
}

/// A host, a guest or the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonFields {
    pub name: Box<str>,
    pub role: Option<Box<str>>,
    pub group: Option<Box<str>>,
    /// URL or path of a picture.
    pub image: Option<Box<str>>,
    pub url: Option<Box<str>>,
}

/// Maximum number of transcripts, and of persons.
const MOST: usize = 50;

/// Returns what front matter says about the episode; `None` if it says nothing.
pub(super) fn episode(fields: &Fields) -> Option<Box<EpisodeFields>> {
    let table = values(fields, "podcast").find_map(|value| match value {
        Value::Map(table) => Some(table),
        _ => None,
    });
    let own = |keys: &[&'static str]| table?.first_of(keys).map(|(_, value)| value);
    let either = |keys: &[&'static str]| own(keys).or_else(|| keys.iter().find_map(|key| values(fields, key).next()));
    let number = |key| either(&[key])?.as_text()?.parse().ok().filter(|number: &u32| *number > 0);
    let episode = EpisodeFields {
        title: own(&["title"]).and_then(Value::as_text).map(Box::from),
        author: own(&["author"]).and_then(Value::as_text).map(Box::from),
        image: own(&["image"]).and_then(Value::as_text).map(Box::from),
        duration: either(&["duration"]).and_then(Value::as_text).and_then(seconds),
        number: number("episode"),
        season: number("season"),
        kind: own(&["type"]).or_else(|| either(&["episodeType", "episode_type"])).and_then(kind),
        explicit: either(&["explicit"]).and_then(is_explicit),
        transcripts: list(either(&["transcript", "transcripts"]), transcript),
        chapters: either(&["chapters"]).and_then(reference).map(Box::from),
        persons: list(own(&["person", "persons", "people"]), person),
    };
    (episode != EpisodeFields::default()).then(|| Box::new(episode))
}

fn list<T>(value: Option<&Value>, of: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    value.map_or(&[][..], Value::elements).iter().filter_map(of).take(MOST).collect()
}

fn kind(value: &Value) -> Option<EpisodeKind> {
    let text = value.as_text()?;
    EpisodeKind::ALL.into_iter().find(|kind| text.eq_ignore_ascii_case(kind.as_str()))
}

/// Returns whether an episode is explicit. Older feeds say `clean` or `explicit`.
fn is_explicit(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_text()? {
        "explicit" => Some(true),
        "clean" => Some(false),
        _ => None,
    })
}

/// Returns the URL or path in a value, which may be a text or a table.
fn reference(value: &Value) -> Option<&str> {
    let found = match value {
        Value::Map(table) => text(table, &["url", "src", "href", "file"]),
        Value::Text(_) => value.as_text(),
        _ => None,
    };
    // A transcript may be in the article itself, and then it is a text.
    found.filter(|text| text.len() <= 4096 && !text.contains(['\n', '<', '{']) && value.as_bool().is_none())
}

fn transcript(value: &Value) -> Option<TranscriptFields> {
    let reference = reference(value)?.into();
    let written = |keys| match value {
        Value::Map(table) => text(table, keys).map(Box::from),
        _ => None,
    };
    Some(TranscriptFields {
        reference,
        media_type: written(&["type", "media_type", "mime"]),
        language: written(&["language", "lang"]),
        relation: written(&["rel"]),
    })
}

fn person(value: &Value) -> Option<PersonFields> {
    let Value::Map(table) = value else {
        let name = value.as_text()?.into();
        return Some(PersonFields { name, role: None, group: None, image: None, url: None });
    };
    let written = |keys| text(table, keys).map(Box::from);
    Some(PersonFields {
        name: written(&["name"])?,
        role: written(&["role"]),
        group: written(&["group"]),
        image: written(&["img", "image"]),
        url: written(&["href", "url"]),
    })
}

impl EpisodeFields {
    /// Returns the files that accompany the recording, as written.
    pub(crate) fn companions(&self) -> impl Iterator<Item = &str> {
        self.transcripts.iter().map(|transcript| &*transcript.reference).chain(self.chapters.as_deref())
    }

    /// Returns everything that may refer to a media file, as written.
    pub(crate) fn media(&self) -> impl Iterator<Item = &str> {
        let persons = self.persons.iter().filter_map(|person| person.image.as_deref());
        self.companions().chain(self.image.as_deref()).chain(persons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn of(yaml: &str) -> Option<Box<EpisodeFields>> {
        episode(&front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields)
    }

    #[test]
    fn an_episode_is_described_by_a_table_or_by_flat_keys() {
        let flat = of("duration: 1:02:03\nepisode: 7\nseason: '2'\nexplicit: yes\ntranscript: a.vtt\nchapters: a.json")
            .unwrap();
        let table = of(
            "podcast: {duration: 3723, episode: 7, season: 2, explicit: true, transcript: [{file: a.vtt}], chapters: {url: a.json}}",
        );
        assert_eq!(table.as_ref(), Some(&flat));
        assert_eq!(
            (flat.duration, flat.number, flat.season, flat.explicit),
            (Some(3723), Some(7), Some(2), Some(true))
        );
        assert_eq!(flat.media().collect::<Vec<_>>(), ["a.vtt", "a.json"]);
        // The table precedes the flat keys.
        assert_eq!(of("episode: 1\npodcast: {episode: 2}").unwrap().number, Some(2));
        assert_eq!(
            of("title: x\npodcast: {file: a.mp3}\nepisode: pilot\nduration: long\nexplicit: 7\nchapters: [a, b]"),
            None
        );
    }

    #[test]
    fn persons_and_transcripts_have_their_properties() {
        let found = of(
            "podcast:\n  title: Salt\n  type: Bonus\n  explicit: clean\n  person:\n  - Ada\n  - {name: Bo, role: guest, img: bo.png, href: 'https://bo.example/'}\n  - {role: host}\n  transcript:\n  - {url: a.srt, type: application/srt, language: de, rel: captions}\n  - |\n    Hello.\n    Bye.",
        )
        .unwrap();
        assert_eq!(
            (found.title.as_deref(), found.kind, found.explicit),
            (Some("Salt"), Some(EpisodeKind::Bonus), Some(false))
        );
        let names: Vec<_> = found.persons.iter().map(|person| (&*person.name, person.role.as_deref())).collect();
        assert_eq!(names, [("Ada", None), ("Bo", Some("guest"))]);
        let [transcript] = &found.transcripts[..] else { panic!("{:?}", found.transcripts) };
        assert_eq!((transcript.language.as_deref(), transcript.relation.as_deref()), (Some("de"), Some("captions")));
        assert_eq!(found.media().collect::<Vec<_>>(), ["a.srt", "bo.png"]);
    }
}
