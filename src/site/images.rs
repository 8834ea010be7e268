//! Where images are and which one represents an article: `images` and `lead_image` of site.yaml.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::SiteInputs;
use super::check::{SiteCheck, said};
use super::{ImageRewrite, IpRange};
use crate::syntax::glob::Glob;
use crate::text::Address;

/// Where images are and which one represents an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSettings {
    /// The directories against which absolute image paths such as `/img/a.png` are resolved.
    pub(crate) roots: Vec<String>,
    /// Whether site.yaml sets the image roots. Such roots may be symlinks to any directory.
    pub(crate) roots_origin: Origin,
    /// URLs of image proxies, as in `https://p.example/?http://x.example/a.jpeg`. They are removed.
    pub(crate) unwrap: Vec<String>,
    /// How URLs of remote images are rewritten.
    pub(crate) rewrite: Arc<ImageRewrite>,
    /// The Referer for the hosts that match a glob, when facts are fetched.
    pub(crate) referers: Vec<(Glob, Referer)>,
    /// Addresses that are not public, and from which facts are fetched anyway.
    pub(crate) private: Vec<IpRange>,
    /// Whether the first image of a body becomes the lead image if front matter has none.
    pub(crate) lead_from_body: bool,
    /// URL or path of the lead image for articles without one, as written.
    pub(crate) lead_default: Option<String>,
    /// What happens to a lead image that does not exist any more.
    pub(crate) dead: Dead,
}

/// The Referer header of a request for an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Referer {
    /// No such header.
    None,
    Url(Address),
}

/// What happens to a remote lead image that `images.facts` calls gone or no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dead {
    /// The next candidate is the lead image.
    #[default]
    Next,
    /// It stays the lead image.
    Keep,
    /// The article has no lead image.
    Drop,
}

/// The origin of a configured directory, which decides which symlinks are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag, the environment or site.yaml names it. It may be a symlink to any directory.
    Named,
    /// It is a default. Symlinks are followed only inside the repository.
    Default,
}

impl SiteCheck<'_> {
    /// `own` is the URL of the site's own images.
    pub(super) fn images(&mut self, inputs: &SiteInputs<'_>, own: Option<Address>) -> ImageSettings {
        let rewrite = Arc::new(self.image_rewrite(own));
        let (referers, private) = (self.referers(), self.private());
        let keys = self.keys;
        let (images, lead) = (keys.images.as_ref(), keys.lead_image.as_ref());
        let roots = images.and_then(|images| images.roots.clone());
        ImageSettings {
            rewrite,
            referers,
            private,
            roots_origin: if roots.is_some() { Origin::Named } else { Origin::Default },
            roots: roots.unwrap_or_else(|| {
                let source = inputs.generator_settings.site_context.source.as_deref();
                let usual = ["static", "source", "public", "assets"].into_iter().chain(source);
                let all = usual.chain(inputs.generator.image_roots.iter().copied());
                let mut known = BTreeSet::new();
                all.filter(|name| known.insert(*name)).map(str::to_owned).collect()
            }),
            unwrap: images.and_then(|images| images.unwrap.clone()).unwrap_or_default(),
            lead_from_body: lead.and_then(|lead| lead.body).unwrap_or(true),
            lead_default: lead.and_then(|lead| said(lead.default.as_ref())),
            dead: lead.and_then(|lead| lead.dead).unwrap_or_default(),
        }
    }
}

impl SiteCheck<'_> {
    fn referers(&mut self) -> Vec<(Glob, Referer)> {
        let written = self.keys.images.as_ref().and_then(|images| images.referer.as_ref());
        let mut referers = Vec::new();
        for (host, referer) in written.into_iter().flat_map(|written| &written.0) {
            let glob = Glob::for_hosts(host);
            let referer = match referer.trim() {
                "none" => Some(Referer::None),
                referer => remote(referer).map(Referer::Url),
            };
            match (glob, referer) {
                (Some(glob), Some(referer)) => referers.push((glob, referer)),
                (None, _) => self.wrong(&["images", "referer", host], format!("`{host}` is not a glob"), ""),
                (_, None) => {
                    let message = "this is neither `none` nor an absolute URL".to_owned();
                    self.wrong(&["images", "referer", host], message, "");
                }
            }
        }
        referers
    }

    fn private(&mut self) -> Vec<IpRange> {
        let written = self.keys.images.as_ref().and_then(|images| images.private.as_ref());
        let mut ranges = Vec::new();
        for range in written.into_iter().flatten() {
            if let Some(range) = IpRange::parse(range.trim()) {
                ranges.push(range);
            } else {
                let message = format!("`{range}` is not a range of IP addresses");
                self.wrong(&["images", "private"], message, "write them like 10.0.0.0/8 or fd00::/8");
            }
        }
        ranges
    }
}

