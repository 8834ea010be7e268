"""`feedmill doctor` before nginx, Varnish and Caddy: nothing to find where they are set up well, and one planted fault after
the other."""

import json
import os
import subprocess
import sys
import time

import caches
import edge
from origin import Origin, eventually, free_port

READERS = [
    "Miniflux",
    "FreshRSS",
    "NetNewsWire",
    "newsboat",
    "feedparser",
    "Nextcloud News",
    "Liferea",
    "Feedly",
    "browser",
]

NGINX = """
{user}
daemon off; pid {directory}/pid; error_log {directory}/error.log warn; worker_processes 1;
events {{ }}
http {{
    access_log off; gzip off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    proxy_cache_path {directory}/cache keys_zone=feeds:1m inactive=1d use_temp_path=off;
    map $upstream_http_etag $suffixed {{ "~^W/\\"(?<digits>.*)\\"$" 'W/"$digits-gzip"'; }}
    server {{
        listen 127.0.0.1:{port};
        {server}
        location / {{
            {location}
            proxy_pass http://127.0.0.1:{origin};
            proxy_http_version 1.1;
        }}
    }}
}}
"""
WALL = "<!doctype html><title>Just a moment...</title><p>Checking your browser"
CACHE = "proxy_cache feeds; proxy_cache_valid 200 1h; "

# The code, the directives for nginx, the URL path at which it is found, and the readers that see it (none: all URLs, all).
FAULTS = [
    (
        "challenge",
        "",
        f"default_type text/html; if ($http_user_agent ~ newsboat) {{ return 403 '{WALL}'; }}",
        "/rss.xml",
        ["newsboat"],
    ),
    (
        "challenge",
        f"location = /atom.xml {{ default_type text/html; return 200 '{WALL.split('>')[0]}>hello'; }}",
        "",
        "/atom.xml",
        READERS,
    ),
    ("blocked", "", "if ($http_user_agent ~ Feedly) { return 403; }", "/feed.json", ["Feedly"]),
    ("blocked", "location /media/ { valid_referers server_names; if ($invalid_referer) { return 403; } }", "", "/media/pic.png", READERS),
    ("etag-lost", "", "proxy_hide_header ETag;", "/rss.xml", READERS),
    ("etag-changed", "", "proxy_hide_header ETag; add_header ETag $suffixed;", "/rss.xml", READERS),
    ("last-modified-lost", "", "proxy_hide_header Last-Modified;", "/atom.xml", READERS),
    (
        "no-304",
        "",
        'proxy_set_header If-None-Match ""; proxy_set_header If-Modified-Since "";',
        "/rss.xml",
        READERS,
    ),
    ("vary", "", "proxy_hide_header Vary;", "/rss.xml", READERS),
    ("vary", "", CACHE + "proxy_ignore_headers Vary;", "/rss.xml", ["newsboat", "feedparser", "Feedly"]),
    ("media-type", "", "proxy_hide_header Content-Type; add_header Content-Type text/plain;", "/feeds.opml", READERS),
    (
        "rewritten",
        "",
        'proxy_set_header Accept-Encoding ""; sub_filter_types *; sub_filter_last_modified on;'
        "sub_filter 'Article 7' 'Artikel 7'; sub_filter_once off;",
        "/rss.xml",
        READERS,
    ),
    ("stale", "", "add_header Age 3600;", "/rss.xml", READERS),
    ("head", "", "if ($request_method = HEAD) { return 405; }", "/rss.xml", ["Nextcloud News"]),
    ("redirects", "location = /rss.xml { return 302 /atom.xml; }", "", "/rss.xml", READERS),
    ("redirects", "", "proxy_redirect http://127.0.0.1:$server_port/ http://feedmill.internal:8080/;", "/categories", []),
]


def examined(program, directory, url, environment=None):
    """The exit code, and the findings of all severities."""
    command = [program, "doctor", url, "--format", "json", "--content", "content", "--feeds", "feeds"]
    options = {"cwd": directory, "capture_output": True, "env": {**os.environ, **(environment or {})}}
    finished = subprocess.run(command, **options, check=False)
    assert finished.returncode in (0, 1), f"{url}: {finished.returncode}: {finished.stderr.decode()}"
    report = json.loads(finished.stdout)
    assert report["version"] == 1 and report["url"] == f"{url}/", report
    return finished.returncode, report["findings"]


def healthy(name, origin, url, environment=None):
    code, findings = examined(origin.program, origin.directory, url, environment)
    faults = [finding for finding in findings if finding["severity"] != "note"]
    assert (code, faults) == (0, []), f"{name}: {faults}"
    notes = [finding["code"] for finding in findings]
    assert notes == ([] if url.startswith("https") else ["plain-http"]), f"{name}: {notes}"


