//! Files and directories that change during the scan that reads them.

use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::article;
use crate::disk::content_roots::ContentRoots;
use crate::disk::open::Refusal;
use crate::disk::read;
use crate::disk::stamp::Stamp;

/// Reads a file in two halves and calls `between` after the first, with the number of earlier readings.
fn read_in_halves(path: &Path, between: &dyn Fn(usize)) -> (Result<read::Whole, Refusal>, usize) {
    let mut readings = 0;
    let roots = ContentRoots::of(&[path.parent().unwrap().to_owned()]).unwrap();
    let whole = read::settled(&roots, path, article::MAX_BYTES, &mut |file, length| {
        let mut bytes = vec![0; usize::try_from(length).unwrap() / 2];
        file.read_exact(&mut bytes)?;
        between(readings);
        readings += 1;
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    (whole.map(|whole| whole.unwrap_or_else(|trouble| panic!("{trouble:?}"))), readings)
}

#[test]
fn a_file_that_changes_while_it_is_read_is_read_again() {
    let site = TempSite::new();
    let path = site.article("content/a.md", "old");
    let new = article("new and longer");
    let by_renaming = || {
        fs::write(site.path("beside"), &new).unwrap();
        fs::rename(site.path("beside"), &path).unwrap();
    };
    let in_place = || fs::write(&path, &new).unwrap();
    for change in [&in_place as &dyn Fn(), &by_renaming] {
        site.article("content/a.md", "old");
        let (whole, readings) = read_in_halves(&path, &|reading| {
            if reading == 0 {
                change();
            }
        });
        let whole = whole.unwrap();
        assert_eq!((String::from_utf8(whole.bytes).unwrap(), readings), (new.clone(), 2));
        assert_eq!(Stamp::of(&whole.metadata), Stamp::of(&fs::metadata(&path).unwrap()));
    }
}

#[test]
fn a_file_that_changes_during_every_reading_is_reported_in_the_end_and_stays_racy() {
    let site = TempSite::new();
    let path = site.article("content/a.md", "old");
    let (whole, readings) = read_in_halves(&path, &|reading| {
        site.article("content/a.md", &"x".repeat(reading + 9));
    });
    assert_eq!(readings, 3);
    assert!(whole.unwrap().racy_until.is_some());
}

#[test]
fn a_file_removed_while_it_is_read_is_gone_but_unsettled_if_its_directory_is_gone_too() {
    let site = TempSite::new();
    let path = site.article("content/x/a.md", "a");
    let (gone, _) = read_in_halves(&path, &|_| fs::remove_file(&path).unwrap());
    assert!(matches!(gone, Err(Refusal::Gone)), "{gone:?}");
    site.article("content/x/a.md", "a");
    let (gone, _) = read_in_halves(&path, &|_| fs::remove_dir_all(path.parent().unwrap()).unwrap());
    assert!(matches!(gone, Err(Refusal::Unsettled)), "{gone:?}");
}

/// Scans, and calls `act` once after files have been read and before anything has been reported.
fn scan_while(site: &mut TempSite, changed_paths: &ChangedPaths, act: impl Fn() + Sync) -> Result<Scan, ScanError> {
    let reads = AtomicUsize::new(0);
    let scan = site.known.scan(&site.scan_config, changed_paths, &|_, _| {
        if reads.fetch_add(1, Ordering::Relaxed) == 0 {
            act();
        }
    });
    assert!(reads.into_inner() > 0, "the scan read no file");
    scan
}

/// Asserts that a scan reports nothing if `act` happens meanwhile, and that the next one reports everything.
#[track_caller]
fn assert_discarded(site: &mut TempSite, act: impl Fn() + Sync, after: &[(&str, &str)]) {
    let all = ChangedPaths::Everything;
    let scan = scan_while(site, &all, &act);
    assert!(matches!(scan, Err(ScanError::Unsettled)), "{scan:?}");
    site.scan(&all);
    site.agrees();
    assert_eq!(site.titles().into_iter().collect::<Vec<_>>(), after);
}

fn swap(site: &TempSite, target: &str, link: &str) {
    symlink(target, site.path("beside")).unwrap();
    fs::rename(site.path("beside"), site.path(link)).unwrap();
}

#[test]
fn a_scan_is_discarded_if_the_link_to_the_root_is_swapped_meanwhile() {
    let mut site = TempSite::at("current/posts");
    for version in ["1", "2"] {
        site.article(&format!("trees/{version}/posts/a.md"), version);
        site.article(&format!("trees/{version}/posts/b.md"), version);
    }
    symlink("trees/1", site.path("current")).unwrap();
    site.everything();
    site.article("trees/1/posts/a.md", "edited");
    let (current, trees) = (site.path("current"), site.path("trees/2"));
    let act = || {
        fs::remove_file(&current).unwrap();
        symlink(&trees, &current).unwrap();
    };
    assert_discarded(&mut site, act, &[("a.md", "2"), ("b.md", "2")]);
}

#[test]
fn a_scan_is_discarded_if_the_root_is_replaced_meanwhile() {
    let mut site = TempSite::new();
    site.article("content/a.md", "old");
    site.article("next/a.md", "new");
    site.everything();
    site.article("content/a.md", "edited");
    let (content, aside, next) = (site.path("content"), site.path("aside"), site.path("next"));
    let act = || {
        fs::rename(&content, &aside).unwrap();
        fs::rename(&next, &content).unwrap();
    };
    assert_discarded(&mut site, act, &[("a.md", "new")]);
}

#[test]
fn a_scan_is_discarded_if_a_volume_or_a_link_inside_is_swapped_meanwhile() {
    for link in ["content/..data", "content/link"] {
        let mut site = TempSite::new();
        for version in ["1", "2"] {
            site.article(&format!("content/.trees/{version}/a.md"), version);
        }
        swap(&site, &site.path("content/.trees/1").display().to_string(), link);
        site.everything();
        site.article("content/.trees/1/a.md", "edited");
        let (link_path, target) = (site.path(link), site.path("content/.trees/2"));
        let act = || {
            fs::remove_file(&link_path).unwrap();
            symlink(&target, &link_path).unwrap();
        };
        let place = if link.ends_with("link") { "link/a.md" } else { "a.md" };
        assert_discarded(&mut site, act, &[(place, "2")]);
    }
}

#[test]
fn a_scan_of_one_path_is_discarded_if_a_link_elsewhere_is_swapped_meanwhile() {
    let mut site = TempSite::new();
    site.article("content/.trees/1/a.md", "1");
    site.article("content/.trees/2/a.md", "2");
    site.article("content/own.md", "own");
    swap(&site, ".trees/1", "content/link");
    site.everything();
    let changed_paths = ChangedPaths::Paths([site.article("content/own.md", "edited")].into());
    let (link, beside) = (site.path("content/link"), site.path("beside"));
    let scan = scan_while(&mut site, &changed_paths, || {
        symlink(".trees/2", &beside).unwrap();
        fs::rename(&beside, &link).unwrap();
    });
    assert!(matches!(scan, Err(ScanError::Unsettled)), "{scan:?}");
    // A second scan of the same paths finds both changes.
    site.scan(&changed_paths);
    site.agrees();
    assert_eq!(site.titles().into_iter().collect::<Vec<_>>(), [("link/a.md", "2"), ("own.md", "edited")]);
}
