//! Decides by its path whether a file is an article.
//!
//! Each generator has rules of its own, see [`ArticleRules`]. A file that passes them may still be no article: a
//! complete HTML page has no front matter, which shows only in its first bytes, see [`is_whole_page`].

use std::path::Path;

use super::collections::Collections;
use super::{Generator, SiteContext};
use crate::content_path::{file_name, is_article_extension};
use crate::syntax::date::UtcDates;
use crate::syntax::glob::Globs;
pub(crate) use no_article::NoArticle;

pub(crate) mod machine;
mod no_article;

/// Directories of generators and package managers, which contain no articles.
const FOREIGN: &[&str] = &["vendor", "themes", "_site", "layouts", "archetypes", "scaffolds"];

/// Whether to skip a directory of this name on every site: hidden directories, packages, directories that programs
/// make, and `lost+found`, which is at the root of every ext4 volume and readable only by root.
pub(crate) fn is_closed(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "node_modules" | "lost+found") || machine::is_directory(name)
}

/// Jekyll's directories of templates and data, which plain sites have too, and directories of templates for new
/// articles.
const PARTS: &[&str] = &["_layouts", "_includes", "_data", "_sass", "_template", "_templates"];

/// Files that describe a repository to its developers, as names without an extension.
const ABOUT: &[&str] = &["readme", "license", "changelog", "contributing"];

/// Paths below the content directory that show [`Selection::at`] where a generator keeps its articles.
pub(crate) const LAYOUT: [&str; 6] =
    ["source/_posts", "_posts", "_config.yml", "_config.yaml", "_config.toml", "content"];

/// Like the paths of [`LAYOUT`]: whether there is a directory `_posts` in the content directory or below.
pub(crate) const DEEP_POSTS: &str = "**/_posts";

/// Who may request an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exposure {
    /// Everyone: the image is in a directory that the site publishes.
    Public,
    /// Everyone, unless there are articles in its directory or below.
    PublicAlone,
    /// Everyone, as long as a published article refers to it.
    OfArticles,
}

/// Selects the article files below one content directory.
#[derive(Debug, Clone)]
pub struct Selection {
    generator: Generator,
    exclude: Globs,
    directories: ArticleDirs,
    image_roots: Vec<String>,
    included: Vec<String>,
    collections: Collections,
}

/// How a generator chooses article files.
#[expect(clippy::struct_excessive_bools, reason = "independent properties of a generator")]
pub(crate) struct ArticleRules {
    /// Where articles are below the content directory.
    pub directories: fn(&Layout<'_>) -> ArticleDirs,
    /// Whether a text file is an article. The arguments are its path inside the article directory and its name without
    /// the extension.
    pub is_article: fn(&str, &str) -> bool,
    /// Whether `index.md` makes its directory a leaf bundle, whose other text files are parts of the article.
    pub has_leaf_bundles: bool,
    /// An image root whose files the generator does not publish unchanged, for example Hugo's `assets`.
    pub unpublished_root: Option<&'static str>,
    /// Whether the generator publishes everything beside the article directories.
    pub publishes_source: bool,
    /// Whether `.qmd` files are articles.
    pub reads_qmd: bool,
    /// Whether directories of template parts, such as `_includes`, may contain articles.
    pub enters_part_directories: bool,
    /// Whether articles with a date in the future are published, if the configuration does not say.
    pub publishes_future: bool,
    /// Whether `hidden` and the like have no effect, as with jekyll-feed.
    pub publishes_hidden: bool,
    /// Whether dates are in the zone of the machine, if the configuration sets none.
    pub uses_machine_zone: bool,
    /// The dates without a zone that are in UTC, not in the zone of the site.
    pub utc_dates: Option<UtcDates>,
}

impl ArticleRules {
    /// The rules of a directory without a generator: every text is an article.
    pub(crate) const USUAL: Self = Self {
        directories: |_| ArticleDirs::Anywhere,
        is_article: |_, _| true,
        has_leaf_bundles: false,
        unpublished_root: None,
        publishes_source: false,
        reads_qmd: true,
        enters_part_directories: false,
        publishes_future: false,
        publishes_hidden: false,
        uses_machine_zone: false,
        utc_dates: None,
    };

    /// Whether an article of this name makes its directory a leaf bundle.
    pub(crate) fn makes_bundle(&self, name: &str) -> bool {
        self.has_leaf_bundles && name.starts_with("index.")
    }
}

/// The properties of the content directory that [`ArticleRules::directories`] may use.
pub(crate) struct Layout<'a> {
    pub content: &'a Path,
    pub holds: &'a dyn Fn(&str) -> bool,
    /// The directory of the sources, relative to the one with the configuration, if the configuration names it.
    pub source: Option<&'a str>,
    /// The article directories that the configuration names, relative to the content directory.
    pub declared: &'a [&'a str],
    /// How many directories the configuration is above the content directory.
    pub level: u8,
}

