//! Requests through a real listener, read byte by byte.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use super::listen::{BACKLOG, bind};
use super::*;
use driver::{DEADLINE, Reply, TestClient, large, long, serve_all};

mod driver;
mod slow;

const ADDRESSES: [&str; 10] = [
    "/rss.xml",
    "/",
    "/old.xml",
    "/dead.xml",
    "/nowhere",
    "/healthz",
    "/readyz",
    "/articles/a/",
    "/media/short.png",
    "/media/long.png",
];

#[test]
fn head_is_get_without_a_body() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    for path in ADDRESSES {
        for encoding in ["", "Accept-Encoding: br\r\n"] {
            let sorted = |reply: &Reply| {
                let mut lines: Vec<_> =
                    reply.head.lines().filter(|line| !line.starts_with("date:")).map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let get = client.ask("GET", path, encoding);
            let head = client.ask("HEAD", path, encoding);
            assert_eq!(sorted(&head), sorted(&get), "{path}");
        }
    }
}

#[test]
fn answers_are_dated_and_do_not_name_the_server() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    for path in ADDRESSES {
        let reply = client.ask("GET", path, "");
        assert!(reply.header("date").is_some() && reply.header("server").is_none(), "{}", reply.head);
    }
    for (method, headers) in [("GET", "If-None-Match: *\r\n"), ("OPTIONS", "")] {
        let reply = client.ask(method, "/rss.xml", headers);
        assert!(reply.header("content-length").is_none(), "{}", reply.head);
        assert!(reply.header("transfer-encoding").is_none(), "{}", reply.head);
        assert!(reply.header("date").is_some());
    }
}

#[test]
fn each_address_has_its_status() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let table = [
        ("/rss.xml", 200),
        ("/rss.xml?_=1", 200),
        ("/", 200),
        ("/old.xml", 301),
        ("/old.xml?a", 301),
        ("/dead.xml", 410),
        ("/nowhere", 404),
        ("/articles/a/", 200),
        ("/articles/b/", 404),
        ("/media/short.png", 200),
        ("/media/lost.png", 404),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/%FF", 404),
        ("/%", 404),
        ("http://other.example/rss.xml", 200),
        ("/healthz/", 404),
    ];
    for (path, status) in table {
        assert_eq!(client.ask("GET", path, "").status, status, "{path}");
    }
    assert_eq!(client.ask("GET", "/old.xml?a", "").header("location"), Some("http://a.example/rss.xml"));
}

#[test]
fn the_method_is_checked_before_the_path() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    for path in ["/rss.xml", "/nowhere", "/healthz", "/articles/panic/"] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            let reply = client.ask(method, path, "Content-Length: 0\r\n");
            assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{method} {path}");
        }
        assert_eq!(client.ask("OPTIONS", path, "").status, 204);
    }
}

#[test]
fn an_unwanted_body_does_not_disturb_later_responses() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let body = "GET /nowhere HTTP/1.1\r\n\r\n";
    client.send("POST", "/rss.xml", &format!("Content-Length: {}\r\n", body.len()));
    client.0.write_all(body.as_bytes()).unwrap();
    assert_eq!(client.receive("POST").status, 405);
    let mut client = TestClient::of(&served);
    assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
}

#[test]
fn an_address_of_more_than_8_kib_is_refused() {
    let served = serve_all();
    let long = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert_eq!(TestClient::of(&served).ask("GET", &long(8192), "").status, 404);
    assert_eq!(TestClient::of(&served).ask("GET", &long(8193), "").status, 414);
    assert_eq!(TestClient::of(&served).ask("GET", &format!("/rss.xml?{}", long(9000)), "").status, 414);
}

#[test]
fn requests_sent_ahead_are_answered_in_their_order() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let order = [
        ("GET", "/rss.xml", 200),
        ("GET", "/articles/a/", 200),
        ("GET", "/media/long.png", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/", 405),
        ("GET", "/", 200),
    ];
    for (method, path, _) in order {
        client.send(method, path, "");
    }
    for (method, path, status) in order {
        assert_eq!(client.receive(method).status, status, "{method} {path}");
    }
}

#[test]
fn a_body_larger_than_the_socket_buffers_arrives_before_the_next_response() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    for path in ["/articles/large/", "/articles/a/", "/articles/large/"] {
        client.send("GET", path, "");
    }
    assert!(client.receive("GET").body == large().as_bytes());
    assert_eq!(client.receive("GET").body, b"an article");
    assert!(client.receive("GET").body == large().as_bytes());
    client.send("GET", "/articles/large/", "Connection: close\r\n");
    let mut response = Vec::new();
    client.0.read_to_end(&mut response).unwrap();
    assert!(response.ends_with(large().as_bytes()));
}

#[test]
fn an_image_is_sent_whole_and_in_parts() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let bytes = long();
    assert_eq!(client.ask("GET", "/media/long.png", "").body, bytes);
    let part = client.ask("GET", "/media/long.png", "Range: bytes=100-2000000\r\n");
    assert_eq!((part.status, part.header("content-length")), (206, Some("1999901")));
    assert_eq!(part.body, bytes[100..=2_000_000]);
    assert_eq!(client.ask("GET", "/media/short.png", "Range: bytes=-3\r\n").body, b"789");
    assert_eq!(client.ask("GET", "/media/short.png", "Range: bytes=10-\r\n").status, 416);
}

