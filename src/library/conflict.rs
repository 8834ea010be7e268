//! What only a whole library shows to be wrong.

use super::{IdConflict, Library, PageConflict};
use crate::diagnostic::{Code, Problem};
use crate::key::Key;

impl Library {
    /// Ids and slugs that several claim, lead images that are not there. A
    /// walk over what is shown: for reports, not for every change.
    pub fn conflicts(&self) -> Vec<Problem> {
        let ids = self.conflicting_ids().map(|IdConflict { id, place, owner }| {
            Problem::new(place.shared(), Code::IdTaken, format!("the id `{id}` is that of {owner}"))
                .help("change or remove the `id` of one of them")
        });
        let slugs = self.shared_slugs().flat_map(|(slug, winner, others)| {
            let (slug, winner) = (slug.to_owned(), self.told(&winner));
            let others: Vec<_> =
                others.into_iter().map(|key| (self.file_of(key), self.told(key), self.path(key))).collect();
            others.into_iter().map(move |(file, told, path)| {
                Problem::new(
                    file,
                    Code::SlugTaken,
                    format!("{told} would be at `{slug}`, as {winner} is; it is at /{path}"),
                )
                .help("give one of them a `slug` in a definition of feeds/")
            })
        });
        let pages = self.conflicting_pages().map(|PageConflict { place, owner }| {
            let (wanted, path) = (place.page_path(), self.page_path(&place));
            Problem::new(
                place.shared(),
                Code::PageTaken,
                format!(
                    "its page would be at `articles/{wanted}/`, as that of {owner} is; it is at `articles/{path}/`"
                ),
            )
            .help("rename one of the two")
        });
        let images = self.details.iter().flat_map(|(place, detail)| {
            // Those behind one that is shown nobody misses.
            let missing = detail.lead.iter().take_while(|lead| {
                let is_ours = !lead.reference.contains("://") && !lead.reference.starts_with("//");
                is_ours && self.local_image(&lead.reference, place).is_none()
            });
            missing.map(|lead| {
                Problem::new(
                    place.shared(),
                    Code::LeadImage,
                    format!("the lead image `{}` is not there, or is no image", lead.reference),
                )
                .help("see `images: roots` of site.yaml for where images are looked for")
            })
        });
        let mut conflicts: Vec<Problem> = ids.chain(slugs).chain(pages).chain(images).collect();
        conflicts.sort();
        conflicts
    }

    fn told(&self, key: &Key) -> String {
        let names: Vec<String> = self.names(key).iter().map(ToString::to_string).collect();
        format!("the {} `{}`", key.kind().as_str(), names.join("/"))
    }

    /// The file in which a feed's name is first found.
    fn file_of(&self, key: &Key) -> std::sync::Arc<str> {
        let oldest = self.members(key).and_then(super::Members::oldest);
        oldest.map_or_else(|| "feeds".into(), |article| article.place.shared())
    }
}
