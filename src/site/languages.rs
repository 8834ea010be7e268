//! The languages whose articles have feeds and pages of their own: `languages` of site.yaml and of the generator.

use std::sync::Arc;

use super::check::{SiteCheck, said};
use super::{Site, SiteIdentity};
use crate::article::Article;
use crate::generator::GeneratorSettings;
use crate::key::RESERVED;
use crate::text::Language;

/// A declared language other than the default one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SiteLanguage {
    /// The directory of its feeds and pages below the base URL, for example `fr`.
    pub code: Arc<str>,
    pub title: String,
    pub description: String,
    pub language: Language,
}

impl SiteCheck<'_> {
    pub(super) fn languages(&self, settings: &GeneratorSettings, site: &SiteIdentity) -> Vec<SiteLanguage> {
        if self.keys.languages.unwrap_or_default().mixed {
            return Vec::new();
        }
        let declared = settings.site_context.languages.others.iter();
        let plain = |code: &str| code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let usable = declared.filter(|other| plain(&other.code) && !RESERVED.contains(&&*other.code));
        usable
            .map(|other| {
                let title = said(other.title.as_ref()).unwrap_or_else(|| site.title.clone());
                let inherited = if site.description == site.title { &title } else { &site.description };
                SiteLanguage {
                    code: Arc::clone(&other.code),
                    description: said(other.description.as_ref()).unwrap_or_else(|| inherited.clone()),
                    language: [other.tag.as_deref(), Some(&*other.code)]
                        .into_iter()
                        .flatten()
                        .find_map(Language::parse)
                        .unwrap_or_else(Language::undetermined),
                    title,
                }
            })
            .collect()
    }
}

impl Site {
    /// Returns the code of the language below whose directory the feeds of an article are; `None` for the root.
    pub(crate) fn language_of(&self, article: &Article) -> Option<Arc<str>> {
        if self.languages.is_empty() {
            return None;
        }
        let code = self.options.site_context.languages.of_article(&article.place, article.language.as_deref());
        self.languages.iter().find(|language| language.code.eq_ignore_ascii_case(code)).map(|own| Arc::clone(&own.code))
    }

    /// Returns the code of the site in a language; `None` for the root.
    pub(crate) fn language_named(&self, language: &Language) -> Option<Arc<str>> {
        let is = |own: &&SiteLanguage| own.language == *language || own.code.eq_ignore_ascii_case(language.as_str());
        self.languages.iter().find(is).map(|own| Arc::clone(&own.code))
    }

    /// Returns the site in a language; `None` for the root.
    pub(crate) fn language(&self, code: Option<&str>) -> Option<&SiteLanguage> {
        self.languages.iter().find(|language| Some(&*language.code) == code)
    }
}
