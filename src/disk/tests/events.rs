//! End-to-end tests with events from the real watcher: scans of the reported paths must find every change.

use super::*;
use std::time::{Duration, Instant};

/// Scans the paths of events until `done` holds; panics after a deadline.
#[track_caller]
pub(super) fn follow(
    site: &mut TempSite,
    event_queue: &EventQueue,
    watch: &mut Watch,
    done: &dyn Fn(&TempSite) -> bool,
) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done(site) {
        assert!(
            Instant::now() < deadline,
            "not found in time: {:?}",
            site.titles().into_keys().take(9).collect::<Vec<_>>()
        );
        let Wake::Scan { content: Some(changed_paths), .. } =
            event_queue.next(Pause::default(), Duration::from_secs(2))
        else {
            continue;
        };
        let mut changed_paths = changed_paths;
        watch.catch_up();
        loop {
            match site.try_scan(&changed_paths) {
                Ok(scan) => {
                    site.apply(&scan.batch);
                    watch.follow(site.known.hidden_targets());
                    if !scan.rearm && watch.coverage() != Coverage::Outdated {
                        break;
                    }
                    *watch = arm(site, event_queue);
                    changed_paths = ChangedPaths::Everything;
                }
                Err(ScanError::Unsettled) => changed_paths = ChangedPaths::Everything,
                Err(ScanError::Vanished { .. } | ScanError::Replaced) => break,
            }
        }
    }
    site.agrees();
}

fn arm(site: &TempSite, event_queue: &EventQueue) -> Watch {
    site.watch(event_queue)
}

pub(super) fn armed(mut site: TempSite) -> (TempSite, EventQueue, Watch) {
    let event_queue = EventQueue::new();
    let watch = arm(&site, &event_queue);
    site.everything();
    (site, event_queue, watch)
}

#[test]
fn files_in_nested_directories_made_at_once_are_all_found() {
    let (mut site, event_queue, mut watch) = armed(TempSite::new());
    for number in 0..100 {
        site.article(&format!("content/{number}/m/k/a.md"), "a");
    }
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.len() == 100);
    fs::rename(site.path("content/7"), site.path("content/moved")).unwrap();
    site.article("content/moved/m/k/b.md", "b");
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("moved/m/k/b.md"));
    site.article("content/moved/m/k/b.md", "edited");
    follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["moved/m/k/b.md"] == "edited");
}

#[test]
fn a_directory_that_replaces_an_empty_open_one_is_watched() {
    let site = TempSite::new();
    fs::create_dir(site.path("content/x")).unwrap();
    site.article("content/.next/a.md", "a");
    let (mut site, event_queue, mut watch) = armed(site);
    // No event reports the removal of the old directory while it is open.
    let _open = fs::File::open(site.path("content/x")).unwrap();
    fs::rename(site.path("content/.next"), site.path("content/x")).unwrap();
    for title in ["1", "2"] {
        site.article("content/x/a.md", title);
        follow(&mut site, &event_queue, &mut watch, &|site| {
            site.titles().get("x/a.md").is_some_and(|now| *now == title)
        });
    }
}

#[test]
fn directories_may_appear_and_disappear_while_they_are_watched() {
    let (mut site, event_queue, mut watch) = armed(TempSite::new());
    let stop = std::sync::atomic::AtomicBool::new(false);
    let churned = site.path("content/churned");
    std::thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                fs::create_dir_all(churned.join("x/y/z")).unwrap();
                symlink("..", churned.join("x/up")).unwrap();
                fs::rename(churned.join("x"), churned.join("w")).unwrap();
                symlink("../..", churned.join("x")).unwrap();
                fs::remove_dir_all(&churned).unwrap();
            }
        });
        for _ in 0..2000 {
            watch.catch_up();
            std::thread::yield_now();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    for title in ["1", "2", "3"] {
        for place in ["a.md", "x/a.md", "churned/x/y/a.md"] {
            site.article(&format!("content/{place}"), title);
            follow(&mut site, &event_queue, &mut watch, &|site| {
                site.titles().get(place).is_some_and(|now| *now == title)
            });
        }
    }
    assert_eq!(watch.coverage(), Coverage::Complete);
}

#[test]
fn every_file_of_a_burst_is_found_and_so_is_its_removal() {
    let (mut site, event_queue, mut watch) = armed(TempSite::new());
    for number in 0..5000 {
        site.article(&format!("content/{}/{number}.md", number % 50), "a");
    }
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.len() == 5000);
    for number in 0..50 {
        fs::remove_dir_all(site.path(&format!("content/{number}"))).unwrap();
    }
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.is_empty());
}

#[test]
fn a_link_that_is_swapped_repeatedly_is_followed() {
    let site = TempSite::at("current/posts");
    site.article("trees/0/posts/a.md", "0");
    symlink("trees/0", site.path("current")).unwrap();
    let (mut site, event_queue, mut watch) = armed(site);
    for version in 1..6 {
        let title = version.to_string();
        site.article(&format!("trees/{version}/posts/a.md"), &title);
        symlink(format!("trees/{version}"), site.path("tmp-link")).unwrap();
        fs::rename(site.path("tmp-link"), site.path("current")).unwrap();
        fs::remove_dir_all(site.path(&format!("trees/{}", version - 1))).unwrap();
        follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["a.md"] == title);
        // The watch must follow the new tree and not the old one.
        let edited = format!("{version} edited");
        site.article(&format!("trees/{version}/posts/a.md"), &edited);
        follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["a.md"] == edited);
    }
}

