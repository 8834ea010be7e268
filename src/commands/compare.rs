//! `feedmill compare`: shows what subscribers would notice if one feed or build replaced another.
//!
//! Both sides are read from their documents, so that OLD may come from any program. What counts as unread is
//! docs/decisions/wire.md#what-compare-calls-unread.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rayon::prelude::*;

use super::log::WhenFull;
use super::{Failure, build, clock, log, threads};
use crate::cli::CompareFormat;
use crate::disk;
use crate::document::Encoding;
use crate::edition::{Edition, Found};
use crate::feed::Format;
use crate::settings::CompareSettings;
use crate::text::{decode_path, encode_path, nearest};

mod difference;
pub(super) mod parse;
mod report;

use difference::Difference;
use parse::ParsedFeed;

/// The base URL if none is set; `compare` binds no address.
const BOUND: &str = "127.0.0.1:8080";
/// The largest feed that is read whole, in bytes.
const LARGEST: u64 = 256 << 20;

/// One of the two sides.
enum Side {
    File(Box<ParsedFeed>),
    /// The URL paths of the feeds of a build below its base URL, and its redirects.
    Build {
        root: PathBuf,
        feeds: BTreeSet<String>,
        redirects: BTreeMap<String, String>,
    },
    Site(Box<Edition>),
}

pub(super) fn run(settings: &CompareSettings) -> Result<ExitCode, Failure> {
    super::take_signals();
    threads::start_loading("comparing")?;
    log::start(&settings.places, WhenFull::Wait);
    let old = named(&settings.old)?;
    let new = if let Some(new) = &settings.new {
        named(new)?
    } else {
        let now = clock::now().map_err(Failure::new)?;
        super::load::find_content(&settings.places)?;
        Side::Site(Box::new(build::load(&settings.places, BOUND, now)?.1))
    };
    let wanted = settings.feed.as_deref();
    let found: Vec<(String, Difference)> = if let (None, Some(olds), Some(news)) = (wanted, old.feeds(), new.feeds()) {
        let paths: Vec<&String> = olds.union(&news).collect();
        let compared = paths.into_par_iter().map(|path| {
            let [old, new] = [old.feed(path)?, new.feed(path)?];
            Ok((path.clone(), Difference::between(old.as_ref(), new.as_ref())))
        });
        let compared: Result<Vec<_>, Failure> = compared.collect();
        compared?.into_iter().filter(|(_, difference)| !difference.is_empty()).collect()
    } else {
        let path = match wanted {
            Some(path) => format!("/{}", path.trim_start_matches('/')),
            // One of the two is a file.
            None => format!("/{}", old.format().or(new.format()).unwrap_or(Format::Rss).file_name()),
        };
        let (old, new) = (old.required(&path, "OLD")?, new.required(&path, "NEW")?);
        let difference = Difference::between(Some(&old), Some(&new));
        let text = match settings.format {
            CompareFormat::Json => Some(report::json(&difference)),
            CompareFormat::Text | CompareFormat::Github => None,
        };
        if let Some(text) = text {
            super::tell(&text)?;
            return Ok(ExitCode::from(u8::from(!difference.unread.is_empty())));
        }
        if difference.is_empty() { Vec::new() } else { vec![(path, difference)] }
    };
    super::tell(&match settings.format {
        CompareFormat::Text => report::text(&found),
        CompareFormat::Json => report::feeds_json(&found),
        CompareFormat::Github => report::github(&found),
    })?;
    Ok(ExitCode::from(u8::from(found.iter().any(|(_, difference)| !difference.unread.is_empty()))))
}

