//! From a file's bytes to an article, or to the reason why it is none.
//!
//! A skim reads what the library needs, a full reading what an entry needs
//! too. Nothing here can fail: whatever the bytes are, the answer is an
//! article, a reason, or problems with their places.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::front_matter::{self, Fields, Finding, FrontMatter, Value};
use super::{
    Article, Detail, Dialect, Episode, Manner, Place, Slugs, Undated, body, category, date, defaults, language,
    lead_image,
};
use crate::diagnostic::{Code, Position, Problem};

/// A file as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Where it stands.
    pub place: &'a Place,
    /// What is in it.
    pub bytes: &'a [u8],
    /// Its modification time, for `undated: mtime`.
    pub modified: Option<DateTime<Utc>>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An article.
    Article(Article),
    /// An article that is not to be published, and why.
    Hidden(&'static str),
    /// No article could be read; the problems say why.
    Broken,
}

/// A file as the library needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Skimmed {
    /// What became of it.
    pub outcome: Outcome,
    /// What is wrong with it, all of it.
    pub problems: Vec<Problem>,
}

/// A file as an entry needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detailed {
    /// As the library needs it.
    pub skimmed: Skimmed,
    /// The rest, for an article.
    pub detail: Option<Detail>,
}

/// Reads what the library needs.
pub fn skim(source: &Source<'_>, manner: &Manner) -> Skimmed {
    let mut problems = Vec::new();
    let text = decode(source, &mut problems);
    let outcome = match front(source, &text, manner, &mut problems) {
        Some(front) => outcome(source, &text, &front, manner, &mut problems),
        None => Outcome::Broken,
    };
    Skimmed { outcome, problems }
}

/// Reads what an entry needs too.
pub fn read(source: &Source<'_>, manner: &Manner) -> Detailed {
    let mut problems = Vec::new();
    let text = decode(source, &mut problems);
    let Some(front) = front(source, &text, manner, &mut problems) else {
        return Detailed { skimmed: Skimmed { outcome: Outcome::Broken, problems }, detail: None };
    };
    let outcome = outcome(source, &text, &front, manner, &mut problems);
    let detail = match &outcome {
        Outcome::Article(article) => Some(detail(article, &text, &front, manner)),
        Outcome::Hidden(_) | Outcome::Broken => None,
    };
    Detailed { skimmed: Skimmed { outcome, problems }, detail }
}

/// The text of a file: UTF-8 or, with its mark, UTF-16; line ends as `\n`.
fn decode<'a>(source: &Source<'a>, problems: &mut Vec<Problem>) -> Cow<'a, str> {
    let bytes = source.bytes;
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text: Cow<'a, str> = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes).into(),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes).into(),
        _ => match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => text.into(),
            Err(error) => {
                let text = String::from_utf8_lossy(bytes);
                let position = Position::at(
                    &text,
                    text.char_indices().find(|(_, c)| *c == '\u{fffd}').map_or(error.valid_up_to(), |(at, _)| at),
                );
                problems.push(
                    Problem::new(source.place.shared(), Code::Encoding, "the file is not UTF-8 here")
                        .at(position)
                        .help("save the file as UTF-8"),
                );
                text
            }
        },
    };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

fn front(source: &Source<'_>, text: &str, manner: &Manner, problems: &mut Vec<Problem>) -> Option<FrontMatter> {
    let problem = |finding: Finding| Problem {
        help: finding.help,
        ..Problem::new(source.place.shared(), finding.code, finding.message).at(finding.position)
    };
    match front_matter::parse(text) {
        Ok(mut front) => {
            problems.extend(std::mem::take(&mut front.findings).into_iter().map(problem));
            if !manner.defaults.is_empty() {
                // Of equal keys the last counts: the article's own stand above.
                let mut fields = defaults::of(&manner.defaults, source.place.as_str());
                fields.0.append(&mut front.fields.0);
                front.fields = fields;
            }
            Some(front)
        }
        Err(finding) => {
            problems.push(problem(finding));
            None
        }
    }
}

