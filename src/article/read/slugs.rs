//! Collects what the URL of an article may be made of.

use chrono::NaiveDateTime;

use crate::article::ParseOptions;
use crate::content_path::ContentPath;
use crate::generator::permalink::{LOCAL_DATE, Slugs, UNTITLED};
use crate::syntax::date;
use crate::syntax::front_matter::{Fields, Value};

/// Returns the values of the keys that the article URL contains.
pub(super) fn slugs(
    place: &ContentPath,
    fields: &Fields,
    options: &ParseOptions,
    local: Option<NaiveDateTime>,
) -> Option<Box<Slugs>> {
    let found =
        options.address_keys.iter().filter_map(|key| Some((key.as_str().into(), fields.get(key)?.as_text()?.into())));
    let mut found = Slugs(found.collect());
    let keeps = |key: &str| options.address_keys.iter().any(|kept| kept == key);
    if keeps(UNTITLED) && fields.get("title").is_none_or(Value::is_blank) {
        found.fill(UNTITLED, || Some("1".to_owned()));
    }
    if keeps(LOCAL_DATE) {
        found.fill(LOCAL_DATE, || Some(local?.format("%Y-%m-%dT%H:%M:%S").to_string()));
    }
    if options.site_context.dates.as_ref().is_some_and(|order| order.is_by_name(fields)) {
        let (_, path) = options.site_context.languages.split(place.as_str());
        found.fill("slug", || {
            date::in_name(&path, &options.zones, options.generator.date_order).map(|named| named.slug)
        });
    }
    (!found.0.is_empty()).then(|| Box::new(found))
}
