"""A feedmill server with its own site, and the requests in its access log."""

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import time
import zlib

DEADLINE = 20

SITE = """\
title: Wire
description: What caches and readers make of it.
language: en
cache: {max_age: 1800, s_maxage: 1, stale_while_revalidate: 0, stale_if_error: 86400}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, attempt, seconds=DEADLINE):
    """Repeats the attempt until it returns something true."""
    end = time.monotonic() + seconds
    while True:
        value = attempt()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.05)


class Answer:
    """An unmodified response; header names are in lower case."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def decoded(self):
        import brotli

        coding = self.headers.get("content-encoding")
        if coding is None:
            return self.body
        return {"gzip": lambda: zlib.decompress(self.body, 31), "br": lambda: brotli.decompress(self.body)}[coding]()


def ask(port, path, headers=None, method="GET"):
    """Sends a request with no other headers than those given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        return Answer(connection.getresponse())
    finally:
        connection.close()


def picture(width, height):
    """A PNG of random pixels, so that it does not compress well."""
    rows = b"".join(b"\0" + os.urandom(width) for _ in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Origin:
    """The server, and its directory."""

    def __init__(self, program, directory, base_url=None, flags=(), admin="off"):
        self.program, self.directory = program, directory
        self.flags = [*flags, "--admin-bind", admin, *(["--base-url", base_url] if base_url else [])]
        self.port, self.process = free_port(), None
        self.log = os.path.join(directory, "log")
        os.makedirs(os.path.join(directory, "content"))
        os.makedirs(os.path.join(directory, "feeds"))
        self.write("feeds/site.yaml", SITE)
        with open(os.path.join(directory, "content", "pic.png"), "wb") as file:
            file.write(picture(64, 64))
        for number in range(1, 25):
            self.article(number, "first words")

    def write(self, path, text):
        beside = os.path.join(self.directory, "beside")
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, os.path.join(self.directory, path))

    def article(self, number, words):
        text = f"Article {number} has {words}. " + "It is long enough to be compressed. " * 20
        front = f"title: Article {number}\ndate: 2026-01-{number:02}\ncategories: [新闻, 科技]\ncover: pic.png"
        self.write(f"content/{number}.md", f"---\n{front}\n---\n{text}\n")

    def start(self):
        flags = ["--bind", f"127.0.0.1:{self.port}", "--log", "json", "--access-log", "on", *self.flags]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, *flags, "--drain", "0s"], cwd=self.directory, stderr=log, stdin=subprocess.DEVNULL
            )
        eventually("the origin listens", self.listens)

    def listens(self):
        try:
            return ask(self.port, "/readyz").status == 200
        except OSError:
            return False

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(DEADLINE) == 0, "the origin did not end with 0"
            self.process = None

    def get(self, path, headers=None):
        return ask(self.port, path, headers)

    def shows(self, words, is_there=True):
        found = lambda: (words.encode() in self.get("/rss.xml").body) == is_there
        eventually(f"the origin shows {words!r}: {is_there}", found)

    def asked(self, path, agent=None):
        """Returns status and length of every response for a path so far, optionally of one family of readers."""
        with open(self.log, encoding="utf-8") as log:
            lines = [json.loads(line) for line in log]
        mine = [line for line in lines if line.get("path") == path and agent in (None, line.get("agent"))]
        return [(line["status"], line["bytes"]) for line in mine]
