//! Rules for tests of other modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RawSite, Rules, SiteInputs};
use crate::generator::Generator;

/// Returns the rules for this text of site.yaml in a directory of this generator.
pub(crate) fn rules(site: &str, generator: Generator) -> Arc<Rules> {
    let site = RawSite::parse("site.yaml", site).unwrap().check(SiteInputs::new(generator)).unwrap();
    Arc::new(Rules::new(site, BTreeMap::new()))
}
