//! Resolves references to local images and attachments, and finds the articles that refer to such a file, local or
//! remote.
//!
//! A reference is resolved as the generators do: beside the article, in the article's asset folder, below
//! the image roots, from the top, and finally, for a plain file name, in `images/` beside the article. An
//! article is indexed under every path that its references may mean, so that it is updated when a file
//! appears later. If no path exists as written, letter case is ignored.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;
use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::attachments::remote_url;
use super::cross_references::hashed;
use super::{AffectedFeeds, Library, MediaFacts};
use crate::article::ArticleBody;
use crate::content_path::{ContentPath, file_name};
use crate::remote_images::RemoteImages;
use crate::site::Rules;
use crate::text::{decode_path, normal_path};

/// A name under which articles find media files.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum MediaName {
    /// The path of a file below `/media/`, in lower case.
    Path(Arc<str>),
    /// The directory of a bundle, in lower case: the image that its article shows without naming it.
    Bundle(Arc<str>),
    /// The URL of a remote image or attachment, as documents contain it.
    Remote(Arc<str>),
}

impl MediaName {
    pub(super) fn of_path(path: &str) -> Self {
        Self::Path(path.to_lowercase().into())
    }

    /// Returns the hash by which the users of the file are found.
    fn hash(&self) -> u64 {
        match self {
            Self::Path(path) => xxh3_64_with_seed(path.as_bytes(), 0),
            Self::Bundle(directory) => xxh3_64_with_seed(directory.as_bytes(), 1),
            Self::Remote(url) => xxh3_64_with_seed(url.as_bytes(), 2),
        }
    }
}

impl Library {
    /// Returns the paths of all local media files below `/media/`, in no particular order.
    pub(crate) fn media_paths(&self) -> impl Iterator<Item = &Arc<str>> {
        self.media.keys()
    }

    /// Returns the local image that a reference in an article means, with its path below `/media/`.
    pub(crate) fn local_image(&self, reference: &str, place: &ContentPath) -> Option<(&Arc<str>, &Arc<MediaFacts>)> {
        self.local_media(reference, place).filter(|(_, facts)| facts.is_image())
    }

    /// Returns the local image or attachment that a reference in an article means.
    pub(crate) fn local_media(&self, reference: &str, place: &ContentPath) -> Option<(&Arc<str>, &Arc<MediaFacts>)> {
        self.first_of(&meanings(reference, Some(place), &self.rules))
    }

    /// Returns the local image that a reference in `feeds/` means.
    pub(crate) fn site_image(&self, reference: &str) -> Option<(&Arc<str>, &Arc<MediaFacts>)> {
        self.first_of(&meanings(reference, None, &self.rules)).filter(|(_, facts)| facts.is_image())
    }

    /// Returns the image of a Hugo bundle whose article names none: `*feature*`, otherwise `*cover*` or
    /// `*thumbnail*`, like Hugo's own templates.
    pub(crate) fn bundle_image(&self, place: &ContentPath) -> Option<(&Arc<str>, &Arc<MediaFacts>)> {
        let bundle = bundle_of(place, &self.rules)?;
        let paths = || self.media_aliases.get(&bundle).into_iter().flatten();
        let images = || paths().filter_map(|path| self.media.get_key_value(path)).filter(|(_, facts)| facts.is_image());
        images().find(|(path, _)| file_name(path).to_lowercase().contains("feature")).or_else(|| images().next())
    }

    /// Returns the first of these paths that exists. If none does, letter case is ignored, because a site
    /// made on macOS or Windows works with the wrong case.
    fn first_of(&self, paths: &[String]) -> Option<(&Arc<str>, &Arc<MediaFacts>)> {
        let exact = || paths.iter().find_map(|path| self.media.get_key_value(path.as_str()));
        let small = || {
            paths.iter().find_map(|path| {
                let small = path.to_lowercase();
                self.media.get_key_value(&*small).or_else(|| {
                    let paths = self.media_aliases.get(&MediaName::Path(small.into()))?;
                    self.media.get_key_value(paths.get_min()?)
                })
            })
        };
        exact().or_else(small)
    }

