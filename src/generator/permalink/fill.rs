//! Parts of an article's path, shared by the tokens of several generators.

use crate::content_path::{ContentPath, file_name};

/// Returns the file name without a leading date but with its language suffix, for example `a.fr` for
/// `2021-08-04-a.fr.md`.
pub(crate) fn without_date<'a>(place: &'a ContentPath, name: &str) -> &'a str {
    let stem = place.stem();
    stem.rfind(name).filter(|_| !name.is_empty()).map_or(stem, |at| &stem[at..])
}

/// Returns the file name with its date but without a language suffix. A bundle has the name of its directory.
pub(crate) fn without_language<'a>(place: &'a ContentPath, name: &str) -> &'a str {
    if place.is_index() {
        return file_name(place.directory());
    }
    let stem = place.stem();
    stem.rfind(name).filter(|_| !name.is_empty()).map_or(stem, |at| &stem[..at + name.len()])
}

/// Returns the directories above an article, without a leading `content` and without the directory of a bundle.
pub(crate) fn sections(place: &ContentPath) -> Vec<&str> {
    let directory = place.directory();
    let mut sections: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    if sections.first() == Some(&"content") {
        sections.remove(0);
    }
    if place.is_index() {
        sections.pop();
    }
    sections
}
