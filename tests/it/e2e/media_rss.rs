//! What readers and previews take from the images of an article besides its enclosure.

use crate::driver::{Element, Folder, article_with, png};

const LEAD: &str = "https://img.example.org/a.jpg?x=1&y=2";

/// Returns URL, description and credit of each `media:content`.
fn described(feed: &Element) -> Vec<(&str, &str, &str)> {
    let contents = feed.all("media:content").into_iter();
    contents
        .map(|content| {
            (content.attribute("url"), inside(content, "media:description"), inside(content, "media:credit"))
        })
        .collect()
}

fn inside<'a>(content: &'a Element, name: &str) -> &'a str {
    content.children.iter().find(|child| child.name == name).map_or("", |child| &child.text)
}

#[test]
fn a_gallery_is_beside_the_lead_image_with_descriptions_and_credit() {
    let folder = Folder::new();
    folder.write("own.png", png(3, 2));
    let more = format!(
        "cover: {LEAD}\ncover_alt: A mill & a dune\nimage_credit: '<a href=\"https://ann.example.org\">Ann</a>'\n\
         photos:\n- own.png\n- missing.png\n- {LEAD}\n- https://img.example.org/film.mp4\n\
         images: [{{url: 'https://img.example.org/b.webp', alt: Bees, credit: Bo}}, own.png]\n"
    );
    folder.write("a.md", article_with("A", "2026-01-01", &more));
    let server = folder.serve();
    let own = server.url("/media/own.png");
    for path in ["/rss.xml", "/atom.xml"] {
        let feed = server.get(path).ok().xml();
        let expected =
            [(LEAD, "A mill & a dune", "Ann"), (&own, "", ""), ("https://img.example.org/b.webp", "Bees", "Bo")];
        assert_eq!(described(&feed), expected, "{path}");
        let contents = feed.all("media:content");
        assert!(contents.iter().all(|content| content.attribute("medium") == "image"));
        assert_eq!((contents[1].attribute("type"), contents[1].attribute("width")), ("image/png", "3"));
        assert!(feed.all("media:thumbnail").is_empty(), "FreshRSS would show the lead image twice");
    }
    server.get("/media/own.png").ok();
}

#[test]
fn a_thumbnail_is_inside_the_image_that_the_text_shows() {
    let folder = Folder::new();
    folder.define("site.yaml", "feeds: {limit: 9}\n");
    folder.define("short.yaml", "title: Short\ncontent: summary\n");
    let body = format!("<img src=\"{}\" alt=\"A mill\">\n", LEAD.replace('&', "&amp;"));
    folder.write("a.md", article_with("A", "2026-01-01", &format!("cover: {LEAD}\n")) + &body);
    let server = folder.serve();
    for path in ["/rss.xml", "/atom.xml"] {
        let feed = server.get(path).ok().xml();
        let thumbnail = feed.one("media:content").one("media:thumbnail");
        assert_eq!(thumbnail.attribute("url"), LEAD);
        assert_eq!(feed.all("media:thumbnail").len(), 1, "{path}");
    }
    let summary = server.get("/feeds/short/rss.xml").ok().xml();
    assert_eq!(described(&summary), [(LEAD, "A mill", "")]);
    assert!(summary.all("media:thumbnail").is_empty());
}

#[test]
fn the_lead_image_has_the_scheme_that_the_text_gives_it() {
    let folder = Folder::new();
    let body = "<img src=\"http://img.example.org/b.png\" width=\"640\">\n";
    folder.write("a.md", article_with("A", "2026-01-01", "cover: https://img.example.org/b.png\n") + body);
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().xml();
    assert_eq!(rss.one("enclosure").attribute("url"), "http://img.example.org/b.png");
    assert_eq!(rss.one("media:content").attribute("url"), "http://img.example.org/b.png");
    assert!(rss.one("content:encoded").text.contains("src=\"http://img.example.org/b.png\""));
    assert_eq!(server.get("/feed.json").json()["items"][0]["image"], "http://img.example.org/b.png");
    assert!(!server.get("/articles/a/").ok().text().contains("class=\"lead\""));
}

#[test]
fn a_film_or_a_page_is_not_a_lead_image() {
    let folder = Folder::new();
    for (number, cover) in ["https://x.example/a.mp4", "https://x.example/b.html"].iter().enumerate() {
        let body = "<img src=\"https://img.example.org/next.png\">\n";
        folder.write(&format!("{number}.md"), article_with("A", "2026-01-01", &format!("cover: '{cover}'\n")) + body);
    }
    let rss = folder.serve().get("/rss.xml").ok().xml();
    let types: Vec<&str> = rss.all("enclosure").iter().map(|enclosure| enclosure.attribute("type")).collect();
    assert_eq!(types, ["image/png", "image/png"]);
}

#[test]
fn the_page_of_an_article_has_a_preview() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Mill\nhome: https://news.example.org\narticle_url: ':home/:title/'\n");
    folder.write("pic.png", png(640, 480));
    let more = "image: {src: pic.png, alt: 'Bees \"&\" <b>'}\nupdated: 2026-01-02\nsummary: Short.\n";
    folder.write("a.md", article_with("A & B", "2026-01-01", more));
    folder.write("plain.md", article_with("Plain", "2026-01-01", ""));
    let server = folder.serve();
    let page = server.get("/articles/a/").ok().text();
    let image = server.url("/media/pic.png");
    for (name, content) in [
        ("property=\"og:type\"", "article"),
        ("property=\"og:site_name\"", "Mill"),
        ("property=\"og:title\"", "A &amp; B"),
        ("property=\"og:description\"", "Short."),
        ("property=\"og:url\"", "https://news.example.org/a/"),
        ("property=\"og:image\"", &image),
        ("property=\"og:image:type\"", "image/png"),
        ("property=\"og:image:width\"", "640"),
        ("property=\"og:image:height\"", "480"),
        ("property=\"og:image:alt\"", "Bees &quot;&amp;&quot; &lt;b&gt;"),
        ("property=\"article:published_time\"", "2026-01-01T00:00:00Z"),
        ("property=\"article:modified_time\"", "2026-01-02T00:00:00Z"),
        ("name=\"twitter:card\"", "summary_large_image"),
        ("name=\"twitter:image\"", &image),
    ] {
        assert!(page.contains(&format!("<meta {name} content=\"{content}\">")), "{name}\n{page}");
    }
    let plain = server.get("/articles/plain/").ok().text();
    assert!(plain.contains("<meta name=\"twitter:card\" content=\"summary\">") && !plain.contains("og:image"));
    assert!(!server.get("/").ok().text().contains("og:"));
}
