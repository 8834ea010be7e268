//! Reads the files that front matter attaches to an article: recordings of podcasts, videos, documents.
//!
//! Each key may hold a reference, a table, the three lines of `WordPress` (URL, bytes, type), or a list of these.
//! References are not resolved here.

use super::Source;
use super::hidden::{TABLES, values};
use crate::article::{lead_image, media_names};
use crate::diagnostic::{Code, Problem};
use crate::syntax::front_matter::{Fields, FrontMatter, Value};

/// A file that front matter attaches, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub key: AttachmentKey,
    /// URL or path.
    pub reference: Box<str>,
    pub media_type: Option<Box<str>>,
    /// Size in bytes.
    pub length: Option<u64>,
    /// Duration in seconds.
    pub duration: Option<u32>,
}

/// What the key that attaches a file says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttachmentKey {
    Audio,
    Video,
    /// Any file, most often audio.
    Enclosure,
    /// Any file.
    Attachment,
}

const KEYS: [(&str, AttachmentKey); 9] = [
    ("audio", AttachmentKey::Audio),
    ("video", AttachmentKey::Video),
    ("enclosure", AttachmentKey::Enclosure),
    ("enclosures", AttachmentKey::Enclosure),
    ("podcast.file", AttachmentKey::Audio),
    ("podcast.url", AttachmentKey::Audio),
    ("podcast_file", AttachmentKey::Audio),
    ("mp3", AttachmentKey::Audio),
    ("attachments", AttachmentKey::Attachment),
];

/// Maximum number of attachments of an article.
const MOST: usize = 50;

/// Returns the attachments, each once.
pub(super) fn attachments(fields: &Fields) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    for (key, meaning) in KEYS {
        for value in values(fields, key) {
            for attachment in of_value(value, meaning).0 {
                if found.len() < MOST && found.iter().all(|known| known.reference != attachment.reference) {
                    found.push(attachment);
                }
            }
        }
    }
    if let Some(first) = found.first_mut().filter(|first| first.length.is_none()) {
        let beside = fields.first_of(&["enclosure_length", "audio_length", "length"]);
        first.length = beside.and_then(|(_, value)| value.as_text()?.parse().ok());
    }
    found
}

/// Returns whether a file is attached that is audio by its type, as written or by its extension, or by its key.
pub(super) fn names_audio(fields: &Fields) -> bool {
    attachments(fields).iter().any(|attachment| {
        let media_type =
            attachment.media_type.as_deref().or_else(|| media_names::attachment_type(&attachment.reference));
        match media_type {
            Some(media_type) => media_type.starts_with("audio/"),
            None => matches!(attachment.key, AttachmentKey::Audio | AttachmentKey::Enclosure),
        }
    })
}

/// Returns the attachments in a value, and the elements that describe none.
fn of_value(value: &Value, key: AttachmentKey) -> (Vec<Attachment>, Vec<&Value>) {
    let (mut found, mut unusable) = (Vec::new(), Vec::new());
    for element in value.elements() {
        if add(element, key, &mut found) == Use::None {
            unusable.push(element);
        }
    }
    (found, unusable)
}

/// Reports the values of these keys that are neither a path nor a URL. `false` and `none` mean that there is no file.
pub(super) fn report(source: &Source<'_>, text: &str, front: &FrontMatter, problems: &mut Vec<Problem>) {
    for (key, meaning) in KEYS {
        for path in [key.to_owned()].into_iter().chain(TABLES.iter().map(|table| format!("{table}.{key}"))) {
            let Some(value) = front.fields.get(&path) else { continue };
            for element in of_value(value, meaning).1 {
                let shown = match element.as_text() {
                    Some(text) => format!("`{}`", text.chars().take(80).collect::<String>()),
                    None if matches!(element, Value::Map(_)) => {
                        "a table without `url`, `src`, `href` or `file`".to_owned()
                    }
                    None => "a list in a list".to_owned(),
                };
                let message = format!("`{path}` is {shown}, which is neither a path nor a URL, so nothing is attached");
                let problem = Problem::new(source.place.shared(), Code::Attachment, message);
                let help = "write the path of a file, or a URL that begins with https://; or remove the key";
                problems.push(problem.at(front.position_of(text, &path)).help(help));
            }
        }
    }
}

/// Whether an element of a list says anything about an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Some,
    None,
}

