//! Facts about remote images and attachments: the file `images.facts`, which `feedmill images` writes and every other command reads.
//!
//! The first line is `feedmill images 1`. Each other line describes one image in nine columns, separated by tabs:
//! URL, state, media type, length, width, height, and for the next probe the date of the last one, a validator and the
//! referer that worked. An unknown column is empty. The URL is the one that documents contain.
//!
//! Only what documents depend on is kept: all URLs in one text, and their facts sorted by URL. Parsing allocates both
//! and nothing for a line.

use crate::article::{lead_image, media_names};
use crate::diagnostic::{Code, Position, Problem};

mod record;

pub(crate) use record::{Record, Records};

/// The name of the file in `feeds/`.
pub const FILE_NAME: &str = "images.facts";
/// The first line.
const HEADER: &str = "feedmill images 1";
/// The number of columns.
const COLUMNS: usize = 9;
/// Most problems of one file that are reported one by one.
const MOST_PROBLEMS: usize = 20;

/// The result of the last probe of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageState {
    /// It is an image.
    Ok,
    /// The server says that it does not exist (any more).
    Gone,
    /// The server refuses access, for example to requests without a page that embeds the image.
    Refused,
    /// The response is not an image.
    NoImage,
    /// The probe failed.
    Unknown,
}

impl ImageState {
    const ALL: [Self; 5] = [Self::Ok, Self::Gone, Self::Refused, Self::NoImage, Self::Unknown];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::NoImage => "no-image",
            Self::Unknown => "unknown",
        }
    }

    /// Returns whether readers would see no image.
    pub(crate) fn is_dead(self) -> bool {
        matches!(self, Self::Gone | Self::NoImage)
    }
}

/// The facts about one image that documents depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RemoteImage {
    pub state: ImageState,
    pub media_type: Option<&'static str>,
    /// Size in bytes.
    pub length: Option<u64>,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
}

/// One line of the file: where its URL is in [`RemoteImages::urls`], and its facts.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: u32,
    end: u32,
    number: u32,
    facts: RemoteImage,
}

/// The facts of one file.
#[derive(Debug, Clone, Default)]
pub struct RemoteImages {
    urls: String,
    /// Sorted by URL, each once.
    lines: Vec<Line>,
}

impl RemoteImages {
    /// Parses the file. A line that cannot be read is skipped and reported; of two lines for one URL the first counts.
    /// Fails if the first line is not the one of this version. `name` is the path of the file, for messages.
    pub fn parse(name: &str, text: &str) -> Result<(Self, Vec<Problem>), Problem> {
        let rest = body(name, text)?;
        let mut lines: Vec<Line> = Vec::with_capacity(text.len() / 128);
        let mut urls = String::with_capacity(text.len() * 2 / 3);
        let mut wrong: Vec<(u32, String)> = Vec::new();
        for (line, number) in rest.split('\n').zip(2..).filter(|(line, _)| !line.is_empty()) {
            match Columns::parse(line) {
                Ok(Columns { url, facts, .. }) => {
                    let start = offset(urls.len());
                    urls.push_str(url);
                    lines.push(Line { start, end: offset(urls.len()), number, facts });
                }
                Err(message) => wrong.push((number, message)),
            }
        }
        let url = |line: &Line| url_of(&urls, line);
        if !lines.is_sorted_by(|one, next| url(one) < url(next)) {
            // A stable sort, so that the first of equal URLs stays first.
            lines.sort_by(|one, other| url(one).cmp(url(other)));
            lines.dedup_by(|later, first| {
                let is_same = url(later) == url(first);
                if is_same {
                    wrong.push((later.number, "an earlier line has the same URL and is used".to_owned()));
                }
                is_same
            });
            wrong.sort_unstable();
        }
        let more = wrong.len().saturating_sub(MOST_PROBLEMS);
        let mut problems: Vec<Problem> = Vec::with_capacity(wrong.len().min(MOST_PROBLEMS + 1));
        for (count, (line, message)) in wrong.into_iter().take(MOST_PROBLEMS + 1).enumerate() {
            let message = if count < MOST_PROBLEMS {
                format!("{message}; the line is skipped")
            } else {
                format!("{more} more lines from here on are skipped")
            };
            problems.push(problem(name, line, message));
        }
        Ok((Self { urls, lines }, problems))
    }