#[test]
fn a_swapped_link_is_detected_while_the_old_tree_still_exists() {
    let site = TempSite::at("current/posts");
    for version in ["1", "2"] {
        site.article(&format!("trees/{version}/posts/a.md"), version);
    }
    symlink("trees/1", site.path("current")).unwrap();
    let (mut site, event_queue, mut watch) = armed(site);
    for version in ["2", "1", "2"] {
        symlink(format!("trees/{version}"), site.path("tmp-link")).unwrap();
        fs::rename(site.path("tmp-link"), site.path("current")).unwrap();
        follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["a.md"] == version);
    }
}

#[test]
fn a_swapped_link_inside_the_root_is_followed_without_a_new_watch() {
    let site = TempSite::new();
    let targets = ["a", ".b", "c/d", ".b/e", "node_modules/f"];
    for target in targets {
        site.article(&format!("content/{target}/x.md"), target);
    }
    symlink("a", site.path("content/link")).unwrap();
    let (mut site, event_queue, mut watch) = armed(site);
    for target in targets.into_iter().chain(targets) {
        symlink(target, site.path("content/.new")).unwrap();
        fs::rename(site.path("content/.new"), site.path("content/link")).unwrap();
        for title in [target.to_owned(), format!("edited {target}"), target.to_owned()] {
            site.article(&format!("content/{target}/x.md"), &title);
            while site.titles().get("link/x.md") != Some(&&*title) {
                let Wake::Scan { content: Some(changed_paths), .. } =
                    event_queue.next(Pause::default(), Duration::from_secs(20))
                else {
                    panic!("no event of {target}");
                };
                watch.catch_up();
                let scan = site.scan(&changed_paths);
                assert!(!scan.rearm, "{target}");
                watch.follow(site.known.hidden_targets());
            }
        }
    }
    site.agrees();
}

#[test]
fn a_root_that_was_removed_and_created_again_is_watched() {
    let (mut site, event_queue, mut watch) = armed({
        let site = TempSite::at("site/content");
        site.article("site/content/a.md", "a");
        site
    });
    fs::remove_dir_all(site.path("site")).unwrap();
    site.article("site/content/b.md", "b");
    follow(&mut site, &event_queue, &mut watch, &|site| site.titles().into_keys().eq(["b.md"]));
    site.article("site/content/b.md", "edited");
    follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["b.md"] == "edited");
}

#[test]
fn every_update_of_a_mounted_volume_is_detected() {
    let site = TempSite::new();
    let volume = site.path("content");
    let publish = |version: u32| {
        let directory = format!("..{version}");
        fs::create_dir(volume.join(&directory)).unwrap();
        fs::write(volume.join(&directory).join("a.md"), article(&version.to_string())).unwrap();
        symlink(&directory, volume.join("..data_tmp")).unwrap();
        fs::rename(volume.join("..data_tmp"), volume.join("..data")).unwrap();
    };
    publish(0);
    symlink("..data/a.md", volume.join("a.md")).unwrap();
    let (mut site, event_queue, mut watch) = armed(site);
    for version in 1..6 {
        publish(version);
        fs::remove_dir_all(volume.join(format!("..{}", version - 1))).unwrap();
        follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["a.md"] == version.to_string());
    }
}

#[test]
fn a_change_in_the_feeds_directory_is_reported_as_such() {
    let site = TempSite::new();
    site.write("feeds/site.yaml", "title: x");
    let (site, event_queue, _watch) = armed(site);
    site.write("feeds/site.yaml", "title: y");
    let wake = event_queue.next(Pause::default(), Duration::from_secs(20));
    assert_eq!(wake, Wake::Scan { content: None, feeds: true });
    // Now the directory itself is replaced.
    fs::rename(site.path("feeds"), site.path("old")).unwrap();
    let wake = event_queue.next(Pause::default(), Duration::from_secs(20));
    assert!(matches!(wake, Wake::Scan { feeds: true, .. }), "{wake:?}");
}

#[test]
fn changes_in_directories_that_no_scan_enters_cause_no_scan() {
    let site = TempSite::new();
    for name in [".git", "node_modules"] {
        fs::create_dir_all(site.path(&format!("content/{name}/x"))).unwrap();
    }
    let (site, event_queue, _watch) = armed(site);
    for number in 0..100 {
        site.write(&format!("content/.git/{number}"), "x");
        site.write(&format!("content/node_modules/x/{number}"), "x");
    }
    site.article("content/a.md", "a");
    let wake = event_queue.next(Pause::default(), Duration::from_secs(20));
    assert_eq!(
        wake,
        Wake::Scan { content: Some(ChangedPaths::Paths([site.path("content/a.md")].into())), feeds: false }
    );
}
