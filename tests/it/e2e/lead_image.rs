//! The lead image: where it is found, and how each format presents it.

use crate::driver::{Element, Folder, TestServer, article_with, png};

fn with_image(title: &str, image: &str) -> String {
    article_with(title, "2026-01-01", &format!("image: {image}\n"))
}

fn rss(server: &TestServer) -> Element {
    server.get("/rss.xml").ok().xml()
}

#[test]
fn a_local_image_has_its_real_length_type_and_size() {
    let folder = Folder::new();
    // The extension is wrong; the first bytes decide.
    folder.write("posts/pic.jpg", png(31, 17));
    folder.write("posts/a.md", with_image("A", "pic.jpg"));
    let server = folder.serve();
    let rss = rss(&server);
    let enclosure = rss.one("enclosure");
    assert_eq!(enclosure.attribute("url"), server.url("/media/posts/pic.jpg"));
    assert_eq!(enclosure.attribute("type"), "image/png");
    assert_eq!(enclosure.attribute("length"), png(31, 17).len().to_string());
    assert_eq!(enclosure.attributes.len(), 3);
    let media = rss.one("media:content");
    assert_eq!(media.attribute("url"), enclosure.attribute("url"));
    assert_eq!(media.attribute("medium"), "image");
    assert_eq!(media.attribute("type"), "image/png");
    assert_eq!((media.attribute("width"), media.attribute("height")), ("31", "17"));
    let image = server.get(&server.path_of(enclosure.attribute("url"))).ok();
    assert_eq!(image.body, png(31, 17));
}

#[test]
fn atom_and_json_present_a_local_image_too() {
    let folder = Folder::new();
    folder.write("pic.png", png(2, 2));
    folder.write("a.md", with_image("A", "pic.png"));
    let server = folder.serve();
    let length = png(2, 2).len();
    let atom = server.get("/atom.xml").ok().xml();
    let links = atom.one("entry").all("link");
    let enclosure = links.iter().find(|link| link.attributes.get("rel").is_some_and(|rel| rel == "enclosure"));
    let enclosure = enclosure.unwrap();
    assert_eq!(enclosure.attribute("href"), server.url("/media/pic.png"));
    assert_eq!(enclosure.attribute("length"), length.to_string());
    let json = server.get("/feed.json").ok().json();
    let item = &json["items"][0];
    assert_eq!(item["image"], server.url("/media/pic.png"));
    assert_eq!(item["attachments"][0]["mime_type"], "image/png");
    assert_eq!(item["attachments"][0]["size_in_bytes"], length);
}

#[test]
fn a_text_file_named_jpg_is_not_a_lead_image() {
    let folder = Folder::new();
    folder.write("fake.jpg", "I am no picture.");
    folder.write("a.md", with_image("A", "fake.jpg"));
    let server = folder.serve();
    assert!(rss(&server).all("enclosure").is_empty());
    assert!(rss(&server).all("media:content").is_empty());
}

#[test]
fn an_absolute_path_is_resolved_in_the_image_roots() {
    let folder = Folder::new();
    folder.put("static/covers/s.png", png(3, 3));
    folder.write("posts/deep/a.md", with_image("A", "/covers/s.png"));
    let server = folder.serve();
    let url = rss(&server).one("enclosure").attribute("url").to_owned();
    assert_eq!(server.get(&server.path_of(&url)).ok().body, png(3, 3));
}

#[test]
fn the_first_image_of_the_body_is_used_when_no_key_names_one() {
    let folder = Folder::new();
    folder.write("inline.png", png(5, 4));
    folder.write("a.md", "---\ntitle: A\ndate: 2026-01-01\n---\nText ![x](inline.png)\n");
    let server = folder.serve();
    let document = rss(&server);
    assert_eq!(document.one("enclosure").attribute("url"), server.url("/media/inline.png"));
    // A reader hides the duplicate only if both URLs have the same bytes.
    let body = &document.one("content:encoded").text;
    assert!(body.contains(&format!("src=\"{}\"", server.url("/media/inline.png"))), "{body}");

    folder.define("site.yaml", "lead_image: {body: false}\n");
    assert!(rss(&folder.serve()).all("enclosure").is_empty());
}

#[test]
fn the_default_image_is_used_when_there_is_no_other() {
    let folder = Folder::new();
    folder.define("site.yaml", "lead_image: {default: 'https://img.example.org/d.png'}\n");
    folder.write("a.md", article_with("A", "2026-01-01", ""));
    let rss = rss(&folder.serve());
    assert_eq!(rss.one("enclosure").attribute("url"), "https://img.example.org/d.png");
}

#[test]
fn the_next_candidate_replaces_a_missing_local_image() {
    let folder = Folder::new();
    let more = "image: missing.png\n";
    let article = article_with("A", "2026-01-01", more) + "<img src=\"https://img.example.org/b.gif\">\n";
    folder.write("a.md", article);
    let rss = rss(&folder.serve());
    assert_eq!(rss.one("enclosure").attribute("url"), "https://img.example.org/b.gif");
}

