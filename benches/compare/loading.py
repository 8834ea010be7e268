"""Cold starts: from start to the first whole feed, against Hugo's build of the
same feeds and against reading the files and nothing else."""

import subprocess
import time

import articles
import hugo
import mill
import peers
from mill import Mill
from rounds import alternate, at_most, faster
from serving import settings


BUSY = "both cores are wanted at once, so other work slows the shorter one more; and the bar was set where Hugo was slower"


def rows(rounds):
    ten, hundred = articles.make(10_000), articles.make(100_000)
    for home in (ten, hundred):
        settings(home, "feeds: {limit: 20}\n")
        # Both find the files in memory.
        read(home / "hugo")
        read(home / "content")
    pair = alternate(rounds, lambda: cold(ten)[0], lambda: hugo.build(ten, "feeds")[0])
    yield faster("first answer, 10,000 articles, against Hugo's build of the same feeds", "s", 6, *pair, BUSY)
    ours, theirs = alternate(rounds, lambda: cold(hundred), lambda: hugo.build(hundred, "feeds"))
    times = [time for time, _ in ours], [time for time, _ in theirs]
    yield faster("first answer, 100,000 articles, against Hugo's build of the same feeds", "s", 15, *times, BUSY)
    peaks = [peak for _, peak in ours], [peak for _, peak in theirs]
    yield at_most("peak memory at 100,000 articles, against Hugo's", "MB", 0.125, *peaks, "", told="≤ 1/8")
    pair = alternate(rounds, lambda: cold(hundred)[0], lambda: read(hundred / "content"))
    yield at_most("first answer, 100,000 articles, against reading the files", "s", 5, *pair, "")


def cold(home):
    """Seconds from start to the first whole feed, and the peak of memory in MB."""
    with Mill(home) as server:
        status, _, body = mill.get(server.address, "/rss.xml", "Accept-Encoding: identity")
        took = time.perf_counter() - server.began
        assert status == 200 and body.rstrip().endswith(b"</rss>")
        return took, server.memory("VmHWM") / 1000


def read(directory):
    """Seconds to read every file, in a process of its own as feedmill is."""
    began = time.perf_counter()
    subprocess.run([peers.reading(), directory], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
