//! A content directory that is replaced together with its configuration: new articles are never shown under
//! old rules, nor old articles under new rules.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::MODES;
use crate::driver::{Answer, Folder, TestServer, article};

/// New articles are visible within five seconds of a swap; a machine that is busy with other tests takes
/// longer.
const SOON: Duration = Duration::from_secs(15);

/// Replaces a symlink atomically.
fn swap(folder: &Folder, target: &str) {
    symlink(target, folder.path("next")).unwrap();
    fs::rename(folder.path("next"), folder.path("current")).unwrap();
}

/// A Jekyll site in `1` and a Hugo site in `2`, each with a secret that the rules of the other would publish.
fn two_sites(feeds: [&str; 2]) -> Folder {
    let folder = Folder::new();
    let secret = |name: &str| article(&format!("Secret {name}"), "2026-01-01");
    folder.put("1/_config.yml", "title: One\nexclude: [_posts/hidden]\n");
    folder.put("1/_posts/2026-01-02-a.md", article("A", "2026-01-02"));
    folder.put("1/_posts/hidden/2026-01-02-s.md", secret("one"));
    folder.put("1/content/2026-01-02-s.md", secret("of no post"));
    folder.put("2/hugo.toml", "title = 'Two'\nignoreFiles = ['shut']\n");
    folder.put("2/content/b.md", article("B", "2026-01-02"));
    folder.put("2/content/shut/s.md", secret("two"));
    folder.put("2/_posts/2026-01-02-s.md", secret("outside"));
    for (directory, text) in ["1/feeds/site.yaml", "2/feeds/site.yaml"].iter().zip(feeds) {
        folder.put(directory, text);
    }
    symlink("1", folder.path("current")).unwrap();
    folder
}

fn serve(folder: &Folder, feeds: &str, mode: &[&str]) -> TestServer {
    let server = folder.serve_with(&[&["--content", "current", "--feeds", feeds], mode].concat());
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    server
}

/// Whether a response is completely of one of the two sites.
fn is_one_of_two(answer: &Answer) -> bool {
    let feed = answer.json();
    let titles: Vec<&str> =
        feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
    [("One", "A"), ("Two", "B")].iter().any(|(title, article)| feed["title"] == *title && titles == [*article])
}

fn eventually_two(server: &TestServer) {
    server.eventually_in(SOON, "/feed.json", |answer| answer.json()["title"] == "Two");
}

#[test]
fn a_site_of_another_generator_behind_one_symlink_is_read_with_its_own_rules() {
    for mode in MODES {
        for feeds in [["", ""], ["dialect: jekyll\n", "dialect: hugo\n"], ["dialect: jekyll\n", "exclude: [none]\n"]] {
            let folder = two_sites(feeds);
            let server = serve(&folder, "current/feeds", mode);
            server.always("/feed.json", is_one_of_two, || {
                swap(&folder, "2");
                eventually_two(&server);
            });
            assert_ne!(server.get("/readyz").ok().json()["stale"], true);
            // The watch follows, and swapping back works the same way.
            folder.put("2/content/b.md", article("B2", "2026-01-02"));
            server.eventually("/rss.xml", |answer| answer.titles() == ["B2"]);
            swap(&folder, "1");
            server.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A"]);
        }
    }
}

#[test]
fn a_content_directory_and_its_site_yaml_are_replaced_in_either_order() {
    let rules = |folder: &Folder| folder.define("site.yaml", "title: Two\ndialect: hugo\n");
    let content = |folder: &Folder| swap(folder, "2");
    for is_content_first in [true, false] {
        for reload in [true, false] {
            let folder = two_sites(["", ""]);
            folder.define("site.yaml", "title: One\ndialect: jekyll\n");
            let server = serve(&folder, "feeds", &[]);
            server.always("/feed.json", is_one_of_two, || {
                if is_content_first {
                    content(&folder);
                    rules(&folder);
                } else {
                    rules(&folder);
                    content(&folder);
                }
                if reload {
                    server.admin("POST", "/reload");
                }
                eventually_two(&server);
            });
        }
    }
}

