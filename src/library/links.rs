//! Where an article is read: its URL by the pattern of `article_url`, and its page here.

use super::Library;
use crate::article::permalink::{Facts, jekyll_id};
use crate::article::{Article, Dialect, Place, Slugs, name_of};
use crate::site::Site;
use crate::text::{Address, decode_path};

impl Library {
    /// The URL of an article by the pattern of `article_url`.
    pub fn link(&self, article: &Article) -> Address {
        self.with_facts(article, |facts| self.link_by(article, facts))
    }

    /// The URL of an article's page here.
    pub fn page(&self, place: &Place) -> Address {
        self.rules.site.base.child("articles/").below(&self.page_path(place)).child("/")
    }

    /// The root of the site's URLs, if feedmill alone answers below it: an article that is read on the web site has
    /// a URL that feedmill knows nothing of.
    pub fn own_root(&self) -> Option<Address> {
        let site = &self.rules.site;
        let is_shared = site.article_url.leads_home() && site.home.as_str().starts_with(site.base.as_str());
        (!is_shared).then(|| site.base.clone())
    }

    /// The published article whose page here a link leads to, such as `/articles/a/`.
    pub fn page_named(&self, reference: &str) -> Option<&Article> {
        self.article_of_page(&self.page_path_in(reference)?)
    }

    /// The path of the page that a link leads to, if it is one below `/articles/`.
    pub(super) fn page_path_in(&self, reference: &str) -> Option<String> {
        let site = &self.rules.site;
        if site.home != site.base {
            return None;
        }
        let path = reference.split(['?', '#']).next()?.strip_prefix(site.base.path())?.strip_prefix("articles/")?;
        decode_path(path.trim_end_matches('/')).filter(|path| !path.is_empty())
    }

    /// The id that `ids: permalink` takes over from the feed of the generator.
    pub(super) fn permalink(&self, article: &Article) -> Address {
        let is_jekyll = self.rules.site.options.dialect == Dialect::Jekyll;
        self.with_facts(article, |facts| {
            let link = self.link_by(article, facts);
            if is_jekyll { jekyll_id(&link, facts) } else { link }
        })
    }

    fn link_by(&self, article: &Article, facts: &Facts<'_>) -> Address {
        let site = &self.rules.site;
        let url = site.article_url.of(facts.place).address(site.base.as_str(), site.home.as_str(), facts);
        Address::parse(&url).unwrap_or_else(|| self.page(&article.place))
    }

    /// Calls `made` with everything that URLs of an article are made of.
    fn with_facts<T>(&self, article: &Article, made: impl FnOnce(&Facts<'_>) -> T) -> T {
        let site = &self.rules.site;
        let (place, language) = within_language(site, &article.place);
        let none = Slugs::default();
        let name = match site.options.dialect {
            // A code that is no language of the site is a part of the name.
            Dialect::Hugo => place.stem().to_owned(),
            _ => name_of(&place, &site.options),
        };
        made(&Facts {
            place: &place,
            page_path: &|| self.page_path(&article.place),
            title: &article.title,
            name: &name,
            language: &language,
            slugs: article.slugs.as_deref().unwrap_or(&none),
            local: article.published.map(|published| published.with_timezone(&site.time_zone).naive_local()),
            instant: article.published,
            categories: &article.categories,
            category_slug: &|path| site.generator.category_slug(path),
        })
    }
}

/// The path of an article below the directory of its language, and that directory in URLs.
fn within_language(site: &Site, place: &Place) -> (Place, String) {
    if !matches!(site.options.dialect, Dialect::Hugo | Dialect::Zola) {
        return (place.clone(), String::new());
    }
    let languages = &site.options.site_context.languages;
    let (own, path) = languages.split(place.as_str());
    let is_named = languages.default_has_directory || languages.foreign(place.as_str()).is_some();
    (Place::new(&path), if is_named { format!("{own}/") } else { String::new() })
}
