#!/usr/bin/env python3
"""Clocks that jump. Forward, over articles that are held or expire: the server follows, and equals a fresh load. Back: the
last state is kept, and articles that are saved then still appear. A clock before the date of the program: nothing is
served or built until the clock is right, then the server starts serving without a restart."""

import datetime
import json
import pathlib
import subprocess
import tempfile

import servers
from servers import TestServer, ask, by_clock, environment, eventually
from polls import Polls

BASE = ["--base-url", "http://feeds.example.org"]
PATHS = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds/all/rss.xml", "/"]
SAME = ["etag", "last-modified", "content-type", "cache-control"]
#        a jump, whether `soon` is due and `brief` has expired after it, and whether a fresh load would agree
JUMPS = [("+0", "brief old", True), ("+2h", "soon old", True), ("-2d", "soon old", False), ("+30y", "soon old", True),
         ("-40y", "soon old", False), ("+0", "soon old", False)]


def article(title, date, more=""):
    return f"---\ntitle: {title}\ndate: {date:%Y-%m-%dT%H:%M:%SZ}\n{more}---\nText of {title}.\n"


def titles(port):
    return " ".join(sorted(entry["title"] for entry in json.loads(ask(port, "/feed.json")[2])["items"]))


class Site:
    """A directory with an article that is held, one that expires and an old one, and a clock that can be set."""

    def __init__(self, root):
        self.root, self.clock = root, root / "clock"
        self.content, self.feeds = root / "content", root / "feeds"
        self.content.mkdir()
        self.feeds.mkdir()
        (self.feeds / "all.yaml").write_text("title: All\n")
        self.now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        (self.content / "soon.md").write_text(article("soon", self.now + hour))
        expires = f"expiryDate: {self.now + hour:%Y-%m-%dT%H:%M:%SZ}\n"
        (self.content / "brief.md").write_text(article("brief", self.now - 72 * hour, expires))
        self.save("")
        self.environment = environment(**by_clock(file=self.clock))

    def save(self, text):
        old = self.now - datetime.timedelta(days=30)
        (self.content / "old.md").write_text(article("old", old) + text)

    def set(self, jump):
        beside = self.root / "beside"
        beside.write_text(f"{jump}\n")
        beside.rename(self.clock)

    def serve(self):
        return TestServer(self.content, self.feeds, *BASE, env=self.environment)


def equal(one, other):
    for path in PATHS:
        ours, theirs = ask(one.port, path), ask(other.port, path)
        if ours[2] != theirs[2] or [ours[1].get(key) for key in SAME] != [theirs[1].get(key) for key in SAME]:
            return False
    return True


def jumps(site):
    site.set("+0")
    server = site.serve()
    polls = Polls(server.port, PATHS, threads=2, seconds=300, pause=0.01)
    try:
        for number, (jump, wanted, is_followed) in enumerate(JUMPS):
            site.set(jump)
            is_back = not is_followed
            # Setting a clock wakes no process, so the server checks it periodically.
            ready = lambda: json.loads(ask(server.port, "/readyz")[2])
            eventually(f"the jump is noticed after {jump}:\n{server.log()}", lambda: ready()["stale"] == is_back, seconds=45)
            wanted = " ".join(sorted(wanted.split()))
            eventually(f"{wanted!r} after {jump}:\n{server.log()}", lambda: titles(server.port) == wanted, seconds=45)
            # An article that is saved now appears as usual, and the others stay.
            site.save(f"Saved {number}.\n")
            page = "/articles/old/"
            eventually(f"the saved article is visible after {jump}", lambda: f"Saved {number}." in ask(server.port, page)[2].decode())
            eventually(f"the saved article is in feeds after {jump}", lambda: f"Saved {number}." in ask(server.port, "/rss.xml")[2].decode())
            assert titles(server.port) == wanted, titles(server.port)
            status = ask(server.port, "/readyz")[0]
            assert status == (503 if jump == "-40y" else 200), (jump, status)
            if is_followed:
                fresh = site.serve()
                try:
                    eventually(f"the feeds equal a fresh load after {jump}:\n{server.log()}", lambda: equal(server, fresh))
                finally:
                    assert fresh.end() == 0, fresh.log()
        answers, trouble = polls.finish()
    finally:
        polls.finish()
        code = server.end()
    assert code == 0 and not trouble, (code, trouble[:5])
    assert "panicked" not in server.log() and "broke" not in server.log(), server.log()
    return sum(answers.values())


def starts_in_1986(site):
    """Starts with the clock of a machine without a battery."""
    site.set("-40y")
    build = [servers.BINARY, "build", "--content", site.content, "--feeds", site.feeds, "--out", site.root / "dist", *BASE]
    built = subprocess.run(build, env=site.environment, capture_output=True, text=True)
    assert built.returncode == 2 and "the clock" in built.stderr, (built.returncode, built.stderr)
    assert not (site.root / "dist").exists()
    checked = subprocess.run([servers.BINARY, "check", "--content", site.content, "--feeds", site.feeds],
                             env=site.environment, capture_output=True, text=True)
    assert checked.returncode == 0 and "the clock" in checked.stderr, (checked.returncode, checked.stderr)
    server = site.serve()
    try:
        assert "the clock" in server.log(), server.log()
        for path in [*PATHS, "/readyz", "/articles/old/", "/media/none.png", "/no-such-page", "/feed.css", "/feeds.opml"]:
            status, headers, _ = ask(server.port, path)
            assert status == 503 and int(headers["retry-after"]) > 0, (path, status, headers)
            assert "no-store" in headers["cache-control"], headers
        assert ask(server.port, "/healthz")[0] == 200
        assert json.loads(ask(server.port, "/readyz")[2])["phase"] == "clock"
        # An edit meanwhile does not start the serving.
        site.save("Saved early.\n")
        site.set("+0")
        eventually("the server is ready", lambda: ask(server.port, "/readyz")[0] == 200, seconds=10)
        assert titles(server.port) == "brief old", titles(server.port)
        assert b"Saved early." in ask(server.port, "/rss.xml")[2]
        fresh = site.serve()
        try:
            eventually("the feeds equal a fresh load", lambda: equal(server, fresh))
        finally:
            fresh.end()
    finally:
        assert server.end() == 0, server.log()


def main():
    with tempfile.TemporaryDirectory() as name:
        first, second = pathlib.Path(name) / "first", pathlib.Path(name) / "second"
        first.mkdir()
        second.mkdir()
        starts_in_1986(Site(second))
        polled = jumps(Site(first))
        print(f"clock: {len(JUMPS)} jumps during {polled} polls; nothing served before the date of the program")


if __name__ == "__main__":
    main()
