//! The language of an article, from a front matter key, its file name or its directory.

use std::borrow::Cow;
use std::sync::Arc;

use super::mounts::{self, Mount};
use crate::content_path::ContentPath;
use crate::syntax::front_matter::Fields;

/// ISO 639-1 codes of two letters, which may precede an extension as in `post.fr.md`.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Returns the language tag of an article as written; `None` if it is in the default language.
pub(crate) fn language(fields: &Fields, place: &ContentPath, languages: &Languages) -> Option<Box<str>> {
    let keys = ["lang", "language", "locale"];
    let of_tree = || languages.foreign(place.as_str());
    let written = fields.first_of(&keys).and_then(|(_, value)| value.as_text());
    written.or_else(|| in_name(place)).or_else(of_tree).map(Box::from)
}

/// Returns the language tag in a file name such as `post.fr.md` or `post.zh-CN.md`.
pub(crate) fn in_name(place: &ContentPath) -> Option<&str> {
    let (_, tag) = place.stem().rsplit_once('.')?;
    let (code, rest) = tag.split_once(['-', '_']).unwrap_or((tag, ""));
    let known = code.len() == 2 && CODES.split(' ').any(|known| known == code);
    (known && rest.len() <= 8 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(tag)
}

/// A published language other than the default one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct OtherLanguage {
    /// The code in lower case.
    pub code: Arc<str>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// The language tag as written, if it differs from the code.
    pub tag: Option<String>,
}

impl From<&str> for OtherLanguage {
    fn from(code: &str) -> Self {
        Self { code: code.to_ascii_lowercase().into(), ..Self::default() }
    }
}

/// The languages of a Hugo or Zola site. Sites without a configured language have only the default one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Languages {
    /// The code of the default language, in lower case.
    pub default: String,
    /// The other published languages.
    pub others: Vec<OtherLanguage>,
    /// Whether front matter decides the language of an article, instead of its path.
    pub by_front_matter: bool,
    /// The codes of languages that are not published.
    pub disabled: Vec<String>,
    /// Pairs of a language code and the directory of its articles, relative to the configuration and without a
    /// trailing slash.
    pub directories: Vec<(String, String)>,
    /// The directory of the articles of all other languages.
    pub content: String,
    /// The directories that Hugo's `module.mounts` names.
    pub mounts: Vec<Mount>,
    /// Whether the configuration names such a directory, so that nothing outside is published.
    pub are_declared: bool,
    /// The path of feedmill's content directory, relative to the configuration.
    pub below: String,
    /// Whether permalinks contain the directory of the default language.
    pub default_has_directory: bool,
}

impl Default for Languages {
    fn default() -> Self {
        Self {
            default: "en".to_owned(),
            others: Vec::new(),
            by_front_matter: false,
            disabled: Vec::new(),
            directories: Vec::new(),
            content: "content".to_owned(),
            mounts: Vec::new(),
            are_declared: false,
            below: String::new(),
            default_has_directory: false,
        }
    }
}

