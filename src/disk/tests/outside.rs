//! Symbolic links: followed inside the roots, but never out of them, however they are swapped.

use std::io::Read as _;
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::disk::content_roots::{ContentRoots, beneath, by_parts, open_directory};
use crate::disk::open::Refusal;
use crate::platform::Links;
use rustix::fs::OFlags;

/// A site with secret files outside its roots.
fn site() -> TempSite {
    let mut site = TempSite::new();
    site.scan_config.image_roots = vec!["static".into()];
    site.article("content/own.md", "own");
    site.article("secret/a.md", "secret");
    site.write("secret/pic.png", "\x47IF89a");
    fs::create_dir(site.path("static")).unwrap();
    site
}

fn link(site: &TempSite, target: impl AsRef<Path>, at: &str) {
    fs::create_dir_all(site.path(at).parent().unwrap()).unwrap();
    symlink(target, site.path(at)).unwrap();
}

#[test]
fn links_that_lead_outside_are_reported_and_not_read() {
    let mut site = site();
    let secret = site.path("secret");
    link(&site, secret.join("a.md"), "content/absolute.md");
    link(&site, "../secret/a.md", "content/relative.md");
    link(&site, "../../secret/a.md", "content/x/deep.md");
    link(&site, "absolute.md", "content/second.md");
    link(&site, "/proc/self/environ", "content/environ.md");
    link(&site, &secret, "content/directory");
    link(&site, "/", "content/root");
    link(&site, "directory", "content/second-directory");
    link(&site, secret.join("pic.png"), "content/pic.png");
    link(&site, &secret, "static/directory");
    link(&site, secret.join("pic.png"), "static/own.png");
    let scan = site.scan(&ChangedPaths::Everything);
    let outside: BTreeSet<&str> = scan
        .batch
        .articles
        .iter()
        .filter(|(_, file)| matches!(file, Some(File::Unreadable(problem)) if problem.code == Code::Outside))
        .map(|(place, _)| place.as_str())
        .collect();
    let expected = [
        "../static/directory",
        "../static/own.png",
        "absolute.md",
        "directory",
        "environ.md",
        "pic.png",
        "relative.md",
        "root",
        "second-directory",
        "second.md",
        "x/deep.md",
    ];
    assert_eq!(outside, expected.into());
    assert!(site.titles().values().all(|title| *title != "secret"));
    assert!(site.media.is_empty());
    // Scans of single paths agree, also after the links lead inside again.
    for name in ["absolute.md", "directory", "pic.png"] {
        fs::remove_file(site.path("content").join(name)).unwrap();
    }
    link(&site, "own.md", "content/absolute.md");
    site.article("content/.kept/b.md", "b");
    link(&site, ".kept", "content/directory");
    let changed = ["absolute.md", "directory", "pic.png"].map(|name| site.path("content").join(name));
    site.scan(&ChangedPaths::Paths(changed.into()));
    assert_eq!(site.titles()["absolute.md"], "own");
    assert_eq!(site.titles()["directory/b.md"], "b");
    site.agrees();
}

#[test]
fn links_inside_the_roots_work_relative_or_absolute_and_to_hidden_names() {
    let mut site = site();
    site.article("content/.hidden/h.md", "h");
    site.article("content/.hidden.md", "hidden");
    site.article("static/s.md", "s");
    site.write("static/pic.png", "GIF89a");
    for (target, at) in [
        ("own.md", "content/relative.md"),
        (".hidden.md", "content/shown.md"),
        (".hidden", "content/shown"),
        ("../static/s.md", "content/s.md"),
        ("../static/pic.png", "content/pic.png"),
        ("../../content/own.md", "content/x/up-and-down.md"),
    ] {
        link(&site, target, at);
    }
    link(&site, site.path("content/own.md"), "content/absolute.md");
    link(&site, site.path("content/.hidden"), "content/absolute");
    link(&site, site.path("static"), "content/static");
    site.everything();
    let titles = site.titles();
    for (place, title) in [
        ("relative.md", "own"),
        ("absolute.md", "own"),
        ("x/up-and-down.md", "own"),
        ("shown.md", "hidden"),
        ("shown/h.md", "h"),
        ("absolute/h.md", "h"),
        ("s.md", "s"),
        ("static/s.md", "s"),
    ] {
        assert_eq!(titles.get(place).copied(), Some(title), "{place}");
    }
    assert!(site.media.contains_key("pic.png") && site.media.contains_key("static/pic.png"));
    site.agrees();
}

