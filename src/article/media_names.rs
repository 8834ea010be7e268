//! Hashes the names of the images and attachments that occur in a file. For articles whose bodies are not in memory,
//! this gives a quick first answer to the question which files they may refer to.
//!
//! Every text that ends like a media file, such as `pic.png` in `![x](../a/pic.png)`, yields a hash of its last
//! letters and digits. The hashes of all files that the article refers to are among them, but a matching
//! hash does not prove a reference, so the caller must read the article to be sure.

use std::collections::HashSet;

use percent_encoding::percent_decode;
use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_64;

/// The extensions of images, and of what accompanies recordings.
const EXTENSIONS: [&str; 18] = [
    "jpg", "jpeg", "jpe", "jfif", "pjpeg", "png", "apng", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff",
    "vtt", "srt", "json",
];

/// The extensions of attachments, with the media types that they usually have.
const ATTACHMENTS: [(&str, &str); 21] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/x-m4a"),
    ("m4b", "audio/x-m4a"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("weba", "audio/webm"),
    ("mp4", "video/mp4"),
    ("m4v", "video/x-m4v"),
    ("mov", "video/quicktime"),
    ("qt", "video/quicktime"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mkv", "video/x-matroska"),
    ("pdf", "application/pdf"),
    ("epub", "application/epub+zip"),
    ("zip", "application/zip"),
    ("cbz", "application/zip"),
];

/// Returns whether an extension is that of a media file.
pub(crate) fn is_extension(extension: &str) -> bool {
    known(extension.as_bytes()).is_some()
}

/// Returns the media type that the extension of a path or URL suggests for an attachment.
pub(crate) fn attachment_type(path: &str) -> Option<&'static str> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let (_, extension) = path.rsplit_once('.')?;
    ATTACHMENTS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, media_type)| *media_type)
}

/// Returns the media type of an attachment as it is in this program; `None` for other types.
pub(crate) fn known_type(name: &str) -> Option<&'static str> {
    ATTACHMENTS.iter().find(|(_, known)| *known == name).map(|(_, media_type)| *media_type)
}

fn known(extension: &[u8]) -> Option<&'static str> {
    let mut all = EXTENSIONS.into_iter().chain(ATTACHMENTS.iter().map(|(known, _)| *known));
    all.find(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
}

/// Number of characters before the dot that are hashed.
const COUNTED: usize = 16;

/// Maximum number of bytes of these characters, percent-encoded.
const LONGEST: usize = COUNTED * 12;

/// Maximum number of names of one file. More than a body can show, because the library stores each.
const MOST: usize = 4_000;

/// Maximum number of occurrences of names that are hashed, which bounds the time for names that repeat.
const EXAMINED: usize = 8 * MOST;

/// Returns the hashes of the first media files that a text names, without duplicates. Absolute URLs count, because
/// those of the site's own home lead to local files.
pub(crate) fn named(text: &str) -> Box<[u32]> {
    let bytes = text.as_bytes();
    let mut seen = HashSet::new();
    let mut hashes: Vec<u32> = dots(bytes)
        .filter_map(|(dot, end)| Some(hash(stem(&bytes[..dot]), extension(&bytes[end..])?)))
        .take(EXAMINED)
        .filter(|hash| seen.insert(*hash))
        .take(MOST)
        .collect();
    hashes.sort_unstable();
    hashes.into()
}

/// Returns where the dots of a text begin and end. They may be percent-encoded.
fn dots(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    memchr::memchr2_iter(b'.', b'%', text).filter_map(|at| {
        let is_encoded = || text.get(at + 1..at + 3).is_some_and(|code| code.eq_ignore_ascii_case(b"2E"));
        if text[at] == b'.' { Some((at, at + 1)) } else { is_encoded().then_some((at, at + 3)) }
    })
}

/// Returns the hash for the path of a media file, or for a reference to it.
pub(crate) fn of_path(path: &str) -> Option<u32> {
    let path = path.as_bytes();
    let (dot, end) = dots(path).last()?;
    Some(hash(stem(&path[..dot]), extension(&path[end..])?))
}

