//! Lists the URL of every document and page.
//!
//! Redirects and removed URLs are not included. An old URL of site.yaml may hide one of these;
//! [`super::find`] decides that.

use super::Edition;
use crate::feed::Format;
use crate::text::encode_path;

impl Edition {
    /// Returns the paths of all documents, pages of lists and article pages as requests contain them: from the root of the
    /// host, percent-encoded.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        let feeds = self.feed_paths().flat_map(|(page, formats)| {
            let documents = formats.iter().map(|format: &Format| format.file_name());
            [""].into_iter().chain(documents).map(|file| format!("{page}{file}")).collect::<Vec<_>>()
        });
        let articles =
            self.library().all_published().map(|article| self.library().page(&article.place).path().to_owned());
        // The start pages are among the feeds.
        let site_documents = self.site_documents.by_path.keys().filter(|path| !self.paths.contains_key(path.as_str()));
        let below = site_documents.cloned().chain(feeds).chain(self.page_paths());
        below.map(|below| format!("{}{below}", self.base_path())).chain(articles)
    }

    /// Returns the path of an image in a request, given its path below `/media/`.
    pub(crate) fn media_address(&self, path: &str) -> String {
        format!("{}media/{}", self.base_path(), encode_path(path))
    }
}
