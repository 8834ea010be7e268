//! Limits of the system: full disks, open files, threads, files that are unreadable or too large. The program
//! continues where it can, and reports what it cannot do.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::build::files;
use crate::driver::{
    Finished, Folder, Process, TestServer, article, has_namespaces, namespaces, png, with_threads, within,
    without_rights,
};

/// A sparse file of a gigabyte.
fn gigabyte(path: &Path, head: &str) {
    fs::write(path, head).unwrap();
    File::options().write(true).open(path).unwrap().set_len(1 << 30).unwrap();
}

/// The value of a key in /proc/PID/status; `None` if the kernel does not have it.
fn status_of(server: &TestServer, word: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(':'));
    line.map(|value| value.trim().to_owned())
}

/// The peak memory of the process, in kilobytes.
fn most_memory(server: &TestServer) -> u64 {
    status_of(server, "VmHWM").unwrap().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn transparent_huge_pages_are_disabled() {
    let folder = Folder::new();
    let server = folder.serve();
    // Linux reports it since 5.0.
    assert_eq!(status_of(&server, "THP_enabled").as_deref().unwrap_or("0"), "0");
}

#[test]
fn an_article_of_a_gigabyte_is_reported_and_never_read() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("b.md", article("B", "2026-01-02"));
    gigabyte(&folder.content("large.md"), &article("Large", "2026-01-03"));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["B", "A"]);
    server.logs(&["large.md", "larger than 2097152 bytes"]);
    // A file that becomes too large after its page was requested.
    server.get("/articles/a/").assert_status(200);
    gigabyte(&folder.content("a.md"), &article("A", "2026-01-01"));
    server.eventually_shows("/rss.xml", &["B"]);
    server.get("/articles/a/").assert_status(404);
    server.get("/articles/large/").assert_status(404);
    assert!(most_memory(&server) < 300_000, "{} kB", most_memory(&server));
    folder.run(&["check"]).assert_says(
        "large.md:1:1: the file is larger than 2097152 bytes, the limit for an article [error: unreadable]",
    );
    folder.run(&["build"]).assert_code(0);
}

/// The page of an article whose file has become a pipe is requested before a rescan.
#[test]
fn a_request_for_a_file_that_became_a_pipe_does_not_hang() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("static/pic.png", png(3, 3));
    let server = folder.serve_with(&["--watch", "off"]);
    for (file, path) in [("a.md", "/articles/a/"), ("static/pic.png", "/media/static/pic.png")] {
        server.get(path).assert_status(200);
        folder.remove(file);
        let made = Command::new("mkfifo").arg(folder.content(file)).status().unwrap();
        assert!(made.success());
        server.get(path).assert_status(404);
    }
}

#[test]
fn an_unreadable_file_is_reported_and_served_once_it_is_readable() {
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
    let server = folder.serve_by(&[], without_rights);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    for file in ["shut.md", "room", "feeds/shut.yaml"] {
        server.logs(&[file, "cannot be read"]);
    }
    for (path, mode) in closed.iter().zip(modes) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    server.admin("POST", "/reload");
    server.eventually_shows("/rss.xml", &["In", "Shut", "A"]);
    server.eventually("/feeds/shut/rss.xml", |answer| answer.status == 200);
}

