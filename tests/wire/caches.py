"""Shared caches in front of the origin, and a private cache in a client.

Each must deliver the right bytes in every content coding, revalidate with conditional requests that get 304, follow an
edit, and continue to work without the origin.
"""

import os
import subprocess
import time

import requests
from cachecontrol import CacheControl

from origin import DEADLINE, ask, eventually, free_port

CODINGS = [None, "identity", "gzip", "br", "gzip, deflate, br", "br;q=0.1, gzip;q=0.5"]
PATHS = ["/rss.xml", "/categories/xin-wen/atom.xml", "/feed.json", "/"]

NGINX = """
{user}
daemon off; pid {directory}/pid; error_log {directory}/error.log warn; worker_processes 1;
events {{ }}
http {{
    access_log off; gzip off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    proxy_cache_path {directory}/cache keys_zone=feeds:1m inactive=1d use_temp_path=off;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{origin};
            proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_cache feeds; proxy_cache_revalidate on; proxy_cache_lock on;
            proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;
        }}
    }}
}}
"""

VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{origin}"; }}
sub vcl_backend_response {{ set beresp.keep = 1d; set beresp.grace = 1d; }}
"""


class Front:
    """A cache in front of the origin."""

    def __init__(self, command, port, log):
        self.port = port
        # Varnish logs a lot, which is only shown if it ends early.
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.log = log
        try:
            eventually(f"{command[0]} answers", self.answers)
        except AssertionError:
            self.stop()
            raise

    def answers(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as output:
                raise AssertionError(f"{self.process.args[0]} ended with {self.process.returncode}: {output.read()}")
        try:
            return ask(self.port, "/robots.txt").status == 200
        except OSError:
            return False

    def get(self, path, coding=None, headers=None):
        asked = dict(headers or {})
        if coding is not None:
            asked["Accept-Encoding"] = coding
        return ask(self.port, path, asked)

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


def nginx(origin, directory, port=None):
    os.makedirs(directory)
    port, config = port or free_port(), os.path.join(directory, "nginx.conf")
    # The workers must be able to write to the directories of this user.
    user = "user root;" if os.geteuid() == 0 else ""
    with open(config, "w", encoding="utf-8") as file:
        file.write(NGINX.format(directory=directory, port=port, origin=origin.port, user=user))
    return Front(["nginx", "-c", config], port, os.path.join(directory, "output"))


def varnish(origin, directory, port=None):
    os.makedirs(directory)
    port, config = port or free_port(), os.path.join(directory, "default.vcl")
    with open(config, "w", encoding="utf-8") as file:
        file.write(VARNISH.format(origin=origin.port))
    listen, work = f"127.0.0.1:{port}", os.path.join(directory, "work")
    command = ["varnishd", "-j", "none", "-F", "-a", listen, "-f", config, "-n", work, "-s", "malloc,16m"]
    return Front(command, port, os.path.join(directory, "output"))


def right_bytes(front, origin, name):
    """Every document, in every content coding, decodes to the body of the origin."""
    for path in PATHS:
        plain = origin.get(path)
        for _ in range(2):
            for coding in CODINGS:
                answer = front.get(path, coding)
                where = f"{name}: {path} as {coding}"
                assert answer.status == 200, f"{where}: {answer.status}"
                accepted = (coding or "identity").replace(";", ",").replace(" ", "").split(",")
                got = answer.headers.get("content-encoding", "identity")
                assert got in accepted or got == "identity", f"{where}: got {got}"
                assert answer.decoded() == plain.body, f"{where}: other bytes"
                assert answer.headers["etag"] == plain.headers["etag"], f"{where}: {answer.headers['etag']}"
                assert answer.headers["vary"] == "Accept-Encoding", f"{where}: {answer.headers['vary']}"
                assert answer.headers["content-type"] == plain.headers["content-type"], where


def revalidates(front, origin, name):
    """A stale document is revalidated with a conditional request, and the response is 304."""
    before = len(origin.asked("/rss.xml"))
    wanted = origin.get("/rss.xml").body

    def again():
        assert front.get("/rss.xml", "gzip").decoded() == wanted, f"{name}: other bytes"
        return 304 in [status for status, _ in origin.asked("/rss.xml")[before:]]

    eventually(f"{name} gets a 304", again)
    tag = origin.get("/rss.xml").headers["etag"]
    for form in [tag, tag.removeprefix("W/")]:
        answer = front.get("/rss.xml", "gzip", {"If-None-Match": form})
        assert answer.status == 304 and not answer.body, f"{name}: {answer.status} for {form}"


def follows_an_edit(front, origin, name, words):
    origin.article(7, words)
    origin.shows(words)
    for path in PATHS:
        new = origin.get(path).body
        for coding in CODINGS:
            what = f"{name} shows {words!r} on {path} as {coding}"
            eventually(what, lambda: front.get(path, coding).decoded() == new)
    right_bytes(front, origin, name)


def goes_on_alone(front, origin, name):
    """While the origin is down, the last state is served, even when it is stale."""
    wanted = {path: origin.get(path).body for path in PATHS[:3]}
    for path in wanted:
        front.get(path, "gzip")
    origin.stop()
    try:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            for path, body in wanted.items():
                answer = front.get(path, "gzip")
                assert answer.status == 200 and answer.decoded() == body, f"{name}: {path}: {answer.status}"
    finally:
        origin.start()


def shared(origin, directory):
    for name, start in [("nginx", nginx), ("varnish", varnish)]:
        front = start(origin, os.path.join(directory, name))
        try:
            right_bytes(front, origin, name)
            revalidates(front, origin, name)
            follows_an_edit(front, origin, name, f"an edit behind {name}")
            goes_on_alone(front, origin, name)
            follows_an_edit(front, origin, name, f"a second edit behind {name}")
        finally:
            front.stop()


def settled(count):
    """Returns a count if it does not change for a while."""
    before = count()
    time.sleep(0.3)
    return before if count() == before else 0


def private(origin):
    """CacheControl: a hit causes no request, a stale response one 304, an edit one 200."""
    with requests.Session() as session:
        client = CacheControl(session)
        url = f"http://127.0.0.1:{origin.port}/atom.xml"
        count = lambda: len(origin.asked("/atom.xml"))
        first = client.get(url)
        # The log is written by a thread of its own, and the readers before have asked for this document too.
        asked = eventually("all responses so far are logged", lambda: settled(count))
        assert client.get(url).from_cache and count() == asked, "CacheControl sent a request although its copy was fresh"
        again = client.get(url, headers={"Cache-Control": "max-age=0"})
        assert again.text == first.text, "CacheControl has other bytes"
        eventually("the second response is logged", lambda: count() > asked)
        assert origin.asked("/atom.xml")[asked:] == [(304, 0)], f"CacheControl: {origin.asked('/atom.xml')[asked:]}"
        origin.article(9, "an edit for CacheControl")
        origin.shows("an edit for CacheControl")
        fresh = client.get(url, headers={"Cache-Control": "max-age=0"})
        assert "an edit for CacheControl" in fresh.text, "CacheControl missed an edit"
