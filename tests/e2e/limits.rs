//! What the system allows: full disks, open files, files that nobody may read or that are
//! too large. What can go on goes on, and what cannot is told.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::build::files;
use crate::driver::{
    Finished, Folder, Mill, Process, article, has_namespaces, namespaces, png, with_threads, within, without_rights,
};

/// A file of a gigabyte that takes no room.
fn gigabyte(path: &Path, head: &str) {
    fs::write(path, head).unwrap();
    File::options().write(true).open(path).unwrap().set_len(1 << 30).unwrap();
}

/// What the system says of a process; none where it does not know the word.
fn status_of(mill: &Mill, word: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{}/status", mill.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(':'));
    line.map(|value| value.trim().to_owned())
}

/// The most memory that a process has held, in kilobytes.
fn most_memory(mill: &Mill) -> u64 {
    status_of(mill, "VmHWM").unwrap().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn no_answer_waits_until_a_huge_page_is_cleared() {
    let folder = Folder::new();
    let mill = folder.serve();
    // Linux says it since 5.0.
    assert_eq!(status_of(&mill, "THP_enabled").as_deref().unwrap_or("0"), "0");
}

#[test]
fn an_article_of_a_gigabyte_is_left_out_and_told_and_never_read() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("b.md", article("B", "2026-01-02"));
    gigabyte(&folder.content("large.md"), &article("Large", "2026-01-03"));
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["B", "A"]);
    mill.logs(&["large.md", "larger than 2097152 bytes"]);
    // One that becomes large while somebody reads its page.
    mill.get("/articles/a/").assert_status(200);
    gigabyte(&folder.content("a.md"), &article("A", "2026-01-01"));
    mill.eventually_shows("/rss.xml", &["B"]);
    mill.get("/articles/a/").assert_status(404);
    mill.get("/articles/large/").assert_status(404);
    assert!(most_memory(&mill) < 300_000, "{} kB", most_memory(&mill));
    folder.run(&["check"]).assert_says(
        "large.md:1:1: the file is larger than 2097152 bytes, the limit for an article [error: unreadable]",
    );
    folder.run(&["build"]).assert_code(0);
}

/// A page whose file became a pipe is asked for before anybody has looked.
#[test]
fn a_request_for_what_became_a_pipe_is_answered() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("static/pic.png", png(3, 3));
    let mill = folder.serve_with(&["--watch", "off"]);
    for (file, path) in [("a.md", "/articles/a/"), ("static/pic.png", "/media/static/pic.png")] {
        mill.get(path).assert_status(200);
        folder.remove(file);
        let made = Command::new("mkfifo").arg(folder.content(file)).status().unwrap();
        assert!(made.success());
        mill.get(path).assert_status(404);
    }
}

#[test]
fn what_nobody_may_read_is_told_and_served_once_it_can_be_read() {
    if !has_namespaces() {
        return;
    }
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("shut.md", article("Shut", "2026-01-02"));
    folder.write("room/in.md", article("In", "2026-01-03"));
    folder.define("shut.yaml", "title: Shut\n");
    let closed = [folder.content("shut.md"), folder.content("room"), folder.path("feeds/shut.yaml")];
    let modes: Vec<u32> = closed.iter().map(|path| fs::metadata(path).unwrap().permissions().mode()).collect();
    for path in &closed {
        fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
    }
    let mill = folder.serve_by(&[], without_rights);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    for file in ["shut.md", "room", "feeds/shut.yaml"] {
        mill.logs(&[file, "cannot be read"]);
    }
    for (path, mode) in closed.iter().zip(modes) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    mill.admin("POST", "/reload");
    mill.eventually_shows("/rss.xml", &["In", "Shut", "A"]);
    mill.eventually("/feeds/shut/rss.xml", |answer| answer.status == 200);
}

#[test]
fn too_few_open_files_are_told_before_anything_is_bound() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let by_limit = |files: u32| {
        let mut shell = Command::new("sh");
        let flags = "--log json --bind 127.0.0.1:0 --admin-bind 127.0.0.1:0";
        shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\" {flags}"), env!("CARGO_BIN_EXE_feedmill")]);
        shell.current_dir(folder.path(""));
        shell
    };
    for files in [16, 64, 127] {
        let finished = Process::start(by_limit(files)).finish();
        finished.assert_code(2);
        assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
        finished.assert_says(&format!("only {files} files may be open"));
        finished.assert_says("ulimit -n");
    }
    let mill = folder.start(by_limit(128));
    // More than may be open at once: some wait outside until others have gone.
    let mut crowd: Vec<_> = (0..160).map(|_| mill.connect()).collect();
    assert!(crowd[0].ask("GET", "/rss.xml", &[]).is_ok());
    folder.write("b.md", article("B", "2026-01-02"));
    let shown = within(Duration::from_secs(12), || {
        let answer = crowd[0].ask("GET", "/rss.xml", &[]).unwrap();
        (answer.ok().titles() == ["B", "A"]).then_some(())
    });
    assert!(shown.is_some(), "{}", mill.log());
    crowd.truncate(1);
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    assert!(!mill.log().contains("panicked"), "{}", mill.log());
}