/// Returns the name at the end of a text, at most [`LONGEST`] bytes of it.
fn stem(text: &[u8]) -> &[u8] {
    let near = &text[text.len().saturating_sub(LONGEST)..];
    let start = near.iter().rposition(|byte| !in_name(*byte)).map_or(0, |at| at + 1);
    &near[start..]
}

/// Returns the extension at the beginning of a text, if no letter or digit follows it.
fn extension(text: &[u8]) -> Option<&'static str> {
    let length = text.iter().take(6).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &text[..length];
    known(word)
}

/// Returns whether a byte may belong to a name, in any script and percent-encoded.
fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'%') || byte >= 0x80
}

/// Hashes the last [`COUNTED`] characters of a name and its extension, after decoding, NFC and lower-casing.
fn hash(name: &[u8], extension: &str) -> u32 {
    let decoded = percent_decode(name).decode_utf8_lossy().to_lowercase();
    let composed: Vec<char> = decoded.nfc().collect();
    let counted = composed.iter().rev().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).take(COUNTED);
    let mut text: String = counted.collect();
    text.push('.');
    text.push_str(extension);
    // Half of the bits are enough for this purpose.
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    let half = xxh3_64(text.as_bytes()) as u32;
    half
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn every_spelling_of_a_reference_has_the_hash_of_the_path() {
        for (path, spellings) in [
            (
                "p/pic.png",
                &["![](pic.png)", "<img src=\"../PIC.PNG?x\">", "cover: /p/pic.png", "{% asset_img pic.png x %}"][..],
            ),
            ("p/my pic.jpg", &["![](<my pic.jpg>)", "![](my%20pic.jpg)", "[x]: my%20pic.jpg"]),
            ("图/新 图.webp", &["![](新 图.webp)", "![](%E6%96%B0%20%E5%9B%BE.webp)"]),
            ("é.gif", &["![](e\u{301}.gif)", "![](%C3%A9.gif)", "![](e%CC%81.gif)"]),
            ("50%.png", &["![](50%.png)", "![](50%25.png)"]),
            ("a@2x.png", &["![](a@2x.png)", "![](a%402x.png)"]),
            ("a&b(1).png", &["<img src=\"a&amp;b(1).png\">", "![](a&b\\(1\\).png)"]),
            ("a.b.c.svg", &["![](a.b.c.svg#d)"]),
            (
                "home.png",
                &["![](https://my.example/home.png)", "![](http://my.example/home.png)", "![](//my.example/home.png)"],
            ),
            ("dot.png", &["![](dot%2Epng)", "![](dot%2epng)", "![](https://my.example/dot%2EPNG?x)"]),
            ("v1.2.zip", &["[x](v1%2E2%2Ezip)", "[x](v1.2%2ezip)", "[x](v1%2E2.zip)"]),
            ("ep/Folge 1.mp3", &["audio: ep/Folge 1.mp3", "<audio src=\"folge%201.MP3\">"]),
        ] {
            let wanted = of_path(path).unwrap();
            for spelling in spellings {
                assert!(named(spelling).contains(&wanted), "{path}: {spelling}");
            }
        }
        assert_eq!(*named("no image.pngs, a.b 100%2 %2 % .png"), *named(".png"));
        assert_eq!(of_path("a.md"), None);
        assert_eq!(of_path("p/dot%2epng"), of_path("dot.png"));
    }

    #[test]
    fn only_the_first_of_very_many_names_are_kept() {
        let lines: Vec<String> = (0..10_000).map(|number| format!("![](i{number}.png) ![](i0.png)")).collect();
        let kept = named(&lines.join("\n"));
        assert_eq!(kept.len(), MOST);
        assert!(kept.contains(&of_path("i0.png").unwrap()) && kept.contains(&of_path("i3999.png").unwrap()));
    }

    #[test]
    fn very_many_names_without_blanks_between_them_cost_linear_time() {
        for text in ["a.png/", "a.png,", "%25.png", "a%2Epng"] {
            let start = Instant::now();
            assert!(!named(&text.repeat(20_000)).is_empty());
            assert!(start.elapsed() < Duration::from_secs(5), "{text}: {:?}", start.elapsed());
        }
        let late = format!("{}a.png/pic.png", "a.png/".repeat(EXAMINED - 1));
        assert_eq!(*named(&late), *named("a.png"));
    }
}
