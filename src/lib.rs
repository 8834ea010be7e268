//! feedmill turns a directory of articles into feeds and serves them.
//!
//! *Files become articles, articles a library, a library and a definition a
//! feed, a feed a document, a document a response.* Data flows in one
//! direction; no stage calls an earlier one.
//!
//! The modules are listed in reading order: each uses only modules above it,
//! and those before [`disk`] open no files, ask no clock and write no log.
//! docs/architecture.md has the code map, the invariants with their tests, the
//! threads and the trust boundaries; docs/glossary.md defines the words.
//!
//! Public is what the binary, the tests in tests/, the benches and the fuzz targets use. Other crates must not depend on
//! it, and everything else is `pub(crate)` or private.

#![warn(unreachable_pub)]
// The documentation is for maintainers, who build it with private items.
#![allow(rustdoc::private_intra_doc_links)]

// Values.
mod lock;
mod digest;
pub mod diagnostic;
mod text;
pub mod name;
pub mod key;
pub mod content_path;
pub mod syntax;
pub mod generator;
pub mod article;
pub mod remote_images;
pub mod site;
pub mod library;
pub mod feed;
mod audience;
pub mod document;
pub mod render;
pub mod edition;
mod publisher;
// The world.
mod platform;
pub mod disk;
mod fetch;
pub mod server;
pub mod cli;
pub mod settings;
pub mod commands;
