//! Files as deeds make them: room for them, and images of any size.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Removes what is no plain file: writing to a pipe would wait for its reader,
/// and to a device would do anything.
pub fn clear(path: &Path) {
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let _ = fs::remove_file(path);
    }
}

/// Makes the directories above a path; those that were missing come back.
pub fn room_for(path: &Path) -> Vec<PathBuf> {
    let parent = path.parent().unwrap();
    let made = parent.ancestors().take_while(|above| !above.exists()).map(Path::to_owned).collect();
    let _ = fs::create_dir_all(parent);
    made
}

/// A GIF: what it weighs and what it measures follow `size`. No line and no
/// point, for these are shown to nobody.
pub fn gif(size: u8) -> Vec<u8> {
    let mut bytes = [b"GIF89a".as_slice(), &[size + 2, 0, 9, 0, 0, 0, 0]].concat();
    bytes.resize(bytes.len() + usize::from(size) * 100, 0);
    bytes
}

/// Sets who may read a path, if it is of this type.
pub fn set_mode(path: &Path, is_type: fn(&fs::FileType) -> bool, mode: u32) {
    if fs::symlink_metadata(path).is_ok_and(|metadata| is_type(&metadata.file_type())) {
        let _ = fs::set_permissions(path, Permissions::from_mode(mode));
    }
}

/// Sets when a plain file was modified.
pub fn touch(path: &Path, modified: SystemTime) {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if let Some(file) = is_file.then(|| fs::File::options().append(true).open(path).ok()).flatten() {
        file.set_modified(modified).unwrap();
    }
}
