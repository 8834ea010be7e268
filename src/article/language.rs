//! The language an article says it is in: by a key, or by its file name.

use super::Place;
use super::front_matter::Fields;

/// ISO 639-1, two letters each: what may stand before an extension, as in
/// `post.fr.md`.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The language tag, as written.
pub fn language(fields: &Fields, place: &Place) -> Option<Box<str>> {
    let keys = ["lang", "language", "locale"];
    fields.first_of(&keys).and_then(|(_, value)| value.as_text()).or_else(|| in_name(place)).map(Box::from)
}

/// The tag in `post.fr.md` or `post.zh-CN.md`.
pub fn in_name(place: &Place) -> Option<&str> {
    let (_, tag) = place.stem().rsplit_once('.')?;
    let (code, rest) = tag.split_once(['-', '_']).unwrap_or((tag, ""));
    let known = code.len() == 2 && CODES.split(' ').any(|known| known == code);
    (known && rest.len() <= 8 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_may_carry_a_language() {
        assert_eq!(in_name(&Place::new("a/post.fr.md")), Some("fr"));
        assert_eq!(in_name(&Place::new("post.zh-CN.md")), Some("zh-CN"));
        assert_eq!(in_name(&Place::new("jquery.ui.md")), None);
        assert_eq!(in_name(&Place::new("fr.md")), None);
    }
}
