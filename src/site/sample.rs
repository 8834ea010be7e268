//! Rules to test with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RawSite, Rules, SiteInputs};
use crate::generator::Generator;

/// A directory of this dialect without a configuration of its own.
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

/// What a site.yaml makes of such a directory.
pub(crate) fn rules(site: &str, generator: Generator) -> Arc<Rules> {
    let site = RawSite::parse("site.yaml", site).unwrap().check(&inputs(generator)).unwrap();
    Arc::new(Rules::new(site, BTreeMap::new()))
}
