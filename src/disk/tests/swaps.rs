//! Directories and links that are replaced as a whole.

use super::*;

/// When the visible links are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkOrder {
    First,
    Last,
}

/// Updates a mounted volume in the same steps as the kubelet.
fn publish(volume: &Path, version: &str, files: &[(&str, &str)], links: LinkOrder) {
    let directory = volume.join(version);
    let old = fs::read_link(volume.join("..data")).ok();
    for (name, title) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, article(title)).unwrap();
    }
    let link_all = || {
        for (name, _) in files {
            let first = name.split('/').next().unwrap();
            let _ = symlink(format!("..data/{first}"), volume.join(first));
        }
    };
    if links == LinkOrder::First {
        link_all();
    }
    symlink(version, volume.join("..data_tmp")).unwrap();
    fs::rename(volume.join("..data_tmp"), volume.join("..data")).unwrap();
    if links == LinkOrder::Last {
        link_all();
    }
    for entry in fs::read_dir(volume).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() && !path.exists() {
            fs::remove_file(path).unwrap();
        }
    }
    if let Some(old) = old {
        fs::remove_dir_all(volume.join(old)).unwrap();
    }
}

#[test]
fn a_mounted_volume_is_followed_when_it_is_swapped() {
    for links in [LinkOrder::Last, LinkOrder::First] {
        let mut site = TempSite::new();
        let volume = site.path("content");
        publish(&volume, "..1", &[("a.md", "a"), ("b.md", "b"), ("sub/c.md", "c")], links);
        assert_eq!(site.everything(), ["a.md", "b.md", "sub/c.md"]);
        assert!(site.known.files(&site.scan_config).article_path(&ContentPath::new("a.md")).is_file());
        publish(&volume, "..2", &[("a.md", "other"), ("sub/c.md", "c"), ("d.md", "d")], links);
        // Whichever event arrives first, the whole volume is scanned.
        let scan = site.scan(&ChangedPaths::Paths([volume.join("..data")].into()));
        assert_eq!(reported(&scan), ["a.md", "-b.md", "d.md"]);
        assert!(!scan.rearm);
        site.agrees();
        publish(&volume, "..3", &[("a.md", "other"), ("sub/c.md", "c"), ("d.md", "d")], links);
        assert_eq!(site.everything(), Vec::<String>::new());
        publish(&volume, "..4", &[("a.md", "edited"), ("sub/c.md", "c"), ("d.md", "d")], links);
        assert_eq!(site.at_paths(&[]), ["a.md"]);
        let batch = site.known.read_again(&site.scan_config, &[ContentPath::new("a.md")]).unwrap();
        assert_eq!(batch.articles.values().map(|file| summary(file.as_ref().unwrap())).collect::<Vec<_>>(), ["edited"]);
    }
}

#[test]
fn reading_again_during_a_swap_reports_nothing() {
    let mut site = TempSite::new();
    let volume = site.path("content");
    publish(&volume, "..1", &[("a.md", "a")], LinkOrder::Last);
    site.everything();
    site.known.kept.clear();
    publish(&volume, "..2", &[("b.md", "b")], LinkOrder::Last);
    let again = site.known.read_again(&site.scan_config, &[ContentPath::new("a.md")]);
    assert!(matches!(again, Err(ScanError::Unsettled)), "{again:?}");
    assert_eq!(site.at_paths(&[]), ["-a.md", "b.md"]);
}

#[test]
fn a_swapped_link_to_the_root_is_followed() {
    let mut site = TempSite::at("current/posts");
    site.article("trees/1/posts/a.md", "a");
    site.article("trees/2/posts/b.md", "b");
    symlink("trees/1", site.path("current")).unwrap();
    assert_eq!(site.everything(), ["a.md"]);
    symlink("trees/2", site.path("tmp-link")).unwrap();
    fs::rename(site.path("tmp-link"), site.path("current")).unwrap();
    fs::remove_dir_all(site.path("trees/1")).unwrap();
    let scan = site.scan(&ChangedPaths::Paths([site.path("current")].into()));
    assert_eq!((reported(&scan), scan.rearm), (vec!["-a.md".into(), "b.md".into()], true));
    assert!(!site.scan(&ChangedPaths::Everything).rearm);
}

