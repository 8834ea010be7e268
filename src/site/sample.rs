//! Rules for tests of other modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RawSite, Rules, SiteInputs};
use crate::generator::Generator;

/// Returns the inputs for a directory of this generator that has no configuration.
pub(crate) fn inputs(generator: Generator) -> SiteInputs<'static> {
    SiteInputs {
        content_name: "content",
        base_url: None,
        bound: "http://127.0.0.1",
        generator,
        generator_settings: None,
        auxiliary_files: None,
    }
}

/// Returns the rules for this text of site.yaml in such a directory.
pub(crate) fn rules(site: &str, generator: Generator) -> Arc<Rules> {
    let site = RawSite::parse("site.yaml", site).unwrap().check(&inputs(generator)).unwrap();
    Arc::new(Rules::new(site, BTreeMap::new()))
}
