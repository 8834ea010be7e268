//! Builds the URLs of an article: its original URL from the pattern `article_url`, and the URL of its page
//! on this site.

use std::borrow::Cow;
use std::sync::Arc;

use super::{AffectedFeeds, Library};
use crate::article::{Article, name_of};
use crate::content_path::ContentPath;
use crate::generator::permalink::{Facts, Slugs};
use crate::site::Site;
use crate::text::{Address, Language, decode_path};

impl Library {
    /// Returns the URL of an article by the pattern `article_url`.
    pub(crate) fn link(&self, article: &Article) -> Address {
        self.with_facts(article, |facts| self.link_by(article, facts))
    }

    /// Returns the URL of an article's page on this site.
    pub(crate) fn page(&self, place: &ContentPath) -> Address {
        self.rules.site.identity.base.child("articles/").below(&self.page_path(place)).child("/")
    }

    /// Returns the published translations of the file at a path, with their languages.
    pub(crate) fn translations(&self, place: &ContentPath) -> Vec<(Language, &Article)> {
        let site = &self.rules.site;
        if site.languages.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Language, &Article)> = Vec::new();
        for (code, path) in site.options.site_context.languages.translations(place.as_str()) {
            if let Some(article) = self.published(&path)
                && site.options.site_context.languages.of_article(&article.place, None).eq_ignore_ascii_case(code)
                && let Some(language) = self.language_of(article)
                && found.iter().all(|(known, _)| *known != language)
            {
                found.push((language, article));
            }
        }
        found
    }

    /// Returns the language of the site that an article belongs to; `None` if it is not known.
    pub(crate) fn language_of(&self, article: &Article) -> Option<Language> {
        let site = &self.rules.site;
        let own = site.language_of(article);
        own.map_or_else(|| site.identity.language.clone(), |code| Some(site.language(Some(&code))?.language.clone()))
    }

    /// Marks the feeds that show translations of these articles.
    pub(super) fn touch_translations<'a>(
        &self,
        changed: impl Iterator<Item = &'a Arc<Article>>,
        affected: &mut AffectedFeeds,
    ) {
        for (_, translation) in changed.flat_map(|article| self.translations(&article.place)) {
            affected.extend(self.keys_of(translation));
        }
    }

    /// Returns the base URL, if feedmill alone serves everything below it. With articles on the web site,
    /// other URLs may exist below it that feedmill does not know.
    pub(crate) fn own_root(&self) -> Option<Address> {
        let site = &self.rules.site;
        let is_shared =
            site.links.article_url.leads_home() && site.identity.home.as_str().starts_with(site.identity.base.as_str());
        (!is_shared).then(|| site.identity.base.clone())
    }

    /// Returns the published article whose page a link leads to, for example `/articles/a/`.
    pub(crate) fn page_named(&self, reference: &str) -> Option<&Article> {
        self.article_of_page(&self.page_path_in(reference)?)
    }

    /// Returns the path of the page that a link leads to, if it is below `/articles/`.
    pub(super) fn page_path_in(&self, reference: &str) -> Option<String> {
        let site = &self.rules.site;
        if site.identity.home != site.identity.base {
            return None;
        }
        let path =
            reference.split(['?', '#']).next()?.strip_prefix(site.identity.base.path())?.strip_prefix("articles/")?;
        decode_path(path.trim_end_matches('/')).filter(|path| !path.is_empty())
    }

    /// Returns the id that `ids: permalink` takes over from the generator's own feed.
    pub(super) fn permalink(&self, article: &Article) -> Address {
        let feed_id = self.rules.site.options.generator.permalinks.feed_id;
        self.with_facts(article, |facts| {
            let link = self.link_by(article, facts);
            match feed_id {
                Some(feed_id) => feed_id(&link, facts),
                None => link,
            }
        })
    }

    /// Returns the title of an article, or for one without a title that of its file, for URLs and links to it.
    pub(crate) fn name_of<'a>(&self, article: &'a Article) -> Cow<'a, str> {
        if article.title.is_empty() {
            let options = &self.rules.site.options;
            Cow::Owned((options.generator.title_of_name)(&name_of(&article.place, options)))
        } else {
            Cow::Borrowed(&article.title)
        }
    }

    fn link_by(&self, article: &Article, facts: &Facts<'_>) -> Address {
        let site = &self.rules.site;
        let url = site.links.article_url.of(facts.place).address(
            site.identity.base.as_str(),
            site.identity.home.as_str(),
            facts,
        );
        Address::parse(&url).unwrap_or_else(|| self.page(&article.place))
    }

    /// Calls `made` with everything that a URL pattern of an article may contain.
    fn with_facts<T>(&self, article: &Article, made: impl FnOnce(&Facts<'_>) -> T) -> T {
        let site = &self.rules.site;
        let (place, code, language) = within_language(site, &article.place);
        let none = Slugs::default();
        let written = site.options.default_time.written(article);
        let has_suffix = site.options.generator.permalinks.has_suffix_in_name;
        let name = if has_suffix { place.stem().to_owned() } else { name_of(&place, &site.options) };
        made(&Facts {
            place: &place,
            page_path: &|| self.page_path(&article.place),
            title: &self.name_of(article),
            name: &name,
            language: &language,
            language_code: code,
            sections: &site.options.site_context.sections,
            slugs: article.slugs.as_deref().unwrap_or(&none),
            local: written.map(|written| site.options.zones.default.local(written)),
            instant: written,
            categories: &article.categories,
            permalink_config: &site.links.permalink_config,
            url_settings: &site.links.url_settings,
        })
    }
}

/// Returns the path of an article below the directory of its language, the code of the language, and its directory as
/// it appears in URLs.
fn within_language<'a>(site: &'a Site, place: &'a ContentPath) -> (ContentPath, &'a str, String) {
    if !site.options.generator.permalinks.has_language_directories {
        let below = site.options.site_context.collections.below_root(place.as_str());
        let below = below.filter(|below| *below != place.as_str()).map(ContentPath::new);
        return (below.unwrap_or_else(|| place.clone()), "", String::new());
    }
    let languages = &site.options.site_context.languages;
    let (own, path) = languages.split(place.as_str());
    let is_named = languages.default_has_directory || languages.foreign(place.as_str()).is_some();
    (ContentPath::new(&path), own, if is_named { format!("{own}/") } else { String::new() })
}
