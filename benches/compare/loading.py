"""Compares cold starts, from start to the first complete feed, with Hugo building the same feeds, Hexo building two, and a
program that only reads the files; and compares `check` with a start."""

import subprocess
import time

import articles
import hexo
import hugo
import feedmill
import peers
from feedmill import Feedmill
from rounds import alternate, at_most, faster
from serving import settings

# Hexo takes fifty times as long.
MOST_ROUNDS = 3
BUSY = "both cores are wanted at once, so other work slows the shorter one more; and the bar was set where Hugo was slower"


def rows(rounds):
    ten, hundred = articles.make(10_000), articles.make(100_000)
    for home in (ten, hundred):
        settings(home, "feeds: {limit: 20}\n")
        # Both find the files in the page cache.
        read(home / "hugo")
        read(home / "content")
    pair = alternate(rounds, lambda: cold(ten)[0], lambda: hugo.build(ten, "feeds")[0])
    yield faster("first answer, 10,000 articles, against Hugo's build of the same feeds", "s", 6, *pair, BUSY)
    ours, theirs = alternate(rounds, lambda: cold(hundred), lambda: hugo.build(hundred, "feeds"))
    times = [time for time, _ in ours], [time for time, _ in theirs]
    yield faster("first answer, 100,000 articles, against Hugo's build of the same feeds", "s", 15, *times, BUSY)
    peaks = [peak for _, peak in ours], [peak for _, peak in theirs]
    yield at_most("peak memory at 100,000 articles, against Hugo's", "MB", 0.125, *peaks, "", shown_bar="≤ 1/8")
    pair = alternate(rounds, lambda: cold(hundred)[0], lambda: read(hundred / "content"))
    yield at_most("first answer, 100,000 articles, against reading the files", "s", 5, *pair, "")
    pair = alternate(rounds, lambda: check(hundred), lambda: listening(hundred))
    yield at_most("`check` of 100,000 articles, against `serve` until it listens", "s", 2, *pair, "")
    five = articles.make(5_000)
    settings(five, "feeds: {limit: 20}\n")
    pair = alternate(min(rounds, MOST_ROUNDS), lambda: cold(five)[0], lambda: hexo.build(five))
    yield faster("first answer, 5,000 articles, against Hexo making two feeds", "s", 1, *pair, "")


def cold(home):
    """Returns the seconds from start to the first complete feed, and the peak memory in MB."""
    with Feedmill(home) as server:
        status, _, body = feedmill.get(server.address, "/rss.xml", "Accept-Encoding: identity")
        took = time.perf_counter() - server.began
        assert status == 200 and body.rstrip().endswith(b"</rss>")
        return took, server.memory("VmHWM") / 1000


def listening(home):
    """Returns the seconds from start until the server listens."""
    with Feedmill(home) as server:
        return server.listening - server.began


def check(home):
    """Returns the seconds of `check`."""
    return peers.seconds(peers.FEEDMILL, "check", cwd=home, capture_output=True)


def read(directory):
    """Returns the seconds to read every file in a separate process."""
    return peers.seconds(peers.program("reading"), directory, stdout=subprocess.DEVNULL)
