//! Health checks of orchestrators, over HTTP and by `feedmill healthcheck`.

use std::net::TcpListener;

use crate::driver::{Folder, article};

#[test]
fn a_running_server_is_alive_and_ready() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    server.get("/healthz").assert_status(200);
    let ready = server.get("/readyz").ok();
    assert!(ready.must("content-type").starts_with("application/json"), "{ready}");
    assert!(ready.json().is_object(), "{ready}");
    assert_ne!(ready.json()["stale"], true);
}

#[test]
fn health_is_never_cached() {
    let server = Folder::new().serve();
    for path in ["/healthz", "/readyz"] {
        let answer = server.get(path).ok();
        assert!(answer.must("cache-control").contains("no-store"), "{answer}");
    }
}

#[test]
fn healthcheck_ends_with_0_while_the_server_is_ready_and_1_when_it_is_gone() {
    let folder = Folder::new();
    let server = folder.serve();
    let address = server.address().to_string();
    folder.run(&["healthcheck", "--bind", &address]).assert_code(0);
    assert_eq!(server.stop(), Some(0));
    folder.run(&["healthcheck", "--bind", &address]).assert_code(1);
}

#[test]
fn healthcheck_reaches_a_server_bound_to_all_addresses() {
    let folder = Folder::new();
    let server = folder.serve_with(&["--bind", "0.0.0.0:0"]);
    for host in ["0.0.0.0", "", "localhost"] {
        let address = format!("{host}:{}", server.address().port());
        folder.run(&["healthcheck", "--bind", &address]).assert_code(0);
    }
}

#[test]
fn healthcheck_needs_no_articles_where_it_runs() {
    let folder = Folder::new();
    let server = folder.serve();
    let elsewhere = Folder::new();
    std::fs::remove_dir(elsewhere.path("content")).unwrap();
    let address = server.address().to_string();
    elsewhere.run(&["healthcheck", "--bind", &address]).assert_code(0);
}

#[test]
fn healthcheck_finds_a_server_with_a_path_in_its_base_url() {
    let folder = Folder::new();
    let server = folder.serve_with(&["--base-url", "https://example.org/news"]);
    let address = server.address().to_string();
    folder.run(&["healthcheck", "--bind", &address]).assert_code(0);
    for path in ["/healthz", "/readyz", "/news/healthz", "/news/readyz"] {
        server.get(path).assert_status(200);
    }
    server.get("/news").assert_status(301);
    server.get("/rss.xml").assert_status(404);
}

#[test]
fn healthcheck_gives_up_on_a_server_that_does_not_respond() {
    // The kernel accepts connections, but nothing responds.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = mute.local_addr().unwrap().to_string();
    Folder::new().run(&["healthcheck", "--bind", &address]).assert_code(1);
}
