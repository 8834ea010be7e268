//! Sets `cfg(corpus)` where `../shared` has the sites that some tests read.
//! Elsewhere these tests are ignored, so that the result of a run shows them.

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    println!("cargo::rerun-if-changed=build.rs");
    let needed = ["../shared/corpus", "../shared/samples"];
    if needed.iter().all(|path| Path::new(path).is_dir()) {
        println!("cargo::rustc-cfg=corpus");
        // Only here: Cargo would rebuild everything every time for a path that does not exist.
        for path in needed {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}
