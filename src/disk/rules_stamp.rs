//! Detects, without opening files, whether the sources of the rules have changed: the definitions in `feeds/`, the
//! facts about remote images, the generator's configuration, and the file names by which a generator is recognized.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xxhash_rust::xxh3::Xxh3Default;

use super::detect::{configurations, index_files, layout_stamp, parts, people, rules_by_name, sites};
use super::feeds_dir::{FeedsPaths, is_definition, version};
use super::sections;
use super::stamp::{Stamp, racy_until};
use crate::generator::Generator;

/// Hash of the names and stamps of all files that the rules are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RulesStamp(u64);

impl RulesStamp {
    /// The current stamp; `None` if a file was written so recently that its stamp might not show the next change.
    pub(crate) fn now(content: &Path, feeds: FeedsPaths<'_>, generator: Generator) -> Option<Self> {
        Self::taken(content, feeds, generator, SystemTime::now())
    }

    fn taken(content: &Path, feeds: FeedsPaths<'_>, generator: Generator, now: SystemTime) -> Option<Self> {
        let content = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
        let sites = sites(&content);
        let mut files: Vec<PathBuf> = sites.iter().flat_map(|site| named(site, &rules_by_name)).collect();
        files.extend(sites.iter().flat_map(|site| configurations().chain(people()).map(|name| site.join(name))));
        if generator.has_sections() {
            files.extend(sites.iter().flat_map(|site| parts(site)));
            files.extend(sections::find(&content).into_iter().flatten().map(|(_, path)| path));
        }
        files.extend(index_files(&content));
        files.push(feeds.image_facts.to_owned());
        files.extend(version(feeds.directory).iter().flat_map(|feeds| named(feeds, &is_definition)));
        let mut all = Xxh3Default::new();
        all.update(&layout_stamp(&content));
        for file in files {
            all.update(file.as_os_str().as_encoded_bytes());
            if let Ok(metadata) = fs::metadata(&file) {
                if metadata.is_file() && racy_until(&metadata, now).is_some() {
                    return None;
                }
                // The relevant files in a directory are in the list by themselves.
                all.update(&if metadata.is_file() { Stamp::of(&metadata) } else { Stamp::NONE }.bytes());
            }
        }
        Some(Self(all.digest()))
    }
}

/// The paths in a directory whose names satisfy `wanted`, sorted.
fn named(directory: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let names = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut paths: Vec<PathBuf> =
        names.filter(|name| name.to_str().is_some_and(wanted)).map(|name| directory.join(name)).collect();
    paths.sort_unstable();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_the_rules_are_read_from_change_the_stamp() {
        let home = tempfile::tempdir().unwrap();
        let (content, feeds) = (home.path().join("site/content"), home.path().join("feeds"));
        fs::create_dir_all(content.join("posts")).unwrap();
        fs::create_dir(&feeds).unwrap();
        let facts = feeds.join("images.facts");
        let paths = FeedsPaths { directory: &feeds, image_facts: &facts };
        // By then no file that the test writes is racy any more.
        let later = SystemTime::now() + std::time::Duration::from_mins(1);
        let mut last = RulesStamp::taken(&content, paths, crate::generator::hugo::HUGO, later);
        let mut step = |path: PathBuf, is_news: bool| {
            fs::write(&path, "x").unwrap();
            if is_news {
                assert_eq!(RulesStamp::now(&content, paths, crate::generator::hugo::HUGO), None, "{}", path.display());
            }
            let now = RulesStamp::taken(&content, paths, crate::generator::hugo::HUGO, later);
            assert!(now.is_some() && (now != last) == is_news, "{}", path.display());
            fs::File::options().write(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
            last = RulesStamp::taken(&content, paths, crate::generator::hugo::HUGO, later);
        };
        step(content.join("a.md"), false);
        step(content.join("posts/b.md"), false);
        step(feeds.join("notes.txt"), false);
        step(feeds.join("mine.yaml"), true);
        step(facts.clone(), true);
        step(home.path().join("site/hugo.toml"), true);
        fs::create_dir_all(home.path().join("site/config/_default")).unwrap();
        step(home.path().join("site/config/_default/params.en.toml"), true);
        step(home.path().join("site/config/_default/notes.txt"), false);
        step(content.join("posts/_index.md"), true);
        fs::create_dir_all(content.join("posts/deep/er")).unwrap();
        step(content.join("posts/deep/er/_index.fr.md"), true);
        step(home.path().join("site/authors.yml"), true);
    }
}