/// Returns the text of the first of these keys in a table.
pub(super) fn text<'a>(table: &'a Fields, keys: &[&'static str]) -> Option<&'a str> {
    keys.iter().find_map(|key| table.get(key)?.as_text())
}

/// Adds what an element of a list describes: a file, or the length or the type of the file before it.
fn add(element: &Value, key: AttachmentKey, found: &mut Vec<Attachment>) -> Use {
    let of = |reference: &str| Attachment {
        key,
        reference: reference.into(),
        media_type: None,
        length: None,
        duration: None,
    };
    match element {
        Value::Map(table) => {
            let reference = text(table, &["url", "src", "href", "file"]).filter(|text| is_reference(text, key));
            let Some(reference) = reference else { return Use::None };
            found.push(Attachment {
                media_type: text(table, &["type", "media_type", "mime", "mime_type"]).map(Box::from),
                length: text(table, &["length", "size", "bytes"]).and_then(|length| length.parse().ok()),
                duration: text(table, &["duration"]).and_then(seconds),
                ..of(reference)
            });
        }
        Value::Number(length) => {
            let Some(last) = found.last_mut() else { return Use::None };
            last.length = last.length.or(length.parse().ok());
        }
        Value::Text(lines) => {
            for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
                match (found.last_mut(), line.parse()) {
                    (Some(last), Ok(length)) => last.length = last.length.or(Some(length)),
                    (Some(last), _) if is_media_type(line) => {
                        last.media_type = last.media_type.take().or(Some(line.into()));
                    }
                    // A plugin of WordPress for podcasts keeps further properties in the fourth line.
                    (Some(last), _) if line.starts_with("a:") && line.contains(":{") => {
                        last.duration = last.duration.or_else(|| serialized_duration(line));
                    }
                    _ => {
                        let (reference, length, media_type) = in_one_line(line);
                        if !is_reference(reference, key) {
                            return if is_none(reference) { Use::Some } else { Use::None };
                        }
                        let media_type = media_type.map(Box::from);
                        found.push(Attachment { media_type, length, ..of(reference) });
                    }
                }
            }
        }
        Value::Null | Value::Bool(false) => {}
        Value::Bool(true) | Value::List(_) => return Use::None,
    }
    Use::Some
}

/// Splits the three lines of `WordPress`, written on one: `https://x.example/a b.mp3 1234 audio/mpeg`.
fn in_one_line(line: &str) -> (&str, Option<u64>, Option<&str>) {
    let last = |text: &str| text.rsplit_once([' ', '\t']).map(|(rest, _)| rest.len());
    let (rest, media_type) = match last(line).map(|at| (line[..at].trim_end(), line[at..].trim_start())) {
        Some((rest, word)) if is_media_type(word) => (rest, Some(word)),
        _ => (line, None),
    };
    match last(rest).map(|at| (rest[..at].trim_end(), rest[at..].trim_start().parse())) {
        Some((reference, Ok(length))) => (reference, Some(length), media_type),
        _ => (rest, None, media_type),
    }
}

/// Returns the duration in a line such as `a:1:{s:8:"duration";s:8:"00:21:36";}`.
fn serialized_duration(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once("\"duration\";")?;
    seconds(rest.split('"').nth(1)?)
}

fn is_media_type(text: &str) -> bool {
    let Some((kind, rest)) = text.split_once('/') else { return false };
    ["audio", "video", "image", "text", "application"].contains(&kind.to_ascii_lowercase().as_str())
        && !rest.is_empty()
        && lead_image::media_type(rest).is_none()
        && media_names::attachment_type(rest).is_none()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
}

/// Returns whether a text may refer to a file. Themes name the videos of other sites by their ids, such as
/// `video: dQw4w9WgXcQ`, and templates have gaps.
fn is_reference(text: &str, key: AttachmentKey) -> bool {
    let is_id = key == AttachmentKey::Video && !text.contains(['/', '.']);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    !is_id && !is_number && text.len() <= 4096 && !text.contains(['<', '>', '{']) && text != "true" && !is_none(text)
}

/// Returns whether a text means that there is no file.
fn is_none(text: &str) -> bool {
    matches!(text, "false" | "none")
}

