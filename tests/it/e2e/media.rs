//! `/media/`: serves images and media files that published articles refer to, and nothing else.

use crate::driver::{Folder, TestServer, article, article_with, png};

/// An article that refers to images in its front matter and body.
fn referring(title: &str, date: &str, more: &str, body: &str) -> String {
    article_with(title, date, more) + "\n" + body + "\n"
}

/// The status of each image, by its path below `/media/`.
fn statuses(server: &TestServer, paths: &[&str]) -> Vec<u16> {
    paths.iter().map(|path| server.get(&format!("/media/{path}")).status).collect()
}

/// Whether `build` writes each image.
fn built(folder: &Folder, paths: &[&str]) -> Vec<bool> {
    let finished = folder.run(&["build", "--base-url", "https://feeds.example.org", "--out", "out"]);
    assert_eq!(finished.code, Some(0), "{}", finished.err);
    paths.iter().map(|path| folder.path("out/media").join(path).exists()).collect()
}

#[test]
fn an_image_is_cached_for_a_day_with_a_strong_validator() {
    let folder = Folder::new();
    folder.write("static/pic.jpg", png(9, 9));
    let server = folder.serve();
    let answer = server.get("/media/static/pic.jpg").ok();
    assert_eq!(answer.must("content-type"), "image/png");
    assert!(answer.must("etag").starts_with('"'), "{answer}");
    assert!(answer.must("cache-control").contains("max-age=86400"), "{answer}");
    assert_eq!(answer.must("x-content-type-options"), "nosniff");
    let again = server.get_with("/media/static/pic.jpg", &[("If-None-Match", answer.must("etag"))]);
    again.assert_status(304);
}

#[test]
fn the_validator_follows_the_bytes_and_not_the_name() {
    let folder = Folder::new();
    folder.write("static/a.png", png(9, 9));
    folder.write("static/b.png", png(9, 9));
    folder.write("static/c.png", png(9, 8));
    let server = folder.serve();
    let tag = |path| server.get(path).ok().must("etag").to_owned();
    assert_eq!(tag("/media/static/a.png"), tag("/media/static/b.png"));
    assert_ne!(tag("/media/static/a.png"), tag("/media/static/c.png"));
}

#[test]
fn ranges_of_an_image_are_served() {
    let folder = Folder::new();
    let bytes = png(64, 64);
    folder.write("static/pic.png", &bytes);
    let server = folder.serve();
    let part = server.get_with("/media/static/pic.png", &[("Range", "bytes=4-11")]);
    part.assert_status(206);
    assert_eq!(part.body, bytes[4..12]);
    assert_eq!(part.must("content-range"), format!("bytes 4-11/{}", bytes.len()));
    let beyond = server.get_with("/media/static/pic.png", &[("Range", "bytes=999999-")]);
    beyond.assert_status(416);
    let other = [("Range", "bytes=4-11"), ("If-Range", "\"another\"")];
    assert_eq!(server.get_with("/media/static/pic.png", &other).ok().body, bytes);
}

#[test]
fn other_files_are_not_served() {
    let folder = Folder::new();
    folder.write("fake.jpg", "I am no picture.");
    folder.write("page.html", article("A", "2026-01-01"));
    folder.write("empty.png", "");
    let server = folder.serve();
    for name in ["fake.jpg", "page.html", "empty.png", "absent.png", ""] {
        server.get(&format!("/media/{name}")).assert_status(404);
    }
}

#[test]
fn nothing_outside_the_roots_is_served() {
    let folder = Folder::new();
    folder.write("pics/a.png", png(1, 1));
    folder.put("secret.png", png(2, 2));
    std::os::unix::fs::symlink(folder.path("secret.png"), folder.content("link.png")).unwrap();
    let server = folder.serve();
    for path in [
        "/media/../secret.png",
        "/media/pics/../../secret.png",
        "/media/%2e%2e/secret.png",
        "/media/..%2fsecret.png",
        "/media/pics%2f..%2f..%2fsecret.png",
        "/media//secret.png",
        "/media/link.png",
        "/media/pics/a.png%00.jpg",
    ] {
        let answer = server.get(path);
        assert!((300..500).contains(&answer.status), "{path}: {answer}");
    }
}

