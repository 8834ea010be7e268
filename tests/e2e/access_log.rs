//! The access log: what was asked, what became of it, by which family of readers, and why
//! it was no 304. In JSON for machines, in text for people; never a word a stranger chose.

use serde_json::Value;

use crate::driver::{DEADLINE, Folder, Mill, article_with, png, within};
use crate::readers::clients::ALL;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "redirects: {/old.xml: /rss.xml}\n");
    folder.write("static/pic.png", png(9, 9));
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [新闻]\n"));
    folder
}

fn serve() -> Mill {
    folder().serve_with(&["--access-log", "on"])
}

/// The lines of requests so far; waits until there are that many.
#[track_caller]
fn requests(mill: &Mill, count: usize) -> Vec<Value> {
    let lines = || -> Vec<Value> {
        let log = mill.log();
        let lines =
            log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
        lines.filter(|line: &Value| line.get("route").is_some()).collect()
    };
    let found = within(DEADLINE, || Some(lines()).filter(|lines| lines.len() >= count));
    found.unwrap_or_else(|| panic!("no {count} requests in\n{}", mill.log()))
}

#[test]
fn a_line_tells_route_status_bytes_and_family() {
    let mill = serve();
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
    let answers: Vec<_> = paths.iter().map(|(method, path, _)| mill.ask(method, path, &agent)).collect();
    for ((line, (method, path, route)), answer) in requests(&mill, paths.len()).iter().zip(paths).zip(answers) {
        assert_eq!((&line["method"], &line["path"]), (&method.into(), &path.into()));
        assert_eq!((&line["route"], &line["status"]), (&route.into(), &answer.status.into()), "{line}");
        assert_eq!(line["bytes"], answer.body.len(), "{line}");
        assert_eq!(line["agent"], "Miniflux", "{line}");
        assert!(line["ms"].is_number() && line["timestamp"].is_string(), "{line}");
    }
}

/// A path, the headers of a request, and why it is answered in full.
type Asked<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);

#[test]
fn an_answer_in_full_tells_why_it_was_no_304() {
    let mill = serve();
    let known = mill.get("/rss.xml").ok();
    let picture = mill.get("/media/static/pic.png").ok();
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
        mill.get_with(path, headers);
    }
    let lines = requests(&mill, asked.len() + 2);
    assert_eq!((&lines[0]["why"], &lines[1]["why"]), (&"no validator".into(), &"no validator".into()));
    for (line, (path, headers, why)) in lines[2..].iter().zip(asked) {
        assert_eq!(line.get("why").and_then(Value::as_str), why, "{path} with {headers:?}: {line}");
    }
}

#[test]
fn every_reader_is_told_by_its_family() {
    let mill = serve();
    for client in &ALL {
        mill.get_with("/rss.xml", &[("User-Agent", client.agent)]).assert_status(200);
    }
    let lines = requests(&mill, ALL.len());
    let families: Vec<_> = lines.iter().map(|line| line["agent"].as_str().unwrap()).collect();
    let names: Vec<_> = ALL.iter().map(|client| client.name).collect();
    assert_eq!(families, names);
}

#[test]
fn nothing_that_a_stranger_chose_gets_into_the_log() {
    for format in ["json", "text"] {
        let mill = folder().serve_with(&["--access-log", "on", "--log", format]);
        let requests: [&[u8]; 5] = [
            b"GET /rss.xml?key=secret HTTP/1.1\r\nHost: a\r\nUser-Agent: secret-\xff\xfe\r\nCookie: secret\r\nReferer: secret\r\n",
            b"GET /\x7f/%0A%1B[31m/\xe6\x96\xb0\xc2\x9b31m HTTP/1.1\r\nHost: secret\r\nUser-Agent: a\x80\r\n",
            b"GET /%22%7D%0A HTTP/1.1\r\nHost: a\r\nUser-Agent: \"}{\"\tx\r\n",
            b"BREW\x7f / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: secret\r\n",
            b"GET /last HTTP/1.1\r\nHost: a\r\nAuthorization: Basic secret\r\n",
        ];
        for request in requests {
            let mut connection = mill.connect();
            connection.send([request, b"Connection: close\r\n\r\n"].concat()).unwrap();
            connection.rest().unwrap();
        }
        mill.logs(&["/last"]);
        let log = mill.log();
        assert!(!log.contains("secret"), "{log}");
        // JSON in which a stranger's quotation mark ended a text would not be JSON.
        if format == "json" {
            assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
        }
        let wild = log.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(wild, None, "in {format}: {log:?}");
    }
}

#[test]
fn text_is_for_people_and_says_the_same() {
    let mill = folder().serve_with(&["--access-log", "on", "--log", "text"]);
    let tag = mill.get("/rss.xml").ok().must("etag").to_owned();
    mill.get_with("/rss.xml", &[("If-None-Match", &tag), ("User-Agent", "newsboat/2.21.0 (Linux 6.1.0)")]);
    mill.logs(&["method=\"GET\"", "path=\"/rss.xml\"", "route=\"feed\"", "status=200", "why=\"no validator\""]);
    mill.logs(&["status=304", "bytes=0", "agent=\"newsboat\""]);
}

#[test]
fn without_the_flag_there_is_none() {
    let mill = folder().serve();
    mill.get("/rss.xml").assert_status(200);
    assert_eq!(mill.stop(), Some(0));
    let mill = folder().serve();
    mill.get("/rss.xml").assert_status(200);
    mill.logs(&["listening on"]);
    assert!(!mill.log().contains("\"route\""), "{}", mill.log());
}