/// The path of a content directory, relative to a directory that is `level` directories above it.
pub(crate) fn below_site(content: &Path, level: u8) -> String {
    let parts: Vec<_> = content.iter().rev().take(level.into()).collect();
    parts.into_iter().rev().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

impl Layout<'_> {
    /// Whether the path of the content directory contains one of these names.
    pub(crate) fn is_in(&self, names: &[&str]) -> bool {
        self.content.components().any(|part| names.iter().any(|name| part.as_os_str() == *name))
    }

    /// Whether the content directory has this name.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.content.file_name() == Some(name.as_ref())
    }

    /// The path of the content directory, relative to the directory with the configuration.
    pub(crate) fn below_site(&self) -> String {
        below_site(self.content, self.level)
    }

    /// Whether a path of [`LAYOUT`] exists below the content directory.
    pub(crate) fn holds(&self, path: &str) -> bool {
        (self.holds)(path)
    }
}

impl ArticleDirs {
    pub(crate) fn below<const N: usize>(directories: [&str; N]) -> Self {
        Self::Below(directories.map(str::to_owned).into())
    }
}

/// Where articles are below the content directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArticleDirs {
    /// Anywhere, because the site has no article directory.
    Anywhere,
    /// In the content directory, which is the article directory of the generator.
    Itself,
    Below(Vec<String>),
    /// In any directory called `_posts`.
    Posts,
}

impl Selection {
    /// Builds the selection for the content directory at `content`. `holds` reports whether a path of [`LAYOUT`]
    /// exists below it.
    #[cfg(test)]
    pub(crate) fn new(generator: Generator, exclude: Globs, content: &Path, holds: &dyn Fn(&str) -> bool) -> Self {
        Self::at(generator, exclude, &Layout { content, holds, source: None, declared: &[], level: 0 })
    }

    /// Builds the selection for a content directory with this layout.
    pub(crate) fn at(generator: Generator, exclude: Globs, layout: &Layout<'_>) -> Self {
        let directories = (generator.articles.directories)(layout);
        Self {
            generator,
            exclude,
            directories,
            image_roots: vec![],
            included: vec![],
            collections: Collections::default(),
        }
    }

    #[must_use]
    pub(crate) fn with_image_roots(self, image_roots: &[String]) -> Self {
        Self { image_roots: image_roots.to_vec(), ..self }
    }

    #[must_use]
    pub(crate) fn within_site(self, SiteContext { included, collections, .. }: &SiteContext) -> Self {
        Self { included: included.clone(), collections: collections.clone(), ..self }
    }

    /// Whether a glob of `exclude` matches this path.
    pub(crate) fn excludes(&self, place: &str) -> bool {
        self.exclude.is_match(place)
    }

    /// Who may request the image at this path, which is relative to the content directory or to the image root `root`
    /// beside it.
    pub(crate) fn exposure(&self, root: Option<&str>, place: &str) -> Exposure {
        // No generator publishes such a directory unchanged.
        if place.split('/').any(|part| part.starts_with('_')) {
            return Exposure::OfArticles;
        }
        if let Some(root) = root {
            return if self.is_public(root) { Exposure::Public } else { Exposure::OfArticles };
        }
        // The content directory is Hexo's `source`, which is published as a whole.
        if self.generator.articles.publishes_source
            && matches!(&self.directories, ArticleDirs::Below(below) if below.first().is_some_and(|first| first == "_posts"))
        {
            return Exposure::Public;
        }
        let among_articles = match self.directories {
            ArticleDirs::Anywhere => false,
            ArticleDirs::Itself => true,
            ArticleDirs::Below(_) | ArticleDirs::Posts => self.inside(place).is_some(),
        };
        match place.split_once('/') {
            Some((root, _)) if !among_articles && self.is_public(root) => Exposure::PublicAlone,
            _ => Exposure::OfArticles,
        }
    }

    /// Whether the generator publishes every file of an image root; Hugo's `assets` is an exception.
    fn is_public(&self, root: &str) -> bool {
        self.image_roots.iter().any(|known| known == root) && self.generator.articles.unpublished_root != Some(root)
    }

    /// Whether both selections look for articles in the same directories. Their exclusions may differ.
    pub(crate) fn has_layout_of(&self, other: &Self) -> bool {
        self.generator == other.generator
            && self.directories == other.directories
            && self.included == other.included
            && self.collections == other.collections
    }