/// Reads the side that an argument names.
fn named(name: &Path) -> Result<Side, Failure> {
    let shown = name.display();
    if ["http://", "https://"].iter().any(|scheme| name.to_string_lossy().starts_with(scheme)) {
        return Err(Failure::new(format!(
            "compare reads files, not addresses; download it first: `curl -Lo old.xml {shown}`, then `feedmill compare old.xml`"
        )));
    }
    if !name.is_dir() {
        return Ok(Side::File(Box::new(parsed(name)?)));
    }
    let mut files = BTreeSet::new();
    feed_files(name, "", &mut files).map_err(|error| unreadable(name, &error))?;
    // The feed of the whole site is above all others.
    let Some(base) = files.iter().min_by_key(|file| file.matches('/').count()) else {
        return Err(Failure::new(format!(
            "`{shown}` contains no rss.xml, atom.xml or feed.json; name a feed file, or a directory that `feedmill build` wrote"
        )));
    };
    let base = base.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
    let prefix = if base.is_empty() { base.clone() } else { format!("{base}/") };
    let below = |path: &str| Some(format!("/{}", path.trim_start_matches('/').strip_prefix(&prefix)?));
    let redirects = disk::named_bytes(&name.join("_redirects"), LARGEST).unwrap_or_default();
    let redirects = String::from_utf8_lossy(&redirects);
    let redirects = redirects.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (from, to) = (words.next()?, words.next()?);
        Some((below(from)?, below(url::Url::parse(to).ok().as_ref().map_or(to, url::Url::path))?))
    });
    Ok(Side::Build {
        redirects: redirects.collect(),
        feeds: files.iter().filter_map(|file| below(&encode_path(file))).collect(),
        root: name.join(base),
    })
}

/// Adds the feeds below a directory. Pages and images are no feeds, whatever their names.
fn feed_files(root: &Path, below: &str, files: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            if !["media", "articles"].contains(&name.as_str()) {
                feed_files(root, &path, files)?;
            }
        } else if Format::ALL.iter().any(|format| format.file_name() == name) {
            files.insert(path);
        }
    }
    Ok(())
}

fn parsed(path: &Path) -> Result<ParsedFeed, Failure> {
    let bytes = disk::named_bytes(path, LARGEST).map_err(|error| unreadable(path, &error))?;
    parse::feed(&bytes).map_err(|reason| Failure::new(format!("`{}` is not a feed: {reason}", path.display())))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be read: {}", path.display(), disk::reason(error)))
}

impl Side {
    /// The URL paths of all feeds below the base URL. `None` for a file, which may be any of them.
    fn feeds(&self) -> Option<BTreeSet<String>> {
        match self {
            Self::File(_) => None,
            Self::Build { feeds, .. } => Some(feeds.clone()),
            Self::Site(edition) => {
                let paths = edition.feed_paths();
                let all = paths.flat_map(|(path, formats)| {
                    formats.iter().map(move |format| format!("/{path}{}", format.file_name()))
                });
                Some(all.collect())
            }
        }
    }

    fn format(&self) -> Option<Format> {
        if let Self::File(feed) = self { Some(feed.format) } else { None }
    }

    /// The feed at a URL path below the base URL, if there is one. Readers follow redirects, and so does this.
    fn feed(&self, path: &str) -> Result<Option<ParsedFeed>, Failure> {
        match self {
            Self::File(feed) => Ok(Some((**feed).clone())),
            Self::Build { root, feeds, redirects } => {
                // `/old/*` leads to `/new/:splat`.
                let below = |(from, to): (&String, &String)| {
                    Some(to.replace(":splat", path.strip_prefix(from.strip_suffix('*')?)?))
                };
                let moved = || redirects.get(path).cloned().or_else(|| redirects.iter().rev().find_map(below));
                let path = if feeds.contains(path) { Some(path.to_owned()) } else { moved() };
                let path = path.filter(|path| feeds.contains(path)).and_then(|path| decode_path(&path));
                path.map(|path| parsed(&root.join(path.trim_start_matches('/')))).transpose()
            }
            Self::Site(edition) => {
                let at = |path: &str| edition.find(&format!("{}{}", edition.base_path(), path.trim_start_matches('/')));
                let found = match at(path) {
                    Found::Moved(url) => url.strip_prefix(edition.base().as_str()).map_or(Found::Missing, at),
                    found => found,
                };
                let Found::Document(document) = found else { return Ok(None) };
                // A page is a document, too.
                Ok(parse::feed(&document.bytes(Encoding::Identity)).ok())
            }
        }
    }

    fn required(&self, path: &str, name: &str) -> Result<ParsedFeed, Failure> {
        self.feed(path)?.ok_or_else(|| {
            let feeds = self.feeds().unwrap_or_default();
            let nearest = nearest(path, feeds.iter().map(String::as_str));
            let nearest = nearest.map(|feed| format!("; did you mean `--feed {feed}`?")).unwrap_or_default();
            Failure::new(format!("{name} has no feed {path}{nearest}"))
        })
    }
}
