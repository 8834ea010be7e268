//! Hostile articles that are as expensive as possible, beside ordinary ones, within the memory of a small
//! container: the process is never killed, and everything else stays served.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::bombs::{self, Bomb};
use crate::driver::{Finished, Folder, Process, article};

/// The memory limit for a site of 1,000 ordinary articles.
const LIMIT: usize = 64 << 20;

/// The size of most bombs in these tests; `benches/bombs` measures all of them at the size limit of an
/// article.
const SMALL: usize = 20_000;

/// The size of the other bombs. Larger ones need no more memory, but more seconds in a debug build.
const MIDDLE: usize = 400_000;

/// The most expensive bomb of each kind.
const LARGE: [&str; 15] = [
    "bytes-encoded-twice.html",
    "html-imgs.html",
    "images.md",
    "tags-in-code.md",
    "tags-post-link.md",
    "brackets-and-bold.md",
    "bytes-no-utf8.md",
    "bytes-chinese.md",
    "ampersands.md",
    "paragraphs.md",
    "table-square.md",
    "json-open.md",
    "links-by-long-reference.md",
    "yaml-tags.md",
    "yaml-title.md",
];

/// A control group with a memory limit; `None` if the system allows none.
struct Group(Option<PathBuf>);

impl Group {
    fn new(limit: usize) -> Self {
        let name = format!("feedmill-test-{}-{:?}", std::process::id(), thread::current().id()).replace(['(', ')'], "");
        let hierarchies = [("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")];
        let made = hierarchies.into_iter().find_map(|(root, file)| {
            let group = Path::new(root).join(&name);
            fs::create_dir(&group).ok()?;
            // On other systems this is an ordinary directory, or a hierarchy without this controller.
            if !group.join(file).exists() || fs::write(group.join(file), limit.to_string()).is_err() {
                let _ = fs::remove_dir(&group);
                return None;
            }
            Some(group)
        });
        if made.is_none() {
            eprintln!("no control group can be made here: the most memory that was resident is judged instead");
        }
        Self(made)
    }

    /// Wraps a command so that it runs inside the group, as the container image starts it.
    fn inside(&self, command: &Command) -> Command {
        let mut inside = Command::new("sh");
        let enter =
            self.0.as_ref().map_or(String::new(), |group| format!("echo $$ >{}/cgroup.procs && ", group.display()));
        inside.args(["-c", &format!("{enter}exec \"$0\" \"$@\"")]).arg(command.get_program()).args(command.get_args());
        inside.envs([("MIMALLOC_PURGE_DELAY", "0"), ("MIMALLOC_ALLOW_THP", "0")]);
        command.get_envs().for_each(|(name, value)| {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        });
        inside.current_dir(command.get_current_dir().unwrap());
        inside
    }

    /// How often the kernel killed a process of the group because of its memory.
    fn ended(&self) -> usize {
        let Some(group) = &self.0 else { return 0 };
        let files = ["memory.events", "memory.oom_control"].map(|file| fs::read_to_string(group.join(file)));
        let count = |text: &str| text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok());
        files.iter().flatten().find_map(|text| count(text)).unwrap_or(0)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = &self.0 {
            // The last process may still be exiting.
            let _ = crate::driver::within(std::time::Duration::from_secs(5), || fs::remove_dir(group).ok());
        }
    }
}

/// Ordinary articles, and large bombs that are newer.
fn site(ordinary: usize) -> Folder {
    let folder = Folder::new();
    for number in 0..ordinary {
        let text = format!("{}<p>{}</p>\n", article(&format!("Ordinary {number}"), "2026-01-01"), "words ".repeat(700));
        folder.write(&format!("ordinary/{}/{number}.md", number % 10), text);
    }
    for bomb in large() {
        folder.write(&format!("large/{}", bomb.name), bomb.bytes(MIDDLE));
    }
    folder
}

fn large() -> impl Iterator<Item = &'static Bomb> {
    bombs::all().filter(|bomb| LARGE.contains(&bomb.name))
}