def found(name, origin, url, code, path=None, clients=None, environment=None):
    """Only findings with this code, and one of them at the path, seen by these readers."""
    status, findings = examined(origin.program, origin.directory, url, environment)
    faults = [finding for finding in findings if finding["severity"] != "note"]
    assert status == 1 and {finding["code"] for finding in faults} == {code}, f"{name}: {status}: {faults}"
    if path is not None:
        at = [finding["clients"] for finding in faults if finding["url"] == url + path]
        assert at == [clients], f"{name}: {path}: {at}"
    return faults


def nginx(origin, directory, port, server="", location=""):
    os.makedirs(directory)
    config = os.path.join(directory, "nginx.conf")
    user = "user root;" if os.geteuid() == 0 else ""
    values = {"port": port, "origin": origin.port, "user": user, "server": server, "location": location}
    with open(config, "w", encoding="utf-8") as file:
        file.write(NGINX.format(directory=directory, **values))
    return caches.Front(["nginx", "-c", config], port, os.path.join(directory, "output"))


def planted(origin, directory, port):
    url = f"http://127.0.0.1:{port}"
    for number, (code, server, location, path, clients) in enumerate(FAULTS):
        name = f"fault {number}, {code}"
        front = nginx(origin, os.path.join(directory, str(number)), port, server, location)
        try:
            faults = found(name, origin, url, code, path, clients)
        finally:
            front.stop()
        if code == "rewritten":
            fault = next(fault for fault in faults if fault["url"] == f"{url}{path}")
            body = origin.get(path).body
            changed = body.replace(b"Article 7", b"Artikel 7")
            first = next(at for at, (own, other) in enumerate(zip(body, changed)) if own != other)
            assert fault["byte"] == first, f"{name}: {fault}, not {first}"
    # The origin itself is not at its base URL.
    found("self-link", origin, f"http://127.0.0.1:{origin.port}", "self-link", "/rss.xml", READERS)


def old_copies(origin, directory, port):
    """A cache that keeps copies longer than Cache-Control allows, which shows after an edit."""
    url = f"http://127.0.0.1:{port}"
    front = nginx(origin, directory, port, "", CACHE + "proxy_ignore_headers Cache-Control;")
    try:
        # It has a copy for each reader.
        healthy("before the edit", origin, url)
        origin.article(3, "an edit for the doctor")
        origin.shows("an edit for the doctor")
        # A copy of a moment ago is allowed.
        healthy("right after the edit", origin, url)
        time.sleep(7)
        found("stale", origin, url, "stale", "/rss.xml", READERS)
    finally:
        front.stop()


def encrypted(program, directory):
    os.makedirs(directory)
    port, store = free_port(), os.path.join(directory, "store")
    url = f"https://127.0.0.1:{port}"
    origin = Origin(program, os.path.join(directory, "origin"), url)
    origin.start()
    config = os.path.join(directory, "Caddyfile")
    options = f"admin off\npersist_config off\nskip_install_trust\ndefault_sni 127.0.0.1\nauto_https disable_redirects\nstorage file_system {store}\n"
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"{{\n{options}}}\n{url} {{\ntls internal\nreverse_proxy http://127.0.0.1:{origin.port}\n}}\n")
    program = os.path.join(os.path.dirname(sys.executable), "caddy")
    output = os.path.join(directory, "output")
    root = os.path.join(store, "pki", "authorities", "local", "root.crt")
    with open(output, "wb") as log:
        command = [program, "run", "--adapter", "caddyfile", "--config", config]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        eventually("Caddy has certificates", lambda: os.path.exists(root))
        leaf = os.path.join(store, "certificates", "local", "127.0.0.1", "127.0.0.1.crt")
        eventually("Caddy has a certificate of the host", lambda: os.path.exists(leaf))
        trusting = {"SSL_CERT_FILE": root}
        eventually("Caddy answers", lambda: examined(origin.program, origin.directory, url, trusting)[0] == 0)
        healthy("Caddy with TLS", origin, url, trusting)
        found("an unknown authority", origin, url, "certificate")
        other = url.replace("127.0.0.1", "localhost")
        found("a certificate of another name", origin, other, "certificate", environment=trusting)
    finally:
        process.terminate()
        process.wait()
        origin.stop()


def checked(program, directory):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    origin = Origin(program, os.path.join(directory, "origin"), url)
    origin.start()
    try:
        fronts = [("nginx", caches.nginx), ("Varnish", caches.varnish), ("edge nginx", edge.nginx), ("edge caddy", edge.caddy)]
        for name, start in fronts:
            front = start(origin, os.path.join(directory, name.replace(" ", "-")), port)
            try:
                healthy(name, origin, url)
                healthy(f"{name}, with its copies", origin, url)
            finally:
                front.stop()
        planted(origin, os.path.join(directory, "faults"), port)
        old_copies(origin, os.path.join(directory, "old"), port)
    finally:
        origin.stop()
    encrypted(program, os.path.join(directory, "encrypted"))
