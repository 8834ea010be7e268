//! A content directory that is replaced together with the rules for its articles: other articles are never shown by old
//! rules, nor old articles by other rules.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::MODES;
use crate::driver::{Answer, Folder, Mill, article};

/// New articles are there within five seconds of a swap; a machine that is busy with other tests takes longer.
const SOON: Duration = Duration::from_secs(15);

/// Puts a link in the place of another, in one step.
fn swap(folder: &Folder, target: &str) {
    symlink(target, folder.path("next")).unwrap();
    fs::rename(folder.path("next"), folder.path("current")).unwrap();
}

/// A Jekyll site in `1` and a Hugo site in `2`, each with a secret that the other's rules would show.
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

fn serve(folder: &Folder, feeds: &str, mode: &[&str]) -> Mill {
    let mill = folder.serve_with(&[&["--content", "current", "--feeds", feeds], mode].concat());
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    mill
}

/// Each answer is the whole of one site.
fn is_one_of_two(answer: &Answer) -> bool {
    let feed = answer.json();
    let titles: Vec<&str> =
        feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
    [("One", "A"), ("Two", "B")].iter().any(|(title, article)| feed["title"] == *title && titles == [*article])
}

fn eventually_two(mill: &Mill) {
    mill.eventually_in(SOON, "/feed.json", |answer| answer.json()["title"] == "Two");
}

#[test]
fn a_site_of_another_generator_behind_one_link_is_read_by_its_own_rules() {
    for mode in MODES {
        for feeds in [["", ""], ["dialect: jekyll\n", "dialect: hugo\n"], ["dialect: jekyll\n", "exclude: [none]\n"]] {
            let folder = two_sites(feeds);
            let mill = serve(&folder, "current/feeds", mode);
            mill.always("/feed.json", is_one_of_two, || {
                swap(&folder, "2");
                eventually_two(&mill);
            });
            assert_ne!(mill.get("/readyz").ok().json()["stale"], true);
            // The watch follows, and the way back is the same.
            folder.put("2/content/b.md", article("B2", "2026-01-02"));
            mill.eventually("/rss.xml", |answer| answer.titles() == ["B2"]);
            swap(&folder, "1");
            mill.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A"]);
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
            let mill = serve(&folder, "feeds", &[]);
            mill.always("/feed.json", is_one_of_two, || {
                if is_content_first {
                    content(&folder);
                    rules(&folder);
                } else {
                    rules(&folder);
                    content(&folder);
                }
                if reload {
                    mill.admin("POST", "/reload");
                }
                eventually_two(&mill);
            });
        }
    }
}

#[test]
fn a_site_yaml_that_comes_long_after_its_content_brings_it_back() {
    // Everything that is there is excluded, so the content has vanished.
    let folder = Folder::new();
    folder.define("site.yaml", "exclude: ['new/**']\n");
    folder.write("a.md", article("A", "2026-01-02"));
    folder.put("other/new/b.md", article("B", "2026-01-02"));
    let mill = folder.serve();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("other"), folder.path("content")).unwrap();
    mill.eventually("/readyz", |answer| answer.json()["stale"] == true);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    folder.define("site.yaml", "exclude: []\n");
    mill.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["B"]);
    mill.eventually("/readyz", |answer| answer.json()["stale"] != true);
}

#[test]
fn what_a_replaced_directory_excludes_is_never_shown() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02"));
    folder.put("other/a.md", article("A2", "2026-01-02"));
    folder.put("other/shut/s.md", article("Secret", "2026-01-03"));
    let mill = folder.serve();
    mill.always(
        "/rss.xml",
        |answer| !answer.text().contains("Secret"),
        || {
            fs::rename(folder.path("content"), folder.path("aside")).unwrap();
            fs::rename(folder.path("other"), folder.path("content")).unwrap();
            folder.define("site.yaml", "exclude: ['shut/**']\n");
            mill.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A2"]);
        },
    );
}

#[test]
fn a_volume_of_content_brings_its_configuration_along() {
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
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["A One", "Shown One"]);
    mill.always(
        "/rss.xml",
        |answer| !answer.text().contains("Secret"),
        || {
            version("Two", "right");
            mill.eventually_in(SOON, "/rss.xml", |answer| answer.titles() == ["A Two", "Shown Two"]);
        },
    );
}

#[test]
fn a_site_that_is_truly_empty_has_vanished_and_comes_back_as_another_one() {
    let folder = two_sites(["", ""]);
    folder.put("3/feeds/site.yaml", "title: Three\n");
    folder.put("3/readme.txt", "nothing\n");
    let mill = serve(&folder, "current/feeds", &[]);
    mill.always("/feed.json", is_one_of_two, || {
        swap(&folder, "3");
        mill.eventually_in(SOON, "/readyz", |answer| answer.json()["stale"] == true);
        mill.admin("POST", "/reload");
        swap(&folder, "2");
        eventually_two(&mill);
        mill.eventually("/readyz", |answer| answer.json()["stale"] != true);
    });
}

#[test]
fn other_image_roots_come_with_the_articles_that_need_them() {
    let folder = Folder::new();
    let with_image = |title: &str| format!("{}\n![x](/pic.png)\n", article(title, "2026-01-02"));
    folder.put("1/posts/a.md", with_image("A"));
    folder.put("1/static/pic.png", crate::driver::png(1, 1));
    folder.put("1/feeds/site.yaml", "title: One\n");
    folder.put("2/posts/b.md", with_image("B"));
    folder.put("2/pictures/pic.png", crate::driver::png(2, 2));
    folder.put("2/feeds/site.yaml", "title: Two\nimages: {roots: [pictures]}\n");
    symlink("1", folder.path("current")).unwrap();
    let mill = folder.serve_with(&["--content", "current/posts", "--feeds", "current/feeds"]);
    mill.get("/media/pic.png").assert_status(200);
    swap(&folder, "2");
    mill.eventually_in(SOON, "/feed.json", |answer| {
        let feed = answer.json();
        feed["title"] == "Two" && feed["items"][0]["image"].as_str().is_some_and(|image| image.contains("/media/"))
    });
    mill.get("/media/pic.png").assert_status(200);
}