#[test]
fn a_root_that_vanished_keeps_its_last_state() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.everything();
    fs::rename(site.path("content"), site.path("away")).unwrap();
    for changed_paths in [ChangedPaths::Everything, ChangedPaths::Paths(BTreeSet::new())] {
        let error = site.try_scan(&changed_paths).unwrap_err();
        assert!(error.to_string().starts_with("there is no directory"), "{error}");
    }
    // Like an unmounted volume: a different, empty directory.
    fs::create_dir(site.path("content")).unwrap();
    let error = site.try_scan(&ChangedPaths::Everything).unwrap_err();
    assert!(matches!(error, ScanError::Vanished { .. }), "{error}");
    assert!(matches!(site.known.read_again(&site.scan_config, &[ContentPath::new("x.md")]), Err(ScanError::Unsettled)));
    // A clone begins with files that are no articles.
    for (path, text) in [
        ("README.md", "# A blog"),
        ("page.html", "<!doctype html><title>x</title>"),
        ("broken.md", "---\ntitle: [\n---\n"),
        ("empty.md", ""),
        ("picture.png", "x"),
    ] {
        site.write(&format!("content/{path}"), text);
        let error = site.try_scan(&ChangedPaths::Everything).unwrap_err();
        assert!(matches!(error, ScanError::Vanished { .. }), "{path}: {error}");
    }
    for path in ["README.md", "page.html", "broken.md", "empty.md", "picture.png"] {
        fs::remove_file(site.path(&format!("content/{path}"))).unwrap();
    }
    site.article("content/b.md", "b");
    assert_eq!(site.everything(), ["-a.md", "b.md"]);
    // Removing the last article of an unchanged directory is a real deletion.
    fs::remove_file(site.path("content/b.md")).unwrap();
    assert_eq!(site.everything(), ["-b.md"]);
    site.agrees();
}

#[test]
fn a_root_that_became_a_file_or_a_broken_volume_counts_as_vanished() {
    let mut site = TempSite::new();
    publish(&site.path("content"), "..1", &[("a.md", "a")], LinkOrder::Last);
    site.everything();
    fs::remove_file(site.path("content/..data")).unwrap();
    fs::remove_file(site.path("content/a.md")).unwrap();
    assert!(matches!(site.try_scan(&ChangedPaths::Everything), Err(ScanError::Vanished { .. })));
    fs::remove_dir_all(site.path("content")).unwrap();
    site.write("content", "a file");
    assert!(site.try_scan(&ChangedPaths::Everything).unwrap_err().to_string().ends_with("is no directory"));
}

#[test]
fn a_link_inside_the_root_is_followed_after_a_swap() {
    let mut site = TempSite::new();
    site.article("content/.one/a.md", "a");
    site.article("content/.two/b.md", "b");
    site.article("content/own.md", "own");
    symlink(site.path("content/.one"), site.path("content/link")).unwrap();
    assert_eq!(site.everything(), ["link/a.md", "own.md"]);
    fs::remove_file(site.path("content/link")).unwrap();
    symlink(site.path("content/.two"), site.path("content/link")).unwrap();
    // Even a scan of another path detects the swap.
    site.article("content/own.md", "other");
    let scan = site.scan(&ChangedPaths::Paths([site.path("content/own.md")].into()));
    assert_eq!((reported(&scan), scan.rearm), (vec!["-link/a.md".into(), "link/b.md".into(), "own.md".into()], false));
    site.agrees();
    // Another directory at the same path has no watch yet.
    fs::rename(site.path("content/.two"), site.path("content/.old")).unwrap();
    site.article("content/.two/c.md", "c");
    let scan = site.scan(&ChangedPaths::Paths([site.path("content/.two")].into()));
    assert_eq!((reported(&scan), scan.rearm), (vec!["-link/b.md".into(), "link/c.md".into()], true));
}

#[test]
fn an_event_of_one_name_of_a_directory_updates_both_names() {
    let mut site = TempSite::new();
    site.article("content/real/a.md", "a");
    symlink("real", site.path("content/alias")).unwrap();
    assert_eq!(site.everything(), ["alias/a.md", "real/a.md"]);
    site.article("content/real/a.md", "new");
    assert_eq!(site.at_paths(&["content/real/a.md"]), ["alias/a.md", "real/a.md"]);
    site.article("content/real/a.md", "newer");
    assert_eq!(site.at_paths(&["content/alias/a.md"]), ["alias/a.md", "real/a.md"]);
}
