//! Selects the files that an entry attaches, with their facts.

use super::image::media_address;
use crate::article::{Article, ArticleBody, Attachment};
use crate::feed::{Address, Enclosure, Image, Text};
use crate::library::{AttachedFile, Library};

/// Returns the attached files. The first is the enclosure: audio, else video, else the lead image, else any.
pub(super) fn of(library: &Library, article: &Article, detail: &ArticleBody, lead: Option<&Image>) -> Vec<Enclosure> {
    let mut found: Vec<Enclosure> = Vec::with_capacity(detail.attachments.len() + 1);
    for attachment in &detail.attachments {
        let enclosure = resolve(library, article, attachment);
        found.extend(enclosure.filter(|new| found.iter().all(|known| known.url != new.url)));
    }
    let first = |kind: &str| found.iter().position(|found| found.is_of(kind));
    match (first("audio/").or_else(|| first("video/")), lead) {
        (Some(first), _) => {
            found[..=first].rotate_right(1);
            let written = detail.episode.as_ref().and_then(|episode| episode.duration);
            found[0].duration = found[0].duration.or(written);
        }
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
            AttachedFile::Remote(url) => library.attachment_type(attachment, &url).map(|_| url),
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
            let media_type = Text::line(&library.attachment_type(attachment, &url)?);
            Enclosure { length: written.or_else(known), media_type, duration: attachment.duration, url }
        }
    })
}
