//! Directories behind a symlink that is swapped atomically: Kubernetes volumes as the kubelet writes them, in
//! its current and its former order of steps, and releases as Capistrano deploys them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{State, Writer, files, is_followed};
use crate::driver::{Folder, TestServer};

/// The order in which the kubelet creates the symlinks that users see.
#[derive(Clone, Copy, PartialEq)]
enum Links {
    First,
    Last,
}

/// The kubelet's `AtomicWriter`. The articles lie in a directory of the volume, and at its top level.
struct Kubelet {
    links: Links,
    versions: u32,
}

impl Kubelet {
    fn write(&mut self, volume: &Path, state: &State) {
        self.versions += 1;
        let version = format!("..2026_01_01_00_00_00.{}", self.versions);
        let old = fs::read_link(volume.join("..data")).ok();
        fs::create_dir_all(volume.join(&version).join("sub")).unwrap();
        let names: Vec<String> = files(state)
            .map(|(file, text)| {
                let file = if file == "a.md" { format!("sub/{file}") } else { file };
                fs::write(volume.join(&version).join(&file), text).unwrap();
                file.split('/').next().unwrap().to_owned()
            })
            .collect();
        let link = || {
            for name in names.iter().filter(|name| fs::symlink_metadata(volume.join(name)).is_err()) {
                symlink(format!("..data/{name}"), volume.join(name)).unwrap();
            }
        };
        if self.links == Links::First {
            link();
        }
        symlink(&version, volume.join("..data_tmp")).unwrap();
        fs::rename(volume.join("..data_tmp"), volume.join("..data")).unwrap();
        if self.links == Links::Last {
            link();
        }
        for entry in fs::read_dir(volume).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if !name.starts_with("..") && !names.contains(&name) {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        if let Some(old) = old {
            fs::remove_dir_all(volume.join(old)).unwrap();
        }
    }
}

impl Writer for Kubelet {
    fn begin(&mut self, folder: &Folder, state: &State) {
        self.write(&folder.path("content"), state);
    }

    fn replace(&mut self, folder: &Folder, _: &TestServer, _: &State, after: &State) {
        self.write(&folder.path("content"), after);
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(flags)
    }

    fn is_whole(&self) -> bool {
        true
    }
}

/// Release directories, and a symlink to the current one; only the last two are kept.
#[derive(Default)]
struct Releases {
    made: u32,
}

impl Releases {
    fn deploy(&mut self, folder: &Folder, state: &State) {
        self.made += 1;
        for (file, text) in files(state) {
            folder.put(&format!("releases/{}/posts/{file}", self.made), text);
        }
        symlink(format!("releases/{}", self.made), folder.path("next")).unwrap();
        fs::rename(folder.path("next"), folder.path("current")).unwrap();
        if self.made > 2 {
            fs::remove_dir_all(folder.path(&format!("releases/{}", self.made - 2))).unwrap();
        }
    }
}

impl Writer for Releases {
    fn begin(&mut self, folder: &Folder, state: &State) {
        self.deploy(folder, state);
    }

    fn replace(&mut self, folder: &Folder, _: &TestServer, _: &State, after: &State) {
        self.deploy(folder, after);
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(&[&["--content", "current/posts"], flags].concat())
    }

    fn is_whole(&self) -> bool {
        true
    }
}

#[test]
fn a_volume_of_an_older_kubelet_is_followed() {
    is_followed(|| Box::new(Kubelet { links: Links::First, versions: 0 }));
}

#[test]
fn a_volume_of_todays_kubelet_is_followed() {
    is_followed(|| Box::new(Kubelet { links: Links::Last, versions: 0 }));
}

#[test]
fn releases_behind_a_symlink_are_followed() {
    is_followed(|| Box::new(Releases::default()));
}
