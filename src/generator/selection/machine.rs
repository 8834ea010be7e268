//! Recognizes files and directories that programs leave beside an author's files: NAS systems, Windows, macOS, office
//! programs, and programs that keep both sides of a conflict. Only names count, in any letter case.

/// Directories made by NAS systems (Synology, QNAP, `NetApp`), by Windows, by file servers for macOS, and by its archives.
const DIRECTORIES: [&str; 16] = [
    "#recycle",
    "@Recycle",
    "$RECYCLE.BIN",
    "@eaDir",
    "#snapshot",
    "@Recently-Snapshot",
    "System Volume Information",
    "__MACOSX",
    "#tmp",
    "@tmp",
    "@__thumb",
    "~snapshot",
    "RECYCLER",
    "FOUND.000",
    "Network Trash Folder",
    "Temporary Items",
];

/// Whether a program made the directory of this name.
pub(crate) fn is_directory(name: &str) -> bool {
    DIRECTORIES.iter().any(|known| name.eq_ignore_ascii_case(known)) || is_copy(name)
}

/// Whether this is the name of a lock file, which an office program keeps while a document is open.
pub(crate) fn is_lock(name: &str) -> bool {
    name.starts_with("~$")
}

/// Whether Syncthing, Dropbox, Nextcloud, ownCloud or Seafile saved one side of a conflict under this name.
pub(crate) fn is_copy(name: &str) -> bool {
    let holds = |words: &str| {
        name.len() >= words.len()
            && name.as_bytes().windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
    };
    [".sync-conflict-", "conflicted copy", "(case conflict", "(sfconflict "].into_iter().any(holds)
        || is_dated_copy(name)
}

/// Whether this is a name of ownCloud, for example `a_conflict-20260101-120000.md`.
fn is_dated_copy(name: &str) -> bool {
    let dated = name.split("_conflict-").skip(1).filter_map(|rest| rest.split_once('-'));
    dated.into_iter().any(|(date, _)| date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A file that git mergetool writes beside a file in conflict, for example `x_BACKUP_123.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MergeFile<'a> {
    /// The name of the file in conflict, without its extension.
    stem: &'a str,
    side: &'a str,
    number: &'a str,
    /// The extension with its dot; empty if there is none.
    extension: &'a str,
}

const SIDES: [&str; 4] = ["BACKUP", "BASE", "LOCAL", "REMOTE"];

impl<'a> MergeFile<'a> {
    /// Parses a name; returns `None` if it does not look like such a file.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let (rest, extension) = split(name);
        let (rest, number) = rest.rsplit_once('_')?;
        let (stem, side) = rest.rsplit_once('_')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !stem.is_empty() && SIDES.contains(&side)).then_some(Self { stem, side, number, extension })
    }

    /// The file in conflict and the other sides. Only if one of these exists did git mergetool write this file.
    pub(crate) fn companions(self) -> impl Iterator<Item = String> {
        let Self { stem, number, extension, .. } = self;
        std::iter::once(format!("{stem}{extension}"))
            .chain(self.others().map(move |side| format!("{stem}_{side}_{number}{extension}")))
    }

    /// Whether this is the file in conflict.
    pub(crate) fn is_of(self, name: &str) -> bool {
        split(name) == (self.stem, self.extension)
    }

    fn others(self) -> impl Iterator<Item = &'static str> {
        SIDES.into_iter().filter(move |side| *side != self.side)
    }
}

/// Splits a name into its stem and its extension, which keeps the dot.
fn split(name: &str) -> (&str, &str) {
    name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_programs_are_recognized_by_their_names() {
        for name in
            ["#recycle", "@RECYCLE", "$Recycle.Bin", "@eadir", "system volume information", "__MACOSX", "~snapshot"]
        {
            assert!(is_directory(name), "{name}");
        }
        for name in ["recycle", "eaDir", "snapshot", "volume"] {
            assert!(!is_directory(name), "{name}");
        }
        for name in [
            "a.sync-conflict-20240101-120000-ABCDEFG.md",
            "a (Ann's conflicted copy 2024-01-01).md",
            "a (Conflicted Copy).png",
            "a (Case Conflict 1).md",
            "a (SFConflict ann@example.org 2026-01-01-12-00-00).md",
            "a_conflict-20260101-120000.md",
        ] {
            assert!(is_copy(name), "{name}");
        }
        assert!(!is_copy("a_conflict-of-interest.md") && !is_copy("case conflict.md"));
        assert!(!is_copy("conflict.md") && !is_copy("sync-conflict-x.md") && is_lock("~$a.md") && !is_lock("$a.md"));
    }

    #[test]
    fn a_file_of_git_mergetool_lists_its_companions() {
        let file = MergeFile::parse("a_b_LOCAL_12.md").unwrap();
        let companions: Vec<String> = file.companions().collect();
        assert_eq!(companions, ["a_b.md", "a_b_BACKUP_12.md", "a_b_BASE_12.md", "a_b_REMOTE_12.md"]);
        assert!(file.is_of("a_b.md") && !file.is_of("a_b.html") && !file.is_of("a.md"));
        for name in ["a_LOCAL_.md", "a_local_1.md", "_LOCAL_1.md", "a_OTHER_1.md", "LOCAL_1.md", "a_LOCAL_1x.md"] {
            assert_eq!(MergeFile::parse(name), None, "{name}");
        }
    }
}