#[test]
fn a_name_in_any_script_is_found_percent_encoded() {
    let folder = Folder::new();
    folder.write("static/图 片.png", png(4, 4));
    let server = folder.serve();
    assert_eq!(server.get("/media/static/%E5%9B%BE%20%E7%89%87.png").ok().body, png(4, 4));
}

#[test]
fn images_of_unpublished_articles_are_neither_served_nor_built() {
    let folder = Folder::new();
    folder.define("site.yaml", "exclude: ['kept/**']\n");
    let fronts = [
        ("draft", "2026-01-01", "draft: true\n"),
        ("held", "2099-01-01", ""),
        ("expired", "2026-01-01", "expires: 2026-01-02\n"),
        ("locked", "2026-01-01", "password: x\n"),
        ("kept", "2026-01-01", ""),
        ("shown", "2026-01-01", ""),
    ];
    for (name, date, more) in fronts {
        for (path, cover) in [(format!("{name}/index.md"), "cover.png"), (format!("{name}-beside.md"), "beside.png")] {
            let image = if cover == "cover.png" { cover.to_owned() } else { format!("{name}-{cover}") };
            let more = format!("{more}cover: {image}\n");
            let path = if name == "kept" { format!("kept/{path}") } else { path };
            folder.write(&path, referring(name, date, &more, &format!("![x]({name}.png) [y](<full {name}.png>)")));
            let directory = path.rsplit_once('/').map_or(String::new(), |(directory, _)| format!("{directory}/"));
            for file in [image, format!("{name}.png"), format!("full {name}.png")] {
                folder.write(&format!("{directory}{file}"), png(9, 9));
            }
        }
    }
    folder.write("nobody.png", png(9, 9));
    let private = ["draft", "held", "expired", "locked", "kept/kept"].iter().flat_map(|path| {
        let name = path.rsplit('/').next().unwrap();
        let beside = path.strip_suffix(name).unwrap().to_owned();
        [
            format!("{path}/cover.png"),
            format!("{path}/{name}.png"),
            format!("{path}/full%20{name}.png"),
            format!("{beside}{name}-beside.png"),
            format!("{beside}{name}.png"),
        ]
    });
    let private: Vec<String> = private.chain(["nobody.png".to_owned()]).collect();
    let private: Vec<&str> = private.iter().map(String::as_str).collect();
    let public = ["shown/cover.png", "shown/shown.png", "shown/full%20shown.png", "shown-beside.png", "shown.png"];
    let server = folder.serve();
    assert_eq!(statuses(&server, &public), [200; 5]);
    assert_eq!(statuses(&server, &private), vec![404; private.len()], "{private:?}");
    let files = |paths: &[&str]| paths.iter().map(|path| path.replace("%20", " ")).collect::<Vec<_>>();
    let of = |paths: &[&str]| built(&folder, &files(paths).iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(of(&public), [true; 5]);
    assert_eq!(of(&private), vec![false; private.len()]);
}

#[test]
fn an_image_is_public_as_long_as_a_published_article_refers_to_it() {
    let folder = Folder::new();
    folder.write("draft/index.md", referring("D", "2026-01-01", "draft: true\n", "![x](a.png)"));
    folder.write("draft/a.png", png(9, 9));
    let server = folder.serve();
    assert_eq!(statuses(&server, &["draft/a.png"]), [404]);
    folder.write("b.md", referring("B", "2026-01-01", "", "<a href=\"draft/A.png\">x</a>"));
    server.eventually("/media/draft/a.png", |answer| answer.status == 200);
    folder.remove("b.md");
    server.eventually("/media/draft/a.png", |answer| answer.status == 404);
    folder.write("draft/index.md", referring("D", "2026-01-01", "", "![x](a.png)"));
    server.eventually("/media/draft/a.png", |answer| answer.status == 200);
}

#[test]
fn images_of_an_article_that_no_feed_shows_stay_public() {
    let folder = Folder::new();
    folder.define("site.yaml", "feeds: {limit: 1}\nlead_image: {default: /default.png}\nicon: icon.png\n");
    folder.write("default.png", png(9, 9));
    folder.write("icon.png", png(9, 9));
    folder.write("new.md", article("New", "2026-01-02"));
    folder.write("old.md", referring("Old", "2026-01-01", "cover: x/lead.png\n", "![x](x/a%20b.png) [y](x/图.png)"));
    folder.write("hidden.md", referring("Hidden", "2026-01-01", "draft: true\n", "![x](y/a%20b.png)"));
    for path in ["x/lead.png", "x/a b.png", "x/图.png", "y/a b.png", "y/图.png"] {
        folder.write(path, png(9, 9));
    }
    let server = folder.serve();
    let public = ["x/lead.png", "x/a%20b.png", "x/%E5%9B%BE.png", "default.png", "icon.png"];
    assert_eq!(statuses(&server, &public), [200; 5]);
    assert_eq!(statuses(&server, &["y/a%20b.png", "y/%E5%9B%BE.png"]), [404; 2]);
    let page = server.get("/articles/old/").ok();
    assert!(page.text().contains("/media/x/a%20b.png"), "{page}");
    assert_eq!(
        built(&folder, &["x/lead.png", "x/a b.png", "x/图.png", "default.png", "y/a b.png"]),
        [true, true, true, true, false]
    );
}

#[test]
fn images_with_urls_of_the_web_site_in_an_article_that_no_feed_shows_are_public() {
    let folder = Folder::new();
    folder.define("site.yaml", "home: https://news.example.org\nfeeds: {limit: 1}\n");
    folder.write("new.md", article("New", "2026-01-02"));
    let hosts = ["https://news.example.org/", "http://news.example.org/", "//news.example.org/", ""];
    let names = ["x/a.png", "x/b.png", "x/c%2epng", "x/d%2Epng"];
    let body: Vec<String> = hosts.iter().zip(names).map(|(host, name)| format!("![x]({host}{name})\n")).collect();
    folder.write("old.md", referring("Old", "2026-01-01", "", &body.concat()));
    for path in ["x/a.png", "x/b.png", "x/c.png", "x/d.png", "x/e.png"] {
        folder.write(path, png(9, 9));
    }
    let server = folder.serve();
    assert_eq!(statuses(&server, &["x/a.png", "x/b.png", "x/c.png", "x/d.png", "x/e.png"]), [200, 200, 200, 200, 404]);
}

#[test]
fn files_of_image_roots_are_public_unless_they_belong_to_articles() {
    let folder = Folder::new();
    let hexo = ["source/img/a.png", "source/_posts/p/b.png", "source/_drafts/c.png", "source/about/d.png"];
    for path in hexo {
        folder.put(path, png(9, 9));
    }
    folder.put("source/_posts/p.md", article("P", "2026-01-01"));
    folder.define("site.yaml", "dialect: hexo\n");
    for (content, prefix) in [(".", "source/"), ("source", ""), ("source/_posts", "")] {
        let server = folder.serve_with(&["--content", content]);
        let path = |path: &str| format!("{prefix}{path}");
        let found: Vec<u16> =
            ["img/a.png", "about/d.png"].iter().flat_map(|name| statuses(&server, &[&path(name)])).collect();
        assert_eq!(found, [200; 2], "{content}");
        let below =
            if content == "source/_posts" { ["p/b.png", "_drafts/c.png"] } else { ["_posts/p/b.png", "_drafts/c.png"] };
        let found: Vec<u16> = below.iter().flat_map(|name| statuses(&server, &[&path(name)])).collect();
        assert_eq!(found, [404; 2], "{content}");
    }
    let hugo = Folder::new();
    for path in ["static/a.png", "assets/b.png", "content/c.png"] {
        hugo.put(path, png(9, 9));
    }
    hugo.define("site.yaml", "dialect: hugo\n");
    hugo.put("content/p.md", article("P", "2026-01-01"));
    let server = hugo.serve();
    assert_eq!(statuses(&server, &["a.png", "b.png", "c.png"]), [200, 404, 404]);
}

#[test]
fn a_public_directory_with_articles_in_it_belongs_to_them() {
    let folder = Folder::new();
    folder.write("static/a.png", png(9, 9));
    folder.write("public/x/b.png", png(9, 9));
    folder.write("public/x/draft.md", article_with("D", "2026-01-01", "draft: true\n"));
    let server = folder.serve();
    assert_eq!(statuses(&server, &["static/a.png", "public/x/b.png"]), [200, 404]);
}
