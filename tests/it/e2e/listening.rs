//! Several listeners, Unix sockets for a proxy on the same machine, and sockets that systemd has opened.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use rustix::io::{FdFlags, fcntl_setfd};

use crate::driver::{Connection, Folder, Process, TestServer, article};

const BASE: &str = "https://feeds.example.org";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder
}

/// Serves a folder at a Unix socket, and at a port for the driver.
fn at_socket(folder: &Folder) -> TestServer {
    let path = format!("unix:{}", folder.path("feeds.sock").display());
    folder.start(folder.command(&[
        "--bind",
        &path,
        "--bind",
        "127.0.0.1:0",
        "--admin-bind",
        "off",
        "--base-url",
        BASE,
        "--log",
        "json",
    ]))
}

/// Everything that the server answers to these bytes until it closes the connection.
fn ask(path: &Path, request: &str) -> String {
    let mut stream = UnixStream::connect(path).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn every_listener_serves_the_same_and_the_first_gives_the_base_url() {
    let folder = folder();
    let other = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = folder.serve_with(&["--bind", "127.0.0.1:0", "--bind", &other.to_string()]);
    let feed = server.get("/atom.xml").ok();
    let same = Connection::open(other).unwrap().ask("GET", "/atom.xml", &[]).unwrap();
    assert_eq!(same.body, feed.body);
    assert!(feed.text().contains(&server.url("/atom.xml")), "{}", feed.text());
    server.logs(&[&format!("listening on http://{other}")]);
}

#[test]
fn a_unix_socket_answers_as_a_port_does() {
    let folder = folder();
    let server = at_socket(&folder);
    let path = folder.path("feeds.sock");
    let head = "HTTP/1.1\r\nHost: x\r\n";
    let answer = ask(&path, &format!("GET /atom.xml {head}Connection: close\r\n\r\n"));
    let feed = server.get("/atom.xml").ok().text();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&feed), "{answer}");
    // Requests sent together are answered in order, and that of HEAD has no body.
    let both = ask(&path, &format!("HEAD /rss.xml {head}\r\nGET /healthz {head}Connection: close\r\n\r\n"));
    assert_eq!(both.matches("HTTP/1.1 200 OK").count(), 2, "{both}");
    assert!(!both.contains("<rss"), "{both}");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o666, "the directory decides who may connect");
    folder.run(&["healthcheck", "--bind", &format!("unix:{}", path.display())]).assert_code(0);
    server.logs(&[&format!("listening on unix:{}", path.display())]);
}

#[test]
fn a_client_of_a_unix_socket_that_leaves_or_reads_slowly_disturbs_nobody() {
    let folder = folder();
    let _server = at_socket(&folder);
    let path = folder.path("feeds.sock");
    for _ in 0..20 {
        let mut stream = UnixStream::connect(&path).unwrap();
        stream.write_all(b"GET /atom.xml HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    }
    let idle = UnixStream::connect(&path).unwrap();
    assert!(ask(&path, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
    drop(idle);
}

#[test]
fn the_socket_is_removed_at_the_end_and_a_left_over_is_replaced() {
    let folder = folder();
    let path = folder.path("feeds.sock");
    drop(UnixListener::bind(&path).unwrap());
    let server = at_socket(&folder);
    let second =
        folder.run(&["--bind", &format!("unix:{}", path.display()), "--base-url", BASE, "--admin-bind", "off"]);
    second.assert_code(2);
    second.assert_says("already in use");
    assert_eq!(server.stop(), Some(0));
    assert!(!path.exists());
    fs::write(&path, "mine").unwrap();
    let refused =
        folder.run(&["--bind", &format!("unix:{}", path.display()), "--base-url", BASE, "--admin-bind", "off"]);
    refused.assert_code(2);
    refused.assert_says("is not a socket");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_unix_socket_needs_a_base_url() {
    let folder = folder();
    for command in ["serve", "build"] {
        let mut command = folder.command(&[command]);
        command.env("FEEDMILL_BIND", format!("unix:{}", folder.path("feeds.sock").display()));
        let finished = Process::start(command).finish();
        finished.assert_code(2);
        finished.assert_says("a Unix socket has no URL");
        finished.assert_says("--base-url https://feeds.example.org");
    }
}

#[test]
fn sockets_of_systemd_replace_the_default_listener() {
    let folder = folder();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = tcp.local_addr().unwrap();
    let path = folder.path("activated.sock");
    let unix = UnixListener::bind(&path).unwrap();
    // As systemd does, but without unsafe code: the shell moves the sockets to the numbers 3 and 4.
    fcntl_setfd(&tcp, FdFlags::empty()).unwrap();
    fcntl_setfd(&unix, FdFlags::empty()).unwrap();
    let script = format!(
        "exec 8<&{} 9<&{}; exec 3<&8 4<&9; LISTEN_FDS=2 LISTEN_PID=$$ exec \"$0\" \"$@\"",
        tcp.as_raw_fd(),
        unix.as_raw_fd()
    );
    let program = folder.command(&["--admin-bind", "off", "--log", "json"]);
    let mut command = folder.command(&[]);
    command = {
        let mut shell = std::process::Command::new("bash");
        shell.arg("-c").arg(script).arg(program.get_program()).args(program.get_args());
        shell.current_dir(command.get_current_dir().unwrap()).env("TZ", "UTC");
        shell
    };
    let server = folder.start(command);
    drop((tcp, unix));
    assert_eq!(server.address(), address);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    assert!(ask(&path, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
    assert!(path.exists(), "systemd keeps its socket");
}
