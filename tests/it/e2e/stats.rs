//! `feedmill stats` and the readers that a running server counts.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use crate::driver::{Folder, TestServer, article_with};

const FEEDLY: &str = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)";
const MINIFLUX: &str = "Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)";

/// One line in the combined format. `time` is day, hour and minute of November 2026.
fn combined(address: &str, time: (u32, u32, u32), path: &str, status: u16, bytes: u32, agent: &str) -> String {
    let (day, hour, minute) = time;
    format!(
        "{address} - - [{day:02}/Nov/2026:{hour:02}:{minute:02}:00 +0000] \"GET {path} HTTP/1.1\" {status} {bytes} \"-\" \"{agent}\"\n"
    )
}

fn report(folder: &Folder, files: &[&str]) -> Value {
    let finished = folder.run(&[&["stats", "--format", "json"], files].concat());
    finished.assert_code(0);
    serde_json::from_str(&finished.out).unwrap()
}

#[test]
fn subscribers_and_readers_are_counted_for_each_feed() {
    let folder = Folder::new();
    let mut log = combined("192.0.2.1", (29, 1, 0), "/categories/news/rss.xml", 200, 500, MINIFLUX);
    log += &combined("192.0.2.9", (29, 1, 30), "/categories/news/atom.xml", 200, 900, MINIFLUX);
    log += &combined("198.51.100.9", (29, 2, 0), "/categories/news/rss.xml", 200, 500, MINIFLUX);
    log += &combined("198.51.100.9", (29, 3, 0), "/categories/news/rss.xml", 200, 500, MINIFLUX);
    log += &combined("198.51.100.9", (29, 4, 0), "/categories/news/rss.xml", 304, 0, MINIFLUX);
    log += &combined("203.0.113.1", (28, 23, 0), "/rss.xml", 200, 700, FEEDLY);
    log += &combined("203.0.113.1", (29, 2, 0), "/rss.xml", 304, 0, &FEEDLY.replace("12", "14"));
    log += &combined("203.0.113.1", (29, 2, 0), "/feed.json", 304, 0, &FEEDLY.replace("12", "1"));
    // The newest day is not over.
    log += &combined("192.0.2.1", (30, 1, 0), "/rss.xml", 200, 500, MINIFLUX);
    log += &combined("192.0.2.1", (30, 1, 0), "/missing/rss.xml", 404, 500, MINIFLUX);
    log += "a line about something else\n";
    fs::write(folder.path("access.log"), &log).unwrap();
    let wanted = json!({
        "version": 1,
        "feeds": [
            {"feed": "/", "direct": 0, "aggregators": [{"name": "Feedly", "subscribers": 15}]},
            {"feed": "/categories/news/", "direct": 2, "aggregators": []},
        ],
        "clients": [
            {"name": "Miniflux", "polls": 6, "conditional": 0.1667, "not_modified": 0.1667, "interval_s": 3600, "wasted_bytes": 500},
            {"name": "Feedly", "polls": 3, "conditional": 0.6667, "not_modified": 0.6667, "interval_s": 10800, "wasted_bytes": 0},
        ],
    });
    assert_eq!(report(&folder, &["access.log"]), wanted);
    // Rotated logs are compressed.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, log.as_bytes()).unwrap();
    fs::write(folder.path("access.log.1.gz"), gzip.finish().unwrap()).unwrap();
    assert_eq!(report(&folder, &["access.log.1.gz"]), wanted);
    fs::write(folder.path("access.log.zst"), [0x28, 0xb5, 0x2f, 0xfd, 0, 0]).unwrap();
    let finished = folder.run(&["stats", "access.log.zst"]);
    finished.assert_code(2);
    finished.assert_says("`access.log.zst` cannot be read: it is compressed with zstd; pass its text on");
    // The order of files does not matter, and a log may come through a pipe.
    let (first, second) = log.split_at(log.match_indices('\n').nth(3).unwrap().0 + 1);
    fs::write(folder.path("old.log"), first).unwrap();
    fs::write(folder.path("new.log"), second).unwrap();
    assert_eq!(report(&folder, &["new.log", "old.log"])["feeds"], wanted["feeds"]);
    let mut command = folder.command(&["stats", "-"]);
    let text = command.stdin(fs::File::open(folder.path("access.log")).unwrap()).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for words in ["Feedly 15", "/categories/news/", "direct readers on 2026-11-29", "60m", "500 B  Miniflux"] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }
}

