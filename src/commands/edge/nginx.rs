//! Server blocks of nginx.

use super::{EdgeSite, PathForm, Upstream, filled};
use crate::commands::nginx_quoted;

/// `$` and braces belong to nginx, so placeholders are words.
const RULES: &str = "\
# Written by `feedmill edge --for nginx`. Include this file in http {}, for example as /etc/nginx/conf.d/feeds.conf.
# Answers are cached as long as feedmill says (s-maxage), revalidated with its ETag, and served stale while it is down.
# feedmill compresses by itself and writes its own headers, so gzip, sub_filter, etag and add_header are not used here, because
# they would change ETags, and readers would fetch every feed again and again.
# Add --trusted-proxies with the address of this proxy to `feedmill serve`, so that readers are counted by X-Forwarded-For.
proxy_cache_path /var/cache/feedmill levels=1:2 keys_zone=feedmill:10m max_size=1g inactive=1d use_temp_path=off;

upstream feedmill {
    server UPSTREAM;
    keepalive 32;
}

server {
    listen PORT;
    # listen [::]:PORT; # where there is IPv6
    server_name HOST;
TLS
    # Never put these URLs behind a bot challenge, a CAPTCHA, a login or a limit on requests: feed readers are programs.
    location ~ \"OPEN\" {
        proxy_pass SCHEME://feedmill;
        proxy_cache feedmill;
FORWARD
    }

    # Large files with ranges are not cached here. Without ^~ the regular expression above would have them.
    location ^~ MEDIA {
        proxy_pass SCHEME://feedmill;
        proxy_buffering off;
FORWARD
    }

    # Pages for people. A bot challenge may be here, and only here.
    location PATH {
        proxy_pass SCHEME://feedmill;
        proxy_cache feedmill;
FORWARD
    }

    # Health checks are not public.
    location = HEALTH { return 404; }
    location = READY { return 404; }
}
";

/// The directives of each location. A cache of nginx keeps one copy for each Accept-Encoding, as `Vary` says.
const FORWARD: &str = "        proxy_http_version 1.1;
        proxy_set_header Connection \"\";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_cache_revalidate on;
        proxy_cache_lock on;
        proxy_cache_background_update on;
        proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
        proxy_read_timeout 30s;
        gzip off;
SNI";

const TLS: &str = "    # This site is public by https: add your certificate here.
    # listen SECURE ssl;
    # listen [::]:SECURE ssl;
    # http2 on;
    # ssl_certificate /etc/letsencrypt/live/HOST/fullchain.pem;
    # ssl_certificate_key /etc/letsencrypt/live/HOST/privkey.pem;
";

pub(super) fn rules(site: &EdgeSite) -> String {
    let host = site.host().unwrap_or("_");
    let is_tls = site.base.as_ref().is_some_and(|base| base.as_str().starts_with("https:"));
    let port = site.port().filter(|_| !is_tls).unwrap_or(80);
    let (scheme, server, sni) = upstream(&site.upstream);
    let below = |name: &str| word(&format!("{}{name}", site.path(PathForm::Decoded)));
    let secure = site.port().filter(|_| is_tls).unwrap_or(443).to_string();
    let tls = filled(TLS, &[("HOST", host), ("SECURE", &secure)]);
    let forward = FORWARD.replace("SNI", &sni);
    filled(
        RULES,
        &[
            ("FORWARD\n", &forward),
            ("TLS\n", if is_tls { &tls } else { "" }),
            ("HOST", host),
            ("SCHEME", scheme),
            ("UPSTREAM", &server),
            ("PORT", &port.to_string()),
            ("OPEN", &nginx_quoted(&site.open_paths(PathForm::Decoded))),
            ("MEDIA", &below("media/")),
            ("HEALTH", &below("healthz")),
            ("READY", &below("readyz")),
            ("PATH", &below("")),
        ],
    )
}

/// The scheme, the server and, for https, the directives that tell it the name of its host.
fn upstream(upstream: &Upstream) -> (&str, String, String) {
    let url = match upstream {
        Upstream::Socket(path) => return ("http", format!("unix:{path}"), String::new()),
        Upstream::Url(url) => url.as_str(),
    };
    let (scheme, server) = url.split_once("://").unwrap_or(("http", url));
    let server = server.trim_end_matches('/');
    if scheme != "https" {
        return (scheme, server.to_owned(), String::new());
    }
    let (name, port) = server.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).unwrap_or((server, "443"));
    let sni = format!("        proxy_ssl_server_name on;\n        proxy_ssl_name {name};\n");
    (scheme, format!("{name}:{port}"), sni)
}

/// Quotes a parameter, if it needs that.
fn word(text: &str) -> String {
    if text.contains(|c: char| c.is_whitespace() || ";{}\"'\\$#".contains(c)) {
        format!("\"{}\"", nginx_quoted(text))
    } else {
        text.to_owned()
    }
}
