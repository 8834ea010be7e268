"""A hundred thousand files are unpacked, renamed and deleted at once, while clients poll.

    tests/watcher/bursts.py [FILES]      20,000 by default; 100,000 by hand

With events, the final state must equal that of a fresh start. During a burst there are scans again and again; an atomic
change makes exactly one edition; a burst needs at most twice the memory of a start with the same files; and every response
is 200 or 304.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

import servers
from servers import TestServer, ask, environment, eventually
from polls import Polls

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
DIRECTORIES = 100
KEPT = 10
PATHS = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/kept/rss.xml"]
BASE = ["--base-url", "http://feeds.example.org", "--watch", "events", "--drain", "0s"]
# The longest time for which hints are gathered. Then comes a scan, and further hints are gathered for at most
# as long as it takes.
PATIENCE = 0.2


def article(number):
    return (f"---\ntitle: No {number}\ndate: {2000 + number % 20}-01-{1 + number % 28:02} 00:00:{number % 60:02}\n"
            f"categories: [c{number % 7}]\n---\n<p>Words of {number}.</p>\n")


def place(number):
    return f"d{number % DIRECTORIES}/n{number}.md"


class Memory:
    """Samples the memory of a process until the end of a `with` block; `most` is the peak."""

    def __init__(self, process):
        self.status, self.most, self.done = pathlib.Path(f"/proc/{process.child.pid}/status"), 0, threading.Event()

    def now(self):
        return int(re.search(r"VmRSS:\s+(\d+)", self.status.read_text())[1]) / 1024

    def _sample(self):
        while not self.done.wait(0.02):
            self.most = max(self.most, self.now())

    def __enter__(self):
        threading.Thread(target=self._sample, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.done.set()


class Watched:
    """The server under test, and its metrics."""

    def __init__(self, root):
        self.root, self.content, self.most = root, root / "content", 0
        self.server = TestServer(self.content, root / "feeds", *BASE)
        self.admin = self.server.admin

    def metric(self, name):
        text = ask(self.admin, "/metrics", timeout=60)[2].decode()
        return int(sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name)))

    def holds(self, articles):
        eventually(f"{articles} articles in\n{self.server.log()[-4000:]}", lambda: self.metric("feedmill_articles ") == articles, 300)

    def editions(self):
        # The metric is updated a moment after an edition is served, so it must have settled.
        last, since = None, time.monotonic()
        while time.monotonic() - since < 1:
            now = self.metric("feedmill_edition ")
            if now != last:
                last, since = now, time.monotonic()
            time.sleep(0.05)
        return last


@contextlib.contextmanager
def step(watched, what):
    """Measures one burst, and prints its duration, the time until it is visible, the scans and the editions."""
    start, looks, editions = time.monotonic(), watched.metric("feedmill_looks_total"), watched.editions()
    facts = {"what": what}
    with Memory(watched.server) as memory:
        yield facts
        facts["seen"] = time.monotonic() - start
        facts["editions"] = watched.editions() - editions
    facts["looks"] = watched.metric("feedmill_looks_total") - looks
    watched.most = max(watched.most, memory.most)
    print(f"{what}: done after {facts.get('done', 0):.1f} s, visible after {facts['seen']:.1f} s, {facts['looks']} scans, "
          f"{facts['editions']} editions, {memory.most:.0f} MiB at most", flush=True)
    # However long the burst, there are no more editions than scans were possible.
    assert facts["editions"] <= 3 + facts["seen"] / PATIENCE, facts
    if facts.get("done", 0) > 10 * PATIENCE:
        assert facts["during"] > 0, f"no scan during the burst: {facts}"


def burst(watched, facts, act):
    """Runs a burst, and counts the scans during it."""
    start, looks = time.monotonic(), watched.metric("feedmill_looks_total")
    act()
    facts["done"] = time.monotonic() - start
    facts["during"] = watched.metric("feedmill_looks_total") - looks


def is_as_of_a_fresh_start(watched):
    """Compares the feeds with those of a fresh start, and returns its peak memory in MiB."""
    fresh = TestServer(watched.content, watched.root / "feeds", *BASE)
    try:
        for path in [*PATHS, "/feeds.json", "/categories/c0/atom.xml"]:
            answers = [ask(server.port, path, timeout=60) for server in (watched.server, fresh)]
            served, wanted = [(status, headers.get("etag"), body) for status, headers, body in answers]
            assert served == wanted, f"{path} differs from a fresh start: {served[:2]}, {wanted[:2]}"
        peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{fresh.child.pid}/status").read_text())[1]) / 1024
        print(f"equal to a fresh start, whose peak is {peak:.0f} MiB", flush=True)
        return peak
    finally:
        fresh.end()


def run(root):
    content = root / "content"
    (root / "feeds").mkdir()
    for number in range(KEPT):
        path = content / "kept" / f"k{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: Kept {number}\ndate: 2026-01-{1 + number:02}\ncategories: [kept]\n---\nkept\n")
    source = root / "source"
    for number in range(FILES):
        path = source / place(number)
        if number < DIRECTORIES:
            path.parent.mkdir(parents=True)
        path.write_text(article(number))
    archive = root / "archive.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(source, "unpacked")
    watched = Watched(root)
    polls = Polls(watched.server.port, PATHS, threads=3, most=10**6)
    try:
        with step(watched, f"{FILES:,} files unpacked") as facts:
            burst(watched, facts, lambda: subprocess.run(["tar", "xf", archive, "-C", content], check=True))
            watched.holds(FILES + KEPT)
        cost = is_as_of_a_fresh_start(watched)

        def rename():
            for number in range(FILES):
                path = content / "unpacked" / place(number)
                path.rename(path.with_name(f"r{number}.md"))
            (content / "kept/last.md").write_text("---\ntitle: Last\ndate: 2026-02-01\ncategories: [kept]\n---\nlast\n")

        with step(watched, "each renamed") as facts:
            burst(watched, facts, rename)
            watched.holds(FILES + KEPT + 1)
        cost = max(cost, is_as_of_a_fresh_start(watched))
        for what, source_of, target, articles in [
            ("their directory renamed", content / "unpacked", content / "renamed", FILES + KEPT + 1),
            ("their directory moved out", content / "renamed", root / "out", KEPT + 1),
            ("their directory moved in", root / "out", content / "back", FILES + KEPT + 1),
        ]:
            with step(watched, what) as facts:
                source_of.rename(target)
                watched.holds(articles)
                eventually("the change is visible", lambda target=target: target.parent != content or ask(
                    watched.server.port, f"/articles/{target.name}/d0/r0/")[0] == 200, 120)
            assert facts["editions"] == 1, f"an atomic change made several editions: {facts}\n{watched.server.log()[-4000:]}"
        with step(watched, "all deleted") as facts:
            burst(watched, facts, lambda: shutil.rmtree(content / "back"))
            watched.holds(KEPT + 1)
        is_as_of_a_fresh_start(watched)
        # The old edition is served while the new one is made. After a rename they share nothing.
        assert watched.most <= 2 * cost + 32, f"{watched.most:.0f} MiB in a burst, {cost:.0f} in a start"
        answers, trouble = polls.finish()
        assert not trouble, f"{len(trouble)} wrong responses, such as {trouble[0]}"
        assert "ERROR" not in watched.server.log(), watched.server.log()
        print(f"{sum(answers.values()):,} polls, all 200 or 304; {watched.metric('feedmill_queue_overflows_total')} times events were lost")
    finally:
        polls.stop.set()
        watched.server.end()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="feedmill-bursts-") as directory:
        run(pathlib.Path(directory))