#[test]
fn hostile_articles_do_not_exhaust_the_memory_of_a_server() {
    let folder = site(1_000);
    for bomb in bombs::all() {
        folder.write(&format!("small/{}", bomb.name), bomb.bytes(SMALL));
    }
    let group = Group::new(LIMIT);
    let server = folder.serve_by(&["--log", "text"], |command| group.inside(command));
    let stem = |name: &str| name.rsplit_once('.').unwrap().0.to_owned();
    let pages = |place: &str, bomb: &Bomb| format!("/articles/{place}/{}/", stem(bomb.name));
    let mut paths: Vec<String> = ["/", "/categories/", "/tags/", "/feeds.json", "/feeds.opml"].map(String::from).into();
    for feed in ["", "categories/bombs/"] {
        paths.extend(["rss.xml", "atom.xml", "feed.json", ""].map(|name| format!("/{feed}{name}")));
    }
    paths.extend(bombs::all().map(|bomb| pages("small", bomb)));
    let ask = |path: &str| {
        let answer = server.get_with(path, &[("Accept-Encoding", "br")]);
        // An article that is refused has no page.
        let refused = path.starts_with("/articles/") && answer.status == 404;
        assert!(answer.status == 200 || refused, "{path}: {}", answer.status);
    };
    thread::scope(|scope| {
        scope.spawn(|| large().for_each(|bomb| ask(&pages("large", bomb))));
        scope.spawn(|| paths.iter().for_each(|path| ask(path)));
    });
    assert_eq!(server.titles("/rss.xml").len(), 30);
    assert_eq!(group.ended(), 0);
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let of = |word: &str| -> usize {
        let line = status.lines().find_map(|line| line.strip_prefix(word)).unwrap();
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
    };
    // Without the file-backed pages of the program, which the kernel can reclaim.
    let held = (of("VmHWM") - of("RssFile")) << 10;
    assert!(held < LIMIT, "{held} bytes");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn hostile_articles_do_not_exhaust_the_memory_of_check_and_build() {
    let folder = site(50);
    let group = Group::new(LIMIT);
    let run = |arguments: &[&str]| -> Finished {
        let finished = Process::start(group.inside(&folder.command(arguments))).finish();
        assert_eq!(group.ended(), 0, "{}", finished.said());
        finished
    };
    let checked = run(&["check", "--deep"]);
    checked.assert_code(0);
    checked.assert_says("large/brackets-and-bold.md:7:1: the body takes too much memory to render");
    checked.assert_says("large/yaml-tags.md:4:6: `tags` is longer than 4096 bytes and is cut");
    run(&["build"]).assert_code(0);
    assert!(folder.path("dist/articles/ordinary/0/0/index.html").exists());
    assert!(folder.path("dist/articles/large/brackets-and-bold/index.html").exists());
}

#[test]
fn the_size_limit_of_articles_is_configurable() {
    let folder = Folder::new();
    folder.define("site.yaml", "max_article_bytes: 500\n");
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("b.md", article("B", "2026-01-02") + &"words ".repeat(100));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    server.logs(&["b.md", "larger than 500 bytes", "max_article_bytes"]);
    folder.define("site.yaml", "max_article_bytes: 5000\n");
    server.eventually_shows("/rss.xml", &["B", "A"]);
}

/// Used by `benches/bombs`, which measures each bomb: writes all of them, 2 MiB each, to the directory in
/// `FEEDMILL_BOMBS`.
#[test]
fn every_bomb_has_its_own_name_and_the_given_size() {
    let here = tempfile::tempdir().unwrap();
    let wanted = std::env::var_os("FEEDMILL_BOMBS").map(PathBuf::from);
    let size = if wanted.is_some() { 2 << 20 } else { 20_000 };
    let directory = wanted.as_deref().unwrap_or(here.path());
    for bomb in bombs::all() {
        let content = directory.join(bomb.name);
        fs::create_dir_all(&content).unwrap();
        let bytes = bomb.bytes(size);
        assert!(
            // Some bombs are limited to 60 kB, because front matter is.
            bytes.len() > size.min(60_000) / 2 && bytes.len() <= size,
            "{} has {} bytes, the limit is {size}",
            bomb.name,
            bytes.len()
        );
        fs::write(content.join(bomb.name), bytes).unwrap();
    }
    assert_eq!(fs::read_dir(directory).unwrap().count(), bombs::all().count(), "two bombs have the same name");
}
