//! `feedmill doctor` before the server itself. `tests/wire` puts nginx, Varnish and Caddy between them, with planted faults.

use serde_json::{Value, json};

use crate::driver::{Folder, TestServer, article_with, png};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: T\nredirects: {/old.xml: /rss.xml}\n");
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x]\ncover: p.png\n"));
    folder.write("p.png", png(4, 4));
    folder
}

fn report(folder: &Folder, code: i32, url: &str) -> Value {
    let finished = folder.run(&["doctor", url, "--format", "json"]);
    finished.assert_code(code);
    serde_json::from_str(&finished.out).unwrap()
}

fn root(server: &TestServer) -> String {
    format!("http://{}", server.address())
}

#[test]
fn nothing_but_a_note_is_found_where_nothing_is_in_between() {
    let folder = folder();
    let server = folder.serve();
    let url = root(&server);
    let note = json!({
        "code": "plain-http", "severity": "note", "url": format!("{url}/"), "clients": [],
        "message": "the public URL is not https", "byte": null,
    });
    assert_eq!(report(&folder, 0, &url), json!({"version": 1, "url": format!("{url}/"), "findings": [note]}));
    let text = folder.run(&["doctor", "--base-url", &url]);
    text.assert_code(0);
    assert!(text.out.starts_with("note: plain-http: "), "{}", text.out);
    text.assert_says("no fault, in ");
    text.assert_says("bot walls may treat other networks differently");
    // Its requests are no subscribers.
    assert!(!server.log().contains("subscribers"));
}

#[test]
fn feeds_with_another_base_url_are_found_with_every_reader() {
    let folder = folder();
    let server = folder.serve_with(&["--base-url", "https://feeds.example.org"]);
    let url = root(&server);
    let found = report(&folder, 1, &url);
    let faults = found["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] != "note");
    let faults: Vec<&Value> = faults.collect();
    assert_eq!(faults.len(), 6, "{faults:?}");
    assert!(faults.iter().all(|fault| fault["code"] == "self-link" && fault["clients"].as_array().unwrap().len() == 9));
    assert_eq!(faults[0]["message"], "the feed says that its URL is https://feeds.example.org/rss.xml");
    let github = folder.run(&["doctor", &url, "--format", "github"]);
    github.assert_code(1);
    assert!(github.out.starts_with("::error title=self-link::"), "{}", github.out);
}

#[test]
fn it_cannot_run_without_a_url_an_answer_or_articles() {
    let folder = folder();
    let finished = folder.run(&["doctor"]);
    finished.assert_code(2);
    finished.assert_says("there is no URL to check; write it as `feedmill doctor https://feeds.example.org`");
    let finished = folder.run(&["doctor", "ftp://example.org"]);
    finished.assert_code(2);
    finished.assert_says("is not the public URL of feeds");
    let url = root(&folder.serve());
    let finished = folder.run(&["doctor", &url]);
    finished.assert_code(2);
    finished.assert_says("cannot reach 127.0.0.1:");
    let finished = folder.run(&["doctor", &url, "--content", "missing"]);
    finished.assert_code(2);
}
