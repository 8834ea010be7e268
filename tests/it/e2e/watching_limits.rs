//! Limits of watching: too few watches or file descriptors, file systems without events, lost events,
//! unreadable directories. What is served stays correct, and the log, the status and the metrics say how
//! changes are found and why.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, geteuid, getrlimit, prlimit};

use crate::driver::{Folder, TestServer, article, article_with, has_namespaces, namespaces, png, within};

/// Longer than a scan takes, shorter than the time until the next rescan.
const A_WHILE: Duration = Duration::from_secs(2);

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder
}

/// Serves with `auto` in namespaces, after a shell has run `setup`.
fn serve_after(folder: &Folder, setup: &str) -> TestServer {
    folder.serve_by(&["--watch", "auto", "--poll", "100ms"], |command| namespaces(command, setup))
}

fn directories(folder: &Folder, names: std::ops::Range<u32>) {
    for name in names {
        fs::create_dir(folder.content(&name.to_string())).unwrap();
    }
}

/// Waits until the server polls for this reason, and asserts that log, status and metrics say so.
#[track_caller]
fn polls_because(server: &TestServer, reason: &str) {
    let reports_reason = |watch: &serde_json::Value| {
        watch["watcher"] == "poll" && watch["watcher_reason"].as_str().is_some_and(|why| why.contains(reason))
    };
    server.eventually("/readyz", |answer| answer.status == 200 && reports_reason(&answer.json()));
    let status = server.admin("GET", "/status").ok().json();
    assert!(reports_reason(&status["watch"]), "{status}");
    let metrics = server.admin("GET", "/metrics").ok().text();
    assert!(metrics.contains("feedmill_watch{mode=\"poll\"} 1\n"), "{metrics}");
    server.logs(&[reason]);
}

