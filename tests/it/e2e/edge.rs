//! `feedmill edge`, and what site.yaml says to hubs and crawlers. `tests/wire` loads the rules into nginx and Caddy.

use serde_json::Value;

use crate::driver::{Folder, article_with};

fn folder(site: &str) -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", site);
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    folder
}

fn rules(folder: &Folder, product: &str, more: &[&str]) -> String {
    let finished = folder.run(&[&["edge", "--for", product], more].concat());
    finished.assert_code(0);
    finished.out
}

#[test]
fn each_product_gets_the_host_and_path_of_the_base_url_and_former_urls() {
    let folder = folder(
        "base_url: https://feeds.example.org/news/\nredirects: {/old+.xml: /rss.xml, /blog/: /categories/x/}\ngone: [/dead.xml]\n",
    );
    let nginx = rules(&folder, "nginx", &["--upstream", "http://10.0.0.7:81"]);
    for words in [
        "server 10.0.0.7:81;",
        "server_name feeds.example.org;",
        "listen 80;",
        "# listen 443 ssl;",
        "location /news/ {",
        "location ^~ /news/media/ {",
    ] {
        assert!(nginx.contains(words), "no {words} in\n{nginx}");
    }
    let caddy = rules(&folder, "caddy", &["--upstream", "http://10.0.0.7:81"]);
    for words in ["\nfeeds.example.org {", "reverse_proxy http://10.0.0.7:81\n", "handle /news/* {"] {
        assert!(caddy.contains(words), "no {words} in\n{caddy}");
    }
    let anubis = rules(&folder, "anubis", &[]);
    let policy: Value = serde_yaml::from_str(&anubis).unwrap();
    let rule = &policy["bots"][0];
    assert_eq!((&rule["action"], policy["bots"].as_array().unwrap().len()), (&"ALLOW".into(), 2));
    let open = regex::Regex::new(rule["path_regex"].as_str().unwrap()).unwrap();
    for path in [
        "/news/rss.xml",
        "/news/categories/x/atom.xml",
        "/news/zh/feed.json",
        "/news/feeds.opml",
        "/news/media/a/b.png",
        "/news/robots.txt",
        "/news/old+.xml",
        "/news/blog/any",
        "/news/dead.xml",
    ] {
        assert!(open.is_match(path), "{path} gets a challenge");
    }
    for path in [
        "/rss.xml",
        "/news/",
        "/news/articles/a/",
        "/news/old.xml",
        "/news/rssxxml",
        "/news/my-rss.xml",
        "/x/news/rss.xml",
    ] {
        assert!(!open.is_match(path), "{path} gets no challenge");
    }
    let cloudflare: Value = serde_json::from_str(&rules(&folder, "cloudflare", &[])).unwrap();
    let skip = &cloudflare["http_request_firewall_custom"][0];
    let expression = skip["expression"].as_str().unwrap();
    for words in [
        "http.host eq \"feeds.example.org\"",
        "ends_with(http.request.uri.path, \"/rss.xml\")",
        "\"/news/media/\"",
        "eq \"/news/old+.xml\"",
    ] {
        assert!(expression.contains(words), "no {words} in {expression}");
    }
    assert_eq!(skip["action"], "skip");
    assert_eq!(cloudflare["http_request_cache_settings"][0]["action_parameters"]["edge_ttl"]["mode"], "respect_origin");
    assert_eq!(cloudflare["http_config_settings"][0]["action_parameters"]["email_obfuscation"], false);
}

#[test]
fn former_urls_break_neither_strings_nor_placeholders_of_the_rules() {
    let folder = folder(
        "base_url: https://feeds.example.org/a;b/\nredirects: {'/a\"b\\c`d.xml': /rss.xml, /OLDPATH.xml: /rss.xml, /HOST.xml: /rss.xml}\n",
    );
    let nginx = rules(&folder, "nginx", &[]);
    for words in [
        r#"|a\"b\\\\c`d\\.xml"#,
        r"|OLDPATH\\.xml",
        r"|HOST\\.xml",
        "location ^~ \"/a;b/media/\" {",
        "location \"/a;b/\" {",
        "location = \"/a;b/healthz\" {",
    ] {
        assert!(nginx.contains(words), "no {words} in\n{nginx}");
    }
    let caddy = rules(&folder, "caddy", &[]);
    for words in [r#"|a"b\\c\x60d\.xml"#, r"|OLDPATH\.xml"] {
        assert!(caddy.contains(words), "no {words} in\n{caddy}");
    }
}

#[test]
fn rules_can_be_printed_where_the_articles_are_not() {
    let folder = Folder::new();
    let away = std::env::temp_dir();
    for (product, words) in
        [("nginx", "server_name _;"), ("caddy", "\n:80 {"), ("anubis", "rss"), ("cloudflare", "/rss.xml")]
    {
        let finished = folder.command(&["edge", "--for", product]).current_dir(&away).output().unwrap();
        let text = String::from_utf8(finished.stdout).unwrap();
        assert!(finished.status.success() && text.contains(words), "{product}: {text}");
    }
    folder.run(&["edge", "--for", "squid"]).assert_code(2);
    let wrong = folder.run(&["edge", "--for", "nginx", "--upstream", "127.0.0.1:8080"]);
    wrong.assert_code(2);
    wrong.assert_says("is not the URL of a server");
}

