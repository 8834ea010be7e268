//! Finds the candidates for the lead image in front matter.
//!
//! Only 7 % of real articles name a lead image, under some twenty keys, and many values are something else:
//! `cover: false` (1,449 times), ids, colours, gradients. The references are not resolved here.

use super::body::image::is_blank;
use crate::syntax::front_matter::{Fields, Value};

/// The keys that may contain a lead image, in order. site.yaml can override them.
pub(crate) const KEYS: &[&str] = &[
    "headimg",
    "thumbnail",
    "cover",
    "cover.image",
    "image",
    "image.path",
    "image.src",
    "image.url",
    "images",
    "featured_image",
    "featured-image",
    "featured-image.url",
    "featuredImage",
    "coverImage",
    "index_img",
    "banner_img",
    "banner",
    "top_img",
    "header-img",
    "header-image",
    "bgImage",
    "photos",
    "twitterimage",
    "resources",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// URL or path, as written.
    pub reference: Box<str>,
    pub(crate) alt: Option<Box<str>>,
    /// Who made the image, as written.
    pub(crate) credit: Option<Box<str>>,
}

/// The keys whose images are a gallery.
const GALLERY: [&str; 2] = ["photos", "images"];
/// The keys that say who made the lead image.
const CREDIT: [&str; 4] = ["image_credit", "image-credit", "imageCredit", "credit"];

/// Maximum number of candidates of an article.
const MOST: usize = 50;

/// Returns the images of the article's gallery. The lead image may be one of them.
pub(crate) fn gallery(fields: &Fields) -> Box<[Candidate]> {
    candidates(fields, &GALLERY).into()
}

/// Returns who made the lead image, as written: a name, or a table with one.
pub(crate) fn credit(fields: &Fields) -> Option<Box<str>> {
    let anywhere = anywhere(fields);
    let text = |value: &Value| value.as_text().filter(|text| !text.trim().is_empty()).map(Box::from);
    let named = |value: &Value| match value {
        Value::Map(inside) => inside.first_of(&["name", "text", "author"]).and_then(|(_, name)| text(name)),
        value => text(value),
    };
    CREDIT.iter().find_map(|key| named(anywhere(key)?))
}

/// Returns a function that finds a key at the top, or else in the tables for an author's own keys.
fn anywhere<'f>(fields: &'f Fields) -> impl Fn(&str) -> Option<&'f Value> {
    // Most articles have neither table, so its keys need not be looked up.
    let tables = ["extra", "params"].map(|table| fields.begins_with(table).then_some(table));
    move |key| {
        let mut within = tables.iter().flatten().map(|table| format!("{table}.{key}"));
        fields.get(key).or_else(|| within.find_map(|path| fields.get(&path)))
    }
}

/// Returns the candidates in these keys, in the order of the keys.
pub(crate) fn candidates(fields: &Fields, keys: &[impl AsRef<str>]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let anywhere = anywhere(fields);
    // Hexo reads `photo` if `photos` is missing.
    let named = |key: &str| match (anywhere(key), key) {
        (None, "photos") => anywhere("photo"),
        (found, _) => found,
    };
    for key in keys.iter().map(AsRef::as_ref) {
        let mut elements: Vec<&Value> = named(key).map_or(&[][..], Value::elements).iter().collect();
        // Of the resources of a bundle, those named as its image come first.
        elements.sort_by_key(|element| !stands_out(element));
        for mut candidate in elements.into_iter().filter_map(candidate).take(MOST - found.len()) {
            let beside = || ["_alt", "-alt", "Alt"].iter().find_map(|end| anywhere(&format!("{key}{end}"))?.as_text());
            candidate.alt = candidate.alt.or_else(|| beside().map(Box::from));
            if !found.iter().any(|known| known.reference == candidate.reference) {
                found.push(candidate);
            }
        }
    }
    found
}

/// Returns whether the `name` of a table marks it as the lead image.
fn stands_out(value: &Value) -> bool {
    let Value::Map(fields) = value else {
        return false;
    };
    let name = fields.get("name").and_then(Value::as_text).unwrap_or_default().to_lowercase();
    ["cover", "feature", "thumbnail"].iter().any(|word| name.contains(word))
}