#[test]
fn the_type_of_a_remote_image_follows_from_its_url_and_its_length_is_unknown() {
    let folder = Folder::new();
    let types = [
        ("https://img.example.org/a.webp", "image/webp"),
        ("https://img.example.org/a.png?x=.jpg", "image/png"),
        ("https://img.example.org/plain", "image/jpeg"),
    ];
    for (number, (url, _)) in types.iter().enumerate() {
        folder.write(
            &format!("{number}.md"),
            article_with(&number.to_string(), &format!("2026-01-0{}", 9 - number), &format!("cover: '{url}'\n")),
        );
    }
    let rss = rss(&folder.serve());
    let enclosures = rss.all("enclosure");
    assert_eq!(enclosures.len(), types.len());
    for (enclosure, (url, kind)) in enclosures.iter().zip(types) {
        assert_eq!(enclosure.attribute("url"), url);
        assert_eq!(enclosure.attribute("type"), kind);
        assert_eq!(enclosure.attribute("length"), "0");
    }
}

#[test]
fn the_keys_are_tried_in_the_order_of_site_yaml() {
    let folder = Folder::new();
    let more = "cover: https://img.example.org/cover.png\nimage: https://img.example.org/image.png\n";
    folder.write("a.md", article_with("A", "2026-01-01", more));
    let first = |folder: &Folder| rss(&folder.serve()).one("enclosure").attribute("url").to_owned();
    assert_eq!(first(&folder), "https://img.example.org/cover.png");
    folder.define("site.yaml", "lead_image: {keys: [image, cover]}\n");
    assert_eq!(first(&folder), "https://img.example.org/image.png");
}

#[test]
fn only_one_of_several_images_is_the_enclosure() {
    let folder = Folder::new();
    let body = "<img src=\"https://img.example.org/1.png\"><img src=\"https://img.example.org/2.png\">";
    folder.write("a.html", with_image("A", "https://img.example.org/0.png") + body);
    let rss = rss(&folder.serve());
    assert_eq!(rss.one("enclosure").attribute("url"), "https://img.example.org/0.png");
}

#[test]
fn a_podcast_has_its_audio_file_as_enclosure_and_the_image_beside_it() {
    let folder = Folder::new();
    let more = "image: https://img.example.org/0.png\naudio: https://cast.example.org/1.mp3\n";
    folder.write("a.md", article_with("A", "2026-01-01", more));
    let server = folder.serve();
    let rss = rss(&server);
    assert_eq!(rss.one("enclosure").attribute("url"), "https://cast.example.org/1.mp3");
    assert_eq!(rss.one("enclosure").attribute("type"), "audio/mpeg");
    let contents = rss.all("media:content");
    let urls: Vec<&str> = contents.iter().map(|content| content.attribute("url")).collect();
    assert_eq!(urls, ["https://img.example.org/0.png", "https://cast.example.org/1.mp3"]);
    assert_eq!(server.get("/feed.json").json()["items"][0]["image"], "https://img.example.org/0.png");
}

#[test]
fn images_are_found_in_the_roots_of_the_generator_and_of_its_themes() {
    for (mark, content, image, reference) in [
        ("astro.config.mjs", "src/content/blog", "public/img/a.png", "/img/a.png"),
        ("_config.yml", "_posts", "images/a.png", "/images/a.png"),
        ("hugo.toml", "content/en", "themes/t/static/img/a.png", "/img/a.png"),
        ("hugo.toml", "", "themes/t/static/img/a.png", "/img/a.png"),
        ("gatsby-config.js", "content/blog", "static/a.png", "/a.png"),
        ("_quarto.yml", "posts", "figures/a.png", "../figures/a.png"),
        ("pelicanconf.py", "content/posts", "content/images/a.png", "images/a.png"),
    ] {
        let folder = Folder::new();
        folder.put(&format!("site/{mark}"), if mark == "_config.yml" { "plugins: [jekyll-feed]\n" } else { "" });
        let post = article_with("A", "2026-01-01", &format!("image: {reference}\n"));
        let directory = if mark == "hugo.toml" && content.is_empty() { "content" } else { content };
        folder.put(&format!("site/{directory}/2026-01-01-a.md"), post);
        folder.put(&format!("site/{image}"), png(3, 3));
        let content = format!("site/{content}");
        let check = folder.run(&["check", "--deny-warnings", "--content", content.trim_end_matches('/')]);
        assert_eq!(check.out, "", "{mark} {content}: {}", check.err);
        check.assert_code(0);
    }
}

#[test]
fn missing_images_are_grouped_by_the_directory_that_holds_them() {
    let folder = Folder::new();
    folder.put("astro.config.mjs", "");
    for name in ["a", "b"] {
        folder.write(&format!("{name}.md"), article_with(name, "2026-01-01", &format!("image: /img/{name}.png\n")));
        folder.put(&format!("src/pictures/img/{name}.png"), png(3, 3));
    }
    folder.write("c.md", article_with("C", "2026-01-01", "image: c.png\n"));
    folder.write("c.png", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    let check = folder.run(&["check"]);
    check.assert_says(
        "2 lead images are missing; files of these names exist below src/pictures: add it to `images.roots`",
    );
    check.assert_says("1 lead image is a Git LFS pointer: fetch the images with `git lfs pull`");
    check.assert_says("the lead image `c.png` is a Git LFS pointer, not an image");
    folder.define("site.yaml", "images: {roots: [src/pictures]}\n");
    let check = folder.run(&["check"]);
    assert!(!check.said().contains("missing") && check.said().contains("1 warning: lead-image"), "{}", check.said());
}
