//! Selects the lead image of an entry, adds the facts about it, and resolves the URLs of images.

use crate::article::body::image::is_pixel;
use crate::article::lead_image::{Candidate, media_type};
use crate::article::{Article, ArticleBody};
use crate::feed::{Address, Image, KnownTarget, Text};
use crate::library::{Library, MediaFacts};
use crate::site::Dead;
use crate::text::plain;

/// Returns the lead image of an article: the first candidate, unless site.yaml replaces an image that is known to be
/// dead.
pub(super) fn lead(library: &Library, article: &Article, detail: &ArticleBody) -> Option<Image> {
    let dead = library.rules().site.images.dead;
    let found = candidates(library, article, detail).find(|image| dead != Dead::Next || !is_dead(library, image));
    found.filter(|image| dead != Dead::Drop || !is_dead(library, image))
}

/// Returns the images of the gallery other than the lead image, without dead ones.
pub(super) fn gallery(library: &Library, article: &Article, detail: &ArticleBody, lead: Option<&Image>) -> Vec<Image> {
    let mut found: Vec<Image> = Vec::new();
    let keeps_dead = library.rules().site.images.dead == Dead::Keep;
    for candidate in &detail.gallery {
        let image = of_article(library, article, detail, candidate);
        let image = image.filter(|image| keeps_dead || !is_dead(library, image));
        let is_new = |image: &Image| lead.into_iter().chain(&found).all(|known| known.url != image.url);
        found.extend(image.filter(is_new));
    }
    found
}

/// Returns the remote images that decide which one is the lead image, with facts about them or without: the lead image
/// and the dead ones before it.
pub(crate) fn remote_leads(library: &Library, article: &Article, detail: &ArticleBody) -> Vec<Address> {
    let site = &library.rules().site;
    let own = media_address(&site.identity.base, "");
    let mut found = Vec::new();
    for image in candidates(library, article, detail) {
        if image.url.as_str().starts_with(own.as_str()) {
            break;
        }
        let is_last = site.images.dead != Dead::Next || !is_dead(library, &image);
        found.push(image.url);
        if is_last {
            break;
        }
    }
    found
}

/// Returns the images that may be the lead image and are remote or exist, best first: from front matter, then from the
/// bundle, then from the body, and finally the site's default. Tracking pixels are skipped.
fn candidates<'a>(
    library: &'a Library,
    article: &'a Article,
    detail: &'a ArticleBody,
) -> impl Iterator<Item = Image> + 'a {
    let settings = &library.rules().site.images;
    let by_front_matter = detail.lead.iter().filter_map(|candidate| of_article(library, article, detail, candidate));
    let by_bundle = std::iter::once_with(|| Some(ours(library, library.bundle_image(&article.place)?))).flatten();
    let in_body = detail.images.iter().filter(|_| settings.lead_from_body);
    let by_body = in_body.filter(|image| !is_pixel(image.width, image.height)).filter_map(|image| {
        let candidate = Candidate { reference: image.src.clone(), alt: None, credit: None };
        of_article(library, article, detail, &candidate)
    });
    let own = by_front_matter
        .chain(by_bundle)
        .chain(by_body)
        .map(|image| Image { credit: image.credit.or_else(|| credit(detail.credit.as_deref())), ..image });
    let by_default =
        std::iter::once_with(|| Some(with_facts(library, of_site(library, settings.lead_default.as_deref()?)?)));
    own.chain(by_default.flatten())
}

/// Returns the image that a reference in front matter means.
pub(super) fn named(library: &Library, article: &Article, detail: &ArticleBody, reference: &str) -> Option<Image> {
    of_article(library, article, detail, &Candidate { reference: reference.into(), alt: None, credit: None })
}

/// Returns the image that a candidate of an article means, with everything that is known about it; `None` if it is
/// not meant to be seen.
fn of_article(library: &Library, article: &Article, detail: &ArticleBody, candidate: &Candidate) -> Option<Image> {
    let written = &candidate.reference;
    let shown = detail.images.iter().find(|shown| shown.src == *written).or_else(|| {
        let rest = after_scheme(written)?;
        detail.images.iter().find(|shown| after_scheme(&shown.src) == Some(rest))
    });
    // Readers recognise an image of the text by its whole URL, so use the scheme that the text has.
    let reference = shown.map_or(written, |shown| &shown.src);
    let mut image = resolve(library, reference, |reference| library.local_image(reference, &article.place))
        .map(|image| with_facts(library, image))
        .filter(|image| !is_pixel(image.width, image.height) && !counts_readers(image.url.as_str()))?;
    image.alt = candidate.alt.as_deref().map(Text::line).filter(|alt| !alt.is_empty());
    image.credit = credit(candidate.credit.as_deref());
    // The body may say more about the same image than front matter does.
    if let Some(shown) = shown {
        image.width = image.width.or(shown.width);
        image.height = image.height.or(shown.height);
        image.alt = image.alt.or_else(|| Some(Text::line(&shown.alt)).filter(|alt| !alt.is_empty()));
    }
    Some(image)
}