#[test]
fn feeds_name_the_hubs_in_every_format_and_in_a_header() {
    let site = "base_url: https://feeds.example.org/\n";
    let plain = folder(site).serve();
    let with_hubs =
        folder(&format!("{site}hubs: [\"https://hub.example.org/?a=1&b=2\", https://other.example.org]\n")).serve();
    let document = |path: &str| with_hubs.get(path).ok();
    let rss = document("/rss.xml");
    assert_eq!(
        rss.must("link"),
        "<https://hub.example.org/?a=1&b=2>; rel=\"hub\", <https://other.example.org/>; rel=\"hub\", <https://feeds.example.org/rss.xml>; rel=\"self\""
    );
    assert!(
        rss.text().contains("<atom:link href=\"https://hub.example.org/?a=1&amp;b=2\" rel=\"hub\""),
        "{}",
        rss.text()
    );
    let atom = document("/categories/x/atom.xml");
    assert!(atom.text().contains("<link href=\"https://other.example.org/\" rel=\"hub\"/>"), "{}", atom.text());
    assert!(atom.must("link").ends_with("<https://feeds.example.org/categories/x/atom.xml>; rel=\"self\""));
    let hubs = document("/feed.json").json()["hubs"].clone();
    assert_eq!(hubs[0], serde_json::json!({"type": "WebSub", "url": "https://hub.example.org/?a=1&b=2"}));
    for path in ["/rss.xml", "/atom.xml", "/feed.json"] {
        let answer = plain.get(path).ok();
        assert!(answer.header("link").is_none() && !answer.text().contains("hub"), "{path}");
    }
    assert!(document("/feeds.opml").header("link").is_none());
}

#[test]
fn the_headers_of_a_static_host_name_no_single_feed() {
    let folder = folder("base_url: https://feeds.example.org/\nhubs: [https://hub.example.org/]\n");
    folder.run(&["build", "--out", "out"]).assert_code(0);
    let headers = std::fs::read_to_string(folder.path("out/_headers")).unwrap().to_lowercase();
    assert!(!headers.contains("rel=\"hub\""), "{headers}");
}

#[test]
fn robots_txt_has_the_lines_of_site_yaml() {
    let text = |site: &str| folder(site).serve().get("/robots.txt").ok().text();
    assert_eq!(text(""), "User-agent: *\nAllow: /\n");
    let site = "robots: {content_signal: \"search=yes, ai-train=no\", license: https://example.org/license.xml}\n";
    let wanted = "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\nLicense: https://example.org/license.xml\n";
    assert_eq!(text(site), wanted);
    for (key, value) in [("content_signal", "\"a=b\\nDisallow: /\""), ("content_signal", "never"), ("license", "mine")]
    {
        let folder = folder(&format!("robots:\n  {key}: {value}\n"));
        let refused = folder.run(&["check"]);
        refused.assert_says("site.yaml:2");
    }
    let folder = folder("hubs: [nowhere]\n");
    folder.run(&["check"]).assert_says("`nowhere` is not a URL");
}

#[test]
fn paths_are_decoded_for_products_that_decode_and_encoded_for_others() {
    let folder = folder("base_url: https://example.org/新闻 x/\nredirects: {/旧 feed.xml: /rss.xml}\n");
    let (decoded, encoded) = ("/新闻 x/", "/%E6%96%B0%E9%97%BB%20x/");
    for (product, expected, other) in [
        ("nginx", format!("location \"{decoded}\" {{"), encoded),
        ("caddy", format!("handle \"{decoded}*\" {{"), encoded),
        ("anubis", format!("^{encoded}"), decoded),
        ("cloudflare", format!("starts_with(http.request.uri.path, \\\"{encoded}\\\")"), decoded),
    ] {
        let rules = rules(&folder, product, &[]);
        assert!(rules.contains(&expected), "no {expected} in\n{rules}");
        assert!(!rules.contains(other), "{other} in\n{rules}");
        let former = if expected.contains(decoded) { "旧 feed" } else { "%E6%97%A7%20feed" };
        assert!(rules.contains(former), "no {former} in\n{rules}");
    }
}

#[test]
fn an_upstream_may_be_a_socket_or_have_tls() {
    let folder = folder("base_url: https://example.org:8443\n");
    let nginx = rules(&folder, "nginx", &["--upstream", "https://up.example"]);
    for words in [
        "    server up.example:443;\n",
        "        proxy_pass https://feedmill;\n",
        "        gzip off;\n        proxy_ssl_server_name on;\n        proxy_ssl_name up.example;\n    }\n",
        "    # listen 8443 ssl;\n",
        "        proxy_http_version 1.1;\n",
    ] {
        assert!(nginx.contains(words), "no {words} in\n{nginx}");
    }
    let socket = ["--upstream", "unix:/run/feedmill.sock"];
    assert!(rules(&folder, "nginx", &socket).contains("    server unix:/run/feedmill.sock;\n"));
    assert!(rules(&folder, "caddy", &socket).contains("reverse_proxy unix//run/feedmill.sock\n"));
    for url in ["https://x.org/?q", "https://x.org/#f", "https://u:p@x.org/"] {
        let finished = folder.run(&["edge", "--for", "nginx", "--feeds", "feeds", "--base-url", url]);
        finished.assert_code(2);
    }
    std::fs::remove_dir_all(folder.path("feeds")).unwrap();
    for url in ["https://x.org/?q", "https://x.org/#f", "https://u:p@x.org/"] {
        let finished = folder.run(&["edge", "--for", "nginx", "--base-url", url]);
        finished.assert_code(2);
    }
}

#[test]
fn pings_are_sent_only_on_request_and_only_of_what_is_public_at_once() {
    let folder = folder("hubs: [\"http://127.0.0.1:1/\"]\n");
    let server = folder.serve();
    assert!(!server.admin("GET", "/metrics").ok().text().contains("feedmill_pings"));
    for flags in [&["build", "--ping", "on"][..], &["build", "--ping", "on", "--watch", "auto"]] {
        let finished = folder.run(flags);
        finished.assert_code(2);
        finished.assert_says("`--ping on` needs --out s3://… and --watch");
    }
}
