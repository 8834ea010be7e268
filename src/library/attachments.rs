//! Resolves the references to files that front matter attaches.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Library, MediaFacts};
use crate::article::body::image::is_relative;
use crate::article::{Article, Attachment, AttachmentKey, media_names};
use crate::text::Address;

/// The file to which a reference leads.
pub(crate) enum AttachedFile<'a> {
    /// Its path below `/media/`, and its facts.
    Local(&'a Arc<str>, &'a Arc<MediaFacts>),
    Remote(Address),
}

impl Library {
    /// Returns the file that an article attaches: a local one, otherwise one of the web site if that has URLs of its
    /// own, as for links of bodies, or one at an absolute URL.
    pub(crate) fn attached_file(&self, reference: &str, article: &Article) -> Option<AttachedFile<'_>> {
        if let Some((path, facts)) = self.local_media(reference, &article.place) {
            return Some(AttachedFile::Local(path, facts));
        }
        if !is_relative(reference) {
            return remote_url(reference).map(AttachedFile::Remote);
        }
        let home = &self.rules.site.identity.home;
        let url = if reference.starts_with('/') {
            Address::join(home, reference)
        } else {
            Address::join(&self.link(article), reference)
        };
        let is_ours = |url: &Address| self.own_root().is_some_and(|own| url.as_str().starts_with(own.as_str()));
        url.filter(|url| !is_ours(url)).map(AttachedFile::Remote)
    }

    /// Returns the media type of a remote attachment: as written, as its host says, or as its extension suggests. `None`
    /// for a page with a video, such as those of `YouTube`.
    pub(crate) fn attachment_type<'a>(&self, attachment: &'a Attachment, url: &Address) -> Option<Cow<'a, str>> {
        let written = attachment.media_type.as_deref().and_then(plain_type).map(Cow::Borrowed);
        let known = || Some(Cow::Borrowed(self.remote_image(url.as_str())?.media_type?));
        let suggested = || {
            let by_name = media_names::attachment_type(url.as_str());
            by_name.or(match attachment.key {
                AttachmentKey::Audio | AttachmentKey::Enclosure => Some("audio/mpeg"),
                AttachmentKey::Video => None,
                AttachmentKey::Attachment => Some("application/octet-stream"),
            })
        };
        written.or_else(known).or_else(|| suggested().map(Cow::Borrowed))
    }
}

/// Returns `type/subtype` as written by the author, without parameters; `None` if either is not a token
/// (RFC 9110, section 5.6.2).
pub(crate) fn plain_type(written: &str) -> Option<&str> {
    let written = written.split(';').next().unwrap_or_default().trim();
    let is_token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    written.split_once('/').filter(|(kind, rest)| is_token(kind) && is_token(rest)).map(|_| written)
}

/// Returns the URL of a file on another host; `None` for a path.
pub(super) fn remote_url(reference: &str) -> Option<Address> {
    let url = match reference.trim().strip_prefix("//") {
        Some(rest) => Address::parse(&format!("https://{rest}")),
        None => Address::parse(reference),
    };
    url.filter(|url| url.as_str().starts_with("http"))
}
