//! Turns a parsed site.yaml into a [`Site`]: validates all values and adds the defaults.
//!
//! Validation continues after an error, so that all errors are reported at once, each with its line.

use uuid::Uuid;

use super::file::{RawAuthor, RawKeys};
use super::{ArticleUrl, AuxiliaryFiles, Cache, FeedDefaults, Future, Ids, MediaType, Origin, Site, SiteAuthor, yaml};
use super::{Content, Format};
use crate::article;
use crate::article::ParseOptions;
use crate::diagnostic::{Code, Problem};
use crate::generator::Generator;
use crate::generator::GeneratorSettings;
use crate::generator::category::is_mail;
use crate::generator::permalink::Pattern;
use crate::generator::settings::own_pattern;
use crate::text::{Address, Language};
use shapes::{is_color, is_tag_authority, root_of};

mod moves;
mod shapes;
mod zones;

/// `feeds/site.yaml`, parsed but not yet validated.
#[derive(Debug)]
pub struct RawSite {
    file: RawKeys,
    text: String,
    name: String,
}

/// The settings that do not come from site.yaml: command line options, and files of the content directory.
#[derive(Debug)]
pub struct SiteInputs<'a> {
    /// Name of the content directory, the default title of the site.
    pub content_name: &'a str,
    /// The value of `--base-url`, which overrides site.yaml.
    pub base_url: Option<&'a str>,
    /// `http://` and the address of the listener, the default base URL.
    pub bound: &'a str,
    /// The generator that [`RawSite::generator`] returned.
    pub generator: Generator,
    /// The configuration of the generator.
    pub generator_settings: GeneratorSettings,
    /// Section pages and author files.
    pub auxiliary_files: AuxiliaryFiles,
}

impl SiteInputs<'_> {
    /// Returns the inputs for a directory `content` of this generator, without configuration and command line options.
    pub fn new(generator: Generator) -> Self {
        Self {
            content_name: "content",
            base_url: None,
            bound: "http://127.0.0.1",
            generator,
            generator_settings: GeneratorSettings::default(),
            auxiliary_files: AuxiliaryFiles::default(),
        }
    }
}

impl RawSite {
    /// Parses site.yaml. `name` is its path, for messages.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let file = yaml::parse(name, text, Code::Site)?;
        Ok(Self { file, text: text.to_owned(), name: name.to_owned() })
    }

    /// Returns the generator that `dialect` sets, or else the detected one.
    pub fn generator(&self, found: Generator) -> Generator {
        self.chosen_generator().unwrap_or(found)
    }

    /// Returns the generator that `dialect` sets. `None` if the key is missing or `auto`.
    pub fn chosen_generator(&self) -> Option<Generator> {
        self.file.dialect?.0
    }

    /// Returns the base URL, as written.
    pub fn base_url(&self) -> Option<&str> {
        self.file.base_url.as_deref()
    }

    /// Validates all values and returns the settings, or all errors.
    pub fn check(&self, inputs: SiteInputs<'_>) -> Result<Site, Vec<Problem>> {
        let mut check = SiteCheck { written: self, problems: Vec::new() };
        let site = check.site(inputs);
        match site {
            Some(site) if check.problems.is_empty() => Ok(site),
            _ => Err(check.problems),
        }
    }
}

/// A validation in progress, which collects the errors.
struct SiteCheck<'a> {
    written: &'a RawSite,
    problems: Vec<Problem>,
}

