//! Where images are and which one represents an article: `images` and `lead_image` of site.yaml.

use std::collections::BTreeSet;

use super::SiteInputs;
use super::check::said;
use super::file::RawKeys;

/// Where images are and which one represents an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSettings {
    /// The directories against which absolute image paths such as `/img/a.png` are resolved.
    pub(crate) roots: Vec<String>,
    /// Whether site.yaml sets the image roots. Such roots may be symlinks to any directory.
    pub(crate) roots_origin: Origin,
    /// URLs of image proxies, as in `https://p.example/?http://x.example/a.jpeg`. They are removed.
    pub(crate) unwrap: Vec<String>,
    /// Whether the first image of a body becomes the lead image if front matter has none.
    pub(crate) lead_from_body: bool,
    /// URL or path of the lead image for articles without one, as written.
    pub(crate) lead_default: Option<String>,
}

/// The origin of a configured directory, which decides which symlinks are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag, the environment or site.yaml names it. It may be a symlink to any directory.
    Named,
    /// It is a default. Symlinks are followed only inside the repository.
    Default,
}

impl ImageSettings {
    pub(super) fn new(keys: &RawKeys, inputs: &SiteInputs<'_>) -> Self {
        let (images, lead) = (keys.images.as_ref(), keys.lead_image.as_ref());
        let roots = images.and_then(|images| images.roots.clone());
        Self {
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
        }
    }
}