#[test]
fn an_image_of_200_gigabytes_keeps_no_page_waiting_and_is_not_copied() {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org\n");
    folder.write("a.md", article("A", "2026-01-01") + "\n![](huge.png) ![](long.png)\n");
    for (name, length) in [("huge.png", 200 << 30), ("long.png", 100 << 20)] {
        let path = folder.content(name);
        fs::write(&path, png(9, 9)).unwrap();
        File::options().write(true).open(path).unwrap().set_len(length).unwrap();
    }
    let mill = folder.serve();
    for _ in 0..64 {
        mill.connect().send("HEAD /media/huge.png HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
    }
    mill.get("/articles/a/").assert_status(200);
    let head = mill.head("/media/huge.png").ok();
    assert_eq!(head.must("content-length"), (200_u64 << 30).to_string());
    let part = mill
        .get_with("/media/huge.png", &[("Range", "bytes=107374182400-107374182409"), ("If-Range", head.must("etag"))]);
    assert_eq!((part.status, part.body), (206, vec![0; 10]));
    let finished = folder.run(&["build"]);
    finished.assert_code(0);
    finished.assert_says("huge.png: left out: it is 204800 MiB long with 0 MiB of data");
    finished.assert_says("long.png: left out: it is 100 MiB long");
    assert!(folder.path("dist/rss.xml").exists() && !folder.path("dist/media/huge.png").exists());
}

#[test]
fn a_podcast_of_100_mebibytes_is_served_and_copied() {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org\n");
    folder.write("a.md", article("A", "2026-01-01") + "\n![](long.png)\n");
    let mut bytes = png(9, 9);
    bytes.resize(100 << 20, b'.');
    folder.write("long.png", &bytes);
    let mill = folder.serve();
    let answer = mill.get("/media/long.png").ok();
    assert!(answer.body == bytes);
    mill.get_with("/media/long.png", &[("If-None-Match", answer.must("etag"))]).assert_status(304);
    folder.run(&["build"]).assert_code(0);
    assert!(fs::read(folder.path("dist/media/long.png")).unwrap() == bytes);
}

/// What a server of this folder answers on each of its ways to a thread.
fn assert_serves(folder: &Folder, mill: &Mill) {
    for path in ["/rss.xml", "/", "/articles/a/", "/media/pic.png", "/readyz"] {
        mill.get(path).assert_status(200);
    }
    // Such a file everyone may read.
    folder.write_in_place("b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    assert!(!mill.log().contains("panicked") && !mill.log().contains("broke"), "{}", mill.log());
}

fn threads_of(mill: &Mill) -> usize {
    fs::read_dir(format!("/proc/{}/task", mill.pid())).unwrap().count()
}

fn small_site() -> Folder {
    let folder = Folder::new();
    folder.write_in_place("a.md", article("A", "2026-01-01") + "\n![](pic.png)\n");
    folder.write_in_place("pic.png", png(3, 3));
    folder
}

#[test]
fn a_server_never_has_more_than_24_threads() {
    let folder = small_site();
    let mill = folder.serve();
    assert_serves(&folder, &mill);
    mill.admin("GET", "/status").assert_status(200);
    mill.admin("POST", "/reload").assert_status(202);
    assert!(threads_of(&mill) <= 24, "{}", threads_of(&mill));
}

#[test]
fn with_few_threads_a_server_serves_with_fewer_and_below_what_it_needs_it_says_so() {
    let folder = small_site();
    let arguments = ["--log", "json", "--bind", "127.0.0.1:0", "--admin-bind", "127.0.0.1:0"];
    for most in [1, 2, 5, 9, 13, 14] {
        let Some(command) = with_threads(&folder.command(&arguments), most) else {
            return;
        };
        let finished = Process::start(command).finish();
        finished.assert_code(2);
        assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
        finished.assert_says("allow more");
        assert!(!finished.err.contains("panicked"), "{}", finished.err);
    }
    for most in [15, 16, 18, 20, 23, 24, 64] {
        let mill = folder.start(with_threads(&folder.command(&arguments), most).unwrap());
        assert_serves(&folder, &mill);
        mill.admin("GET", "/readyz").assert_status(200);
        assert!(threads_of(&mill) <= 24.min(most as usize), "{} of {most}", threads_of(&mill));
        folder.remove("b.md");
    }
    let without = ["--log", "json", "--bind", "127.0.0.1:0", "--admin-bind", "off"];
    let mill = folder.start(with_threads(&folder.command(&without), 12).unwrap());
    assert_serves(&folder, &mill);
}

#[test]
fn with_few_threads_build_and_check_do_their_work_or_say_why_not() {
    let folder = small_site();
    for command in ["build", "check"] {
        for most in 1..=8 {
            let arguments = [&[command][..], if command == "build" { &["--out", "dist"] } else { &[] }].concat();
            let Some(limited) = with_threads(&folder.command(&arguments), most) else {
                return;
            };
            // An ordinary user who may write beside the content.
            fs::set_permissions(folder.path(""), Permissions::from_mode(0o777)).unwrap();
            let finished = Process::start(limited).finish();
            assert!(!finished.said().contains("panicked"), "{command} with {most}:\n{}", finished.said());
            if most < 3 {
                finished.assert_code(2);
                finished.assert_says("allow more");
            } else {
                finished.assert_code(0);
            }
            if command == "build" && most >= 3 {
                assert!(folder.path("dist/rss.xml").exists());
                fs::remove_dir_all(folder.path("dist")).unwrap();
            }
        }
    }
}

/// Runs a script in namespaces of its own, `$0` the program.
fn script(folder: &Folder, setup: &str, script: &str) -> Finished {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_feedmill")]).current_dir(folder.path(""));
    Process::start(namespaces(&shell, setup)).finish()
}

/// Every file below a directory, with what stands in it.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| (name.clone(), fs::read(root.join(name)).unwrap());
    files(root).into_iter().map(read).collect()
}

fn site() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org\n");
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("gone.md", article("Gone", "2026-01-02"));
    folder.put("later/b.md", article("B", "2026-01-03") + &"word ".repeat(100_000));
    folder
}