#[test]
fn a_site_yaml_that_is_replaced_long_after_its_content_restores_it() {
    // Everything is excluded, so the content has vanished.
    let folder = Folder::new();
    folder.define("site.yaml", "exclude: ['new/**']\n");
    folder.write("a.md", article("A", "2026-01-02"));
    folder.put("other/new/b.md", article("B", "2026-01-02"));
    let server = folder.serve();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("other"), folder.path("content")).unwrap();
    server.eventually("/readyz", |answer| answer.json()["stale"] == true);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    folder.define("site.yaml", "exclude: []\n");
    server.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["B"]);
    server.eventually("/readyz", |answer| answer.json()["stale"] != true);
}

#[test]
fn articles_that_a_replaced_directory_excludes_are_never_shown() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02"));
    folder.put("other/a.md", article("A2", "2026-01-02"));
    folder.put("other/shut/s.md", article("Secret", "2026-01-03"));
    let server = folder.serve();
    server.always(
        "/rss.xml",
        |answer| !answer.text().contains("Secret"),
        || {
            fs::rename(folder.path("content"), folder.path("aside")).unwrap();
            fs::rename(folder.path("other"), folder.path("content")).unwrap();
            folder.define("site.yaml", "exclude: ['shut/**']\n");
            server.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A2"]);
        },
    );
}

#[test]
fn a_volume_is_swapped_with_its_configuration() {
    let folder = Folder::new();
    let version = |name: &str, shut: &str| {
        folder.put(&format!("content/..{name}/_config.yml"), format!("title: {name}\nexclude: [_posts/{shut}]\n"));
        folder.put(&format!("content/..{name}/_posts/2026-01-02-a.md"), article(&format!("A {name}"), "2026-01-02"));
        for directory in ["left", "right"] {
            let title = if directory == shut { "Secret" } else { "Shown" };
            let path = format!("content/..{name}/_posts/{directory}/2026-01-01-s.md");
            folder.put(&path, article(&format!("{title} {name}"), "2026-01-01"));
        }
        symlink(format!("..{name}"), folder.content("..data_tmp")).unwrap();
        fs::rename(folder.content("..data_tmp"), folder.content("..data")).unwrap();
    };
    version("One", "left");
    for name in ["_config.yml", "_posts"] {
        symlink(format!("..data/{name}"), folder.content(name)).unwrap();
    }
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A One", "Shown One"]);
    server.always(
        "/rss.xml",
        |answer| !answer.text().contains("Secret"),
        || {
            version("Two", "right");
            server.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A Two", "Shown Two"]);
        },
    );
}

#[test]
fn an_empty_site_counts_as_vanished_and_can_be_replaced_by_another() {
    let folder = two_sites(["", ""]);
    folder.put("3/feeds/site.yaml", "title: Three\n");
    folder.put("3/readme.txt", "nothing\n");
    let server = serve(&folder, "current/feeds", &[]);
    server.always("/feed.json", is_one_of_two, || {
        swap(&folder, "3");
        server.eventually_in(SOON, "/readyz", |answer| answer.json()["stale"] == true);
        server.admin("POST", "/reload");
        swap(&folder, "2");
        eventually_two(&server);
        server.eventually("/readyz", |answer| answer.json()["stale"] != true);
    });
}

#[test]
fn image_roots_change_together_with_the_articles() {
    let folder = Folder::new();
    let with_image = |title: &str| format!("{}\n![x](/pic.png)\n", article(title, "2026-01-02"));
    folder.put("1/posts/a.md", with_image("A"));
    folder.put("1/static/pic.png", crate::driver::png(1, 1));
    folder.put("1/feeds/site.yaml", "title: One\n");
    folder.put("2/posts/b.md", with_image("B"));
    folder.put("2/pictures/pic.png", crate::driver::png(2, 2));
    folder.put("2/feeds/site.yaml", "title: Two\nimages: {roots: [pictures]}\n");
    symlink("1", folder.path("current")).unwrap();
    let server = folder.serve_with(&["--content", "current/posts", "--feeds", "current/feeds"]);
    server.get("/media/pic.png").assert_status(200);
    swap(&folder, "2");
    server.eventually_in(SOON, "/feed.json", |answer| {
        let feed = answer.json();
        feed["title"] == "Two" && feed["items"][0]["image"].as_str().is_some_and(|image| image.contains("/media/"))
    });
    server.get("/media/pic.png").assert_status(200);
}
