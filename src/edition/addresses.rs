//! Every address at which something of its own stands.
//!
//! What answers with another address, or with nothing, is not listed; whether
//! an old address of site.yaml hides a listed one, `find` says.

use super::Edition;
use crate::feed::Format;
use crate::key::{Key, Kind};
use crate::text::encode_path;

/// What there is one of, below the base.
const SINGLE: [&str; 5] = ["feeds.opml", "feeds.json", "feed.css", "favicon.ico", "robots.txt"];

impl Edition {
    /// The paths of all documents and article pages, as requests spell them:
    /// from the root of the host, percent-encoded.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        let kinds = Kind::LISTED.into_iter().filter_map(Kind::directory);
        let lists = kinds.map(|directory| format!("{directory}/"));
        let site_document = SINGLE.into_iter().map(str::to_owned);
        let feeds = self.feed_paths().flat_map(|(page, formats)| {
            let documents = formats.iter().map(|format: &Format| format.file_name());
            [""].into_iter().chain(documents).map(|file| format!("{page}{file}")).collect::<Vec<_>>()
        });
        let articles = self.library().members(&Key::Site).into_iter().flat_map(|members| members.newest());
        let articles = articles.map(|article| self.library().page(&article.place).path().to_owned());
        let below = lists.chain(site_document).chain(feeds);
        below.map(|below| format!("{}{below}", self.base_path())).chain(articles)
    }

    /// The path of an image, from its path below `/media/`, as requests spell it.
    pub fn media_address(&self, path: &str) -> String {
        format!("{}media/{}", self.base_path(), encode_path(path))
    }
}
