//! Chooses the file for each URL of a build.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::document::Encoding;
use crate::edition::Edition;
use crate::text::encode_path;

/// The file extension of a content coding.
pub(super) fn end(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Identity => "",
        Encoding::Gzip => ".gz",
        Encoding::Brotli => ".br",
    }
}

/// The files to write and their URLs.
pub(super) struct OutputPlan {
    /// The URL of each entry of `files`.
    pub(super) addresses: Vec<String>,
    /// Paths below the output directory, sorted. They are unique, and none is below another.
    pub(super) files: Vec<String>,
    /// URLs that cannot have a file, with the reason.
    pub(super) left_out: Vec<(String, String)>,
}

impl OutputPlan {
    /// The content codings whose files can be written beside this one. A name may be taken, for
    /// example by an article with the name `index.html.gz`.
    pub(super) fn companions(&self, index: usize) -> Vec<Encoding> {
        let is_free = |encoding: &Encoding| {
            let name = format!("{}{}", self.files[index], end(*encoding));
            let below = format!("{name}/");
            let next = self.files.partition_point(|file| *file < below);
            self.files.binary_search(&name).is_err()
                && !self.files.get(next).is_some_and(|file| file.starts_with(&below))
        };
        [Encoding::Gzip, Encoding::Brotli].into_iter().filter(is_free).collect()
    }
}

impl OutputPlan {
    /// Returns those of other files, sorted, that are not in the plan, of which no directory has the name of another
    /// file, and that are not the directory of another file.
    pub(super) fn with_others(&self, others: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
        let others: BTreeMap<String, String> = others.collect();
        let mut all: HashSet<&str> = self.files.iter().map(String::as_str).collect();
        let directories: HashSet<&str> = self.files.iter().flat_map(|file| parents(file)).collect();
        let mut added: Vec<(String, String)> = Vec::new();
        for (file, to) in &others {
            let is_free = !all.contains(&**file)
                && !directories.contains(&**file)
                && parents(file).all(|parent| !all.contains(parent))
                // They are sorted, so those below it would be next.
                && !others.range(format!("{file}/")..).next().is_some_and(|(next, _)| next.starts_with(&format!("{file}/")));
            if is_free {
                all.insert(file);
                added.push((file.clone(), to.clone()));
            }
        }
        added
    }
}

/// The directories of a file.
pub(super) fn parents(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(at, _)| &file[..at])
}

/// The plan for an edition and its public images, which are given by their paths below `/media/`.
pub(super) fn plan<'a>(edition: &Edition, images: impl IntoIterator<Item = &'a Arc<str>>) -> OutputPlan {
    of(edition.addresses().chain(images.into_iter().map(|path| edition.media_address(path))))
}

fn of(addresses: impl Iterator<Item = String>) -> OutputPlan {
    let mut left_out = Vec::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for address in addresses {
        match file(&address) {
            Some(file) => pairs.push((file, address)),
            None => left_out.push((address, "no file can have this name".to_owned())),
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let (files, addresses): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
    // For example, the page of `a/index.html.md` would be below the one of `a.md`.
    let all: HashSet<&str> = files.iter().map(String::as_str).collect();
    let is_below = |file: &str| parents(file).any(|parent| all.contains(parent));
    let below: Vec<bool> = files.iter().map(|file| is_below(file)).collect();
    let mut plan = OutputPlan { addresses: Vec::new(), files: Vec::new(), left_out };
    for ((file, address), is_below) in files.into_iter().zip(addresses).zip(below) {
        if is_below {
            plan.left_out.push((address, "its directory has the name of another file".to_owned()));
        } else {
            plan.files.push(file);
            plan.addresses.push(address);
        }
    }
    plan
}

/// The file for a path that is decoded.
pub(super) fn file_of_path(path: &str) -> Option<String> {
    file(&encode_path(path))
}

/// The file for a URL: its path, with each segment decoded. `None` if a segment cannot be a file
/// name.
fn file(address: &str) -> Option<String> {
    let address = address.strip_prefix('/')?;
    let mut parts: Vec<&str> = address.split('/').collect();
    if let Some(last @ &mut "") = parts.last_mut() {
        *last = "index.html";
    }
    let mut file = String::with_capacity(address.len() + 10);
    for part in parts {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        if matches!(&*part, "" | "." | "..") || part.contains(['/', '\0']) {
            return None;
        }
        if !file.is_empty() {
            file.push('/');
        }
        file.push_str(&part);
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(addresses: &[&str]) -> OutputPlan {
        of(addresses.iter().map(|address| (*address).to_owned()))
    }

    #[test]
    fn a_file_has_the_decoded_path_of_its_url() {
        for (address, wanted) in [
            ("/", "index.html"),
            ("/rss.xml", "rss.xml"),
            ("/tags/a/", "tags/a/index.html"),
            ("/base/articles/%E5%9B%BE%20%E6%96%87/", "base/articles/图 文/index.html"),
            ("/media/50%25.png", "media/50%.png"),
        ] {
            assert_eq!(file(address).as_deref(), Some(wanted), "{address}");
        }
    }

    #[test]
    fn no_url_leads_out_of_the_directory() {
        for address in ["/../a", "/a/%2e%2e/b", "/a%2Fb", "/a//b", "/%00", "/%FF", "//", "a"] {
            assert_eq!(file(address), None, "{address}");
        }
        assert_eq!(planned(&["/../a", "/b"]).left_out.len(), 1);
    }

    #[test]
    fn files_are_sorted_and_none_is_below_another() {
        let plan = planned(&["/b/index.html/", "/c", "/b/", "/c", "/a.x"]);
        assert_eq!(plan.files, ["a.x", "b/index.html", "c"]);
        assert_eq!(plan.addresses, ["/a.x", "/b/", "/c"]);
        assert_eq!(plan.left_out.len(), 1);
    }

    #[test]
    fn a_redirect_is_left_out_if_it_would_be_a_file_and_a_directory() {
        let others = ["a/index.html", "b", "b/c", "old/index.html", "c", "c/d", "x.y", "x.y/z"];
        let others = others.into_iter().map(|file| (file.to_owned(), "/".to_owned()));
        let added = planned(&["/a/", "/b", "/c/d/e"]).with_others(others);
        let files: Vec<&str> = added.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(files, ["old/index.html", "x.y/z"]);
    }

    #[test]
    fn a_compressed_file_is_left_out_if_its_name_is_taken() {
        let plan = planned(&["/a", "/a.br", "/b", "/b.gz/", "/b.gz!", "/c"]);
        let of = |file: &str| plan.companions(plan.files.iter().position(|each| each == file).unwrap());
        assert_eq!(of("a"), [Encoding::Gzip]);
        assert_eq!(of("b"), [Encoding::Brotli]);
        assert_eq!(of("c"), [Encoding::Gzip, Encoding::Brotli]);
    }
}