/// Returns the candidate in a value, which may be a text or a table.
fn candidate(value: &Value) -> Option<Candidate> {
    match value {
        Value::Map(fields) => {
            let text = |keys: &[&'static str]| fields.first_of(keys).and_then(|(_, value)| value.as_text());
            let keys = ["src", "url", "path", "image", "file", "feature", "teaser", "relative", "uid"];
            // `relative: false` and an id beside a path are not references.
            let reference = keys.iter().filter_map(|&key| text(&[key])).find(|reference| is_reference(reference))?;
            Some(Candidate {
                reference: reference.into(),
                alt: text(&["alt", "title", "caption", "description"]).map(Box::from),
                credit: text(&["credit"]).map(Box::from),
            })
        }
        value => {
            let reference = value.as_text()?;
            is_reference(reference).then(|| Candidate { reference: reference.into(), alt: None, credit: None })
        }
    }
}

/// Returns whether a text may refer to an image: an absolute URL, or a path with the extension of an image.
fn is_reference(text: &str) -> bool {
    if text.len() > 4096 || text.contains(['\n', '<', '>']) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    if is_blank(text) {
        return false;
    }
    if ["http://", "https://", "//"].iter().any(|start| lower.starts_with(start)) {
        return lower.len() > 8;
    }
    // Rejects `data:`, `linear-gradient(…)`, `#fff`, `var(…)`, ids and templates.
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    !lower.contains(['(', '{']) && !lower.starts_with("data:") && media_type(path).is_some()
}

/// File extensions and their media types.
const TYPES: &[(&str, &str)] = &[
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpe", "image/jpeg"),
    ("jfif", "image/jpeg"),
    ("png", "image/png"),
    ("apng", "image/apng"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("bmp", "image/bmp"),
    ("ico", "image/x-icon"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("heic", "image/heic"),
    ("jxl", "image/jxl"),
];

/// Returns the media type of an image as it is in this program; `None` for other types.
pub(crate) fn known_type(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(_, known)| *known == name).map(|(_, media_type)| *media_type)
}

pub(crate) fn media_type(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let extension = &name[name.rfind('.')? + 1..];
    TYPES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, media_type)| *media_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn references(yaml: &str) -> Vec<String> {
        let keys = ["headimg", "cover", "image", "image.src", "resources", "photos"].map(String::from);
        let fields = front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields;
        candidates(&fields, &keys).iter().map(|candidate| candidate.reference.to_string()).collect()
    }

    #[test]
    fn values_that_resemble_images_are_rejected() {
        for yaml in [
            "cover: false",
            "cover: some-uid",
            "cover: linear-gradient(#fff, #000)",
            "cover: '#fff'",
            "cover: data:image/png;base64,AA",
            "cover: 0.4",
            "cover:",
            "cover: ''",
            "image: '{year}'",
            "image: https://x.example/1x1.gif",
            "cover: /img/blank.gif",
        ] {
            assert_eq!(references(yaml), Vec::<String>::new(), "{yaml}");
        }
    }

    #[test]
    fn a_resource_named_as_lead_image_comes_first_with_its_alternative_text() {
        let yaml =
            "resources:\n- src: a.png\n  name: plan\n- src: b.pdf\n  name: cover\n- src: c.png\n  name: Feature-Image";
        assert_eq!(references(yaml), ["c.png", "a.png"]);
        let keys = ["image", "cover"].map(String::from);
        let of = |yaml: &str| {
            let fields = front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields;
            let found = candidates(&fields, &keys);
            found.into_iter().map(|found| (found.reference.to_string(), found.alt.map(String::from))).next()
        };
        let expected = Some(("a.png".to_owned(), Some("bees".to_owned())));
        for yaml in [
            "image: a.png\nimage_alt: bees",
            "cover: {uid: an-id, path: a.png, alt: bees}",
            "cover: {uid: a.png, alt: bees}",
            "params: {cover: a.png, coverAlt: bees}",
        ] {
            assert_eq!(of(yaml), expected, "{yaml}");
        }
        assert_eq!(of("image_alt: bees\ncover: {relative: false, alt: bees}"), None);
    }

    #[test]
    fn every_form_of_a_lead_image_is_read() {
        for (yaml, reference) in [
            ("headimg: 'https://p.example/?http://x.example/a.jpeg'", "https://p.example/?http://x.example/a.jpeg"),
            ("cover: /img/新.JPG", "/img/新.JPG"),
            ("image: {src: a.png, alt: x}", "a.png"),
            ("photos: [a.png, b.png]", "a.png"),
            ("photo: a.png", "a.png"),
            ("resources:\n- src: doc.pdf\n- src: a.webp", "a.webp"),
            ("extra:\n  cover: a.avif", "a.avif"),
            ("cover: https://picsum.photos/400/300?random=7", "https://picsum.photos/400/300?random=7"),
        ] {
            assert_eq!(references(yaml).first().map(String::as_str), Some(reference), "{yaml}");
        }
    }
}