    /// Returns what is known about the image at a URL.
    pub(crate) fn get(&self, url: &str) -> Option<RemoteImage> {
        let at = self.lines.binary_search_by(|line| url_of(&self.urls, line).cmp(url)).ok()?;
        Some(self.lines[at].facts)
    }

    /// Returns the URLs whose facts differ, sorted.
    pub(crate) fn differences<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut found = Vec::new();
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => return found,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((one, _)), Some((other, _))) => one.cmp(other),
            };
            let one = if order.is_le() { ours.next() } else { None };
            let other = if order.is_ge() { theirs.next() } else { None };
            if one != other {
                found.extend(one.or(other).map(|(url, _)| url));
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, RemoteImage)> {
        self.lines.iter().map(|line| (url_of(&self.urls, line), line.facts))
    }
}

/// Two files are equal if all documents are. Dates, validators and referers do not count.
impl PartialEq for RemoteImages {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

fn url_of<'a>(urls: &'a str, line: &Line) -> &'a str {
    &urls[line.start as usize..line.end as usize]
}

fn problem(name: &str, line: u32, message: String) -> Problem {
    Problem::new(name, Code::ImageFacts, message).at(Position { line, column: 1 })
}

/// Returns what follows the first line, if that is the one of this version.
fn body<'a>(name: &str, text: &'a str) -> Result<&'a str, Problem> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if first == HEADER {
        return Ok(rest);
    }
    let message = match first.strip_prefix("feedmill images ") {
        Some("1\r") => {
            let message = "the lines end with a carriage return".to_owned();
            return Err(problem(name, 1, message).help("let every line end with a line feed only, also in git"));
        }
        Some(version) => format!("version `{version}` of this file is unknown"),
        None => format!("the first line is not `{HEADER}`"),
    };
    Err(problem(name, 1, message).help("delete the file and run `feedmill images`, which writes it again"))
}

/// Converts an offset. Files of more than 4 GiB are not read.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A line, split into its columns.
struct Columns<'a> {
    url: &'a str,
    facts: RemoteImage,
    checked: &'a str,
    validator: &'a str,
    referer: &'a str,
}

impl<'a> Columns<'a> {
    fn parse(line: &'a str) -> Result<Self, String> {
        let mut columns = [""; COLUMNS];
        for (at, column) in line.split('\t').enumerate() {
            *columns.get_mut(at).ok_or_else(|| format!("there are more than {COLUMNS} columns"))? = column;
        }
        let [url, state, media_type, length, width, height, checked, validator, referer] = columns;
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if !is_web || !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("the first column is not a percent-encoded http or https URL".to_owned());
        }
        let known = ImageState::ALL.into_iter().find(|known| known.as_str() == state);
        let state = known.ok_or_else(|| {
            format!("the state is `{state}`, not one of {}", ImageState::ALL.map(ImageState::as_str).join(", "))
        })?;
        let media_type = match media_type {
            "" => None,
            name => {
                let known = lead_image::known_type(name).or_else(|| media_names::known_type(name));
                Some(known.ok_or_else(|| format!("`{name}` is not the media type of an image or attachment"))?)
            }
        };
        let pixels = match (width, height) {
            ("", "") => None,
            (width, height) => Some((number(width, "a width")?, number(height, "a height")?)),
        };
        if !checked.is_empty() && !is_date(checked) {
            return Err(format!("`{checked}` is not a date like 2026-01-31"));
        }
        let length = if length.is_empty() { None } else { Some(number(length, "a length")?) };
        Ok(Self { url, facts: RemoteImage { state, media_type, length, pixels }, checked, validator, referer })
    }
}