/// Parses a duration: `3723`, `1:02:03`, `62:03` or `PT1H2M3S`.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("PT") {
        let mut total: u32 = 0;
        let mut digits = String::new();
        for c in rest.chars() {
            let unit = match c {
                'H' => 3600,
                'M' => 60,
                'S' => 1,
                c => {
                    digits.push(c);
                    continue;
                }
            };
            total = total.checked_add(std::mem::take(&mut digits).parse::<u32>().ok()?.checked_mul(unit)?)?;
        }
        return digits.is_empty().then_some(total).filter(|total| *total > 0);
    }
    let mut total: u32 = 0;
    for (at, part) in text.split(':').enumerate() {
        // Fractions of a second are dropped.
        let part: u32 = part.trim().split('.').next()?.parse().ok()?;
        if at > 2 || at > 0 && part > 59 {
            return None;
        }
        total = total.checked_mul(60)?.checked_add(part)?;
    }
    Some(total).filter(|total| *total > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    type Row<'a> = (&'a str, Option<&'a str>, Option<u64>);

    fn of(yaml: &str) -> Vec<Attachment> {
        attachments(&front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields)
    }

    fn assert_read(yaml: &str, expected: &[Row<'_>]) {
        let found = of(yaml);
        let rows: Vec<Row<'_>> =
            found.iter().map(|found| (&*found.reference, found.media_type.as_deref(), found.length)).collect();
        assert_eq!(rows, expected, "{yaml}");
    }

    #[test]
    fn every_form_of_an_attachment_is_read() {
        let whole = [("https://x.example/a.mp3", Some("audio/mpeg"), Some(1234))];
        for yaml in [
            "audio: {url: https://x.example/a.mp3, type: audio/mpeg, length: 1234}",
            "enclosures: [{href: https://x.example/a.mp3, type: audio/mpeg, size: '1234'}]",
            "enclosure: |\n  https://x.example/a.mp3\n  1234\n  audio/mpeg",
            "enclosure: >\n  https://x.example/a.mp3\n  1234\n  audio/mpeg",
            "enclosure: https://x.example/a.mp3 1234 audio/mpeg",
            "enclosure: [https://x.example/a.mp3, 1234, audio/mpeg]",
            "enclosure:\n- 'https://x.example/a.mp3'\n- '1234'\n- 'audio/mpeg'",
            "enclosure:\n- |\n  https://x.example/a.mp3\n  1234\n  audio/mpeg\n  a:1:{s:8:\"duration\";s:8:\"00:21:36\";}",
            "podcast: {file: {src: https://x.example/a.mp3, mime: audio/mpeg, bytes: 1234}}",
            "extra: {audio: {file: https://x.example/a.mp3, type: audio/mpeg, length: 1234}}",
        ] {
            assert_read(yaml, &whole);
        }
        for (yaml, reference) in [
            ("mp3: a b.mp3", "a b.mp3"),
            ("podcast_file: audio/one.mp3", "audio/one.mp3"),
            ("podcast: {url: /a.mp3}", "/a.mp3"),
            ("params: {video: clip.mp4}", "clip.mp4"),
            ("audio: episode", "episode"),
        ] {
            assert_read(yaml, &[(reference, None, None)]);
        }
        assert_read("audio: a.mp3\naudio_length: 7", &[("a.mp3", None, Some(7))]);
    }

    #[test]
    fn lists_hold_several_files() {
        assert_read(
            "attachments:\n- a.pdf\n- {file: b.zip, size: 5}\n- a.pdf\naudio: [c.mp3, 6, d.mp3]",
            &[("c.mp3", None, Some(6)), ("d.mp3", None, None), ("a.pdf", None, None), ("b.zip", None, Some(5))],
        );
    }

    #[test]
    fn switches_and_ids_of_videos_are_not_files() {
        for yaml in [
            "audio: true",
            "video: false",
            "video: dQw4w9WgXcQ",
            "video: {id: dQw4w9WgXcQ, provider: youtube}",
            "mp3:",
            "audio: 3",
            "attachments: '{{ page.file }}'",
            "enclosure: '17'",
        ] {
            assert_read(yaml, &[]);
        }
    }

    #[test]
    fn values_that_attach_nothing_are_reported_at_their_place() {
        let reported = |yaml: &str| {
            let text = format!("---\ntitle: x\n{yaml}\n---\n");
            let front = front_matter::parse(&text).unwrap();
            let mut problems = Vec::new();
            let place = crate::content_path::ContentPath::new("a.md");
            let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
            report(&source, &text, &front, &mut problems);
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for (yaml, start) in [
            ("audio: true", "a.md:3:8: `audio` is `true`,"),
            ("enclosure: 17", "a.md:3:12: `enclosure` is `17`,"),
            ("video: dQw4w9WgXcQ", "a.md:3:8: `video` is `dQw4w9WgXcQ`,"),
            ("video: {id: dQw4w9WgXcQ}", "a.md:3:8: `video` is a table without `url`"),
            ("attachments: '{{ page.file }}'", "a.md:3:14: `attachments` is `{{ page.file }}`,"),
            ("attachments: [a.pdf, [b.pdf]]", "a.md:3:14: `attachments` is a list in a list,"),
            ("extra: {mp3: true}", "a.md:3:8: `extra.mp3` is `true`,"),
        ] {
            let found = reported(yaml);
            assert!(found.len() == 1 && found[0].starts_with(start), "{yaml}: {found:?}");
        }
        for yaml in
            ["audio: false", "mp3:", "video: none", "enclosure: [a.mp3, 5, audio/mpeg]", "podcast: {episode: 1}"]
        {
            assert_eq!(reported(yaml), [""; 0], "{yaml}");
        }
    }

    #[test]
    fn durations_are_read_in_every_form() {
        for (text, expected) in [
            ("3723", Some(3723)),
            ("1:02:03", Some(3723)),
            ("62:03", Some(3723)),
            ("00:21:36.5", Some(1296)),
            ("PT1H2M3S", Some(3723)),
            ("PT90M", Some(5400)),
            ("0", None),
            ("5 min", None),
            ("1:99", None),
            ("1:2:3:4", None),
            ("99999999:00:00", None),
            ("PT5", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        let [attachment] = &of("enclosure: |\n  a.mp3\n  1\n  audio/mpeg\n  a:1:{s:8:\"duration\";s:5:\"21:36\";}")[..]
        else {
            panic!("not one");
        };
        assert_eq!(attachment.duration, Some(1296));
    }
}
