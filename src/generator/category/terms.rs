//! Reads the terms of an article in taxonomies other than categories, tags and authors.

use std::sync::Arc;

use super::{MOST, flat, name, set};
use crate::generator::site_context::Filing;
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

/// Returns the terms of an article in further taxonomies, each after the directory of its taxonomy.
pub(crate) fn terms(fields: &Fields, filing: &Filing) -> Box<[(Arc<str>, Name)]> {
    let mut terms: Vec<(Arc<str>, Name)> = Vec::new();
    for taxonomy in &filing.others {
        let found = taxonomy.keys.iter().find_map(|key| set(fields, key));
        let values = found.into_iter().flat_map(|(_, value)| flat(value)).take(MOST);
        for name in values.filter(|value| !matches!(value, Value::Bool(_))).filter_map(name) {
            let term = (Arc::clone(&taxonomy.directory), name);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    terms.into()
}
