//! The article of the first user, unchanged. The file is not part of the project, so these tests are ignored
//! without it.

use crate::driver::{Folder, ImageHost, TestServer, honest, png, shared};

const FEED: &str = "/categories/xin-mei-ti/qu-tou-tiao/fen-lei/rss.xml";
const PICTURE: &str = "http://static.1sapp.com/qupost/img/2021/08/04/8dbcfb0ac85d48746612f2195dfa6faf.jpeg";
const PROXY: &str = "https://cors.zfour.workers.dev/?";

fn serve(site: &str) -> TestServer {
    let samples = shared("samples");
    let folder = Folder::new();
    folder.define("site.yaml", site);
    folder.serve_with(&["--content", samples.to_str().unwrap()])
}

fn unwrapped() -> String {
    format!("images: {{unwrap: [\"{PROXY}\"]}}\n")
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_sample_is_in_its_category_and_in_both_above() {
    let server = serve("");
    let own = server.titles(FEED);
    assert_eq!(own, ["财源街道：加大整治力度营造宜居环境"]);
    for parent in ["/categories/xin-mei-ti/", "/categories/xin-mei-ti/qu-tou-tiao/", "/"] {
        for format in ["rss.xml", "atom.xml", "feed.json"] {
            assert_eq!(server.titles(&format!("{parent}{format}")), own, "{parent}{format}");
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_three_names_are_one_category_path_and_not_three_categories() {
    let server = serve("");
    server.get("/categories/fen-lei/rss.xml").assert_status(404);
    server.get("/categories/qu-tou-tiao/rss.xml").assert_status(404);
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_sample_has_its_date_and_its_author() {
    let server = serve("");
    let rss = server.get(FEED).ok().xml();
    let item = rss.one("item");
    assert_eq!(item.one("pubDate").text, "Wed, 04 Aug 2021 14:56:46 GMT");
    assert_eq!(item.one("dc:creator").text, "趣头条");
    assert_eq!(item.one("guid").attribute("isPermaLink"), "false");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_enclosure_goes_through_the_proxy_as_written() {
    let server = serve("");
    let rss = server.get(FEED).ok().xml();
    let enclosure = rss.one("enclosure");
    assert_eq!(enclosure.attribute("url"), format!("{PROXY}{PICTURE}"));
    assert_eq!(enclosure.attribute("type"), "image/jpeg");
    assert_eq!(enclosure.attribute("length"), "0");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_enclosure_is_the_image_itself_when_its_proxy_is_listed() {
    let server = serve(&unwrapped());
    let rss = server.get(FEED).ok().xml();
    let enclosure = rss.one("enclosure");
    assert_eq!(enclosure.attribute("url"), PICTURE);
    assert_eq!(enclosure.attribute("type"), "image/jpeg");
    assert_eq!(enclosure.attribute("length"), "0");
    // Readers hide the duplicate of an image only if both URLs are equal.
    let body = &rss.one("content:encoded").text;
    assert!(body.contains(&format!("src=\"{PICTURE}\"")), "{body}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_size_in_the_body_is_in_media_content() {
    for site in [String::new(), unwrapped()] {
        let server = serve(&site);
        let rss = server.get(FEED).ok().xml();
        let media = rss.one("media:content");
        assert_eq!(media.attribute("url"), rss.one("enclosure").attribute("url"));
        assert_eq!(media.attribute("medium"), "image");
        assert_eq!(media.attribute("width"), "600");
        assert_eq!(media.attribute("height"), "800");
        rss.one("media:thumbnail");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn atom_and_json_have_the_same_image() {
    let server = serve(&unwrapped());
    let atom = server.get(&FEED.replace("rss.xml", "atom.xml")).ok().xml();
    let links = atom.one("entry").all("link");
    let enclosures: Vec<_> =
        links.iter().filter(|link| link.attributes.get("rel").is_some_and(|rel| rel == "enclosure")).collect();
    assert_eq!(enclosures.len(), 1);
    assert_eq!(enclosures[0].attribute("href"), PICTURE);
    assert_eq!(enclosures[0].attribute("type"), "image/jpeg");

    let json = server.get(&FEED.replace("rss.xml", "feed.json")).ok().json();
    let item = &json["items"][0];
    assert_eq!(item["image"], PICTURE);
    assert_eq!(item["attachments"][0]["url"], PICTURE);
    assert_eq!(item["attachments"][0]["mime_type"], "image/jpeg");
    assert!(item["attachments"][0].get("size_in_bytes").is_none(), "{item}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn facts_make_the_enclosure_true_through_the_proxy_and_without_it() {
    for (site, url) in [(String::new(), format!("{PROXY}{PICTURE}")), (unwrapped(), PICTURE.to_owned())] {
        let folder = Folder::new();
        folder.define("site.yaml", &site);
        folder.define("images.facts", &format!("feedmill images 1\n{url}\tok\timage/png\t54321\t60\t80\n"));
        let samples = shared("samples");
        let rss = folder.serve_with(&["--content", samples.to_str().unwrap()]).get(FEED).ok().xml();
        let enclosure = rss.one("enclosure");
        let found = ["url", "type", "length"].map(|name| enclosure.attribute(name));
        assert_eq!(found, [&url, "image/png", "54321"]);
        // The true size, and not the one that the body gives.
        let media = rss.one("media:content");
        assert_eq!((media.attribute("width"), media.attribute("height")), ("60", "80"));
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_host_of_the_image_is_asked_for_the_facts() {
    let host = ImageHost::start(|request| honest(request, &png(60, 80)));
    let (folder, samples) = (Folder::new(), shared("samples"));
    let content = ["--content", samples.to_str().unwrap()];
    let target = host.url("${pathname}");
    folder.define(
        "site.yaml",
        &format!(
            "images:\n  unwrap: [\"{PROXY}\"]\n  private: [127.0.0.1]\n  rewrite: {{static.1sapp.com: \"{target}\"}}\n"
        ),
    );
    folder.run(&[&["images"], &content[..]].concat()).assert_code(0);
    assert_eq!(host.requests().len(), 1);
    let rss = folder.serve_with(&content).get(FEED).ok().xml();
    let length = png(60, 80).len().to_string();
    assert_eq!(rss.one("enclosure").attribute("length"), length);
    assert_eq!(rss.one("media:content").attribute("height"), "80");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn check_reports_nothing_for_the_sample() {
    let samples = shared("samples");
    Folder::new().run(&["check", "--content", samples.to_str().unwrap()]).assert_code(0);
}
