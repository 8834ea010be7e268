//! `images.rewrite` of site.yaml: the URLs of remote images, by their host.

use crate::driver::{Folder, article_with, png};

const RULES: &str = r#"images:
  rewrite:
    "*.sinaimg.cn": "https://wsrv.nl/?url=${href_ue}"
    "b.example.org": "https://cdn.example.org${pathname}${search}"
"#;
const LEAD: &str = "https://wx1.sinaimg.cn/large/a.jpg?x=1";
const REWRITTEN: &str = "https://wsrv.nl/?url=https%3A%2F%2Fwx1.sinaimg.cn%2Flarge%2Fa.jpg%3Fx%3D1";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", RULES);
    let body = format!(
        "<a href=\"{LEAD}\"><img src=\"{LEAD}\" srcset=\"https://b.example.org/s.png?2 2x\"></a>\n\
         <picture><source srcset=\"https://b.example.org/p.png 2x\"><img src=\"https://other.example.org/o.png\"></picture>\n\
         <video src=\"https://b.example.org/v.mp4\" poster=\"https://b.example.org/poster.png\"></video>\n\
         <img src=\"own.png\">\n"
    );
    folder.write("own.png", png(3, 3));
    folder.write("a.md", article_with("A", "2026-01-02", &format!("cover: {LEAD}\n")) + &body);
    folder
}

#[test]
fn images_of_a_listed_host_are_rewritten_and_links_are_not() {
    let folder = folder();
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().xml();
    assert_eq!(rss.one("enclosure").attribute("url"), REWRITTEN);
    let page = server.get("/articles/a/").ok().text();
    let own = server.url("/media/own.png");
    for (html, own) in [(rss.one("content:encoded").text.clone(), own.as_str()), (page, "/media/own.png")] {
        for wanted in [
            format!("href=\"{LEAD}\""),
            format!("src=\"{REWRITTEN}\""),
            "https://cdn.example.org/s.png?2 2x".to_owned(),
            "src=\"https://other.example.org/o.png\"".to_owned(),
            "href=\"https://b.example.org/v.mp4\"".to_owned(),
            "poster=\"https://cdn.example.org/poster.png\"".to_owned(),
            format!("src=\"{own}\""),
        ] {
            assert!(html.contains(&wanted), "{wanted}\n{html}");
        }
    }
}

#[test]
fn facts_are_those_of_the_rewritten_url() {
    let folder = folder();
    folder.define("images.facts", &format!("feedmill images 1\n{LEAD}\tgone\n{REWRITTEN}\tok\timage/webp\t77\t\t\n"));
    let rss = folder.serve().get("/rss.xml").ok().xml();
    let enclosure = rss.one("enclosure");
    assert_eq!((enclosure.attribute("type"), enclosure.attribute("length")), ("image/webp", "77"));
}

#[test]
fn an_unknown_word_is_an_error_with_its_line() {
    let folder = folder();
    folder.define("site.yaml", "images:\n  rewrite:\n    \"*\": \"https://p.example/${url}\"\n");
    let check = folder.run(&["check"]);
    check.assert_code(1);
    check.assert_says("feeds/site.yaml:3:10: unknown word `url`");
}