impl Languages {
    /// Whether the site has more than one language.
    pub(crate) fn are_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// Returns the language of a file and its path without `content`, without the language directory and without the
    /// language suffix. For example, `content/a/post.fr.md` gives `fr` and `a/post.md`.
    pub(crate) fn split<'a>(&'a self, place: &'a str) -> (&'a str, Cow<'a, str>) {
        let whole = || (self.default.as_str(), place.strip_prefix("content/").unwrap_or(place).into());
        let (language, path) = self.located(place).unwrap_or_else(whole);
        let Some((stem, extension)) = path.rsplit_once('.') else {
            return (language, path);
        };
        let coded = stem.rsplit_once('.').filter(|(name, _)| !name.is_empty() && !name.ends_with('/'));
        let known = coded.and_then(|(name, code)| {
            let mut all = std::iter::once(&*self.default)
                .chain(self.others.iter().map(|other| &*other.code))
                .chain(self.disabled.iter().map(String::as_str));
            Some((name, all.find(|known| known.eq_ignore_ascii_case(code))?))
        });
        match known {
            Some((name, code)) => (code, format!("{name}.{extension}").into()),
            None => (language, path),
        }
    }

    /// Returns the language in whose directory a file is, and its path there.
    fn located<'a>(&'a self, place: &'a str) -> Option<(&'a str, Cow<'a, str>)> {
        let whole = self.whole(place);
        let has_own = |code: &str| self.directories.iter().any(|(known, _)| known == code);
        let mut codes = std::iter::once(&*self.default).chain(self.others.iter().map(|other| &*other.code));
        let shares = !codes.all(has_own);
        let shared = shares.then_some((self.default.as_str(), self.content.as_str()));
        let own = self.directories.iter().map(|(code, directory)| (code.as_str(), directory.as_str()));
        let (language, directory) = own
            .chain(shared)
            .filter(|(_, directory)| whole.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')))
            .max_by_key(|(_, directory)| directory.len())?;
        let rest = whole.len() - directory.len() - 1;
        let path = match place.len().checked_sub(rest) {
            Some(start) => Cow::Borrowed(&place[start..]),
            None => whole[directory.len() + 1..].to_owned().into(),
        };
        let mount = self.mounts.iter().find(|mount| mount.source == directory);
        match mount.map(|mount| mount.section.as_str()).filter(|section| !section.is_empty()) {
            Some(section) => Some((language, format!("{section}/{path}").into())),
            None => Some((language, path)),
        }
    }

    /// The directories of articles, relative to the configuration.
    fn sources(&self) -> impl Iterator<Item = &str> {
        self.directories.iter().map(|(_, directory)| directory.as_str()).chain([self.content.as_str()])
    }

    /// The declared directories that are below the content directory, relative to it.
    pub(crate) fn declared(&self) -> Vec<&str> {
        let sources = self.sources().filter(|_| self.are_declared);
        let below = sources.filter_map(|source| {
            if self.below.is_empty() { Some(source) } else { source.strip_prefix(&self.below)?.strip_prefix('/') }
        });
        below.collect()
    }

    /// The path of a file, relative to the configuration.
    fn whole<'a>(&self, place: &'a str) -> Cow<'a, str> {
        if self.below.is_empty() { Cow::Borrowed(place) } else { format!("{}/{place}", self.below).into() }
    }

    /// Whether the configuration names the directories of all articles, and the file is in none of them, or the
    /// patterns of these directories keep it out.
    pub(crate) fn is_outside(&self, place: &str) -> bool {
        (self.are_declared && self.located(place).is_none()) || mounts::keep_out(&self.mounts, &self.whole(place))
    }

    /// Returns the language of a file unless it is the default one.
    pub(crate) fn foreign<'a>(&'a self, place: &'a str) -> Option<&'a str> {
        self.are_several().then(|| self.split(place).0).filter(|&language| language != self.default)
    }

    /// Returns the code of the language that an article belongs to, given the language tag that it has.
    pub(crate) fn of_article<'a>(&'a self, place: &'a ContentPath, written: Option<&'a str>) -> &'a str {
        if self.by_front_matter { written.unwrap_or(&self.default) } else { self.split(place.as_str()).0 }
    }

    /// Returns the paths that a translation of a file may have, each with the code of its language.
    pub(crate) fn translations<'a>(&'a self, place: &'a str) -> Vec<(&'a str, String)> {
        let (own, path) = self.split(place);
        let Some((stem, extension)) = path.rsplit_once('.').filter(|_| !self.by_front_matter) else {
            return Vec::new();
        };
        let is_located = self.located(place).is_some();
        // The path of a file below a directory that is relative to the configuration.
        let at = |directory: &str, path: String| {
            if !is_located {
                return Some(path);
            }
            let whole = format!("{directory}/{path}");
            if self.below.is_empty() {
                return Some(whole);
            }
            whole.strip_prefix(&self.below)?.strip_prefix('/').map(str::to_owned)
        };
        let codes = std::iter::once(&*self.default).chain(self.others.iter().map(|other| &*other.code));
        let paths = codes.filter(|code| *code != own).flat_map(|code| {
            let directory = self.directories.iter().find(|(known, _)| known == code).map(|(_, directory)| directory);
            let in_directory = directory.and_then(|directory| at(directory, path.to_string()));
            let is_plain = directory.is_none() && code == self.default;
            let plain = is_plain.then(|| at(&self.content, path.to_string())).flatten();
            // Codes are in lower case, but a file may be called `a.zh-CN.md`.
            let region = code.split_once('-').map(|(code, region)| format!("{code}-{}", region.to_ascii_uppercase()));
            let suffixes = std::iter::once(code.to_owned()).chain(region);
            let named = suffixes.filter_map(|code| at(&self.content, format!("{stem}.{code}.{extension}")));
            let named: Vec<String> = named.collect();
            in_directory.into_iter().chain(plain).chain(named).map(move |path| (code, path))
        });
        paths.collect()
    }

    /// Whether articles in this language are not published.
    pub(crate) fn is_disabled(&self, language: &str) -> bool {
        self.disabled.iter().any(|known| known == language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_can_contain_a_language() {
        assert_eq!(in_name(&ContentPath::new("a/post.fr.md")), Some("fr"));
        assert_eq!(in_name(&ContentPath::new("post.zh-CN.md")), Some("zh-CN"));
        assert_eq!(in_name(&ContentPath::new("jquery.ui.md")), None);
        assert_eq!(in_name(&ContentPath::new("fr.md")), None);
    }

    #[test]
    fn a_translation_has_another_suffix_or_directory() {
        let languages =
            Languages { others: vec!["fr".into(), "zh-cn".into()], default: "en".to_owned(), ..Languages::default() };
        assert_eq!(
            languages.translations("content/a.fr.md"),
            [("en", "a.md"), ("en", "a.en.md"), ("zh-cn", "a.zh-cn.md"), ("zh-cn", "a.zh-CN.md")]
                .map(|(code, path)| (code, format!("content/{path}")))
        );
        let directories = vec![("en".into(), "english".into()), ("fr".into(), "french".into())];
        let languages = Languages { others: vec!["fr".into()], directories, ..languages };
        let all = languages.translations("english/a.md");
        assert!(all.contains(&("fr", "french/a.md".to_owned())), "{all:?}");
        let directories = vec![("en".into(), "content/en".into()), ("fr".into(), "content/fr".into())];
        for (below, place, expected) in [("", "content/en/a.md", "content/fr/a.md"), ("content", "en/a.md", "fr/a.md")]
        {
            let languages = Languages { directories: directories.clone(), below: below.into(), ..languages.clone() };
            let all = languages.translations(place);
            assert_eq!(all.first(), Some(&("fr", expected.to_owned())), "{all:?}");
        }
    }

    #[test]
    fn a_site_with_several_languages_defines_the_codes_and_directories() {
        let languages = Languages {
            others: vec!["fr".into(), "zh-cn".into()],
            disabled: vec!["de".into()],
            directories: vec![("fr".into(), "content/french".into()), ("de".into(), "german".into())],
            are_declared: true,
            ..Languages::default()
        };
        for (place, language, path) in [
            ("a/post.fr.md", "fr", "a/post.md"),
            ("content/a/post.zh-CN.md", "zh-cn", "a/post.md"),
            ("a/post.en.md", "en", "a/post.md"),
            ("a/post.es.md", "en", "a/post.es.md"),
            ("a/post.de.md", "de", "a/post.md"),
            ("content/french/a.md", "fr", "a.md"),
            ("content/frenchy/a.md", "en", "frenchy/a.md"),
            ("german/a.md", "de", "a.md"),
            ("a/.fr.md", "en", "a/.fr.md"),
        ] {
            assert_eq!(languages.split(place), (language, path.into()), "{place}");
        }
        assert!(languages.is_outside("other/a.md") && !languages.is_outside("content/other/a.md"));
        let below = Languages { below: "content/french/x".into(), ..languages.clone() };
        assert_eq!(below.split("a.md"), ("fr", "x/a.md".into()));
        let all = Languages { default: "de".into(), others: vec!["fr".into()], ..languages.clone() };
        assert!(all.is_outside("content/other/a.md"));
        assert!(languages.is_disabled("de") && !languages.is_disabled("fr") && languages.are_several());
    }
}
