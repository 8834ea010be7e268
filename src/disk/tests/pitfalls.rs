//! The pitfalls of watching that docs/decisions/dependencies.md lists, tested on real directories.
//!
//! Those that need special limits or mounts are tested in `tests/it/e2e/watching_limits.rs`.

use std::time::{Duration, Instant, SystemTime};

use super::events::{armed, follow};
use super::*;

/// The content of the event queue once no more events arrive.
fn heard(event_queue: &EventQueue) -> Wake {
    event_queue.next(Pause::default(), Duration::from_millis(400))
}

// docs/decisions/dependencies.md#reading-causes-events
#[test]
fn reading_files_causes_no_events_and_hence_no_endless_rescans() {
    let site = TempSite::new();
    for number in 0..200 {
        site.article(&format!("content/{}/{number}.md", number % 20), "a");
    }
    let event_queue = EventQueue::new();
    let _watch = site.watch(&event_queue);
    let mut known = FileSnapshot::new();
    for _ in 0..3 {
        known.forget();
        assert_eq!(known.scan(&site.scan_config, &ChangedPaths::Everything, &|_, _| ()).unwrap().read, 200);
    }
    assert_eq!(heard(&event_queue), Wake::Tick);
}

// docs/decisions/dependencies.md#files-in-new-directories
#[test]
fn files_made_in_a_directory_before_it_is_watched_are_found() {
    let (mut site, event_queue, mut watch) = armed(TempSite::new());
    for number in 0..300 {
        site.article(&format!("content/{number}/m/k/a.md"), "a");
    }
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.len() == 300);
}

// docs/decisions/dependencies.md#unreadable-directories-end-a-recursive-watch
#[test]
fn siblings_of_an_unreadable_directory_are_watched() {
    use std::os::unix::fs::PermissionsExt as _;
    without_rights(|| {
        let site = TempSite::new();
        for name in ["a", "closed", "z"] {
            site.article(&format!("content/{name}/a.md"), name);
        }
        let closed = site.path("content/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let (mut site, event_queue, mut watch) = armed(site);
        assert!(site.titles()["closed"].contains("permission denied"), "{:?}", site.titles());
        for path in ["content/a/b.md", "content/z/b.md"] {
            site.article(path, "b");
        }
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.len() == 5);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("closed/a.md"));
        // The directory could not be watched before.
        site.article("content/closed/b.md", "b");
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("closed/b.md"));
    });
}

// docs/decisions/dependencies.md#unreadable-directories-end-a-recursive-watch
#[test]
fn a_directory_that_becomes_readable_between_the_watch_and_the_first_scan_is_watched() {
    use std::os::unix::fs::PermissionsExt as _;
    without_rights(|| {
        let mut site = TempSite::new();
        site.article("content/closed/a.md", "a");
        let closed = site.path("content/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let event_queue = EventQueue::new();
        let mut watch = site.watch(&event_queue);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(site.everything(), ["closed/a.md"]);
        site.article("content/b.md", "b");
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("b.md"));
        // Everything has been scanned by now, so only an event can reveal the next change.
        site.article("content/closed/c.md", "c");
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("closed/c.md"));
    });
}

#[test]
fn a_directory_that_was_moved_into_one_that_was_closed_is_watched_when_that_opens() {
    use std::os::unix::fs::PermissionsExt as _;
    without_rights(|| {
        let site = TempSite::new();
        for place in ["outer/a.md", "moved/a.md", "moved/below/a.md"] {
            site.article(&format!("content/{place}"), "a");
        }
        let (mut site, event_queue, mut watch) = armed(site);
        let outer = site.path("content/outer");
        let set_mode = |mode| fs::set_permissions(&outer, fs::Permissions::from_mode(mode)).unwrap();
        fs::rename(site.path("content/moved"), outer.join("moved")).unwrap();
        fs::create_dir(outer.join("made")).unwrap();
        set_mode(0o000);
        follow(&mut site, &event_queue, &mut watch, &|site| {
            site.titles().get("outer").is_some_and(|title| title.contains("permission denied"))
        });
        set_mode(0o755);
        follow(&mut site, &event_queue, &mut watch, &|site| site.articles.contains_key("outer/moved/below/a.md"));
        for place in ["outer/moved/a.md", "outer/moved/below/a.md", "outer/made/a.md"] {
            site.article(&format!("content/{place}"), "edited");
            follow(&mut site, &event_queue, &mut watch, &|site| site.titles().get(place) == Some(&"edited"));
        }
    });
}

// docs/decisions/dependencies.md#removing-watched-directories-is-quadratic
#[test]
fn a_tree_of_thousands_of_directories_may_be_removed_at_once() {
    let (mut site, event_queue, mut watch) = armed(TempSite::new());
    for number in 0..4000 {
        site.article(&format!("content/{}/{number}/a.md", number % 40), "a");
    }
    follow(&mut site, &event_queue, &mut watch, &|site| site.articles.len() == 4000);
    fs::remove_dir_all(site.path("content")).unwrap();
    fs::create_dir(site.path("content")).unwrap();
    site.article("content/last.md", "last");
    follow(&mut site, &event_queue, &mut watch, &|site| site.titles().into_keys().eq(["last.md"]));
}

// docs/decisions/dependencies.md#watched-links-that-are-swapped
#[test]
fn a_root_that_is_a_link_is_followed_whenever_it_is_swapped() {
    let site = TempSite::at("current");
    for version in 0..6 {
        site.article(&format!("trees/{version}/a.md"), &version.to_string());
    }
    symlink("trees/0", site.path("current")).unwrap();
    let (mut site, event_queue, mut watch) = armed(site);
    for version in 1..6 {
        symlink(format!("trees/{version}"), site.path("next")).unwrap();
        fs::rename(site.path("next"), site.path("current")).unwrap();
        follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["a.md"] == version.to_string());
    }
}

// docs/decisions/dependencies.md#pollwatcher-misses-edits
#[test]
fn an_edit_with_an_older_time_and_one_within_the_same_second_are_found() {
    let mut site = TempSite::new();
    let path = site.article("content/a.md", "0");
    site.everything();
    // As rsync -t, tar and git restore do.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for edit in 1..=20_u32 {
        site.article("content/a.md", &edit.to_string());
        if edit % 2 == 0 {
            let time = long_ago - Duration::from_secs(edit.into());
            fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        }
        assert_eq!(site.everything(), ["a.md"], "edit {edit}");
        assert_eq!(site.titles()["a.md"], edit.to_string());
    }
}

// docs/decisions/dependencies.md#notify-debouncer-full-is-quadratic
#[test]
fn a_hundred_thousand_paths_are_queued_in_bounded_memory_and_time() {
    // A coalescer that searches all paths for each new one would need hours.
    let (event_queue, start) = (EventQueue::new(), Instant::now());
    for number in 0..100_000 {
        event_queue.path(PathBuf::from(format!("content/{}/{number}.md", number % 50)));
    }
    let wake = event_queue.next(Pause::default(), Duration::from_secs(9));
    assert_eq!(wake, Wake::Scan { content: Some(ChangedPaths::Everything), feeds: false });
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
