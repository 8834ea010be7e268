//! Property test: after any edits of the files, scans of the changed paths have reported the same as one first scan.

use super::*;
use proptest::prelude::*;

/// One edit of the content directory.
#[derive(Debug, Clone)]
enum Edit {
    Write(usize, u8),
    Image(usize, u8),
    Remove(usize),
    Rename(usize, usize),
    Link(usize, usize),
    Volume(usize, u8),
}

/// The list is short so that edits collide. It has files and directories, two spellings of one name and a directory
/// named like an article.
const PATHS: &[&str] = &[
    "",
    "a.md",
    "b.md",
    "x",
    "x/a.md",
    "x/b.png",
    "x/y",
    "x/y/c.md",
    "x/y/d.png",
    "z",
    "z/a.md",
    "d.md",
    "d.md/e.md",
    "\u{e9}",
    "\u{e9}/a.md",
    "e\u{301}",
    "e\u{301}/a.md",
    "x/\u{e9}.md",
    "x/e\u{301}.md",
    "link",
    "z/link",
    "x/y.md",
];

fn edit() -> impl Strategy<Value = Edit> {
    let path = 1..PATHS.len();
    prop_oneof![
        4 => (path.clone(), any::<u8>()).prop_map(|(path, text)| Edit::Write(path, text % 4)),
        1 => (path.clone(), any::<u8>()).prop_map(|(path, size)| Edit::Image(path, size % 3)),
        2 => path.clone().prop_map(Edit::Remove),
        3 => (path.clone(), path.clone()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => (path.clone(), 0..PATHS.len()).prop_map(|(path, to)| Edit::Link(path, to)),
        1 => (path, any::<u8>()).prop_map(|(path, version)| Edit::Volume(path, version)),
    ]
}

/// Makes an edit, which may fail, and returns the paths that its events would name.
fn act(content: &Path, edit: &Edit) -> Vec<PathBuf> {
    let at = |path: &usize| content.join(PATHS[*path]);
    let make_room = |path: &Path| drop(fs::create_dir_all(path.parent().unwrap()));
    // If an edit creates parent directories, events name them as well.
    let named =
        |path: PathBuf| path.ancestors().take_while(|above| *above != content).map(Path::to_owned).collect::<Vec<_>>();
    match edit {
        Edit::Write(path, text) => {
            make_room(&at(path));
            let text = if *text == 3 { "<html>".to_owned() } else { article(&text.to_string()) };
            let _ = fs::write(at(path), text);
            named(at(path))
        }
        Edit::Image(path, size) => {
            make_room(&at(path));
            let _ = fs::write(at(path), [b"GIF89a".as_slice(), &[*size, 0, 1, 0, 0, 0, 0]].concat());
            named(at(path))
        }
        Edit::Remove(path) => {
            let _ = fs::remove_file(at(path)).or_else(|_| fs::remove_dir_all(at(path)));
            vec![at(path)]
        }
        Edit::Rename(from, to) => {
            make_room(&at(to));
            let _ = fs::rename(at(from), at(to));
            [named(at(to)), vec![at(from)]].concat()
        }
        Edit::Link(path, to) => {
            make_room(&at(path));
            let _ = symlink(at(to), at(path));
            named(at(path))
        }
        Edit::Volume(path, version) => {
            let directory = at(path);
            let name = format!("..{version}");
            let _ = fs::create_dir_all(directory.join(&name));
            let _ = fs::write(directory.join(&name).join("a.md"), article(&name));
            let _ = symlink(&name, directory.join("..data_tmp"));
            let _ = fs::rename(directory.join("..data_tmp"), directory.join("..data"));
            named(directory.join("..data"))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scans_of_changed_paths_equal_a_first_scan(batches in prop::collection::vec(prop::collection::vec(edit(), 1..6), 1..12)) {
        let mut site = TempSite::new();
        site.everything();
        for edits in batches {
            let content = site.path("content");
            // Events may also use the resolved path.
            let changed_paths: BTreeSet<PathBuf> = edits.iter().flat_map(|edit| act(&content, edit)).flat_map(|path| {
                let resolved = path.parent().and_then(|parent| fs::canonicalize(parent).ok()).zip(path.file_name()).map(|(parent, name)| parent.join(name));
                [fs::canonicalize(&path).ok(), Some(path), resolved]
            }).flatten().collect();
            site.scan(&ChangedPaths::Paths(changed_paths));
            site.agrees();
        }
    }
}