    pub(super) fn set_media(&mut self, path: Arc<str>, facts: Option<MediaFacts>, affected: &mut AffectedFeeds) {
        let facts = facts.filter(|_| !Self::is_too_long(&path));
        if self.media.get(&path).map(|facts| &**facts) == facts.as_ref() {
            return;
        }
        let small: Arc<str> = path.to_lowercase().into();
        let by_path = MediaName::Path(Arc::clone(&small));
        let by_bundle = bundle_showing(&small);
        std::iter::once(&by_path).chain(&by_bundle).for_each(|name| self.touch_users(name, affected));
        let of_site = self.rules.images().any(|reference| {
            meanings(reference, None, &self.rules).iter().any(|meaning| meaning.to_lowercase() == *small)
        });
        if of_site {
            affected.extend(self.groups.keys().cloned());
        }
        for alias in Some(by_path).filter(|_| small != path).into_iter().chain(by_bundle) {
            let paths = self.media_aliases.entry(alias.clone()).or_default();
            if facts.is_some() {
                paths.insert(Arc::clone(&path));
            } else {
                paths.remove(&path);
            }
            if OrdSet::is_empty(paths) {
                self.media_aliases.remove(&alias);
            }
        }
        match facts {
            Some(facts) => self.media.insert(path, Arc::new(facts)),
            None => self.media.remove(&path),
        };
    }

    /// Returns the library with other facts about remote images, and the feeds that show one of the images whose facts
    /// changed.
    #[must_use]
    pub fn with_remote_images(&self, facts: Arc<RemoteImages>) -> (Self, AffectedFeeds) {
        let mut affected = AffectedFeeds::new();
        if !self.is_empty() {
            let changed = facts.differences(&self.remote_images);
            for url in &changed {
                self.touch_users(&MediaName::Remote((*url).into()), &mut affected);
            }
            let images = &self.rules.site.images;
            let default = images.lead_default.as_deref().and_then(|reference| images.remote(reference));
            if default.is_some_and(|url| changed.binary_search(&url.as_str()).is_ok()) {
                affected.extend(self.groups.keys().cloned());
            }
        }
        (Self { remote_images: facts, ..self.clone() }, affected)
    }

    /// Marks the feeds of the articles that may refer to a media file.
    fn touch_users(&self, name: &MediaName, affected: &mut AffectedFeeds) {
        for article in self.users_of(name).filter_map(|place| self.published(place.as_str())) {
            affected.extend(self.keys_of(article));
        }
    }

    pub(super) fn remember_media_of(&mut self, place: &ContentPath, detail: &ArticleBody) {
        for name in spoken_of(place, detail, &self.rules) {
            self.media_users.insert((name, place.clone()));
        }
    }

    pub(super) fn forget_media_of(&mut self, place: &ContentPath, detail: &ArticleBody) {
        for name in spoken_of(place, detail, &self.rules) {
            self.media_users.remove(&(name, place.clone()));
        }
    }

    /// Returns the articles that may refer to a media file.
    pub(super) fn users_of(&self, name: &MediaName) -> impl Iterator<Item = &ContentPath> {
        hashed(&self.media_users, name.hash())
    }
}

/// Returns the hash of every name of a media file that an article may refer to.
fn spoken_of(place: &ContentPath, detail: &ArticleBody, rules: &Rules) -> BTreeSet<u64> {
    let lead = detail.lead.iter().chain(&detail.gallery).map(|candidate| &*candidate.reference);
    let body = detail.images.iter().map(|image| &*image.src);
    let images = lead.chain(body).filter_map(|reference| rules.site.images.remote(reference));
    let attachments = detail.attachments.iter().filter_map(|attachment| remote_url(&attachment.reference));
    let named = detail.media().flat_map(|reference| meanings(reference, Some(place), rules));
    let names = named.map(|path| MediaName::of_path(&path)).chain(bundle_of(place, rules));
    let names = names.chain(images.chain(attachments).map(|url| MediaName::Remote(url.as_str().into())));
    names.map(|name| name.hash()).collect()
}

/// Returns the bundle of an article; `None` if it is not in a bundle.
fn bundle_of(place: &ContentPath, rules: &Rules) -> Option<MediaName> {
    let is_bundle = rules.site.options.generator.articles.makes_bundle(place.file_name());
    is_bundle.then(|| MediaName::Bundle(place.directory().to_lowercase().into()))
}