#[test]
fn a_build_into_a_full_disk_leaves_the_earlier_one_and_says_so() {
    if !has_namespaces() {
        return;
    }
    let folder = site();
    fs::create_dir(folder.path("small")).unwrap();
    // Where there is room for one tree and a little more.
    let finished = script(
        &folder,
        "mount -t tmpfs -o size=700k none small",
        "\"$0\" build --out small/dist || exit 90; cp -r small/dist before; cp later/b.md content/; rm content/gone.md
        \"$0\" build --out small/dist; code=$?; cp -r small/dist after; ls -A small >names; exit $code",
    );
    finished.assert_code(2);
    finished.assert_says("cannot write");
    finished.assert_says("no space left on device; make room there");
    assert_eq!(fs::read_to_string(folder.path("names")).unwrap(), "dist\n", "something lies about");
    let before = tree(&folder.path("before"));
    assert!(before.len() > 10 && before == tree(&folder.path("after")), "a mixture");
}

#[test]
fn a_mount_point_is_written_in_place_and_comes_out_the_same() {
    if !has_namespaces() {
        return;
    }
    let folder = site();
    fs::create_dir(folder.path("dist")).unwrap();
    let finished = script(
        &folder,
        "mount -t tmpfs none dist",
        "\"$0\" build || exit 90; stat -c %i dist/feed.css >inode; cp later/b.md content/; rm content/gone.md
        \"$0\" build || exit 91; stat -c %i dist/feed.css >>inode; cp -r dist copied; mountpoint -q dist",
    );
    finished.assert_code(0);
    finished.assert_says("one by one");
    assert_eq!(fs::read_dir(folder.path("dist")).unwrap().count(), 0, "it was written beside the mount");
    folder.run(&["build", "--out", "elsewhere"]).assert_code(0);
    let (copied, elsewhere) = (tree(&folder.path("copied")), tree(&folder.path("elsewhere")));
    assert_eq!(copied.keys().collect::<Vec<_>>(), elsewhere.keys().collect::<Vec<_>>());
    assert!(copied == elsewhere);
    let inodes = fs::read_to_string(folder.path("inode")).unwrap();
    let inodes: Vec<&str> = inodes.lines().collect();
    assert_eq!(inodes[0], inodes[1], "what did not change is left alone");
}
