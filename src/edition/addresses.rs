//! Lists the URL of every document and page.
//!
//! Redirects and removed URLs are not included. An old URL of site.yaml may hide one of these;
//! [`super::find`] decides that.

use super::Edition;
use crate::feed::Format;
use crate::key::{FeedKey, Kind};
use crate::text::encode_path;

/// Documents of which there is one, below the base URL.
const SINGLE: [&str; 5] = ["feeds.opml", "feeds.json", "feed.css", "favicon.ico", "robots.txt"];

impl Edition {
    /// Returns the paths of all documents and article pages as requests contain them: from the root of the
    /// host, percent-encoded.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        let kinds = Kind::LISTED.into_iter().filter_map(Kind::directory);
        let lists = kinds.map(|directory| format!("{directory}/"));
        let site_document = SINGLE.into_iter().map(str::to_owned);
        let feeds = self.feed_paths().flat_map(|(page, formats)| {
            let documents = formats.iter().map(|format: &Format| format.file_name());
            [""].into_iter().chain(documents).map(|file| format!("{page}{file}")).collect::<Vec<_>>()
        });
        let articles = self.library().members(&FeedKey::Site).into_iter().flat_map(|members| members.newest());
        let articles = articles.map(|article| self.library().page(&article.place).path().to_owned());
        let below = lists.chain(site_document).chain(feeds);
        below.map(|below| format!("{}{below}", self.base_path())).chain(articles)
    }

    /// Returns the path of an image in a request, given its path below `/media/`.
    pub(crate) fn media_address(&self, path: &str) -> String {
        format!("{}media/{}", self.base_path(), encode_path(path))
    }
}
