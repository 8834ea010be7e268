//! Why a file or directory is not read although its name is that of an article, and the problem that reports it.

use std::io;

use super::content_roots::EntryKind;
use super::directory::DEEPEST;
use super::open::{self, OUTSIDE};
use crate::content_path::ContentPath;
use crate::diagnostic::{Code, Problem};

/// Why a file is not read.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    TooDeep,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It is not a regular file but, for example, "a directory".
    NoFile(&'static str),
    Outside,
    /// Another name in its directory has the same normal form, which is this.
    PlaceTaken(String),
    ConflictCopy,
    /// The operating system refuses a file or directory, with an error of this kind and this message.
    Denied(EntryKind, io::ErrorKind, String),
}

impl Trouble {
    pub(super) fn denied(entry: EntryKind, error: &io::Error) -> Self {
        Self::Denied(entry, error.kind(), open::reason(error))
    }

    /// The problem that reports it for this file.
    pub(super) fn problem(&self, place: &ContentPath) -> Problem {
        let (code, message, help) = self.parts();
        Problem::new(place.shared(), code, message).help(help)
    }

    pub(super) fn message(&self) -> String {
        self.parts().1
    }

    /// The code, the message and the help of the problem.
    fn parts(&self) -> (Code, String, &'static str) {
        match self {
            Self::TooDeep => (
                Code::Unreadable,
                format!("the file is more than {DEEPEST} directories deep, and is not read"),
                "put it into fewer directories",
            ),
            Self::TooLarge(most) => (
                Code::Unreadable,
                format!("the file is larger than {most} bytes, the limit for an article"),
                "move it out of the directory, name it under `exclude`, or raise `max_article_bytes` in feeds/site.yaml",
            ),
            Self::NoFile(other) => {
                (Code::Unreadable, format!("this is {other}, no file"), "remove it, or give it another name")
            }
            Self::Outside => (
                Code::Outside,
                OUTSIDE.to_owned(),
                "copy what it leads to into the content directory, or name that directory with --content or under `images.roots` in feeds/site.yaml",
            ),
            Self::PlaceTaken(normal) => (
                Code::PlaceTaken,
                format!("another name that is written `{normal}` too has this place"),
                "rename one of the two",
            ),
            Self::ConflictCopy => (
                Code::ConflictCopy,
                "this is a copy that a program made of a file in conflict".to_owned(),
                "take over what is missing in the original, then remove the copy",
            ),
            Self::Denied(entry, kind, reason) => {
                let what = if *entry == EntryKind::Directory { "directory" } else { "file" };
                let (message, help) = match kind {
                    io::ErrorKind::NotFound => (
                        format!("the symbolic link leads nowhere, so the {what} cannot be read"),
                        "mend the link or remove it",
                    ),
                    io::ErrorKind::InvalidFilename => (
                        format!("the {what} cannot be read: its path is longer than the system allows"),
                        "use shorter names, or fewer directories in each other",
                    ),
                    io::ErrorKind::PermissionDenied => (
                        format!("the {what} cannot be read: permission denied"),
                        "let the user that runs feedmill read it",
                    ),
                    _ => (
                        format!("the {what} cannot be read: {reason}"),
                        "see whether the disk and the mount are in order",
                    ),
                };
                (Code::Unreadable, message, help)
            }
        }
    }
}