#[test]
fn an_edit_behind_a_link_to_a_hidden_path_is_detected() {
    let site = site();
    site.article("content/.hidden/h.md", "h");
    site.article("content/.hidden.md", "hidden");
    link(&site, ".hidden.md", "content/shown.md");
    link(&site, ".hidden", "content/shown");
    site.article("content/node_modules/package/p.md", "p");
    link(&site, "node_modules/package", "content/package");
    let (mut site, event_queue, mut watch) = events::armed(site);
    // The scan has not yet reported which hidden paths are link targets.
    site.article("content/.hidden.md", "early");
    watch.follow(site.known.hidden_targets());
    events::follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["shown.md"] == "early");
    for title in ["1", "2"] {
        for (path, place) in [
            (".hidden.md", "shown.md"),
            (".hidden/h.md", "shown/h.md"),
            (".hidden/new/n.md", "shown/new/n.md"),
            ("node_modules/package/p.md", "package/p.md"),
        ] {
            site.article(&format!("content/{path}"), title);
            events::follow(&mut site, &event_queue, &mut watch, &|site| {
                site.titles().get(place).is_some_and(|now| *now == title)
            });
        }
        // Another directory replaces the one that the link leads to.
        fs::rename(site.path("content/.hidden"), site.path("content/.old")).unwrap();
        site.article("content/.hidden/h.md", "another");
        events::follow(&mut site, &event_queue, &mut watch, &|site| site.titles()["shown/h.md"] == "another");
        fs::remove_dir_all(site.path("content/.old")).unwrap();
    }
}

#[test]
fn a_link_to_a_parent_directory_does_not_take_over_the_events_of_a_tree() {
    let site = site();
    link(&site, "..", "static/x");
    link(&site, "../content", "static/y");
    link(&site, ".", "content/self");
    fs::create_dir(site.path("content/deep")).unwrap();
    link(&site, "../..", "content/deep/up");
    let (mut site, event_queue, mut watch) = events::armed(site);
    for (place, title) in [("own.md", "1"), ("deep/new.md", "2"), ("own.md", "3")] {
        site.article(&format!("content/{place}"), title);
        events::follow(&mut site, &event_queue, &mut watch, &|site| {
            site.titles().get(place).is_some_and(|now| *now == title)
        });
    }
    site.write("static/pic.png", "GIF89a");
    events::follow(&mut site, &event_queue, &mut watch, &|site| site.media.contains_key("pic.png"));
}

#[test]
fn a_directory_that_became_a_link_before_its_event_is_read_takes_over_no_events() {
    let site = site();
    site.article("content/deep/a.md", "a");
    let (mut site, event_queue, mut watch) = events::armed(site);
    {
        // The lock makes the watcher's thread wait with the first event until all of this has happened.
        let _held = event_queue.hold();
        fs::create_dir(site.path("content/first")).unwrap();
        let path = site.path("content/deep/up");
        fs::create_dir(&path).unwrap();
        fs::remove_dir(&path).unwrap();
        symlink("..", &path).unwrap();
    }
    for title in ["1", "2", "3"] {
        for place in ["own.md", "deep/a.md"] {
            site.article(&format!("content/{place}"), title);
            events::follow(&mut site, &event_queue, &mut watch, &|site| site.titles()[place] == title);
        }
    }
}