/// Parses a positive number that JSON represents exactly.
fn number<T: TryFrom<u64>>(text: &str, what: &str) -> Result<T, String> {
    let digits = Some(text).filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse::<u64>().ok()).filter(|number| (1..1 << 53).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| format!("`{text}` is not {what}"))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &str) -> (RemoteImages, Vec<String>) {
        let (images, problems) = RemoteImages::parse("images.facts", &format!("{HEADER}\n{lines}")).unwrap();
        (images, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_line_gives_type_length_and_size() {
        let (images, problems) = parse(
            "https://x.example/a\tok\timage/webp\t1234\t640\t480\t2026-01-31\t\"v\"\tnone\nhttp://x.example/b\tgone\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let found = images.get("https://x.example/a").unwrap();
        assert_eq!((found.state, found.media_type), (ImageState::Ok, Some("image/webp")));
        assert_eq!((found.length, found.pixels), (Some(1234), Some((640, 480))));
        assert!(images.get("http://x.example/b").unwrap().state.is_dead());
        assert_eq!(images.get("https://x.example/"), None);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_skipped_and_reported_with_its_number() {
        let (images, problems) = parse(
            "ftp://x.example/a\tok\nhttps://x.example/ü\tok\nhttps://x.example/a\tfine\nhttps://x.example/b\tok\ttext/html\n\
             https://x.example/c\tok\t\t-1\nhttps://x.example/d\tok\t\t\t640\nhttps://x.example/e\tok\t\t\t640\t0\n\
             https://x.example/f\tok\t\t\t\t\ttoday\nhttps://x.example/g\tok\t\t\t\t\t\t\t\t\t\n\nhttps://x.example/h\tok",
        );
        assert_eq!(images.iter().map(|(url, _)| url).collect::<Vec<_>>(), ["https://x.example/h"]);
        assert_eq!(problems.len(), 9, "{problems:?}");
        assert!(problems[0].starts_with("images.facts:2:1: the first column is not"), "{problems:?}");
        assert!(problems[8].starts_with("images.facts:10:1: there are more than 9 columns"), "{problems:?}");
    }

    #[test]
    fn the_order_of_lines_does_not_matter_and_of_duplicates_the_first_counts() {
        let one = "https://x.example/a\tok\timage/png\t1\n";
        let (two, again) = ("https://x.example/b\tgone\n", "https://x.example/a\tok\timage/png\t2\n");
        assert_eq!(parse(&[one, two].concat()).0, parse(&[two, one].concat()).0);
        let (images, problems) = parse(&[two, one, again].concat());
        assert_eq!(images, parse(&[one, two].concat()).0);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("images.facts:4:1: an earlier line has the same URL"), "{problems:?}");
    }

    #[test]
    fn a_file_of_another_version_is_an_error_at_line_1() {
        for (text, message) in [
            ("feedmill images 2\n", "images.facts:1:1: version `2` of this file is unknown"),
            ("feedmill images 1\r\n", "images.facts:1:1: the lines end with a carriage return"),
            ("https://x.example/a\tok\n", "images.facts:1:1: the first line is not `feedmill images 1`"),
            ("", "images.facts:1:1: the first line is not `feedmill images 1`"),
        ] {
            let problem = RemoteImages::parse("images.facts", text).unwrap_err();
            assert!(problem.to_string().starts_with(message), "{problem}");
        }
    }

    #[test]
    fn ten_thousand_wrong_lines_are_not_ten_thousand_problems() {
        let (_, problems) = parse(&"x\n".repeat(10_000));
        assert_eq!(problems.len(), MOST_PROBLEMS + 1);
        assert!(problems[MOST_PROBLEMS].contains("9980 more lines"), "{}", problems[MOST_PROBLEMS]);
    }

    #[test]
    fn only_differences_that_a_document_shows_count() {
        let (before, _) = parse("https://x.example/a\tok\nhttps://x.example/b\tok\nhttps://x.example/c\tok\n");
        let (after, _) =
            parse("https://x.example/a\tok\t\t\t\t\t2026-01-31\nhttps://x.example/c\tgone\nhttps://x.example/d\tok\n");
        let changed = ["https://x.example/b", "https://x.example/c", "https://x.example/d"];
        assert_eq!(before.differences(&after), changed);
        assert_eq!(after.differences(&before), changed);
        assert_eq!(before.differences(&before.clone()), Vec::<&str>::new());
    }
}
