//! Rules to test with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Rules, Situation, Written};
use crate::article::Dialect;

/// A directory of this dialect without a configuration of its own.
pub(crate) fn situation(dialect: Dialect) -> Situation<'static> {
    Situation {
        content_name: "content",
        base_url: None,
        bound: "http://127.0.0.1",
        dialect,
        generator: None,
        beside: None,
    }
}

/// What a site.yaml makes of such a directory.
pub(crate) fn rules(site: &str, dialect: Dialect) -> Arc<Rules> {
    let site = Written::parse("site.yaml", site).unwrap().check(&situation(dialect)).unwrap();
    Arc::new(Rules::new(site, BTreeMap::new()))
}
