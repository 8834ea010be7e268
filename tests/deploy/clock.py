#!/usr/bin/env python3
"""Clocks jump. Forwards over articles that are held or expire: the server follows, and equals a fresh load. Back: the
last state stays, and what is saved then still appears. A clock from before the program was built: nothing is served
and nothing is built until it is right, and then serving begins without a restart."""

import datetime
import json
import pathlib
import subprocess
import tempfile

import mills
from mills import Mill, ask, by_clock, environment, eventually
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
    """A directory with an article that is held, one that expires and an old one; and a clock that can be set."""

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
        return Mill(self.content, self.feeds, *BASE, env=self.environment)


def equal(one, other):
    for path in PATHS:
        ours, theirs = ask(one.port, path), ask(other.port, path)
        if ours[2] != theirs[2] or [ours[1].get(key) for key in SAME] != [theirs[1].get(key) for key in SAME]:
            return False
    return True


def jumps(site):
    site.set("+0")
    mill = site.serve()
    polls = Polls(mill.port, PATHS, threads=2, seconds=300, pause=0.01)
    try:
        for number, (jump, wanted, is_followed) in enumerate(JUMPS):
            site.set(jump)
            is_back = not is_followed
            # A clock that was set does not wake anybody: it is looked at now and then.
            ready = lambda: json.loads(ask(mill.port, "/readyz")[2])
            eventually(f"the jump is seen after {jump}:\n{mill.log()}", lambda: ready()["stale"] == is_back, seconds=45)
            wanted = " ".join(sorted(wanted.split()))
            eventually(f"{wanted!r} after {jump}:\n{mill.log()}", lambda: titles(mill.port) == wanted, seconds=45)
            # What is saved at that moment is seen as ever, and makes nothing else vanish.
            site.save(f"Saved {number}.\n")
            page = "/articles/old/"
            eventually(f"what is saved after {jump}", lambda: f"Saved {number}." in ask(mill.port, page)[2].decode())
            eventually(f"and in feeds", lambda: f"Saved {number}." in ask(mill.port, "/rss.xml")[2].decode())
            assert titles(mill.port) == wanted, titles(mill.port)
            status = ask(mill.port, "/readyz")[0]
            assert status == (503 if jump == "-40y" else 200), (jump, status)
            if is_followed:
                fresh = site.serve()
                try:
                    eventually(f"it equals a fresh load after {jump}:\n{mill.log()}", lambda: equal(mill, fresh))
                finally:
                    assert fresh.end() == 0, fresh.log()
        answers, trouble = polls.finish()
    finally:
        polls.finish()
        code = mill.end()
    assert code == 0 and not trouble, (code, trouble[:5])
    assert "panicked" not in mill.log() and "broke" not in mill.log(), mill.log()
    return sum(answers.values())


def starts_in_1986(site):
    """The clock of a machine without a battery."""
    site.set("-40y")
    build = [mills.BINARY, "build", "--content", site.content, "--feeds", site.feeds, "--out", site.root / "dist", *BASE]
    built = subprocess.run(build, env=site.environment, capture_output=True, text=True)
    assert built.returncode == 2 and "the clock" in built.stderr, (built.returncode, built.stderr)
    assert not (site.root / "dist").exists()
    checked = subprocess.run([mills.BINARY, "check", "--content", site.content, "--feeds", site.feeds],
                             env=site.environment, capture_output=True, text=True)
    assert checked.returncode == 0 and "the clock" in checked.stderr, (checked.returncode, checked.stderr)
    mill = site.serve()
    try:
        assert "the clock" in mill.log(), mill.log()
        for path in [*PATHS, "/readyz", "/articles/old/", "/media/none.png", "/no-such-page", "/feed.css", "/feeds.opml"]:
            status, headers, _ = ask(mill.port, path)
            assert status == 503 and int(headers["retry-after"]) > 0, (path, status, headers)
            assert "no-store" in headers["cache-control"], headers
        assert ask(mill.port, "/healthz")[0] == 200
        assert json.loads(ask(mill.port, "/readyz")[2])["phase"] == "clock"
        # An edit in the meantime opens nothing early.
        site.save("Saved early.\n")
        site.set("+0")
        eventually("it is ready", lambda: ask(mill.port, "/readyz")[0] == 200, seconds=10)
        assert titles(mill.port) == "brief old", titles(mill.port)
        assert b"Saved early." in ask(mill.port, "/rss.xml")[2]
        fresh = site.serve()
        try:
            eventually("it equals a fresh load", lambda: equal(mill, fresh))
        finally:
            fresh.end()
    finally:
        assert mill.end() == 0, mill.log()


def main():
    with tempfile.TemporaryDirectory() as name:
        first, second = pathlib.Path(name) / "first", pathlib.Path(name) / "second"
        first.mkdir()
        second.mkdir()
        starts_in_1986(Site(second))
        polled = jumps(Site(first))
        print(f"clock: {len(JUMPS)} jumps under {polled} polls; nothing served before the program's own date")


if __name__ == "__main__":
    main()
