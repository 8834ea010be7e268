//! The admin listener: metrics, status and reload.

use rustix::process::Signal;

use crate::driver::{Connection, Folder, Process, TestServer, article};

#[test]
fn metrics_have_the_format_of_prometheus() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    server.get("/rss.xml").assert_status(200);
    let answer = server.admin("GET", "/metrics").ok();
    let kind = answer.must("content-type").to_owned();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text();
    assert!(text.contains("# TYPE feedmill_requests_total counter\n") && !text.contains("# EOF"), "{text}");
    let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for sample in samples {
        let (name, value) = sample.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "not a number: {sample}");
        // A floating-point sum such as 0.009000000000000001 is no label to write into a query.
        let bound = name.split_once("le=\"").map_or("", |(_, rest)| rest);
        assert!(bound.len() < 10, "{sample}");
    }
    for name in ["start_time_seconds", "resident_memory_bytes", "open_fds", "max_fds", "cpu_seconds_total"] {
        let name = format!("process_{name}");
        let sample = text.lines().find_map(|line| line.strip_prefix(&*name)?.strip_prefix(' '));
        assert!(sample.is_some_and(|value| value.parse::<f64>().unwrap() > 0.0), "{name} in\n{text}");
        assert!(
            text.contains(&format!("# TYPE {name} {}\n", if name.ends_with("total") { "counter" } else { "gauge" }))
        );
    }
    let asked = [("Accept", "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.3")];
    let answer = server.admin_with("GET", "/metrics", &asked).ok();
    assert!(answer.must("content-type").starts_with("application/openmetrics-text; version=1.0.0"), "{answer}");
    assert!(answer.text().ends_with("# EOF\n") && answer.text().contains("# TYPE feedmill_requests counter\n"));
}

#[test]
fn status_names_every_problem_and_every_feed() {
    let folder = Folder::new();
    folder.write("good.md", article("Good", "2026-01-01"));
    folder.write("posts/bad.md", "---\ntitle: [Bad\n---\n");
    folder.write("posts/worse.md", "---\ndate: {\n---\n");
    let server = folder.serve();
    let status = server.admin("GET", "/status").ok();
    assert!(status.must("content-type").starts_with("application/json"), "{status}");
    let text = status.json().to_string();
    for words in ["posts/bad.md", "posts/worse.md", "watch"] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    // The problem of a corrected article disappears.
    folder.write("posts/bad.md", article("Mended", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["Mended", "Good"]);
    assert!(!server.admin("GET", "/status").ok().text().contains("posts/bad.md"));
}

#[test]
fn the_metrics_of_dashboards_exist_and_count() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let tag = server.get_with("/rss.xml", &[("Accept-Encoding", "br")]).must("etag").to_owned();
    server.get_with("/rss.xml", &[("If-None-Match", &tag)]).assert_status(304);
    // The later file may be read in a later scan.
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    folder.write("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    let text = server.admin("GET", "/metrics").ok().text();
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
fn status_has_version_mode_and_rendered_documents_of_each_feed() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    server.get_with("/atom.xml", &[("Accept-Encoding", "gzip")]).assert_status(200);
    let status = server.admin("GET", "/status").ok().json();
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
    let server = folder.serve();
    let page = server.admin("GET", "/").ok();
    assert!(page.must("content-type").starts_with("text/html"), "{page}");
    let text = page.text();
    assert!(text.contains("posts/bad.md:2:8") && text.contains("A &amp; B"), "{text}");
    // The page loads itself again, but not while somebody searches or turns pages.
    assert_eq!(page.must("refresh"), "30");
    let found = server.admin("GET", "/?q=nothing+like+this").ok();
    assert!(!found.text().contains("posts/bad.md") && found.header("refresh").is_none(), "{found}");
    assert!(server.admin("GET", "/?q=BAD").ok().text().contains("posts/bad.md:2:8"));
}

#[test]
fn the_admin_page_says_what_is_wrong_and_where_on_a_site_with_two_hundred_problems() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    for n in 0..150 {
        folder.write(&format!("posts/{n:03}.md"), "---\ntitle: [Bad <b>\n---\n");
    }
    for n in 0..50 {
        let text = article(&format!("Dated {n}"), "2026-01-01").replace("2026-01-01", "the day before");
        folder.write(&format!("dated/{n:03}.md"), text);
    }
    let server = folder.serve();
    let text = server.admin("GET", "/").ok().text();
    for words in ["150 errors, 50 warnings", "Page 1 of 4", "<code>posts/000.md:2:8</code>", "date <span>50</span>"] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    let dated = server.admin("GET", "/?q=dated%2F001").ok().text();
    assert!(dated.contains("1 of 200") && dated.contains("<code>dated/001.md:3:7</code>"), "{dated}");
    assert!(dated.contains("date: <mark>t</mark>he day before"), "{dated}");
    let status = server.admin("GET", "/status").ok().json();
    assert_eq!(status["problems"].as_array().unwrap().len(), 200);
    assert!(
        status["problems"][0]["source"].as_str().is_some_and(|source| !source.is_empty()),
        "{}",
        status["problems"][0]
    );
}

