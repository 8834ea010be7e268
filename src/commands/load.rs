//! Loading: `feeds/` and the generator's configuration become rules, the
//! content directory a library.
//!
//! Shared by `serve`, `build` and `check`. A file of `feeds/` that breaks keeps
//! its last good state, if there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Failure;
use crate::article::Dialect;
use crate::article::front_matter::Fields;
use crate::article::lore::People;
use crate::diagnostic::{Code, Position, Problem};
use crate::disk::{self, Ground, Hints, Known, LookError, RulesStamp};
use crate::library::{ChangeBatch, Library, Touched};
use crate::server::listen;
use crate::settings::PlaceSettings;
use crate::site::generator::{self, Generator, GeneratorError};
use crate::site::{Beside, Definition, Rules, Site, Situation, Written};

mod selection;

use selection::selection;

/// Reads the rules, and remembers what was good.
#[derive(Debug)]
pub struct Loader {
    places: PlaceSettings,
    /// `http://` and the bound address.
    bound: String,
    site: Option<Site>,
    definitions: BTreeMap<String, Definition>,
    /// What they were last read from.
    stamp: Option<RulesStamp>,
    /// The pages of sections among it, by each path that an event may call them.
    sections: BTreeSet<PathBuf>,
}

/// What governs the library, and what was noticed on the way.
#[derive(Debug)]
pub struct Loaded {
    /// The site and its definitions.
    pub rules: Arc<Rules>,
    /// Where the articles are, and how they are read.
    pub ground: Ground,
    /// Problems of `feeds/` and of the generator's configuration.
    pub problems: Vec<Problem>,
    /// Whose habits the directory follows, and why.
    pub dialect: String,
}

impl Loader {
    /// Has read nothing yet.
    pub fn new(places: &PlaceSettings, bound: String) -> Self {
        let (definitions, sections) = (BTreeMap::new(), BTreeSet::new());
        Self { places: places.clone(), bound, site: None, definitions, stamp: None, sections }
    }

    /// Whether reading the rules again could tell anything new.
    pub fn is_outdated(&self) -> bool {
        let now = self.stamp();
        now.is_none() || now != self.stamp
    }

    /// Whether what events told may have brought or taken the page of a section.
    pub fn hears_of_sections(&self, hints: &Hints) -> bool {
        let has_sections = |site: &Site| matches!(site.manner.dialect, Dialect::Hugo | Dialect::Zola);
        self.site.as_ref().is_some_and(has_sections)
            && match hints {
                // What cannot be looked for now may be there.
                Hints::Paths(paths) => disk::come_or_go(paths, &self.sections).unwrap_or(true),
                Hints::Everything => self.is_outdated(),
            }
    }

    fn stamp(&self) -> Option<RulesStamp> {
        let known = self.site.as_ref().map(|site| site.manner.dialect);
        let found = || Some(generator::dialect(&disk::surroundings(&self.places.content).ok()?).0);
        RulesStamp::now(&self.places.content, &self.places.feeds, known.or_else(found)?)
    }

    /// The rules as they are now. An error is a site.yaml that never was good,
    /// or a directory that is not there.
    pub fn rules(&mut self) -> Result<Loaded, Vec<Problem>> {
        let mut problems = Vec::new();
        // Taken before the reading: what changes meanwhile is read again.
        self.stamp = self.stamp();
        let mut files = self.feeds().map_err(|problem| vec![problem])?;
        let site_file = ["site.yaml", "site.yml"].into_iter().find_map(|name| files.remove_entry(name));
        let (reason, site) = self.read_site(site_file, &mut problems).map_err(|problem| vec![problem])?;
        let Some(site) = site.or_else(|| self.site.clone()) else {
            return Err(problems);
        };
        self.site = Some(site.clone());
        let definitions = self.read_definitions(files, &site, &mut problems);
        self.definitions.clone_from(&definitions);
        let selection = selection(&site, &self.places.content, &mut problems, &self.name_of("site.yaml"));
        let ground = Ground {
            content: self.places.content.clone(),
            image_roots: site.image_roots.clone(),
            content_origin: self.places.content_origin,
            image_roots_origin: site.image_roots_origin,
            selection: Arc::new(selection),
            manner: Arc::new(site.manner.clone()),
        };
        problems.extend(disk::untrusted_roots(&ground).into_iter().map(|root| {
            let message = "this image root is a symbolic link that leads out of the repository, so it is not read";
            Problem::new(root.to_string_lossy().as_ref(), Code::Outside, message)
                .help("name it under `images.roots` in feeds/site.yaml to follow it")
        }));
        Ok(Loaded { rules: Arc::new(Rules::new(site, definitions)), ground, problems, dialect: reason })
    }

