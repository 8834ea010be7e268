//! Every file below the content directory, and why it is no article.
//!
//! For `check`, which accounts for each. Walks as a look does: symbolic links
//! are followed, loops end, a directory with a `..data` link is read through
//! that link. Opens nothing.

use std::fs;
use std::path::Path;

use super::directory::{DATA, join, normal};
use super::stamp::Identity;
use crate::article::selection::Selection;

/// A file, or a directory that is not entered, with a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stray {
    /// Where it is.
    pub place: String,
    /// Why its name makes it no article; none where its name makes it one.
    pub why: Option<&'static str>,
}

/// All files, sorted.
pub fn inventory(content: &Path, selection: &Selection) -> Vec<Stray> {
    let mut strays = Vec::new();
    walk(content, "", selection, &mut Vec::new(), &mut strays);
    strays.sort();
    strays
}

fn walk(directory: &Path, place: &str, selection: &Selection, above: &mut Vec<Identity>, strays: &mut Vec<Stray>) {
    let data = directory.join(DATA);
    let directory = if data.is_dir() { data.as_path() } else { directory };
    let (Ok(metadata), Ok(entries)) = (fs::metadata(directory), fs::read_dir(directory)) else {
        // What cannot be read is a problem of its own, told by the look.
        return;
    };
    let identity = Identity::of(&metadata);
    if above.contains(&identity) {
        return;
    }
    above.push(identity);
    for entry in entries.flatten() {
        let place = join(place, &normal(&entry.file_name()));
        let path = entry.path();
        if !path.is_dir() {
            strays.push(Stray { why: selection.refusal(&place), place });
        } else if selection.enters(&place) {
            walk(&path, &place, selection, above, strays);
        } else {
            strays.push(Stray { place: format!("{place}/"), why: Some("directories that are not entered") });
        }
    }
    above.pop();
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::article::Dialect;

    #[test]
    fn every_file_is_accounted_for_and_loops_end() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir_all(root.join("posts/node_modules/x")).unwrap();
        for file in ["a.md", "README.md", "style.css", "posts/b.html", "posts/b.md~", "posts/node_modules/x/c.md"] {
            fs::write(root.join(file), "x").unwrap();
        }
        symlink(root, root.join("posts/loop")).unwrap();
        let selection = Selection::new(Dialect::Plain, globset::GlobSet::empty(), root, &|_| false);
        let found: Vec<(String, Option<&str>)> =
            inventory(root, &selection).into_iter().map(|stray| (stray.place, stray.why)).collect();
        let expected = [
            ("README.md", Some("READMEs, licences and the like")),
            ("a.md", None),
            ("posts/b.html", None),
            ("posts/b.md~", Some("hidden files and backups of editors")),
            ("posts/node_modules/", Some("directories that are not entered")),
            ("style.css", Some("neither Markdown nor HTML")),
        ];
        assert_eq!(found, expected.map(|(place, why)| (place.to_owned(), why)));
    }
}