#[test]
fn logs_of_other_programs_give_the_same_report() {
    let folder = Folder::new();
    let (mut combined_log, mut caddy, mut cloudfront) = (String::new(), String::new(), String::new());
    for minute in 0..40_u32 {
        let (agent, address) =
            if minute % 4 == 0 { (FEEDLY, "203.0.113.1".to_owned()) } else { (MINIFLUX, format!("10.{minute}.2.3")) };
        combined_log += &combined(&address, (29, 1, minute), "/rss.xml", 200, 500, agent);
        let seconds = 1_795_914_000 + minute * 60;
        let request = json!({"remote_ip": "127.0.0.1", "client_ip": address, "method": "GET", "uri": "/rss.xml", "headers": {"User-Agent": [agent]}});
        let _ = writeln!(
            caddy,
            "{}",
            json!({"level": "info", "ts": f64::from(seconds) + 0.25, "request": request, "size": 500, "status": 200})
        );
        let agent = agent.replace(' ', "%20");
        let _ = writeln!(
            cloudfront,
            "2026-11-29\t01:{minute:02}:00\tFRA2-C1\t500\t{address}\tGET\td.cloudfront.net\t/rss.xml\t200\t-\t{agent}\t-\t-\tHit"
        );
    }
    let header = "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type\n";
    fs::write(folder.path("a"), combined_log).unwrap();
    fs::write(folder.path("b"), caddy).unwrap();
    fs::write(folder.path("c"), format!("{header}{cloudfront}")).unwrap();
    let wanted = report(&folder, &["a"]);
    assert_eq!(
        wanted["feeds"],
        json!([{"feed": "/", "direct": 30, "aggregators": [{"name": "Feedly", "subscribers": 12}]}])
    );
    assert_eq!(report(&folder, &["b"]), wanted);
    assert_eq!(report(&folder, &["c"]), wanted);
}

#[test]
fn a_file_that_is_no_log_is_refused_in_a_sentence() {
    let folder = Folder::new();
    let missing = folder.run(&["stats", "missing.log"]);
    missing.assert_code(2);
    missing.assert_says("`missing.log` cannot be read");
    fs::write(folder.path("no.log"), "see /rss.xml and /atom.xml\n").unwrap();
    let unknown = folder.run(&["stats", "no.log"]);
    unknown.assert_code(2);
    unknown.assert_says("not an access log that feedmill knows");
    folder.run(&["stats"]).assert_code(2);
    fs::write(folder.path("empty.log"), "").unwrap();
    assert_eq!(report(&folder, &["empty.log"]), json!({"version": 1, "feeds": [], "clients": []}));
}

fn serve(arguments: &[&str]) -> (Folder, TestServer) {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org/news/\n");
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    let server = folder.serve_with(arguments);
    (folder, server)
}

/// Polls as an aggregator and as readers in three networks, behind a proxy.
fn polls(server: &TestServer) {
    server.get_with("/news/rss.xml", &[("User-Agent", FEEDLY)]).assert_status(200);
    for address in ["192.0.2.1", "192.0.2.2", "198.51.100.1", "2001:db8::1, 198.51.100.1"] {
        let headers = [("User-Agent", MINIFLUX), ("X-Forwarded-For", address)];
        server.get_with("/news/categories/x/atom.xml", &headers).assert_status(200);
    }
}