/// Returns an absolute URL without its scheme; `None` for another reference.
fn after_scheme(reference: &str) -> Option<&str> {
    ["http://", "https://", "//"].iter().find_map(|start| reference.strip_prefix(start))
}

/// Returns who made an image as plain text, from text that may be HTML.
fn credit(written: Option<&str>) -> Option<Text> {
    written.map(|credit| Text::line(&plain(credit))).filter(|credit| !credit.is_empty())
}

/// Returns whether a remote image is known to be gone, or not to be an image.
fn is_dead(library: &Library, image: &Image) -> bool {
    library.remote_image(image.url.as_str()).is_some_and(|facts| facts.state.is_dead())
}

/// Adds what `images.facts` says about a remote image.
fn with_facts(library: &Library, image: Image) -> Image {
    let Some(facts) = library.remote_image(image.url.as_str()) else {
        return image;
    };
    Image {
        media_type: facts.media_type.unwrap_or(image.media_type),
        length: facts.length.or(image.length),
        width: facts.pixels.map(|(width, _)| width).or(image.width),
        height: facts.pixels.map(|(_, height)| height).or(image.height),
        ..image
    }
}

/// Resolves an image of site.yaml or a definition.
pub(super) fn of_site(library: &Library, reference: &str) -> Option<Image> {
    resolve(library, reference, |reference| library.site_image(reference))
}

/// Returns the images, other files and pages that a body refers to.
pub(super) fn of_body(library: &Library, article: &Article, detail: &ArticleBody) -> Vec<KnownTarget> {
    let mut known: Vec<KnownTarget> = Vec::new();
    let target = |reference: &str, image: Image| KnownTarget {
        reference: reference.into(),
        url: image.url,
        size: image.width.zip(image.height),
    };
    for shown in &detail.images {
        if known.iter().any(|known| known.reference == shown.src) {
            continue;
        }
        // Rewritten where an image shows it, because links may have the same URL.
        let remote = library.rules().site.images.unwrapped(&shown.src);
        let local = || Some(target(&shown.src, ours(library, library.local_image(&shown.src, &article.place)?)));
        let remote = remote.map(|url| KnownTarget { reference: shown.src.clone(), url, size: None });
        known.extend(local().or(remote));
    }
    for file in &detail.files {
        let local = || library.local_media(file, &article.place).map(|found| target(file, ours(library, found)));
        let page = || {
            let url = library.page(&library.page_named(file)?.place);
            Some(KnownTarget { reference: file.clone(), url, size: None })
        };
        let is_new = known.iter().all(|known| known.reference != *file);
        known.extend(is_new.then(|| local().or_else(page)).flatten());
    }
    known
}

fn resolve<'a>(
    library: &'a Library,
    reference: &str,
    local: impl Fn(&str) -> Option<(&'a std::sync::Arc<str>, &'a std::sync::Arc<MediaFacts>)>,
) -> Option<Image> {
    // A URL of the web site may be that of a local file.
    let own = local(reference);
    if let Some(url) = library.rules().site.images.remote(reference).filter(|_| own.is_none()) {
        let media_type = type_of(&url)?;
        return Some(Image { url, media_type, length: None, width: None, height: None, alt: None, credit: None });
    }
    own.map(|found| ours(library, found))
}

fn ours(library: &Library, (path, facts): (&std::sync::Arc<str>, &std::sync::Arc<MediaFacts>)) -> Image {
    Image {
        url: media_address(&library.rules().site.identity.base, path),
        media_type: facts.media_type,
        length: Some(facts.length),
        width: facts.width,
        height: facts.height,
        alt: None,
        credit: None,
    }
}

