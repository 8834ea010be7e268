//! Builds into temporary directories.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::sync::Mutex;

use tempfile::TempDir;

use super::*;
use crate::disk::directory::OUTPUT_MARK;

struct TempOutput(TempDir);

impl TempOutput {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn target(&self, out: &str) -> Result<OutputTarget, TargetRefusal> {
        target(&self.path(out), &[&self.path("content")])
    }

    /// Writes these files into `dist`.
    fn write(&self, files: &[(&str, &str)]) -> Result<WriteReport, WriteError> {
        write(&self.target("dist").unwrap(), &paths(files), &|at: usize| made(files[at].1), &|_| {})
    }

    /// The files in `dist`, without the mark.
    fn dist(&self) -> BTreeMap<String, String> {
        self.tree("dist")
    }

    fn tree(&self, out: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let root = self.path(out);
        let mut open = vec![root.clone()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    open.push(entry.path());
                } else if entry.file_name() != OUTPUT_MARK {
                    let name = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
        found
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn inode(&self, path: &str) -> u64 {
        fs::metadata(self.path(path)).unwrap().ino()
    }
}

fn paths(files: &[(&str, &str)]) -> Vec<String> {
    files.iter().map(|(path, _)| (*path).to_owned()).collect()
}

fn made(text: &str) -> Made {
    Made::OutputFile(OutputFile { content: FileContent::Bytes(text.to_owned().into()), phase: RenamePhase::First })
}

fn of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const ONE: &[(&str, &str)] = &[("a/b/c.txt", "c"), ("d.txt", "d"), ("old/e.txt", "e")];
const TWO: &[(&str, &str)] = &[("a/b/c.txt", "c"), ("d.txt", "other"), ("new.txt", "new")];

#[test]
fn only_new_empty_and_marked_directories_are_written_to() {
    let site = TempOutput::new();
    site.put("content/a.md", "");
    site.put("foreign/x.txt", "x");
    site.put("marked/.feedmill", "");
    site.put("marked/x.txt", "x");
    site.put("repository/.feedmill", "");
    site.put("repository/.git/HEAD", "x");
    fs::create_dir_all(site.path("named/.feedmill")).unwrap();
    fs::create_dir(site.path("empty")).unwrap();
    symlink("nowhere", site.path("dangling")).unwrap();
    for taken in ["absent", "absent/deeper/still", "empty", "marked", "content/public"] {
        assert!(site.target(taken).is_ok(), "{taken}");
    }
    assert!(matches!(site.target("foreign"), Err(TargetRefusal::NotOurs(_))));
    assert!(matches!(site.target("named"), Err(TargetRefusal::NotOurs(_))), "the mark is a file");
    assert!(matches!(site.target("repository"), Err(TargetRefusal::Repository(_))));
    assert!(matches!(site.target("foreign/x.txt"), Err(TargetRefusal::NoDirectory(_))));
    assert!(matches!(site.target("foreign/x.txt/y"), Err(TargetRefusal::NoDirectory(_))));
    assert!(matches!(site.target("dangling"), Err(TargetRefusal::LeadsNowhere(_))));
    assert!(matches!(site.target("dangling/x"), Err(TargetRefusal::LeadsNowhere(_))));
    assert!(matches!(site.target("content"), Err(TargetRefusal::HoldsInput { .. })));
    assert!(!site.path("absent").exists(), "the check creates no directory");
}

#[test]
fn an_input_inside_an_earlier_build_is_never_replaced() {
    let site = TempOutput::new();
    site.put("dist/.feedmill", "");
    site.put("dist/content/a.md", "");
    let inside = target(&site.path("dist"), &[&site.path("dist/content")]);
    assert!(matches!(inside, Err(TargetRefusal::HoldsInput { .. })));
}

#[test]
fn a_tree_is_exchanged_as_a_whole_and_leaves_nothing_behind() {
    let site = TempOutput::new();
    let written = site.write(ONE).unwrap();
    assert_eq!((written.files(), written.unchanged(), written.swap), (3, 0, Swap::Whole));
    assert_eq!(site.dist(), of(ONE));
    let kept = site.inode("dist/a/b/c.txt");
    let directory = site.inode("dist");
    let written = site.write(TWO).unwrap();
    assert_eq!((written.files(), written.unchanged()), (3, 1));
    assert_eq!(site.dist(), of(TWO));
    assert_eq!(site.names(), ["dist"]);
    assert_ne!(site.inode("dist"), directory, "the directory was not exchanged");
    assert_eq!(site.inode("dist/a/b/c.txt"), kept, "an unchanged file was written again");
}

#[test]
fn files_are_copied_and_kept_like_bytes() {
    let site = TempOutput::new();
    let long = "x".repeat(200_000);
    site.put("image", &long);
    let paths = ["image".to_owned()];
    let copy = |_| {
        let content = FileContent::Copy(File::open(site.path("image")).unwrap());
        Made::OutputFile(OutputFile { content, phase: RenamePhase::First })
    };
    let build = || write(&site.target("dist").unwrap(), &paths, &copy, &|_| {}).unwrap().unchanged();
    assert_eq!(build(), 0);
    assert_eq!(build(), 1);
    site.put("image", &long.replacen("xx", "yx", 1));
    assert_eq!(build(), 0);
    assert!(site.dist()["image"].starts_with('y'));
}

#[test]
fn a_symbolic_link_is_kept_and_its_target_is_replaced() {
    let site = TempOutput::new();
    fs::create_dir(site.path("real")).unwrap();
    symlink("real", site.path("dist")).unwrap();
    site.write(ONE).unwrap();
    assert!(fs::symlink_metadata(site.path("dist")).unwrap().is_symlink());
    assert!(site.path("real/d.txt").is_file());
}

#[test]
fn only_leftovers_of_interrupted_builds_are_removed() {
    let site = TempOutput::new();
    site.put(".feedmill-stopped/.feedmill", "");
    site.put(".feedmill-stopped/a/b.txt", "half");
    fs::create_dir(site.path(".feedmill-begun")).unwrap();
    site.put(".feedmill-mine/notes.txt", "precious");
    site.put(".feedmill-running/.feedmill", "");
    let running = File::open(site.path(".feedmill-running/.feedmill")).unwrap();
    running.try_lock().unwrap();
    site.write(ONE).unwrap();
    assert_eq!(site.names(), [".feedmill-mine", ".feedmill-running", "dist"]);
}

#[test]
fn a_path_that_cannot_be_a_file_is_reported_and_the_rest_is_written() {
    let site = TempOutput::new();
    let long = "n".repeat(256);
    let paths = ["a.txt".to_owned(), format!("{long}/b.txt"), "c.txt".to_owned(), "d.txt".to_owned()];
    let make = |at: usize| match at {
        0 | 1 => made("x"),
        2 => Made::Missing("gone".to_owned()),
        _ => Made::Nothing,
    };
    let written = write(&site.target("dist").unwrap(), &paths, &make, &|_| {}).unwrap();
    assert_eq!(written.files(), 1);
    assert_eq!(written.left_out(&paths).map(|(path, _)| path).collect::<Vec<_>>(), [&*paths[1], "c.txt"]);
    assert_eq!(site.dist(), of(&[("a.txt", "x")]));
}

#[test]
fn a_directory_that_another_program_fills_in_the_meantime_is_left_alone() {
    let site = TempOutput::new();
    let target = site.target("dist").unwrap();
    let intrude = |_| {
        site.put("dist/precious.txt", "mine");
        made("x")
    };
    let refused = write(&target, &["a.txt".to_owned()], &intrude, &|_| {});
    assert!(matches!(refused, Err(WriteError::Refused(TargetRefusal::NotOurs(_)))), "{refused:?}");
    assert_eq!(site.dist(), of(&[("precious.txt", "mine")]));
    assert_eq!(site.names(), ["dist"]);
}

#[test]
fn progress_is_reported_for_every_file() {
    let site = TempOutput::new();
    let reported = Mutex::new(Vec::new());
    write(&site.target("dist").unwrap(), &paths(ONE), &|at: usize| made(ONE[at].1), &|done| {
        reported.lock().unwrap().push(done);
    })
    .unwrap();
    let mut reported = reported.into_inner().unwrap();
    reported.sort_unstable();
    assert_eq!(reported, [1, 2, 3]);
}

/// Writes as if `dist` were a mount point.
fn write_inside(site: &TempOutput, files: &[(&str, &str)]) -> Result<Swap, WriteError> {
    let target = site.target("dist").unwrap();
    let mut staging = Staging::inside(&target)?;
    let paths = paths(files);
    let results = fill(&staging, &target, &paths, &|at: usize| made(files[at].1), &|_| {})?;
    let swap = staging.publish(&target, &paths, &results, &|_: usize| Made::Nothing)?;
    staging.clear();
    Ok(swap)
}

#[test]
fn a_mount_point_is_written_file_by_file_and_then_cleaned_up() {
    let site = TempOutput::new();
    fs::create_dir(site.path("dist")).unwrap();
    let directory = site.inode("dist");
    assert_eq!(write_inside(&site, ONE).unwrap(), Swap::Piecemeal);
    assert_eq!(site.dist(), of(ONE));
    let kept = site.inode("dist/a/b/c.txt");
    // The leftover of an interrupted build.
    site.put("dist/.feedmill-new/half", "");
    write_inside(&site, TWO).unwrap();
    assert_eq!(site.dist(), of(TWO));
    assert_eq!((site.inode("dist"), site.inode("dist/a/b/c.txt")), (directory, kept));
    assert!(!site.path("dist/old").exists(), "an empty directory stayed");
    assert!(site.target("dist").is_ok(), "it is recognised as an earlier build");
}

#[test]
fn files_and_directories_may_swap_names_in_a_mount_point() {
    let site = TempOutput::new();
    fs::create_dir(site.path("dist")).unwrap();
    write_inside(&site, &[("a", "file"), ("b/c", "below")]).unwrap();
    site.put("elsewhere/x", "mine");
    symlink(site.path("elsewhere"), site.path("dist/d")).unwrap();
    let turned = &[("a/x", "below"), ("b", "file"), ("d/x", "ours")];
    write_inside(&site, turned).unwrap();
    assert_eq!(site.dist(), of(turned));
    assert_eq!(fs::read_to_string(site.path("elsewhere/x")).unwrap(), "mine");
}

#[test]
fn two_builds_do_not_mix_in_a_mount_point() {
    let site = TempOutput::new();
    fs::create_dir(site.path("dist")).unwrap();
    let target = site.target("dist").unwrap();
    let _first = Staging::inside(&target).unwrap();
    assert!(matches!(Staging::inside(&target), Err(WriteError::Busy(_))));
}

#[test]
fn feeds_are_renamed_after_the_pages_they_link_to() {
    let site = TempOutput::new();
    fs::create_dir(site.path("dist")).unwrap();
    let target = site.target("dist").unwrap();
    let files = ["a-feed".to_owned(), "z-page/x".to_owned()];
    let mut staging = Staging::inside(&target).unwrap();
    let make = |at| {
        let phase = if at == 0 { RenamePhase::Last } else { RenamePhase::First };
        Made::OutputFile(OutputFile { content: FileContent::Bytes("x".into()), phase })
    };
    let results = fill(&staging, &target, &files, &make, &|_| {}).unwrap();
    // Without its staged file the page cannot be renamed.
    fs::remove_file(staging.path().join("z-page/x")).unwrap();
    assert!(staging.publish(&target, &files, &results, &|_: usize| Made::Nothing).is_err());
    assert!(!site.path("dist/a-feed").exists(), "the feed came before the page");
}

#[test]
fn a_staging_directory_without_its_mark_is_not_published() {
    let site = TempOutput::new();
    site.write(ONE).unwrap();
    let target = site.target("dist").unwrap();
    let make = |at: usize| {
        // Another program removes the staging directory during the build.
        if at == 0 {
            let staging = site.names().into_iter().find(|name| name.starts_with(".feedmill-")).unwrap();
            fs::remove_dir_all(site.path(&staging)).unwrap();
        }
        made("x")
    };
    let lost = write(&target, &["a.txt".to_owned(), "b.txt".to_owned()], &make, &|_| {});
    assert!(matches!(lost, Err(WriteError::Lost(_))), "{lost:?}");
    assert_eq!(site.dist(), of(ONE));
}

#[test]
fn an_earlier_build_without_its_mark_is_refused_with_help() {
    let site = TempOutput::new();
    for name in ["feeds.opml", "feeds.json", "feed.css", "rss.xml"] {
        site.put(&format!("dist/{name}"), "x");
    }
    let refused = site.target("dist").unwrap_err();
    assert!(matches!(refused, TargetRefusal::Unmarked(_)));
    assert!(refused.to_string().contains("run `touch "), "{refused}");
    fs::write(site.path("dist/.feedmill"), "").unwrap();
    site.write(ONE).unwrap();
    assert_eq!(site.dist(), of(ONE));
}

#[test]
fn a_tree_that_another_build_writes_file_by_file_is_not_exchanged() {
    let site = TempOutput::new();
    site.write(ONE).unwrap();
    let target = site.target("dist").unwrap();
    let other = Staging::inside(&target).unwrap();
    assert!(matches!(site.write(TWO), Err(WriteError::Busy(_))));
    assert_eq!(site.names(), ["dist"], "its own staging directory is removed");
    drop(other);
    site.write(TWO).unwrap();
    assert_eq!(site.dist(), of(TWO));
}

/// Trees of different sizes, whose files contain the number of their tree.
fn variant(number: usize) -> Vec<(String, String)> {
    (0..20 + 5 * number).map(|file| (format!("d{}/{file}.txt", file % 7), format!("{number}"))).collect()
}

#[test]
fn simultaneous_builds_end_with_one_complete_tree() {
    let site = TempOutput::new();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let site = &site;
            scope.spawn(move || {
                let out = format!("dist{}", number % 2);
                let files = variant(number);
                let mut paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
                paths.sort();
                for _ in 0..25 {
                    let target = site.target(&out).unwrap();
                    let written = write(&target, &paths, &|_| made(&number.to_string()), &|_| {});
                    let written = written.unwrap_or_else(|error| panic!("{out}: {error}"));
                    assert_eq!((written.files(), written.left_out(&paths).count()), (files.len(), 0));
                }
            });
        }
    });
    assert_eq!(site.names(), ["dist0", "dist1"], "nothing is left behind");
    for out in ["dist0", "dist1"] {
        assert!(site.path(out).join(OUTPUT_MARK).is_file(), "{out} lost its mark");
        let tree = site.tree(out);
        let number: usize = tree.values().next().unwrap().parse().unwrap();
        assert_eq!(tree, variant(number).into_iter().collect(), "{out} is a mixture");
    }
}