/// Returns a text without the spaces around it, unless nothing is left.
fn said(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl SiteCheck<'_> {
    fn wrong(&mut self, key: &str, message: String, help: &str) {
        let problem =
            Problem::new(self.written.name.as_str(), Code::Site, message).at(yaml::position(&self.written.text, key));
        self.problems.push(if help.is_empty() { problem } else { problem.help(help) });
    }

    fn site(&mut self, inputs: SiteInputs<'_>) -> Option<Site> {
        let file = &self.written.file;
        let base = self.base(&inputs);
        let home = match &file.home {
            Some(text) => self.root("home", text),
            None => base.clone(),
        };
        let title = said(file.title.as_ref())
            .or_else(|| inputs.generator_settings.title.clone())
            .unwrap_or_else(|| inputs.content_name.to_owned());
        let description = said(file.description.as_ref())
            .or_else(|| inputs.generator_settings.description.clone())
            .unwrap_or_else(|| title.clone());
        let zones = self.zones(&inputs.generator_settings);
        let language = self.language(&inputs.generator_settings);
        let author = self.author(&inputs.generator_settings);
        let article_url = self.article_url(&inputs);
        let ids = self.ids();
        let feeds = self.feeds();
        let cache = self.cache();
        let (redirects, gone) = self.moves();
        let max_bytes = self.max_article_bytes();
        let accent_color = file.accent_color.clone();
        if accent_color.as_deref().is_some_and(|color| !is_color(color)) {
            self.wrong("accent_color", "the colour cannot be read".to_owned(), "write it as \"#0a7d5a\", in quotes");
        }
        let categories = file.categories.unwrap_or_default();
        let lead = file.lead_image.as_ref();
        let mut exclude = file.exclude.clone().unwrap_or_default();
        exclude.extend(inputs.generator_settings.exclude.iter().cloned());
        let options = ParseOptions::new(inputs.generator);
        Some(Site {
            title,
            description,
            namespace: Uuid::new_v5(
                &Uuid::NAMESPACE_URL,
                format!("feedmill:{}", file.site_id.as_deref().unwrap_or_default()).as_bytes(),
            ),
            language,
            author,
            copyright: said(file.copyright.as_ref()),
            icon: said(file.icon.as_ref()),
            accent_color,
            options: ParseOptions {
                generator: inputs.generator,
                lists: categories.lists(inputs.generator),
                directories: categories.directories(),
                zones,
                undated: file.undated.unwrap_or(options.undated),
                lead_keys: lead.and_then(|lead| lead.keys.clone()).unwrap_or(options.lead_keys),
                max_bytes,
                address_keys: article_url.as_ref().map(ArticleUrl::keys).unwrap_or_default(),
                site_context: inputs.auxiliary_files.complete(
                    inputs.generator_settings.site_context,
                    inputs.generator_settings.cascade.as_ref(),
                    inputs.generator,
                ),
            },
            exclude,
            article_url: article_url?,
            ids: ids?,
            permalink_config: inputs.generator_settings.permalink_config,
            taken: inputs.generator_settings.taken,
            lead_from_body: lead.and_then(|lead| lead.body).unwrap_or(true),
            lead_default: lead.and_then(|lead| said(lead.default.as_ref())),
            image_roots: file
                .images
                .as_ref()
                .and_then(|images| images.roots.clone())
                .unwrap_or_else(|| ["static", "source", "public", "assets"].map(str::to_owned).into()),
            image_roots_origin: match file.images.as_ref().and_then(|images| images.roots.as_ref()) {
                Some(_) => Origin::Named,
                None => Origin::Default,
            },
            unwrap: file.images.as_ref().and_then(|images| images.unwrap.clone()).unwrap_or_default(),
            feeds,
            future: file.future.unwrap_or(Future::Hold),
            cache,
            media_type: file.media_type.unwrap_or(MediaType::Xml),
            redirects,
            presets: file.presets.clone().unwrap_or_default(),
            gone,
            base: base?,
            home: home?,
        })
    }

    fn base(&mut self, inputs: &SiteInputs<'_>) -> Option<Address> {
        match (inputs.base_url, &self.written.file.base_url) {
            (Some(given), _) => {
                let address = root_of(given);
                if address.is_none() {
                    self.problems.push(
                        Problem::new("--base-url", Code::Site, format!("`{given}` is not a base URL"))
                            .help("such as https://feeds.example.org"),
                    );
                }
                address
            }
            (None, Some(written)) => self.root("base_url", written),
            (None, None) => Address::parse(&format!("{}/", inputs.bound)),
        }
    }

    fn root(&mut self, key: &str, text: &str) -> Option<Address> {
        let address = root_of(text);
        if address.is_none() {
            self.wrong(key, format!("`{text}` is not the URL of a site"), "such as https://feeds.example.org");
        }
        address
    }

    fn language(&mut self, generator_settings: &GeneratorSettings) -> Option<Language> {
        match &self.written.file.language {
            Some(text) => {
                let language = Language::parse(text);
                if language.is_none() {
                    self.wrong("language", format!("`{text}` is not a language tag"), "such as en or zh-CN");
                }
                language
            }
            None => generator_settings.language.as_ref().and_then(|text| Language::parse(text)),
        }
    }

    fn author(&mut self, generator_settings: &GeneratorSettings) -> Option<SiteAuthor> {
        let author = match &self.written.file.author {
            Some(RawAuthor::Name(name)) => SiteAuthor { name: name.clone(), email: None, url: None },
            Some(RawAuthor::Full(full)) => SiteAuthor {
                name: full.name.clone(),
                email: said(full.email.as_ref()),
                url: said(full.url.as_ref()).and_then(|url| {
                    let address = Address::parse(&url);
                    if address.is_none() {
                        self.wrong("author.url", format!("`{url}` is no address"), "such as https://example.org/about");
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
            self.wrong("author.email", "this is not an e-mail address".to_owned(), "such as desk@example.org");
        }
        (!author.name.trim().is_empty()).then_some(author)
    }

    fn article_url(&mut self, inputs: &SiteInputs<'_>) -> Option<ArticleUrl> {
        let text = self.written.file.article_url.clone();
        let pattern = match text.as_deref().map(str::trim) {
            None => ":base/articles/:path/".to_owned(),
            Some("site") => own_pattern(&inputs.generator_settings, inputs.generator),
            Some(pattern) => pattern.to_owned(),
        };
        let path = pattern.trim_start_matches(":base").trim_start_matches(":home");
        if !path.contains(':') {
            let help = "put something of the article in it, such as \":home/:year/:month/:title/\"";
            self.wrong("article_url", "every article would have the same address".to_owned(), help);
            return None;
        }
        match Pattern::parse(&pattern, inputs.generator) {
            Ok(pattern) => Some(ArticleUrl::new(pattern, self.sections(inputs))),
            Err(error) => {
                self.wrong("article_url", error.to_string(), "such as \":home/:year/:month/:title/\"");
                None
            }
        }
    }

    /// Returns the patterns for single sections, which Hugo's configuration may set and `article_url: site` uses.
    ///
    /// Invalid patterns are ignored, because they are not an error in site.yaml.
    fn sections(&self, inputs: &SiteInputs<'_>) -> Vec<(String, Pattern)> {
        if self.written.file.article_url.as_deref().map(str::trim) != Some("site") {
            return Vec::new();
        }
        let pattern = |text: &str| Pattern::parse(&format!(":home/{}", text.trim_start_matches('/')), inputs.generator);
        let sections = inputs.generator_settings.section_permalinks.iter();
        sections.filter_map(|(section, text)| Some((section.clone(), pattern(text).ok()?))).collect()
    }

    fn ids(&mut self) -> Option<Ids> {
        let text = self.written.file.ids.clone().unwrap_or_else(|| "uuid".to_owned());
        match text.trim() {
            "uuid" => Some(Ids::Uuid),
            "permalink" => Some(Ids::Permalink),
            tag if tag.strip_prefix("tag:").is_some_and(is_tag_authority) => Some(Ids::Tag(tag.to_owned())),
            other => {
                let message = format!("`{other}` is not a kind of ids");
                self.wrong("ids", message, "uuid, permalink, or a tag such as tag:example.org,2021");
                None
            }
        }
    }

    fn feeds(&mut self) -> FeedDefaults {
        let feeds = self.written.file.feeds.as_ref();
        let defaults = FeedDefaults {
            limit: feeds.and_then(|feeds| feeds.limit).unwrap_or(30),
            content: feeds.and_then(|feeds| feeds.content).unwrap_or(Content::Full),
            max_bytes: feeds.and_then(|feeds| feeds.max_bytes).unwrap_or(1024 * 1024),
            formats: match feeds.and_then(|feeds| feeds.formats.as_ref()) {
                Some(formats) => Format::ALL.into_iter().filter(|format| formats.contains(format)).collect(),
                None => Format::ALL.to_vec(),
            },
        };
        if defaults.limit == 0 {
            self.wrong("feeds.limit", "feeds need at least one entry".to_owned(), "leave it out for 30");
        }
        if defaults.formats.is_empty() {
            self.wrong("feeds.formats", "no format is left".to_owned(), "rss, atom, json, or some of them");
        }
        defaults
    }

    fn max_article_bytes(&mut self) -> u64 {
        let bytes = self.written.file.max_article_bytes.unwrap_or(article::MAX_BYTES);
        if bytes == 0 {
            let message = "a limit of 0 bytes skips every article".to_owned();
            self.wrong("max_article_bytes", message, "leave it out for 2097152");
        }
        bytes
    }

    fn cache(&mut self) -> Cache {
        let cache = self.written.file.cache.as_ref();
        Cache {
            max_age: cache.and_then(|cache| cache.max_age).unwrap_or(1800),
            s_maxage: cache.and_then(|cache| cache.s_maxage).unwrap_or(60),
            stale_while_revalidate: cache.and_then(|cache| cache.stale_while_revalidate).unwrap_or(300),
            stale_if_error: cache.and_then(|cache| cache.stale_if_error).unwrap_or(86_400),
        }
    }
}

#[cfg(test)]
mod tests;
