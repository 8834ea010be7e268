//! Evaluates a configuration: turns its texts into rules.
//!
//! A file that is invalid or was emptied keeps its last good text, because half of a configuration
//! may publish what the whole one hides.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Loaded;
use super::pieces::{SITE_FILES, configuration_files, detected, first_of, home_unset, site_file, unknown_zone};
use super::selection::selection;
use crate::diagnostic::{Code, Position, Problem};
use crate::disk::{ConfigKey, Configuration, RulesState, ScanConfig, site_name, untrusted_roots};
use crate::generator::Generator;
use crate::generator::cascade;
use crate::generator::config_parts;
use crate::generator::config_syntax;
use crate::generator::detect::{LEVELS, packages_in};
use crate::generator::selection::{DEEP_POSTS, below_site};
use crate::generator::settings::{self, ConfigError, GeneratorSettings};
use crate::generator::site_context::People;
use crate::remote_images::RemoteImages;
use crate::settings::PlaceSettings;
use crate::site::{AuxiliaryFiles, Definition, RawSite, Rules, Site, SiteInputs, says_nothing};
use crate::syntax::front_matter::Fields;

/// The last good texts, the site and the definitions, for files that are invalid now.
#[derive(Debug, Clone, Default)]
pub(super) struct LastGood {
    pub(super) texts: BTreeMap<ConfigKey, Arc<str>>,
    pub(super) site: Option<Site>,
    pub(super) definitions: BTreeMap<String, Definition>,
}

enum Parsed<T> {
    Whole(T),
    /// Parts of the text are invalid.
    Partly(T, Vec<Problem>),
    Broken(Problem),
}

impl<T> Parsed<T> {
    fn value(self) -> Option<T> {
        match self {
            Self::Whole(value) | Self::Partly(value, _) => Some(value),
            Self::Broken(_) => None,
        }
    }
}

impl<T> From<Result<T, Problem>> for Parsed<T> {
    fn from(parsed: Result<T, Problem>) -> Self {
        parsed.map_or_else(Self::Broken, Self::Whole)
    }
}

