//! Which files of a directory are articles.
//!
//! Knows names alone, as each generator judges them. A file that a name lets
//! in may still be none: a whole HTML page has no front matter, and only
//! whoever reads its first bytes can see that (`is_whole_page`).

use std::path::Path;

use globset::GlobSet;

use super::Generator;

pub mod machine;

/// What Hexo's and Jekyll's renderers take, and what people ask for besides.
pub const EXTENSIONS: &[&str] =
    &["md", "markdown", "mkd", "mkdn", "mdwn", "mdown", "mdtxt", "mdtext", "mdx", "html", "htm"];

/// Directories of generators and packages: nothing in them was written here.
const FOREIGN: &[&str] = &["vendor", "themes", "_site", "layouts", "archetypes", "scaffolds"];

/// Whether a directory of this name holds nothing of an author's, whoever
/// looks: hidden ones, packages, those that machines make, and what a check of
/// the file system found, which stands at the root of every ext4 volume and is
/// closed to all but root.
pub fn is_closed(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "node_modules" | "lost+found") || machine::is_directory(name)
}

/// Jekyll's directories of parts and data, met in plain directories too, and
/// what authors copy to begin an article.
const PARTS: &[&str] = &["_layouts", "_includes", "_data", "_sass", "_template", "_templates"];

/// What lies in every repository and speaks of it, not to its readers.
const ABOUT: &[&str] = &["readme", "license", "changelog", "contributing"];

/// Paths below the content directory by which [`Selection::new`] knows where a generator has its articles.
pub const LAYOUT: [&str; 6] = ["source/_posts", "_posts", "_config.yml", "_config.yaml", "_config.toml", "content"];

/// Who may see an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Everybody: it is in a public directory of the site.
    Public,
    /// The same, unless articles are in its directory or below.
    PublicAlone,
    /// It belongs to articles: everybody while a published article refers to it.
    OfArticles,
}

/// The choice of article files below one content directory.
#[derive(Debug, Clone)]
pub struct Selection {
    generator: Generator,
    exclude: GlobSet,
    directories: ArticleDirs,
    image_roots: Vec<String>,
}

/// How a generator chooses article files.
pub struct ArticleRules {
    /// Where articles are below the content directory.
    pub directories: fn(&Layout<'_>) -> ArticleDirs,
    /// Whether a text is an article, by its path inside the article directory and the stem of its name.
    pub is_article: fn(&str, &str) -> bool,
    /// Whether `index.md` makes its directory a leaf bundle, whose other texts are parts of the article.
    pub has_leaf_bundles: bool,
    /// An image root that the generator does not publish as it is.
    pub unpublished_root: Option<&'static str>,
    /// Whether everything beside the article directories is published.
    pub publishes_source: bool,
    /// Whether directories of template parts, such as `_includes`, are read.
    pub enters_part_directories: bool,
}

/// The content directory, as far as [`ArticleRules::directories`] looks at it.
pub struct Layout<'a> {
    content: &'a Path,
    holds: &'a dyn Fn(&str) -> bool,
}

impl Layout<'_> {
    /// Whether one of these names is a part of the content directory's path.
    pub fn is_in(&self, names: &[&str]) -> bool {
        self.content.components().any(|part| names.iter().any(|name| part.as_os_str() == *name))
    }

    /// Whether the content directory has this name.
    pub fn is_named(&self, name: &str) -> bool {
        self.content.file_name() == Some(name.as_ref())
    }

    /// Whether a path of [`LAYOUT`] exists below the content directory.
    pub fn holds(&self, path: &str) -> bool {
        (self.holds)(path)
    }
}

/// Where articles are below the content directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleDirs {
    /// Wherever names allow, because nothing says more.
    Anywhere,
    /// The content directory is the generator's own directory of articles.
    Itself,
    /// Below these directories.
    Below(&'static [&'static str]),
    /// In any directory called `_posts`.
    Posts,
}

impl Selection {
    /// The choice for the content directory at `content`; `holds` says whether
    /// a path of [`LAYOUT`] exists below it.
    pub fn new(generator: Generator, exclude: GlobSet, content: &Path, holds: &dyn Fn(&str) -> bool) -> Self {
        let directories = (generator.articles.directories)(&Layout { content, holds });
        Self { generator, exclude, directories, image_roots: Vec::new() }
    }

    /// The same choice with these directories of images.
    #[must_use]
    pub fn with_image_roots(self, image_roots: &[String]) -> Self {
        Self { image_roots: image_roots.to_vec(), ..self }
    }

    /// Whether `exclude` takes the file at this place out.
    pub fn excludes(&self, place: &str) -> bool {
        self.exclude.is_match(place)
    }

