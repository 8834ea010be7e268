//! Where events do not tell all: limits of the system, file systems that others write to, lost
//! queues, no more file descriptors, directories that nobody may read. What is served stays
//! right, and whoever asks is told how changes are found and why.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, geteuid, getrlimit, prlimit};

use crate::driver::{Folder, Mill, article, article_with, has_namespaces, namespaces, png, within};

/// Longer than any look takes, shorter than the next look at everything.
const A_WHILE: Duration = Duration::from_secs(2);

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder
}

/// Serves by `auto` where a shell did `setup` before.
fn serve_after(folder: &Folder, setup: &str) -> Mill {
    folder.serve_by(&["--watch", "auto", "--poll", "100ms"], |command| namespaces(command, setup))
}

fn directories(folder: &Folder, names: std::ops::Range<u32>) {
    for name in names {
        fs::create_dir(folder.content(&name.to_string())).unwrap();
    }
}

/// Waits until it polls for a reason, and sees that all who may ask are told.
#[track_caller]
fn polls_because(mill: &Mill, reason: &str) {
    let told = |watch: &serde_json::Value| {
        watch["watcher"] == "poll" && watch["watcher_reason"].as_str().is_some_and(|why| why.contains(reason))
    };
    mill.eventually("/readyz", |answer| answer.status == 200 && told(&answer.json()));
    let status = mill.admin("GET", "/status").ok().json();
    assert!(told(&status["watch"]), "{status}");
    let metrics = mill.admin("GET", "/metrics").ok().text();
    assert!(metrics.contains("feedmill_watch{mode=\"poll\"} 1\n"), "{metrics}");
    mill.logs(&[reason]);
}

