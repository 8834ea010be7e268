//! Files that programs leave beside articles, and files too deep to be read.

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};

use super::*;

#[test]
fn files_that_programs_leave_are_neither_articles_nor_images() {
    let mut site = TempSite::new();
    for directory in
        ["@eaDir", "#RECYCLE", "$RECYCLE.BIN", "x/__MACOSX", "System Volume Information", "conflicted copy"]
    {
        site.article(&format!("content/{directory}/a.md"), "HIDDEN");
        site.write(&format!("content/{directory}/a.png"), "\u{89}PNG");
        fs::write(site.path(&format!("content/{directory}/b.gif")), b"GIF89a\x01\0\x01\0\0\0\0").unwrap();
        site.write(&format!("static/{directory}/c.svg"), "<svg />");
    }
    for name in ["~$a.md", "a.sync-conflict-20240101-120000-ABCDEFG.md", "b (Ann's conflicted copy).md"] {
        site.article(&format!("content/{name}"), "HIDDEN");
    }
    site.write("content/a.sync-conflict-20240101-120000-ABCDEFG.svg", "<svg />");
    site.write("static/b (conflicted copy 2024).svg", "<svg />");
    site.write("content/a (conflicted copy).css", "");
    site.article("content/a.md", "a");
    site.everything();
    let copy = "this is a copy that a program made of a file in conflict";
    let mut expected = BTreeMap::from([("a.md".to_owned(), "a".to_owned())]);
    for place in [
        "a.sync-conflict-20240101-120000-ABCDEFG.md",
        "a.sync-conflict-20240101-120000-ABCDEFG.svg",
        "b (Ann's conflicted copy).md",
        "../static/b (conflicted copy 2024).svg",
    ] {
        expected.insert(place.to_owned(), format!("{place}: {copy}"));
    }
    assert_eq!(site.articles, expected);
    assert_eq!(site.media, BTreeMap::new());
}

#[test]
fn a_file_of_git_mergetool_is_a_copy_while_another_is_beside_it() {
    for by_hints in [false, true] {
        let mut site = TempSite::new();
        let check = |site: &mut TempSite, path: &str, articles: &[&str], images: &[&str]| {
            if by_hints {
                site.at_paths(&[path])
            } else {
                site.everything()
            };
            let published: Vec<&str> =
                site.titles().into_iter().filter(|(_, reported)| *reported == "a").map(|(place, _)| place).collect();
            assert_eq!(published, articles, "{path}");
            assert_eq!(site.media.keys().map(String::as_str).collect::<Vec<_>>(), images, "{path}");
            site.agrees();
        };
        site.everything();
        for (path, articles, images) in [
            ("content/x_LOCAL_1.md", &["x_LOCAL_1.md"][..], &[][..]),
            ("content/x.md", &["x.md"], &[]),
            ("-content/x.md", &["x_LOCAL_1.md"], &[]),
            ("content/x_REMOTE_1.md", &[], &[]),
            ("content/x_BASE_2.md", &["x_BASE_2.md"], &[]),
            ("-content/x_LOCAL_1.md", &["x_BASE_2.md", "x_REMOTE_1.md"], &[]),
            ("content/x.html", &["x.html", "x_BASE_2.md", "x_REMOTE_1.md"], &[]),
            ("content/x.svg", &["x.html", "x_BASE_2.md", "x_REMOTE_1.md"], &["x.svg"]),
            ("content/x_BACKUP_3.svg", &["x.html", "x_BASE_2.md", "x_REMOTE_1.md"], &["x.svg"]),
            ("-content/x.svg", &["x.html", "x_BASE_2.md", "x_REMOTE_1.md"], &["x_BACKUP_3.svg"]),
            ("content/x.svg", &["x.html", "x_BASE_2.md", "x_REMOTE_1.md"], &["x.svg"]),
        ] {
            match path.strip_prefix('-') {
                Some(path) => fs::remove_file(site.path(path)).unwrap(),
                None if path.contains(".svg") => _ = site.write(path, "<svg />"),
                None => _ = site.article(path, "a"),
            }
            check(&mut site, path.trim_start_matches('-'), articles, images);
        }
    }
}

#[test]
fn an_article_that_is_too_deep_is_reported_with_its_path() {
    let mut site = TempSite::new();
    let deep = format!("content/{}", "d/".repeat(64));
    site.article(&format!("{deep}read.md"), "a");
    site.article(&format!("{deep}d/e/not.md"), "a");
    site.article(&format!("{deep}d/not.txt"), "a");
    site.everything();
    let below = "d/".repeat(64);
    let not = format!("{below}d/e/not.md");
    let reported = format!("{not}: the file is more than 64 directories deep, and is not read");
    assert_eq!(site.titles(), [(&*format!("{below}read.md"), "a"), (&*not, &*reported)].into());
    // The next scans report a new file there, and that both are removed.
    site.article(&format!("{deep}d/e/more.md"), "a");
    site.at_paths(&[&format!("{deep}d/e/more.md")]);
    assert_eq!(site.articles.len(), 3);
    site.agrees();
    fs::remove_dir_all(site.path(&format!("{deep}d/e"))).unwrap();
    site.at_paths(&[&format!("{deep}d/e")]);
    assert_eq!(site.articles.len(), 1);
    site.agrees();
}

#[test]
fn a_path_that_is_too_long_for_the_system_is_reported_and_does_not_end_the_watch() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    let name = "n".repeat(200);
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    let mut directory = openat(CWD, site.path("content"), flags, Mode::empty()).unwrap();
    for _ in 0..24 {
        mkdirat(&directory, &*name, Mode::RWXU).unwrap();
        directory = openat(&directory, &*name, flags, Mode::empty()).unwrap();
    }
    drop(openat(&directory, "b.md", OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC, Mode::RUSR).unwrap());
    site.everything();
    assert_eq!(site.titles()["a.md"], "a");
    assert_eq!(site.articles.len(), 2, "{:?}", site.articles);
    let (place, reported) = site.articles.iter().next_back().unwrap();
    assert!(place.starts_with(&name) && reported.contains("longer than the system allows"), "{reported}");
    site.agrees();
    let event_queue = EventQueue::new();
    let watch = site.watch(&event_queue);
    assert_eq!(watch.coverage(), Coverage::Complete);
}
