//! All integration tests but `tidy`, as one program, so that the library is compiled into it and linked once.
//! `cargo test --test it e2e::pages` runs the tests of one module.

mod corpus;
mod documents;
mod driver;
mod e2e;
mod edge_cases;
mod formats;
mod golden;
mod loader;
mod properties;
mod reference_parsers;
#[path = "../tree/mod.rs"]
mod tree;
mod validity;
mod wire;
