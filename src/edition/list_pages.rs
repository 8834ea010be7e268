//! Renders the pages of lists: the first page of a feed's articles, and `…/page/N/` below every list.
//!
//! The pages after the first are not kept in the edition, because every new article changes all of them. They need no
//! file: articles that a feed does not contain are headlines.

use std::ops::Range;
use std::sync::Arc;

use super::find::FoundTarget;
use super::site_document::{SiteContent, SiteDocument, html};
use super::{Edition, Found, Published, rendering_permit};
use crate::digest::digest;
use crate::document::{Document, Newest};
use crate::feed::{Feed, Headline, Kind, UNDATED};
use crate::key::FeedKey;
use crate::render::page::{self, ARTICLES, FEEDS, FeedPage, PageNumber};
use crate::site::Future;

/// Splits a path into that of a list and the number of its page: `tags/a/page/3/`. Numbers have no leading zeros.
pub(super) fn numbered(below: &str) -> Option<(&str, usize)> {
    let (before, number) = below.strip_suffix('/')?.rsplit_once('/')?;
    let list = before.strip_suffix(crate::name::PAGE)?;
    let is_number = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
    let number = number.parse().ok().filter(|_| is_number)?;
    (list.is_empty() || list.ends_with('/')).then_some((list, number))
}

impl Edition {
    /// Resolves the path of a page of a list, below the base URL. The first page has the URL of the list.
    pub(super) fn find_page(&self, below: &str) -> Option<FoundTarget<'_>> {
        let (list, number) = numbered(below)?;
        let target = if let Some(published) = self.paths.get(list) {
            let position = PageNumber::new(number, published.feed.count, ARTICLES)?;
            FoundTarget::Older(published, position)
        } else {
            let site_document = self.site_documents.by_path.get(list)?;
            let SiteContent::List(kind) = &site_document.what else { return None };
            let feeds = self.library.keys_of_kind(site_document.language.as_ref(), kind).count();
            PageNumber::new(number, feeds, FEEDS)?;
            FoundTarget::Listed(site_document, kind, number)
        };
        Some(if number == 1 { FoundTarget::Other(Found::Moved(self.base().child(list).to_string())) } else { target })
    }

    /// Returns the articles of a feed in a range, without its entries.
    fn headlines(&self, feed: &Feed, range: Range<usize>) -> Vec<Headline> {
        let start = range.start.max(feed.entries.len());
        let members = self.library.members(&feed.key).into_iter().flat_map(|members| members.newest());
        let older = members.skip(start).take(range.end.saturating_sub(start));
        older.map(|article| Headline::of(&self.library, article)).collect()
    }

    /// Returns the articles of the first page that the feed does not contain.
    pub(super) fn first_headlines(&self, feed: &Feed) -> Vec<Headline> {
        self.headlines(feed, 0..ARTICLES)
    }

    /// Renders the first page of a feed.
    pub(super) fn first_page(&self, published: &Published) -> Document {
        self.feed_page(published, published.first_position(), &published.headlines, (&published.feed).into())
    }

    /// Renders a later page of a feed.
    pub(super) fn older_page(&self, published: &Published, position: PageNumber) -> Document {
        let feed = &published.feed;
        let start = (position.number - 1) * ARTICLES;
        let headlines = self.headlines(feed, start..start + ARTICLES);
        let of_entries = page::entries_of(feed, position.number).iter().filter_map(|entry| entry.newest());
        let newest = of_entries.chain(headlines.iter().filter_map(Headline::newest)).max().unwrap_or(UNDATED);
        let is_ahead = self.library.rules().site.future == Future::Show && newest > self.library.now();
        let newest = if is_ahead { Newest::Ahead } else { Newest::At(newest) };
        self.feed_page(published, position, &headlines, newest)
    }

    /// Returns a digest of what a page of a feed is made of.
    pub(super) fn digest_of_page(&self, published: &Published, position: PageNumber) -> u128 {
        let feed = &published.feed;
        let start = (position.number - 1) * ARTICLES;
        let older = if position.number == 1 { Vec::new() } else { self.headlines(feed, start..start + ARTICLES) };
        let headlines = if position.number == 1 { &published.headlines } else { &older };
        digest(&(published.digest(), position, headlines, self.site_addresses(feed.key.language.as_ref())))
    }

    fn feed_page(
        &self,
        published: &Published,
        position: PageNumber,
        headlines: &[Headline],
        newest: Newest,
    ) -> Document {
        let feed = &published.feed;
        let _permit = rendering_permit(feed);
        let site = self.site_addresses(feed.key.language.as_ref());
        let page = page::feed(FeedPage { feed, below: &published.below, site: &site, position, headlines });
        self.document_cache.rendered(page::entries_of(feed, position.number));
        // The site's own feed is named once.
        let own = Some(&feed.addresses).filter(|own| own.page != site.page);
        html(&position.own(&feed.addresses.page), newest, page).linked(page::links(own.into_iter().chain([&site])))
    }

    /// Renders a later page of a list of feeds.
    pub(super) fn list_page(&self, list: &SiteDocument, kind: &Kind, number: usize) -> Option<Document> {
        let language = list.language.as_ref();
        let catalogue = self.catalogue_of(language);
        let page = page::list(catalogue, kind, number)?;
        let path = format!("{}/{}", kind.directory().unwrap_or_default(), page::page_path(number));
        let address = self.masthead(language).start.child(&path);
        Some(html(&address, catalogue.into(), page).linked(self.site_links(language)))
    }

    /// Returns the paths of all pages of lists except the first ones, below the base URL.
    pub(super) fn page_paths(&self) -> impl Iterator<Item = String> {
        let of_feeds = self.feeds.values().map(|published| (&*published.path, published.feed.count.div_ceil(ARTICLES)));
        let of_lists = self.site_documents.by_path.iter().filter_map(|(path, list)| match &list.what {
            SiteContent::List(kind) => {
                let feeds = self.library.keys_of_kind(list.language.as_ref(), kind).count();
                Some((path.as_str(), feeds.div_ceil(FEEDS)))
            }
            _ => None,
        });
        of_feeds
            .chain(of_lists)
            .flat_map(|(path, pages)| (2..=pages).map(move |number| format!("{path}{}", page::page_path(number))))
    }

    /// Returns the feed of the site in a language.
    pub(super) fn site_feed(&self, language: Option<&Arc<str>>) -> Option<&Arc<Published>> {
        self.feeds.get(&FeedKey { language: language.cloned(), topic: crate::key::Topic::Site })
    }
}

impl Published {
    /// Returns the position of the first page.
    pub(super) fn first_position(&self) -> PageNumber {
        PageNumber { number: 1, of: self.feed.count.div_ceil(ARTICLES).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_page_names_its_list_and_its_number() {
        assert_eq!(numbered("page/2/"), Some(("", 2)));
        assert_eq!(numbered("categories/a/page/30/"), Some(("categories/a/", 30)));
        assert_eq!(numbered("tags/page/page/2/"), Some(("tags/page/", 2)));
        for other in ["page/", "page/02/", "page/0/", "page/-1/", "page/2", "apage/2/", "a/2/", "page/2/3/", "page//"] {
            assert_eq!(numbered(other), None, "{other}");
        }
    }
}