    /// Takes a site.yaml that says nothing for the last good one: a broken one
    /// then keeps nobody from reading the rest.
    pub fn suppose_silence(&mut self) {
        self.site = self.read_site(None, &mut Vec::new()).ok().and_then(|(_, site)| site);
    }

    /// A file of `feeds/` as problems name it.
    fn name_of(&self, file: &str) -> String {
        let directory = self.places.feeds.file_name().map_or_else(|| "feeds".into(), |name| name.to_string_lossy());
        format!("{directory}/{file}")
    }

    fn feeds(&self) -> Result<disk::FeedsDirectory, Problem> {
        let unreadable =
            |message: String| Problem::new(self.places.feeds.to_string_lossy().as_ref(), Code::Unreadable, message);
        match disk::feeds_dir(&self.places.feeds) {
            Ok(files) => Ok(files),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.places.feeds_given => Ok(BTreeMap::new()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(unreadable("there is no such directory".to_owned()).help("make it, or leave --feeds out"))
            }
            Err(error) => Err(unreadable(format!("the directory cannot be read: {}", disk::reason(&error)))
                .help("open it to the user that feedmill runs as, or name another with --feeds")),
        }
    }

    /// Whose habits the directory follows, and the site, if it is in order. An
    /// error means that nothing can be said at the moment.
    fn read_site(
        &mut self,
        file: Option<(String, io::Result<String>)>,
        problems: &mut Vec<Problem>,
    ) -> Result<(String, Option<Site>), Problem> {
        let (name, text) = file.unwrap_or_else(|| ("site.yaml".to_owned(), Ok(String::new())));
        let name = self.name_of(&name);
        let written = match text {
            Ok(text) => Written::parse(&name, &text),
            Err(error) => {
                Err(Problem::new(name.as_str(), Code::Unreadable, format!("the file cannot be read: {error}")))
            }
        };
        let surroundings = disk::surroundings(&self.places.content).map_err(|error| self.unread(&error))?;
        let (found, reason) = generator::dialect(&surroundings);
        let written = match written {
            Ok(written) => written,
            Err(problem) => {
                problems.push(problem);
                return Ok((reason, None));
            }
        };
        let dialect = written.dialect(found);
        let reason = if dialect == found { reason } else { format!("{}: site.yaml says so", dialect.as_str()) };
        let generator = self.read_generator(dialect, problems)?;
        let beside = self.read_beside(dialect, problems)?;
        let content_name = std::fs::canonicalize(&self.places.content).ok();
        let content_name = content_name
            .as_deref()
            .and_then(Path::file_name)
            .map_or_else(|| "feedmill".into(), |name| name.to_string_lossy());
        let situation = Situation {
            content_name: &content_name,
            base_url: self.places.base_url.as_deref(),
            bound: &self.bound,
            dialect,
            generator: generator.as_ref(),
            beside: Some(&beside),
        };
        match written.check(&situation) {
            Ok(site) => Ok((reason, Some(site))),
            Err(mistakes) => {
                problems.extend(mistakes);
                Ok((reason, None))
            }
        }
    }

    /// Nothing is known of what stands around the articles.
    fn unread(&self, error: &io::Error) -> Problem {
        let content = self.places.content.to_string_lossy();
        Problem::new(content.as_ref(), Code::Unreadable, format!("the directory cannot be read: {error}"))
    }