fn outcome(
    source: &Source<'_>,
    text: &str,
    front: &FrontMatter,
    manner: &Manner,
    problems: &mut Vec<Problem>,
) -> Outcome {
    let fields = &front.fields;
    if let Some(reason) = hidden(source.place, fields) {
        return Outcome::Hidden(reason);
    }
    let mut dates = Dates { source, text, front, manner, problems };
    // Hugo's feeds speak of the day of publication, which may be another key.
    let keys: &[&str] = match manner.dialect {
        Dialect::Hugo => &["publishDate", "date", "pubDate", "published", "lastmod", "modified"],
        _ => &["date", "publishDate", "pubDate", "published", "created_at", "createdAt", "created", "published_at"],
    };
    let published =
        dates.of(keys).or_else(|| date::in_name(source.place.as_str(), &manner.zones).map(|name| name.instant));
    let published = match (published, manner.undated) {
        (None, Undated::Mtime) => source.modified,
        (None, Undated::Skip) => return Outcome::Hidden("it has no date, and `undated: skip` is set"),
        (published, _) => published,
    };
    let updated = dates.of(&[
        "updated",
        "lastmod",
        "last_modified_at",
        "modified",
        "updated_at",
        "updatedAt",
        "date_updated",
        "last_update.date",
    ]);
    let expires = dates.of(&["expiryDate", "unpublishDate", "expires", "expire"]);
    Outcome::Article(Article {
        place: source.place.clone(),
        digest: xxh3_64(source.bytes),
        id: fields.first_of(&["id", "guid", "uuid"]).and_then(|(_, value)| value.as_text()).map(Box::from),
        title: title(source.place, text, front, manner),
        published,
        updated: updated.filter(|&updated| published.is_none_or(|published| updated > published)),
        expires,
        categories: category::categories(fields, manner.dialect, manner.lists),
        tags: category::tags(fields, manner.dialect),
        authors: category::authors(fields),
        language: language::language(fields, source.place),
    })
}

/// Why an article is not to be published, if so.
fn hidden(place: &Place, fields: &Fields) -> Option<&'static str> {
    let says = |key: &str| fields.get(key).and_then(Value::as_bool);
    let text = |key: &str| fields.get(key).and_then(Value::as_text).unwrap_or_default();
    if place.directory().split('/').any(|part| part == "_drafts") {
        return Some("it is in _drafts");
    }
    if says("draft") == Some(true) || text("status").eq_ignore_ascii_case("draft") {
        return Some("it is a draft");
    }
    if says("published") == Some(false) || says("publish") == Some(false) {
        return Some("it says `published: false`");
    }
    if says("hidden") == Some(true) || says("hide") == Some(true) || text("status").eq_ignore_ascii_case("hidden") {
        return Some("it is hidden");
    }
    if says("unlisted") == Some(true)
        || says("headless") == Some(true)
        || text("build.list").eq_ignore_ascii_case("never")
    {
        return Some("it is unlisted");
    }
    // Matery writes the key into every article, empty.
    if !text("password").is_empty() {
        return Some("it is protected by a password");
    }
    if says("render") == Some(false) {
        return Some("it says `render: false`");
    }
    None
}

struct Dates<'a> {
    source: &'a Source<'a>,
    text: &'a str,
    front: &'a FrontMatter,
    manner: &'a Manner,
    problems: &'a mut Vec<Problem>,
}

impl Dates<'_> {
    /// The date of the first of these keys that holds one; what cannot be read
    /// is reported, and the next key asked.
    fn of(&mut self, keys: &[&str]) -> Option<DateTime<Utc>> {
        for key in keys {
            let Some(value) = self.front.fields.get(key).filter(|value| !value.is_blank()) else {
                continue;
            };
            // `published: true` is a flag 1,781 times in real files.
            let Some(text) = value.as_text().filter(|_| value.as_bool().is_none()) else {
                continue;
            };
            match date::parse(text, &self.manner.zones) {
                Ok(reading) => {
                    if let Some(doubt) = reading.doubt {
                        let code = if matches!(doubt, date::Doubt::AmbiguousZone | date::Doubt::UnknownZone) {
                            Code::DateZone
                        } else {
                            Code::Date
                        };
                        self.report(key, code, format!("the date `{}` is in doubt: {doubt}", shown(text)));
                    }
                    return Some(reading.instant);
                }
                Err(error) => {
                    self.report(key, Code::Date, format!("the date `{}` cannot be read: {error}", shown(text)))
                }
            }
        }
        None
    }

    fn report(&mut self, key: &str, code: Code, message: String) {
        let position = self.front.position_of(self.text, key);
        self.problems.push(Problem::new(self.source.place.shared(), code, message).at(position));
    }
}