#[test]
fn an_event_of_one_hard_link_updates_all_names_of_the_file() {
    let mut site = site();
    let path = site.article("content/a.md", "a");
    fs::hard_link(&path, site.path("content/b.md")).unwrap();
    site.everything();
    fs::create_dir(site.path("content/x")).unwrap();
    fs::hard_link(&path, site.path("content/x/c.md")).unwrap();
    site.scan(&ChangedPaths::Paths([site.path("content/x")].into()));
    fs::write(&path, article("edited")).unwrap();
    site.scan(&ChangedPaths::Paths([path].into()));
    site.agrees();
    // Add a second name to a file that had one.
    fs::hard_link(site.path("content/own.md"), site.path("content/twin.md")).unwrap();
    site.scan(&ChangedPaths::Paths([site.path("content/twin.md")].into()));
    fs::write(site.path("content/twin.md"), article("edited")).unwrap();
    site.scan(&ChangedPaths::Paths([site.path("content/twin.md")].into()));
    assert_eq!(site.titles()["own.md"], "edited");
    site.agrees();
    // Before the next scan, a second name appears and the file becomes too large.
    let path = site.article("content/large.md", "large");
    site.everything();
    fs::hard_link(&path, site.path("content/larger.md")).unwrap();
    fs::File::options().append(true).open(&path).unwrap().set_len(site.scan_config.options.max_bytes + 1).unwrap();
    site.scan(&ChangedPaths::Paths([site.path("content/larger.md")].into()));
    site.agrees();
    // The name through which a file was edited is deleted right afterwards.
    fs::write(&path, article("small")).unwrap();
    fs::remove_file(&path).unwrap();
    site.scan(&ChangedPaths::Paths([path].into()));
    assert_eq!(site.titles()["larger.md"], "small");
    site.agrees();
}

#[test]
fn an_edit_through_a_hard_link_that_is_no_article_is_found_after_its_name_is_gone() {
    // The last of them is a copy of a conflict, because `a.md` exists.
    for other in ["a.txt", "draft.md~", "x/a.md.bak", "a_REMOTE_1.md"] {
        for leave in [
            |path: &Path| fs::remove_file(path).unwrap(),
            |path: &Path| {
                fs::rename(path, path.with_file_name("gone.md")).unwrap();
                fs::write(path, "another file").unwrap();
                fs::remove_file(path.with_file_name("gone.md")).unwrap();
            },
        ] {
            let mut site = site();
            site.article("content/a.md", "a");
            site.article("content/x/b.md", "b");
            let other = site.path("content").join(other);
            fs::hard_link(site.path("content/x/b.md"), &other).unwrap();
            site.everything();
            site.reconcile();
            fs::write(&other, article("edited")).unwrap();
            leave(&other);
            site.scan(&ChangedPaths::Paths([other.clone(), other.with_file_name("gone.md")].into()));
            assert_eq!(site.titles()["x/b.md"], "edited", "{}", other.display());
            site.agrees();
        }
    }
}

#[test]
fn a_default_root_is_followed_only_inside_the_repository_and_a_named_one_anywhere() {
    let mut site = TempSite::at("site/content");
    site.article("site/content/a.md", "a");
    site.write("away/pic.png", "GIF89a");
    link(&site, "../away", "site/static");
    site.scan_config.image_roots = vec!["static".into()];
    site.everything();
    assert!(site.media.is_empty());
    assert_eq!(untrusted_roots(&site.scan_config), [site.path("site/static")]);
    site.scan_config.image_roots_origin = Origin::Named;
    site.everything();
    assert!(site.media.contains_key("pic.png") && untrusted_roots(&site.scan_config).is_empty());
    // The repository may begin further up.
    site.scan_config.image_roots_origin = Origin::Default;
    fs::create_dir(site.path(".git")).unwrap();
    site.everything();
    assert!(site.media.contains_key("pic.png"));
    fs::create_dir(site.path("site/.git")).unwrap();
    site.everything();
    assert!(site.media.is_empty());
}

