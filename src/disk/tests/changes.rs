//! Files and directories that are added, changed, renamed and removed.

use super::*;

const NOTHING: [&str; 0] = [];

#[test]
fn every_kind_of_change_is_reported_by_full_and_by_partial_scans() {
    for by_hints in [false, true] {
        let mut site = TempSite::new();
        site.article("content/a.md", "a");
        site.article("content/x/b.md", "b");
        site.article("content/x/y/c.html", "c");
        site.write("content/x/note.txt", "-");
        assert_eq!(site.everything(), ["a.md", "x/b.md", "x/y/c.html"]);
        let check = |site: &mut TempSite, paths: &[&str], expected: &[&str]| {
            assert_eq!(if by_hints { site.at_paths(paths) } else { site.everything() }, expected, "{paths:?}");
            site.agrees();
        };
        site.article("content/a.md", "edited");
        check(&mut site, &["content/a.md"], &["a.md"]);
        site.article("content/new/deep/d.md", "d");
        check(&mut site, &["content/new"], &["new/deep/d.md"]);
        fs::rename(site.path("content/a.md"), site.path("content/x/e.md")).unwrap();
        check(&mut site, &["content/a.md", "content/x/e.md"], &["-a.md", "x/e.md"]);
        fs::rename(site.path("content/x"), site.path("content/z")).unwrap();
        check(
            &mut site,
            &["content/x", "content/z"],
            &["-x/b.md", "-x/e.md", "-x/y/c.html", "z/b.md", "z/e.md", "z/y/c.html"],
        );
        fs::remove_dir_all(site.path("content/z/y")).unwrap();
        check(&mut site, &["content/z/y/c.html"], &["-z/y/c.html"]);
        fs::remove_file(site.path("content/z/b.md")).unwrap();
        check(&mut site, &["content/z/b.md"], &["-z/b.md"]);
        // A directory replaces a file, and a file replaces a directory.
        fs::remove_file(site.path("content/z/e.md")).unwrap();
        site.article("content/z/e.md/f.md", "f");
        check(&mut site, &["content/z/e.md"], &["-z/e.md", "z/e.md/f.md"]);
        fs::remove_dir_all(site.path("content/z/e.md")).unwrap();
        site.article("content/z/e.md", "e");
        check(&mut site, &["content/z/e.md"], &["z/e.md", "-z/e.md/f.md"]);
        fs::rename(site.path("content/z"), site.path("out")).unwrap();
        check(&mut site, &["content/z"], &["-z/e.md"]);
    }
}

#[test]
fn no_file_of_an_unchanged_directory_is_read() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.write("content/b.png", "no image");
    site.everything();
    site.reconcile();
    let scan = site.scan(&ChangedPaths::Everything);
    assert_eq!((reported(&scan), scan.read, scan.racy, scan.rearm), (vec![], 0, 0, false));
}

#[test]
fn an_edit_that_keeps_size_and_time_is_found() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "old");
    site.everything();
    site.reconcile();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, article("new")).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    assert_eq!(site.everything(), ["a.md"]);
    assert_eq!(site.titles()["a.md"], "new");
}

#[test]
fn an_older_file_in_place_of_a_newer_is_found() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "new");
    site.everything();
    site.reconcile();
    let old = site.article("old.md", "old");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    fs::rename(old, path).unwrap();
    assert_eq!(site.everything(), ["a.md"]);
}

#[test]
fn a_racy_stamp_is_not_trusted() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "old");
    site.everything();
    // Pretend that the clock has not advanced since the first write.
    fs::write(&path, article("new")).unwrap();
    site.known.trees[0].pretend("a.md", &path);
    assert_eq!(site.at_paths(&["content/a.md"]), ["a.md"]);
    assert_eq!(site.titles()["a.md"], "new");
    // The next scan reads it again, finds no change and reports nothing.
    assert_eq!(site.everything(), NOTHING);
}

#[test]
fn a_touched_file_is_read_but_not_reported() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "a");
    site.everything();
    site.reconcile();
    fs::File::options().write(true).open(&path).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let scan = site.scan(&ChangedPaths::Everything);
    assert_eq!((reported(&scan), scan.read), (vec![], 1));
}

/// Dates a file so that it counts as being written for almost four seconds, which a busy machine may need to scan it.
fn stay_fresh(path: &std::path::PathBuf) {
    let soon = std::time::SystemTime::now() + std::time::Duration::from_millis(1900);
    fs::File::options().write(true).open(path).unwrap().set_modified(soon).unwrap();
}

#[test]
fn an_emptied_file_keeps_its_last_state_until_it_is_written_or_no_longer_fresh() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "a");
    site.everything();
    fs::write(&path, "").unwrap();
    let fresh = site.write("content/b.md", "");
    [&path, &fresh].into_iter().for_each(stay_fresh);
    let scan = site.scan(&ChangedPaths::Everything);
    assert_eq!((reported(&scan), scan.racy), (vec![], 2));
    fs::write(&path, article("rewritten")).unwrap();
    assert_eq!(site.at_paths(&["content/a.md"]), ["a.md"]);
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_mins(1);
    fs::File::options().write(true).open(&fresh).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(site.everything(), ["b.md"]);
}