/// Returns the bundle that shows the image at a path, which is in lower case.
fn bundle_showing(path: &str) -> Option<MediaName> {
    let name = file_name(path);
    let stands_out = ["feature", "cover", "thumbnail"].iter().any(|word| name.contains(word));
    let directory = path.strip_suffix(name)?.trim_end_matches('/');
    stands_out.then(|| MediaName::Bundle(directory.into()))
}

/// Returns the paths below `/media/` that a reference may mean, best first; none for an absolute URL.
fn meanings(reference: &str, place: Option<&ContentPath>, rules: &Rules) -> Vec<String> {
    let reference = reference.trim();
    let reference = below_home(reference, rules).unwrap_or(reference);
    let is_address =
        reference.starts_with("//") || reference.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if is_address || reference.is_empty() {
        return Vec::new();
    }
    let path = reference.split(['?', '#']).next().unwrap_or(reference).replace('\\', "/");
    let mut meanings: Vec<String> = Vec::new();
    // `50%.png` is meant literally and not as an escape; `a%402x.png` may be either.
    let decoded = decode_path(&path).filter(|decoded| *decoded != path);
    for path in decoded.into_iter().chain([path.nfc().collect()]) {
        mean(&path, place, rules, &mut meanings);
    }
    meanings
}

/// Returns the path of a URL of the web site itself, which begins with a slash: `https://example.org/a.png` with any
/// scheme or none.
fn below_home<'a>(reference: &'a str, rules: &Rules) -> Option<&'a str> {
    let (scheme, rest) = reference.split_once("//")?;
    let is_web = scheme.is_empty() || ["http:", "https:"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let (host, _) = rest.split_once('/')?;
    let own = crate::text::host(rules.site.identity.home.as_str());
    (is_web && host.eq_ignore_ascii_case(own)).then(|| &rest[host.len()..])
}

