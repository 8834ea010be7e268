//! Validates `redirects` and `gone` of site.yaml.

use std::collections::BTreeMap;

use super::SiteCheck;
use super::shapes::is_circle;
use crate::text::Address;

impl SiteCheck<'_> {
    pub(super) fn moves(&mut self) -> (BTreeMap<String, String>, Vec<String>) {
        let redirects = self.written.file.redirects.clone().unwrap_or_default();
        for (from, to) in &redirects {
            if !from.starts_with('/') {
                self.wrong(&format!("redirects.{from}"), format!("`{from}` is not a path"), "begin it with a slash");
            }
            if !to.starts_with('/') && Address::parse(to).is_none() {
                self.wrong(
                    &format!("redirects.{from}"),
                    format!("`{to}` is neither a path nor an address"),
                    "begin it with a slash or https://",
                );
            }
            if is_circle(&redirects, from) {
                self.wrong(
                    &format!("redirects.{from}"),
                    format!("`{from}` is redirected to itself in the end"),
                    "name the address where the feed is now",
                );
            }
        }
        let gone = self.written.file.gone.clone().unwrap_or_default();
        for path in &gone {
            if !path.starts_with('/') {
                self.wrong("gone", format!("`{path}` is not a path"), "begin it with a slash");
            }
        }
        (redirects, gone)
    }
}
