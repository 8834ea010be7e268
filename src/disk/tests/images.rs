//! Images: their types and sizes, where they are found, and which one wins.

use super::*;
use crate::disk::media::media_type;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0\0\0\0\0");
    bytes
}

/// A JPEG whose size follows `exif` bytes of EXIF blocks.
fn jpeg(width: u16, height: u16, exif: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    for _ in 0..exif.div_ceil(60_000) {
        bytes.extend(b"\xff\xe1");
        bytes.extend(60_002_u16.to_be_bytes());
        bytes.extend(std::iter::repeat_n(0, 60_000));
    }
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9");
    bytes
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), b"\0\0\0;"].concat()
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let size = |pixels: u32| (pixels - 1).to_le_bytes()[..3].to_vec();
    [b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec(), size(width), size(height)].concat()
}

#[test]
fn the_bytes_of_an_image_decide_its_type_and_size() {
    let mut site = TempSite::new();
    let files = [
        ("a.png", png(3, 4), Some(("image/png", Some((3, 4))))),
        ("b.jpg", jpeg(5, 6, 0), Some(("image/jpeg", Some((5, 6))))),
        ("long.jpeg", jpeg(7, 8, 100_000), Some(("image/jpeg", Some((7, 8))))),
        ("c.GIF", gif(9, 10), Some(("image/gif", Some((9, 10))))),
        ("d.webp", webp(11, 12), Some(("image/webp", Some((11, 12))))),
        ("lie.jpg", png(1, 2), Some(("image/png", Some((1, 2))))),
        ("e.svg", b"<?xml version='1.0'?>\n<svg width='1'/>".to_vec(), Some(("image/svg+xml", None))),
        ("fake.png", b"<html>".to_vec(), None),
        ("empty.png", Vec::new(), None),
        ("f.txt", png(1, 1), None),
    ];
    for (name, bytes, _) in &files {
        fs::write(site.path("content").join(name), bytes).unwrap();
    }
    site.everything();
    for (name, bytes, expected) in files {
        let facts = site.media.get(name).map(|facts| (facts.media_type, facts.width.zip(facts.height)));
        let facts = if name.ends_with("svg") { facts.map(|(media_type, _)| (media_type, None)) } else { facts };
        assert_eq!(facts, expected, "{name}");
        if let Some(facts) = site.media.get(name) {
            assert_eq!((facts.length, &facts.file), (bytes.len() as u64, &site.path("content").join(name)));
        }
    }
    fs::write(site.path("content/fake.png"), png(1, 1)).unwrap();
    fs::write(site.path("content/a.png"), "no image any more").unwrap();
    fs::remove_file(site.path("content/b.jpg")).unwrap();
    assert_eq!(
        site.at_paths(&["content/fake.png", "content/a.png", "content/b.jpg"]),
        ["-a.png", "-b.jpg", "fake.png"]
    );
    site.agrees();
}

#[test]
fn the_content_directory_wins_over_image_roots_and_earlier_roots_over_later() {
    let mut site = TempSite::new();
    let write = |site: &TempSite, below: &str, width| {
        let path = site.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, png(width, 1)).unwrap();
    };
    site.article("content/a.md", "a");
    write(&site, "source/i/a.png", 3);
    assert_eq!(site.everything(), ["a.md", "i/a.png"]);
    let step = |site: &mut TempSite, change: &dyn Fn(&TempSite), hint: &str, width: Option<u32>, rearm: bool| {
        change(site);
        let scan = site.scan(&ChangedPaths::Paths([site.path(hint)].into()));
        assert_eq!(scan.rearm, rearm, "{hint}");
        assert_eq!(site.media.get("i/a.png").and_then(|facts| facts.width), width, "{hint}");
        site.agrees();
    };
    // Any scan detects a new root.
    step(&mut site, &|site| write(site, "static/i/a.png", 2), "static", Some(2), true);
    step(&mut site, &|site| write(site, "content/i/a.png", 1), "content/i", Some(1), false);
    step(&mut site, &|site| write(site, "static/i/a.png", 22), "static/i/a.png", Some(1), false);
    step(&mut site, &|site| fs::remove_file(site.path("content/i/a.png")).unwrap(), "content/i/a.png", Some(22), false);
    step(&mut site, &|site| fs::remove_dir_all(site.path("static")).unwrap(), "static", Some(3), true);
    site.scan_config.image_roots = vec!["static".into()];
    site.known.forget();
    assert_eq!(site.everything(), ["a.md", "-i/a.png"]);
    site.agrees();
}

#[test]
fn a_parent_directory_that_is_an_image_root_provides_images() {
    let mut site = TempSite::at("source/_posts");
    site.article("source/_posts/a.md", "a");
    fs::write(site.path("source/_posts/own.png"), png(1, 1)).unwrap();
    fs::create_dir(site.path("source/img")).unwrap();
    fs::write(site.path("source/img/b.png"), png(2, 2)).unwrap();
    assert_eq!(site.everything(), ["a.md", "img/b.png", "own.png"]);
}

#[test]
fn heic_is_not_taken_for_avif() {
    assert_eq!(media_type(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "a.png"), Some("image/avif"));
    assert_eq!(media_type(b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf", "a.png"), Some("image/avif"));
    assert_eq!(media_type(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "a.png"), None);
    assert_eq!(media_type(b"<p>the <svg> element</p>", "a.png"), Some("image/svg+xml"));
    assert_eq!(media_type(b"text about <svg>", "a.png"), None);
    for bytes in [b"".as_slice(), b"\xff", b"RIFF", b"\0\0\0\xffftyp", b"<svg"] {
        assert_eq!(media_type(bytes, "a.png"), None, "{bytes:?}");
    }
}