    /// Who may see the image at this place, in the content directory or in the image root of this name beside it.
    pub fn exposure(&self, root: Option<&str>, place: &str) -> Exposure {
        // Generators publish no directory of such a name as it is.
        if place.split('/').any(|part| part.starts_with('_')) {
            return Exposure::OfArticles;
        }
        if let Some(root) = root {
            return if self.is_public(root) { Exposure::Public } else { Exposure::OfArticles };
        }
        // The content directory is the generator's `source`, which is published as a whole.
        if self.generator.articles.publishes_source && matches!(self.directories, ArticleDirs::Below(["_posts", ..])) {
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

    /// Whether a directory of images is one that the generator publishes whole; Hugo's `assets` is not.
    fn is_public(&self, root: &str) -> bool {
        self.image_roots.iter().any(|known| known == root) && self.generator.articles.unpublished_root != Some(root)
    }

    /// Whether articles are in the same directories, whatever is excluded of them.
    pub fn has_layout_of(&self, other: &Self) -> bool {
        (self.generator, self.directories) == (other.generator, other.directories)
    }

    /// Whether anything in the directory at this place can be of use: articles
    /// or images. Judges its last part only; the directories above are entered.
    pub fn enters(&self, directory: &str) -> bool {
        let name = last(directory);
        if is_closed(name) || self.exclude.is_match(directory) {
            return false;
        }
        // A generator's own directory of articles may well have a section `themes`.
        if self.within(directory) {
            return true;
        }
        !FOREIGN.contains(&name) && (self.generator.articles.enters_part_directories || !PARTS.contains(&name))
    }

    /// Whether the file at this place, in a directory that is entered, is an
    /// article by its name.
    pub fn takes(&self, place: &str) -> bool {
        self.refusal(place).is_none()
    }

    /// Why the file at this place is no article by its name, if it is none.
    pub fn refusal(&self, place: &str) -> Option<&'static str> {
        if machine::is_copy(last(place)) {
            return Some(machine::COPIES);
        }
        self.refusal_of_text(place)
    }

    /// Whether the file at this place, which is a copy that a program made of
    /// a conflict, would be an article if it were none.
    pub fn takes_as_copy(&self, place: &str) -> bool {
        self.refusal_of_text(place).is_none()
    }

    fn refusal_of_text(&self, place: &str) -> Option<&'static str> {
        let name = last(place);
        if machine::is_lock(name) {
            return Some("lock files of office programs");
        }
        if name.starts_with('.') || name.ends_with(['~', '%']) {
            return Some("hidden files and backups of editors");
        }
        let extension = |known: &&str| name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(known));
        let Some((stem, _)) = name.rsplit_once('.').filter(|_| EXTENSIONS.iter().any(extension)) else {
            return Some("neither Markdown nor HTML");
        };
        // `README.zh-CN.md` is a README too.
        let first = stem.split('.').next().unwrap_or(stem);
        if ABOUT.iter().any(|about| first.eq_ignore_ascii_case(about)) {
            return Some("READMEs, licences and the like");
        }
        if !self.is_where_articles_are(place, stem) {
            return Some("not where, or not named as, the generator has its articles");
        }
        self.exclude.is_match(place).then_some("excluded")
    }

    /// Whether the file at this place makes its directory a leaf bundle of
    /// Hugo's: the other texts in it, and below, are parts of that article.
    /// The top of the ground is none, or all would be its parts.
    pub fn is_bundle(&self, place: &str) -> bool {
        let name = last(place);
        self.generator.articles.has_leaf_bundles
            && name.starts_with("index.")
            && self.inside(place).is_some_and(|inside| inside.contains('/'))
            && self.takes(place)
    }

    fn is_where_articles_are(&self, place: &str, stem: &str) -> bool {
        self.inside(place).is_some_and(|inside| (self.generator.articles.is_article)(inside, stem))
    }

    /// The part of a file's place that lies inside the generator's ground.
    fn inside<'a>(&self, place: &'a str) -> Option<&'a str> {
        match self.directories {
            ArticleDirs::Anywhere | ArticleDirs::Itself => Some(place),
            ArticleDirs::Below(directories) => {
                directories.iter().find_map(|directory| place.strip_prefix(directory)?.strip_prefix('/'))
            }
            ArticleDirs::Posts => match place.strip_prefix("_posts/") {
                Some(inside) => Some(inside),
                None => place.split_once("/_posts/").map(|(_, inside)| inside),
            },
        }
    }

    fn within(&self, directory: &str) -> bool {
        self.directories != ArticleDirs::Anywhere && self.inside(directory).is_some()
    }
}

/// Whether a file is a whole HTML page, made by somebody's tool or theme, and
/// so no article: a page begins at once, an article with its front matter.
pub fn is_whole_page(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |with: &[u8]| {
        bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
            && bytes.get(with.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    };
    begins(b"<!doctype") || begins(b"<html")
}

fn last(place: &str) -> &str {
    place.rfind('/').map_or(place, |at| &place[at + 1..])
}

#[cfg(test)]
mod tests;
