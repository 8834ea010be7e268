"""The rules of `feedmill edge`, loaded by nginx and Caddy in front of the origin."""

import json
import os
import subprocess
import sys

import caches
from origin import eventually, free_port

NGINX = """
{user}
daemon off; pid {directory}/pid; error_log {directory}/error.log warn; worker_processes 1;
events {{ }}
http {{
    access_log {directory}/access.log combined;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    include {directory}/rules;
}}
"""
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 7 subscribers; like FeedFetcher-Google)"


def rules(origin, product, port):
    command = [origin.program, "edge", "--for", product, "--upstream", f"http://127.0.0.1:{origin.port}"]
    command += ["--base-url", f"http://127.0.0.1:{port}"]
    return subprocess.run(command, cwd=origin.directory, check=True, capture_output=True, text=True).stdout


def nginx(origin, directory, port=None):
    os.makedirs(directory)
    port, config = port or free_port(), os.path.join(directory, "nginx.conf")
    user = "user root;" if os.geteuid() == 0 else ""
    with open(config, "w", encoding="utf-8") as file:
        file.write(NGINX.format(directory=directory, user=user))
    with open(os.path.join(directory, "rules"), "w", encoding="utf-8") as file:
        # The cache belongs into this directory.
        file.write(rules(origin, "nginx", port).replace("/var/cache/feedmill", f"{directory}/cache"))
    subprocess.run(["nginx", "-t", "-q", "-c", config], check=True)
    return caches.Front(["nginx", "-c", config], port, os.path.join(directory, "output"))


def caddy(origin, directory, port=None):
    os.makedirs(directory)
    port, config = port or free_port(), os.path.join(directory, "Caddyfile")
    with open(config, "w", encoding="utf-8") as file:
        # No server of the operator is reconfigured.
        file.write("{\n\tadmin off\n\tpersist_config off\n}\n" + rules(origin, "caddy", port))
    program = os.path.join(os.path.dirname(sys.executable), "caddy")
    command = [program, "run", "--adapter", "caddyfile", "--config", config]
    return caches.Front(command, port, os.path.join(directory, "output"))


def passes(front, origin, name):
    """What readers fetch arrives as feedmill sent it, and health checks do not."""
    caches.right_bytes(front, origin, name)
    tag = origin.get("/rss.xml").headers["etag"]
    for path in ["/rss.xml", "/categories/xin-wen/atom.xml", "/feeds.opml", "/media/pic.png", "/robots.txt", "/"]:
        there, own = front.get(path, "identity"), origin.get(path)
        assert there.status == own.status == 200, f"{name}: {path}: {there.status}"
        for header in ["etag", "cache-control", "last-modified", "content-type", "vary", "content-security-policy"]:
            values = there.headers.get(header), own.headers.get(header)
            assert values[0] == values[1], f"{name}: {path}: {header}: {values}"
    answer = front.get("/rss.xml", "gzip", {"If-None-Match": tag})
    assert answer.status == 304 and not answer.body, f"{name}: {answer.status} for If-None-Match"
    part = front.get("/media/pic.png", None, {"Range": "bytes=0-9"})
    assert part.status == 206 and len(part.body) == 10, f"{name}: {part.status} for a range"
    moved = front.get("/categories/xin-wen")
    assert moved.status == 301, f"{name}: {moved.status} for a redirect"
    assert moved.headers["location"] == origin.get("/categories/xin-wen").headers["location"], name
    for path in ["/healthz", "/readyz"]:
        assert front.get(path).status == 404, f"{name}: {path} is public"


def counted(front, origin, log, name):
    """`feedmill stats` understands the access log of the program."""
    front.get("/rss.xml", "gzip", {"User-Agent": FEEDLY})

    def subscribers():
        command = [origin.program, "stats", "--format", "json", log]
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        site = [feed for feed in report["feeds"] if feed["feed"] == "/"]
        return site and site[0]["aggregators"] == [{"name": "Feedly", "subscribers": 7}] and site[0]["direct"] >= 1

    eventually(f"stats reads the log of {name}", subscribers)


def checked(origin, directory):
    front = nginx(origin, os.path.join(directory, "nginx"))
    try:
        passes(front, origin, "edge nginx")
        caches.revalidates(front, origin, "edge nginx")
        caches.follows_an_edit(front, origin, "edge nginx", "an edit behind the rules for nginx")
        caches.goes_on_alone(front, origin, "edge nginx")
        counted(front, origin, os.path.join(directory, "nginx", "access.log"), "nginx")
    finally:
        front.stop()
    front = caddy(origin, os.path.join(directory, "caddy"))
    try:
        passes(front, origin, "edge caddy")
        caches.follows_an_edit(front, origin, "edge caddy", "an edit behind the rules for Caddy")
        counted(front, origin, front.log, "Caddy")
    finally:
        front.stop()