impl ImageSettings {
    /// Returns the value of Referer that site.yaml sets for a host.
    pub(crate) fn referer(&self, host: &str) -> Option<&Referer> {
        self.referers.iter().find(|(glob, _)| glob.is_match(host)).map(|(_, referer)| referer)
    }

    /// Returns the URL that documents contain for a remote image: without configured proxies, and rewritten. `None` if
    /// the reference is not an absolute URL.
    pub(crate) fn remote(&self, reference: &str) -> Option<Address> {
        let url = self.unwrapped(reference)?;
        Some(self.rewrite.apply(&url).unwrap_or(url))
    }

    /// Returns the URL of a remote image without configured proxies.
    pub(crate) fn unwrapped(&self, reference: &str) -> Option<Address> {
        let url = remote(reference)?;
        Some(unwrapped(&url, &self.unwrap).unwrap_or(url))
    }
}

/// Returns the absolute URL of a reference that is one.
fn remote(reference: &str) -> Option<Address> {
    let reference = reference.trim();
    let lower = reference.to_ascii_lowercase();
    if lower.starts_with("//") {
        // There is no page that determines the scheme, so use the safer one.
        return Address::parse(&format!("https:{reference}"));
    }
    (lower.starts_with("http://") || lower.starts_with("https://")).then(|| Address::parse(reference)).flatten()
}

/// Returns the URL behind a configured image proxy. The proxy's URL is followed by an absolute URL, raw or
/// encoded once (`?http://…`, `?url=http%3A…`), or by one without a scheme (`i0.wp.com/host/…`).
fn unwrapped(address: &Address, proxies: &[String]) -> Option<Address> {
    let inner =
        proxies.iter().find_map(|proxy| address.as_str().strip_prefix(proxy.trim()).map(|inner| (proxy.trim(), inner)));
    let (proxy, inner) = inner?;
    let value = if proxy.ends_with('=') { inner.split('&').next().unwrap_or(inner) } else { inner };
    if let Some(raw) = remote(inner).filter(|_| !proxy.ends_with('=')) {
        return Some(raw);
    }
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
    remote(&decoded).or_else(|| {
        let host = decoded.split(['/', '?']).next()?;
        let is_host =
            host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'));
        is_host.then(|| remote(&format!("https://{decoded}"))).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_proxies_are_removed() {
        let proxies =
            ["https://cors.zfour.workers.dev/?", "https://wsrv.nl/?url=", "https://i0.wp.com/"].map(String::from);
        for (wrapped, true_address) in [
            (
                "https://cors.zfour.workers.dev/?http://static.1sapp.com/a/b.jpeg",
                Some("http://static.1sapp.com/a/b.jpeg"),
            ),
            ("https://cors.zfour.workers.dev/?http%3A%2F%2Fx.example%2Fb.jpeg", Some("http://x.example/b.jpeg")),
            (
                "https://cors.zfour.workers.dev/?http://x.example/b.jpeg?a=1&b=2",
                Some("http://x.example/b.jpeg?a=1&b=2"),
            ),
            ("https://wsrv.nl/?url=x.example/b.png&w=300", Some("https://x.example/b.png")),
            ("https://wsrv.nl/?url=https%3A%2F%2Fx.example%2Fb.png&w=300", Some("https://x.example/b.png")),
            ("https://i0.wp.com/x.example/b.png?w=300", Some("https://x.example/b.png?w=300")),
            ("https://cors.zfour.workers.dev/?javascript:alert(1)", None),
            ("https://other.example/?http://x.example/b.jpeg", None),
        ] {
            let found = unwrapped(&Address::parse(wrapped).unwrap(), &proxies);
            assert_eq!(found.as_ref().map(Address::as_str), true_address, "{wrapped}");
        }
    }
}