/// Returns whether a URL belongs to a visitor counter, as feeds and e-mails leave them in bodies.
fn counts_readers(address: &str) -> bool {
    const COUNTERS: [&str; 14] = [
        "://feeds.feedburner.com/~",
        "://feeds.wordpress.com/",
        "://pixel.wp.com/",
        "://stats.wordpress.com/",
        "://pixel.quantserve.com/",
        "://www.google-analytics.com/",
        "://ssl.google-analytics.com/",
        "://ga-beacon.appspot.com/",
        "://sb.scorecardresearch.com/",
        "://www.facebook.com/tr",
        "://pixel.",
        "://counter.",
        "/open.aspx?",
        "/tracking-pixel",
    ];
    let address = address.to_ascii_lowercase();
    COUNTERS.iter().any(|counter| address.contains(counter))
        || (address.contains(".doubleclick.net/") || address.contains(".feedsportal.com/"))
}

/// Returns the URL of a local media file.
pub(super) fn media_address(base: &Address, path: &str) -> Address {
    base.child("media/").below(path)
}

/// Returns the media type of a remote image by the extension of its path, or of a URL in its query, as with
/// image proxies; `None` if the extension is that of a file that is not an image. Readers check for the prefix `image/`,
/// so every image has a media type.
/// See docs/decisions/wire.md#a-concrete-media-type.
fn type_of(address: &Address) -> Option<&'static str> {
    let text = address.as_str();
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let of = |text: &str| {
        // The dot in the host name does not begin an extension.
        let after_host = text.split_once("://").map_or(text, |(_, rest)| rest);
        let path = after_host.split_once('/').map_or("", |(_, path)| path);
        media_type(path.split(['?', '#', '&']).next().unwrap_or(path))
    };
    let in_query = || {
        let decoded = percent_encoding::percent_decode_str(query).decode_utf8_lossy();
        of(decoded.split_once('=').map_or(&*decoded, |(_, value)| value)).or_else(|| of(&decoded))
    };
    of(path).or_else(in_query).or_else(|| (!is_other_file(path) || is_frame(query)).then_some("image/jpeg"))
}

/// Returns whether the path of a URL has the extension of a page, a film, a recording or a document. Scripts (`.php`,
/// `.aspx`) send images, too.
fn is_other_file(path: &str) -> bool {
    const OTHERS: [&str; 33] = [
        "html", "htm", "xhtml", "shtml", "md", "txt", "json", "xml", "css", "js", "mp4", "m4v", "mov", "webm", "ogv",
        "mkv", "avi", "flv", "wmv", "m3u8", "mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "pdf", "epub",
        "zip", "doc", "docx",
    ];
    let after_host = path.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let name = after_host.rsplit('/').next().unwrap_or_default().split('#').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    OTHERS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Returns whether a query asks a storage service for a frame of a film: `?x-oss-process=video/snapshot,t_0`,
/// `?vframe/jpg/offset/1`.
fn is_frame(query: &str) -> bool {
    query.contains("snapshot") || query.contains("vframe")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn visitor_counters_are_recognised_by_name_or_size() {
        for counter in ["https://feeds.feedburner.com/~r/x/~4/y", "https://pixel.wp.com/b.gif?host=x"] {
            assert!(counts_readers(counter), "{counter}");
        }
        for image in
            ["https://x.example/pixel-art.png", "https://www.facebook.com/a.jpg", "https://x.example/a/counter.png"]
        {
            assert!(!counts_readers(image), "{image}");
        }
        assert!(is_pixel(Some(600), Some(1)) && is_pixel(Some(1), None) && !is_pixel(Some(2), None));
    }

    #[test]
    fn the_media_type_is_that_of_the_url_behind_the_proxy() {
        for (text, media_type) in [
            ("http://static.1sapp.com/a/b.jpeg", "image/jpeg"),
            ("https://cors.zfour.workers.dev/?http://static.1sapp.com/a/b.webp", "image/webp"),
            ("https://wsrv.nl/?url=https%3A%2F%2Fx.example%2Fb.png&w=300", "image/png"),
            ("https://x.example/a.PNG?imageView2/2/w/1120", "image/png"),
            ("https://picsum.photos/400/300?random=7520", "image/jpeg"),
            ("https://x.png", "image/jpeg"),
            ("https://segmentfault.com/img/bVcQzEW", "image/jpeg"),
            ("https://x.example/show.php", "image/jpeg"),
            ("https://x.example/show.html?url=https://y.example/a.gif", "image/gif"),
            ("https://x.example/a.mp4?x-oss-process=video/snapshot,t_1000,f_jpg", "image/jpeg"),
            ("https://x.html", "image/jpeg"),
        ] {
            assert_eq!(type_of(&address(text)), Some(media_type), "{text}");
        }
        for text in ["https://x.example/a.MP4", "https://x.example/page.html#top", "https://x.example/b/a.pdf?v=1"] {
            assert_eq!(type_of(&address(text)), None, "{text}");
        }
    }
}
