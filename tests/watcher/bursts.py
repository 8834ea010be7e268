"""A hundred thousand files unpacked, renamed and deleted at once, while clients poll.

    tests/watcher/bursts.py [FILES]      20,000 by default; 100,000 by hand

Holds, by events: what came, went and moved is there in the end as a fresh start would have it; while a burst lasts it
is looked at again and again; whatever happens in one step is one edition; a burst costs at most twice the memory of a
start with the same files; nobody is answered anything but 200 and 304.
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

import mills
from mills import Mill, ask, environment, eventually
from polls import Polls

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
DIRECTORIES = 100
KEPT = 10
PATHS = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/kept/rss.xml"]
BASE = ["--base-url", "http://feeds.example.org", "--watch", "events", "--drain", "0s"]
# The longest that hints are gathered: then comes a look, and as long as one takes at most another round.
PATIENCE = 0.2


def article(number):
    return (f"---\ntitle: No {number}\ndate: {2000 + number % 20}-01-{1 + number % 28:02} 00:00:{number % 60:02}\n"
            f"categories: [c{number % 7}]\n---\n<p>Words of {number}.</p>\n")


def place(number):
    return f"d{number % DIRECTORIES}/n{number}.md"


class Memory:
    """What a process holds at most, sampled until the end of a block."""

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
    """The server under test and what it says of itself."""

    def __init__(self, root):
        self.root, self.content, self.most = root, root / "content", 0
        self.mill = Mill(self.content, root / "feeds", *BASE)
        self.admin = self.mill.admin

    def metric(self, name):
        text = ask(self.admin, "/metrics", timeout=60)[2].decode()
        return int(sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name)))

    def holds(self, articles):
        eventually(f"{articles} articles in\n{self.mill.log()[-4000:]}", lambda: self.metric("feedmill_articles ") == articles, 300)

    def editions(self):
        # It is counted a moment after it is served: what is counted must have come to rest.
        last, since = None, time.monotonic()
        while time.monotonic() - since < 1:
            now = self.metric("feedmill_edition ")
            if now != last:
                last, since = now, time.monotonic()
            time.sleep(0.05)
        return last


@contextlib.contextmanager
def step(watched, what):
    """One burst; prints how long it took to be done and to be seen, its looks and its editions."""
    start, looks, editions = time.monotonic(), watched.metric("feedmill_looks_total"), watched.editions()
    facts = {"what": what}
    with Memory(watched.mill) as memory:
        yield facts
        facts["seen"] = time.monotonic() - start
        facts["editions"] = watched.editions() - editions
    facts["looks"] = watched.metric("feedmill_looks_total") - looks
    watched.most = max(watched.most, memory.most)
    print(f"{what}: done after {facts.get('done', 0):.1f} s, seen after {facts['seen']:.1f} s, {facts['looks']} looks, "
          f"{facts['editions']} editions, {memory.most:.0f} MiB at most", flush=True)
    # However long the burst, no more editions than there were times to look.
    assert facts["editions"] <= 3 + facts["seen"] / PATIENCE, facts
    if facts.get("done", 0) > 10 * PATIENCE:
        assert facts["during"] > 0, f"nobody looked while it lasted: {facts}"


def burst(watched, facts, act):
    """Does it, and counts the looks at it while it lasts."""
    start, looks = time.monotonic(), watched.metric("feedmill_looks_total")
    act()
    facts["done"] = time.monotonic() - start
    facts["during"] = watched.metric("feedmill_looks_total") - looks


def is_as_of_a_fresh_start(watched):
    """Compares feeds; gives what the start cost in MiB."""
    fresh = Mill(watched.content, watched.root / "feeds", *BASE)
    try:
        for path in [*PATHS, "/feeds.json", "/categories/c0/atom.xml"]:
            answers = [ask(mill.port, path, timeout=60) for mill in (watched.mill, fresh)]
            served, wanted = [(status, headers.get("etag"), body) for status, headers, body in answers]
            assert served == wanted, f"{path} differs from a fresh start: {served[:2]}, {wanted[:2]}"
        peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{fresh.child.pid}/status").read_text())[1]) / 1024
        print(f"as of a fresh start, which takes {peak:.0f} MiB at most", flush=True)
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
    polls = Polls(watched.mill.port, PATHS, threads=3, most=10**6)
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
                eventually("it is seen", lambda target=target: target.parent != content or ask(
                    watched.mill.port, f"/articles/{target.name}/d0/r0/")[0] == 200, 120)
            assert facts["editions"] == 1, f"one step, one edition: {facts}\n{watched.mill.log()[-4000:]}"
        with step(watched, "all deleted") as facts:
            burst(watched, facts, lambda: shutil.rmtree(content / "back"))
            watched.holds(KEPT + 1)
        is_as_of_a_fresh_start(watched)
        # The old edition is served while the new one is made; of a tree that was renamed they share nothing.
        assert watched.most <= 2 * cost + 32, f"{watched.most:.0f} MiB in a burst, {cost:.0f} in a start"
        answers, trouble = polls.finish()
        assert not trouble, f"{len(trouble)} wrong answers, such as {trouble[0]}"
        assert "ERROR" not in watched.mill.log(), watched.mill.log()
        print(f"{sum(answers.values()):,} polls, none but 200 and 304; {watched.metric('feedmill_queue_overflows_total')} times events were lost")
    finally:
        polls.stop.set()
        watched.mill.end()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="feedmill-bursts-") as directory:
        run(pathlib.Path(directory))
