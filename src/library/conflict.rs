//! Finds the problems that only the whole library shows.

use super::{AttachedFile, IdConflict, Library, PageConflict};
use crate::article::{Article, ArticleBody, Attachment};
use crate::diagnostic::{Code, Problem};
use crate::key::FeedKey;

impl Library {
    /// Returns conflicting ids, slugs and pages, missing lead images and attachments, and incomplete episodes. This walks over everything that
    /// is shown, so it is meant for reports and not for every change.
    pub fn conflicts(&self) -> Vec<Problem> {
        let ids = self.conflicting_ids().map(|IdConflict { id, place, owner }| {
            Problem::new(place.shared(), Code::IdTaken, format!("the id `{id}` belongs to {owner}"))
                .help("change or remove the `id` of one of them")
                .about(id)
        });
        let slugs = self.shared_slugs().flat_map(|(slug, winner, others)| {
            let is_former = self.slug(&winner) != slug;
            let winner = self.describe(&winner);
            let shared = if is_former {
                format!("would have `{slug}`, a former slug of {winner}")
            } else {
                format!("has the same slug `{slug}` as {winner}")
            };
            others.into_iter().map(move |key| {
                let (feed, path) = (self.describe(key), self.path(key));
                let message = format!("{feed} {shared}, so its URL is /{path}");
                Problem::new(self.file_of(key), Code::SlugTaken, message)
                    .help("give one of them a `slug` in a definition of feeds/")
                    .about(self.joined_names(key))
            })
        });
        let pages = self.conflicting_pages().map(|PageConflict { place, owner }| {
            let (wanted, path) = (place.page_path(), self.page_path(&place));
            Problem::new(
                place.shared(),
                Code::PageTaken,
                format!("its page `articles/{wanted}/` is already used by {owner}, so its page is `articles/{path}/`"),
            )
            .help("rename one of the two")
        });
        let images = self.details.iter().flat_map(|(place, detail)| {
            // Candidates after one that exists are not needed.
            let missing = detail.lead.iter().take_while(|lead| {
                let is_ours = !lead.reference.contains("://") && !lead.reference.starts_with("//");
                is_ours && self.local_image(&lead.reference, place).is_none()
            });
            missing.map(|lead| {
                Problem::new(
                    place.shared(),
                    Code::LeadImage,
                    format!("the lead image `{}` does not exist or is not an image", lead.reference),
                )
                .help("see `images: roots` of site.yaml for the directories that contain images")
                .about(&*lead.reference)
            })
        });
        let attachments = self.details.iter().flat_map(|(place, detail)| {
            let article = self.articles.get(place.as_str());
            article.map(|article| self.lost_attachments(article, detail)).unwrap_or_default()
        });
        let filing = &self.rules.site.options.site_context.filing;
        let reserved = filing.others.iter().filter(|taxonomy| taxonomy.directory.starts_with("taxonomy-"));
        let reserved = reserved.map(|taxonomy| {
            let (name, directory) = (&taxonomy.name, &taxonomy.directory);
            let message = format!("the name of the taxonomy `{name}` is reserved, so its URL is /{directory}/");
            Problem::new("taxonomies", Code::SlugTaken, message)
        });
        let mut conflicts: Vec<Problem> =
            ids.chain(reserved).chain(slugs).chain(pages).chain(images).chain(attachments).collect();
        conflicts.extend(self.episode_problems());
        conflicts.sort();
        conflicts
    }

    /// Returns the attachments, transcripts and chapters of an article that lead to no file.
    fn lost_attachments(&self, article: &Article, detail: &ArticleBody) -> Vec<Problem> {
        let problem = |reference: &str, message: String, help: &str| {
            Problem::new(article.place.shared(), Code::Attachment, message).help(help).about(reference)
        };
        let missing = |reference: &str| {
            let message = format!("the attachment `{reference}` does not exist, or is not of a type that is served");
            problem(reference, message, "correct the path, or write a URL that begins with https://")
        };
        let lost = |attachment: &Attachment| {
            let reference = &*attachment.reference;
            match self.attached_file(reference, article) {
                None => Some(missing(reference)),
                Some(AttachedFile::Remote(url)) if self.attachment_type(attachment, &url).is_none() => {
                    let message = format!("`{reference}` leads to a page and not to a file, so nothing is attached");
                    Some(problem(reference, message, "write the URL of the video file, or its `type` beside its `url`"))
                }
                Some(_) => None,
            }
        };
        let companions = detail.episode.iter().flat_map(|episode| episode.companions());
        let companions = companions.filter(|reference| self.attached_file(reference, article).is_none()).map(missing);
        detail.attachments.iter().filter_map(lost).chain(companions).collect()
    }

    fn describe(&self, key: &FeedKey) -> String {
        format!("the {} `{}`", key.kind().as_str(), self.joined_names(key))
    }

    fn joined_names(&self, key: &FeedKey) -> String {
        let names: Vec<String> = self.names(key).iter().map(ToString::to_string).collect();
        names.join("/")
    }

    /// Returns the oldest article of a feed, where its name is first found.
    fn file_of(&self, key: &FeedKey) -> std::sync::Arc<str> {
        let oldest = self.members(key).and_then(super::Members::oldest);
        oldest.map_or_else(|| "feeds".into(), |article| article.place.shared())
    }
}
