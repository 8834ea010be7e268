//! File operations for the edits: parent directories, images of any size, permissions and times.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Removes anything but a plain file or a directory: writing to a pipe would wait for a reader, and writing
/// to a device could do anything.
pub fn clear(path: &Path) {
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let _ = fs::remove_file(path);
    }
}

/// Creates the missing parent directories of a path and returns them.
pub fn room_for(path: &Path) -> Vec<PathBuf> {
    let parent = path.parent().unwrap();
    let made = parent.ancestors().take_while(|above| !above.exists()).map(Path::to_owned).collect();
    let _ = fs::create_dir_all(parent);
    made
}

/// A GIF whose length and dimensions depend on `size`. It is at least two pixels wide, because a tracking
/// pixel is never shown.
pub fn gif(size: u8) -> Vec<u8> {
    let mut bytes = [b"GIF89a".as_slice(), &[size + 2, 0, 9, 0, 0, 0, 0]].concat();
    bytes.resize(bytes.len() + usize::from(size) * 100, 0);
    bytes
}

/// Sets the permissions of a path if it has the expected type.
pub fn set_mode(path: &Path, is_type: fn(&fs::FileType) -> bool, mode: u32) {
    if fs::symlink_metadata(path).is_ok_and(|metadata| is_type(&metadata.file_type())) {
        let _ = fs::set_permissions(path, Permissions::from_mode(mode));
    }
}

/// Sets the modification time of a plain file.
pub fn touch(path: &Path, modified: SystemTime) {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if let Some(file) = is_file.then(|| fs::File::options().append(true).open(path).ok()).flatten() {
        file.set_modified(modified).unwrap();
    }
}