#[test]
fn front_matter_that_is_being_written_is_read_at_its_end() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.known.wait_for_writers();
    site.everything();
    for half in ["---\ntitle: b\n", "---\ntitle: b\ndr", "+++\ntitle = 'b'\n"] {
        stay_fresh(&site.write("content/b.md", half));
        let scan = site.scan(&ChangedPaths::Everything);
        assert!(reported(&scan).is_empty() && scan.racy > 0, "{half}");
    }
    site.write("content/b.md", "---\ntitle: b\ndraft: true\n---\nx\n");
    assert_eq!(site.everything(), ["b.md"]);
    // An author may have forgotten the end.
    let path = site.write("content/c.md", "---\ntitle: c\n");
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_mins(1);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(site.everything(), ["c.md"]);
}

#[test]
fn forgetting_reports_everything_again_and_loses_no_deletion() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.article("content/b.md", "b");
    site.everything();
    fs::remove_file(site.path("content/b.md")).unwrap();
    site.known.forget();
    assert_eq!(site.at_paths(&[]), ["a.md", "-b.md"]);
    assert_eq!(site.everything(), NOTHING);
}

#[test]
fn a_file_that_is_no_longer_selected_is_removed() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.article("content/x/b.md", "b");
    site.everything();
    let exclude = Globs::new(vec!["x".to_owned()]).unwrap();
    site.scan_config.selection =
        Arc::new(Selection::new(crate::generator::plain::PLAIN, exclude, &site.scan_config.content, &|_| false));
    site.known.forget();
    assert_eq!(site.everything(), ["a.md", "-x/b.md"]);
    site.agrees();
}

#[test]
fn a_small_batch_is_parsed_in_full_at_once_and_of_a_large_one_only_the_metadata() {
    let full_of = |scan: &Scan| {
        let is_full = |file: &&Option<File>| matches!(file, Some(File::Full(full)) if full.detail.is_some());
        scan.batch.articles.values().filter(is_full).count()
    };
    let mut site = TempSite::new();
    for number in 0..300 {
        site.article(&format!("content/{number}.md"), "a");
    }
    assert_eq!(full_of(&site.scan(&ChangedPaths::Everything)), 0);
    site.reconcile();
    for number in 0..200 {
        site.article(&format!("content/{number}.md"), "edited");
    }
    assert_eq!(full_of(&site.scan(&ChangedPaths::Everything)), 200);
    site.reconcile();
    // Few files may be large, too.
    for number in 0..9 {
        site.write(&format!("content/{number}.md"), &(article("a") + &"long ".repeat(400_000)));
    }
    let scan = site.scan(&ChangedPaths::Everything);
    assert_eq!((scan.batch.articles.len(), full_of(&scan)), (9, 4));
    site.agrees();
}

#[test]
fn articles_are_read_again_with_their_bodies() {
    let mut site = TempSite::new();
    for name in ["a", "b", "c"] {
        site.article(&format!("content/{name}.md"), name);
    }
    site.everything();
    let places = ["a.md", "b.md"].map(ContentPath::new);
    for round in 0..2 {
        let batch = site.known.read_again(&site.scan_config, &places).unwrap();
        let bodies: Vec<String> = batch
            .articles
            .into_values()
            .map(|file| match file.unwrap() {
                File::Full(detailed) => detailed.detail.unwrap().body.text().to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(bodies, ["text of a", "text of b"], "{round}");
    }
    site.article("content/a.md", "other");
    let batch = site.known.read_again(&site.scan_config, &places).unwrap();
    site.apply(&batch);
    assert_eq!(site.titles().into_iter().collect::<Vec<_>>(), [("a.md", "other"), ("b.md", "b"), ("c.md", "c")]);
    // What was reported is not reported again.
    assert_eq!(site.everything(), NOTHING);
    assert_eq!(site.known.files(&site.scan_config).article_path(&places[0]), site.path("content/a.md"));
    // Only a scan can find out whether a file was deleted or renamed.
    fs::rename(site.path("content/b.md"), site.path("content/d.md")).unwrap();
    assert!(matches!(site.known.read_again(&site.scan_config, &places), Err(ScanError::Unsettled)));
    assert_eq!(site.everything(), ["-b.md", "d.md"]);
}

#[test]
fn changing_the_content_directory_removes_the_articles_of_the_old_one() {
    let mut site = TempSite::new();
    site.article("content/a.md", "a");
    site.article("other/b.md", "b");
    site.everything();
    site.scan_config = scan_config(&site.path("other"));
    assert_eq!(site.everything(), ["-a.md", "b.md"]);
    site.agrees();
}
