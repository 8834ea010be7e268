"""Runs feedmill on a directory, on a free port, and sends HTTP requests to it."""

import gzip
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target"))
# Time limit in seconds for the first load and for each response, on a busy machine.
PATIENCE = 60
FORMATS = ("rss", "atom", "json")


def binary():
    """Returns the program in FEEDMILL_BINARY, or the newest that cargo has built."""
    named = os.environ.get("FEEDMILL_BINARY")
    found = [Path(named)] if named else [TARGET / "debug" / "feedmill", TARGET / "release" / "feedmill"]
    found = [path for path in found if path.exists()]
    if not found:
        subprocess.run(["cargo", "build", "--locked"], cwd=PROJECT, check=True)
        return TARGET / "debug" / "feedmill"
    return max(found, key=lambda path: path.stat().st_mtime)


class TestServer:
    """A running server, which ends with its `with` block."""

    def __init__(self, content, site="", definitions=None, arguments=()):
        self._feeds = tempfile.TemporaryDirectory(prefix="feedmill-validators-")
        for name, text in {"site.yaml": site, **(definitions or {})}.items():
            (Path(self._feeds.name) / name).write_text(text, encoding="utf-8")
        self._log = tempfile.NamedTemporaryFile(prefix="feedmill-validators-", suffix=".log")
        flags = ["--content", content, "--feeds", self._feeds.name, "--bind", "127.0.0.1:0", "--admin-bind", "off"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDMILL_")}
        self._process = subprocess.Popen(
            [binary(), "serve", *flags, "--log", "json", "--watch", "off", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=environment,
        )
        self.address = self._listening()

    def _listening(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            for line in self.log().splitlines():
                words = line.partition("listening on http://")[2]
                if words:
                    return words.split('"')[0]
            time.sleep(0.02)
        self.close()
        raise SystemExit(f"the server never listened:\n{self.log()}")

    def log(self):
        return Path(self._log.name).read_text(encoding="utf-8", errors="replace")

    def url(self, path):
        return f"http://{self.address}{path}"

    def get(self, address):
        """Requests a URL, and returns the headers and the decoded body."""
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Connection": "close"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            return answer.headers, body

    def catalogue(self):
        return json.loads(self.get(self.url("/feeds.json"))[1])["feeds"]

    def close(self):
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self._feeds.cleanup()
