//! The admin listener: metrics, status, and the order to look at once.

use rustix::process::Signal;

use crate::driver::{Connection, Folder, Mill, Process, article};

#[test]
fn metrics_are_what_prometheus_reads() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    mill.get("/rss.xml").assert_status(200);
    let answer = mill.admin("GET", "/metrics").ok();
    let kind = answer.must("content-type").to_owned();
    assert!(kind.starts_with("application/openmetrics-text") || kind.starts_with("text/plain"), "{kind}");
    let text = answer.text();
    assert!(text.contains("# TYPE feedmill_"), "{text}");
    let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for sample in samples {
        let value = sample.rsplit(' ').next().unwrap();
        assert!(value.parse::<f64>().is_ok(), "no number in {sample}");
    }
}

#[test]
fn status_names_every_problem_and_every_feed() {
    let folder = Folder::new();
    folder.write("good.md", article("Good", "2026-01-01"));
    folder.write("posts/bad.md", "---\ntitle: [Bad\n---\n");
    folder.write("posts/worse.md", "---\ndate: {\n---\n");
    let mill = folder.serve();
    let status = mill.admin("GET", "/status").ok();
    assert!(status.must("content-type").starts_with("application/json"), "{status}");
    let text = status.json().to_string();
    for words in ["posts/bad.md", "posts/worse.md", "watch"] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    // A mended article is a problem no longer.
    folder.write("posts/bad.md", article("Mended", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["Mended", "Good"]);
    assert!(!mill.admin("GET", "/status").ok().text().contains("posts/bad.md"));
}

#[test]
fn the_metrics_that_operators_graph_are_there_and_counted() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    let tag = mill.get_with("/rss.xml", &[("Accept-Encoding", "br")]).must("etag").to_owned();
    mill.get_with("/rss.xml", &[("If-None-Match", &tag)]).assert_status(304);
    folder.write("b.md", article("B", "2026-01-02"));
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    let text = mill.admin("GET", "/metrics").ok().text();
    let value = |name: &str| {
        let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
        let Some(line) = line else { panic!("no {name} in\n{text}") };
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    assert!(value("feedmill_requests_total{route=\"feed\",format=\"rss\",status=\"200\"}") >= 2.0);
    assert!((value("feedmill_requests_total{route=\"feed\",format=\"rss\",status=\"304\"}") - 1.0).abs() < 0.1);
    assert!((value("feedmill_problems") - 1.0).abs() < 0.1, "{text}");
    assert!(value("feedmill_edition") >= 2.0);
    for name in ["feedmill_render_seconds_count", "feedmill_compress_seconds_count", "feedmill_reload_seconds_count"] {
        assert!(value(name) >= 1.0, "{name}");
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    assert!((now - value("feedmill_last_look_seconds")).abs() < 20.0);
    let modes = ["events", "poll", "off"].map(|mode| value(&format!("feedmill_watch{{mode=\"{mode}\"}}")));
    assert!((modes.iter().sum::<f64>() - 1.0).abs() < 0.1, "{modes:?}");
    for name in ["feedmill_queue_overflows_total", "feedmill_panics_total{room=\"watcher\"}"] {
        assert!(value(name).abs() < 0.1, "{name}");
    }
}

#[test]
fn status_tells_version_mode_and_what_is_rendered_of_each_feed() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    mill.get_with("/atom.xml", &[("Accept-Encoding", "gzip")]).assert_status(200);
    let status = mill.admin("GET", "/status").ok().json();
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert!(status["uptime_seconds"].is_u64() && status["watch"]["watcher"].is_string(), "{status}");
    let feeds = status["feeds"].as_array().unwrap();
    let site = feeds.iter().find(|feed| feed["kind"] == "site").unwrap();
    assert_eq!((&site["count"], &site["entries"], &site["newest"]), (&1.into(), &1.into(), &"A".into()));
    let rendered = site["rendered"].as_array().unwrap();
    assert_eq!(rendered.len(), 1, "{site}");
    assert_eq!(rendered[0]["document"], "atom.xml");
    assert!(rendered[0]["bytes"].as_u64() > rendered[0]["gzip"].as_u64(), "{site}");
    assert!(rendered[0]["br"].is_null(), "{site}");
}

#[test]
fn the_admin_page_shows_problems_to_people() {
    let folder = Folder::new();
    folder.write("a.md", article("A & B", "2026-01-01"));
    folder.write("posts/bad.md", "---\ntitle: [Bad\n---\n");
    let mill = folder.serve();
    let page = mill.admin("GET", "/").ok();
    assert!(page.must("content-type").starts_with("text/html"), "{page}");
    let text = page.text();
    assert!(text.contains("posts/bad.md:3:1") && text.contains("A &amp; B"), "{text}");
}

#[test]
fn each_edition_is_a_line_of_the_log_and_a_problem_is_told_once() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    let mill = folder.serve();
    folder.write("b.md", article("B", "2026-01-02"));
    mill.logs(&["edition 2: 1 added; ", " new, 2 articles"]);
    folder.remove("b.md");
    mill.logs(&["edition 3: 1 removed; "]);
    assert!(mill.admin("POST", "/reload").status == 202);
    folder.define("mine.yaml", "title: Mine\n");
    mill.logs(&["edition 4: other settings; "]);
    let told = mill.log().lines().filter(|line| line.contains("bad.md:3:1")).count();
    assert_eq!(told, 1, "{}", mill.log());
}

