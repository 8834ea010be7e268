//! `podcast` of site.yaml and of definitions: what a feed says as a podcast.
//!
//! The categories are those of Apple, see docs/decisions/podcasts.md#what-directories-require.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::one_or_many::OneOrMany;
use super::yaml;
use crate::diagnostic::{Code, Position, Problem};
use crate::generator::category::is_mail;
use crate::text::{Address, nearest};

/// What a feed says as a podcast.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PodcastSettings {
    /// The title of the feed, instead of its own.
    pub title: Option<String>,
    pub author: Option<String>,
    pub owner_name: Option<String>,
    pub owner_email: Option<String>,
    pub categories: Vec<PodcastCategory>,
    /// URL or path of its cover, as written.
    pub image: Option<String>,
    pub explicit: Option<bool>,
    pub kind: Option<PodcastKind>,
    /// The id that the podcast had before.
    pub guid: Option<String>,
    /// Whether other hosts must not import the podcast.
    pub locked: Option<bool>,
    pub funding: Vec<Funding>,
    /// The file and the position of the section, for reports.
    pub source: (Box<str>, Position),
}

/// A category of Apple, and one of its subcategories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PodcastCategory {
    pub name: &'static str,
    pub below: Option<&'static str>,
}

/// In which order episodes are meant to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PodcastKind {
    /// The newest first.
    Episodic,
    /// The oldest first.
    Serial,
}

impl PodcastKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Episodic => "episodic",
            Self::Serial => "serial",
        }
    }
}

/// A page where listeners can support the podcast.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Funding {
    pub url: Address,
    /// The text of the link.
    pub text: String,
}

impl PodcastSettings {
    /// Returns the keys without which no directory accepts a podcast, and which are missing.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let keys = [
            ("category", self.categories.is_empty()),
            ("explicit", self.explicit.is_none()),
            ("owner.email", self.owner_email.is_none()),
        ];
        keys.into_iter().filter(|(_, is_missing)| *is_missing).map(|(key, _)| key).collect()
    }
}

/// The structure of `podcast` for serde.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPodcast {
    title: Option<String>,
    author: Option<String>,
    owner: Option<RawOwner>,
    category: Option<OneOrMany>,
    image: Option<String>,
    explicit: Option<bool>,
    r#type: Option<PodcastKind>,
    guid: Option<String>,
    locked: Option<bool>,
    funding: Option<RawFunding>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawOwner {
    name: Option<String>,
    email: Option<String>,
}

/// `https://example.org/donate`, a table with the text of the link, or a list of these.
#[derive(Debug, PartialEq)]
struct RawFunding(Vec<FundingLink>);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct FundingLink {
    url: String,
    text: Option<String>,
}

impl<'de> Deserialize<'de> for RawFunding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FundingVisitor)
    }
}

struct FundingVisitor;

