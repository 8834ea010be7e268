//! Lines as each program writes them.

use super::*;

/// What a line says, as one text.
fn shown(line: &str, layout: &mut LogLayout) -> String {
    match parsed(line.as_bytes(), layout) {
        ParsedLine::Other => "other".to_owned(),
        ParsedLine::Unknown => "unknown".to_owned(),
        ParsedLine::Poll(LoggedPoll { at, path, client, agent, answer }) => {
            let at = DateTime::from_timestamp(at, 0).unwrap().format("%FT%TZ");
            let client = match client {
                Some(ClientId::Address(address)) => address.to_string(),
                Some(ClientId::Hash(_)) => "hash".to_owned(),
                None => "none".to_owned(),
            };
            format!("{at} {path} {client} {answer:?} {}", agent.as_deref().unwrap_or("none"))
        }
    }
}

#[test]
fn each_format_is_understood() {
    let table = [
        (
            r#"192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "GET /a/rss.xml HTTP/1.1" 200 1234 "-" "Miniflux/2 (x)""#,
            "2026-11-30T10:00:00Z /a/rss.xml 192.0.2.1 Full(No, 1234) Miniflux/2 (x)",
        ),
        (
            r#"www.example.org:443 2001:db8::1 - bob [30/Nov/2026:01:30:00 +0530] "GET https://example.org/rss.xml?x HTTP/2.0" 304 - "http://a/\"b" "A \"quoted\" agent" 0.5"#,
            r#"2026-11-29T20:00:00Z /rss.xml?x 2001:db8::1 NotModified A "quoted" agent"#,
        ),
        (
            r#"host.example.org - - [30/Nov/2026:10:00:00 -0100] "GET /feed.json HTTP/1.1" 200 9"#,
            "2026-11-30T11:00:00Z /feed.json hash Full(No, 9) none",
        ),
        (
            r#"192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "GET /rss.xml HTTP/1.1" 200 9 "-" "a\x22b\x5Cc\\d\"e""#,
            r#"2026-11-30T10:00:00Z /rss.xml 192.0.2.1 Full(No, 9) a"b\c\d"e"#,
        ),
        (r#"192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "HEAD /rss.xml HTTP/1.1" 200 0 "-" "x""#, "other"),
        (r#"192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "GET /rss.xml HTTP/1.1" 301 0 "-" "x""#, "other"),
        (r#"192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "GET /pic.png HTTP/1.1" 200 0 "-" "x""#, "other"),
        (
            r#"{"level":"info","ts":1796036400.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"127.0.0.1","remote_port":"41342","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"localhost","uri":"/rss.xml?a=1","headers":{"User-Agent":["curl/7.82.0"],"If-None-Match":["W/\"x\""]}},"bytes_read":0,"user_id":"","duration":0.0009,"size":10900,"status":200,"resp_headers":{"Server":["Caddy"]}}"#,
            "2026-11-30T11:00:00Z /rss.xml?a=1 192.0.2.7 Full(Yes, 10900) curl/7.82.0",
        ),
        (
            r#"{"ts":"2026-11-30T11:00:00.5Z","request":{"remote_ip":"192.0.2.7","method":"GET","uri":"/rss.xml"},"status":304}"#,
            "2026-11-30T11:00:00Z /rss.xml 192.0.2.7 NotModified none",
        ),
        (
            r#"{"timestamp":"2026-11-30T10:00:00.123456Z","level":"INFO","method":"GET","path":"/rss.xml","route":"feed","status":200,"bytes":800,"agent":"Feedly","subscribers":12,"feed_id":"7","client":"9f86d081","ms":0.1,"why":"tag differs","target":"access"}"#,
            "2026-11-30T10:00:00Z /rss.xml hash Full(Yes, 800) Feedly (12 subscribers; feed-id=7)",
        ),
        (
            r#"2026-11-30T10:00:00.123Z  INFO method="GET" path="/rss.xml" route="feed" status=304 bytes=0 agent="newsboat" ms=0.05"#,
            "2026-11-30T10:00:00Z /rss.xml none NotModified newsboat",
        ),
        (
            "2026-11-30\t10:00:00\tFRA2\t1500\t192.0.2.9\tGET\td1.cloudfront.net\t/rss.xml\t200\t-\tFeedly/1.0%20(poller;%203%20subscribers;)\t-\t-\tHit",
            "2026-11-30T10:00:00Z /rss.xml 192.0.2.9 Full(No, 1500) Feedly/1.0 (poller; 3 subscribers;)",
        ),
        (
            "2026-11-30\t10:00:00\tFRA2\t1500\t192.0.2.9\tGET\td1.cloudfront.net\t/rss.xml\t304\t-\tA%2520b\t-\t-\tHit",
            "2026-11-30T10:00:00Z /rss.xml 192.0.2.9 NotModified A b",
        ),
        (
            r#"{"date":"2026-11-30","time":"10:00:00","c-ip":"192.0.2.9","cs-method":"GET","cs-uri-stem":"/rss.xml","sc-status":"200","sc-bytes":"77","cs(User-Agent)":"A%20b"}"#,
            "2026-11-30T10:00:00Z /rss.xml 192.0.2.9 Full(No, 77) A b",
        ),
        ("see /rss.xml", "unknown"),
        (r#"{"path":"/rss.xml"}"#, "unknown"),
        ("192.0.2.1 - - [yesterday] \"GET /rss.xml HTTP/1.1\" 200 9", "unknown"),
    ];
    for (line, wanted) in table {
        assert_eq!(shown(line, &mut LogLayout::default()), wanted, "{line}");
    }
}

#[test]
fn a_header_says_what_the_columns_hold() {
    let mut layout = LogLayout::default();
    let header = "#Fields: date time cs-uri-stem c-ip sc-status cs-method sc-content-len sc-bytes";
    assert_eq!(shown("#Version: 1.0", &mut layout), "other");
    assert_eq!(shown(header, &mut layout), "other");
    let line = "2026-11-30\t10:00:00\t/rss.xml\t192.0.2.9\t200\tGET\t1400\t1500\r";
    assert_eq!(shown(line, &mut layout), "2026-11-30T10:00:00Z /rss.xml 192.0.2.9 Full(No, 1400) none");
}

#[test]
fn a_line_with_an_impossible_moment_is_unknown_and_a_length_is_bounded() {
    let caddy = |moment: &str, size: u64| {
        format!(r#"{{"ts":{moment},"request":{{"method":"GET","uri":"/rss.xml"}},"size":{size},"status":200}}"#)
    };
    for moment in ["-1e300", "-1", "1e300", "\"1969-12-31T23:59:59Z\"", "\"9999-12-31T23:59:59-01:00\""] {
        assert_eq!(shown(&caddy(moment, 1), &mut LogLayout::default()), "unknown", "{moment}");
    }
    let line = shown(&caddy("0", 1 << 63), &mut LogLayout::default());
    assert_eq!(line, "1970-01-01T00:00:00Z /rss.xml none Full(No, 1125899906842624) none");
}
