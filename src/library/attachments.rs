//! Resolves the references to files that front matter attaches.

use std::sync::Arc;

use super::{Library, MediaFacts};
use crate::article::Article;
use crate::article::body::image::is_relative;
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
}

/// Returns the URL of a file on another host; `None` for a path.
pub(super) fn remote_url(reference: &str) -> Option<Address> {
    let url = match reference.trim().strip_prefix("//") {
        Some(rest) => Address::parse(&format!("https://{rest}")),
        None => Address::parse(reference),
    };
    url.filter(|url| url.as_str().starts_with("http"))
}
