//! Images of ours: where a reference leads, and who speaks of what.
//!
//! A reference is followed as the generators do: beside the article, in the
//! article's asset folder, below the image roots, from the top. An article is
//! remembered under every path its references may mean, so that an image that
//! appears later is noticed.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;

use super::{ImageFacts, Library, Touched, membership};
use crate::article::{Detail, Place};
use crate::site::Rules;
use crate::text::decode_path;

impl Library {
    /// The paths of all images of ours below `/media/`, in no order.
    pub fn images(&self) -> impl Iterator<Item = &Arc<str>> {
        self.images.keys()
    }

    /// The image of ours that a reference in an article means, with its path
    /// below `/media/`.
    pub fn local_image(&self, reference: &str, place: &Place) -> Option<(&Arc<str>, &Arc<ImageFacts>)> {
        meanings(reference, Some(place), &self.rules).iter().find_map(|path| self.images.get_key_value(path.as_str()))
    }

    /// The image of ours that a reference in `feeds/` means.
    pub fn site_image(&self, reference: &str) -> Option<(&Arc<str>, &Arc<ImageFacts>)> {
        meanings(reference, None, &self.rules).iter().find_map(|path| self.images.get_key_value(path.as_str()))
    }

    pub(super) fn set_image(&mut self, path: Arc<str>, facts: Option<ImageFacts>, touched: &mut Touched) {
        if self.images.get(&path).map(|facts| &**facts) == facts.as_ref() {
            return;
        }
        for place in self.image_users.get(&path).into_iter().flatten() {
            if let Some(article) = self.published(place.as_str()) {
                touched.extend(membership::keys(&self.rules, article));
            }
        }
        let of_site = self
            .rules
            .images()
            .any(|reference| meanings(reference, None, &self.rules).iter().any(|meaning| **meaning == *path));
        if of_site {
            touched.extend(self.groups.keys().cloned());
        }
        match facts {
            Some(facts) => self.images.insert(path, Arc::new(facts)),
            None => self.images.remove(&path),
        };
    }

    pub(super) fn remember_images_of(&mut self, place: &Place, detail: &Detail) {
        for path in spoken_of(place, detail, &self.rules) {
            self.image_users.entry(path).or_default().insert(place.clone());
        }
    }

    pub(super) fn forget_images_of(&mut self, place: &Place, detail: &Detail) {
        for path in spoken_of(place, detail, &self.rules) {
            if let Some(users) = self.image_users.get_mut(&path) {
                users.remove(place);
                if OrdSet::is_empty(users) {
                    self.image_users.remove(&path);
                }
            }
        }
    }
}

/// Every path below `/media/` that an article may mean.
fn spoken_of(place: &Place, detail: &Detail, rules: &Rules) -> BTreeSet<Arc<str>> {
    let lead = detail.lead.iter().map(|candidate| &*candidate.reference);
    let body = detail.images.iter().map(|image| &*image.src);
    lead.chain(body).flat_map(|reference| meanings(reference, Some(place), rules)).map(Arc::from).collect()
}

/// The paths below `/media/` that a reference may mean, best first; none for
/// an absolute address.
fn meanings(reference: &str, place: Option<&Place>, rules: &Rules) -> Vec<String> {
    let reference = reference.trim();
    let is_address =
        reference.starts_with("//") || reference.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if is_address || reference.is_empty() {
        return Vec::new();
    }
    let path = reference.split(['?', '#']).next().unwrap_or(reference).replace('\\', "/");
    // An author who writes `50%.png` means that, not an escape.
    let path = decode_path(&path).unwrap_or(path);
    let mut meanings: Vec<String> = Vec::new();
    let mut add = |candidate: Option<String>| {
        if let Some(candidate) = candidate.filter(|candidate| !candidate.is_empty() && !meanings.contains(candidate)) {
            meanings.push(candidate);
        }
    };
    if let Some(place) = place.filter(|_| !path.starts_with('/')) {
        add(normal(&format!("{}/{path}", place.directory())));
        add(normal(&format!("{}/{}/{path}", place.directory(), place.stem())));
    }
    // From the top: of the site, which may live below a path of its host.
    let top = normal(path.trim_start_matches("../").trim_start_matches('/')).unwrap_or_default();
    let below_home =
        top.strip_prefix(rules.site.home.path().trim_start_matches('/')).filter(|below| below.len() < top.len());
    for path in std::iter::once(top.as_str()).chain(below_home) {
        for root in &rules.site.image_roots {
            add(Some(format!("{root}/{path}")));
        }
        add(Some(path.to_owned()));
        // `source/img/a.png` and `/assets/a.png` name the root themselves.
        for root in &rules.site.image_roots {
            add(path.strip_prefix(&format!("{root}/")).map(str::to_owned));
        }
    }
    meanings
}

/// A path without `.`, `..` and empty parts; none where it climbs out.
fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_climbs_out_leads_nowhere() {
        assert_eq!(normal("a/./b/../c//d").as_deref(), Some("a/c/d"));
        assert_eq!(normal("a/../../b"), None);
    }
}