#[test]
fn the_log_has_the_levels_that_the_environment_names() {
    let folder = Folder::new();
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    let mut command = folder.command(&["--content", "content", "--bind", "127.0.0.1:0", "--admin-bind", "off"]);
    command.env("RUST_LOG", "warn,feedmill::commands::serve=info").env("FEEDMILL_LOG", "json");
    let mill = folder.start(command);
    assert!(mill.log().contains("bad.md:3:1"), "{}", mill.log());
    let mut command = folder.command(&["build"]);
    command.env("RUST_LOG", "off");
    let finished = Process::start(command).finish();
    finished.assert_code(0);
    assert!(!finished.err.contains("bad.md"), "{}", finished.err);
}

fn unwatched(folder: &Folder) -> Mill {
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve_with(&["--watch", "off"]);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    folder.write("b.md", article("B", "2026-01-02"));
    folder.define("mine.yaml", "title: Mine\n");
    mill
}

#[test]
fn a_reload_looks_at_once_where_nothing_is_watched() {
    let folder = Folder::new();
    let mill = unwatched(&folder);
    let answer = mill.admin("POST", "/reload");
    assert!((200..300).contains(&answer.status), "{answer}");
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn the_hangup_signal_does_what_a_reload_does() {
    let folder = Folder::new();
    let mill = unwatched(&folder);
    mill.signal(Signal::HUP);
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn nobody_reloads_by_following_a_link() {
    let folder = Folder::new();
    let mill = folder.serve();
    let answer = mill.admin("GET", "/reload");
    answer.assert_status(405);
    assert!(answer.must("allow").contains("POST"), "{answer}");
}

#[test]
fn a_page_of_another_site_gets_nothing_from_the_admin_listener() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    let own = mill.admin_address().to_string();
    let origin = format!("http://{own}");
    for headers in [
        [("Sec-Fetch-Site", "cross-site"), ("Host", own.as_str())],
        [("Origin", "null"), ("Host", &own)],
        [("Origin", "https://evil.example"), ("Host", &own)],
        // A name of the attacker that resolves to 127.0.0.1: to the browser it is the same origin.
        [("Sec-Fetch-Site", "same-origin"), ("Host", "evil.example:9464")],
    ] {
        for (method, path) in
            [("GET", "/"), ("GET", "/status"), ("HEAD", "/metrics"), ("OPTIONS", "/reload"), ("POST", "/reload")]
        {
            let answer = mill.admin_with(method, path, &headers);
            answer.assert_status(403);
            assert!(method == "HEAD" || answer.text().contains("refused: "), "{answer}");
        }
    }
    let foreign = [("Host", "feedmill.example.org")];
    mill.admin_with("GET", "/healthz", &foreign).assert_status(200);
    mill.admin_with("GET", "/readyz", &foreign).assert_status(200);
    let page = [("Host", own.as_str()), ("Origin", &origin), ("Sec-Fetch-Site", "same-origin")];
    mill.admin_with("POST", "/reload", &page).assert_status(202);
    let mut old = Connection::open(mill.admin_address()).unwrap();
    old.send("GET /status HTTP/1.0\r\n\r\n").unwrap();
    old.answer("GET").unwrap().assert_status(200);
    let mut absolute = Connection::open(mill.admin_address()).unwrap();
    absolute.send("GET http://evil.example/status HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    absolute.answer("GET").unwrap().assert_status(403);
}

#[test]
fn a_listener_for_other_machines_answers_to_any_host_but_not_to_other_sites() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve_with(&["--admin-bind", "0.0.0.0:0"]);
    mill.admin_with("GET", "/status", &[("Host", "feedmill.internal:9464")]).assert_status(200);
    mill.admin_with("GET", "/status", &[("Host", "a"), ("Sec-Fetch-Site", "cross-site")]).assert_status(403);
    mill.admin_with("POST", "/reload", &[("Host", "a"), ("Origin", "http://b")]).assert_status(403);
}

#[test]
fn the_public_listener_knows_nothing_of_it() {
    let folder = Folder::new();
    let mill = folder.serve();
    mill.get("/metrics").assert_status(404);
    mill.get("/status").assert_status(404);
    mill.ask("POST", "/reload", &[("Content-Length", "0")]).assert_status(405);
}

#[test]
fn it_can_be_left_out() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve_with(&["--admin-bind", "off"]);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    assert!(!mill.log().contains("admin on http://"), "{}", mill.log());
}