    /// The generator's configuration, all its files together; a file that cannot be read says nothing.
    fn read_generator(&self, dialect: Dialect, problems: &mut Vec<Problem>) -> Result<Option<Generator>, Problem> {
        let mut fields: Option<Fields> = None;
        for (path, text) in disk::generator_files(&self.places.content, dialect) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let told = path.display().to_string();
            let problem = |message: String| Problem::new(told.as_str(), Code::Generator, message);
            let unread = |error: &GeneratorError| {
                problem(error.message.clone()).at(Position { line: error.line, column: error.column })
            };
            match text.map(|text| generator::fields(&name, &text)) {
                Err(error) if disk::is_shortage(&error) => return Err(self.unread(&error)),
                Err(error) => problems.push(problem(format!("the file cannot be read: {error}"))),
                Ok(Err(error)) => problems.push(unread(&error)),
                Ok(Ok((part, left_out))) => {
                    problems.extend(left_out.iter().map(unread));
                    let fields = fields.get_or_insert_default();
                    match dialect {
                        Dialect::Hugo => generator::lay_over(fields, &name, part),
                        _ => *fields = part,
                    }
                }
            }
        }
        Ok(fields.map(|fields| generator::read(dialect, &fields)))
    }

    /// What other files say of the articles. One that cannot be read is told, and says nothing.
    fn read_beside(&mut self, dialect: Dialect, problems: &mut Vec<Problem>) -> Result<Beside, Problem> {
        let mut beside = Beside::default();
        let mut told = |path: &Path, message: String| {
            problems.push(Problem::new(path.display().to_string(), Code::Generator, message));
        };
        if let Some((path, text)) = disk::people_file(&self.places.content, dialect) {
            let name = path.to_string_lossy();
            let fields = match text {
                Err(error) if disk::is_shortage(&error) => return Err(self.unread(&error)),
                text => text
                    .map_err(|error| error.to_string())
                    .and_then(|text| generator::fields(&name, &text).map_err(|error| error.to_string())),
            };
            match fields {
                Ok((fields, _)) => beside.people = People::parse(&fields),
                Err(error) => told(&path, format!("the authors cannot be read: {error}")),
            }
        }
        if matches!(dialect, Dialect::Hugo | Dialect::Zola) {
            let pages = disk::section_pages(&self.places.content).map_err(|error| self.unread(&error))?;
            let called = |path: &PathBuf| [Some(path.clone()), std::fs::canonicalize(path).ok()];
            self.sections = pages.iter().flat_map(|(_, path, _)| called(path)).flatten().collect();
            for (place, path, text) in pages {
                match text {
                    Ok(text) => beside.sections.push((place, text)),
                    Err(error) if disk::is_shortage(&error) => return Err(self.unread(&error)),
                    Err(error) => told(&path, format!("the page of a section cannot be read: {error}")),
                }
            }
        }
        Ok(beside)
    }

    fn read_definitions(
        &self,
        files: disk::FeedsDirectory,
        site: &Site,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, Definition> {
        let mut definitions = BTreeMap::new();
        for (file, text) in files {
            let name = file.rsplit_once('.').map_or(file.as_str(), |(name, _)| name).to_owned();
            let told = self.name_of(&file);
            if definitions.contains_key(&name) {
                problems.push(
                    Problem::new(told, Code::Definition, format!("`{name}` is defined twice"))
                        .help("keep one of the two files"),
                );
                continue;
            }
            let definition = match text {
                Ok(text) => Definition::parse(&told, &name, &text, &site.manner.zones),
                Err(error) => {
                    Err(Problem::new(told.as_str(), Code::Unreadable, format!("the file cannot be read: {error}")))
                }
            };
            let definition = definition.map_err(|problem| problems.push(problem)).ok();
            if let Some(definition) = definition.or_else(|| self.definitions.get(&name).cloned()) {
                definitions.insert(name, definition);
            }
        }
        let mut keys = BTreeMap::new();
        for (name, definition) in &definitions {
            if let Some(first) = keys.insert(definition.key(), name) {
                let message = format!("`{first}` is about the same feed, and goes first");
                problems.push(
                    Problem::new(self.name_of(&format!("{name}.yaml")), Code::Definition, message)
                        .help("make one file of the two"),
                );
                keys.insert(definition.key(), first);
            }
        }
        definitions
    }
}

