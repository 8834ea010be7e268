//! Finds code that opens a connection. Only `fetch` does so, because it has the guard; `healthcheck`; and the listener on a
//! Unix socket, which asks whether another server listens at its path.

use crate::named::Named;
use crate::tree::sources;
use crate::{in_files, none};

/// Calls that open a connection.
fn connects(source: &str) -> Vec<String> {
    const CALLS: [&str; 4] =
        ["TcpStream::connect", "TcpStream::connect_timeout", "UnixStream::connect", "UdpSocket::bind"];
    let is_call = |path: &String| CALLS.iter().any(|call| **path == **call || path.ends_with(&format!("::{call}")));
    Named::of(source).paths.into_iter().filter(is_call).collect()
}

#[test]
fn connections_are_opened_in_one_module() {
    assert_eq!(connects("use std::net::TcpStream; fn f() { TcpStream::connect(a); }").len(), 1);
    assert!(connects("fn f() { TcpListener::bind(a); }").is_empty());
    none(in_files(&sources(&["src"], "rs"), |path, text| {
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        let is_local = ["src/commands/healthcheck.rs", "src/server/listen/public.rs"].contains(&path);
        let is_allowed = is_test || is_local || path.starts_with("src/fetch/");
        if is_allowed { Vec::new() } else { connects(text) }
    }));
}
