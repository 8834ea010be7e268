//! Names of categories, tags and authors: as spelled, as folded, as slugs.
//!
//! Names that differ only in letter case, normal form, width, blanks, hyphens
//! and underscores are one. Knows nothing of articles; a slug shared by
//! siblings is settled where siblings are known, in the library.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

mod collation;

pub use collation::Collation;

/// A name as somebody spelled it, with what makes it equal to other spellings.
#[derive(Debug, Clone)]
pub struct Name {
    spelled: Arc<str>,
    folded: Arc<str>,
}

impl Name {
    /// The name in `text`, or none where nothing but blanks is left of it.
    pub fn new(text: &str) -> Option<Self> {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let composed = if joined.chars().all(is_settled) { joined } else { joined.nfc().collect() };
        let spelled: String = composed.chars().filter(|c| !c.is_control()).collect();
        if spelled.is_empty() {
            return None;
        }
        let folded = fold(&spelled);
        let spelled: Arc<str> = spelled.into();
        // Most Chinese names are their own folded form, and need be kept but once.
        let folded = if *folded == *spelled { Arc::clone(&spelled) } else { folded.into() };
        Some(Self { spelled, folded })
    }

    /// The name as spelled, blanks folded to one.
    pub fn spelled(&self) -> &Arc<str> {
        &self.spelled
    }

    /// What all spellings of this name share.
    pub fn folded(&self) -> &Arc<str> {
        &self.folded
    }
}

/// Names are equal when their folded forms are.
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

/// What is equal for all spellings of a name: compatibility forms unified
/// (NFKC, so width too), lower case, without blanks, hyphens and underscores.
///
/// A name of nothing else keeps what it has, so that `-` is still a name.
pub fn fold(name: &str) -> String {
    let unified: String = if name.chars().all(is_settled) {
        name.to_ascii_lowercase()
    } else {
        name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
    };
    let folded: String =
        unified.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{2010}' | '\u{ad}')).collect();
    if folded.is_empty() { unified } else { folded }
}

/// Whether every normal form of a character is itself, and ASCII alone has
/// letter case: so it is with the characters that most names are made of.
fn is_settled(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{4e00}'..='\u{9fff}')
}

/// Longest slug, in characters.
const LONGEST: usize = 80;

/// The transliterated form `[a-z0-9]+(-[a-z0-9]+)*`, at most 80 characters, or
/// none where nothing transliterates. 新媒体 gives `xin-mei-ti`.
pub fn slug(name: &str) -> Option<String> {
    let unified: String = name.nfkc().collect();
    let ascii = deunicode::deunicode_with_tofu(&unified, "-");
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

/// The slug a name has when a sibling has the short one: the short one, a
/// hyphen, six hex digits of the folded name's SHA-256; `n-` and the digits
/// where nothing transliterates.
pub fn long_slug(name: &Name, short: Option<&str>) -> String {
    let digest = Sha256::digest(name.folded.as_bytes());
    let mut slug = format!("{}-", short.unwrap_or("n"));
    for byte in &digest[..3] {
        // Writing to a String cannot fail.
        let _ = write!(slug, "{byte:02x}");
    }
    slug
}

/// Whether a text can stand in an address as it is (RFC 3986, unreserved).
pub fn is_plain(text: &str) -> bool {
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
        assert_ne!(name("— 资讯"), name("资讯"), "a dash is no hyphen");
        assert_ne!(name("C"), name("C++"));
    }

    #[test]
    fn settled_characters_are_their_own_normal_forms() {
        for c in (char::MIN..=char::MAX).filter(|&c| is_settled(c)) {
            let (own, lower) = (c.to_string(), c.to_ascii_lowercase().to_string());
            assert!(own.nfc().eq(own.chars()) && own.nfkc().eq(own.chars()), "{c:?}");
            assert!(c.to_lowercase().eq(lower.chars()), "{c:?}");
        }
        assert_eq!(fold("新 媒-体 A"), "新媒体a");
    }

    #[test]
    fn a_name_of_hyphens_is_still_a_name() {
        assert_eq!(&**name("-").folded(), "-");
        assert!(Name::new(" \t ").is_none());
    }

    #[test]
    fn chinese_names_have_slugs_of_pinyin() {
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
    fn a_long_slug_tells_siblings_apart() {
        let plus = name("C++");
        let long = long_slug(&plus, slug("C++").as_deref());
        assert!(long.starts_with("c-") && long.len() == 8, "{long}");
        assert_ne!(long, long_slug(&name("C#"), Some("c")));
        assert!(long_slug(&name("。。"), None).starts_with("n-"));
    }
}