#[test]
fn the_problem_of_a_definition_has_its_source_line() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.define("mine.yaml", "title: Mine\nselect: {tags: [nothing]}\n");
    let server = folder.serve();
    let status = server.admin("GET", "/status").ok().json();
    let problems = status["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2, "{status:#}");
    assert!(problems.iter().all(|problem| problem["source"] == "select: {tags: [nothing]}"), "{status:#}");
    let page = server.admin("GET", "/").ok().text();
    assert!(page.contains("select: {tags: [<mark>n</mark>othing]}"), "{page}");
}

#[test]
fn neither_status_nor_dashboard_shows_a_line_that_may_be_secret() {
    let folder = Folder::new();
    let front = |lines: &str| article("A", "2026-01-01").replacen("---\n", &format!("---\n{lines}\n"), 1);
    folder.write("a.md", front("locked: true\npassword: hunter2: x"));
    folder.write("b.md", front("private: true\nnote: hunter3: x"));
    folder.write("c.md", front("apiToken: hunter4: x"));
    folder.write("d.md", front("remark: shown: x"));
    let jekyll = Folder::new();
    jekyll.write("_config.yml", "title: x\nplugin: hunter5: x\n");
    jekyll.write("_posts/2026-01-01-a.md", article("B", "2026-01-01"));
    for (folder, files) in [(&folder, &["a.md", "b.md", "c.md"][..]), (&jekyll, &["_config.yml"])] {
        let server = folder.serve();
        let status = server.admin("GET", "/status").ok().json();
        let page = server.admin("GET", "/").ok().text();
        assert!(!page.contains("hunter") && !status.to_string().contains("hunter"), "{status:#}\n{page}");
        let problem = |file: &str| {
            let mut problems = status["problems"].as_array().unwrap().iter();
            let is_of = |problem: &&serde_json::Value| {
                problem["severity"] == "warning" && problem["file"].as_str().unwrap().ends_with(file)
            };
            problems.find(is_of).unwrap_or_else(|| panic!("no {file} in {status:#}"))
        };
        for file in files {
            let problem = problem(file);
            assert!(problem["line"].is_u64() && problem["column"].is_u64() && problem["source"].is_null(), "{problem}");
            assert!(page.contains(file), "no {file} in {page}");
        }
        if files.len() > 1 {
            assert_eq!(problem("d.md")["source"], "remark: shown: x");
        }
    }
}

#[test]
fn status_has_phase_memory_cache_images_and_validators() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let etag = server.get("/rss.xml").ok().must("etag").to_owned();
    let status = server.admin("GET", "/status").ok().json();
    assert_eq!(status["phase"], "ready");
    for (part, key) in [("memory", "resident_bytes"), ("cache", "documents_bytes"), ("cache", "documents_limit")] {
        assert!(status[part][key].as_u64().is_some_and(|bytes| bytes > 0), "{part}.{key} in {status}");
    }
    assert_eq!(status["images"]["remote"], 0);
    assert_eq!(status["feeds"][0]["rendered"][0]["etag"], etag.as_str());
}

#[test]
fn each_edition_is_logged_and_each_problem_only_once() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    let server = folder.serve();
    folder.write("b.md", article("B", "2026-01-02"));
    server.logs(&["edition 2: 1 added; ", " new, 2 articles"]);
    folder.remove("b.md");
    server.logs(&["edition 3: 1 removed; "]);
    assert!(server.admin("POST", "/reload").status == 202);
    folder.define("mine.yaml", "title: Mine\n");
    server.logs(&["edition 4: the configuration changed; "]);
    let logged = server.log().lines().filter(|line| line.contains("bad.md:2:8")).count();
    assert_eq!(logged, 1, "{}", server.log());
}

