//! Warns about remote lead images, by what `images.facts` says about them.

use crate::article::{Article, ArticleBody};
use crate::diagnostic::{Code, Problem};
use crate::feed::select;
use crate::library::Library;
use crate::remote_images::{ImageState, RemoteImage};
use crate::text::Address;

/// Readers show images of this width in full; a smaller one is blurred.
const SMALL: u32 = 400;
/// Readers on a mobile network do not load larger images, in bytes.
const HUGE: u64 = 15_000_000;

/// Returns the warnings for the articles that feeds show.
pub(super) fn problems(library: &Library) -> impl Iterator<Item = Problem> {
    library.all_published().flat_map(|article| {
        let detail = library.detail(&article.place);
        detail.into_iter().flat_map(|detail| problems_of(library, article, detail)).collect::<Vec<_>>()
    })
}

fn problems_of(library: &Library, article: &Article, detail: &ArticleBody) -> Vec<Problem> {
    let urls = select::remote_leads(library, article, detail);
    let problem_of = |url: &Address| {
        let (code, message, help) = wrong(url, library.remote_image(url.as_str())?)?;
        let problem = Problem::new(article.place.shared(), code, message).help(help);
        Some(match written(library, detail, url) {
            Some(reference) => problem.about(reference),
            None => problem,
        })
    };
    urls.iter().filter_map(problem_of).collect()
}

fn wrong(url: &Address, facts: RemoteImage) -> Option<(Code, String, &'static str)> {
    let (longer, length) = (facts.pixels.map(|(width, height)| width.max(height)), facts.length);
    Some(match (facts.state, longer, length) {
        (ImageState::Gone, ..) => {
            (Code::ImageGone, format!("the lead image {url} does not exist any more"), "replace it")
        }
        (ImageState::NoImage, ..) => (
            Code::ImageIsHtml,
            format!("the lead image {url} is not an image but, for example, a page"),
            "link the image itself",
        ),
        (_, Some(longer), _) if longer < SMALL => {
            let message = format!("the lead image {url} is only {longer} pixels at its longer side");
            (Code::ImageSmall, message, "use a larger one")
        }
        (_, _, Some(length)) if length > HUGE => {
            let message = format!("the lead image {url} has {} MB", length / 1_000_000);
            (Code::ImageHuge, message, "use a smaller one")
        }
        _ => return None,
    })
}

/// Returns the reference in the article that leads to a URL, as written.
fn written<'a>(library: &Library, detail: &'a ArticleBody, url: &Address) -> Option<&'a str> {
    let lead = detail.lead.iter().map(|candidate| &*candidate.reference);
    let body = detail.images.iter().map(|image| &*image.src);
    let images = &library.rules().site.images;
    lead.chain(body).find(|reference| images.remote(reference).as_ref() == Some(url))
}