/// A value short enough for a message.
fn shown(text: &str) -> String {
    let line = text.replace(char::is_whitespace, " ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn title(place: &Place, text: &str, front: &FrontMatter, manner: &Manner) -> Box<str> {
    if let Some(title) = front.fields.first_of(&["title", "subject"]).and_then(|(_, value)| value.as_text()) {
        // Aggregators that write for Hexo escape braces in the whole file.
        return title.replace("&#123;", "{").replace("&#125;", "}").into();
    }
    let body = &text[front.split.body.clone()];
    if let Some(heading) =
        body::first_heading(body, body::markup(place.extension(), body)).filter(|heading| !heading.trim().is_empty())
    {
        return heading.into();
    }
    let name = name_of(place, manner);
    match manner.dialect {
        Dialect::Jekyll => name.split('-').map(capitalised).collect::<Vec<_>>().join(" ").into(),
        _ => name.into(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The file's name without a date in front and a language behind; an
/// `index.md` is called as its directory is.
fn name_of(place: &Place, manner: &Manner) -> String {
    let stem = place.stem();
    let stem = language::in_name(place).map_or(stem, |tag| &stem[..stem.len() - tag.len() - 1]);
    if stem.eq_ignore_ascii_case("index") && !place.directory().is_empty() {
        return place.directory().rsplit('/').next().unwrap_or(stem).to_owned();
    }
    // A name ends at its last dot there.
    match date::in_name(&format!("{stem}.md"), &manner.zones) {
        Some(dated) if !dated.slug.is_empty() => dated.slug,
        _ => stem.to_owned(),
    }
}

fn detail(article: &Article, text: &str, front: &FrontMatter, manner: &Manner) -> Detail {
    let fields = &front.fields;
    let body = text[front.split.body.clone()].trim_matches('\n');
    let markup = body::markup(article.place.extension(), body);
    let scalar = |keys: &[&'static str]| fields.first_of(keys).and_then(|(_, value)| value.as_text());
    Detail {
        digest: article.digest,
        summary: scalar(&["summary", "excerpt", "description", "intro", "lede", "deck"]).map(Box::from),
        fold: body::before_more(body).map(str::len),
        markup,
        lead: lead_image::candidates(fields, &manner.lead_keys),
        images: body::images(body, markup),
        enclosure: episode(fields),
        slugs: Slugs {
            slug: scalar(&["slug"]).map(Box::from),
            permalink: scalar(&["permalink", "url", "path"]).map(Box::from),
            name: name_of(&article.place, manner).into(),
            others: fields
                .0
                .iter()
                .filter_map(|(key, value)| Some((key.as_str().into(), value.as_text()?.into())))
                .collect(),
        },
        body: Arc::from(body),
    }
}

/// A podcast's episode: an address, or a table with `url`, `type`, `length`.
fn episode(fields: &Fields) -> Option<Episode> {
    let (_, value) = fields.first_of(&["enclosure", "audio", "podcast.url", "podcast.file"])?;
    let value = value.elements().first()?;
    let (url, media_type, length) = match value {
        Value::Map(inside) => {
            let text = |keys: &[&'static str]| inside.first_of(keys).and_then(|(_, value)| value.as_text());
            (
                text(&["url", "src", "href", "file"])?,
                text(&["type", "media_type", "mime"]),
                text(&["length", "size", "bytes"]),
            )
        }
        value => (
            value.as_text()?,
            None,
            fields.first_of(&["enclosure_length", "audio_length", "length"]).and_then(|(_, value)| value.as_text()),
        ),
    };
    Some(Episode {
        url: url.into(),
        media_type: media_type.map(Box::from),
        length: length.and_then(|length| length.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Lists, Zones};

    fn manner() -> Manner {
        Manner {
            dialect: Dialect::Plain,
            lists: Lists::Path,
            zones: Zones::default(),
            undated: Undated::Last,
            lead_keys: vec!["headimg".into()],
            defaults: Vec::new(),
        }
    }

    fn of(path: &str, text: &str) -> Detailed {
        let place = Place::new(path);
        read(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &manner())
    }

    fn article(path: &str, text: &str) -> Article {
        match of(path, text).skimmed.outcome {
            Outcome::Article(article) => article,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_aggregators_form_is_read_as_it_stands() {
        let text = "\n---\ntitle: '街道：x'\ncategories: \n - 新媒体\n - 趣头条\n - 分类\nheadimg: 'https://p.example/?http://x.example/a.jpeg'\nauthor: 趣头条\ndate: Wed, 04 Aug 2021 14:56:46 GMT\n---\n\n<div>   \n<p>text</p>\n\n<p>more</p>\n</div>\n            ";
        let detailed = of("a.md", text);
        assert_eq!(detailed.skimmed.problems, []);
        let article = article("a.md", text);
        assert_eq!(&*article.title, "街道：x");
        assert_eq!(article.published.unwrap().to_rfc3339(), "2021-08-04T14:56:46+00:00");
        assert_eq!(article.categories[0].len(), 3);
        let detail = detailed.detail.unwrap();
        assert_eq!(detail.markup, body::Markup::Html);
        assert_eq!(&*detail.lead[0].reference, "https://p.example/?http://x.example/a.jpeg");
    }

    #[test]
    fn what_is_not_to_be_published_is_hidden() {
        for front in [
            "draft: true",
            "draft: yes",
            "published: false",
            "hidden: true",
            "unlisted: true",
            "password: x",
            "status: draft",
        ] {
            let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
            assert!(matches!(outcome, Outcome::Hidden(_)), "{front}: {outcome:?}");
        }
        for front in ["draft: false", "published: true", "published: 2020-01-01", "password:", "password: ''"] {
            let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
            assert!(matches!(outcome, Outcome::Article(_)), "{front}: {outcome:?}");
        }
    }

    #[test]
    fn an_unreadable_date_is_reported_and_the_file_name_asked() {
        let text = "---\ntitle: x\ndate: Invalid Date\n---\n";
        let detailed = of("2021-08-04-x.md", text);
        assert_eq!(
            detailed.skimmed.problems[0].to_string(),
            "2021-08-04-x.md:3:7: the date `Invalid Date` cannot be read: it is no date"
                .replace("it is no date", detailed.skimmed.problems[0].message.rsplit(": ").next().unwrap())
        );
        assert_eq!(article("2021-08-04-x.md", text).published.unwrap().to_rfc3339(), "2021-08-04T00:00:00+00:00");
        assert_eq!(article("x.md", text).published, None);
    }

    #[test]
    fn a_title_comes_from_heading_or_file_name() {
        assert_eq!(&*article("a/2021-08-04-some-name.md", "---\ndate: 2020-01-01\n---\ntext").title, "some-name");
        assert_eq!(&*article("a/some-name/index.md", "---\ndate: 2020-01-01\n---\n").title, "some-name");
        assert_eq!(&*article("a.md", "---\ndate: 2020-01-01\n---\n# A heading\n").title, "A heading");
        assert_eq!(&*article("a.md", "---\ntitle: 1.10\n---\n# A heading\n").title, "1.10");
        assert_eq!(&*article("a.md", "---\ntitle: '&#123;x&#125;'\n---\n").title, "{x}");
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let place = Place::new("a.md");
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("---\r\ntitle: 日\r\n---\r\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for (bytes, title) in
            [(utf16.as_slice(), "日"), (b"\xef\xbb\xbf---\rtitle: x\r---\r", "x"), (b"---\ntitle: x\n---\n\xff", "x")]
        {
            let skimmed = skim(&Source { place: &place, bytes, modified: None }, &manner());
            let Outcome::Article(article) = skimmed.outcome else { panic!() };
            assert_eq!(&*article.title, title);
        }
        let skimmed = skim(&Source { place: &place, bytes: b"---\ntitle: x\n---\n\xff", modified: None }, &manner());
        assert_eq!(skimmed.problems[0].to_string(), "a.md:4:1: the file is not UTF-8 here");
    }

    #[test]
    fn an_edit_before_publication_is_no_edit() {
        let text = "---\ntitle: x\ndate: 2020-01-02\nupdated: 2020-01-01\n---\n";
        assert_eq!(article("a.md", text).updated, None);
    }
}
