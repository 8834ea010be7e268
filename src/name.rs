//! Names of categories, tags and authors: as spelled, as folded, and as slugs.
//!
//! Names that differ only in letter case, Unicode normalisation, width, spaces, hyphens or underscores are
//! equal. The library resolves conflicts between siblings with the same slug.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::text::{is_carried, push};

mod collation;
mod reading;

pub(crate) use collation::Collation;
use reading::NameOf;

/// A name as an author spelled it, with the folded form that all spellings share.
#[derive(Debug, Clone)]
pub struct Name {
    spelled: Arc<str>,
    folded: Arc<str>,
}

impl Name {
    /// Returns the name in `text`; `None` if it contains nothing but white space and characters that no
    /// document can contain.
    pub fn new(text: &str) -> Option<Self> {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let composed = if joined.chars().all(is_settled) { joined } else { joined.nfc().collect() };
        let spelled: String = composed.chars().filter(|c| !c.is_control()).collect();
        if !spelled.chars().any(is_carried) {
            return None;
        }
        let folded = fold(&spelled);
        let spelled: Arc<str> = spelled.into();
        // Most Chinese names equal their folded form, so store them only once.
        let folded = if *folded == *spelled { Arc::clone(&spelled) } else { folded.into() };
        Some(Self { spelled, folded })
    }

    /// Returns the name as spelled, with each run of white space replaced by one space.
    pub(crate) fn spelled(&self) -> &Arc<str> {
        &self.spelled
    }

    /// Returns the form that all spellings of the name share.
    pub(crate) fn folded(&self) -> &Arc<str> {
        &self.folded
    }
}

/// Names are equal if their folded forms are equal.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled)
    }
}

/// Returns the form that all spellings of a name share: NFKC, which also unifies width, in lower case,
/// without spaces, hyphens and underscores.
///
/// A name that consists of such characters only keeps them, so that `-` is still a name.
pub(crate) fn fold(name: &str) -> String {
    let unified: String = if name.chars().all(is_settled) {
        name.to_ascii_lowercase()
    } else {
        name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
    };
    let folded: String =
        unified.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{2010}' | '\u{ad}')).collect();
    if folded.is_empty() { unified } else { folded }
}

/// Returns whether a character equals all its normal forms, and has letter case only if it is ASCII. This
/// is true for most characters in names.
fn is_settled(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{4e00}'..='\u{9fff}')
}

/// The directory of the older articles of a list (`page/2/`), and therefore never the slug of a category.
pub(crate) const PAGE: &str = "page";

/// Maximum length of a slug, in characters.
const LONGEST: usize = 80;

/// Returns the transliterated form `[a-z0-9]+(-[a-z0-9]+)*` of at most 80 characters, for example
/// `xin-mei-ti` for 新媒体. Returns `None` if nothing can be transliterated.
pub fn slug(name: &str) -> Option<String> {
    shorten(&reading::romanize(&unified(name), NameOf::Topic))
}

/// Returns the slug of an author, in which a Chinese surname is read as one.
pub fn author_slug(name: &str) -> Option<String> {
    shorten(&reading::romanize(&unified(name), NameOf::Author))
}

/// Returns the slug by deunicode alone, which reads each character by itself. Zola's slugs are these, and ours were.
pub fn former_slug(name: &str) -> Option<String> {
    shorten(&deunicode::deunicode_with_tofu(&unified(name), "-"))
}

fn unified(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { name.into() } else { name.nfkc().collect() }
}

fn shorten(ascii: &str) -> Option<String> {
    let mut slug = String::with_capacity(ascii.len().min(LONGEST));
    for c in ascii.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if c != '\'' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    (!slug.is_empty()).then_some(slug)
}

/// Returns the slug of a name if a sibling has the short one: the short slug, a hyphen, and six hex digits
/// of the SHA-256 of the folded name. Without a short slug, it is `n-` and the digits.
pub fn long_slug(name: &Name, short: Option<&str>) -> String {
    let digest = Sha256::digest(name.folded.as_bytes());
    let mut slug = format!("{}-", short.unwrap_or("n"));
    for byte in &digest[..3] {
        push!(slug, "{byte:02x}");
    }
    slug
}

/// Returns whether a text can be used in a URL without encoding (RFC 3986, unreserved characters).
pub(crate) fn is_plain(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    !text.is_empty() && text.len() <= LONGEST && !text.starts_with('.') && text.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    #[test]
    fn spellings_of_one_name_are_equal() {
        for other in ["open-source", "OPEN_SOURCE", "Ｏｐｅｎ Source", " open  source "] {
            assert_eq!(name("Open Source"), name(other), "{other}");
        }
        assert_eq!(name("e\u{301}tude"), name("étude"));
        assert_ne!(name("— 资讯"), name("资讯"), "a dash is not a hyphen");
        assert_ne!(name("C"), name("C++"));
    }

    #[test]
    fn settled_characters_equal_their_normal_forms() {
        for c in (char::MIN..=char::MAX).filter(|&c| is_settled(c)) {
            let (own, lower) = (c.to_string(), c.to_ascii_lowercase().to_string());
            assert!(own.nfc().eq(own.chars()) && own.nfkc().eq(own.chars()), "{c:?}");
            assert!(c.to_lowercase().eq(lower.chars()), "{c:?}");
        }
        assert_eq!(fold("新 媒-体 A"), "新媒体a");
    }

    #[test]
    fn a_name_that_consists_of_hyphens_is_still_a_name() {
        assert_eq!(&**name("-").folded(), "-");
        assert!(Name::new(" \t ").is_none());
    }

    #[test]
    fn chinese_names_have_pinyin_slugs() {
        assert_eq!(slug("新媒体").as_deref(), Some("xin-mei-ti"));
        assert_eq!(slug("趣头条").as_deref(), Some("qu-tou-tiao"));
        assert_eq!(slug("C/C++").as_deref(), Some("c-c"));
        assert_eq!(slug("Don't Panic").as_deref(), Some("dont-panic"));
        assert_eq!(slug("。。"), None);
    }

    #[test]
    fn a_slug_is_at_most_eighty_characters() {
        let slug = slug(&"新媒体 ".repeat(60)).unwrap();
        assert!(slug.len() <= 80 && !slug.ends_with('-'), "{slug}");
    }

    #[test]
    fn long_slugs_of_siblings_differ() {
        let plus = name("C++");
        let long = long_slug(&plus, slug("C++").as_deref());
        assert!(long.starts_with("c-") && long.len() == 8, "{long}");
        assert_ne!(long, long_slug(&name("C#"), Some("c")));
        assert!(long_slug(&name("。。"), None).starts_with("n-"));
    }
}
