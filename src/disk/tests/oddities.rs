//! Unusual directory entries: loops of links, FIFOs, unreadable files, odd names.

use super::*;
use crate::article;

#[test]
fn loops_of_links_end() {
    let mut site = TempSite::new();
    site.article("content/x/a.md", "a");
    symlink("..", site.path("content/x/up")).unwrap();
    symlink(site.path("content"), site.path("content/self")).unwrap();
    symlink("ring2", site.path("content/ring1")).unwrap();
    symlink("ring1", site.path("content/ring2")).unwrap();
    assert_eq!(site.everything(), ["x/a.md"]);
    site.article("content/x/b.md", "b");
    assert_eq!(site.at_paths(&["content/x/up/x/b.md", "content/x/b.md"]), ["x/b.md"]);
}

#[test]
fn a_fifo_is_reported_and_never_opened() {
    let mut site = TempSite::new();
    let fifo = site.path("content/a.md");
    let status = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(status.success());
    assert_eq!(site.everything(), ["a.md"]);
    assert_eq!(site.titles()["a.md"], "a.md: this is a named pipe, no file");
    // It is reported only once.
    assert_eq!(site.everything(), Vec::<String>::new());
    fs::remove_file(&fifo).unwrap();
    site.article("content/a.md", "a");
    assert_eq!(site.at_paths(&["content/a.md"]), ["a.md"]);
    // Now a FIFO replaces a file after it was listed.
    fs::remove_file(&fifo).unwrap();
    std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    site.known.kept.clear();
    let batch = site.known.read_again(&site.scan_config, &[ContentPath::new("a.md")]).unwrap();
    site.apply(&batch);
    assert_eq!(site.titles()["a.md"], "a.md: this is a named pipe, no file");
}

#[test]
fn unreadable_files_are_reported_under_their_paths() {
    let mut site = TempSite::new();
    symlink("nowhere.md", site.path("content/broken.md")).unwrap();
    fs::create_dir(site.path("content/directory.md")).unwrap();
    let large = fs::File::create(site.path("content/large.md")).unwrap();
    large.set_len(article::MAX_BYTES + 1).unwrap();
    assert_eq!(site.everything(), ["broken.md", "large.md"]);
    assert_eq!(site.titles()["broken.md"], "broken.md: the symbolic link leads nowhere, so the file cannot be read");
    assert_eq!(site.titles()["large.md"], "large.md: the file is larger than 2097152 bytes, the limit for an article");
    site.article("content/nowhere.md", "here");
    large.set_len(0).unwrap();
    fs::remove_file(site.path("content/large.md")).unwrap();
    assert_eq!(site.everything(), ["broken.md", "-large.md", "nowhere.md"]);
    site.agrees();
}

#[test]
fn an_unreadable_file_or_directory_is_reported_until_it_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    without_rights(|| {
        let mut site = TempSite::new();
        site.article("content/a.md", "a");
        site.article("content/x/b.md", "b");
        site.everything();
        let modes = |site: &TempSite, file, directory| {
            fs::set_permissions(site.path("content/a.md"), fs::Permissions::from_mode(file)).unwrap();
            fs::set_permissions(site.path("content/x"), fs::Permissions::from_mode(directory)).unwrap();
        };
        modes(&site, 0o000, 0o000);
        assert_eq!(site.everything(), ["a.md", "x", "-x/b.md"]);
        assert_eq!(site.titles()["x"], "x: the directory cannot be read: permission denied");
        // It is reported once, and the report stays valid.
        assert_eq!(site.everything(), Vec::<String>::new());
        site.agrees();
        modes(&site, 0o644, 0o755);
        assert_eq!(site.at_paths(&["content/a.md", "content/x"]), ["a.md", "-x", "x/b.md"]);
        site.agrees();
    });
}

#[test]
fn whole_pages_and_hidden_files_are_not_articles() {
    let mut site = TempSite::new();
    site.write("content/page.html", "\n<!DOCTYPE html><html></html>");
    site.write("content/post.html", "---\ntitle: post\n---\n<p>x</p>");
    site.article("content/.git/a.md", "-");
    site.article("content/..old/a.md", "-");
    site.article("content/.b.md", "-");
    site.article("content/dist/c.md", "-");
    site.write("content/dist/.feedmill", "");
    assert_eq!(site.everything(), ["post.html"]);
    assert_eq!(
        site.at_paths(&["content/.git/a.md", "content/dist/c.md", "content/page.html", "content/.b.md"]),
        Vec::<String>::new()
    );
    // An article that becomes a whole page is removed, and the other way round.
    site.write("content/post.html", "<html>");
    site.write("content/page.html", "---\ntitle: page\n---\n");
    assert_eq!(site.everything(), ["page.html", "-post.html"]);
    fs::remove_file(site.path("content/dist/.feedmill")).unwrap();
    assert_eq!(site.at_paths(&["content/dist/.feedmill"]), ["dist/c.md"]);
    site.agrees();
}

#[test]
fn of_two_spellings_of_a_name_one_is_served_and_one_reported() {
    let (composed, decomposed) = ("content/caf\u{e9}.md", "content/cafe\u{301}.md");
    let mut site = TempSite::new();
    site.article(composed, "composed");
    site.article(decomposed, "decomposed");
    if fs::read_dir(site.path("content")).unwrap().count() == 1 {
        return; // This file system treats both spellings as one name.
    }
    site.everything();
    assert_eq!(site.titles().into_values().collect::<Vec<_>>(), ["decomposed"]);
    let problem = "caf\u{e9}.md: another name that is written `caf\u{e9}.md` too has this place";
    assert_eq!(site.taken.values().collect::<Vec<_>>(), [problem]);
    assert_eq!(
        site.known.files(&site.scan_config).article_path(&ContentPath::new("caf\u{e9}.md")),
        site.path(decomposed)
    );
    for step in 0..3 {
        match step {
            0 => drop(site.article(composed, "new")),
            1 => fs::remove_file(site.path(decomposed)).unwrap(),
            _ => drop(site.article(decomposed, "again")),
        }
        let is_taken = step != 1;
        site.at_paths(&[if step == 0 { composed } else { decomposed }]);
        assert_eq!(!site.taken.is_empty(), is_taken, "{step}");
        site.agrees();
    }
    fs::remove_file(site.path(composed)).unwrap();
    site.at_paths(&[composed]);
    site.agrees();
    assert_eq!(site.titles().into_values().collect::<Vec<_>>(), ["again"]);
}

#[test]
fn names_that_are_not_unicode_have_a_content_path() {
    use std::os::unix::ffi::OsStrExt as _;
    let mut site = TempSite::new();
    let name = std::ffi::OsStr::from_bytes(b"\xff.md");
    let path = site.path("content").join(name);
    if fs::write(&path, article("odd")).is_err() {
        return; // This file system accepts only UTF-8.
    }
    assert_eq!(site.everything(), ["\u{fffd}.md"]);
    assert_eq!(site.known.files(&site.scan_config).article_path(&ContentPath::new("\u{fffd}.md")), path);
    fs::remove_file(&path).unwrap();
    let scan = site.scan(&ChangedPaths::Paths([path].into()));
    assert_eq!(reported(&scan), ["-\u{fffd}.md"]);
}
