//! Selects the files that an entry attaches, with their facts.

use super::image::media_address;
use crate::article::{Article, ArticleBody, Attachment, AttachmentKey, media_names};
use crate::feed::{Address, Enclosure, Image, Text};
use crate::library::{AttachedFile, Library};

/// Returns the attached files. The first is the enclosure: audio, else video, else the lead image, else any.
pub(super) fn of(library: &Library, article: &Article, detail: &ArticleBody, lead: Option<&Image>) -> Vec<Enclosure> {
    let mut found: Vec<Enclosure> = Vec::with_capacity(detail.attachments.len() + 1);
    for attachment in &detail.attachments {
        let enclosure = resolve(library, article, attachment);
        found.extend(enclosure.filter(|new| found.iter().all(|known| known.url != new.url)));
    }
    let first = |kind: &str| found.iter().position(|found| found.media_type.as_str().starts_with(kind));
    match (first("audio/").or_else(|| first("video/")), lead) {
        (Some(first), _) => found[..=first].rotate_right(1),
        (None, Some(lead)) => {
            found.retain(|found| found.url != lead.url);
            found.insert(0, of_image(lead));
        }
        (None, None) => {}
    }
    found
}

fn of_image(image: &Image) -> Enclosure {
    let media_type = Text::line(image.media_type);
    Enclosure { url: image.url.clone(), media_type, length: image.length, duration: None }
}

/// Returns the URLs of remote attachments, about which their hosts may be asked.
pub(crate) fn remote_attachments(library: &Library, article: &Article, detail: &ArticleBody) -> Vec<Address> {
    let files = detail.attachments.iter().filter_map(|attachment| {
        match library.attached_file(&attachment.reference, article)? {
            AttachedFile::Remote(url) => media_type(library, attachment, &url).map(|_| url),
            AttachedFile::Local(..) => None,
        }
    });
    files.collect()
}

fn resolve(library: &Library, article: &Article, attachment: &Attachment) -> Option<Enclosure> {
    Some(match library.attached_file(&attachment.reference, article)? {
        // The facts of the file overrule what is written.
        AttachedFile::Local(path, facts) => Enclosure {
            url: media_address(&library.rules().site.identity.base, path),
            media_type: Text::line(facts.media_type),
            length: Some(facts.length),
            duration: facts.duration.or(attachment.duration),
        },
        AttachedFile::Remote(url) => {
            // Authors who do not know the length write 0, and JSON cannot represent larger numbers exactly.
            let written = attachment.length.filter(|length| (1..1 << 53).contains(length));
            let known = || library.remote_image(url.as_str())?.length;
            let media_type = media_type(library, attachment, &url)?;
            Enclosure { length: written.or_else(known), media_type, duration: attachment.duration, url }
        }
    })
}

/// Returns the media type of a remote file: as written, as its host says, or as its extension suggests. `None` for
/// a page with a video, such as those of `YouTube`.
fn media_type(library: &Library, attachment: &Attachment, url: &Address) -> Option<Text> {
    let written = attachment.media_type.as_deref().and_then(plain_type).map(Text::line);
    let known = || library.remote_image(url.as_str())?.media_type.map(Text::line);
    let suggested = || {
        let by_name = media_names::attachment_type(url.as_str());
        by_name.or(match attachment.key {
            AttachmentKey::Audio | AttachmentKey::Enclosure => Some("audio/mpeg"),
            AttachmentKey::Video => None,
            AttachmentKey::Attachment => Some("application/octet-stream"),
        })
    };
    written.or_else(known).or_else(|| suggested().map(Text::line))
}

/// Returns `type/subtype` as written by the author, without parameters; `None` if either is not a token
/// (RFC 9110, section 5.6.2).
fn plain_type(written: &str) -> Option<&str> {
    let written = written.split(';').next().unwrap_or_default().trim();
    let is_token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    written.split_once('/').filter(|(kind, rest)| is_token(kind) && is_token(rest)).map(|_| written)
}