fn metric(mill: &Mill, name: &str) -> u64 {
    let text = mill.admin("GET", "/metrics").ok().text();
    text.lines()
        .filter(|line| line.starts_with(name))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum()
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn with_more_directories_than_may_be_watched_it_polls_and_says_why() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    directories(&folder, 0..60);
    let mill = serve_after(&folder, "echo 40 > /proc/sys/user/max_inotify_watches");
    polls_because(&mill, "fs.inotify.max_user_watches");
    folder.write("59/b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn a_limit_that_is_reached_later_ends_events_until_there_is_room_again() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    let mill = serve_after(&folder, "echo 40 > /proc/sys/user/max_inotify_watches");
    assert_eq!(mill.get("/readyz").ok().json()["watcher"], "events");
    directories(&folder, 0..60);
    polls_because(&mill, "fs.inotify.max_user_watches");
    folder.write("59/b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    for name in 0..60 {
        folder.remove(&name.to_string());
    }
    mill.admin("POST", "/reload");
    mill.eventually("/readyz", |answer| answer.json()["watcher"] == "events");
    mill.logs(&["events come again"]);
    folder.write("c.md", article("C", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["C", "A"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn a_swap_where_two_watches_have_no_room_beside_each_other_loses_events_for_a_moment_only() {
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
    let mill = folder.serve_by(&flags, |command| namespaces(command, "echo 45 > /proc/sys/user/max_inotify_watches"));
    assert_eq!(mill.get("/readyz").ok().json()["watcher"], "events", "{}", mill.log());
    std::os::unix::fs::symlink("two", folder.path("next")).unwrap();
    fs::rename(folder.path("next"), folder.path("current")).unwrap();
    mill.eventually_shows("/rss.xml", &["two"]);
    mill.eventually("/readyz", |answer| answer.json()["watcher"] == "events");
    folder.put("two/24/b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "two"]);
}

// docs/decisions/dependencies.md#limits-of-inotify
#[test]
fn without_a_watcher_to_be_had_it_polls_and_says_why() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    let mill = serve_after(&folder, "echo 0 > /proc/sys/user/max_inotify_instances");
    polls_because(&mill, "fs.inotify.max_user_instances");
    folder.write("b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#file-systems-without-events
#[test]
fn on_an_overlay_it_polls_and_says_why_and_what_happens_below_is_found() {
    if !has_namespaces() {
        return;
    }
    let folder = folder();
    for directory in ["upper", "work", "merged"] {
        fs::create_dir(folder.path(directory)).unwrap();
    }
    let setup = "mount -t overlay overlay -o lowerdir=content,upperdir=upper,workdir=work merged";
    let mill = folder.serve_by(&["--content", "merged", "--poll", "100ms"], |command| namespaces(command, setup));
    polls_because(&mill, "an overlay");
    // Written to the layer below, which no watch of the overlay hears.
    folder.write("b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
}

// docs/decisions/dependencies.md#file-systems-without-events
#[test]
fn what_no_event_tells_is_found_by_the_next_rescan() {
    let folder = folder();
    fs::hard_link(folder.content("a.md"), folder.path("elsewhere.md")).unwrap();
    let mill = folder.serve_with(&["--watch", "events", "--rescan", "1s"]);
    // The watch of a directory hears what is done by the names in it.
    fs::write(folder.path("elsewhere.md"), article("Edited", "2026-01-01")).unwrap();
    mill.eventually_shows("/rss.xml", &["Edited"]);
}

#[test]
fn events_that_the_kernel_dropped_are_made_up_for_by_a_look_at_everything() {
    let folder = folder();
    folder.write("b.md", article("B", "2026-01-02"));
    let mill = folder.serve_with(&["--watch", "events"]);
    mill.deafen(&folder.content(""));
    folder.write("lost/c.md", article("C", "2026-01-03"));
    folder.remove("b.md");
    mill.signal(Signal::CONT);
    mill.eventually_shows("/rss.xml", &["C", "A"]);
    assert_eq!(metric(&mill, "feedmill_queue_overflows_total"), 1, "{}", mill.log());
    mill.logs(&["events were lost", "fs.inotify.max_queued_events"]);
    // The directory that nobody told of is watched.
    folder.write("lost/d.md", article("D", "2026-01-04"));
    mill.eventually_shows("/rss.xml", &["D", "C", "A"]);
}

/// Lets a process open so many files more, until it is dropped.
struct Shortage<'a> {
    mill: &'a Mill,
    before: Rlimit,
}

impl<'a> Shortage<'a> {
    #[track_caller]
    fn new(mill: &'a Mill, more: u64) -> Self {
        let open = fs::read_dir(format!("/proc/{}/fd", mill.pid())).unwrap();
        let open: BTreeSet<u64> =
            open.map(|name| name.unwrap().file_name().to_str().unwrap().parse().unwrap()).collect();
        // Numbers below the limit are given away again, from the lowest.
        let most = (0..).scan(0, |free, number| {
            *free += u64::from(!open.contains(&number));
            Some((number, *free))
        });
        let most = most.take_while(|(_, free)| *free <= more).last().map_or(0, |(number, _)| number + 1);
        let before = limit(mill, Rlimit { current: Some(most), maximum: getrlimit(Resource::Nofile).maximum });
        Self { mill, before }
    }
}

impl Drop for Shortage<'_> {
    fn drop(&mut self) {
        limit(self.mill, self.before);
    }
}

#[track_caller]
fn limit(mill: &Mill, wanted: Rlimit) -> Rlimit {
    prlimit(Pid::from_raw(mill.pid().cast_signed()), Resource::Nofile, wanted).unwrap()
}

#[test]
fn without_file_descriptors_the_last_state_stays_and_what_changed_is_found_afterwards() {
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/posts/a.md", article_with("A", "2026-01-01", "categories: [x]\ncover: pic.png\n"));
    folder.write("content/posts/pic.png", png(3, 4));
    folder.define("site.yaml", "description: What happened.\n");
    folder.define("mine.yaml", "title: Mine\n");
    let paths = ["/rss.xml", "/categories/x/atom.xml", "/feeds/mine/feed.json", "/feeds.json"];
    for more in 0..4 {
        for mode in [&["--watch", "events"][..], &["--watch", "poll", "--poll", "50ms"]] {
            let mill = folder.serve_with(mode);
            let mut connection = mill.connect();
            let mut ask = || paths.map(|path| connection.ask("GET", path, &[]).unwrap().ok().text());
            let before = ask();
            assert!(before[0].contains("Of Hugo") && before[0].contains("What happened."), "{}", before[0]);
            let shortage = Shortage::new(&mill, more);
            folder.write("content/posts/b.md", article_with("B", "2026-01-02", "categories: [x]\ncover: pic.png\n"));
            folder.write("hugo.toml", "title = 'Of Hugo'\n# x\n");
            folder.define("mine.yaml", "title: Mine too\n");
            // Some of it may be seen, but nothing of what was there may be lost.
            let end = Instant::now() + A_WHILE / 2;
            while Instant::now() < end {
                for (path, (now, before)) in paths.iter().zip(ask().iter().zip(&before)) {
                    for words in ["Of Hugo", "What happened.", "Mine", ">A<", "\"A\"", "pic.png"] {
                        let lost = before.contains(words) && !now.contains(words);
                        assert!(!lost, "{more} more, {mode:?}: {path} lost {words}:\n{now}\n{}", mill.log());
                    }
                }
            }
            drop(shortage);
            mill.eventually_shows("/categories/x/atom.xml", &["B", "A"]);
            mill.eventually("/feeds/mine/feed.json", |answer| answer.text().contains("Mine too"));
            drop(mill);
            folder.remove("content/posts/b.md");
            folder.define("mine.yaml", "title: Mine\n");
        }
    }
}

#[test]
fn without_file_descriptors_what_a_generator_says_is_not_taken_for_absent() {
    let folder = folder();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    fs::remove_dir(folder.path("feeds")).unwrap();
    for more in 0..3 {
        let mill = folder.serve();
        let mut connection = mill.connect();
        let mut title = || connection.ask("GET", "/feed.json", &[]).unwrap().ok().json()["title"].clone();
        assert_eq!(title(), "Of Hugo");
        let shortage = Shortage::new(&mill, more);
        folder.write("hugo.toml", format!("title = 'Of Hugo'\n# {more}\n"));
        let other = within(A_WHILE / 2, || Some(title()).filter(|title| title != "Of Hugo"));
        assert_eq!(other, None, "{more} more\n{}", mill.log());
        drop(shortage);
        folder.write("hugo.toml", "title = 'Of Hugo'\n");
    }
}

/// The command, run without the superuser's right to pass over permissions.
fn bound_by_permissions(command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    if geteuid().is_root() {
        wrapped.args(["--bounding-set", "-dac_override,-dac_read_search"]);
    }
    wrapped.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    wrapped
}

#[test]
fn a_directory_that_stays_closed_is_no_reason_to_look_again_and_again() {
    let folder = folder();
    folder.write("locked/b.md", article("B", "2026-01-02"));
    // A link that leads back cannot be watched either, and need not be.
    std::os::unix::fs::symlink("..", folder.content("locked/up")).unwrap();
    std::os::unix::fs::symlink("..", folder.content("up")).unwrap();
    let closed = folder.content("locked");
    fs::set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    let mill = folder.serve_by(&["--watch", "events"], bound_by_permissions);
    let before = metric(&mill, "feedmill_looks_total");
    let looks = within(A_WHILE, || Some(metric(&mill, "feedmill_looks_total") - before).filter(|looks| *looks > 3));
    assert!(looks.is_none(), "{looks:?} looks at what did not change\n{}", mill.log());
    assert!(!mill.log().contains("the watcher reports an error"), "{}", mill.log());
    assert_eq!(mill.get("/readyz").ok().json()["watcher"], "events");
    // When it opens all of it is there, and watched.
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).unwrap();
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    folder.write("locked/c.md", article("C", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["C", "B", "A"]);
}