impl<'de> Visitor<'de> for FundingVisitor {
    type Value = RawFunding;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a URL, the keys url and text, or a list of these")
    }

    fn visit_str<E>(self, url: &str) -> Result<RawFunding, E> {
        Ok(RawFunding(vec![FundingLink { url: url.to_owned(), text: None }]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawFunding, A::Error> {
        FundingLink::deserialize(MapAccessDeserializer::new(map)).map(|link| RawFunding(vec![link]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<RawFunding, A::Error> {
        let several = Vec::<RawFunding>::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(RawFunding(several.into_iter().flat_map(|funding| funding.0).collect()))
    }
}

/// Returns a text without the spaces around it, unless nothing is left.
fn said(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl RawPodcast {
    /// Validates the values. An empty section makes no podcast. `file` and `text` are those in which it is written.
    pub(super) fn check(&self, file: &str, text: &str, code: Code) -> Result<Option<PodcastSettings>, Vec<Problem>> {
        if *self == Self::default() {
            return Ok(None);
        }
        let mut problems = Vec::new();
        let mut wrong = |path: &[&str], message: String, help: &str| {
            let at = yaml::position(text, &[&["podcast"], path].concat());
            problems.push(Problem::new(file, code, message).at(at).help(help));
        };
        let mut categories = Vec::new();
        for written in self.category.iter().flat_map(OneOrMany::texts) {
            match category(written) {
                Ok(category) => categories.push(category),
                Err(help) => wrong(&["category"], format!("`{written}` is not a category of Apple Podcasts"), &help),
            }
        }
        let owner_email = self.owner.as_ref().and_then(|owner| said(owner.email.as_ref()));
        if owner_email.as_deref().is_some_and(|email| !is_mail(email)) {
            wrong(&["owner", "email"], "this is not an e-mail address".to_owned(), "such as desk@example.org");
        }
        let guid = said(self.guid.as_ref());
        if guid.as_deref().is_some_and(|guid| guid.len() != 36 || Uuid::parse_str(guid).is_err()) {
            let help = "copy the one that the podcast has; without any, it is made from the URL of the feed";
            wrong(&["guid"], "this is not a UUID".to_owned(), help);
        }
        let mut funding = Vec::new();
        for link in self.funding.iter().flat_map(|funding| &funding.0) {
            match Address::parse(&link.url).filter(|url| url.as_str().starts_with("http")) {
                Some(url) => {
                    let text = said(link.text.as_ref()).unwrap_or_else(|| url.as_str().to_owned());
                    funding.push(Funding { url, text });
                }
                None => {
                    wrong(&["funding"], format!("`{}` is not a URL", link.url), "such as https://example.org/donate");
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Some(PodcastSettings {
            title: said(self.title.as_ref()),
            author: said(self.author.as_ref()),
            owner_name: self.owner.as_ref().and_then(|owner| said(owner.name.as_ref())),
            owner_email,
            categories,
            image: said(self.image.as_ref()),
            explicit: self.explicit,
            kind: self.r#type,
            guid,
            locked: self.locked,
            funding,
            source: (file.into(), yaml::position(text, &["podcast"])),
        }))
    }
}

/// Returns the category in a text such as `Arts/Books` or `Arts > Books`, or how to write it.
fn category(written: &str) -> Result<PodcastCategory, String> {
    let mut parts = written.split(['/', '>']).map(str::trim);
    let (name, below) = (parts.next().unwrap_or_default(), parts.next());
    let Some((name, all_below)) = APPLE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        let above = APPLE.iter().find(|(_, below)| below.iter().any(|known| known.eq_ignore_ascii_case(name)));
        return Err(match above {
            Some((above, _)) => format!("write it below its category: `{above}/{name}`"),
            None => did_you_mean(name, APPLE.iter().map(|(known, _)| *known)),
        });
    };
    let below = match below {
        Some(below) => {
            let known = all_below.iter().find(|known| known.eq_ignore_ascii_case(below));
            Some(*known.ok_or_else(|| did_you_mean(below, all_below.iter().copied()))?)
        }
        None => None,
    };
    match parts.next() {
        Some(_) => Err("a category has one level of subcategories".to_owned()),
        None => Ok(PodcastCategory { name, below }),
    }
}

fn did_you_mean(word: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
    }
}

const APPLE: [(&str, &[&str]); 19] = [
    ("Arts", &["Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"]),
    ("Business", &["Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"]),
    ("Comedy", &["Comedy Interviews", "Improv", "Stand-Up"]),
    ("Education", &["Courses", "How To", "Language Learning", "Self-Improvement"]),
    ("Fiction", &["Comedy Fiction", "Drama", "Science Fiction"]),
    ("Government", &[]),
    ("History", &[]),
    ("Health & Fitness", &["Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"]),
    ("Kids & Family", &["Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"]),
    (
        "Leisure",
        &["Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"],
    ),
    ("Music", &["Music Commentary", "Music History", "Music Interviews"]),
    (
        "News",
        &[
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ],
    ),
    // Without `Religion`, which the W3C validator rejects.
    ("Religion & Spirituality", &["Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Spirituality"]),
    (
        "Science",
        &[
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ],
    ),
    ("Society & Culture", &["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"]),
    (
        "Sports",
        &[
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ],
    ),
    ("Technology", &[]),
    ("True Crime", &[]),
    ("TV & Film", &["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(yaml: &str) -> Result<Option<PodcastSettings>, Vec<String>> {
        let text = format!("podcast: {yaml}\n");
        let all: std::collections::BTreeMap<String, RawPodcast> = serde_yaml::from_str(&text).unwrap();
        all["podcast"].check("site.yaml", &text, Code::Site).map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| format!("{problem}: {}", problem.help.as_deref().unwrap_or_default()))
                .collect()
        })
    }

    #[test]
    fn a_category_is_one_of_apples_in_any_letter_case() {
        let named = |text| category(text).map(|category| (category.name, category.below));
        assert_eq!(named("technology"), Ok(("Technology", None)));
        assert_eq!(named("Society & culture > documentary"), Ok(("Society & Culture", Some("Documentary"))));
        assert_eq!(named("Arts/Food"), Ok(("Arts", Some("Food"))));
        assert_eq!(named("Food"), Err("write it below its category: `Arts/Food`".to_owned()));
        assert_eq!(named("Tecnology"), Err("did you mean `Technology`?".to_owned()));
        assert_eq!(named("Arts/Boks"), Err("did you mean `Books`?".to_owned()));
        assert!(named("Arts/Books/More").is_err() && named("Government/Local").is_err());
    }

    #[test]
    fn every_mistake_of_the_section_is_reported_at_its_value() {
        let problems = checked("{category: [Arts, Cooking], owner: {email: me}, guid: x, funding: [ftp://x.example]}")
            .unwrap_err();
        let starts = [
            "site.yaml:1:21: `Cooking`",
            "site.yaml:1:53: this is not an e-mail",
            "site.yaml:1:64: this is not a UUID",
            "site.yaml:1:76: `ftp://x.example`",
        ];
        for (problem, start) in problems.iter().zip(starts) {
            assert!(problem.starts_with(start), "{problem}");
        }
        assert_eq!(problems.len(), starts.len());
    }

    #[test]
    fn an_empty_section_makes_no_podcast_and_an_incomplete_one_says_so() {
        assert_eq!(checked("{}"), Ok(None));
        let podcast = checked("{title: Salt, funding: {url: 'https://x.example/', text: Tip}}").unwrap().unwrap();
        assert_eq!(podcast.missing(), ["category", "explicit", "owner.email"]);
        assert_eq!(podcast.funding[0].text, "Tip");
        let whole = checked("{category: Arts, explicit: false, owner: {email: desk@example.org}}").unwrap().unwrap();
        assert_eq!(whole.missing(), [""; 0]);
    }
}
