//! Rules to test with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RawSite, Rules, SiteInputs};
use crate::article::Dialect;

/// A directory of this dialect without a configuration of its own.
pub(crate) fn inputs(dialect: Dialect) -> SiteInputs<'static> {
    SiteInputs {
        content_name: "content",
        base_url: None,
        bound: "http://127.0.0.1",
        dialect,
        generator: None,
        auxiliary_files: None,
    }
}

/// What a site.yaml makes of such a directory.
pub(crate) fn rules(site: &str, dialect: Dialect) -> Arc<Rules> {
    let site = RawSite::parse("site.yaml", site).unwrap().check(&inputs(dialect)).unwrap();
    Arc::new(Rules::new(site, BTreeMap::new()))
}
