//! Selects the lead image of an entry and resolves the URLs of images.

use crate::article::lead_image::media_type;
use crate::article::{Article, ArticleBody};
use crate::feed::{Address, Image, Text};
use crate::library::{ImageFacts, Library};

/// Returns the lead image of an article: the first candidate that is remote or exists, from front matter,
/// then from its bundle, then from the body, and finally the site's default. Tracking pixels are skipped.
pub(super) fn lead(library: &Library, article: &Article, detail: &ArticleBody) -> Option<Image> {
    let of_article = |reference: &str, alt: Option<&str>| {
        let mut image = resolve(library, reference, |reference| library.local_image(reference, &article.place))
            .filter(|image| !is_pixel(image.width, image.height) && !counts_readers(image.url.as_str()))?;
        image.alt = alt.map(Text::line).filter(|alt| !alt.is_empty());
        // The body may say more about the same image than front matter does.
        if let Some(shown) = detail.images.iter().find(|shown| *shown.src == *reference) {
            image.width = image.width.or(shown.width);
            image.height = image.height.or(shown.height);
            image.alt = image.alt.or_else(|| Some(Text::line(&shown.alt)).filter(|alt| !alt.is_empty()));
        }
        Some(image)
    };
    let by_front_matter =
        || detail.lead.iter().find_map(|candidate| of_article(&candidate.reference, candidate.alt.as_deref()));
    let by_body = || {
        let images = detail.images.iter().filter(|_| library.rules().site.images.lead_from_body);
        images.filter(|image| !is_pixel(image.width, image.height)).find_map(|image| of_article(&image.src, None))
    };
    let by_default = || of_site(library, library.rules().site.images.lead_default.as_deref()?);
    let by_bundle = || Some(ours(library, library.bundle_image(&article.place)?));
    by_front_matter().or_else(by_bundle).or_else(by_body).or_else(by_default)
}

/// Resolves an image of site.yaml or a definition.
pub(super) fn of_site(library: &Library, reference: &str) -> Option<Image> {
    resolve(library, reference, |reference| library.site_image(reference))
}

/// Returns the URLs of the images and files that a body refers to.
pub(super) fn of_body(library: &Library, article: &Article, detail: &ArticleBody) -> Vec<(Box<str>, Address)> {
    let mut images: Vec<(Box<str>, Address)> = Vec::new();
    for shown in &detail.images {
        if images.iter().any(|(known, _)| *known == shown.src) {
            continue;
        }
        if let Some(image) = resolve(library, &shown.src, |reference| library.local_image(reference, &article.place)) {
            images.push((shown.src.clone(), image.url));
        }
    }
    for file in &detail.files {
        let image = || library.local_image(file, &article.place).map(|found| ours(library, found).url);
        let page = || library.page_named(file).map(|article| library.page(&article.place));
        let is_new = images.iter().all(|(known, _)| known != file);
        images.extend(is_new.then(|| image().or_else(page)).flatten().map(|url| (file.clone(), url)));
    }
    images
}

fn resolve<'a>(
    library: &'a Library,
    reference: &str,
    local: impl Fn(&str) -> Option<(&'a std::sync::Arc<str>, &'a std::sync::Arc<ImageFacts>)>,
) -> Option<Image> {
    let site = &library.rules().site;
    if let Some(address) = remote(reference) {
        let url = unwrapped(&address, &site.images.unwrap).unwrap_or(address);
        let media_type = type_of(&url);
        return Some(Image { url, media_type, length: None, width: None, height: None, alt: None });
    }
    local(reference).map(|found| ours(library, found))
}

fn ours(library: &Library, (path, facts): (&std::sync::Arc<str>, &std::sync::Arc<ImageFacts>)) -> Image {
    Image {
        url: media_address(&library.rules().site.identity.base, path),
        media_type: facts.media_type,
        length: Some(facts.length),
        width: facts.width,
        height: facts.height,
        alt: None,
    }
}

/// Returns whether an image is a line or a point, which is not meant to be seen.
fn is_pixel(width: Option<u32>, height: Option<u32>) -> bool {
    width == Some(1) || height == Some(1)
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

/// Returns the URL of a local image.
fn media_address(base: &Address, path: &str) -> Address {
    base.child("media/").below(path)
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

/// Returns the media type of a remote image by the extension of its path, or of a URL in its query, as with
/// image proxies. Readers check for the prefix `image/`, so there is always a media type.
/// See docs/decisions/wire.md#a-concrete-media-type.
fn type_of(address: &Address) -> &'static str {
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
    of(path).or_else(in_query).unwrap_or("image/jpeg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

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
            let found = unwrapped(&address(wrapped), &proxies);
            assert_eq!(found.as_ref().map(Address::as_str), true_address, "{wrapped}");
        }
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
        ] {
            assert_eq!(type_of(&address(text)), media_type, "{text}");
        }
    }
}