    /// Whether a directory can contain articles or images. Checks only the last component, because the caller has
    /// entered the directories above.
    pub fn enters(&self, directory: &str) -> bool {
        let name = file_name(directory);
        if is_closed(name) || self.exclude.is_match(directory) {
            return false;
        }
        // The article directory of a generator may contain a section called `themes`.
        if self.within(directory) || self.collections.of(&format!("{directory}/")).is_some() {
            return true;
        }
        !FOREIGN.contains(&name) && (self.generator.articles.enters_part_directories || !PARTS.contains(&name))
    }

    /// Whether the name and path of a file make it an article. The caller has checked its directory with
    /// [`Self::enters`].
    pub fn takes(&self, place: &str) -> bool {
        self.refusal(place).is_none()
    }

    /// Why the file at this path is not an article; `None` if it is one.
    pub(crate) fn refusal(&self, place: &str) -> Option<NoArticle> {
        if machine::is_copy(file_name(place)) {
            return Some(NoArticle::ConflictCopy);
        }
        self.refusal_of_text(place)
    }

    /// Whether a conflict copy at this path would be an article under another name.
    pub(crate) fn takes_as_copy(&self, place: &str) -> bool {
        self.refusal_of_text(place).is_none()
    }

    fn refusal_of_text(&self, place: &str) -> Option<NoArticle> {
        let name = file_name(place);
        if machine::is_lock(name) {
            return Some(NoArticle::LockFile);
        }
        if name.starts_with('.') || name.ends_with(['~', '%']) {
            return Some(NoArticle::HiddenFile);
        }
        let Some((stem, extension)) = name.rsplit_once('.').filter(|(_, extension)| is_article_extension(extension))
        else {
            return Some(NoArticle::NoText);
        };
        if extension.eq_ignore_ascii_case("qmd") && !self.generator.articles.reads_qmd {
            return Some(NoArticle::NoText);
        }
        if !self.is_where_articles_are(place, stem) {
            return Some(NoArticle::Elsewhere);
        }
        self.exclude.is_match(place).then_some(NoArticle::Excluded)
    }

    /// Whether the file at this path makes its directory one of Hugo's leaf bundles, where the other text files,
    /// including those in subdirectories, are parts of the article. An index at the top of the article directory makes
    /// no bundle, because all articles would be parts of it.
    pub(crate) fn is_bundle(&self, place: &str) -> bool {
        let name = file_name(place);
        self.generator.articles.makes_bundle(name)
            && self.inside(place).is_some_and(|inside| inside.contains('/'))
            && self.takes(place)
    }

    fn is_where_articles_are(&self, place: &str, stem: &str) -> bool {
        if self.collections.of(place).is_some() {
            return self.collections.hold(place, &self.included);
        }
        self.inside(place).is_some_and(|inside| {
            let included = self.included.iter().find_map(|name| inside.strip_prefix(name.as_str())?.strip_prefix('/'));
            (self.generator.articles.is_article)(included.unwrap_or(inside), stem)
        })
    }

    /// The part of a path that is inside the article directories; `None` for a file outside them.
    fn inside<'a>(&self, place: &'a str) -> Option<&'a str> {
        match &self.directories {
            ArticleDirs::Anywhere | ArticleDirs::Itself => Some(place),
            ArticleDirs::Below(directories) => {
                directories.iter().find_map(|directory| place.strip_prefix(directory.as_str())?.strip_prefix('/'))
            }
            ArticleDirs::Posts => {
                let place = self.collections.below_root(place)?;
                place.strip_prefix("_posts/").or_else(|| {
                    let (above, inside) = place.split_once("/_posts/")?;
                    (!above.split('/').any(|part| self.is_special(part))).then_some(inside)
                })
            }
        }
    }

    /// Whether Jekyll does not enter a directory of this name.
    fn is_special(&self, name: &str) -> bool {
        name.starts_with(['_', '.', '#', '~']) && !self.included.iter().any(|included| included == name)
    }

    fn within(&self, directory: &str) -> bool {
        self.directories != ArticleDirs::Anywhere && self.inside(directory).is_some()
    }
}

/// Whether a file of this name describes a repository to its developers. It is an article only if it is dated.
pub(crate) fn is_about(place: &str) -> bool {
    // `README.zh-CN.md` is a README too.
    let first = file_name(place).split('.').next().unwrap_or_default();
    ABOUT.iter().any(|about| first.eq_ignore_ascii_case(about))
}

/// Whether a file is a complete HTML page, which a tool or theme made. A page begins with its doctype or `<html>`, an
/// article with its front matter.
pub fn is_whole_page(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |with: &[u8]| {
        bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
            && bytes.get(with.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    };
    begins(b"<!doctype") || begins(b"<html")
}

#[cfg(test)]
mod tests;