#[test]
fn a_file_shorter_than_its_recorded_length_gets_a_500() {
    let served = serve_all();
    let reply = TestClient::of(&served).ask("GET", "/media/cut.png", "");
    assert_eq!((reply.status, reply.header("cache-control")), (500, Some("no-store")));
}

#[test]
fn a_panic_is_answered_with_500_and_the_server_goes_on() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let reply = client.ask("GET", "/articles/panic/", "");
    assert_eq!((reply.status, reply.header("cache-control")), (500, Some("no-store")));
    assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
    let metrics = served.count.text(&served.health);
    assert!(metrics.contains("feedmill_panics_total{room=\"request\"} 1"), "{metrics}");
}

#[test]
fn a_panic_before_the_disk_access_is_caught_too() {
    let count = Counters::new();
    assert_eq!(guarded(&count, || 7), Some(7));
    assert_eq!(guarded(&count, || -> u8 { panic!("as asked") }), None);
}

#[test]
fn clients_that_drip_do_not_hold_up_a_poll() {
    let served = serve_all();
    let half: Vec<_> = (0..200)
        .map(|_| {
            let mut client = TestClient::of(&served);
            client.0.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: a.ex").unwrap();
            client
        })
        .collect();
    let mut client = TestClient::of(&served);
    assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
    drop(half);
}

#[test]
fn a_stop_does_not_wait_for_idle_connections() {
    let mut served = serve_all();
    let mut idle = TestClient::of(&served);
    assert_eq!(idle.ask("GET", "/rss.xml", "").status, 200);
    let running = served.running.take().unwrap();
    assert_eq!(running.stop(DEADLINE), Stopped::Clean);
    assert_eq!(idle.0.read(&mut [0]).unwrap(), 0, "closed");
}

#[test]
fn a_stop_lets_an_answer_under_way_arrive() {
    let mut served = serve_all();
    let mut client = TestClient::of(&served);
    client.send("GET", "/media/long.png", "");
    let mut first = [0; 12];
    client.0.read_exact(&mut first).unwrap();
    let running = served.running.take().unwrap();
    let stop = std::thread::spawn(move || running.stop(DEADLINE));
    let mut rest = Vec::new();
    client.0.read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(&long()));
    assert_eq!(stop.join().unwrap(), Stopped::Clean);
}

#[test]
fn a_stop_ends_in_time_even_if_a_client_reads_nothing() {
    let mut served = serve_all();
    let mut client = TestClient::of(&served);
    // Far more than the socket buffers hold.
    client.send("GET", "/media/huge.png", "");
    let mut first = [0; 12];
    client.0.read_exact(&mut first).unwrap();
    let start = Instant::now();
    let stopped = served.running.take().unwrap().stop(Duration::from_millis(50));
    assert_eq!(stopped, Stopped::CutShort);
    assert!(start.elapsed() < DEADLINE / 2);
}

#[test]
fn readiness_is_what_health_says() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    assert_eq!(client.ask("GET", "/readyz", "").status, 200);
    served.health.drain();
    assert_eq!(client.ask("GET", "/readyz", "").status, 503);
    assert_eq!(client.ask("GET", "/healthz", "").body, b"{\"status\":\"ok\"}\n");
    assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
}

#[test]
fn requests_are_counted() {
    let served = serve_all();
    let mut client = TestClient::of(&served);
    let length = client.ask("GET", "/", "").body.len();
    client.ask("HEAD", "/", "");
    client.ask("GET", "/rss.xml", "If-None-Match: *\r\n");
    let text = served.count.text(&served.health);
    for line in [
        format!("feedmill_sent_bytes_total {length}"),
        "feedmill_requests_total{route=\"page\",format=\"html\",status=\"200\"} 2".into(),
        "feedmill_not_modified_total 1".into(),
        "feedmill_connections 1".into(),
    ] {
        assert!(text.lines().any(|each| each == line), "no {line} in\n{text}");
    }
}

#[test]
fn the_admin_listener_responds_before_the_first_load() {
    let bound = bind("127.0.0.1:0").unwrap();
    let address = bound.address();
    let (request, reloads) = std::sync::mpsc::channel();
    let admin = admin::Admin {
        health: Arc::new(Health::new()),
        metrics: Box::new(|| "a 1\n# EOF\n".to_owned()),
        page: Box::new(|_| "<p>".to_owned()),
        status: Box::new(|| "{\"problems\":[]}".into()),
        reload: Box::new(move || request.send(()).unwrap()),
    };
    let running = admin::run(bound.listen(BACKLOG).unwrap(), admin, Box::new(|| {})).unwrap();
    let mut client = TestClient::at(address);
    assert_eq!(client.ask("GET", "/readyz", "").status, 503);
    assert_eq!(client.ask("GET", "/healthz", "").status, 200);
    assert_eq!(client.ask("GET", "/status", "").body, b"{\"problems\":[]}");
    assert_eq!(client.ask("GET", "/metrics", "").body, b"a 1\n");
    assert_eq!(client.ask("GET", "/nowhere", "").status, 404);
    assert_eq!(client.ask("POST", "/metrics", "Content-Length: 0\r\n").header("allow"), Some("GET, HEAD"));
    assert_eq!(client.ask("GET", "/reload", "").header("allow"), Some("POST"));
    assert!(reloads.try_recv().is_err());
    assert_eq!(client.ask("POST", "/reload", "Content-Length: 0\r\n").status, 202);
    reloads.recv_timeout(DEADLINE).unwrap();
    assert_eq!(running.stop(DEADLINE), Stopped::Clean);
}