#[test]
fn the_environment_sets_the_levels_of_the_log() {
    let folder = Folder::new();
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    let mut command = folder.command(&["--content", "content", "--bind", "127.0.0.1:0", "--admin-bind", "off"]);
    command.env("RUST_LOG", "warn,feedmill::commands::serve=info").env("FEEDMILL_LOG", "json");
    let server = folder.start(command);
    assert!(server.log().contains("bad.md:2:8"), "{}", server.log());
    let mut command = folder.command(&["build"]);
    command.env("RUST_LOG", "off");
    let finished = Process::start(command).finish();
    finished.assert_code(0);
    assert!(!finished.err.contains("bad.md"), "{}", finished.err);
}

fn unwatched(folder: &Folder) -> TestServer {
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve_with(&["--watch", "off"]);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    folder.write("b.md", article("B", "2026-01-02"));
    folder.define("mine.yaml", "title: Mine\n");
    server
}

#[test]
fn a_reload_rescans_at_once_without_a_watcher() {
    let folder = Folder::new();
    let server = unwatched(&folder);
    let answer = server.admin("POST", "/reload");
    assert!((200..300).contains(&answer.status), "{answer}");
    server.eventually_shows("/rss.xml", &["B", "A"]);
    server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn sighup_reloads() {
    let folder = Folder::new();
    let server = unwatched(&folder);
    server.signal(Signal::HUP);
    server.eventually_shows("/rss.xml", &["B", "A"]);
    server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn a_get_request_does_not_reload() {
    let folder = Folder::new();
    let server = folder.serve();
    let answer = server.admin("GET", "/reload");
    answer.assert_status(405);
    assert!(answer.must("allow").contains("POST"), "{answer}");
}

#[test]
fn a_page_of_another_site_cannot_use_the_admin_listener() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let own = server.admin_address().to_string();
    let origin = format!("http://{own}");
    for headers in [
        [("Sec-Fetch-Site", "cross-site"), ("Host", own.as_str())],
        [("Origin", "null"), ("Host", &own)],
        [("Origin", "https://evil.example"), ("Host", &own)],
        // DNS rebinding: a name of the attacker resolves to 127.0.0.1, so that the browser takes the request
        // for same-origin.
        [("Sec-Fetch-Site", "same-origin"), ("Host", "evil.example:9464")],
    ] {
        for (method, path) in
            [("GET", "/"), ("GET", "/status"), ("HEAD", "/metrics"), ("OPTIONS", "/reload"), ("POST", "/reload")]
        {
            let answer = server.admin_with(method, path, &headers);
            answer.assert_status(403);
            assert!(method == "HEAD" || answer.text().contains("refused: "), "{answer}");
        }
    }
    let foreign = [("Host", "feedmill.example.org")];
    server.admin_with("GET", "/healthz", &foreign).assert_status(200);
    server.admin_with("GET", "/readyz", &foreign).assert_status(200);
    let page = [("Host", own.as_str()), ("Origin", &origin), ("Sec-Fetch-Site", "same-origin")];
    server.admin_with("POST", "/reload", &page).assert_status(202);
    let mut old = Connection::open(server.admin_address()).unwrap();
    old.send("GET /status HTTP/1.0\r\n\r\n").unwrap();
    old.answer("GET").unwrap().assert_status(200);
    let mut absolute = Connection::open(server.admin_address()).unwrap();
    absolute.send("GET http://evil.example/status HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    absolute.answer("GET").unwrap().assert_status(403);
}

#[test]
fn a_listener_on_all_addresses_accepts_any_host_but_not_other_sites() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve_with(&["--admin-bind", "0.0.0.0:0"]);
    server.admin_with("GET", "/status", &[("Host", "feedmill.internal:9464")]).assert_status(200);
    server.admin_with("GET", "/status", &[("Host", "a"), ("Sec-Fetch-Site", "cross-site")]).assert_status(403);
    server.admin_with("POST", "/reload", &[("Host", "a"), ("Origin", "http://b")]).assert_status(403);
}

#[test]
fn the_public_listener_has_no_admin_paths() {
    let folder = Folder::new();
    let server = folder.serve();
    server.get("/metrics").assert_status(404);
    server.get("/status").assert_status(404);
    server.ask("POST", "/reload", &[("Content-Length", "0")]).assert_status(405);
}

#[test]
fn it_can_be_turned_off() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve_with(&["--admin-bind", "off"]);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    assert!(!server.log().contains("admin on http://"), "{}", server.log());
}
