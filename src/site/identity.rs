//! What a site is called, where it is and who writes it. Every feed and page shows a part of it.

use uuid::Uuid;

use super::SiteInputs;
use super::check::{SiteCheck, said};
use super::file::RawAuthor;
use crate::diagnostic::{Code, Problem};
use crate::generator::GeneratorSettings;
use crate::generator::category::is_mail;
use crate::text::{Address, Language, License};

/// The names and URLs of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteIdentity {
    /// Its title, never empty.
    pub title: String,
    /// One sentence about the site; by default its title.
    pub(crate) description: String,
    /// The base URL, below which feedmill serves everything. Ends in a slash.
    pub(crate) base: Address,
    /// The URL of the web site that the feeds belong to. Ends in a slash.
    pub(crate) home: Address,
    /// The namespace of the UUIDs in ids, derived from `site_id`.
    pub(crate) namespace: Uuid,
    /// The language of articles that do not set one.
    pub(crate) language: Option<Language>,
    pub(crate) author: Option<SiteAuthor>,
    pub(crate) copyright: Option<String>,
    pub(crate) license: Option<License>,
    /// URL or path of the icon, as written.
    pub(crate) icon: Option<String>,
    /// The accent colour of pages, `#rgb` or `#rrggbb`.
    pub(crate) accent_color: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SiteAuthor {
    /// The name, never empty.
    pub name: String,
    /// The e-mail address, an `addr-spec` as defined in RFC 5322.
    pub email: Option<String>,
    pub url: Option<Address>,
}

impl SiteCheck<'_> {
    pub(super) fn identity(&mut self, inputs: &SiteInputs<'_>) -> Option<SiteIdentity> {
        let keys = self.keys;
        let settings = &inputs.generator_settings;
        let base = self.base(inputs);
        let home = match &keys.home {
            Some(text) => self.root("home", text),
            None => base.clone(),
        };
        let title = said(keys.title.as_ref()).or_else(|| settings.title.clone());
        let title = title.unwrap_or_else(|| inputs.content_name.to_owned());
        let description = said(keys.description.as_ref()).or_else(|| settings.description.clone());
        let language = self.language(settings);
        let author = self.author(settings);
        if keys.accent_color.as_deref().is_some_and(|color| !is_color(color)) {
            self.wrong(&["accent_color"], "the colour cannot be read".to_owned(), "write it as \"#0a7d5a\", in quotes");
        }
        let site_id = keys.site_id.as_deref().unwrap_or_default();
        Some(SiteIdentity {
            description: description.unwrap_or_else(|| title.clone()),
            title,
            base: base?,
            home: home?,
            namespace: Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("feedmill:{site_id}").as_bytes()),
            language,
            author,
            copyright: said(keys.copyright.as_ref()),
            license: keys.license.as_deref().and_then(License::new),
            icon: said(keys.icon.as_ref()),
            accent_color: keys.accent_color.clone(),
        })
    }

    fn base(&mut self, inputs: &SiteInputs<'_>) -> Option<Address> {
        match (inputs.base_url, &self.keys.base_url) {
            (Some(given), _) => {
                let refused = |(message, help)| {
                    self.problems.push(Problem::new("--base-url", Code::Site, message).help(help));
                };
                root_of(given).map_err(refused).ok()
            }
            (None, Some(written)) => self.root("base_url", written),
            (None, None) => {
                let base = Address::parse(&format!("{}/", inputs.bound));
                if base.is_none() {
                    let message = "a Unix socket has no URL, so the public URL must be set";
                    let help = "such as --base-url https://feeds.example.org, or `base_url` in site.yaml";
                    self.problems.push(Problem::new("--base-url", Code::Site, message).help(help));
                }
                base
            }
        }
    }

    fn root(&mut self, key: &str, text: &str) -> Option<Address> {
        root_of(text).map_err(|(message, help)| self.wrong(&[key], message, help)).ok()
    }

    fn language(&mut self, generator_settings: &GeneratorSettings) -> Option<Language> {
        match &self.keys.language {
            Some(text) => {
                let language = Language::parse(text);
                if language.is_none() {
                    let help = match Language::meant(text) {
                        Some(code) => format!("did you mean `{code}`?"),
                        None => "such as en or zh-CN".to_owned(),
                    };
                    self.wrong(&["language"], format!("`{text}` is not a language tag"), &help);
                }
                language
            }
            None => generator_settings.language.as_ref().and_then(|text| Language::parse(text)),
        }
    }

    fn author(&mut self, generator_settings: &GeneratorSettings) -> Option<SiteAuthor> {
        let author = match &self.keys.author {
            Some(RawAuthor::Name(name)) => SiteAuthor { name: name.clone(), email: None, url: None },
            Some(RawAuthor::Full(full)) => SiteAuthor {
                name: full.name.clone(),
                email: said(full.email.as_ref()),
                url: said(full.url.as_ref()).and_then(|url| {
                    let address = Address::parse(&url);
                    if address.is_none() {
                        self.wrong(
                            &["author", "url"],
                            format!("`{url}` is no address"),
                            "such as https://example.org/about",
                        );
                    }
                    address
                }),
            },
            None => {
                let author = generator_settings.author.as_ref()?;
                SiteAuthor {
                    name: author.name.to_string(),
                    email: author.email.as_deref().map(str::to_owned),
                    url: author.url.as_deref().and_then(Address::parse),
                }
            }
        };
        if author.email.as_deref().is_some_and(|mail| !is_mail(mail)) {
            self.wrong(&["author", "email"], "this is not an e-mail address".to_owned(), "such as desk@example.org");
        }
        (!author.name.trim().is_empty()).then_some(author)
    }
}

/// Parses the root URL of a site and returns it with a slash at the end. It must not have a query or fragment.
pub(crate) fn root_of(text: &str) -> Result<Address, (String, &'static str)> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let is_root = (lower.starts_with("http://") || lower.starts_with("https://")) && !text.contains(['?', '#']);
    let address = is_root.then(|| Address::parse(&format!("{}/", text.trim_end_matches('/')))).flatten();
    let address =
        address.ok_or_else(|| (format!("`{text}` is not the URL of a site"), "such as https://feeds.example.org"))?;
    let authority = address.as_str().split('/').nth(2).unwrap_or_default();
    if authority.contains('@') {
        // The message does not repeat the password.
        let message = "a URL with a user name or password would be in every feed".to_owned();
        return Err((message, "leave out what precedes the @"));
    }
    Ok(address)
}

/// Returns whether a text is `#rgb` or `#rrggbb`.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