#[test]
fn a_default_content_directory_is_not_followed_out_of_the_repository() {
    let mut site = TempSite::at("site/content");
    site.article("away/a.md", "a");
    link(&site, "../away", "site/content");
    assert_eq!(site.everything(), ["a.md"]);
    site.scan_config.content_origin = Origin::Default;
    let error = site.try_scan(&ChangedPaths::Everything).unwrap_err().to_string();
    assert!(error.contains("--content"), "{error}");
}

/// Stops the swapping thread, also when an assertion fails.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs `swap` repeatedly while a path is opened many times. Every byte that is read must be from inside the roots.
fn race(site: &TempSite, path: &str, swap: &(dyn Fn() + Sync)) {
    let roots = ContentRoots::of(&[site.path("content"), site.path("static")]).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                swap();
            }
        });
        let _stops = Stops(&stop);
        let (mut own, mut refused) = (0, 0);
        for _ in 0..200_000 {
            match roots.open(&site.path(path)) {
                Ok((mut file, _)) => {
                    let mut text = String::new();
                    file.read_to_string(&mut text).unwrap();
                    assert!(!text.contains("secret"));
                    own += 1;
                }
                Err(Refusal::Outside) => refused += 1,
                Err(_) => {}
            }
            if own > 500 && refused > 500 {
                break;
            }
        }
        assert!(own > 0 && refused > 0, "the race had only one outcome: {own} opened, {refused} refused");
    });
}

#[test]
fn a_file_swapped_for_a_link_is_never_followed_outside() {
    let site = site();
    let (path, beside) = (site.path("content/own.md"), site.path("content/.beside"));
    race(&site, "content/own.md", &|| {
        symlink(site.path("secret/a.md"), &beside).unwrap();
        fs::rename(&beside, &path).unwrap();
        fs::write(&beside, "own").unwrap();
        fs::rename(&beside, &path).unwrap();
    });
}

#[test]
fn a_directory_swapped_for_a_link_is_never_followed_outside() {
    let site = site();
    site.article("content/x/a.md", "own");
    let (path, kept) = (site.path("content/x"), site.path("content/.kept"));
    race(&site, "content/x/a.md", &|| {
        fs::rename(&path, &kept).unwrap();
        symlink(site.path("secret"), &path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::rename(&kept, &path).unwrap();
    });
}

#[test]
fn a_kernel_without_openat2_refuses_the_same_paths() {
    let site = site();
    site.article("content/x/a.md", "own");
    link(&site, "../secret/a.md", "content/out.md");
    link(&site, "../secret", "content/out");
    link(&site, "x", "content/in");
    let (root, _) = open_directory(&site.path("content")).unwrap();
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    for below in ["own.md", "x/a.md", "x", "", "none.md", "x/none/a.md", "out.md", "out/a.md", "out", "in/a.md", "in"] {
        let kernel = beneath(root.as_fd(), Path::new(below), flags, Links::Refuse).map(drop);
        let parts = by_parts(root.as_fd(), Path::new(if below.is_empty() { "." } else { below }), flags).map(drop);
        assert_eq!(kernel, parts, "{below}");
    }
}

#[test]
fn only_regular_files_are_opened() {
    let site = site();
    let fifo = site.path("content/fifo.md");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    link(&site, "fifo.md", "content/linked.md");
    link(&site, "/dev/zero", "content/zero.md");
    let _socket = std::os::unix::net::UnixListener::bind(site.path("content/socket.md")).unwrap();
    let roots = ContentRoots::of(&[site.path("content")]).unwrap();
    let refused = |name: &str| roots.open(&site.path("content").join(name)).unwrap_err();
    assert!(matches!(refused("fifo.md"), Refusal::NoFile("a named pipe")));
    assert!(matches!(refused("linked.md"), Refusal::NoFile("a named pipe")));
    assert!(matches!(refused("zero.md"), Refusal::Outside));
    assert!(matches!(refused("."), Refusal::NoFile("a directory")));
    assert!(!matches!(refused("socket.md"), Refusal::Gone | Refusal::Outside));
}
