//! Why a file or directory is not read although its name is that of an article, and the problem that reports it.

use std::fmt;
use std::io;

use super::directory::DEEPEST;
use super::open::{self, OUTSIDE};
use crate::content_path::ContentPath;
use crate::diagnostic::{Code, Problem};

/// What could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    File,
    Directory,
}

impl Unread {
    fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
        }
    }
}

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
    /// The operating system refuses it, with an error of this kind and this message.
    Denied(Unread, io::ErrorKind, String),
}

impl Trouble {
    pub(super) fn denied(unread: Unread, error: &io::Error) -> Self {
        Self::Denied(unread, error.kind(), open::reason(error))
    }

    /// The problem that reports it for this file.
    pub(super) fn problem(&self, place: &ContentPath) -> Problem {
        Problem::new(place.shared(), self.code(), self.to_string()).help(self.help())
    }

    fn code(&self) -> Code {
        match self {
            Self::TooDeep | Self::TooLarge(_) | Self::NoFile(_) | Self::Denied(..) => Code::Unreadable,
            Self::Outside => Code::Outside,
            Self::PlaceTaken(_) => Code::PlaceTaken,
            Self::ConflictCopy => Code::ConflictCopy,
        }
    }

    /// How to solve the problem.
    fn help(&self) -> &'static str {
        match self {
            Self::TooDeep => "put it into fewer directories",
            Self::TooLarge(_) => {
                "move it out of the directory, name it under `exclude`, or raise `max_article_bytes` in feeds/site.yaml"
            }
            Self::NoFile(_) => "remove it, or give it another name",
            Self::Outside => {
                "copy what it leads to into the content directory, or name that directory with --content or under `images.roots` in feeds/site.yaml"
            }
            Self::PlaceTaken(_) => "rename one of the two",
            Self::ConflictCopy => "take over what is missing in the original, then remove the copy",
            Self::Denied(_, kind, _) => match kind {
                io::ErrorKind::NotFound => "mend the link or remove it",
                io::ErrorKind::InvalidFilename => "use shorter names, or fewer directories in each other",
                io::ErrorKind::PermissionDenied => "let the user that runs feedmill read it",
                _ => "see whether the disk and the mount are in order",
            },
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => write!(f, "the file is more than {DEEPEST} directories deep, and is not read"),
            Self::TooLarge(most) => write!(f, "the file is larger than {most} bytes, the limit for an article"),
            Self::NoFile(other) => write!(f, "this is {other}, no file"),
            Self::Outside => f.write_str(OUTSIDE),
            Self::PlaceTaken(normal) => write!(f, "another name that is written `{normal}` too has this place"),
            Self::ConflictCopy => f.write_str("this is a copy that a program made of a file in conflict"),
            Self::Denied(unread, kind, reason) => {
                let unread = unread.as_str();
                match kind {
                    io::ErrorKind::NotFound => {
                        write!(f, "the symbolic link leads nowhere, so the {unread} cannot be read")
                    }
                    io::ErrorKind::InvalidFilename => {
                        write!(f, "the {unread} cannot be read: its path is longer than the system allows")
                    }
                    io::ErrorKind::PermissionDenied => write!(f, "the {unread} cannot be read: permission denied"),
                    _ => write!(f, "the {unread} cannot be read: {reason}"),
                }
            }
        }
    }
}
