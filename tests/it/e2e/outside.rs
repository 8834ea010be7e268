//! Symlinks that lead out of the content directory: no command reads their targets.

use std::fs;
use std::os::unix::fs::symlink;

use super::build::files;
use crate::driver::{Folder, Process, article, png};

const SECRET: &str = "only-for-the-operator";

/// A site with a secret beside it, and many symlinks to that secret.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("own.md", article("Own", "2026-01-01"));
    folder.put("secret/a.md", article(SECRET, "2026-01-02"));
    folder.put("secret/notes.txt", SECRET);
    folder.put("secret/_index.md", format!("---\ncascade: {{title: {SECRET}}}\n---\n"));
    folder.put("secret/pic.png", png(2, 2));
    for (target, name) in [
        ("secret/a.md", "linked.md"),
        ("secret/notes.txt", "notes.md"),
        ("secret", "directory"),
        ("secret/pic.png", "pic.png"),
        ("secret/_index.md", "_index.md"),
    ] {
        symlink(folder.path(target), folder.content(name)).unwrap();
    }
    symlink("/proc/self/environ", folder.content("environ.md")).unwrap();
    symlink("/etc/passwd", folder.content("passwd.md")).unwrap();
    symlink("/", folder.content("root")).unwrap();
    folder
}

#[test]
fn no_command_reads_the_target_of_a_symlink_out_of_the_content_directory() {
    let folder = folder();
    let server = folder.serve();
    for path in ["/", "/rss.xml", "/atom.xml", "/feed.json", "/feeds.json", "/articles/own/"] {
        let text = server.get(path).ok().text();
        assert!(!text.contains(SECRET) && !text.contains("root:x:0"), "{path}: {text}");
    }
    for path in [
        "/articles/linked/",
        "/articles/directory/a/",
        "/articles/passwd/",
        "/media/pic.png",
        "/media/directory/pic.png",
    ] {
        server.get(path).assert_status(404);
    }
    let status = server.admin("GET", "/status").ok().text();
    for name in ["linked.md", "notes.md", "directory", "environ.md", "passwd.md", "root", "pic.png"] {
        assert!(status.contains(&format!("\"{name}\"")), "{name} is not reported: {status}");
    }
    folder.run(&["build"]).assert_code(0);
    let built = files(&folder.path("dist"));
    for file in &built {
        assert!(
            !String::from_utf8_lossy(&fs::read(folder.path("dist").join(file)).unwrap()).contains(SECRET),
            "{file}"
        );
    }
    assert!(!built.contains("media/pic.png"), "{built:?}");
    let check = folder.run(&["check", "--deep"]);
    check.assert_code(1);
    assert_eq!(check.out.matches("[error: outside]").count(), 7, "{}", check.out);
    assert!(!check.out.contains(SECRET) && !server.log().contains(SECRET));
}

#[test]
fn a_file_that_becomes_a_symlink_or_a_pipe_after_the_load_is_not_served() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("b.md", article("B", "2026-01-01"));
    folder.write("c.md", article("C", "2026-01-01"));
    folder.write("static/pic.png", png(1, 1));
    folder.put("secret/a.md", article(SECRET, "2026-01-01"));
    folder.put("secret/pic.png", png(2, 2));
    let server = folder.serve_with(&["--watch", "off"]);
    let picture = server.get("/media/static/pic.png").ok().body;
    assert_eq!(picture, png(1, 1));
    for (name, target) in [("a.md", "secret/a.md"), ("static/pic.png", "secret/pic.png")] {
        fs::remove_file(folder.content(name)).unwrap();
        symlink(folder.path(target), folder.content(name)).unwrap();
    }
    fs::remove_file(folder.content("b.md")).unwrap();
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, folder.content("b.md"), rustix::fs::FileType::Fifo, mode, 0).unwrap();
    fs::remove_file(folder.content("c.md")).unwrap();
    symlink("/dev/zero", folder.content("c.md")).unwrap();
    for path in ["/articles/a/", "/articles/b/", "/articles/c/", "/media/static/pic.png"] {
        server.get(path).assert_status(404);
    }
}

#[test]
fn the_configuration_of_a_generator_is_used_only_inside_the_repository() {
    let folder = Folder::new();
    folder.put("site/source/_posts/a.md", article("A", "2026-01-01"));
    folder.put("away/_config.yml", format!("title: {SECRET}\n"));
    symlink("../away/_config.yml", folder.path("site/_config.yml")).unwrap();
    let run = folder.run(&["check", "--content", "site/source"]);
    assert!(run.out.contains("leads out of the repository") && !run.out.contains(SECRET), "{}", run.out);
    folder.run(&["build", "--content", "site/source"]).assert_code(0);
    assert!(!fs::read_to_string(folder.path("dist/rss.xml")).unwrap().contains(SECRET));
    // Inside the repository it is used.
    fs::create_dir(folder.path(".git")).unwrap();
    folder.run(&["build", "--content", "site/source"]).assert_code(0);
    assert!(fs::read_to_string(folder.path("dist/rss.xml")).unwrap().contains(SECRET));
}

#[test]
fn a_detected_content_directory_is_not_followed_out_of_the_repository() {
    let folder = Folder::new();
    fs::remove_dir(folder.content("")).unwrap();
    folder.put("repository/feeds/site.yaml", "title: Example\n");
    folder.put("away/a.md", article(SECRET, "2026-01-01"));
    symlink("../away", folder.path("repository/content")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.current_dir(folder.path("repository"));
        Process::start(command).finish()
    };
    let refused = run(&["build"]);
    refused.assert_code(2);
    refused.assert_says("name it with --content");
    run(&["build", "--content", "content"]).assert_code(0);
}
