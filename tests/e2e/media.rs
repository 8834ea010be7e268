//! `/media/`: images, and nothing but images.

use crate::driver::{Folder, article, png};

#[test]
fn an_image_is_cached_for_a_day_under_a_strong_validator() {
    let folder = Folder::new();
    folder.write("pic.jpg", png(9, 9));
    let mill = folder.serve();
    let answer = mill.get("/media/pic.jpg").ok();
    assert_eq!(answer.must("content-type"), "image/png");
    assert!(answer.must("etag").starts_with('"'), "{answer}");
    assert!(answer.must("cache-control").contains("max-age=86400"), "{answer}");
    assert_eq!(answer.must("x-content-type-options"), "nosniff");
    let again = mill.get_with("/media/pic.jpg", &[("If-None-Match", answer.must("etag"))]);
    again.assert_status(304);
}

#[test]
fn the_validator_follows_the_bytes_and_not_the_name() {
    let folder = Folder::new();
    folder.write("a.png", png(9, 9));
    folder.write("b.png", png(9, 9));
    folder.write("c.png", png(9, 8));
    let mill = folder.serve();
    let tag = |path| mill.get(path).ok().must("etag").to_owned();
    assert_eq!(tag("/media/a.png"), tag("/media/b.png"));
    assert_ne!(tag("/media/a.png"), tag("/media/c.png"));
}

#[test]
fn a_range_of_an_image_is_answered() {
    let folder = Folder::new();
    let bytes = png(64, 64);
    folder.write("pic.png", &bytes);
    let mill = folder.serve();
    let part = mill.get_with("/media/pic.png", &[("Range", "bytes=4-11")]);
    part.assert_status(206);
    assert_eq!(part.body, bytes[4..12]);
    assert_eq!(part.must("content-range"), format!("bytes 4-11/{}", bytes.len()));
    let beyond = mill.get_with("/media/pic.png", &[("Range", "bytes=999999-")]);
    beyond.assert_status(416);
    let other = [("Range", "bytes=4-11"), ("If-Range", "\"another\"")];
    assert_eq!(mill.get_with("/media/pic.png", &other).ok().body, bytes);
}

#[test]
fn what_is_no_image_is_not_served() {
    let folder = Folder::new();
    folder.write("fake.jpg", "I am no picture.");
    folder.write("page.html", article("A", "2026-01-01"));
    folder.write("empty.png", "");
    let mill = folder.serve();
    for name in ["fake.jpg", "page.html", "empty.png", "absent.png", ""] {
        mill.get(&format!("/media/{name}")).assert_status(404);
    }
}

#[test]
fn nothing_outside_the_roots_is_served() {
    let folder = Folder::new();
    folder.write("pics/a.png", png(1, 1));
    folder.put("secret.png", png(2, 2));
    std::os::unix::fs::symlink(folder.path("secret.png"), folder.content("link.png")).unwrap();
    let mill = folder.serve();
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
        let answer = mill.get(path);
        assert!((300..500).contains(&answer.status), "{path}: {answer}");
    }
}

#[test]
fn a_name_in_any_script_is_found_percent_encoded() {
    let folder = Folder::new();
    folder.write("图 片.png", png(4, 4));
    let mill = folder.serve();
    assert_eq!(mill.get("/media/%E5%9B%BE%20%E7%89%87.png").ok().body, png(4, 4));
}
