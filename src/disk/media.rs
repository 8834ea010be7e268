//! Inspects images and attachments: what a file is by its first bytes, how large an image is, how long a recording lasts.
//!
//! The extension only decides which files are inspected, not their media type. Of text formats there are only those that
//! accompany recordings: subtitles and chapters.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

use super::content_roots::ContentRoots;
use super::open::{self, Refusal};
use super::stamp::racy_until;
use super::{duration, image};
use crate::article::media_names;
use crate::content_path::file_name;
use crate::generator::selection::Exposure;
use crate::library::MediaFacts;

/// The number of bytes that suffices to find the media type.
pub(super) const OPENING: u64 = 4096;

/// Whether a file name has the extension of an image or attachment.
pub(super) fn is_named(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let is_other_json = extension.eq_ignore_ascii_case("json") && !stem.to_ascii_lowercase().ends_with("chapters");
        !stem.is_empty() && media_names::is_extension(extension) && !is_other_json
    })
}

/// Returns the media type by the first bytes of a file; `None` if feedmill does not serve such files. The name, which may
/// be a path, only decides between audio and video in containers that may hold either.
pub(crate) fn media_type(bytes: &[u8], name: &str) -> Option<&'static str> {
    let is_named = |extensions: &[&str]| {
        let extension = file_name(name).rsplit_once('.').map_or("", |(_, extension)| extension);
        extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    let at = |offset: usize, with: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(with));
    let either = |audio, video, of_audio: &[&str]| Some(if is_named(of_audio) { audio } else { video });
    if let Some(image) = image::media_type(bytes) {
        return Some(image);
    }
    if at(0, b"ID3") || duration::is_mpeg_audio(bytes) {
        Some("audio/mpeg")
    } else if bytes.first() == Some(&0xff) && bytes.get(1).is_some_and(|second| second & 0xf6 == 0xf0) {
        // ADTS, with the layer bits 0.
        Some("audio/aac")
    } else if at(4, b"ftyp") {
        match bytes.get(8..12)? {
            b"M4A " | b"M4B " | b"M4P " => Some("audio/x-m4a"),
            b"M4V " | b"M4VH" | b"M4VP" => Some("video/x-m4v"),
            b"qt  " => Some("video/quicktime"),
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"dash" | b"MSNV"
            | b"3gp4" | b"3gp5" | b"3gp6" | b"mmp4" => either("audio/x-m4a", "video/mp4", &["m4a", "m4b"]),
            _ => None,
        }
    } else if at(0, b"OggS") {
        let has_video = bytes[..bytes.len().min(512)].windows(7).any(|window| window == b"\x80theora");
        Some(if has_video { "video/ogg" } else { "audio/ogg" })
    } else if at(0, b"fLaC") {
        Some("audio/flac")
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some("audio/wav")
    } else if at(0, b"\x1a\x45\xdf\xa3") {
        let is_webm = bytes[..bytes.len().min(64)].windows(4).any(|window| window == b"webm");
        if is_webm { either("audio/webm", "video/webm", &["weba"]) } else { Some("video/x-matroska") }
    } else if at(0, b"%PDF-") {
        Some("application/pdf")
    } else if at(0, b"PK\x03\x04") && at(30, b"mimetypeapplication/epub+zip") {
        Some("application/epub+zip")
    } else if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        Some("application/zip")
    } else {
        text_type(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
    }
}

/// Returns the media type of subtitles, or of the chapters of a podcast episode
/// (docs/decisions/podcasts.md#transcripts-and-chapters).
fn text_type(bytes: &[u8]) -> Option<&'static str> {
    let opening = &bytes[..bytes.len().min(1024)];
    let rest = opening.strip_prefix(b"WEBVTT");
    if rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace)) {
        return Some("text/vtt");
    }
    let text = opening.trim_ascii_start();
    if text.starts_with(b"{") && text.windows(10).any(|window| window == b"\"chapters\"") {
        return Some("application/json+chapters");
    }
    // SRT: a number, and on the next line `00:00:01,000 --> 00:00:03,500`.
    let number = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let line = text[number..].trim_ascii_start();
    let is_time = line.get(..16).is_some_and(|time| time[2] == b':' && time[8] == b',' && time.ends_with(b" -->"));
    (number > 0 && is_time).then_some("application/x-subrip")
}

/// The result of inspecting a file with the name of an image or attachment. `facts` is `None` if it is neither.
pub(super) struct Seen {
    pub(super) facts: Option<MediaFacts>,
    pub(super) metadata: Metadata,
    pub(super) racy_until: Option<SystemTime>,
}

/// Inspects the file at `path`, which is resolved. `name` is the path under which the library knows it.
pub(super) fn inspect(roots: &ContentRoots, path: &Path, name: &Path, exposure: Exposure) -> Result<Seen, Refusal> {
    let read = SystemTime::now();
    let (mut file, metadata) = roots.open(path)?;
    let length = metadata.len();
    let mut head = open::read(&mut file, image::HEAD, length).map_err(Refusal::Failed)?;
    let facts = media_type(&head, &name.to_string_lossy()).map(|media_type| {
        let is_image = media_type.starts_with("image/");
        let pixels = is_image.then(|| image::size(&mut file, &mut head, media_type)).flatten();
        let (width, height) = pixels.unzip();
        let duration = duration::seconds(&file, &head, length, media_type);
        MediaFacts { file: name.to_owned(), length, media_type, exposure, width, height, duration }
    });
    Ok(Seen { facts, racy_until: racy_until(&metadata, read), metadata })
}