#[test]
fn too_low_a_limit_of_open_files_is_reported_before_a_port_is_bound() {
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
    let server = folder.start(by_limit(128));
    // More connections than open files are allowed: some wait outside until others are closed.
    let mut crowd: Vec<_> = (0..160).map(|_| server.connect()).collect();
    assert!(crowd[0].ask("GET", "/rss.xml", &[]).is_ok());
    folder.write("b.md", article("B", "2026-01-02"));
    let shown = within(Duration::from_secs(12), || {
        let answer = crowd[0].ask("GET", "/rss.xml", &[]).unwrap();
        (answer.ok().titles() == ["B", "A"]).then_some(())
    });
    assert!(shown.is_some(), "{}", server.log());
    crowd.truncate(1);
    server.eventually_shows("/rss.xml", &["B", "A"]);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn an_image_of_200_gigabytes_delays_no_page_and_is_not_copied() {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org\n");
    folder.write("a.md", article("A", "2026-01-01") + "\n![](huge.png) ![](long.png)\n");
    for (name, length) in [("huge.png", 200 << 30), ("long.png", 100 << 20)] {
        let path = folder.content(name);
        fs::write(&path, png(9, 9)).unwrap();
        File::options().write(true).open(path).unwrap().set_len(length).unwrap();
    }
    let server = folder.serve();
    for _ in 0..64 {
        server.connect().send("HEAD /media/huge.png HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
    }
    server.get("/articles/a/").assert_status(200);
    let head = server.head("/media/huge.png").ok();
    assert_eq!(head.must("content-length"), (200_u64 << 30).to_string());
    let part = server
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
    let server = folder.serve();
    let answer = server.get("/media/long.png").ok();
    assert!(answer.body == bytes);
    server.get_with("/media/long.png", &[("If-None-Match", answer.must("etag"))]).assert_status(304);
    folder.run(&["build"]).assert_code(0);
    assert!(fs::read(folder.path("dist/media/long.png")).unwrap() == bytes);
}

/// Asserts that a server still responds and follows changes.
fn assert_serves(folder: &Folder, server: &TestServer) {
    for path in ["/rss.xml", "/", "/articles/a/", "/media/pic.png", "/readyz"] {
        server.get(path).assert_status(200);
    }
    // Written in place, so that its permissions stay.
    folder.write_in_place("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    assert!(!server.log().contains("panicked") && !server.log().contains("broke"), "{}", server.log());
}

fn threads_of(server: &TestServer) -> usize {
    fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap().count()
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
    let server = folder.serve();
    assert_serves(&folder, &server);
    server.admin("GET", "/status").assert_status(200);
    server.admin("POST", "/reload").assert_status(202);
    assert!(threads_of(&server) <= 24, "{}", threads_of(&server));
}

#[test]
fn a_server_adapts_to_a_limit_of_threads_or_reports_it() {
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
        let server = folder.start(with_threads(&folder.command(&arguments), most).unwrap());
        assert_serves(&folder, &server);
        server.admin("GET", "/readyz").assert_status(200);
        assert!(threads_of(&server) <= 24.min(most as usize), "{} of {most}", threads_of(&server));
        folder.remove("b.md");
    }
    let without = ["--log", "json", "--bind", "127.0.0.1:0", "--admin-bind", "off"];
    let server = folder.start(with_threads(&folder.command(&without), 12).unwrap());
    assert_serves(&folder, &server);
}

#[test]
fn build_and_check_adapt_to_a_limit_of_threads_or_report_it() {
    let folder = small_site();
    for command in ["build", "check"] {
        for most in 1..=8 {
            let arguments = [&[command][..], if command == "build" { &["--out", "dist"] } else { &[] }].concat();
            let Some(limited) = with_threads(&folder.command(&arguments), most) else {
                return;
            };
            // An ordinary user, who can create files in the folder.
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

/// Runs a script in new namespaces; `$0` is the program.
fn script(folder: &Folder, setup: &str, script: &str) -> Finished {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_feedmill")]).current_dir(folder.path(""));
    Process::start(namespaces(&shell, setup)).finish()
}

/// Every file below a directory, with its content.
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
fn a_build_on_a_full_disk_fails_and_keeps_the_earlier_one() {
    if !has_namespaces() {
        return;
    }
    let folder = site();
    fs::create_dir(folder.path("small")).unwrap();
    // There is space for one tree and a little more.
    let finished = script(
        &folder,
        "mount -t tmpfs -o size=700k none small",
        "\"$0\" build --out small/dist || exit 90; cp -r small/dist before; cp later/b.md content/; rm content/gone.md
        \"$0\" build --out small/dist; code=$?; cp -r small/dist after; ls -A small >names; exit $code",
    );
    finished.assert_code(2);
    finished.assert_says("cannot write");
    finished.assert_says("no space left on device; free some space there");
    assert_eq!(fs::read_to_string(folder.path("names")).unwrap(), "dist\n", "temporary files were left");
    let before = tree(&folder.path("before"));
    assert!(before.len() > 10 && before == tree(&folder.path("after")), "a mixture");
}

#[test]
fn a_build_into_a_mount_point_is_written_in_place() {
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
    assert_eq!(fs::read_dir(folder.path("dist")).unwrap().count(), 0, "files were written outside the mount");
    folder.run(&["build", "--out", "elsewhere"]).assert_code(0);
    let (copied, elsewhere) = (tree(&folder.path("copied")), tree(&folder.path("elsewhere")));
    assert_eq!(copied.keys().collect::<Vec<_>>(), elsewhere.keys().collect::<Vec<_>>());
    assert!(copied == elsewhere);
    let inodes = fs::read_to_string(folder.path("inode")).unwrap();
    let inodes: Vec<&str> = inodes.lines().collect();
    assert_eq!(inodes[0], inodes[1], "an unchanged file was replaced");
}
