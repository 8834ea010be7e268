//! Renders the pages of articles. They are not kept in the edition: each is made from its file when it is requested.

use std::sync::Arc;

use super::Edition;
use super::site_document::html;
use crate::article::{Article, ArticleBody};
use crate::document::{Document, Newest};
use crate::feed::{Address, UNDATED, select};
use crate::key::{FeedKey, Topic};
use crate::render::page;
use crate::site::Future;

impl Edition {
    /// Renders the page of an article whose file was just read.
    pub fn article_page(&self, article: &Article, detail: &ArticleBody) -> Document {
        let (article_page, newest, language) = self.article_page_inputs(article, detail);
        let address = article_page.entry.page.clone();
        html(&address, newest, page::article(&article_page)).linked(self.site_links(language.as_ref()))
    }

    /// Returns what the page of an article shows, its newest instant, and the language of the pages that it is among.
    pub(super) fn article_page_inputs(
        &self,
        article: &Article,
        detail: &ArticleBody,
    ) -> (page::ArticlePage, Newest, Option<Arc<str>>) {
        let mut entry = select::entry(&self.library, article, detail);
        // If no article in feeds has a category, it has no page.
        entry.categories.retain(|category| self.has_feed_at(&category.page));
        // A language has pages of its own if it has articles in feeds.
        let language =
            self.library.rules().site.language_of(article).filter(|code| {
                self.feeds.contains_key(&FeedKey { language: Some(Arc::clone(code)), topic: Topic::Site })
            });
        let feeds = self.library.keys_of(article);
        let feeds = feeds.iter().filter(|key| key.topic != Topic::Site).filter_map(|key| self.feeds.get(key));
        let newest = if self.is_ahead(article) { Newest::Ahead } else { Newest::At(entry.newest().unwrap_or(UNDATED)) };
        let article_page = page::ArticlePage {
            masthead: Arc::clone(self.masthead(language.as_ref())),
            feeds: feeds.map(|published| self.listing(&published.feed)).collect(),
            site: self.site_addresses(language.as_ref()),
            elsewhere: entry.link != entry.page,
            canonical_url: detail.canonical_url.clone(),
            entry: Arc::new(entry),
        };
        (article_page, newest, language)
    }

    fn has_feed_at(&self, page: &Address) -> bool {
        let base = &self.library.rules().site.identity.base;
        page.as_str().strip_prefix(base.as_str()).is_some_and(|path| self.paths.contains_key(path))
    }

    fn is_ahead(&self, article: &Article) -> bool {
        self.library.rules().site.future == Future::Show
            && article.published.is_some_and(|published| published > self.library.now())
    }
}