fn metric(server: &TestServer, name: &str) -> u64 {
    let text = server.admin("GET", "/metrics").ok().text();
    text.lines()
        .filter(|line| line.starts_with(name))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum()
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn with_too_many_directories_it_polls_and_reports_why() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    directories(&folder, 0..60);
    let server = serve_after(&folder, "echo 40 > /proc/sys/user/max_inotify_watches");
    polls_because(&server, "fs.inotify.max_user_watches");
    folder.write("59/b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn a_limit_that_is_reached_later_ends_events_until_there_are_watches_again() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    let server = serve_after(&folder, "echo 40 > /proc/sys/user/max_inotify_watches");
    assert_eq!(server.get("/readyz").ok().json()["watcher"], "events");
    directories(&folder, 0..60);
    polls_because(&server, "fs.inotify.max_user_watches");
    folder.write("59/b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    for name in 0..60 {
        folder.remove(&name.to_string());
    }
    server.admin("POST", "/reload");
    server.eventually("/readyz", |answer| answer.json()["watcher"] == "events");
    server.logs(&["events work again"]);
    folder.write("c.md", article("C", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["C", "A"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn a_swap_without_watches_for_both_trees_loses_events_only_for_a_moment() {
    if !has_namespaces() {
        return;
    }
    let folder = Folder::new();
    for version in ["one", "two"] {
        folder.put(&format!("{version}/a.md"), article(version, "2026-01-01"));
        for name in 0..25 {
            fs::create_dir(folder.path(&format!("{version}/{name}"))).unwrap();
        }
    }
    std::os::unix::fs::symlink("one", folder.path("current")).unwrap();
    let flags = ["--content", "current", "--poll", "100ms"];
    let server = folder.serve_by(&flags, |command| namespaces(command, "echo 45 > /proc/sys/user/max_inotify_watches"));
    assert_eq!(server.get("/readyz").ok().json()["watcher"], "events", "{}", server.log());
    std::os::unix::fs::symlink("two", folder.path("next")).unwrap();
    fs::rename(folder.path("next"), folder.path("current")).unwrap();
    server.eventually_shows("/rss.xml", &["two"]);
    server.eventually("/readyz", |answer| answer.json()["watcher"] == "events");
    folder.put("two/24/b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "two"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn without_a_watcher_it_polls_and_reports_why() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    let server = serve_after(&folder, "echo 0 > /proc/sys/user/max_inotify_instances");
    polls_because(&server, "fs.inotify.max_user_instances");
    folder.write("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#file-systems-without-events
#[test]
fn on_an_overlay_it_polls_and_finds_changes_of_the_lower_layer() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    for directory in ["upper", "work", "merged"] {
        fs::create_dir(folder.path(directory)).unwrap();
    }
    let setup = "mount -t overlay overlay -o lowerdir=content,upperdir=upper,workdir=work merged";
    let server = folder.serve_by(&["--content", "merged", "--poll", "100ms"], |command| namespaces(command, setup));
    polls_because(&server, "an overlay");
    // Written to the lower layer, for which a watch of the overlay gets no events.
    folder.write("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#file-systems-without-events
#[test]
fn a_change_without_an_event_is_found_by_the_next_rescan() {
    let folder = folder();
    fs::hard_link(folder.content("a.md"), folder.path("elsewhere.md")).unwrap();
    let server = folder.serve_with(&["--watch", "events", "--rescan", "1s"]);
    // The watch of a directory gets events for the names in it, and this name is elsewhere.
    fs::write(folder.path("elsewhere.md"), article("Edited", "2026-01-01")).unwrap();
    server.eventually_shows("/rss.xml", &["Edited"]);
}

#[test]
fn events_that_the_kernel_dropped_cause_a_rescan() {
    let folder = folder();
    folder.write("b.md", article("B", "2026-01-02"));
    let server = folder.serve_with(&["--watch", "events"]);
    server.deafen(&folder.content(""));
    folder.write("lost/c.md", article("C", "2026-01-03"));
    folder.remove("b.md");
    server.signal(Signal::CONT);
    server.eventually_shows("/rss.xml", &["C", "A"]);
    assert_eq!(metric(&server, "feedmill_queue_overflows_total"), 1, "{}", server.log());
    server.logs(&["events were lost", "fs.inotify.max_queued_events"]);
    // The directory whose events were lost is watched.
    folder.write("lost/d.md", article("D", "2026-01-04"));
    server.eventually_shows("/rss.xml", &["D", "C", "A"]);
}

/// Limits how many more files a process can open, until this value is dropped.
struct Shortage<'a> {
    server: &'a TestServer,
    before: Rlimit,
}

impl<'a> Shortage<'a> {
    #[track_caller]
    fn new(server: &'a TestServer, more: u64) -> Self {
        let open = fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap();
        let open: BTreeSet<u64> =
            open.map(|name| name.unwrap().file_name().to_str().unwrap().parse().unwrap()).collect();
        // Free numbers below the limit are reused, lowest first.
        let most = (0..).scan(0, |free, number| {
            *free += u64::from(!open.contains(&number));
            Some((number, *free))
        });
        let most = most.take_while(|(_, free)| *free <= more).last().map_or(0, |(number, _)| number + 1);
        let before = limit(server, Rlimit { current: Some(most), maximum: getrlimit(Resource::Nofile).maximum });
        Self { server, before }
    }
}

impl Drop for Shortage<'_> {
    fn drop(&mut self) {
        limit(self.server, self.before);
    }
}

#[track_caller]
fn limit(server: &TestServer, wanted: Rlimit) -> Rlimit {
    prlimit(Pid::from_raw(server.pid().cast_signed()), Resource::Nofile, wanted).unwrap()
}

#[test]
fn without_file_descriptors_the_last_state_stays_and_changes_are_found_afterwards() {
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/posts/a.md", article_with("A", "2026-01-01", "categories: [x]\ncover: pic.png\n"));
    folder.write("content/posts/pic.png", png(3, 4));
    folder.define("site.yaml", "description: What happened.\n");
    folder.define("mine.yaml", "title: Mine\n");
    let paths = ["/rss.xml", "/categories/x/atom.xml", "/feeds/mine/feed.json", "/feeds.json"];
    for more in 0..4 {
        for mode in [&["--watch", "events"][..], &["--watch", "poll", "--poll", "50ms"]] {
            let server = folder.serve_with(mode);
            let mut connection = server.connect();
            let mut ask = || paths.map(|path| connection.ask("GET", path, &[]).unwrap().ok().text());
            let before = ask();
            assert!(before[0].contains("Of Hugo") && before[0].contains("What happened."), "{}", before[0]);
            let shortage = Shortage::new(&server, more);
            folder.write("content/posts/b.md", article_with("B", "2026-01-02", "categories: [x]\ncover: pic.png\n"));
            folder.write("hugo.toml", "title = 'Of Hugo'\n# x\n");
            folder.define("mine.yaml", "title: Mine too\n");
            // Some changes may be visible, but nothing that was there may disappear.
            let end = Instant::now() + A_WHILE / 2;
            while Instant::now() < end {
                for (path, (now, before)) in paths.iter().zip(ask().iter().zip(&before)) {
                    for words in ["Of Hugo", "What happened.", "Mine", ">A<", "\"A\"", "pic.png"] {
                        let lost = before.contains(words) && !now.contains(words);
                        assert!(!lost, "{more} more, {mode:?}: {path} lost {words}:\n{now}\n{}", server.log());
                    }
                }
            }
            drop(shortage);
            server.eventually_shows("/categories/x/atom.xml", &["B", "A"]);
            server.eventually("/feeds/mine/feed.json", |answer| answer.text().contains("Mine too"));
            drop(server);
            folder.remove("content/posts/b.md");
            folder.define("mine.yaml", "title: Mine\n");
        }
    }
}

#[test]
fn without_file_descriptors_the_configuration_of_the_generator_is_not_taken_for_absent() {
    let folder = folder();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    fs::remove_dir(folder.path("feeds")).unwrap();
    for more in 0..3 {
        let server = folder.serve();
        let mut connection = server.connect();
        let mut title = || connection.ask("GET", "/feed.json", &[]).unwrap().ok().json()["title"].clone();
        assert_eq!(title(), "Of Hugo");
        let shortage = Shortage::new(&server, more);
        folder.write("hugo.toml", format!("title = 'Of Hugo'\n# {more}\n"));
        let other = within(A_WHILE / 2, || Some(title()).filter(|title| title != "Of Hugo"));
        assert_eq!(other, None, "{more} more\n{}", server.log());
        drop(shortage);
        folder.write("hugo.toml", "title = 'Of Hugo'\n");
    }
}

/// Wraps a command so that permissions apply to it even as root.
fn bound_by_permissions(command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    if geteuid().is_root() {
        wrapped.args(["--bounding-set", "-dac_override,-dac_read_search"]);
    }
    wrapped.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    wrapped
}

#[test]
fn an_unreadable_directory_causes_no_repeated_scans() {
    let folder = folder();
    folder.write("locked/b.md", article("B", "2026-01-02"));
    // A symlink that leads back cannot be watched either, and need not be.
    std::os::unix::fs::symlink("..", folder.content("locked/up")).unwrap();
    std::os::unix::fs::symlink("..", folder.content("up")).unwrap();
    let closed = folder.content("locked");
    fs::set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    let server = folder.serve_by(&["--watch", "events"], bound_by_permissions);
    let before = metric(&server, "feedmill_looks_total");
    let looks = within(A_WHILE, || Some(metric(&server, "feedmill_looks_total") - before).filter(|looks| *looks > 3));
    assert!(looks.is_none(), "{looks:?} scans without a change\n{}", server.log());
    assert!(!server.log().contains("the watcher reports an error"), "{}", server.log());
    assert_eq!(server.get("/readyz").ok().json()["watcher"], "events");
    // When it becomes readable, its articles appear, and it is watched.
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).unwrap();
    server.eventually_shows("/rss.xml", &["B", "A"]);
    folder.write("locked/c.md", article("C", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["C", "B", "A"]);
}