/// The content directory, if it is one, or a sentence that says what to do.
pub(super) fn find_content(places: &PlaceSettings) -> Result<(), Failure> {
    let content = &places.content;
    if content.is_dir() {
        disk::may_follow(content, places.content_origin)
            .map_err(|error| Failure::new(format!("the directory `{}` is not read: {error}", content.display())))?;
        return std::fs::read_dir(content)
            .map(drop)
            .map_err(|error| Failure::new(format!(
                "the directory `{}` cannot be read: {}; open it to the user that feedmill runs as, or name another with --content",
                content.display(),
                disk::reason(&error)
            )));
    }
    let shown = content.display();
    if content.exists() {
        return Err(Failure::new(format!(
            "`{shown}` is no directory; name the one that holds the articles with --content"
        )));
    }
    let hint = [
        ("source/_posts", "this looks like a Hexo site: `feedmill --content source`"),
        ("_posts", "this looks like a Jekyll site: `feedmill --content .`"),
        ("posts", "`feedmill --content posts`?"),
    ];
    let hint = hint.into_iter().find(|(directory, _)| Path::new(directory).is_dir()).map(|(_, hint)| hint);
    let hint = hint.unwrap_or("name the directory that holds the articles: `feedmill --content DIR`");
    Err(Failure::new(format!("no directory `{shown}` here; {hint}")))
}

/// What a listener at an address is called where nothing names a base address.
pub(super) fn spoken_address(mut bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        // Every address of this machine is none that a reader could use.
        bound.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{bound}")
}

/// What the listener at an address, not yet taken, will be called.
pub(super) fn stand_in(bind: &str) -> String {
    let first = listen::addresses(bind).ok().and_then(|addresses| addresses.into_iter().next());
    // A bind that is no address is only of interest where nothing else says
    // the base address, which then is told to be none.
    first.map_or_else(|| format!("http://{bind}"), spoken_address)
}

/// Looks at everything for the first time.
pub fn first(
    loaded: &Loaded,
    known: &mut Known,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Library, LookError> {
    /// A tree that is swapped faster than it can be read is no tree to read.
    const TRIES: usize = 20;
    let mut library = Library::empty(Arc::clone(&loaded.rules), now);
    for tried in 0.. {
        match known.look(&loaded.ground, &Hints::Everything, progress) {
            Err(LookError::Unsettled) if tried < TRIES => continue,
            look => library = library.apply(look?.batch, now).0,
        }
        library = complete(library, Touched::new(), known, &loaded.ground, now).0;
        if library.missing().is_empty() || tried >= TRIES {
            break;
        }
    }
    Ok(library)
}

/// The library with the bodies that its feeds show; with a body missing, if the
/// files are not what they were at the last look.
pub fn complete(
    library: Library,
    touched: Touched,
    known: &mut Known,
    ground: &Ground,
    now: DateTime<Utc>,
) -> (Library, Touched) {
    /// Each round may bring a changed file that brings another into a feed; a
    /// directory that changes faster than that is looked at again anyway.
    const ROUNDS: usize = 8;
    let (mut library, mut touched) = (library, touched);
    for _ in 0..ROUNDS {
        let missing = library.missing();
        if missing.is_empty() {
            break;
        }
        let batch: ChangeBatch = match known.read_again(ground, &missing) {
            Ok(batch) if !batch.is_empty() => batch,
            // What cannot be read now is told by the next look.
            Ok(_) | Err(_) => break,
        };
        let (next, more) = library.apply(batch, now);
        library = next;
        touched.extend(more);
    }
    (library, touched)
}
