//! The URLs that a site had before: `redirects`, `presets` and `gone` of site.yaml.

use std::collections::BTreeMap;

use super::SiteInputs;
use super::check::SiteCheck;
use crate::diagnostic::Position;
use crate::generator::legacy_feeds::{FeedMoves, Preset};
use crate::text::Address;

/// The URLs that a site had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LegacyUrls {
    /// The redirects: from a path below the base URL to another path, or to an absolute URL.
    pub redirects: BTreeMap<String, String>,
    /// The generators whose feed URLs are redirected to the feeds of feedmill.
    pub presets: Vec<Preset>,
    /// The generator whose feeds had the ids that `feed_ids: permalink` keeps.
    pub before: Option<Preset>,
    /// Where its configuration puts feeds.
    pub feed_moves: FeedMoves,
    /// Paths below the base URL that are answered with 410 Gone.
    pub gone: Vec<String>,
    /// The path of site.yaml, and where it has each path of `redirects` and `gone`, for reports.
    pub(crate) source: (String, BTreeMap<String, Position>),
}

impl SiteCheck<'_> {
    pub(super) fn legacy(&mut self, inputs: &SiteInputs<'_>) -> LegacyUrls {
        let redirects = self.keys.redirects.clone().unwrap_or_default();
        for (from, to) in &redirects {
            if !from.starts_with('/') {
                self.wrong(&["redirects", from], format!("`{from}` is not a path"), "begin it with a slash");
            }
            if !to.starts_with('/') && Address::parse(to).is_none() {
                self.wrong(
                    &["redirects", from],
                    format!("`{to}` is neither a path nor an address"),
                    "begin it with a slash or https://",
                );
            }
            if is_circle(&redirects, from) {
                self.wrong(
                    &["redirects", from],
                    format!("`{from}` is redirected to itself in the end"),
                    "name the address where the feed is now",
                );
            }
        }
        for (from, to) in &redirects {
            if from.ends_with('/') && to.ends_with('/') && to.len() > from.len() && to.starts_with(from.as_str()) {
                self.wrong(
                    &["redirects", from],
                    format!("`{from}` is redirected below itself, so it has no end"),
                    "list the URLs that moved, each with its own line",
                );
            }
        }
        let gone = self.keys.gone.clone().unwrap_or_default();
        for path in &gone {
            if !path.starts_with('/') {
                self.wrong(&["gone"], format!("`{path}` is not a path"), "begin it with a slash");
            }
        }
        let presets = self.keys.presets.clone().unwrap_or_default();
        let before = presets.first().copied().or_else(|| Preset::of(inputs.generator));
        let of_redirects = redirects.keys().map(|from| (from.clone(), self.position(&["redirects", from])));
        let of_gone = gone.iter().map(|path| (path.clone(), self.position(&["gone"])));
        let source = (self.name().to_owned(), of_redirects.chain(of_gone).collect());
        LegacyUrls {
            redirects,
            presets,
            before,
            feed_moves: inputs.generator_settings.feed_moves.clone(),
            gone,
            source,
        }
    }
}

/// Returns whether the redirects from a path form a circle.
fn is_circle(redirects: &BTreeMap<String, String>, from: &str) -> bool {
    let mut passed = vec![from];
    let mut at = from;
    while let Some(to) = redirects.get(at) {
        if passed.contains(&to.as_str()) {
            return true;
        }
        passed.push(to);
        at = to;
    }
    false
}