#[test]
fn a_server_shows_its_readers_as_metrics_and_on_its_dashboard() {
    let (_folder, server) = serve(&["--trusted-proxies", "127.0.0.1,::1"]);
    polls(&server);
    let metrics = server.admin("GET", "/metrics").ok().text();
    for line in [
        "feedmill_subscribers{feed=\"/news/\",aggregator=\"Feedly\"} 12\n",
        "feedmill_readers{feed=\"/news/\"} 0\n",
        "feedmill_readers{feed=\"/news/categories/x/\"} 2\n",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
    let readers = server.admin("GET", "/status").ok().json()["readers"].clone();
    let wanted = json!([
        {"feed": "/news/", "direct": 0, "aggregators": [{"name": "Feedly", "subscribers": 12}]},
        {"feed": "/news/categories/x/", "direct": 2, "aggregators": []},
    ]);
    assert_eq!(readers["feeds"], wanted);
    assert_eq!(readers["clients"][0]["name"], "Miniflux");
    assert_eq!(readers["clients"][0]["polls"], 4);
    let page = server.admin("GET", "/").ok().text();
    assert!(page.contains("Readers") && page.contains("Feedly 12"), "{page}");
}

#[test]
fn an_address_that_no_trusted_proxy_reports_is_not_believed() {
    let (_folder, server) = serve(&[]);
    polls(&server);
    let metrics = server.admin("GET", "/metrics").ok().text();
    assert!(metrics.contains("feedmill_readers{feed=\"/news/categories/x/\"} 1\n"), "{metrics}");
}

#[test]
fn stats_reads_each_access_log_of_the_server() {
    for arguments in [
        &["--access-log", "on"][..],
        &["--access-log", "on", "--log", "text"],
        &["--access-log", "combined"],
        &["--access-log", "combined", "--log", "text"],
    ] {
        let (folder, server) = serve(&[&["--trusted-proxies", "127.0.0.0/8"], arguments].concat());
        polls(&server);
        server.get_with("/news/?last", &[("Referer", "http://a/\"b")]).assert_status(200);
        server.logs(&["/news/"]);
        assert_eq!(server.admin("GET", "/status").ok().status, 200);
        let log = server.log();
        let has_addresses = log.contains("192.0.2.") || log.contains("198.51.100.");
        assert_eq!(has_addresses, arguments.contains(&"combined"), "{log}");
        fs::write(folder.path("own.log"), &log).unwrap();
        let found = report(&folder, &["own.log"]);
        let feeds = json!([
            {"feed": "/news/", "direct": 0, "aggregators": [{"name": "Feedly", "subscribers": 12}]},
            {"feed": "/news/categories/x/", "direct": 2, "aggregators": []},
        ]);
        assert_eq!(found["feeds"], feeds, "{arguments:?}\n{log}");
    }
}

#[test]
fn a_combined_line_has_the_form_of_nginx() {
    let (_folder, server) = serve(&["--access-log", "combined"]);
    server.get_with("/news/rss.xml?a=%22b", &[("User-Agent", "x \"y\\"), ("Referer", "http://a/")]).assert_status(200);
    server.logs(&["GET /news/rss.xml"]);
    let log = server.log();
    let line = log.lines().find(|line| line.contains("GET ")).unwrap();
    let rest = line.strip_prefix("127.0.0.1 - - [").unwrap();
    let (time, rest) = rest.split_once("] ").unwrap();
    assert_eq!((time.len(), &time[20..]), (26, " +0000"), "{line}");
    let (before, after) = rest.split_once(" 200 ").unwrap();
    assert_eq!(before, "\"GET /news/rss.xml?a=%22b HTTP/1.1\"");
    assert_eq!(after.split_once(' ').unwrap().1, "\"http://a/\" \"x \\x22y\\x5C\"");
}

#[test]
fn a_range_that_is_none_is_refused() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", ""));
    let refused = folder.run(&["serve", "--trusted-proxies", "10.0.0.0/8,proxy"]);
    refused.assert_code(2);
    refused.assert_says("`proxy` is not a range of addresses");
}

#[test]
fn lines_of_our_own_log_about_something_else_are_no_unknown_lines() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", ""));
    for format in ["text", "json"] {
        let server = folder.serve_with(&["--log", format, "--access-log", "on", "--admin-bind", "off"]);
        server.get("/rss.xml").ok();
        server.logs(&["/rss.xml", "status"]);
        fs::write(folder.path("own.log"), server.log()).unwrap();
        let finished = folder.run(&["stats", "own.log"]);
        finished.assert_code(0);
        assert!(!finished.said().contains("no known format"), "{}", finished.said());
    }
    fs::write(folder.path("one.log"), "one about /rss.xml\n").unwrap();
    folder.run(&["stats", "one.log"]).assert_code(2);
    let line = combined("192.0.2.1", (29, 1, 0), "/rss.xml", 200, 500, MINIFLUX);
    fs::write(folder.path("two.log"), format!("{line}one about /rss.xml\n")).unwrap();
    folder.run(&["stats", "two.log"]).assert_says("skipped 1 line that names a feed, in no known format");
    fs::write(folder.path("none.log"), "nothing\n").unwrap();
    assert!(folder.run(&["stats", "none.log"]).out.starts_with("1 line, and no request for"));
}
