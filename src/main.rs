//! Arguments in, exit code out.

use std::process::ExitCode;

use feedmill::{commands, settings};

// musl's and glibc's allocators lose 10 to 18 % on the load of many files.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A new huge page is cleared whole when it is first touched: four milliseconds within one answer, and memory that
    // nobody asked for. Where the system does not know them there are none.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    match settings::read(std::env::args_os()) {
        Ok(settings) => commands::run(settings),
        Err(error) => commands::refuse(&error),
    }
}