/// Adds the paths that a decoded path may mean.
fn mean(path: &str, place: Option<&ContentPath>, rules: &Rules, meanings: &mut Vec<String>) {
    let mut add = |candidate: Option<String>| {
        if let Some(candidate) = candidate.filter(|candidate| !candidate.is_empty() && !meanings.contains(candidate)) {
            meanings.push(candidate);
        }
    };
    if let Some(place) = place.filter(|_| !path.starts_with('/')) {
        add(normal_path(&format!("{}/{path}", place.directory())));
        add(normal_path(&format!("{}/{}/{path}", place.directory(), place.stem())));
    }
    // From the top of the site, which may be below a path of its host.
    let top = normal_path(path.trim_start_matches("../").trim_start_matches('/')).unwrap_or_default();
    let below_home = top
        .strip_prefix(rules.site.identity.home.path().trim_start_matches('/'))
        .filter(|below| below.len() < top.len());
    for path in std::iter::once(top.as_str()).chain(below_home) {
        for root in &rules.site.images.roots {
            add(Some(format!("{root}/{path}")));
        }
        add(Some(path.to_owned()));
        // `source/img/a.png` and `/assets/a.png` contain the name of the root.
        for root in &rules.site.images.roots {
            add(path.strip_prefix(&format!("{root}/")).map(str::to_owned));
        }
    }
    // Articles exported from WordPress use plain file names, with the images in a directory beside them.
    if let Some(place) = place.filter(|_| !path.contains('/')) {
        add(normal_path(&format!("{}/images/{path}", place.directory())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Source, read};
    use crate::generator::Generator;
    use crate::library::{ChangeBatch, File};
    use crate::site::sample::rules;

    fn now() -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn library(generator: Generator) -> Library {
        Library::empty(rules("", generator), now())
    }

    fn with(library: &Library, paths: &[&str]) -> (Library, AffectedFeeds) {
        let facts = MediaFacts {
            file: "x".into(),
            length: 1,
            media_type: "image/png",
            exposure: crate::generator::selection::Exposure::OfArticles,
            width: None,
            height: None,
            duration: None,
        };
        changed(library, Some(&facts), paths)
    }

    fn changed(library: &Library, facts: Option<&MediaFacts>, paths: &[&str]) -> (Library, AffectedFeeds) {
        let mut batch = ChangeBatch::default();
        batch.media.extend(paths.iter().map(|path| (Arc::from(*path), facts.cloned())));
        library.apply(batch, now())
    }

    fn found(library: &Library, reference: &str, place: &str) -> Option<String> {
        library.local_image(reference, &ContentPath::new(place)).map(|(path, _)| path.to_string())
    }

    #[test]
    fn a_reference_is_resolved_in_every_way_it_is_written() {
        let there = [
            "p/a.png",
            "p/post/b c.png",
            "p/d@2x.png",
            "p/e%40.png",
            "static/Img/F.PNG",
            "50%.png",
            "新.png",
            "p/images/h.png",
        ];
        let (library, _) = with(&library(crate::generator::plain::PLAIN), &there);
        for (reference, path) in [
            ("a.png", "p/a.png"),
            ("./a.png?v=1", "p/a.png"),
            (".\\a.png", "p/a.png"),
            ("../p/a.png", "p/a.png"),
            ("A.PNG", "p/a.png"),
            ("b c.png", "p/post/b c.png"),
            ("b%20C.png", "p/post/b c.png"),
            ("d%402x.png", "p/d@2x.png"),
            ("e%40.png", "p/e%40.png"),
            ("/img/f.png", "static/Img/F.PNG"),
            ("/static/img/f.png", "static/Img/F.PNG"),
            ("/50%.png", "50%.png"),
            ("/%E6%96%B0.PNG", "新.png"),
            ("h.png", "p/images/h.png"),
        ] {
            assert_eq!(found(&library, reference, "p/post.md").as_deref(), Some(path), "{reference}");
        }
        // The host of the web site, by any scheme.
        let home = library.rules.site.identity.home.clone();
        let host = crate::text::host(home.as_str());
        for reference in [
            format!("https://{host}/img/f.png?v=2"),
            format!("HTTP://{host}/img/f.png"),
            format!("//{}/img/f.png#x", host.to_uppercase()),
        ] {
            assert_eq!(found(&library, &reference, "p/post.md").as_deref(), Some("static/Img/F.PNG"), "{reference}");
        }
        for reference in ["g.png", "../../a.png/..", "https://x.example/a.png", "//x.example/a.png", ""] {
            assert_eq!(found(&library, reference, "p/post.md"), None, "{reference}");
        }
    }

    #[test]
    fn an_exact_path_precedes_one_in_another_letter_case() {
        let (both, _) = with(&library(crate::generator::plain::PLAIN), &["a.PNG", "p/A.png", "p/a.Png"]);
        assert_eq!(found(&both, "a.PNG", "p/post.md").as_deref(), Some("a.PNG"));
        assert_eq!(found(&both, "a.png", "p/post.md").as_deref(), Some("p/A.png"));
        let (one, _) = changed(&both, None, &["a.PNG", "p/A.png"]);
        assert_eq!(found(&one, "a.png", "p/post.md").as_deref(), Some("p/a.Png"));
        let (none, _) = changed(&one, None, &["p/a.Png"]);
        assert_eq!((found(&none, "a.png", "p/post.md"), none.media_aliases.len()), (None, 0));
    }

    #[test]
    fn a_bundle_shows_its_feature_image_and_is_updated_with_it() {
        let library = library(crate::generator::hugo::HUGO);
        let mut batch = ChangeBatch::default();
        for place in ["c/index.md", "c/other.md"].map(ContentPath::new) {
            let text = "---\ntitle: x\ndate: 2026-01-01\ncategories: [y]\n---\n![x](Body.png)\n";
            let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
            let file = File::Full(Box::new(read(&source, &library.rules.site.options)));
            batch.articles.insert(place, Some(file));
        }
        let (library, _) = library.apply(batch, now());
        let shown =
            |library: &Library, place| library.bundle_image(&ContentPath::new(place)).map(|(path, _)| path.to_string());
        let (library, affected) = with(&library, &["c/x.png", "c/deep/feature.png"]);
        assert_eq!((shown(&library, "c/index.md"), affected.len()), (None, 0));
        let (library, affected) = with(&library, &["c/My-Cover.PNG"]);
        assert_eq!(shown(&library, "c/index.md").as_deref(), Some("c/My-Cover.PNG"));
        assert!(!affected.is_empty());
        let (library, _) = with(&library, &["c/Z-Featured.png"]);
        assert_eq!(shown(&library, "c/index.md").as_deref(), Some("c/Z-Featured.png"));
        assert_eq!(shown(&library, "c/other.md"), None);
        let (_, affected) = with(&library, &["c/body.png"]);
        assert!(!affected.is_empty());
    }
}
