//! The access log: each request with its response, the family of the reader, and the reason for a full
//! response. JSON for programs, text for people. The log never contains text that a client chose.

use serde_json::Value;

use super::readers::clients::ALL;
use crate::driver::{DEADLINE, Folder, TestServer, article_with, png, within};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "redirects: {/old.xml: /rss.xml}\n");
    folder.write("static/pic.png", png(9, 9));
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [新闻]\n"));
    folder
}

fn serve() -> TestServer {
    folder().serve_with(&["--access-log", "on"])
}

/// Returns the log lines of requests, once there are `count` of them.
#[track_caller]
fn requests(server: &TestServer, count: usize) -> Vec<Value> {
    let lines = || -> Vec<Value> {
        let log = server.log();
        let lines =
            log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
        lines.filter(|line: &Value| line.get("route").is_some()).collect()
    };
    let found = within(DEADLINE, || Some(lines()).filter(|lines| lines.len() >= count));
    found.unwrap_or_else(|| panic!("no {count} requests in\n{}", server.log()))
}

#[test]
fn a_line_has_route_status_bytes_and_family() {
    let server = serve();
    let agent = [("User-Agent", "Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)")];
    let paths = [
        ("GET", "/rss.xml", "feed"),
        ("HEAD", "/rss.xml", "feed"),
        ("GET", "/feeds.opml", "feed"),
        ("GET", "/", "page"),
        ("GET", "/categories/xin-wen/", "page"),
        ("GET", "/articles/a/", "article"),
        ("GET", "/media/static/pic.png", "media"),
        ("GET", "/feed.css", "other"),
        ("GET", "/nowhere", "other"),
        ("GET", "/old.xml", "other"),
        ("POST", "/rss.xml", "other"),
        ("GET", "/healthz", "other"),
    ];
    let answers: Vec<_> = paths.iter().map(|(method, path, _)| server.ask(method, path, &agent)).collect();
    for ((line, (method, path, route)), answer) in requests(&server, paths.len()).iter().zip(paths).zip(answers) {
        assert_eq!((&line["method"], &line["path"]), (&method.into(), &path.into()));
        assert_eq!((&line["route"], &line["status"]), (&route.into(), &answer.status.into()), "{line}");
        assert_eq!(line["bytes"], answer.body.len(), "{line}");
        assert_eq!(line["agent"], "Miniflux", "{line}");
        assert!(line["ms"].is_number() && line["timestamp"].is_string(), "{line}");
    }
}

/// A path, the headers of a request, and the reason for a full response.
type Asked<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);

#[test]
fn a_full_response_is_logged_with_the_reason_why_it_was_not_a_304() {
    let server = serve();
    let known = server.get("/rss.xml").ok();
    let picture = server.get("/media/static/pic.png").ok();
    let (tag, date) = (known.must("etag"), known.must("last-modified"));
    let asked: [Asked; 9] = [
        ("/rss.xml", &[("If-None-Match", "\"other\"")], Some("tag differs")),
        ("/rss.xml", &[("If-None-Match", "\"other\""), ("If-Modified-Since", date)], Some("tag differs")),
        ("/rss.xml", &[("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")], Some("date differs")),
        ("/rss.xml", &[("If-None-Match", tag)], None),
        ("/rss.xml", &[("If-Modified-Since", date)], None),
        ("/media/static/pic.png", &[("If-None-Match", "\"other\"")], Some("tag differs")),
        ("/media/static/pic.png", &[("If-None-Match", picture.must("etag"))], None),
        ("/articles/a/", &[], Some("no validator")),
        ("/nowhere", &[("If-None-Match", tag)], None),
    ];
    for (path, headers, _) in asked {
        server.get_with(path, headers);
    }
    let lines = requests(&server, asked.len() + 2);
    assert_eq!((&lines[0]["why"], &lines[1]["why"]), (&"no validator".into(), &"no validator".into()));
    for (line, (path, headers, why)) in lines[2..].iter().zip(asked) {
        assert_eq!(line.get("why").and_then(Value::as_str), why, "{path} with {headers:?}: {line}");
    }
}

#[test]
fn every_reader_is_logged_as_its_family() {
    let server = serve();
    for client in &ALL {
        server.get_with("/rss.xml", &[("User-Agent", client.agent)]).assert_status(200);
    }
    let lines = requests(&server, ALL.len());
    let families: Vec<_> = lines.iter().map(|line| line["agent"].as_str().unwrap()).collect();
    let names: Vec<_> = ALL.iter().map(|client| client.name).collect();
    assert_eq!(families, names);
}

#[test]
fn no_text_of_a_client_gets_into_the_log() {
    for format in ["json", "text"] {
        let server = folder().serve_with(&["--access-log", "on", "--log", format]);
        let requests: [&[u8]; 5] = [
            b"GET /rss.xml?key=secret HTTP/1.1\r\nHost: a\r\nUser-Agent: secret-\xff\xfe\r\nCookie: secret\r\nReferer: secret\r\n",
            b"GET /\x7f/%0A%1B[31m/\xe6\x96\xb0\xc2\x9b31m HTTP/1.1\r\nHost: secret\r\nUser-Agent: a\x80\r\n",
            b"GET /%22%7D%0A HTTP/1.1\r\nHost: a\r\nUser-Agent: \"}{\"\tx\r\n",
            b"BREW\x7f / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: secret\r\n",
            b"GET /last HTTP/1.1\r\nHost: a\r\nAuthorization: Basic secret\r\n",
        ];
        for request in requests {
            let mut connection = server.connect();
            connection.send([request, b"Connection: close\r\n\r\n"].concat()).unwrap();
            connection.rest().unwrap();
        }
        server.logs(&["/last"]);
        let log = server.log();
        assert!(!log.contains("secret"), "{log}");
        // A quotation mark from a client must not end a string.
        if format == "json" {
            assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
        }
        let wild = log.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(wild, None, "in {format}: {log:?}");
    }
}

#[test]
fn text_format_has_the_same_fields() {
    let server = folder().serve_with(&["--access-log", "on", "--log", "text"]);
    let tag = server.get("/rss.xml").ok().must("etag").to_owned();
    server.get_with("/rss.xml", &[("If-None-Match", &tag), ("User-Agent", "newsboat/2.21.0 (Linux 6.1.0)")]);
    server.logs(&["method=\"GET\"", "path=\"/rss.xml\"", "route=\"feed\"", "status=200", "why=\"no validator\""]);
    server.logs(&["status=304", "bytes=0", "agent=\"newsboat\""]);
}

#[test]
fn without_the_flag_there_is_no_access_log() {
    let server = folder().serve();
    server.get("/rss.xml").assert_status(200);
    assert_eq!(server.stop(), Some(0));
    let server = folder().serve();
    server.get("/rss.xml").assert_status(200);
    server.logs(&["listening on"]);
    assert!(!server.log().contains("\"route\""), "{}", server.log());
}