pub(super) struct Evaluation<'a> {
    places: &'a PlaceSettings,
    bound: &'a str,
    configuration: &'a Configuration,
    before: &'a LastGood,
    good: LastGood,
    problems: Vec<Problem>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        places: &'a PlaceSettings,
        bound: &'a str,
        configuration: &'a Configuration,
        before: &'a LastGood,
    ) -> Self {
        Self { places, bound, configuration, before, good: LastGood::default(), problems: Vec::new() }
    }

    /// Returns the rules and the texts that were good. Fails if site.yaml is invalid and never was
    /// valid.
    pub(super) fn run(mut self) -> Result<(Loaded, LastGood), Vec<Problem>> {
        let (reason, site) = self.site();
        let Some(mut site) = site.or_else(|| self.before.site.clone()) else {
            return Err(self.problems);
        };
        let definitions = self.definitions(&site);
        site.ask_about_texts(definitions.values());
        let has = |path: &str| self.configuration.entries.contains_key(&ConfigKey::Layout(path.to_owned()));
        let content = self.content().to_owned();
        let level = match first_of(self.configuration, site.options.generator.configuration.names) {
            Some(ConfigKey::Generator(level, _)) => level,
            _ => 0,
        };
        let selection = selection(&site, &content, &has, level);
        let scan_config = ScanConfig {
            content: self.places.content.clone(),
            root: self.configuration.root.clone(),
            rules: RulesState::Settled,
            image_roots: site.images.roots.clone(),
            image_levels: self.site_level().max(level),
            content_origin: self.places.content_origin,
            image_roots_origin: site.images.roots_origin,
            selection: Arc::new(selection),
            options: Arc::new(site.options.clone()),
        };
        self.tell(untrusted_roots(&scan_config).into_iter().map(|root| {
            let message = "this image root is a symbolic link that leads out of the repository, so it is not read";
            Problem::new(root.to_string_lossy().as_ref(), Code::Outside, message)
                .help("name it under `images.roots` in feeds/site.yaml to follow it")
        }));
        self.tell(home_unset(&site, self.bound, &self.name_of("site.yaml")));
        self.good.site = Some(site.clone());
        self.good.definitions.clone_from(&definitions);
        let remote_images = self.remote_images();
        let rules = Arc::new(Rules::new(site, definitions));
        Ok((Loaded { rules, scan_config, remote_images, problems: self.problems, generator: reason }, self.good))
    }

    /// How many directories the nearest mark of a generator is above the content directory.
    fn site_level(&self) -> u8 {
        let mut marks = self.configuration.entries.keys();
        let level = |key: &ConfigKey| match key {
            ConfigKey::Mark(level, ..) if *level < LEVELS => Some(*level),
            _ => None,
        };
        marks.find_map(level).unwrap_or(0)
    }

    /// The content directory, resolved if it exists.
    fn content(&self) -> &Path {
        self.configuration.root.as_ref().map_or(&self.places.content, |root| root.path())
    }

    /// The name of a file of `feeds/` in problems, such as `feeds/site.yaml`.
    fn name_of(&self, file: &str) -> String {
        let directory = self.places.feeds.file_name().map_or_else(|| "feeds".into(), |name| name.to_string_lossy());
        format!("{directory}/{file}")
    }

    fn tell(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// Parses a file. If it is invalid, parses its last good text instead.
    fn read<T>(
        &mut self,
        key: &ConfigKey,
        unreadable: impl Fn(String) -> Problem,
        is_empty: impl Fn(&str) -> bool,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Option<T> {
        let entry = self.configuration.entries.get(key)?;
        let before = self.before.texts.get(key).cloned();
        let has_more_before = || before.as_ref().is_some_and(|before| !is_empty(before));
        let parsed = match &entry.text {
            Err(reason) => Parsed::Broken(unreadable(format!("the file cannot be read: {reason}"))),
            Ok(text) if is_empty(text) && has_more_before() => {
                Parsed::Broken(emptied(&unreadable(String::new()).file, key))
            }
            Ok(text) => parse(text),
        };
        let text = entry.text.as_ref().ok();
        let (value, problems, text) = match (parsed, text) {
            (Parsed::Whole(value), Some(text)) => (value, Vec::new(), Arc::clone(text)),
            (Parsed::Partly(value, problems), Some(text)) => match before.map(|before| (parse(&before), before)) {
                Some((Parsed::Whole(value), before)) => (value, problems, before),
                _ => (value, problems, Arc::clone(text)),
            },
            (Parsed::Broken(problem), _) => {
                self.tell([problem]);
                let before = before?;
                (parse(&before).value()?, Vec::new(), before)
            }
            (_, None) => return None,
        };
        self.tell(problems);
        self.good.texts.insert(key.clone(), text);
        Some(value)
    }

    /// Returns the evidence for the generator, and the site if its file is valid or once was.
    fn site(&mut self) -> (String, Option<Site>) {
        let (found, reason) = match self.places.dialect {
            Some(generator) => (generator, format!("{}: set with --dialect", generator.as_str())),
            None => detected(self.configuration),
        };
        let (key, name) = match site_file(self.configuration) {
            Some((ConfigKey::Feeds(name), _)) => (Some(ConfigKey::Feeds(name.clone())), self.name_of(&name)),
            _ => (None, self.name_of(SITE_FILES[0])),
        };
        let parse = |text: &str| Parsed::from(RawSite::parse(&name, text));
        let written = match &key {
            Some(key) => {
                let unreadable = |message| Problem::new(name.as_str(), Code::Unreadable, message);
                self.read(key, unreadable, says_nothing, parse)
            }
            None => parse("").value(),
        };
        let Some(written) = written else {
            return (reason, None);
        };
        let places = self.places;
        let reason_of = |written: &RawSite| match places.dialect.unwrap_or_else(|| written.generator(found)) {
            generator if generator == found => reason.clone(),
            generator => format!("{}: set in site.yaml", generator.as_str()),
        };
        let mistakes = match self.checked(&written, found) {
            Ok(site) => return (reason_of(&written), Some(site)),
            Err(mistakes) => mistakes,
        };
        self.tell(mistakes);
        // The last good text, but with the generator that is detected now.
        let before = key.as_ref().and_then(|key| Some((key, self.before.texts.get(key).cloned()?)));
        if let Some((key, text)) = before {
            self.good.texts.insert(key.clone(), Arc::clone(&text));
            if let Some(written) = parse(&text).value()
                && let Ok(site) = self.checked(&written, found)
            {
                return (reason_of(&written), Some(site));
            }
        } else if let Some(key) = &key {
            self.good.texts.remove(key);
        }
        (reason, None)
    }

    fn checked(&mut self, written: &RawSite, found: Generator) -> Result<Site, Vec<Problem>> {
        let generator = self.places.dialect.unwrap_or_else(|| written.generator(found));
        let generator_settings = self.generator_settings(generator);
        let zone = generator_settings.time_zone.as_deref().filter(|_| !written.names_a_zone());
        self.tell(unknown_zone(self.configuration, generator, zone));
        let auxiliary_files = self.auxiliary_files(generator);
        let content_name = site_name(self.content()).unwrap_or_else(|| "feedmill".to_owned());
        written.check(SiteInputs {
            content_name: &content_name,
            base_url: self.places.base_url.as_deref(),
            bound: self.bound,
            generator,
            generator_settings,
            auxiliary_files,
            machine_zone: self.places.machine_zone,
        })
    }

    /// The fields of one file of the generator's configuration.
    fn fields(&mut self, key: &ConfigKey) -> Option<Fields> {
        let path = self.configuration.entries.get(key)?.path.display().to_string();
        let problem = |message: String| Problem::new(path.as_str(), Code::Generator, message);
        let unread = |error: &ConfigError| {
            problem(error.message.clone()).at(Position { line: error.line, column: error.column })
        };
        self.read(key, problem, says_nothing, |text| match config_syntax::fields(&path, text) {
            Err(error) => Parsed::Broken(unread(&error)),
            Ok((fields, lost)) if lost.is_empty() => Parsed::Whole(fields),
            Ok((fields, lost)) => Parsed::Partly(fields, lost.iter().map(unread).collect()),
        })
    }

    /// The generator's configuration, merged from all its files.
    fn generator_settings(&mut self, generator: Generator) -> GeneratorSettings {
        let mut all: Option<Fields> = None;
        let mut site_level = 0;
        for key in configuration_files(self.configuration, generator) {
            let ConfigKey::Generator(level, name) = &key else { continue };
            site_level = *level;
            let name = name.rsplit('/').next().unwrap_or(name);
            if let Some(part) = self.fields(&key) {
                let fields = all.get_or_insert_default();
                if generator.configuration.has_parts {
                    config_parts::lay_over(fields, name, part);
                } else {
                    *fields = part;
                }
            }
        }
        let mut settings = all.map(|fields| settings::read(generator, &fields)).unwrap_or_default();
        let below = below_site(self.content(), site_level);
        let collections = &mut settings.site_context.collections;
        *collections = std::mem::take(collections).below(&below);
        collections.has_posts = self.configuration.entries.contains_key(&ConfigKey::Layout(DEEP_POSTS.to_owned()));
        settings.site_context.languages.below = below;
        settings
    }

    /// Data about articles from other files: people, packages and section pages.
    fn auxiliary_files(&mut self, generator: Generator) -> AuxiliaryFiles {
        let mut auxiliary_files = AuxiliaryFiles::default();
        if let Some(key) = first_of(self.configuration, generator.configuration.people)
            && let Some(fields) = self.fields(&key)
        {
            auxiliary_files.people = People::parse(&fields);
        }
        if let Some(key) = first_of(self.configuration, generator.configuration.packages)
            && let Some(fields) = self.fields(&key)
        {
            auxiliary_files.packages = packages_in(&fields);
        }
        if generator.has_sections() {
            let pages = self.configuration.entries.iter();
            for (key, entry) in pages.filter(|(key, _)| matches!(key, ConfigKey::Section(_))) {
                let problem = |message: String| {
                    let message = format!("the page of a section: {message}");
                    Problem::new(entry.path.display().to_string(), Code::Generator, message)
                };
                let broken = || problem("its front matter is broken".to_owned());
                let before = self.before.texts.contains_key(key);
                let text = self.read(
                    key,
                    problem,
                    |text| text.trim().is_empty(),
                    |text| match cascade::is_whole(text) {
                        true => Parsed::Whole(text.to_owned()),
                        false if before => Parsed::Broken(broken()),
                        false => Parsed::Partly(text.to_owned(), vec![broken()]),
                    },
                );
                if let (ConfigKey::Section(place), Some(text)) = (key, text) {
                    auxiliary_files.sections.push((place.clone(), text));
                }
            }
        }
        auxiliary_files
    }

    /// The facts about remote images. A line that cannot be read is skipped; the rest of the file counts.
    fn remote_images(&mut self) -> Arc<RemoteImages> {
        let path = &self.places.image_facts;
        let name = match path.strip_prefix(&self.places.feeds) {
            Ok(name) => self.name_of(&name.to_string_lossy()),
            Err(_) => path.to_string_lossy().into_owned(),
        };
        let unreadable = |message| Problem::new(name.as_str(), Code::ImageFacts, message);
        let parse = |text: &str| Parsed::from(RemoteImages::parse(&name, text));
        let (images, problems) = self.read(&ConfigKey::ImageFacts, unreadable, |_| false, parse).unwrap_or_default();
        self.tell(problems);
        Arc::new(images)
    }

    fn definitions(&mut self, site: &Site) -> BTreeMap<String, Definition> {
        let mut definitions = BTreeMap::new();
        if SITE_FILES.iter().all(|file| self.configuration.entries.contains_key(&ConfigKey::Feeds((*file).to_owned())))
        {
            let [counts, other] = SITE_FILES;
            let problem =
                Problem::new(self.name_of(other), Code::Site, format!("`{counts}` exists too and is used instead"));
            self.tell([problem.help("keep one of the two files")]);
        }
        let files: Vec<(&ConfigKey, &String)> = self
            .configuration
            .entries
            .keys()
            .filter_map(|key| match key {
                ConfigKey::Feeds(file) if !SITE_FILES.contains(&file.as_str()) => Some((key, file)),
                _ => None,
            })
            .collect();
        for (key, file) in files {
            let name = file.rsplit_once('.').map_or(file.as_str(), |(name, _)| name).to_owned();
            let file_name = self.name_of(file);
            if definitions.contains_key(&name) {
                let problem = Problem::new(file_name, Code::Definition, format!("`{name}` is defined twice"));
                self.tell([problem.help("keep one of the two files")]);
                continue;
            }
            let unreadable = |message: String| Problem::new(file_name.as_str(), Code::Unreadable, message);
            let parse = |text: &str| {
                let parsed = Definition::parse(&file_name, &name, text, &site.options.zones);
                Parsed::from(parsed.and_then(|definition| definition.check(&site.options.site_context.filing)))
            };
            let definition = self.read(key, unreadable, says_nothing, parse);
            // The text may have been good with another time zone of the site; then the old
            // definition is kept.
            if let Some(definition) = definition.or_else(|| self.before.definitions.get(&name).cloned()) {
                definitions.insert(name, definition);
            }
        }
        let mut keys = BTreeMap::new();
        for (name, definition) in &definitions {
            if let Some(first) = keys.insert(definition.key(site), name) {
                let message = format!("`{first}` defines the same feed and takes precedence");
                let problem = Problem::new(self.name_of(&format!("{name}.yaml")), Code::Definition, message);
                self.tell([problem.help("merge the two files")]);
                keys.insert(definition.key(site), first);
            }
        }
        definitions
    }
}

fn emptied(file: &str, key: &ConfigKey) -> Problem {
    let code = match key {
        ConfigKey::Feeds(name) if SITE_FILES.contains(&name.as_str()) => Code::Site,
        ConfigKey::Feeds(_) => Code::Definition,
        _ => Code::Generator,
    };
    Problem::new(file, code, "the file is empty; its previous content still applies")
        .help("restore it; to go back to the defaults, delete it or write `{}`")
}
